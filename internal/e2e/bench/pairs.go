//go:build linux

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"check_smtp/internal/e2e"
)

// scenario is one thing to measure. {port} stands for the server's port.
type scenario struct {
	name  string
	c     string // arguments for Debian's check_smtp
	ours  string // and for ours
	goals goals
	self  bool   // c is for ours, too
	build string // of ours, that c is for; "": none
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

// What both programs are told for a plain check and for one with STARTTLS.
const (
	target   = "-H 127.0.0.1 -p {port} "
	plain    = target + "-f a@b.c"
	startTLS = target + "-S"
)

var scenarios = []scenario{
	{"plain", plain, plain, goals{wall: 0.90, cpu: 0.90, peak: 1.40}, false, ""},
	{"STARTTLS", startTLS, startTLS, goals{cpu: 0.55, peak: 0.80}, false, ""},
	{"STARTTLS and login", startTLS + " -A LOGIN -U u -P p", startTLS + " -A LOGIN -U u -P p", goals{}, false, ""},
	// Debian's cannot prove a server, so its STARTTLS has to do.
	{"STARTTLS, server proven", startTLS, startTLS + " --verify", goals{cpu: 0.70}, false, ""},
	// Ten commands: EHLO, MAIL, five times RCPT, DATA, the message, QUIT.
	{"delivery, beside a plain check of ours", plain, plain + " --to 1@b.c,2@b.c,3@b.c,4@b.c,5@b.c", goals{cpu: 1.30}, true, ""},
}

// pairs compares single checks.
func pairs(k *kit) ([]string, error) {
	all := scenarios
	if k.beside != "" {
		all = builds(k.beside)
	}
	var summary []string
	for _, s := range all {
		runs, floor, err := k.pair(command(s.reference(k.ours), s.c), command(k.ours, s.ours), k.few(k.runs, 20))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		report(s, runs, floor)
		cpu := func(program int) float64 { return middle(values(runs, program, metrics[1].of)) }
		summary = append(summary, fmt.Sprintf("cpu ratio %.2f %s", cpu(1)/cpu(0), s.name))
	}
	return summary, nil
}

// pair measures two commands in turn, so many runs of each, against one server.
func (k *kit) pair(first, second []string, runs int) (costs []e2e.Cost, floor int, err error) {
	port, stop, err := serve("127.0.0.1:0", k.config, shortList)
	if err != nil {
		return nil, 0, err
	}
	defer stop()
	return k.against(port, first, second, runs, k.few(k.warmUp, 2))
}

// against is pair, where there is a server already.
func (k *kit) against(port string, first, second []string, runs, warmUp int) (costs []e2e.Cost, floor int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	for left := warmUp + runs; left > 0; left -= roundsOfCopy {
		if err := k.renew(first[0], second[0]); err != nil {
			return nil, 0, err
		}
		some, err := e2e.Measure(ctx, k.launcher, min(left, roundsOfCopy), at(port, first), at(port, second))
		if err != nil {
			return nil, 0, err
		}
		if err := allOK(some.Runs); err != nil {
			return nil, 0, fmt.Errorf("%w\n%s", err, firstLines(some.Out, 5))
		}
		costs, floor = append(costs, some.Runs...), max(floor, some.Floor)
	}
	return costs[2*warmUp:], floor, nil
}

// roundsOfCopy is how many rounds one copy of a program is measured in.
const roundsOfCopy = 10

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
	case s.build != "":
		return "other"
	case s.self:
		return "plain"
	}
	return "Debian"
}

// command is a program and its arguments, among which there is no blank.
func command(program, args string) []string {
	return append([]string{program}, strings.Fields(args)...)
}

// at is a command with the port of its server.
func at(port string, command []string) []string {
	var words []string
	for _, w := range command {
		words = append(words, strings.ReplaceAll(w, "{port}", port))
	}
	return words
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

func report(s scenario, runs []e2e.Cost, floor int) {
	fmt.Printf("\n%s: median (p10 p90) of %d runs each, in turn\n%-7s %s\n%-7s %s\n", s.name, len(runs)/2, s.title()+":", s.c, "ours:", s.ours)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\t%s\tours\tratio\tgoal\n", s.title())
	for _, m := range metrics {
		c, ours := values(runs, 0, m.of), values(runs, 1, m.of)
		ratio := middle(ours) / middle(c)
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%s\n", m.name, spread(c), spread(ours), ratio, judge(ratio, m.goal(s.goals)))
	}
	w.Flush()
	fmt.Printf("no peak below the launcher's own %d KiB can be seen\n", floor)
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
