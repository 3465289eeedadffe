//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Binary is the check_smtp to test: the one that the environment names in
// CHECK_SMTP, else one built into dir the way that it is released.
func Binary(log io.Writer, dir string) (string, error) {
	if path := os.Getenv("CHECK_SMTP"); path != "" {
		if !filepath.IsAbs(path) {
			return "", fmt.Errorf("CHECK_SMTP=%s is not an absolute path", path)
		}
		_, err := os.Stat(path)
		return path, err
	}
	return build(log, dir, "cmd/check_smtp")
}

// Launcher builds internal/e2e/launch into dir.
func Launcher(log io.Writer, dir string) (string, error) {
	return build(log, dir, "internal/e2e/launch")
}

func build(log io.Writer, dir, pkg string) (string, error) {
	path := filepath.Join(dir, filepath.Base(pkg))
	args := []string{"build", "-trimpath", "-ldflags", "-s -w", "-o", path, "check_smtp/" + pkg}
	fmt.Fprintln(log, "running CGO_ENABLED=0 go", strings.Join(args, " "))
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", pkg, err, out)
	}
	return path, nil
}

// Cost is what one run of a program took.
type Cost struct {
	Command int           // number of the command
	Wall    time.Duration // from fork to the end
	CPU     time.Duration // user and system
	Peak    int           // resident memory, KiB
	Faults  int           // minor page faults
	Exit    int           // exit code, -1: ended by a signal
}

// Costs are those of all runs, in order.
type Costs struct {
	Runs  []Cost
	Floor int    // KiB; the launcher's own peak, below which none can be measured
	Out   []byte // what the programs wrote
}

// launchRounds is how many rounds one launcher plays before its own memory
// would get into the way.
const launchRounds = 20

// Measure runs each command in turn, and that so many rounds, and returns what
// they cost. launcher is what Launcher built. When the context ends, launcher
// and commands are killed.
func Measure(ctx context.Context, launcher string, rounds int, commands ...[]string) (Costs, error) {
	var all Costs
	for left := rounds; left > 0; left -= launchRounds {
		costs, err := launch(ctx, launcher, min(left, launchRounds), commands)
		all.Runs = append(all.Runs, costs.Runs...)
		all.Out = append(all.Out, costs.Out...)
		all.Floor = max(all.Floor, costs.Floor)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

func launch(ctx context.Context, launcher string, rounds int, commands [][]string) (Costs, error) {
	args := []string{fmt.Sprint(rounds)}
	for _, c := range commands {
		args = append(append(args, "--"), c...)
	}
	text, out, err := results(ctx, launcher, args)
	if err != nil {
		return Costs{Out: out}, err
	}
	costs, err := parseCosts(text)
	costs.Out = out
	return costs, err
}

// results runs the launcher and returns its results and what was written to its
// standard output and error.
func results(ctx context.Context, launcher string, args []string) (text, out []byte, err error) {
	dir, err := os.MkdirTemp("", "measure")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "results")
	cmd := exec.CommandContext(ctx, launcher, append([]string{path}, args...)...)
	// A group of its own, so that one signal reaches the launcher's children too.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	if out, err = cmd.CombinedOutput(); err != nil {
		return nil, out, fmt.Errorf("%s: %w\n%s", filepath.Base(launcher), err, out)
	}
	text, err = os.ReadFile(path)
	return text, out, err
}

// Crowd is what many runs of one program came to.
type Crowd struct {
	Well, Ill int           // how many ended with 0, and how many did not
	Took      time.Duration // until the last one had ended
	Exit      int           // exit code of one of those that did not
	Out       []byte        // what the programs wrote
}

// MeasureCrowd runs one command over and over for a while, so many at a time.
// launcher is what Launcher built.
func MeasureCrowd(ctx context.Context, launcher string, parallel int, span time.Duration, command []string) (Crowd, error) {
	args := append([]string{"crowd", fmt.Sprint(parallel), fmt.Sprint(span.Milliseconds()), "--"}, command...)
	text, out, err := results(ctx, launcher, args)
	c := Crowd{Out: out}
	if err != nil {
		return c, err
	}
	if _, err := fmt.Sscan(string(text), &c.Well, (*int64)(&c.Took), &c.Ill, &c.Exit); err != nil {
		return c, fmt.Errorf("launcher's line %q: %w", text, err)
	}
	return c, nil
}

// Spin keeps so many processors busy until the context ends, or the time is over.
// What it returns waits until they no longer are.
func Spin(ctx context.Context, launcher string, programs int, span time.Duration) (wait func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	var started []*exec.Cmd
	wait = func() {
		cancel()
		for _, cmd := range started {
			cmd.Wait()
		}
	}
	for range programs {
		cmd := exec.CommandContext(ctx, launcher, os.DevNull, "spin", fmt.Sprint(span.Milliseconds()))
		if err := cmd.Start(); err != nil {
			wait()
			return nil, err
		}
		started = append(started, cmd)
	}
	return wait, nil
}

func parseCosts(text []byte) (Costs, error) {
	var costs Costs
	for line := range bytes.Lines(text) {
		if n, _ := fmt.Sscanf(string(line), "floor %d", &costs.Floor); n == 1 {
			continue
		}
		var c Cost
		if _, err := fmt.Sscan(string(line), &c.Command, (*int64)(&c.Wall), (*int64)(&c.CPU), &c.Peak, &c.Faults, &c.Exit); err != nil {
			return costs, fmt.Errorf("launcher's line %q: %w", line, err)
		}
		costs.Runs = append(costs.Runs, c)
	}
	return costs, nil
}
