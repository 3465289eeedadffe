package web

import (
	"bufio"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

const (
	maxBody  = 1 << 20 // bytes
	maxLines = 200     // of a header, or of what takes the place of one
)

var (
	errNotHTTP = errors.New("the answer is not HTTP/1")
	errTooLong = errors.New("the answer is longer than 1 MiB")
)

// header is what counts in the lines before a body.
type header struct {
	status  int
	length  int64 // -1: not told
	chunked bool
	keep    bool // the connection serves another request
}

// read reads one answer; interim ones come before it (RFC 9110 section 15.2).
// keep says whether another request may follow on this connection.
func read(r *bufio.Reader) (response Response, keep bool, err error) {
	var h header
	for range 10 {
		if h, err = readHeader(r); err != nil || h.status >= 200 {
			break
		}
	}
	switch {
	case err != nil:
	case h.status < 200:
		err = errNotHTTP
	case h.status == 204 || h.status == 304: // RFC 9112 section 6.3
	case h.chunked:
		response.Body, err = readChunks(r)
	case h.length >= 0:
		response.Body, err = readExactly(nil, r, h.length)
	default:
		h.keep = false
		response.Body, err = readExactly(nil, r, math.MaxInt64)
	}
	response.Status = h.status
	return response, h.keep, err
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
		return header{}, errNotHTTP
	}
	h := header{status: status, length: -1, keep: protocol != "HTTP/1.0"}
	for range maxLines {
		line, err := readLine(r)
		if err != nil || line == "" {
			return h, err
		}
		if err := h.field(line); err != nil {
			return h, err
		}
	}
	return h, errNotHTTP
}

// field takes one field in.
func (h *header) field(line string) error {
	name, value, ok := strings.Cut(line, ":")
	value = strings.ToLower(strings.Trim(value, " \t"))
	switch name = strings.ToLower(name); {
	case !ok:
		return errNotHTTP
	case name == "connection" && strings.Contains(value, "close"):
		h.keep = false
	case name == "transfer-encoding" && value == "chunked":
		h.chunked = true
	case name == "transfer-encoding", name == "content-encoding" && value != "identity":
		return errors.New("the answer is encoded in a way that was not asked for")
	case name == "content-length":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 0 || h.length >= 0 && h.length != n {
			return errNotHTTP
		}
		h.length = n
	}
	return nil
}

// readLine reads a line as long as the reader's buffer, 4 kB, without its end.
func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadSlice('\n')
	switch {
	case err == bufio.ErrBufferFull:
		return "", errNotHTTP
	case err == io.EOF && len(line) > 0:
		return "", io.ErrUnexpectedEOF
	case err != nil:
		return "", err
	}
	return strings.TrimSuffix(string(line[:len(line)-1]), "\r"), nil
}

// readExactly appends n bytes to body, or all there are when n is the largest
// number.
func readExactly(body []byte, r io.Reader, n int64) ([]byte, error) {
	room := int64(maxBody - len(body))
	if n > room && n != math.MaxInt64 {
		return nil, errTooLong
	}
	more, err := io.ReadAll(io.LimitReader(r, min(n, room+1)))
	switch {
	case err != nil:
		return nil, err
	case int64(len(more)) > room:
		return nil, errTooLong
	case int64(len(more)) < n && n != math.MaxInt64:
		return nil, io.ErrUnexpectedEOF
	}
	return append(body, more...), nil
}

// readChunks reads a body in chunks (RFC 9112 section 7.1).
func readChunks(r *bufio.Reader) (body []byte, err error) {
	for {
		line, err := readLine(r)
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(line, ";")
		n, err := strconv.ParseUint(strings.TrimRight(size, " \t"), 16, 31)
		if err != nil {
			return nil, errNotHTTP
		}
		if n == 0 {
			return body, readTrailer(r)
		}
		if body, err = readExactly(body, r, int64(n)); err != nil {
			return nil, err
		}
		if line, err = readLine(r); err != nil || line != "" {
			return nil, errors.Join(err, errNotHTTP)
		}
	}
}

func readTrailer(r *bufio.Reader) error {
	for range maxLines {
		if line, err := readLine(r); err != nil || line == "" {
			return err
		}
	}
	return errNotHTTP
}
