package smtptest

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"strconv"
	"time"
)

// trait makes a certificate other than most are.
type trait func(p *PKI, m *making)

// making is a certificate that is not signed yet. After signing, what Go would
// not write takes the place of something as long that it does, and it is signed
// once more.
type making struct {
	*x509.Certificate
	key      crypto.Signer
	old, new string // bytes; "": nothing
	hash     crypto.Hash
}

// Tags of strings in names.
const (
	utf8String      = 12
	printableString = 19
)

// DER of object identifiers.
const (
	idEd25519    = "\x06\x03\x2b\x65\x70"                                                    // 1.3.101.112
	idEd448      = "\x06\x03\x2b\x65\x71"                                                    // 1.3.101.113
	idECDSA256   = "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"                                // ecdsa-with-SHA256
	idECDSA224   = "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x01"                                // ecdsa-with-SHA224
	idSHA256RSA  = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"                            // sha256WithRSAEncryption
	idMD5RSA     = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04"                            // md5WithRSAEncryption
	authorityAIA = "\x30\x18\x30\x16\x06\x08+\x06\x01\x05\x05\x07\x30\x01\x86\x0ahttp://o/a" // an OCSP responder
)

func keyOf(name string) trait { return func(_ *PKI, m *making) { m.key = ownKey(name) } }

func rsaKey(bits int) trait {
	return func(_ *PKI, m *making) {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		m.key = key
	}
}

// feigned is a key that is as long as asked for, and that nobody has.
type feigned struct{ public *rsa.PublicKey }

func (f feigned) Public() crypto.PublicKey { return f.public }

func (f feigned) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return bytes.Repeat([]byte{1}, f.public.Size()), nil
}

func feignedKey(bits int) trait {
	return func(_ *PKI, m *making) {
		n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
		m.key = feigned{&rsa.PublicKey{N: n.Add(n, big.NewInt(12345)), E: 65537}}
	}
}

// alsoNamed gives it so many names more.
func alsoNamed(n int) trait {
	return func(_ *PKI, m *making) {
		for i := range n {
			m.DNSNames = append(m.DNSNames, "host"+strconv.Itoa(i)+".mx.test")
		}
	}
}

// manyConstraints have to be compared with each name of each certificate below.
func manyConstraints(_ *PKI, m *making) {
	m.PermittedDNSDomainsCritical = true
	for i := range 3000 {
		m.PermittedDNSDomains = append(m.PermittedDNSDomains, "d"+strconv.Itoa(i)+".test")
	}
	m.PermittedDNSDomains = append(m.PermittedDNSDomains, "mx.test")
}

// ed448 is a key that Go does not know. It is an Ed25519 key under that name.
func ed448(_ *PKI, m *making) {
	seed := sha256.Sum256([]byte("ed448"))
	m.key, m.old, m.new = ed25519.NewKeyFromSeed(seed[:]), idEd25519, idEd448
}

func ed448Signed(_ *PKI, m *making) { m.old, m.new = idEd25519, idEd448 }

// sha224Signed says so; nobody here can tell that it is not.
func sha224Signed(_ *PKI, m *making) { m.old, m.new = idECDSA256, idECDSA224 }

func md5Signed(_ *PKI, m *making) { m.old, m.new, m.hash = idSHA256RSA, idMD5RSA, crypto.MD5 }

func sha1Signed(_ *PKI, m *making) { m.SignatureAlgorithm = x509.ECDSAWithSHA1 }

func subjectAs(tag int, text string) trait {
	return func(_ *PKI, m *making) {
		name := pkix.RDNSequence{{{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: asn1.RawValue{Tag: tag, Bytes: []byte(text)}}}}
		der, err := asn1.Marshal(name)
		if err != nil {
			panic(err)
		}
		m.RawSubject = der
	}
}

func usage(u x509.KeyUsage) trait { return func(_ *PKI, m *making) { m.KeyUsage = u } }

// leastPath allows no further authority below.
func leastPath(_ *PKI, m *making) { m.MaxPathLenZero = true }

func onlyUnder(domain string) trait {
	return func(_ *PKI, m *making) {
		m.PermittedDNSDomainsCritical, m.PermittedDNSDomains = true, []string{domain}
	}
}

func oddExtension(_ *PKI, m *making) {
	m.ExtraExtensions = append(m.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
}

func criticalAIA(_ *PKI, m *making) {
	m.ExtraExtensions = append(m.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}, Critical: true, Value: []byte(authorityAIA)})
}

func purpose(u ...x509.ExtKeyUsage) trait { return func(_ *PKI, m *making) { m.ExtKeyUsage = u } }

// ofOtherKey names another key than that of its issuer.
func ofOtherKey(_ *PKI, m *making) {
	m.ExtraExtensions = append(m.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 35}, Value: []byte("\x30\x07\x80\x05other")})
}

// keyIDs are what tells a certificate from another authority's of its own name.
func keyIDs(p *PKI, m *making) {
	m.SubjectKeyId, m.AuthorityKeyId = []byte("own"), p.named("samename").Leaf.SubjectKeyId
}

// endless has no well-defined end (RFC 5280 section 4.1.2.5).
func endless(_ *PKI, m *making) { m.NotAfter = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }

func addressAsName(_ *PKI, m *making) {
	m.DNSNames, m.IPAddresses = []string{m.IPAddresses[0].String()}, nil
}

// nameless leaves just the common name, which proves nothing (RFC 9525 section 2).
func nameless(_ *PKI, m *making) { m.DNSNames = nil }

func mailOnly(_ *PKI, m *making) { m.DNSNames, m.EmailAddresses = nil, []string{"postmaster@mx.test"} }

func negativeSerial(_ *PKI, m *making) {
	m.SerialNumber = big.NewInt(0x1234567890)
	m.old, m.new = "\x02\x05\x12\x34\x56\x78\x90", "\x02\x05\x92\x34\x56\x78\x90"
}

// resign is the certificate with its old bytes replaced.
func (m *making) resign(der []byte, signer crypto.Signer) []byte {
	var c struct{ TBS, Algorithm, Signature asn1.RawValue }
	if rest, err := asn1.Unmarshal(der, &c); err != nil || len(rest) > 0 {
		panic("smtptest: no certificate")
	}
	tbs := bytes.ReplaceAll(c.TBS.FullBytes, []byte(m.old), []byte(m.new))
	algorithm := bytes.ReplaceAll(c.Algorithm.FullBytes, []byte(m.old), []byte(m.new))
	signed := m.sign(tbs, signer)
	signature, err := asn1.Marshal(asn1.BitString{Bytes: signed, BitLength: 8 * len(signed)})
	if err != nil {
		panic(err)
	}
	der, err = asn1.Marshal(asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: bytes.Join([][]byte{tbs, algorithm, signature}, nil)})
	if err != nil {
		panic(err)
	}
	return der
}

func (m *making) sign(tbs []byte, signer crypto.Signer) []byte {
	digest, hash := tbs, m.hash
	if _, plain := signer.Public().(ed25519.PublicKey); plain {
		hash = 0
	} else if hash == crypto.MD5 {
		sum := md5.Sum(tbs)
		digest = sum[:]
	} else {
		sum := sha256.Sum256(tbs)
		digest, hash = sum[:], crypto.SHA256
	}
	signature, err := signer.Sign(nil, digest, hash)
	if err != nil {
		panic(err)
	}
	return signature
}
