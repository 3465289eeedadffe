//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"check_smtp/internal/e2e"
)

// trick is one thing that is done about start-up, and how to build without it.
type trick struct {
	name  string
	vars  []string // of the Makefile
	edits []edit
	links string // an import path that is linked in
	bare  bool   // no Makefile: what go build makes
}

// edit changes a file on its way to the compiler. Where old is "", the file has the
// text of another one, without the line that says where that is built.
type edit struct{ file, old, new string }

const (
	entry   = "cmd/check_smtp/startup_linux_amd64.s"
	startup = "cmd/check_smtp/startup_linux_amd64.go"
)

// allTricks are those of the table in internal/README.md, and two more that have been
// thought of: what the program would take without each.
var allTricks = []trick{
	{name: "blocking sockets", edits: []edit{{"internal/dial/socket_linux.go", "", "internal/dial/dial_other.go"}}},
	{name: "timer slack of 10 ms", edits: []edit{{entry, "\tMOVQ $10000000, SI\n", "\tMOVQ $50000, SI\n"}}},
	{name: "signals wait until somebody obeys", vars: []string{"HOLD="}},
	{name: "one processor until the first wait", edits: []edit{{entry, "\tJLT  start\n", "\tJMP  start\n"}}},
	{name: "no look at mounts and limits", edits: []edit{{entry, "\tCALL ·closed(SB)\n", ""}}},
	{name: "what a plain check does not need, later", vars: []string{"LATER="}},
	{name: "one large stack", edits: []edit{{"internal/early/early.go", "\tgrow()\n", ""}}},
	{name: "the collector of before Go 1.26", vars: []string{"OLDGC="}},
	{name: "no profile of the memory", edits: []edit{{entry, "\tMOVQ $0, runtime·MemProfileRate(SB)\n", ""}}},
	{name: "tables of functions given back", edits: []edit{{"internal/early/early.go", "\tUnload()\n", ""}, {startup, "\tearly.Unload()\n", "\t_ = early.Unload\n"}}},
	{name: "code given back", edits: []edit{{startup, "\tif from < to {", "\tif from > to {"}}},
	{name: "charsets as text", links: "golang.org/x/text/encoding/charmap"},
	{name: "our own code not inlined", vars: []string{"SMALL="}},
	{name: "a client of our own, no net/http", links: "net/http"},
	{name: "an ordinary go build", bare: true},
}

// tricks measures the program beside a build of it without each trick.
func tricks(k *kit) ([]string, error) {
	root, err := sources()
	if err != nil {
		return nil, err
	}
	with, err := k.without(root, trick{name: "nothing left out"})
	if err != nil {
		return nil, err
	}
	var rows []string
	for _, t := range allTricks {
		row, err := k.worth(root, with, t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.name, err)
		}
		rows = append(rows, row)
	}
	fmt.Println("processor time without it, as a multiple of that with it; faults and KiB that it would take more in a plain check")
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	fmt.Fprintf(w, "\tplain\tSTARTTLS\tfaults\tpeak KiB\n%s\n", strings.Join(rows, "\n"))
	return nil, nil
}

// worth is a row of the table.
func (k *kit) worth(root, with string, t trick) (string, error) {
	without, err := k.without(root, t)
	if err != nil {
		return "", err
	}
	runs := map[string][]e2e.Cost{}
	for _, v := range ways[:2] {
		if runs[v.name], _, err = k.pair(command(with, v.args), command(without, v.args), k.few(k.runs, 20)); err != nil {
			return "", err
		}
	}
	of := func(way string, m metric, program int) float64 { return middle(values(runs[way], program, m.of)) }
	cpu, peak, faults := metrics[1], metrics[2], metrics[3]
	return fmt.Sprintf("%s\t%.2f\t%.2f\t%+.0f\t%+.0f", t.name,
		of("plain", cpu, 1)/of("plain", cpu, 0), of("STARTTLS", cpu, 1)/of("STARTTLS", cpu, 0),
		of("plain", faults, 1)-of("plain", faults, 0), of("plain", peak, 1)-of("plain", peak, 0)), nil
}

// sources is the directory of the module.
func sources() (string, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	return filepath.Dir(strings.TrimSpace(string(mod))), err
}

// without builds the program without a trick.
func (k *kit) without(root string, t trick) (string, error) {
	dir, err := os.MkdirTemp(k.dir, "without")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	overlay, err := t.overlay(root, dir)
	if err != nil {
		return "", err
	}
	built := filepath.Join(dir, "built")
	cmd := exec.Command("make", append([]string{"--no-print-directory", "-C", root, "build", "BINARY=" + built}, t.vars...)...)
	if t.bare {
		cmd = exec.Command("go", "build", "-C", root, "-o", built, "./cmd/check_smtp")
	}
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-overlay="+overlay)
	begin := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building: %w\n%s", err, out)
	}
	fmt.Printf("built in %.0f s without: %s\n", time.Since(begin).Seconds(), t.name)
	return installed(built, dir+".copy")
}

// overlay writes the changed files and the list of them that go build takes.
func (t trick) overlay(root, dir string) (string, error) {
	replace := map[string]string{}
	files, err := t.changed(root)
	if err != nil {
		return "", err
	}
	for file, text := range files {
		path := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return "", err
		}
		replace[filepath.Join(root, file)] = path
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	path := filepath.Join(dir, "overlay.json")
	return path, errors.Join(err, os.WriteFile(path, list, 0o644))
}

// changed are the files that differ, by their names.
func (t trick) changed(root string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, e := range t.edits {
		text, err := e.apply(root)
		if err != nil {
			return nil, err
		}
		files[e.file] = text
	}
	if t.links != "" {
		// Something of it has to be used, or the linker leaves it out.
		use := map[string]string{"net/http": "http.Get", "golang.org/x/text/encoding/charmap": "charmap.All"}[t.links]
		files["cmd/check_smtp/linked_in.go"] = fmt.Appendf(nil, "package main\n\nimport %q\n\nvar linkedIn any\n\nfunc init() { linkedIn = %s }\n", t.links, use)
	}
	return files, nil
}

func (e edit) apply(root string) ([]byte, error) {
	if e.old == "" {
		text, err := os.ReadFile(filepath.Join(root, e.new))
		_, rest, found := strings.Cut(string(text), "//go:build !linux\n")
		if err == nil && !found {
			err = fmt.Errorf("%s is not what is built where there is no Linux", e.new)
		}
		return []byte(rest), err
	}
	text, err := os.ReadFile(filepath.Join(root, e.file))
	if n := strings.Count(string(text), e.old); err == nil && n != 1 {
		err = fmt.Errorf("%s: %q is there %d times", e.file, e.old, n)
	}
	return []byte(strings.ReplaceAll(string(text), e.old, e.new)), err
}
