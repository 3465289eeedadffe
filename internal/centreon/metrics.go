package centreon

import (
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
		e.retain(func(m *verdict.Metric) bool { return slices.Contains(s.Only, m.Label) })
		for i := range e.metrics {
			e.metrics[i].Quiet = false // somebody has asked for it
		}
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
		e.retain(func(m *verdict.Metric) bool { return s.Keep.MatchString(string(m.Label)) })
	}
	if s.KeepIf != nil {
		e.retain(func(m *verdict.Metric) bool { return s.KeepIf.isTrue(facets(m)) })
	}
	for i := range e.metrics {
		e.finish(&e.metrics[i])
	}
	if !e.free {
		e.unique()
	}
}

// retain keeps the metrics of which ok holds.
func (e *editor) retain(ok func(*verdict.Metric) bool) {
	var kept []verdict.Metric
	for i := range e.metrics {
		if ok(&e.metrics[i]) {
			kept = append(kept, e.metrics[i])
		}
	}
	e.metrics = kept
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
		m.Label = plan.Label(strings.Map(func(r rune) rune { // one that no format has to quote
			if isWord(r) || isDigit(r) {
				return r
			}
			return '_'
		}, string(m.Label)))
	}
}

// unique drops a metric whose label has occurred, which most formats forbid.
func (e *editor) unique() {
	seen := make(map[plan.Label]bool, len(e.metrics))
	e.retain(func(m *verdict.Metric) bool {
		first := !seen[m.Label]
		seen[m.Label] = true
		return first && m.Label != ""
	})
}

// facets are what an expression may ask of a metric, as they are printed.
func facets(m *verdict.Metric) lookup {
	end := func(v *float64) any {
		if v == nil {
			return ""
		}
		return *v
	}
	v := shown(m)
	_, limit := m.Beyond(v)
	values := map[string]any{
		"label": string(m.Label), "value": v, "unit": m.Unit, "warning": whole(m.Warning), "critical": whole(m.Critical),
		"min": end(m.Min), "max": end(m.Max), "alert_triggered()": truth(limit != nil),
	}
	return func(name string) any { return values[name] }
}

// shown is the value as it is printed: what the operator sees is what is
// calculated with.
func shown(m *verdict.Metric) float64 {
	v, err := strconv.ParseFloat(m.Format(), 64)
	if err != nil {
		return m.Value
	}
	return v
}

// change replaces the metrics that an entry is about.
func (e *editor) change(entry Edit) {
	for i, m := range e.metrics {
		if label, ok := entry.relabel(m.Label); ok {
			e.metrics[i] = e.changed(m, entry, label)
		}
	}
}

// extend adds a changed copy of each metric that an entry is about.
func (e *editor) extend(entry Edit) {
	for _, m := range slices.Clone(e.metrics) {
		if label, ok := entry.relabel(m.Label); ok {
			e.add(e.changed(m, entry, label))
		}
	}
}

// relabel is the label that an entry makes of another one, and whether it is
// about that one at all.
func (x Edit) relabel(l plan.Label) (plan.Label, bool) {
	if x.label == "" {
		return l, x.search.MatchString(string(l))
	}
	text, found := replace(x.search, x.label, string(l))
	if len(text) > maxLabel {
		text = strings.ToValidUTF8(text[:maxLabel], "")
	}
	return plan.Label(text), found
}

// changed is what an entry makes of a metric. A result that is no number leaves
// the metric as it was, and is told.
func (e *editor) changed(m verdict.Metric, entry Edit, label plan.Label) verdict.Metric {
	was, method := m, entry.method
	if entry.max != nil && (method.name == "percent" || method.name == "invert") {
		m.Max = entry.max // what the method needs and the metric may not have
	}
	if method.alter != nil {
		method.alter(&m)
	} else if v, ok := method.total(e.metrics, method.over); ok {
		m.Value, m.Digits = v, method.digits()
	}
	if !usable(m.Value) {
		e.notes = append(e.notes, string(was.Label)+": "+method.name+" gives no number")
		m = was
	}
	m.Label = label
	return entry.dress(m)
}

// dress fills in the fields that stand behind the method.
func (x Edit) dress(m verdict.Metric) verdict.Metric {
	if x.unit != "" {
		m.Unit = x.unit
	}
	if x.min != nil {
		m.Min = x.min
	}
	if x.max != nil && x.method.name != "percent" {
		m.Max = x.max
	}
	for i, field := range []**plan.Range{&m.Warning, &m.Critical} {
		if limit := x.limits[i]; limit != nil {
			*field = limit(m.Max, *field)
		}
	}
	return m
}

// group adds metrics that count others: one of all, or one for each label that
// the search finds.
func (e *editor) group(entry Edit) {
	counted := slices.Clone(e.metrics) // not what the entry itself adds
	if entry.search == nil {
		e.sum(entry, plan.Label(strings.ReplaceAll(entry.label, "$$", "$")), counted, entry.method.over)
		return
	}
	made := map[plan.Label]bool{}
	for _, m := range counted {
		label, ok := entry.relabel(m.Label)
		if ok && !made[label] {
			made[label] = true
			e.sum(entry, label, counted, literal(entry.search, entry.method.over, string(m.Label)))
		}
	}
}

// sum adds one metric that counts others, if there is something to count.
func (e *editor) sum(entry Edit, label plan.Label, metrics []verdict.Metric, over string) {
	if v, ok := entry.method.total(metrics, over); ok && usable(v) {
		e.add(entry.dress(verdict.Metric{Label: label, Value: v, Digits: entry.method.digits()}))
	}
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

// total counts the metrics whose label matches; false: there are none, or a group
// made something of the pattern that is none.
func (x method) total(metrics []verdict.Metric, over string) (float64, bool) {
	re, err := compilePerl(over)
	if err != nil {
		return 0, false
	}
	var values []float64
	for i := range metrics {
		if m := &metrics[i]; re.MatchString(string(m.Label)) {
			values = append(values, shown(m))
		}
	}
	if values == nil {
		return 0, false
	}
	return x.count(values), true
}

// digits is how many a count has: as many as it takes, but for a mean.
func (x method) digits() int {
	if x.name == "average" {
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
