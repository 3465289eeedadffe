package dane

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	"check_smtp/internal/plan"
)

const day = 24 * time.Hour

// now is when every test takes place.
func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// cert is a certificate with the key that signs below it.
type cert struct {
	*x509.Certificate
	key crypto.Signer
}

// lab makes certificates.
type lab struct {
	*testing.T
	serial int64
	ca     cert
	sub    cert
}

func newLab(t *testing.T) *lab {
	l := &lab{T: t}
	l.ca = l.authority("CA", cert{}, nil)
	l.sub = l.authority("Sub", l.ca, nil)
	return l
}

// change makes a certificate another one than usual.
type change func(*x509.Certificate)

func ending(d time.Duration) change {
	return func(c *x509.Certificate) { c.NotAfter = now().Add(d) }
}

func called(names ...string) change { return func(c *x509.Certificate) { c.DNSNames = names } }

func lasting(d time.Duration) change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now().Add(-d/2), now().Add(d/2) }
}

// nameless has no names but in its subject.
func nameless(c *x509.Certificate) { c.DNSNames = nil }

func both(a, b change) change { return func(c *x509.Certificate) { a(c); b(c) } }

func (l *lab) authority(name string, issuer cert, with change) cert {
	return l.issue(name, issuer, func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage, c.DNSNames = true, x509.KeyUsageCertSign, nil
		if with != nil {
			with(c)
		}
	})
}

// leaf is a server's certificate below Sub.
func (l *lab) leaf(with change) cert { return l.issue("mx.lab.test", l.sub, with) }

// issue makes a certificate; without an issuer it signs itself.
func (l *lab) issue(name string, issuer cert, with change) cert {
	l.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		l.Fatal(err)
	}
	return l.certify(name, key, key.Public(), issuer, with)
}

func (l *lab) certify(name string, key crypto.Signer, public any, issuer cert, with change) cert {
	l.Helper()
	l.serial++
	t := &x509.Certificate{SerialNumber: big.NewInt(l.serial), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: now().Add(-200 * day), NotAfter: now().Add(200 * day), BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature}
	if with != nil {
		with(t)
	}
	if issuer.Certificate == nil {
		issuer = cert{t, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, issuer.Certificate, public, issuer.key)
	if err != nil {
		l.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		l.Fatal(err)
	}
	return cert{c, key}
}

// withRSA is a server's certificate with another kind of key.
func (l *lab) withRSA() cert {
	l.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		l.Fatal(err)
	}
	return l.certify("mx.lab.test", key, key.Public(), l.sub, nil)
}

// sent is a chain as the session has it.
func sent(certs ...cert) (chain [][]byte) {
	for _, c := range certs {
		chain = append(chain, c.Raw)
	}
	return chain
}

// record is the one of a certificate.
func record(usage, selector, matching uint8, c cert) plan.TLSA {
	data := c.Raw
	if selector == 1 {
		data = c.RawSubjectPublicKeyInfo
	}
	switch matching {
	case 1:
		sum := sha256.Sum256(data)
		data = sum[:]
	case 2:
		sum := sha512.Sum512(data)
		data = sum[:]
	}
	return plan.TLSA{Usage: usage, Selector: selector, Matching: matching, Data: data}
}

// wrong is a record with one nibble of it changed.
func wrong(r plan.TLSA) plan.TLSA {
	r.Data = append([]byte(nil), r.Data...)
	r.Data[0] ^= 0x10
	return r
}

func parsed(t *testing.T, text string) plan.TLSA {
	t.Helper()
	r, err := plan.ParseTLSA(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
