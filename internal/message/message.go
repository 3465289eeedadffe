// Package message composes the test mail: header, text and attachments, as a
// stream that is never in memory as a whole. It is pure: the clock, the random
// part of the Message-ID and the files are handed in. It neither sends a message
// nor reads one, and it knows no Bcc.
package message

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"path"
	"slices"
	"strings"
	"time"
)

// Draft is a mail before it is written down.
type Draft struct {
	From    Address
	To, Cc  []Address
	ReplyTo []Address // nil: no such field
	Subject string    // in UTF-8, without control characters
	Date    time.Time
	ID      string // the Message-ID, without angle brackets
	Host    string // what an address without a domain is taken to be at, see Domain

	// Header is fields to add. They take the place of ours of the same name.
	Header []Field

	// Body is the text, in the charset that ContentType tells. Its line ends may
	// be any; those of the message are CR LF.
	Body        string
	ContentType string // of the text, with parameters; no multipart

	Attachments []Attachment
}

// Attachment is a file that goes along.
type Attachment struct {
	Name string // without directories
	Open func() (io.ReadCloser, error)
}

// maxFileName is what a file system allows (NAME_MAX).
const maxFileName = 255 // bytes

// Mail is a message that is written down, but for its files.
type Mail struct{ parts []source }

// Open gives the message from its beginning, with CR LF as line ends. The files
// are opened one after the other, as the reader gets to them.
func (m Mail) Open() (io.ReadCloser, error) { return &stream{parts: m.parts}, nil }

// Compose writes a draft down. It is all 7-bit but for addresses beyond ASCII in
// the header (RFC 6532 section 3.2). The error is that of a field with a word too
// long for a line.
func (d Draft) Compose() (Mail, error) {
	body := bytesOf(quotedPrintable(d.Body))
	if d.Attachments != nil {
		return d.mixed(body)
	}
	header, err := appendFields(nil, append(d.fields(), d.textFields()...))
	return Mail{[]source{bytesOf(header), body}}, err
}

// mixed is a message of several parts (RFC 2046 section 5.1).
func (d *Draft) mixed(body source) (Mail, error) {
	boundary := d.boundary()
	header, err := appendFields(nil, append(d.fields(),
		field{"Content-Type", []string{"multipart/mixed;", `boundary="` + boundary + `"`}},
		field{"Content-Transfer-Encoding", split("7bit")}))
	if err != nil {
		return Mail{}, err
	}
	header = append(header, "--"+boundary+"\r\n"...)
	if header, err = appendFields(header, d.textFields()); err != nil {
		return Mail{}, err
	}
	parts := []source{bytesOf(header), body}
	for _, a := range d.Attachments {
		// The line end before a boundary is the boundary's.
		parts = append(parts, bytesOf([]byte("\r\n--"+boundary+"\r\n"+a.header())), a.encoded)
	}
	return Mail{append(parts, bytesOf([]byte("\r\n--"+boundary+"--\r\n")))}, nil
}

// fields is the header but for what tells of the content, in the order in which
// people read it (RFC 5322 section 3.6). Auto-Submitted keeps vacation replies
// away (RFC 3834 section 5).
func (d *Draft) fields() []field {
	var fields []field
	for _, f := range []field{
		{"From", list(d.Host, d.From)},
		{"To", list(d.Host, d.To...)},
		{"Cc", list(d.Host, d.Cc...)},
		{"Reply-To", list(d.Host, d.ReplyTo...)},
		{"Subject", unstructured(d.Subject)},
		{"Date", split(d.Date.Format(time.RFC1123Z))},
		{"Message-ID", split("<" + d.ID + ">")},
		{"Auto-Submitted", split("auto-generated")},
	} {
		same := func(own Field) bool { return strings.EqualFold(own.Name, f.name) }
		if f.words != nil && !slices.ContainsFunc(d.Header, same) {
			fields = append(fields, f)
		}
	}
	for _, own := range d.Header {
		fields = append(fields, field{own.Name, own.words(d.Host)})
	}
	return append(fields, field{"MIME-Version", split("1.0")})
}

// textFields tell of the text.
func (d *Draft) textFields() []field {
	return []field{{"Content-Type", split(d.ContentType)}, {"Content-Transfer-Encoding", split("quoted-printable")}}
}

// boundary cannot begin a line of any part: "=_" occurs neither in base64 nor in
// quoted-printable (RFC 2045 section 6.7), and the ID tells this message from
// one that is attached to it, should a relay decode them.
func (d *Draft) boundary() string {
	random := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' && r < 'A' || r > 'Z' && r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, d.ID)
	return "=_" + random[:min(len(random), 60)] // RFC 2046 section 5.1.1 has 70
}

// quotedPrintable encodes a text and ends its last line. Its line ends are made
// LF first: the library loses the one of "\r", a byte that it encodes, "\n".
func quotedPrintable(body string) []byte {
	body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n")
	if !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b) // writing to memory cannot fail
	io.WriteString(w, body)
	w.Close()
	return b.Bytes()
}

// header is that of the part. It is folded before the file name only: a blank in
// the name is no place to do it.
func (a Attachment) header() string {
	name := strings.ToValidUTF8(a.Name, "?")
	if len(name) > maxFileName {
		name = strings.ToValidUTF8(name[:maxFileName], "")
	}
	where := mime.FormatMediaType("attachment", map[string]string{"filename": name}) // RFC 2231
	return "Content-Type: " + typeOf(name) + "\r\n" +
		"Content-Transfer-Encoding: base64\r\n" +
		strings.Replace("Content-Disposition: "+where, "; ", ";\r\n ", 1) + "\r\n\r\n"
}

// types are the types of files by the ends of their names. mime.TypeByExtension would
// depend on the files of this machine, and cost every check its table.
var types = []row{
	{".txt .log", "text/plain"},
	{".html .htm", "text/html"},
	{".csv", "text/csv"},
	{".ics", "text/calendar"},
	{".pdf", "application/pdf"},
	{".json", "application/json"},
	{".xml", "application/xml"},
	{".zip", "application/zip"},
	{".gz .tgz", "application/gzip"},
	{".png", "image/png"},
	{".jpg .jpeg", "image/jpeg"},
	{".gif", "image/gif"},
}

// typeOf is the type that a file's name stands for.
func typeOf(name string) string {
	return cmp.Or(find(types, strings.ToLower(path.Ext(name))), "application/octet-stream")
}

// encoded is the file in base64.
func (a Attachment) encoded() (io.ReadCloser, error) {
	r, err := a.Open()
	if err != nil {
		return nil, err
	}
	return &base64Lines{src: r}, nil
}

// A source gives one part of a message when it is its turn.
type source func() (io.ReadCloser, error)

func bytesOf(b []byte) source {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

// stream reads its parts one after the other and has at most one of them open.
type stream struct {
	parts []source
	part  io.ReadCloser // nil: the next one is still closed
}

func (s *stream) Read(p []byte) (int, error) {
	for {
		if err := s.next(); err != nil {
			return 0, err
		}
		n, err := s.part.Read(p)
		if err == io.EOF {
			err = s.part.Close()
			s.part = nil
		}
		if n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// next opens the next part if none is open.
func (s *stream) next() error {
	if s.part != nil {
		return nil
	}
	if len(s.parts) == 0 {
		return io.EOF
	}
	part, err := s.parts[0]()
	if err != nil {
		return err
	}
	s.part, s.parts = part, s.parts[1:]
	return nil
}

func (s *stream) Close() error {
	s.parts = nil
	if s.part == nil {
		return nil
	}
	err := s.part.Close()
	s.part = nil
	return err
}

const (
	rawLine      = 57 // bytes that make a line of 76 characters (RFC 2045 section 6.8)
	linesAtATime = 128
)

// base64Lines encodes what it reads, a few lines at a time.
type base64Lines struct {
	src   io.ReadCloser
	raw   [rawLine * linesAtATime]byte
	lines []byte // of raw
	out   []byte // what of lines is not read yet
	end   error  // of src
}

func (r *base64Lines) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.end != nil {
			return 0, r.end
		}
		r.fill()
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

func (r *base64Lines) fill() {
	n, err := io.ReadFull(r.src, r.raw[:])
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	r.end, r.lines = err, r.lines[:0]
	for line := range slices.Chunk(r.raw[:n], rawLine) {
		r.lines = append(base64.StdEncoding.AppendEncode(r.lines, line), "\r\n"...)
	}
	r.out = r.lines
}

func (r *base64Lines) Close() error { return r.src.Close() }
