package verdict

import (
	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// rules are all opinions that this program holds of a step but for the
// thresholds. Each minds one thing.
var rules = []func(*facts.Session, *facts.Record, *plan.Limits) *Finding{
	broken, dated, chained, distrusted, misnamed, unpinned, feeble, stopped, unexpected, refused,
	unanswered, unquit, silent, misaddressed,
}

// broken minds a conversation that did not stay whole.
func broken(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if r.Failure == nil || parted(f, r) {
		return nil
	}
	w := found(breakages[r.Failure.Kind], broke, r, l)
	w.Words, w.Refused = r.Failure.Reason(), r.Refused.String()
	w.suspect(f, hint(f, r))
	if !f.Greeted() && r.Failure.Kind != facts.Unproxied {
		w.State = l.StateBefore(w.Condition)
	}
	return w
}

// breakages are what the ways in which a conversation breaks stand for.
var breakages = [...]plan.Condition{
	facts.NoHost: plan.CondResolve, facts.Homeless: plan.CondBind, facts.NoConnect: plan.CondConnect, facts.TimedOut: plan.CondTimeout,
	facts.Closed: plan.CondClosed, facts.NotSMTP: plan.CondProtocol, facts.Interrupted: plan.CondInterrupted, facts.Handshake: plan.CondTLSHandshake,
	facts.Injected: plan.CondTLSInjected, facts.BrokenOff: plan.CondInterrupted, facts.Unproxied: plan.CondProtocol,
	facts.Unreadable: plan.CondCertUnreadable, facts.Objected: plan.CondTLSHandshake,
}

// unexpected minds a reply that is not what the user asked for: -e, -R and
// --expect-reply, and the banner's 220 when nothing else was asked.
func unexpected(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if r.Reply.Code == 0 || r.Step.Expect == nil && r.Step.Phase != plan.Banner || r.Satisfied() {
		return nil
	}
	c := plan.CondBanner
	if r.Step.Expect != nil {
		c = r.Step.Expect.Condition
	}
	return answered(c, mismatched, f, r, l, unproxied(f, r))
}

// refused minds what the server would not do. Where the user said which reply
// is right, unexpected minds it.
func refused(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if r.Reply.Code == 0 || r.Skipped != "" || r.Problem != nil || r.Step.Expect != nil || r.Step.Phase == plan.Banner || r.Satisfied() {
		return nil
	}
	return answered(refusal(r, l), denied, f, r, l, hint(f, r))
}

// refusal sorts a reply that is not the right one. A server that leaves where TLS
// would only have been welcome has not refused it.
func refusal(r *facts.Record, l *plan.Limits) plan.Condition {
	switch {
	case r.Step.Phase == plan.STARTTLS && (r.Reply.Code != 421 || l.TLS.Required()):
		return plan.CondTLSRefused
	case r.Step.Phase == plan.SASLAuth:
		return plan.CondAuth
	case r.Reply.Class() == 4:
		return plan.CondTempFail
	case r.Reply.Class() == 5:
		return plan.CondRefused
	}
	return plan.CondProtocol
}

// stopped minds what we ourselves would not go on with.
func stopped(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	p := r.Problem
	if p == nil {
		return nil
	}
	var w *Finding
	switch {
	case p.Kind == facts.Unfit:
		w = found(plan.CondRefused, unsent, r, l)
	case r.Step.Phase == plan.STARTTLS:
		w = found(plan.CondTLSMissing, noTLS, r, l)
	case p.Kind == facts.NotOffered:
		w = found(plan.CondAuthMissing, withheld, r, l)
	default:
		return excused(f, found(plan.CondAuth, withheld, r, l))
	}
	w.Refused = f.EhloRefused()
	return w
}
