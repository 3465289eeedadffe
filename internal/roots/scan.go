package roots

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"io"
)

// The lines of a regular block, as every tool writes it.
const (
	begin     = "-----BEGIN "
	beginLine = begin + "CERTIFICATE-----\n"
	end       = "-----END "
	endLine   = end + "CERTIFICATE-----\n"
)

// scanner finds in PEM text the certificates with a wanted subject. It finds
// exactly those that x509.CertPool.AppendCertsFromPEM would: it passes over a
// block by itself only where pem.Decode is certain to end at the same place,
// and leaves everything else to pem.Decode.
type scanner struct {
	want   [][]byte // raw subjects; nil: every certificate
	window []byte   // what is read at a time
}

// file reads PEM text to its end. After an error nothing that it found counts,
// as with os.ReadFile.
func (s *scanner) file(r io.Reader) (found []*x509.Certificate, err error) {
	var rest []byte
	for eof := false; !eof; {
		rest, eof, err = s.more(r, rest)
		if err != nil {
			return nil, err
		}
		found = append(found, s.regular(&rest, eof)...)
	}
	return append(found, s.whole(rest)...), nil
}

// more moves what is left to the front of the window and fills up. A block
// that is not regular, or longer than the window, has the rest of the file
// read as a whole.
func (s *scanner) more(r io.Reader, rest []byte) (data []byte, eof bool, err error) {
	if len(rest) == len(s.window) {
		tail, err := io.ReadAll(r)
		return append(rest[:len(rest):len(rest)], tail...), true, err
	}
	n := copy(s.window, rest)
	for n < len(s.window) && err == nil {
		var k int
		k, err = r.Read(s.window[n:])
		n += k
	}
	if err == io.EOF {
		return s.window[:n], true, nil
	}
	return s.window[:n], false, err
}

// whole finds what is wanted in text that is complete.
func (s *scanner) whole(text []byte) (found []*x509.Certificate) {
	for {
		found = append(found, s.regular(&text, true)...)
		var b *pem.Block
		if b, text = pem.Decode(text); b == nil {
			return found
		}
		found = append(found, s.parse(b)...)
	}
}

// regular takes the regular blocks off the front of data.
func (s *scanner) regular(data *[]byte, eof bool) (found []*x509.Certificate) {
	for {
		body, after := block(*data, eof)
		if body == nil {
			return found
		}
		if s.maybe(body) {
			b, _ := pem.Decode((*data)[:after])
			found = append(found, s.parse(b)...)
		}
		*data = (*data)[after:]
	}
}

// parse is the certificate in a block, if it is a wanted one.
func (s *scanner) parse(b *pem.Block) []*x509.Certificate {
	if b == nil || b.Type != "CERTIFICATE" || len(b.Headers) != 0 {
		return nil
	}
	c, err := x509.ParseCertificate(b.Bytes)
	if err != nil || s.want != nil && !contains(s.want, c.RawSubject) {
		return nil
	}
	return []*x509.Certificate{c}
}

// maybe is false only where the block holds no wanted certificate.
func (s *scanner) maybe(body []byte) bool {
	if s.want == nil {
		return true
	}
	p := prefix{text: body}
	from, to, ok := p.subject()
	if !ok {
		return true
	}
	for _, name := range s.want {
		// Most names differ in length: those need not be decoded.
		if len(name) == to-from && (!p.have(to) || bytes.Equal(p.der[from:to], name)) {
			return true
		}
	}
	return false
}

// block finds a regular block at the front of data, perhaps after lines that
// belong to no block. It returns the lines of its body and the index after its
// last line; nil if what is there is not regular, or goes on beyond data.
func block(data []byte, eof bool) (body []byte, after int) {
	start := first(data)
	if start < 0 {
		return nil, 0
	}
	// Base64 has no hyphen: up to the first one no other block can be hidden.
	i := start + bytes.IndexByte(data[start:], '-')
	if i <= start || data[i-1] != '\n' || !bytes.HasPrefix(data[i:], []byte(endLine)) {
		return nil, 0
	}
	body, after = data[start:i], i+len(endLine)
	if line, _, _ := bytes.Cut(body, []byte("\n")); bytes.IndexByte(line, ':') >= 0 {
		return nil, 0 // a header (RFC 1421 section 4.4)
	}
	// Where the block is broken, pem.Decode goes on searching from within its
	// last line, so that an END line which follows at once is read otherwise.
	next := data[after:]
	if len(next) < len(end) && !eof || bytes.HasPrefix(next, []byte(end)) {
		return nil, 0
	}
	return body, after
}

// first is the index after the first BEGIN line, -1 if that is not a regular
// one.
func first(data []byte) int {
	at := 0
	if !bytes.HasPrefix(data, []byte(beginLine)) {
		at = bytes.Index(data, []byte(begin))
		if at < 1 || data[at-1] != '\n' || bytes.Contains(data[:at], []byte(end)) ||
			!bytes.HasPrefix(data[at:], []byte(beginLine)) {
			return -1
		}
	}
	return at + len(beginLine)
}
