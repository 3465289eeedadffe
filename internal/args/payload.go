package args

import (
	"bytes"
	"strings"

	"check_smtp/internal/smtp"
)

// beginning is how a message begins: one that holds nothing is none, one without a
// header looks odd to whoever gets it.
type beginning struct {
	line   []byte // the first line, or what of it there is room for
	ended  bool   // the line
	filled bool   // there is more than blanks
}

func (b *beginning) Write(text []byte) (int, error) {
	if !b.ended {
		line, _, ended := bytes.Cut(text, []byte("\n"))
		b.line = append(b.line, line[:min(len(line), smtp.MaxLine-len(b.line))]...)
		b.ended = ended
	}
	b.filled = b.filled || len(bytes.Trim(text, " \t\r\n\v\f")) > 0
	return len(text), nil
}

// isField says whether a line is a field of a header (RFC 5322 section 2.2; blanks
// before the colon are those of section 4.5).
func isField(line string) bool {
	name, _, ok := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	return ok && name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' })
}
