//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"check_smtp/internal/e2e"
)

// work is a check of ours that has more to do than a plain one.
type work struct {
	name string
	args []string
	runs int
	list []string // what the server answers to EHLO; nil: the short list
}

// cost tells what a check takes as its work grows, each kind of work in turn with a
// plain check against the same server.
func cost(k *kit) ([]string, error) {
	all, err := k.works()
	if err != nil {
		return nil, err
	}
	d, err := k.domain()
	if err != nil {
		return nil, err
	}
	defer d.stop()
	for _, n := range []int{1, 4, mostTargets} {
		all = append(all, work{name: fmt.Sprintf("targets of --mx: %d", n), args: d.args(n), runs: k.few(40, 10)})
	}
	fmt.Println("medians, in turn with a plain check of ours (" + plain + "), and how often that")
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "\truns\tcpu ms\tratio\tpeak KiB\tratio\twall ms\tratio\n")
	var most []float64
	for _, v := range all {
		runs, err := k.work(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.name, err)
		}
		fmt.Fprintf(w, "%s\t%d\t%s\n", v.name, len(runs)/2, costRow(runs))
		most = append(most, middle(values(runs, 1, metrics[2].of)))
	}
	return []string{fmt.Sprintf("cost peak %.0f KiB at most", slices.Max(most))}, nil
}

func (k *kit) work(v work) ([]e2e.Cost, error) {
	list := v.list
	if list == nil {
		list = shortList
	}
	port, stop, err := serve("127.0.0.1:0", k.config, list)
	if err != nil {
		return nil, err
	}
	defer stop()
	runs, _, err := k.against(port, command(k.ours, plain), append([]string{k.ours}, v.args...), v.runs, 2)
	return runs, err
}

// costRow is processor time, peak memory and wall time of the second program, each
// with its ratio to the first one.
func costRow(runs []e2e.Cost) string {
	var cells []string
	for _, m := range []metric{metrics[1], metrics[2], metrics[0]} {
		first, second := middle(values(runs, 0, m.of)), middle(values(runs, 1, m.of))
		cells = append(cells, fmt.Sprintf("%s\t%.2f", figure(second), second/first))
	}
	return strings.Join(cells, "\t")
}

// works are the kinds of work. Files of messages lie in the kit's directory.
func (k *kit) works() ([]work, error) {
	light, heavy := k.few(40, 10), k.few(5, 2)
	var all []work
	for _, n := range []int{1, 10, 100} {
		all = append(all, work{name: fmt.Sprintf("recipients: %d", n), args: words(plain, "--to", recipients(n)), runs: light})
	}
	for _, m := range []struct {
		name string
		size int
		runs int
	}{{"1 kB", 1e3, light}, {"1 MB", 1e6, light}, {"50 MB", 50e6, heavy}} {
		path := filepath.Join(k.dir, strings.ReplaceAll(m.name, " ", ""))
		if err := os.WriteFile(path, message(m.size), 0o644); err != nil {
			return nil, err
		}
		all = append(all, work{name: "message of " + m.name, args: words(plain+" -t 60", "--to", "c@d.e", "--payload-file", path), runs: m.runs})
		if m.size == 50e6 {
			all = append(all, work{name: "50 MB attached", args: words(plain+" -t 60", "--to", "c@d.e", "--attach", path), runs: m.runs})
		}
	}
	all = append(all,
		work{name: "EHLO of 100 lines", args: words(plain), runs: light, list: longList(99)},
		work{name: fmt.Sprintf("options of Centreon's: %d", len(centreonOptions)), args: centreonOptions, runs: light})
	return all, nil
}

// words are those of a text and some more, which may hold blanks.
func words(text string, more ...string) []string {
	return append(strings.Fields(text), more...)
}

func recipients(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("user%d@example.test", i+1))
	}
	return strings.Join(all, ",")
}

// message is one of that many bytes, in lines that a mail may have.
func message(size int) []byte {
	text := []byte("From: a@b.c\r\nTo: c@d.e\r\nSubject: bench\r\n\r\n")
	line := []byte(strings.Repeat("0123456789", 7) + "\r\n")
	text = append(text, bytes.Repeat(line, max(0, size-len(text))/len(line)+1)...)
	return append(text[:size-2], "\r\n"...)
}

// longList makes an answer to EHLO of n lines and the greeting's own.
func longList(n int) []string {
	list := slices.Clone(shortList)
	for len(list) < n-1 { // serve adds one
		list = append(list, fmt.Sprintf("XEXTENSION%d of our own", len(list)))
	}
	return list
}

// centreonOptions are twenty of them, as a template of Centreon's gives them.
var centreonOptions = []string{
	"--plugin=apps::protocols::smtp::plugin", "--mode=login", "--hostname=127.0.0.1", "--port={port}",
	"--smtp-from=a@b.c", "--timeout=10", "--warning=5", "--critical=9", "--smtp-options=layer=none", "--smtp-options=debug=0",
	"--extend-perfdata=time,time_ms,math(current*1000),ms", "--filter-perfdata=time", "--range-perfdata=1", "--float-precision=3",
	"--change-short-output=Connection~Session~i", "--change-exit=unknown=critical", "--change-output-adv=%(short_output) =~ /421/,OK: busy,OK",
	"--use-new-perfdata", "--no-sanity-options", "--filter-uom=s",
}
