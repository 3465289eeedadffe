package option

import (
	"errors"
	"strings"
)

// Blanks part words.
const Blanks = " \t\n\r"

// NextWord is the word that a text begins with, and what follows it. It is read as
// people expect of a shell: blanks part words, '…' keeps everything, "…" all but \
// before " \ $ and `, and \ the next character. Nothing else means anything.
func NextWord(text string) (word, rest string, err error) {
	var read strings.Builder
	for text != "" && strings.IndexByte(Blanks, text[0]) < 0 {
		piece := ""
		switch text[0] {
		case '\'':
			var closed bool
			if piece, text, closed = strings.Cut(text[1:], "'"); !closed {
				return "", "", errors.New("a ' is not closed")
			}
		case '"':
			if piece, text, err = inQuotes(text[1:]); err != nil {
				return "", "", err
			}
		case '\\':
			if len(text) == 1 {
				return "", "", errors.New("it ends in a backslash")
			}
			piece, text = text[1:2], text[2:]
		default:
			piece, text = text[:1], text[1:]
		}
		read.WriteString(piece)
	}
	return read.String(), text, nil
}

// inQuotes is a text up to the closing quotation mark, and what follows that.
func inQuotes(text string) (piece, rest string, err error) {
	var read strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return read.String(), text[i+1:], nil
		case c == '\\' && i+1 < len(text) && strings.IndexByte("\"\\$`", text[i+1]) >= 0:
			i++
		}
		read.WriteByte(text[i])
	}
	return "", "", errors.New(`a " is not closed`)
}
