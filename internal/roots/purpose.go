package roots

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
)

// The extensions that say what a certificate is for.
var (
	keyUsage     = asn1.ObjectIdentifier{2, 5, 29, 15}
	extKeyUsage  = asn1.ObjectIdentifier{2, 5, 29, 37}
	netscapeType = asn1.ObjectIdentifier{2, 16, 840, 1, 113730, 1, 1}
)

const forTLS = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageKeyAgreement

// anyUsage has x509 find ways whatever they are for.
var anyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}

var errUnaccepted = errors.New("x509: a certificate of its chain is not for servers, or not of its issuer")

// accepted drops the chains that OpenSSL does not accept: those that are not for
// servers, those that go on where it sees a root, and those of other issuers.
func accepted(chains [][]*x509.Certificate, err error) ([][]*x509.Certificate, error) {
	chains = slices.DeleteFunc(chains, func(chain []*x509.Certificate) bool {
		return Unserving(chain) >= 0 || Namesake(chain) >= 0 || Unissued(chain) >= 0
	})
	if err == nil && len(chains) == 0 {
		err = errUnaccepted
	}
	return chains, err
}

// Namesake is the place in a path of the first certificate that looks like a root
// and is none: it has the name of its issuer. -1: there is none.
func Namesake(path []*x509.Certificate) int {
	return slices.IndexFunc(path[:len(path)-1], Rooted)
}

// Unissued is the place in a path of the first certificate whose authority key
// identifier is of another issuer; -1: there is none.
func Unissued(path []*x509.Certificate) int {
	for i := range path[:len(path)-1] {
		if OtherIssuer(path[i], path[i+1]) {
			return i
		}
	}
	return -1
}

// Unserving is the place in a path of the first certificate that is not for
// servers; -1: there is none.
func Unserving(path []*x509.Certificate) int {
	for i, c := range path {
		if Lacking(c, i == 0) != "" {
			return i
		}
	}
	return -1
}

// Lacking names what of a certificate on a path leaves out servers; "": nothing.
// It is what OpenSSL goes by (purpose sslserver), and with it most that sends
// mail: more counts in the server's own than in those above it, and any purpose
// does not stand for servers, as it does for x509.
func Lacking(c *x509.Certificate, own bool) string {
	for _, e := range c.Extensions {
		switch {
		case e.Id.Equal(extKeyUsage) && !slices.ContainsFunc(c.ExtKeyUsage, serves):
			return "extended key usage without serverAuth"
		case own && e.Id.Equal(keyUsage) && c.KeyUsage&forTLS == 0:
			return "key usage without digitalSignature"
		case own && e.Id.Equal(netscapeType) && !netscapeServer(e.Value):
			return "Netscape certificate type without server"
		}
	}
	return ""
}

func serves(u x509.ExtKeyUsage) bool {
	return u == x509.ExtKeyUsageServerAuth || u == x509.ExtKeyUsageNetscapeServerGatedCrypto || u == x509.ExtKeyUsageMicrosoftServerGatedCrypto
}

// netscapeServer says whether a BIT STRING has the second bit.
func netscapeServer(der []byte) bool {
	return len(der) > 3 && der[0] == asn1.TagBitString && der[3]&0x40 != 0
}
