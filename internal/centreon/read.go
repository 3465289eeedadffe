package centreon

import (
	"errors"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// Edits reads what the operator wants changed of the report; nil: nothing. It is the
// last to fill in the plan: it chooses the format, and the metrics in place of the
// renderer, as they are chosen before they are renamed.
func (o *Call) Edits(p *plan.Plan) (*Edits, error) {
	set := o.Set
	r := reader{Set: set}
	e := Edits{
		Change:  all(&r, "change-perfdata", parseEdit),
		Extend:  all(&r, "extend-perfdata", parseEdit),
		Group:   all(&r, "extend-perfdata-group", parseGroup),
		Explode: all(&r, "explode-perfdata-max", parseExplosion),

		Keep:   one(&r, "filter-perfdata", compilePerl),
		Units:  one(&r, "filter-uom", compilePerl),
		KeepIf: one(&r, "filter-perfdata-adv", parseFilter),

		Short: all(&r, "change-short-output", ParseSubstitution),
		Long:  all(&r, "change-long-output", ParseSubstitution),
		When:  all(&r, "change-output-adv", parseOutcome),

		NoPerfdata: set.On("output-ignore-perfdata"),
		NoLabel:    set.On("output-ignore-label"),
	}
	var err error
	e.Exit, err = Exits(set)
	r.note("", "", err)
	e.Ranges = one(&r, "range-perfdata", parseStyle)
	e.Precision = one(&r, "float-precision", parsePrecision)
	e.Mode, err = ModeOf(set)
	r.note("", "", err)
	if e.shape(o, p); r.err != nil || e.idle() && !Is(p.Output.Format) {
		return nil, r.err
	}
	if f := p.Output.Format; e.When != nil && f != plan.Nagios && f != Line {
		return nil, option.Bad("--change-output-adv", "the format "+string(f)+" has no line to change", "leave it out, or give --change-exit")
	}
	e.Only, p.Output.Perfdata = p.Output.Perfdata, nil
	if e.Mode != "" && e.Only == nil {
		e.Only = []plan.Label{plan.Time}
	}
	return &e, nil
}

// idle says whether there is nothing to change.
func (e *Edits) idle() bool {
	return e.Mode == "" && e.Precision == nil && !e.NoPerfdata && !e.NoLabel && e.Ranges == WholeRanges &&
		e.Keep == nil && e.KeepIf == nil && e.Units == nil && e.Exit == nil &&
		len(e.Change)+len(e.Extend)+len(e.Group)+len(e.Explode)+len(e.Short)+len(e.Long)+len(e.When) == 0
}

// shape chooses the format, and the mode that it names. XML goes before JSON and that
// before OpenMetrics, as in the plugin; all of them go before --output-format.
func (e *Edits) shape(o *Call, p *plan.Plan) {
	if e.Name = e.Mode; e.Name == "" {
		e.Name = Login
		if p.Probe.Message != nil {
			e.Name = Message
		}
	}
	switch {
	case o.On("output-xml"):
		p.Output.Format = XML
	case o.On("output-json"):
		p.Output.Format = JSON
	case o.On("output-openmetrics"):
		p.Output.Format = plan.OpenMetrics
	case o.format != "":
		p.Output.Format = o.format
	case e.Mode != "" && o.Text("output-format") == "":
		p.Output.Format = Line
	}
}

// reader reads values until the first one that is wrong, and keeps that error.
type reader struct {
	*option.Set
	err error
}

// all reads the values of an option that are not empty.
func all[T any](r *reader, name string, parse func(string) (T, error)) []T {
	var list []T
	for _, text := range r.Filled(name) {
		v, err := parse(text)
		r.note(name, text, err)
		list = append(list, v)
	}
	return list
}

// one reads the last value of an option; an empty one is none.
func one[T any](r *reader, name string, parse func(string) (T, error)) (v T) {
	if text := r.Text(name); text != "" {
		var err error
		v, err = parse(text)
		r.note(name, text, err)
	}
	return v
}

// note says what is wrong with a value, unless the error does so already.
func (r *reader) note(name, text string, err error) {
	if r.err != nil || err == nil {
		return
	}
	r.err = err
	if _, whole := errors.AsType[*option.Error](err); whole {
		return
	}
	problem, hint := err.Error(), option.SeeHelp
	if re, ok := errors.AsType[*syntax.Error](err); ok {
		problem = option.Quote(re.Expr) + " is not a regular expression: " + re.Code.String()
		hint = "the syntax is RE2, Perl's without look-around and back-references"
	}
	r.err = option.Bad("--"+name, option.Quote(text)+": "+problem, hint)
}

// ModeOf reads --mode, or the last part of --dyn-mode; "": neither is given.
func ModeOf(set *option.Set) (Mode, error) {
	name, at := set.Text("mode"), "--mode"
	if module := set.Text("dyn-mode"); name == "" && module != "" {
		name, at = module[strings.LastIndex(module, ":")+1:], "--dyn-mode"
	}
	if name != "" && !slices.Contains(Modes, Mode(name)) {
		return "", option.Bad(at, "mode '"+strings.Trim(option.Quote(name), `"`)+"' doesn't exist", "the modes are login and message")
	}
	return Mode(name), nil
}

// Exits reads FROM=TO of --change-exit; nil: nothing is changed.
func Exits(set *option.Set) (map[plan.State]int, error) {
	var codes map[plan.State]int
	for _, text := range set.Filled("change-exit") {
		from, to, _ := strings.Cut(text, "=")
		state, known := ExitOf(strings.TrimSpace(from))
		code, ok := ExitOf(strings.TrimSpace(to))
		if !known || !ok {
			return nil, option.Bad("--change-exit", option.Quote(text)+" is not STATE=STATE", KnownExits)
		}
		if codes == nil {
			codes = make(map[plan.State]int)
		}
		codes[plan.State(state)] = code
	}
	return codes, nil
}

// KnownExits is the hint for a word that ExitOf does not know.
const KnownExits = "the states are ok, warning, critical, unknown, pending or 0 to 4"

// ExitOf reads a state or Centreon's pending, by its name or by its number.
func ExitOf(word string) (int, bool) {
	if len(word) == 1 && word[0] >= '0' && word[0] <= '4' {
		return int(word[0] - '0'), true
	}
	return namedExit(word)
}

// namedExit reads the name of a state, or Centreon's pending, which is 4.
func namedExit(word string) (int, bool) {
	for _, s := range plan.States {
		if strings.EqualFold(word, s.String()) {
			return int(s), true
		}
	}
	return 4, strings.EqualFold(word, "pending")
}

// parseStyle reads --range-perfdata.
func parseStyle(text string) (RangeStyle, error) {
	i := slices.Index([]string{"0", "1", "2"}, text)
	if i < 0 {
		return 0, option.Bad("--range-perfdata", option.Quote(text)+" is not 0, 1 or 2", "give 1 for short ranges, 2 for none")
	}
	return RangeStyle(i), nil
}

// parsePrecision reads --float-precision.
func parsePrecision(text string) (*int, error) {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < 0:
		return nil, option.Bad("--float-precision", option.Quote(text)+" is not a number of digits", "give a whole number, such as 3")
	case n >= 9: // the clock has no more
		return nil, nil
	}
	return &n, nil
}
