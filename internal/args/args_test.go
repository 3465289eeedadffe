package args

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
)

// surroundings is an Env with a host name, no variables and these files.
func surroundings(files map[string]string) Env {
	return Env{
		Getenv:   func(string) string { return "" },
		Hostname: func() (string, error) { return "ws", nil },
		ReadFile: func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Open: func(name string) (io.ReadCloser, int64, error) {
			if text, ok := files[name]; ok {
				return io.NopCloser(strings.NewReader(text)), int64(len(text)), nil
			}
			return nil, 0, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Stdin:  strings.NewReader(""),
		Now:    time.Now,
		Unique: func() string { return fmt.Sprintf("%016x", rand.Uint64()) },
	}
}

// shell splits a command line at blanks; single quotes keep blanks and empty
// words.
func shell(line string) []string {
	var words []string
	var word []byte
	inWord, quoted := false, false
	for i := range len(line) {
		switch c := line[i]; {
		case c == '\'':
			inWord, quoted = true, !quoted
		case c == ' ' && !quoted:
			if inWord {
				words = append(words, string(word))
			}
			word, inWord = nil, false
		default:
			word, inWord = append(word, c), true
		}
	}
	if inWord {
		words = append(words, string(word))
	}
	return words
}

// show writes a plan down in the order in which it is played; what is at its
// default is left out after the greeting.
func show(p plan.Plan) string {
	b := []string{fmt.Sprintf("%s:%d %s", p.Probe.Host, p.Probe.Port, p.Probe.Network)}
	add := func(when bool, format string, values ...any) {
		if when {
			b = append(b, fmt.Sprintf(format, values...))
		}
	}
	add(p.Probe.Bind.IsValid(), "bind %s", p.Probe.Bind)
	add(true, "%s %s %s", p.Probe.Timeout, p.Probe.Greeting, p.Probe.Name)
	showProxy(add, p.Probe.Proxy)
	showTLS(add, p)
	if a := p.Probe.Auth; a != nil {
		add(true, "auth(%s %q %q %q)", a.Mechanism, a.User, a.Password.Reveal(), a.AuthzID)
	}
	for _, s := range p.Probe.Steps {
		text := string(s.Phase)
		if s.Arg != "" || s.Phase == plan.MailFrom {
			text += fmt.Sprintf("<%s>", s.Arg)
		}
		if e := s.Expect; e != nil {
			text += fmt.Sprintf("{%s %s}", e.Condition, e.Asked)
		}
		b = append(b, text)
	}
	for _, l := range facts.Labels() {
		w, isW := p.Limits.Warning[l]
		c, isC := p.Limits.Critical[l]
		add(isW, "w:%s=%s", l, w)
		add(isC, "c:%s=%s", l, c)
	}
	for _, c := range plan.Conditions() {
		s, ok := p.Limits.States[c]
		add(ok, "%s=%s", c, s)
	}
	o := p.Output
	add(o.Verbose != 0, "v%d", o.Verbose)
	add(o.File != "", "file=%s", o.File)
	add(o.Perfdata != nil, "perfdata=%v", o.Perfdata)
	for _, note := range p.Limits.Notes {
		add(true, "note(%s)", note)
	}
	return strings.Join(b, " ")
}

func showProxy(add func(bool, string, ...any), h plan.Proxy) {
	add(h.Version != 0, "proxy%d", h.Version)
	add(h.Family != "", "%s", h.Family)
	add(h.Source.IsValid(), "src=%s", h.Source)
	add(h.Dest.IsValid(), "dst=%s", h.Dest)
	add(h.From != 0, "sport=%d", h.From)
	add(h.To != 0, "dport=%d", h.To)
}

func showTLS(add func(bool, string, ...any), p plan.Plan) {
	t, c := p.Probe.TLS, p.Limits.Cert
	add(t.Mode != plan.NoTLS || p.Limits.TLS != t.Mode, "%s/%s sni=%s name=%s", t.Mode, p.Limits.TLS, t.SNI, t.Name)
	add(t.SendIP, "sendip")
	add(t.Verify, "verify")
	add(t.Mode != plan.NoTLS && (t.Min != tls.VersionTLS12 || t.Max != tls.VersionTLS13), "%s-%s", tls.VersionName(t.Min), tls.VersionName(t.Max))
	add(t.CAs != nil, "cas=%d", len(t.CAs))
	add(t.File+t.Dirs != "", "roots=%s,%s", t.File, t.Dirs)
	add(t.Client != nil, "client")
	for _, id := range t.Suites {
		add(true, "%s", tls.CipherSuiteName(id))
	}
	for _, pin := range t.Pins {
		add(true, "pin=%x..", pin[:2])
	}
	add(c.Warning != nil || c.Critical != nil, "D:%s,%s", c.Warning, c.Critical)
	add(c.IgnoreExpiry, "ignore-expiry")
}

func TestParse(t *testing.T) {
	const usual = "10s auto ws connect banner ehlo quit"
	for _, test := range []struct{ line, want string }{
		// Getopt habits.
		{"-H 127.0.0.1", "127.0.0.1:25 ip " + usual},
		{"-H127.0.0.1 -p2525", "127.0.0.1:2525 ip " + usual},
		{"-vqH127.0.0.1", "127.0.0.1:25 ip " + usual + " quit=OK v1"},
		{"-vqH 127.0.0.1", "127.0.0.1:25 ip " + usual + " quit=OK v1"},
		{"--host 127.0.0.1 --po=26", "127.0.0.1:26 ip " + usual},
		{"--hostname=127.0.0.1 --port 26", "127.0.0.1:26 ip " + usual},
		{"--smtp-f 'a@b'", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<a@b> quit"},
		{"-p 26 -- 127.0.0.1", "127.0.0.1:26 ip " + usual},
		{"-- -x", "-x:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"-wt 9 -ct 9 -to 10 -e 220", "127.0.0.1:25 ip 10s auto ws connect banner{banner 220} ehlo quit w:time=9 c:time=9 note(-w 9 can never alert: -c 9 does so first)"},
		{"-e -wt", "127.0.0.1:25 ip 10s auto ws connect banner{banner -wt} ehlo quit"},
		{"-w -5:10", "127.0.0.1:25 ip " + usual + " w:time=-5:10 note(-w -5:10 can never alert: -t ends the run after 10 s)"},
		{"-e -x", "127.0.0.1:25 ip 10s auto ws connect banner{banner -x} ehlo quit"},
		{"-e --host", "127.0.0.1:25 ip 10s auto ws connect banner{banner --host} ehlo quit"},
		{"-e --", "127.0.0.1:25 ip 10s auto ws connect banner{banner --} ehlo quit"},
		{"-e=220", "127.0.0.1:25 ip 10s auto ws connect banner{banner =220} ehlo quit"},
		{"--expect==220", "127.0.0.1:25 ip 10s auto ws connect banner{banner =220} ehlo quit"},
		{"-p 1 -p 2 --port=3", "127.0.0.1:3 ip " + usual},
		{"-v -v", "127.0.0.1:25 ip " + usual + " v2"},
		{"-vv --verbose -vv", "127.0.0.1:25 ip " + usual + " v3"},
		{"--verbose=2", "127.0.0.1:25 ip " + usual + " v2"},
		{"-v", "127.0.0.1:25 ip " + usual + " v1"},

		// Icinga's "-q true".
		{"-q true -t 5", "127.0.0.1:25 ip 5s auto ws connect banner ehlo quit quit=OK"},
		{"-vq yes 127.0.0.2", "127.0.0.2:25 ip " + usual + " quit=OK v1"},
		{"--ignore-quit-failure on", "127.0.0.1:25 ip " + usual + " quit=OK"},
		{"--ignore-q 1", "127.0.0.1:25 ip " + usual + " quit=OK"},
		{"-q false", "127.0.0.1:25 ip " + usual},
		{"-q -q off", "127.0.0.1:25 ip " + usual},
		{"-q '' 127.0.0.2", "127.0.0.2:25 ip " + usual},
		{"-vq NO 127.0.0.2", "127.0.0.2:25 ip " + usual + " v1"},
		{"--ignore-quit-failure 0", "127.0.0.1:25 ip " + usual},
		{"--ignore-q=yes", "127.0.0.1:25 ip " + usual + " quit=OK"},
		{"--ignore-quit-failure=off", "127.0.0.1:25 ip " + usual},
		{"-q --ignore-quit-failure=", "127.0.0.1:25 ip " + usual},
		{"-qv true", "true:25 ip 10s auto ws dns connect banner ehlo quit quit=OK v1"},

		// Macros without a value.
		{"-H mx1 ''", "mx1:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"-H mx1 '' -v '' ''", "mx1:25 ip 10s auto ws dns connect banner ehlo quit v1"},
		{"mx1 ''", "mx1:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"-H mx1 -- ''", "mx1:25 ip 10s auto ws dns connect banner ehlo quit"},

		// Target.
		{"mx1", "mx1:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"-v mx1 -p 26", "mx1:26 ip 10s auto ws dns connect banner ehlo quit v1"},
		{"-H mx1 -H mx2", "mx2:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"-H '[::1]'", "::1:25 ip " + usual},
		{"-H '[fe80::1%eth0]'", "fe80::1%eth0:25 ip " + usual},
		{"-H '[1.2.3.4]'", "1.2.3.4:25 ip " + usual},
		{"-H '[mx1]'", "[mx1]:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"-H '/run/a b' -p 26", "/run/a b:26 unix " + usual},
		{"-H " + "/" + strings.Repeat("x", 106), "/" + strings.Repeat("x", 106) + ":25 unix " + usual},
		{"-4 mx1", "mx1:25 ip4 10s auto ws dns connect banner ehlo quit"},
		{"-4 -6 mx1", "mx1:25 ip6 10s auto ws dns connect banner ehlo quit"},
		{"-64 mx1", "mx1:25 ip4 10s auto ws dns connect banner ehlo quit"},
		{"-4 127.0.0.1", "127.0.0.1:25 ip4 " + usual},
		{"-4 ::ffff:127.0.0.1", "::ffff:127.0.0.1:25 ip4 " + usual},
		{"--use-ipv4 --use-ipv6=false mx1", "mx1:25 ip4 10s auto ws dns connect banner ehlo quit"},
		{"--use-ipv4 --use-ipv4=false mx1", "mx1:25 ip 10s auto ws dns connect banner ehlo quit"},
		{"--bind 127.0.0.2", "127.0.0.1:25 ip bind 127.0.0.2 " + usual},
		{"--bind ::ffff:127.0.0.2", "127.0.0.1:25 ip bind 127.0.0.2 " + usual},
		{"--bind ::1 mx1", "mx1:25 ip6 bind ::1 10s auto ws dns connect banner ehlo quit"},
		{"--bind 127.0.0.2 -4 mx1", "mx1:25 ip4 bind 127.0.0.2 10s auto ws dns connect banner ehlo quit"},

		// Session.
		{"-F a.example", "127.0.0.1:25 ip 10s auto a.example connect banner ehlo quit"},
		{"-F a --helo b --ehlo c", "127.0.0.1:25 ip 10s auto c connect banner ehlo quit"},
		{"--ehlo c -F a", "127.0.0.1:25 ip 10s auto a connect banner ehlo quit"},
		{"-F ''", "127.0.0.1:25 ip " + usual},
		{"--greeting helo", "127.0.0.1:25 ip 10s helo ws connect banner ehlo quit"},
		{"-L", "127.0.0.1:25 ip 10s lhlo ws connect banner ehlo quit"},
		{"-L --greeting auto", "127.0.0.1:25 ip 10s lhlo ws connect banner ehlo quit"},
		{"-e ''", "127.0.0.1:25 ip " + usual},
		{"-C NOOP", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP> quit"},
		{"-R ^250 -C NOOP -C 'VRFY x' -R ^252", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP>{response ^250} command<VRFY x>{response ^252} quit"},
		{"-C NOOP -R '' -C RSET -R ^250", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP> command<RSET>{response ^250} quit"},
		{"-C ''", "127.0.0.1:25 ip " + usual},
		{"-C '' -C NOOP -R '' -R ^250", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP>{response ^250} quit"},
		{"-C '' -R ''", "127.0.0.1:25 ip " + usual},
		{"-C NOOP -R ^250 -R ''", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP>{response ^250} quit"},
		{"--expect-reply ehlo=2xx/SIZE", "127.0.0.1:25 ip 10s auto ws connect banner ehlo{expect 2xx/SIZE} quit"},
		{"--expect-reply banner=554 --expect-reply quit=221", "127.0.0.1:25 ip 10s auto ws connect banner{expect 554} ehlo quit{expect 221}"},
		{"--expect-reply command=250 -C NOOP -C RSET -R '' -R x", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP>{expect 250} command<RSET>{response x} quit"},
		{"-f a@b --quit-after mailfrom", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<a@b> quit"},
		{"--quit-after quit -C NOOP", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP> quit"},
		{"-t 2.5", "127.0.0.1:25 ip 2.5s auto ws connect banner ehlo quit"},
		{"-t .5:Unknown", "127.0.0.1:25 ip 500ms auto ws connect banner ehlo quit timeout=UNKNOWN"},
		{"-t :1", "127.0.0.1:25 ip " + usual + " timeout=WARNING"},
		{"-t 3600", "127.0.0.1:25 ip 1h0m0s auto ws connect banner ehlo quit"},
		{"-t ''", "127.0.0.1:25 ip " + usual},

		// Envelope.
		{"-f a@b", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<a@b> quit"},
		{"-f '<<a@b> SIZE=1'", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<a@b> quit"},
		{"-f ''", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<> quit"},
		{"-f a@b --smtp-from=c@d", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<c@d> quit"},
		{"--smtp-from=c@d --from=", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<> quit"},

		// Thresholds and states.
		{"-w 1 -c 5 -w banner_time=0.5 -w 2", "127.0.0.1:25 ip " + usual + " w:time=2 c:time=5 w:banner_time=0.5"},
		{"-w 1 -w time=@3:4", "127.0.0.1:25 ip " + usual + " w:time=@3:4"},
		{"-w '' -c ''", "127.0.0.1:25 ip " + usual},
		{"-w 1 -w ''", "127.0.0.1:25 ip " + usual + " w:time=1"},
		{"-w dns_time=1 mx1", "mx1:25 ip 10s auto ws dns connect banner ehlo quit w:dns_time=1"},
		{"--state tempfail=Critical --state resolve=0", "127.0.0.1:25 ip " + usual + " resolve=OK tempfail=CRITICAL"},
		{"--range-perfdata 1 -H 127.0.0.1", "127.0.0.1:25 ip " + usual},
		{"--state quit=critical -q", "127.0.0.1:25 ip " + usual + " quit=CRITICAL"},
		{"--state timeout=ok -t 1:2", "127.0.0.1:25 ip 1s auto ws connect banner ehlo quit timeout=OK"},

		// Output.
		{"--output-format nagios --output-file=/tmp/x", "127.0.0.1:25 ip " + usual + " file=/tmp/x"},
		{"--perfdata 'time, quit_time'", "127.0.0.1:25 ip " + usual + " perfdata=[time quit_time]"},
	} {
		p, err := Parse(shell(test.line), surroundings(nil))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := show(p); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
		if p.Output.Format != plan.Nagios && err == nil {
			t.Errorf("%s: format %q", test.line, p.Output.Format)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	for _, test := range []struct{ line, problem, hint string }{
		{"", "no arguments", "--help"},

		// Words.
		{"-x", `unknown option "-x"`, "--help"},
		{"-vx", `unknown option "-x"`, "--help"},
		{"-xv", `unknown option "-x"`, "--help"},
		{"-5:10", `unknown option "-5"`, "--help"},
		{"--bogus", `unknown option "--bogus"`, "see check_smtp --help"},
		{"--help=mx", `-h/--help: "mx" is not a topic`, "did you mean domain?"},
		{"--help=--dane", `-h/--help: "--dane" is not a topic`, "did you mean domain?"},
		{"--help=starttls", `-h/--help: "starttls" is not a topic`, "did you mean tls?"},
		{"-ä", `unknown option "-ä"`, "--help"},
		{"--help=tlss", `-h/--help: "tlss" is not a topic`, "did you mean tls?"},
		{"--=x", `unknown option "--"`, "see check_smtp --help"},
		{"--hostnme mx1", `unknown option "--hostnme"`, "did you mean --hostname?"},
		{"--quiet-after ehlo", `unknown option "--quiet-after"`, "did you mean --quit-after?"},
		{"--startls", `unknown option "--startls"`, "did you mean --starttls?"},
		{"--c=1", `option "--c" is ambiguous`, "--command or --content-type or --critical"},
		{"--h", `option "--h" is ambiguous`, "--helo or --help or --hostname"},
		{"--use-ipv", `option "--use-ipv" is ambiguous`, "--use-ipv4 or --use-ipv6"},
		{"-H", "-H/--hostname: the value is missing", ""},
		{"-vH", "-H/--hostname: the value is missing", ""},
		{"--helo", "-F/--fqdn: the value is missing", ""},
		{"--lmtp=perhaps", `-L/--lmtp: "perhaps" is neither on nor off`, "give "},
		{"--use-ipv6=maybe", `-6/--use-ipv6: "maybe" is neither on nor off`, "give "},
		{"--verbose=x", `-v/--verbose: "x" is not a number`, "give "},
		{"mx1 mx2", `unexpected word "mx2" on the command line`, `the host is "mx1"`},
		{"-H mx1 mx2", `unexpected word "mx2" on the command line`, "quote a value that contains spaces"},
		{"-H mx1 -q maybe", `unexpected word "maybe" on the command line`, ""},
		{"-H mx1 -qv false", `unexpected word "false" on the command line`, ""},
		{"-H mx1 '' x", `unexpected word "x" on the command line`, ""},
		{"-H mx1 --ignore-quit-failure=maybe", `-q/--ignore-quit-failure: "maybe" is neither on nor off`, ""},
		{"-H mx1 -q true true", `unexpected word "true" on the command line`, ""},
		{"-H mx1 -q -v true", `unexpected word "true" on the command line`, ""},
		{"-H mx1 -- -q true", `unexpected word "-q" on the command line`, ""},

		// Target.
		{"-H ''", "-H/--hostname: the host is empty", "a name"},
		{"''", "-H/--hostname: the host is empty", "a name"},
		{"'' mx1", "-H/--hostname: the host is empty", "a name"},
		{"-H '[::1'", `-H/--hostname: "[:..." is neither a name nor an address`, ""},
		{"-H mx1:smtp", `-H/--hostname: "mx1:..." is neither a name nor an address`, "-p"},
		{"-H mx1:", `-H/--hostname: "mx1:..." is neither a name nor an address`, ""},
		{"-H :25", `-H/--hostname: ":..." is neither a name nor an address`, ""},
		{"587", `-H/--hostname: "587" is a number and no host`, "-p 587"},
		{"-H 99999", `-H/--hostname: "99999" is a number and no host`, "give a name"},
		{"-H smtp://mx1.example.org", `-H/--hostname: "smtp://mx1.example.org" is a URL and no host`, "give -H mx1.example.org"},
		{"smtp://mx1.example.org:587/x?y=z", `-H/--hostname: "smtp://mx1.example.org:587" is a URL and no host`, "give -H mx1.example.org -p 587"},
		{"-H SMTPS://mx1.example.org/", `-H/--hostname: "smtps://mx1.example.org" is a URL and no host`, "give -H mx1.example.org -s"},
		{"-H lmtp://[::1]:24", `-H/--hostname: "lmtp://[::1]:24" is a URL and no host`, "give -H [::1] -p 24"},
		{"-H smtp://", `-H/--hostname: "smtp://" is a URL and no host`, "give a name"},
		{"-H unix:/run/dovecot/lmtp", `-H/--hostname: "unix:/run/dovecot/lmtp" is not how a socket is given`, "give -H /run/dovecot/lmtp"},
		{"unix:///run/lmtp", `-H/--hostname: "unix:///run/lmtp" is not how a socket is given`, "give -H /run/lmtp"},
		{"-H run/lmtp", `-H/--hostname: "run/lmtp" is neither a name nor an address`, "the absolute path"},
		{"-H joe@mx1", "-H/--hostname: no host holds an @, and the text is not shown as a password may be in it", "give the host alone"},
		{"-H 'a b'", `-H/--hostname: "a b" holds a blank or a control character`, ""},
		{"-H 'a\x00'", `-H/--hostname: "a\x00" holds a blank or a control character`, ""},
		{"-H '/a\n'", `-H/--hostname: "/a\n" holds a blank or a control character`, ""},
		{"-H '=mx1'", `-H/--hostname: "=mx1" begins with an equals sign`, "leave it out"},
		{"-H " + strings.Repeat("x", 256), `-H/--hostname: "` + strings.Repeat("x", 100) + `"... is longer than 255 bytes`, ""},
		{"-H /" + strings.Repeat("x", 107), `-H/--hostname: "/` + strings.Repeat("x", 99) + `"... is longer than 107 bytes`, ""},
		{"-H mx1.example.org:25", `-H/--hostname: "mx1.example.org:25" is a host and a port`, "-p 25"},
		{"1.2.3.4:25", `-H/--hostname: "1.2.3.4:25" is a host and a port`, "-p"},
		{"-H ü⁉", `-H/--hostname: "ü⁉": that is not a domain name`, ""},
		{"-F ü⁉", `-F/--fqdn: "ü⁉": that is not a domain name`, ""},
		{"-f a@ü⁉", `-f/--from: "a@ü⁉": that is not a domain name`, ""},
		{"-f a@b --to x@y,a@ü⁉", `--to: "a@ü⁉": that is not a domain name`, ""},
		{"-H [::1]:25", `-H/--hostname: "[::1]:25" is a host and a port`, "-p"},
		{"-H mx1 --range-perfdata 3", "--range-perfdata: its value stands behind an equals sign", "--range-perfdata=3"},
		{"-H /a -4", `-H/--hostname: "/a" is a socket`, "leave out"},
		{"-H /a -6", `-H/--hostname: "/a" is a socket`, "leave out"},
		{"-H /a --bind ::1", `-H/--hostname: "/a" is a socket`, "leave out"},
		{"-p 0", `-p/--port: "0" is not a port (1 to 65535)`, ""},
		{"-p 70000", `-p/--port: "70000" is not a port (1 to 65535)`, ""},
		{"-p +25", `-p/--port: "+25" is not a port (1 to 65535)`, ""},
		{"-p 0x19", `-p/--port: "0x19" is not a port (1 to 65535)`, ""},
		{"-p smtp", `-p/--port: "smtp" is not a port (1 to 65535)`, ""},
		{"-p ''", `-p/--port: "" is not a port (1 to 65535)`, ""},
		{"--bind mx1", `--bind: "mx1" is not an IP address`, ""},
		{"--bind ::1", `--bind: "::1" is not of the family of "127.0.0.1"`, ""},
		{"--bind ::1 -4 mx1", `--bind: "::1" does not go with -4 or -6`, ""},
		{"--bind ::1 -4 ::2", `-4/--use-ipv4: "::2" is an IPv6 address`, ""},

		// Session.
		{"-F 'a b'", `-F/--fqdn: "a b" holds a blank`, ""},
		{"-F 'a\r\nQUIT'", `-F/--fqdn: "a\r\nQUIT": it contains the control character 0x0d`, ""},
		{"--ehlo " + strings.Repeat("x", 256), `-F/--fqdn: "` + strings.Repeat("x", 100) + `"... is longer than 255 bytes`, ""},
		{"--greeting lhlo", `--greeting: "lhlo" is not a greeting`, "did you mean ehlo"},
		{"--greeting hi", `--greeting: "hi" is not a greeting`, "they are auto, ehlo, helo"},
		{"--greeting helo -L", "--greeting: helo does not go with -L/--lmtp, which greets with LHLO", ""},
		{"-C '' -R ^250", `-R/--response: "^250" belongs to an empty -C`, "the first -R"},
		{"-C '' -C NOOP -R ^250", `-R/--response: "^250" belongs to an empty -C`, ""},
		{"-C 'NOOP\n'", `-C/--command: "NOOP\n": it contains the control character 0x0a`, ""},
		{"-C " + strings.Repeat("x", 2001), `-C/--command: "` + strings.Repeat("x", 100) + `"... is longer than 2000 bytes`, ""},
		{"-R ^250", `-R/--response: "^250" has no -C to belong to`, "as many"},
		{"-C NOOP -R ^250 -R ^251", `-R/--response: "^251" has no -C to belong to`, ""},
		{"-C NOOP -R 2(5", `-R/--response: "2(5" is not a regular expression: missing closing )`, "RE2"},
		{"-C NOOP -R '(?!5)'", `-R/--response: "(?!5)" is not a regular expression: invalid or unsupported Perl syntax`, "RE2"},
		{"-f f --to t --expect-reply data=2xx", `--expect-reply: "data=2xx": DATA is accepted with 354 only`, "data=354"},
		{"-f f --to t --expect-reply data=354,250", `--expect-reply: "data=354,250": DATA is accepted with 354 only`, "data=554"},
		{"--expect-reply tls=220", `--expect-reply: "tls" is not a phase with a reply, which are banner, ehlo, starttls, ehlo_tls, sasl_auth, mailfrom, command, rcptto, data, body, rset, quit`, ""},
		{"--expect-reply dns=220", `--expect-reply: "dns" is not a phase with a reply, which are banner, ehlo, starttls, ehlo_tls, sasl_auth, mailfrom, command, rcptto, data, body, rset, quit`, ""},
		{"--expect-reply ehlo=25", `--expect-reply: "25" is not a reply code such as 250 or 2xx`, ""},
		{"--expect-reply 'ehlo=250/\n('", `--expect-reply: "ehlo=250/\n(" is not a regular expression: missing closing )`, ""},
		{"--expect-reply mailfrom=250", `--expect-reply: "mailfrom=250" would judge nothing: this run has no phase mailfrom`, "its phases are banner, ehlo, quit"},
		{"--expect-reply command=250 -C NOOP -R x", `--expect-reply: "command=250" would judge nothing: every -C has its own -R`, ""},
		{"--expect-reply ehlo=250 --expect-reply ehlo=251", `--expect-reply: "ehlo=251" is the second one for ehlo`, ""},
		{"--expect-reply banner=220 -e x", `--expect-reply: "banner=220" and -e/--expect both judge the banner`, ""},
		{"--quit-after dns mx1", `--quit-after: "dns" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, ""},
		{"--quit-after mailfrom", "--quit-after: this run has no phase mailfrom", "its phases are banner, ehlo, quit"},
		{"-t 0", `-t/--timeout: "0" leaves no time`, "-t 10"},
		{"-t 0.0", `-t/--timeout: "0.0" leaves no time`, ""},
		{"-t 0.0000000001", `-t/--timeout: "0.0000000001" leaves no time`, ""},
		{"-t 3600.1", `-t/--timeout: "3600.1" is more than an hour`, ""},
		{"-t 1e1", `-t/--timeout: "1e1" is not a number of seconds`, ""},
		{"-t 1m30", `-t/--timeout: "1m30" is not a number of seconds`, ""},
		{"-t -1", `-t/--timeout: "-1" is below zero`, ""},
		{"-t .", `-t/--timeout: "." is not a number of seconds`, ""},
		{"-t 99999999999999999999", `-t/--timeout: "99999999999999999999" is not a number of seconds`, ""},
		{"-t 5:4", `-t/--timeout: "4" is not a state`, "0 to 3"},
		{"-t 5:", `-t/--timeout: "" is not a state`, "0 to 3"},

		// Envelope.
		{"-f 'a b'", `-f/--from: "a b": it holds a blank or "<"`, ""},
		{"-f 'a\nb'", `-f/--from: "a\nb": it contains the control character 0x0a`, ""},

		// Thresholds and states.
		{"-w abc", `-w/--warning: "abc" is not a number`, "[start:]end"},
		{"-c 5:1", `-c/--critical: range "5:1": the start is above the end`, ""},
		{"-w banner_time=", `-w/--warning: range "" is empty`, ""},
		{"-w bannertime=1", `-w/--warning: "bannertime" is not a metric`, "did you mean banner_time?"},
		{"-w from=1", `-w/--warning: "from" is not a metric`, "did you mean mailfrom_time?"},
		{"-w =1", `-w/--warning: "" is not a metric`, "they are time, credential_time, dns_time, "},
		{"-w mailfrom_time=1", `-w/--warning: "mailfrom_time=1" could never alert: this run has no mailfrom_time`, "add -f"},
		{"-f a -c command_time=1", `-c/--critical: "command_time=1" could never alert: this run has no command_time`, "add -C"},
		{"--state tempfail", `--state: "tempfail" is not CONDITION=STATE`, ""},
		{"--state tempfial=ok", `--state: "tempfial" is not a condition`, "did you mean tempfail?"},
		{"--state tempfail=fine", `--state: "fine" is not a state`, ""},

		// Output.
		{"--output-format jsn", `--output-format: "jsn" is not a format`, "json"},
		{"--perfdata time,tim", `--perfdata: "tim" is not a metric`, "did you mean time"},
		{"--perfdata time,", `--perfdata: "" is not a metric`, ""},
	} {
		p, err := Parse(shell(test.line), surroundings(nil))
		usage, ok := errors.AsType[*UsageError](err)
		if !ok {
			t.Errorf("%.60s: no usage error but %v, %s", test.line, err, show(p))
			continue
		}
		if usage.Problem != test.problem {
			t.Errorf("%.60s\n got %s\nwant %s", test.line, usage.Problem, test.problem)
		}
		if usage.Hint == "" || !strings.Contains(usage.Hint, test.hint) {
			t.Errorf("%.60s\n hint %q\nwant %q in it", test.line, usage.Hint, test.hint)
		}
		if usage.Error() != usage.Problem {
			t.Errorf("Error() = %q", usage.Error())
		}
	}
}

// -F is asked for when the machine cannot tell its name.
func TestNoHostname(t *testing.T) {
	env := surroundings(nil)
	for _, hostname := range []func() (string, error){
		func() (string, error) { return "", errors.New("no name") },
		func() (string, error) { return "", nil },
	} {
		env.Hostname = hostname
		_, err := Parse([]string{"-H", "mx1"}, env)
		usage, ok := errors.AsType[*UsageError](err)
		if !ok || usage.Problem != "-F/--fqdn: this machine has no host name" {
			t.Errorf("got %v", err)
		}
		if _, err = Parse([]string{"-H", "mx1", "-F", "ws"}, env); err != nil {
			t.Error(err)
		}
	}
}

func TestTexts(t *testing.T) {
	for line, start := range map[string]string{
		"-h":                "Usage: check_smtp ",
		"-vh":               "Usage: check_smtp ",
		"-H mx1 --help -x":  "Usage: check_smtp ",
		"--hel --helo ws":   "Usage: check_smtp ",
		"--help=all":        "Usage: check_smtp ",
		"--help=TLS":        "TLS\n  -S, --starttls ",
		"-h message":        "Envelope and message\n  -f, --from",
		"-V":                "check_smtp v" + Version + " (check_smtp " + Version + ")\n",
		"--version -p none": "check_smtp v" + Version + " (check_smtp " + Version + ")\n",
	} {
		_, err := Parse(shell(line), surroundings(nil))
		text, ok := errors.AsType[*option.Text](err)
		if !ok || !strings.HasPrefix(text.Body, start) || !strings.HasSuffix(text.Body, "\n") {
			t.Errorf("%s: %v", line, err)
		}
	}
	if (&option.Text{}).Error() == "" {
		t.Error("a text without a message")
	}
}

// Whatever a user can type stands in the help, with the defaults of the states.
func TestHelp(t *testing.T) {
	var words []string
	Tables.All(func(r *option.Row) {
		for _, name := range r.Names() {
			words = append(words, "--"+name)
		}
		if r.Letter != 0 {
			words = append(words, "-"+string(rune(r.Letter))+",")
		}
	})
	words = append(words, texts(facts.Labels())...)
	words = append(words, texts(plan.Greetings)...)
	words = append(words, texts(slices.Concat(plan.Formats, centreon.Formats))...)
	words = append(words, texts(plan.TLSModes)...)
	words = append(words, texts(sasl.Names())...)
	words = append(words, texts(plan.ProxyFamilies)...)
	for _, c := range plan.Conditions() {
		words = append(words, string(c)+"="+strings.ToLower(c.Default().String()))
	}
	for _, p := range plan.Phases {
		if p.HasReply() {
			words = append(words, string(p))
		}
	}
	said := strings.FieldsFunc(helpPage(), func(r rune) bool { return strings.ContainsRune(" \n=[(;.", r) })
	said = append(said, strings.Fields(helpPage())...)
	for _, word := range words {
		found := slices.ContainsFunc(said, func(s string) bool {
			return s == word || strings.TrimRight(s, ",.:") == word
		})
		if !found {
			t.Errorf("the help does not say %s", word)
		}
	}
	for line := range strings.Lines(helpPage()) {
		if len(line) > 80 || strings.TrimRight(line, " \n")+"\n" != line {
			t.Errorf("too long, or a blank at the end: %q", line)
		}
	}
}

// A path may end like a port, and so does every IPv6 address.
func TestNoPort(t *testing.T) {
	for _, host := range []string{"::1", "::1:25", "fe80::1%eth0", "fe80::25", "/run/lmtp:25", "/run/a@b:c", "7.example", "1.2.3.4"} {
		if got, err := checkHost(host); got != host || err != nil {
			t.Errorf("%s: %q, %v", host, got, err)
		}
	}
}

// TestHelpTopics: the first page fits a screen and names the topics; together they
// are the whole help.
func TestHelpTopics(t *testing.T) {
	if lines := strings.Count(shortHelp, "\n"); lines > 40 {
		t.Errorf("the first page has %d lines", lines)
	}
	options := 0
	for _, topic := range Tables.Topics() {
		text, err := helpOn(topic)
		if err != nil || !regexp.MustCompile(`TOPIC is [^.]*\b`+topic+`\b`).MatchString(shortHelp) {
			t.Errorf("%s: %v\n%s", topic, err, text)
		}
		options += strings.Count("\n"+text, "\n  -") + strings.Count("\n"+text, "\n      --")
	}
	all := 0
	Tables.All(func(*option.Row) { all++ })
	if options != all {
		t.Errorf("the topics have %d options, there are %d", options, all)
	}
	for line := range strings.Lines(shortHelp) {
		if len(line) > 80 {
			t.Errorf("too wide: %s", line)
		}
		if name, _, ok := strings.Cut(strings.TrimLeft(line, " "), " "); ok && strings.HasPrefix(name, "-") && !strings.Contains(helpPage(), strings.TrimRight(name, ",")) {
			t.Errorf("no such option: %s", name)
		}
	}
}

// TestHelpSections: examples of all that people begin with, and nothing under
// the edits that edits nothing.
func TestHelpSections(t *testing.T) {
	for _, example := range []string{"-vvv\n", "-S --output-format waterfall\n", "-f a@example.org --to b@example.org\n"} {
		if !strings.Contains(helpPage(), "\n  check_smtp -H mx1.example.org "+example) {
			t.Errorf("no example %q", example)
		}
	}
	for _, name := range []string{"output-json", "debug", "runas", "use-new-perfdata", "source-encoding"} {
		if slices.ContainsFunc(editsRows, func(r option.Row) bool { return r.Name == name }) {
			t.Errorf("%s edits nothing", name)
		}
	}
	for _, wrong := range []string{"changes nothing but", "--list-mode, --mode-version", "with -s 465", "Perl files, which are not read", "TeamPass. Default", "are; repeatable"} {
		if strings.Contains(helpPage(), wrong) {
			t.Errorf("the help says %q", wrong)
		}
	}
}

// TestHelpAlone: the text on an option is clear to who reads only that.
func TestHelpAlone(t *testing.T) {
	leans := regexp.MustCompile(`^(it|its|the same|so|such|there|also)\b[^-]*$|the next (one|two)\b|as above|described above`)
	Tables.All(func(r *option.Row) {
		if leans.MatchString(r.Help) {
			t.Errorf("--%s: what is meant? %s", r.Name, r.Help)
		}
	})
}

// TestHelpChoices: the words that an option takes stand where it is explained.
func TestHelpChoices(t *testing.T) {
	Tables.All(func(r *option.Row) {
		if r.List != nil {
			return
		}
		for _, word := range strings.Fields(r.Choices) {
			word, _, _ = strings.Cut(word, ":")
			if !strings.Contains(r.Help, word) {
				t.Errorf("--%s: the help does not say %q", r.Name, word)
			}
		}
	})
}

func TestFlagNames(t *testing.T) {
	names := Tables.Names()
	for _, name := range []string{"hostname", "fqdn", "helo", "ehlo", "smtp-from", "extra-opts", "help"} {
		if !slices.Contains(names, name) {
			t.Errorf("no %s", name)
		}
	}
	if !slices.IsSorted(names) {
		t.Error("not sorted")
	}
}

func BenchmarkParse(b *testing.B) {
	env := surroundings(nil)
	argv := []string{"-H", "127.0.0.1", "-p", "2525", "-f", "a@b"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(argv, env); err != nil {
			b.Fatal(err)
		}
	}
}

// TestVersion: what the program was built with stands below the line that scripts
// read.
func TestVersion(t *testing.T) {
	env := surroundings(nil)
	env.Built = func() string { return "go9.9 plan9/mips" }
	_, err := Parse(shell("-V"), env)
	text, ok := errors.AsType[*option.Text](err)
	if !ok || text.Body != "check_smtp v"+Version+" (check_smtp "+Version+")\ngo9.9 plan9/mips\n" {
		t.Errorf("%v %+v", err, text)
	}
}
