package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText is how many characters of one piece of text are shown.
const maxText = 400

// Clean makes text from outside harmless for every consumer: "|" would start
// perfdata, ";" is turned into ":" by Nagios 4, control characters move
// cursors, bidi marks turn words around, databases refuse invalid UTF-8, and a
// backslash comes alive where a poller's command runs the text through
// printf "%b". The result is valid UTF-8 without any of them and at most maxText
// characters long; Clean leaves it as it is.
func Clean(s string) string {
	return cleaned(s, false)
}

// cleanDocument is Clean for a document that has escapes of its own: a backslash
// stays.
func cleanDocument(s string) string { return cleaned(s, true) }

func cleaned(s string, backslash bool) string {
	if harmless(s) {
		return s
	}
	var b strings.Builder
	for n := 0; len(s) > 0 && n <= maxText; n++ { // of what is longer, nothing else is shown
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(hex(s[0]))
		case r == '\\' && backslash:
			b.WriteByte('\\')
		default:
			b.WriteString(cleanRune(r))
		}
		s = s[size:]
	}
	return shorten(b.String(), maxText)
}

// shorten cuts after n characters, the ellipsis included.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-len("...")]) + "..."
}

func hex(b byte) string { return "[" + strconv.FormatUint(uint64(b)+0x100, 16)[1:] + "]" }

func cleanRune(r rune) string {
	switch {
	case r == '|' || r == '\\':
		return "/"
	case r == ';':
		return ","
	case r == '\t':
		return " "
	case strconv.IsPrint(r):
		return string(r)
	case r < 0x100:
		return hex(byte(r))
	}
	return fmt.Sprintf("[U+%04X]", r)
}

func harmless(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '|' || c == ';' || c == '\\' {
			return false
		}
	}
	return len(s) <= maxText
}

// untag is for pages that show plugin output unescaped: no tag can form, and
// an address in angle brackets survives as one in square ones.
func untag(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "<", "["), ">", "]")
}

// clip shortens a line to at most n bytes without splitting a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("...")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "..."
}

// maxItems is how long a list gets that others decide about.
const maxItems = 100

// some is the beginning of a list that may be long.
func some[T any](list []T) []T { return list[:min(len(list), maxItems)] }

// more is how much that leaves of a list of so many.
func more(n int) int { return max(0, n-maxItems) }
