// Package smtp is the grammar of the wire: replies, capabilities and command
// lines. It has no connection and no clock, waits for nothing and decides
// nothing; what a server may make it hold is bounded.
package smtp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits on what a server may send. RFC 5321 section 4.5.3.1.5 has 512 bytes a
// line; real servers exceed that, and nothing sane exceeds these.
const (
	MaxLine  = 2000       // bytes a line, CR LF included
	MaxLines = 100        // lines a reply
	MaxReply = 100 * 1000 // bytes a reply
)

// Reply is a server's answer (RFC 5321 section 4.2).
type Reply struct {
	Code  int      // 200..599; 0: there was none
	Lines []string // as received, code included, without line ends
	Begun bool     // one more line began, whose end did not come
}

// Class is the first digit of the code.
func (r Reply) Class() int { return r.Code / 100 }

// Positive says whether the reply is 2xx or 3xx.
func (r Reply) Positive() bool { return r.Class() == 2 || r.Class() == 3 }

// Raw is the reply as received, lines joined by LF.
func (r Reply) Raw() string { return strings.Join(r.Lines, "\n") }

// String is the code and the words on one line.
func (r Reply) String() string {
	if len(r.Lines) == 1 {
		return strings.TrimRight(r.Lines[0], " ")
	}
	var b strings.Builder
	for i, line := range r.Lines {
		if i == 0 {
			b.WriteString(line[:3])
		}
		if words := strings.TrimSpace(words(line)); words != "" {
			b.WriteByte(' ')
			b.WriteString(words)
		}
	}
	return b.String()
}

// Enhanced is the enhanced code of the reply (RFC 2034 section 4); "": it has
// none.
func (r Reply) Enhanced() string {
	if len(r.Lines) == 0 {
		return ""
	}
	code, _, _ := strings.Cut(words(r.Lines[0]), " ")
	part := strings.Split(code, ".")
	if len(part) != 3 || part[0] != r.Lines[0][:1] {
		return ""
	}
	for _, digits := range part[1:] {
		if digits == "" || len(digits) > 3 || strings.Trim(digits, "0123456789") != "" {
			return ""
		}
	}
	return code
}

// words is a line without code and separator.
func words(line string) string { return line[min(4, len(line)):] }

// SyntaxError is a reply that is not SMTP.
type SyntaxError struct {
	Reason string
	Line   string // the offending line; hostile
}

// Error shows the first 200 bytes of the line. They are cut here and not before,
// so that a secret that a server repeats is found whole and hidden.
func (e *SyntaxError) Error() string {
	return e.Reason + `: "` + e.Line[:min(200, len(e.Line))] + `"`
}

// NewReader buffers a connection for ReadReply. Its buffer is the limit of a
// line.
func NewReader(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, MaxLine) }

// ReadReply reads one whole reply, and calls came after each line. The error is a
// *SyntaxError for a reply that is not SMTP, io.EOF when the connection ended before the reply did, and
// otherwise the reader's own. Lines read before an error are in the Reply.
func ReadReply(r *bufio.Reader, came func()) (Reply, error) {
	var reply Reply
	size := 0
	for len(reply.Lines) < MaxLines {
		line, err := readLine(r)
		if err != nil {
			reply.Begun = line != ""
			return reply, err
		}
		if size += len(line); size > MaxReply {
			return reply, &SyntaxError{fmt.Sprintf("a reply of over %d bytes", MaxReply), line}
		}
		code, more, ok := parseLine(line)
		if !ok {
			return reply, &SyntaxError{"not a reply", line}
		}
		if reply.Code != 0 && code != reply.Code {
			return reply, &SyntaxError{fmt.Sprintf("a reply of codes %d and %d", reply.Code, code), line}
		}
		reply.Code, reply.Lines = code, append(reply.Lines, line)
		came()
		if !more {
			return reply, nil
		}
	}
	return reply, &SyntaxError{fmt.Sprintf("a reply of over %d lines", MaxLines), reply.Lines[0]}
}

// readLine reads one line and drops its line end. A bare LF ends a line too:
// some servers send it, and no harm comes from reading it. With the reader's error
// comes the beginning of a line.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", &SyntaxError{fmt.Sprintf("a line of over %d bytes", r.Size()), string(line)}
	case err != nil:
		return string(line), err
	}
	return string(bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})), nil
}

// parseLine splits off the code: three digits, then the end, a blank or, for
// more lines to come, a hyphen (RFC 5321 section 4.2: 2..5, then 0..5).
func parseLine(line string) (code int, more, ok bool) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '9' || line[2] < '0' || line[2] > '9' {
		return 0, false, false
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	if len(line) == 3 {
		return code, false, true
	}
	return code, line[3] == '-', line[3] == '-' || line[3] == ' '
}
