//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// deviation is one reason for which our exit codes are meant to be others than
// Debian's. It is one row of the table of the page on swapping.
type deviation struct {
	situation string
	why       string
	changes   []change
}

// change is what a deviation means for some scenarios.
type change struct {
	c, ours   int
	scenarios []string
}

// deviations is the whole difference.
var deviations = slices.Concat(plainDeviations, tlsDeviations, authDeviations)

// plainDeviations are those of a session in clear, gravest first.
var plainDeviations = []deviation{
	{"EHLO and HELO (or LHLO) refused with 5xx, put off with 4xx", "a server that takes no greeting takes no mail", []change{
		{0, 2, []string{"EHLO and HELO refused", "LMTP, the server speaks SMTP", "SMTP, the server speaks LMTP"}},
		{0, 1, []string{"EHLO and HELO put off", "EHLO and HELO put off, then the end"}}}},
	{"MAIL refused with 5xx, put off with 4xx", "`-f` asks whether the sender is accepted", []change{
		{0, 2, []string{"MAIL refused", "MAIL refused in several lines", "MAIL wants TLS first",
			"inside TLS, MAIL refused", "login and MAIL refused"}},
		{0, 1, []string{"MAIL put off", "inside TLS, MAIL put off", "MAIL put off, commands follow", "server leaves between greeting and MAIL"}}}},
	{"connection closed or reset instead of the reply to MAIL or `-C`", "an outage; Debian's judges the reply before, or notices only that it cannot say QUIT", []change{
		{0, 2, []string{"MAIL, then the end", "MAIL, reply broken off", "-C, then the end", "-C with -R, then the end", "-C, then reset, -q",
			"-C, reply broken off", "-C, reply broken off between lines", "inside TLS, MAIL, then the end", "inside TLS, -C, then the end"}},
		{1, 2, []string{"-C with other -R, then the end"}},
		{3, 2, []string{"MAIL, then reset", "-C, then reset"}}}},
	{"an earlier `-R` does not match, the last one does", "every answer was asked for", []change{
		{0, 1, []string{"first -R does not match", "middle -R does not match", "inside TLS, first -R does not match"}}}},
	{"banner is wrong, but its text stands in the reply to EHLO", "a banner of 554 would pass when EHLO says `SIZE 22020096`", []change{
		{0, 1, []string{"banner 554, 220 in the name of the host", "banner 554, 220 in the size", "-e text of the reply to EHLO", "-e 250",
			"inside TLS, -e text of the reply to EHLO"}}}},
	{"banner, or reply to EHLO, that is not SMTP or too long", "no code, codes that differ, a line over 2,000 bytes, over 100 lines: no mail server; said at once, not after a timeout", []change{
		{0, 1, []string{"banner of 3,000 bytes", "banner of 150 lines", "banner after another line", "banner of two codes", "banner code of four digits",
			"banner code and tab", "banner without code", "greeting, reply of 150 lines", "greeting, reply is no SMTP", "greeting, reply of two codes"}},
		{2, 1, []string{"banner of SSH, then silence"}}}},
	{"a reply before the command, as when banner and more come in one piece", "every later reply would be taken for that to another command, and a refusal for a yes", []change{
		{0, 1, []string{"banner and more in one piece"}}}},
	{"later reply that is not SMTP, too long, or out of turn (354 to EHLO)", "the conversation is broken, whatever `-R` says", []change{
		{0, 2, []string{"EHLO and HELO answered with 354", "MAIL, reply is no SMTP", "MAIL, reply of 9,000 bytes", "-C, reply is no SMTP",
			"-C, reply is no SMTP and as asked", "-C, reply of two codes", "-C, reply of 9,000 bytes"}},
		{1, 2, []string{"-C, reply is no SMTP nor as asked"}}}},
	{"a reply to QUIT that no server gives to it, or 500 to 504 and the server hangs up", "the replies are out of step: this may be the refusal of the last command", []change{
		{0, 2, []string{"QUIT answered as another command", "QUIT refused, then the end"}}}},
	{"421 before QUIT, or to QUIT and the server hangs up", "the same, or a server that was shut down just then", []change{
		{0, 1, []string{"QUIT put off, then the end", "server leaves between greeting and QUIT"}}}},
	{"QUIT is not answered, and `-q`", "`-q` says that QUIT does not matter", []change{
		{2, 0, []string{"timeout at QUIT, -q"}}}},
	{"`-c` breached, and a wrong banner or a `-R` that does not match", "the gravest finding counts", []change{
		{1, 2, []string{"much too slow and -R does not match", "much too slow and other banner"}}}},
	{"server hangs up on EHLO, but would take HELO", "EHLO is what mail servers say to each other; `--greeting helo` asks as Debian's does", []change{
		{0, 1, []string{"EHLO refused by the end of the session, HELO not"}}}},
	{"stray words; tests that follow a stray word, a host without `-H`, or `-q true`", "Debian's ignores them and all that follows; a misquoted command must not look healthy", []change{
		{0, 3, []string{"stray word", "stray word hides -e", "second positional word", "-q true hides -t junk"}},
		{0, 1, []string{"positional host hides -e", "-q true hides -e"}}}},
	{"CR or LF in `-F`, `-f` or `-C`; a blank in `-F`", "no name, no address, no command; or two of them", []change{
		{0, 3, []string{"-F with a line of its own", "-f with a line of its own", "-C of two lines", "-F with a blank"}}}},
	{"`-f=a@b`, `-f 'a@b,c@d'`, `-f \"'a@b'\"`, and the like of other options", "sent as typed: no server knows the address", []change{
		{0, 3, []string{"-f behind an equals sign", "-f two addresses", "-f in quotation marks"}}}},
	{"`-R` without a `-C` to belong to", "what it asks for would never be looked at", []change{
		{0, 3, []string{"-R without -C", "-R too many"}}}},
	{"`-R` that does not compile", "255 is no state", []change{
		{255, 3, []string{"-R does not compile: bracket", "-R does not compile: parenthesis", "-R does not compile: star"}}}},
	{"`-R` with a back reference; that needs the CR of an inner line; of an inner line's end (`first$`) or with `\\d`", "patterns are RE2, which bounds their time, and see lines, not line ends", []change{
		{0, 3, []string{"-R with a back reference"}},
		{0, 1, []string{"-R end of an inner line with CR"}},
		{1, 0, []string{"-R end of an inner line", "-R of Perl"}}}},
	{"`-R` of over 2,000 bytes, or of over 1,000 signs with its repetitions written out", "a search takes the longest reply times the pattern, and a check ends in time", []change{
		{0, 3, []string{"-R too long", "-R too large"}}}},
	{"`-e ''`, and a banner that is not 220", "an empty option is one that is not given", []change{
		{0, 1, []string{"-e empty and a banner of 554"}}}},
	{"`-t 0`: no timeout", "a check always ends", []change{
		{0, 3, []string{"timeout 0"}}}},
	{"numbers as only C reads them (`25-`, `0x10`, `1e3`, `inf`, host `127.1`); a port above 65535", "rather a question than a guess; Debian's calls another port", []change{
		{0, 3, []string{"port with trailing hyphen", "warning inf", "warning hexadecimal", "warning with exponent", "address as one number", "address of two numbers"}},
		{2, 3, []string{"port 70000"}}}},
	{"`--verbose=1`, `-t 1.5`, `-t 5:unknown`, `-w 0:20`, `-w ''`, `[::1]`, a UNIX socket, ini keys of one letter", "more is understood", []change{
		{3, 0, []string{"value where none belongs", "timeout fraction", "timeout with state", "warning range", "warning empty", "critical empty",
			"IPv6 address in brackets", "UNIX socket", "ini file, key of one letter"}}}},
	{"ini file named by `MP_CONFIG_FILE`, here one that asks for another banner", "it is read", []change{
		{134, 1, []string{"ini file, named by MP_CONFIG_FILE"}}}},
}

// changeOf finds the row of each scenario that has one.
func changeOf(t *testing.T) map[string]*change {
	rows := map[string]*change{}
	for _, d := range deviations {
		for i, c := range d.changes {
			if c.c == c.ours || d.why == "" || len(c.scenarios) == 0 {
				t.Errorf("row %q is no deviation, or has no reason or no scenario", d.situation)
			}
			for _, name := range c.scenarios {
				if rows[name] != nil {
					t.Errorf("scenario %q stands in two rows", name)
				}
				if !slices.ContainsFunc(scenarios, func(s scenario) bool { return s.name == name }) {
					t.Errorf("row %q: there is no scenario %q", d.situation, name)
				}
				rows[name] = &d.changes[i]
			}
		}
	}
	return rows
}

const (
	swap       = "../../cmd/check_smtp/doc/from-check_smtp.md" // the page on swapping
	tableBegin = "<!-- deviations -->"
	tableEnd   = "<!-- /deviations -->"
)

// TestDeviationTable keeps the table of the page on swapping true. Run with -update to have it
// written.
func TestDeviationTable(t *testing.T) {
	text, err := os.ReadFile(swap)
	if err != nil {
		t.Fatal("the table of deviations belongs into the page on swapping: ", err)
	}
	updated, err := withTable(string(text), deviationTable())
	switch {
	case err != nil:
		t.Fatal(err)
	case updated == string(text):
	case !*update:
		t.Errorf("%s does not hold the table of deviations as it is now; run this test with -update to have it written", swap)
	default:
		if err := os.WriteFile(swap, []byte(updated), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// withTable replaces what stands between the two marks.
func withTable(text, table string) (string, error) {
	before, rest, ok := strings.Cut(text, tableBegin)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		return "", errors.New(swap + " has no lines " + tableBegin + " and " + tableEnd + " for the table of deviations")
	}
	return before + tableBegin + "\n" + table + tableEnd + after, nil
}

func deviationTable() string {
	var b strings.Builder
	b.WriteString("| situation | check_smtp (Debian 2.3.3) | this check_smtp | why |\n|---|---|---|---|\n")
	for _, d := range deviations {
		var c, ours []string
		for _, x := range d.changes {
			c, ours = append(c, exitWord(x.c)), append(ours, exitWord(x.ours))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", d.situation, strings.Join(c, " / "), strings.Join(ours, " / "), d.why)
	}
	return b.String()
}

func exitWord(code int) string {
	switch code {
	case 0, 1, 2, 3:
		return []string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[code]
	case 134:
		return "abort"
	}
	return fmt.Sprint(code)
}
