package render

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// openMetrics prints gauges for Prometheus: OpenMetrics 1.0, which the textfile
// collector of node_exporter reads as well. Units are base units. The help of a
// family is always the same: node_exporter minds files that disagree.
func openMetrics(w io.Writer, r verdict.Report, o plan.Output) error {
	e := exposition{target: targetLabels(r.Session())}
	up := "0"
	if r.State == plan.OK {
		up = "1"
	}
	e.add(facts.Gauge{Name: "up", Help: "1 if the state is OK, otherwise 0."}, "", up)
	e.add(facts.Gauge{Name: "state", Help: "0 is OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."}, "", strconv.Itoa(int(r.State)))
	for _, m := range r.Metrics {
		if Kept(m, o.Perfdata) {
			e.measured(m, r.Session())
		}
	}
	_, err := io.WriteString(w, e.String())
	return err
}

// family is a kind of metric; Prometheus wants its samples together.
type family struct {
	facts.Gauge
	samples []string
}

// exposition is what Prometheus reads.
type exposition struct {
	target   string // the labels of every sample
	families []family
}

// measured adds a metric to its families. What an operator has renamed or given
// another unit has one of its own.
func (e *exposition) measured(m verdict.Metric, f *facts.Session) {
	row := facts.MetricOf(m.Label)
	if row == nil || row.Unit != m.Unit || row.OfCert != nil && f.TLS == nil {
		more := pair("label", string(m.Label)) + "," + pair("unit", m.Unit)
		e.add(facts.Gauge{Name: "metric", Help: "What the command line made of other metrics."}, more, m.Format())
		return
	}
	for _, g := range row.Gauges {
		value, more := m.Format(), ""
		if g.Value != nil {
			value = g.Value(f)
		}
		if g.Phased {
			more = pair("phase", string(row.Phase))
		}
		e.add(g, more, value)
	}
}

// add adds a sample to its family.
func (e *exposition) add(f facts.Gauge, more, value string) {
	i := slices.IndexFunc(e.families, func(g family) bool { return g.Name == f.Name })
	if i < 0 {
		i, e.families = len(e.families), append(e.families, family{Gauge: f})
	}
	all := strings.Trim(e.target+","+more, ",")
	if all != "" {
		all = "{" + all + "}"
	}
	if sample := all + " " + value; !slices.Contains(e.families[i].samples, sample) { // two metrics may tell the same
		e.families[i].samples = append(e.families[i].samples, sample)
	}
}

func (e *exposition) String() string {
	var b strings.Builder
	for _, f := range e.families {
		name := "check_smtp_" + f.Name
		b.WriteString("# TYPE " + name + " gauge\n")
		if f.Unit != "" {
			b.WriteString("# UNIT " + name + " " + f.Unit + "\n")
		}
		b.WriteString("# HELP " + name + " " + f.Help + "\n")
		for _, s := range f.samples {
			b.WriteString(name + s + "\n")
		}
	}
	return b.String() + "# EOF\n"
}

func targetLabels(f *facts.Session) string {
	switch {
	case f.Host == "":
		return ""
	case f.Port == 0:
		return pair("host", f.Host)
	}
	return pair("host", f.Host) + "," + pair("port", strconv.Itoa(f.Port))
}

// pair is one label.
func pair(name, value string) string {
	return name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(Clean(value)) + `"`
}
