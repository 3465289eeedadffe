package plan

import (
	"crypto/tls"
	"math"
	"strconv"
)

// TLSMode says when and how firmly TLS is asked for.
type TLSMode string

// The modes. With "if available" a session that stays in clear is no fault,
// but said; otherwise TLS is required.
const (
	NoTLS            TLSMode = "none"
	StartTLS         TLSMode = "starttls" // RFC 3207
	StartTLSIfOffer  TLSMode = "starttls-if-available"
	ImplicitTLS      TLSMode = "implicit"              // RFC 8314 section 3.3
	ImplicitTLSIfCan TLSMode = "implicit-if-available" // a second connection in clear when the handshake does not succeed
)

// TLSModes lists every mode.
var TLSModes = []TLSMode{NoTLS, StartTLS, StartTLSIfOffer, ImplicitTLS, ImplicitTLSIfCan}

// Required says whether a session without TLS is not the one that was asked
// for.
func (m TLSMode) Required() bool { return m == StartTLS || m == ImplicitTLS }

// Implicit says whether TLS begins before the banner.
func (m TLSMode) Implicit() bool { return m == ImplicitTLS || m == ImplicitTLSIfCan }

// TLS is what the handshake needs to know.
type TLS struct {
	Mode    TLSMode
	SNI     string           // the server name sent (RFC 6066 section 3); "": none. An IP literal is sent only if SendIP
	SendIP  bool             // send SNI even if it is an IP literal, which RFC 6066 forbids and --sni does
	Name    string           // the name or IP literal that the certificate must hold; "": none to compare with (UNIX socket)
	Also    string           // a name that will do as well; "": none
	Verify  bool             // an unproven server gets no credentials
	AnyDate bool             // an expired certificate proves a server all the same
	Exact   bool             // the state depends on trust, so no certificate of the store may be missed; otherwise it is only told
	CAs     []byte           // PEM certificates that are trusted instead of the system's; nil: the system's
	File    string           // SSL_CERT_FILE, in place of the system's bundle; "": the system's
	Dirs    string           // SSL_CERT_DIR, in place of the system's directories, colon-separated; "": the system's
	Pins    [][]byte         // SHA-256 of the SubjectPublicKeyInfo, one of which must be met (RFC 7469 section 2.4); nil: any
	Client  *tls.Certificate // nil: none; its Leaf is set
	Suites  []uint16         // for TLS 1.2 and below; nil: Go's choice
	Min     uint16           // tls.VersionTLS10 to VersionTLS13
	Max     uint16
}

// Expiry limits how little lifetime a certificate may have left: so much or less.
type Expiry struct {
	Amount float64
	Of     Label // CertDays, of which whole ones count, rounded down, as in the C plugin; CertHours; CertPercent
}

// Reached says whether no more than that is left.
func (e *Expiry) Reached(left float64) bool {
	if e.Of == CertDays {
		left = math.Floor(left)
	}
	return left <= e.Amount
}

// On is the limit as a range of a metric; nil: it is on another one. 30 whole days
// or less are fewer than 31. Whoever reads the metric finds it rounded down.
func (e *Expiry) On(l Label) *Range {
	switch {
	case e == nil || e.Of != l:
		return nil
	case l == CertDays:
		return &Range{Start: e.Amount + 1, End: math.Inf(1)}
	}
	return &Range{Start: e.Amount, End: math.Inf(1)}
}

// String is the limit as a reader understands it.
func (e Expiry) String() string {
	unit := map[Label]string{CertDays: " days", CertHours: "h", CertPercent: "%"}[e.Of]
	return strconv.FormatFloat(e.Amount, 'f', -1, 64) + unit
}

// Certificate is what the judge minds in a certificate.
type Certificate struct {
	Warning      *Expiry // at this or less left; nil: never
	Critical     *Expiry // nil: never
	IgnoreExpiry bool    // expiry is told, never judged
	Asked        bool    // it is to be seen: a session that does not come to it is not the one that was asked for
}
