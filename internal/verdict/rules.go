package verdict

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// rules are all opinions that this program holds of a step but for the
// thresholds. Each minds one thing.
var rules = []func(*facts.Session, facts.Record, plan.Limits) []Finding{
	broken, dated, distrusted, misnamed, unpinned, feeble, stopped, unexpected, refused,
	unanswered, unquit, silent, misaddressed,
}

// broken minds a conversation that did not stay whole.
func broken(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if r.Failure == nil || parted(r) {
		return nil
	}
	c, text := describe(f, r)
	if r.Step.Phase == plan.Body && !r.Failure.Sending {
		text += ", delivery unknown" // the server may have taken the message before it fell silent
	}
	all := found(c, r, l, text+spurned(r.Refused.String())+hint(f, r))
	all[0].Words = r.Failure.Reason()
	if !f.Greeted() && r.Failure.Kind != facts.Unproxied {
		all[0].State = l.StateBefore(c)
	}
	return all
}

// describe says in words how a step broke. The phrases that the C plugins'
// users search their logs for are kept.
func describe(f *facts.Session, r facts.Record) (plan.Condition, string) {
	switch r.Failure.Kind {
	case facts.NoHost:
		return plan.CondResolve, "Invalid hostname/address - " + f.Host + " (" + r.Failure.Reason() + ")"
	case facts.Homeless:
		return plan.CondBind, r.Failure.Reason()
	case facts.NoConnect:
		return plan.CondConnect, "connect to " + whither(f) + ": " + capital(r.Failure.Reason())
	case facts.TimedOut:
		return plan.CondTimeout, "Socket timeout after " + seconds(f.Timeout) + " seconds" + spent(f) + " during " + doing(f, r)
	case facts.Interrupted:
		return plan.CondInterrupted, r.Failure.Reason() + " during " + doing(f, r)
	case facts.Handshake:
		return plan.CondTLSHandshake, "Cannot make SSL connection: " + r.Failure.Reason()
	case facts.Unreadable:
		return plan.CondCertUnreadable, "this program cannot read a certificate of the server, and tests nothing more: " + r.Failure.Reason()
	case facts.Objected:
		return plan.CondTLSHandshake, doing(f, r) + ": ended by this program: " + r.Failure.Reason()
	case facts.Injected:
		return plan.CondTLSInjected, "the server said " + r.Failure.Reason() + " where TLS had to begin"
	case facts.BrokenOff:
		return plan.CondInterrupted, doing(f, r) + ": the message cannot be read, and was not sent to its end: " + r.Failure.Reason()
	case facts.NotSMTP, facts.Unproxied:
		return plan.CondProtocol, "Invalid SMTP response received from " + whence(f) + " during " + doing(f, r) + ": " + r.Failure.Reason()
	}
	text := doing(f, r) + ": connection closed by the server"
	if !r.Failure.HungUp() {
		text += " (" + r.Failure.Reason() + ")"
	}
	return plan.CondClosed, text + spoken(r)
}

// spent is how much of its time a run had lost before the server was asked, when
// it was enough to matter.
func spent(f *facts.Session) string {
	if f.Spent < max(f.Timeout/50, 100*time.Millisecond) {
		return ""
	}
	return ", " + strconv.FormatFloat(f.Spent.Seconds(), 'f', 3, 64) + " of them before the session,"
}

// spoken is what the server said before it broke off in the middle of a reply.
func spoken(r facts.Record) string {
	if len(r.Reply.Lines) == 0 || r.Failure.Sending {
		return ""
	}
	return " after: " + first(strings.Join(r.Reply.Lines, " "))
}

// said is the server's reply, as much of it as an alert can hold.
func said(r facts.Record) string { return first(r.Reply.String()) }

// first is about the first 200 characters of words, escaped ones counting as
// what they will be escaped to, so that none of our own words behind them are
// cut off.
func first(words string) string {
	width := 0
	for i, r := range words {
		switch {
		case r == utf8.RuneError || r < 0x100 && !strconv.IsPrint(r):
			width += len(`\xff`)
		case !strconv.IsPrint(r):
			width += len(`\u{10ffff}`)
		default:
			width++
		}
		if width > 200 {
			return words[:i] + "..."
		}
	}
	return words
}

// doing names a step: its phase and what was asked in it.
func doing(f *facts.Session, r facts.Record) string {
	switch r.Step.Phase {
	case plan.Ehlo:
		return strings.ToLower(f.Verb)
	case plan.EhloTLS:
		return strings.ToLower(f.Verb) + " inside TLS"
	case plan.SASLAuth:
		if f.Auth != nil {
			return "sasl_auth " + string(f.Auth.Mechanism)
		}
	case plan.MailFrom:
		if r.Step.Arg == "" {
			return "mailfrom <>"
		}
		return "mailfrom " + r.Step.Arg
	case plan.RcptTo, plan.Body:
		return strings.TrimRight(string(r.Step.Phase)+" "+r.Step.Arg, " ")
	case plan.Command:
		return "command '" + r.Step.Arg + "'"
	}
	return string(r.Step.Phase)
}

func whither(f *facts.Session) string {
	if f.Port == 0 {
		return "socket " + f.Host
	}
	return "address " + f.Host + " and port " + strconv.Itoa(f.Port)
}

// whence names the server as the C plugins do: the port is told only when it
// is not the usual one.
func whence(f *facts.Session) string {
	if f.Port == 25 || f.Port == 0 {
		return "host"
	}
	return "host on port " + strconv.Itoa(f.Port)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// seconds prints a duration without a useless fraction.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

// unexpected minds a reply that is not what the user asked for: -e, -R and
// --expect-reply, and the banner's 220 when nothing else was asked.
func unexpected(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if r.Reply.Code == 0 || r.Step.Expect == nil && r.Step.Phase != plan.Banner || r.Satisfied() {
		return nil
	}
	c := plan.CondBanner
	if r.Step.Expect != nil {
		c = r.Step.Expect.Condition
	}
	return answered(c, r, l, mismatch(f, r, c)+before(r)+unproxied(f, r))
}

func mismatch(f *facts.Session, r facts.Record, c plan.Condition) string {
	switch c {
	case plan.CondResponse:
		return fmt.Sprintf("Invalid response '%s' to command '%s'", said(r), r.Step.Arg)
	case plan.CondExpect:
		return fmt.Sprintf("%s answered %s, expected %s", doing(f, r), said(r), r.Step.Expect.Asked)
	}
	const phrase = " (Invalid SMTP response received from "
	switch {
	case r.Step.Expect != nil:
		return "banner is " + said(r) + ", expected '" + r.Step.Expect.Asked + "'" + phrase + whence(f) + ")"
	case r.Reply.Class() >= 4:
		return "banner refused: " + said(r) + phrase + whence(f) + ")"
	}
	return "banner is " + said(r) + ", expected 220" + phrase + whence(f) + ")"
}

// refused minds what the server would not do. Where the user said which reply
// is right, unexpected minds it.
func refused(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if r.Reply.Code == 0 || r.Skipped != "" || r.Problem != nil || r.Step.Expect != nil || r.Step.Phase == plan.Banner || r.Satisfied() {
		return nil
	}
	c, word := refusal(r)
	return answered(c, r, l, doing(f, r)+word+said(r)+detail(f, r)+before(r)+hint(f, r))
}

// refusal sorts a reply that is not the right one.
func refusal(r facts.Record) (plan.Condition, string) {
	class := r.Reply.Class()
	switch {
	case r.Step.Phase == plan.STARTTLS:
		return plan.CondTLSRefused, " refused: "
	case r.Step.Phase == plan.SASLAuth && class == 4:
		return plan.CondAuth, " failed for now: " // RFC 4954 section 6: 454, and not the password's fault
	case r.Step.Phase == plan.SASLAuth:
		return plan.CondAuth, " refused: "
	case class == 4:
		return plan.CondTempFail, " deferred: "
	case class == 5:
		return plan.CondRefused, " refused: "
	}
	return plan.CondProtocol, " answered out of turn: "
}

// detail is what a refused token was answered with.
func detail(f *facts.Session, r facts.Record) string {
	if r.Step.Phase != plan.SASLAuth || f.Auth == nil || f.Auth.Detail == "" {
		return ""
	}
	return " (" + first(f.Auth.Detail) + ")"
}

// stopped minds what we ourselves would not go on with.
func stopped(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	p := r.Problem
	switch {
	case p == nil || p.Kind == facts.Leaving && r.Step.Phase == plan.Quit:
		return nil // misaddressed minds that
	case p.Kind == facts.Leaving:
		return found(plan.CondTempFail, r, l, doing(f, r)+" not sent: "+first(p.Text)+hint(f, r))
	case p.Kind == facts.Unfit:
		return found(plan.CondRefused, r, l, doing(f, r)+" not sent: "+first(p.Text)+spurned(f.EhloRefused()))
	case r.Step.Phase == plan.STARTTLS:
		return found(plan.CondTLSMissing, r, l, "TLS not supported by server: "+first(p.Text)+spurned(f.EhloRefused()))
	case p.Kind == facts.NotOffered:
		return found(plan.CondAuthMissing, r, l, doing(f, r)+": "+first(p.Text)+spurned(f.EhloRefused()))
	}
	return found(plan.CondAuth, r, l, doing(f, r)+": "+first(p.Text))
}

// before is the refusal of EHLO that came before a reply to HELO, unless that says
// the same.
func before(r facts.Record) string {
	if r.Refused.String() == r.Reply.String() {
		return ""
	}
	return spurned(r.Refused.String())
}

// spurned is the refusal of EHLO that lies behind what HELO cannot do; "": there
// was none.
func spurned(refusal string) string {
	if refusal == "" {
		return ""
	}
	return " (ehlo refused: " + first(refusal) + ")"
}
