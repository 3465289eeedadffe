package args

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// otherDashes look like a hyphen, and word processors and web pages put them in
// its place.
const otherDashes = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"

// otherQuotes are quotation marks to people, and letters to a shell.
const otherQuotes = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"

// around says what was typed around a text that is to be one name or one address,
// or that it is several; "": it is one. An address may hold what this looks for in
// quotation marks of its own: "a,b"@x (RFC 5321 section 4.1.2).
func around(text string) string {
	switch what := marked(text); {
	case what != "" || strings.HasPrefix(text, `"`):
		return what
	case strings.Contains(text, ","):
		return " holds a comma"
	case strings.Contains(text, ";"):
		return " holds a semicolon"
	}
	return ""
}

// marked says which quotation marks a text has that are not meant for us; "":
// none. An apostrophe alone is a letter: o'brien@x.
func marked(text string) string {
	if len(text) < 2 {
		return ""
	}
	first, last, inner := text[0], text[len(text)-1], text[1:len(text)-1]
	switch {
	case strings.ContainsAny(text, otherQuotes):
		return " holds a quotation mark of a word processor"
	case first == last && (first == '\'' || first == '"' && !strings.Contains(inner, `"`)):
		return " stands in quotation marks"
	}
	return ""
}

// otherDash is such a dash at the beginning of a text, or behind a hyphen there;
// "": none.
func otherDash(text string) string {
	text = strings.TrimLeft(text, "-")
	if text == "" || text[0] < utf8.RuneSelf {
		return ""
	}
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError || !strings.ContainsRune(otherDashes, r) {
		return ""
	}
	return text[:size]
}

// badDash says what to type instead of a word that begins with another dash. What
// follows the option's name is not shown.
func (w *words) badDash(word string) error {
	dash := otherDash(word)
	name := strings.TrimLeft(word, "-"+otherDashes)
	hint := "type - instead"
	if name, _, _ := strings.Cut(name, "="); len(name) > 1 {
		if f, err := w.find(name); err == nil {
			return &UsageError{Problem: quote(dash+f.Name) + " begins with a dash that is no hyphen", Hint: "type --" + f.Name}
		}
	}
	if name != "" {
		if f, err := w.letter(name); err == nil {
			return &UsageError{Problem: quote(dash+f.Shorthand) + " begins with a dash that is no hyphen", Hint: "type -" + f.Shorthand}
		}
	}
	return &UsageError{Problem: "a word begins with " + quote(dash) + ", a dash that is no hyphen", Hint: hint}
}

// oneDash refuses a long option behind a single dash. It would be read as
// letters: -timeout 5 as -t imeout. What follows the name is not shown.
func (w *words) oneDash(text string) error {
	name, _, _ := strings.Cut(text, "=")
	if name == "Password" || name == "Passwd" || name == "Pass" {
		name = "pass"
	}
	if len(name) < 2 || name[0] < 'a' || name[0] > 'z' {
		return nil
	}
	if secret := secretIn(name); secret != "" {
		hint := cmp.Or(meant(secret), "did you mean --"+secret+"?")
		return &UsageError{Problem: "unknown option " + quote("-"+secret+"..."), Hint: hint + " " + seeHelp}
	}
	const switches = "vqsr" // which no long name is made of alone
	isName := strings.Trim(name, "-abcdefghijklmnopqrstuvwxyz") == "" && strings.Trim(name, switches) != ""
	if !isName || len(name) < 3 && name != "cc" || strings.HasPrefix(help, name) {
		return nil
	}
	f, err := w.find(name)
	if err != nil || f.Name != name && len(name) < 4 {
		return nil
	}
	return &UsageError{Problem: "unknown option " + quote("-"+name), Hint: "did you mean --" + f.Name + w.number(f) + "? " + seeHelp}
}

// number is the next word, after a blank, if it is the number that an option
// wants; "" otherwise.
func (w *words) number(f *pflag.Flag) string {
	if len(w.rest) == 0 || shapeOf(f.Name) != shaped || !isNumber(w.rest[0]) {
		return ""
	}
	return " " + w.rest[0]
}

// isNumber says whether a word is a short number or a range, and no address.
func isNumber(word string) bool {
	if word == "" || len(word) > 20 || strings.Trim(word, "0123456789.,:@~%") != "" {
		return false
	}
	_, err := netip.ParseAddr(word)
	return err != nil
}

// unread says of a letter that is no option what the word may mean as a whole.
func (w *words) unread(letters string, err error) error {
	usage, ok := err.(*UsageError)
	if !ok || w.mute || len(letters) < 3 {
		return err
	}
	name, _, _ := strings.Cut(letters, "=")
	if hint := hintAt(w.flags, name); hint != seeHelp {
		usage.Hint = hint
	}
	return usage
}

// meanings are names that options go by elsewhere, or that people expect.
const meanings = `
verify: tls-verify ssl-verify verify-cert verify-certificate verify-tls verify-peer check-cert check-certificate validate validate-cert strict
ssl: smtps implicit-tls implicit ssl-tls tls-wrapper
password or --authpass-file: pass passwd pw pwd secret
authpass-file: token oauth bearer pass-file passfile password-file
username: login
authtype: auth-type auth-mechanism mechanism mech
hostname: server address target url uri ip socket unix
from: sender mail-from mailfrom envelope-from return-path
to: recipient recipients rcpt rcpt-to rcptto mail-to mailto
tls-min: tls-version tlsv1 ssl-version min-tls
tls-server-name: server-name servername sni-name verify-host verify-hostname
ca-file: ca cafile cacert ca-cert ca-certificate capath ca-path
client-cert: cert-file certfile
client-key: key key-file keyfile private-key
certificate: days cert-days expire expires expiry expiration
use-ipv4: ipv4 inet inet4
use-ipv6: ipv6 inet6
bind: source source-address local-address interface
transcript-file: log log-file transcript dialogue
lmtp: lhlo
proxy-protocol: haproxy haproxy-protocol proxyprotocol send-proxy send-proxy-v2 proxy-v2
`

// meant is the hint at what an option is called here; "": it is not known.
func meant(name string) string {
	switch name = strings.ToLower(name); name {
	case "insecure", "no-verify", "noverify", "no-check-certificate", "no-cert-check", "skip-verify", "tls-skip-verify":
		return "leave it out: what a certificate proves is only judged with --verify."
	}
	for line := range strings.Lines(meanings) {
		option, names, _ := strings.Cut(line, ": ")
		if slices.ContainsFunc(strings.Fields(names), func(other string) bool { return isSlip(name, other) }) {
			return "did you mean --" + option + "?"
		}
	}
	if format := formatMeant(name); slices.Contains(plan.Formats, format) {
		return "did you mean --output-format " + string(format) + "?"
	}
	if slices.Contains(plan.TLSModes, plan.TLSMode(name)) {
		return "did you mean --tls-mode " + name + "?"
	}
	return ""
}

// isSlip says whether a word is another one, or but for a letter of a longer one.
func isSlip(word, other string) bool {
	return word == other || len(other) > 5 && len(word) <= len(other)+1 && distance(word, other) == 1
}

// formatMeant is the format that a word means, by its name in any case or that of
// what reads it; a word that names none is returned as it is.
func formatMeant(word string) plan.Format {
	word = strings.ToLower(word)
	for _, row := range []struct {
		format plan.Format
		others string
	}{
		{plan.OpenMetrics, "prometheus prom openmetric textfile"},
		{plan.Influx, "influxdb telegraf line-protocol"},
		{plan.Checkmk, "check_mk check-mk cmk"},
		{plan.Nagios, "icinga icinga2 naemon multi-line"},
		{plan.JSON, "jsn jsonl mp-test-json"},
	} {
		if slices.ContainsFunc(strings.Fields(row.others), func(other string) bool { return isSlip(word, other) }) {
			return row.format
		}
	}
	return plan.Format(word)
}

// metricMeant is a metric that a word may mean; a word that means none is returned
// as it is.
func metricMeant(word string) string {
	word = strings.ToLower(word)
	base, ofPhase := strings.CutSuffix(word, "_time")
	for _, row := range facts.Metrics {
		if slices.Contains(strings.Fields(row.Also), base) {
			return string(row.Label)
		}
	}
	if phases := phasesMeant(base); len(phases) == 1 && (ofPhase || !slices.Contains(facts.Labels(), plan.Label(word))) {
		return string(plan.Phase(phases[0]).TimeOf())
	}
	return word
}
