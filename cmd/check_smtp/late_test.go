//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What these tests look at is that the program ends at all, and how. For how long
// it took they have no limit but this one, which only a program that hangs meets.
const forEver = 30 * time.Second

// hung is a program that something keeps from going on.
type hung struct {
	argv   []string
	env    []string
	stdin  bool           // an open pipe that nobody writes to
	stdout bool           // a full pipe that nobody reads
	signal syscall.Signal // is sent after a while; 0: none
	after  time.Duration  // 0: as soon as the program is there
}

// end waits for the program to end.
func (h hung) end(t *testing.T, program string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), forEver)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, h.argv...)
	cmd.Env = append(os.Environ(), h.env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if h.stdin {
		r, w := pipe(t)
		defer w.Close()
		defer r.Close()
		cmd.Stdin = r
	}
	if h.stdout {
		r, w := pipe(t)
		defer r.Close()
		defer w.Close()
		fill(t, w)
		cmd.Stdout = w
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if h.signal != 0 {
		begun(cmd.Process.Pid)
		time.Sleep(h.after)
		cmd.Process.Signal(h.signal)
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Errorf("%v: it did not end by itself", h.argv)
	}
	return result{code: cmd.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
}

// begun waits until a program has run its first instructions, after which SIGTERM
// is blocked in its first thread.
func begun(pid int) {
	for range 1000 {
		status, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
		_, rest, _ := strings.Cut(string(status), "SigBlk:\t")
		mask, _, _ := strings.Cut(rest, "\n")
		if n, err := strconv.ParseUint(mask, 16, 64); err == nil && n&(1<<(syscall.SIGTERM-1)) != 0 {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return r, w
}

// fill writes to a pipe until nothing more goes in. The program finds it as it was,
// in the mode in which a write waits.
func fill(t *testing.T, w *os.File) {
	t.Helper()
	fd := int(w.Fd())
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	for err := error(nil); err != syscall.EAGAIN; {
		if _, err = syscall.Write(fd, make([]byte, 4096)); err != nil && err != syscall.EAGAIN {
			t.Fatal(err)
		}
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		t.Fatal(err)
	}
}

// TestSmokeHung: the program ends at its deadline whatever it hangs on, with one
// line if anybody can read one.
func TestSmokeHung(t *testing.T) {
	program := binary(t)
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	nobody := []string{"-H", "127.0.0.1", "-p", "1", "-t", "1"} // refuses
	silent := []string{"-H", "127.0.0.1", "-p", chatter(t), "-t", "1"}
	tests := map[string]struct {
		hung
		code int
		says string
	}{
		"standard input":              {hung{argv: append(silent, "--extra-opts=@-"), stdin: true}, 3, "SMTP UNKNOWN - timeout after 1 seconds while reading standard input\n"},
		"standard input, a state":     {hung{argv: append(silent, "--extra-opts=@-", "-t", "1:2"), stdin: true}, 2, "SMTP CRITICAL - timeout after 1 seconds while reading standard input\n"},
		"output":                      {hung{argv: nobody, stdout: true}, 2, ""},
		"output of a usage error":     {hung{argv: append(nobody, "--nonsense"), stdout: true}, 3, ""},
		"output of the help":          {hung{argv: []string{"--help", "-t", "1"}, stdout: true}, 3, ""},
		"standard input and output":   {hung{argv: append(nobody, "--extra-opts=@-"), stdin: true, stdout: true}, 3, ""},
		"trusted certificates":        {hung{argv: append(nobody, "-S", "--verify"), env: []string{"SSL_CERT_FILE=" + fifo}}, 3, "SMTP UNKNOWN - the trusted certificates: \"" + fifo + "\" is not a regular file\n"},
		"Centreon's certificates":     {hung{argv: []string{"--mode=login", "--hostname=127.0.0.1", "--smtp-options=layer=tls", "--smtp-options=ssl_verify_path=" + fifo, "--timeout=1"}}, 3, "UNKNOWN: the trusted certificates: \"" + fifo + "\" is not a regular file"},
		"standard input, signal":      {hung{argv: []string{"-H", "x", "--extra-opts=@-"}, stdin: true, signal: syscall.SIGTERM, after: 300 * time.Millisecond}, 3, "SMTP UNKNOWN - stopped by SIGTERM while reading standard input\n"},
		"standard input, hard signal": {hung{argv: []string{"-H", "x", "--extra-opts=@-"}, stdin: true, signal: syscall.SIGQUIT, after: 300 * time.Millisecond}, 3, "SMTP UNKNOWN - stopped by SIGQUIT while reading standard input\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := test.end(t, program)
			if r.code != test.code || !strings.HasPrefix(r.stdout, test.says) || r.stderr != "" {
				t.Errorf("exit %d, want %d; output %q, want %q; on standard error %q", r.code, test.code, r.stdout, test.says, r.stderr)
			}
		})
	}
}

// TestSmokeManyWords: sixty thousand words that make no sense are one mistake.
func TestSmokeManyWords(t *testing.T) {
	argv := []string{"-H", "127.0.0.1", "-t", "20"}
	for i := range 60000 {
		argv = append(argv, "--nonsense"+strconv.Itoa(i))
	}
	r := hung{argv: argv}.end(t, binary(t))
	if r.code != 3 || !strings.HasPrefix(r.stdout, "SMTP UNKNOWN - unknown option \"--nonsense0\"\n") {
		t.Errorf("exit %d, output %.200q", r.code, r.stdout)
	}
}

// TestSmokeSignalsAtOnce: a signal that comes before anybody waits for anything is
// not forgotten, and does not end the process without a line.
func TestSmokeSignalsAtOnce(t *testing.T) {
	program := binary(t)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGALRM, syscall.SIGHUP, syscall.SIGQUIT} {
		if signal.Ignored(sig) {
			continue // under nohup the program is not to mind it either
		}
		for _, after := range []time.Duration{0, time.Millisecond, 3 * time.Millisecond, 300 * time.Millisecond} {
			t.Run(sig.String()+" after "+after.String(), func(t *testing.T) {
				t.Parallel()
				l, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
				if err != nil {
					t.Skip("this machine has no loopback: ", err)
				}
				defer l.Close()
				_, port, _ := net.SplitHostPort(l.Addr().String())
				r := hung{argv: []string{"-H", "127.0.0.1", "-p", port, "-t", "20"}, signal: sig, after: after}.end(t, program)
				if r.code != 3 || !strings.HasPrefix(r.stdout, "SMTP UNKNOWN - stopped by "+signalName(sig)+" during ") || r.stderr != "" {
					t.Errorf("exit %d, output %q, on standard error %.200q", r.code, r.stdout, r.stderr)
				}
			})
		}
	}
}

// TestSmokeProcessors: a program that waits may run on every processor again,
// also where there is no /proc in which to find its threads.
func TestSmokeProcessors(t *testing.T) {
	program := binary(t)
	mine, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here: ", err)
	}
	for name, wrap := range map[string][]string{
		"with /proc":    {},
		"without /proc": {"unshare", "--mount", "sh", "-c", `mount -t tmpfs none /proc && exec "$@"`, "sh"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
			if err != nil {
				t.Skip("this machine has no loopback: ", err)
			}
			defer l.Close()
			_, port, _ := net.SplitHostPort(l.Addr().String())
			argv := append(wrap, program, "-H", "127.0.0.1", "-p", port, "-t", "20")
			cmd := exec.Command(argv[0], argv[1:]...)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Skip("there is no ", argv[0], ": ", err)
			}
			allowed := spreadOut(cmd.Process.Pid, processors(mine))
			cmd.Process.Signal(syscall.SIGTERM)
			text, _ := io.ReadAll(out)
			cmd.Wait()
			switch {
			case !strings.HasPrefix(string(text), "SMTP UNKNOWN - stopped by SIG"):
				t.Skipf("not permitted here: %q", text)
			case allowed != "":
				t.Errorf("a thread may run on %s only, this process on %s", allowed, processors(mine))
			}
		})
	}
}

// spreadOut waits until each thread of a process, of which there are several once
// it waits, may run on these processors. It returns what one may run on instead.
func spreadOut(pid int, want string) (instead string) {
	for range 200 {
		time.Sleep(50 * time.Millisecond)
		threads, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/status")
		instead = ""
		for _, thread := range threads {
			status, _ := os.ReadFile(thread)
			if got := processors(status); got != want && len(status) > 0 {
				instead = got
			}
		}
		if instead == "" && len(threads) > 4 {
			return ""
		}
	}
	return instead
}

func processors(status []byte) string {
	_, rest, _ := strings.Cut(string(status), "Cpus_allowed_list:\t")
	list, _, _ := strings.Cut(rest, "\n")
	return list
}
