//go:build unix

package credential

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sh runs a script as a command.
func sh(ctx context.Context, script string) Outcome {
	return Run(ctx, []string{"sh", "-c", script}, []string{"PATH=/usr/bin:/bin", "A=b"}, nil)
}

func TestRun(t *testing.T) {
	for script, want := range map[string]Outcome{
		"echo geheim":         {Out: []byte("geheim\n"), Whole: true},
		"printf geheim":       {Out: []byte("geheim"), Whole: true},
		"echo geheim; exit 3": {Out: []byte("geheim\n"), Whole: true, Code: 3},
		"echo no >&2; exit 1": {Err: []byte("no\n"), Whole: true, Code: 1},
		"cat; echo $A$B":      {Out: []byte("b\n"), Whole: true}, // nothing to read
		"(exec </dev/tty) 2>/dev/null; echo $(($? > 0))": {Out: []byte("1\n"), Whole: true}, // nor a terminal
	} {
		o := sh(t.Context(), script)
		if o.Fault != 0 || o.Code != want.Code || string(o.Out) != string(want.Out) || string(o.Err) != string(want.Err) || o.Whole != want.Whole {
			t.Errorf("%s: %+v", script, o)
		}
	}
}

// TestRunLeftBehind: what a command leaves behind may hold its pipes open for as
// long as it likes.
func TestRunLeftBehind(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	o := sh(t.Context(), "sleep 600 & echo $! >"+pid+"; echo geheim")
	defer end(t, pid)
	if string(o.Out) != "geheim\n" || o.Whole || o.Fault != 0 {
		t.Errorf("%+v", o)
	}
	if text, err := o.password("it"); err != nil || text.Reveal() != "geheim" {
		t.Error(err)
	}
}

// end ends the process whose number a file holds.
func end(t *testing.T, path string) {
	if n := number(t, path); n > 1 {
		syscall.Kill(n, syscall.SIGKILL)
	}
}

func number(t *testing.T, path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Error(err)
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return n
}

// TestRunStopped: when the time is over, a command is killed with what it has
// started.
func TestRunStopped(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for range 3000 { // until it is there
			if text, _ := os.ReadFile(pid); strings.HasSuffix(string(text), "\n") {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	o := sh(ctx, "trap '' TERM; echo geheim; sleep 600 & echo $! >"+pid+"; wait")
	if o.Fault != Stopped {
		end(t, pid)
		t.Fatalf("%+v", o)
	}
	for range 3000 { // until somebody has buried it
		if gone(number(t, pid)) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("what the command had started goes on")
	end(t, pid)
}

// gone says whether a process has ended; nobody may have asked how.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	status, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	_, rest, _ := strings.Cut(string(status), ") ")
	return strings.HasPrefix(rest, "Z")
}

func TestRunFaults(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "plain"), []byte("echo geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := sh(t.Context(), "kill -9 $$"); o.Fault != Ended || o.Why.Error() != "killed" {
		t.Errorf("%+v", o)
	}
	if o := sh(t.Context(), "while :; do echo 0123456789012345678901234567890123456789; done"); o.Fault != Flood || len(o.Out) != maxOutput {
		t.Errorf("%v, %d bytes", o.Fault, len(o.Out))
	}
	for name, want := range map[string]Fault{"no-such-command": NoSuch, "/no/such/command": NoSuch, "/no/../plain": NoSuch, "": NoSuch, "plain": NoSuch, filepath.Join(dir, "plain"): Lost} {
		o := Run(t.Context(), []string{name}, []string{"PATH=.::relative:" + dir}, nil)
		if o.Fault != want || want == Lost && strings.Contains(o.Why.Error(), "/") {
			t.Errorf("%q: %+v", name, o)
		}
	}
}

// TestRunManyBytes: what a command prints last is not lost, be the reader ever so
// slow.
func TestRunManyBytes(t *testing.T) {
	for range 20 {
		if o := sh(t.Context(), "i=0; while [ $i -lt 200 ]; do echo 0123456789012345678901234567890123456789 >&2; i=$((i+1)); done; echo geheim"); len(o.Err) != 200*41 || string(o.Out) != "geheim\n" {
			t.Errorf("%d bytes, %q", len(o.Err), o.Out)
		}
	}
}

// TestRunNoPath: a secret may begin with a slash, and a path that leads to no
// directory may be one. One that leads to a directory is a path, and is named.
func TestRunNoPath(t *testing.T) {
	for path, want := range map[string]Fault{"/9jGeheim+x/y==": NoSuch, "/9jGeheim==": NoSuch, filepath.Join(t.TempDir(), "pass"): Lost} {
		if o := Run(t.Context(), []string{path}, nil, nil); o.Fault != want {
			t.Errorf("%s: %+v", path, o)
		}
	}
}
