package args

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/plan"
)

// outputOptions say how to report.
type outputOptions struct {
	verbose                int
	format, file, perfdata last
}

func (o *options) bindOutput(t table) {
	t.value(&o.format, "", "output-format")
	t.value(&o.file, "", "output-file")
	t.value(&o.perfdata, "", "perfdata")
}

// output fills in how to report.
func (o *options) output(p *plan.Plan, env Env) error {
	p.Output = plan.Output{Format: plan.Nagios, Verbose: min(max(o.verbose, 0), 3), File: o.file.text}
	if o.format.text != "" {
		p.Output.Format = plan.Format(o.format.text)
	}
	if !slices.Contains(plan.Formats, p.Output.Format) {
		return bad("--output-format", quote(o.format.text)+" is not a format", didYouMean(string(formatMeant(o.format.text)), texts(plan.Formats)))
	}
	if p.Output.Format == plan.Waterfall {
		fit(&p.Output, env)
	}
	if o.perfdata.text == "" {
		return nil
	}
	for name := range strings.SplitSeq(o.perfdata.text, ",") {
		label, err := metric("--perfdata", strings.TrimSpace(name))
		if err != nil {
			return err
		}
		p.Output.Perfdata = append(p.Output.Perfdata, label)
	}
	return nil
}

// fit fills in what a drawing has to fit: the width that the user says, else the
// terminal's, else that of a wide page. Colour is for terminals only, and not for
// those who asked for none (no-color.org).
func fit(out *plan.Output, env Env) {
	out.Width = 100
	if env.Terminal != nil {
		if columns, ok := env.Terminal(); ok && out.File == "" {
			out.Colour = env.Getenv("NO_COLOR") == "" && env.Getenv("TERM") != "dumb"
			if columns > 0 {
				out.Width = columns
			}
		}
	}
	if n, err := strconv.Atoi(env.Getenv("COLUMNS")); err == nil && n > 0 {
		out.Width = n
	}
}

// formatIn is the format that words of the form --name=value ask for, for when
// nothing else can be made of a command line: whoever reads the output can still
// read that.
func formatIn(given []string) plan.Format {
	format := plan.Nagios
	for _, text := range valuesOf(given, "output-format") {
		if slices.Contains(plan.Formats, plan.Format(text)) {
			format = plan.Format(text)
		}
	}
	return format
}

// Gist is what can be told of a command line that is not to be carried out:
// Output.Format and Output.File say where the answer belongs, Probe.Host and
// Probe.Port whom it is about; "" and 0: unknown; Probe.Timeout is how long it may
// take, and Limits.States what the user made of conditions. It does not look into
// ini files.
//
// The words are read as ever, so that no password is taken for a host.
func Gist(argv []string) plan.Plan {
	var p plan.Plan
	given := legible(argv)
	p.Output.Format = formatIn(given)
	p.Output.File = lastOf(given, "output-file")
	if host, err := checkHost(lastOf(given, "hostname")); err == nil {
		p.Probe.Host = host
	}
	if p.Probe.Host != "" && !strings.HasPrefix(p.Probe.Host, "/") {
		p.Probe.Port = gistPort(given)
	}
	p.Probe.Timeout = patience(given, &p)
	return p
}

// gistPort is the port of a run with these options; 0: it cannot be told.
func gistPort(given []string) int {
	text := lastOf(given, "port")
	mode := plan.TLSMode(lastOf(given, "tls-mode"))
	switch {
	case text != "":
		port, _ := portOf("", text, "")
		return port
	case mode.Implicit() || len(valuesOf(given, "ssl"))+len(valuesOf(given, "tls")) > 0:
		return tlsPort
	}
	return defaultPort
}

// patience is how long options let a run take, as far as that can be read, and
// notes what they say of states.
func patience(given []string, p *plan.Plan) time.Duration {
	var o options
	o.timeout.text = lastOf(given, "timeout")
	timeout, err := o.deadline(p)
	if err != nil {
		timeout = defaultTimeout
	}
	for _, text := range valuesOf(given, "state") {
		addState(p, text) // or not
	}
	return timeout
}

// maxNonsense is how many words that make no sense are passed over. To look for
// what each of them was meant to be takes a while.
const maxNonsense = 100

// legible are the options of a command line that can be read, each as
// --name=value; reading goes on behind words that make no sense.
func legible(argv []string) []string {
	o := newOptions()
	if own, err := o.centreonWords(argv); err == nil {
		argv = own
	}
	w := words{flags: o.flags, more: o.bindMore, mute: true}
	for n := 0; n < maxNonsense && w.read(argv) != nil; n++ {
		argv = w.rest
	}
	return w.options
}
