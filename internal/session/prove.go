package session

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"time"

	"check_smtp/internal/roots"
)

// prove looks for a chain from the server's certificate to a trusted root. It
// returns the first certificate to expire of the best such chain, or why there
// is none. Whether the server's own certificate is in its lifetime is another
// matter: the chain is proven for a moment at which it is.
func (t *talk) prove(sent []*x509.Certificate) (*x509.Certificate, error) {
	store := roots.System(t.probe.TLS.File, t.probe.TLS.Dirs)
	store.Hashed = !t.probe.TLS.Exact
	if t.probe.TLS.CAs != nil {
		store = roots.Store{PEM: t.probe.TLS.CAs}
	}
	chains, err := store.Verify(sent, x509.VerifyOptions{CurrentTime: within(sent[0], t.facts.Start)})
	if err != nil {
		return nil, untrusted(sent, t.facts.Start, err)
	}
	return weakest(chains), nil
}

// within is the moment of a certificate's lifetime that is nearest to now.
func within(c *x509.Certificate, now time.Time) time.Time {
	switch {
	case now.After(c.NotAfter):
		return c.NotAfter
	case now.Before(c.NotBefore):
		return c.NotBefore
	}
	return now
}

// weakest is the first certificate to expire in the chain that lasts longest:
// an old cross-signature does no harm while a newer chain proves the server.
// The root counts for nothing, its dates are not what clients go by.
func weakest(chains [][]*x509.Certificate) *x509.Certificate {
	var best *x509.Certificate
	for _, chain := range chains {
		weak := chain[0]
		for _, c := range chain[1:max(1, len(chain)-1)] {
			if c.NotAfter.Before(weak.NotAfter) {
				weak = c
			}
		}
		if best == nil || weak.NotAfter.After(best.NotAfter) {
			best = weak
		}
	}
	return best
}

// untrusted says in words an operator can act on why no chain was found.
func untrusted(sent []*x509.Certificate, now time.Time, err error) error {
	if invalid, ok := err.(x509.CertificateInvalidError); ok && invalid.Reason == x509.Expired && !invalid.Cert.Equal(sent[0]) {
		return fmt.Errorf("the certificate '%s' in its chain %s", Title(invalid.Cert), outdated(invalid.Cert, now))
	}
	if _, ok := err.(x509.UnknownAuthorityError); !ok {
		return err
	}
	top := climb(sent)
	switch {
	case !selfIssued(top):
		return fmt.Errorf("its issuer '%s' is neither sent nor trusted", title(top.Issuer.CommonName, top.Issuer.String()))
	case top == sent[0]:
		return fmt.Errorf("it is self-signed")
	}
	return fmt.Errorf("its root '%s' is not trusted", Title(top))
}

// outdated says on which side of its lifetime a certificate is.
func outdated(c *x509.Certificate, now time.Time) string {
	if now.Before(c.NotBefore) {
		return "is not valid before " + Date(c.NotBefore)
	}
	return "expired on " + Date(c.NotAfter)
}

// climb follows the issuers from the server's certificate as far up as was
// sent.
func climb(sent []*x509.Certificate) *x509.Certificate {
	top := sent[0]
	for range sent {
		for _, c := range sent {
			if !selfIssued(top) && bytes.Equal(c.RawSubject, top.RawIssuer) {
				top = c
				break
			}
		}
	}
	return top
}

func selfIssued(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

// Title is what a certificate is called in texts: its common name, else the
// first name that it is valid for, else its whole subject.
func Title(c *x509.Certificate) string {
	if c.Subject.CommonName == "" && len(c.DNSNames) > 0 {
		return c.DNSNames[0]
	}
	return title(c.Subject.CommonName, c.Subject.String())
}

func title(commonName, whole string) string {
	if commonName != "" {
		return commonName
	}
	if whole != "" {
		return whole
	}
	return "no name"
}

// Date is how texts give a date: RFC 3339 in UTC, whatever the locale.
func Date(t time.Time) string { return t.UTC().Format(time.RFC3339) }
