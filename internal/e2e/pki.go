//go:build linux

package e2e

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Day is the unit in which certificates live.
const Day = 24 * time.Hour

// Wish says what a certificate is to be.
type Wish struct {
	Name     string        // common name
	Hosts    []string      // names and addresses that it is valid for
	From, To time.Duration // lifetime, from now; both zero: ten days ago, and half a day more than 90 days
	Key      crypto.Signer // nil: a key that all such certificates share
	Issuer   *Identity     // nil: itself
	CA       bool
	Usage    string   // what it is for: "client", "any", "signing"; "": servers and clients
	SHA1     bool     // signed with that, by an RSA key
	Only     []string // of a CA: names that those below it may have; nil: any
	Strange  bool     // package x509 refuses to read it, OpenSSL does not
}

// Identity is a certificate with its key, and the certificates that a server
// sends along with it.
type Identity struct {
	Cert *x509.Certificate
	Key  crypto.Signer
	Sent []*Identity
}

// commonRSA takes a while, and no certificate here is the better for a key of
// its own.
var commonRSA = sync.OnceValues(func() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// ECDSA is a new key of that kind.
func ECDSA() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// Issue makes a certificate.
func Issue(w Wish) (*Identity, error) {
	key := w.Key
	if key == nil {
		var err error
		if key, err = commonRSA(); err != nil {
			return nil, err
		}
	}
	t, err := w.template()
	if err != nil {
		return nil, err
	}
	parent, signer := t, key
	if w.Issuer != nil {
		parent, signer = w.Issuer.Cert, w.Issuer.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	cert := &x509.Certificate{Raw: der}
	if !w.Strange {
		cert, err = x509.ParseCertificate(der)
	}
	return &Identity{Cert: cert, Key: key}, err
}

func (w Wish) template() (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	from, to := w.From, w.To
	if from == 0 && to == 0 {
		from, to = -10*Day, 90*Day+Day/2
	}
	now := time.Now()
	t := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: w.Name},
		NotBefore:             now.Add(from),
		NotAfter:              now.Add(to),
		BasicConstraintsValid: true,
		IsCA:                  w.CA,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	if w.Strange { // RFC 5280 section 4.2.2.1: it must not be critical
		t.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}, Critical: true, Value: []byte{0x30, 0}}}
	}
	if w.SHA1 {
		t.SignatureAlgorithm = x509.SHA1WithRSA
	}
	t.PermittedDNSDomains, t.PermittedDNSDomainsCritical = w.Only, w.Only != nil
	if w.CA {
		return t, nil
	}
	t.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	switch w.Usage {
	case "client":
		t.ExtKeyUsage = t.ExtKeyUsage[1:]
	case "any":
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	case "signing":
		t.KeyUsage = x509.KeyUsageCertSign
	}
	for _, h := range w.Hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	return t, nil
}

// PEM is the certificate and what is sent along.
func (i *Identity) PEM() []byte {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Cert.Raw})
	for _, s := range i.Sent {
		text = append(text, s.PEM()...)
	}
	return text
}

// Write writes name.pem, the certificate and what is sent along; name.key; and
// name.both, the key before the certificates, as haproxy and Postfix's
// smtpd_tls_chain_files want it.
func (i *Identity) Write(dir, name string) error {
	der, err := x509.MarshalPKCS8PrivateKey(i.Key)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, name)
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return cmp.Or(
		os.WriteFile(path+".pem", i.PEM(), 0o644),
		os.WriteFile(path+".key", key, 0o600),
		os.WriteFile(path+".both", append(key, i.PEM()...), 0o600))
}

// TLS is the identity as crypto/tls wants it.
func (i *Identity) TLS() tls.Certificate {
	c := tls.Certificate{Certificate: [][]byte{i.Cert.Raw}, PrivateKey: i.Key, Leaf: i.Cert}
	for _, s := range i.Sent {
		c.Certificate = append(c.Certificate, s.Cert.Raw)
	}
	return c
}
