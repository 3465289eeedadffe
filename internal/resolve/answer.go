package resolve

import (
	"net/netip"
	"slices"
	"strconv"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Type is a type of records.
type Type uint16

// The types (RFC 6895 section 3.1, RFC 6698 section 7.1).
const (
	A     Type = 1
	NS    Type = 2
	CNAME Type = 5
	TXT   Type = 16
	AAAA  Type = 28
	MX    Type = 15
	SRV   Type = 33
	TLSA  Type = 52

	soa   Type = 6
	opt   Type = 41
	rrsig Type = 46
)

var typeNames = [...]string{A: "A", NS: "NS", CNAME: "CNAME", TXT: "TXT", AAAA: "AAAA", MX: "MX", SRV: "SRV", TLSA: "TLSA"}

// String is the type's name, TYPE99 of one that is not asked for here (RFC 3597
// section 5).
func (t Type) String() string {
	if int(t) < len(typeNames) && typeNames[t] != "" {
		return typeNames[t]
	}
	return "TYPE" + strconv.Itoa(int(t))
}

// Named is the type of a name that String gives.
func Named(name string) Type { return Type(slices.Index(typeNames[:], name)) }

// Answer is what is known after a question. Names in it are lower case, without
// the dot at the end, and hostile; "." is the root. Records are in the order of
// the answer, which may differ from time to time.
type Answer struct {
	facts.Query         // with aliases over several queries: all of them
	Aliases     []Alias // that were followed, in order; nil: none. Asked for CNAME: that one
	Owner       string  // whose the records are, or which is denied: the last alias's target, else Name

	MX    []Exchange   // asked for MX
	SRV   []Service    // asked for SRV
	Addrs []netip.Addr // asked for A or AAAA
	TXT   []string     // asked for TXT; the strings of one record are one
	TLSA  []plan.TLSA  // asked for TLSA
	NS    []string     // asked for NS

	Unread  int       // how many records were left out because they make no sense
	Expires time.Time // when the first signature over them ends; zero: there were none

	dangling bool // the answer ends with an alias and does not say what is behind it
}

// Alias is one CNAME record.
type Alias struct{ Name, To string }

// Exchange is an MX record (RFC 1035 section 3.3.9). "." as the host is a null MX
// (RFC 7505).
type Exchange struct {
	Preference int
	Host       string
}

// Service is an SRV record (RFC 2782).
type Service struct {
	Priority, Weight, Port int
	Target                 string // ".": there is no such service
}
