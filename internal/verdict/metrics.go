package verdict

import (
	"strconv"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Metric is one number of the report.
type Metric struct {
	Label    plan.Label
	Value    float64
	Unit     string // "s" for seconds, "B" for bytes; "": none
	Digits   int    // after the decimal point; -1: as many as it takes
	Warning  *plan.Range
	Critical *plan.Range
	Min, Max *float64 // nil: not known
	Quiet    bool     // it is told only to who asks for it by its name
	Expiring bool     // the limits are those of -D, by which more is judged than this number
}

// Format is the value in decimal digits, always with a point.
func (m *Metric) Format() string { return strconv.FormatFloat(m.Value, 'f', m.Digits, 64) }

// measure takes the numbers of one session that it has.
func measure(f *facts.Session, l *plan.Limits) []Metric {
	expiry := l.Cert // no limits are shown that mean nothing
	if expiry.IgnoreExpiry || l.State(plan.CondCertExpiring) == plan.OK {
		expiry = plan.Certificate{}
	}
	metrics := make([]Metric, 0, len(facts.Metrics))
	zero := new(float64)
	for i := range facts.Metrics {
		row := &facts.Metrics[i]
		m := Metric{Label: row.Label, Unit: row.Unit, Digits: row.Digits, Warning: limit(l.Warning, row.Label), Critical: limit(l.Critical, row.Label)}
		if m.Warning == nil && m.Critical == nil {
			m.Warning, m.Critical = expiry.Warning.On(row.Label), expiry.Critical.On(row.Label)
			m.Expiring = m.Warning != nil || m.Critical != nil
		}
		value, there := row.In(f)
		if !there || row.Limited && m.Warning == nil && m.Critical == nil {
			continue
		}
		if m.Value = value; !row.Signed {
			m.Min = zero
		}
		metrics = append(metrics, m)
	}
	return metrics
}

func limit(ranges map[plan.Label]plan.Range, label plan.Label) *plan.Range {
	r, there := ranges[label]
	if !there {
		return nil
	}
	found := r // not r itself, which would be allocated for every number that has no limit
	return &found
}

// numbered is the metric of a label; nil: there is none.
func numbered(metrics []Metric, label plan.Label) *Metric {
	for i := range metrics {
		if metrics[i].Label == label {
			return &metrics[i]
		}
	}
	return nil
}

// Beyond says which limit a value of the metric is beyond. Critical is judged before
// warning.
func (m *Metric) Beyond(v float64) (plan.State, *plan.Range) {
	switch {
	case m.Critical != nil && m.Critical.Violated(v):
		return plan.Critical, m.Critical
	case m.Warning != nil && m.Warning.Violated(v):
		return plan.Warning, m.Warning
	}
	return plan.OK, nil
}

// Exceeded minds the thresholds. value is what is judged of a metric. How slow a
// server is nobody knows where its name was not resolved: dns_time alone is judged.
func Exceeded(f *facts.Session, metrics []Metric, value func(*Metric) float64) []Finding {
	var found []Finding
	unresolved := len(f.Records) > 0 && f.Records[len(f.Records)-1].Step.Phase == plan.DNS
	for i := range metrics {
		m := &metrics[i]
		if m.Expiring || unresolved && m.Label == "time" {
			continue
		}
		if s, r := m.Beyond(value(m)); r != nil {
			found = append(found, Finding{State: s, Metric: m.Label, Limit: r.String(), Text: exceeds(f, m, r)})
		}
	}
	return found
}

// whole is the value as it is.
func whole(m *Metric) float64 { return m.Value }

// slowest is the phase of the session that took longest; "": none took any time.
func slowest(f *facts.Session) (plan.Phase, time.Duration) {
	var phase plan.Phase
	var longest time.Duration
	for _, p := range plan.Phases {
		if d, _ := f.Took(p); d > longest && p != plan.Credential {
			phase, longest = p, d
		}
	}
	return phase, longest
}
