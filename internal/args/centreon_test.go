package args

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"check_smtp/internal/centreon"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// showEdits writes down what is to be changed.
func showEdits(r *centreon.Edits) string {
	if r == nil {
		return "nothing"
	}
	var b []string
	add := func(when bool, format string, values ...any) {
		if when {
			b = append(b, fmt.Sprintf(format, values...))
		}
	}
	add(r.Mode != "", "mode=%s", r.Mode)
	add(r.Only != nil, "only=%v", r.Only)
	if r.Precision != nil {
		add(true, "precision=%d", *r.Precision)
	}
	add(len(r.Change) > 0, "change=%d", len(r.Change))
	add(len(r.Extend) > 0, "extend=%d", len(r.Extend))
	add(len(r.Group) > 0, "group=%d", len(r.Group))
	for _, x := range r.Explode {
		add(true, "explode(%v %s)", x.Search, x.Label)
	}
	add(r.Keep != nil, "keep=%v", r.Keep)
	add(r.KeepIf != nil, "keepif")
	add(r.Units != nil, "units=%v", r.Units)
	add(r.Ranges != 0, "ranges=%d", r.Ranges)
	add(len(r.Short) > 0, "short=%d", len(r.Short))
	add(len(r.Long) > 0, "long=%d", len(r.Long))
	add(len(r.When) > 0, "when=%d", len(r.When))
	add(r.Exit != nil, "exit=%v", r.Exit)
	add(r.NoPerfdata, "noperfdata")
	add(r.NoLabel, "nolabel")
	return strings.Join(b, " ")
}

const asLogin = " resolve=CRITICAL connect=CRITICAL timeout=CRITICAL closed=CRITICAL protocol=CRITICAL banner=CRITICAL tempfail=CRITICAL" +
	" tls-missing=CRITICAL tls-refused=CRITICAL tls-handshake=CRITICAL auth=CRITICAL auth-missing=CRITICAL quit=OK"

const asMessage = " resolve=UNKNOWN connect=UNKNOWN timeout=UNKNOWN closed=CRITICAL protocol=CRITICAL banner=UNKNOWN" +
	" tls-missing=UNKNOWN tls-refused=UNKNOWN tls-handshake=UNKNOWN auth=UNKNOWN auth-missing=UNKNOWN quit=OK"

func TestCentreonModes(t *testing.T) {
	const inClear = "dns connect banner ehlo quit"
	const inTLS = "starttls/starttls sni=mx name=mx"
	for _, test := range []struct{ line, want string }{
		{"--mode=login --hostname=mx", "mx:25 ip 30s auto ws " + inClear + asLogin},
		{"--dyn-mode=apps::protocols::smtp::mode::login --hostname=mx", "mx:25 ip 30s auto ws " + inClear + asLogin},
		{"--mode login --hostname mx --port '' --timeout '' --username '' --password ''", "mx:25 ip 30s auto ws " + inClear + asLogin},
		{"--mode=login --hostname=mx --timeout=5 --warning=1 --critical --verbose", "mx:25 ip 5s auto ws " + inClear + " w:time=1" + asLogin + " v1"},
		{"--mode=login --hostname=mx --smtp-options=timeout=7", "mx:25 ip 7s auto ws " + inClear + asLogin},
		{"--mode=login --hostname=mx --smtp-options=timeout=60", "mx:25 ip 30s auto ws " + inClear + asLogin},
		{"--mode=login --hostname=mx --timeout=5 --smtp-options=timeout=7", "mx:25 ip 5s auto ws " + inClear + asLogin},
		{"--mode=login --hostname=mx --timeout=5:ok --global-timeout=2", "mx:25 ip 2s auto ws " + inClear + strings.Replace(asLogin, "timeout=CRITICAL", "timeout=OK", 1)},
		{"--mode=login --hostname=mx --timeout=5 --global-timeout=9", "mx:25 ip 5s auto ws " + inClear + asLogin},
		{"--mode=login --hostname=mx --state connect=ok", "mx:25 ip 30s auto ws " + inClear + strings.Replace(asLogin, "connect=CRITICAL", "connect=OK", 1)},
		{"--mode=login --hostname=mx --smtp-from=", "mx:25 ip 30s auto ws " + inClear + asLogin},

		{"--mode=login --hostname=mx --username=u --password=p", "mx:25 ip 30s auto ws " + inTLS + ` auth(auto "u" "p" "") dns connect banner ehlo starttls tls ehlo_tls sasl_auth quit` + asLogin},
		{"--mode=login --hostname=mx --username=u --password=p --smtp-options=auth=plain", "mx:25 ip 30s auto ws " + inTLS + ` auth(PLAIN "u" "p" "") dns connect banner ehlo starttls tls ehlo_tls sasl_auth quit` + asLogin},
		{"--mode=login --hostname=mx --username=u --password=p --smtp-options=auth=NONE", "mx:25 ip 30s auto ws " + inClear + asLogin},
		{"--mode=login --hostname=mx --username=u --password=p --smtp-options layer=none", `mx:25 ip 30s auto ws auth(auto "u" "p" "") dns connect banner ehlo sasl_auth quit` + asLogin},
		{"--mode=login --hostname=mx --username=u --password=p -s", `mx:465 ip 30s auto ws implicit/implicit sni=mx name=mx auth(auto "u" "p" "") dns connect tls banner ehlo sasl_auth quit` + asLogin},
		{"--mode=login --hostname=mx --smtp-options=layer=SSL", "mx:465 ip 30s auto ws implicit/implicit sni=mx name=mx dns connect tls banner ehlo quit" + asLogin},
		{"--mode=login --hostname=mx --smtp-options=layer=ssl --smtp-options=port=4650 --smtp-options=smtp=my", "my:4650 ip 30s auto ws implicit/implicit sni=my name=my dns connect tls banner ehlo quit" + asLogin},
		{"--mode=login --hostname=mx --smtp-options=layer=tls --smtp-options=ssl_verify_mode=1 --smtp-options=ssl_version=TLSv1_2", "mx:25 ip 30s auto ws " + inTLS +
			" verify TLS 1.2-TLS 1.2 dns connect banner ehlo starttls tls ehlo_tls quit" + strings.Replace(asLogin, " auth=", " cert-untrusted=CRITICAL cert-name=CRITICAL auth=", 1)},
		{"--mode=login --hostname=mx --smtp-options=layer=tls --smtp-options=ssl_verify_mode=0 --smtp-options=ssl_version=SSLv23:!SSLv2 --smtp-options=ssl_verify_path=/ca",
			"mx:25 ip 30s auto ws " + inTLS + " roots=/ca,/ca dns connect banner ehlo starttls tls ehlo_tls quit" + asLogin},
		{"--mode=login --hostname=mx --smtp-options=debug=1 --smtp-options=from=x", "mx:25 ip 30s auto ws " + inClear + asLogin + " v3"},
		{"--mode=login --hostname=mx --debug", "mx:25 ip 30s auto ws " + inClear + asLogin + " v3"},
		{"--mode=login --hostname=mx --debug=0", "mx:25 ip 30s auto ws " + inClear + asLogin},

		{"--mode=message --hostname=mx --smtp-from= --smtp-to=a@b,c@d", "mx:25 ip 30s auto ws dns connect banner ehlo mailfrom<> rcptto<a@b> rcptto<c@d> data body quit" + asMessage},
		{"--mode=message --hostname=mx --smtp-from=a@b --smtp-to= --smtp-to=c@d --smtp-send-options=to=e@f --smtp-send-options=from=g@h --smtp-send-options=cc=i@j --smtp-send-options=bcc=k@l",
			"mx:25 ip 30s auto ws dns connect banner ehlo mailfrom<g@h> rcptto<e@f> rcptto<i@j> rcptto<k@l> data body quit" + asMessage},

		{"-H mx --smtp-options=layer=tls", "mx:25 ip 10s auto ws " + inTLS + " dns connect banner ehlo starttls tls ehlo_tls quit"},
		{"-H mx --global-timeout=4", "mx:25 ip 4s auto ws " + inClear},
		{"-H mx --global-timeout=60", "mx:25 ip 10s auto ws " + inClear},
		{"--mode=login '--hostname=m|x' --convert-args=[|],", "mx:25 ip 30s auto ws " + inClear + asLogin},
	} {
		p, err := Parse(shell(test.line), surroundings(nil))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := show(p); got != test.want {
			t.Errorf("%s:\n%s, want\n%s", test.line, got, test.want)
		}
	}
}

func TestSendOptions(t *testing.T) {
	const line = "--mode=message --hostname=mx --smtp-from=a@b --smtp-to=c@d --smtp-send-options=subject=S '--smtp-send-options=body=one=two' --smtp-send-options=replyto=r@s" +
		" --smtp-send-options=charset=latin1 --smtp-send-options=contenttype=text/html '--smtp-send-options=attachments=/a, /b' --smtp-send-options=sns_topic=t" +
		" --smtp-send-options=disposition=inline --smtp-send-options=verbose=1 --smtp-send-options="
	o, err := words(shell(line), surroundings(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := centreon.Front(o.Set); err != nil {
		t.Fatal(err)
	}
	got := []string{o.Text("subject"), o.Text("body"), o.Text("reply-to"), o.Text("charset"), o.Text("content-type")}
	if want := []string{"S", "one=two", "r@s", "latin1", "text/html"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if files, headers := o.All("attach"), o.All("header"); !slices.Equal(files, []string{"/a", "/b"}) || !slices.Equal(headers, []string{"X-SES-CONFIGURATION-SET: t"}) {
		t.Errorf("%q, %q", files, headers)
	}
}

func TestEdits(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"-H mx", "nothing"},
		{"-H mx --perf time", "nothing"}, // bound in search of the name, but not given
		{"-H mx --filter-perfdata= --change-exit= --change-perfdata= --explode-perfdata-max= --range-perfdata=0 --float-precision=9", "nothing"},
		{"-H mx --output-ignore-label=0 --source-encoding=x --show-password", "nothing"},
		{"-H mx --perfdata time --filter-perfdata=x", "only=[time] keep=x"},
		{"--mode=login --hostname=mx", "mode=login only=[time]"},
		{"--mode=login --hostname=mx --perfdata ehlo_time", "mode=login only=[ehlo_time]"},
		{"-H mx --filter-perfdata-adv=%(value)>1 --filter-uom=s --float-precision=2", "precision=2 keepif units=s"},
		{"-H mx --change-perfdata=a --change-perfdata=b --extend-perfdata=c --extend-perfdata-group=,x,sum(y)", "change=2 extend=1 group=1"},
		{"-H mx --explode-perfdata-max --explode-perfdata-max=a,b", "explode(<nil> ) explode(a b)"},
		{"-H mx --explode-perfdata-max --range-perfdata", "explode(<nil> ) ranges=1"},
		{"--mode=login --hostname mx --range-perfdata 2 --explode-perfdata-max a,b", "mode=login only=[time] explode(a b) ranges=2"},
		{"-H mx --change-short-output=a~b --change-long-output=c~d --change-output-adv=1,x,ok", "short=1 long=1 when=1"},
		{"-H mx --change-exit=OK=Warning --change-exit=unknown=pending --opt-exit=ok", "exit=map[OK:1 UNKNOWN:4]"},
		{"-H mx --output-ignore-perfdata --output-ignore-label", "noperfdata nolabel"},
		{"-H mx --output-json", ""},
		{"-H mx --output-format centreon", ""},
		{"-H mx --output-format centreon-json --perfdata time", "only=[time]"},
		{"-H mx --range-perfdata 2", "ranges=2"},
		{"-H mx --range-perfdata 0 --explode-perfdata-max", "explode(<nil> )"},
		{"-H mx --change-exit=0=3 --change-exit=2=4", "exit=map[OK:3 CRITICAL:4]"},
		{"-H mx --opt-exit=pending --change-short-output=a~b~gims", "short=1"},
	} {
		p, e, err := planned(shell(test.line), surroundings(nil))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := showEdits(e); got != test.want || e != nil && p.Output.Perfdata != nil {
			t.Errorf("%s: %s, want %s", test.line, got, test.want)
		}
	}
}

func TestCentreonFormats(t *testing.T) {
	for line, want := range map[string]plan.Format{
		"-H mx":                      plan.Nagios,
		"--mode=login --hostname=mx": centreon.Line,
		"--mode=login --hostname=mx --output-json":                       centreon.JSON,
		"--mode=login --hostname=mx --output-json --output-xml":          centreon.XML,
		"--mode=login --hostname=mx --output-openmetrics --output-json":  centreon.JSON,
		"--mode=login --hostname=mx --output-openmetrics":                plan.OpenMetrics,
		"--mode=login --hostname=mx --output-format=nagios":              plan.Nagios,
		"--mode=login --hostname=mx --output-format=json --output-xml=1": centreon.XML,
		"-H mx --output-xml":             centreon.XML,
		"-H mx --output-xml=0":           plan.Nagios,
		"-H mx --output-format=centreon": centreon.Line,
	} {
		p, err := Parse(shell(line), surroundings(nil))
		if err != nil || p.Output.Format != want {
			t.Errorf("%s: %s, %v, want %s", line, p.Output.Format, err, want)
		}
	}
}

func TestCentreonUsageErrors(t *testing.T) {
	const login = "--mode=login --hostname=mx "
	for line, want := range map[string]string{
		"--mode=login":                                            "Please set the hostname option",
		"--mode=login mx":                                         "Please set the hostname option",
		"--mode=login --mx=a":                                     "--mode: it is about the one server of --hostname, and --mx names several",
		"--mode=login --target=a,b":                               "--mode: it is about the one server of --hostname, and --target names several",
		"--mode=login --hostname=":                                "Please set the hostname option",
		"--mode=message --hostname=mx --smtp-to=a@b":              "Please set smtp-from option",
		"--mode=message --hostname=mx --smtp-from=a@b":            "Please set smtp-to option",
		"--mode=message --hostname=mx --smtp-from=a@b --smtp-to=": "Please set smtp-to option",
		login + "--username=u":                                    "Please set --password option.",
		login + "--warning=abc":                                   "Wrong warning threshold 'abc'.",
		login + "--critical=5:1":                                  "Wrong critical threshold '5:1'.",
		login + "--timeout=0":                                     "leaves no time",
		login + "--timeout=x":                                     "is not a number of seconds",
		login + "--global-timeout=x":                              "--global-timeout",
		login + "--smtp-to=a@b":                                   "the mode login sends no message",
		login + "--smtp-send-options=subject=x":                   "the mode login sends no message",
		login + "--smtp-options=ssl":                              "is not KEY=VALUE",
		login + "--smtp-options=layer=tsl":                        "is not a layer",
		login + "--smtp-options=auth=NTLM":                        "is not a mechanism",
		login + "--smtp-options=auth=digest-md5":                  "obsolete",
		login + "--smtp-options=timeout=0":                        "is not a number of seconds",
		login + "--smtp-options=ssl_verify_mode=yes":              "is not a number",
		login + "--smtp-options=ssl_verify_mode=1":                "this run has no TLS",
		login + "--smtp-options=ssl_version=TLSv9":                "is not known",
		login + "--smtp-options=layer=ssl --starttls":             "contradicts",
		login + "--environment=x":                                 "is not NAME=VALUE",
		login + "--convert-args=x":                                "is not SEARCH,REPLACEMENT",
		login + "--convert-args=(,x":                              "the part before the comma is not a regular expression",
		login + "--opt-exit=foo":                                  "Unknown value 'foo' for --opt-exit.",
		login + "--change-exit=ok":                                "is not STATE=STATE",
		login + "--change-exit=ok=fine":                           "is not STATE=STATE",
		login + "--range-perfdata=3":                              "is not 0, 1 or 2",
		login + "--float-precision=x":                             "is not a number of digits",
		login + "--float-precision=-1":                            "is not a number of digits",
		login + "--filter-perfdata=(":                             "missing closing",
		login + "--filter-uom=*":                                  "missing argument to repetition",
		login + "--filter-perfdata-adv=x":                         "is not a name",
		login + "--change-perfdata=time,,eval(1)":                 "math(current * 1000)",
		login + "--extend-perfdata=,x":                            "there is none",
		login + "--extend-perfdata-group=,x":                      "none of min(REGEX)",
		login + "--explode-perfdata-max=a":                        "is not REGEX,NEWLABEL",
		login + "--change-short-output=(":                         "missing closing",
		login + "--change-long-output=a~b~e":                      "not among the flags g, i, m and s",
		login + "--change-short-output=a~b~z":                     "not among the flags g, i, m and s",
		login + "--change-output-adv=x,y,ok":                      "is not a name",
		login + "--output-xml --change-output-adv=1,y,ok":         "no line to change",
		login + "--runas=root":                                    "--runas",
		login + "--mode-version=1.1":                              "Excepted at least: 1.1. Get: 1.0",
		login + "--mode-version=x.1":                              "Excepted at least: x.1. Get: 1.0",
		"--mode=logon":                                            "mode 'logon' doesn't exist",
		"--dyn-mode=a::b":                                         "mode 'b' doesn't exist",
		"--plugin=apps::x --mode=login":                           "is not the plugin for SMTP",
		"--plugin=apps::protocols::smtp::plugin":                  "Need to specify '--mode' or '--dyn-mode' option.",
		login + "--nosuch":                                        "unknown option",
	} {
		_, err := Parse(shell(line), surroundings(nil))
		call, ok := errors.AsType[*centreon.Answer](err)
		usage, isUsage := errors.AsType[*UsageError](err)
		if !ok || !isUsage || !strings.Contains(err.Error(), want) || usage.Hint == "" {
			t.Errorf("%s: %v, want %s", line, err, want)
			continue
		}
		if call.State != plan.Unknown {
			t.Errorf("%s: state %s", line, call.State)
		}
	}
}

// TestAnswers: how an answer looks and what it exits with is found in words that
// nobody could parse.
func TestAnswers(t *testing.T) {
	for _, test := range []struct{ line, want string }{
		{"--mode=login --nosuch", "UNKNOWN centreon login map[]"},
		{"--nosuch --mode message --output-json", "UNKNOWN centreon-json message map[]"},
		{"--mode=login --output-json --output-xml", "UNKNOWN centreon-xml login map[]"},
		{"--mode=login --output-json=0", "UNKNOWN centreon login map[]"},
		{"--mode=login --output-format=prtg", "UNKNOWN prtg login map[]"},
		{"-H mx -p x --opt-exit=warning --change-exit=warning=ok", "WARNING nagios  map[WARNING:0]"},
		{"-H mx -p x --change-exit=unknown=ok", "UNKNOWN nagios  map[UNKNOWN:0]"},
		{"-H mx -p x --opt-exit=pending", "UNKNOWN nagios  map[UNKNOWN:4]"},
		{"-H mx -p x --opt-exit=2 --output-format=json", "CRITICAL json  map[]"},
		{"-H mx -p x --output-format centreon", "UNKNOWN centreon login map[]"},
		{"-H mx -p x --output-format=centreon-json --to a@b", "UNKNOWN centreon-json message map[]"},
		{"-H mx -p x --output-format=centreon-xml", "UNKNOWN centreon-xml login map[]"},
		{"-H mx -p x --output-json", "UNKNOWN centreon-json login map[]"},
		{"--mode=login --version --opt-exit=0", "OK centreon login map[]"},
		{"--mode=login --disco-show --opt-exit=critical", "OK centreon login map[]"},
	} {
		_, err := Parse(shell(test.line), surroundings(nil))
		call, ok := errors.AsType[*centreon.Answer](err)
		if !ok {
			t.Errorf("%s: %v", test.line, err)
			continue
		}
		if got := fmt.Sprintf("%s %s %s %v", call.State, call.Output.Format, call.Edits.Name, call.Edits.Exit); got != test.want {
			t.Errorf("%s: %s, want %s", test.line, got, test.want)
		}
	}
	for _, line := range []string{"--nosuch", "-p x --opt-exit=unknown --change-exit=ok=warning", "-H mx --change-exit=unknown=ok --change-exit=bad", "-p x --output-format=json", "-p x --range-perfdata"} {
		if _, err := Parse(shell(line), surroundings(nil)); reflect.TypeOf(err) != reflect.TypeOf(&UsageError{}) {
			t.Errorf("%s: %T", line, err)
		}
	}
}

// TestExits: what takes a state for an exit code names the same ones.
func TestExits(t *testing.T) {
	for _, line := range []string{"--opt-exit=foo", "--change-exit=foo", "--change-exit=ok=5"} {
		_, err := Parse(shell("-H mx "+line), surroundings(nil))
		if usage, ok := errors.AsType[*UsageError](err); !ok || usage.Hint != "the states are ok, warning, critical, unknown, pending or 0 to 4" {
			t.Errorf("%s: %#v", line, err)
		}
	}
}

// TestCentreonWords: a Centreon format brings its words and the mode that it
// names, whoever asks for it.
func TestCentreonWords(t *testing.T) {
	for line, want := range map[string]centreon.Mode{
		"-H mx --output-format centreon":                          centreon.Login,
		"-H mx --output-format centreon-json":                     centreon.Login,
		"-H mx --output-format centreon-xml -f a@b --to c@d":      centreon.Message,
		"-H mx --output-json -f a@b --to c@d --quit-after rcptto": centreon.Login,
	} {
		_, e, err := planned(shell(line), surroundings(nil))
		if err != nil || e == nil || e.Name != want || e.Mode != "" {
			t.Errorf("%s: %+v, %v", line, e, err)
		}
	}
}

func TestEnvironment(t *testing.T) {
	env := surroundings(nil)
	env.Getenv = func(name string) string { return "from " + name }
	line := "-H mx -U u -A PLAIN --authpass-env A --environment=A=one --environment=B=no --environment=A=two"
	p, err := Parse(shell(line), env)
	if err != nil || p.Probe.Auth.Password.Reveal() != "two" {
		t.Errorf("%+v, %v", p.Probe.Auth, err)
	}
	p, err = Parse(shell(strings.ReplaceAll(line, "=A=", "=C=")), env)
	if err != nil || p.Probe.Auth.Password.Reveal() != "from A" {
		t.Errorf("%+v, %v", p.Probe.Auth, err)
	}
}

// Whatever else stands in a call of the plugin, it is a plan that can be played
// or an error of one clean line.
func FuzzCentreonCall(f *testing.F) {
	for _, line := range []string{
		"--smtp-options layer=ssl --smtp-options auth=PLAIN --username u --password p", "--smtp-send-options 'body=a b' --debug",
		"--extend-perfdata=time,ms,math(current*1000) --change-exit=ok=pending --range-perfdata 2", "--convert-args=a,b --environment=A=b",
		"--mode-version=1.x --global-timeout=5 --warning -1 --critical", "--smtp-options ssl_version=TLSv1_2 --smtp-options ssl_verify_mode=1",
	} {
		f.Add(strings.Join(shell(line), "\n"))
	}
	f.Fuzz(func(t *testing.T, words string) {
		argv := append(shell("--mode=message --hostname=mx --smtp-from=a@b --smtp-to=c@d"), strings.Split(words, "\n")...)
		p, err := Parse(argv, surroundings(nil))
		if err == nil {
			playable(t, p)
			return
		}
		if _, ok := errors.AsType[*option.Text](err); ok {
			return
		}
		usage, ok := errors.AsType[*UsageError](err)
		if !ok || usage.Problem == "" || usage.Hint == "" {
			t.Fatalf("%#v", err)
		}
		for _, text := range []string{usage.Problem, usage.Hint} {
			if strings.ContainsFunc(text, unicode.IsControl) || !utf8.ValidString(text) {
				t.Errorf("%q is not one clean line", text)
			}
		}
	})
}

// TestDialect: only options decide how a command line is read. What is the value
// of another option decides nothing, whatever it looks like.
func TestDialect(t *testing.T) {
	const plain = "mx:25 ip 10s auto ws dns connect banner"
	for _, test := range []struct{ line, want string }{
		{"-H mx -e --mode", plain + "{banner --mode} ehlo quit"},
		{"-H mx -e --mode=login -qv", plain + "{banner --mode=login} ehlo quit quit=OK v1"},
		{"-H mx --expect --plugin", plain + "{banner --plugin} ehlo quit"},
		{"-H mx -C --dyn-mode=x", plain + " ehlo command<--dyn-mode=x> quit"},
		{"-H mx -U u -P --mode=login", `mx:25 ip 10s auto ws auth(auto "u" "--mode=login" "") dns connect banner ehlo sasl_auth quit`},
		{"-H mx -e --convert-args=mx,my", plain + "{banner --convert-args=mx,my} ehlo quit"},
		{"-H mx -e --output-json --quit-after ehlo", plain + "{banner --output-json} ehlo quit"},
		{"-vqe--mode mx", plain + "{banner --mode} ehlo quit quit=OK v1"},
		{"--warning --mode=login --hostname=mx", "mx:25 ip 30s auto ws dns connect banner ehlo quit" + asLogin},
		{"--hostname mx --mode login", "mx:25 ip 30s auto ws dns connect banner ehlo quit" + asLogin},
		{"--mode login --hostname mx --expect --convert-args=mx,my", "my:25 ip 30s auto ws dns connect banner ehlo quit" + asLogin},
	} {
		p, err := Parse(shell(test.line), surroundings(nil))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := show(p); got != test.want {
			t.Errorf("%s:\n%s, want\n%s", test.line, got, test.want)
		}
	}
	for line, want := range map[string]string{
		"-H mx -p x -e --mode=login":           "*option.Error",
		"-H mx -p x -e --output-json":          "*option.Error",
		"-H mx -p x -e --opt-exit=ok":          "*option.Error",
		"-H mx -p x -C --change-exit=3=0":      "*option.Error",
		"-H mx -- --mode=login":                "*option.Error",
		"--nosuch --mode=login -p x":           "*centreon.Answer",
		"-H mx -p x --nosuch --output-json":    "*centreon.Answer",
		"-H mx -w --opt-exit=ok -c 5":          "*centreon.Answer",
		"--mode login --password --output-xml": "*centreon.Answer",
	} {
		if _, err := Parse(shell(line), surroundings(nil)); reflect.TypeOf(err).String() != want {
			t.Errorf("%s: %T, want %s", line, err, want)
		}
	}
	if f := Gist(legible(shell("-H mx -e --output-format=json -p x"))).Output.Format; f != plan.Nagios {
		t.Errorf("a value decides for the format %s", f)
	}
}
