package smtptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// PKI is a certification authority and what it issued, made anew for each test
// so that its dates are those of the test's clock.
type PKI struct {
	files map[string][]byte
	certs map[string]tls.Certificate
	now   time.Time
	count int64
}

const day = 24 * time.Hour

// wish is a certificate that somebody may want.
type wish struct {
	name     string
	host     string
	from, to time.Duration // from now
	issuer   string        // "": itself
	ca       bool
	sent     []string // the certificates sent along
}

// wishes is the catalogue. A server may use any of them by its name; NAME.pem
// (with what is sent along) and NAME.key can be read as files.
var wishes = []wish{
	{"ca", "Test Root", -365 * day, 3650 * day, "", true, nil},
	{"otherca", "Other Root", -365 * day, 3650 * day, "", true, nil},
	{"intermediate", "Test Intermediate", -365 * day, 1000 * day, "ca", true, nil},
	{"weak", "Weak Intermediate", -365 * day, 5 * day, "ca", true, nil},
	{"gone", "Gone Intermediate", -365 * day, -day, "ca", true, nil},
	{"good", "mx.test", -10 * day, 90 * day, "ca", false, nil},
	{"address", "192.0.2.7", -10 * day, 90 * day, "ca", false, nil},
	{"wrongname", "other.test", -10 * day, 90 * day, "ca", false, nil},
	{"expired", "mx.test", -100 * day, -10 * day, "ca", false, nil},
	{"notyet", "mx.test", 2 * day, 92 * day, "ca", false, nil},
	{"days20", "mx.test", -80*day - 12*time.Hour, 20*day + 12*time.Hour, "ca", false, nil},
	{"days10", "mx.test", -90 * day, 10 * day, "ca", false, nil},
	{"hours5", "mx.test", -100 * day, 5 * time.Hour, "ca", false, nil},
	{"selfsigned", "mx.test", -10 * day, 90 * day, "", false, nil},
	{"other", "mx.test", -10 * day, 90 * day, "otherca", false, nil},
	{"otherwithroot", "mx.test", -10 * day, 90 * day, "otherca", false, []string{"otherca"}},
	{"chain", "mx.test", -10 * day, 90 * day, "intermediate", false, []string{"intermediate"}},
	{"chainmissing", "mx.test", -10 * day, 90 * day, "intermediate", false, nil},
	{"chainweak", "mx.test", -10 * day, 90 * day, "weak", false, []string{"weak"}},
	{"chaingone", "mx.test", -10 * day, 90 * day, "gone", false, []string{"gone"}},
	{"client", "probe.test", -10 * day, 90 * day, "ca", false, nil},
	{"clientold", "probe.test", -100 * day, 3 * day, "ca", false, nil},
}

// NewPKI issues the whole catalogue.
func NewPKI(now time.Time) *PKI {
	p := &PKI{files: map[string][]byte{}, certs: map[string]tls.Certificate{}, now: now}
	for _, w := range wishes {
		p.issue(w)
	}
	return p
}

// File is the content of one of the PKI's files.
func (p *PKI) File(name string) ([]byte, bool) {
	text, ok := p.files[name]
	return text, ok
}

// Certificate is one of the catalogue, by its name.
func (p *PKI) Certificate(name string) (tls.Certificate, bool) {
	c, ok := p.certs[name]
	return c, ok
}

func (p *PKI) issue(w wish) {
	// Always the same key, so that its pin can stand in a story.
	secret := sha256.Sum256([]byte(w.name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret[:])
	if err != nil {
		panic(err)
	}
	template := p.template(w)
	parent, signer := template, any(key)
	if w.issuer != "" {
		parent, signer = p.certs[w.issuer].Leaf, p.certs[w.issuer].PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	c := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
	for _, along := range w.sent {
		c.Certificate = append(c.Certificate, p.certs[along].Certificate[0])
	}
	p.certs[w.name] = c
	p.file(w.name, c, key)
}

func (p *PKI) template(w wish) *x509.Certificate {
	p.count++
	t := &x509.Certificate{
		SerialNumber:          big.NewInt(p.count),
		Subject:               pkix.Name{CommonName: w.host},
		NotBefore:             p.now.Add(w.from),
		NotAfter:              p.now.Add(w.to),
		BasicConstraintsValid: true,
		IsCA:                  w.ca,
		KeyUsage:              x509.KeyUsageDigitalSignature,
	}
	if w.ca {
		t.KeyUsage = x509.KeyUsageCertSign
		return t
	}
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	if ip := net.ParseIP(w.host); ip != nil {
		t.IPAddresses = []net.IP{ip}
	} else {
		t.DNSNames = []string{w.host}
	}
	return t
}

func (p *PKI) file(name string, c tls.Certificate, key *ecdsa.PrivateKey) {
	for _, der := range c.Certificate {
		p.files[name+".pem"] = append(p.files[name+".pem"], pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		panic(err)
	}
	p.files[name+".key"] = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}
