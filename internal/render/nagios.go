package render

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// Limits of the classic output: pollers cut what is longer, and what they cut
// must never be perfdata. Nagios reads 8,192 bytes in all.
const (
	maxFirst = 1000 // bytes before the perfdata
	maxAll   = 8000 // bytes in all
)

// nagios prints the classic line and, with -v, what lies behind it (Monitoring
// Plugins guidelines, "Plugin Output for Nagios"). All perfdata stands on the
// first line.
func nagios(r verdict.Report, o plan.Output) []byte {
	lines, perfdata := Classic(r, o)
	return Lay(&r, lines, perfdata)
}

// Classic are the parts of what the format nagios prints.
func Classic(r verdict.Report, o plan.Output) (verdict.Lines, []byte) {
	perfdata, left := Perfdata("|", r.Metrics, o.Perfdata, classicField)
	first := First(Label(r.State)+summed(&r), left, "")
	return verdict.Lines{First: first, Rest: Rest(Details(&r, o.Verbose, o.Width), len(first)+len(perfdata))}, perfdata
}

// Label is what the classic line begins with.
func Label(s plan.State) string { return "SMTP " + s.String() + " - " }

// Lay prints lines for people, those of the report if it has its own, and the
// perfdata of the first one.
func Lay(r *verdict.Report, lines verdict.Lines, perfdata []byte) []byte {
	if r.Lines != nil {
		lines = *r.Lines
	}
	out := append(append([]byte(lines.First), perfdata...), '\n')
	return append(out, lines.Rest...)
}

// First makes a text fit before the perfdata, and tells of metrics for which
// there was no room. end stands behind both.
func First(text string, left int, end string) string {
	if left > 0 {
		end = ", " + strconv.Itoa(left) + " numbers left out" + end
	}
	return clip(untag(text), maxFirst-len(end)) + end
}

// Rest makes of lines what stands behind the first one, which has so many bytes.
func Rest(lines []string, first int) string {
	for i, line := range lines {
		lines[i] = untag(Clean(line)) + "\n"
	}
	return strings.Join(fit(lines, maxAll-first-len("\n")), "")
}

// maxPerfdata is how many bytes of perfdata leave room for any text before it,
// so that which metrics there are does not depend on what a server says.
const maxPerfdata = maxAll - maxFirst - len("| \n")

// fit leaves lines out in the middle until the rest is no longer than room: what
// came last in a session matters most, and what it began with comes next.
func fit(lines []string, room int) []string {
	size := 0
	for _, line := range lines {
		size += len(line)
	}
	if size <= room {
		return lines
	}
	room -= len("... (99999 lines left out)\n")
	if room < 0 || len(lines) == 0 {
		return nil
	}
	from, to := 0, len(lines)
	for left := room / 3; left >= len(lines[from]); from++ {
		left -= len(lines[from])
		room -= len(lines[from])
	}
	for ; room >= len(lines[to-1]); to-- {
		room -= len(lines[to-1])
	}
	mark := "... (" + strconv.Itoa(to-from) + " lines left out)\n"
	return slices.Concat(lines[:from], []string{mark}, lines[to:])
}

// Summary is the state and what there is to say of it.
func Summary(r verdict.Report) string { return r.State.String() + " - " + summed(&r) }

// summed are the gravest finding, the response time, the other findings or what
// was proven, and the notes. Where there was no run there was no time.
func summed(r *verdict.Report) string {
	parts := make([]string, 0, 4)
	others := r.Findings[min(1, len(r.Findings)):]
	switch text := gravest(r); {
	case text == "":
	case len(others) > 0:
		parts = append(parts, text+" (+"+strconv.Itoa(len(others))+" more)")
	default:
		parts = append(parts, text)
	}
	parts = append(parts, Timing(r)...)
	for _, f := range told(r, others) {
		parts = append(parts, Clean(f.Text))
	}
	for _, text := range r.Proven {
		parts = append(parts, Clean(text))
	}
	for _, note := range some(r.Notes) {
		parts = append(parts, Clean(note))
	}
	return strings.Join(parts, ", ")
}

// maxTold is how much of several targets the first line tells besides the gravest:
// it is read on a telephone, and each has a line of its own.
const maxTold = 3

// told are the findings that the first line tells besides the gravest. More than some
// have no room anywhere.
func told(r *verdict.Report, others []verdict.Finding) []verdict.Finding {
	if r.Fleet == nil {
		return some(others)
	}
	return others[:min(len(others), maxTold)]
}

// Timing is how long the server took, of several the slowest, and how many of them
// are well.
func Timing(r *verdict.Report) []string {
	e := r.Fleet
	if e == nil {
		if r.Session().Start.IsZero() {
			return nil
		}
		return []string{secondsOf(r.Session().Total) + " sec. response time"}
	}
	var parts []string
	switch n := len(e.Targets); {
	case n == 0:
	case r.State == plan.OK || e.OK == n:
		parts = append(parts, strconv.Itoa(e.OK)+" of "+strconv.Itoa(n)+" targets OK")
	default:
		parts = append(parts, strconv.Itoa(n-e.OK)+" of "+strconv.Itoa(n)+" targets failed")
	}
	for _, text := range e.Excused[:min(len(e.Excused), maxTold)] {
		parts = append(parts, Clean(text))
	}
	if more := len(e.Excused) - maxTold; more > 0 {
		parts = append(parts, strconv.Itoa(more)+" more told below")
	}
	if e.Slowest == nil {
		return parts
	}
	text := secondsOf(e.Slowest.Session.Total) + " sec. response time"
	if r.State == plan.OK {
		text = "slowest " + Clean(e.Slowest.Session.Host) + " " + text
	}
	return append(parts, text)
}

// Perfdata are the metrics behind a mark, each as field appends it, those on the
// list only unless it is nil. It says how many of the last ones found no room;
// where there are none, there is no mark.
func Perfdata(mark string, metrics []verdict.Metric, only []plan.Label, field func([]byte, *verdict.Metric) []byte) (_ []byte, left int) {
	return perfdata(maxPerfdata+len(mark), mark, metrics, only, field)
}

// perfdata is the same with room for so many bytes.
func perfdata(room int, mark string, metrics []verdict.Metric, only []plan.Label, field func([]byte, *verdict.Metric) []byte) (_ []byte, left int) {
	b := []byte(mark)
	for i := range metrics {
		m := &metrics[i]
		if !kept(m, only) {
			continue
		}
		end := len(b)
		if end > len(mark) {
			b = append(b, ' ')
		}
		b = field(b, m)
		if left > 0 || len(b) > room {
			b = b[:end]
			left++
		}
	}
	if len(b) == len(mark) {
		return nil, left
	}
	return b, left
}

func classicField(b []byte, m *verdict.Metric) []byte {
	b = append(append(b, m.Label...), '=')
	b = append(append(b, m.Format()...), m.Unit...)
	return append(b, limits(m)...)
}

// limits are the rest of a field: warning, critical, minimum and maximum. Empty
// ones at the end are left out.
func limits(m *verdict.Metric) string {
	text := ";" + Threshold(m.Warning) + ";" + Threshold(m.Critical) + ";" + Number(m.Min) + ";" + Number(m.Max)
	return strings.TrimRight(text, ";")
}

// Number is a number with as many digits as it takes; "": there is none.
func Number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// Threshold is a range; "": there is none.
func Threshold(r *plan.Range) string {
	if r == nil {
		return ""
	}
	return r.String()
}

// Details are the lines behind the first, as many as -v asks for. Of several targets
// each has its own. They are no wider than width, unless that is 0.
func Details(r *verdict.Report, verbose, width int) []string {
	if width == 0 {
		return details(r, verbose, 0)
	}
	width = max(width, minWidth)
	var folded []string
	for _, line := range details(r, verbose, width) {
		folded = append(folded, fold(Clean(line), width)...)
	}
	return folded
}

func details(r *verdict.Report, verbose, width int) []string {
	lines := texts(fleetLines(r))
	if verbose == 0 {
		return lines
	}
	for _, f := range r.Findings[min(1, len(r.Findings)):] {
		lines.add(f.State.String() + ": " + f.Text)
	}
	lines.add(domainLines(r, verbose)...)
	all, called := sessions(r)
	for i, f := range all {
		if called[i] != "" {
			lines.add(called[i] + ":")
		}
		lines.add(steps(f, width)...)
		if verbose >= 2 {
			lines.add(particulars(f)...)
		}
		if verbose >= 3 {
			lines.add(dialogue(f)...)
		}
	}
	return lines
}

// steps are the drawing of -v. In a terminal its bars leave room for words, which are
// folded and not cut.
func steps(f *facts.Session, width int) []string {
	d := drawing{barWidth, maxWords, plain}
	if width > 0 {
		d.bar = d.fitted(f, width).bar
	}
	return d.lines(f)
}
