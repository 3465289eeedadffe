package args

import (
	"bytes"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// inspect minds how a message begins that was given as a whole: one that holds
// nothing is none, one without a header looks odd to whoever gets it.
func (o *Set) inspect(p *plan.Plan, b *beginning) error {
	option, what := "payload", "the message"
	if o.Text("payload-file") != "" {
		option, what = "payload-file", quote(o.Text("payload-file"))
	}
	switch {
	case o.Text("payload") == "" && o.Text("payload-file") == "":
	case !b.filled:
		return bad(option, what+" holds nothing", "give the whole message, header included")
	case !isField(string(b.line)):
		note(p, "the message of --"+option+" begins with no field of a header")
	}
	return nil
}

// beginning is what is written to it first.
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
