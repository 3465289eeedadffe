package render

import (
	"path/filepath"
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
func openMetrics(r verdict.Report, o plan.Output) []byte {
	return []byte(expose(&r, &o, nameLabel(o.File)).String())
}

// nameLabel is the label of a textfile, by which two checks of one server differ:
// node_exporter drops series that stand in two files. "": it is none.
func nameLabel(file string) string {
	name, isTextfile := strings.CutSuffix(filepath.Base(file), ".prom")
	if !isTextfile {
		return ""
	}
	return pair("name", strings.TrimPrefix(name, "check_smtp_"))
}

// expose makes the samples of a report. name is one label more; "": none.
func expose(r *verdict.Report, o *plan.Output, name string) *exposition {
	e := &exposition{target: targetLabels(r.Session())}
	if r.Fleet != nil {
		e.target = pair("host", identity(r))
	}
	e.target = strings.Trim(name+","+e.target, ",")
	e.add(facts.Gauge{Name: "up", Help: "1 if the state is OK, otherwise 0."}, "", up(r.State))
	e.add(facts.Gauge{Name: "state", Help: stateHelp}, "", strconv.Itoa(int(r.State)))
	if r.Fleet != nil {
		e.fleet(r, o)
	} else {
		e.session(r, o)
	}
	return e
}

const stateHelp = "0 is OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."

func up(s plan.State) string {
	if s == plan.OK {
		return "1"
	}
	return "0"
}

// session adds the metrics of one.
func (e *exposition) session(r *verdict.Report, o *plan.Output) {
	for _, m := range Kept(r.Metrics, o.Perfdata) {
		e.measured(m, r)
	}
}

// fleet adds those of several targets, each its own, and those of the run, which are
// told once. The states of targets have families of their own: what is up or down for
// those who watch the run is the run.
func (e *exposition) fleet(r *verdict.Report, o *plan.Output) {
	run := e.target
	for i, at := range places(r) {
		t := &r.Fleet.Targets[i]
		e.target = run + "," + pair("target", at.host)
		if at.address != "" {
			e.target += "," + pair("address", at.address)
		}
		e.target += "," + pair("port", at.port)
		e.add(facts.Gauge{Name: "target_up", Help: "1 if the state of the target is OK, otherwise 0."}, "", up(t.State))
		e.add(facts.Gauge{Name: "target_state", Help: "The state of the target: " + stateHelp}, "", strconv.Itoa(int(t.State)))
		e.session(t.Report(), o)
	}
	e.target = run
	for _, m := range Kept(r.Metrics, o.Perfdata) {
		row := facts.MetricOf(m.Label)
		made := row == nil && !ofTarget(r, m.Label) || row != nil && row.Unit != m.Unit
		if made || ofRun(m) {
			e.measured(m, r)
		}
	}
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
func (e *exposition) measured(m *verdict.Metric, r *verdict.Report) {
	row := facts.MetricOf(m.Label)
	if row == nil || row.Unit != m.Unit || !known(row, r) {
		more := pair("label", string(m.Label)) + "," + pair("unit", m.Unit)
		e.add(facts.Gauge{Name: "metric", Help: "What the command line made of other metrics."}, more, m.Format())
		return
	}
	for _, g := range row.Gauges {
		value, more := m.Format(), ""
		switch {
		case g.Value != nil:
			value = g.Value(r.Session())
		case g.OfRun != nil:
			value = g.OfRun(&r.Run)
		}
		if g.Phased {
			more = pair("phase", string(row.Phase))
		}
		e.add(g, more, value)
	}
}

// known says whether there is what the samples of a metric are made of. One that an
// operator has given its name may stand there without.
func known(row *facts.MetricRow, r *verdict.Report) bool {
	if !slices.ContainsFunc(row.Gauges, func(g facts.Gauge) bool { return g.Value != nil || g.OfRun != nil }) {
		return true
	}
	there := false
	if row.OfRun == nil {
		_, there = row.In(r.Session())
	} else if r.Survey != nil {
		_, there = row.OfRun(&r.Run)
	}
	return there
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
	told := func(sample string) bool { return strings.HasPrefix(sample, all+" ") }
	if !slices.ContainsFunc(e.families[i].samples, told) { // two metrics may tell the same
		e.families[i].samples = append(e.families[i].samples, all+" "+value)
	}
}

func (e *exposition) String() string {
	var b strings.Builder
	for _, f := range e.families {
		b.WriteString(f.head())
		for _, s := range f.samples {
			b.WriteString(f.called() + s + "\n")
		}
	}
	return b.String() + "# EOF\n"
}

func (f family) called() string { return "check_smtp_" + f.Name }

// head is what stands before the samples of a family.
func (f family) head() string {
	unit := ""
	if f.Unit != "" {
		unit = "# UNIT " + f.called() + " " + f.Unit + "\n"
	}
	return "# TYPE " + f.called() + " gauge\n" + unit + "# HELP " + f.called() + " " + f.Help + "\n"
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
