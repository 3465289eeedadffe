package verdict

import (
	"errors"
	"io/fs"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// hint is what most likely lies behind a step that went wrong, where the step
// itself does not say so; "": nothing comes to mind.
func hint(f *facts.Session, r *facts.Record) string {
	clear := f.TLS == nil && r.Failure != nil
	switch {
	case r.Failure != nil && r.Failure.Kind == facts.Handshake && (coded(r.Failure.Said) || !announced(f)):
		return tlsHint(f, r.Failure)
	case r.Step.Phase == plan.Banner && r.Failure != nil && r.Failure.Kind == facts.TimedOut:
		return waiting(f, r)
	case r.Step.Phase == plan.Banner && clear && f.Port == 465 && r.Failure.Kind != facts.Interrupted:
		return portHint
	case r.Step.Phase == plan.Banner && clear && wordless(r) && !announced(f):
		return silence(r)
	case r.Failure != nil && r.Failure.Kind == facts.NoConnect && f.Port == 0 && errors.Is(r.Failure.Err, fs.ErrPermission):
		return writeHint
	case announced(f) && astray(f, r):
		return unproxied(f, r)
	case r.Step.Phase == plan.Ehlo && f.Verb != "LHLO" && f.Port == 0 && r.Reply.Class() == 5:
		return socketHint
	case r.Step.Phase == plan.SASLAuth && f.Auth != nil && f.Auth.Blank:
		return blankHint
	}
	return ""
}

// unproxied is the hint where the PROXY header may be what is wrong; "": it is
// not.
func unproxied(f *facts.Session, r *facts.Record) string {
	if !announced(f) || !astray(f, r) {
		return ""
	}
	return unproxiedHint
}

// suspect notes what may lie behind a finding. Where the PROXY header does, the
// first refusal was none of EHLO.
func (w *Finding) suspect(f *facts.Session, hint string) {
	if w.Hint = hint; hint == unproxiedHint && w.Phase != plan.Ehlo {
		w.Refused = f.EhloRefused()
	}
}

// astray says whether a step went as it does where a server takes the PROXY
// header for a command: it is refused at once, or answered, so that the replies
// are one late from then on.
func astray(f *facts.Session, r *facts.Record) bool {
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
		return clientHint
	case failure.Likely == facts.NothingInCommon:
		return commonHint
	case coded(failure.Said) && f.Port == 465:
		return clearHint
	case coded(failure.Said):
		return clearPortHint
	}
	return ""
}

// coded says whether a line begins as a reply of SMTP does.
func coded(line string) bool {
	return len(line) > 3 && strings.Trim(line[:3], "0123456789") == "" && (line[3] == ' ' || line[3] == '-')
}

// waiting is the hint where the whole banner did not come in time; "": we have waited
// long enough for a slow server, and it has nothing to wait for.
func waiting(f *facts.Session, r *facts.Record) string {
	silent, patient := f.TLS == nil && wordless(r), f.Timeout >= 30*time.Second
	switch {
	case silent && f.Port == 465:
		return portHint
	case silent && !announced(f) && patient:
		return waitHint
	case silent && !announced(f):
		return slowOrWaitHint
	case !patient:
		return slowHint
	}
	return ""
}

// silence is the hint where a server hung up without a word. One that waits for TLS does
// not do so at once.
func silence(r *facts.Record) string {
	if r.Took >= time.Second {
		return waitHint
	}
	return proxyHint
}

// wordless says whether the server never said a word.
func wordless(r *facts.Record) bool {
	return (r.Failure.Kind == facts.Closed || r.Failure.Kind == facts.TimedOut) && len(r.Reply.Lines) == 0 && !r.Reply.Begun
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
