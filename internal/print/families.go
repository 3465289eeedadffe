package print

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Where things are on a machine that was set up as the pages say.
const (
	sections  = "/etc/check_smtp/check_smtp.ini" // one section a server
	textfiles = "/var/lib/prometheus/node-exporter"
)

// metrics are the rows of the table of metrics.
func (in Input) metrics() []facts.MetricRow {
	if in.Metrics == nil {
		return facts.Metrics[:]
	}
	return in.Metrics
}

// timed says whether a metric is how long something took.
func timed(m *facts.MetricRow) bool {
	return m.Label == plan.Time || strings.HasSuffix(string(m.Label), "_time")
}

// family is what Prometheus calls the numbers of one kind.
func family(g facts.Gauge) string { return "check_smtp_" + g.Name }

// ends says whether a family is the moment at which something ends.
func ends(g facts.Gauge) bool { return strings.HasSuffix(g.Name, "_expiry_timestamp_seconds") }

// phases are those that have a number, in the order of a session.
func (in Input) phases() []plan.Phase {
	var list []plan.Phase
	for _, m := range in.metrics() {
		if m.Phase != "" && slices.ContainsFunc(m.Gauges, func(g facts.Gauge) bool { return g.Phased }) {
			list = append(list, m.Phase)
		}
	}
	return list
}

// families are all families that a condition holds for, each once, in the order of
// the table.
func (in Input) families(of func(*facts.MetricRow, facts.Gauge) bool) []facts.Gauge {
	var list []facts.Gauge
	rows := in.metrics()
	for i := range rows {
		for _, g := range rows[i].Gauges {
			known := slices.ContainsFunc(list, func(other facts.Gauge) bool { return other.Name == g.Name })
			if !known && of(&rows[i], g) {
				list = append(list, g)
			}
		}
	}
	return list
}

// times are the families of how long something took.
func (in Input) times() []facts.Gauge {
	return in.families(func(m *facts.MetricRow, _ facts.Gauge) bool { return timed(m) })
}

// expiries are the families of moments at which something ends. Of those of one
// metric it is the last, which includes the others.
func (in Input) expiries() []facts.Gauge {
	return in.families(func(m *facts.MetricRow, g facts.Gauge) bool {
		last := ""
		for _, g := range m.Gauges {
			if ends(g) {
				last = g.Name
			}
		}
		return g.Name == last
	})
}

// indented puts a margin before each line that is not empty.
func indented(text, margin string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" {
			b.WriteString(margin)
		}
		b.WriteString(line)
	}
	return b.String()
}
