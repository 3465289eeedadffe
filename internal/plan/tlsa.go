package plan

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// TLSA is one record that ties a key to a name (RFC 6698 section 2.1), whether
// it makes sense or not.
type TLSA struct {
	Usage    uint8
	Selector uint8
	Matching uint8
	Data     []byte // hostile where DNS had it; never more than MaxTLSA
}

// MaxTLSA is how many bytes of data a record can have: what a record of DNS
// holds, without the three numbers.
const MaxTLSA = 65535 - 3

// String is the record as zone files have it, all of it.
func (r TLSA) String() string { return r.Numbers() + " " + hex.EncodeToString(r.Data) }

// Numbers are the three that stand before the data.
func (r TLSA) Numbers() string {
	return strconv.Itoa(int(r.Usage)) + " " + strconv.Itoa(int(r.Selector)) + " " + strconv.Itoa(int(r.Matching))
}

// Short is the record with as much of its data as tells it from another one.
func (r TLSA) Short() string {
	if len(r.Data) <= 4 {
		return r.String()
	}
	return r.Numbers() + " " + hex.EncodeToString(r.Data[:4]) + "…"
}

// Equal says whether two records are the same.
func (r TLSA) Equal(o TLSA) bool {
	return r.Usage == o.Usage && r.Selector == o.Selector && r.Matching == o.Matching && slices.Equal(r.Data, o.Data)
}

// ParseTLSA reads a record as people have it at hand: the three numbers and the
// data in hex, with blanks or colons in it or not, or the whole line of a zone
// file or of a tool, with parentheses and a comment, and the form for kinds that
// a tool does not know (RFC 3597 section 5).
func ParseTLSA(text string) (TLSA, error) {
	if len(text) > 4*MaxTLSA {
		return TLSA{}, errLong
	}
	text, _, _ = strings.Cut(text, ";")
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n()\"", r) })
	words = behindType(words)
	if len(words) > 0 && words[0] == `\#` {
		return unknownForm(words[1:])
	}
	if len(words) < 4 {
		return TLSA{}, errTLSA
	}
	var numbers [3]uint8
	for i := range numbers {
		n, err := strconv.ParseUint(words[i], 10, 8)
		if err != nil {
			return TLSA{}, errTLSA
		}
		numbers[i] = uint8(n)
	}
	data, err := hexData(words[3:])
	return TLSA{numbers[0], numbers[1], numbers[2], data}, err
}

// notTLSA is an error that costs nothing when the program starts.
type notTLSA string

func (e notTLSA) Error() string { return "not a TLSA record" + string(e) }

const (
	errTLSA   notTLSA = ", which is three numbers and hex digits, such as '3 1 1 0d32515a…'"
	errDigit  notTLSA = ": its data is not hexadecimal"
	errOdd    notTLSA = ": its data has a hex digit too few or too many"
	errLength notTLSA = ": its length is not the one that it announces"
	errLong   notTLSA = ": it is too long"
)

// behindType are the words behind the one that says what kind of record a line
// has; all of them where none does.
func behindType(words []string) []string {
	for i, w := range words {
		if strings.EqualFold(w, "TLSA") || strings.EqualFold(w, "TYPE52") {
			words = words[i+1:]
			if len(words) > 0 && words[0] == "record" { // as host(1) has it
				words = words[1:]
			}
			return words
		}
	}
	return words
}

// unknownForm reads a length and that many bytes.
func unknownForm(words []string) (TLSA, error) {
	if len(words) < 2 {
		return TLSA{}, errTLSA
	}
	all, err := hexData(words[1:])
	if err != nil {
		return TLSA{}, err
	}
	if n, err := strconv.Atoi(words[0]); err != nil || n != len(all) || n < 4 {
		return TLSA{}, errLength
	}
	return TLSA{all[0], all[1], all[2], all[3:]}, nil
}

// hexData is the bytes that some words are in hex.
func hexData(words []string) ([]byte, error) {
	digits := strings.ReplaceAll(strings.Join(words, ""), ":", "")
	for _, r := range digits {
		if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return nil, errDigit
		}
	}
	if len(digits) == 0 {
		return nil, errTLSA
	}
	if len(digits)%2 != 0 {
		return nil, errOdd
	}
	if len(digits) > 2*MaxTLSA {
		return nil, errLong
	}
	return hex.DecodeString(digits)
}
