//go:build e2e

package e2e

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

var update = flag.Bool("update", false, "write the table of deviations into the page on swapping")

// atOnce is how many scenarios are played at the same time. Most of them wait.
const atOnce = 8

// pair is what the two plugins made of a scenario.
type pair struct {
	c, ours played
}

// played is one plugin's run and the server's view of it.
type played struct {
	outcome
	clients int
	heard   []string
	err     error // the scenario could not be played
}

func (p played) String() string {
	return fmt.Sprintf("%v\nsent: %q", p.outcome, p.heard)
}

// TestDifferential plays every scenario to Debian's check_smtp and to ours. The
// exit codes are equal, unless a row of deviations says what they are, and why.
func TestDifferential(t *testing.T) {
	t.Logf("Debian's is %q", strings.TrimSpace(runPlugin(CPlugin, nil, "--version").stdout))
	changes := changeOf(t)
	pairs := playAll(scenarios)
	for i, s := range scenarios {
		t.Run(s.name, func(t *testing.T) { compare(t, s, pairs[i], changes[s.name]) })
	}
}

// compare judges one pair; change is nil where the plugins are to agree.
func compare(t *testing.T, s scenario, p pair, change *change) {
	if err := cmp.Or(p.c.err, p.ours.err); err != nil {
		t.Fatal(err)
	}
	want := s.exit
	if change != nil {
		want = change.ours
		if change.c != s.exit {
			t.Errorf("deviations says %d of Debian's, the scenario %d", change.c, s.exit)
		}
	}
	if p.c.exit != s.exit {
		t.Errorf("%s\nDebian's check_smtp: want exit %d, got %v", s.args, s.exit, p.c)
	}
	if p.ours.exit != want {
		t.Errorf("%s\nour check_smtp: want exit %d, got %v\nDebian's: %v", s.args, want, p.ours, p.c)
	}
	checkShape(t, p.ours)
}

// checkShape asks what holds of each run of ours: the first line says the state
// that the exit code says, words from outside are harmless, and after a usage
// error, which has no numbers, nobody was called.
func checkShape(t *testing.T, p played) {
	first, _, _ := strings.Cut(p.stdout, "\n")
	text, _, hasPerfdata := strings.Cut(first, "|")
	states := []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}
	switch {
	case p.exit < 0 || p.exit >= len(states):
		t.Errorf("exit %d is no state", p.exit)
	case !strings.HasPrefix(text, "SMTP "+states[p.exit]+" - ") && !isInformation(text):
		t.Errorf("the first line does not say the state: %v", p)
	case !hasPerfdata && (p.exit != 3 || p.clients > 0):
		t.Errorf("no perfdata, though the server was called, or should have been: %v", p)
	case strings.Count(p.stdout, "|") > 1 || strings.ContainsAny(p.stdout, "\x00\x1b\r\a"):
		t.Errorf("words from outside went out as they came: %v", p)
	case p.stderr != "":
		t.Errorf("words on the standard error, which no poller shows: %v", p)
	}
}

// isInformation says whether this is the beginning of --help or --version.
func isInformation(line string) bool {
	return strings.HasPrefix(line, "Usage: check_smtp ") || strings.HasPrefix(line, "check_smtp v")
}

// playAll plays scenarios, several at once, and keeps their order.
func playAll(list []scenario) []pair {
	pairs := make([]pair, len(list))
	var players sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i, s := range list {
		places <- struct{}{}
		players.Go(func() {
			pairs[i] = pair{s.play(CPlugin), s.play(ours)}
			<-places
		})
	}
	players.Wait()
	return pairs
}

// play plays the scenario once, with a server and a directory of its own.
func (s scenario) play(plugin string) played {
	dir, err := os.MkdirTemp("", "scenario")
	if err != nil {
		return played{err: err}
	}
	defer os.RemoveAll(dir)
	return s.playIn(dir, plugin)
}

func (s scenario) playIn(dir, plugin string) played {
	stage, err := s.build(dir)
	if err != nil {
		return played{err: err}
	}
	defer stage.stop()
	args, err := splitWords(stage.fill(s.args))
	if err != nil {
		return played{err: err}
	}
	var env []string
	for _, e := range s.opt.env {
		env = append(env, stage.fill(e))
	}
	p := played{outcome: runPlugin(plugin, env, args...)}
	if stage.server != nil {
		p.clients, p.heard = stage.server.contacts()
	}
	return p
}

// stage is what one run of a scenario needs.
type stage struct {
	server *scripted // nil: nobody listens
	fill   func(string) string
	stop   func()
}

func (s scenario) build(dir string) (*stage, error) {
	st := &stage{}
	network, address, _ := strings.Cut(cmp.Or(s.opt.listen, "tcp 127.0.0.1:0"), " ")
	var port int
	if s.server == nil {
		fd, dead, err := bindOnly()
		if err != nil {
			return nil, err
		}
		port, st.stop = dead, func() { syscall.Close(fd) }
	} else {
		server, err := play(network, strings.ReplaceAll(address, "{dir}", dir), s.server)
		if err != nil {
			return nil, err
		}
		st.server, port, st.stop = server, server.port(), server.stop
	}
	st.fill = strings.NewReplacer(
		"{target}", fmt.Sprintf("-H 127.0.0.1 -p %d", port),
		"{port}", strconv.Itoa(port),
		"{dir}", dir).Replace
	if err := os.WriteFile(filepath.Join(dir, "ca.pem"), certificates()["ca"].PEM(), 0o644); err != nil {
		st.stop()
		return nil, err
	}
	for name, text := range s.opt.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(st.fill(text)), 0o644); err != nil {
			st.stop()
			return nil, err
		}
	}
	return st, nil
}

// TestScenarioNames holds the tables together: a name stands for one scenario.
func TestScenarioNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range scenarios {
		if seen[s.name] {
			t.Errorf("two scenarios are called %q", s.name)
		}
		seen[s.name] = true
	}
}
