package message

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	foldAt  = 76  // characters of a line with an encoded word (RFC 2047 section 2), which is below the 78 of others
	maxLine = 998 // bytes without CR LF (RFC 5322 section 2.1.1)
)

// Field is one more field of the header.
type Field struct {
	Name  string
	Value string // one line; what is beyond ASCII is UTF-8
}

// ParseField reads "Field: value". The value is used as it is when it is ASCII;
// otherwise it becomes encoded words or, in a field of addresses, must be a list
// of them. The error says what is wrong with it.
func ParseField(text string) (Field, error) {
	name, value, ok := strings.Cut(text, ":")
	f := Field{name, strings.Trim(value, " \t")}
	switch {
	case !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }): // RFC 5322 section 3.6.8
		return f, errors.New("it is not FIELD: VALUE")
	case f.Value == "":
		return f, errors.New("it has no value")
	}
	if err := CheckText(f.Value); err != nil {
		return f, err
	}
	if f.hasAddresses() && !isASCII(f.Value) {
		if _, err := ParseList(f.Value); err != nil {
			return f, err
		}
	}
	_, err := field{f.Name, f.words("localhost")}.append(nil)
	return f, err
}

// CheckText refuses what a line of a header cannot hold: control characters and
// what is not UTF-8.
func CheckText(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("it is not UTF-8")
	}
	for _, r := range text {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return fmt.Errorf("it contains the control character %#02x", r)
		}
	}
	return nil
}

func (f Field) hasAddresses() bool {
	switch strings.ToLower(f.Name) {
	case "from", "to", "cc", "reply-to", "sender":
		return true
	}
	return false
}

// words is the value in the pieces that a line may be folded between.
func (f Field) words(host string) []string {
	switch {
	case isASCII(f.Value):
		return split(f.Value)
	case f.hasAddresses():
		if addresses, err := ParseList(f.Value); err == nil {
			return list(host, addresses...)
		}
	}
	return encode(f.Value)
}

// field is one whose value has been taken apart.
type field struct {
	name  string
	words []string // one blank between each two of them
}

// append writes a field down, folded (RFC 5322 section 2.2.3).
func (f field) append(b []byte) ([]byte, error) {
	length := len(f.name) + 1
	if length > maxLine {
		return nil, fmt.Errorf("its name is longer than %d bytes", maxLine-1)
	}
	b = append(append(b, f.name...), ':')
	for _, word := range f.words {
		if length+1+len(word) > foldAt && length > 1 {
			b, length = append(b, "\r\n"...), 0
		}
		b = append(append(b, ' '), word...)
		length += 1 + len(word)
		if length > maxLine {
			return nil, fmt.Errorf("%s contains a word of more than %d bytes", f.name, maxLine)
		}
	}
	return append(b, "\r\n"...), nil
}

// appendFields writes a header down, with the empty line after it.
func appendFields(b []byte, fields []field) ([]byte, error) {
	var err error
	for _, f := range fields {
		if b, err = f.append(b); err != nil {
			return nil, err
		}
	}
	return append(b, "\r\n"...), nil
}

// split parts a text at its blanks. Where there are several in a row all but one
// go with the word after them, so that no folded line is blank.
func split(text string) []string {
	var words []string
	more := ""
	for word := range strings.SplitSeq(text, " ") {
		if word == "" {
			more += " "
			continue
		}
		words, more = append(words, more+word), ""
	}
	return words
}

// unstructured is the words of a text: plain ones, or encoded ones where they
// would not come out as they went in.
func unstructured(text string) []string {
	if isPlain(text) {
		return split(text)
	}
	return encode(text)
}

// isPlain says whether a text survives a header as it is: printable ASCII, one
// blank between words, none of them too long for a line or in the shape of an
// encoded one.
func isPlain(text string) bool {
	for word := range strings.SplitSeq(text, " ") {
		if word == "" || len(word) > 60 || strings.Contains(word, "=?") || !isASCII(word) || CheckText(word) != nil {
			return text == ""
		}
	}
	return true
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] > 127 {
			return false
		}
	}
	return true
}

// encode makes encoded words of a text, each of whole characters (RFC 2047
// section 5). mime.QEncoding leaves ASCII alone that looks like an encoded word.
func encode(text string) []string {
	const begin, end, most = "=?UTF-8?Q?", "?=", 60
	var words []string
	word := begin
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		piece := quoteRune(r)
		if len(word)+len(piece)+len(end) > most {
			words, word = append(words, word+end), begin
		}
		word += piece
	}
	return append(words, word+end)
}

// quoteRune encodes as is right in a display name, too (RFC 2047 section 5,
// rule 3).
func quoteRune(r rune) string {
	switch {
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z':
		return string(r)
	case r == ' ':
		return "_"
	}
	piece := ""
	for _, b := range []byte(string(r)) {
		piece += fmt.Sprintf("=%02X", b)
	}
	return piece
}
