package roots

import (
	"crypto/x509"
	"fmt"
	"slices"
	"testing"
	"time"
)

func later(d time.Duration) change { return func(c *x509.Certificate) { c.NotAfter = now.Add(d) } }

func noAuthority(c *x509.Certificate) { c.IsCA, c.MaxPathLen = false, 0 }

func noSigner(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }

func noneBelow(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true }

func sha1Signed(c *x509.Certificate) { c.SignatureAlgorithm = x509.ECDSAWithSHA1 }

// ids makes a certificate name the key that signed it, and its own.
func ids(own, issuer string) change {
	return func(c *x509.Certificate) { c.SubjectKeyId, c.AuthorityKeyId = []byte(own), []byte(issuer) }
}

func TestTrace(t *testing.T) {
	root, other, sub, server := newParty(t, "Root"), newParty(t, "Other"), newParty(t, "Sub"), newParty(t, "server")
	twin := party{sub.subject, newKey(t)}
	twinRoot := party{root.subject, newKey(t)}
	own := party{sub.subject, server.key} // a server that has the name of its authority
	printable, utf8 := stringly(t, 19, "Same Name"), stringly(t, 12, "same  NAME")
	utf8.key = printable.key

	rootCert, otherCert, twinRootCert := issue(t, root, root), issue(t, other, other), issue(t, twinRoot, twinRoot)
	goneRoot := issue(t, root, root, expired)
	subCert, subGone, twinCert := issue(t, root, sub), issue(t, other, sub, expired), issue(t, root, twin)
	leafCert := issue(t, sub, server, leaf)

	tests := []struct {
		name        string
		sent, known certs
		want        string
	}{
		{"the store has the issuer", certs{leafCert}, certs{subCert}, "server Sub trusted: 0"},
		{"the store has the root", certs{leafCert, subCert}, certs{rootCert}, "server Sub Root trusted: 0"},
		{"the root is sent as well", certs{leafCert, subCert, rootCert}, certs{rootCert}, "server Sub Root trusted: 0"},
		{"the server's own is in the store", certs{leafCert, subCert}, certs{leafCert, rootCert}, "server trusted: 0"},
		{"nobody", certs{leafCert}, nil, fmt.Sprint("server: ", Missing)},
		{"no root", certs{leafCert, subCert}, nil, fmt.Sprint("server Sub: ", Missing)},
		{"no known root", certs{leafCert, rootCert, subCert}, nil, fmt.Sprint("server Sub Root: ", Unknown)},
		{"no known root of this key", certs{leafCert, rootCert, subCert}, certs{twinRootCert}, fmt.Sprint("server Sub Root: ", Unknown, " Root stored")},
		{"the root has another key", certs{leafCert, subCert}, certs{twinRootCert}, fmt.Sprint("server Sub: ", Mismatched, " Root stored")},
		{"the issuer has another key", certs{leafCert, twinCert}, certs{rootCert}, fmt.Sprint("server: ", Mismatched, " Sub")},
		{"one of two issuers has another key", certs{leafCert, twinCert, subCert}, certs{rootCert}, "server Sub Root trusted: 0"},
		{"many times the same", append(append(certs{leafCert}, slices.Repeat(certs{twinCert}, 200)...), subCert), certs{rootCert}, "server Sub Root trusted: 0"},
		{"self-signed", certs{issue(t, server, server, leaf)}, certs{rootCert}, fmt.Sprint("server: ", Unknown)},
		{"the authority's name, another key", certs{issue(t, sub, own, leaf, ids("own", "sub"))}, nil, fmt.Sprint("Sub: ", Missing)},
		{"the authority's name, and it is known", certs{issue(t, sub, own, leaf, ids("own", "sub"))}, certs{subCert}, "Sub Sub trusted: 0"},
		{"the name is encoded otherwise", certs{issue(t, printable, server, leaf, ids("", "sub")), issue(t, root, utf8, ids("sub", ""))}, certs{rootCert}, fmt.Sprint("server same  NAME Root trusted: ", Renamed, " same  NAME")},
		{"an expired root", certs{leafCert, subCert}, certs{goneRoot}, "server Sub Root trusted: 0"},

		{"an expired cross-signature of an unknown root", certs{leafCert, subGone, subCert}, certs{rootCert}, "server Sub Root trusted: 0"},
		{"the valid one of two unknown ways", certs{leafCert, subGone, subCert}, nil, fmt.Sprint("server Sub: ", Missing)},
		{"the only known root signed the expired one", certs{leafCert, subCert, subGone}, certs{otherCert}, "server Sub Other trusted: 0"},
		{"the one that lasts longest", certs{leafCert, issue(t, root, sub, later(time.Hour)), subCert, issue(t, root, sub, later(2*time.Hour))}, certs{rootCert}, "server Sub Root trusted: 0"},

		{"no authority", certs{leafCert, issue(t, root, sub, noAuthority)}, certs{rootCert}, fmt.Sprint("server Sub Root trusted: ", NoAuthority, " Sub")},
		{"no signer", certs{leafCert, issue(t, root, sub, noSigner)}, certs{rootCert}, fmt.Sprint("server Sub Root trusted: ", NoSigner, " Sub")},
		{"too deep", certs{leafCert, subCert}, certs{issue(t, root, root, noneBelow)}, fmt.Sprint("server Sub Root trusted: ", TooDeep, " Root stored")},
		{"as deep as may be", certs{leafCert, issue(t, root, sub, noneBelow)}, certs{rootCert}, "server Sub Root trusted: 0"},
		{"SHA-1", certs{leafCert, issue(t, root, sub, sha1Signed)}, certs{rootCert}, fmt.Sprint("server Sub Root trusted: ", Outmoded, " Root stored")},
		{"SHA-1 by another key", certs{leafCert, issue(t, root, sub, sha1Signed)}, certs{twinRootCert}, fmt.Sprint("server Sub: ", Mismatched, " Root stored")},
		{"the first of two faults", certs{leafCert, issue(t, root, sub, sha1Signed, noSigner)}, certs{rootCert}, fmt.Sprint("server Sub Root trusted: ", NoSigner, " Sub")},
	}
	for _, tt := range tests {
		if got := inShort(Trace(tt.sent, tt.known, now)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func inShort(p Path) string {
	text := ""
	for i, c := range p.Certs {
		if i > 0 {
			text += " "
		}
		text += c.Subject.CommonName
	}
	if p.Trusted {
		text += " trusted"
	}
	text += fmt.Sprint(": ", p.Fault)
	if p.Issuer != nil {
		text += " " + p.Issuer.Subject.CommonName
		if p.Stored {
			text += " stored"
		}
	}
	return text
}

// TestTraceAgrees: where x509 proves a server, there is a sound way to a trusted
// certificate, and the other way round, but for what only the whole shows.
func TestTraceAgrees(t *testing.T) {
	parties := []party{newParty(t, "A"), newParty(t, "B"), newParty(t, "C"), newParty(t, "D")}
	server := newParty(t, "server")
	changes := []change{func(*x509.Certificate) {}, noAuthority, noSigner, noneBelow, expired, version1}
	known := certs{issue(t, parties[0], parties[0])}
	proven := 0
	for n := range len(changes) * len(changes) {
		sent := certs{
			issue(t, parties[3], server, leaf),
			issue(t, parties[0], parties[1], changes[n%len(changes)]),
			issue(t, parties[1], parties[2]),
			issue(t, parties[2], parties[3], changes[n/len(changes)]),
		}
		_, err := Store{PEM: []byte(inPEM(known...))}.Verify(sent, x509.VerifyOptions{CurrentTime: now})
		p := Trace(sent, known, now)
		sound := p.Trusted && p.Fault == Sound && !slices.ContainsFunc(p.Certs, func(c *x509.Certificate) bool { return !Current(c, now) })
		if sound != (err == nil) {
			t.Errorf("%d: %s, x509 says %v", n, inShort(p), err)
		}
		if sound {
			proven++
			if err := p.Verify(now); err != nil {
				t.Errorf("%d: the path itself: %v", n, err)
			}
		}
	}
	if proven == 0 {
		t.Error("nothing was ever proven")
	}
}

// TestTraceTangled: authorities that have all signed each other make more ways
// than can be gone.
func TestTraceTangled(t *testing.T) {
	var parties []party
	for n := range 12 {
		parties = append(parties, newParty(t, fmt.Sprint("Knot ", n)))
	}
	server := newParty(t, "server")
	sent := certs{issue(t, parties[0], server, leaf)}
	for _, a := range parties {
		for _, b := range parties {
			if a.key != b.key {
				sent = append(sent, issue(t, a, b))
			}
		}
	}
	tr := &tracer{sent: sent[1:], now: now, left: maxLinks}
	tr.climb(Path{Certs: sent[:1]})
	if tr.left != 0 || tr.best == nil || tr.best.Trusted {
		t.Errorf("%d of %d links are left, best %v", tr.left, maxLinks, tr.best)
	}
}

// TestBest: of several proofs the one that is valid now, then the one that lasts
// longest, is told of.
func TestBest(t *testing.T) {
	root, sub, server := newParty(t, "Root"), newParty(t, "Sub"), newParty(t, "server")
	rootCert, leafCert := issue(t, root, root, later(time.Minute)), issue(t, sub, server, leaf)
	short, long, gone := issue(t, root, sub, later(time.Hour)), issue(t, root, sub, later(2*time.Hour)), issue(t, root, sub, expired)
	for _, subs := range []certs{{short, long, gone}, {gone, short, long}, {long, gone, short}} {
		var chains [][]*x509.Certificate
		for _, c := range subs {
			chains = append(chains, certs{leafCert, c, rootCert})
		}
		if best := Best(chains, now); best.Certs[1] != long {
			t.Errorf("chosen: the one to %v", best.Certs[1].NotAfter)
		}
	}
}

// TestShort: no key that anybody can break proves anything, although package rsa
// may be told to take it.
func TestShort(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	for _, tt := range []struct {
		bits   int
		proven bool
	}{{1023, false}, {1024, true}} {
		c := rsaSigned(t, tt.bits)
		store := Store{PEM: []byte(inPEM(c))}
		_, err := store.Verify(certs{c}, x509.VerifyOptions{CurrentTime: now})
		_, _, again := store.Prove(certs{c}, x509.VerifyOptions{CurrentTime: now})
		if (err == nil) != tt.proven || (again == nil) != tt.proven {
			t.Errorf("%d bits: %v, %v", tt.bits, err, again)
		}
		if p := Trace(certs{c}, certs{c}, now); (p.Fault == Short) == tt.proven {
			t.Errorf("%d bits: %s", tt.bits, inShort(p))
		}
	}
}

// TestChoice: which of several certificates of the issuer the way goes through.
func TestChoice(t *testing.T) {
	root, other, sub, server := newParty(t, "Root"), newParty(t, "Other"), newParty(t, "Sub"), newParty(t, "server")
	rootCert, otherCert := issue(t, root, root), issue(t, other, other)
	leafCert := issue(t, sub, server, leaf, ids("server", "sub"))
	good, foreign := issue(t, root, sub, later(time.Hour)), issue(t, other, sub)
	gone, unsigning := issue(t, root, sub, expired), issue(t, root, sub, noSigner)
	wrongKey := func() *x509.Certificate {
		twin := party{sub.subject, newKey(t)}
		return issue(t, twin, twin, ids("twin", ""))
	}
	tests := []struct {
		name   string
		others certs
		known  certs
		want   *x509.Certificate
	}{
		{"a sound way rather than a faulty one", certs{unsigning, good}, certs{rootCert}, good},
		{"a sound way, though expired, rather than a faulty one", certs{unsigning, gone}, certs{rootCert}, gone},
		{"a known root, though by a faulty way", certs{foreign, unsigning}, certs{rootCert}, unsigning},
		{"a known root, though by an expired way", certs{foreign, gone}, certs{rootCert}, gone},
		{"a valid way where no root is known", certs{gone, good}, nil, good},
		{"a valid way, though faulty, where no root is known", certs{gone, unsigning}, nil, unsigning},
		{"the way without a fault", certs{unsigning, good}, nil, good},
		{"the way that lasts longest", certs{good, foreign}, certs{rootCert, otherCert}, foreign},
		{"the key that is named, of more than can be looked at", append(wrongKeys(wrongKey, maxLinks), issue(t, root, sub, ids("sub", ""))), certs{rootCert}, nil},
	}
	for _, tt := range tests {
		p := Trace(append(certs{leafCert}, tt.others...), tt.known, now)
		if tt.want == nil {
			tt.want = tt.others[len(tt.others)-1]
		}
		if len(p.Certs) < 2 || p.Certs[1] != tt.want {
			t.Errorf("%s: %s", tt.name, inShort(p))
		}
	}
}

func wrongKeys(one func() *x509.Certificate, n int) (list certs) {
	for range n {
		list = append(list, one())
	}
	return list
}
