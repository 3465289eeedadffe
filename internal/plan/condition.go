package plan

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

// Condition is something that can be wrong with a session; --state changes
// what it means.
type Condition string

// The conditions.
const (
	Resolve  Condition = "resolve"   // the name does not resolve
	Unbound  Condition = "bind"      // the connection cannot begin at this machine
	Unlinked Condition = "connect"   // no connection: refused, unreachable
	Timeout  Condition = "timeout"   // the deadline passed
	Closed   Condition = "closed"    // the peer closed or reset
	Protocol Condition = "protocol"  // a reply that is not SMTP
	Greeter  Condition = "banner"    // the banner is not what was expected
	Refused  Condition = "refused"   // 5xx
	TempFail Condition = "tempfail"  // 4xx
	Response Condition = "response"  // -R does not match
	Expected Condition = "expect"    // --expect-reply does not match
	Unquit   Condition = "quit"      // QUIT could not be sent, or was not answered
	Missed   Condition = "unreached" // what was asked for and not come to, after a refusal that was expected

	TLSMissing    Condition = "tls-missing"     // STARTTLS required, not offered
	TLSRefused    Condition = "tls-refused"     // STARTTLS sent, refused
	TLSHandshake  Condition = "tls-handshake"   // the handshake failed
	TLSInjected   Condition = "tls-injected"    // plain text came after the 220 to STARTTLS
	CertExpired   Condition = "cert-expired"    // expired or not yet valid
	CertUntrusted Condition = "cert-untrusted"  // the chain does not prove the server
	CertName      Condition = "cert-name"       // the name is not in the certificate
	CertPin       Condition = "cert-pin"        // the key is not the pinned one
	CertWeak      Condition = "cert-weak"       // a key or signature that no longer protects
	CertStrange   Condition = "cert-unreadable" // a certificate that this program cannot read
	AuthRefused   Condition = "auth"            // login refused, not understood, or the server not proven
	AuthMissing   Condition = "auth-missing"    // no usable mechanism offered

	Interrupted Condition = "interrupted" // a signal ended the run
)

// conditions is the table of defaults. A second state is the one before the
// server has answered the greeting, where a drop-in must not be graver than
// the C plugin.
var conditions = []struct {
	name          Condition
	state, before State
}{
	{Resolve, Unknown, Unknown},
	{Unbound, Unknown, Unknown},
	{Unlinked, Critical, Critical},
	{Timeout, Critical, Critical},
	{Closed, Critical, Warning},
	{Protocol, Critical, Warning},
	{Greeter, Warning, Warning},
	{Refused, Critical, Critical},
	{TempFail, Warning, Warning},
	{Response, Warning, Warning},
	{Expected, Critical, Critical},
	{TLSMissing, Warning, Warning},
	{TLSRefused, Unknown, Unknown},
	{TLSHandshake, Critical, Critical},
	{TLSInjected, Critical, Critical},
	{CertExpired, Critical, Critical},
	{CertUntrusted, OK, OK}, // told only, unless --verify makes it graver
	{CertName, OK, OK},
	{CertPin, Critical, Critical},
	{CertWeak, OK, OK},
	{CertStrange, Unknown, Unknown},
	{AuthRefused, Critical, Critical},
	{AuthMissing, Critical, Critical},
	{Missed, Unknown, Unknown},
	{Unquit, Unknown, Unknown},
	{Interrupted, Unknown, Unknown},
}

// Conditions lists every condition in the order of the table.
func Conditions() []Condition {
	names := make([]Condition, len(conditions))
	for i, c := range conditions {
		names[i] = c.name
	}
	return names
}

// Default is the condition's state once the greeting has been answered.
func (c Condition) Default() State {
	for _, row := range conditions {
		if row.name == c {
			return row.state
		}
	}
	return Unknown
}

// StateBefore is what the condition means before the server has answered the
// greeting.
func (l Limits) StateBefore(c Condition) State {
	if s, changed := l.States[c]; changed {
		return s
	}
	for _, row := range conditions {
		if row.name == c {
			return row.before
		}
	}
	return Unknown
}
