package facts

import (
	"crypto/x509"
	"time"

	"check_smtp/internal/plan"
)

// DANE is what DNS says of the keys of one target, and how it was found out
// (RFC 7672).
type DANE struct {
	Host       string      // of the target
	Port       int         // of the target
	Given      bool        // the records are the command line's; DNS was not asked
	HopSecure  bool        // the MX answer that led here is signed; true where none was needed
	HostSecure bool        // the addresses, or the alias that leads to them, are signed
	Candidates []string    // the base domains that may hold records, in order; nil: TLSA must not be asked
	Base       string      // the TLSA base domain, which is the name for SNI; "": no records
	Names      []string    // what a certificate below a trust anchor must name one of; the first is Base
	Records    []plan.TLSA // as they came; nil: none
	Expires    time.Time   // when the first signature over them ends; zero: unknown
	Result     DANEResult  // Sought as long as no handshake has been looked at
	Failed     Query       // what stopped the search; its Name is "" unless Result is bogus
	Doubted    Query       // the answer that would have to be signed, and that nobody could tell of; its Name is "" unless Result is untrusted
	Undenied   bool        // an address asked at the name of the records, which has none, is bogus
	Keys       []DANEKey   // what came of it, one a handshake that was wanted; nil: none was
}

// DANEResult is what became of the TLSA records of a target. Its word is the
// one in JSON.
type DANEResult string

// The results.
const (
	DANESought     DANEResult = ""          // there are records, and no handshake has been looked at
	DANEVerified   DANEResult = "verified"  // a record is met
	DANEMismatch   DANEResult = "mismatch"  // usable records, and none is met
	DANEUnusable   DANEResult = "unusable"  // records, and none is usable: TLS is mandatory all the same
	DANEMissing    DANEResult = "missing"   // no records, or none that are signed
	DANEBogus      DANEResult = "bogus"     // a lookup failed, so that senders must wait (RFC 7672 section 2.1.2)
	DANEUntrusted  DANEResult = "untrusted" // this machine's resolver cannot tell what is signed
	DANEWithoutTLS DANEResult = "no-tls"    // records, and no handshake was completed
)

// TLSAFault is why a record is of no use to anybody who sends mail. Its word is
// the one in JSON.
type TLSAFault string

// The faults (RFC 7672 sections 3.1 and 3.1.3).
const (
	TLSAUsable          TLSAFault = ""
	TLSAPKIX            TLSAFault = "usage-pkix"       // usage 0 or 1, which does not count in SMTP
	TLSAUnknownUsage    TLSAFault = "usage-unknown"    // above 3
	TLSAUnknownSelector TLSAFault = "selector-unknown" // above 1
	TLSAUnknownMatching TLSAFault = "matching-unknown" // above 2
	TLSALength          TLSAFault = "length"           // the data is not as long as such a digest
	TLSANoCertificate   TLSAFault = "no-certificate"   // matching 0, selector 0, and no certificate
	TLSANoKey           TLSAFault = "no-key"           // matching 0, selector 1, and no public key
)

// AnchorFault is why a trust anchor of usage 2 that was found does not prove the
// server. Its word is the one in JSON.
type AnchorFault string

// The faults.
const (
	AnchorSound      AnchorFault = ""
	AnchorExpired    AnchorFault = "expired"    // a certificate of the chain has expired or is not yet valid
	AnchorNames      AnchorFault = "names"      // the chain is right, and the server's certificate is another's
	AnchorUnlinked   AnchorFault = "unlinked"   // the server's certificate does not lead to the anchor
	AnchorUnfit      AnchorFault = "unfit"      // it does, and a certificate on the way is not fit for that
	AnchorUnreadable AnchorFault = "unreadable" // this program cannot read a certificate or key that it takes
)

// DANEKey is what came of one handshake.
type DANEKey struct {
	Result   DANEResult        // verified, mismatch, unusable, missing or no-tls
	Records  []TLSAMatch       // one for each record, in the same order
	Own      plan.TLSA         // the 3 1 1 that the server's certificate would need; no Data: it has no key that could be found
	Names    []string          // what the certificate names, for hints; hostile; nil: nothing, or it cannot be read
	Expired  *x509.Certificate // the first of the chain outside of its dates where that is the reason; nil: it is not
	Unfit    *x509.Certificate // likewise the one that is not for servers
	Lacks    string            // what of Unfit says so, such as "key usage without digitalSignature"
	Hints    []DANEHint        // why it may be that nothing is met; nil unless Result is mismatch
	Lints    []DANEHint        // what is met today and a bad idea all the same
	Rollover bool              // there is a usable record for another key, too
}

// TLSAMatch is what a record means for one handshake.
type TLSAMatch struct {
	plan.TLSA
	Fault      TLSAFault   // why it is of no use; "": it is usable
	Considered bool        // it counts: no record of its kind has a stronger digest (RFC 7672 section 5)
	Matches    bool        // it is met, which proves the server if it is considered
	Depth      int         // of the certificate that it is of on the way up, 0 is the server's own; -1: there is none
	Anchor     AnchorFault // of usage 2, why it is not met although the certificate is there
}

// DANEHint is one remark on a record.
type DANEHint struct {
	Kind   DANEHintKind
	Record int // which one; -1: all of them
	Depth  int // of the certificate that it is about; -1: none
}

// DANEHintKind sorts remarks. Its word is the one in JSON.
type DANEHintKind string

// The remarks. Those on what is met are lints.
const (
	HintIssuer      DANEHintKind = "issuer"       // usage 3 with what belongs to an issuer: use usage 2
	HintLeaf        DANEHintKind = "leaf"         // usage 2 with what is the server's own: use usage 3
	HintEmpty       DANEHintKind = "empty"        // the digest of nothing
	HintSelector    DANEHintKind = "selector"     // the data is right with the other selector
	HintNotSent     DANEHintKind = "not-sent"     // the anchor's certificate is not in the chain that was sent
	HintNames       DANEHintKind = "names"        // see AnchorNames
	HintExpired     DANEHintKind = "expired"      // see AnchorExpired
	HintUnfit       DANEHintKind = "unfit"        // see AnchorUnfit
	HintUnlinked    DANEHintKind = "unlinked"     // see AnchorUnlinked
	HintWeaker      DANEHintKind = "weaker"       // this one matches, and does not count beside one with a stronger digest
	LintPKIX        DANEHintKind = "pkix"         // usage 0 or 1 beside usable records
	LintRenewal     DANEHintKind = "renewal"      // only whole short-lived certificates are met: it breaks at each renewal
	LintAnchorDates DANEHintKind = "anchor-dates" // the anchor is no root and outside of its dates, which not every sender forgives
	LintNoNames     DANEHintKind = "no-names"     // usage 2, and the certificate names nothing but in its subject
)

// Usable is how many records count in SMTP.
func (d *DANE) Usable() int { return d.count(func(m TLSAMatch) bool { return m.Fault == TLSAUsable }) }

// Matched is how many records the server meets that count.
func (d *DANE) Matched() int {
	return d.count(func(m TLSAMatch) bool { return m.Considered && m.Matches })
}

// count counts records of the worst handshake.
func (d *DANE) count(is func(TLSAMatch) bool) int {
	n := 0
	if key := d.Worst(); key != nil {
		for _, m := range key.Records {
			if is(m) {
				n++
			}
		}
	}
	return n
}

// Worst is the handshake that Result is of; nil: there was none.
func (d *DANE) Worst() *DANEKey {
	for i := range d.Keys {
		if d.Keys[i].Result == d.Result {
			return &d.Keys[i]
		}
	}
	return nil
}
