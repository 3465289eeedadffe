package sasl

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden stands where a secret stood.
const Hidden = "[secret]"

// Mask hides the secret of a login where the server repeats it. Nil hides
// nothing.
type Mask struct {
	password string
	needles  []needle
}

// needle is a text to hide, as a whole or cut off after the first least bytes.
type needle struct {
	text  string
	least int
}

// NewMask hides the password as it is and as it looks inside base64, where it
// depends on how many bytes stand before it.
func NewMask(password string) *Mask {
	m := &Mask{password: password}
	for shift := 0; shift < 3 && password != ""; shift++ {
		text := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + password))
		if inner := text[(shift*8+5)/6 : (shift+len(password))*8/6]; len(inner) >= 4 {
			m.Add(inner, 16)
		}
	}
	m.Add(base64.StdEncoding.EncodeToString([]byte(password)), 16)
	m.Add(password, 16)
	return m
}

// Add adds a text that is Hidden even if only its first least bytes are there.
// It goes before the earlier ones, which may be parts of it.
func (m *Mask) Add(text string, least int) {
	if text != "" {
		m.needles = append([]needle{{text, min(least, len(text))}}, m.needles...)
	}
}

// Hide is the text without the secret.
func (m *Mask) Hide(text string) string {
	if m == nil {
		return text
	}
	for _, n := range m.needles {
		text = n.hide(text)
	}
	return text
}

// HideLines is the lines of a reply without the secret. One that is broken over two
// of them is as easily read as any other: such a reply becomes one line.
func (m *Mask) HideLines(lines []string) []string {
	if m == nil || len(lines) == 0 {
		return lines
	}
	hidden, words := make([]string, len(lines)), make([]string, len(lines))
	for i, line := range lines {
		code := line[:min(4, len(line))]
		words[i] = line[len(code):]
		if hidden[i] = line; m.Hide(words[i]) != words[i] {
			hidden[i] = code + m.Hide(words[i])
		}
		if i > 0 {
			words[i] = withoutStatus(words[i])
		}
	}
	for _, between := range []string{"", " "} {
		whole, parts := m.Hide(strings.Join(words, between)), make([]string, len(words))
		for i, w := range words {
			parts[i] = m.Hide(w)
		}
		if len(lines) > 1 && whole != strings.Join(parts, between) {
			code := strings.TrimSuffix(lines[0][:min(4, len(lines[0]))], "-")
			return []string{strings.TrimSuffix(code, " ") + " " + whole}
		}
	}
	return hidden
}

// withoutStatus is words without the status code before them, which each line has
// (RFC 2034 section 4).
func withoutStatus(words string) string {
	status, rest, ok := strings.Cut(words, " ")
	if ok && len(status) >= 5 && strings.Trim(status, "0123456789.") == "" && strings.Count(status, ".") == 2 {
		return rest
	}
	return words
}

func (n needle) hide(text string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], n.text[:n.least])
		if i < 0 {
			return text
		}
		start := from + i
		end := start + common(text[start:], n.text)
		if len(n.text) < 4 && !alone(text, start, end) {
			from = start + 1
			continue
		}
		text = text[:start] + Hidden + text[end:]
		from = start + len(Hidden)
	}
}

// common is the length of the longest common beginning.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// alone says whether text[start:end] is not part of a longer word. A very short
// password would otherwise be found, and so given away, in half of all words.
func alone(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// Shows says whether a text holds the whole password.
func (m *Mask) Shows(b []byte) bool { return bytes.Contains(b, []byte(m.password)) }
