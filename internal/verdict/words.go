package verdict

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// what is wrong, of the things that a condition may stand for.
type what int

const (
	broke      what = iota // the conversation
	mismatched             // the reply is not what was asked for
	denied                 // the server would not
	unsent                 // we did not ask
	noTLS
	withheld   // we did not log in
	noReply    // to QUIT, of which one was expected
	hungUp     // before QUIT
	mute       // after it
	left       // on it
	outOfStep  // the reply to it belongs to another command
	notReached // what was asked for
	expired
	expiring
	unproven
	otherName
	otherKey
	weak
)

// The hints.
const (
	portHint       = "port 465 begins with TLS: -s"
	slowHint       = "it may be slow: -t 30"
	slowOrWaitHint = slowHint + ", or wait for TLS: -s, or for a PROXY header: -r"
	waitHint       = "it may wait for TLS: -s, or for a PROXY header: -r"
	proxyHint      = "does it want a PROXY header? -r"
	unproxiedHint  = "the server may not know the PROXY header that was sent"
	writeHint      = "the user that runs this check must be able to write to it"
	socketHint     = "a socket often speaks LMTP: -L"
	blankHint      = "the password begins or ends with a space"
	clientHint     = "it wants a certificate of ours: --client-cert"
	commonHint     = "it accepts nothing that was offered: perhaps it has only RSA or DHE key exchange, an RSA-PSS, Ed448 or rare EC key, or a certificate signed with SHA-224 or SHA-3"
	clearHint      = "it begins without TLS: -S"
	clearPortHint  = "it begins without TLS: -S, or -p 465"
)

// worded is a finding for a reader: what is wrong, what lies behind it, and what
// may.
func worded(f *facts.Session, w *Finding) string {
	text := sentence(f, w) + spurned(w.Refused)
	if w.Hint != "" {
		text += " (" + w.Hint + ")"
	}
	return text
}

// sentence is what is wrong. The phrases that the C plugins' users search their
// logs for are kept.
func sentence(f *facts.Session, w *Finding) string {
	const maybe = ": this may be the answer to "
	r := w.step
	end, _ := ending(f)
	switch w.what {
	case broke:
		return describe(f, r) + undecided(r)
	case mismatched:
		return mismatch(f, r, w.Condition)
	case denied:
		return doing(f, r) + denial(r) + w.Words + detail(f, r)
	case unsent:
		return doing(f, r) + " not sent: " + first(Reason(r.Problem))
	case noTLS:
		return "TLS not supported by server: " + first(Reason(r.Problem)) + untried(f, w)
	case withheld:
		return doing(f, r) + ": " + first(Reason(r.Problem))
	case noReply:
		return "quit got no reply, expected " + r.Step.Expect.Asked
	case hungUp:
		return "Connection closed by server before sending QUIT command"
	case mute:
		return unansweredQuit(f, r)
	case left:
		return "quit answered " + w.Words + ", and the server hung up" + maybe + doing(f, end)
	case outOfStep:
		return "quit answered " + w.Words + ": the replies are out of step"
	case notReached:
		return w.Missing + " not reached: " + upshot(f, r)
	}
	return certificate(f, w)
}

// untried tells of a login and a message that were asked for besides TLS, of which a
// WARNING may not look like the end.
func untried(f *facts.Session, w *Finding) string {
	login, message := "", ""
	for _, st := range f.Missed {
		text := ", " + doing(f, &facts.Record{Step: st}) + " not reached"
		switch {
		case w.State == plan.OK: // unreached tells it
		case st.Phase == plan.SASLAuth:
			login = text
		case st.Phase == plan.RcptTo || st.Phase == plan.Body:
			message = text
		}
	}
	return login + message
}

// describe says in words how a step broke.
func describe(f *facts.Session, r *facts.Record) string {
	switch r.Failure.Kind {
	case facts.NoHost:
		return "Invalid hostname/address - " + f.Host + " (" + r.Failure.Reason() + ")"
	case facts.Homeless:
		return r.Failure.Reason()
	case facts.NoConnect:
		return "connect to " + whither(f) + ": " + Capital(r.Failure.Reason())
	case facts.TimedOut:
		return "Socket timeout after " + seconds(f.Timeout) + " seconds" + lost(f) + " during " + doing(f, r)
	case facts.Interrupted:
		return r.Failure.Reason() + " during " + doing(f, r)
	case facts.Handshake:
		return "Cannot make SSL connection: " + r.Failure.Reason()
	case facts.Unreadable:
		return "this program cannot read a certificate of the server, and tests nothing more: " + r.Failure.Reason()
	case facts.Objected:
		return doing(f, r) + ": ended by this program: " + r.Failure.Reason()
	case facts.Injected:
		return "the server said " + r.Failure.Reason() + " where TLS had to begin"
	case facts.BrokenOff:
		return doing(f, r) + ": the message cannot be read, and was not sent to its end: " + r.Failure.Reason()
	case facts.NotSMTP, facts.Unproxied:
		return "Invalid SMTP response received from " + whence(f) + " during " + doing(f, r) + ": " + r.Failure.Reason()
	}
	text := doing(f, r) + ": connection closed by the server"
	if !r.Failure.HungUp() {
		text += " (" + r.Failure.Reason() + ")"
	}
	return text + spoken(r)
}

// undecided tells of a message that the server may have taken before it fell
// silent.
func undecided(r *facts.Record) string {
	if r.Step.Phase == plan.Body && !r.Failure.Sending {
		return ", delivery unknown"
	}
	return ""
}

// lost is how much of its time a run has lost by no fault of the server's, before it
// was asked and meanwhile, when it was enough to matter.
func lost(f *facts.Session) string {
	before := f.Lost()
	matters := func(d time.Duration) bool { return d >= max(f.Timeout/50, 100*time.Millisecond) }
	exact := func(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
	switch {
	case matters(before) && matters(f.Ours):
		return ", " + exact(before) + " of them before the session and " + exact(f.Ours) + " this program's own,"
	case matters(before):
		return ", " + exact(before) + " of them before the session,"
	case matters(f.Ours):
		return ", " + exact(f.Ours) + " of them this program's own,"
	}
	return ""
}

// spoken is what the server said before it broke off in the middle of a reply.
func spoken(r *facts.Record) string {
	if len(r.Reply.Lines) == 0 || r.Failure.Sending {
		return ""
	}
	return " after: " + first(strings.Join(r.Reply.Lines, " "))
}

// unansweredQuit tells how long a reply was waited for.
func unansweredQuit(f *facts.Session, r *facts.Record) string {
	if r.Took >= plan.Parting && f.Total+f.Lost()+f.Ours < f.Timeout {
		return "Socket timeout after " + seconds(plan.Parting) + " seconds during quit"
	}
	return describe(f, r)
}

// said is the server's reply, as much of it as an alert can hold.
func said(r *facts.Record) string { return first(r.Reply.String()) }

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
func doing(f *facts.Session, r *facts.Record) string {
	switch verb := strings.ToLower(cmp.Or(f.Verb, string(plan.Ehlo))); r.Step.Phase {
	case plan.Ehlo:
		return verb
	case plan.EhloTLS:
		return verb + " inside TLS"
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
	host := f.Host
	if len(f.Addrs) == 1 {
		host = f.Addrs[0].String()
	}
	return "address " + host + " and port " + strconv.Itoa(f.Port)
}

// whence names the server as the C plugins do: the port is told only when it
// is not the usual one.
func whence(f *facts.Session) string {
	if f.Port == 25 || f.Port == 0 {
		return "host"
	}
	return "host on port " + strconv.Itoa(f.Port)
}

// Capital is a text that begins with a capital letter.
func Capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// seconds prints a duration without a useless fraction.
func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

func mismatch(f *facts.Session, r *facts.Record, c plan.Condition) string {
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

// denial says how a reply is not the right one.
func denial(r *facts.Record) string {
	class := r.Reply.Class()
	switch {
	case r.Step.Phase == plan.SASLAuth && class == 4:
		return " failed for now: " // RFC 4954 section 6: 454, and not the password's fault
	case class == 5, class == 4 && r.Step.Phase == plan.STARTTLS:
		return " refused: "
	case class == 4:
		return " deferred: "
	}
	return " answered out of turn: "
}

// detail is what a refused token was answered with.
func detail(f *facts.Session, r *facts.Record) string {
	if r.Step.Phase != plan.SASLAuth || f.Auth == nil || f.Auth.Detail == "" {
		return ""
	}
	return " (" + first(f.Auth.Detail) + ")"
}

// spurned is the refusal of EHLO that lies behind what HELO cannot do; "": there
// was none.
func spurned(refusal string) string {
	if refusal == "" {
		return ""
	}
	return " (ehlo refused: " + first(refusal) + ")"
}

// Reason is our own reason to ask for nothing more.
func Reason(p *facts.Problem) string {
	switch p.Lacks {
	case "":
		return p.Text
	case "STARTTLS":
		return "STARTTLS not offered"
	case "SIZE":
		return fmt.Sprintf("the message has %d bytes, the server takes %d (SIZE)", p.Size, p.Limit)
	case "SMTPUTF8":
		return "an address or the header needs SMTPUTF8, which the server does not offer"
	}
	return "the message needs " + p.Lacks + ", which the server does not offer"
}

// upshot is what ended the session.
func upshot(f *facts.Session, r *facts.Record) string {
	switch {
	case r.Failure != nil:
		return describe(f, r)
	case r.Problem != nil:
		return first(Reason(r.Problem))
	case r.Skipped != "":
		return first(r.Skipped)
	}
	return doing(f, r) + " answered " + said(r)
}

// exceeds tells of a metric that is out of its range. Of the whole run's time it
// says where most of it went.
func exceeds(f *facts.Session, m *Metric, r *plan.Range) string {
	value := strconv.FormatFloat(m.Value, 'f', min(m.Digits, 3), 64)
	text := string(m.Label) + " is " + value + m.Unit + ", limit " + r.String()
	if p, took := slowest(f); m.Label == plan.Time && p != "" && m.Value > r.End {
		text += ", most of it " + string(p) + " " + strconv.FormatFloat(took.Seconds(), 'f', 3, 64) + "s"
	}
	return text
}
