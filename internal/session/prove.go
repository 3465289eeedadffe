package session

import (
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
)

// prove looks for a way from the server's certificate to a trusted one, and
// writes down the best there is, and why it proves nothing if it does not. Dates
// are another matter: a way is proven for a moment at which all of it is in its
// lifetime.
func (t *talk) prove(sent []*x509.Certificate) {
	store := roots.System(t.probe.TLS.File, t.probe.TLS.Dirs)
	store.Hashed = !t.probe.TLS.Exact
	if t.probe.TLS.CAs != nil {
		store = roots.Store{PEM: t.probe.TLS.CAs}
	}
	now := t.facts.Start
	path, why := search(store, sent, now)
	if first := roots.First(path.Dated()); store.Hashed && first != sent[0] && (why != nil || !roots.Current(first, now)) {
		// The state depends on the way after all: no trusted certificate that
		// leads to a better one may be missed.
		store.Hashed = false
		path, why = search(store, sent, now)
	}
	t.settle(path, why)
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
		return path, fmt.Errorf("the trusted certificates of this machine cannot be read: %w", unread.Err)
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

// settle writes the outcome into the facts. The root is not of the path: what
// clients go by is the date in their own store, if any. So only one that our
// user has given, or that is trusted by nobody, is told of, unless the reason
// that nothing is proven tells of it. A trusted
// certificate of our user's that is no root is one like the others.
func (t *talk) settle(path roots.Path, why error) {
	seen, now := t.facts.TLS, t.facts.Start
	last := len(path.Certs) - 1
	top := path.Certs[last]
	seen.Path, seen.Untrusted = path.Certs, why
	ours := t.probe.TLS.CAs != nil
	if last > 0 && (roots.Rooted(top) || path.Trusted && !ours) {
		seen.Path = path.Certs[:last]
		if ours || !path.Trusted {
			seen.Root = top
		}
		if why == nil && !roots.Current(top, now) && !t.probe.TLS.AnyDate {
			seen.Root, seen.Untrusted = nil, fmt.Errorf("its root '%s' %s", facts.Title(top), facts.Outdated(top, now))
		}
	}
	for _, c := range seen.Path {
		if !roots.Current(c, now) {
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
