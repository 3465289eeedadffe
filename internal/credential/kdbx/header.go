package kdbx

import (
	"context"
	"crypto/aes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"check_smtp/internal/credential/argon2"
)

// The numbers that a database begins with.
const (
	signature1   = 0x9aa2d903
	signature2   = 0xb54bfb67
	signatureOld = 0xb54bfb65 // of KeePass 1
)

// The ciphers and key derivations, by UUID.
const (
	aes256    = "\x31\xc1\xf2\xe6\xbf\x71\x43\x50\xbe\x58\x05\x21\x6a\xfc\x5a\xff"
	chaCha20  = "\xd6\x03\x8a\x2b\x8b\x6f\x4c\xb5\xa5\x24\x33\x9a\x31\xdb\xb5\x9a"
	kdfAES    = "\xc9\xd9\xf3\x9a\x62\x8a\x44\x60\xbf\x74\x0d\x08\xc1\x8a\x4f\xea"
	kdfAES4   = "\x7c\x02\xbb\x82\x79\xa7\x4a\xc0\x92\x7d\x11\x4a\x00\x64\x82\x38" // the same, as KDBX 4 calls it
	kdfArgonD = "\xef\x63\x6d\xdf\x8c\x29\x44\x4b\x91\xf7\xa9\xa4\x03\xe3\x0a\x0c"
	kdfArgonI = "\x9e\x29\x8b\x19\x56\xdb\x47\x73\xb2\x3d\xfc\x3e\xc6\xf0\xa1\xe6" // Argon2id
)

// header is what stands in clear before the encrypted data, and in version 4 at
// its beginning.
type header struct {
	raw       []byte
	major     uint16
	cipher    string
	gzip      bool
	seed      []byte
	iv        []byte
	kdf       params
	start     []byte // version 3: what the encrypted data must begin with
	streamID  uint32
	streamKey []byte
}

// params are those of a key derivation, by the names of KDBX 4.
type params map[string][]byte

// readHeader reads the header and gives what follows it.
func readHeader(data []byte) (h *header, rest []byte, err error) {
	if len(data) < 12 || binary.LittleEndian.Uint32(data) != signature1 {
		return nil, nil, errors.New("not a database of KeePass")
	}
	second, minor := binary.LittleEndian.Uint32(data[4:]), binary.LittleEndian.Uint16(data[8:])
	h = &header{major: binary.LittleEndian.Uint16(data[10:]), kdf: params{"$UUID": []byte(kdfAES)}}
	switch {
	case second == signatureOld:
		return nil, nil, errors.New("a database of KeePass 1, which is not supported: save it as KDBX 4")
	case second != signature2 || h.major != 3 && h.major != 4:
		return nil, nil, fmt.Errorf("KDBX %d.%d, of which only 3.1 and 4 are supported", h.major, minor)
	}
	if rest, err = h.fields(data[12:], h.set); err != nil {
		return nil, nil, err
	}
	h.raw = data[:len(data)-len(rest)]
	if h.cipher == "" || len(h.seed) != 32 {
		return nil, nil, errDamaged
	}
	return h, rest, nil
}

// fields reads fields up to the one that ends them, and gives what follows: a byte that
// says which, the size, the value.
func (h *header) fields(data []byte, set func(id byte, value []byte) error) ([]byte, error) {
	width := 4
	if h.major == 3 {
		width = 2
	}
	for len(data) > width {
		size := binary.LittleEndian.Uint32(append(data[1:1+width:1+width], 0, 0, 0, 0))
		id, rest := data[0], data[1+width:]
		if uint64(size) > uint64(len(rest)) {
			break
		}
		if id == 0 {
			return rest[size:], nil
		}
		if err := set(id, rest[:size]); err != nil {
			return nil, err
		}
		data = rest[size:]
	}
	return nil, errDamaged
}

// set takes the value of a field in.
func (h *header) set(id byte, value []byte) (err error) {
	switch id {
	case 2:
		h.cipher = string(value)
		if h.cipher != aes256 && h.cipher != chaCha20 {
			return errors.New("a cipher that is neither AES-256 nor ChaCha20")
		}
	case 3:
		h.gzip = number(value) == 1
	case 4:
		h.seed = value
	case 5:
		h.kdf["S"] = value
	case 6:
		h.kdf["R"] = value
	case 7:
		h.iv = value
	case 8:
		h.streamKey = value
	case 9:
		h.start = value
	case 10:
		h.streamID = uint32(number(value))
	case 11:
		h.kdf, err = readParams(value)
	}
	return err
}

// number reads an integer of up to 8 bytes; the largest one if there are more.
func number(value []byte) uint64 {
	if len(value) > 8 {
		return math.MaxUint64
	}
	return binary.LittleEndian.Uint64(append(value[:len(value):len(value)], make([]byte, 8)...))
}

// readParams reads a VariantDictionary: the version, then type, name and value,
// and a type of 0 at the end.
func readParams(data []byte) (params, error) {
	if len(data) < 2 || data[1] != 1 {
		return nil, errDamaged
	}
	p := params{}
	for data = data[2:]; len(data) > 0 && data[0] != 0; {
		name, rest, ok := sized(data[1:])
		if !ok {
			return nil, errDamaged
		}
		if p[string(name)], data, ok = sized(rest); !ok {
			return nil, errDamaged
		}
	}
	return p, nil
}

func sized(data []byte) (value, rest []byte, ok bool) {
	if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
		return nil, nil, false
	}
	n := binary.LittleEndian.Uint32(data)
	return data[4 : 4+n], data[4+n:], true
}

// derive makes the key of the composite one.
func (h *header) derive(ctx context.Context, composite []byte) ([]byte, error) {
	switch string(h.kdf["$UUID"]) {
	case kdfAES, kdfAES4:
		return deriveAES(ctx, composite, h.kdf["S"], number(h.kdf["R"]))
	case kdfArgonD:
		return deriveArgon(ctx, composite, argon2.D, h.kdf)
	case kdfArgonI:
		return deriveArgon(ctx, composite, argon2.ID, h.kdf)
	}
	return nil, errors.New("a key derivation that is neither AES-KDF nor Argon2")
}

// deriveAES encrypts the two halves of the key over and over.
func deriveAES(ctx context.Context, key, seed []byte, rounds uint64) ([]byte, error) {
	block, err := aes.NewCipher(seed)
	if err != nil || len(seed) != 32 {
		return nil, errDamaged
	}
	for i := range rounds {
		if i%(1<<14) == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		block.Encrypt(key[:16], key[:16])
		block.Encrypt(key[16:], key[16:])
	}
	sum := sha256.Sum256(key)
	return sum[:], nil
}

// maxMemory is what a key derivation may take: four times what KeePass and
// KeePassXC propose, and less than would push a monitoring machine into its
// swap, for the header that asks for it is not authenticated yet.
const maxMemory = 256 << 20 // bytes

func deriveArgon(ctx context.Context, key []byte, kind int, p params) ([]byte, error) {
	memory, passes, lanes := number(p["M"]), number(p["I"]), number(p["P"])
	if memory > maxMemory {
		return nil, fmt.Errorf("the key derivation wants %.0f MiB of memory, the limit is %d", math.Ceil(float64(memory)/(1<<20)), maxMemory>>20)
	}
	if passes > math.MaxUint32 || lanes > math.MaxUint32 {
		return nil, errDamaged
	}
	return argon2.Key(ctx, key, argon2.Params{
		Type: kind, Version: int(min(number(p["V"]), math.MaxInt32)), Passes: uint32(passes), Memory: uint32(memory >> 10), Lanes: uint32(lanes),
		Salt: p["S"], Secret: p["K"], Data: p["A"], Size: 32,
	})
}

// setInner takes the value of a field of the inner header of version 4 in.
func (h *header) setInner(id byte, value []byte) error {
	switch id {
	case 1:
		h.streamID = uint32(number(value))
	case 2:
		h.streamKey = value
	}
	return nil
}
