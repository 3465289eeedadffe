//go:build linux

// Command bench measures whole processes: Debian's check_smtp and ours, in
// pairs, against the same loopback server; and, where Debian's cannot do the
// same, ours and a plain check of ours. It prints medians and ratios, and
// whether each ratio meets its goal. A goal missed is printed, never an error:
// a busy machine is no defect of the program.
package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"check_smtp/internal/e2e"
)

func main() {
	runs := flag.Int("runs", 200, "measured runs of each program in each scenario")
	warmUp := flag.Int("warmup", 10, "runs before them that do not count")
	beside := flag.String("beside", "", "another build of ours to compare with, instead of Debian's check_smtp")
	flag.Parse()
	if err := bench(*runs, *warmUp, *beside); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// scenario is one thing to measure. {port} stands for the server's port.
type scenario struct {
	name  string
	c     string // arguments for Debian's check_smtp
	ours  string // and for ours
	goals goals
	self  bool   // c is for ours, too
	build string // of ours, that c is for; "": none

	instead string // the build that ours is for; "": the one under test
}

// builds compare two builds of ours.
func builds(other string) []scenario {
	var all []scenario
	for _, s := range scenarios[:4] {
		all = append(all, scenario{name: s.name + ", two builds", c: s.ours, ours: s.ours, build: other})
	}
	return all
}

// goals are the ratios, ours to Debian's, that are hoped for. Zero: none.
type goals struct{ wall, cpu, peak float64 }

const target = "-H 127.0.0.1 -p {port} "

var scenarios = []scenario{
	{"plain", target + "-f a@b.c", target + "-f a@b.c", goals{wall: 0.90, cpu: 0.90, peak: 1.40}, false, "", ""},
	{"STARTTLS", target + "-S", target + "-S", goals{cpu: 0.55, peak: 0.80}, false, "", ""},
	{"STARTTLS and login", target + "-S -A LOGIN -U u -P p", target + "-S -A LOGIN -U u -P p", goals{}, false, "", ""},
	// Debian's cannot prove a server, so its STARTTLS has to do.
	{"STARTTLS, server proven", target + "-S", target + "-S --verify", goals{cpu: 0.70}, false, "", ""},
	// Ten commands: EHLO, MAIL, five times RCPT, DATA, the message, QUIT.
	{"delivery, beside a plain check of ours", target + "-f a@b.c", target + "-f a@b.c --to 1@b.c,2@b.c,3@b.c,4@b.c,5@b.c", goals{cpu: 1.30}, true, "", ""},
}

func bench(runs, warmUp int, beside string) error {
	if err := e2e.Install(os.Stdout, "monitoring-plugins-basic", "ca-certificates"); err != nil {
		return err
	}
	all := scenarios
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	ours, err := e2e.Binary(os.Stdout, dir)
	if err != nil {
		return err
	}
	if ours, err = installed(ours, filepath.Join(dir, "ours")); err != nil {
		return err
	}
	if beside != "" {
		if beside, err = installed(beside, filepath.Join(dir, "other")); err != nil {
			return err
		}
		all = builds(beside)
	}
	launcher, err := e2e.Launcher(os.Stdout, dir)
	if err != nil {
		return err
	}
	info, err := os.Stat(ours)
	if err != nil {
		return err
	}
	fmt.Printf("our check_smtp: %d bytes\n", info.Size())
	config, err := identity(dir)
	if err != nil {
		return err
	}
	if beside == "" {
		with, err := withHTTP(dir)
		if err != nil {
			return err
		}
		all = append(all, scenario{name: "plain, with net/http linked in", c: scenarios[0].ours, ours: scenarios[0].ours, build: ours, instead: with})
	}
	for _, s := range all {
		if err := measure(s, config, launcher, ours, runs, warmUp); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// installed copies a program as installing does. What the linker has just written
// lies in the page cache in other pieces, and the same program takes a fifth more
// from there.
func installed(program, as string) (string, error) {
	if out, err := exec.Command("install", "-m", "0755", program, as).CombinedOutput(); err != nil {
		return "", fmt.Errorf("install: %w\n%s", err, out)
	}
	return as, nil
}

// withHTTP builds the program with net/http in it. Our own client for password
// managers stays only as long as the library's costs each check too much.
func withHTTP(dir string) (string, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	extra, overlay, built := filepath.Join(dir, "http.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "built")
	place := filepath.Join(root, "cmd/check_smtp/with_http.go")
	if err := os.WriteFile(extra, []byte("package main\n\nimport _ \"net/http\"\n"), 0o644); err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace": {%q: %q}}`, place, extra), 0o644); err != nil {
		return "", err
	}
	cmd := exec.Command("make", "--no-print-directory", "-C", root, "build", "BINARY="+built)
	cmd.Env = append(os.Environ(), "GOFLAGS=-overlay="+overlay)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building with net/http: %w\n%s", err, out)
	}
	return installed(built, filepath.Join(dir, "http"))
}

func measure(s scenario, config *tls.Config, launcher, ours string, runs, warmUp int) error {
	port, stop, err := serve(config)
	if err != nil {
		return err
	}
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	costs, err := e2e.Measure(ctx, launcher, warmUp+runs, command(s.reference(ours), s.c, port), command(cmp.Or(s.instead, ours), s.ours, port))
	if err != nil {
		return err
	}
	pairs := costs.Runs[2*warmUp:]
	if err := allOK(pairs); err != nil {
		return fmt.Errorf("%w\n%s", err, firstLines(costs.Out, 5))
	}
	report(s, pairs, costs.Floor)
	return nil
}

// reference is the program of the first column.
func (s scenario) reference(ours string) string {
	switch {
	case s.build != "":
		return s.build
	case s.self:
		return ours
	}
	return e2e.CPlugin
}

func (s scenario) title() string {
	switch {
	case s.instead != "":
		return "ours"
	case s.build != "":
		return "other"
	case s.self:
		return "plain"
	}
	return "Debian"
}

// second is what the other column is called.
func (s scenario) second() string {
	if s.instead != "" {
		return "other"
	}
	return "ours"
}

func command(program, args, port string) []string {
	return append([]string{program}, strings.Fields(strings.ReplaceAll(args, "{port}", port))...)
}

// allOK refuses figures of programs that did not do their work.
func allOK(runs []e2e.Cost) error {
	for _, r := range runs {
		if r.Exit != 0 {
			return fmt.Errorf("the %s command exited with %d", [...]string{"first", "second"}[r.Command], r.Exit)
		}
	}
	if len(runs) == 0 {
		return errors.New("no runs")
	}
	return nil
}

func firstLines(text []byte, n int) string {
	lines := strings.SplitAfter(string(text), "\n")
	return strings.Join(lines[:min(n, len(lines))], "")
}

// metric is one column of the report.
type metric struct {
	name string
	of   func(e2e.Cost) float64
	goal func(goals) float64
}

var metrics = []metric{
	{"wall ms", func(c e2e.Cost) float64 { return ms(c.Wall) }, func(g goals) float64 { return g.wall }},
	{"cpu ms", func(c e2e.Cost) float64 { return ms(c.CPU) }, func(g goals) float64 { return g.cpu }},
	{"peak KiB", func(c e2e.Cost) float64 { return float64(c.Peak) }, func(g goals) float64 { return g.peak }},
	{"minor faults", func(c e2e.Cost) float64 { return float64(c.Faults) }, func(goals) float64 { return 0 }},
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func report(s scenario, runs []e2e.Cost, floor int) {
	fmt.Printf("\n%s: median (p10 p90) of %d runs each, in turn\n%-7s %s\n%-7s %s\n", s.name, len(runs)/2, s.title()+":", s.c, s.second()+":", s.ours)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\t%s\t%s\tratio\tgoal\n", s.title(), s.second())
	for _, m := range metrics {
		c, ours := values(runs, 0, m.of), values(runs, 1, m.of)
		ratio := middle(ours) / middle(c)
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%s\n", m.name, spread(c), spread(ours), ratio, judge(ratio, m.goal(s.goals)))
	}
	w.Flush()
	fmt.Printf("no peak below the launcher's own %d KiB can be seen\n", floor)
}

// values are those of one of the two programs, in order of size.
func values(runs []e2e.Cost, program int, of func(e2e.Cost) float64) []float64 {
	var v []float64
	for _, r := range runs {
		if r.Command == program {
			v = append(v, of(r))
		}
	}
	slices.Sort(v)
	return v
}

func middle(sorted []float64) float64 { return quantile(sorted, 0.5) }

func quantile(sorted []float64, q float64) float64 {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func spread(sorted []float64) string {
	return fmt.Sprintf("%.4g (%.4g %.4g)", middle(sorted), quantile(sorted, 0.1), quantile(sorted, 0.9))
}

func judge(ratio, goal float64) string {
	if goal == 0 {
		return ""
	}
	word := "not met"
	if cmp.Compare(ratio, goal) <= 0 {
		word = "met"
	}
	return fmt.Sprintf("<= %.2f %s", goal, word)
}
