package centreon

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// Edit makes a metric of others. Its fields are applied after its method, but
// for a maximum that the method needs.
type Edit struct {
	search *regexp.Regexp // which labels; nil: one metric of all (Group only)
	label  string         // what takes the place of search's match, in Go's syntax; "": the label stays
	method method
	unit   string   // "": the method's
	min    *float64 // nil: the method's
	max    *float64
	limits [2]threshold // warning, critical; nil: the method's
}

// threshold is one for a metric with this maximum, where there was another one.
type threshold func(most *float64, was *plan.Range) *plan.Range

// method is what an entry does to a number.
type method struct {
	name  string                  // "": nothing
	alter func(*verdict.Metric)   // nil: it counts
	count func([]float64) float64 // of all metrics whose label matches over
	over  string                  // in Go's syntax of templates if there is a search
}

// parseEdit reads SEARCH,NEWLABEL,METHOD,UNIT,MIN,MAX,WARNING,CRITICAL, an entry
// of --change-perfdata and --extend-perfdata. What is missing or empty leaves
// things as they are.
func parseEdit(text string) (Edit, error) {
	e, part, err := partsOf(text)
	if err == nil && part[0] == "" {
		return e, errors.New("it begins with the pattern of a label, and there is none")
	}
	return e, err
}

// parseGroup reads an entry of --extend-perfdata-group: the same with a method
// that counts. Without a SEARCH it makes one metric, else one for each label.
func parseGroup(text string) (Edit, error) {
	e, part, err := partsOf(text)
	switch {
	case err != nil:
		return e, err
	case e.method.count == nil:
		return e, fmt.Errorf("%q is none of min(REGEX), max(REGEX), average(REGEX) and sum(REGEX)", short(part[2]))
	case part[0] == "":
		e.search = nil
	}
	if e.label == "" {
		return e, errors.New("the new label, its second part, is missing")
	}
	return e, nil
}

// partsOf reads an entry, and tells its parts.
func partsOf(text string) (Edit, []string, error) {
	part := strings.Split(text, ",")
	if len(part) > 8 {
		return Edit{}, nil, errors.New("it has more than 8 parts; a part cannot hold a comma")
	}
	part = append(part, make([]string, 8-len(part))...)
	at := func(i int) string { return strings.TrimSpace(part[i]) }
	e := Edit{unit: at(3)}
	errs := [8]error{3: checkUnit(e.unit)}
	e.search, errs[0] = compilePerl(at(0))
	e.label, errs[1] = template(at(1))
	e.method, errs[2] = parseMethod(at(2), part[0] != "")
	e.min, errs[4] = parseNumber(at(4))
	e.max, errs[5] = parseNumber(at(5))
	e.limits[0], errs[6] = parseLimit(at(6))
	e.limits[1], errs[7] = parseLimit(at(7))
	return e, part, cmp.Or(errs[:]...)
}

// checkUnit refuses a unit that could be read as part of the number before it or
// of the field behind it.
func checkUnit(unit string) error {
	strange := func(r rune) bool { return !isWord(r) && !isDigit(r) && !strings.ContainsRune("%/-", r) }
	if len(unit) > 20 || strings.ContainsFunc(unit, strange) || unit != "" && (isDigit(rune(unit[0])) || unit[0] == '-') {
		return fmt.Errorf("%q is not a unit such as s, ms, B or %%", short(unit))
	}
	return nil
}

func parseNumber(text string) (*float64, error) {
	if text == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "+-.0123456789") != "" || math.Abs(v) >= 1e15 {
		return nil, fmt.Errorf("%q is not a number", short(text))
	}
	return &v, nil
}

// parseLimit reads a range, or N% of the maximum; of one that is not known it is
// none, and what was there stays.
func parseLimit(text string) (threshold, error) {
	if text == "" {
		return nil, nil
	}
	share, ok := strings.CutSuffix(text, "%")
	if !ok {
		r, err := plan.ParseRange(text)
		return func(*float64, *plan.Range) *plan.Range { return &r }, err
	}
	v, err := parseNumber(share)
	if err != nil || v == nil || *v <= 0 {
		return nil, fmt.Errorf("%q is not a share of the maximum such as 80%%", short(text))
	}
	return func(most *float64, was *plan.Range) *plan.Range {
		if most == nil {
			return was
		}
		return &plan.Range{End: tidy(max(0, *most**v/100))}
	}, nil
}

// parseMethod reads NAME(ARGUMENT). A pattern in it is a template when there is
// a search to take groups from.
func parseMethod(text string, groups bool) (method, error) {
	if text == "" {
		return method{alter: func(*verdict.Metric) {}}, nil
	}
	name, arg, ok := strings.Cut(text, "(")
	arg, closed := strings.CutSuffix(arg, ")")
	x := method{name: strings.TrimSpace(name)}
	var err error
	switch {
	case x.name == "eval":
		return x, errors.New("eval runs code, which this program does not do: calculate with math(current * 1000)")
	case !ok || !closed:
		return x, fmt.Errorf("%q is not METHOD(ARGUMENT)", short(text))
	}
	switch x.name {
	case "invert":
		x.alter = invert
	case "percent":
		x.alter = percent
	case "scale":
		x.alter, err = scale(arg)
	case "math":
		x.alter, err = calculation(arg)
	case "min":
		x.count = slices.Min[[]float64]
	case "max":
		x.count = slices.Max[[]float64]
	case "average":
		x.count = func(v []float64) float64 { return sum(v) / float64(len(v)) }
	case "sum":
		x.count = func(v []float64) float64 { return tidy(sum(v)) }
	default:
		err = fmt.Errorf("%q is not a method, which are invert, percent, scale, math, min, max, average and sum", short(x.name))
	}
	if x.count != nil {
		x.over, err = overPattern(arg, groups)
	}
	return x, err
}

func sum(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}

// overPattern reads the pattern of the labels that count. Groups of the search
// are filled in later, each by some text taken literally.
func overPattern(text string, groups bool) (string, error) {
	if !groups {
		_, err := compilePerl(text)
		return text, err
	}
	var b, sample strings.Builder
	for text != "" {
		group, rest := groupOf(text)
		if group == "" || text[0] == '\\' { // in a pattern \1 is a back-reference, which RE2 refuses
			b.WriteString(strings.ReplaceAll(text[:1], "$", "$$"))
			sample.WriteByte(text[0])
			text = text[1:]
			continue
		}
		b.WriteString("${" + group + "}")
		sample.WriteByte('x')
		text = rest
	}
	_, err := compilePerl(sample.String())
	return b.String(), err
}

// Explosion makes a metric of another one's maximum.
type Explosion struct {
	Search *regexp.Regexp // nil: every metric that has one
	Label  string         // in Go's syntax; "": the label of the metric and _max
}

// parseExplosion reads REGEX,NEWLABEL; "all" is every metric that has a maximum.
func parseExplosion(text string) (Explosion, error) {
	if text == "all" {
		return Explosion{}, nil
	}
	pattern, label, ok := strings.Cut(text, ",")
	if !ok || pattern == "" || label == "" || strings.Contains(label, ",") {
		return Explosion{}, errors.New("it is not REGEX,NEWLABEL")
	}
	var e Explosion
	var err error
	if e.Search, err = compilePerl(pattern); err != nil {
		return e, err
	}
	e.Label, err = template(label)
	return e, err
}

// parseFilter reads what must be true of the metrics that stay.
func parseFilter(text string) (*Expr, error) {
	return parseExpr(text, "label", "value", "unit", "warning", "critical", "min", "max", "alert_triggered()")
}
