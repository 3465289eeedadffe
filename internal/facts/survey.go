package facts

import (
	"net/netip"
	"time"

	"check_smtp/internal/plan"
)

// Survey is what a run found out besides what its sessions tell.
type Survey struct {
	Start   time.Time
	Took    time.Duration // all of the run
	Found   Discovery
	Skipped []Skipped // addresses that this machine cannot reach at all, and that nobody insists on
	STS     *STS      // nil: not asked for
	TLSRPT  *TLSRPT   // nil: not asked for
	Reports Query     // that for TLSRPT; its Name is "" where it is not asked for
	Policy  Query     // that for the record of MTA-STS; likewise
	Queries []Query   // to the DNS, in the order of their beginnings; nil: none
	Times   Times
}

// Times are how long the parts of a survey took. They may lie beside one another.
type Times struct {
	Credential time.Duration // finding the password, before all the rest; 0: nobody was waited for
	Discover   time.Duration // finding the targets
	TLSA       time.Duration // the longest search for the TLSA records of one host; 0: there was none
	STSDNS     time.Duration // the record of MTA-STS; 0: not asked for
	STSFetch   time.Duration // its policy; 0: not fetched
}

// Discovery is how the targets were found.
type Discovery struct {
	Kind     DiscoveryKind
	Name     string // of the domain or service; "": the user has named the hosts
	Expanded string // what that is an alias of; "": nothing
	Secure   bool   // the answer is signed
	Implicit bool   // there are no MX records: the domain's own address counts (RFC 5321 section 5.1)
	Null     bool   // the domain says that it takes no mail (RFC 7505), or that there is no such service
	Failed   Query  // why nothing is known; its Name is "" where something is
	Hosts    []Exchanger
	Rule     plan.Addresses // which of their addresses count
	Lints    []TargetLint
	Cut      int // how many targets were left out because there are too many
}

// DiscoveryKind says what was looked for. Its word is the one in JSON.
type DiscoveryKind string

// The kinds.
const (
	ByMX   DiscoveryKind = "mx"
	BySRV  DiscoveryKind = "srv"
	ByHost DiscoveryKind = "host"
)

// Exchanger is a host that a domain or service names.
type Exchanger struct {
	Rank   int // preference or priority
	Weight int // of a service
	Host   string
	Port   int
	Alias  string        // of what it is one; "": it is none
	Addrs  []netip.Addr  // IPv4 first, each in order; nil: it has none
	Secure bool          // all that is known of them is signed
	Took   time.Duration // finding them
}

// Absence is why there is nothing to connect to.
type Absence struct {
	Kind   AbsenceKind
	Query  Query        // of AbsentUnknown: what failed
	Others []netip.Addr // of AbsentFamily: what it has instead
	Err    error        // of AbsentStopped: who told us to stop
}

// AbsenceKind sorts absences.
type AbsenceKind int

// The kinds.
const (
	AbsentAddress  AbsenceKind = iota // the host has no address, or there is no such host
	AbsentFamily                      // it has none of the family that is asked for
	AbsentLiteral                     // where a name has to be, there is an address
	AbsentLoopback                    // it is the asking machine itself
	AbsentUnknown                     // nobody could tell
	AbsentStopped                     // we were told to stop before its turn
)

// TargetLint is something about the targets that is to be mended and stops nobody.
type TargetLint struct {
	Kind TargetLintKind
	Host string // whom it is about
	Of   string // of LintAlias: what it is one of; of LintSame: the other host
}

// TargetLintKind sorts lints. Its word is the one in JSON.
type TargetLintKind string

// The lints.
const (
	LintAlias     TargetLintKind = "alias"     // a mail exchanger must not be one (RFC 2181 section 10.3)
	LintDot       TargetLintKind = "dot"       // the one that means no mail, or no service, stands beside others (RFC 7505 section 3, RFC 2782)
	LintDuplicate TargetLintKind = "duplicate" // named twice
	LintSame      TargetLintKind = "same"      // two hosts have one address
	LintLabel     TargetLintKind = "label"     // a name of one label
	LintUnread    TargetLintKind = "unread"    // a record of the domain that nobody can read; Host is the domain
)

// Skipped is an address that was not played.
type Skipped struct {
	Rank int
	Host string
	Addr netip.Addr
	Why  string // the system's word for it
}

// Begun says whether a session was begun.
func (f *Session) Begun() bool { return !f.Start.IsZero() }
