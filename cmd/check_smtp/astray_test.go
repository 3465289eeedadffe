package main

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"check_smtp/internal/smtptest"
)

// These tests have a password go wherever a slip may put it, and look for it in what is
// printed, in every format. What a slip does to options that hold none stands in
// internal/args.

// keepers are the ways in which a command line holds a secret.
var keepers = []string{
	"--authpasss={}", "--password:{}", "--Password={}", "-pass{}", "--passwd={}",
	"-P {}", "-P{}", "-P={}", "--authpass {}", "--authpass={}", "--password={}", "--authpas {}", "--passwor={}",
	"--pass-manager=keepass --keepass-file=db.kdbx --keepass-password={}",
	"--pass-manager=hashicorpvault --vault-address=192.0.2.7 --vault-token={} --secret-path=x",
	"--pass-manager=hashicorpvault --vault-address=192.0.2.7 --auth-method=userpass --auth-settings=password={} --secret-path=x",
	"--pass-manager=teampass --teampass-address=192.0.2.7 --teampass-api-key={}",
	"--authpass-command it",
}

// slips are what may be wrong or odd beside it.
var slips = []string{
	"", "-U", "-U u --no-such-option", "-U u --verfy", "-U u -w 5,10", "-U u -p 99999", "-U u -p", "-U u stray words", "-U u -H", "-U u --output-format nonsense",
	"-U u -A NONSENSE", "-U u -S -s", "-U u -D nonsense", "-U u --state nonsense=ok", "-U u -t 0", "-U u --ca-file none.pem", "-U u --extra-opts=none@none.ini",
	"-U u --payload @none", "-U u --to a@b.c", "-U $'u\\x00'", "-U u --mx example.org --dane=nonsense", "-U u --mx example.org --tlsa '3 1'", "-U u --policy-file none",
	"-U u --mx example.org", "-U u --srv _smtp._tcp.example.org --mta-sts", "-U u --help", "-U u --version", "-U u --print list", "-U u --print nonsense", "-U u -P",
	"-U u --plugin nonsense", "-U u --mode=login", "-U u --targets none",
}

// TestSecretsAndSlips: whatever is wrong with a command line, the secret on it is not
// shown.
func TestSecretsAndSlips(t *testing.T) {
	tried := 0
	for _, keeper := range keepers {
		for _, slip := range slips {
			for _, format := range formats() {
				line := "-H 192.0.2.7 -vvv --output-format " + string(format) + " " + strings.ReplaceAll(keeper, "{}", marker) + " " + slip
				argv, err := smtptest.Words(line)
				if err != nil {
					t.Fatal(err)
				}
				tried++
				if out := muttered(t, argv); smtptest.Leaked(out, marker) != "" {
					t.Errorf("%s\n%s", line, out)
				}
			}
		}
	}
	if tried < 4000 {
		t.Errorf("only %d command lines were tried", tried)
	}
}

// muttered is all that the program prints, of a run in which nobody listens.
func muttered(t *testing.T, argv []string) string {
	story := &smtptest.Story{
		Connect: map[string]string{"192.0.2.7": "refused", "192.0.2.25": "refused"},
		Runs:    map[string]smtptest.Command{"it": {Out: marker + "\n", Exit: 1}},
	}
	out := ""
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, story: story, lax: true}
		_, out = w.run(argv...)
		out += w.stderr.String()
	})
	return out
}

// TestSecretsOfCommands: what a command prints of a password is not shown, however it
// ends.
func TestSecretsOfCommands(t *testing.T) {
	for name, c := range map[string]smtptest.Command{
		"fails": {Out: marker + "\n", Exit: 1}, "hangs": {Out: marker + "\n", Takes: -1}, "says more": {Out: marker + "\n" + marker + "\n"},
		"blank": {Out: " " + marker + "\n"}, "binary": {Out: marker + "\xff\x00\n"}, "long": {Out: strings.Repeat(marker, 10_000)}, "complains": {Out: marker + "\n", Err: "no\n", Exit: 2},
	} {
		for _, format := range formats() {
			story := &smtptest.Story{Connect: map[string]string{"192.0.2.7": "refused"}, Runs: map[string]smtptest.Command{"it": c}}
			synctest.Test(t, func(t *testing.T) {
				w := &world{t: t, story: story, lax: true}
				_, out := w.run("-H", "192.0.2.7", "-U", "u", "-S", "--authpass-command", "it", "-vvv", "--output-format", string(format))
				if out += w.stderr.String(); smtptest.Leaked(out, marker) != "" {
					t.Errorf("%s, %s:\n%s", name, format, out)
				}
			})
		}
	}
}

// TestSecretsArePrintedNowhere: nor by what prints configurations.
func TestSecretsArePrintedNowhere(t *testing.T) {
	list := muttered(t, []string{"--print", "list"})
	kinds := 0
	for line := range strings.Lines(list) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		kinds++
		out := muttered(t, slices.Concat([]string{"-H", "192.0.2.7", "-U", "u", "-P", marker}, []string{"--print", words[0]}))
		if smtptest.Leaked(out, marker) != "" {
			t.Errorf("%s:\n%s", words[0], out)
		}
	}
	if kinds == 0 {
		t.Errorf("it prints nothing: %s", list)
	}
}
