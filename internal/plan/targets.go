package plan

import (
	"net/netip"
	"strings"
	"time"
)

// Targets says which servers a run is about where they are more than the one of
// Probe, or where more is asked about them than a session tells. Probe says how
// each of them is played.
type Targets struct {
	Domain  string // whose mail exchangers they are (RFC 5321 section 5.1), in A-labels; "": nobody's
	Service string // whose SRV records name them (RFC 2782): _submission._tcp.example.org; "": nobody's
	Hosts   []Host // named by the user; nil: none

	Addresses Addresses
	Most      int           // how many are played at most; above zero
	Parallel  int           // how many at the same time; above zero
	Each      time.Duration // the most that a session may take; 0: its share of what is left
	Named     bool          // the certificate is to hold Probe.TLS.Name and not the name of each host

	DNS    Resolvers
	DANE   Ask
	TLSA   []TLSA // that count instead of those in the DNS; nil: those
	STS    Ask    // of the domain's policy, see STSDomain
	TLSRPT Ask
	Policy Policy
}

// STSDomain is the domain whose policies and records are asked for.
func (t *Targets) STSDomain() string {
	if t.Policy.Domain != "" {
		return t.Policy.Domain
	}
	return t.Domain
}

// Located says whether the addresses of hosts are looked up before the sessions,
// and not by them. A nil one has just one session.
func (t *Targets) Located() bool {
	return t != nil && (t.Hosts == nil || t.DNS.Servers != nil || t.Addresses != FirstAddress)
}

// ServiceDomain is the domain that offers Service; "": there is no Service.
func (t *Targets) ServiceDomain() string {
	_, rest, _ := strings.Cut(t.Service, ".")
	_, domain, _ := strings.Cut(rest, ".")
	return domain
}

// Host is a server that the user has named.
type Host struct {
	Name string // name or IP address without brackets
	Port int
}

// Addresses says which addresses of a host are played.
type Addresses string

// The rules.
const (
	FirstAddress  Addresses = "first"  // one after the other until one connects
	FamilyAddress Addresses = "family" // one of IPv4 and one of IPv6
	EachAddress   Addresses = "each"
)

// AddressRules lists every rule.
var AddressRules = []Addresses{FirstAddress, FamilyAddress, EachAddress}

// Resolvers are whom names are asked of that the system's resolver says too little
// about.
type Resolvers struct {
	Servers []netip.AddrPort // nil: those of Conf
	Conf    []byte           // the text of resolv.conf; nil: there is none
	Trust   Trust
}

// Ask says how firmly something that a domain may publish is asked for.
type Ask string

// What is published has to be right in each case but the first.
const (
	NotAsked Ask = ""
	AskAuto  Ask = "auto"    // nothing published is no fault
	Require  Ask = "require" // nothing published is one
	Testing  Ask = "testing" // of MTA-STS: at least this mode must be published
	Enforce  Ask = "enforce"
)

// Policy says where that of MTA-STS comes from (RFC 8461).
type Policy struct {
	Domain  string         // whose it is; "": that of the exchangers
	Text    []byte         // instead of what is published; nil: that
	Address netip.AddrPort // where its host is; zero: the DNS knows
	CAs     []byte         // PEM certificates that are trusted instead of the system's; nil: the system's
}

// Fold says how several targets become one state.
type Fold struct {
	Rule   FoldRule
	Least  int  // of AtLeast: how many have to be well
	Null   bool // the domain must say that it takes no mail (RFC 7505)
	DANE   Ask
	STS    Ask
	TLSRPT Ask
}

// FoldRule names the ways to do that.
type FoldRule string

// The rules.
const (
	FoldAll     FoldRule = "all"
	FoldAny     FoldRule = "any"
	FoldPrimary FoldRule = "primary"  // those of the lowest preference; others are a WARNING at most
	FoldAtLeast FoldRule = "at-least" // so many
)
