package args

import (
	"errors"
	"strings"
	"testing"
)

// TestMistyped: values that were typed with more around them than is meant.
func TestMistyped(t *testing.T) {
	const quoted, curly, list = "is in quotation marks", "contains a typographic quotation mark", "contains a comma"
	for _, test := range []struct{ option, value, problem, hint string }{
		{"-f", "a@b.cc,c@d.ee", `-f/--from: "a@b.cc,c@d.ee" ` + list, "one address"},
		{"-f", "a@b.cc, c@d.ee", `-f/--from: "a@b.cc, c@d.ee" ` + list, "one address"},
		{"-f", "'a@b.cc'", `-f/--from: "'a@b.cc'" ` + quoted, "one address"},
		{"-f", `"a@b.cc"`, `-f/--from: "\"a@b.cc\"" ` + quoted, "one address"},
		{"-f", "“a@b.cc”", `-f/--from: "“a@b.cc”" ` + curly, "one address"},
		{"-f", "‘a@b.cc’", `-f/--from: "‘a@b.cc’" ` + curly, ""},
		{"-f", "<'a@b.cc'>", `-f/--from: "<'a@b.cc'>" ` + quoted, ""},
		{"-F", "'mon'", `-F/--fqdn: "'mon'" ` + quoted, "the name of this machine"},
		{"-F", `"mon"`, `-F/--fqdn: "\"mon\"" ` + quoted, ""},
		{"-F", "“mon”", `-F/--fqdn: "“mon”" ` + curly, ""},
		{"-F", "a,b", `-F/--fqdn: "a,b" ` + list, ""},
		{"-H", "'mx1'", `-H/--hostname: "'mx1'" ` + quoted, "a name"},
		{"-H", "mx1,mx2", `-H/--hostname: "mx1,mx2" ` + list, "a name"},
		{"-H", "“mx1”", `-H/--hostname: "“mx1”" holds a dash or a quotation mark of a word processor`, ""},
		{"--to", "“a@b.cc”", `--to: "“a@b.cc”" ` + curly, "such as --to a@example.org"},
		{"--to", "'a@b.cc'", `--to: "'a@b.cc'" ` + quoted, ""},
		{"--to", "'a@b.cc','c@d'", `--to: "'a@b.cc','c@d'" ` + quoted, ""},
		{"--to", "'a@b.cc,c@d'", `--to: "'a@b.cc,c@d'" ` + quoted, ""},
		{"--to", `"a@b.cc"`, `--to: "\"a@b.cc\"" ` + quoted, ""},
		{"--cc", "“a@b.cc”", `--cc: "“a@b.cc”" ` + curly, ""},
		{"--reply-to", "‘a@b.cc’", `--reply-to: "‘a@b.cc’" ` + curly, ""},
	} {
		line := []string{"-f", "x@y", "--to", "x@y", test.option, test.value}
		_, err := Parse(line, surroundings(nil))
		usage, ok := errors.AsType[*UsageError](err)
		if !ok || usage.Problem != test.problem || !strings.Contains(usage.Hint, test.hint) {
			t.Errorf("%s %s: %v, %+v\nwant %s", test.option, test.value, err, usage, test.problem)
		}
	}
	for option, values := range map[string][]string{
		"-f": {"o'brien@b.cc", "'a@b", `"a,b"@c`, `"a"`, `"a"@"b"`}, "-F": {"true", "[192.0.2.1]"}, "--to": {`"Joe, D" <a@b>,“Joe” <c@d>`, "o'brien@b.cc", "postmaster"},
	} {
		for _, value := range values {
			if _, err := Parse([]string{"-f", "x@y", "--to", "x@y", option, value}, surroundings(nil)); err != nil && !strings.Contains(err.Error(), "field From") {
				t.Errorf("%s %s: %v", option, value, err)
			}
		}
	}
}

// TestWrongFamily: an address that cannot be reached in the family asked for.
func TestWrongFamily(t *testing.T) {
	refuses(t, "-4 -6 127.0.0.1", surroundings(nil), `-6/--use-ipv6: "127.0.0.1" is an IPv4 address`, "leave out -6")
	refuses(t, "-6", surroundings(nil), `-6/--use-ipv6: "127.0.0.1" is an IPv4 address`, "leave out -6")
	refuses(t, "-6 -H ::ffff:127.0.0.1", surroundings(nil), `-6/--use-ipv6: "::ffff:127.0.0.1" is an IPv4 address`, "")
	refuses(t, "-4 ::1", surroundings(nil), `-4/--use-ipv4: "::1" is an IPv6 address`, "leave out -4")
	refuses(t, "-4 fe80::1%eth0", surroundings(nil), `-4/--use-ipv4: "fe80::1%eth0" is an IPv6 address`, "")
}

// TestOtherSlips: limits, phases and versions, and what a hint must not advise.
func TestOtherSlips(t *testing.T) {
	for _, test := range []struct{ line, problem, hint string }{
		{"-S --tls-min 1.3 --tls-max 1.2", `--tls-max: "1.2" is below --tls-min 1.3`, "give a higher --tls-max, or a lower --tls-min"},
		{"-S --tls-max 1.1", `--tls-max: "1.1" is below the lowest version`, "give --tls-min, too: its default is 1.2"},
		{"-D -5", `-D/--certificate: "-5" is below zero`, "-D 30,7"},
		{"-D 30,-5", `-D/--certificate: "-5" is below zero`, ""},
		{"-D -5%", `-D/--certificate: "-5%" is below zero`, ""},
		{"-t -1", `-t/--timeout: "-1" is below zero`, "above 0"},
		{"-w 5s", `-w/--warning: "5s" is not a number`, "[start:]end"},
		{"-w 1:5s", `-w/--warning: range "1:5s": "5s" is not a number`, ""},
		{"-w banner_time 5", `-w/--warning: "banner_time" and "5" stand in two words`, "give -w banner_time=5"},
		{"-H mx1 -c cert_days 7:", `-c/--critical: "cert_days" and "7:" stand in two words`, "give -c cert_days=7:"},
		{"-H mx1 -w banner_time", `-w/--warning: "banner_time" is a metric without a range`, "give -w banner_time=RANGE"},
		{"-H mx1 -w banner_tim 5", `-w/--warning: "banner_tim" is not a number`, "[start:]end"},
		{"-H mx1 foo", `unexpected word "foo" on the command line`, "quote a value that contains spaces"},
		{"-f a@b --to c@d --subject y --header 'Subject: x'", "--header: --subject gives the field Subject, too", "leave out one of the two"},
		{"-f a@b --to c@d --subject y --header 'sUBJECT: x'", "--header: --subject gives the field sUBJECT, too", ""},
		{"-f a@b --to c@d --reply-to y@z --header 'Reply-To: x@y'", "--header: --reply-to gives the field Reply-To, too", ""},
		{"--quit-after rcpt", `--quit-after: "rcpt" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, "did you mean rcptto?"},
		{"--quit-after starttsl", `--quit-after: "starttsl" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, seeHelp},
		{"-S -f a@b --to c@d --quit-after sasl_auth", "--quit-after: this run has no phase sasl_auth", "its phases are banner, ehlo, ehlo_tls, mailfrom, rcptto, body, quit"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
	for _, line := range []string{"-w 0.5,1", "-w banner_time=0.5,1", "-w 1.5,2.5"} {
		_, err := Parse(shell(line), surroundings(nil))
		usage, _ := errors.AsType[*UsageError](err)
		if usage == nil || !strings.HasPrefix(usage.Hint, "give -w ") || strings.Contains(usage.Hint, ", or") {
			t.Errorf("%s: %+v", line, usage)
		}
	}
	if _, err := Parse(shell("-H mx1 foo"), surroundings(nil)); strings.Contains(err.(*UsageError).Hint, "mx1") {
		t.Errorf("%+v", err)
	}
	refuses(t, "mx1 mx2", surroundings(nil), `unexpected word "mx2" on the command line`, `the host is "mx1"`)
}
