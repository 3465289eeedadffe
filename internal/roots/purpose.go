package roots

import (
	"crypto/x509"
	"encoding/asn1"
	"slices"
)

// Misuse says what keeps OpenSSL, by which most mail servers judge each other, from
// taking a certificate for what it does in a chain. x509 has another opinion: it
// looks at the extended key usage alone, and "any" is enough for it.
type Misuse string

// The kinds of misuse, in words about the certificate.
const (
	BadExtendedKeyUsage Misuse = "its extended key usage lacks serverAuth"
	BadKeyUsage         Misuse = "its key usage lacks digitalSignature"
	BadNetscapeType     Misuse = "its Netscape certificate type lacks server"
	LikeItsIssuer       Misuse = "it has the name of its own issuer, and no key identifier tells them apart"
)

// AnyUsage is for x509, whose opinion on usages is not asked.
var AnyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}

// Suited are the chains all of whose certificates OpenSSL takes for what they do there.
func Suited(chains [][]*x509.Certificate) (list [][]*x509.Certificate) {
	for _, chain := range chains {
		if c, _ := Unsuited(chain); c == nil {
			list = append(list, chain)
		}
	}
	return list
}

// Unsuited is the first certificate of a chain, the server's own first, that OpenSSL
// does not take for what it does there; nil: it takes them all.
func Unsuited(chain []*x509.Certificate) (*x509.Certificate, Misuse) {
	for i, c := range chain {
		if why := misuse(c, i == 0, i == len(chain)-1); why != "" {
			return c, why
		}
	}
	return nil, ""
}

func misuse(c *x509.Certificate, own, last bool) Misuse {
	const tls = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement
	netscape := extension(c, idNetscapeType)
	switch {
	case extension(c, idExtKeyUsage) != nil && !slices.ContainsFunc(c.ExtKeyUsage, serves):
		return BadExtendedKeyUsage
	case own && extension(c, idKeyUsage) != nil && c.KeyUsage&tls == 0:
		return BadKeyUsage
	case own && len(netscape) == 4 && netscape[3]&netscapeServer == 0:
		return BadNetscapeType
	case !last && Rooted(c) && (c.AuthorityKeyId != nil || extension(c, idAuthorityKeyID) == nil):
		return LikeItsIssuer
	}
	return ""
}

// serves says whether a usage is that of a server (RFC 5280 section 4.2.1.12), by one of
// the names that it has had.
func serves(u x509.ExtKeyUsage) bool {
	return u == x509.ExtKeyUsageServerAuth || u == x509.ExtKeyUsageNetscapeServerGatedCrypto || u == x509.ExtKeyUsageMicrosoftServerGatedCrypto
}

var (
	idKeyUsage       = asn1.ObjectIdentifier{2, 5, 29, 15}
	idAuthorityKeyID = asn1.ObjectIdentifier{2, 5, 29, 35}
	idExtKeyUsage    = asn1.ObjectIdentifier{2, 5, 29, 37}
	idNetscapeType   = asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}
)

// netscapeServer is the bit of a server in the one byte of bits.
const netscapeServer = 0x40

// extension is the value of one; nil: the certificate has none of this kind.
func extension(c *x509.Certificate, id asn1.ObjectIdentifier) []byte {
	for _, e := range c.Extensions {
		if e.Id.Equal(id) {
			return e.Value
		}
	}
	return nil
}
