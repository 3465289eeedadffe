package verdict

import (
	"check_smtp/internal/plan"
	"check_smtp/internal/session"
)

// hint is what most likely lies behind a step that went wrong, where the step
// itself does not say so; "": nothing comes to mind. It stands in brackets.
func hint(f *session.Facts, r session.Record) string {
	clear := f.TLS == nil && r.Failure != nil
	switch {
	case r.Step.Phase == plan.Banner && clear && f.Port == 465 && r.Failure.Kind != session.Interrupted:
		return " (port 465 begins with TLS: -s)"
	case r.Step.Phase == plan.Banner && clear && mute(r) && !announced(f):
		return " (does it wait for a PROXY header? -r)"
	case r.Step.Phase == plan.Ehlo && f.Verb != "LHLO" && f.Port == 0 && r.Reply.Class() == 5:
		return " (a socket often speaks LMTP: -L)"
	case r.Step.Phase == plan.SASLAuth && f.Auth != nil && f.Auth.Blank:
		return " (the password begins or ends with a blank)"
	}
	return ""
}

// mute says whether the server never said a word.
func mute(r session.Record) bool {
	return (r.Failure.Kind == session.Closed || r.Failure.Kind == session.TimedOut) && len(r.Reply.Lines) == 0
}

// announced says whether a PROXY header went out.
func announced(f *session.Facts) bool {
	for _, r := range f.Records {
		if r.Step.Phase == plan.ProxyHdr {
			return true
		}
	}
	return false
}
