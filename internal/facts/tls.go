package facts

import (
	"cmp"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"slices"
	"time"
)

// TLS is what a completed handshake showed. Trust, name, pin and dates are kept
// apart: an operator has to mend each in another place.
type TLS struct {
	Version   uint16
	Suite     uint16
	Chain     []*x509.Certificate // as sent, the server's own first; never empty, and cut to maxChain
	Sent      int                 // how many were sent
	All       []*x509.Certificate // all that were sent, also those that are not shown
	Path      []*x509.Certificate // the best way from the server's own towards a root, which is left out; nil: not examined
	Root      *x509.Certificate   // where the path leads to, of --ca-file or sent and trusted by nobody; nil: elsewhere
	Untrusted error               // why the path does not prove the server; nil: it does, but for dates
	Name      string              // that the certificate is to hold; "": not examined, or none
	Misnamed  error               // why the name is not the certificate's; nil: it is, or there is none to compare
	Outdated  *x509.Certificate   // the first of the path that has expired or is not yet valid; nil: none
	Unpinned  bool                // the key is none of the pinned ones
	Client    *x509.Certificate   // our own; nil: none
}

// Unread are trusted certificates that this machine has and cannot read.
type Unread struct {
	Path string
	Err  error // the system's
}

// Error says what of them was not read, and why.
func (e *Unread) Error() string {
	return "the trusted certificates of this machine cannot be read: \"" + e.Path + "\": " + (&Failure{Err: e.Err}).Reason()
}

// Unread says whether the server is not proven as nobody knows whom to trust.
func (t *TLS) Unread() bool {
	_, unread := errors.AsType[*Unread](t.Untrusted)
	return unread
}

// Ends is the certificate on the server's path that expires first.
func (t *TLS) Ends() *x509.Certificate {
	end := t.Chain[0]
	for _, c := range t.Path {
		if c.NotAfter.Before(end.NotAfter) {
			end = c
		}
	}
	return end
}

// Unproven says why the server is not known to be the one that was meant; ""
// if it is, but for dates.
func (t *TLS) Unproven() string {
	switch {
	case t.Untrusted != nil:
		return t.Untrusted.Error()
	case t.Misnamed != nil:
		return t.Misnamed.Error()
	}
	return ""
}

// Stale says why the server is not proven at the moment; "": dates are not why.
func (t *TLS) Stale() string {
	switch t.Outdated {
	case nil:
		return ""
	case t.Chain[0]:
		return "its certificate is not valid now"
	}
	return "the certificate '" + Title(t.Outdated) + "' in its chain is not valid now"
}

// Names lists what a certificate is valid for.
func Names(c *x509.Certificate) []string {
	list := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	return list
}

// Outdated says on which side of its lifetime a certificate is, if it is
// outside.
func Outdated(c *x509.Certificate, now time.Time) string {
	switch {
	case now.Before(c.NotBefore):
		return "is not valid before " + Date(c.NotBefore)
	case now.After(c.NotAfter):
		return "expired on " + Date(c.NotAfter)
	}
	return ""
}

// Title is what a certificate is called in texts: its common name, else the
// first name that it is valid for, else its whole subject.
func Title(c *x509.Certificate) string {
	if c.Subject.CommonName == "" && len(c.DNSNames) > 0 {
		return c.DNSNames[0]
	}
	return Name(c.Subject)
}

// Name is what the bearer of a distinguished name is called.
func Name(n pkix.Name) string { return cmp.Or(n.CommonName, n.String(), "no name") }

// Date is how texts give a date: RFC 3339 in UTC, whatever the locale.
func Date(t time.Time) string { return t.UTC().Format(time.RFC3339) }
