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
	e.add(family{name: "up", help: "1 if the state is OK, otherwise 0."}, "", up)
	e.add(family{name: "state", help: "0 is OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."}, "", strconv.Itoa(int(r.State)))
	for _, m := range r.Metrics {
		switch {
		case !kept(m, o.Perfdata):
		case m.Label == plan.CertDays:
			e.certificate(r.Session())
		default:
			f, more := familyOf(m)
			e.add(f, more, m.Format())
		}
	}
	_, err := io.WriteString(w, e.String())
	return err
}

// family is a kind of metric; Prometheus wants its samples together.
type family struct {
	name, unit, help string
	samples          []string
}

// familyOf is where a metric belongs, and the labels that tell it from the
// others there. What an operator has renamed or given another unit has a family
// of its own.
func familyOf(m verdict.Metric) (family, string) {
	p := phaseOf(m.Label)
	switch {
	case m.Label == plan.Time && m.Unit == "s":
		return family{name: "time_seconds", unit: "seconds", help: "How long the whole run took."}, ""
	case p != "" && m.Unit == "s":
		return family{name: "phase_seconds", unit: "seconds", help: "How long each phase took."}, pair("phase", string(p))
	case m.Label == plan.BodyBytes && m.Unit == "B":
		return family{name: "body_bytes", unit: "bytes", help: "Size of the message that was sent."}, ""
	}
	more := pair("label", string(m.Label)) + "," + pair("unit", m.Unit)
	return family{name: "metric", help: "What the command line made of other metrics."}, more
}

// exposition is what Prometheus reads.
type exposition struct {
	target   string // the labels of every sample
	families []family
}

// certificate adds the dates of the server's own certificate, and of the first to
// expire of those that lead from it to a root. Days are no base unit.
func (e *exposition) certificate(f *facts.Session) {
	if f.TLS == nil {
		return
	}
	end := f.TLS.Chain[0].NotAfter.Unix()
	e.add(family{name: "cert_expiry_timestamp_seconds", unit: "seconds", help: "When the server's own certificate expires."}, "", strconv.FormatInt(end, 10))
	chain := strconv.FormatInt(verdict.Ends(f.TLS).NotAfter.Unix(), 10)
	e.add(family{name: "cert_chain_expiry_timestamp_seconds", unit: "seconds", help: "When the first of its chain expires, itself included."}, "", chain)
	e.add(family{name: "cert_left_seconds", unit: "seconds", help: "How long it is until then."}, "", strconv.FormatInt(end-f.Start.Unix(), 10))
}

// add adds a sample to its family.
func (e *exposition) add(f family, more, value string) {
	i := slices.IndexFunc(e.families, func(g family) bool { return g.name == f.name })
	if i < 0 {
		i, e.families = len(e.families), append(e.families, f)
	}
	all := strings.Trim(e.target+","+more, ",")
	if all != "" {
		all = "{" + all + "}"
	}
	e.families[i].samples = append(e.families[i].samples, all+" "+value)
}

func (e *exposition) String() string {
	var b strings.Builder
	for _, f := range e.families {
		name := "check_smtp_" + f.name
		b.WriteString("# TYPE " + name + " gauge\n")
		if f.unit != "" {
			b.WriteString("# UNIT " + name + " " + f.unit + "\n")
		}
		b.WriteString("# HELP " + name + " " + f.help + "\n")
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
