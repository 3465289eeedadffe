package web

import (
	"bufio"
	"io"
	"math"
	"net"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
)

const (
	maxBody  = 1 << 20 // bytes, where nobody asks for less
	maxLines = 200     // of a header, or of what takes the place of one
)

// The errors with nothing to add to them.
func notHTTP() error           { return &facts.WebError{Fault: facts.WebNotHTTP} }
func encoded() error           { return &facts.WebError{Fault: facts.WebEncoded} }
func larger(limit int64) error { return &facts.WebError{Fault: facts.WebLarger, Limit: limit} }

// header is what counts in the lines before a body.
type header struct {
	Response
	length  int64 // -1: not told
	chunked bool
	keep    bool // the connection serves another request
	strange bool // Transfer-Encoding is another one than chunked
}

// read reads one answer of at most limit bytes; interim ones come before it (RFC
// 9110 section 15.2). keep says whether another request may follow on this
// connection. With an error the response is what was read before it.
func read(r *bufio.Reader, limit int64) (response Response, keep bool, err error) {
	var h header
	for range 10 {
		if h, err = readHeader(r); err != nil || h.Status >= 200 {
			break
		}
	}
	switch {
	case err != nil:
		return Response{}, false, err
	case h.Status < 200:
		return Response{}, false, notHTTP()
	case h.Status == 204 || h.Status == 304: // RFC 9112 section 6.3
	case h.Encoding != "" || h.strange:
		return h.Response, false, encoded()
	case h.chunked:
		h.Body, err = readChunks(r, limit)
	case h.length >= 0:
		h.Body, err = readExactly(nil, r, h.length, limit)
	default:
		h.keep = false
		h.Body, err = readExactly(nil, r, math.MaxInt64, limit)
	}
	return h.Response, h.keep, err
}

// readHeader reads the status line and the fields (RFC 9112 sections 4 and 5).
func readHeader(r *bufio.Reader) (header, error) {
	line, err := readLine(r)
	if err != nil {
		return header{}, err
	}
	protocol, rest, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(rest, " ")
	status, err := strconv.Atoi(code)
	if err != nil || len(code) != 3 || status < 100 || !strings.HasPrefix(protocol, "HTTP/1.") {
		return header{}, notHTTP()
	}
	h := header{Response: Response{Status: status}, length: -1, keep: protocol != "HTTP/1.0"}
	err = readFields(r, h.field)
	return h, err
}

// readFields reads lines up to an empty one.
func readFields(r *bufio.Reader, take func(line string) error) error {
	for range maxLines {
		line, err := readLine(r)
		if err != nil || line == "" {
			return err
		}
		if err := take(line); err != nil {
			return err
		}
	}
	return notHTTP()
}

// field takes one field in.
func (h *header) field(line string) error {
	name, text, ok := strings.Cut(line, ":")
	text = strings.Trim(text, " \t")
	value := strings.ToLower(text)
	switch name = strings.ToLower(name); {
	case !ok:
		return notHTTP()
	case name == "connection" && strings.Contains(value, "close"):
		h.keep = false
	case name == "transfer-encoding":
		h.chunked = true
		h.strange = h.strange || value != "chunked"
	case name == "content-encoding" && value != "identity":
		h.Encoding = text
	case name == "content-type":
		h.Type = text
	case name == "location":
		h.Location = text
	case name == "content-length":
		n, err := strconv.ParseUint(value, 10, 62) // the largest numbers mean something else below
		if err != nil || h.length >= 0 && h.length != int64(n) {
			return notHTTP()
		}
		h.length = int64(n)
	}
	return nil
}

// readLine reads a line as long as the reader's buffer at most, without its end.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return "", notHTTP()
	case err == io.EOF && len(line) > 0:
		return "", io.ErrUnexpectedEOF
	case err != nil:
		return "", err
	}
	return strings.TrimSuffix(string(line[:len(line)-1]), "\r"), nil
}

// readExactly appends n bytes to body, or all there are when n is the largest
// number, as long as that makes no more than limit. One byte more is read to know.
func readExactly(body []byte, r io.Reader, n, limit int64) ([]byte, error) {
	room := limit - int64(len(body))
	if n > room && n != math.MaxInt64 {
		return nil, larger(limit)
	}
	more, err := io.ReadAll(io.LimitReader(r, min(n, room+1)))
	switch {
	case err != nil:
		return nil, err
	case int64(len(more)) > room:
		return nil, larger(limit)
	case int64(len(more)) < n && n != math.MaxInt64:
		return nil, io.ErrUnexpectedEOF
	}
	return append(body, more...), nil
}

// readChunks reads a body in chunks (RFC 9112 section 7.1).
func readChunks(r *bufio.Reader, limit int64) (body []byte, err error) {
	for {
		line, err := readLine(r)
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 31)
		if err != nil {
			return nil, notHTTP()
		}
		if n == 0 {
			return body, readFields(r, func(string) error { return nil }) // of a trailer
		}
		if body, err = readExactly(body, r, int64(n), limit); err != nil {
			return nil, err
		}
		if line, err = readLine(r); err == nil && line != "" {
			err = notHTTP()
		}
		if err != nil {
			return nil, err
		}
	}
}

// whole is a connection below TLS. TLS says when all has been sent; one that ends
// without that may have been cut by anybody, and a body that goes on to the end is
// not whole then (RFC 9112 section 9.8).
type whole struct{ net.Conn }

func (w whole) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err == io.EOF {
		err = cutOff{}
	}
	return n, err
}

// cutOff is the end of such a connection. crypto/tls takes other errors for it as they
// are, and io.EOF for the end of what was sent.
type cutOff struct{}

func (cutOff) Error() string        { return io.ErrUnexpectedEOF.Error() }
func (cutOff) Is(target error) bool { return target == io.ErrUnexpectedEOF || target == io.EOF }
