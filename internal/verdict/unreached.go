package verdict

import (
	"slices"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// unreached minds what was asked for and not come to, in a session of which
// nothing as grave is wrong: as a rule a refusal that was expected or declared to be
// fine has ended it. It names the last such thing.
func unreached(f *facts.Session, l *plan.Limits, metrics []Metric) *Finding {
	end, early := ending(f)
	if !early {
		end, early = untaken(f)
	}
	if !early || exempt(end) {
		return nil
	}
	wished := end.Step.Expect != nil && end.Step.Expect.Wishes() && end.Reply.Code != 0 && end.Satisfied()
	missing := ""
	if unjudged(f, end) {
		missing = doing(f, end)
	}
	if end.Step.Phase == plan.Body && end.Reply.Code != 0 && !wished && granted(f, plan.Body, "", "") == nil {
		missing = "delivery"
	}
	for _, st := range f.Missed {
		if wanted(f, l, st, end, wished) || limited(l, metrics, st.Phase) {
			missing = doing(f, &facts.Record{Step: st})
		}
	}
	if missing == "" && unseen(f, l, metrics) {
		missing = string(plan.Shake)
	}
	if missing == "" {
		return nil
	}
	w := answered(plan.CondUnreached, notReached, f, end, l, "")
	w.Missing, w.Refused = missing, ""
	return w
}

// untaken is an optional step that was not taken: what depends on it is not come
// to either.
func untaken(f *facts.Session) (*facts.Record, bool) {
	for i := range f.Records {
		if f.Records[i].Skipped != "" {
			return &f.Records[i], true
		}
	}
	return nil, false
}

// exempt says whether a step ended the session in a way that leaves nothing to
// come to: with no connection, or when the time was over. Whoever says that this
// is fine says it of the whole run.
func exempt(r *facts.Record) bool {
	if r.Failure == nil {
		return false
	}
	switch r.Failure.Kind {
	case facts.NoHost, facts.NoConnect, facts.TimedOut, facts.Interrupted, facts.BrokenOff:
		return true
	}
	return false
}

// wanted says whether a step that was not taken was asked for in its own right.
// After a refusal that was wished these are expectations, the login, the
// certificate, and a message that is not just what recipients are for; after one
// that is only tolerated, whatever the command line asks for.
func wanted(f *facts.Session, l *plan.Limits, st plan.Step, end *facts.Record, wished bool) bool {
	switch st.Phase {
	case plan.SASLAuth:
		return true
	case plan.Shake:
		return seen(l) || minded(f, l) || !wished && l.TLS.Required() && end.Step.Phase != plan.STARTTLS
	case plan.RcptTo, plan.Data, plan.Body:
		if own := wished && (end.Step.Phase == plan.RcptTo || end.Step.Phase == plan.Data); !own && !handed(f) {
			return true
		}
	case plan.MailFrom, plan.Command:
		if !wished {
			return true
		}
	}
	return st.Expect != nil && (st.Phase != plan.Body || st.Arg == "" || accepted(f, st.Arg))
}

// minded says whether something published asks for a certificate: TLSA records, or a
// policy of MTA-STS, if there is one.
func minded(f *facts.Session, l *plan.Limits) bool {
	return f.DANE != nil && f.DANE.Usable() > 0 || l.Fold != nil && l.Fold.STS != plan.NotAsked
}

// handed says whether a message went out, to whichever recipient.
func handed(f *facts.Session) bool {
	_, sent := f.Took(plan.Body)
	return sent
}

// accepted says whether the server took a recipient.
func accepted(f *facts.Session, recipient string) bool {
	return slices.ContainsFunc(f.Records, func(r facts.Record) bool {
		return r.Step.Phase == plan.RcptTo && r.Step.Arg == recipient && r.Reply.Class() == 2
	})
}

// judged says whether an expectation has met a reply.
func judged(f *facts.Session, e *plan.Expect) bool {
	return slices.ContainsFunc(f.Records, func(r facts.Record) bool { return r.Step.Expect == e && r.Reply.Code != 0 })
}

// unjudged says whether a step got no reply that its expectation could be held
// against.
func unjudged(f *facts.Session, r *facts.Record) bool {
	return r.Step.Expect != nil && !judged(f, r.Step.Expect)
}

// limited says whether a number of a phase has a limit and does not exist.
func limited(l *plan.Limits, metrics []Metric, p plan.Phase) bool {
	return slices.ContainsFunc(facts.Metrics[:], func(row facts.MetricRow) bool {
		return row.Phase == p && (limit(l.Warning, row.Label) != nil || limit(l.Critical, row.Label) != nil) && numbered(metrics, row.Label) == nil
	})
}

// seen says whether the certificate is to be seen.
func seen(l *plan.Limits) bool {
	for _, c := range []plan.Condition{plan.CondCertUntrusted, plan.CondCertName, plan.CondCertWeak} {
		if l.States[c] != plan.OK {
			return true
		}
	}
	return l.Cert.Asked
}

// unseen says whether a handshake that failed left that undone.
func unseen(f *facts.Session, l *plan.Limits, metrics []Metric) bool {
	_, tried := f.Took(plan.Shake)
	return tried && f.TLS == nil && (seen(l) || limited(l, metrics, plan.Shake))
}

// unheld minds limits that nothing is held against, as there is no such number where
// nothing is published: one that asks for a record would be kept without any. How
// long something took that did not take place is no loss.
func unheld(l *plan.Limits, metrics []Metric, ours func(*facts.MetricRow) bool) []Finding {
	var all findings
	for i := range facts.Metrics {
		row := &facts.Metrics[i]
		if !ours(row) || row.Digits == timeDigits || limit(l.Warning, row.Label) == nil && limit(l.Critical, row.Label) == nil || numbered(metrics, row.Label) != nil {
			continue
		}
		all.say(plan.CondUnreached, l, string(row.Label)+" has a limit, but no value")
	}
	return all
}

// timeDigits are those of a time.
const timeDigits = 6
