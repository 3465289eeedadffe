package args

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// idle notes the limits that can never alert: they are no error, as one template
// may serve many servers, but somebody may rely on them.
func (o *Set) idle(p *plan.Plan) {
	idleRanges(p)
	text := o.Text("certificate")
	w, c := p.Limits.Cert.Warning, p.Limits.Cert.Critical
	switch {
	case w == nil || c == nil:
	case p.Limits.Cert.IgnoreExpiry:
		note(p, "-D "+text+" can never alert: --ignore-certificate-expiration")
	case *w == *c && strings.Contains(text, ","): // -D 0 means the second one
		note(p, "-D "+text+" can never be a WARNING: it is CRITICAL first")
	}
}

func idleRanges(p *plan.Plan) {
	if p.Limits.Warning == nil && p.Limits.Critical == nil {
		return
	}
	for _, label := range facts.Labels() {
		w, warns := p.Limits.Warning[label]
		c, isCritical := p.Limits.Critical[label]
		if why := whyIdle(p, label, w, plan.Warning); warns && why != "" {
			note(p, "-w "+limitText(label, w)+" can never alert: "+why)
		} else if lo, hi := numbers(p, label); warns && isCritical && covers(c, w, lo, hi) {
			note(p, "-w "+limitText(label, w)+" can never alert: -c "+limitText(label, c)+" does so first")
		}
		if why := whyIdle(p, label, c, plan.Critical); isCritical && why != "" {
			note(p, "-c "+limitText(label, c)+" can never alert: "+why)
		}
	}
}

func note(p *plan.Plan, text string) { p.Limits.Notes = append(p.Limits.Notes, text) }

// limitText is a limit as it can be typed.
func limitText(label plan.Label, r plan.Range) string {
	if label == plan.Time {
		return r.String()
	}
	return string(label) + "=" + r.String()
}

// whyIdle says why a limit can never alert; "": it can.
func whyIdle(p *plan.Plan, label plan.Label, r plan.Range, is plan.State) string {
	lo, hi := numbers(p, label)
	// Where the time is over, the run is what a limit just there would make of it.
	if is == p.Limits.State(plan.CondTimeout) && !math.IsInf(hi, 1) {
		hi = math.Nextafter(hi, math.Inf(1))
	}
	switch {
	case label == plan.DNS.TimeOf() && !resolves(p.Probe):
		return p.Probe.Host + " is no name to be resolved"
	case !alerts(r, lo, math.Inf(1)):
		return "no number is outside of it"
	case !alerts(r, lo, hi):
		return "-t ends the run after " + strconv.FormatFloat(p.Probe.Timeout.Seconds(), 'f', -1, 64) + " s"
	}
	return ""
}

// numbers are the least and the greatest that a metric can have.
func numbers(p *plan.Plan, label plan.Label) (lo, hi float64) {
	switch row := facts.MetricOf(label); {
	case row.Signed:
		return math.Inf(-1), math.Inf(1)
	case row.Unit != "s":
		return 0, math.Inf(1)
	}
	return 0, p.Probe.Timeout.Seconds()
}

// alerts says whether a range alerts at any number from lo to hi.
func alerts(r plan.Range, lo, hi float64) bool {
	if r.Inside {
		return max(lo, r.Start) <= min(hi, r.End)
	}
	return lo < r.Start || r.End < hi
}

// covers says whether c alerts wherever w does between lo and hi: at all ends of
// both, and between any two of them.
func covers(c, w plan.Range, lo, hi float64) bool {
	ends := slices.DeleteFunc([]float64{lo, hi, w.Start, w.End, c.Start, c.End}, func(v float64) bool {
		return math.IsInf(v, 0) || v < lo || v > hi
	})
	sort.Slice(ends, func(i, j int) bool { return ends[i] < ends[j] })
	at := slices.Clone(ends)
	for i := 1; i < len(ends); i++ {
		at = append(at, (ends[i-1]+ends[i])/2)
	}
	if len(ends) > 0 {
		at = append(at, max(lo, ends[0]-1), min(hi, ends[len(ends)-1]+1))
	}
	return !slices.ContainsFunc(at, func(v float64) bool { return w.Violated(v) && !c.Violated(v) })
}
