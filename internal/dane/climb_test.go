package dane

import (
	"crypto/x509"
	"testing"

	"check_smtp/internal/plan"
)

func keyed(own, issuer string) change {
	return func(c *x509.Certificate) { c.SubjectKeyId, c.AuthorityKeyId = []byte(own), []byte(issuer) }
}

func using(u x509.KeyUsage) change { return func(c *x509.Certificate) { c.KeyUsage = u } }

func purposes(u ...x509.ExtKeyUsage) change {
	return func(c *x509.Certificate) { c.ExtKeyUsage = u }
}

// twin is another authority's certificate with the same key.
func (l *lab) twin(of cert, name string, issuer cert, with change) cert {
	return l.certify(name, of.key, of.key.Public(), issuer, func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage, c.DNSNames = true, x509.KeyUsageCertSign, nil
		if with != nil {
			with(c)
		}
	})
}

// TestClimb is the one way up that OpenSSL 3.0 tries, with names that several
// certificates have: openssl s_client was asked for each of them.
func TestClimb(t *testing.T) {
	l := newLab(t)
	same := keyed("same", string(l.ca.SubjectKeyId))
	right, wrong := l.authority("Same", l.ca, same), l.authority("Same", l.ca, same)
	old, clients := l.twin(right, "Same", l.ca, both(same, ending(-day))), l.twin(right, "Same", l.ca, both(same, forClients))
	wrongOld, noSigner := l.authority("Same", l.ca, both(same, ending(-day))), l.authority("Same", l.ca, both(same, using(x509.KeyUsageDigitalSignature)))
	leaf := l.issue("mx.lab.test", right, nil)
	root, whole, anchor, bareAnchor := record(2, 1, 1, l.ca), record(2, 0, 1, right), record(2, 1, 1, right), record(2, 1, 0, right)
	one := func(r plan.TLSA) []plan.TLSA { return []plan.TLSA{r} }
	play(t, []story{
		{"two of a name, the right one first", sent(leaf, right, wrong, l.ca), nil, one(root), "verified +2"},
		{"the wrong one first", sent(leaf, wrong, right, l.ca), nil, one(root), "mismatch -3:unfit hint:unfit@0"},
		{"likewise, and the record is of the right one", sent(leaf, wrong, right), nil, one(anchor), "mismatch -2:unlinked hint:unlinked@0"},
		{"likewise, its bare key", sent(leaf, wrong, right), nil, one(bareAnchor), "mismatch -2:unlinked hint:unlinked@0"},
		{"likewise, it is not sent", sent(leaf, wrong, l.ca), nil, one(bareAnchor), "mismatch -:unlinked hint:unlinked@0"},
		{"the wrong one first, and gone", sent(leaf, wrongOld, right, l.ca), nil, one(root), "verified +2"},
		{"the wrong one first may not sign", sent(leaf, noSigner, right, l.ca), nil, one(root), "mismatch -3:unfit hint:unfit@0"},
		{"a key identifier tells the wrong one", sent(leaf, l.authority("Same", l.ca, nil), right, l.ca), nil, one(root), "verified +2"},
		{"a twin for clients first", sent(leaf, clients, right, l.ca), nil, one(root), "mismatch -3:unfit hint:unfit@0"},
		{"a twin for clients last", sent(leaf, right, clients, l.ca), nil, one(root), "verified +2"},
		{"a twin that has expired first", sent(leaf, old, right, l.ca), nil, one(anchor), "verified +1"},
		{"likewise, and the record is of it", sent(leaf, old, right, l.ca), nil, one(record(2, 0, 1, old)), "mismatch -1:unlinked hint:unlinked@0"},
		{"alone", sent(leaf, old, l.ca), nil, one(record(2, 0, 1, old)), "verified +1 lint:anchor-dates@0"},
		{"the good one by DNS", sent(leaf, old), nil, one(record(2, 0, 0, right)), "verified +1"},
		{"the whole one", sent(leaf, right, old), nil, one(whole), "verified +1"},
	})
	other := l.authority("Other CA", cert{}, nil)
	cross, below := l.twin(l.ca, "CA", other, nil), l.leaf(nil)
	play(t, []story{
		{"a cross-signature first, and the record is of the root", sent(below, l.sub, cross, l.ca), nil, one(record(2, 0, 1, l.ca)), "mismatch -3:unlinked hint:unlinked@0"},
		{"of its key", sent(below, l.sub, cross, l.ca), nil, one(root), "verified +2"},
		{"the way ends at a root", sent(below, l.sub, l.ca, cross, other), nil, one(record(2, 1, 1, other)), "mismatch -4:unlinked hint:unlinked@0"},
		{"a root by DNS goes before what is sent", sent(below, l.sub, cross), nil, one(record(2, 0, 0, l.ca)), "verified +2"},
		{"a bare key that was sent under another name", sent(below, l.twin(l.sub, "Other", l.ca, nil)), nil, one(record(2, 1, 0, l.sub)), "verified +1"},
		{"likewise, the root's", sent(below, l.sub, l.twin(l.ca, "Other", cert{}, nil)), nil, one(record(2, 1, 0, l.ca)), "verified +2"},
		{"a digest of it", sent(below, l.sub, l.twin(l.ca, "Other", cert{}, nil)), nil, one(root), "mismatch -2:unlinked hint:unlinked@0"},
	})
	host := l.authority("mx.lab.test", cert{}, keyed("ca", ""))
	key := l.withRSA().key
	kind := l.certify("mx.lab.test", key, key.Public(), host, nil)
	own, apart := l.issue("mx.lab.test", host, nil), l.issue("mx.lab.test", host, keyed("own", "ca"))
	rival := l.authority("CA", l.ca, both(keyed("rival", string(l.ca.SubjectKeyId)), ending(-day)))
	play(t, []story{
		{"the leaf has its issuer's name", sent(own, host), nil, one(record(2, 0, 1, host)), "mismatch -1:unlinked hint:unlinked@0"},
		{"likewise, the issuer by DNS", sent(own), nil, one(record(2, 0, 0, host)), "mismatch -:unlinked hint:unlinked@0"},
		{"likewise, its bare key", sent(own), nil, one(record(2, 1, 0, host)), "verified +1"},
		{"key identifiers tell them apart", sent(apart, host), nil, one(record(2, 0, 1, host)), "verified +1"},
		{"the kind of its key tells that it has not signed itself", sent(kind, host), nil, one(record(2, 0, 1, host)), "verified +1"},
		{"an expired anchor that has its issuer's name", sent(l.issue("mx.lab.test", rival, nil), rival), nil, one(record(2, 0, 1, rival)), "verified +1 lint:anchor-dates@0"},
	})
}

// TestPurpose: what is not for servers proves nothing under usage 2, and usage 3
// does not ask. What that is roots minds.
func TestPurpose(t *testing.T) {
	l := newLab(t)
	root := l.authority("Any Root", cert{}, purposes(x509.ExtKeyUsageAny))
	for _, tt := range []struct {
		name  string
		leaf  cert
		above []cert
		want  string // of the key of the last above it
	}{
		{"a key for signing", l.leaf(using(x509.KeyUsageCertSign)), []cert{l.sub, l.ca}, "mismatch -2:unfit hint:unfit@0"},
		{"any purpose", l.leaf(purposes(x509.ExtKeyUsageAny)), []cert{l.sub}, "mismatch -1:unfit hint:unfit@0"},
		{"gated cryptography", l.leaf(purposes(x509.ExtKeyUsageMicrosoftServerGatedCrypto)), []cert{l.sub}, "verified +1"},
		{"the anchor is for any purpose", l.issue("mx.lab.test", root, nil), []cert{root}, "mismatch -1:unfit hint:unfit@0"},
	} {
		chain := append([]cert{tt.leaf}, tt.above...)
		last := chain[len(chain)-1]
		play(t, []story{
			{tt.name, sent(chain...), nil, []plan.TLSA{record(2, 1, 1, last)}, tt.want},
			{tt.name + ", usage 3", sent(chain...), nil, []plan.TLSA{record(3, 1, 1, tt.leaf)}, "verified +0"},
		})
	}
	leaf := l.issue("mx.lab.test", root, nil)
	play(t, []story{{"nobody asks what a bare key is for", sent(leaf), nil, []plan.TLSA{record(2, 1, 0, root)}, "verified +1"}})
	key := Match(sent(leaf, root), []plan.TLSA{record(2, 1, 1, root)}, []string{"mx.lab.test"}, now())
	if !root.Equal(key.Unfit) || key.Lacks != "extended key usage without serverAuth" {
		t.Errorf("%v lacks %q", key.Unfit, key.Lacks)
	}
}
