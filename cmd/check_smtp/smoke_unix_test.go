//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// greeted serves one client to its greeting and leaves it waiting for the reply.
func greeted(t *testing.T) (argv []string, waits chan bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	waits = make(chan bool)
	go func() {
		defer close(waits)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		time.Sleep(100 * time.Millisecond) // so that the client has waited once
		io.WriteString(conn, "220 mx.test ESMTP\r\n")
		if line, err := in.ReadString('\n'); err == nil && strings.HasPrefix(line, "EHLO ") {
			waits <- true
		}
		io.Copy(io.Discard, in)
	}()
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return []string{"-H", host, "-p", port}, waits
}

func TestSmokeSignals(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGALRM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			argv, waits := greeted(t)
			cmd := exec.Command(binary(t), append(argv, "-t", "60")...)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if !<-waits {
				t.Error("there was no greeting")
			}
			cmd.Process.Signal(sig)
			cmd.Wait()
			<-waits
			if code := cmd.ProcessState.ExitCode(); code != 3 || !strings.Contains(out.String(), "UNKNOWN - stopped by signal "+sig.String()+" during ehlo") || !strings.Contains(out.String(), "banner_time=") {
				t.Errorf("exit %d, output %q", code, &out)
			}
		})
	}
}

func TestSmokeNoFIFO(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	execute(t, "-H", "127.0.0.1", "--extra-opts=@"+fifo).check(t, 3, "not a regular file")
}
