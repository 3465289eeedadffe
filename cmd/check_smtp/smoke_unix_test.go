//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"os"
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
			if code := cmd.ProcessState.ExitCode(); code != 3 || !strings.Contains(out.String(), "UNKNOWN - stopped by "+signalName(sig)+" during ehlo") || !strings.Contains(out.String(), "banner_time=") {
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

// TestSmokeLostOutput: an OK that reaches nobody is none.
func TestSmokeLostOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no device that is always full: %v", err)
	}
	defer full.Close()
	for _, tt := range []struct {
		option string
		code   int
	}{{"--warning=5", 3}, {"--critical=0", 2}} {
		cmd := exec.Command(binary(t), append(serve(t, "tcp", "127.0.0.1:0", friendly), "-F", "probe.test", "-f", "a@b.c", tt.option)...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &stderr
		cmd.Run()
		if got := stderr.String(); cmd.ProcessState.ExitCode() != tt.code || got != "check_smtp: cannot write the output: no space left on device\n" {
			t.Errorf("%s: exit %d, standard error %q", tt.option, cmd.ProcessState.ExitCode(), got)
		}
	}
}
