// Package verdict turns facts and limits into a report. It is a pure function:
// no clock, no connection, no format.
package verdict

import (
	"slices"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Report is a judged run, ready for every format.
type Report struct {
	facts.Run
	State    plan.State
	Findings []Finding // gravest first; none: all is well
	Asides   []Finding // what is a finding only while nothing as grave is wrong, gravest first
	Proven   []string  // what an OK stands for, in few words; nil: the session alone, or no OK
	Notes    []string  // what a reader should know and what changes no state
	Metrics  []Metric  // in the order of perfdata
}

// Finding is one thing that is wrong. Its texts may hold hostile words of the
// server; renderers clean them.
type Finding struct {
	Condition plan.Condition // "": a threshold, or a limit of -D
	State     plan.State
	Phase     plan.Phase // "": the whole run
	Metric    plan.Label // what is out of its range; "": it is not about a number
	Asked     string     // the argument of the step: an address, a command; "": none
	Code      int        // of the server's reply; 0: it is not about one
	Words     string     // the server's reply, or what the system says; "": neither
	Text      string     // all of it for a reader
}

// Judge applies limits to facts.
func Judge(run facts.Run, l plan.Limits) Report {
	f := run.Session()
	r := Report{Run: run, Metrics: measure(f, l)}
	var all []Finding
	for _, record := range f.Records { // so that findings stand in the order of the session
		for _, rule := range rules {
			all = append(all, rule(f, record, l)...)
		}
	}
	if !slices.ContainsFunc(all, func(f Finding) bool { return f.State != plan.OK && !f.aside() }) {
		all = append(unreached(f, l, r.Metrics), all...)
	}
	r.Notes = append(remarks(f, l), pardoned(all)...)
	r.Asides = slices.DeleteFunc(gravestFirst(all), func(f Finding) bool { return !f.aside() })
	r.Findings = Weigh(append(all, exceeded(f, r.Metrics)...), r.Asides)
	if len(r.Findings) > 0 {
		r.State = r.Findings[0].State
		r.Notes = append(delivered(f, r.Findings), r.Notes...)
	} else {
		r.Proven = proven(f, l)
	}
	return r
}

// aside says whether a finding counts only while nothing as grave is wrong.
func (f Finding) aside() bool {
	return f.Condition == plan.CondQuit || f.Condition == plan.CondUnreached
}

// Weigh leaves out the asides of findings, but for those that are graver than
// everything else.
func Weigh(findings, asides []Finding) []Finding {
	findings = slices.DeleteFunc(gravestFirst(findings), Finding.aside)
	for _, a := range asides {
		if len(findings) == 0 || findings[0].aside() || graver(a.State, findings[0].State) {
			findings = append(findings, a)
		}
	}
	return gravestFirst(findings)
}

func graver(a, b plan.State) bool { return slices.Index(gravity, a) < slices.Index(gravity, b) }

// gravity is the order of the states that are not OK.
var gravity = []plan.State{plan.Critical, plan.Warning, plan.Unknown}

// found begins a finding on a step; its state is what the operator has made of
// the condition.
func found(c plan.Condition, r facts.Record, l plan.Limits, text string) []Finding {
	return []Finding{{Condition: c, State: l.State(c), Phase: r.Step.Phase, Asked: r.Step.Arg, Text: text}}
}

// answered is found for a reply of the server.
func answered(c plan.Condition, r facts.Record, l plan.Limits, text string) []Finding {
	all := found(c, r, l, text)
	all[0].Code, all[0].Words = r.Reply.Code, said(r)
	return all
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
	for _, f := range all {
		switch f.Condition {
		case plan.CondCertUntrusted, plan.CondCertName, plan.CondQuit:
			continue
		}
		if f.State == plan.OK {
			notes = append(notes, f.Text)
		}
	}
	return notes
}
