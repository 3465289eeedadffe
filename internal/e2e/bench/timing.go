//go:build linux

package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// everyPhase is a check that goes through all phases that a server can time.
const everyPhase = startTLS + " -A PLAIN -U u -P p -f a@b.c --to c@d.e"

// allowed is the error of phase times that is hoped for, at the 99th percentile.
const allowed = 1.0 // ms

// timing tells how far what we report is from what the server knows.
func timing(k *kit) ([]string, error) {
	all, err := k.errors(k.few(100, 25))
	if err != nil {
		return nil, err
	}
	fmt.Println("reported minus real, in ms; real is what the server took, from the arrival of the command to the start of its reply")
	table(all)
	p99 := quantile(absolute(all), 0.99)
	word := "met"
	if p99 >= allowed {
		word = "not met"
	}
	return []string{fmt.Sprintf("timing error p99 %.3f ms, goal < %.0f ms %s", p99, allowed, word)}, nil
}

// errors are, of each phase, the differences between what we report and what the
// server has measured, in ms and in order.
func (k *kit) errors(runs int) (map[string][]float64, error) {
	d, stop, err := listenDelayed(k.config)
	if err != nil {
		return nil, err
	}
	defer stop()
	go d.serve()
	all := map[string][]float64{}
	for run := range runs + 1 {
		d.delays = delaysOf(run)
		out, err := k.check(at(d.port, command(k.ours, everyPhase)), 0, "SMTP OK - ")
		if err != nil {
			return nil, err
		}
		took := <-d.told
		if run == 0 { // which does not count
			continue
		}
		if err := difference(all, took, out); err != nil {
			return nil, err
		}
	}
	for _, list := range all {
		slices.Sort(list)
	}
	return all, nil
}

// delaysOf are those of one run: none is that of another phase, and over the runs
// every phase has each. They lie on both sides of what a read of ours waits for
// before it goes on in another system call.
func delaysOf(run int) map[string]time.Duration {
	delays := map[string]time.Duration{}
	for i, phase := range phases {
		delays[phase] = time.Duration(1+2*((i+run)%len(phases))) * time.Millisecond
	}
	return delays
}

// check runs a check, and is an error if it does not end as it has to.
func (k *kit) check(words []string, code int, holds string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return "", err
	}
	if got := cmd.ProcessState.ExitCode(); got != code || !strings.Contains(string(out), holds) {
		return "", fmt.Errorf("a wrong verdict, exit %d, want %d and %q: %s\n%s", got, code, holds, strings.Join(words[1:], " "), out)
	}
	return string(out), nil
}

// difference adds one run's.
func difference(all map[string][]float64, took map[string]time.Duration, out string) error {
	reported := perfdata(out)
	for _, phase := range phases {
		r, known := reported[phase+"_time"]
		t, is := took[phase]
		if !known || !is {
			return fmt.Errorf("no time of %s: %s", phase, out)
		}
		all[phase] = append(all[phase], 1000*r-ms(t))
	}
	return nil
}

// perfdata are the numbers of the line, by their labels.
func perfdata(out string) map[string]float64 {
	numbers := map[string]float64{}
	line, _, _ := strings.Cut(out, "\n")
	_, text, _ := strings.Cut(line, "|")
	for _, word := range strings.Fields(text) {
		label, value, _ := strings.Cut(word, "=")
		value, _, _ = strings.Cut(value, ";")
		if n, err := strconv.ParseFloat(strings.TrimRight(value, "sB%"), 64); err == nil {
			numbers[strings.Trim(label, "'")] = n
		}
	}
	return numbers
}

// absolute are the sizes of all errors, in order.
func absolute(all map[string][]float64) []float64 {
	var sizes []float64
	for _, list := range all {
		for _, e := range list {
			sizes = append(sizes, max(e, -e))
		}
	}
	slices.Sort(sizes)
	return sizes
}

// table prints the errors of each phase: the sign is kept but in the percentile.
func table(all map[string][]float64) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "\truns\tmedian\tleast\tmost\tp99 of the size\n")
	for _, phase := range phases {
		list := all[phase]
		fmt.Fprintf(w, "%s\t%d\t%.3f\t%.3f\t%.3f\t%.3f\n", phase, len(list), middle(list), list[0], list[len(list)-1],
			quantile(absolute(map[string][]float64{phase: list}), 0.99))
	}
	sizes := absolute(all)
	fmt.Fprintf(w, "all\t%d\t%.3f\t\t\t%.3f\n", len(sizes), middle(sizes), quantile(sizes, 0.99))
}
