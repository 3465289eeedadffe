package roots

import (
	"bytes"
	"crypto/fips140"
	"crypto/sha1"
	"encoding/asn1"
	"encoding/hex"
	"slices"
	"unicode/utf8"
)

type attribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

// attributesSET is a RelativeDistinguishedName (RFC 5280 section 4.1.2.4).
// Package asn1 knows a SET by the name of its type.
type attributesSET []attribute

// hash is the name under which OpenSSL looks a subject up in a directory
// (X509_NAME_hash, openssl-rehash(1)): the first four bytes of a SHA-1, the
// last one first, over the sets of a name in which all strings are folded;
// "" if this is not a name.
func hash(subject []byte) string {
	var name []attributesSET
	if rest, err := asn1.Unmarshal(subject, &name); err != nil || len(rest) > 0 {
		return ""
	}
	var all []byte
	for _, set := range name {
		for i := range set {
			if text, ok := decode(set[i].Value); ok {
				set[i].Value = asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: fold(text)}
			}
		}
		der, err := asn1.Marshal(set)
		if err != nil {
			return ""
		}
		all = append(all, der...)
	}
	var sum [sha1.Size]byte
	fips140.WithoutEnforcement(func() { sum = sha1.Sum(all) }) // the name of a file is no secret
	slices.Reverse(sum[:4])
	return hex.EncodeToString(sum[:4])
}

// decode makes UTF-8 of the strings that OpenSSL folds.
func decode(v asn1.RawValue) (text []byte, ok bool) {
	const visible, universal = 26, 28 // X.680 section 8.4
	width := 0
	switch v.Tag {
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String, visible:
		return v.Bytes, true
	case asn1.TagT61String:
		width = 1 // taken for Latin-1
	case asn1.TagBMPString:
		width = 2
	case universal:
		width = 4
	default:
		return nil, false
	}
	for unit := range slices.Chunk(v.Bytes, width) {
		r := rune(0)
		for _, b := range unit {
			r = r<<8 | rune(b)
		}
		text = utf8.AppendRune(text, r)
	}
	return text, true
}

// fold is in lower case, as far as it is ASCII, with single spaces.
func fold(text []byte) []byte {
	words := bytes.FieldsFunc(text, func(r rune) bool { return r == ' ' || '\t' <= r && r <= '\r' })
	folded := bytes.Join(words, []byte(" "))
	for i, c := range folded {
		if 'A' <= c && c <= 'Z' {
			folded[i] = c + 'a' - 'A'
		}
	}
	return folded
}
