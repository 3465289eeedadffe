//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ability is what every server is asked to do, as far as it can.
type ability struct {
	name string
	args string // {NAME} is the port of a door, {ca} what proves the server
	want sight
}

// sight is what a run showed. In one without a finding the phase is one that
// was come through, else that of the finding.
type sight struct {
	exit      int
	condition string
	phase     string
}

const (
	trusting  = " --verify --ca-file {ca}"
	enveloped = " -f " + sender + " --subject {mark} --to "
)

// columns are those of the table of servers. A message is only delivered when
// it is read again.
var columns = []ability{
	{"plain", "-p {plain}", sight{0, "", "ehlo"}},
	{"STARTTLS", "-p {plain} -S" + trusting, sight{0, "", "tls"}},
	{"TLS", "-p {tls} -s" + trusting, sight{0, "", "tls"}},
	{"login", "-p {login} -S" + trusting + " " + as, sight{0, "", "sasl_auth"}},
	{"wrong password", "-p {login} -S" + trusting + " " + asNot, sight{2, "auth", "sasl_auth"}},
	{"PROXY 1", "-p {proxy} --proxy-protocol 1", sight{0, "", "proxy"}},
	{"PROXY 2", "-p {proxy} --proxy-protocol 2", sight{0, "", "proxy"}},
	{"delivery", "-p {plain}" + enveloped + "good@box.test", sight{0, "", "body"}},
	{"unknown recipient", "-p {plain}" + enveloped + "unknown@box.test", sight{2, "refused", "rcptto"}},
}

// realServer is a row of the table.
type realServer struct {
	name  string
	needs []string     // Debian packages
	get   func() error // what else it needs; nil: nothing
	start func(*testing.T) *rig
	cells map[string]ability // what differs from the columns, by their names; without arguments: the server cannot do it
}

// rig is a server that runs.
type rig struct {
	doors map[string]int // ports, by what is behind them
	mail  string         // directory where messages end up
}

// cannot is a cell of a server that knows no such thing.
var cannot = ability{}

// want is what a server is asked: without arguments, nothing.
func (s realServer) want(c ability) ability {
	own, other := s.cells[c.name]
	if !other {
		return c
	}
	own.name = c.name
	return own
}

// TestServers asks everything of every server, prints what came of it, and
// compares that with the page.
func TestServers(t *testing.T) {
	ca := filepath.Join(t.TempDir(), "ca.pem")
	writeFile(t, ca, string(certificates()["ca"].PEM()), 0o644)
	table := newTable("server", columnNames())
	var missing []string
	tried, right := 0, 0
	for _, s := range realServers {
		t.Run(s.name, func(t *testing.T) {
			if err := s.have(); err != nil {
				missing = append(missing, fmt.Sprintf("%s: %v", s.name, err))
				t.Skip("it cannot be had: ", err)
			}
			r := s.start(t)
			for _, c := range columns {
				cell := s.want(c)
				if cell.args == "" {
					table.set(s.name, c.name, "–")
					continue
				}
				tried++
				if t.Run(c.name, func(t *testing.T) { table.set(s.name, c.name, r.ask(t, s.name, ca, cell)) }) {
					right++
				}
			}
		})
	}
	table.compare(t, trustPage)
	fmt.Printf("%s\nservers x capabilities: %d servers, %d of %d cells as the page says, not had: %d %q\n", table, len(table.rows), right, tried, len(missing), missing)
}

func columnNames() []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

// have makes sure of all that a server needs.
func (s realServer) have() error {
	if err := Install(os.Stderr, s.needs...); err != nil || s.get == nil {
		return err
	}
	return s.get()
}

// ask plays a cell, and says what stands in it.
func (r *rig) ask(t *testing.T, name, ca string, c ability) string {
	mark := fmt.Sprintf("mark-%s-%d", fileName(name), os.Getpid())
	words := []string{"{ca}", ca, "{mark}", mark}
	for door, port := range r.doors {
		words = append(words, "{"+door+"}", strconv.Itoa(port))
	}
	args, err := splitWords("-H 127.0.0.1 --output-format json " + strings.NewReplacer(words...).Replace(c.args))
	if err != nil {
		t.Fatal(err)
	}
	o := runPlugin(ours, nil, args...)
	got, err := seen(o, c.want.phase)
	if err != nil || got != c.want {
		t.Errorf("check_smtp %q: saw %v (%v), want %v of\n%s", args, got, err, c.want, o)
	}
	if c.want.phase == "body" && c.want.exit == 0 && !within(patience, func() bool { return holds(r.mail, mark) }) {
		t.Errorf("the message did not arrive in %s", r.mail)
		return "not delivered"
	}
	if got.condition == "" {
		return "OK"
	}
	return "`" + got.condition + "`"
}

// seen is what a run says of itself in JSON.
func seen(o outcome, through string) (sight, error) {
	var said struct {
		Code     int `json:"exit_code"`
		Findings []struct{ Condition, Phase string }
		Phases   []struct{ Phase, Failure string }
	}
	if err := json.Unmarshal([]byte(o.stdout), &said); err != nil || said.Code != o.exit || o.stderr != "" {
		return sight{}, fmt.Errorf("%w, or another exit code than %d, or words on standard error", err, said.Code)
	}
	if len(said.Findings) > 0 {
		return sight{o.exit, said.Findings[0].Condition, said.Findings[0].Phase}, nil
	}
	for _, p := range said.Phases {
		if p.Phase == through && p.Failure == "" {
			return sight{o.exit, "", through}, nil
		}
	}
	return sight{exit: o.exit}, nil
}

// holds says whether a file below a directory has some text in it.
func holds(dir, text string) bool {
	found := false
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !entry.Type().IsRegular() {
			return nil // files of a queue come and go
		}
		content, _ := os.ReadFile(path)
		found = found || strings.Contains(string(content), text)
		return nil
	})
	return found
}

// realServers are the rows of the table.
var realServers = slices.Concat(mtas, mailboxServers, fronts, nodeServers, smallServers)
