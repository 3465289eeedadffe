package facts

import (
	"net/netip"
	"time"
	"unicode/utf8"
)

// Query is one question to the DNS and what came of it.
type Query struct {
	Name    string // lower case, without the dot at the end; ".": the root
	Type    string // "MX", "TLSA"
	Status  QueryStatus
	RCode   int            // of the last answer (RFC 6895 section 2.3); 0 where none came
	EDE     *EDE           // nil: the server gave none
	Server  netip.AddrPort // whose answer or silence this is; zero: nobody was asked
	Trusted bool           // the word of Server on signatures counts
	Secure  bool           // Server verified the signatures, and is trusted; also of a denial
	Took    time.Duration  // all tries and servers
	Err     error          // with Unreachable what the system said, Failure.Reason has its words; with Abandoned who told us to stop; else nil
}

// QueryStatus is the outcome of a Query.
type QueryStatus string

// The outcomes.
const (
	Answered    QueryStatus = "ok"
	NoData      QueryStatus = "nodata"   // there is the name, without such a record
	NoName      QueryStatus = "nxdomain" // behind an alias, it is the alias's target that is not there
	ServFail    QueryStatus = "servfail"
	Bogus       QueryStatus = "bogus"       // there is an answer, and its signatures do not verify
	Refused     QueryStatus = "refused"     // or declined by another code, see RCode
	NoAnswer    QueryStatus = "timeout"     // nobody answered in time
	Unreachable QueryStatus = "unreachable" // no server could be talked to, see Err
	Malformed   QueryStatus = "malformed"   // what came makes no sense, or the name could not be asked for
	AliasLoop   QueryStatus = "loop"        // the aliases lead round in a circle
	Abandoned   QueryStatus = "interrupted" // we were told to stop
)

// Denied says whether it is certain that there is no such record. A failure is
// no denial.
func (s QueryStatus) Denied() bool { return s == NoData || s == NoName }

// Cut is the beginning of a text that others wrote, of whole characters.
func Cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// EDE is an extended DNS error (RFC 8914).
type EDE struct {
	Code int
	Text string // the server's own, cut; hostile; "": none
}

// Signatures says whether the error is about signatures that do not verify (RFC
// 8914 sections 4.7 to 4.13).
func (e *EDE) Signatures() bool { return e != nil && e.Code >= 6 && e.Code <= 12 }
