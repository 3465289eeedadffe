package facts

// STS is what a domain publishes of MTA-STS (RFC 8461).
type STS struct {
	Domain string
	Record STSRecord
	Fetch  *STSFetch  // nil: nothing was fetched
	Policy *STSPolicy // nil: no text was had
	Hosts  []STSHost  // the exchangers, where the policy holds
	Unused []STSFlaw  // patterns that match none of the domain's exchangers
}

// Lints are the flaws that stop no sender.
func (s *STS) Lints() []STSFlaw {
	all := append([]STSFlaw(nil), s.Record.Lints...)
	if s.Fetch != nil {
		all = append(all, s.Fetch.Lints...)
	}
	if s.Policy != nil {
		all = append(all, s.Policy.Lints...)
	}
	return append(all, s.Unused...)
}

// STSRecord is the TXT record that says that there is a policy.
type STSRecord struct {
	Texts []string  // those that begin with "v=STSv1;"; hostile; senders act on exactly one
	Near  string    // where there is none: one that looks as if it was meant; hostile; "": none does
	ID    string    // of the policy; "": not known
	Flaw  *STSFlaw  // why senders do not act on what there is; nil: they do, or there is none
	Lints []STSFlaw // what else is to be mended
}

// Missing says whether no record counts.
func (r *STSRecord) Missing() bool { return len(r.Texts) == 0 }

// Usable says whether senders go and fetch the policy.
func (r *STSRecord) Usable() bool { return len(r.Texts) == 1 && r.Flaw == nil }

// STSMode is what a policy asks of senders (RFC 8461 section 5).
type STSMode string

// The modes, the weakest first.
const (
	STSNone    STSMode = "none"
	STSTesting STSMode = "testing"
	STSEnforce STSMode = "enforce"
)

// Weaker says whether a mode asks for less than another; one that is none asks
// for nothing.
func (m STSMode) Weaker(than STSMode) bool { return m.rank() < than.rank() }

func (m STSMode) rank() int {
	switch m {
	case STSEnforce:
		return 2
	case STSTesting:
		return 1
	}
	return 0
}

// STSFetch is what came of fetching a policy.
type STSFetch struct {
	Web
	Lookup  Query     // why nobody knows where the host is; its Name is "" where it is known
	Opening string    // how the body begins, in one line of at most 40 bytes; hostile; "": there is none
	Lints   []STSFlaw // what of the answer is to be mended
}

// STSFetchFault says why an answer is no policy.
type STSFetchFault int

// The faults.
const (
	STSFetched    STSFetchFault = iota
	STSUnanswered               // Err says why
	STSRedirected               // Status and Location say how
	STSStatus                   // another Status than 200
	STSEncoded                  // Encoding says how
)

// Fault says why there is no text. A status counts before what is wrong with the
// body of an answer that would not be used anyway.
func (f *STSFetch) Fault() STSFetchFault {
	switch {
	case f.Status >= 300 && f.Status < 400:
		return STSRedirected
	case f.Status != 0 && f.Status != 200: // RFC 8461 section 3.3
		return STSStatus
	case f.Encoding != "":
		return STSEncoded
	case f.Err != nil || f.Status == 0:
		return STSUnanswered
	}
	return STSFetched
}

// STSPolicy is a policy as it was read. Where it is flawed the other fields hold
// what stands before the flaw.
type STSPolicy struct {
	Mode   STSMode
	MaxAge int64        // seconds, for which senders may keep it
	MX     []STSPattern // in order
	SHA256 string       // of the text, in hexadecimal digits
	Flaw   *STSFlaw     // why strict senders do not act on it; nil: they do
	Lints  []STSFlaw    // what else is to be mended
}

// STSPattern is a line of a policy that names an exchanger, or all of one label
// below a domain.
type STSPattern struct {
	Text string // as written
	Line int
}

// STSHost is an exchanger of the domain.
type STSHost struct {
	Host      string
	CoveredBy string // the first pattern that matches it; "": none does
}

// STSFlaw is something wrong with a record or a policy.
type STSFlaw struct {
	Kind STSFlawKind
	Line int    // of the policy; 0: no line's
	Text string // what is wrong; hostile, and cut to 200 bytes; "": it is that something lacks
}

// STSFlawKind sorts flaws.
type STSFlawKind int

// The flaws of records.
const (
	STSSeveral  STSFlawKind = iota // more than one record
	STSBadField                    // a field that the grammar does not allow
	STSNoID                        // no id
	STSBadID                       // an id that is not 1 to 32 letters and digits
)

// The flaws of policies.
const (
	STSEmpty      STSFlawKind = iota + 10 // no text at all
	STSMark                               // a byte order mark
	STSBlankLine                          // a line without a field
	STSBadLine                            // a line that is not "key: value"
	STSBadVersion                         // another version than STSv1
	STSBadMode                            // a mode that does not exist
	STSBadAge                             // a max_age that is not 1 to 10 digits
	STSBadMX                              // an mx that is no pattern
	STSNoVersion                          // no version
	STSNoMode                             // no mode
	STSNoAge                              // no max_age
	STSNoMX                               // no mx, with another mode than none
	STSLarge                              // more text than senders take
)

// The flaws that stop no sender, or not all of them.
const (
	STSSpaced    STSFlawKind = iota + 30 // a blank before the first semicolon of a record, which the grammar allows and the text does not
	STSMediaType                         // a Content-Type other than text/plain
	STSLongAge                           // max_age is more than a year
	STSShortAge                          // max_age is less than a day
	STSUpper                             // an mx with capitals
	STSUnused                            // an mx that matches no exchanger
)

// TLSRPT is where a domain wants reports on TLS (RFC 8460).
type TLSRPT struct {
	Domain string
	Texts  []string    // the records that begin with "v=TLSRPTv1;"; hostile; senders act on exactly one
	Near   string      // where there is none: one that looks as if it was meant; hostile; "": none does
	Old    bool        // where there is none: there is one at the name of an old draft
	RUA    []string    // the URIs that can be used; hostile
	Bad    []RUAFlaw   // those that cannot
	Flaw   *TLSRPTFlaw // why no report comes; nil: they come, or there is no record
}

// Missing says whether no record counts.
func (r *TLSRPT) Missing() bool { return len(r.Texts) == 0 }

// TLSRPTFlaw is something wrong with a record.
type TLSRPTFlaw struct {
	Kind TLSRPTFlawKind
	Text string // hostile, and cut to 200 bytes; "": it is that something lacks
}

// TLSRPTFlawKind sorts flaws.
type TLSRPTFlawKind int

// The flaws.
const (
	TLSRPTSeveral  TLSRPTFlawKind = iota // more than one record
	TLSRPTBadField                       // a field that the grammar does not allow
	TLSRPTNoRUA                          // no rua
	TLSRPTBadRUA                         // no rua that can be used; Bad says why
)

// RUAFlaw is a URI that no report can be sent to.
type RUAFlaw struct {
	Kind RUAFlawKind
	Text string // hostile, and cut to 200 bytes
}

// RUAFlawKind says why.
type RUAFlawKind int

// The reasons.
const (
	RUAEmpty     RUAFlawKind = iota // nothing stands there
	RUANoURI                        // it has no scheme, or bytes that no URI has
	RUAScheme                       // its scheme is neither mailto nor https
	RUAReserved                     // it holds an exclamation mark, which has to be written as %21
	RUANoAddress                    // there is no mail address behind mailto
	RUANoHost                       // there is no host behind https
)
