// Package verdict turns facts and limits into a report. It is a pure function:
// no clock, no connection, no format.
package verdict

import (
	"time"

	"check_smtp/internal/plan"
	"check_smtp/internal/session"
)

// Report is a judged session, ready for every format.
type Report struct {
	State    plan.State
	Findings []Finding // gravest first; none: all is well
	Notes    []string  // what a reader should know and what changes no state
	Metrics  []Metric  // in the order of perfdata
	Facts    session.Facts
}

// Finding is one thing that is wrong. Its text may hold hostile words of the
// server; renderers clean it.
type Finding struct {
	Condition plan.Condition // "": a threshold
	State     plan.State
	Phase     plan.Phase // "": the whole run
	Text      string
}

// Judge applies limits to facts.
func Judge(f session.Facts, l plan.Limits) Report {
	r := Report{Facts: f}
	for _, rule := range rules {
		r.Findings = append(r.Findings, rule(&f, l)...)
	}
	r.Notes = append(remarks(&f, l), pardoned(r.Findings)...)
	r.Metrics = measure(&f, l)
	r.Findings = append(r.Findings, exceeded(r.Metrics)...)
	r.Findings = gravestFirst(r.Findings)
	if len(r.Findings) > 0 {
		r.State = r.Findings[0].State
	}
	return r
}

// gravestFirst drops what the operator declared to be fine and sorts the rest;
// findings of one state keep their order.
func gravestFirst(all []Finding) []Finding {
	var sorted []Finding
	for _, state := range []plan.State{plan.Critical, plan.Warning, plan.Unknown} {
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
	for _, f := range all {
		switch f.Condition {
		case plan.CertUntrusted, plan.CertName, plan.Unquit:
			continue
		}
		if f.State == plan.OK {
			notes = append(notes, f.Text)
		}
	}
	return notes
}

// Took is how long a phase took in all its steps, and whether it ran.
func Took(f *session.Facts, p plan.Phase) (time.Duration, bool) {
	var sum time.Duration
	ran := false
	for _, r := range f.Records {
		if r.Step.Phase == p {
			sum += r.Took
			ran = true
		}
	}
	return sum, ran
}
