package proof

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
)

// fault says in words that an operator can act on what is wrong with a path. It
// follows "the certificate is not trusted: ".
func fault(p roots.Path) string {
	issuer, signature := "its issuer", "its signature"
	above := ""
	if p.Child != p.Certs[0] {
		above = " of '" + facts.Title(p.Child) + "' in its chain"
		issuer, signature = "the issuer", "the signature"
	}
	issuer += " '" + facts.Name(p.Child.Issuer) + "'" + above
	signature += above
	switch p.Fault {
	case roots.Missing:
		return issuer + " is neither sent nor trusted"
	case roots.Unknown:
		return unknown(p)
	case roots.Renamed:
		return issuer + " has its name encoded otherwise in its own certificate, which this program takes for another name"
	case roots.Mismatched:
		return signature + " does not fit the key of " + at(p)
	case roots.Outmoded:
		return signature + " is made with " + roots.Outdone(p.Child.SignatureAlgorithm) + ", which is no longer secure"
	case roots.Uncheckable:
		return signature + " is of a kind that this program cannot check (" + algorithm(p.Child) + ")"
	case roots.Short:
		return "the RSA key of '" + facts.Title(p.Issuer) + "' is so short that it can be broken"
	case roots.NoAuthority:
		return issuer + " may not issue certificates (basic constraints)"
	case roots.NoSigner:
		return issuer + " may not issue certificates (key usage)"
	case roots.Odd:
		return "'" + facts.Title(p.Issuer) + "' has a critical extension that this program does not know (" + extensions(p.Issuer) + ")"
	case roots.TooDeep:
		return "'" + facts.Title(p.Issuer) + "' in its chain allows " + strconv.Itoa(p.Issuer.MaxPathLen) + " authorities below it (path length)"
	}
	return "its chain is too complex"
}

// unknown is about a path that ends at nobody's.
func unknown(p roots.Path) string {
	text := "its root '" + facts.Title(p.Child) + "' is not trusted"
	if len(p.Certs) == 1 {
		text = "it is self-signed"
	}
	if p.Issuer != nil {
		text += ", and the trusted certificate of that name has another key"
	}
	return text
}

// at names an issuer's certificate and where it comes from.
func at(p roots.Path) string {
	if p.Stored {
		return "the trusted '" + facts.Title(p.Issuer) + "'"
	}
	return "the '" + facts.Title(p.Issuer) + "' that was sent"
}

// unfit says why x509 does not prove a path in which each link is sound. It goes
// by the kind of the error and by what is in the certificates.
func unfit(path []*x509.Certificate, err error) string {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	who := func(i int) string {
		if i == 0 {
			return "it"
		}
		return "its issuer '" + facts.Title(path[i]) + "'"
	}
	unserving, namesake, unissued := roots.Unserving(path), roots.Namesake(path), roots.Unissued(path)
	switch {
	case unserving >= 0:
		return who(unserving) + " is not for servers (" + roots.Lacking(path[unserving], unserving == 0) + ")"
	case namesake >= 0:
		return who(namesake) + " has the name of its issuer, so that OpenSSL takes it for self-signed"
	case unissued >= 0:
		return who(unissued) + " has an authority key identifier of another certificate than '" + facts.Title(path[unissued+1]) + "'"
	case ok && (invalid.Reason == x509.CANotAuthorizedForThisName || invalid.Reason == x509.UnconstrainedName):
		return "a CA of its chain may not issue for its names (name constraints" + by(path) + ")"
	case ok && invalid.Reason == x509.NoValidChains:
		return "the certificate policies in its chain contradict each other"
	}
	return "its chain is inconsistent"
}

// by names the first issuer with name constraints.
func by(path []*x509.Certificate) string {
	if i := slices.IndexFunc(path, constrained); i > 0 {
		return " of '" + facts.Title(path[i]) + "'"
	}
	return ""
}

func constrained(c *x509.Certificate) bool {
	return len(c.PermittedDNSDomains)+len(c.ExcludedDNSDomains)+len(c.PermittedIPRanges)+len(c.ExcludedIPRanges)+
		len(c.PermittedEmailAddresses)+len(c.ExcludedEmailAddresses)+len(c.PermittedURIDomains)+len(c.ExcludedURIDomains) > 0
}

// algorithm is the name of a signature's, if it is one that others know, and its
// object identifier.
func algorithm(c *x509.Certificate) string {
	var outer struct {
		TBS       asn1.RawValue
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(c.Raw, &outer); err != nil {
		return "unknown"
	}
	id := outer.Algorithm.Algorithm
	return algorithmName(id) + id.String()
}

func algorithmName(id asn1.ObjectIdentifier) string {
	text := id.String()
	last, nist := strings.CutPrefix(text, "2.16.840.1.101.3.4.3.")
	n, _ := strconv.Atoi(last)
	switch {
	case text == "1.2.840.113549.1.1.14", text == "1.2.840.10045.4.3.1":
		return "SHA-224, "
	case text == "1.3.101.113":
		return "Ed448, "
	case nist && n >= 5 && n <= 16: // DSA, ECDSA, RSA
		return "SHA-3, "
	case nist && n >= 17 && n <= 19:
		return "ML-DSA, "
	}
	return ""
}

func extensions(c *x509.Certificate) string {
	var list []string
	for _, id := range c.UnhandledCriticalExtensions {
		list = append(list, id.String())
	}
	return strings.Join(list, ", ")
}
