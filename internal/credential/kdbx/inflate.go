package kdbx

import (
	"bytes"
	"context"
	"encoding/binary"
)

// gunzip unpacks a gzip file of one member (RFC 1952) to at most limit bytes.
// compress/gzip, and encoding/xml for what is in it, initialise themselves when the
// program starts: 11 page faults and 3 to 5 % of the processor time of a plain check,
// which has no use for either. The checksum is not looked at: the blocks
// that the data came in have better ones.
func gunzip(ctx context.Context, data []byte, limit int) ([]byte, error) {
	const hcrc, extra, name, comment = 2, 4, 8, 16
	if len(data) < 18 || data[0] != 0x1f || data[1] != 0x8b || data[2] != 8 {
		return nil, errDamaged
	}
	flags, rest := data[3], data[10:]
	ok := true
	if flags&extra != 0 {
		skip := 2 + int(binary.LittleEndian.Uint16(rest))
		rest, ok = rest[min(skip, len(rest)):], skip <= len(rest)
	}
	for _, flag := range []byte{name, comment} {
		if flags&flag != 0 && ok {
			_, rest, ok = bytes.Cut(rest, []byte{0})
		}
	}
	if flags&hcrc != 0 {
		rest = rest[min(2, len(rest)):]
	}
	if !ok {
		return nil, errDamaged
	}
	return inflate(ctx, rest, limit)
}

// bits reads the compressed data bit by bit, the lowest first.
type bits struct {
	data  []byte
	hold  uint32
	count uint
	short bool // more was asked for than there is
}

func (b *bits) take(n uint) int {
	for b.count < n {
		if len(b.data) == 0 {
			b.short = true
			return 0
		}
		b.hold |= uint32(b.data[0]) << b.count
		b.data = b.data[1:]
		b.count += 8
	}
	v := b.hold & (1<<n - 1)
	b.hold >>= n
	b.count -= n
	return int(v)
}

const maxBits = 15 // of a code

// code is a canonical Huffman code (RFC 1951 section 3.2.2): how many codes
// there are of each length, and the symbols in the order of their codes.
type code struct {
	count   [maxBits + 1]int
	symbols []int
}

// newCode makes the code in which symbol i has lengths[i] bits; nil if there is
// none.
func newCode(lengths []int) *code {
	c := &code{}
	for _, n := range lengths {
		c.count[n]++
	}
	c.count[0] = 0
	left := 1
	for n := 1; n <= maxBits; n++ {
		left = left<<1 - c.count[n]
		if left < 0 {
			return nil
		}
		for symbol, length := range lengths {
			if length == n {
				c.symbols = append(c.symbols, symbol)
			}
		}
	}
	return c
}

// decode reads one symbol; -1 if it is none of the code's.
func (b *bits) decode(c *code) int {
	value, first, index := 0, 0, 0
	for n := 1; n <= maxBits && !b.short; n++ {
		value |= b.take(1)
		if value-first < c.count[n] {
			return c.symbols[index+value-first]
		}
		index += c.count[n]
		first = (first + c.count[n]) << 1
		value <<= 1
	}
	return -1
}

// inflate unpacks DEFLATE data (RFC 1951) to at most limit bytes, until ctx ends:
// a block may cost much and hold nothing.
func inflate(ctx context.Context, data []byte, limit int) (out []byte, err error) {
	b := &bits{data: data}
	for last := 0; last == 0; {
		last = b.take(1)
		ok := false
		switch b.take(2) {
		case 0:
			out, ok = b.stored(out, limit)
		case 1:
			literals, distances := fixed()
			out, ok = b.block(out, limit, literals, distances)
		case 2:
			if literals, distances := b.dynamic(); distances != nil {
				out, ok = b.block(out, limit, literals, distances)
			}
		}
		if !ok || b.short || ctx.Err() != nil {
			return nil, errDamaged
		}
	}
	return out, nil
}

// stored copies a block that is not compressed (RFC 1951 section 3.2.4).
func (b *bits) stored(out []byte, limit int) ([]byte, bool) {
	b.hold, b.count = 0, 0
	if len(b.data) < 4 {
		return nil, false
	}
	n := int(binary.LittleEndian.Uint16(b.data))
	if n != int(^binary.LittleEndian.Uint16(b.data[2:])) || n > len(b.data)-4 || len(out)+n > limit {
		return nil, false
	}
	out = append(out, b.data[4:4+n]...)
	b.data = b.data[4+n:]
	return out, true
}

// fixed are the codes of RFC 1951 section 3.2.6.
func fixed() (literals, distances *code) {
	lengths := make([]int, 288)
	for i := range lengths {
		switch {
		case i < 144 || i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	return newCode(lengths), newCode(bytesOf(5, 30))
}

func bytesOf(value, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = value
	}
	return list
}

// dynamic reads the codes of a block (RFC 1951 section 3.2.7); nil if they are
// none.
func (b *bits) dynamic() (literals, distances *code) {
	nLiterals, nDistances, nLengths := b.take(5)+257, b.take(5)+1, b.take(4)+4
	order := [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	lengths := make([]int, 19)
	for _, i := range order[:nLengths] {
		lengths[i] = b.take(3)
	}
	c := newCode(lengths)
	if c == nil || nLiterals > 286 || nDistances > 30 {
		return nil, nil
	}
	if lengths = b.lengths(c, nLiterals+nDistances); lengths == nil {
		return nil, nil
	}
	literals, distances = newCode(lengths[:nLiterals]), newCode(lengths[nLiterals:])
	if literals == nil {
		return nil, nil
	}
	return literals, distances
}

// lengths reads n lengths, which are themselves packed; nil if they are not.
func (b *bits) lengths(c *code, n int) (list []int) {
	for len(list) < n {
		symbol := b.decode(c)
		switch {
		case symbol < 0 || symbol == 16 && len(list) == 0:
			return nil
		case symbol < 16:
			list = append(list, symbol)
		case symbol == 16:
			list = append(list, bytesOf(list[len(list)-1], 3+b.take(2))...)
		case symbol == 17:
			list = append(list, bytesOf(0, 3+b.take(3))...)
		default:
			list = append(list, bytesOf(0, 11+b.take(7))...)
		}
	}
	if len(list) != n {
		return nil
	}
	return list
}

// block unpacks the symbols of a block (RFC 1951 section 3.2.5).
func (b *bits) block(out []byte, limit int, literals, distances *code) ([]byte, bool) {
	for len(out) <= limit {
		symbol := b.decode(literals)
		switch {
		case symbol < 0 || symbol > 285:
			return nil, false
		case symbol < 256:
			out = append(out, byte(symbol))
			continue
		case symbol == 256:
			return out, true
		}
		length := b.length(symbol)
		distance := b.distance(b.decode(distances))
		if distance <= 0 || distance > len(out) || b.short {
			return nil, false
		}
		for range length { // which may run over what it has just written
			out = append(out, out[len(out)-distance])
		}
	}
	return nil, false
}

// length is how much is repeated.
func (b *bits) length(symbol int) int {
	switch {
	case symbol < 265:
		return symbol - 254
	case symbol == 285:
		return 258
	}
	n := uint(symbol-261) / 4
	return 3 + (4+(symbol-265)%4)<<n + b.take(n)
}

// distance is how far back it stands; 0 if the symbol is none.
func (b *bits) distance(symbol int) int {
	switch {
	case symbol < 0 || symbol > 29:
		return 0
	case symbol < 4:
		return symbol + 1
	}
	n := uint(symbol)/2 - 1
	return 1 + (2+symbol%2)<<n + b.take(n)
}
