//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// daemon is somebody else's server, run by us: from a throw-away directory, on
// loopback, and gone when the test is over.
type daemon struct {
	dir  string
	pid  int
	logs []string // shown when the test fails
}

// stopTime is how long a server may take to end after TERM. A process of
// Dovecot's that has only just started waits 5 s for another that has gone.
const stopTime = time.Minute

// stopAfter has the daemon stopped, by its own pid, at the end of the test.
func (d *daemon) stopAfter(t *testing.T) {
	t.Cleanup(func() {
		if !stop(d.pid) {
			t.Errorf("process %d did not end %v after TERM, so it was killed", d.pid, stopTime)
		}
		if t.Failed() {
			for _, path := range d.logs {
				show(t, path)
			}
		}
	})
}

// stop ends a process and says whether it went when asked politely.
func stop(pid int) bool {
	syscall.Kill(pid, syscall.SIGTERM)
	if within(stopTime, func() bool { return gone(pid) }) {
		return true
	}
	syscall.Kill(pid, syscall.SIGKILL)
	return false
}

// gone says whether a process is no more. One that is left as a zombie by a
// lazy init counts, unless threads of it still run and keep its sockets.
func gone(pid int) bool {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return true
	}
	return bytes.Contains(status, []byte("\nState:\tZ")) && bytes.Contains(status, []byte("\nThreads:\t1\n"))
}

// within waits for something to become true.
func within(limit time.Duration, done func() bool) bool {
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if done() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// freePorts chooses loopback ports that are free now.
func freePorts(t *testing.T, n int) []int {
	t.Helper()
	ports := make([]int, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // all at once, so that none is given twice
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

// deadPort is a loopback port at which nobody listens, and which nobody else
// can take before the test is over.
func deadPort(t *testing.T) int {
	t.Helper()
	fd, port, err := bindOnly()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	return port
}

// bindOnly takes a port without listening at it, until the socket is closed.
func bindOnly() (fd, port int, err error) {
	fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, 0, err
	}
	if err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err == nil {
		var name syscall.Sockaddr
		if name, err = syscall.Getsockname(fd); err == nil {
			return fd, name.(*syscall.SockaddrInet4).Port, nil
		}
	}
	syscall.Close(fd)
	return 0, 0, err
}

// pidIn reads a pid file.
func pidIn(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(bytes.TrimSpace(text)))
}
