package verdict

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Target is one target, judged.
type Target struct {
	Session  *facts.Session
	Called   string // host and address, as texts name it: "mx1.example.org [192.0.2.1]"
	State    plan.State
	Findings []Finding // gravest first; nil: all is well
	Notes    []string
	Metrics  []Metric
	Name     string     // what tells it from the others from run to run, whatever its address is: "mx1.example.org IPv4"
	Label    plan.Label // of its time among the metrics of the run; "": it has none there
	proven   []string
}

// Report is a target by itself.
func (t *Target) Report() *Report {
	return &Report{State: t.State, Findings: t.Findings, Notes: t.Notes, Metrics: t.Metrics, Proven: t.proven, main: t.Session}
}

// Fleet is what a run says of its targets together.
type Fleet struct {
	Targets []Target // in their order
	OK      int      // how many are well
	Slowest *Target  // where all is well, of the targets that are; nil: no session was begun
	Excused []string // what is wrong with targets that the rule does without

	quiet bool // the times of targets are told only if somebody asks for them
}

// surveyed judges a run of several targets, or one with more to tell than its
// session does.
func surveyed(run facts.Run, l *plan.Limits) Report {
	r := Report{Run: run, Asked: l.Fold}
	fleet := &Fleet{}
	for i := range run.Sessions {
		fleet.Targets = append(fleet.Targets, held(&run.Sessions[i], run.Survey, l))
	}
	fleet.count()
	single := alone(run)
	if !single {
		r.Fleet = fleet
		fleet.label(run.Survey.Found.Rule)
	}
	r.Metrics = fleet.metrics(run, l, single)
	own := append(published(run, l), fleet.few(l)...)
	targets, notes := fleet.fold(*l.Fold, single)
	r.Findings = gravestFirst(slices.Concat(own, targets, exceededOf(run, r.Metrics)))
	if len(r.Findings) == 0 {
		own = append(own, unheld(l, r.Metrics, func(row *facts.MetricRow) bool { return row.OfRun != nil })...)
		r.Findings = gravestFirst(own)
	}
	r.Notes = slices.Concat(notes, pardoned(own), circumstances(run, l), l.Notes)
	if len(r.Findings) > 0 {
		r.State = r.Findings[0].State
	} else {
		r.Proven = fleet.stands(run, l, single)
	}
	fleet.time(r.State)
	r.main = fleet.gravest()
	return r
}

// alone says whether a run can be about no more than one host, which the user has
// named, so that it is told as one session.
func alone(run facts.Run) bool {
	found := run.Survey.Found
	return found.Kind == facts.ByHost && found.Rule == plan.FirstAddress && len(run.Sessions) == 1
}

// held judges one target.
func held(f *facts.Session, s *facts.Survey, l *plan.Limits) Target {
	t := Target{Session: f, Called: name(f)}
	more := slices.Concat(keyed(f, l), promised(f, s, l))
	switch {
	case f.Absent != nil || !f.Begun():
		more = append(unplayed(f, s, l), more...)
	default:
		one := judge(f, vouched(f, l))
		t.Metrics, t.Notes, t.proven = one.Metrics, one.Notes, one.Proven
		own := replaced(one.Findings, more, f)
		if f.Greeted() {
			more = append(more, own...)
		} else { // a server that is down is first of all down
			more = append(own, more...)
		}
		if gravestFirst(more) == nil {
			more = append(more, unheld(l, t.Metrics, func(row *facts.MetricRow) bool { return row.OfDANE })...)
		}
	}
	t.Notes = slices.DeleteFunc(append(t.Notes, pardoned(more)...), func(note string) bool {
		return slices.ContainsFunc(more, func(w Finding) bool { return w.State != plan.OK && strings.HasSuffix(w.Text, note) })
	})
	if f.DANE != nil && f.DANE.Result == facts.DANEUntrusted {
		t.Notes = append(t.Notes, "DANE unknown")
	}
	if t.Findings = gravestFirst(more); len(t.Findings) > 0 {
		t.State, t.proven = t.Findings[0].State, nil
	}
	return t
}

// unplayed is why there was no session with a target.
func unplayed(f *facts.Session, s *facts.Survey, l *plan.Limits) []Finding {
	var all findings
	if f.Absent == nil {
		all.say(plan.CondTimeout, l, "not reached within "+seconds(f.Timeout)+" seconds")
		return all
	}
	c, text := plan.CondMXHost, "it has no address"
	switch f.Absent.Kind {
	case facts.AbsentFamily:
		if s.Found.Kind == facts.ByHost {
			c = plan.CondResolve
		}
		text = "it has only IPv6 addresses"
		if len(f.Absent.Others) > 0 && f.Absent.Others[0].Is4() {
			text = "it has only IPv4 addresses"
		}
	case facts.AbsentLiteral:
		text = "it is an address, not a name"
	case facts.AbsentLoopback:
		text = "it is an address of this machine itself"
	case facts.AbsentStopped:
		c, text = plan.CondInterrupted, f.Absent.Err.Error()+" before its turn"
	case facts.AbsentUnknown:
		all.failed(&f.Absent.Query, plan.CondResolve, l)
		return all
	default:
		if s.Found.Implicit {
			c, text = plan.CondMXNone, "it has neither MX nor address"
		}
	}
	all.say(c, l, text)
	return all
}

// findings are those that no step of a session stands behind.
type findings []Finding

// say adds one.
func (all *findings) say(c plan.Condition, l *plan.Limits, text string) *Finding {
	*all = append(*all, Finding{Condition: c, State: l.State(c), Text: text})
	return &(*all)[len(*all)-1]
}

// lint is something that stops nobody.
type lint struct {
	kind any
	text string
}

// lints adds the first of each kind, and says how many more there are of it.
func (all *findings) lints(c plan.Condition, l *plan.Limits, each []lint) {
	count := map[any]int{}
	for _, x := range each {
		count[x.kind]++
	}
	for _, x := range each {
		if n := count[x.kind]; n == 1 {
			all.say(c, l, x.text)
		} else if n > 1 {
			all.say(c, l, x.text+" (and "+strconv.Itoa(n-1)+" more)")
		}
		delete(count, x.kind)
	}
}

// count counts the targets that are well.
func (e *Fleet) count() {
	for i := range e.Targets {
		if e.Targets[i].State == plan.OK {
			e.OK++
		}
	}
}

// time finds the slowest target. One that the rule does without is none, so that an
// OK is not about the patience with a dead server.
func (e *Fleet) time(run plan.State) {
	for i := range e.Targets {
		t := &e.Targets[i]
		counts := t.Session.Begun() && (run != plan.OK || t.State == plan.OK)
		if counts && (e.Slowest == nil || t.Session.Total > e.Slowest.Session.Total) {
			e.Slowest = t
		}
	}
}

// fold makes of the targets what counts for the run and what is only told.
func (e *Fleet) fold(rule plan.Fold, single bool) (findings []Finding, notes []string) {
	enough := rule.Rule == plan.FoldAtLeast && e.OK >= rule.Least || rule.Rule == plan.FoldAny && e.OK > 0
	best, lowest := e.best(), e.primary()
	for i, t := range e.Targets {
		// The text of a session names its host where it has to.
		named := single && (t.Session.Begun() || t.Session.Absent != nil && t.Session.Absent.Kind == facts.AbsentUnknown)
		for _, f := range t.Findings {
			if !single {
				f.Target = t.Called
			}
			if !named {
				f.Text = t.Called + ": " + f.Text
			}
			if rule.Rule == plan.FoldPrimary && t.Session.Rank != lowest && f.State == plan.Critical {
				f.State = plan.Warning
			}
			if !enough && (rule.Rule != plan.FoldAny || i == best) {
				findings = append(findings, f)
			} else {
				e.Excused = append(e.Excused, f.Text)
			}
		}
		if single { // of several each has a line of its own
			notes = append(notes, t.Notes...)
		}
	}
	return findings, notes
}

// few minds that there are less targets than have to be well.
func (e *Fleet) few(l *plan.Limits) []Finding {
	var all findings
	if n := len(e.Targets); n > 0 && l.Fold.Rule == plan.FoldAtLeast && n < l.Fold.Least {
		all.say(plan.CondTargetsFew, l, "at least "+strconv.Itoa(l.Fold.Least)+" targets must be OK, but there are only "+strconv.Itoa(n))
	}
	return all
}

// best is the first of the targets that are wrong the least.
func (e *Fleet) best() int {
	best := 0
	for i, t := range e.Targets {
		if slices.Index(gravity, t.State) > slices.Index(gravity, e.Targets[best].State) {
			best = i
		}
	}
	return best
}

// primary is the lowest preference that a target has.
func (e *Fleet) primary() int {
	lowest := 1 << 30
	for _, t := range e.Targets {
		lowest = min(lowest, t.Session.Rank)
	}
	return lowest
}

// metrics are the numbers of the run: each once, with the value of the target that
// is judged gravest by it, and then the time of each target.
func (e *Fleet) metrics(run facts.Run, l *plan.Limits, single bool) []Metric {
	var all []Metric
	for i := range facts.Metrics {
		row := &facts.Metrics[i]
		m, there := e.worst(row.Label)
		if row.OfRun != nil || row.Judged {
			m, there = e.number(row, run, l)
		}
		// How many targets there are is worth telling where there may be several.
		if there && !(single && (row.Judged || row.Label == "targets")) {
			all = append(all, m)
		}
	}
	for _, t := range e.Targets {
		if t.Label != "" && t.Session.Begun() {
			all = append(all, Metric{
				Label: t.Label, Value: t.Session.Total.Seconds(), Unit: "s", Digits: 6, Min: new(float64),
				Warning: limit(l.Warning, plan.Time), Critical: limit(l.Critical, plan.Time), Quiet: e.quiet,
			})
		}
	}
	return all
}

// number is one of the run itself.
func (e *Fleet) number(row *facts.MetricRow, run facts.Run, l *plan.Limits) (Metric, bool) {
	m := Metric{Label: row.Label, Unit: row.Unit, Digits: row.Digits, Warning: limit(l.Warning, row.Label), Critical: limit(l.Critical, row.Label)}
	if !row.Signed {
		m.Min = new(float64)
	}
	if row.Judged {
		m.Value = float64(e.OK)
		return m, run.Survey.Found.Failed.Name == ""
	}
	var there bool
	m.Value, there = row.OfRun(&run)
	return m, there
}

// worst is a number of the target that is judged gravest by it, of those the
// largest, or the smallest where less is worse.
func (e *Fleet) worst(label plan.Label) (found Metric, there bool) {
	for _, t := range e.Targets {
		if m := numbered(t.Metrics, label); m != nil && (!there || m.worse(&found)) {
			found, there = *m, true
		}
	}
	return found, there
}

func (m *Metric) worse(than *Metric) bool {
	a, _ := m.Beyond(m.Value)
	if b, _ := than.Beyond(than.Value); a != b {
		return a > b // WARNING and CRITICAL are in the order of their numbers
	}
	row := facts.MetricOf(m.Label)
	if row != nil && row.Signed {
		return m.Value < than.Value
	}
	return m.Value > than.Value
}

// exceededOf minds the limits on the numbers of the run; those of sessions are
// minded there.
func exceededOf(run facts.Run, metrics []Metric) []Finding {
	var own []Metric
	for _, m := range metrics {
		if row := facts.MetricOf(m.Label); row != nil && (row.OfRun != nil || row.Judged) {
			own = append(own, m)
		}
	}
	all := Exceeded(run.Session(), own, whole)
	for i := range all {
		if all[i].Metric == facts.STSCertDays {
			f := run.Survey.STS.Fetch
			all[i].Text += " (" + called(f.TLS.Ends()) + " of policy host " + f.Host + ")"
		}
	}
	return all
}

// gravest is the session of the target that is wrong the most, the first of all
// if none is; nil: there is no target.
func (e *Fleet) gravest() *facts.Session {
	var found *Target
	for i := range e.Targets {
		t := &e.Targets[i]
		if found == nil || t.State != plan.OK && (found.State == plan.OK || graver(t.State, found.State)) {
			found = t
		}
	}
	if found == nil {
		return nil
	}
	return found.Session
}

// stands is what an OK of the run stands for.
func (e *Fleet) stands(run facts.Run, l *plan.Limits, single bool) []string {
	var all []string
	if single && len(e.Targets) == 1 {
		all = append(all, e.Targets[0].proven...)
	}
	all = append(all, e.keys(single)...)
	if s := run.Survey; s.Found.Null && s.Found.Kind == facts.ByMX && l.Fold.Null {
		all = append(all, s.Found.Name+" takes no mail (null MX)")
	}
	return append(all, covered(run.Survey.STS)...)
}
