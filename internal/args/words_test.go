package args

import (
	"strings"
	"testing"
)

// TestSlips: what people mistype is blamed on the right word, and the hint leads
// to the right one.
func TestSlips(t *testing.T) {
	const dash = " begins with a dash that is not a hyphen"
	const inOne = "another option is in the same word"
	for _, test := range []struct{ line, problem, hint string }{
		// A value that was forgotten.
		{"-w -c 5", "-w/--warning: the value is missing before -c/--critical", "next word"},
		{"-H mx1 -w -c 5", "-w/--warning: the value is missing before -c/--critical", ""},
		{"-H mx1 -w --critical=5", "-w/--warning: the value is missing before -c/--critical", ""},
		{"-H mx1 -w --crit 5", "-w/--warning: the value is missing before -c/--critical", ""},
		{"-H mx1 -w -ct 5", "-w/--warning: the value is missing before -c/--critical", ""},
		{"-H mx1 -w -c5", "-w/--warning: the value is missing before -c/--critical", ""},
		{"-p -w 1", "-p/--port: the value is missing before -w/--warning", ""},
		{"-p -- mx1", "-p/--port: the value is missing before --", ""},
		{"--port --verify", "-p/--port: the value is missing before --verify", ""},
		{"-D -S mx1", "-D/--certificate: the value is missing before -S/--starttls", ""},
		{"-t -vv mx1", "-t/--timeout: the value is missing before -v/--verbose", ""},
		{"--state --quit-after ehlo", "--state: the value is missing before --quit-after", ""},
		{"-H -p 25", "-H/--hostname: the value is missing before -p/--port", ""},
		{"-F -S mx1", "-F/--fqdn: the value is missing before -S/--starttls", ""},
		{"-f --to a@b", "-f/--from: the value is missing before --to", ""},
		{"-f a@b --to --quit-after rcptto", "--to: the value is missing before --quit-after", ""},
		{"-U u --authpass-file --verify", "--authpass-file: the value is missing before --verify", ""},
		{"-p -PhunterMARKER", "-p/--port: the value is missing before -P/--authpass", ""},
		{"-p --password=hunterMARKER", "-p/--port: the value is missing before -P/--authpass", ""},

		// A long option behind one dash.
		{"-timeout 5", `unknown option "-timeout"`, "did you mean --timeout 5?"},
		{"-timeout=5", `unknown option "-timeout"`, "did you mean --timeout?"},
		{"-H mx1 -port 587", `unknown option "-port"`, "did you mean --port 587?"},
		{"-warning 1 -critical 5", `unknown option "-warning"`, "did you mean --warning 1?"},
		{"-warn 1", `unknown option "-warn"`, "did you mean --warning 1?"},
		{"-verify", `unknown option "-verify"`, "did you mean --verify?"},
		{"-ssl", `unknown option "-ssl"`, "did you mean --ssl?"},
		{"-tls", `unknown option "-tls"`, "did you mean --tls?"},
		{"-sni", `unknown option "-sni"`, "did you mean --sni?"},
		{"-starttls", `unknown option "-starttls"`, "did you mean --starttls?"},
		{"-start", `unknown option "-start"`, "did you mean --starttls?"},
		{"-expect x", `unknown option "-expect"`, "did you mean --expect?"},
		{"-from a@b", `unknown option "-from"`, "did you mean --from?"},
		{"-cc a@b", `unknown option "-cc"`, "did you mean --cc?"},
		{"-command NOOP", `unknown option "-command"`, "did you mean --command?"},
		{"-proxy", `unknown option "-proxy"`, "did you mean --proxy?"},
		{"-hostname mx1", `unknown option "-hostname"`, "did you mean --hostname?"},
		{"-version", `unknown option "-version"`, "did you mean --version?"},
		{"-verbose", `unknown option "-verbose"`, "did you mean --verbose?"},
		{"-pass MARKER", `unknown option "-pass..."`, "did you mean --password or --authpass-file?"},
		{"-password MARKER", `unknown option "-password..."`, "--password"},
		{"-passMARKER", `unknown option "-pass..."`, ""},
		{"-teampass-api-keyMARKER", `unknown option "-teampass-api-key..."`, ""},
		{"-mx example.org", `unknown option "-mx"`, "did you mean --mx?"},
		{"-dane", `unknown option "-dane"`, "did you mean --dane?"},
		{"-lmtp", `unknown option "-lmtp"`, "did you mean --lmtp?"},
		{"-json", `unknown option "-j"`, "--output-format json"},

		// A dash that is no hyphen.
		{"–p 587", `"–p"` + dash, "type -p"},
		{"—hostname=mx1", `"—hostname"` + dash, "type --hostname"},
		{"–hostname mx1", `"–hostname"` + dash, "type --hostname"},
		{"−vv", `"−v"` + dash, "type -v"},
		{"-–verify", `"–verify"` + dash, "type --verify"},
		{"‐P MARKER", `"‐P"` + dash, "type -P"},
		{"—password=MARKER", `"—password"` + dash, "type --password"},
		{"–PMARKER", `"–P"` + dash, "type -P"},
		{"–µ", `a word begins with "–", a dash that is not a hyphen`, "type -"},
		{"-H mx1 -w –c 5", `"–c"` + dash, "type -c"},
		{"-H mx1 -w −5:10", `a word begins with "−", a dash that is not a hyphen`, "type -"},
		{"--authpass–file x", `unknown option "--authpass..."`, ""},
		{"--quit–after x", `unknown option "--..."`, "a dash that is not a hyphen"},
		{"-e “220 x”", "-H/--hostname: \"x”\" holds a dash or a quotation mark of a word processor", "type -"},
		{"-H mx1 -e “220 x”", "-e/--expect: unexpected second word \"x”\"", "quote"},
		{"-v mx1 “mx2”", "unexpected word \"“mx2”\" on the command line", "quotation mark"},

		// Words of their own for what belongs to an option.
		{"-H mx1 587", `unexpected word "587" on the command line`, "-p 587"},
		{"mx1 587", `unexpected word "587" on the command line`, "-p 587"},
		{"-H mx1 -p 25 587", `unexpected word "587" on the command line`, "quote"},
		{"-H mx1 -D 30 7", `-D/--certificate: "30" and "7" stand in two words`, "give -D 30,7"},
		{"-D 30 7 mx1", `-D/--certificate: "30" and "7" stand in two words`, "give -D 30,7"},
		{"-H mx1 -D 30, 7", `-D/--certificate: "30," and "7" stand in two words`, "give -D 30,7"},
		{"-w 5 10", `-w/--warning: "5" and "10" stand in two words`, "give -w 5 -c 10"},
		{"-H mx1 -S --verify warning", "--verify: its value stands behind an equals sign", "give --verify=warning"},
		{"-S --verify true", "--verify: its value stands behind an equals sign", "give --verify=true"},
		{"-S true", "-S/--starttls: its value stands behind an equals sign", "give --starttls=true"},
		{"-S --verify warning", "--verify: its value stands behind an equals sign", "give --verify=warning"},
		{"-H mx1 --state tempfail critical", `--state: "tempfail" is not CONDITION=STATE`, "give --state tempfail=critical"},
		{"-H mx1 --state a b", `--state: "a" is not CONDITION=STATE`, "tempfail=critical"},
		{"-H mx1 -t 10 unknown", `-t/--timeout: "10" and "unknown" stand in two words`, "give -t 10:unknown"},
		{"-H mx1 --proxy 2", "-r/--proxy: it takes no value", "give --proxy-protocol 2"},
		{"-r 2", "-r/--proxy: it takes no value", "give --proxy-protocol 2"},
		{"-H mx1 -q foo", `unexpected word "foo" on the command line`, "leave it out, it is no value of -q/--ignore-quit-failure"},
		{"mx1 -S foo", `unexpected word "foo" on the command line`, `leave it out, it is no value of -S/--starttls, the host is "mx1"`},
		{"--form json", `unknown option "--form"`, "did you mean --output-format?"},
		{"--format=json", `unknown option "--format"`, "did you mean --output-format?"},
		{"--output json", `option "--output" is ambiguous`, "did you mean --output-file or --output-format?"},
		{"-H mx1 -v 3", "-v/--verbose: its number stands behind an equals sign", "-vv"},
		{"-H mx1 -S true", "-S/--starttls: its value stands behind an equals sign", "give --starttls=true"},
		{"-H mx1 --expect-reply rcptto 550", `--expect-reply: "rcptto" is not PHASE=CODES`, "give --expect-reply rcptto=550"},
		{"-H mx1 -f x@y --to a@b c@d", `--to: "a@b" and "c@d" stand in two words`, "give --to a@b,c@d"},
		{"-H mx1 -f x@y --to a@b, c@d", `--to: "a@b," and "c@d" stand in two words`, "give --to a@b,c@d"},
		{"-H mx1 --perfdata time ehlo_time", `--perfdata: "time" and "ehlo_time" stand in two words`, "give --perfdata time,ehlo_time"},
		{"-H mx1 -C VRFY x", `-C/--command: unexpected second word "x"`, "quote"},
		{"-H mx1 -C AUTH MARKER", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"-H mx1 -U u MARKER", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"-H mx1 -U u -P x -D 30 7", `-D/--certificate: "30" and "7" stand in two words`, "give -D 30,7"},
		{"-H mx1 -U u -P x 587", "unexpected word on the command line, not shown as it may be part of the password", "quote a value that contains spaces, and a port goes after -p"},
		{"-H mx1 --explode-perfdata-max a,b", "--explode-perfdata-max: its value stands behind an equals sign", "give --explode-perfdata-max=a,b"},
		{"-H mx1 json", `unexpected word "json" on the command line`, "--output-format json"},
		{"-H mx1 starttls", `unexpected word "starttls" on the command line`, "did you mean --starttls?"},
		{"-H mx1 port=587", `unexpected word "port=587" on the command line`, "did you mean --port?"},
		{"-H mx1 a@b", `unexpected word "a@b" on the command line`, "-f"},

		// Several words in one, as quotes around a macro leave them.
		{"-H mx1 '-p 587 -S'", "-p/--port: " + inOne, "$ARG1$"},
		{"-H mx1 '-w 1 -c 5'", "-w/--warning: " + inOne, ""},
		{"-H mx1 '-e 220 -w 1'", "-e/--expect: " + inOne, ""},
		{"-H mx1 '-U u -P MARKER'", "-U/--authuser: " + inOne, ""},
		{"-H mx1 '--port 587'", "-p/--port: the option and its value are in one word", "$ARG1$"},
		{"-H mx1 '--password MARKER'", "-P/--authpass: the option and its value are in one word", ""},
		{"-H mx1 '--port=587 -S'", "-p/--port: " + inOne, ""},

		// Names from elsewhere.
		{"--json", `unknown option "--json"`, "did you mean --output-format json?"},
		{"--prometheus", `unknown option "--prometheus"`, "did you mean --output-format openmetrics?"},
		{"--tls-verify", `unknown option "--tls-verify"`, "did you mean --verify?"},
		{"--insecure", `unknown option "--insecure"`, "leave it out"},
		{"--rcpt a@b", `unknown option "--rcpt"`, "did you mean --to?"},
		{"--mail-from a@b", `unknown option "--mail-from"`, "did you mean --from?"},
		{"--passwd MARKER", `unknown option "--pass..."`, "--password"},
		{"-u joe", `unknown option "-u"`, "did you mean -U/--authuser?"},
		{"-l", `unknown option "-l"`, "did you mean -L/--lmtp?"},
		{"-T 5", `unknown option "-T"`, "did you mean -t/--timeout?"},
		{"--output-format JSON", `--output-format: "JSON" is not a format`, "did you mean json?"},
		{"--output-format prometheus", `--output-format: "prometheus" is not a format`, "did you mean openmetrics?"},
		{"--quit-after rcpt", `--quit-after: "rcpt" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, "did you mean rcptto?"},
		{"--quit-after EHLO", `--quit-after: "EHLO" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, "did you mean ehlo"},
		{"--quit-after helo", `--quit-after: "helo" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, "did you mean ehlo?"},
		{"--expect-reply rcpt=550", `--expect-reply: "rcpt" is not a phase with a reply, which are banner, ehlo, starttls, ehlo_tls, sasl_auth, mailfrom, command, rcptto, data, body, rset, quit`, "did you mean rcptto?"},
		{"-w rcpt_time=1", `-w/--warning: "rcpt_time" is not a metric`, "did you mean rcptto_time?"},
		{"-w mail_time=1", `-w/--warning: "mail_time" is not a metric`, "did you mean mailfrom_time?"},
		{"-w auth_time=1", `-w/--warning: "auth_time" is not a metric`, "did you mean sasl_auth_time?"},
		{"-w login=1", `-w/--warning: "login" is not a metric`, "did you mean sasl_auth_time?"},
		{"--perfdata total", `--perfdata: "total" is not a metric`, "did you mean time?"},
		{"--tls-verif", `unknown option "--tls-verif"`, "did you mean --verify?"},
		{"--jsn", `unknown option "--jsn"`, "did you mean --output-format json?"},
		{"--starttls-if-available", `unknown option "--starttls-if-available"`, "did you mean --tls-mode starttls-if-available?"},
		{"-o json", `unknown option "-o"`, "did you mean --output-format"},
		{"-k", `unknown option "-k"`, "leave it out"},
		{"--output-format prometeus", `--output-format: "prometeus" is not a format`, "did you mean openmetrics?"},
		{"--tls-mode SSL", `--tls-mode: "SSL" is not a mode`, "did you mean implicit?"},
		{"--state Tempfail=ok", `--state: "Tempfail" is not a condition`, "did you mean tempfail?"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
}

// TestNoSlips: what looks like a slip, and is none.
func TestNoSlips(t *testing.T) {
	for _, line := range []string{
		"-w -5:10 -c -6:20", "-e -w", "-e --mode", "-U u -P -w", "-C -c", "-f -s@example.org", "-H -x", "-vq", "-qv", "-vvv", "-qqv", "-email", "-e –x",
		"-e220", "-fa@b", "-froot", "-U u -PMARKER", "'-p 587'", "'-w 1' '-c 5'", "'-f a@b'", "-H 127.0.0.1 -v", "-v 127.0.0.1", "-w 5 ::1", "--verify=ok -s",
		"--subject ' a -v' -f a@b --to c@d", "--subject=' a -v' -f a@b --to c@d", "-C 'NOOP -v'", "-t 10 ok.example.org",
	} {
		if _, err := Parse(shell(line), surroundings(nil)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	for _, line := range []string{"-help", "-h", "-hel"} {
		if _, err := Parse(shell(line), surroundings(nil)); err == nil || !strings.Contains(err.Error(), "a text was asked for") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestQuitINI: in an ini file -q says yes or no as well, and a bare one is on.
func TestQuitINI(t *testing.T) {
	for text, want := range map[string]string{"q = no": "", "q = off": "", "ignore-quit-failure = 0": "", "q =": " quit=OK", "q = yes": " quit=OK", "ignore-quit-failure = true": " quit=OK"} {
		p, err := Parse([]string{"--extra-opts=@/o.ini"}, surroundings(map[string]string{"/o.ini": "[check_smtp]\n" + text + "\n"}))
		if got := show(p); err != nil || got != "127.0.0.1:25 ip 10s auto ws connect banner ehlo quit"+want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}

// TestEquals: an equals sign behind a letter is a slip where no value begins with
// one, and means what it means behind the name where the letter is a switch.
func TestEquals(t *testing.T) {
	const eq = ": the value begins with an equals sign"
	for _, test := range []struct{ line, problem, hint string }{
		{"-f=a@b.cc", "-f/--from" + eq, "write -f ADDRESS or --from=ADDRESS"},
		{"-vf=a@b.cc", "-f/--from" + eq, "write -f ADDRESS or --from=ADDRESS"},
		{"-f=", "-f/--from" + eq, ""},
		{"-C=NOOP", "-C/--command" + eq, "write -C TEXT or --command=TEXT"},
		{"-F=mon", "-F/--fqdn" + eq, "write -F NAME or --fqdn=NAME"},
		{"-H=mx1", "-H/--hostname" + eq, "write -H HOST or --hostname=HOST"},
		{"-p=25", "-p/--port" + eq, "write -p N or --port=N"},
		{"-t=5", "-t/--timeout" + eq, "write -t SECONDS or --timeout=SECONDS"},
		{"-w=5", "-w/--warning" + eq, "write -w RANGE or --warning=RANGE"},
		{"-c=banner_time=5", "-c/--critical" + eq, "write -c RANGE or --critical=RANGE"},
		{"-D=30,7", "-D/--certificate" + eq, "write -D DAYS or --certificate=DAYS"},
		{"-A=PLAIN -U u -P x", "-A/--authtype" + eq, "write -A MECHANISM or --authtype=MECHANISM"},
		{"-U=monitor -P=MARKER", "-U/--authuser" + eq, "write -U USER or --authuser=USER"},
		{"-S=perhaps", `-S/--starttls: "perhaps" is neither on nor off`, "give "},
		{"-q=maybe", `-q/--ignore-quit-failure: "maybe" is neither on nor off`, ""},
		{"-v=x", `-v/--verbose: "x" is not a number`, ""},
		{"-v 2", "-v/--verbose: its number stands behind an equals sign", "repeat it: -vv, or give --verbose=2"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
	for line, same := range map[string]string{
		"-q=true": "-q", "-q=no": "", "-vq=yes": "-v -q", "-q=": "", "-S=true": "-S", "-S=Yes": "-S", "-S=1": "-S", "-S=false": "", "-S=no": "", "-S -S=off": "", "-v -v=0": "", "-v=On": "-v", "--dane=ON --mx a.b": "--dane --mx a.b", "--use-new-perfdata=no": "", "-v=2": "-vv", "-4=true mx1": "-4 mx1", "-e=220": "--expect==220",
		"-U u -P=x": "-U u --authpass==x", "-C NOOP -R=x": "-C NOOP --response==x",
	} {
		alike(t, "-t 5 "+line, "-t 5 "+same)
	}
}

// alike minds that two command lines ask for the same.
func alike(t *testing.T, line, same string) {
	t.Helper()
	p, err := Parse(shell(line), surroundings(nil))
	want, err2 := Parse(shell(same), surroundings(nil))
	if err != nil || err2 != nil || show(p) != show(want) {
		t.Errorf("%s: %s, %v\nwant %s, %v", line, show(p), err, show(want), err2)
	}
}

// TestOneWord: what quotes around a macro with several words leave.
func TestOneWord(t *testing.T) {
	const inOne, both = "another option is in the same word", "the option and its value are in one word"
	for _, test := range []struct{ line, problem, hint string }{
		{"-H mx1 '-S -D 30,7'", "-S/--starttls: " + both, "$ARG1$"},
		{"-H mx1 '-v -t 5'", "-v/--verbose: " + both, "$ARG1$"},
		{"-H mx1 '-S -p 26041'", "-S/--starttls: " + both, ""},
		{"-H mx1 '-vq true'", "-q/--ignore-quit-failure: " + both, ""},
		{"-H mx1 '-S -U u -P MARKER'", "-S/--starttls: " + both, ""},
		{"-H '127.0.0.1 -p 26001'", "-H/--hostname: " + inOne, "$ARG1$"},
		{"-H '127.0.0.1 -U u -P MARKER'", "-H/--hostname: " + inOne, ""},
		{"'mx1 -p 26001'", "-H/--hostname: " + inOne, ""},
		{"'mx1 --port=26001'", "-H/--hostname: " + inOne, ""},
		{"-H mx1 -w '5 -c 10'", "-w/--warning: " + inOne, "$ARG1$"},
		{"-H mx1 -t '5 -U u -P MARKER'", "-t/--timeout: " + inOne, ""},
		{"-H mx1 -f 'a@b -S'", "-f/--from: " + inOne, ""},
		{"-H mx1 -F 'a -P MARKER'", "-F/--fqdn: " + inOne, ""},
		{"-H mx1 '-f a@b -P MARKER'", "-f/--from: " + inOne, ""},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
	for line, same := range map[string]string{
		"'-S '": "-S", "'-v  '": "-v", "'-e 220'": "-e 220", "'-C NOOP'": "-C NOOP", "'-C VRFY x' '-R ^25'": "-C 'VRFY x' -R ^25", "'-U u' -P x": "-U u -P x",
		"-e ' 220'": "--expect=' 220'", "-f '\"a -S\"@b'": "--from='\"a -S\"@b'", "--expect-reply 'ehlo=250/a -S'": "--expect-reply='ehlo=250/a -S'",
	} {
		alike(t, "-t 5 "+line, "-t 5 "+same)
	}
}

// TestForgottenUser: what stands in the place of the user is not read as one, and
// not shown.
func TestForgottenUser(t *testing.T) {
	const problem = "-U/--authuser: the value is missing before -P/--authpass"
	for _, line := range []string{
		"-H mx1 -U -P MARKER", "-U -P MARKER", "-U -PMARKER mx1", "-H mx1 --authuser -P MARKER", "-H mx1 --username --password MARKER", "-H mx1 -U --password=MARKER",
	} {
		refuses(t, line, surroundings(nil), problem, "next word")
	}
	alike(t, "-U -joe -P x", "--authuser=-joe -P x")
}
