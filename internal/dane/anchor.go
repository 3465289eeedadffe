package dane

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"slices"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
)

// maxProofs is how many ways up are tried for one handshake. Each may cost a
// hundred signatures.
const maxProofs = 20

// presented is what a server sent.
type presented struct {
	chain [][]byte // its own certificate first; never empty
	names []string // that its certificate must hold one of
	now   time.Time

	read    bool                // the three below are filled
	leaf    *x509.Certificate   // without its dates; nil: cannot be read
	others  []*x509.Certificate // likewise; those that can be read, without copies of the leaf
	dated   []*x509.Certificate // all of them as they are
	unread  bool                // one of the others cannot be read
	proofs  int                 // that were tried
	expired *x509.Certificate   // the first that was outside of its dates on a way that is right otherwise
}

// parse reads the certificates, which only a trust anchor needs.
func (p *presented) parse() {
	if p.read {
		return
	}
	p.read = true
	if c := certificate(p.chain[0]); c != nil {
		p.leaf = p.timeless(c)
	}
	for _, der := range p.chain[1:] {
		if bytes.Equal(der, p.chain[0]) {
			continue
		}
		if c := certificate(der); c != nil {
			p.others = append(p.others, p.timeless(c))
		} else {
			p.unread = true
		}
	}
}

// certificate is one that signatures can be checked with; nil: this is none.
func certificate(der []byte) *x509.Certificate {
	c, err := x509.ParseCertificate(der)
	if err != nil || endless(c.PublicKey) {
		return nil
	}
	return c
}

// endless says whether a key is so long that a signature takes longer than a
// check may. OpenSSL draws the line at the same length.
func endless(key any) bool {
	k, ok := key.(*rsa.PublicKey)
	return ok && k.N.BitLen() > 16384
}

// timeless is a copy of a certificate that is always valid. Dates are looked at
// when a way up has been found: then it is known whether they are what is wrong.
func (p *presented) timeless(c *x509.Certificate) *x509.Certificate {
	p.dated = append(p.dated, c)
	always := *c
	always.NotBefore, always.NotAfter = p.now, p.now
	return &always
}

// judgeAnchor says whether a record of usage 2 is met (RFC 7671 section 5.2).
func (p *presented) judgeAnchor(r *facts.TLSAMatch) {
	p.parse()
	if p.leaf == nil {
		r.Depth, r.Anchor = p.depth(r.TLSA), facts.AnchorUnreadable
		return
	}
	anchors, readable := p.anchors(r.TLSA)
	r.Depth = p.depth(r.TLSA)
	if !readable {
		r.Anchor = facts.AnchorUnreadable
	}
	for _, anchor := range anchors {
		depth, fault := p.prove(anchor)
		if fault == facts.AnchorSound {
			r.Matches, r.Depth, r.Anchor = true, depth, fault
			return
		}
		if r.Anchor == facts.AnchorSound || closer(fault, r.Anchor) {
			r.Anchor = fault
		}
	}
}

// closer says whether a fault is nearer to none than another one.
func closer(a, b facts.AnchorFault) bool {
	order := []facts.AnchorFault{facts.AnchorNames, facts.AnchorExpired, facts.AnchorUnfit, facts.AnchorUnreadable, facts.AnchorUnlinked}
	return slices.Index(order, a) < slices.Index(order, b)
}

// anchors are the sets of certificates that a record makes trust anchors: each
// one above the server's own that it is of, or the certificate or key that it
// holds itself. The server's own is none, not even if it has signed itself:
// OpenSSL has it so, and with it Postfix.
func (p *presented) anchors(r plan.TLSA) (sets [][]*x509.Certificate, readable bool) {
	for _, c := range p.others {
		if fits(r, c.Raw) {
			sets = append(sets, []*x509.Certificate{c})
		}
	}
	if len(sets) > 0 || r.Matching != full {
		return sets, len(sets) > 0 || p.depth(r) < 0
	}
	if r.Selector == onlyKey {
		keys := p.bare(r.Data)
		if keys == nil {
			return nil, false
		}
		return [][]*x509.Certificate{keys}, true
	}
	if bytes.Equal(r.Data, p.chain[0]) {
		return nil, true
	}
	c := certificate(r.Data)
	if c == nil {
		return nil, false
	}
	return [][]*x509.Certificate{{p.timeless(c)}}, true
}

// bare makes a key without a certificate an issuer of whatever was sent, under
// each name that an issuer has there; nil: the key cannot be read.
func (p *presented) bare(spki []byte) (all []*x509.Certificate) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil || endless(key) {
		return nil
	}
	shape := &x509.Certificate{Version: 3, PublicKey: key, PublicKeyAlgorithm: algorithm(key), RawSubjectPublicKeyInfo: spki,
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: -1, NotBefore: p.now, NotAfter: p.now}
	for _, c := range append([]*x509.Certificate{p.leaf}, p.others...) {
		if slices.ContainsFunc(all, func(k *x509.Certificate) bool { return bytes.Equal(k.RawSubject, c.RawIssuer) }) {
			continue
		}
		anchor := *shape
		anchor.Raw = append([]byte("bare key of "), c.RawIssuer...)
		anchor.RawSubject, anchor.RawIssuer = c.RawIssuer, c.RawIssuer
		all = append(all, &anchor)
	}
	return all
}

// prove looks for a way from the server's certificate up to one of some
// anchors, and says where on it the anchor is.
func (p *presented) prove(anchors []*x509.Certificate) (depth int, fault facts.AnchorFault) {
	if p.proofs++; p.proofs > maxProofs {
		return -1, facts.AnchorUnlinked
	}
	opts := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: p.now,
		KeyUsages: roots.AnyUsage}
	for _, c := range anchors {
		opts.Roots.AddCert(c)
	}
	for _, c := range p.others {
		if !slices.ContainsFunc(anchors, c.Equal) {
			opts.Intermediates.AddCert(c)
		}
	}
	chains, err := p.leaf.Verify(opts)
	if err != nil {
		return -1, p.why(anchors, err)
	}
	fault = facts.AnchorUnfit
	for _, chain := range chains {
		if !suited(chain) {
			continue
		}
		if late := p.outdated(chain); late == nil {
			depth, fault = len(chain)-1, facts.AnchorSound
			break
		} else if fault = facts.AnchorExpired; p.expired == nil {
			p.expired = late
		}
	}
	if fault == facts.AnchorSound && !p.named() {
		fault = facts.AnchorNames
	}
	return depth, fault
}

// suited says whether all certificates of a way up are for what they do there. A bare
// key is no certificate.
func suited(chain []*x509.Certificate) bool {
	if last := len(chain) - 1; chain[last].Signature == nil {
		chain = chain[:last]
	}
	c, _ := roots.Unsuited(chain)
	return c == nil
}

// outdated is the first certificate of a way up that is outside of its dates;
// nil: none. Those of an anchor count if it has issued itself, as OpenSSL has it.
func (p *presented) outdated(chain []*x509.Certificate) *x509.Certificate {
	for i, c := range chain {
		if i == len(chain)-1 && !bytes.Equal(c.RawSubject, c.RawIssuer) {
			break
		}
		if late := p.late(c); late != nil {
			return late
		}
	}
	return nil
}

// late is a certificate as it was sent, if it is outside of its dates; nil: it
// is not, or it is a bare key.
func (p *presented) late(c *x509.Certificate) *x509.Certificate {
	for _, d := range p.dated {
		if bytes.Equal(d.Raw, c.Raw) && (p.now.Before(d.NotBefore) || p.now.After(d.NotAfter)) {
			return d
		}
	}
	return nil
}

// why sorts what x509 has against every way up. It does not tell a missing link
// from one that it cannot check, so that is looked for by the names, which a bare
// key does not have.
func (p *presented) why(anchors []*x509.Certificate, err error) facts.AnchorFault {
	if _, unknown := errors.AsType[x509.UnknownAuthorityError](err); !unknown {
		return facts.AnchorUnfit
	}
	c := p.leaf
	for range maxSent {
		if c.SignatureAlgorithm == x509.UnknownSignatureAlgorithm {
			return facts.AnchorUnreadable
		}
		if slices.ContainsFunc(anchors, func(a *x509.Certificate) bool { return a.Signature != nil && bytes.Equal(a.RawSubject, c.RawIssuer) }) {
			return facts.AnchorUnfit
		}
		next := slices.IndexFunc(p.others, func(o *x509.Certificate) bool { return bytes.Equal(o.RawSubject, c.RawIssuer) })
		if next < 0 || p.others[next] == c {
			break
		}
		c = p.others[next]
	}
	if p.unread {
		return facts.AnchorUnreadable
	}
	return facts.AnchorUnlinked
}

// named says whether the server's certificate holds one of the names.
func (p *presented) named() bool {
	c := x509.Certificate{DNSNames: identities(p.leaf)}
	return slices.ContainsFunc(p.names, func(name string) bool { return c.VerifyHostname(name) == nil })
}

// identities are the names that count of a certificate: those of its subject
// only where it has no others (RFC 7672 section 3.2.3), and no wildcard for a
// whole top-level domain, which OpenSSL does not take.
func identities(c *x509.Certificate) (names []string) {
	all := c.DNSNames
	for _, part := range c.Subject.Names {
		if text, ok := part.Value.(string); ok && len(c.DNSNames) == 0 && part.Type.Equal(asn1.ObjectIdentifier{2, 5, 4, 3}) {
			all = append(all, text)
		}
	}
	for _, name := range all {
		if !strings.HasPrefix(name, "*.") || strings.Count(name, ".") > 1 {
			names = append(names, name)
		}
	}
	return names
}
