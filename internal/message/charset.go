package message

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// CheckCharset says what is wrong with a charset in which a text is to be
// written; nil: EncodeText can do it for some texts.
func CheckCharset(charset string) error {
	switch kindOf(charset) {
	case wide:
		return errWide(charset)
	case unknown:
		return fmt.Errorf("the charset %.40s is not known here", charset)
	}
	return nil
}

// EncodeText writes a text, which is UTF-8, in a charset. The error shows of the
// text the character that cannot be written, or nothing.
func EncodeText(charset, text string) (string, error) {
	if err := CheckCharset(charset); err != nil {
		return "", err
	}
	kind := kindOf(charset)
	switch {
	case !utf8.ValidString(text):
		return "", errors.New("it is not UTF-8")
	case kind == unicode8:
		return text, nil
	}
	upper := codes(tableOf(keyOf(charset)))
	b := make([]byte, 0, len(text))
	for _, r := range text {
		c, ok := upper[r]
		switch {
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		case ok:
			b = append(b, c)
		case kind == several:
			return "", fmt.Errorf("%q cannot be written in %.40s here", string(r), charset)
		default:
			return "", fmt.Errorf("%q is not in %.40s", string(r), charset)
		}
	}
	return string(b), nil
}

// codes is which byte stands for a character of a table.
func codes(table string) map[rune]byte {
	upper := make(map[rune]byte)
	for i, r := range []rune(table) {
		if r != nothing {
			upper[r] = byte(utf8.RuneSelf + i)
		}
	}
	return upper
}

// CheckEncoded says why bytes cannot be a text in a charset; nil: they can, or
// the charset is one that nobody here knows.
func CheckEncoded(charset, text string) error {
	kind := kindOf(charset)
	switch {
	case kind == wide:
		return errWide(charset)
	case kind == unicode8 && !utf8.ValidString(text):
		return errors.New("it is not UTF-8")
	case kind != single:
		return nil
	}
	upper := []rune(tableOf(keyOf(charset)))
	for _, c := range []byte(text) {
		if c >= utf8.RuneSelf && upper[c-utf8.RuneSelf] == nothing {
			return fmt.Errorf("its byte %#02x is not in %.40s", c, charset)
		}
	}
	return nil
}

// errWide: a line end is two bytes there or four, and mail would make others of
// them (RFC 2781 section 3.3 of UTF-16).
func errWide(charset string) error { return fmt.Errorf("text in %.40s cannot be mailed", charset) }

// kind is what is known of a charset.
type kind int

const (
	unknown  kind = iota
	unicode8      // UTF-8
	single        // a byte a character, the first 128 of them ASCII
	several       // some characters take several bytes; what is ASCII is the same there
	wide          // all of them do
)

func kindOf(charset string) kind {
	switch key := keyOf(charset); key {
	case "utf8":
		return unicode8
	case "utf16", "utf16be", "utf16le", "utf32", "utf32be", "utf32le", "iso10646ucs2", "iso10646ucs4", "ucs2", "ucs4":
		return wide
	case "iso2022jp", "shiftjis", "sjis", "windows31j", "cp932", "eucjp", "gb2312", "gbk", "cp936", "gb18030", "big5", "big5hkscs", "euctw", "euckr", "ksc56011987", "iso2022kr", "cp949":
		return several
	default:
		if tableOf(key) != "" {
			return single
		}
	}
	return unknown
}

// keyOf is a charset's name in the form of the lists here: people write some of
// them with a hyphen, an underscore or neither.
func keyOf(charset string) string {
	name, _, _ := strings.Cut(charset, ":") // of ISO_8859-1:1987
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
}

// tableOf is the table of a charset with a byte a character; "": there is none.
func tableOf(key string) string { return find(tables, key) }

// row is what some names stand for, which blanks part.
type row struct{ names, what string }

// find is what a name stands for; "": nothing.
func find(rows []row, name string) string {
	for _, r := range rows {
		if slices.Contains(strings.Fields(r.names), name) {
			return r.what
		}
	}
	return ""
}
