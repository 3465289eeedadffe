package roots

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
)

// TestLacking is what OpenSSL 3.0 says of such a certificate as the server's own,
// and as an issuer (openssl verify -purpose sslserver): all of it was asked.
func TestLacking(t *testing.T) {
	const eku, ku, ns = "extended key usage without serverAuth", "key usage without digitalSignature", "Netscape certificate type without server"
	usage := func(u x509.KeyUsage) change { return func(c *x509.Certificate) { c.KeyUsage = u } }
	purposes := func(u ...x509.ExtKeyUsage) change {
		return func(c *x509.Certificate) { c.KeyUsage, c.ExtKeyUsage = 0, u }
	}
	having := func(id asn1.ObjectIdentifier, value string) change {
		return func(c *x509.Certificate) {
			c.KeyUsage, c.ExtKeyUsage = 0, nil
			c.ExtraExtensions = []pkix.Extension{{Id: id, Value: []byte(value)}}
		}
	}
	party := newParty(t, "mx.test")
	for _, tt := range []struct {
		name        string
		with        change
		own, issuer string
	}{
		{"server", leaf, "", ""},
		{"nothing said", purposes(), "", ""},
		{"keyAgreement", usage(x509.KeyUsageKeyAgreement), "", ""},
		{"keyEncipherment", usage(x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign), "", ""},
		{"certSign, crlSign", usage(x509.KeyUsageCertSign | x509.KeyUsageCRLSign), ku, ""},
		{"nonRepudiation", usage(x509.KeyUsageContentCommitment), ku, ""},
		{"dataEncipherment", usage(x509.KeyUsageDataEncipherment), ku, ""},
		{"no key usage", having(keyUsage, "\x03\x01\x00"), ku, ""},
		{"any", purposes(x509.ExtKeyUsageAny), eku, eku},
		{"any, client", purposes(x509.ExtKeyUsageAny, x509.ExtKeyUsageClientAuth), eku, eku},
		{"any, server", purposes(x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth), "", ""},
		{"client", purposes(x509.ExtKeyUsageClientAuth), eku, eku},
		{"Netscape's gated cryptography", purposes(x509.ExtKeyUsageNetscapeServerGatedCrypto), "", ""},
		{"Microsoft's", purposes(x509.ExtKeyUsageMicrosoftServerGatedCrypto), "", ""},
		{"unknown", func(c *x509.Certificate) { c.KeyUsage, c.UnknownExtKeyUsage = 0, []asn1.ObjectIdentifier{{1, 2, 3}} }, eku, eku},
		{"no extended key usage", having(extKeyUsage, "\x30\x00"), eku, eku},
		{"Netscape server", having(netscapeType, "\x03\x02\x06\x40"), "", ""},
		{"Netscape client", having(netscapeType, "\x03\x02\x07\x80"), ns, ""},
		{"Netscape nothing", having(netscapeType, "\x03\x01\x00"), ns, ""},
		{"Netscape NULL", having(netscapeType, "\x05\x00"), ns, ""},
	} {
		c := issue(t, party, party, tt.with)
		if own, issuer := Lacking(c, true), Lacking(c, false); own != tt.own || issuer != tt.issuer {
			t.Errorf("%s: %q and %q, want %q and %q", tt.name, own, issuer, tt.own, tt.issuer)
		}
	}
}

// TestServing: of two ways up the one that is for servers counts, and x509's is not
// asked what is.
func TestServing(t *testing.T) {
	root, sub, server := newParty(t, "Root"), newParty(t, "Sub"), newParty(t, "server")
	store := Store{PEM: []byte(inPEM(issue(t, root, root)))}
	good, clients, gated := issue(t, root, sub), issue(t, root, sub, clientOnly), issue(t, root, sub, func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageMicrosoftServerGatedCrypto}
	})
	for _, tt := range []struct {
		sent  []*x509.Certificate
		proof bool
	}{{certs{clients, good}, true}, {certs{clients}, false}, {certs{gated}, true}} {
		sent := append(certs{issue(t, sub, server, leaf)}, tt.sent...)
		chains, _, err := store.Prove(sent, x509.VerifyOptions{CurrentTime: now})
		if (err == nil) != tt.proof || (len(chains) == 1) != tt.proof {
			t.Errorf("%d sent: %d chains, %v", len(sent), len(chains), err)
		}
	}
}

// TestNamesake: OpenSSL goes no further up from a certificate with the name of its
// issuer, unless its authority key identifier says that it is no root.
func TestNamesake(t *testing.T) {
	root, server := newParty(t, "mx.test"), newParty(t, "mx.test")
	rootCert := issue(t, root, root, keyID([]byte("root")))
	self := issue(t, server, server, leaf)
	store := Store{PEM: []byte(inPEM(rootCert, self))}
	serial := func(n *big.Int) change { // what openssl x509 -req writes for a CA without a key identifier
		value, err := asn1.Marshal(struct {
			Issuer asn1.RawValue
			Serial *big.Int `asn1:"tag:2"`
		}{asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 1, IsCompound: true, Bytes: []byte("\x82\x01a")}, n})
		if err != nil {
			t.Fatal(err)
		}
		return func(c *x509.Certificate) { c.ExtraExtensions = []pkix.Extension{{Id: authorityKey, Value: value}} }
	}
	own := func(c *x509.Certificate) { c.SerialNumber = big.NewInt(77) }
	apart := func(c *x509.Certificate) { c.SubjectKeyId, c.AuthorityKeyId = []byte("own"), []byte("root") }
	for _, tt := range []struct {
		sent  []*x509.Certificate
		proof bool
	}{
		{certs{issue(t, root, server, leaf)}, false},
		{certs{issue(t, root, server, leaf, apart)}, true},
		{certs{issue(t, root, server, leaf, own, serial(rootCert.SerialNumber))}, true},
		{certs{issue(t, root, server, leaf, own, serial(big.NewInt(77)))}, false},
		{certs{self}, true},
	} {
		if _, _, err := store.Prove(tt.sent, x509.VerifyOptions{CurrentTime: now}); (err == nil) != tt.proof {
			t.Errorf("%v, want proof %v", err, tt.proof)
		}
	}
}
