package smtp

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadReply(t *testing.T) {
	tests := []struct {
		name, wire string
		want       Reply
		text       string
	}{
		{"one line", "250 ok\r\n", Reply{Code: 250, Lines: []string{"250 ok"}}, "250 ok"},
		{"two lines", "250-a\r\n250 b\r\n", Reply{Code: 250, Lines: []string{"250-a", "250 b"}}, "250 a b"},
		{"code alone", "220\r\n", Reply{Code: 220, Lines: []string{"220"}}, "220"},
		{"code and blank", "220 \r\n", Reply{Code: 220, Lines: []string{"220 "}}, "220"},
		{"bare LF", "220 x\n", Reply{Code: 220, Lines: []string{"220 x"}}, "220 x"},
		{"empty middle", "214-a\r\n214-\r\n214 b\r\n", Reply{Code: 214, Lines: []string{"214-a", "214-", "214 b"}}, "214 a b"},
		{"code alone ends", "214-a\r\n214\r\n", Reply{Code: 214, Lines: []string{"214-a", "214"}}, "214 a"},
		{"CR inside stays", "250 a\rb\r\n", Reply{Code: 250, Lines: []string{"250 a\rb"}}, "250 a\rb"},
	}
	for _, tt := range tests {
		got, err := ReadReply(NewReader(strings.NewReader(tt.wire)), func() {})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if got.String() != tt.text {
			t.Errorf("%s: text %q, want %q", tt.name, got, tt.text)
		}
	}
}

func TestReadReplyRefuses(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	tests := []struct{ name, wire, reason string }{
		{"words", "hello\r\n", "not a reply"},
		{"nothing", "\r\n", "not a reply"},
		{"two digits", "25\r\n", "not a reply"},
		{"code 0", "000 x\r\n", "not a reply"},
		{"code 199", "199 x\r\n", "not a reply"},
		{"code 600", "600 x\r\n", "not a reply"},
		{"no separator", "220x\r\n", "not a reply"},
		{"tab", "220\tx\r\n", "not a reply"},
		{"leading blank", " 220 x\r\n", "not a reply"},
		{"mixed codes", "220-a\r\n250 b\r\n", "codes 220 and 250"},
		{"long line", "220 " + long + "\r\n", "over 2000 bytes"},
		{"NUL", strings.Repeat("\x00", 5000), "over 2000 bytes"},
		{"many lines", strings.Repeat("220-x\r\n", 101), "over 100 lines"},
		{"large reply", strings.Repeat("220-"+long[:1900]+"\r\n", 60), "over 100000 bytes"},
	}
	for _, tt := range tests {
		_, err := ReadReply(NewReader(strings.NewReader(tt.wire)), func() {})
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(syntax.Reason, tt.reason) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.reason)
		} else if len(syntax.Error()) > 900 {
			t.Errorf("%s: the error is %d bytes long", tt.name, len(syntax.Error()))
		}
	}
}

func TestReadReplyEnds(t *testing.T) {
	for _, wire := range []string{"", "2", "220", "220-a\r\n", "220-a\r\n220 b"} {
		r, err := ReadReply(NewReader(strings.NewReader(wire)), func() {})
		if begun := wire != "" && !strings.HasSuffix(wire, "\n"); err != io.EOF || r.Begun != begun {
			t.Errorf("%q: %v, %v", wire, r, err)
		}
	}
}

func TestLimitsAreLargeEnough(t *testing.T) {
	wire := strings.Repeat("220-"+strings.Repeat("x", 900)+"\r\n", MaxLines-1) + "220 end\r\n"
	if _, err := ReadReply(NewReader(strings.NewReader(wire)), func() {}); err != nil {
		t.Error(err)
	}
	wire = "220 " + strings.Repeat("x", MaxLine-6) + "\r\n"
	if _, err := ReadReply(NewReader(strings.NewReader(wire)), func() {}); err != nil {
		t.Error(err)
	}
}

func FuzzReadReply(f *testing.F) {
	for _, wire := range []string{"220 x\r\n", "250-a\r\n250 b\r\n", "220-a\r\n250 b\r\n", "\x00", "22", "599\n", "214-\r\n214"} {
		f.Add([]byte(wire))
	}
	f.Fuzz(func(t *testing.T, wire []byte) {
		r, err := ReadReply(NewReader(strings.NewReader(string(wire))), func() {})
		if err != nil {
			return
		}
		if r.Code < 200 || r.Code > 599 || len(r.Lines) == 0 || len(r.Lines) > MaxLines || len(r.Raw()) > MaxReply {
			t.Fatalf("accepted %d, %d lines, %d bytes", r.Code, len(r.Lines), len(r.Raw()))
		}
		again, err := ReadReply(bufio.NewReader(strings.NewReader(strings.Join(r.Lines, "\r\n")+"\r\n")), func() {})
		if err != nil || !cmp.Equal(again, r) {
			t.Fatalf("%q reads back as %q (%v)", r.Lines, again.Lines, err)
		}
		_ = r.String()
	})
}

func TestCapabilities(t *testing.T) {
	r := Reply{Code: 250, Lines: []string{"250-STARTTLS mx at your service", "250-size 1000", "250-auth PLAIN LOGIN", "250-AUTH=LOGIN", "250-auth CRAM-MD5", "250-", "250 8BITMIME"}}
	want := Capabilities{
		"SIZE": {"1000"}, "AUTH": {"PLAIN", "LOGIN", "CRAM-MD5"}, "AUTH=LOGIN": nil, "8BITMIME": nil,
	}
	got := ParseCapabilities(r)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Has("STARTTLS") {
		t.Error("the first line is the server's name, not a keyword")
	}
	if diff := cmp.Diff([]string{"8BITMIME", "AUTH", "AUTH=LOGIN", "SIZE"}, got.Keywords()); diff != "" {
		t.Error(diff)
	}
}

func FuzzCapabilities(f *testing.F) {
	f.Add("250-mx\r\n250-SIZE 1\r\n250 STARTTLS\r\n")
	f.Add("250-mx\r\n250 auth=login plain\r\n")
	f.Fuzz(func(t *testing.T, wire string) {
		r, err := ReadReply(NewReader(strings.NewReader(wire)), func() {})
		if err != nil {
			return
		}
		caps := ParseCapabilities(r)
		if len(caps) >= len(r.Lines) {
			t.Fatalf("%d keywords from %d lines", len(caps), len(r.Lines))
		}
		for _, k := range caps.Keywords() {
			if k == "" || k != strings.ToUpper(k) || !caps.Has(k) {
				t.Fatalf("keyword %q", k)
			}
		}
	})
}

func TestReversePath(t *testing.T) {
	tests := []struct{ in, want, err string }{
		{"a@b.c", "a@b.c", ""},
		{"", "", ""},
		{"<>", "", ""},
		{"<a@b.c>", "a@b.c", ""},
		{"<<a@b.c>", "a@b.c", ""},
		{"a@b.c> SIZE=1", "a@b.c", ""},
		{`"a b"@c`, `"a b"@c`, ""},
		{"ä@ö.test", "ä@ö.test", ""},
		{"a@b c", "", "blank"},
		{"a@b\r\nRCPT TO:<x>", "", "control"},
		{"a@b\x00", "", "control"},
	}
	for _, tt := range tests {
		got, err := ReversePath(tt.in)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%q: %q, %v", tt.in, got, err)
		}
	}
}

// FuzzCommandArgument: whatever passes the check, the wire carries exactly one
// line of it.
func FuzzCommandArgument(f *testing.F) {
	for _, arg := range []string{"", "NOOP", "a\r\nb", "a\nb", "a\x00b", "ä", "MAIL FROM:<a@b> SIZE=1", "\x7f", "\u0085"} {
		f.Add(arg)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		if CheckArgument(arg) != nil {
			return
		}
		wire := string(AppendCommand(nil, "VERB", arg))
		if strings.Count(wire, "\r") != 1 || strings.Count(wire, "\n") != 1 || !strings.HasSuffix(wire, "\r\n") || strings.ContainsRune(wire, 0) {
			t.Fatalf("wire %q", wire)
		}
	})
}

func FuzzReversePath(f *testing.F) {
	for _, address := range []string{"", "a@b", "<a@b> X=1", "a@b\r\n", `"x y"@z`, "<<>>"} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		path, err := ReversePath(address)
		if err != nil {
			return
		}
		wire := string(AppendCommand(nil, "MAIL FROM:<"+path+">", ""))
		if strings.Count(wire, ">") != 1 || strings.Count(wire, "\r\n") != 1 || strings.ContainsAny(path, "\r\n\x00>") {
			t.Fatalf("wire %q", wire)
		}
	})
}

func TestEnhanced(t *testing.T) {
	for line, want := range map[string]string{
		"550 5.7.1 no": "5.7.1", "250 2.1.5": "2.1.5", "250 4.1.5 ok": "", "250": "", "250 ok": "",
		"550 5.7 no": "", "550 5.7.1.2 no": "", "550 5..1": "", "550 5.1234.1": "", "550 5.x.1": "",
	} {
		if got := (Reply{Code: 550, Lines: []string{line}}).Enhanced(); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
	if got := (Reply{}).Enhanced(); got != "" {
		t.Errorf("no reply: %q", got)
	}
}
