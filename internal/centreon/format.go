package centreon

import (
	"slices"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/verdict"
)

// The formats of the Centreon plugin. Its fourth one is OpenMetrics, ours being
// valid.
const (
	Line plan.Format = "centreon"      // OK: Response time 0.002 second(s) | 'time'=0.002s;;;;
	JSON plan.Format = "centreon-json" // what --output-json prints
	XML  plan.Format = "centreon-xml"  // what --output-xml prints
)

// Formats lists them.
var Formats = []plan.Format{Line, JSON, XML}

// Is says whether a format is one of Centreon's.
func Is(f plan.Format) bool { return slices.Contains(Formats, f) }

// For is the renderer of a format; nil: it is none of Centreon's. The edits may be
// nil.
func For(f plan.Format, e *Edits) render.Renderer {
	if e == nil {
		e = &Edits{}
	}
	switch f {
	case Line:
		return func(r verdict.Report, o plan.Output) []byte {
			lines, perfdata := e.lines(r, o)
			return render.Lay(&r, lines, perfdata)
		}
	case JSON:
		return e.asJSON
	case XML:
		return func(r verdict.Report, o plan.Output) []byte {
			return render.Elements("plugin", e.documented(r, o), true)
		}
	}
	return nil
}

// lines are the parts of the plugin's line: the messages of each state behind its
// name, the gravest first, those that say that all is well only when it is. The
// blank before the perfdata stands there without perfdata, too.
func (e *Edits) lines(r verdict.Report, o plan.Output) (verdict.Lines, []byte) {
	var groups []string
	for _, s := range []plan.State{plan.Critical, plan.Warning, plan.Unknown, plan.OK} {
		var said []string
		for _, f := range r.Findings {
			if f.State == s && (s != plan.OK || r.State == plan.OK) {
				said = append(said, render.Clean(f.Text))
			}
		}
		if said != nil {
			groups = append(groups, e.labelled(s, strings.Join(said, " - ")))
		}
	}
	perfdata, left := render.Perfdata("| ", r.Metrics, o.Perfdata, e.field)
	first := render.First(strings.Join(groups, " "), left, " ")
	return verdict.Lines{First: first, Rest: render.Rest(details(r, o), len(first)+len(perfdata))}, perfdata
}

// labelled puts the name of a state before a text, unless that is not wanted.
func (e *Edits) labelled(s plan.State, text string) string {
	if e.NoLabel {
		return text
	}
	return s.String() + ": " + text
}

// field appends a metric with all its semicolons. What an operator calls it may hold
// anything.
func (e *Edits) field(b []byte, m *verdict.Metric) []byte {
	label := strings.NewReplacer("'", "''", `\`, "/").Replace(string(m.Label))
	b = append(b, "'"+label+"'="+m.Format()+m.Unit...)
	for _, end := range e.limits(m) {
		b = append(append(b, ';'), end...)
	}
	return b
}

// limits are warning, critical, minimum and maximum.
func (e *Edits) limits(m *verdict.Metric) [4]string {
	text := whole
	if e.Ranges == ShortRanges {
		text = render.Threshold
	}
	return [4]string{text(m.Warning), text(m.Critical), render.Number(m.Min), render.Number(m.Max)}
}

// whole is a range as Centreon writes it, both ends of it told: 0:1 for 1; "":
// there is none.
func whole(r *plan.Range) string {
	text := render.Threshold(r)
	if text == "" || strings.Contains(text, ":") {
		return text
	}
	if rest, inside := strings.CutPrefix(text, "@"); inside {
		return "@0:" + rest
	}
	return "0:" + text
}

// details are what -v asks for, and which targets there are; Centreon itself has
// nothing to say then. Findings stand in the first line already, remarks do not.
func details(r verdict.Report, o plan.Output) []string {
	r.Findings = nil
	if o.Verbose == 0 {
		return render.Details(&r, 0, 0)
	}
	return append(slices.Clone(r.Notes), render.Details(&r, o.Verbose, 0)...)
}

// document is what --output-json and --output-xml hold. All values are texts.
type document struct {
	Name    string   `json:"name"`
	Mode    string   `json:"mode"`
	Exit    string   `json:"exit"`
	Outputs []output `json:"outputs"`
	Fields  []field  `json:"perfdatas"`
}

// output is a message (type 1) or a line behind it (type 2, no exit).
type output struct {
	Type int    `json:"type"`
	Exit string `json:"exit,omitempty"`
	Msg  string `json:"msg"`
}

// maxOutputs is how many of each type there are at most. Others decide how much there
// is to say.
const maxOutputs = 1000

type field struct {
	Label    string `json:"label"`
	Value    string `json:"value"`
	Unit     string `json:"unit"`
	Warning  string `json:"warning"`
	Critical string `json:"critical"`
	Min      string `json:"min"`
	Max      string `json:"max"`
	Mode     string `json:"mode"`
}

func (e *Edits) documented(r verdict.Report, o plan.Output) document {
	d := document{"apps::protocols::smtp::plugin", string(e.Name), r.State.String(), []output{}, []field{}}
	for _, f := range r.Findings[:min(len(r.Findings), maxOutputs)] {
		d.Outputs = append(d.Outputs, output{1, f.State.String(), e.labelled(f.State, render.Clean(f.Text))})
	}
	lines := details(r, o)
	for _, line := range lines[:min(len(lines), maxOutputs)] {
		d.Outputs = append(d.Outputs, output{Type: 2, Msg: render.Clean(line)})
	}
	for _, m := range render.Kept(r.Metrics, o.Perfdata) {
		l := e.limits(m)
		d.Fields = append(d.Fields, field{string(m.Label), m.Format(), m.Unit, l[0], l[1], l[2], l[3], d.Mode})
	}
	return d
}

func (e *Edits) asJSON(r verdict.Report, o plan.Output) []byte {
	return render.Encode(map[string]document{"plugin": e.documented(r, o)})
}
