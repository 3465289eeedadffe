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
	TLSA  Kind = "TLSA"
)

// Answer is what came of one question.
type Answer struct {
	Status    facts.DNSStatus
	Secure    bool      // all of it, aliases included, or the denial, was verified by somebody whom we trust
	Untrusted bool      // it is not secure, and nobody whom we trust could have told
	Aliases   []string  // the names that the one asked for is an alias of, in order, whatever the kind; nil: none
	Data      [][]byte  // of TLSA: the data of each record
	Expires   time.Time // when the first of its signatures ends; zero: unknown
}

// Lookup answers a question. A name is without the last dot. The same question
// may come twice.
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
		s.Undenied = ask(owner(s.Base, t.Port), A).Status == facts.DNSBogus
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

// owner is the name that holds the records of a base domain (RFC 6698 section 3).
func owner(base string, port int) string { return "_" + strconv.Itoa(port) + "._tcp." + base }

// plain is a name as it is compared.
func plain(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

type search struct {
	facts.DANE
	target    Target
	ask       Lookup
	untrusted bool // an answer would have had to be secure, and nobody could tell
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
	if len(s.Candidates) == 0 && s.Result != facts.DANEBogus {
		s.missing()
	}
	return len(s.Candidates) > 0
}

// addresses are the host's, both kinds as one answer. One kind without an answer
// does no harm where the other has addresses, as Postfix has it.
func (s *search) addresses() (both Answer, ok bool) {
	both.Secure = true
	var failed Kind
	var why facts.DNSStatus
	for _, kind := range []Kind{A, AAAA} {
		a := s.ask(s.Host, kind)
		switch {
		case a.Status == facts.DNSFound:
			ok = true
			both.Secure = both.Secure && a.Secure
			both.Aliases = append(both.Aliases, a.Aliases...)
			s.doubt(a)
		case !a.Status.Answered() && (failed == "" || a.Status == facts.DNSBogus):
			failed, why = kind, a.Status
		}
	}
	switch {
	case ok:
	case failed != "":
		s.stop(s.Host, failed, why)
	default:
		s.Result = facts.DANEMissing
	}
	return both, ok
}

// signedAlias says whether a host whose addresses are not signed is an alias
// that is: the answer on addresses is secure only as a whole, and the alias by
// itself may be.
func (s *search) signedAlias() bool {
	a := s.ask(s.Host, CNAME)
	if a.Status != facts.DNSFound { // it was one a moment ago: who does not know cannot go on
		s.stop(s.Host, CNAME, a.Status)
		return false
	}
	s.doubt(a)
	return a.Secure
}

// records takes those of the first base domain that has some, and says whether
// there are any. A question without an answer ends the search, as the next
// domain's records may be the wrong ones (RFC 7672 section 2.1.2).
func (s *search) records() bool {
	for _, base := range s.Candidates {
		a := s.ask(owner(base, s.Port), TLSA)
		if !a.Status.Answered() {
			s.stop(owner(base, s.Port), TLSA, a.Status)
			return false
		}
		if a.Status != facts.DNSFound || len(a.Data) == 0 {
			continue
		}
		if s.doubt(a); !a.Secure {
			continue
		}
		for _, data := range a.Data {
			r, err := Read(data)
			if err != nil {
				s.stop(owner(base, s.Port), TLSA, facts.DNSMalformed)
				return false
			}
			s.Records = append(s.Records, r)
		}
		s.Base, s.Expires = base, a.Expires
		return true
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

// doubt remembers that an answer would have had to be secure.
func (s *search) doubt(a Answer) { s.untrusted = s.untrusted || a.Untrusted && !a.Secure }

// missing ends the search without records.
func (s *search) missing() {
	s.Result = facts.DANEMissing
	if s.untrusted {
		s.Result = facts.DANEUntrusted
	}
}

// stop ends the search for want of an answer.
func (s *search) stop(name string, kind Kind, why facts.DNSStatus) {
	s.Candidates, s.Records = nil, nil
	s.Result = facts.DANEBogus
	s.Failed = facts.DNSFailure{Name: name, Kind: string(kind), Why: why}
}
