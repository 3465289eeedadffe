package dane

import (
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Kind is a kind of record that is asked for.
type Kind string

// The kinds.
const (
	A     Kind = "A"
	AAAA  Kind = "AAAA"
	CNAME Kind = "CNAME"
	NS    Kind = "NS"
	TLSA  Kind = "TLSA"
)

// Answer is what came of one question.
type Answer struct {
	facts.Query             // Secure is about all of it, aliases and denials included
	Aliases     []string    // the names that the one asked for leads to, in order; nil: it is no alias
	Records     []plan.TLSA // asked for TLSA
	Expires     time.Time   // when the first of its signatures ends; zero: unknown
}

// Lookup answers a question. A name is without the last dot, "." is the root. The
// same question may come twice.
type Lookup func(name string, kind Kind) Answer

// Target is whose records are sought.
type Target struct {
	Host     string // where the connection goes; a name
	Port     int
	Domain   string // whose mail exchanger Host is; "": nobody's, it was named by the user
	Expanded string // what Domain is an alias of; "": nothing
	Signed   bool   // that Host is an exchanger of Domain, or that Domain has none, is secure
	Strict   bool   // ask also whether the absence of other records can be proven
}

// Find asks for the records of a target, in the order of RFC 7672 section 2.2.
// Where Result of what it returns is Sought there are some.
func Find(t Target, ask Lookup) facts.DANE {
	s := search{target: t, ask: ask}
	s.Host, s.Port = plain(t.Host), t.Port
	s.HopSecure = t.Signed || t.Domain == ""
	if !s.eligible() || !s.records() {
		return s.DANE
	}
	s.Names = s.references()
	if t.Strict {
		s.Undenied = s.question(owner(s.Base, t.Port), A).Status == facts.Bogus
	}
	return s.DANE
}

// Given is what there is where the user gives the records.
func Given(t Target, records []plan.TLSA) facts.DANE {
	host := plain(t.Host)
	s := search{target: t, DANE: facts.DANE{Host: host, Port: t.Port, Given: true, HopSecure: true, HostSecure: true, Candidates: []string{host}, Base: host, Records: records}}
	s.Names = s.references()
	return s.DANE
}

// question asks; what is remembered of it goes by the name that was asked for.
func (s *search) question(name string, kind Kind) Answer {
	a := s.ask(name, kind)
	a.Name, a.Type = name, string(kind)
	return a
}

// owner is the name that holds the records of a base domain (RFC 6698 section 3).
func owner(base string, port int) string { return "_" + strconv.Itoa(port) + "._tcp." + base }

// plain is a name as it is compared.
func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

type search struct {
	facts.DANE
	target   Target
	ask      Lookup
	insecure facts.Query // the first answer that would have to be secure and is not
}

// eligible sets the base domains that may hold records (RFC 7672 section 2.2.2),
// and says whether there are any. Of a host that is not signed nothing may be
// asked: servers of such zones are known to drop questions for TLSA.
func (s *search) eligible() bool {
	addr, ok := s.addresses()
	if !ok {
		return false
	}
	s.HostSecure = addr.Secure
	switch {
	case addr.Secure && len(addr.Aliases) > 0:
		s.Candidates = []string{plain(addr.Aliases[len(addr.Aliases)-1]), s.Host}
	case addr.Secure, len(addr.Aliases) > 0 && s.signedAlias():
		s.HostSecure = true
		s.Candidates = []string{s.Host}
	}
	if s.Candidates == nil && s.Result != facts.DANEBogus {
		s.missing()
	}
	return s.Candidates != nil
}

// addresses are the host's, both kinds as one answer. One kind without an answer
// does no harm where the other has addresses, as Postfix has it.
func (s *search) addresses() (both Answer, ok bool) {
	var failed facts.Query
	both.Secure = true
	for _, kind := range []Kind{A, AAAA} {
		a := s.question(s.Host, kind)
		switch {
		case a.Status == facts.Answered:
			ok = true
			both.Secure = both.Secure && a.Secure
			both.Aliases = append(both.Aliases, a.Aliases...)
			s.wanted(a)
		case !a.Status.Denied() && (failed.Name == "" || a.Status == facts.Bogus):
			failed = a.Query
		}
	}
	switch {
	case ok:
	case failed.Name != "":
		s.stop(failed)
	default:
		s.Result = facts.DANEMissing
	}
	return both, ok
}

// signedAlias says whether a host whose addresses are not signed is an alias
// that is: the answer on addresses is secure only as a whole, and the alias by
// itself may be.
func (s *search) signedAlias() bool {
	a := s.question(s.Host, CNAME)
	if a.Status != facts.Answered { // it was one a moment ago: who does not know cannot go on
		s.stop(a.Query)
		return false
	}
	s.wanted(a)
	return a.Secure
}

// records takes those of the first base domain that has some, and says whether
// there are any. A question without an answer ends the search, as the next
// domain's records may be the wrong ones (RFC 7672 section 2.1.2).
func (s *search) records() bool {
	for _, base := range s.Candidates {
		a := s.question(owner(base, s.Port), TLSA)
		if a.Status != facts.Answered && !a.Status.Denied() {
			s.stop(a.Query)
			return false
		}
		if a.Status != facts.Answered || len(a.Records) == 0 {
			continue
		}
		if s.wanted(a); a.Secure {
			s.Base, s.Records, s.Expires = base, a.Records, a.Expires
			return true
		}
	}
	s.missing()
	return false
}

// references are the names of which a certificate below a trust anchor must hold
// one (RFC 7672 section 3.2.2): what led to the host without a signature may not
// vouch for it.
func (s *search) references() []string {
	names := []string{s.Base}
	if !s.target.Signed && !s.Given {
		return names
	}
	for _, more := range []string{s.target.Domain, s.target.Expanded} {
		if more = plain(more); more != "" && more != names[0] && more != names[len(names)-1] {
			names = append(names, more)
		}
	}
	return names
}

// wanted remembers an answer that would have to be secure and is not.
func (s *search) wanted(a Answer) {
	if !a.Secure && s.insecure.Name == "" {
		s.insecure = a.Query
	}
}

// missing ends the search without records. That something is not signed is
// known only from a resolver that verifies signatures and is trusted; one that
// does knows those of the root. A name server that knows its own zones only refuses
// the root or denies it, and never says of anything that it is signed.
func (s *search) missing() {
	s.Result = facts.DANEMissing
	if s.insecure.Name == "" {
		return
	}
	root := Answer{}
	if s.insecure.Trusted {
		root = s.question(".", NS)
		if answers := root.Status == facts.Answered || root.Status == facts.Refused || root.Status.Denied(); !answers {
			return // where the root is out of reach, nothing can be told from it
		}
	}
	if !root.Secure {
		s.Result, s.Doubted = facts.DANEUntrusted, s.insecure
	}
}

// stop ends the search for want of an answer.
func (s *search) stop(failed facts.Query) {
	s.Candidates, s.HostSecure = nil, false
	s.Result, s.Failed = facts.DANEBogus, failed
}
