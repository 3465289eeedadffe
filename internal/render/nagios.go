package render

import (
	"io"
	"slices"
	"strconv"
	"strings"

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
func nagios(w io.Writer, r verdict.Report, o plan.Output) error {
	perfdata, left := appendPerfdata([]byte("|"), r.Metrics, o.Perfdata)
	note := leftOut(left)
	out := []byte(clip(untag("SMTP "+Summary(r)), maxFirst-len(note)) + note)
	if len(perfdata) > len("|") {
		out = append(out, perfdata...)
	}
	out = append(out, '\n')
	lines := details(r, o.Verbose)
	for i, line := range lines {
		lines[i] = untag(Clean(line)) + "\n"
	}
	for _, line := range fit(lines, maxAll-len(out)) {
		out = append(out, line...)
	}
	_, err := w.Write(out)
	return err
}

// maxPerfdata is how many bytes of perfdata leave room for any text before it,
// so that which metrics there are does not depend on what a server says.
const maxPerfdata = maxAll - maxFirst - len("| \n")

// leftOut tells of metrics for which there was no room.
func leftOut(n int) string {
	if n == 0 {
		return ""
	}
	return ", " + strconv.Itoa(n) + " numbers left out"
}

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

// Summary is the state, the gravest finding, the response time, the other
// findings or what was proven, and the notes. Where there was no run there was
// no time.
func Summary(r verdict.Report) string {
	parts := make([]string, 0, 4)
	others := r.Findings[min(1, len(r.Findings)):]
	switch text := gravest(r); {
	case text == "":
	case len(others) > 0:
		parts = append(parts, text+" (+"+strconv.Itoa(len(others))+" more)")
	default:
		parts = append(parts, text)
	}
	if !r.Session().Start.IsZero() {
		parts = append(parts, secondsOf(r.Session().Total)+" sec. response time")
	}
	for _, f := range others {
		parts = append(parts, Clean(f.Text))
	}
	for _, text := range r.Proven {
		parts = append(parts, Clean(text))
	}
	for _, note := range r.Notes {
		parts = append(parts, Clean(note))
	}
	return r.State.String() + " - " + strings.Join(parts, ", ")
}

// appendPerfdata appends the metrics, those on the list only unless it is nil,
// and says how many of the last ones found no room.
func appendPerfdata(b []byte, metrics []verdict.Metric, only []plan.Label) (_ []byte, left int) {
	begin := len(b)
	for _, m := range metrics {
		if !kept(m, only) {
			continue
		}
		end := len(b)
		if end > begin {
			b = append(b, ' ')
		}
		b = append(append(b, m.Label...), '=')
		b = append(append(b, m.Format()...), m.Unit...)
		b = append(b, limits(m)...)
		if left > 0 || len(b)-begin > maxPerfdata {
			b = b[:end]
			left++
		}
	}
	return b, left
}

// limits are the rest of a field: warning, critical, minimum and maximum. Empty
// ones at the end are left out.
func limits(m verdict.Metric) string {
	text := ";" + threshold(m.Warning) + ";" + threshold(m.Critical) + ";" + number(m.Min) + ";" + number(m.Max)
	return strings.TrimRight(text, ";")
}

func number(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

func threshold(r *plan.Range) string {
	if r == nil {
		return ""
	}
	return r.String()
}

// details are the lines behind the first, as many as -v asks for.
func details(r verdict.Report, verbose int) []string {
	var lines []string
	if verbose >= 1 {
		for _, f := range r.Findings[min(1, len(r.Findings)):] {
			lines = append(lines, f.State.String()+": "+f.Text)
		}
		lines = append(lines, drawing{barWidth, maxWords, plain}.lines(r.Session())...)
	}
	if verbose >= 2 {
		lines = append(lines, particulars(r.Session())...)
	}
	if verbose >= 3 {
		lines = append(lines, dialogue(r.Session())...)
	}
	return lines
}
