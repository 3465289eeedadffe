package render

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// centreonPlugin is the name that the Centreon plugin has.
const centreonPlugin = "apps::protocols::smtp::plugin"

// centreon prints the line of the Centreon plugin: the messages of each state
// behind its name, the gravest first, those that say that all is well only when
// it is. The blank before the perfdata stands there without perfdata, too.
func centreon(w io.Writer, r verdict.Report, o plan.Output) error {
	var b strings.Builder
	for _, s := range []plan.State{plan.Critical, plan.Warning, plan.Unknown, plan.OK} {
		var said []string
		for _, f := range r.Findings {
			if f.State == s && (s != plan.OK || r.State == plan.OK) {
				said = append(said, Clean(f.Text))
			}
		}
		if said != nil {
			b.WriteString(labelled(s, strings.Join(said, " - "), o) + " ")
		}
	}
	fields, left := centreonFields(r, o)
	out := clip(untag(b.String()), maxFirst)
	if note := leftOut(left); note != "" {
		out = clip(strings.TrimRight(out, " "), maxFirst-len(note+" ")) + note + " "
	}
	if fields != "" {
		out += "| " + fields
	}
	out += "\n"
	lines := centreonDetails(r, o)
	for i := range lines {
		lines[i] = untag(lines[i]) + "\n"
	}
	out += strings.Join(fit(lines, max(0, maxAll-len(out))), "")
	_, err := io.WriteString(w, out)
	return err
}

// labelled puts the name of a state before a text, unless that is not wanted.
func labelled(s plan.State, text string, o plan.Output) string {
	if o.Reshape != nil && o.Reshape.NoLabel {
		return text
	}
	return s.String() + ": " + text
}

// centreonFields are the perfdata, each field with all its semicolons, and how
// many of the last ones found no room.
func centreonFields(r verdict.Report, o plan.Output) (text string, left int) {
	for _, m := range r.Metrics {
		if !kept(m, o.Perfdata) {
			continue
		}
		label := "'" + strings.ReplaceAll(string(m.Label), "'", "''") + "'"
		longer := text + label + "=" + m.Format() + m.Unit + ";" + strings.Join(centreonLimits(m, o), ";") + " "
		if left > 0 || len(longer) > maxPerfdata {
			left++
			continue
		}
		text = longer
	}
	return strings.TrimSuffix(text, " "), left
}

// centreonLimits are warning, critical, minimum and maximum.
func centreonLimits(m verdict.Metric, o plan.Output) []string {
	whole := func(r *plan.Range) string {
		switch {
		case r == nil:
			return ""
		case o.Reshape != nil && o.Reshape.Ranges == plan.ShortRanges:
			return r.String()
		}
		return r.Whole()
	}
	return []string{whole(m.Warning), whole(m.Critical), number(m.Min), number(m.Max)}
}

// centreonDetails are what -v asks for; Centreon itself has nothing to say then.
// Findings stand in the first line already, remarks do not.
func centreonDetails(r verdict.Report, o plan.Output) []string {
	if o.Verbose == 0 {
		return nil
	}
	r.Findings = nil
	lines := append(append([]string(nil), r.Notes...), details(r, o.Verbose)...)
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return lines
}

// centreonDocument is what --output-json and --output-xml hold. All values are
// texts.
type centreonDocument struct {
	Name    string           `json:"name"`
	Mode    string           `json:"mode"`
	Exit    string           `json:"exit"`
	Outputs []centreonOutput `json:"outputs"`
	Fields  []centreonField  `json:"perfdatas"`
}

// centreonOutput is a message (type 1) or a line behind it (type 2, no exit).
type centreonOutput struct {
	Type int    `json:"type"`
	Exit string `json:"exit,omitempty"`
	Msg  string `json:"msg"`
}

type centreonField struct {
	Label    string `json:"label"`
	Value    string `json:"value"`
	Unit     string `json:"unit"`
	Warning  string `json:"warning"`
	Critical string `json:"critical"`
	Min      string `json:"min"`
	Max      string `json:"max"`
	Mode     string `json:"mode"`
}

func centreonDocumented(r verdict.Report, o plan.Output) centreonDocument {
	d := centreonDocument{Name: centreonPlugin, Exit: r.State.String(), Outputs: []centreonOutput{}, Fields: []centreonField{}}
	if o.Reshape != nil {
		d.Mode = string(o.Reshape.Name)
	}
	for _, f := range r.Findings {
		d.Outputs = append(d.Outputs, centreonOutput{1, f.State.String(), labelled(f.State, Clean(f.Text), o)})
	}
	for _, line := range centreonDetails(r, o) {
		d.Outputs = append(d.Outputs, centreonOutput{Type: 2, Msg: line})
	}
	for _, m := range r.Metrics {
		if kept(m, o.Perfdata) {
			l := centreonLimits(m, o)
			d.Fields = append(d.Fields, centreonField{string(m.Label), m.Format(), m.Unit, l[0], l[1], l[2], l[3], d.Mode})
		}
	}
	return d
}

func centreonJSON(w io.Writer, r verdict.Report, o plan.Output) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(map[string]centreonDocument{"plugin": centreonDocumented(r, o)})
}

// centreonXML prints the same in elements, written by hand: encoding/xml would
// add 250 kB to the program.
func centreonXML(w io.Writer, r verdict.Report, o plan.Output) error {
	d := centreonDocumented(r, o)
	x := outline{}
	x.text.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.open("plugin")
	x.leaf("name", d.Name)
	x.leaf("mode", d.Mode)
	x.leaf("exit", d.Exit)
	x.open("outputs")
	for _, out := range d.Outputs {
		x.open("output")
		x.leaf("type", strconv.Itoa(out.Type))
		if out.Exit != "" {
			x.leaf("exit", out.Exit)
		}
		x.leaf("msg", out.Msg)
		x.close("output")
	}
	x.close("outputs")
	x.open("perfdatas")
	for _, f := range d.Fields {
		x.open("perfdata")
		for _, part := range [][2]string{
			{"label", f.Label}, {"value", f.Value}, {"unit", f.Unit}, {"warning", f.Warning}, {"critical", f.Critical},
			{"min", f.Min}, {"max", f.Max}, {"mode", f.Mode},
		} {
			x.leaf(part[0], part[1])
		}
		x.close("perfdata")
	}
	x.close("perfdatas")
	x.close("plugin")
	_, err := io.WriteString(w, x.text.String())
	return err
}

// outline writes elements, those inside others two blanks further in.
type outline struct {
	text  strings.Builder
	depth int
}

func (x *outline) open(name string) {
	x.text.WriteString(strings.Repeat("  ", x.depth) + "<" + name + ">\n")
	x.depth++
}

func (x *outline) close(name string) {
	x.depth--
	x.text.WriteString(strings.Repeat("  ", x.depth) + "</" + name + ">\n")
}

func (x *outline) leaf(name, text string) {
	x.text.WriteString(strings.Repeat("  ", x.depth) + "<" + name + ">" + escapeXML(text) + "</" + name + ">\n")
}
