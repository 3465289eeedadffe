package roots

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
)

// TestUnsuited: each answer is that of "openssl verify -purpose sslserver", of
// OpenSSL 3.0.
func TestUnsuited(t *testing.T) {
	root, server := newParty(t, "Root"), newParty(t, "mx.test")
	namesake := newParty(t, "Root")
	with := func(id asn1.ObjectIdentifier, value string) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Value: []byte(value)})
		}
	}
	key := func(u x509.KeyUsage) func(*x509.Certificate) { return func(c *x509.Certificate) { c.KeyUsage = u } }
	extended := func(list ...x509.ExtKeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.ExtKeyUsage = list }
	}
	ca, plain := issue(t, root, root), issue(t, server, newParty(t, "below"), leaf)
	for name, test := range map[string]struct {
		with func(*x509.Certificate)
		want Misuse
	}{
		"no usage":                          {key(0), ""},
		"signatures":                        {key(x509.KeyUsageDigitalSignature), ""},
		"key encipherment":                  {key(x509.KeyUsageKeyEncipherment), ""},
		"key agreement":                     {key(x509.KeyUsageKeyAgreement), ""},
		"certificates":                      {key(x509.KeyUsageCertSign), BadKeyUsage},
		"revocation lists":                  {key(x509.KeyUsageCRLSign), BadKeyUsage},
		"data":                              {key(x509.KeyUsageDataEncipherment), BadKeyUsage},
		"content commitment":                {key(x509.KeyUsageContentCommitment), BadKeyUsage},
		"any":                               {extended(x509.ExtKeyUsageAny), BadExtendedKeyUsage},
		"any, and clients":                  {extended(x509.ExtKeyUsageAny, x509.ExtKeyUsageClientAuth), BadExtendedKeyUsage},
		"any, and servers":                  {extended(x509.ExtKeyUsageAny, x509.ExtKeyUsageServerAuth), ""},
		"clients":                           {extended(x509.ExtKeyUsageClientAuth), BadExtendedKeyUsage},
		"servers by their Netscape name":    {extended(x509.ExtKeyUsageNetscapeServerGatedCrypto), ""},
		"servers by their Microsoft name":   {extended(x509.ExtKeyUsageMicrosoftServerGatedCrypto), ""},
		"a usage that nobody knows":         {with(idExtKeyUsage, "\x30\x05\x06\x03\x2a\x03\x04"), BadExtendedKeyUsage},
		"no extended usage in the list":     {with(idExtKeyUsage, "\x30\x00"), BadExtendedKeyUsage},
		"a client, of Netscape's kinds":     {with(idNetscapeType, "\x03\x02\x07\x80"), BadNetscapeType},
		"a server, of Netscape's kinds":     {with(idNetscapeType, "\x03\x02\x06\x40"), ""},
		"both, of Netscape's kinds":         {with(idNetscapeType, "\x03\x02\x06\xc0"), ""},
		"Netscape's kinds, made of nothing": {with(idNetscapeType, "\x03"), ""},
	} {
		if _, got := Unsuited([]*x509.Certificate{issue(t, root, server, leaf, test.with), ca}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		above := Misuse("") // an issuer's key usage is for x509 to judge
		if test.want == BadExtendedKeyUsage {
			above = test.want
		}
		if _, got := Unsuited([]*x509.Certificate{plain, issue(t, root, server, test.with), ca}); got != above {
			t.Errorf("an issuer, %s: %q, want %q", name, got, above)
		}
	}
	alike := issue(t, root, namesake, leaf, key(x509.KeyUsageDigitalSignature))
	for name, test := range map[string]struct {
		own, of []byte
		akid    string
		want    Misuse
	}{
		"no identifiers":          {nil, nil, "", LikeItsIssuer},
		"its own":                 {[]byte("a"), nil, "", LikeItsIssuer},
		"its issuer's":            {nil, []byte("b"), "\x30\x00", LikeItsIssuer},
		"both":                    {[]byte("a"), []byte("b"), "\x30\x00", ""},
		"its issuer's serial":     {nil, nil, "\x30\x00", ""},
		"both, and they are same": {[]byte("a"), []byte("a"), "\x30\x00", LikeItsIssuer},
	} {
		c := *alike
		c.SubjectKeyId, c.AuthorityKeyId, c.Extensions = test.own, test.of, nil
		if test.akid != "" {
			c.Extensions = []pkix.Extension{{Id: idAuthorityKeyID, Value: []byte(test.akid)}}
		}
		if _, got := Unsuited([]*x509.Certificate{&c, ca}); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if _, got := Unsuited([]*x509.Certificate{&c}); got != "" {
			t.Errorf("%s, alone: %q", name, got)
		}
	}
}
