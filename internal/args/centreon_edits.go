package args

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"check_smtp/internal/centreon"
	"check_smtp/internal/plan"
)

// reshaped fills in what the operator wants changed of the report.
func (o *options) reshaped(p *plan.Plan) error {
	r := centreon.Edits{Precision: -1, NoPerfdata: bool(o.On("output-ignore-perfdata")), NoLabel: bool(o.On("output-ignore-label"))}
	r.Mode, _ = modeOf(o.Text("mode"), o.Text("dyn-mode")) // which called has checked
	if r.Name = r.Mode; r.Name == "" {
		r.Name = centreon.Login
		if p.Probe.Message != nil {
			r.Name = centreon.Message
		}
	}
	for _, read := range []func(*centreon.Edits) error{o.entries, o.filters, o.wordEdits, o.exitEdits, o.style} {
		if err := read(&r); err != nil {
			return err
		}
	}
	o.shape(p, r.Mode)
	if idle(&r) && !centreon.Is(p.Output.Format) {
		return nil
	}
	if r.When != nil && p.Output.Format != plan.Nagios && p.Output.Format != centreon.Line {
		return bad("--change-output-adv", "the format "+string(p.Output.Format)+" has no line to change", "leave it out, or give --change-exit")
	}
	// The numbers are chosen before they are renamed, so not by the renderer.
	r.Only, p.Output.Perfdata = p.Output.Perfdata, nil
	if r.Mode != "" && r.Only == nil {
		r.Only = []plan.Label{plan.Time}
	}
	o.edits = &r
	return nil
}

// idle says whether there is nothing to change.
func idle(r *centreon.Edits) bool {
	return r.Mode == "" && r.Precision < 0 && !r.NoPerfdata && !r.NoLabel && r.Ranges == centreon.WholeRanges &&
		r.Keep == nil && r.KeepIf == nil && r.Units == nil && r.Exit == nil &&
		len(r.Change)+len(r.Extend)+len(r.Group)+len(r.Explode)+len(r.Short)+len(r.Long)+len(r.When) == 0
}

// shape chooses the format. XML goes before JSON and that before OpenMetrics, as
// in the plugin; all of them go before --output-format.
func (o *options) shape(p *plan.Plan, mode centreon.Mode) {
	switch {
	case bool(o.On("output-xml")):
		p.Output.Format = centreon.XML
	case bool(o.On("output-json")):
		p.Output.Format = centreon.JSON
	case bool(o.On("output-openmetrics")):
		p.Output.Format = plan.OpenMetrics
	case mode != "" && o.Text("output-format") == "":
		p.Output.Format = centreon.Line
	}
}

// read reads the values of an option that are not empty.
func read[T any](option string, values []string, parse func(string) (T, error)) ([]T, error) {
	var all []T
	for _, text := range values {
		if text == "" {
			continue
		}
		v, err := parse(text)
		if err != nil {
			return nil, badEntry(option, text, err)
		}
		all = append(all, v)
	}
	return all, nil
}

func (o *options) entries(r *centreon.Edits) error {
	var err error
	if r.Change, err = read("--change-perfdata", o.All("change-perfdata"), centreon.ParseEdit); err != nil {
		return err
	}
	if r.Extend, err = read("--extend-perfdata", o.All("extend-perfdata"), centreon.ParseEdit); err != nil {
		return err
	}
	if r.Group, err = read("--extend-perfdata-group", o.All("extend-perfdata-group"), centreon.ParseGroup); err != nil {
		return err
	}
	r.Explode, err = read("--explode-perfdata-max", o.All("explode-perfdata-max"), centreon.ParseExplosion)
	return err
}

func (o *options) filters(r *centreon.Edits) error {
	var err error
	if r.Keep, err = pattern("--filter-perfdata", o.Text("filter-perfdata")); err != nil {
		return err
	}
	if r.Units, err = pattern("--filter-uom", o.Text("filter-uom")); err != nil || o.Text("filter-perfdata-adv") == "" {
		return err
	}
	r.KeepIf, err = centreon.ParseFilter(o.Text("filter-perfdata-adv"))
	if err != nil {
		return badEntry("--filter-perfdata-adv", o.Text("filter-perfdata-adv"), err)
	}
	return nil
}

// pattern compiles a pattern; an empty one is none.
func pattern(option, text string) (*regexp.Regexp, error) {
	if text == "" {
		return nil, nil
	}
	re, err := centreon.ParsePattern(text)
	if err != nil {
		return nil, badEntry(option, text, err)
	}
	return re, nil
}

func (o *options) wordEdits(r *centreon.Edits) error {
	var err error
	if r.Short, err = read("--change-short-output", o.All("change-short-output"), centreon.ParseSubstitution); err != nil {
		return err
	}
	if r.Long, err = read("--change-long-output", o.All("change-long-output"), centreon.ParseSubstitution); err != nil {
		return err
	}
	r.When, err = read("--change-output-adv", o.All("change-output-adv"), centreon.ParseOutcome)
	return err
}

func (o *options) exitEdits(r *centreon.Edits) error {
	var err error
	r.Exit, err = exits(o.Filled("change-exit"))
	return err
}

// exits reads FROM=TO.
func exits(values []string) (map[plan.State]int, error) {
	var codes map[plan.State]int
	for _, text := range values {
		from, to, _ := strings.Cut(text, "=")
		state, known := exitOf(strings.TrimSpace(from))
		code, ok := exitOf(strings.TrimSpace(to))
		if !known || !ok {
			return nil, bad("--change-exit", quote(text)+" is not STATE=STATE", knownExits)
		}
		if codes == nil {
			codes = make(map[plan.State]int)
		}
		codes[plan.State(state)] = code
	}
	return codes, nil
}

const knownExits = "the states are ok, warning, critical, unknown, pending or 0 to 4"

// exitOf reads a state or Centreon's pending, by its name or by its number.
func exitOf(word string) (int, bool) {
	if state, ok := parseState(word); ok {
		return int(state), true
	}
	if word == "4" {
		return 4, true
	}
	return centreon.ParseExit(word)
}

// style reads --range-perfdata and --float-precision.
func (o *options) style(r *centreon.Edits) error {
	switch text := o.Text("range-perfdata"); text {
	case "", "0":
	case "1":
		r.Ranges = centreon.ShortRanges
	case "2":
		r.Ranges = centreon.NoRanges
	default:
		return bad("--range-perfdata", quote(text)+" is not 0, 1 or 2", "give 1 for short ranges, 2 for none")
	}
	text := o.Text("float-precision")
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return bad("--float-precision", quote(text)+" is not a number of digits", "give a whole number, such as 3")
	}
	if n < 9 { // the clock has no more
		r.Precision = n
	}
	return nil
}

// badEntry says what is wrong with a pattern, an expression or an entry.
func badEntry(option, text string, err error) error {
	if re, ok := errors.AsType[*syntax.Error](err); ok {
		return bad(option, quote(text)+": "+quote(re.Expr)+" is not a regular expression: "+re.Code.String(),
			"the syntax is RE2, Perl's without look-around and back-references")
	}
	return bad(option, quote(text)+": "+err.Error(), seeHelp)
}
