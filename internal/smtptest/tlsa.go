package smtptest

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"regexp"
)

// tlsa is a record whose data is that of a certificate.
var tlsa = regexp.MustCompile(`([0-9]+) ([0-9]+) ([0-9]+) \{([^}]+)\}`)

// Fill puts the data of certificates into TLSA records: "3 1 1 {good}". Of a nil
// PKI there are none.
func (p *PKI) Fill(text string) string {
	return tlsa.ReplaceAllStringFunc(text, func(record string) string {
		m := tlsa.FindStringSubmatch(record)
		c, ok := p.Certificate(m[4])
		if !ok {
			panic("smtptest: the PKI has no " + m[4])
		}
		return m[1] + " " + m[2] + " " + m[3] + " " + hex.EncodeToString(association(c.Certificate[0], m[2], m[3]))
	})
}

// association is what a record holds of a certificate (RFC 6698 section 2.1).
func association(der []byte, selector, matching string) []byte {
	data := der
	if selector != "0" {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			panic(err)
		}
		data = c.RawSubjectPublicKeyInfo
	}
	switch matching {
	case "0":
		return data
	case "2":
		sum := sha512.Sum512(data)
		return sum[:]
	}
	sum := sha256.Sum256(data)
	return sum[:]
}
