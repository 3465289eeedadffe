package verdict

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// The rules for QUIT. What it is answered is no opinion on the server, unless the
// answer shows that those before it were not what they looked like.

// parted says whether QUIT went wrong in a way that the rules of this file mind,
// or nobody.
func parted(f *facts.Session, r *facts.Record) bool {
	if r.Step.Phase != plan.Quit {
		return false
	}
	switch r.Failure.Kind {
	case facts.Closed, facts.TimedOut:
		return true
	case facts.NotSMTP:
		return !r.Failure.Sending && !late(f, r)
	}
	return false
}

// late says whether what is no reply to QUIT may be one to the command before it: it
// begins as a refusal does.
func late(f *facts.Session, r *facts.Record) bool {
	end, early := ending(f)
	if early && !end.Satisfied() || !askedOf(f, end) {
		return false
	}
	return slices.ContainsFunc(append(slices.Clone(r.Reply.Lines), r.Failure.Line()), func(line string) bool {
		return len(line) > 3 && (line[0] == '4' || line[0] == '5') && strings.Trim(line[:3], "0123456789") == ""
	})
}

// unanswered minds a QUIT of which a reply was expected and that got none.
func unanswered(_ *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	e := r.Step.Expect
	if r.Step.Phase != plan.Quit || e == nil || r.Reply.Code != 0 {
		return nil
	}
	if r.Failure != nil && r.Failure.Kind == facts.Interrupted {
		return nil // broken has told it
	}
	return found(e.Condition, noReply, r, l)
}

// unquit minds a QUIT that could not be sent. After a refusal nobody minds:
// the server may well have hung up.
func unquit(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if r.Step.Phase != plan.Quit || r.Failure == nil || r.Failure.Kind != facts.Closed || !r.Failure.Sending || f.Cut {
		return nil
	}
	return found(plan.CondQuit, hungUp, r, l)
}

// silent minds a QUIT that is not answered. It is as grave as any timeout, which
// is what the C plugin makes of it, unless the operator has said what it means,
// or the server has done what it was to do with a refusal.
func silent(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if r.Step.Phase != plan.Quit || r.Step.Expect != nil || r.Failure == nil || r.Failure.Kind != facts.TimedOut {
		return nil
	}
	end, early := ending(f)
	c := plan.CondTimeout
	switch {
	case early && end.Satisfied() || l.QuitToo:
		c = plan.CondQuit
	case early && end.Step.Phase == plan.Banner:
		return nil // the C plugin does not say QUIT here
	case early && end.Reply.Code == 421:
		return nil // it has said that it leaves
	}
	return found(c, mute, r, l)
}

// misaddressed minds a reply to QUIT that cannot be meant for it, or need not be:
// then each reply was one late, and what looked like consent to the last command
// was the reply to what came before. Whoever has refused us may go on refusing,
// and what is wrong is told already.
func misaddressed(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	end, early := ending(f)
	if r.Step.Phase != plan.Quit || r.Step.Expect != nil || early && !end.Satisfied() || !askedOf(f, end) {
		return nil
	}
	switch {
	case r.Reply.Code == 421 && f.Left:
		return answered(plan.CondTempFail, left, f, r, l, "")
	case strayed(r.Reply.Code, f.Left, early):
		return answered(plan.CondProtocol, outOfStep, f, r, l, unproxied(f, r))
	}
	return nil
}

// askedOf says whether the server was asked for anything that its reply to QUIT
// could be late for.
func askedOf(f *facts.Session, end *facts.Record) bool {
	return announced(f) || end.Step.Phase.HasReply() && end.Step.Phase != plan.Banner
}

// strayed says whether a code belongs to another command than QUIT. A server that
// does not know QUIT answers 500 to 504 and listens on; one that hangs up has
// understood. Consent in other words than 221 will do, but not where the reply
// before it was the refusal that was wanted.
func strayed(code int, left, refused bool) bool {
	switch {
	case code == 0 || code == 221 || code == 421:
		return false
	case code < 300:
		return refused
	case code >= 500 && code <= 504:
		return left
	}
	return true
}

// ending is the last step but for QUIT, and whether it ended the session before
// its time.
func ending(f *facts.Session) (end *facts.Record, early bool) {
	for i := range f.Records {
		if r := &f.Records[i]; r.Step.Phase != plan.Quit {
			end, early = r, f.Cut || r.Failure != nil
		}
	}
	if end == nil {
		end = &facts.Record{}
	}
	return end, early
}
