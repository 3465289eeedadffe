package args

import (
	"errors"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
)

// Whatever the command line, Parse gives a plan that the session can play and
// that cannot put two commands on the wire, or an error of one line.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"-vqH127.0.0.1 -p25", "--host mx1 -f '' -C NOOP -R ^250", "-q true -- mx1 -x",
		"-wt 9 -ct 9:10 -to 10:ok --helo ws", "--extra-opts=short@/o.ini -6", "--extra-opts @-",
		"--expect-reply banner=2xx/mx(1 --quit-after ehlo", "--bind ::1 -H [::1] --perfdata time,dns_time",
		"-S -D 30%,36h --verify=1 --sni --ciphers AES128-SHA:aes256-sha --tls-min 1.0", "-s --pin " + pinA + " -U u -P x -A plain --authzid z",
		"-D ,7 --tls-mode implicit-if-available --tls-server-name [::1]", "-r --proxy-family TCP4 --proxy-source-port 7 mx1", "--prox --proxy-protocol 2 --proxy-dest-address ::1",
		"-A external --client-cert /o.ini", "--authpass-env A --username u", "--authpass-file /o.ini -U u", "--authpass-credential ../x --authu u",
		"-H /run/x -L --state quit=0", "--lmtp=x --verbose=-9 -w time=@1:2", "--= -", "--c", "-h",
		"-f f --to a@b,<c@d> --cc 'N <e>' --subject ü --body x --header 'X: y' --attach /o.ini", "-f '' -L --to a --payload-file /o.ini --quit-after body",
		"-f f --to a --payload .\r\n --expect-reply rcptto=550 --quit-after rcptto --transcript-file /t",
		"--mx bücher.example --dane=require --policy at-least:2 --resolver [::1]:5 --perfdata time_a", "--srv _submissions._tcp.a --tlsa '3 1 1 00' --target-timeout .5",
		"--target a,b:25,[::1]:587 -H c --addresses each --parallel 9 --max-targets 3 -6", "--mx a --mta-sts --policy-domain b --policy-address 1.2.3.4:5 --policy-file /o.ini --dns ::1",
		"-w -c 5 –p 587 -timeout 5 --verify ok '-p 25 -S' -D 30 7 --state a b -H smtp://a:b@c:25/ -H unix:/x mx 587 -q off '' -C '' -R x",
	} {
		f.Add(strings.Join(shell(line), "\n"), "[check_smtp]\nH = mx1\nv =\n")
	}
	f.Fuzz(func(t *testing.T, argv, ini string) {
		env := surroundings(map[string]string{"/o.ini": ini, "/etc/nagios/plugins.ini": ini})
		env.Stdin = strings.NewReader(ini)
		p, err := Parse(strings.Split(argv, "\n"), env)
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

func playable(t *testing.T, p plan.Plan) {
	steps := p.Probe.Steps
	if len(steps) < 2 || steps[0].Phase != plan.DNS && steps[0].Phase != plan.Connect || steps[len(steps)-1].Phase != plan.Quit {
		t.Errorf("steps %v", steps)
	}
	for _, s := range steps {
		if strings.ContainsFunc(s.Arg, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("%s holds a control character: %q", s.Phase, s.Arg)
		}
	}
	probe := p.Probe
	if probe.Host == "" || probe.Port < 1 || probe.Port > 65535 || probe.Timeout <= 0 || probe.Timeout > maxTimeout {
		t.Errorf("probe %+v", probe)
	}
	if probe.Name == "" || strings.ContainsAny(probe.Name, " \r\n\x00") {
		t.Errorf("name %q", probe.Name)
	}
	if probe.TLS.Mode != p.Limits.TLS || plan.Has(steps, plan.ProxyHdr) != (probe.Proxy.Version != 0) {
		t.Errorf("steps %v, %+v, %+v", steps, probe.TLS, probe.Proxy)
	}
	if a := probe.Auth; a != nil {
		secret := a.Password.Reveal()
		m, _ := sasl.Of(a.Mechanism)
		if strings.ContainsFunc(a.User+a.AuthzID, func(r rune) bool { return r < ' ' || r == 0x7f }) || strings.ContainsAny(secret, "\r\n\x00") ||
			m.User && (a.User == "" || secret == "") {
			t.Errorf("login %+v with %q", a, secret)
		}
	}
	if w := p.Limits.Cert.Warning; w != nil && !(w.Amount >= 0) || w != nil && probe.TLS.Mode == plan.NoTLS {
		t.Errorf("limit %v without end or TLS", w)
	}
	if p.Output.Verbose < 0 || p.Output.Verbose > 3 {
		t.Errorf("verbose %d", p.Output.Verbose)
	}
}
