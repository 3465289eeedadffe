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
	out := []byte(clip(untag("SMTP "+Summary(r)), maxFirst))
	text := len(out)
	out = append(out, '|')
	if out = appendPerfdata(out, r.Metrics, o.Perfdata); len(out) == text+1 {
		out = out[:text]
	}
	out = append(out, '\n')
	for _, line := range details(r, o.Verbose) {
		line = untag(Clean(line))
		if len(out)+len(line)+1 > maxAll {
			break
		}
		out = append(append(out, line...), '\n')
	}
	_, err := w.Write(out)
	return err
}

// Summary is the state, the gravest finding, the response time and the notes.
func Summary(r verdict.Report) string {
	var b strings.Builder
	b.WriteString(r.State.String() + " - ")
	if len(r.Findings) > 0 {
		b.WriteString(Clean(r.Findings[0].Text) + ", ")
	}
	b.WriteString(strconv.FormatFloat(r.Facts.Total.Seconds(), 'f', 3, 64) + " sec. response time")
	for _, note := range r.Notes {
		b.WriteString(", " + Clean(note))
	}
	return b.String()
}

// appendPerfdata appends the metrics, those on the list only unless it is nil.
func appendPerfdata(b []byte, metrics []verdict.Metric, only []plan.Label) []byte {
	first := true
	for _, m := range metrics {
		if only != nil && !slices.Contains(only, m.Label) {
			continue
		}
		if !first {
			b = append(b, ' ')
		}
		first = false
		b = append(append(b, m.Label...), '=')
		b = append(append(b, m.Format()...), m.Unit...)
		b = append(b, limits(m)...)
	}
	return b
}

// limits are the rest of a field: warning, critical and, for times, the
// minimum. Empty ones at the end are left out.
func limits(m verdict.Metric) string {
	text := ";" + threshold(m.Warning) + ";" + threshold(m.Critical)
	if m.Unit == "s" {
		return text + ";0"
	}
	return strings.TrimRight(text, ";")
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
		lines = append(lines, waterfall(r.Facts)...)
	}
	if verbose >= 2 {
		lines = append(lines, particulars(r.Facts)...)
	}
	if verbose >= 3 {
		lines = append(lines, dialogue(r.Facts)...)
	}
	return lines
}
