package plan

import "strings"

// State is the verdict on a service; its number is the exit code of a plugin
// (Monitoring Plugins guidelines).
type State int

// The four states.
const (
	OK State = iota
	Warning
	Critical
	Unknown
)

// States lists the states by their number.
var States = []State{OK, Warning, Critical, Unknown}

var stateNames = [...]string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}

// String is the word that stands in the output.
func (s State) String() string { return stateNames[s] }

// ParseState reads a state by its name in any case or by its number.
func ParseState(word string) (State, bool) {
	for _, s := range States {
		if strings.EqualFold(word, s.String()) || word == string('0'+rune(s)) {
			return s, true
		}
	}
	return 0, false
}

// Condition is something that can be wrong with a session; --state changes
// what it means.
type Condition string

// The conditions, each called after the word that is typed.
const (
	CondResolve        Condition = "resolve"
	CondBind           Condition = "bind"
	CondConnect        Condition = "connect"
	CondTimeout        Condition = "timeout"
	CondInterrupted    Condition = "interrupted"
	CondClosed         Condition = "closed"
	CondProtocol       Condition = "protocol"
	CondBanner         Condition = "banner"
	CondRefused        Condition = "refused"
	CondTempFail       Condition = "tempfail"
	CondResponse       Condition = "response"
	CondExpect         Condition = "expect"
	CondTLSMissing     Condition = "tls-missing"
	CondTLSRefused     Condition = "tls-refused"
	CondTLSHandshake   Condition = "tls-handshake"
	CondTLSInjected    Condition = "tls-injected"
	CondCertExpired    Condition = "cert-expired"
	CondCertExpiring   Condition = "cert-expiring"
	CondCertUntrusted  Condition = "cert-untrusted"
	CondCertName       Condition = "cert-name"
	CondCertPin        Condition = "cert-pin"
	CondCertWeak       Condition = "cert-weak"
	CondCertUnreadable Condition = "cert-unreadable"
	CondAuth           Condition = "auth"
	CondAuthMissing    Condition = "auth-missing"
	CondUnreached      Condition = "unreached"
	CondQuit           Condition = "quit"

	CondMXNone          Condition = "mx-none"
	CondMXNull          Condition = "mx-null"
	CondMXHost          Condition = "mx-host"
	CondMXLint          Condition = "mx-lint"
	CondSRVNone         Condition = "srv-none"
	CondTargetsCut      Condition = "targets-cut"
	CondTargetsFew      Condition = "targets-few"
	CondDNSSECUntrusted Condition = "dnssec-untrusted"
	CondDNSBogus        Condition = "dns-bogus"
	CondDANEMismatch    Condition = "dane-mismatch"
	CondDANETLS         Condition = "dane-tls"
	CondDANEBogus       Condition = "dane-bogus"
	CondDANEUnusable    Condition = "dane-unusable"
	CondDANEMissing     Condition = "dane-missing"
	CondDANEInsecure    Condition = "dane-insecure"
	CondDANELint        Condition = "dane-lint"
	CondDANERollover    Condition = "dane-rollover"
	CondSTSMissing      Condition = "sts-missing"
	CondSTSRecord       Condition = "sts-record"
	CondSTSFetch        Condition = "sts-fetch"
	CondSTSPolicy       Condition = "sts-policy"
	CondSTSMode         Condition = "sts-mode"
	CondSTSMX           Condition = "sts-mx"
	CondSTSTLS          Condition = "sts-tls"
	CondSTSLint         Condition = "sts-lint"
	CondTLSRPTMissing   Condition = "tlsrpt-missing"
	CondTLSRPTRecord    Condition = "tlsrpt-record"
)

type conditionRow struct {
	name          Condition
	state, before State
	text          string
}

// conditions is the table, a row a condition, in the order of the help. A second
// state is the one before the server has answered the greeting, where a drop-in
// must not be graver than the C plugin.
var conditions = [...]conditionRow{
	{CondResolve, Unknown, Unknown, "the name does not resolve"},
	{CondBind, Unknown, Unknown, "no such address on this machine"},
	{CondConnect, Critical, Critical, "refused, unreachable"},
	{CondTimeout, Critical, Critical, "the time is over"},
	{CondInterrupted, Unknown, Unknown, "stopped before the end"},
	{CondClosed, Critical, Warning, "the server hung up"},
	{CondProtocol, Critical, Warning, "the reply is not SMTP"},
	{CondBanner, Warning, Warning, "the banner is not as expected"},
	{CondRefused, Critical, Critical, "5xx"},
	{CondTempFail, Warning, Warning, "4xx"},
	{CondResponse, Warning, Warning, "-R does not match"},
	{CondExpect, Critical, Critical, "--expect-reply does not match"},
	{CondTLSMissing, Warning, Warning, "STARTTLS is not offered"},
	{CondTLSRefused, Unknown, Unknown, "STARTTLS is refused"},
	{CondTLSHandshake, Critical, Critical, "the handshake failed"},
	{CondTLSInjected, Critical, Critical, "plain text after STARTTLS"},
	{CondCertExpired, Critical, Critical, "expired or not yet valid"},
	{CondCertExpiring, Warning, Warning, "-D is reached; critical at its C"}, // which states are those of -D
	{CondCertUntrusted, OK, OK, "chain not proven, see --verify"},
	{CondCertName, OK, OK, "name not in it, see --verify"},
	{CondCertPin, Critical, Critical, "no --pin matches"},
	{CondCertWeak, OK, OK, "weak key or signature"},
	{CondCertUnreadable, Unknown, Unknown, "this program cannot read it"},
	{CondAuth, Critical, Critical, "login refused or broken"},
	{CondAuthMissing, Critical, Critical, "no usable mechanism is offered"},
	{CondUnreached, Unknown, Unknown, "asked for, but not reached after an expected refusal"},
	{CondQuit, Unknown, Unknown, "only QUIT failed"},
	{CondMXNone, Critical, Critical, "no MX and no address"},
	{CondMXNull, Critical, Critical, "null MX, or none despite --expect-null-mx"},
	{CondMXHost, Critical, Critical, "an exchanger that cannot get mail"},
	{CondMXLint, Warning, Warning, "an MX that breaks a rule"},
	{CondSRVNone, Critical, Critical, "no such service"},
	{CondTargetsCut, Warning, Warning, "more than --max-targets"},
	{CondTargetsFew, Critical, Critical, "fewer than --policy at-least:N wants"},
	{CondDNSSECUntrusted, Unknown, Unknown, "the resolver cannot be trusted for DNSSEC"},
	{CondDNSBogus, Critical, Critical, "signatures in the DNS do not verify"},
	{CondDANEMismatch, Critical, Critical, "no TLSA record matches"},
	{CondDANETLS, Critical, Critical, "TLSA records, and no TLS"},
	{CondDANEBogus, Critical, Critical, "TLSA cannot be looked up"},
	{CondDANEUnusable, Warning, Warning, "no usable TLSA record"},
	{CondDANEMissing, OK, OK, "no TLSA record, see --dane"},
	{CondDANEInsecure, OK, OK, "TLSA below an unsigned MX, see --dane"},
	{CondDANELint, Warning, Warning, "a risky TLSA record"},
	{CondDANERollover, OK, OK, "no second TLSA record"},
	{CondSTSMissing, OK, OK, "no MTA-STS, see --mta-sts"},
	{CondSTSRecord, Critical, Critical, "the MTA-STS record is broken"},
	{CondSTSFetch, Critical, Critical, "the policy cannot be fetched"},
	{CondSTSPolicy, Critical, Critical, "the policy is broken"},
	{CondSTSMode, Critical, Critical, "the policy has a weaker mode than --mta-sts asks for"},
	{CondSTSMX, Critical, Critical, "the policy does not cover a host"},
	{CondSTSTLS, Critical, Critical, "a server does not satisfy the policy"},
	{CondSTSLint, Warning, Warning, "a risky policy"},
	{CondTLSRPTMissing, OK, OK, "no TLSRPT record, see --tlsrpt"},
	{CondTLSRPTRecord, Warning, Warning, "the TLSRPT record is broken"},
}

// Conditions lists every condition in the order of the table.
func Conditions() []Condition {
	names := make([]Condition, len(conditions))
	for i, row := range conditions {
		names[i] = row.name
	}
	return names
}

// row is the condition's; one that nobody knows is UNKNOWN.
func (c Condition) row() conditionRow {
	for _, row := range conditions {
		if row.name == c {
			return row
		}
	}
	return conditionRow{c, Unknown, Unknown, ""}
}

// Default is the condition's state once the greeting has been answered.
func (c Condition) Default() State { return c.row().state }

// Text says in a few words when there is such a condition.
func (c Condition) Text() string { return c.row().text }

// StateBefore is what the condition means before the server has answered the
// greeting.
func (l Limits) StateBefore(c Condition) State {
	if s, changed := l.States[c]; changed {
		return s
	}
	return c.row().before
}
