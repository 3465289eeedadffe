package plan

import "strings"

// Phase is one stretch of a session. Its text is what users type and what the
// metric <phase>_time is called after.
type Phase string

// The phases, in the order of a session. Credential is before it and no part of its
// time.
const (
	Credential Phase = "credential" // finding the password, where that can keep one waiting

	DNS      Phase = "dns"
	Connect  Phase = "connect"
	ProxyHdr Phase = "proxy"
	Banner   Phase = "banner"    // RFC 5321 section 3.1
	Ehlo     Phase = "ehlo"      // EHLO, HELO or LHLO
	STARTTLS Phase = "starttls"  // the command, RFC 3207
	Shake    Phase = "tls"       // the handshake
	EhloTLS  Phase = "ehlo_tls"  // the greeting inside TLS
	SASLAuth Phase = "sasl_auth" // RFC 4954
	MailFrom Phase = "mailfrom"  // RFC 5321 section 3.3
	Command  Phase = "command"   // all -C
	RcptTo   Phase = "rcptto"    // all recipients
	Data     Phase = "data"      // the command
	Body     Phase = "body"      // the message, to the reply after the dot
	Reset    Phase = "rset"      // RSET, which forgets the recipients of a session without a message
	Quit     Phase = "quit"
)

// Phases lists every phase in session order.
var Phases = []Phase{Credential, DNS, Connect, ProxyHdr, Banner, Ehlo, STARTTLS, Shake, EhloTLS, SASLAuth, MailFrom, Command, RcptTo, Data, Body, Reset, Quit}

// HasReply says whether the server answers in this phase, so that a reply can
// be expected of it and the session can be ended politely after it.
func (p Phase) HasReply() bool {
	switch p {
	case Credential, DNS, Connect, ProxyHdr, Shake:
		return false
	}
	return true
}

// Label is the name of a metric. It holds a-z, 0-9 and _ only, so that no
// consumer of perfdata has to quote it.
type Label string

// Time is the whole run in seconds, the one metric that every check_smtp has.
const Time Label = "time"

// TargetsOK is how many targets of a run are well.
const TargetsOK Label = "targets_ok"

// TargetTime is what the label of the time of each target of several begins with.
// At most MaxSlug bytes follow, of which TargetOwn says what they are like.
const TargetTime Label = "time_"

// MaxSlug is how long they may be.
const MaxSlug = 40

// TargetOwn says whether a label may be that of the time of a target.
func (l Label) TargetOwn() bool {
	slug, ok := strings.CutPrefix(string(l), string(TargetTime))
	const letters = "_0123456789abcdefghijklmnopqrstuvwxyz"
	return ok && slug != "" && len(slug) <= MaxSlug && strings.Trim(slug, letters) == ""
}

// What the server's own certificate has left, in days, hours and percent of its
// lifetime; below zero when it has expired.
const (
	CertDays    Label = "cert_days"
	CertHours   Label = "cert_hours"
	CertPercent Label = "cert_percent"
)

// TimeOf is the metric of the time spent in a phase.
func (p Phase) TimeOf() Label { return Label(p + "_time") }
