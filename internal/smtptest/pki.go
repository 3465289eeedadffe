package smtptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"
)

// PKI is a certification authority and what it issued, made anew for each test
// so that its dates are those of the test's clock. A certificate is made when
// it is first asked for.
type PKI struct {
	mu     sync.Mutex
	issued map[string]tls.Certificate
	now    time.Time
	count  int64
}

// NewPKI can issue the whole catalogue.
func NewPKI(now time.Time) *PKI { return &PKI{issued: map[string]tls.Certificate{}, now: now} }

// File is the content of one of the PKI's files.
func (p *PKI) File(name string) ([]byte, bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return nil, false
	}
	name, kind := name[:dot], name[dot+1:]
	c, ok := p.Certificate(name)
	if !ok || kind != "pem" && kind != "key" {
		return nil, false
	}
	if kind == "key" {
		der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
		if err != nil {
			panic(err)
		}
		return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), true
	}
	var text []byte
	for _, der := range c.Certificate {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return text, true
}

// Certificate is one of the catalogue, by its name.
func (p *PKI) Certificate(name string) (tls.Certificate, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w, ok := wished(name)
	if !ok {
		return tls.Certificate{}, false
	}
	return p.get(w), true
}

func (p *PKI) get(w wish) tls.Certificate {
	c, ok := p.issued[w.name]
	if !ok {
		c = p.issue(w)
		p.issued[w.name] = c
	}
	return c
}

// named is for names of which the catalogue is certain.
func (p *PKI) named(name string) tls.Certificate {
	w, ok := wished(name)
	if !ok {
		panic("smtptest: the PKI has no " + name)
	}
	return p.get(w)
}

func (p *PKI) issue(w wish) tls.Certificate {
	m := &making{Certificate: p.template(w), key: ownKey(w.name)}
	for _, trait := range w.traits {
		trait(p, m)
	}
	parent, signer := m.Certificate, m.key
	if w.issuer != "" {
		issuer := p.named(w.issuer)
		parent, signer = authority(issuer), issuer.PrivateKey.(crypto.Signer)
	}
	der, err := x509.CreateCertificate(nil, m.Certificate, parent, m.key.Public(), signer) // the same bytes each time
	if err != nil {
		panic(err)
	}
	if m.old != "" {
		der = m.resign(der, signer)
	}
	c := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: m.key}
	c.Leaf, _ = x509.ParseCertificate(der) // some are made not to be read
	for _, along := range w.sent {
		c.Certificate = append(c.Certificate, p.named(along).Certificate[0])
	}
	return c
}

// authority is what CreateCertificate needs to know of an issuer. It would
// check the new signature with the issuer's certificate, were its key in it.
func authority(issuer tls.Certificate) *x509.Certificate {
	return &x509.Certificate{RawSubject: issuer.Leaf.RawSubject, SubjectKeyId: issuer.Leaf.SubjectKeyId}
}

// ownKey is always the same key for a name, so that its pin can stand in a
// story.
func ownKey(name string) crypto.Signer {
	secret := sha256.Sum256([]byte(name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret[:])
	if err != nil {
		panic(err)
	}
	return key
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
