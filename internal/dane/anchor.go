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
	leaf    *x509.Certificate   // nil: cannot be read
	others  []*x509.Certificate // those that can be read, without copies of the leaf
	unread  bool                // one of the others cannot be read
	proofs  int                 // that were tried
	expired *x509.Certificate   // the first that was outside of its dates on a way that is right otherwise
	unfit   *x509.Certificate   // likewise that was not for servers
	lacks   string              // what of that says so
}

// parse reads the certificates, which only a trust anchor needs.
func (p *presented) parse() {
	if p.read {
		return
	}
	p.read = true
	p.leaf = certificate(p.chain[0])
	for _, der := range p.chain[1:] {
		if bytes.Equal(der, p.chain[0]) {
			continue
		}
		if c := certificate(der); c != nil {
			p.others = append(p.others, c)
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

// judgeAnchor says whether a record of usage 2 is met (RFC 7671 section 5.2). The
// server's own certificate is no anchor, not even if it has signed itself: OpenSSL
// has it so, and with it Postfix.
func (p *presented) judgeAnchor(r *facts.TLSAMatch) {
	p.parse()
	r.Depth = p.depth(r.TLSA)
	if p.leaf == nil {
		r.Anchor = facts.AnchorUnreadable
		return
	}
	path, met := p.climb(r.TLSA)
	if !met && r.Matching == full && r.Selector == onlyKey {
		anchor := bare(r.Data, path[len(path)-1].RawIssuer)
		if anchor == nil {
			r.Anchor = facts.AnchorUnreadable
			return
		}
		path, met = append(path, anchor), true
	}
	if !met {
		r.Anchor = p.astray(r)
		return
	}
	if r.Anchor = p.prove(path); r.Anchor == facts.AnchorSound {
		r.Matches, r.Depth = true, len(path)-1
	}
}

// climb goes up from the server's certificate until there is one that a record is
// of, which it may hold itself. It is the only way that OpenSSL tries.
func (p *presented) climb(r plan.TLSA) (path []*x509.Certificate, met bool) {
	others := p.others
	if c := held(r); c != nil {
		others = append([]*x509.Certificate{c}, others...)
	}
	path = []*x509.Certificate{p.leaf}
	for top := p.leaf; !roots.Rooted(top); path = append(path, top) {
		if top = p.issuer(path, others); top == nil {
			break
		}
		if fits(r, top.Raw) {
			return append(path, top), true
		}
	}
	return path, false
}

// held is the certificate that a record holds; nil: none, or it cannot be read.
func held(r plan.TLSA) *x509.Certificate {
	if r.Matching == full && r.Selector == wholeCert {
		return certificate(r.Data)
	}
	return nil
}

// issuer is the certificate above a path: the first current one with the right name
// and key identifier, whether the signature fits or not, or else the one that
// ended last; nil: none.
func (p *presented) issuer(path, others []*x509.Certificate) (late *x509.Certificate) {
	below := path[len(path)-1]
	for _, c := range others {
		switch {
		case !bytes.Equal(c.RawSubject, below.RawIssuer), roots.OtherIssuer(below, c), slices.ContainsFunc(path, c.Equal):
		case roots.Current(c, p.now):
			return c
		case late == nil || c.NotAfter.After(late.NotAfter):
			late = c
		}
	}
	return late
}

// astray says why no way leads to a record's certificate.
func (p *presented) astray(r *facts.TLSAMatch) facts.AnchorFault {
	given := r.Matching == full && !bytes.Equal(r.Data, p.chain[0])
	switch {
	case !given && r.Depth < 0:
		return facts.AnchorSound // there is none
	case p.unread, given && held(r.TLSA) == nil:
		return facts.AnchorUnreadable
	}
	return facts.AnchorUnlinked
}

// bare makes a key without a certificate an issuer of some name; nil: it cannot be
// read.
func bare(spki, name []byte) *x509.Certificate {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil || endless(key) {
		return nil
	}
	return &x509.Certificate{Version: 3, PublicKey: key, PublicKeyAlgorithm: algorithm(key), RawSubjectPublicKeyInfo: spki,
		Raw: []byte("bare key"), RawSubject: name, RawIssuer: name, BasicConstraintsValid: true, IsCA: true, MaxPathLen: -1}
}

// prove says whether a path, from the server's certificate to an anchor, holds.
func (p *presented) prove(path []*x509.Certificate) facts.AnchorFault {
	if p.proofs++; p.proofs > maxProofs {
		return facts.AnchorUnlinked
	}
	if fault := p.linked(path); fault != facts.AnchorSound {
		return fault
	}
	if i := roots.Unserving(path); i >= 0 {
		p.unfit, p.lacks = path[i], roots.Lacking(path[i], i == 0)
		return facts.AnchorUnfit
	}
	if late := p.late(path); late != nil {
		p.expired = late
		return facts.AnchorExpired
	}
	if !p.named() {
		return facts.AnchorNames
	}
	return facts.AnchorSound
}

// linked has x509 check a path, whatever its dates: then it is known whether they
// are what is wrong.
func (p *presented) linked(path []*x509.Certificate) facts.AnchorFault {
	opts := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: p.now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	top := len(path) - 1
	for _, c := range path[1:top] {
		opts.Intermediates.AddCert(p.timeless(c))
	}
	opts.Roots.AddCert(p.timeless(path[top]))
	chains, err := p.timeless(p.leaf).Verify(opts)
	_, unknown := errors.AsType[x509.UnknownAuthorityError](err)
	switch {
	case slices.ContainsFunc(chains, func(c []*x509.Certificate) bool { return len(c) == len(path) }):
		return facts.AnchorSound
	case unknown && slices.ContainsFunc(path[:top], uncheckable):
		return facts.AnchorUnreadable
	case unknown && path[top].Signature == nil: // a bare key may be anybody's
		if p.unread {
			return facts.AnchorUnreadable
		}
		return facts.AnchorUnlinked
	}
	return facts.AnchorUnfit
}

func (p *presented) timeless(c *x509.Certificate) *x509.Certificate {
	always := *c
	always.NotBefore, always.NotAfter = p.now, p.now
	return &always
}

func uncheckable(c *x509.Certificate) bool {
	return c.SignatureAlgorithm == x509.UnknownSignatureAlgorithm
}

// late is the first certificate of a path that is outside of its dates; nil: none.
// Those of an anchor count if it has issued itself, as OpenSSL has it.
func (p *presented) late(path []*x509.Certificate) *x509.Certificate {
	top := path[len(path)-1]
	if top.Signature == nil || !roots.Rooted(top) {
		path = path[:len(path)-1]
	}
	for _, c := range path {
		if !roots.Current(c, p.now) {
			return c
		}
	}
	return nil
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
