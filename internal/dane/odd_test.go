package dane

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
	"testing"
)

func forClients(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }

func forAny(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny} }

func withMail(c *x509.Certificate) { c.EmailAddresses = []string{"a@lab.test"} }

// negative is a certificate that x509 does not read.
func (l *lab) negative() []byte {
	l.Helper()
	c := l.issue("mx.lab.test", l.ca, func(c *x509.Certificate) { c.SerialNumber = big.NewInt(0x7a7a7a7a) })
	der := bytes.Replace(c.Raw, []byte{2, 4, 0x7a, 0x7a, 0x7a, 0x7a}, []byte{2, 4, 0x8a, 0x7a, 0x7a, 0x7a}, 1)
	if _, err := x509.ParseCertificate(der); err == nil {
		l.Fatal("x509 reads a certificate with a negative serial number")
	}
	return der
}

// longRSA has a key that crypto/rsa takes too long for.
func (l *lab) longRSA(bits uint) cert {
	l.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), bits-1)
	return l.certify("mx.lab.test", nil, &rsa.PublicKey{N: n.SetBit(n, 0, 1), E: 65537}, l.ca, nil)
}

// sha1Root is an authority with a signature of its own that x509 does not accept.
func (l *lab) sha1Root() cert {
	l.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		l.Fatal(err)
	}
	return l.certify("RSA CA", key, key.Public(), cert{}, func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage, c.SignatureAlgorithm = true, x509.KeyUsageCertSign, x509.SHA1WithRSA
	})
}

// sha1 has a signature that x509 does not accept.
func (l *lab) sha1(issuer cert) cert {
	l.Helper()
	return l.issue("mx.lab.test", issuer, func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA })
}

func TestKeyOf(t *testing.T) {
	l := newLab(t)
	for _, c := range []cert{l.ca, l.sub, l.leaf(nil), l.withRSA(), l.longRSA(8200)} {
		if got := keyOf(c.Raw); !bytes.Equal(got, c.RawSubjectPublicKeyInfo) {
			t.Errorf("%s: %x", c.Subject, got)
		}
		for i := range c.Raw {
			if keyOf(c.Raw[:i]) != nil {
				t.Errorf("%s: a key in its first %d bytes", c.Subject, i)
			}
		}
	}
	for _, der := range []string{"", "0", "\x30\x80", "\x30\x84\xff\xff\xff\xff", "\x30\x85\x01\x01\x01\x01\x01", "\x1f\x81\x01", "\x30\x81"} {
		if keyOf([]byte(der)) != nil || isKey([]byte(der)) {
			t.Errorf("%x has a key", der)
		}
	}
}
