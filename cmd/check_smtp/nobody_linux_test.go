//go:build amd64

package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"check_smtp/internal/smtptest"
)

// TestAsNobody: the program proves a server as a user without rights, in a root
// directory in which there is nothing but itself and the trusted certificates and in
// which it cannot write, while the system denies all that it asks for at start.
func TestAsNobody(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may change the root directory and the user")
	}
	pki := smtptest.NewPKI(time.Now())
	attr := &syscall.SysProcAttr{Chroot: bareRoot(t, pki), Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	filters := map[string][]unix.SockFilter{
		"all is allowed": nil,
		"all is denied":  filter(denials["all of them"], unix.EPERM),
		"all is unknown": filter(denials["all of them"], unix.ENOSYS),
	}
	for name, denied := range filters {
		t.Run(name, func(t *testing.T) {
			argv := append(upgraded(t, pki), "--verify", "--tls-server-name", "mx.test", "-F", "probe.test", "-t", "60")
			cmd := exec.Command("/check_smtp", argv...)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr, cmd.SysProcAttr, cmd.Dir, cmd.Env = &out, &out, attr, "/", []string{}
			if err := filtered(cmd, denied); err != nil {
				t.Fatal(err)
			}
			if cmd.Process == nil {
				t.Skip("this machine lets nobody filter system calls")
			}
			cmd.Wait()
			if cmd.ProcessState.ExitCode() != 0 || !strings.HasPrefix(out.String(), "SMTP OK - ") {
				t.Errorf("%v, output %q", cmd.ProcessState, &out)
			}
		})
	}
}

// bareRoot is a directory that nobody can write to, with the program and trusted
// certificates in it.
func bareRoot(t *testing.T, pki *smtptest.PKI) string {
	root := t.TempDir()
	program, err := os.ReadFile(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	trusted, _ := pki.File("ca.pem")
	store := filepath.Join(root, "etc", "ssl", "certs")
	if err := os.MkdirAll(store, 0o755); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string][]byte{filepath.Join(root, "check_smtp"): program, filepath.Join(store, "ca-certificates.crt"): trusted} {
		if err := os.WriteFile(path, text, 0o555); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(root, 0o555); err != nil {
		t.Fatal(err)
	}
	return root
}

// upgraded serves one client that has to upgrade to TLS.
func upgraded(t *testing.T, pki *smtptest.PKI) []string {
	script, err := smtptest.ParseScript("+40ms\nS: 220 mx.test ESMTP\nC: EHLO probe.test\nS: 250-mx.test\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead\nTLS good\n" +
		"C: EHLO probe.test\nS: 250 mx.test\nC: QUIT\nS: 221 bye")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		if conn, err := l.Accept(); err == nil {
			script.Serve(conn, pki) // what went wrong is the program's to tell
		}
	}()
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return []string{"-S", "-H", host, "-p", port}
}

// filtered starts a command in a thread of its own, with a filter if there is to be one.
func filtered(cmd *exec.Cmd, denied []unix.SockFilter) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlock it: the thread ends with its filter
		if err := restrict(denied); err != nil {
			done <- nil
			return
		}
		done <- cmd.Start()
	}()
	return <-done
}
