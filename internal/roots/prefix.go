package roots

import "encoding/base64"

const (
	lineLen   = 64              // RFC 7468 section 2: generators wrap at exactly that
	lineBytes = lineLen / 4 * 3 // in a line of base64
	maxLines  = 32              // that are looked at; a subject further on is left to x509
)

// prefix is the beginning of a certificate in base64, decoded line by line as
// far as it is needed.
type prefix struct {
	text []byte // lines of 64 characters and a newline; others end what is read
	der  [maxLines * lineBytes]byte
	n    int // bytes of der
}

// have decodes up to n bytes; false if they are not there, or not in such
// lines.
func (p *prefix) have(n int) bool {
	for p.n < n {
		if n > len(p.der) || len(p.text) <= lineLen || p.text[lineLen] != '\n' {
			return false
		}
		// Fewer bytes: there is a line end or padding within the line.
		if k, err := base64.StdEncoding.Decode(p.der[p.n:], p.text[:lineLen]); err != nil || k != lineBytes {
			return false
		}
		p.n += lineBytes
		p.text = p.text[lineLen+1:]
	}
	return true
}

// subject is where the subject with its header lies, if this is a certificate
// (RFC 5280 section 4.1). It trusts the text to be one: whatever it finds in
// something else, x509.ParseCertificate refuses that.
func (p *prefix) subject() (from, to int, ok bool) {
	at, _, ok := p.element(0) // Certificate
	if !ok {
		return 0, 0, false
	}
	if at, _, ok = p.element(at); !ok || !p.have(at+1) { // tbsCertificate
		return 0, 0, false
	}
	before := 4 // serialNumber, signature, issuer, validity
	if p.der[at] == 0xa0 {
		before++ // version, in version 1 left out
	}
	for range before {
		if _, at, ok = p.element(at); !ok {
			return 0, 0, false
		}
	}
	_, to, ok = p.element(at)
	return at, to, ok
}

// element reads the header of a DER element: where its content begins and
// ends.
func (p *prefix) element(at int) (content, after int, ok bool) {
	if !p.have(at + 2) {
		return 0, 0, false
	}
	content, size := at+2, int(p.der[at+1])
	if size >= 0x80 { // X.690 section 8.1.3.5: the length's length
		n := size & 0x7f
		if n > 3 || !p.have(content+n) {
			return 0, 0, false
		}
		size = 0
		for _, b := range p.der[content : content+n] {
			size = size<<8 | int(b)
		}
		content += n
	}
	return content, content + size, true
}
