package roots

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// Fault says what is wrong on a way up from a server's certificate. Dates are
// no fault.
type Fault int

// The faults.
const (
	Sound       Fault = iota
	Missing           // the issuer is neither sent nor in the store
	Unknown           // the way ends at a certificate that is its own issuer and not in the store
	Renamed           // the issuer's name is encoded otherwise in its own certificate, which x509 takes for another name
	Mismatched        // the signature does not fit the issuer's key
	Outmoded          // the signature is made with SHA-1 or MD5
	Uncheckable       // the signature, or the issuer's key, is of a kind that x509 does not know
	Short             // an RSA key has fewer than 1,024 bits
	NoAuthority       // the issuer is no authority, by its basic constraints
	NoSigner          // the issuer's key is not for signing certificates
	Odd               // a critical extension that x509 does not know
	TooDeep           // the issuer allows fewer authorities below it
	Tangled           // there were too many signatures to check
)

// Path is a way up from a server's certificate.
type Path struct {
	Certs   []*x509.Certificate // the server's own first; never empty
	Trusted bool                // the last one is in the store
	Fault   Fault               // the first one from below
	Child   *x509.Certificate   // whose signature or issuer the fault is about; of Odd and Short, who has it
	Issuer  *x509.Certificate   // whose fault it is; of Unknown, one of the store that has its name and another key; nil: nobody's
	Stored  bool                // Issuer is of the store
}

// maxLinks is how many pairs of certificates are looked at in all: what x509
// allows itself. A server may send hundreds that have all signed each other. A
// signature by a long RSA key counts for as many as it takes longer.
const maxLinks = 100

// Trace follows the issuers of a server that was not proven, in what it sent
// and in what is known of the store, and gives the best way there is: one that
// leads to a trusted certificate, then one without a certificate outside of its
// dates, then one without a fault, then the one that lasts longest.
//
// It proves nothing: the links are checked, each by itself, and the whole is
// not. Where a signature is of a kind that cannot be checked, names and key
// identifiers make the link.
func Trace(sent, known []*x509.Certificate, now time.Time) Path {
	t := &tracer{sent: once(sent[1:]), known: once(known), now: now, left: maxLinks}
	leaf := sent[0]
	start := Path{Certs: sent[:1:1], Trusted: slices.ContainsFunc(t.known, leaf.Equal)}
	switch {
	case len(leaf.UnhandledCriticalExtensions) > 0:
		start.blame(Odd, leaf, parent{Certificate: leaf})
	case short(leaf):
		start.blame(Short, leaf, parent{Certificate: leaf})
	}
	if start.Trusted {
		return start
	}
	t.climb(start)
	return *t.best
}

// Best is the one of several ways to trusted certificates that is to be told
// of, chosen as Trace does.
func Best(chains [][]*x509.Certificate, now time.Time) Path {
	t := &tracer{now: now}
	for _, chain := range chains {
		t.offer(Path{Certs: chain, Trusted: true})
	}
	return *t.best
}

// Verify has x509 prove the path, as it is, for a moment.
func (p Path) Verify(at time.Time) error {
	last := len(p.Certs) - 1
	opts := x509.VerifyOptions{Roots: pool(p.Certs[last:]), Intermediates: pool(p.Certs[min(1, last):last]), CurrentTime: at, KeyUsages: anyUsage}
	_, err := accepted(long(p.Certs[0].Verify(opts)))
	return err
}

// once is every certificate once, in the same order.
func once(certs []*x509.Certificate) (list []*x509.Certificate) {
	seen := make(map[string]bool, len(certs))
	for _, c := range certs {
		if !seen[string(c.Raw)] {
			seen[string(c.Raw)] = true
			list = append(list, c)
		}
	}
	return list
}

type tracer struct {
	sent, known []*x509.Certificate
	now         time.Time
	left        int // pairs that may still be looked at
	best        *Path
}

// climb goes on from the last certificate of a path, in every direction. Where
// there is none the path ends.
func (t *tracer) climb(p Path) {
	c := p.Certs[len(p.Certs)-1]
	end, ended := p, true
	end.blame(Missing, c, parent{})
	if Rooted(c) {
		end = p
		end.blame(Unknown, c, parent{Certificate: t.namesake(c), trusted: true})
	}
	for _, candidate := range t.parents(c) {
		if among(p.Certs, candidate.Certificate) {
			continue
		}
		fault, linked := t.link(c, candidate, len(p.Certs)-1)
		next := p
		next.blame(fault, c, candidate)
		if !linked {
			if end.Fault == Missing {
				end = next
			}
			continue
		}
		ended = false
		next.Certs = append(slices.Clip(p.Certs), candidate.Certificate)
		if next.Trusted = candidate.trusted; next.Trusted {
			t.offer(next)
		} else {
			t.climb(next)
		}
	}
	if ended {
		t.offer(end)
	}
}

// blame writes down a fault unless there is one further below.
func (p *Path) blame(f Fault, child *x509.Certificate, issuer parent) {
	if p.Fault == Sound && f != Sound {
		p.Fault, p.Child, p.Issuer, p.Stored = f, child, issuer.Certificate, issuer.trusted
	}
}

// namesake is a certificate of the store with the name of c; nil: none.
func (t *tracer) namesake(c *x509.Certificate) *x509.Certificate {
	for _, k := range t.known {
		if bytes.Equal(k.RawSubject, c.RawSubject) {
			return k
		}
	}
	return nil
}

// among says whether a certificate, or another one of the same name and key, is
// in a path already: authorities that have signed each other make circles.
func among(path []*x509.Certificate, c *x509.Certificate) bool {
	return slices.ContainsFunc(path, func(p *x509.Certificate) bool {
		return bytes.Equal(p.RawSubject, c.RawSubject) && bytes.Equal(p.RawSubjectPublicKeyInfo, c.RawSubjectPublicKeyInfo)
	})
}

// parent is a certificate that may be an issuer's.
type parent struct {
	*x509.Certificate
	trusted bool
	renamed bool
}

// parents are the certificates that may be c's issuer's, the likely ones first.
// Above a root there are none.
func (t *tracer) parents(c *x509.Certificate) (likely []parent) {
	var others []parent
	add := func(p parent) {
		if OtherIssuer(c, p.Certificate) {
			others = append(others, p)
		} else {
			likely = append(likely, p)
		}
	}
	for _, p := range t.known {
		if bytes.Equal(p.RawSubject, c.RawIssuer) {
			add(parent{Certificate: p, trusted: true})
		}
	}
	for _, p := range t.sent {
		if bytes.Equal(p.RawSubject, c.RawIssuer) {
			add(parent{Certificate: p})
		}
	}
	if len(likely)+len(others) == 0 {
		return t.renamed(c)
	}
	return append(likely, others...)
}

// renamed are the sent certificates with c's issuer's key identifier, and its
// name in another encoding.
func (t *tracer) renamed(c *x509.Certificate) (found []parent) {
	for _, p := range t.sent {
		if t.left > 0 && len(c.AuthorityKeyId) > 0 && bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId) {
			t.left--
			if name := hash(p.RawSubject); name != "" && name == hash(c.RawIssuer) {
				found = append(found, parent{Certificate: p, renamed: true})
			}
		}
	}
	return found
}

// link says what is wrong with p as c's issuer, by the rules of x509, and
// whether it is the one all the same. There are some authorities below p
// already.
func (t *tracer) link(c *x509.Certificate, p parent, below int) (f Fault, linked bool) {
	if t.left <= 0 {
		return Tangled, false
	}
	t.left -= cost(p.Certificate)
	f, linked = signature(c, p.Certificate)
	switch {
	case f != Sound || !linked:
	case p.renamed:
		f = Renamed
	case p.Version == 3 && !p.BasicConstraintsValid, p.BasicConstraintsValid && !p.IsCA, !p.trusted && !p.BasicConstraintsValid:
		f = NoAuthority
	case p.KeyUsage != 0 && p.KeyUsage&x509.KeyUsageCertSign == 0:
		f = NoSigner
	case len(p.UnhandledCriticalExtensions) > 0:
		f = Odd
	case p.BasicConstraintsValid && p.MaxPathLen >= 0 && below > p.MaxPathLen:
		f = TooDeep
	}
	return f, linked
}

// cost is how much longer a signature takes than one by a common key.
func cost(p *x509.Certificate) int {
	if key, ok := p.PublicKey.(*rsa.PublicKey); ok {
		times := max(1, key.N.BitLen()/2048)
		return times * times
	}
	return 1
}

// signature checks c's signature with p's key.
func signature(c, p *x509.Certificate) (f Fault, linked bool) {
	err := p.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
	_, insecure := errors.AsType[x509.InsecureAlgorithmError](err)
	switch {
	case Outdone(c.SignatureAlgorithm) != "" && (err == nil || insecure):
		f = Outmoded
	case errors.Is(err, x509.ErrUnsupportedAlgorithm):
		f = Uncheckable
	case short(p): // with which package rsa may refuse to check anything
		f = Short
	case err != nil:
		return Mismatched, false
	}
	if err != nil && OtherIssuer(c, p) {
		return Mismatched, false
	}
	return f, true
}

// Outdone names the hash of a signature that proves nothing any more; "": it
// proves something.
func Outdone(a x509.SignatureAlgorithm) string {
	switch a {
	case x509.MD2WithRSA:
		return "MD2"
	case x509.MD5WithRSA:
		return "MD5"
	case x509.SHA1WithRSA, x509.DSAWithSHA1, x509.ECDSAWithSHA1:
		return "SHA-1"
	}
	return ""
}

// offer keeps the better one of two paths, the first if they are as good.
func (t *tracer) offer(p Path) {
	if t.best == nil || t.better(p, *t.best) {
		t.best = &p
	}
}

func (t *tracer) better(a, b Path) bool {
	for _, q := range []func(Path) bool{
		func(p Path) bool { return p.Trusted && p.Fault == Sound },
		func(p Path) bool { return p.Trusted },
		func(p Path) bool {
			return !slices.ContainsFunc(p.Dated(), func(c *x509.Certificate) bool { return !Current(c, t.now) })
		},
		func(p Path) bool { return p.Fault == Sound || p.Fault == Missing || p.Fault == Unknown },
	} {
		if q(a) != q(b) {
			return q(a)
		}
	}
	return First(a.Dated()).NotAfter.After(First(b.Dated()).NotAfter)
}

// Current says whether a moment is in a certificate's lifetime.
func Current(c *x509.Certificate, at time.Time) bool {
	return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
}

// Dated are the certificates of a path whose dates count: all but a root.
func (p Path) Dated() []*x509.Certificate {
	if last := len(p.Certs) - 1; last > 0 && Rooted(p.Certs[last]) {
		return p.Certs[:last]
	}
	return p.Certs
}

// First is the first of some certificates to expire.
func First(certs []*x509.Certificate) *x509.Certificate {
	first := certs[0]
	for _, c := range certs[1:] {
		if c.NotAfter.Before(first.NotAfter) {
			first = c
		}
	}
	return first
}
