//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pollerCase is what a poller is to hold of one run: a column of the table of
// pollers.
type pollerCase struct {
	column string
	server script
	words  []string // of our command line, besides host and port
	ini    string   // the same in an ini file
	stock  string   // the same as variables of Icinga's stock command
	exit   int
	port   int // of the server, once it plays
}

// longWords are a refusal that goes on and on.
var longWords = strings.Repeat("550-"+strings.Repeat("it goes on; ", 25)+"\r\n", 40) + "550 that was it\r\n"

const (
	stopped = "stopped"
	noAddr  = "192.0.2.1" // none of this machine's
)

func pollerCases(t *testing.T) []pollerCase {
	t.Helper()
	cases := []pollerCase{
		{column: "OK", server: standard},
		{column: "WARNING", server: greets(say("554 not today")), exit: 1},
		{column: "CRITICAL", server: on("EHLO HELO", say("550 no")), exit: 2},
		{column: "UNKNOWN", server: standard, words: []string{"--bind=" + noAddr}, ini: "bind = " + noAddr, stock: `smtp_address = "127.0.0.1", smtp_ipv6 = true`, exit: 3},
		{column: "long output", server: on("EHLO HELO", raw(longWords)), words: []string{"-vvv"}, ini: "verbose =", exit: 2},
		{column: "hostile text", server: on("EHLO HELO", raw(hostileWords)), exit: 2},
		{column: stopped, server: greets(mute), words: []string{"-t60"}, ini: "timeout = 60", stock: "smtp_timeout = 60"},
	}
	for i := range cases {
		cases[i].port = playTCP(t, cases[i].server).port()
	}
	return cases
}

// line is the command line of a case.
func (c pollerCase) line() []string {
	return append([]string{"-H", "127.0.0.1", "-p", fmt.Sprint(c.port)}, c.words...)
}

// holding is what a poller has of a case.
type holding struct {
	state string   // what it calls the state
	text  string   // without performance data
	perf  string   // its performance data
	words []string // the command line that was run, if it is another one
	bare  bool     // it keeps the state, and no text or performance data as a plugin has them
}

// poller is a row of the table.
type poller struct {
	name  string
	get   func() error                                      // fetches it; nil: it is here
	ask   func(*testing.T, []pollerCase) map[string]holding // by column
	reads func(string) string                               // what it is known to make of a text; nil: nothing
	calls []string                                          // what it calls the states, if not as we do
}

// stateNames are how a poller says OK to UNKNOWN.
var stateNames = []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}

// stateOf is the name of an exit code.
func stateOf(exit int) string {
	if exit < 0 || exit >= len(stateNames) {
		return fmt.Sprint(exit)
	}
	return stateNames[exit]
}

// pollerRows are the rows of the table. Telegraf, Zabbix's agent and the rest of
// Prometheus have tests of their own.
var pollerRows = slices.Concat(pluginPollers, formatPollers)

// TestPollers has every poller run every case, compares what it holds with what
// the command prints, prints the table and compares that with the page.
func TestPollers(t *testing.T) {
	cases := pollerCases(t)
	var columns []string
	for _, c := range cases {
		columns = append(columns, c.column)
	}
	table := newTable("poller", columns)
	tried, right := 0, 0
	var missing []string
	for _, p := range pollerRows {
		t.Run(p.name, func(t *testing.T) {
			if err := p.have(); err != nil {
				missing = append(missing, fmt.Sprintf("%s: %v", p.name, err))
				t.Skip("it cannot be had: ", err)
			}
			held := p.ask(t, cases)
			if last := len(cases) - 1; !within(patience, func() bool { return !runs(strconv.Itoa(cases[last].port)) && !runs(fmt.Sprintf("=case%d@", last)) }) {
				t.Error("what was stopped still runs")
			}
			for _, c := range cases {
				if _, asked := held[c.column]; !asked {
					table.set(p.name, c.column, "–")
					continue
				}
				tried++
				if t.Run(c.column, func(t *testing.T) { table.set(p.name, c.column, p.judge(t, c, held[c.column])) }) {
					right++
				}
			}
		})
	}
	table.compare(t, trustPage)
	fmt.Printf("%s\npollers x states: %d pollers, %d of %d cells as the page says, not had: %d %q\n", table, len(table.rows), right, tried, len(missing), missing)
}

func (p poller) have() error {
	if p.get == nil {
		return nil
	}
	return p.get()
}

// runs says whether a check_smtp runs whose command line has a word in it.
func runs(word string) bool {
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		line, _ := os.ReadFile(path) // a process that has gone has none
		program, words, _ := strings.Cut(string(line), "\x00")
		if filepath.Base(program) == "check_smtp" && strings.Contains(words, word) {
			return true
		}
	}
	return false
}

// judge compares what a poller holds with what the same command line prints, and
// says what stands in the table.
func (p poller) judge(t *testing.T, c pollerCase, h holding) string {
	if c.column == stopped {
		return h.state
	}
	calls := p.calls
	if calls == nil {
		calls = stateNames
	}
	if h.state != calls[c.exit] {
		t.Errorf("state %q, want %q: %q", h.state, calls[c.exit], h.text)
	}
	if h.bare {
		return h.state
	}
	words := c.line()
	if h.words != nil {
		words = h.words
	}
	text, perf := divided(runPlugin(ours, nil, words...).stdout)
	if p.reads != nil {
		text = p.reads(text)
	}
	if got, want := shapes(h.perf), shapes(perf); len(got) == 0 && c.exit < 3 || !slices.Equal(got, want) {
		t.Errorf("the performance data is\n%q, not\n%q", got, want)
	}
	got, want := timeless(strings.TrimSpace(h.text)), timeless(text)
	if got == want {
		return h.state
	}
	if c.column == "long output" && len(got) > 1000 && strings.HasPrefix(want, got) {
		return h.state + ", cut"
	}
	t.Errorf("the text is\n%q, not\n%q", got, want)
	return h.state + ", another text"
}

// timeless is a text without what differs between two runs.
func timeless(text string) string {
	return number.ReplaceAllString(regexp.MustCompile(` *\d+(\.\d+)? ?m?s\b|[#.]{40}| +`).ReplaceAllString(text, " "), "0")
}

// divided are the text and the performance data of an output.
func divided(output string) (text, perf string) {
	first, more, _ := strings.Cut(output, "\n")
	first, perf, _ = strings.Cut(first, "|")
	return strings.TrimSpace(first + "\n" + more), perf
}
