// Package proof says whether certificates prove a server, and puts into words what
// does not and what the packages that do TLS and read certificates complain of:
// once, for mail servers and for those that are asked over HTTPS. It opens no
// connection and has no opinion on what is to follow.
package proof

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
)

// maxChain is how many certificates of a server are shown. All are looked at.
const maxChain = 10

// Shown is what a handshake showed, nothing of it examined.
func Shown(state tls.ConnectionState) *facts.TLS {
	sent := state.PeerCertificates
	return &facts.TLS{Version: state.Version, Suite: state.CipherSuite, Chain: sent[:min(maxChain, len(sent))], Sent: len(sent), All: sent}
}

// Terms are what a server is to be proven by.
type Terms struct {
	Store   roots.Store // Hashed: where that is enough to know the state by
	Name    string      // that the certificate is to hold; "": none
	Also    string      // a name that will do as well; "": none
	Now     time.Time
	AnyDate bool // an expired root is as good as another
}

// Examine looks at all the certificates that were sent, the server's own first,
// and writes down what it finds.
func Examine(seen *facts.TLS, sent []*x509.Certificate, t Terms) {
	path, why := search(t.Store, sent, t.Now)
	if first := roots.First(path.Dated()); t.Store.Hashed && first != sent[0] && (why != nil || !roots.Current(first, t.Now)) {
		// The state depends on the way after all: no trusted certificate that
		// leads to a better one may be missed.
		t.Store.Hashed = false
		path, why = search(t.Store, sent, t.Now)
	}
	settle(seen, path, why, t)
	seen.Name = t.Name
	switch holds := func(name string) bool { return sent[0].VerifyHostname(name) == nil }; { // RFC 9525 section 6
	case t.Name == "" || holds(t.Name):
	case t.Also == "":
		seen.Misnamed = fmt.Errorf("not valid for %s, only for %s", t.Name, names(sent[0]))
	case holds(t.Also):
		seen.Name = t.Also
	default:
		seen.Misnamed = fmt.Errorf("not valid for %s or %s, only for %s", t.Name, t.Also, names(sent[0]))
	}
}

// search is the best way in what was sent and what a store holds, and why it
// proves nothing; nil: only its dates may.
func search(store roots.Store, sent []*x509.Certificate, now time.Time) (roots.Path, error) {
	chains, known, err := store.Prove(sent, x509.VerifyOptions{CurrentTime: within(now, sent[0].NotBefore, sent[0].NotAfter)})
	if err == nil {
		return roots.Best(chains, now), nil
	}
	path := roots.Trace(sent, known, now)
	if unread, ok := errors.AsType[x509.SystemRootsError](err); ok {
		return path, missing(unread.Err)
	}
	if path.Fault != roots.Sound {
		return path, errors.New(fault(path))
	}
	from, to := path.Certs[0].NotBefore, path.Certs[0].NotAfter
	for _, c := range path.Certs[1:] {
		if c.NotBefore.After(from) {
			from = c.NotBefore
		}
		if c.NotAfter.Before(to) {
			to = c.NotAfter
		}
	}
	if to.Before(from) {
		return path, errors.New("the certificates of its chain are at no time valid together")
	}
	if err := path.Verify(within(now, from, to)); err != nil {
		return path, errors.New(unfit(path.Certs, err))
	}
	return path, nil
}

// missing is what of the trusted certificates could not be read.
func missing(err error) error {
	if file, ok := errors.AsType[*fs.PathError](err); ok {
		return &facts.Unread{Path: file.Path, Err: file.Err}
	}
	return &facts.Unread{Err: err}
}

// settle writes the outcome into the facts. The root is not of the path: what
// clients go by is the date in their own store, if any. So only one that our
// user has given, or that is trusted by nobody, is told of, unless the reason
// that nothing is proven tells of it. A trusted
// certificate of our user's that is no root is one like the others.
func settle(seen *facts.TLS, path roots.Path, why error, t Terms) {
	last := len(path.Certs) - 1
	top := path.Certs[last]
	seen.Path, seen.Untrusted = path.Certs, why
	ours := t.Store.PEM != nil
	if last > 0 && (roots.Rooted(top) || path.Trusted && !ours) {
		seen.Path = path.Certs[:last]
		if ours || !path.Trusted {
			seen.Root = top
		}
		if why == nil && !roots.Current(top, t.Now) && !t.AnyDate {
			seen.Root, seen.Untrusted = nil, fmt.Errorf("its root '%s' %s", facts.Title(top), facts.Outdated(top, t.Now))
		}
	}
	for _, c := range seen.Path {
		if !roots.Current(c, t.Now) {
			seen.Outdated = c
			break
		}
	}
}

// within is the moment of a lifetime that is nearest to now.
func within(now, from, to time.Time) time.Time {
	switch {
	case now.After(to):
		return to
	case now.Before(from):
		return from
	}
	return now
}

// names is Names for a text of bounded length. An address that is written as a
// name is none (RFC 9525 section 6.5).
func names(c *x509.Certificate) string {
	list := facts.Names(c)
	for i, name := range list[:len(c.DNSNames)] {
		if _, err := netip.ParseAddr(name); err == nil {
			list[i] += " (written as a name, not as an address)"
		}
	}
	switch {
	case len(list) == 0 && len(c.EmailAddresses)+len(c.URIs) > 0:
		return "nothing (it has no alternative names for servers)"
	case len(list) == 0:
		return "nothing (it has no subject alternative names)"
	case len(list) > 5:
		list = append(list[:5], fmt.Sprintf("and %d more", len(list)-5))
	}
	return strings.Join(list, ", ")
}
