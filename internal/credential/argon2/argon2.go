// Package argon2 derives keys from passwords with Argon2d and Argon2id (RFC
// 9106), of version 0x13 and of 0x10 from before the RFC. It is in plain Go:
// golang.org/x/crypto/argon2 has no Argon2d, which KeePass uses, and asks the
// processor for its features when the program starts, which in a virtual
// machine costs every check 50 µs. Argon2i is left out.
package argon2

import (
	"context"
	"encoding/binary"
	"errors"
	"math/bits"
)

// The types (RFC 9106 section 3.1).
const (
	D  = 0
	ID = 2
)

// Params is what a key is derived with.
type Params struct {
	Type    int // D or ID
	Version int // 0x13 or 0x10
	Passes  uint32
	Memory  uint32 // KiB
	Lanes   uint32
	Salt    []byte
	Secret  []byte
	Data    []byte // associated data
	Size    uint32 // of the key, in bytes
}

const (
	blockWords = 128
	slices     = 4 // of a pass (RFC 9106 section 3.4)
)

type block [blockWords]uint64

// Key derives a key. It fails when the parameters are none of Argon2's, or with
// the context's cause when that ends before the work, which may take seconds.
// It needs Memory, and a processor; lanes are worked on one after the other.
func Key(ctx context.Context, password []byte, p Params) ([]byte, error) {
	if p.Type != D && p.Type != ID || p.Version != 0x13 && p.Version != 0x10 ||
		p.Passes < 1 || p.Lanes < 1 || p.Lanes > 1<<10 || p.Memory < 8*p.Lanes || p.Size < 4 || p.Size > 1<<10 {
		return nil, errors.New("not the parameters of an Argon2")
	}
	m := &memory{Params: p}
	m.start(password)
	for pass := range p.Passes {
		for slice := range uint32(slices) {
			for lane := range p.Lanes {
				if err := m.segment(ctx, position{pass: pass, lane: lane, slice: slice}); err != nil {
					return nil, err
				}
			}
		}
	}
	return m.end(), nil
}

// memory is the matrix of blocks, lane after lane.
type memory struct {
	Params
	blocks  []block
	columns uint32 // blocks of a lane
	length  uint32 // blocks of a lane in a slice
}

// position is where the work is.
type position struct{ pass, lane, slice, index uint32 }

// start fills the first two columns (RFC 9106 section 3.2, steps 1 to 4).
func (m *memory) start(password []byte) {
	m.length = m.Memory / (slices * m.Lanes)
	m.columns = m.length * slices
	m.blocks = make([]block, m.columns*m.Lanes)
	seed := words(m.Lanes, m.Size, m.Memory, m.Passes, uint32(m.Version), uint32(m.Type))
	for _, part := range [][]byte{password, m.Salt, m.Secret, m.Data} {
		seed = append(append(seed, words(uint32(len(part)))...), part...)
	}
	h0 := blake2b(64, seed)
	for lane := range m.Lanes {
		for column := range uint32(2) {
			text := long(8*blockWords, append(h0[:64:64], words(column, lane)...))
			b := &m.blocks[lane*m.columns+column]
			for i := range b {
				b[i] = binary.LittleEndian.Uint64(text[8*i:])
			}
		}
	}
}

func words(values ...uint32) (text []byte) {
	for _, v := range values {
		text = binary.LittleEndian.AppendUint32(text, v)
	}
	return text
}

// long is the hash H' of variable length (RFC 9106 section 3.3).
func long(size uint32, data []byte) []byte {
	data = append(words(size), data...)
	if size <= 64 {
		return blake2b(int(size), data)
	}
	v := blake2b(64, data)
	out := v[:32:32]
	for left := size - 32; ; left -= 32 {
		if left <= 64 {
			return append(out, blake2b(int(left), v)...)
		}
		v = blake2b(64, v)
		out = append(out, v[:32]...)
	}
}

// end is the key (RFC 9106 section 3.2, steps 7 and 8).
func (m *memory) end() []byte {
	var last block
	for lane := range m.Lanes {
		b := &m.blocks[(lane+1)*m.columns-1]
		for i := range last {
			last[i] ^= b[i]
		}
	}
	text := make([]byte, 0, 8*blockWords)
	for _, word := range last {
		text = binary.LittleEndian.AppendUint64(text, word)
	}
	return long(m.Size, text)
}

// segment works on one slice of one lane (RFC 9106 section 3.4).
func (m *memory) segment(ctx context.Context, p position) error {
	var addresses, input block
	independent := m.Type == ID && p.pass == 0 && p.slice < slices/2
	if independent { // section 3.4.1.2
		input = block{uint64(p.pass), uint64(p.lane), uint64(p.slice), uint64(len(m.blocks)), uint64(m.Passes), uint64(m.Type)}
	}
	for p.index = first(p); p.index < m.length; p.index++ {
		if p.index%blockWords == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		at := p.lane*m.columns + p.slice*m.length + p.index
		before := at - 1
		if p.slice == 0 && p.index == 0 {
			before += m.columns
		}
		random := m.blocks[before][0]
		if independent {
			if i := p.index % blockWords; i == 0 || p.index == first(p) {
				input[6]++
				next(&addresses, &input)
			}
			random = addresses[p.index%blockWords]
		}
		mingle(&m.blocks[at], &m.blocks[before], &m.blocks[m.reference(p, random)], p.pass > 0 && m.Version == 0x13)
	}
	return nil
}

// first is the first block of a segment to fill; two are there from the start.
func first(p position) uint32 {
	if p.pass == 0 && p.slice == 0 {
		return 2
	}
	return 0
}

// next is the next block of addresses.
func next(addresses, input *block) {
	var zero, inner block
	mingle(&inner, &zero, input, false)
	mingle(addresses, &zero, &inner, false)
}

// reference is the block that a random number leads to (RFC 9106 sections
// 3.4.1.3 and 3.4.2).
func (m *memory) reference(p position, random uint64) uint32 {
	lane := uint32(random>>32) % m.Lanes
	if p.pass == 0 && p.slice == 0 {
		lane = p.lane
	}
	area, start := p.slice*m.length, uint32(0) // the slices that are done
	if p.pass > 0 {
		area, start = (slices-1)*m.length, (p.slice+1)%slices*m.length
	}
	switch {
	case lane == p.lane:
		area += p.index - 1 // and this one, but for the block before
	case p.index == 0:
		area--
	}
	x := uint64(uint32(random))
	x = x * x >> 32
	y := uint64(area) * x >> 32
	z := (uint64(start) + uint64(area) - 1 - y) % uint64(m.columns)
	return lane*m.columns + uint32(z)
}

// mingle is the compression function G (RFC 9106 section 3.5).
func mingle(out, x, y *block, xor bool) {
	var r, q block
	for i := range r {
		r[i] = x[i] ^ y[i]
	}
	q = r
	for i := 0; i < blockWords; i += 16 {
		permute(&q, i, 1, 2)
	}
	for i := 0; i < 16; i += 2 {
		permute(&q, i, 1, 16)
	}
	for i := range r {
		v := q[i] ^ r[i]
		if xor {
			v ^= out[i]
		}
		out[i] = v
	}
}

// permute is the permutation P of eight pairs of words, which begin at a
// distance of wide (RFC 9106 section 3.6).
func permute(b *block, at, narrow, wide int) {
	var v [16]uint64
	for i := range 8 {
		v[2*i], v[2*i+1] = b[at+i*wide], b[at+i*wide+narrow]
	}
	v[0], v[4], v[8], v[12] = quarter(v[0], v[4], v[8], v[12])
	v[1], v[5], v[9], v[13] = quarter(v[1], v[5], v[9], v[13])
	v[2], v[6], v[10], v[14] = quarter(v[2], v[6], v[10], v[14])
	v[3], v[7], v[11], v[15] = quarter(v[3], v[7], v[11], v[15])
	v[0], v[5], v[10], v[15] = quarter(v[0], v[5], v[10], v[15])
	v[1], v[6], v[11], v[12] = quarter(v[1], v[6], v[11], v[12])
	v[2], v[7], v[8], v[13] = quarter(v[2], v[7], v[8], v[13])
	v[3], v[4], v[9], v[14] = quarter(v[3], v[4], v[9], v[14])
	for i := range 8 {
		b[at+i*wide], b[at+i*wide+narrow] = v[2*i], v[2*i+1]
	}
}

func quarter(a, b, c, d uint64) (uint64, uint64, uint64, uint64) {
	a += b + 2*uint64(uint32(a))*uint64(uint32(b))
	d = bits.RotateLeft64(d^a, -32)
	c += d + 2*uint64(uint32(c))*uint64(uint32(d))
	b = bits.RotateLeft64(b^c, -24)
	a += b + 2*uint64(uint32(a))*uint64(uint32(b))
	d = bits.RotateLeft64(d^a, -16)
	c += d + 2*uint64(uint32(c))*uint64(uint32(d))
	b = bits.RotateLeft64(b^c, -63)
	return a, b, c, d
}
