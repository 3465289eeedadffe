package render

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// subject is what a run of several targets is about: a domain, a service, or the
// hosts that the user has named. It is the same in each run.
func subject(r *verdict.Report) string {
	found := r.Survey.Found
	if found.Name != "" || len(found.Hosts) == 0 {
		return Clean(found.Name)
	}
	text := found.Hosts[0].Host
	if more := len(found.Hosts) - 1; more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return Clean(text)
}

// identity is the same for programs: every host is named.
func identity(r *verdict.Report) string {
	found := r.Survey.Found
	if found.Name != "" {
		return found.Name
	}
	var hosts []string
	for _, h := range found.Hosts {
		hosts = append(hosts, h.Host)
	}
	return strings.Join(slices.Compact(hosts), ",")
}

// only is the address of a target that is no more than that; "": any address of its
// host will do, and which one it was today is not what to tell series apart by.
func only(r *verdict.Report, t *verdict.Target) string {
	if len(t.Session.Addrs) != 1 || r.Survey.Found.Rule == plan.FirstAddress {
		return ""
	}
	return t.Session.Addrs[0].String()
}

// place is what programs tell a target by.
type place struct{ host, address, port string }

// places are those of all targets, no two of them the same.
func places(r *verdict.Report) []place {
	var all []place
	for i := range r.Fleet.Targets {
		t := &r.Fleet.Targets[i]
		host := Clean(t.Session.Host)
		p := place{host, only(r, t), strconv.Itoa(t.Session.Port)}
		for n := 2; slices.Contains(all, p); n++ {
			p.host = host + " " + strconv.Itoa(n)
		}
		all = append(all, p)
	}
	return all
}

// ofRun says whether a metric is the run's own. Of others, a run of several targets
// has the number of one target.
func ofRun(m *verdict.Metric) bool {
	row := facts.MetricOf(m.Label)
	return row != nil && (row.OfRun != nil || row.Judged)
}

// ofTarget says whether a metric is the time that one of the targets took.
func ofTarget(r *verdict.Report, l plan.Label) bool {
	return slices.ContainsFunc(r.Fleet.Targets, func(t verdict.Target) bool { return t.Label == l })
}

// fleetLines are a line each target: which were tested, and what became of them.
func fleetLines(r *verdict.Report) []string {
	if r.Fleet == nil {
		return nil
	}
	var lines texts
	for _, t := range inSight(r.Fleet.Targets) {
		lines.add(fleetLine(r, &t))
	}
	for _, s := range some(r.Survey.Skipped) {
		lines.add(preferred(r, s.Rank, s.Host+" ["+s.Addr.String()+"]: skipped, "+s.Why))
	}
	return lines
}

// preferred is a line of a target with its preference, where it has one.
func preferred(r *verdict.Report, rank int, line string) string {
	if r.Survey.Found.Kind == facts.ByHost {
		return line
	}
	return strconv.Itoa(rank) + " " + line
}

// maxSight is how many lines of targets there is room for in any case.
const maxSight = 30

// inSight are targets in their order; of so many that lines may be left out, those
// first that something is wrong with.
func inSight(all []verdict.Target) []verdict.Target {
	if len(all) <= maxSight {
		return all
	}
	sorted := slices.Clone(all)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].State != plan.OK && sorted[j].State == plan.OK })
	return sorted
}

func fleetLine(r *verdict.Report, t *verdict.Target) string {
	text := t.Called + ": " + t.State.String()
	if len(t.Findings) > 0 {
		text += " - " + t.Findings[0].Text
	}
	if t.Session.Begun() {
		text += ", " + secondsOf(t.Session.Total) + " sec."
	}
	for _, note := range t.Notes {
		text += ", " + note
	}
	return preferred(r, t.Session.Rank, text)
}

// sessions are those that a report shows step by step, with what to call each; ""
// where there is but one.
func sessions(r *verdict.Report) (all []*facts.Session, called []string) {
	if r.Fleet == nil {
		return []*facts.Session{r.Session()}, []string{""}
	}
	for _, t := range r.Fleet.Targets {
		if t.Session.Begun() {
			all, called = append(all, t.Session), append(called, t.Called)
		}
	}
	return all, called
}
