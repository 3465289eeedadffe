package verdict

import (
	"crypto/tls"
	"strconv"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// proven are the things that an OK stands for beyond an answer, in few words and
// in the order of the session.
func proven(f *facts.Session, l *plan.Limits) []string {
	var all texts
	if f.TLS != nil {
		all.add(tls.VersionName(f.TLS.Version))
		if leaf := f.TLS.Chain[0]; !dateTold(l) && facts.Remaining(leaf, f.Start) >= 0 {
			all[0] += ", certificate " + days(leaf, f.Start) + chainDays(f)
		}
	}
	if f.Auth != nil {
		all.add(granted(f, plan.SASLAuth, "logged in", "")...)
	}
	if _, sent := f.Took(plan.Body); sent {
		all.add(granted(f, plan.Body, "delivered to ", recipients(f))...)
	} else {
		all.add(granted(f, plan.RcptTo, "recipients accepted: ", recipients(f))...)
	}
	return append(all, hoped(f)...)
}

// chainDays is what a chain has left that ends before the server's certificate;
// "": it does not.
func chainDays(f *facts.Session) string {
	end := f.TLS.Ends()
	if end.Equal(f.TLS.Chain[0]) {
		return ""
	}
	return ", its chain " + days(end, f.Start)
}

// dateTold says whether a remark tells of the certificate's lifetime already.
func dateTold(l *plan.Limits) bool {
	return l.Cert.Warning != nil || l.Cert.Critical != nil || l.Cert.IgnoreExpiry
}

// granted is a text where the server consented in a phase; nil: it did not.
func granted(f *facts.Session, p plan.Phase, text, number string) []string {
	for _, r := range f.Records {
		if r.Step.Phase == p && r.Reply.Class() == 2 && (p != plan.SASLAuth || r.Satisfied()) {
			return []string{text + number}
		}
	}
	return nil
}

// recipients is how many recipients were accepted, by the last reply that each
// one got.
func recipients(f *facts.Session) string {
	accepted, each := 0, 0
	for _, r := range f.Records {
		switch {
		case r.Reply.Class() != 2:
		case r.Step.Phase == plan.RcptTo:
			accepted++
		case r.Step.Phase == plan.Body && r.Step.Arg != "":
			each++
		}
	}
	if each > 0 { // LMTP
		return strconv.Itoa(each)
	}
	return strconv.Itoa(accepted)
}

// hoped are the refusals that were expected and came.
func hoped(f *facts.Session) []string {
	var all []string
	seen := plan.Phase("")
	for i := range f.Records {
		r := &f.Records[i]
		e := r.Step.Expect
		if e == nil || e.Condition != plan.CondExpect || r.Reply.Class() < 4 || r.Step.Phase == seen {
			continue
		}
		seen = r.Step.Phase
		all = append(all, doing(f, r)+" answered as expected: "+said(r))
	}
	return all
}

// delivered tells of a message that went to some of its recipients only, or before
// something was wrong with QUIT; nil: that is not what is wrong. Of a session out of
// step nothing is known.
func delivered(f *facts.Session, wrong []Finding) []string {
	some := false
	for _, w := range wrong {
		some = some || w.Phase == plan.RcptTo || w.Phase == plan.Body || w.Phase == plan.Quit && w.Code == 0
		if w.Condition == plan.CondProtocol {
			return nil
		}
	}
	if got := recipients(f); some && got != "0" {
		return granted(f, plan.Body, "delivered to ", got)
	}
	return nil
}
