package message

import (
	"net/mail"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestParseList(t *testing.T) {
	for _, test := range []struct {
		text string
		want []Address
	}{
		{"a@b", []Address{{"", "a@b"}}},
		{" a@b , c@d ", []Address{{"", "a@b"}, {"", "c@d"}}},
		{"<a@b>", []Address{{"", "a@b"}}},
		{"Max Müller <m@x.de>", []Address{{"Max Müller", "m@x.de"}}},
		{"Max<m@x.de>", []Address{{"Max", "m@x.de"}}},
		{`"Müller, \"Max\" <x>" <m@x.de>,postmaster`, []Address{{`Müller, "Max" <x>`, "m@x.de"}, {"", "postmaster"}}},
		{`"x\", <y" <a@b>, c@d`, []Address{{`x", <y`, "a@b"}, {"", "c@d"}}},
		{`"a, b"@c,"x\"y"@z`, []Address{{"", `"a, b"@c`}, {"", `"x\"y"@z`}}},
		{`"a b"`, []Address{{"", `"a b"`}}},
		{`"a@b"@c`, []Address{{"", `"a@b"@c`}}},
		{"a+b/c=d!e@[192.0.2.1]", []Address{{"", "a+b/c=d!e@[192.0.2.1]"}}},
		{"a@[IPv6:2001:db8::1]", []Address{{"", "a@[IPv6:2001:db8::1]"}}},
		{"ü@bücher.example", []Address{{"", "ü@bücher.example"}}},
		{"u@Bücher.Example", []Address{{"", "u@xn--bcher-kva.example"}}},
		{`"u@ü"@bücher.example`, []Address{{"", `"u@ü"@bücher.example`}}},
		{`Ü <"u v"@faß。example>`, []Address{{"Ü", `"u v"@xn--fa-hia.example`}}},
		{"o'brien@a_b-c.d", []Address{{"", "o'brien@a_b-c.d"}}},
		{strings.Repeat("a", 250) + "@b.c", []Address{{"", strings.Repeat("a", 250) + "@b.c"}}},
	} {
		if got, err := ParseList(test.text); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %q (%v), want %q", test.text, got, err, test.want)
		}
	}
}

func TestParseListRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "missing",
		" ":                               "missing",
		"a@b,":                            "missing",
		",a@b":                            "missing",
		"<>":                              "missing",
		"Name <>":                         "missing",
		"a@b\r\nRCPT TO:<c@d":             "control character 0x0d",
		"a\x00@b":                         "control character 0x00",
		"a\t@b":                           "control character 0x09",
		"a@b\x7f":                         "control character 0x7f",
		"a\u0085@b":                       "control character 0x85",
		"a@b\xff":                         "not UTF-8",
		"<a@b":                            "does not end",
		"<a@b> SIZE=1":                    "does not end",
		"a@b> SIZE=1":                     "in the wrong place",
		"<a@b> SIZE=1>":                   "in the wrong place",
		"<<a@b>>":                         "in the wrong place",
		`"a> SIZE=1"@b`:                   "in the wrong place",
		`<"a> SIZE=1"@b>`:                 "in the wrong place",
		"a b@c":                           "not an address",
		"a@b SIZE=1":                      "not an address",
		"<a@b SIZE=1>":                    "not an address",
		"a\u00a0b@c":                      "not an address",
		"a@b\u3000c":                      "not an address",
		"a@b@c":                           "not an address",
		"@b":                              "not an address",
		"a@":                              "not an address",
		"<@x:a@b>":                        "not an address",
		"a@b;c@d":                         "not an address",
		"a..b@c":                          "not an address",
		".a@b":                            "not an address",
		"a@b.":                            "not an address",
		"a@b..c":                          "not an address",
		"a(x)@b":                          "not an address",
		`a\@b`:                            "not an address",
		`"a@b`:                            "not an address",
		`"a"b@c`:                          "not an address",
		`""@b`:                            "not an address",
		`a"b"@c`:                          "not an address",
		"a@[x]":                           "not an address",
		"a@[192.0.2.1":                    "not an address",
		"a@[::1]":                         "not an address",
		"a@[IPv6:192.0.2.1]":              "not an address",
		"a@[IPv6:fe80::1%e]":              "not an address",
		"a@b/c":                           "not an address",
		"a@ü/c":                           "not an address",
		"a@ü⁉.test":                       "not a domain name",
		"a@ü..test":                       "not an address",
		strings.Repeat("a", 246) + "@b.ü": "longer than 254 bytes",
		`x"y" <a@b>`:                      "quoted properly",
		`"x" y <a@b>`:                     "quoted properly",
		`x\y <a@b>`:                       "quoted properly",
		`x> <a@b>`:                        "quoted properly",
		strings.Repeat("a", 251) + "@b.c": "longer than 254 bytes",
	} {
		got, err := ParseList(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v, want %s", text, got, err, want)
		}
	}
}

// Whatever passes can be put between the angle brackets of a command, and comes
// out of a header as it went in.
func FuzzAddress(f *testing.F) {
	for _, text := range []string{
		"a@b", "Max <a@b.c>, postmaster", `"a, b"@[192.0.2.1]`, `"x\"y" <"z\\"@[IPv6:::1]>`, "ü@bücher.example", "u@Bücher。example", "<a@b> SIZE=1", "a@b\r\nDATA", `"a`, "a@b,", `"a> X=1"@b`, "a\u00a0@b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, err := ParseList(text)
		if err != nil {
			if strings.ContainsFunc(err.Error(), unicode.IsControl) || !utf8.ValidString(err.Error()) {
				t.Errorf("%q is not one clean line", err)
			}
			return
		}
		for _, a := range all {
			command := "RCPT TO:<" + a.Mailbox + ">"
			if a.Mailbox == "" || len(a.Mailbox) > maxMailbox || strings.Count(command, ">") != 1 || strings.Count(command, "<") != 1 ||
				strings.ContainsFunc(command, unicode.IsControl) || !utf8.ValidString(command) {
				t.Errorf("%q gives %q", text, command)
			}
			if !strings.HasPrefix(a.Mailbox, `"`) && strings.ContainsAny(a.Mailbox, ` "\,;:()`) && !strings.Contains(a.Mailbox, "@[IPv6:") {
				t.Errorf("%q gives %q", text, command)
			}
		}
		again(t, all)
	})
}

// again writes addresses into a header and reads them from it. net/mail takes
// fewer addresses than there are, so that those are left out.
func again(t *testing.T, all []Address) {
	d := draft()
	d.To = all
	written := write(t, d)
	wellFormed(t, written, true)
	if strings.ContainsAny(written, "[") {
		return
	}
	got, err := read(t, written).Header.AddressList("To")
	if err != nil || len(got) != len(all) {
		t.Fatalf("%q came out as %v (%v) of\n%s", all, got, err, written)
	}
	for i, a := range all {
		want := mail.Address{Name: a.Name, Address: list("ws.test", Address{Mailbox: a.Mailbox})[0]}
		if same := *got[i] == want; !same && !strings.HasPrefix(a.Mailbox, `"`) {
			t.Errorf("%q came out as %q", want, *got[i])
		}
	}
}

func TestParseField(t *testing.T) {
	for text, want := range map[string]Field{
		"X-A: b":              {"X-A", "b"},
		"X-A:b:c":             {"X-A", "b:c"},
		"X-A: \t b \t":        {"X-A", "b"},
		"To: Ü <u@x>":         {"To", "Ü <u@x>"},
		"To: anything (goes)": {"To", "anything (goes)"},
	} {
		if got, err := ParseField(text); err != nil || got != want {
			t.Errorf("%q: %q (%v)", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":                                 "not FIELD: VALUE",
		"X-A":                              "not FIELD: VALUE",
		": b":                              "not FIELD: VALUE",
		"X A: b":                           "not FIELD: VALUE",
		"X-A : b":                          "not FIELD: VALUE",
		"X-Ä: b":                           "not FIELD: VALUE",
		"X\x7f: b":                         "not FIELD: VALUE",
		"X-A:":                             "no value",
		"X-A: \t ":                         "no value",
		"X-A: b\r\nBcc: c":                 "control character 0x0d",
		"X-A: b\nBcc: c":                   "control character 0x0a",
		"X-A: b\tc":                        "control character 0x09",
		"X-A: b\x00":                       "control character 0x00",
		"X-A: b\xff":                       "not UTF-8",
		"To: Ü <u@x> y":                    "does not end",
		"FROM: ü b":                        "not an address",
		"X-A: " + strings.Repeat("x", 998): "X-A contains a word of more than 998 bytes",
		strings.Repeat("n", 999) + ": v":   "name is longer than 997 bytes",
	} {
		if got, err := ParseField(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %q, %v, want %s", text, got, err, want)
		}
	}
}

func TestDomain(t *testing.T) {
	for name, want := range map[string]string{
		"ws":                      "ws",
		"ws.example.org":          "ws.example.org",
		"ws.example.org.":         "ws.example.org",
		"[192.0.2.1]":             "[192.0.2.1]",
		"[IPv6:2001:db8::1]":      "[IPv6:2001:db8::1]",
		"[x]":                     "-x-",
		"monitor@mx1.example.org": "mx1.example.org",
		"a_b>c":                   "a-b-c",
		"bücher":                  "b-cher",
		"..":                      "localhost",
		"":                        "localhost",
		"x@":                      "localhost",
	} {
		if got := Domain(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
		if _, err := mail.ParseAddress("x@" + Domain(name)); err != nil && !strings.HasPrefix(name, "[") {
			t.Errorf("%q: %v", name, err)
		}
	}
}
