//go:build linux

// Command bench measures whole processes, beside Debian's check_smtp or beside
// a plain check of ours, against servers on loopback. It prints figures, ratios
// and whether each meets its goal. A goal missed is printed, never an error: a
// busy machine is no defect of the program. A wrong verdict is one.
package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"check_smtp/internal/e2e"
)

// part is one thing to measure. What it returns are lines for the summary.
type part struct {
	name, what string
	run        func(*kit) ([]string, error)
}

var parts = []part{
	{"pairs", "one check beside Debian's: wall, processor time, memory, page faults", pairs},
	{"throughput", "checks a second beside Debian's, 1, 8 and 64 at a time", throughput},
	{"cost", "what a check takes as its work grows, beside a plain one", cost},
	{"timing", "the error of each phase time, against a server that knows better", timing},
	{"busy", "verdicts and phase times on a machine with two busy programs a processor", busy},
	{"tricks", "what each trick at start is worth, against a build without it", tricks},
}

func main() {
	var k kit
	flag.IntVar(&k.runs, "runs", 100, "measured runs of each program in each scenario of pairs and tricks")
	flag.IntVar(&k.warmUp, "warmup", 10, "runs before them that do not count")
	flag.BoolVar(&k.quick, "quick", false, "a shorter run, for the lines of the summary; without tricks, which build the program a dozen times")
	flag.StringVar(&k.beside, "beside", "", "another build of ours to compare with in pairs, instead of Debian's check_smtp")
	only := flag.String("only", "", "just these parts, parted by commas: "+names())
	flag.Parse()
	if err := k.bench(*only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func names() string {
	var all []string
	for _, p := range parts {
		all = append(all, p.name)
	}
	return strings.Join(all, " ")
}

// chosen are the parts to run.
func chosen(only string, quick, beside bool) ([]part, error) {
	var list []part
	want := strings.FieldsFunc(only, func(r rune) bool { return r == ',' || r == ' ' })
	if beside && only == "" {
		want = []string{"pairs"}
	}
	for _, p := range parts {
		if slices.Contains(want, p.name) || len(want) == 0 && !(quick && p.name == "tricks") {
			list = append(list, p)
		}
	}
	if len(want) > 0 && len(list) != len(want) {
		return nil, fmt.Errorf("-only %s: there are %s", only, names())
	}
	return list, nil
}

// kit is what every part works with.
type kit struct {
	runs, warmUp int
	quick        bool
	beside       string // another build of ours; "": none

	dir, ours, launcher string
	config, ofEC        *tls.Config // with a key of RSA, which is meant where nothing else is said, and one of P-256
}

// few is a number of rounds, or the smaller one where it has to be quick.
func (k *kit) few(rounds, quick int) int {
	if k.quick {
		return quick
	}
	return rounds
}

func (k *kit) bench(only string) error {
	list, err := chosen(only, k.quick, k.beside != "")
	if err != nil {
		return err
	}
	if k.runs < 1 || k.warmUp < 0 {
		return errors.New("-runs and -warmup: at least 1 and 0")
	}
	if k.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return err
	}
	defer os.RemoveAll(k.dir)
	if err := k.pack(); err != nil {
		return err
	}
	var summary []string
	before := loadAverage()
	for _, p := range list {
		fmt.Printf("\n== %s: %s\n", p.name, p.what)
		lines, err := p.run(k)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		summary = append(summary, lines...)
	}
	fmt.Printf("\n== summary, %d processors, load %s before\n", runtime.NumCPU(), before)
	for _, line := range summary {
		fmt.Println(line)
	}
	return nil
}

// loadAverage is how many programs have wanted a processor in the last minute: what
// is measured on a busy machine is to be read as that.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if first, _, found := strings.Cut(string(text), " "); err == nil && found {
		return first
	}
	return "unknown"
}

// pack gets together what the parts need.
func (k *kit) pack() (err error) {
	if err := e2e.Install(os.Stdout, "monitoring-plugins-basic", "ca-certificates"); err != nil {
		return err
	}
	if k.ours, err = e2e.Binary(os.Stdout, k.dir); err != nil {
		return err
	}
	if k.ours, err = installed(k.ours, filepath.Join(k.dir, "ours")); err != nil {
		return err
	}
	if k.beside != "" {
		if k.beside, err = installed(k.beside, filepath.Join(k.dir, "other")); err != nil {
			return err
		}
	}
	if k.launcher, err = e2e.Launcher(os.Stdout, k.dir); err != nil {
		return err
	}
	info, err := os.Stat(k.ours)
	if err != nil {
		return err
	}
	fmt.Printf("our check_smtp: %d bytes\n", info.Size())
	k.config, k.ofEC, err = identities(k.dir)
	return err
}

// renew copies programs of ours anew. Where a copy comes to lie in the page cache can
// cost the same program a fifth, so that no figure may hang on one copy.
func (k *kit) renew(programs ...string) error {
	for _, p := range programs {
		if !strings.HasPrefix(p, k.dir) {
			continue
		}
		if _, err := installed(p, p+".new"); err != nil {
			return err
		}
		if err := os.Rename(p+".new", p); err != nil {
			return err
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
