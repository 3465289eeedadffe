package roots

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"testing"
	"time"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

type certs = []*x509.Certificate

// party is somebody with a name and a key, who may have several certificates.
type party struct {
	subject []byte // raw
	key     *ecdsa.PrivateKey
}

func newParty(tb testing.TB, name string) party {
	tb.Helper()
	subject, err := asn1.Marshal(pkix.Name{CommonName: name, Organization: []string{"Roots Test"}}.ToRDNSequence())
	if err != nil {
		tb.Fatal(err)
	}
	return party{subject, newKey(tb)}
}

// stringly is a party whose common name has the given ASN.1 string type.
func stringly(tb testing.TB, tag int, name string) party {
	tb.Helper()
	raw := asn1.RawValue{Tag: tag, Bytes: []byte(name)}
	subject, err := asn1.Marshal(pkix.RDNSequence{{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: raw}}})
	if err != nil {
		tb.Fatal(err)
	}
	return party{subject, newKey(tb)}
}

func newKey(tb testing.TB) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

type change func(*x509.Certificate)

func leaf(c *x509.Certificate) {
	c.IsCA, c.KeyUsage, c.MaxPathLen = false, x509.KeyUsageDigitalSignature, -1
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	c.DNSNames = []string{"mail.example.com"}
}

func expired(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) }

func clientOnly(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }

func namesUnder(domain string) change {
	return func(c *x509.Certificate) {
		c.PermittedDNSDomainsCritical, c.PermittedDNSDomains = true, []string{domain}
	}
}

func keyID(id []byte) change { return func(c *x509.Certificate) { c.SubjectKeyId = id } }

func version1(c *x509.Certificate) { c.SerialNumber = big.NewInt(1) }

// issue makes a certificate for subject, a CA's unless changed, signed by
// issuer.
func issue(tb testing.TB, issuer, subject party, changes ...change) *x509.Certificate {
	tb.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, RawSubject: subject.subject,
		NotBefore: now.Add(-24 * time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, MaxPathLen: -1,
	}
	for _, c := range changes {
		c(template)
	}
	parent := &x509.Certificate{RawSubject: issuer.subject}
	if issuer.key == subject.key {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &subject.key.PublicKey, issuer.key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// fixed is a certificate that is the same in every run: a fuzz target's
// processes must agree on their seeds.
func fixed(tb testing.TB, name string) *x509.Certificate {
	tb.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: now, NotAfter: now.Add(time.Hour),
		SubjectKeyId: []byte(name), IsCA: true, BasicConstraintsValid: true,
	}
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func inPEM(certs ...*x509.Certificate) string {
	var text []byte
	for _, c := range certs {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return string(text)
}

// rsaSigned is a server's certificate by its own key of so many bits.
func rsaSigned(tb testing.TB, bits int) *x509.Certificate {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		tb.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "server"}, NotBefore: now, NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}
