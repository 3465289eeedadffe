//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"check_smtp/internal/smtptest"
)

// check meets one fault.
func (b *bath) check(o smtptest.Ordeal) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	served := make(chan bool)
	go func() {
		defer close(served)
		b.serve(listener, o)
	}()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(b.program, b.argv(o, listener.Addr())...)
	cmd.Stdout, cmd.Stderr, cmd.Dir, cmd.Env = &stdout, &stderr, b.scratch, []string{"TMPDIR=" + b.scratch}
	err = cmd.Run()
	listener.Close()
	<-served
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return err
	}
	return judge(o, cmd.ProcessState.ExitCode(), stdout.String(), stderr.String())
}

// serve plays the fault to one client, which may leave the script.
func (b *bath) serve(listener net.Listener, o smtptest.Ordeal) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	if strings.Contains(o.Name, "reset") {
		conn.(*net.TCPConn).SetLinger(0) // to close it breaks it
	}
	o.Story.Servers[0].Serve(conn, b.pki)
}

// argv is the program's command line at a server. Where the time is to end it is short,
// else so long that no busy machine needs it.
func (b *bath) argv(o smtptest.Ordeal, server net.Addr) []string {
	host, port, _ := net.SplitHostPort(server.String())
	timeout := "300"
	if o.Want.Condition == "timeout" {
		timeout = "2"
	}
	argv := []string{"-H", host, "-p", port, "-t", timeout, "-vvv"}
	words := o.Story.Args[1:]
	if slices.Contains(words, "-S") || slices.Contains(words, "-s") {
		argv = append(argv, "--tls-server-name", "mx.test")
	}
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "-H" || words[i] == "-p":
			i++
		case words[i] == "-P": // a child, which has to be gone in the end
			i++
			argv = append(argv, "--authpass-command", "echo "+words[i])
		case strings.HasSuffix(words[i], ".pem"):
			argv = append(argv, filepath.Join(filepath.Dir(b.scratch), words[i]))
		default:
			argv = append(argv, words[i])
		}
	}
	return argv
}

func judge(o smtptest.Ordeal, code int, stdout, stderr string) error {
	if code != o.Want.Exit {
		return fmt.Errorf("exit code %d, want %d: %.300s", code, o.Want.Exit, stdout)
	}
	if stderr != "" {
		return fmt.Errorf("on standard error: %.300s", stderr)
	}
	if form := smtptest.Leaked(stdout, marker); form != "" {
		return fmt.Errorf("the password is in the output, %s", form)
	}
	return smtptest.Promised(stdout)
}

// adopt has the orphans of all that we start be our children, so that we see them.
func adopt() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// settling is how long what was told to end may take to.
const settling = 30 * time.Second

// settled says what is left behind a batch.
func (b *bath) settled() error {
	var err error
	for end := time.Now().Add(settling); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if err = b.left(); err == nil {
			return nil
		}
	}
	return err
}

func (b *bath) left() error {
	var status unix.WaitStatus
	if pid, err := unix.Wait4(-1, &status, unix.WNOHANG, nil); !errors.Is(err, unix.ECHILD) {
		return fmt.Errorf("there are processes left, one of them is %d", pid)
	}
	if files, err := os.ReadDir(b.scratch); err != nil || len(files) > 0 {
		return fmt.Errorf("there are %d files left (%v)", len(files), err)
	}
	if n, err := descriptors(); err != nil || n > b.idle {
		return fmt.Errorf("%d descriptors are open, at first there were %d (%v)", n, b.idle, err)
	}
	return nil
}

// descriptors counts ours.
func descriptors() (int, error) {
	list, err := os.ReadDir("/proc/self/fd")
	return len(list), err
}
