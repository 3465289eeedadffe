//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// delivery is one run of ours against a server with mailboxes.
type delivery struct {
	name  string
	door  string // which way into the server
	args  string // besides the target and the sender; {files} is the directory of the files below
	exit  int
	says  string                             // regexp that the output holds
	mail  string                             // whose mailboxes get the message; all others get nothing
	log   string                             // regexp for what the server writes about it; "": anything
	reads func(t *testing.T, message string) // what has to be true of the message that came; nil: nothing
}

// sender is who sends, where a row does not say.
const sender = "probe@example.org"

// tooHeavy is what we say of a message that a server has no room for, before we
// send any of it.
var tooHeavy = fmt.Sprintf(`^SMTP CRITICAL - .*\b%d\b.*\b%d\b`, len(meant(heavy)), largest)

// everywhere is what has to work with any server.
var everywhere = []delivery{
	{"one line", "", "--to good@box.test", 0, `^SMTP OK - .*\bbody_time=.*\bbody_bytes=[1-9]`, "good", "", nil},
	{"three recipients", "", "--to good@box.test,second@box.test --to hidden@box.test", 0, `^SMTP OK - `, "good second hidden", "", nil},
	{"composed", "", composedArgs, 0, `^SMTP OK - `, "good second hidden", "", readComposed},
	{"awkward payload", "", "--to good@box.test --payload-file {files}/awkward", 0, `^SMTP OK - `, "good", "", sameAs(awkward)},
	{"payload that ends in a dot", "", "--to good@box.test --payload-file {files}/dot", 0, `^SMTP OK - `, "good", "", sameAs(dot)},
	{"payload in words", "", "--to good@box.test --payload '" + brief + "'", 0, `^SMTP OK - `, "good", "", sameAs(brief)},
	{"rehearsal", "", "--to good@box.test --quit-after rcptto", 0, `^SMTP OK - .*\brset_time=`, "", "", nil},
}

// onPostfix is what Postfix has to say about a message.
var onPostfix = []delivery{
	{"inside TLS", "safe", "--to good@box.test --payload-file {files}/awkward", 0, `^SMTP OK - .*\btls_time=`, "good", "", sameAs(awkward)},
	{"unknown recipient", "closed", "--to unknown@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 5\.1\.1 .*unknown`, "", `rcpt=0/1 quit=1`, nil},
	{"unknown and good recipient", "closed", "--to unknown@box.test,good@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 5\.1\.1 `, "good", "", nil},
	{"good and unknown recipient", "closed", "--to good@box.test --cc unknown@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 5\.1\.1 `, "good", "", nil},
	{"greylisted", "closed", "--to later@box.test", 1, `^SMTP WARNING - rcptto later@box\.test deferred: 450 4\.2\.0 .*Greylisted`, "", `rcpt=0/1 quit=1`, nil},
	{"greylisted and good recipient", "closed", "--to later@box.test,good@box.test", 1, `^SMTP WARNING - rcptto later@box\.test deferred: 450 4\.2\.0 `, "good", "", nil},
	{"greylisted and unknown recipient", "closed", "--to later@box.test,unknown@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 5\.1\.1 `, "", "", nil},
	{"greylisting expected", "closed", "--to later@box.test --quit-after rcptto --expect-reply rcptto=450", 0, `^SMTP OK - `, "", "", nil},
	{"DATA refused", "closed", "-f nodata@example.org --to good@box.test", 2, `^SMTP CRITICAL - data refused: 554 5\.7\.1 .*not from you`, "", `data=0/1 quit=1`, nil},
	{"message refused", "closed", "--to good@box.test --subject virus", 2, `^SMTP CRITICAL - body refused: 550 5\.7\.1 this message contains a virus`, "", `data=0/1 quit=1`, nil},
	{"over the size announced", "small", "--to good@box.test --payload-file {files}/heavy", 2, tooHeavy, "", `ehlo=1 quit=1 commands=2`, nil},
	{"over the size kept silent", "silent about sizes", "--to good@box.test --payload-file {files}/heavy", 2, `^SMTP CRITICAL - body refused: 552 5\.3\.4 `, "", `data=0/1 quit=1`, nil},
	{"within the size announced", "small", "--to good@box.test --payload-file {files}/light", 0, `^SMTP OK - `, "good", "", sameAs(light)},
	{"header not in ASCII", "", "--to good@box.test --payload-file {files}/utf8", 0, `^SMTP OK - `, "good", "", sameAs(utf8)},
	{"relay closed", "closed", "--to x@elsewhere.test --quit-after rcptto --expect-reply rcptto=554", 0, `^SMTP OK - `, "", `rcpt=0/1 quit=1`, nil},
	{"relay open", "open", "--to x@elsewhere.test --quit-after rcptto --expect-reply rcptto=554", 2, `^SMTP CRITICAL - rcptto x@elsewhere\.test answered 250 2\.1\.5 Ok, expected 554`, "", `rcpt=1 rset=1 quit=1 commands=5`, nil},
	{"relay open, with a message at hand", "open", "--to x@elsewhere.test --expect-reply rcptto=554", 2, `^SMTP CRITICAL - rcptto x@elsewhere\.test answered 250 2\.1\.5 Ok, expected 554`, "", `rcpt=1 quit=1 commands=4`, nil},
	{"relay closed to mail", "closed", "--to x@elsewhere.test", 2, `^SMTP CRITICAL - rcptto x@elsewhere\.test refused: 554 5\.7\.1 .*Relay access denied`, "", "", nil},
}

// onExim is what Exim has to say, whose replies have no enhanced codes.
var onExim = []delivery{
	{"8 bits announced", "", "--to good@box.test --payload-file {files}/awkward", 0, `^SMTP OK - `, "good", ` <= ` + sender + ` .* M8S=8 `, nil},
	{"7 bits", "", "--to good@box.test --payload '" + brief + "'", 0, `^SMTP OK - `, "good", ` <= ` + sender + ` .* M8S=[07] `, nil},
	{"8 bits, and HELO only", "", "--to good@box.test --payload-file {files}/awkward --greeting helo", 2, `^SMTP CRITICAL - mailfrom .* not sent: .*8BITMIME`, "", "", nil},
	{"unknown and good recipient", "", "--to unknown@box.test,good@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 Unrouteable address`, "good", "", nil},
	{"greylisted", "", "--to later@box.test", 1, `^SMTP WARNING - rcptto later@box\.test deferred: 451 greylisted`, "", "", nil},
	{"message refused", "", "--to good@box.test --subject virus", 2, `^SMTP CRITICAL - body refused: 550 this message contains a virus`, "", "", nil},
	{"message put off", "", "--to good@box.test --subject busy", 1, `^SMTP WARNING - body deferred: 451 the scanner is busy`, "", "", nil},
	{"over the size announced", "small", "--to good@box.test --payload-file {files}/heavy", 2, tooHeavy, "", "", nil},
	{"within the size announced", "small", "--to good@box.test --payload-file {files}/light", 0, `^SMTP OK - `, "good", "", sameAs(light)},
	{"relay closed", "", "--to x@elsewhere.test --quit-after rcptto --expect-reply rcptto=550", 0, `^SMTP OK - `, "", `rejected RCPT <x@elsewhere\.test>`, nil},
}

// onOpenSMTPD is what OpenSMTPD has to say. It calls an unknown recipient a
// problem with a mailing list, and wants a header that is one.
var onOpenSMTPD = []delivery{
	{"header not in ASCII", "", "--to good@box.test --payload-file {files}/utf8", 2, `^SMTP CRITICAL - mailfrom .* not sent: .*SMTPUTF8`, "", "", nil},
	{"no header", "", "--to good@box.test --payload .", 2, `^SMTP CRITICAL - body refused: 550 5\.7\.1 .*not RFC 2822 compliant`, "", "", nil},
	{"unknown and good recipient", "", "--to unknown@box.test,good@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 524 5\.2\.4 `, "good", "", nil},
	{"over the size announced", "", "--to good@box.test --payload-file {files}/heavy", 2, tooHeavy, "", "", nil},
	{"within the size announced", "", "--to good@box.test --payload-file {files}/light", 0, `^SMTP OK - `, "good", "", sameAs(light)},
	{"relay closed", "", "--to x@elsewhere.test --quit-after rcptto --expect-reply rcptto=550", 0, `^SMTP OK - `, "", `(?i)RCPT TO:<x@elsewhere\.test>" result="550 `, nil},
}

// onDovecot is what Dovecot has to say, recipient by recipient.
var onDovecot = []delivery{
	{"good and unknown recipient", "", "--to good@box.test,unknown@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 5\.1\.1 `, "good", "", nil},
	{"good and unknown recipient, socket", "socket", "--to good@box.test,unknown@box.test", 2, `^SMTP CRITICAL - rcptto unknown@box\.test refused: 550 5\.1\.1 `, "good", "", nil},
	{"awkward payload, socket", "socket", "--to good@box.test,second@box.test --payload-file {files}/awkward", 0, `^SMTP OK - `, "good second", "", sameAs(awkward)},
	{"header not in ASCII", "", "--to good@box.test --payload-file {files}/utf8", 2, `^SMTP CRITICAL - mailfrom .* not sent: .*SMTPUTF8`, "", "", nil},
	{"full mailbox", "", "--to full@box.test", 2, `^SMTP CRITICAL - body full@box\.test refused: 552 5\.2\.2 .*full`, "", `save failed to INBOX: Quota exceeded`, nil},
	{"full mailbox between others", "", "--to good@box.test,full@box.test,second@box.test", 2, `^SMTP CRITICAL - body full@box\.test refused: 552 5\.2\.2 .*full`, "good second", "", nil},
	{"full mailbox, for now", "", "--to filling@box.test", 1, `^SMTP WARNING - body filling@box\.test deferred: 452 4\.2\.2 .*full`, "", "", nil},
	{"full mailbox, and full for now", "", "--to filling@box.test,full@box.test", 2, `^SMTP CRITICAL - body full@box\.test refused: 552 5\.2\.2 `, "", "", nil},
	{"full mailbox after an unknown one", "socket", "--to unknown@box.test,full@box.test,good@box.test -v", 2, `(?s)^SMTP CRITICAL - .*rcptto unknown@box\.test refused: 550 .*body full@box\.test refused: 552 `, "good", "", nil},
	{"SMTP where LMTP is spoken", "no LMTP", "--to good@box.test", 2, `^SMTP CRITICAL - .*500 5\.5\.1 `, "", "", nil},
}

// deliveries is the story of a message with each server.
var deliveries = []struct {
	server string
	start  func(*testing.T) *mailServer
	rows   []delivery
}{
	{"Postfix", startPostfixBoxes, onPostfix},
	{"Exim", startExim, onExim},
	{"OpenSMTPD", startOpenSMTPD, onOpenSMTPD},
	{"Dovecot", startDovecotBoxes, onDovecot},
}

// TestDelivery sends messages, and reads in the mailboxes what came of them.
func TestDelivery(t *testing.T) {
	files := t.TempDir()
	for name, text := range deliveryFiles {
		writeFile(t, filepath.Join(files, name), text, 0o644)
	}
	for _, d := range deliveries {
		t.Run(d.server, func(t *testing.T) {
			s := d.start(t)
			for _, row := range slices.Concat(everywhere, d.rows) {
				row.args = strings.ReplaceAll(row.args, "{files}", files)
				t.Run(row.name, func(t *testing.T) { s.deliver(t, row) })
			}
			s.checkManners(t)
		})
	}
}

// deliver plays one row, and leaves the mailboxes empty.
func (s *mailServer) deliver(t *testing.T, d delivery) {
	target, known := s.doors[d.door]
	if !known {
		t.Fatalf("no door %q", d.door)
	}
	line := target + " -f " + sender + " " + d.args
	before := s.logged()
	checkRun(t, line, d.exit, d.says)
	s.checkMail(t, strings.Fields(d.mail), d.reads)
	s.checkLog(t, before, d.log)
}

// patience is how long a server may take to put a message into a mailbox, or
// a line into its log. It takes a tenth of a second where little else goes on.
const patience = 30 * time.Second

// checkMail waits for a message in each of some mailboxes, reads it, and takes
// it away. There is none in any other: those that a server holds back until
// later are found by the row that follows.
func (s *mailServer) checkMail(t *testing.T, want []string, reads func(*testing.T, string)) {
	t.Helper()
	within(patience, func() bool { return len(s.withMail(t)) >= len(want) })
	if got := s.withMail(t); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("mail for %q, want it for %q", got, want)
	}
	files, err := filepath.Glob(filepath.Join(s.boxes, "*", "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		message, err := os.ReadFile(f)
		if err != nil || os.Remove(f) != nil {
			t.Fatal(err)
		}
		if reads != nil {
			reads(t, withoutTrace(string(message)))
		}
	}
}

// withMail names the mailbox of each new message, in order.
func (s *mailServer) withMail(t *testing.T) []string {
	files, err := filepath.Glob(filepath.Join(s.boxes, "*", "new", "*"))
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = filepath.Base(filepath.Dir(filepath.Dir(f)))
	}
	return names
}

func (s *mailServer) logged() int {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return 0 // it does not log at once
	}
	return len(text)
}

// checkLog waits for a server to write something behind what it had written.
func (s *mailServer) checkLog(t *testing.T, before int, want string) {
	t.Helper()
	pattern, written := regexp.MustCompile(want), ""
	found := within(patience, func() bool {
		text, err := os.ReadFile(s.log)
		if err == nil {
			written = string(text[before:])
		}
		return pattern.MatchString(written)
	})
	if !found {
		t.Errorf("the server's log does not hold %s:\n%s", want, written)
	}
}

// What servers write about a client that breaks the protocol, or breaks off,
// and what sounds like it.
var (
	rudeness = regexp.MustCompile(complaint.String() + `|synchronization error|unexpected disconnection|: Connection closed|reason=(?:disconnect|timeout|io-error)`)
	noWonder = regexp.MustCompile(`queue file size limit exceeded`) // the message was too big
)

// checkManners reads the whole log of a server.
func (s *mailServer) checkManners(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(s.log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if rudeness.MatchString(line) && !noWonder.MatchString(line) {
			t.Errorf("the server complains: %s", line)
		}
	}
}

// trace is what a server puts before a message that it delivers.
var trace = regexp.MustCompile(`^(?i:(?:(?:Received|Return-Path|Delivered-To|Envelope-To|X-Original-To):[^\n]*\n)(?:[ \t][^\n]*\n)*)*`)

// withoutTrace is a message out of a mailbox as it was before that.
func withoutTrace(message string) string { return message[len(trace.FindString(message)):] }
