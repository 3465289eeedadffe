//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// How Postfix answers, one way a port.
var (
	normal     = service{"normal", "-", "smtpd"}
	slow       = service{"slow", "1", "postscreen"}
	turnsAway  = service{"turns away", "-", "smtpd -o smtpd_delay_reject=no -o smtpd_client_restrictions=reject"}
	dislikesUs = service{"dislikes our name", "-", "smtpd -o smtpd_delay_reject=no -o smtpd_helo_required=yes -o smtpd_helo_restrictions=reject"}
	picky      = service{"picky about senders", "-", "smtpd -o smtpd_delay_reject=no" +
		" -o { smtpd_sender_restrictions = check_sender_access inline:{{bad@example.test=REJECT go away}, {later@example.test=DEFER try again later}} }"}
)

// postfixCase is one run of ours against Postfix.
type postfixCase struct {
	name   string
	server service
	args   string // besides -H and -p; {dir} is Postfix's directory
	exit   int
	says   string // regexp that the output holds
}

var plainCases = []postfixCase{
	{"greeting only", normal, "", 0, `^SMTP OK - `},
	{"sender", normal, "-f a@example.org", 0, `^SMTP OK - `},
	{"null sender", normal, "-f ''", 0, `^SMTP OK - `},
	{"commands", normal, "-f a@example.org -C NOOP -R ^250 -C RSET -R ^250", 0, `^SMTP OK - `},
	{"answer not as asked", normal, "-C NOOP -R ^251", 1, `^SMTP WARNING - .*250 2\.0\.0 Ok.*NOOP`},
	{"unknown command", normal, "-C NONSENSE -R ^250", 1, `^SMTP WARNING - .*50[0-9] 5\.5\.[0-9] .*NONSENSE`},
	{"HELO only", normal, "--greeting helo", 0, `^SMTP OK - `},
	{"banner text", normal, "-e Postfix", 0, `^SMTP OK - `},
	{"other banner text", normal, "-e Sendmail", 1, `^SMTP WARNING - .*220 mail\.example\.test ESMTP Postfix`},
	{"name refused", dislikesUs, "", 2, `^SMTP CRITICAL - .*554 5\.7\.1 .*Access denied`},
	{"sender refused", picky, "-f bad@example.test", 2, `^SMTP CRITICAL - .*554 5\.7\.1 .*go away`},
	{"sender put off", picky, "-f later@example.test", 1, `^SMTP WARNING - .*450 4\.7\.1 .*try again later`},
	{"other sender", picky, "-f good@example.test", 0, `^SMTP OK - `},
	{"turned away", turnsAway, "", 1, `^SMTP WARNING - .*554 5\.7\.1 .*Access denied`},
	{"slow banner", slow, "-f a@example.org", 0, `^SMTP OK - .*\bbanner_time=(1\.9|2\.)`},
	{"slow banner breaches", slow, "-w banner_time=1", 1, `^SMTP WARNING - .*\bbanner_time=(1\.9|2\.)`},
}

// TestPostfix asks whether we see what Postfix does, and whether Postfix has
// anything to say against us.
func TestPostfix(t *testing.T) {
	p := startPostfix(t, normal, slow, turnsAway, dislikesUs, picky)
	p.checkAll(t, plainCases)
	t.Run("log", func(t *testing.T) { p.checkLog(t, len(plainCases), nothing) })
}

// checkAll runs ours for each case, one after the other.
func (p *postfix) checkAll(t *testing.T, cases []postfixCase) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { p.check(t, c) })
	}
}

func (p *postfix) check(t *testing.T, c postfixCase) {
	line := fmt.Sprintf("-H 127.0.0.1 -p %d %s", p.ports[c.server.name], c.args)
	checkRun(t, strings.ReplaceAll(line, "{dir}", p.dir), c.exit, c.says)
}

// checkRun runs ours once and asks for an exit code, and for a regexp that the
// output holds.
func checkRun(t *testing.T, line string, exit int, says string) {
	t.Helper()
	args, err := splitWords(line)
	if err != nil {
		t.Fatal(err)
	}
	o := runPlugin(ours, nil, args...)
	if o.exit != exit || !regexp.MustCompile(says).MatchString(o.stdout) {
		t.Errorf("check_smtp %q: want exit %d and %s, got %v", args, exit, says, o)
	}
}

// complaint is what Postfix writes about a client that breaks the protocol.
var complaint = regexp.MustCompile(`improper command pipelining|lost connection|timeout after|PREGREET|HANGUP|COMMAND |BARE NEWLINE|NON-SMTP|(smtpd|postscreen)\[\d+\]: warning:`)

// nothing is a regexp that matches nothing.
var nothing = regexp.MustCompile(`[^\x00-\x{10FFFF}]`)

// checkLog reads what Postfix thinks of so many sessions that ended politely.
// What it says for a fault that was intended is no complaint.
func (p *postfix) checkLog(t *testing.T, sessions int, intended *regexp.Regexp) {
	var text string
	polite := regexp.MustCompile(`disconnect from .* quit=1 `)
	// The log is written by another process, somewhat later.
	all := within(patience, func() bool {
		b, err := os.ReadFile(p.log)
		text = string(b)
		return err == nil && len(polite.FindAllString(text, -1)) >= sessions
	})
	if !all {
		t.Errorf("%d of %d sessions ended with QUIT", len(polite.FindAllString(text, -1)), sessions)
	}
	for line := range strings.Lines(text) {
		if complaint.MatchString(line) && !intended.MatchString(line) {
			t.Errorf("Postfix complains: %s", line)
		}
	}
}

// TestPostfixTimeout cuts a session. It has a Postfix of its own, as that is
// one that Postfix rightly complains of.
func TestPostfixTimeout(t *testing.T) {
	p := startPostfix(t, slow)
	o := runPlugin(ours, nil, "-H", "127.0.0.1", "-p", strconv.Itoa(p.ports[slow.name]), "-t", "1")
	first, _, _ := strings.Cut(o.stdout, "\n")
	if o.exit != 2 || !regexp.MustCompile(`^SMTP CRITICAL - Socket timeout after 1 seconds during banner \(it may be slow: -t 30\), `).MatchString(first) {
		t.Errorf("want exit 2, the phase and the timeout, got %v", o)
	}
	if o.took < time.Second || o.took > 10*time.Second {
		t.Errorf("it took %v, want 1 s and not much more", o.took)
	}
}

// TestStoppedServer asks a port where a server used to be.
func TestStoppedServer(t *testing.T) {
	port := strconv.Itoa(deadPort(t))
	o := runPlugin(ours, nil, "-H", "127.0.0.1", "-p", port)
	if o.exit != 2 || !strings.Contains(o.stdout, "connect to address 127.0.0.1 and port "+port+": Connection refused") {
		t.Errorf("want exit 2 and the reason, got %v", o)
	}
}
