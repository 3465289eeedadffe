package render

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// Many prints the results of many runs.
type Many interface {
	// Piece is all that is needed of a report. It may be called by several at the same
	// time, and in any order.
	Piece(name string, r verdict.Report, o plan.Output) Piece
	// Put prints a piece, or keeps it until End. The order is that of the results.
	Put(Piece) error
	End() error
}

// Piece is what is left of a report.
type Piece struct {
	text     string   // lines
	families []family // of an exposition
	state    plan.State
	gravest  string // the name and what is wrong
}

// ManyFor prints in a format; nil: it has no place for more than one result. called
// is what those that will come are called, no two of them the same.
func ManyFor(f plan.Format, w io.Writer, called []string) Many {
	switch f {
	case plan.JSON:
		return each{w, namedJSON}
	case plan.Influx:
		return each{w, namedInflux}
	case plan.IcingaAPI, plan.NagiosCommand:
		return each{w, func(_ string, r verdict.Report, o plan.Output) []byte { return For(f)(r, o) }}
	case plan.Checkmk:
		return each{w, servicesOf(called).print}
	case plan.OpenMetrics:
		return &gathered{w: w}
	case plan.Nagios:
		return newTable(w, called)
	}
	return nil
}

// each prints a result as soon as it comes.
type each struct {
	w    io.Writer
	text func(name string, r verdict.Report, o plan.Output) []byte
}

func (e each) Piece(name string, r verdict.Report, o plan.Output) Piece {
	return Piece{text: string(e.text(name, r, o))}
}

func (e each) Put(p Piece) error {
	_, err := io.WriteString(e.w, p.text)
	return err
}

func (e each) End() error { return nil }

// named is a document that says which of many it is.
type named struct {
	Name string `json:"name"`
	*document
}

func namedJSON(name string, r verdict.Report, o plan.Output) []byte {
	return Encode(named{cleanDocument(name), documented(&r, &o)})
}

func namedInflux(name string, r verdict.Report, o plan.Output) []byte {
	return pointsOf(&r, &o, tag("name", name))
}

// services are what Checkmk calls the results: two names may be one where characters
// are left out.
type services map[string]string

func servicesOf(called []string) services {
	taken, all := verdict.Names{}, services{}
	for _, name := range called {
		all[name] = taken.Free(service(Clean(name)), "_")
	}
	return all
}

// print prints the lines of local checks.
func (s services) print(name string, r verdict.Report, o plan.Output) []byte {
	return locals(&r, &o, s[name], func(target string) string {
		return s[name] + " " + strings.TrimPrefix(service(Clean(target)), "SMTP ")
	})
}

// gathered are the samples of many expositions, put together by family as Prometheus
// wants them. They are kept as pieces of text, not as so many strings.
type gathered struct {
	w        io.Writer
	families []*pile
}

// pile is a family with the samples of all results.
type pile struct {
	family
	pieces [][]byte
}

// pieceSize is how much text is kept in one piece, in bytes.
const pieceSize = 32 << 10

func (g *gathered) Piece(name string, r verdict.Report, o plan.Output) Piece {
	return Piece{families: expose(&r, &o, pair("name", name)).families}
}

func (g *gathered) Put(one Piece) error {
	for _, f := range one.families {
		i := slices.IndexFunc(g.families, func(p *pile) bool { return p.Name == f.Name })
		if i < 0 {
			i, g.families = len(g.families), append(g.families, &pile{family: family{Gauge: f.Gauge}})
		}
		for _, s := range f.samples {
			g.families[i].add(s)
		}
	}
	return nil
}

func (p *pile) add(sample string) {
	last := len(p.pieces) - 1
	if last < 0 || len(p.pieces[last])+len(sample)+1 > cap(p.pieces[last]) {
		p.pieces = append(p.pieces, make([]byte, 0, max(pieceSize, len(sample)+1)))
		last++
	}
	p.pieces[last] = append(append(p.pieces[last], sample...), '\n')
}

// End prints one family after the other.
func (g *gathered) End() error {
	for _, p := range g.families {
		if _, err := io.WriteString(g.w, p.head()); err != nil {
			return err
		}
		for _, piece := range p.pieces {
			var text strings.Builder
			for sample := range strings.Lines(string(piece)) {
				text.WriteString(p.called() + sample)
			}
			if _, err := io.WriteString(g.w, text.String()); err != nil {
				return err
			}
		}
	}
	_, err := io.WriteString(g.w, "# EOF\n")
	return err
}

// table is for people: how all is in the first line, and then a line each.
type table struct {
	w     io.Writer
	width int // of the names, in characters
	rows  []string
	well  int
	worst Piece // its state is OK: nothing is wrong
}

// maxColumn is how wide the column of names gets.
const maxColumn = 40

func newTable(w io.Writer, called []string) *table {
	t := &table{w: w}
	for _, name := range called {
		t.width = max(t.width, min(utf8.RuneCountInString(Clean(name)), maxColumn))
	}
	return t
}

func (t *table) Piece(name string, r verdict.Report, _ plan.Output) Piece {
	name = Clean(name)
	line := padded(r.State.String(), len("CRITICAL")) + "  " + padded(name, t.width) + "  " + clip(summed(&r), maxText)
	return Piece{text: untag(strings.TrimRight(line, " ")) + "\n", state: r.State, gravest: name + ": " + gravest(&r)}
}

func (t *table) Put(p Piece) error {
	t.rows = append(t.rows, p.text)
	if p.state == plan.OK {
		t.well++
	} else if verdict.Graver(p.state, t.worst.state) {
		t.worst = p
	}
	return nil
}

func (t *table) End() error {
	n := len(t.rows)
	first := strconv.Itoa(n) + " of " + strconv.Itoa(n) + " rows OK"
	if t.well < n {
		first = strconv.Itoa(n-t.well) + " of " + strconv.Itoa(n) + " rows failed, " + t.worst.gravest
	}
	_, err := io.WriteString(t.w, First(Label(t.worst.state)+first, 0, "")+"\n")
	for i := 0; i < len(t.rows) && err == nil; i++ {
		_, err = io.WriteString(t.w, t.rows[i])
	}
	return err
}
