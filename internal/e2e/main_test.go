//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The programs under test, and where they may keep things. Set once, by
// TestMain.
var (
	ours     string // our check_smtp
	launcher string // internal/e2e/launch
)

// packages are what the tests need of Debian. A test of another server adds
// its own.
var packages = []string{"postfix", "dovecot-core", "dovecot-lmtpd", "haproxy", "swaks", "monitoring-plugins-basic", "ca-certificates",
	// Libraries of mail servers that are unpacked only: Exim's and OpenSMTPD's.
	"libidn12", "libgnutls-dane0", "libevent-2.1-7"}

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	if os.Geteuid() != 0 {
		fmt.Fprintln(os.Stderr, "e2e: these tests start mail servers, which needs root")
		return 1
	}
	if ours = os.Getenv(insideVar); ours != "" {
		return m.Run() // everything is prepared
	}
	dir, err := os.MkdirTemp("", "e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := prepare(dir); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	return m.Run()
}

func prepare(dir string) error {
	if err := Install(os.Stderr, packages...); err != nil {
		return err
	}
	var err error
	if ours, err = Binary(os.Stderr, dir); err != nil {
		return err
	}
	launcher, err = Launcher(os.Stderr, dir)
	return err
}

// outcome is what a run of a plugin came to.
type outcome struct {
	exit   int // -1: it could not be run
	stdout string
	stderr string
	took   time.Duration
}

func (o outcome) String() string {
	return fmt.Sprintf("exit %d after %.3f s\nstdout: %q\nstderr: %q", o.exit, o.took.Seconds(), o.stdout, o.stderr)
}

// runLimit is the longest that any run of a plugin may take. Its own timeout
// is to end it long before.
const runLimit = time.Minute

// runPlugin runs a plugin, without an ini file or a locale of this machine.
func runPlugin(program string, env []string, args ...string) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), runLimit)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "LC_ALL=C"}, env...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return outcome{-1, stdout.String(), stderr.String() + err.Error(), took}
	}
	return outcome{exitCode(cmd.ProcessState), stdout.String(), stderr.String(), took}
}

// exitCode is what a shell would say: 128 and the number of a signal that
// ended the program.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}

// splitWords splits a command line at blanks. Single quotes hold words
// together, as in a shell.
func splitWords(line string) ([]string, error) {
	var words []string
	for rest := strings.TrimLeft(line, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		var word string
		for rest != "" && rest[0] != ' ' {
			quoted, after, closed := strings.Cut(rest[1:], "'")
			switch {
			case rest[0] != '\'':
				word, rest = word+rest[:1], rest[1:]
			case !closed:
				return nil, fmt.Errorf("no closing quote in %q", line)
			default:
				word, rest = word+quoted, after
			}
		}
		words = append(words, word)
	}
	return words, nil
}

// tempDir is a throw-away directory that a server which has dropped its
// privileges can enter, unlike that of t.TempDir.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "e2e-"+filepath.Base(t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// show logs the end of a file, for a test that has failed.
func show(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Log(err)
		return
	}
	lines := slices.Collect(bytes.Lines(text))
	t.Logf("%s:\n%s", filepath.Base(path), bytes.Join(lines[max(0, len(lines)-40):], nil))
}
