package message

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
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
	kind, table := kindOf(charset), tableOf(keyOf(charset))
	switch {
	case !utf8.ValidString(text):
		return "", errors.New("it is not UTF-8")
	case kind == unicode8:
		return text, nil
	}
	b := make([]byte, 0, len(text))
	for _, r := range text {
		c, ok := byte(r), r < utf8.RuneSelf
		if table != nil && !ok {
			c, ok = table.EncodeRune(r)
		}
		if !ok && kind == several {
			return "", fmt.Errorf("%q cannot be written in %.40s here", string(r), charset)
		}
		if !ok {
			return "", fmt.Errorf("%q is not in %.40s", string(r), charset)
		}
		b = append(b, c)
	}
	return string(b), nil
}

// CheckEncoded says why bytes cannot be a text in a charset; nil: they can, or
// the charset is one that nobody here knows.
func CheckEncoded(charset, text string) error {
	kind, table := kindOf(charset), tableOf(keyOf(charset))
	switch {
	case kind == wide:
		return errWide(charset)
	case kind == unicode8 && !utf8.ValidString(text):
		return errors.New("it is not UTF-8")
	case kind != single:
		return nil
	}
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf && (table == nil || table.DecodeByte(c) == utf8.RuneError) {
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
	case "usascii", "ascii", "ansix3.41968", "iso646us":
		return single
	case "utf16", "utf16be", "utf16le", "utf32", "utf32be", "utf32le", "iso10646ucs2", "iso10646ucs4", "ucs2", "ucs4":
		return wide
	case "iso2022jp", "shiftjis", "sjis", "windows31j", "cp932", "eucjp", "gb2312", "gbk", "cp936", "gb18030", "big5", "big5hkscs", "euctw", "euckr", "ksc56011987", "iso2022kr", "cp949":
		return several
	default:
		if tableOf(key) != nil {
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

// tableOf is the table of a charset with a byte a character (the names are
// IANA's); nil: there is none.
func tableOf(key string) *charmap.Charmap {
	switch key {
	case "iso88591", "latin1", "l1", "cp819", "ibm819":
		return charmap.ISO8859_1
	case "iso88592", "latin2", "l2":
		return charmap.ISO8859_2
	case "iso88593", "latin3", "l3":
		return charmap.ISO8859_3
	case "iso88594", "latin4", "l4":
		return charmap.ISO8859_4
	case "iso88595", "cyrillic":
		return charmap.ISO8859_5
	case "iso88596", "arabic":
		return charmap.ISO8859_6
	case "iso88597", "greek":
		return charmap.ISO8859_7
	case "iso88598", "hebrew":
		return charmap.ISO8859_8
	case "iso88599", "latin5", "l5":
		return charmap.ISO8859_9
	case "iso885910", "latin6", "l6":
		return charmap.ISO8859_10
	case "iso885913", "latin7":
		return charmap.ISO8859_13
	case "iso885914", "latin8", "l8":
		return charmap.ISO8859_14
	case "iso885915", "latin9":
		return charmap.ISO8859_15
	case "iso885916", "latin10", "l10":
		return charmap.ISO8859_16
	}
	return tableOfVendor(key)
}

// tableOfVendor goes on with those that are no standard but in use.
func tableOfVendor(key string) *charmap.Charmap {
	switch key {
	case "windows1250", "cp1250":
		return charmap.Windows1250
	case "windows1251", "cp1251":
		return charmap.Windows1251
	case "windows1252", "cp1252":
		return charmap.Windows1252
	case "windows1253", "cp1253":
		return charmap.Windows1253
	case "windows1254", "cp1254":
		return charmap.Windows1254
	case "windows1255", "cp1255":
		return charmap.Windows1255
	case "windows1256", "cp1256":
		return charmap.Windows1256
	case "windows1257", "cp1257":
		return charmap.Windows1257
	case "windows1258", "cp1258":
		return charmap.Windows1258
	case "windows874", "cp874", "tis620", "iso885911":
		return charmap.Windows874
	case "koi8r":
		return charmap.KOI8R
	case "koi8u":
		return charmap.KOI8U
	case "macintosh", "mac":
		return charmap.Macintosh
	case "ibm437", "cp437":
		return charmap.CodePage437
	case "ibm850", "cp850":
		return charmap.CodePage850
	case "ibm852", "cp852":
		return charmap.CodePage852
	case "ibm858", "ibm00858", "cp858":
		return charmap.CodePage858
	case "ibm866", "cp866":
		return charmap.CodePage866
	}
	return nil
}
