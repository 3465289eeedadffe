//go:build e2e

package e2e

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
)

// head is the header of a payload. It is complete, as a server would add what
// it misses.
const head = "Date: Sun, 22 Nov 2026 10:00:00 +0000\n" +
	"From: Probe <probe@example.org>\n" +
	"To: good@box.test\n" +
	"Message-ID: <payload@example.org>\n"

// awkward is a payload of everything that gets lost on the way, or does
// something there. It ends in empty lines.
var awkward = head +
	"Subject: awkward\r\n" +
	"X-Folded: one\n\ttwo\n" +
	"MIME-Version: 1.0\n" +
	"Content-Type: text/plain; charset=utf-8\n" +
	"Content-Transfer-Encoding: 8bit\n" +
	"\n" +
	".\n..\n...\n.\r\n..\r\n.dot\n..two dots\n. \n" + // transparency, RFC 5321 section 4.5.2
	"From the beginning\n>From here\n" + // which a mailbox in one file would change
	"a bare CR\ranother\r\rtwo of them\n" +
	"a bare LF\nand CR LF\r\n\n\r\n" +
	"\r.\r\n.\n\r.\n.\r.\r" + // each an end of data to some server that is too kind
	"MAIL FROM:<smuggled@example.org>\nRCPT TO:<second@box.test>\nDATA\nSubject: smuggled\n.\nQUIT\n" +
	"blanks at the end  \t\n" +
	"grüße, naïve — \xff\xfe\x80\n" +
	"\x01\x1b[31m\x7f\n" +
	strings.Repeat("long", 249) + "98\n" + // as long as may be, RFC 5321 section 4.5.3.1.6
	"." + strings.Repeat("long", 249) + "8\n" +
	"the end\n\n\r\n\r\n\n"

// dot is a payload without an end of its last line, which is a dot.
const dot = head + "Subject: dot\n\nbody\n."

// brief is a payload for the command line.
const brief = head + "Subject: brief\n\n.\nin words"

// utf8 has a header that only a server with SMTPUTF8 may get (RFC 6531).
const utf8 = head + "Subject: Grüße\n\nutf8\n"

// heavy is larger than largest only by the line ends that it does not hold yet;
// light is so only by the dots that transparency adds (RFC 1870 section 6).
var (
	heavy = head + "Subject: heavy\n\n" + strings.Repeat("nine letters, or more\n", 9000)
	light = head + "Subject: light\n\n" + strings.Repeat(".2345678\n", 19800)
)

// letter is the text of the composed message.
const letter = "Grüße!\n\n.\n..\nFrom here on, nothing new.\n" +
	"a line with blanks at the end  \n=3D is no quoting\n" +
	"eine Zeile, die viel länger ist als die siebzig oder achtzig Zeichen, bei denen eine Kodierung sie gern umbricht, und noch länger\n" +
	"the end\n"

// subject needs encoding (RFC 2047), and more of it than fits into one word.
const subject = `Grüße: 100 % von "allem", <alles> und noch viel mehr, damit es für eine Zeile der Kopfdaten nicht mehr reicht`

const picture = "Prüfbild 1.bin"

// deliveryFiles are the files that command lines name.
var deliveryFiles = map[string]string{
	"awkward":   awkward,
	"dot":       dot,
	"utf8":      utf8,
	"heavy":     heavy,
	"light":     light,
	"letter":    letter,
	"notes.txt": "notes\n",
	picture:     allBytes(),
}

// allBytes is an attachment of each byte, and of each pair of bytes that could
// be a line end.
func allBytes() string {
	var b []byte
	for i := range 256 {
		b = append(b, byte(i), '\r', '\n', byte(i), '\n', '.', '\n', byte(i), '\r')
	}
	return strings.Repeat(string(b), 10)
}

// meant is a payload as it has to arrive: each line ends in CR LF, the last one
// too.
func meant(payload string) string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(payload)
	return strings.ReplaceAll(strings.TrimSuffix(text, "\n")+"\n", "\n", "\r\n")
}

// sameAs compares a message with a payload. Mailboxes have LF where there was
// CR LF.
func sameAs(payload string) func(*testing.T, string) {
	return func(t *testing.T, message string) {
		t.Helper()
		got, want := strings.ReplaceAll(message, "\n", "\r\n"), meant(payload)
		if got == want {
			return
		}
		i := commonPrefix(got, want)
		t.Errorf("%d bytes came of %d, and from byte %d on %.120q, not %.120q", len(got), len(want), i, got[i:], want[i:])
	}
}

func commonPrefix(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

const composedArgs = "--to good@box.test --cc second@box.test --bcc hidden@box.test --subject '" + subject + "'" +
	" --body-file {files}/letter --attach '{files}/" + picture + "' --attach {files}/notes.txt"

// readComposed reads the composed message as a mail program would.
func readComposed(t *testing.T, text string) {
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	checkHeader(t, message.Header)
	if strings.Contains(text, "hidden") {
		t.Errorf("the message tells of a recipient who was to stay hidden:\n%.2000s", text)
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("Content-Type %q, %v", message.Header.Get("Content-Type"), err)
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	checkPart(t, parts, "", letter)
	checkPart(t, parts, picture, deliveryFiles[picture])
	checkPart(t, parts, "notes.txt", deliveryFiles["notes.txt"])
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Errorf("after the last part: %v", err)
	}
}

func checkHeader(t *testing.T, h mail.Header) {
	t.Helper()
	if got, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject")); got != subject {
		t.Errorf("subject %q, %v, want %q", got, err, subject)
	}
	for key, want := range map[string]string{"From": sender, "To": "good@box.test", "Cc": "second@box.test"} {
		list, err := h.AddressList(key)
		if err != nil || len(list) != 1 || list[0].Address != want {
			t.Errorf("%s: %q, %v", key, h.Get(key), err)
		}
	}
	if _, err := h.Date(); err != nil {
		t.Errorf("Date: %q, %v", h.Get("Date"), err)
	}
	if h.Get("Message-Id") == "" || h.Get("Mime-Version") != "1.0" || h.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("header %q", h)
	}
	if _, is := h["Bcc"]; is {
		t.Error("there is a header Bcc")
	}
}

// checkPart reads the next part: the text, or an attachment, which has a name.
func checkPart(t *testing.T, parts *multipart.Reader, name, want string) {
	t.Helper()
	part, err := parts.NextPart() // which undoes quoted-printable
	if err != nil {
		t.Fatal(err)
	}
	var content io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "base64") {
		content = base64.NewDecoder(base64.StdEncoding, part)
	}
	got, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	if name == "" { // the ends of its lines are not its own
		got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
	}
	if part.FileName() != name || string(got) != want {
		t.Errorf("part %q is %.200q of %d bytes, want %q of %d bytes", part.FileName(), got, len(got), name, len(want))
	}
}
