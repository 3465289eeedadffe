package args

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
)

// expiry reads W[,C] of -D.
func (o *Set) expiry(p *plan.Plan) error {
	c := &p.Limits.Cert
	c.IgnoreExpiry = o.On("ignore-certificate-expiration")
	if o.Text("certificate") == "" {
		return nil
	}
	warning, critical, _ := strings.Cut(o.Text("certificate"), ",")
	c.Warning = o.lifetime(warning)
	c.Critical = &plan.Expiry{Of: c.Warning.Of}
	if critical = strings.TrimSpace(critical); critical != "" {
		c.Critical = o.lifetime(critical)
	}
	if c.Critical.Of == c.Warning.Of && c.Critical.Amount > c.Warning.Amount {
		o.refuse("certificate", quote(o.Text("certificate"))+" is critical before it is a warning", "give the larger one first, such as -D 30,7")
	}
	return o.wrong
}

// lifetime reads how much of its life a certificate must have left: whole
// days, hours or percent.
func (o *Set) lifetime(text string) *plan.Expiry {
	e := plan.Expiry{Of: plan.CertDays}
	number, digits := strings.TrimSpace(text), "0123456789"
	if n, ok := strings.CutSuffix(number, "%"); ok {
		number, digits, e.Of = n, ".0123456789", plan.CertPercent
	} else if n, ok := strings.CutSuffix(number, "h"); ok {
		number, digits, e.Of = n, ".0123456789", plan.CertHours
	}
	var err error
	e.Amount, err = strconv.ParseFloat(number, 64)
	const hint = "give W or W,C in days, hours or percent of the lifetime: -D 30,7 or -D 30%,36h"
	switch {
	case isBelowZero(number):
		o.refuse("certificate", quote(text)+" is below zero", hint)
	case err != nil || strings.Trim(number, digits) != "":
		o.refuse("certificate", quoteList(text)+" is not a number of days, hours (36h) or percent (30%)", hint)
	case e.Of == plan.CertPercent && e.Amount > 100:
		o.refuse("certificate", quote(text)+" is more than the whole lifetime", hint)
	}
	return &e
}

// pinned reads the pins: sha256//BASE64, several after a semicolon as curl has
// it.
func (o *Set) pinned(p *plan.Plan) error {
	for _, text := range o.Filled("pin") {
		for pin := range strings.SplitSeq(text, ";") {
			pin = strings.TrimSpace(pin)
			encoded, ok := strings.CutPrefix(pin, "sha256//")
			sum, err := base64.StdEncoding.Strict().DecodeString(encoded)
			if !ok || err != nil || len(sum) != sha256.Size {
				return bad("pin", quote(pin)+" is not sha256//BASE64", "give the SHA-256 of the server's public key, 44 characters of base64 after sha256//")
			}
			p.Probe.TLS.Pins = append(p.Probe.TLS.Pins, sum)
		}
	}
	return nil
}

// trusted fills in whom to trust: the certificates of --ca-file, or those that
// the environment puts in place of the system's, as with OpenSSL. A file there that
// nobody can have meant is refused; one that is missing, and a directory, is passed
// over, as with OpenSSL.
func (o *Set) trusted(p *plan.Plan) error {
	t := &p.Probe.TLS
	t.File, t.Dirs = o.env.Getenv("SSL_CERT_FILE"), o.env.Getenv("SSL_CERT_DIR")
	if t.CAs = o.certificates("ca-file"); o.Text("ca-file") != "" || t.File == "" || o.env.Stat == nil {
		return o.wrong
	}
	const what, hint = "the trusted certificates", "let SSL_CERT_FILE, or ssl_verify_path, name a file or a directory with certificates in PEM"
	if info, err := o.env.Stat(t.File); err == nil && roots.Unfit(info) != "" {
		return option.Bad(what, quote(t.File)+roots.Unfit(info), hint)
	}
	return nil
}

// client reads the certificate that proves us to the server, and its key.
func (o *Set) client(p *plan.Plan) error {
	certFile, keyFile := o.Text("client-cert"), o.Text("client-key")
	switch {
	case certFile == "" && keyFile == "":
		return nil
	case certFile == "":
		return bad("client-key", "there is no certificate for this key", "add --client-cert FILE")
	}
	cert, key := o.file("client-cert", hintPEM), o.file("client-key", hintPEM)
	if keyFile == "" {
		keyFile, key = certFile, cert
	}
	pair, err := tls.X509KeyPair(cert, key)
	switch {
	case o.wrong != nil:
		return o.wrong
	case err == nil:
		p.Probe.TLS.Client = &pair
		return nil
	case !roots.Holds(cert):
		return bad("client-cert", quote(certFile)+" contains no certificate", "give a file with a certificate in PEM")
	}
	return badKey(keyFile, key, err)
}

// badKey says what is wrong with a key in our own words: those of the library
// may quote from the file.
func badKey(name string, key []byte, err error) error {
	problem, hint := " contains no usable private key", "give a file with the private key in PEM"
	switch {
	case bytes.Contains(key, []byte("ENCRYPTED")):
		problem, hint = " contains an encrypted key", "a check cannot enter a passphrase: give a key without one"
	case strings.HasSuffix(err.Error(), "private key does not match public key"):
		problem, hint = " contains the key of another certificate", "give the key that belongs to the certificate"
	}
	return bad("client-key", quote(name)+problem, hint)
}
