package roots

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
)

var authorityKey = asn1.ObjectIdentifier{2, 5, 29, 35} // the identifier of an issuer

// Rooted says whether a certificate looks like its own issuer's. One that the
// authority key identifier tells from it is not.
func Rooted(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) && !OtherIssuer(c, c)
}

// OtherIssuer says whether p cannot be c's issuer's certificate, as c's authority key
// identifier names another key or serial number (RFC 5280 section 4.2.1.1), or c is
// signed with another kind of key.
func OtherIssuer(c, p *x509.Certificate) bool {
	if len(c.AuthorityKeyId) > 0 && len(p.SubjectKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, p.SubjectKeyId) {
		return true
	}
	if kind := signer(c.SignatureAlgorithm); kind != 0 && p.PublicKeyAlgorithm != 0 && kind != p.PublicKeyAlgorithm {
		return true
	}
	serial := issuerSerial(c)
	return serial != nil && p.SerialNumber != nil && serial.Cmp(p.SerialNumber) != 0
}

// signer is the kind of key that a signature is made with; 0: nobody knows.
func signer(a x509.SignatureAlgorithm) x509.PublicKeyAlgorithm {
	switch a {
	case x509.UnknownSignatureAlgorithm:
		return x509.UnknownPublicKeyAlgorithm
	case x509.ECDSAWithSHA1, x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512:
		return x509.ECDSA
	case x509.PureEd25519:
		return x509.Ed25519
	case x509.DSAWithSHA1, x509.DSAWithSHA256:
		return x509.DSA
	}
	return x509.RSA
}

// issuerSerial is the serial number that c has of its issuer's certificate; nil:
// none.
func issuerSerial(c *x509.Certificate) *big.Int {
	var id struct {
		Key    []byte        `asn1:"optional,tag:0"`
		Issuer asn1.RawValue `asn1:"optional,tag:1"`
		Serial *big.Int      `asn1:"optional,tag:2"`
	}
	i := slices.IndexFunc(c.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(authorityKey) })
	if i < 0 {
		return nil
	}
	if _, err := asn1.Unmarshal(c.Extensions[i].Value, &id); err != nil {
		return nil
	}
	return id.Serial
}
