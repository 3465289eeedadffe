// Package facts holds what happened, as values: what was said, what it took and
// why it broke off. It says nothing of what that means, prints nothing, and knows
// no sockets.
//
// The table of metrics is here, too, with what each format calls them: a row knows
// how its number is had from what happened, so that plan cannot hold it, and args
// reads it, so that verdict cannot either.
package facts

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"time"

	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// Run is all that happened.
type Run struct {
	Sessions []Session // one a target, in their order; nil: none was begun
	Survey   *Survey   // what else was found out; nil: nobody asked for more than a session
}

// Of is a run of these sessions.
func Of(sessions ...Session) Run { return Run{Sessions: sessions} }

// Session is the first session; one that was not begun where there is none.
func (r Run) Session() *Session {
	if len(r.Sessions) == 0 {
		return new(Session)
	}
	return &r.Sessions[0]
}

// Session is what happened with one target.
type Session struct {
	Host     string            // as the plan names it
	Addrs    []netip.Addr      // where the plan says that it is; nil: it does not say
	Rank     int               // its preference as a mail exchanger or priority as a service; 0 for others
	Absent   *Absence          // why there is nothing to connect to; nil: there is, or nobody looked
	DANE     *DANE             // nil: not asked for
	Port     int               // 0 with a UNIX socket
	Address  netip.Addr        // the address that was reached; zero before that and with a UNIX socket
	Tries    []Try             // of a host with several addresses, in order; nil: it has one
	Untold   int               // how many more were tried in vain
	Start    time.Time         // when the run began
	Total    time.Duration     // from Start to the end of the last phase, without Ours
	Timeout  time.Duration     // what the run was allowed
	Deadline time.Time         // when that was over; zero: Timeout after Start
	Ours     time.Duration     // how much of it this program needed for itself: for patterns, certificates, a look at what comes unasked; in no other time
	Records  []Record          // one for each step that was begun, in order, and before them what finding the password took
	Missed   []plan.Step       // the steps that were not, in order
	Cut      bool              // a refusal or an unmet expectation ended the session early
	Left     bool              // the server hung up right behind a reply to QUIT that was not 221, or answered QUIT behind a 421
	TLS      *TLS              // nil: no handshake was completed
	Auth     *Auth             // nil: no login was begun
	Verb     string            // the greeting that got the last word: EHLO, HELO or LHLO; "": none was sent
	Caps     smtp.Capabilities // what the last accepted greeting announced; nil: none was accepted
	Sent     int64             // bytes of the message that went out, see plan.BodyBytes
	Dialogue []Line            // every line said, both ways
}

// Record is what came of one step. Without a Failure and with a Reply the
// server answered, whether it consented or not.
type Record struct {
	Step    plan.Step
	Took    time.Duration
	Reply   smtp.Reply // its Code is 0 where no whole reply came
	Refused smtp.Reply // what EHLO was answered before HELO was tried; its Code is 0 where it was not
	Failure *Failure   // nil: the conversation stayed whole
	Problem *Problem   // nil: we had no reason of our own to stop
	Skipped string     // why an optional step was not taken; "": it was

	Met    bool // the whole reply was the one that was asked for
	Judged bool // Met says so
}

// Satisfied says whether the reply is the one that was asked for. The session
// has seen all of it, also where Reply holds less.
func (r Record) Satisfied() bool {
	if r.Judged {
		return r.Met
	}
	return r.Step.Satisfied(r.Reply.Code, r.Reply.Raw())
}

// Try is one attempt to connect to one of several addresses.
type Try struct {
	Addr netip.Addr
	Took time.Duration
	Err  error // nil: this one answered
}

// Reason is why an address did not answer; "": it did.
func (t Try) Reason() string {
	switch {
	case t.Err == nil:
		return ""
	case errors.Is(t.Err, os.ErrDeadlineExceeded) || errors.Is(t.Err, context.DeadlineExceeded):
		return "timed out"
	case errors.Is(t.Err, context.Canceled):
		return "interrupted"
	}
	f := Failure{Err: t.Err}
	return f.Reason()
}

// Auth is what came to pass of a login before its last reply.
type Auth struct {
	Mechanism plan.Mechanism // the one that was used; never plan.AutoMech
	InClear   bool           // the password or token could be read on the way
	Blank     bool           // the password begins or ends with one, which it seldom should
	Detail    string         // what the server says of a refused token; hostile; "": nothing
}

// Line is one line of the dialogue.
type Line struct {
	At     time.Duration // since Start
	Client bool          // we said it
	Text   string        // without line end; hostile when the server said it
}

// EhloRefused is what EHLO was answered before HELO was tried; "": it was not.
func (f *Session) EhloRefused() string {
	for _, r := range f.Records {
		if r.Refused.Code != 0 {
			return r.Refused.String()
		}
	}
	return ""
}

// Lost is how much of its time the run had lost before Start.
func (f *Session) Lost() time.Duration {
	if f.Deadline.IsZero() {
		return 0
	}
	return f.Timeout - f.Deadline.Sub(f.Start)
}

// Greeted says whether the server answered our greeting, be it with a refusal.
func (f *Session) Greeted() bool {
	for _, r := range f.Records {
		if r.Step.Phase == plan.Ehlo && r.Reply.Code != 0 {
			return true
		}
	}
	return false
}

// Took is how long a phase took in all its steps, and whether it ran.
func (f *Session) Took(p plan.Phase) (time.Duration, bool) {
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
