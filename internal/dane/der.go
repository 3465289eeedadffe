package dane

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"

	"check_smtp/internal/plan"
)

// The tags of DER that matter here.
const (
	tagBits     = 0x03
	tagSequence = 0x30
	tagVersion  = 0xa0
)

// element takes one element off the front of DER: its tag, all of it, its
// content, and what follows. It is not strict, as a certificate that x509 does
// not read may be the right one all the same.
func element(der []byte) (tag byte, whole, content, rest []byte, ok bool) {
	if len(der) < 2 || der[0]&0x1f == 0x1f { // none that matters has a tag of more than a byte
		return 0, nil, nil, nil, false
	}
	head, length := 2, int(der[1])
	if length >= 0x80 {
		count := length & 0x7f
		if count == 0 || count > 4 || len(der) < 2+count {
			return 0, nil, nil, nil, false
		}
		length = 0
		for _, b := range der[2 : 2+count] {
			length = length<<8 | int(b)
		}
		head += count
	}
	if length < 0 || length > len(der)-head {
		return 0, nil, nil, nil, false
	}
	return der[0], der[:head+length], der[head : head+length], der[head+length:], true
}

// keyOf is the SubjectPublicKeyInfo of a certificate (RFC 5280 section 4.1), as
// it stands there; nil: this is no certificate.
func keyOf(cert []byte) []byte {
	tag, _, body, rest, ok := element(cert)
	if !ok || tag != tagSequence || len(rest) > 0 {
		return nil
	}
	tag, _, fields, _, ok := element(body)
	if !ok || tag != tagSequence {
		return nil
	}
	if tag, _, _, rest, ok = element(fields); ok && tag == tagVersion {
		fields = rest
	}
	for range 5 { // serial number, algorithm, issuer, validity, subject
		if _, _, _, fields, ok = element(fields); !ok {
			return nil
		}
	}
	_, key, _, _, ok := element(fields)
	if !ok || !isKey(key) {
		return nil
	}
	return key
}

// isKey says whether DER has the shape of a SubjectPublicKeyInfo and nothing
// behind it.
func isKey(der []byte) bool {
	tag, _, body, rest, ok := element(der)
	if !ok || tag != tagSequence || len(rest) > 0 {
		return false
	}
	algorithm, _, _, bits, ok := element(body)
	if !ok || algorithm != tagSequence {
		return false
	}
	tag, _, _, rest, ok = element(bits)
	return ok && tag == tagBits && len(rest) == 0
}

// fits says whether a record is the one of a certificate, whatever its usage.
func fits(r plan.TLSA, cert []byte) bool {
	what := cert
	if r.Selector == onlyKey {
		what = keyOf(cert)
	}
	return what != nil && same(r, what)
}

// same says whether a record's data is that of a certificate or key.
func same(r plan.TLSA, what []byte) bool {
	switch r.Matching {
	case full:
		return bytes.Equal(r.Data, what)
	case sha2x256:
		sum := sha256.Sum256(what)
		return bytes.Equal(r.Data, sum[:])
	case sha2x512:
		sum := sha512.Sum512(what)
		return bytes.Equal(r.Data, sum[:])
	}
	return false
}
