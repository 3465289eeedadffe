package smtptest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Ordeal is one fault of a server, of the DNS or of a policy's host, and what has to
// come of it.
type Ordeal struct {
	Name  string // table/mode/fault/column
	Story *Story
	Want  Outcome
}

// Outcome is a verdict as a table has it.
type Outcome struct {
	Exit      int
	Condition string // "": all is well
	Phase     string // "": the whole run
}

// letters are the states of the tables, by their exit codes.
var letters = []string{"ok", "W", "C", "U"}

// String is how a cell has it, the phase always behind it.
func (o Outcome) String() string {
	if o.Exit == 0 {
		return letters[0]
	}
	return letters[o.Exit] + ":" + o.Condition + "=" + o.Phase
}

// outcome reads a cell; the phase is that of its column unless it says another.
func outcome(cell, phase string) (Outcome, error) {
	verdict, other, elsewhere := strings.Cut(cell, "=")
	letter, cond, _ := strings.Cut(verdict, ":")
	exit := slices.Index(letters, letter)
	switch {
	case exit < 0 || (exit == 0) != (cond == ""):
		return Outcome{}, fmt.Errorf("no verdict: %q", cell)
	case elsewhere:
		phase = other
	case exit == 0:
		phase = ""
	}
	return Outcome{exit, cond, phase}, nil
}

// Ordeals are all of the tables in testdata/faults, in order. The secret is the password
// that stands on their command lines.
func Ordeals(dir, secret string) ([]Ordeal, error) {
	var all []Ordeal
	for _, kind := range []string{"session", "handshake", "certificates", "dns", "policy"} {
		table, err := readTable(filepath.Join(dir, kind+".table"))
		if err != nil {
			return nil, err
		}
		table.kind, table.secret = kind, secret
		some, err := table.ordeals()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", kind, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// table is one of testdata/faults; the head of session.table says what stands in one.
type table struct {
	kind, secret string
	order        []string             // of the modes
	modes        map[string]string    // command lines
	options      map[string]string    // words more, by column
	columns      map[string][]string  // where faults are played, by mode
	replies      map[string][2]string // what the client says, what a good server answers, by column
	questions    []question
	names        []string            // of the faults, in order
	faults       map[string][]string // acts or records
	grid         []string            // the columns of the cells
	cells        map[string]string   // by fault and column
	except       map[string]string   // by mode, fault and column
}

// question is one that the DNS is asked, and the good answer.
type question struct{ column, name, typ, data string }

func readTable(path string) (*table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	t := &table{
		modes: map[string]string{}, options: map[string]string{}, columns: map[string][]string{}, replies: map[string][2]string{},
		faults: map[string][]string{}, cells: map[string]string{}, except: map[string]string{},
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if err := t.read(line); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, line, err)
		}
	}
	return t, nil
}

func (t *table) read(line string) error {
	words := strings.Fields(line)
	if len(words) < 2 {
		return errors.New("too short")
	}
	switch words[0] {
	case "mode":
		t.order = append(t.order, words[1])
		t.modes[words[1]] = behind(line, 2)
	case "option":
		t.options[words[1]] = behind(line, 2)
	case "in":
		t.columns[words[1]] = words[2:]
	case "reply":
		t.replies[words[1]] = [2]string{words[2], behind(line, 3)}
	case "question":
		t.questions = append(t.questions, question{words[1], words[2], words[3], behind(line, 4)})
	case "fault":
		t.names = append(t.names, words[1])
		t.faults[words[1]] = strings.Split(behind(line, 2), " ;; ")
	case "grid":
		t.grid = words[1:]
	case "except":
		if len(words) != 5 {
			return errors.New("want except MODE FAULT COLUMN VERDICT")
		}
		t.except[strings.Join(words[1:4], " ")] = words[4]
	default:
		return t.row(words)
	}
	return nil
}

// behind is what follows so many words.
func behind(line string, words int) string {
	for range words {
		_, line, _ = strings.Cut(line, " ")
		line = strings.TrimLeft(line, " ")
	}
	return line
}

func (t *table) row(words []string) error {
	if len(words) != 1+len(t.grid) {
		return fmt.Errorf("%d cells, want %d", len(words)-1, len(t.grid))
	}
	for i, cell := range words[1:] {
		t.cells[words[0]+" "+t.grid[i]] = cell
	}
	return nil
}

// ordeals are the product of faults, transports and columns.
func (t *table) ordeals() ([]Ordeal, error) {
	var all []Ordeal
	for _, mode := range t.order {
		for _, fault := range t.names {
			for _, column := range t.columns[mode] {
				key := fault + " " + column
				cell, own := t.except[mode+" "+key]
				if !own {
					cell = t.cells[key]
				}
				if cell == "-" {
					continue
				}
				want, err := outcome(cell, t.due(mode, column))
				if err != nil {
					return nil, fmt.Errorf("%s %s: %w", mode, key, err)
				}
				story, err := t.story(mode, fault, column)
				if err != nil {
					return nil, fmt.Errorf("%s %s: %w", mode, key, err)
				}
				all = append(all, Ordeal{t.kind + "/" + mode + "/" + fault + "/" + column, story, want})
			}
		}
	}
	return all, nil
}

// due is the phase that a cell is about where it names none. In a table of
// handshakes all is sent with the sixth record, and the next phase has begun.
func (t *table) due(mode, column string) string {
	switch {
	case t.kind == "session":
		return column
	case t.kind == "dns" || t.kind == "policy":
		return ""
	case t.kind == "certificates" || column != "6":
		return "tls"
	case strings.HasPrefix(mode, "implicit"):
		return "banner"
	}
	return "ehlo_tls"
}
