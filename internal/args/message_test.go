package args

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/plan"
)

// withFiles is an Env with some files to send.
func withFiles() Env {
	env := surroundings(map[string]string{
		"/text":         "first\nsecond",
		"/latin1":       "Gr\xfc\xdfe",
		"/latin":        "Subject: raw\r\n\r\n\xe9\r\n",
		"/tmp/x/ü.json": "{}",
		"/mail":         "Subject: raw\n\n.dot\n",
	})
	open := env.Open
	env.Open = func(name string) (io.ReadCloser, int64, error) {
		if name == "/half" || name == "/huge" || name == "/broken" {
			size := map[string]int64{"/half": maxFiles/2 + 1, "/huge": maxFiles + 1, "/broken": 9}[name]
			return io.NopCloser(brokenFile{name}), size, nil
		}
		if name == "/fifo" {
			return nil, 0, errors.New("/fifo is not a regular file")
		}
		return open(name)
	}
	read := env.ReadFile
	env.ReadFile = func(name string) ([]byte, error) {
		switch name {
		case "/big":
			return nil, errors.New("/big is larger than 1 MiB")
		case "/fifo":
			return nil, errors.New("/fifo is not a regular file")
		}
		return read(name)
	}
	return env
}

// brokenFile is one that the disk cannot give.
type brokenFile struct{ name string }

func (f brokenFile) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.name, Err: errors.New("input/output error")}
}

// sent reads the message of a plan.
func sent(t *testing.T, p plan.Plan) string {
	t.Helper()
	if p.Probe.Message == nil {
		t.Fatal("no message")
	}
	r, err := p.Probe.Message.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func parse(t *testing.T, line string) plan.Plan {
	t.Helper()
	p, err := Parse(shell(line), withFiles())
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return p
}

// people are that many recipients.
func people(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("r%d@b", i))
	}
	return all
}

func TestRecipients(t *testing.T) {
	const head = "127.0.0.1:25 ip 10s auto ws connect banner ehlo "
	for line, want := range map[string]string{
		"-f f@x --to a@b":              head + "mailfrom<f@x> rcptto<a@b> data body quit",
		"-f '' --smtp-to <a@b>":        head + "mailfrom<> rcptto<a@b> data body quit",
		"-f f@x --to a@b,a@b --cc a@b": head + "mailfrom<f@x> rcptto<a@b> data body quit",
		"-f f@x --to a@b -C NOOP":      head + "mailfrom<f@x> command<NOOP> rcptto<a@b> data body quit",
		"-f f@x --cc c@x,d@x --bcc e@x --to 'A <a@x>, postmaster' --to b@x --bcc f@x": head + "mailfrom<f@x> rcptto<a@x> rcptto<postmaster> rcptto<b@x> rcptto<c@x> rcptto<d@x> rcptto<e@x> rcptto<f@x> data body quit",
		"-f f@x --to a@b --quit-after rcptto":                                         head + "mailfrom<f@x> rcptto<a@b> rset quit",
		"-f f@x --to a@b --quit-after body":                                           head + "mailfrom<f@x> rcptto<a@b> data body quit",
		"-f f@x --to a@b --quit-after rcptto --expect-reply rcptto=550":               head + "mailfrom<f@x> rcptto<a@b>{expect 550} rset quit",
		"-L -f f@x --to a@b,c":                                                        "127.0.0.1:25 ip 10s lhlo ws connect banner ehlo mailfrom<f@x> rcptto<a@b> rcptto<c> data body<a@b> body<c> quit",
		"-f f@x --subject '' --body ''":                                               head + "mailfrom<f@x> quit",
	} {
		p := parse(t, line)
		if got := show(p); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
		if (p.Probe.Message != nil) != plan.Has(p.Probe.Steps, plan.Data) {
			t.Errorf("%s: message %v", line, p.Probe.Message)
		}
	}
	hundred := strings.Join(people(98), ",") + " --cc c --bcc d"
	if p := parse(t, "-f f --to "+hundred); len(p.Probe.Steps) != 4+100+3 {
		t.Errorf("%d steps", len(p.Probe.Steps))
	}
}

// Without options the message is a complete one.
func TestDefaultMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := parse(t, "-f f@x -F '[192.0.2.1]' --to a@b --bcc secret@x")
		want := regexp.MustCompile(`^From: f@x\r
To: a@b\r
Subject: Testing\r
Date: ` + regexp.QuoteMeta(time.Now().Format(time.RFC1123Z)) + `\r
Message-ID: <[0-9a-z]{6}\.[0-9a-z]{16}@\[192\.0\.2\.1\]>\r
Auto-Submitted: auto-generated\r
MIME-Version: 1\.0\r
Content-Type: text/plain; charset=UTF-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
This is a test message from check_smtp on \[192\.0\.2\.1\]\.\r
$`)
		text := sent(t, p)
		if m := p.Probe.Message; !want.MatchString(text) || m.Size != int64(len(text)) || m.EightBit || m.UTF8 {
			t.Errorf("%+v\n%s", m, text)
		}
		if text != sent(t, p) {
			t.Error("a second reading differs")
		}
		if text == sent(t, parse(t, "-f f@x -F '[192.0.2.1]' --to a@b --bcc secret@x")) {
			t.Error("two messages have one Message-ID")
		}
	})
}

func TestMessage(t *testing.T) {
	for line, want := range map[string]string{
		"-f ''":                           "From: MAILER-DAEMON@ws\r\n",
		"-f root":                         "From: root@ws\r\n",
		"-f ü@x":                          "From: ü@x\r\n",
		"-f '' --header 'From: A <a@b>'":  "From: A <a@b>\r\n",
		"-f f:g --header 'From: A <a@b>'": "From: A <a@b>\r\n",
		"-f f --cc 'Ü <c@x>'":             "Cc: =?UTF-8?Q?=C3=9C?= <c@x>\r\n",
		"-f f --reply-to a,b":             "Reply-To: a@ws, b@ws\r\n",
		"-f f --subject ü":                "Subject: =?UTF-8?Q?=C3=BC?=\r\n",
		"-f f --header 'Subject: b'":      "Subject: b\r\n",
		"-f f --body 'a\r\nü=' --charset iso-8859-1":                               "charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na\r\n=FC=3D\r\n",
		"-f f --body ü --content-type 'text/html; charset=koi8-r' --charset cp850": "Content-Type: text/html; charset=cp850\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=81\r\n",
		"-f f --body ж --content-type 'text/html; charset=koi8-r'":                 "\r\n\r\n=D6\r\n",
		"-f f --subject ü --charset iso-8859-1":                                    "Subject: =?UTF-8?Q?=C3=BC?=\r\n",
		"-f f --body-file /latin1 --charset iso-8859-1":                            "\r\n\r\nGr=FC=DFe\r\n",
		"-f f --body-file /latin1 --charset gb18030":                               "\r\n\r\nGr=FC=DFe\r\n",
		"-f f --body-file /latin1 --content-type application/x-y":                  "\r\n\r\nGr=FC=DFe\r\n",
		"-f f --body-file /text":                                                   "\r\n\r\nfirst\r\nsecond\r\n",
		"-f f --content-type Text/HTML":                                            "Content-Type: text/html; charset=UTF-8\r\n",
		"-f f --content-type 'text/html; charset=koi8-r'":                          "Content-Type: text/html; charset=koi8-r\r\n",
		"-f f --content-type application/json":                                     "Content-Type: application/json\r\n",
		"-f f --content-type application/json --charset utf-8":                     "Content-Type: application/json; charset=utf-8\r\n",
		"-f f --header X-A:b --header X-A:c":                                       "X-A: b\r\nX-A: c\r\n",
		"-f f --header 'message-id: <x@y>'":                                        "message-id: <x@y>\r\n",
		"-f f --helo me@mx.test":                                                   "@mx.test>\r\nAuto-Submitted",
		"-f f --payload 'A: b\n\nc'":                                               "A: b\n\nc",
		"-f f --payload-file /mail":                                                "Subject: raw\n\n.dot\n",
	} {
		p := parse(t, line+" --to a@b")
		if got := sent(t, p); !strings.Contains(got, want) {
			t.Errorf("%s\n got %q\nwant %q in it", line, got, want)
		}
	}
	for line, want := range map[string]string{
		"-f f --to a@b --payload-file /mail":  "22 false false",
		"-f f --to a@b --payload-file /latin": "19 true false",
		"-f f --to ü@b --payload-file /mail":  "22 false false",
		"-f f --to a@b --payload 'Ü: x'":      "7 true true",
	} {
		m := parse(t, line).Probe.Message
		if got := fmt.Sprintf("%d %v %v", m.Size, m.EightBit, m.UTF8); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
	if m := parse(t, "-f f --to ü@b").Probe.Message; !m.EightBit || !m.UTF8 {
		t.Errorf("an address beyond ASCII: %+v", m)
	}
}

func TestAttach(t *testing.T) {
	p := parse(t, "-f f --to a@b --attach /text --attach /tmp/x/ü.json")
	m, err := mail.ReadMessage(strings.NewReader(sent(t, p)))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		_, where, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		got = append(got, fmt.Sprintf("%s|%s|%s", where["filename"], part.Header.Get("Content-Type"), strings.TrimSpace(string(text))))
	}
	want := "|text/plain; charset=UTF-8|This is a test message from check_smtp on ws. text|application/octet-stream|Zmlyc3QKc2Vjb25k ü.json|application/json|e30="
	if strings.Join(got, " ") != want || p.Probe.Message.EightBit {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// A file is read to its end, whatever its size was said to be, so that what is
// sent can be held against what was measured.
func TestGrowingFile(t *testing.T) {
	files := map[string]string{"/mail": "A: b\n"}
	p, err := Parse(shell("-f f --to a@b --payload-file /mail"), surroundings(files))
	if err != nil {
		t.Fatal(err)
	}
	files["/mail"] += "C: d\n"
	if got := sent(t, p); got != "A: b\nC: d\n" || p.Probe.Message.Size != 6 {
		t.Errorf("sent %q, measured %d", got, p.Probe.Message.Size)
	}
	r := &capped{io.NopCloser(strings.NewReader("12345")), 4}
	if _, err := io.ReadAll(r); err == nil {
		t.Error("more was read than may be sent")
	}
}

func TestMessageErrors(t *testing.T) {
	long := strings.Repeat("x", 1000)
	for _, test := range []struct{ line, problem, hint string }{
		// Recipients.
		{"--to a@b", "--to: a message needs a sender", "-f '' for the null sender"},
		{"-f f --to ''", `--to: "": the address is missing`, "a@example.org,b@example.org"},
		{"-f f --to a@b --to ''", `--to: "": the address is missing`, ""},
		{"-f f --to 'a@b,'", `--to: "": the address is missing`, ""},
		{"-f f --to 'a@b> SIZE=1'", `--to: "a@b> SIZE=1": it contains "<" or ">" in the wrong place`, ""},
		{"-f f --to 'a@b\r\nDATA'", `--to: "a@b\r\nDATA": it contains the control character 0x0d`, ""},
		{"-f f --to 'a b@c'", `--to: "a b@c": it is not an address`, ""},
		{"-f f --to " + strings.Repeat("a", 254) + "@b", `--to: "` + strings.Repeat("a", 100) + `": it is longer than 254 bytes`, ""},
		{"-f f --to a --cc b,,c", `--cc: "": the address is missing`, ""},
		{"-f f --to a --bcc b@@c", `--bcc: "b@@c": it is not an address`, ""},
		{"-f f --to " + strings.Join(people(99), ",") + " --cc c --bcc d", "--to: there are more than 100 recipients", ""},
		{"-f f --cc a@b", "--cc: it does not go without --to", "--to ADDRESS"},
		{"-f f --bcc a@b", "--bcc: it does not go without --to", ""},
		{"-f f --to a@b --quit-after mailfrom", "--quit-after: this run ends before its recipients", "leave out --to"},
		{"-f f --to a@b --quit-after command -C NOOP", "--quit-after: this run ends before its recipients", ""},
		{"-f f --to a@b --quit-after data", "--quit-after: a session cannot end between DATA and the message", "rcptto or body"},
		{"-f f --quit-after rcptto", "--quit-after: this run has no phase rcptto", "banner, ehlo, mailfrom, quit"},
		{"-f f --to a@b --expect-reply data=354 --quit-after rcptto", `--expect-reply: "data=354" would judge nothing: this run has no phase data`, "rcptto, rset, quit"},

		// Options without a message.
		{"-f f --reply-to a", "--reply-to: there is no message without --to", "add --to"},
		{"-f f --subject a", "--subject: there is no message without --to", ""},
		{"-f f --body a", "--body: there is no message without --to", ""},
		{"-f f --body-file a", "--body-file: there is no message without --to", ""},
		{"-f f --header a:b", "--header: there is no message without --to", ""},
		{"-f f --content-type a/b", "--content-type: there is no message without --to", ""},
		{"-f f --charset a", "--charset: there is no message without --to", ""},
		{"-f f --attach a", "--attach: there is no message without --to", ""},
		{"--payload a", "--payload: there is no message without --to", ""},
		{"--payload-file a", "--payload-file: there is no message without --to", ""},

		// Options that exclude each other.
		{"-f f --to a --payload a --payload-file /mail", "--payload-file: --payload gives the whole message already", "one of the two"},
		{"-f f --to a --payload a --subject s", "--subject: --payload gives the whole message already", ""},
		{"-f f --to a --payload-file /mail --body b", "--body: --payload-file gives the whole message already", ""},
		{"-f f --to a --payload-file /mail --body-file /text", "--body-file: --payload-file gives the whole message already", ""},
		{"-f f --to a --payload-file /mail --header a:b", "--header: --payload-file gives the whole message already", ""},
		{"-f f --to a --payload-file /mail --content-type a/b", "--content-type: --payload-file gives the whole message already", ""},
		{"-f f --to a --payload-file /mail --charset b", "--charset: --payload-file gives the whole message already", ""},
		{"-f f --to a --payload a --attach /text", "--attach: --payload gives the whole message already", ""},
		{"-f f --to a --payload a --reply-to b", "--reply-to: --payload gives the whole message already", ""},
		{"-f f --to a --body b --body-file /text", "--body-file: --body gives the text, too", ""},

		// What is in it.
		{"-f f:g --to a", `-f/--from: "f:g" cannot stand in the field From`, "--header 'From: ADDRESS'"},
		{"-f f@g@h --to a", `-f/--from: "f@g@h" cannot stand in the field From`, ""},
		{"-f f --to a --subject 'a\nBcc: b'", `--subject: "a\nBcc: b": it contains the control character 0x0a`, ""},
		{"-f f --to a --reply-to a@@b", `--reply-to: "a@@b": it is not an address`, ""},
		{"-f f --to a --header x", `--header: "x": it is not FIELD: VALUE`, "X-Monitor: yes"},
		{"-f f --to a --header 'x: a\r\nBcc: b'", `--header: "x: a\r\nBcc: b": it contains the control character 0x0d`, ""},
		{"-f f --to a --header x:" + long, `--header: "x:` + long[:98] + `"...: x contains a word of more than 998 bytes`, ""},
		{"-f f --to a --header Resent-BCC:x", "--header: Resent-BCC would show everybody who gets a hidden copy", "--bcc"},
		{"-f f --to a --header BCC:x", "--header: BCC would show everybody who gets a hidden copy", "--bcc"},
		{"-f f --to a --header content-type:x", "--header: Content-Type is made from other options", "--content-type"},
		{"-f f --to a --header MIME-Version:2", "--header: MIME-Version must fit the message that check_smtp makes", "--payload-file"},
		{"-f f --to a --header Content-Transfer-Encoding:8bit", "--header: Content-Transfer-Encoding must fit the message that check_smtp makes", "--payload-file"},
		{"-f f --to a --content-type text", `--content-type: "text" is not a media type`, "text/html"},
		{"-f f --to a --content-type 'a b/c'", `--content-type: "a b/c" is not a media type`, ""},
		{"-f f --to a --content-type 'a/b; c'", `--content-type: "a/b; c" is not a media type`, ""},
		{"-f f --to a --content-type multipart/mixed", `--content-type: "multipart/mixed" contains other messages`, "--payload-file"},
		{"-f f --to a --content-type message/rfc822", `--content-type: "message/rfc822" contains other messages`, ""},
		{"-f f --to a --content-type a/b;c=" + long, `--content-type: "a/b;c=` + long[:94] + `"...: Content-Type contains a word of more than 998 bytes`, ""},
		{"-f f --to a --charset 'utf 8'", `--charset: "utf 8" is not the name of a charset`, "UTF-8"},
		{"-f f --to a --charset " + long[:41], `--charset: "` + long[:41] + `" is not the name of a charset`, ""},

		{"-f f --to a --body 'Preis: 5 €' --charset iso-8859-1", `--body: "€" is not in iso-8859-1`, "UTF-8"},
		{"-f f --to a --body ü --content-type 'text/x; charset=us-ascii'", `--body: "ü" is not in us-ascii`, ""},
		{"-f f --to a --body \xfc", `--body: it is not UTF-8`, "--body-file"},
		{"-f f --to a --charset klingon", `--charset: the charset klingon is not known here`, "--body-file"},
		{"-f f --to a --body x --content-type 'text/x; charset=klingon'", `--content-type: the charset klingon is not known here`, "--body-file"},
		{"-f f --to a --body x --charset utf-16", `--charset: text in utf-16 cannot be mailed`, ""},
		{"-f f --to a --body-file /latin1", `--body-file: "/latin1": it is not UTF-8`, "--charset"},
		{"-f f --to a --body-file /latin1 --charset us-ascii", `--body-file: "/latin1": its byte 0xfc is not in us-ascii`, "--charset"},
		{"-f f --to a --body-file /text --charset utf-16", `--body-file: "/text": text in utf-16 cannot be mailed`, ""},

		// Files.
		{"-f f --to a --body-file /none", `--body-file: "/none": file does not exist`, ""},
		{"-f f --to a --attach /none", `--attach: "/none": file does not exist`, ""},
		{"-f f --to a --body-file /big", `--body-file: "/big": is larger than 1 MiB`, "give at most 1 MiB, or --attach"},
		{"-f f --to a --body-file /fifo", `--body-file: "/fifo": is not a regular file`, "give a regular file"},
		{"-f f --to a --attach /fifo", `--attach: "/fifo": is not a regular file`, "give a regular file"},
		{"-f f --to a --attach /huge", `--attach: "/huge" makes the message larger than 50 MiB`, ""},
		{"-f f --to a --attach /half --attach /half", `--attach: "/half" makes the message larger than 50 MiB`, ""},
		{"-f f --to a --attach /broken", `cannot read the message: input/output error`, ""},
		{"-f f --to a --payload-file /none", `--payload-file: "/none": file does not exist`, ""},
		{"-f f --to a --payload-file /fifo", `--payload-file: "/fifo": is not a regular file`, ""},
		{"-f f --to a --payload-file /huge", `--payload-file: "/huge" makes the message larger than 50 MiB`, ""},
		{"-f f --to a --payload-file /broken", `cannot read the message: input/output error`, ""},

		// Output.
		{"--output-file /tmp/x --transcript-file /tmp/./x", "--transcript-file: it is the file of --output-file, too", "two files"},
	} {
		refuses(t, test.line, withFiles(), test.problem, test.hint)
	}
}

func TestTranscriptFile(t *testing.T) {
	p := parse(t, "--transcript-file /tmp/t --output-file /tmp/o")
	if p.Output.Transcript != "/tmp/t" || p.Output.File != "/tmp/o" {
		t.Errorf("%+v", p.Output)
	}
	for option, hint := range map[string]string{"--transcript-file": "give -vvv to see the dialogue; one of that name is ./-", "--output-file": "leave the option out for standard output"} {
		refuses(t, option+" -", surroundings(nil), option+`: "-" is no file`, hint)
		refuses(t, option+"=-", surroundings(nil), option+`: "-" is no file`, hint)
	}
	if p = Gist(legible(shell("-H mx1 --output-file - --bogus"))); p.Output.File != "" {
		t.Errorf("%+v", p.Output)
	}
}

// TestPayloadStart: a message that is none is an error, one without a header is
// told.
func TestPayloadStart(t *testing.T) {
	env := surroundings(map[string]string{"/empty": "", "/blank": " \r\n\t\n" + strings.Repeat("\n", 9000), "/late": strings.Repeat("\n", 9000) + "x", "/body": "hello\n", "/mail": "Subject: x\n\nhello\n",
		"/bom": "\ufeffSubject: x\n", "/old": "Subject : x\n", "/colon": ": x\n", "/short": "X:"})
	for _, name := range []string{"/empty", "/blank"} {
		refuses(t, "-f f --to a@b --payload-file "+name, env, `--payload-file: "`+name+`" holds nothing`, "header included")
	}
	refuses(t, "-f f --to a@b --payload '  '", env, "--payload: the message holds nothing", "header included")
	for line, told := range map[string]bool{
		"--payload-file /late": true, "--payload-file /body": true, "--payload-file /bom": true, "--payload-file /colon": true, "--payload 'hello there: you'": true,
		"--payload-file /mail": false, "--payload-file /old": false, "--payload-file /short": false, "--payload Subject:x": false,
	} {
		p, err := Parse(shell("-f f --to a@b "+line), env)
		option, _, _ := strings.Cut(line, " ")
		want := "note(the message of " + option + " begins with no field of a header)"
		if err != nil || strings.Contains(show(p), want) != told {
			t.Errorf("%s: %s, %v", line, show(p), err)
		}
	}
}
