package args

import (
	"testing"

	"check_smtp/internal/plan"
)

// TestVain: what is asked for and can never be reached or judged is an error,
// since it would look well.
func TestVain(t *testing.T) {
	const ends, maybe, never = "--quit-after: this run ends before ", ": a server without TLS would pass, too", " would judge nothing"
	const message = ": it would have no effect: this run ends before its message"
	for _, test := range []struct{ line, problem, hint string }{
		// The session ends before.
		{"-f a@b --quit-after ehlo", ends + "MAIL", "leave out -f"},
		{"-f a@b -C NOOP --quit-after ehlo", ends + "MAIL", ""},
		{"-f '' --quit-after banner", ends + "MAIL", ""},
		{"-S --verify -f a --quit-after ehlo_tls", ends + "MAIL", ""},
		{"-S -U u -P x -f a --quit-after sasl_auth", ends + "MAIL", ""},
		{"-C NOOP --quit-after ehlo", ends + "its commands", "leave out -C"},
		{"-C NOOP -R x --quit-after ehlo", ends + "its commands", ""},
		{"-C NOOP --expect-reply command=250 --quit-after ehlo", ends + "its commands", ""},
		{"-f a -C NOOP --quit-after mailfrom", ends + "its commands", ""},
		{"-f a -C NOOP -c command_time=1 --quit-after mailfrom", ends + "its commands", ""},
		{"-f a --to b --quit-after mailfrom", ends + "its recipients", "leave out --to"},
		{"-f a --to b -C NOOP --quit-after command", ends + "its recipients", ""},
		{"-U u -P p --quit-after ehlo", ends + "its login", ""},
		{"--greeting helo --quit-after banner", ends + "the greeting", "leave out --greeting"},
		{"-s --greeting ehlo --quit-after banner", ends + "the greeting", ""},
		{"--tls-mode starttls --quit-after ehlo", "--tls-mode: it would judge nothing: this run ends before TLS", "later phase"},
		{"--dane --quit-after ehlo", "--dane: it would judge nothing: this run ends before TLS", "later phase"},
		{"--mta-sts --policy-domain b --quit-after banner", "--mta-sts: it would judge nothing: this run ends before TLS", "later phase"},
		{"--tlsa '3 1 1 00' --quit-after ehlo", "--tlsa: it would judge nothing: this run ends before TLS", "later phase"},
		{"--tls-mode starttls-if-available --quit-after banner", "--tls-mode: it would judge nothing: this run ends before TLS", ""},
		{"-S --quit-after banner", "-S/--starttls: it would judge nothing: this run ends before TLS", ""},
		{"-f a --to b --subject x --quit-after rcptto", "--subject" + message, "leave it out, or --quit-after"},
		{"-f a --to b --body x --quit-after rcptto", "--body" + message, ""},
		{"-f a --to b --body-file /none --quit-after rcptto", "--body-file" + message, ""},
		{"-f a --to b --reply-to x --quit-after rcptto", "--reply-to" + message, ""},
		{"-f a --to b --header 'X: y' --quit-after rcptto", "--header" + message, ""},
		{"-f a --to b --content-type text/html --quit-after rcptto", "--content-type" + message, ""},
		{"-f a --to b --charset x --quit-after rcptto", "--charset" + message, ""},
		{"-f a --to b --attach /none --quit-after rcptto", "--attach" + message, ""},
		{"-f a --to b --payload x --quit-after rcptto", "--payload" + message, ""},
		{"-f a --to b --payload-file /none --quit-after rcptto", "--payload-file" + message, ""},

		// TLS that need not be.
		{"--tls-mode starttls-if-available -c cert_days=7:", `-c/--critical: "cert_days=7:" may never alert` + maybe, "require TLS"},
		{"--tls-mode implicit-if-available -w cert_days=7:", `-w/--warning: "cert_days=7:" may never alert` + maybe, ""},
		{"--tls-mode starttls-if-available -c tls_time=1", `-c/--critical: "tls_time=1" may never alert` + maybe, ""},
		{"--tls-mode implicit-if-available -c tls_time=1", `-c/--critical: "tls_time=1" may never alert` + maybe, ""},
		{"--tls-mode starttls-if-available -c ehlo_tls_time=1", `-c/--critical: "ehlo_tls_time=1" may never alert` + maybe, ""},
		{"--tls-mode starttls-if-available -c starttls_time=1", `-c/--critical: "starttls_time=1" may never alert` + maybe, ""},
		{"--tls-mode starttls-if-available --expect-reply ehlo_tls=250", `--expect-reply: "ehlo_tls=250" may judge nothing` + maybe, "require TLS"},
		{"--tls-mode starttls-if-available --expect-reply starttls=220", `--expect-reply: "starttls=220" may judge nothing` + maybe, ""},
		{"--tls-mode starttls-if-available --state cert-untrusted=critical", `--state: "cert-untrusted=critical" would judge nothing` + maybe, "require TLS"},
		{"--tls-mode implicit-if-available --state cert-name=1", `--state: "cert-name=1" would judge nothing` + maybe, ""},
		{"--tls-mode starttls-if-available --verify", "--verify: it would judge nothing" + maybe, ""},
		{"--tls-mode starttls-if-available -D 30", "-D/--certificate: it would judge nothing" + maybe, ""},
		{"--tls-mode starttls-if-available --pin " + pinA, "--pin: it would judge nothing" + maybe, ""},
		{"--state cert-untrusted=critical", `--state: "cert-untrusted=critical" would judge nothing: this run has no TLS`, "add -S"},
		{"-s --state cert-name=critical -H /run/x", `--state: "cert-name=critical" would judge nothing: a socket has no name that a certificate could hold`, "--tls-server-name"},
		{"-s --verify -H /run/x", "--verify: a socket has no name that a certificate could hold", "--tls-server-name"},
		{"-S --verify=warning -L -H /run/x -U u -P p", "--verify: a socket has no name that a certificate could hold", ""},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
}

// TestNotVain: what is reached, told only, or weighs less than it would.
func TestNotVain(t *testing.T) {
	for _, line := range []string{
		"-f a --quit-after mailfrom", "-f a -C NOOP --quit-after command", "-f a --to b --quit-after rcptto", "-f a --to b --cc c --bcc d --quit-after rcptto", "-f a --to b --subject x --quit-after body",
		"-f a --to b --subject x --quit-after quit", "--greeting helo --quit-after ehlo", "-F x --quit-after banner", "-L --quit-after banner", "-s --verify --quit-after banner", "-q --quit-after banner",
		"--tls-mode starttls-if-available --state cert-untrusted=ok", "--tls-mode starttls-if-available --state cert-expired=warning", "--tls-mode starttls-if-available --state tls-missing=critical",
		"--tls-mode starttls-if-available -c ehlo_time=1", "--tls-mode starttls-if-available --expect-reply ehlo=250", "--state cert-untrusted=ok --state cert-name=ok --state cert-expired=ok", "-S --state cert-untrusted=critical",
		"-s --verify -H /run/x --tls-server-name mx", "-s --pin " + pinA + " -H /run/x", "-s --state cert-untrusted=critical -H /run/x", "-s --state cert-name=ok -H /run/x",
	} {
		if _, err := Parse(shell(line), surroundings(nil)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestQuitAfterCutsNothing: whatever a run that says goodbye early is asked for
// is carried out, or the command line refused.
func TestQuitAfterCutsNothing(t *testing.T) {
	asks := []struct {
		options string
		phase   plan.Phase
	}{
		{"-f a", plan.MailFrom}, {"-f a -C NOOP", plan.Command}, {"-f a --to b", plan.RcptTo}, {"-U u -P p -A PLAIN", plan.SASLAuth}, {"-S", plan.Shake}, {"-S", plan.STARTTLS}, {"-s", plan.Shake},
		{"--tls-mode starttls", plan.Shake}, {"-D 30", plan.Shake}, {"--greeting helo", plan.Ehlo}, {"-f a --to b --subject x", plan.Data}, {"-f a --to b --payload x", plan.Body},
	}
	for _, last := range plan.Phases {
		for _, a := range asks {
			line := a.options + " --quit-after " + string(last)
			p, err := Parse(shell(line), surroundings(nil))
			if err == nil && !plan.Has(p.Probe.Steps, a.phase) {
				t.Errorf("%s never gets to %s", line, a.phase)
			}
			if full, err := Parse(shell(a.options), surroundings(nil)); err != nil || !plan.Has(full.Probe.Steps, a.phase) {
				t.Errorf("%s: %v", a.options, err)
			}
		}
	}
}
