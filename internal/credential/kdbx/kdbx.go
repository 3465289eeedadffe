// Package kdbx reads the password databases of KeePass 2 and KeePassXC: KDBX
// 3.1, 4.0 and 4.1 (keepass.info/help/kb/kdbx.html), encrypted with AES-256 or
// ChaCha20 under a key derived with AES, Argon2d or Argon2id. It opens them
// with a password only: no key file, no Windows account, no challenge and
// response. It does not know Twofish, nor databases of KeePass 1, and never
// writes.
package kdbx

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20"
)

// maxText bounds what a small file may expand to.
const maxText = 32 << 20 // bytes

var (
	errPassword = errors.New("the password does not open the database")
	errDamaged  = errors.New("the database is damaged")
)

// Open decrypts a database and gives its content in the form of Tree. The error
// holds nothing of the content. It is the context's cause when that ends before
// the key is derived, which takes as long as whoever made the file wanted, and
// wraps it when it ends later.
func Open(ctx context.Context, data []byte, password string) (any, error) {
	h, rest, err := readHeader(data)
	if err != nil {
		return nil, err
	}
	first := sha256.Sum256([]byte(password))
	composite := sha256.Sum256(first[:])
	key, err := h.derive(ctx, composite[:])
	if err != nil {
		return nil, err
	}
	doc, err := h.read(ctx, rest, key)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("reading it: %w", context.Cause(ctx))
	}
	return doc, err
}

// read makes the tree of what follows the header.
func (h *header) read(ctx context.Context, rest, key []byte) (any, error) {
	open := h.open4
	if h.major == 3 {
		open = h.open3
	}
	text, err := open(ctx, rest, key)
	if err != nil {
		return nil, err
	}
	secrets, err := newStream(h.streamID, h.streamKey)
	if err != nil {
		return nil, err
	}
	root, err := parse(ctx, text, secrets.reveal)
	if err != nil {
		return nil, err
	}
	return Tree(root), nil
}

// open4 checks and decrypts what follows the header in version 4.
func (h *header) open4(ctx context.Context, data, key []byte) ([]byte, error) {
	if len(data) < 64 {
		return nil, errDamaged
	}
	if sum := sha256.Sum256(h.raw); !bytes.Equal(sum[:], data[:32]) {
		return nil, errDamaged
	}
	base := sha512.Sum512(append(append(bytes.Clone(h.seed), key...), 1))
	if !hmac.Equal(blockSum(base[:], 1<<64-1, h.raw), data[32:64]) {
		return nil, errPassword
	}
	// Before a block stand its HMAC and its size.
	sealed, err := join(ctx, data[64:], 36, func(number uint64, head, block []byte) bool {
		return hmac.Equal(head[:32], blockSum(base[:], number, binary.LittleEndian.AppendUint64(nil, number), head[32:], block))
	})
	if err != nil {
		return nil, err
	}
	text, err := h.decrypt(sealed, key)
	if err != nil {
		return nil, err
	}
	if text, err = h.unpack(ctx, text); err != nil {
		return nil, err
	}
	return h.fields(text, h.setInner)
}

// blockSum is the HMAC of a block, or of the header with the largest number.
func blockSum(base []byte, number uint64, parts ...[]byte) []byte {
	key := sha512.Sum512(append(binary.LittleEndian.AppendUint64(nil, number), base...))
	sum := hmac.New(sha256.New, key[:])
	for _, part := range parts {
		sum.Write(part)
	}
	return sum.Sum(nil)
}

// join joins blocks that are sound. Before each stand so many bytes, of which the last
// four are its size; the last block is empty.
func join(ctx context.Context, data []byte, before int, sound func(number uint64, head, block []byte) bool) (text []byte, err error) {
	for number := uint64(0); ; number++ {
		if len(data) < before || ctx.Err() != nil {
			return nil, errDamaged
		}
		head, rest := data[:before], data[before:]
		size := binary.LittleEndian.Uint32(head[before-4:])
		if uint64(size) > uint64(len(rest)) || !sound(number, head, rest[:size]) {
			return nil, errDamaged
		}
		if size == 0 {
			return text, nil
		}
		text, data = append(text, rest[:size]...), rest[size:]
	}
}

// open3 decrypts and checks what follows the header in version 3.
func (h *header) open3(ctx context.Context, data, key []byte) ([]byte, error) {
	text, err := h.decrypt(data, key)
	if err != nil || len(h.start) != 32 || len(text) < 32 || subtle.ConstantTimeCompare(text[:32], h.start) == 0 {
		return nil, errPassword // which a wrong padding means as well
	}
	// Before a block stand its number, its SHA-256, which nobody minds in the last one, and its size.
	text, err = join(ctx, text[32:], 40, func(number uint64, head, block []byte) bool {
		sum := sha256.Sum256(block)
		return uint64(binary.LittleEndian.Uint32(head)) == number && (len(block) == 0 || bytes.Equal(sum[:], head[4:36]))
	})
	if err != nil {
		return nil, err
	}
	return h.unpack(ctx, text)
}

// decrypt takes the outer encryption off.
func (h *header) decrypt(sealed, key []byte) ([]byte, error) {
	final := sha256.Sum256(append(bytes.Clone(h.seed), key...))
	text := bytes.Clone(sealed)
	if h.cipher == chaCha20 {
		stream, err := chacha20.NewUnauthenticatedCipher(final[:], h.iv)
		if err != nil {
			return nil, errDamaged
		}
		stream.XORKeyStream(text, text)
		return text, nil
	}
	block, err := aes.NewCipher(final[:])
	if err != nil || len(h.iv) != aes.BlockSize || len(text) == 0 || len(text)%aes.BlockSize != 0 {
		return nil, errDamaged
	}
	cipher.NewCBCDecrypter(block, h.iv).CryptBlocks(text, text)
	return unpad(text)
}

// unpad takes the padding of PKCS #7 off (RFC 5652 section 6.3). What it says
// is of use to nobody who does not know the key: the data is authenticated, or
// in version 3 compared with the header first.
func unpad(text []byte) ([]byte, error) {
	n := int(text[len(text)-1])
	if n == 0 || n > aes.BlockSize || n > len(text) {
		return nil, errDamaged
	}
	return text[:len(text)-n], nil
}

func (h *header) unpack(ctx context.Context, text []byte) ([]byte, error) {
	if h.gzip {
		return gunzip(ctx, text, maxText)
	}
	return text, nil
}
