// Package render prints reports. It decides nothing: the state and the words
// are the report's, the shape is the format's. Hostile text is cleaned here,
// once, for all.
package render

import (
	"math"
	"net"
	"slices"
	"strconv"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// Renderer prints a report in one format.
type Renderer func(verdict.Report, plan.Output) []byte

// For is the renderer of a format; nil: there is none. One row a format; a map
// would be made at every start, of a plain check too.
func For(f plan.Format) Renderer {
	switch f {
	case plan.Nagios:
		return nagios
	case plan.JSON:
		return asJSON
	case plan.XML:
		return asXML
	case plan.OpenMetrics:
		return openMetrics
	case plan.PRTG:
		return prtg
	case plan.Checkmk:
		return checkmk
	case plan.Influx:
		return influx
	case plan.Waterfall:
		return waterfall
	case plan.IcingaAPI:
		return icingaAPI
	case plan.NagiosCommand:
		return nagiosCommand
	}
	return nil
}

// ExitCode is what a run ends with: the report's code or else its state, but for
// PRTG, which reads the state off a channel and may take any other code for a
// broken script.
func ExitCode(f plan.Format, r verdict.Report) int {
	switch {
	case f == plan.PRTG:
		return 0
	case r.Exit != nil:
		return *r.Exit
	}
	return int(r.State)
}

// Plain prints a report that no run stands behind: what is wrong, and each note
// on a line of its own.
func Plain(r verdict.Report) []byte {
	text := Label(r.State) + gravest(&r) + "\n"
	for _, f := range r.Findings[min(1, len(r.Findings)):] {
		text += f.State.String() + ": " + Clean(f.Text) + "\n"
	}
	for _, note := range r.Notes {
		text += Clean(note) + "\n"
	}
	return []byte(text)
}

// Kept are the metrics that are printed.
func Kept(all []verdict.Metric, only []plan.Label) []*verdict.Metric {
	var list []*verdict.Metric
	for i := range all {
		if kept(&all[i], only) {
			list = append(list, &all[i])
		}
	}
	return list
}

// kept says whether a metric is printed: it has a value, and is on the list
// unless that is nil.
func kept(m *verdict.Metric, only []plan.Label) bool {
	return !math.IsNaN(m.Value) && !math.IsInf(m.Value, 0) && (only == nil && !m.Quiet || slices.Contains(only, m.Label))
}

// target names the server for people: its port is told only when it is not the
// usual one.
func target(f *facts.Session) string {
	if f.Port == 0 || f.Port == 25 {
		return Clean(f.Host)
	}
	return Clean(net.JoinHostPort(f.Host, strconv.Itoa(f.Port)))
}

// gravest is the text of the gravest finding; "": all is well.
func gravest(r *verdict.Report) string {
	if len(r.Findings) == 0 {
		return ""
	}
	return Clean(r.Findings[0].Text)
}
