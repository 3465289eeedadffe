// Package verdict turns facts and limits into a report. It is a pure function:
// no clock, no connection, no format.
package verdict

import (
	"crypto/x509"
	"slices"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Report is a judged run, ready for every format.
type Report struct {
	facts.Run
	State    plan.State
	Findings []Finding  // gravest first; none: all is well
	Asides   []Finding  // what is a finding only while nothing as grave is wrong, gravest first
	Proven   []string   // what an OK stands for, in few words; nil: the session alone, or no OK
	Notes    []string   // what a reader should know and what changes no state
	Metrics  []Metric   // in the order of perfdata
	Lines    *Lines     // what lines for people say in place of what their format makes of the rest; nil: just that
	Exit     *int       // what to exit with in place of the state's own code; nil: that
	Fleet    *Fleet     // nil: the run is told as one session
	Asked    *plan.Fold // how firmly things were asked for of a run with a survey; nil: there is none

	main *facts.Session // the one to be shown of several; nil: the first
}

// Session is the one that is shown where only one can be.
func (r *Report) Session() *facts.Session {
	if r.main != nil {
		return r.main
	}
	return r.Run.Session()
}

// Lines are the words of a format for people, as they are printed.
type Lines struct {
	First string // before the perfdata; it holds no "|"
	Rest  string // all that stands behind the first line, with its line ends
}

// Finding is one thing that is wrong, in fields; words.go makes a text of them.
// What comes of the server in it is hostile; renderers clean it.
type Finding struct {
	Condition plan.Condition // "": a threshold, or no matter of a session
	Target    string         // whom it is about, of several; "": all, or the only one
	State     plan.State
	Phase     plan.Phase        // "": the whole run
	Metric    plan.Label        // what is out of its range; "": it is not about a number
	Limit     string            // that was reached; "": none
	Asked     string            // the argument of the step: an address, a command; "": none
	Code      int               // of the server's reply; 0: it is not about one
	Enhanced  string            // its enhanced code; "": none
	Words     string            // the server's reply, or what the system says; "": neither
	Failure   *facts.Failure    // how the conversation broke; nil: it did not
	Refused   string            // the reply to EHLO before HELO was tried, where that lies behind; "": it does not
	Missing   string            // what was not come to; "": it is not about that
	Cert      *x509.Certificate // nil: it is about none, or several
	Hint      string            // what most likely lies behind it, or what to do; "": nothing comes to mind
	Text      string            // all of it for a reader

	what what
	step *facts.Record // nil: the whole run
}

// Judge applies limits to facts.
func Judge(run facts.Run, l plan.Limits) Report {
	if run.Survey != nil {
		return surveyed(run, &l)
	}
	r := judge(run.Session(), &l)
	r.Run = run
	return r
}

// judge judges one session.
func judge(f *facts.Session, l *plan.Limits) Report {
	r := Report{Metrics: measure(f, l)}
	var all []Finding
	for i := range f.Records { // so that findings stand in the order of the session
		for _, rule := range rules {
			if w := rule(f, &f.Records[i], l); w != nil {
				all = append(all, *w)
			}
		}
	}
	asGrave := func(f Finding) bool {
		return f.State != plan.OK && !f.aside() && !Graver(l.State(plan.CondUnreached), f.State)
	}
	if !slices.ContainsFunc(all, asGrave) {
		if w := unreached(f, l, r.Metrics); w != nil {
			all = append(append([]Finding(nil), *w), all...)
		}
	}
	for i := range all {
		all[i].Text = worded(f, &all[i])
	}
	r.Notes = append(remarks(f, l), pardoned(all)...)
	r.Asides = Without(gravestFirst(all), func(f *Finding) bool { return !f.aside() })
	r.Findings = Weigh(append(all, Exceeded(f, r.Metrics, whole)...), r.Asides)
	if len(r.Findings) > 0 {
		r.State = r.Findings[0].State
		r.Notes = append(delivered(f, r.Findings), r.Notes...)
	} else {
		r.Proven = proven(f, l)
	}
	return r
}

// aside says whether a finding counts only while nothing as grave is wrong.
func (f *Finding) aside() bool {
	return f.Condition == plan.CondQuit || f.Condition == plan.CondUnreached
}

// Weigh leaves out the asides of findings, but for those that are graver than
// everything else.
func Weigh(findings, asides []Finding) []Finding {
	findings = Without(gravestFirst(findings), (*Finding).aside)
	for _, a := range asides {
		if len(findings) == 0 || findings[0].aside() || graver(a.State, findings[0].State) {
			findings = append(findings, a)
		}
	}
	return gravestFirst(findings)
}

// Graver says whether a state is graver than another one.
func Graver(a, b plan.State) bool { return a != plan.OK && (b == plan.OK || graver(a, b)) }

func graver(a, b plan.State) bool { return slices.Index(gravity, a) < slices.Index(gravity, b) }

// gravity is the order of the states that are not OK.
var gravity = []plan.State{plan.Critical, plan.Warning, plan.Unknown}

// found begins a finding on a step; its state is what the operator has made of
// the condition.
func found(c plan.Condition, kind what, r *facts.Record, l *plan.Limits) *Finding {
	return &Finding{Condition: c, State: l.State(c), Phase: r.Step.Phase, Asked: r.Step.Arg, Failure: r.Failure, what: kind, step: r}
}

// answered is found for a reply of the server. A refusal of EHLO lies behind it
// unless that says the same.
func answered(c plan.Condition, kind what, f *facts.Session, r *facts.Record, l *plan.Limits, hint string) *Finding {
	w := found(c, kind, r, l)
	w.Code, w.Enhanced, w.Words = r.Reply.Code, r.Reply.Enhanced(), said(r)
	if w.Refused = r.Refused.String(); w.Refused == r.Reply.String() {
		w.Refused = ""
	}
	w.suspect(f, hint)
	return w
}

// gravestFirst drops what the operator declared to be fine and sorts the rest;
// findings of one state keep their order.
func gravestFirst(all []Finding) []Finding {
	var sorted []Finding
	for _, state := range gravity {
		for _, f := range all {
			if f.State == state {
				sorted = append(sorted, f)
			}
		}
	}
	return sorted
}

// pardoned are what the operator declared to be fine, still told. What remarks
// tells already, and a QUIT that -q is about, are left out.
func pardoned(all []Finding) []string {
	var notes []string
	for i := range all {
		switch f := &all[i]; {
		case f.Condition == plan.CondCertUntrusted || f.Condition == plan.CondCertName || f.Condition == plan.CondQuit:
		case f.State == plan.OK:
			notes = append(notes, f.Text)
		}
	}
	return notes
}

// Without are the findings but for some.
func Without(all []Finding, some func(*Finding) bool) []Finding {
	var rest []Finding
	for i := range all {
		if !some(&all[i]) {
			rest = append(rest, all[i])
		}
	}
	return rest
}
