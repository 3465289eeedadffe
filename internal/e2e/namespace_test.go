//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// insideVar is set for a test that runs in namespaces of its own, to the path of
// our check_smtp.
const insideVar = "CHECK_SMTP_INSIDE"

// insideLimit ends a test in namespaces of its own, with all that it has started.
const insideLimit = 5 * time.Minute

// inside runs a test once more, as the first process of namespaces of its own, and
// says whether this is that run. There the ports 25, 53 and 443 are free, the
// resolver is whom resolv.conf names, nobody else's addresses are in the way, and
// nothing survives the test.
func inside(t *testing.T, packages ...string) bool {
	t.Helper()
	if os.Getenv(insideVar) != "" {
		return true
	}
	if err := Install(os.Stderr, packages...); err != nil {
		t.Skip("not every package can be had: ", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), insideLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/proc/self/exe", "-test.run="+onlyThis(t), "-test.v", "-test.count=1")
	cmd.Env = append(os.Environ(), insideVar+"="+ours)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		t.Skip("this machine gives a test no network of its own: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	pass(out)
	if err := cmd.Wait(); err != nil {
		t.Errorf("the run in its own network: %v", err)
	}
	return false
}

// onlyThis is a pattern for -test.run: this test, and of its subtests those that
// were asked for.
func onlyThis(t *testing.T) string {
	for i, arg := range os.Args {
		wanted, found := strings.CutPrefix(arg, "-test.run=")
		if !found && arg == "-test.run" && i+1 < len(os.Args) {
			wanted, found = os.Args[i+1], true
		}
		if _, subtests, some := strings.Cut(wanted, "/"); found && some {
			return "^" + t.Name() + "$/" + subtests
		}
	}
	return "^" + t.Name() + "$"
}

// pass hands on what a run says, but for its last word, which is not that of all
// tests.
func pass(out io.Reader) {
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if line := lines.Text(); line != "PASS" && line != "FAIL" {
			fmt.Println(line)
		}
	}
}

// ownNetwork sets up the network and the files of these namespaces. The text of
// resolv.conf is that of a file, which a test may change.
func ownNetwork(t *testing.T, resolvConf string, addresses ...string) {
	t.Helper()
	private := uintptr(syscall.MS_PRIVATE | syscall.MS_REC)
	err := errors.Join(
		syscall.Mount("none", "/", "", private, ""),
		syscall.Mount("proc", "/proc", "proc", 0, ""),
		syscall.Mount(resolvConf, "/etc/resolv.conf", "", syscall.MS_BIND, ""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/proc/net/if_inet6"); err != nil {
		t.Skip("this machine has no IPv6: ", err)
	}
	run(t, "ip", "link", "set", "lo", "up")
	for _, address := range addresses {
		run(t, "ip", "address", "add", address, "dev", "lo", "nodad")
	}
}

// run runs a command that has to succeed, and returns what it prints.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", name, args, err, out, stderr.String())
	}
	return string(out)
}
