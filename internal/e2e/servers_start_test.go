//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// daemonLimit ends a server, in seconds, also when no test is left to do it.
const daemonLimit = "240"

// stand is a directory for a server, with certificates in it and ports for its doors.
type stand struct {
	daemon
	rig
	ready func(port int) bool // says whether the server serves
}

// newStand has a free port for each door.
func newStand(t *testing.T, doors ...string) *stand {
	t.Helper()
	b := &stand{rig: rig{doors: map[string]int{}}, ready: servesSMTP}
	b.dir = tempDir(t)
	b.mail = filepath.Join(b.dir, "mail")
	if err := os.Mkdir(b.mail, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(b.mail, 0o777); err != nil {
		t.Fatal(err)
	}
	certificates().write(t, b.dir)
	for i, port := range freePorts(t, len(doors)) {
		b.doors[doors[i]] = port
	}
	return b
}

// fill puts what this stand is about into a configuration: {dir}, {user},
// {password} and {NAME} for the port of each door.
func (b *stand) fill(text string, more ...string) string {
	words := append([]string{"{dir}", b.dir, "{user}", user, "{password}", password}, more...)
	for door, port := range b.doors {
		words = append(words, "{"+door+"}", strconv.Itoa(port))
	}
	return strings.NewReplacer(words...).Replace(text)
}

// write writes a file of the configuration, filled.
func (b *stand) write(t *testing.T, name, text string, more ...string) string {
	t.Helper()
	path := filepath.Join(b.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, b.fill(text, more...), 0o644)
	return path
}

// serve runs a server in the foreground, and waits until it serves the port of a
// door. It is in namespaces of its own: what it starts ends with it, and what it
// mounts and calls itself is its own affair.
func (b *stand) serve(t *testing.T, door string, command ...string) *rig {
	t.Helper()
	log := filepath.Join(b.dir, "output")
	b.logs = append(b.logs, log)
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command("timeout", append([]string{"--foreground", "--kill-after=5", daemonLimit}, command...)...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS, Unshareflags: syscall.CLONE_NEWNS}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	b.pid = cmd.Process.Pid
	b.stopAfter(t)
	if !within(patience, func() bool { return b.ready(b.doors[door]) || gone(b.pid) }) || gone(b.pid) {
		t.Fatalf("%s does not serve", command[0])
	}
	return &b.rig
}

// shell is a command line for a script, filled, which stops at what fails.
func (b *stand) shell(t *testing.T, script string, more ...string) []string {
	return []string{"/bin/sh", b.write(t, "start.sh", "set -eu\n"+script, more...)}
}

// unpackOnly is for a server that Debian would not install beside another one.
func unpackOnly(users []string, packages ...string) func() error {
	return func() error {
		for _, name := range users {
			if err := addUser(os.Stderr, name); err != nil {
				return err
			}
		}
		_, err := unpack(os.Stderr, packages...)
		return err
	}
}

// npm fetches a package of node's into e2e-packages, for as long as that is kept.
func npm(spec string, options ...string) func() error {
	return func() error {
		cache, err := ownDirectory(filepath.Join(os.TempDir(), "e2e-packages"))
		if err != nil {
			return err
		}
		dir := npmDir(spec)
		if _, err := os.Stat(dir); err == nil {
			return nil
		}
		if _, err := exec.LookPath("npm"); err != nil {
			return err
		}
		work, err := os.MkdirTemp(cache, "work")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		args := append([]string{"install", "--prefix", work, "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"}, options...)
		if err := runLogged(os.Stderr, "npm", append(args, spec)...); err != nil {
			return err
		}
		return os.Rename(work, dir)
	}
}

// npmDir is where a package of node's and what it needs is kept.
func npmDir(spec string) string {
	return filepath.Join(os.TempDir(), "e2e-packages", "npm-"+spec)
}

// saslUser writes a database of Cyrus SASL's with the user in it.
func (b *stand) saslUser(t *testing.T, name string) {
	t.Helper()
	path := filepath.Join(b.dir, name)
	cmd := exec.Command("saslpasswd2", "-p", "-c", "-f", path, "-u", "mail.example.test", user)
	cmd.Stdin = strings.NewReader(password)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("saslpasswd2: %w\n%s", err, out))
	}
}
