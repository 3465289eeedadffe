package dane

import (
	"bytes"
	"crypto/x509"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// FuzzMatch: whatever a server and a zone say, what comes of it is consistent.
func FuzzMatch(f *testing.F) {
	f.Fuzz(func(t *testing.T, leaf, other []byte, usage, selector, matching uint8, data []byte, name string) {
		r := plan.TLSA{Usage: usage, Selector: selector, Matching: matching, Data: data}
		key := Match([][]byte{leaf, other, leaf}, []plan.TLSA{r, r}, []string{name}, now())
		if len(key.Records) != 2 || key.Records[0].Matches != key.Records[1].Matches {
			t.Fatalf("%+v", key)
		}
		got := key.Records[0]
		switch {
		case got.Fault != "":
			if got.Considered || got.Matches || key.Result != facts.DANEUnusable {
				t.Errorf("of no use and met: %+v", key)
			}
		case got.Matches != (key.Result == facts.DANEVerified) || !got.Considered:
			t.Errorf("%s: %+v", key.Result, got)
		case usage == daneEE && matching == full && selector == wholeCert && got.Matches != bytes.Equal(data, leaf):
			t.Errorf("%x is met: %v", data, got.Matches)
		case usage == daneTA && got.Matches && (p(leaf) == nil || bytes.Equal(data, leaf)):
			t.Errorf("a leaf that is its own anchor, or that cannot be read: %+v", got)
		}
	})
}

// p is a certificate as x509 has it; nil: it does not read it.
func p(der []byte) *x509.Certificate {
	c, _ := x509.ParseCertificate(der)
	return c
}

// FuzzKey: where x509 finds a key, it is the one that is found without it.
func FuzzKey(f *testing.F) {
	f.Fuzz(func(t *testing.T, der []byte) {
		key := keyOf(der)
		if key != nil && (!isKey(key) || !bytes.Contains(der, key)) {
			t.Errorf("%x", key)
		}
		// Of what stands behind a key, but inside its sequence, x509 takes no notice. OpenSSL does.
		if c := p(der); c != nil && isKey(c.RawSubjectPublicKeyInfo) && !bytes.Equal(c.RawSubjectPublicKeyInfo, key) {
			t.Errorf("%x, x509 has %x", key, c.RawSubjectPublicKeyInfo)
		}
		if _, err := x509.ParsePKIXPublicKey(der); err == nil && !isKey(der) {
			t.Error("x509 reads a key that is none")
		}
	})
}
