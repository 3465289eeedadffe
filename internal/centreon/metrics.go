package centreon

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// What the entries can make of a handful of metrics is bounded: each of them may
// double their number, or the length of a label.
const (
	maxMetrics = 1000
	maxLabel   = 200 // bytes
)

// editor edits the metrics of one report.
type editor struct {
	edits   *Edits
	free    bool // a label may hold any character: the format quotes it
	metrics []verdict.Metric
	notes   []string
}

// edit applies everything in Centreon's order.
func (e *editor) edit() {
	s := e.edits
	if s.Only != nil {
		e.retain(func(m verdict.Metric) bool { return slices.Contains(s.Only, m.Label) })
	}
	for _, entry := range s.Change {
		e.change(entry)
	}
	for _, entry := range s.Extend {
		e.extend(entry)
	}
	for _, entry := range s.Group {
		e.group(entry)
	}
	for _, x := range s.Explode {
		e.explode(x)
	}
	if s.Keep != nil {
		e.retain(func(m verdict.Metric) bool { return s.Keep.MatchString(string(m.Label)) })
	}
	if s.KeepIf != nil {
		e.retain(func(m verdict.Metric) bool { return s.KeepIf.True(facets(m)) })
	}
	for i := range e.metrics {
		e.finish(&e.metrics[i])
	}
	if !e.free {
		e.unique()
	}
}

// retain keeps the metrics of which ok holds.
func (e *editor) retain(ok func(verdict.Metric) bool) {
	e.metrics = slices.DeleteFunc(e.metrics, func(m verdict.Metric) bool { return !ok(m) })
}

// add appends a metric, unless there are too many.
func (e *editor) add(m verdict.Metric) {
	if len(e.metrics) < maxMetrics {
		e.metrics = append(e.metrics, m)
	}
}

// finish applies what concerns a metric alone.
func (e *editor) finish(m *verdict.Metric) {
	if e.edits.Units != nil && !e.edits.Units.MatchString(m.Unit) {
		m.Unit = ""
	}
	if e.edits.Ranges == NoRanges {
		m.Warning, m.Critical = nil, nil
	}
	if !e.free {
		m.Label = plain(m.Label)
	}
}

// plain is a label that no format has to quote.
func plain(l plan.Label) plan.Label {
	return plan.Label(strings.Map(func(r rune) rune {
		if r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, string(l)))
}

// unique drops a metric whose label has occurred, which most formats forbid.
func (e *editor) unique() {
	seen := make(map[plan.Label]bool, len(e.metrics))
	e.retain(func(m verdict.Metric) bool {
		first := !seen[m.Label]
		seen[m.Label] = true
		return first && m.Label != ""
	})
}

// facets are what an expression may ask of a metric, as they are printed.
func facets(m verdict.Metric) Lookup {
	return func(name string) Value {
		switch name {
		case "label":
			return TextValue(string(m.Label))
		case "value":
			return NumberValue(shown(m))
		case "unit":
			return TextValue(m.Unit)
		case "warning":
			return TextValue(whole(m.Warning))
		case "critical":
			return TextValue(whole(m.Critical))
		case "min":
			return numberText(m.Min)
		case "max":
			return numberText(m.Max)
		}
		alert := violates(m.Warning, shown(m)) || violates(m.Critical, shown(m)) // alert_triggered()
		if alert {
			return NumberValue(1)
		}
		return NumberValue(0)
	}
}

func numberText(v *float64) Value {
	if v == nil {
		return TextValue("")
	}
	return NumberValue(*v)
}

func violates(r *plan.Range, v float64) bool { return r != nil && r.Violated(v) }

// shown is the value as it is printed: what the operator sees is what is
// calculated with.
func shown(m verdict.Metric) float64 {
	v, err := strconv.ParseFloat(m.Format(), 64)
	if err != nil {
		return m.Value
	}
	return v
}

// change replaces the metrics that an entry is about.
func (e *editor) change(entry Edit) {
	for i, m := range e.metrics {
		if label, ok := relabel(entry, m.Label); ok {
			e.metrics[i] = e.changed(m, entry, label)
		}
	}
}

// extend adds a changed copy of each metric that an entry is about.
func (e *editor) extend(entry Edit) {
	for _, m := range slices.Clone(e.metrics) {
		if label, ok := relabel(entry, m.Label); ok {
			e.add(e.changed(m, entry, label))
		}
	}
}

// relabel is the label that an entry makes of another one, and whether it is
// about that one at all.
func relabel(entry Edit, l plan.Label) (plan.Label, bool) {
	return substitute(entry.Search, entry.Label, l)
}

// substitute puts a template in the place of the first match.
func substitute(re *regexp.Regexp, template string, l plan.Label) (plan.Label, bool) {
	at := re.FindStringSubmatchIndex(string(l))
	switch {
	case at == nil:
		return l, false
	case template == "":
		return l, true
	}
	middle := re.ExpandString(nil, template, string(l), at)
	text := string(l[:at[0]]) + string(middle) + string(l[at[1]:])
	if len(text) > maxLabel {
		text = strings.ToValidUTF8(text[:maxLabel], "")
	}
	return plan.Label(text), true
}

// changed is what an entry makes of a metric. A result that is no number leaves
// the metric as it was, and is told.
func (e *editor) changed(m verdict.Metric, entry Edit, label plan.Label) verdict.Metric {
	was := m
	if entry.Max != nil && (entry.Method.Kind == MethodPercent || entry.Method.Kind == MethodInvert) {
		m.Max = entry.Max // what the method needs and the metric may not have
	}
	m = e.apply(entry.Method, m)
	if !usable(m.Value) {
		e.notes = append(e.notes, string(was.Label)+": "+string(entry.Method.Kind)+" gives no number")
		m = was
	}
	m.Label = label
	return dress(m, entry)
}

// dress fills in the fields that stand behind the method.
func dress(m verdict.Metric, entry Edit) verdict.Metric {
	if entry.Unit != "" {
		m.Unit = entry.Unit
	}
	if entry.Min != nil {
		m.Min = entry.Min
	}
	if entry.Max != nil && entry.Method.Kind != MethodPercent {
		m.Max = entry.Max
	}
	for i, field := range []**plan.Range{&m.Warning, &m.Critical} {
		if limit := entry.Limits[i]; limit != nil {
			*field = limitOf(*limit, m.Max, *field)
		}
	}
	return m
}

// limitOf is a threshold of an entry. A share of a maximum that is not known is
// none, and what was there stays.
func limitOf(l Limit, most *float64, was *plan.Range) *plan.Range {
	switch {
	case l.Percent == 0:
		return &l.Range
	case most == nil:
		return was
	}
	return &plan.Range{End: tidy(max(0, *most*l.Percent/100))}
}

// apply carries out a method. The result may be no number.
func (e *editor) apply(method Method, m verdict.Metric) verdict.Metric {
	switch method.Kind {
	case MethodNone:
		return m
	case MethodInvert:
		return invert(m)
	case MethodPercent:
		return percent(m)
	case MethodScale:
		return scale(m, method.Unit)
	case MethodMath:
		return calculate(m, method)
	}
	if v, ok := count(e.metrics, method.Kind, method.Over); ok {
		m.Value, m.Digits = v, digitsOf(method.Kind)
	}
	return m
}

// invert counts from the maximum down. Without one it does nothing.
func invert(m verdict.Metric) verdict.Metric {
	if m.Max == nil {
		return m
	}
	most := *m.Max
	m.Value, m.Digits = tidy(most-shown(m)), -1
	mirror := func(r *plan.Range) *plan.Range {
		return mapped(r, func(v float64) float64 { return most - v })
	}
	m.Warning, m.Critical = mirror(m.Warning), mirror(m.Critical)
	return m
}

// percent counts in hundredths of the maximum. Without one it does nothing.
func percent(m verdict.Metric) verdict.Metric {
	if m.Max == nil || *m.Max == 0 {
		return m
	}
	share := func(v float64) float64 { return v * 100 / *m.Max }
	m.Value, m.Digits, m.Unit = share(shown(m)), 2, "%"
	m.Warning, m.Critical = mapped(m.Warning, share), mapped(m.Critical, share)
	m.Max = new(float64)
	*m.Max = 100
	return m
}

// scale tells bytes or bits in another unit; anything else stays.
func scale(m verdict.Metric, unit string) verdict.Metric {
	from, ok := ParseUnit(m.Unit)
	if !ok {
		return m
	}
	to, ok := ParseUnit(unit)
	if !ok { // auto
		to = from.Fitting(shown(m) * from.Size())
	}
	other := func(v float64) float64 { return v * from.Size() / to.Size() }
	m.Value, m.Digits, m.Unit = other(shown(m)), 2, to.String()
	m.Warning, m.Critical = mapped(m.Warning, other), mapped(m.Critical, other)
	m.Min, m.Max = through(m.Min, other), through(m.Max, other)
	return m
}

// calculate puts the value through a formula, and the thresholds, too, if that
// was asked for.
func calculate(m verdict.Metric, method Method) verdict.Metric {
	formula := func(v float64) float64 {
		return method.Expr.Number(func(string) Value { return NumberValue(v) })
	}
	m.Value, m.Digits = tidy(formula(shown(m))), -1
	if method.Thresholds {
		m.Warning, m.Critical = mapped(m.Warning, formula), mapped(m.Critical, formula)
	}
	return m
}

// mapped puts both ends of a range through a function; one that turns numbers
// round turns the ends round. An open end stays open.
func mapped(r *plan.Range, f func(float64) float64) *plan.Range {
	if r == nil {
		return nil
	}
	falling := f(1) < f(0)
	end := func(v float64) float64 {
		switch {
		case !math.IsInf(v, 0):
			return tidy(f(v))
		case falling:
			return -v
		}
		return v
	}
	n := plan.Range{Start: end(r.Start), End: end(r.End), Inside: r.Inside}
	if falling {
		n.Start, n.End = n.End, n.Start
	}
	if !sound(n) {
		return nil
	}
	return &n
}

// sound says whether a range can be printed and read again.
func sound(r plan.Range) bool {
	fine := func(v float64) bool { return math.IsInf(v, 0) || usable(v) }
	return fine(r.Start) && fine(r.End) && r.Start <= r.End && !math.IsInf(r.Start, 1) && !math.IsInf(r.End, -1)
}

func through(v *float64, f func(float64) float64) *float64 {
	if v == nil {
		return nil
	}
	n := tidy(f(*v))
	return &n
}

// group adds metrics that count others: one of all, or one for each label that
// the search finds.
func (e *editor) group(entry Edit) {
	counted := slices.Clone(e.metrics) // not what the entry itself adds
	if entry.Search == nil {
		e.total(entry, plan.Label(strings.ReplaceAll(entry.Label, "$$", "$")), counted, entry.Method.Over)
		return
	}
	made := map[plan.Label]bool{}
	for _, m := range counted {
		label, ok := relabel(entry, m.Label)
		if ok && !made[label] {
			made[label] = true
			e.total(entry, label, counted, literal(entry.Search, entry.Method.Over, string(m.Label)))
		}
	}
}

// total adds one metric, if there is something to count.
func (e *editor) total(entry Edit, label plan.Label, metrics []verdict.Metric, over string) {
	v, ok := count(metrics, entry.Method.Kind, over)
	if !ok || !usable(v) {
		return
	}
	e.add(dress(verdict.Metric{Label: label, Value: v, Digits: digitsOf(entry.Method.Kind)}, entry))
}

// literal fills the groups of a search into a template, each as a pattern that
// matches just its text.
func literal(re *regexp.Regexp, template, label string) string {
	var quoted string
	at := re.FindStringSubmatchIndex(label)
	for i := 0; i < len(at); i += 2 {
		text := ""
		if at[i] >= 0 {
			text = regexp.QuoteMeta(label[at[i]:at[i+1]])
		}
		at[i], at[i+1] = len(quoted), len(quoted)+len(text)
		quoted += text
	}
	return string(re.ExpandString(nil, template, quoted, at))
}

// count is a method over the metrics whose label matches; false: there are none,
// or a group made something of the pattern that is none.
func count(metrics []verdict.Metric, kind MethodKind, over string) (float64, bool) {
	re, err := CompilePerl(over, "")
	if err != nil {
		return 0, false
	}
	var values []float64
	for _, m := range metrics {
		if re.MatchString(string(m.Label)) {
			values = append(values, shown(m))
		}
	}
	if values == nil {
		return 0, false
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	switch kind {
	case MethodMin:
		return slices.Min(values), true
	case MethodMax:
		return slices.Max(values), true
	case MethodAverage:
		return sum / float64(len(values)), true
	}
	return tidy(sum), true
}

// digitsOf is how many digits a count has: as many as it takes, but for a mean.
func digitsOf(kind MethodKind) int {
	if kind == MethodAverage {
		return 2
	}
	return -1
}

// explode adds the maxima as metrics of their own.
func (e *editor) explode(x Explosion) {
	for _, m := range slices.Clone(e.metrics) {
		label := m.Label + "_max"
		if x.Search != nil {
			at := x.Search.FindStringSubmatchIndex(string(m.Label))
			if at == nil {
				continue
			}
			label = plan.Label(x.Search.ExpandString(nil, x.Label, string(m.Label), at))
		}
		if m.Max != nil {
			e.add(verdict.Metric{Label: label, Value: *m.Max, Unit: m.Unit, Digits: -1})
		}
	}
}
