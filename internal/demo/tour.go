package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// stop is one command of the tour, and what has to come of it.
type stop struct {
	at    host     // whom the command talks to
	args  []string // of the command, after -H and -p
	code  int      // its exit code
	says  string   // what its output must hold
	shows string   // in plain words, for the reader
}

// slow takes its time over every reply, so that the phases can be told apart.
const slow scripted = `+40ms
S: 220 slow.example.org ESMTP
C~ EHLO
+30ms
S: 250-slow.example.org
S: 250 SIZE 10240000
C: MAIL FROM:<monitor@example.org>
+20ms
S: 250 2.1.0 ok
C: QUIT
+10ms
S: 221 2.0.0 bye`

// silent accepts the connection and never says a word.
const silent scripted = ""

// hostile puts perfdata, HTML and a terminal's escape sequence into its banner.
const hostile scripted = `RAW: 554 \x1b[2J go away | time=0s;;; <script>alert(1)</script>\r\n
C: QUIT
S: 221 bye`

// impostor offers a login behind a certificate that proves nothing. After its
// offer it takes QUIT and no other command: an AUTH would end the tour.
const impostor scripted = `S: 220 mx.test ESMTP
C~ EHLO
S: 250-mx.test
S: 250 STARTTLS
C: STARTTLS
S: 220 go ahead
TLS selfsigned
C~ EHLO
S: 250-mx.test
S: 250 AUTH PLAIN LOGIN
C: QUIT
S: 221 bye`

// plain greets at once and in clear.
const plain scripted = `S: 220 mx.test ESMTP
ANY`

// password is the environment variable in which the commands find theirs.
const password = "DEMO_PASSWORD"

// stops is the tour.
func stops(mail host) []stop {
	return []stop{
		{mail, nil, 0, "SMTP OK - ",
			"OK: the mail server greets, answers EHLO and says goodbye. Each phase has its own time."},
		{mail, []string{"-f", "monitor@example.org"}, 0, "mailfrom_time=",
			"OK: with -f the server also has to accept this sender."},
		{slow, []string{"-f", "monitor@example.org", "-v"}, 0, "220 slow.example.org ESMTP",
			"OK: -v draws when each phase ran and for how long. This server is slow at its banner."},
		{mail, []string{"-C", "RSET", "-R", "^250", "-vvv"}, 0, "C: RSET",
			"OK: -C sends a command, -R judges the reply, -vvv shows every line that was said."},
		{mail, []string{"-f", refusedSender}, 2, "refused: 550",
			"CRITICAL: the server refuses the sender. monitoring-plugins and nagios-plugins call this OK."},
		{mail, []string{"-f", greylistedSender}, 1, "deferred: 451",
			"WARNING: the server puts the sender off, as greylisting does. --state tempfail=critical would be stricter."},
		{mail, []string{"-f", "monitor@example.org", "--to", "postmaster@example.org"}, 0, "body_time=",
			"OK: with --to a test message is delivered; the server has taken it, to the reply after the last dot."},
		{mail, []string{"-f", "monitor@example.org", "--to", "postmaster@example.org," + unknownRecipient, "-v"}, 2, "rcptto " + unknownRecipient + " refused: 550",
			"CRITICAL: one of two recipients is refused. Centreon's plugin says OK: Message sent."},
		{mail, []string{"-f", "monitor@example.org", "--to", fullRecipient, "--subject", "Is there room?"}, 2, "body refused: 552",
			"CRITICAL: the server takes sender and recipient and refuses the message. Circonus says good, Centreon's plugin says OK."},
		{mail, []string{"-f", "monitor@example.org", "--to", "x@elsewhere.example", "--quit-after", "rcptto", "--expect-reply", "rcptto=5xx/ [Rr]elay"}, 2, "answered 250",
			"CRITICAL: this server should refuse to relay, and does not. No message is sent."},
		{silent, []string{"-t", "1"}, 2, "Socket timeout after 1 seconds during banner",
			"CRITICAL: the time is over, and the text names the phase that used it up."},
		{hostile, nil, 1, "554 [1b][2J go away / time=0s,,, [script]alert(1)[/script] (Invalid SMTP response",
			"WARNING: the banner is not 220. Whatever a server says, it adds no perfdata, no HTML and no escape sequence."},
		{slow, []string{"-f", "monitor@example.org", "-w", "banner_time=0.02", "-c", "5"}, 1, ", limit 0.02",
			"WARNING: the banner alone took too long. Each phase can have limits of its own."},
		{mail, []string{"-S", "-D", "30,7"}, 1, "expires in 20 days",
			"WARNING: -S asks for STARTTLS, and -D wants more than 30 days left. Who issued the certificate, and for whom, is only told."},
		{mail, []string{"-S", "-U", "monitor", "--authpass-env", password}, 2, "sasl_auth PLAIN refused: 535",
			"CRITICAL: the server refuses the login. " + password + " holds the password, so that the process list does not show it."},
		{impostor, []string{"-S", "--verify", "-U", "monitor", "--authpass-env", password, "-vvv"}, 2, "credentials withheld",
			"CRITICAL: --verify wants a proof, and this server has none. It gets no password: after its offer of AUTH the only command is QUIT."},
		{plain, []string{"-s"}, 2, `does not speak TLS but says "220 mx.test ESMTP" (it begins without TLS: -S, or -p 465)`,
			"CRITICAL: -s asks for TLS from the first byte, and this is a plain port. -S is for such a port."},
		{nobody{}, nil, 2, ": Connection refused",
			"CRITICAL: nobody listens on this port."},
	}
}

// tour runs every stop and prints what a person would see.
func tour(ctx context.Context, program string, w io.Writer) error {
	mail, err := startMailServer()
	if err != nil {
		return err
	}
	defer mail.Close()
	all := stops(mail)
	for i, s := range all {
		if err := s.visit(ctx, program, w); err != nil {
			return fmt.Errorf("stop %d of %d: %w", i+1, len(all), err)
		}
	}
	fmt.Fprintf(w, "%d commands, and every one ended with the exit code that it should have.\n", len(all))
	return nil
}

// visit runs one command against its server.
func (s stop) visit(ctx context.Context, program string, w io.Writer) error {
	port, gone, err := s.at.open()
	if err != nil {
		return err
	}
	argv := append([]string{"-H", loopback, "-p", port}, s.args...)
	fmt.Fprintf(w, "$ check_smtp %s\n", typed(argv))
	out, code, err := execute(ctx, program, argv)
	if err != nil {
		return errors.Join(err, gone())
	}
	fmt.Fprintf(w, "%sexit code %d\n%s\n\n", out, code, s.shows)
	return errors.Join(s.judge(out, code), gone())
}

func (s stop) judge(out string, code int) error {
	switch {
	case code != s.code:
		return fmt.Errorf("exit code %d, and it should be %d", code, s.code)
	case !strings.Contains(out, s.says):
		return fmt.Errorf("the output does not hold %q", s.says)
	}
	return nil
}

// execute runs the program. An exit code is a result, not an error.
func execute(ctx context.Context, program string, argv []string) (out string, code int, err error) {
	cmd := exec.CommandContext(ctx, program, argv...)
	cmd.Env = append(os.Environ(), password+"=correct horse battery")
	text, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); exited && ctx.Err() == nil {
		err = nil
	}
	return string(text), cmd.ProcessState.ExitCode(), err
}

// typed is a command line as one types it into a shell.
func typed(argv []string) string {
	var words []string
	for _, word := range argv {
		if word == "" || strings.ContainsAny(word, " '\"\\$&|;<>()*?[]^#~!{}") {
			word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}
