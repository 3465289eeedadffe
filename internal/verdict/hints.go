package verdict

import (
	"errors"
	"io/fs"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// hint is what most likely lies behind a step that went wrong, where the step
// itself does not say so; "": nothing comes to mind. It stands in brackets.
func hint(f *facts.Session, r facts.Record) string {
	clear := f.TLS == nil && r.Failure != nil
	switch {
	case r.Failure != nil && r.Failure.Kind == facts.Handshake && (coded(r.Failure.Said) || !announced(f)):
		return tlsHint(f, r.Failure)
	case r.Step.Phase == plan.Banner && clear && f.Port == 465 && r.Failure.Kind != facts.Interrupted:
		return " (port 465 begins with TLS: -s)"
	case r.Step.Phase == plan.Banner && clear && mute(r) && !announced(f):
		return silence(r)
	case r.Failure != nil && r.Failure.Kind == facts.NoConnect && f.Port == 0 && errors.Is(r.Failure.Err, fs.ErrPermission):
		return " (the user that runs this check must be able to write to it)"
	case announced(f) && astray(f, r):
		return unproxied(f, r)
	case r.Step.Phase == plan.Ehlo && f.Verb != "LHLO" && f.Port == 0 && r.Reply.Class() == 5:
		return " (a socket often speaks LMTP: -L)"
	case r.Step.Phase == plan.SASLAuth && f.Auth != nil && f.Auth.Blank:
		return " (the password begins or ends with a blank)"
	}
	return ""
}

// unproxied is the hint where the PROXY header may be what is wrong; "": it is
// not. The first refusal then was none of EHLO.
func unproxied(f *facts.Session, r facts.Record) string {
	switch {
	case !announced(f) || !astray(f, r):
		return ""
	case r.Step.Phase == plan.Ehlo:
		return " (the server may not know the PROXY header that was sent)"
	}
	return spurned(f.EhloRefused()) + " (the server may not know the PROXY header that was sent)"
}

// astray says whether a step went as it does where a server takes the PROXY
// header for a command: it is refused at once, or answered, so that the replies
// are one late from then on.
func astray(f *facts.Session, r facts.Record) bool {
	early := r.Step.Phase == plan.Banner || r.Step.Phase == plan.Ehlo || r.Step.Phase == plan.Shake && f.Verb == ""
	if r.Failure != nil {
		switch r.Failure.Kind {
		case facts.NotSMTP, facts.Unproxied:
			return true
		case facts.Closed, facts.Handshake:
			return early
		}
		return false
	}
	switch r.Step.Phase {
	case plan.Banner:
		return r.Reply.Class() >= 4
	case plan.Ehlo: // a HELO that is refused after it was
		return r.Refused.Code == 0 && r.Reply.Code != 250
	case plan.Quit:
		return r.Reply.Code != 0
	case plan.Command:
		return false
	}
	return r.Step.Expect == nil && r.Reply.Positive() // to another command
}

// tlsHint is hint for a handshake.
func tlsHint(f *facts.Session, failure *facts.Failure) string {
	switch {
	case failure.Likely == facts.OurCertificate:
		return " (it wants a certificate of ours: --client-cert)"
	case failure.Likely == facts.NothingInCommon:
		return " (it accepts nothing that was offered: perhaps it has only RSA or DHE key exchange, or an RSA-PSS, Ed448 or rare EC key)"
	case coded(failure.Said) && f.Port == 465:
		return " (it begins in clear: -S)"
	case coded(failure.Said):
		return " (it begins in clear: -S, or -p 465)"
	}
	return ""
}

// coded says whether a line begins as a reply of SMTP does.
func coded(line string) bool {
	return len(line) > 3 && strings.Trim(line[:3], "0123456789") == "" && (line[3] == ' ' || line[3] == '-')
}

// silence is the hint where a server never said a word. One that waits for TLS does
// not hang up at once.
func silence(r facts.Record) string {
	if r.Failure.Kind == facts.TimedOut {
		return " (it may wait for TLS: -s, or for a PROXY header: -r)"
	}
	return " (does it want a PROXY header? -r)"
}

// mute says whether the server never said a word.
func mute(r facts.Record) bool {
	return (r.Failure.Kind == facts.Closed || r.Failure.Kind == facts.TimedOut) && len(r.Reply.Lines) == 0
}

// announced says whether a PROXY header went out.
func announced(f *facts.Session) bool {
	for _, r := range f.Records {
		if r.Step.Phase == plan.ProxyHdr {
			return true
		}
	}
	return false
}
