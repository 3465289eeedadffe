package args

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

func (o *Set) output(p *plan.Plan) error {
	p.Output = plan.Output{Verbose: min(max(o.Count("verbose"), 0), 3), File: o.Text("output-file")}
	p.Output.Format = cmp.Or(plan.Format(o.choice("output-format")), plan.Nagios)
	if p.Output.Format == plan.Waterfall || p.Output.Format == plan.Nagios && p.Output.Verbose > 0 {
		o.fit(&p.Output)
	}
	o.receiver(&p.Output)
	if o.Text("perfdata") == "" {
		return o.wrong
	}
	for name := range strings.SplitSeq(o.Text("perfdata"), ",") {
		label := plan.Label(strings.TrimSpace(name))
		if !label.TargetOwn() || p.Targets == nil {
			o.fail(checkMetric("perfdata", label))
		}
		p.Output.Perfdata = append(p.Output.Perfdata, label)
	}
	return o.wrong
}

// fit fills in what a drawing has to fit: the width that the user says, else the
// terminal's, else that of a wide page. Its colour is for terminals only, and not for
// those who asked for none (no-color.org). The lines of -v fit a terminal, and stay
// whole elsewhere: pollers read them line by line, whatever COLUMNS says.
func (o *Set) fit(out *plan.Output) {
	columns, isTerminal := 0, false
	if o.env.Terminal != nil && out.File == "" {
		columns, isTerminal = o.env.Terminal()
	}
	isDrawn := out.Format == plan.Waterfall
	out.Colour = isDrawn && isTerminal && o.env.Getenv("NO_COLOR") == "" && o.env.Getenv("TERM") != "dumb"
	said, err := strconv.Atoi(o.env.Getenv("COLUMNS"))
	switch {
	case !isDrawn && !isTerminal:
	case err == nil && said > 0:
		out.Width = said
	case isTerminal && columns > 0:
		out.Width = columns
	default:
		out.Width = 100
	}
}

// Gist is what can be told of a command line that is not to be carried out:
// Output.Format and Output.File say where the answer belongs, Probe.Host and
// Probe.Port whom it is about; "" and 0: unknown; Probe.Timeout is how long it may
// take, and Limits.States what the user made of conditions. It does not look into
// ini files.
func Gist(given *option.Set) plan.Plan {
	var p plan.Plan
	o := &Set{Set: given}
	p.Output.Format = plan.Nagios
	for _, text := range o.All("output-format") { // whoever reads the output can still read that
		if slices.Contains(plan.Formats, plan.Format(text)) {
			p.Output.Format = plan.Format(text)
		}
	}
	if p.Output.File = o.Text("output-file"); p.Output.File == o.Text("targets") { // never over the list
		p.Output.File = ""
	}
	if p.Output.Format.Passive() {
		p.Output.Service, _ = o.service(p.Output.Format)
	}
	if host, err := checkHost(o.Text("hostname")); err == nil {
		p.Probe.Host = host
	}
	if p.Probe.Host != "" && !strings.HasPrefix(p.Probe.Host, "/") {
		p.Probe.Port = o.impliedPort()
		if text := o.Text("port"); text != "" {
			p.Probe.Port = portIn(strings.TrimSpace(text)) // 0: it is none
		}
	}
	var err error
	if p.Probe.Timeout, err = o.deadline(&p); err != nil {
		p.Probe.Timeout = plan.DefaultTimeout
	}
	for _, text := range o.All("state") {
		addState(&p, text) // or not
	}
	return p
}
