package kdbx

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"errors"

	"golang.org/x/crypto/chacha20"
	"golang.org/x/crypto/salsa20"
)

// stream decrypts the protected values, one after the other in the order of the
// document.
type stream struct{ next func(b []byte) }

// newStream makes the stream of an inner cipher: 2 is Salsa20, 3 is ChaCha20.
func newStream(id uint32, key []byte) (stream, error) {
	switch id {
	case 0:
		return stream{func([]byte) {}}, nil
	case 2:
		s := &salsa{key: sha256.Sum256(key)}
		return stream{s.xor}, nil
	case 3:
		sum := sha512.Sum512(key)
		c, err := chacha20.NewUnauthenticatedCipher(sum[:32], sum[32:44])
		return stream{func(b []byte) { c.XORKeyStream(b, b) }}, err
	}
	return stream{}, errors.New("an inner cipher that is neither Salsa20 nor ChaCha20")
}

// reveal decrypts a value.
func (s stream) reveal(encoded string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", errDamaged
	}
	s.next(b)
	return string(b), nil
}

// salsa is a stream that goes on where it stopped, which that of the library
// does not: it begins anew, each time for twice as far.
type salsa struct {
	key  [32]byte
	text []byte // the stream from its beginning
	used int
}

func (s *salsa) xor(b []byte) {
	if len(s.text) < s.used+len(b) {
		nonce := []byte{0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a} // KeePass's own
		s.text = make([]byte, 2*(s.used+len(b)))
		salsa20.XORKeyStream(s.text, s.text, nonce, &s.key)
	}
	s.used += subtle.XORBytes(b, b, s.text[s.used:])
}
