package message

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// draft is a small one to change.
func draft() Draft {
	return Draft{
		From:        Address{Mailbox: "monitor@example.org"},
		To:          []Address{{Mailbox: "a@example.org"}},
		Subject:     "Testing",
		Body:        "hello\n",
		ContentType: "text/plain; charset=UTF-8",
		Date:        time.Date(2026, 11, 22, 5, 7, 3, 0, time.FixedZone("", 3600)),
		ID:          "t4.x7@ws.test",
		Host:        "ws.test",
	}
}

func file(name, content string) Attachment {
	return Attachment{name, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}
}

func write(t *testing.T, d Draft) string {
	t.Helper()
	r, err := written(d)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil || r.Close() != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPlainMail(t *testing.T) {
	const want = "From: monitor@example.org\r\n" +
		"To: a@example.org\r\n" +
		"Subject: Testing\r\n" +
		"Date: Sun, 22 Nov 2026 05:07:03 +0100\r\n" +
		"Message-ID: <t4.x7@ws.test>\r\n" +
		"Auto-Submitted: auto-generated\r\n" +
		"MIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=UTF-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n" +
		"\r\n" +
		"hello\r\n"
	if got := write(t, draft()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestMixedMail(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{file("a b.PDF", strings.Repeat("x", 60)), file("ü.bin", "")}
	const want = "MIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=\"=_t4x7wstest\"\r\n" +
		"Content-Transfer-Encoding: 7bit\r\n" +
		"\r\n" +
		"--=_t4x7wstest\r\n" +
		"Content-Type: text/plain; charset=UTF-8\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n" +
		"\r\n" +
		"hello\r\n" +
		"\r\n--=_t4x7wstest\r\n" +
		"Content-Type: application/pdf\r\n" +
		"Content-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment;\r\n filename=\"a b.PDF\"\r\n" +
		"\r\n" +
		"eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4\r\neHh4\r\n" +
		"\r\n--=_t4x7wstest\r\n" +
		"Content-Type: application/octet-stream\r\n" +
		"Content-Transfer-Encoding: base64\r\n" +
		"Content-Disposition: attachment;\r\n filename*=utf-8''%C3%BC.bin\r\n" +
		"\r\n" +
		"\r\n--=_t4x7wstest--\r\n"
	_, got, _ := strings.Cut(write(t, d), "Auto-Submitted: auto-generated\r\n")
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// Each field as it is written down, between the header's other fields.
func TestFields(t *testing.T) {
	long := "word " + strings.Repeat("0123456789 ", 8) + "end"
	for _, test := range []struct {
		change func(*Draft)
		want   string
	}{
		{func(d *Draft) { d.Subject = long }, "Subject: word 0123456789 0123456789 0123456789 0123456789 0123456789\r\n 0123456789 0123456789 0123456789 end\r\n"},
		{func(d *Draft) { d.Subject = "Grüße" }, "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"},
		{func(d *Draft) { d.Subject = "=?UTF-8?Q?x?=" }, "Subject: =?UTF-8?Q?=3D=3FUTF=2D8=3FQ=3Fx=3F=3D?=\r\n"},
		{func(d *Draft) { d.Subject = "two  blanks" }, "Subject: =?UTF-8?Q?two__blanks?=\r\n"},
		{func(d *Draft) { d.Subject = strings.Repeat("é", 20) }, "Subject: =?UTF-8?Q?" + strings.Repeat("=C3=A9", 8) + "?=\r\n =?UTF-8?Q?" + strings.Repeat("=C3=A9", 8) + "?=\r\n =?UTF-8?Q?" + strings.Repeat("=C3=A9", 4) + "?=\r\n"},
		{func(d *Draft) { d.From = Address{"Müller, \"Max\"", "m@x.de"} }, "From: =?UTF-8?Q?M=C3=BCller=2C_=22Max=22?= <m@x.de>\r\n"},
		{func(d *Draft) { d.From = Address{`J. "Q" Public`, "q@x.de"} }, `From: "J. \"Q\" Public" <q@x.de>` + "\r\n"},
		{func(d *Draft) { d.From = Address{"Mail Monitor", "postmaster"} }, "From: Mail Monitor <postmaster@ws.test>\r\n"},
		{func(d *Draft) { d.To = append(d.To, Address{"", `"a b"`}) }, "To: a@example.org, \"a b\"@ws.test\r\n"},
		{func(d *Draft) {
			d.To = []Address{{"", strings.Repeat("a", 40) + "@example.org"}, {"", strings.Repeat("b", 40) + "@example.org"}}
		},
			"To: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org,\r\n bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb@example.org\r\n"},
		{func(d *Draft) { d.To = []Address{{"", "ü@bücher.example"}} }, "To: ü@bücher.example\r\n"},
		{func(d *Draft) { d.Cc = []Address{{"", "c@x"}, {"C", "d@x"}} }, "Cc: c@x, C <d@x>\r\n"},
		{func(d *Draft) { d.ReplyTo = []Address{{"", "r@x"}} }, "Reply-To: r@x\r\n"},
		{func(d *Draft) { d.Header = []Field{{"X-A", "1  2"}} }, "X-A: 1  2\r\nMIME-Version"},
		{func(d *Draft) { d.Header = []Field{{"X-A", "grün"}} }, "X-A: =?UTF-8?Q?gr=C3=BCn?=\r\n"},
		{func(d *Draft) { d.Header = []Field{{"sUBJECT", "=?UTF-8?Q?x?="}} }, "sUBJECT: =?UTF-8?Q?x?=\r\n"},
		{func(d *Draft) { d.Header = []Field{{"Reply-To", "Ü <u@x>, v"}} }, "Reply-To: =?UTF-8?Q?=C3=9C?= <u@x>, v@ws.test\r\n"},
		{func(d *Draft) { d.Header = []Field{{"X-" + strings.Repeat("n", 80), "v"}} }, strings.Repeat("n", 80) + ":\r\n v\r\n"},
	} {
		d := draft()
		test.change(&d)
		if got := write(t, d); !strings.Contains(got, test.want) {
			t.Errorf("got\n%swant in it\n%s", got, test.want)
		}
	}
}

// A field that the user gives takes the place of ours, and no field of ours
// comes twice.
func TestReplacedFields(t *testing.T) {
	for _, name := range []string{"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"} {
		d := draft()
		d.Cc, d.ReplyTo = d.To, d.To
		m := read(t, write(t, d))
		if len(m.Header[textproto.CanonicalMIMEHeaderKey(name)]) != 1 {
			t.Errorf("%s: %q", name, m.Header)
		}
		d.Header = []Field{{strings.ToLower(name), "given"}}
		m = read(t, write(t, d))
		if got := m.Header[textproto.CanonicalMIMEHeaderKey(name)]; len(got) != 1 || got[0] != "given" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestWordTooLong(t *testing.T) {
	for _, change := range []func(*Draft){
		func(d *Draft) { d.Header = []Field{{"X-A", strings.Repeat("x", maxLine)}} },
		func(d *Draft) { d.ContentType = "text/plain;x=" + strings.Repeat("x", maxLine) },
		func(d *Draft) {
			d.ContentType = "text/plain;x=" + strings.Repeat("x", maxLine)
			d.Attachments = []Attachment{file("a", "")}
		},
	} {
		d := draft()
		change(&d)
		if r, err := written(d); err == nil || r != nil {
			t.Errorf("%v, %v", r, err)
		}
	}
	d := draft()
	d.Header = []Field{{"X-A", strings.Repeat("x", maxLine-1)}}
	wellFormed(t, write(t, d), false)
}

// Twice the same draft is twice the same message, and neither the order of
// opening nor a small buffer matters.
func TestOpenAgain(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{file("a", strings.Repeat("abc", 30000))}
	one, two := write(t, d), write(t, d)
	r, err := written(d)
	if err != nil {
		t.Fatal(err)
	}
	three, err := io.ReadAll(iotest.OneByteReader(r))
	if one != two || one != string(three) || err != nil {
		t.Errorf("three readings differ (%v)", err)
	}
}

// tracked says how many files are open, and whether each was closed.
type tracked struct {
	io.Reader
	open *int
}

func (f tracked) Close() error { *f.open--; return nil }

// At most one file is open at a time, none at the end, and after Close nothing
// more comes.
func TestFilesAreClosed(t *testing.T) {
	open, most := 0, 0
	d := draft()
	for range 3 {
		d.Attachments = append(d.Attachments, Attachment{"a", func() (io.ReadCloser, error) {
			open++
			most = max(most, open)
			return tracked{strings.NewReader(strings.Repeat("x", 10000)), &open}, nil
		}})
	}
	write(t, d)
	if open != 0 || most != 1 {
		t.Errorf("%d files are open, %d were", open, most)
	}
	r, err := written(d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, r, 2000); err != nil || open != 1 {
		t.Errorf("%d files are open (%v)", open, err)
	}
	if err := r.Close(); err != nil || open != 0 {
		t.Errorf("%d files are open (%v)", open, err)
	}
	if n, err := r.Read(make([]byte, 9)); n != 0 || err != io.EOF {
		t.Errorf("after Close come %d bytes, %v", n, err)
	}
}

// A file that cannot be opened or read ends the message with an error, never
// with less of it.
func TestBrokenFile(t *testing.T) {
	broken := errors.New("broken")
	for name, open := range map[string]func() (io.ReadCloser, error){
		"open": func() (io.ReadCloser, error) { return nil, broken },
		"read": func() (io.ReadCloser, error) { return io.NopCloser(iotest.ErrReader(broken)), nil },
		"half": func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader("x"), iotest.ErrReader(broken))), nil
		},
	} {
		d := draft()
		d.Attachments = []Attachment{{"a", open}}
		r, err := written(d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(r); !errors.Is(err, broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// endless is a file of zeros.
type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }
func (endless) Close() error               { return nil }

// Memory stays flat however large a file is.
func TestMemory(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{{"a", func() (io.ReadCloser, error) {
		return struct {
			io.Reader
			io.Closer
		}{io.LimitReader(endless{}, 50<<20), endless{}}, nil
	}}}
	r, err := written(d)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.Copy(io.Discard, r)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 || n < 68<<20 || err != nil {
		t.Errorf("%d bytes of memory for %d (%v)", used, n, err)
	}
}

// A name longer than any file system has is cut between two characters.
func TestLongFileName(t *testing.T) {
	d := draft()
	d.Attachments = []Attachment{file("x"+strings.Repeat("é", 500), "")}
	text := write(t, d)
	wellFormed(t, text, false)
	if _, names, _ := content(t, read(t, text)); names[0] != "x"+strings.Repeat("é", 127) {
		t.Errorf("%q", names)
	}
}

func TestTypeOf(t *testing.T) {
	for name, want := range map[string]string{"a.TXT": "text/plain", "a.tar.gz": "application/gzip", "txt": "application/octet-stream", "": "application/octet-stream"} {
		if got := typeOf(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	for _, name := range strings.Fields("a.txt a.log a.html a.htm a.csv a.ics a.pdf a.json a.xml a.zip a.gz a.tgz a.png a.jpg a.jpeg a.gif") {
		if got := typeOf(name); strings.HasSuffix(got, "octet-stream") {
			t.Errorf("%q: %s", name, got)
		} else if _, _, err := mime.ParseMediaType(got); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// wellFormed minds the lines of a message: CR LF only, at most 998 bytes, none
// of blanks only, ASCII unless an address is beyond.
func wellFormed(t *testing.T, text string, utf8 bool) {
	t.Helper()
	if rest := strings.ReplaceAll(text, "\r\n", ""); strings.ContainsAny(rest, "\r\n\x00") || !strings.HasSuffix(text, "\r\n") {
		t.Errorf("bare line end in %q", text)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > maxLine {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
		if line != "" && strings.Trim(line, " \t") == "" {
			t.Errorf("blank line %q in\n%s", line, text)
		}
	}
	if !utf8 && !isASCII(text) {
		t.Errorf("not 7-bit: %q", text)
	}
}

func read(t *testing.T, text string) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}

// content takes a message apart: its text, and its files by name.
func content(t *testing.T, m *mail.Message) (text string, names, files []string) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "multipart/mixed" {
		return all(t, quotedprintable.NewReader(m.Body)), nil, nil
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return text, names, files
		}
		if err != nil {
			t.Fatal(err)
		}
		if p.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			text = all(t, quotedprintable.NewReader(p))
			continue
		}
		_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		if err != nil {
			t.Fatal(err)
		}
		names, files = append(names, params["filename"]), append(files, all(t, base64Reader(p)))
	}
}

func all(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// FuzzCompose parses each message back with the standard library.
func FuzzCompose(f *testing.F) {
	f.Add("Testing", "hello\n", "Name", "a.txt", "content")
	f.Add("", "no line end", "", "", "")
	f.Add("Grüße =?UTF-8?Q?x?=  ", "a\r\xe9\n.\r\n=\n--=_t4x7wstest\n", "Müller, \"Max\" \\ <x>", "ü \"\\.pdf", "\x00\xff\r\n")
	f.Add(strings.Repeat("x", 2000), strings.Repeat("y", 2000)+" \n \n\t\n", strings.Repeat("z ", 300), strings.Repeat("n ", 120), strings.Repeat("c", 5000))
	f.Fuzz(func(t *testing.T, subject, body, name, file1, content1 string) {
		d := draft()
		d.Subject, d.Body = subject, body
		d.To = []Address{{name, "a@example.org"}, {"", "b@example.org"}}
		d.Attachments = []Attachment{file(file1, content1), file("second", "2")}
		text := write(t, d)
		wellFormed(t, text, false)
		m := read(t, text)
		if got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil || got != strings.ToValidUTF8(subject, "\ufffd") {
			t.Errorf("subject %q came out as %q (%v)", subject, got, err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 2 || to[0].Name != strings.ToValidUTF8(name, "\ufffd") || to[0].Address != "a@example.org" || to[1].Address != "b@example.org" {
			t.Errorf("name %q came out as %v (%v)", name, to, err)
		}
		got, names, files := content(t, m)
		if want := canonical(body); got != want {
			t.Errorf("text %q came out as %q", want, got)
		}
		if !reflect.DeepEqual(files, []string{content1, "2"}) || len(file1) <= maxFileName && names[0] != strings.ToValidUTF8(file1, "?") {
			t.Errorf("file %q (%q) came out as %q, %q", file1, content1, names, files)
		}
		if !strings.HasPrefix(strings.ToValidUTF8(file1, "?"), strings.TrimSuffix(names[0], "?")) {
			t.Errorf("file name %q was cut to %q", file1, names[0])
		}

		d.Attachments = nil
		text = write(t, d)
		wellFormed(t, text, false)
		if got, _, _ := content(t, read(t, text)); got != canonical(body) {
			t.Errorf("text %q came out as %q", canonical(body), got)
		}
	})
}

// canonical is a text with CR LF at the end of each line.
func canonical(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	return strings.ReplaceAll(text, "\n", "\r\n")
}

// base64Reader decodes and minds that no line has more than 76 characters.
func base64Reader(r io.Reader) io.Reader {
	encoded, err := io.ReadAll(r)
	for line := range bytes.SplitSeq(encoded, []byte("\r\n")) {
		if len(line) > 76 {
			err = fmt.Errorf("line of %d characters", len(line))
		}
	}
	return io.MultiReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(encoded)), errorOf(err))
}

// errorOf reads as nothing, or as an error.
func errorOf(err error) io.Reader {
	if err == nil {
		return strings.NewReader("")
	}
	return iotest.ErrReader(err)
}

// written composes a draft and opens it.
func written(d Draft) (io.ReadCloser, error) {
	m, err := d.Compose()
	if err != nil {
		return nil, err
	}
	return m.Open()
}
