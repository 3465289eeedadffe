package args

import (
	"fmt"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
)

// The help is made from the rows of the options, but for what stands before and
// behind them, and for the short one, which is written by hand: a wall of flags
// helps nobody at three in the morning.
const (
	intro = `Usage: check_smtp -H HOST [OPTION]...

Speaks SMTP or LMTP to a mail server, phase by phase, and reports whether each
phase succeeded and how long it took. A drop-in replacement for the check_smtp
of monitoring-plugins and nagios-plugins.

Phases: credential, dns, connect, proxy, banner, ehlo, starttls, tls, ehlo_tls,
sasl_auth, mailfrom, command, rcptto, data, body, rset, quit.

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A wrong command line,
--help and --version exit with 3.

`
	// Examples are command lines, one a line.
	Examples = `  check_smtp -H mx1.example.org
  check_smtp -H mx1.example.org -vvv
  check_smtp -H mx1.example.org -S --output-format waterfall
  check_smtp -H mx1.example.org -f monitor@example.org -w 1 -c 5
  check_smtp -H mx1.example.org -C 'VRFY postmaster' -R '^25[02]'
  check_smtp -H mx1.example.org -S -D 30,7 --verify
  check_smtp -H mx1.example.org -s -U monitor --authpass-file /etc/smtp.pass
  check_smtp -H mx1.example.org -f a@example.org --to b@example.org
  check_smtp -H /run/dovecot/lmtp --lmtp -f '' --to test --quit-after rcptto
`
	outro = `Short options may share a dash (-vqH mx1), long ones may be shortened (--host)
and take their value after a space or an equals sign. -- ends the options. An
empty value of -w -c -t -D -e -C -R -F, and of a login, means "not given"; of
-f it is the null sender; of most others an error.
`
)

// shortHelp fits a screen: what most command lines are made of.
const shortHelp = `Usage: check_smtp -H HOST [OPTION]...
Checks a mail server phase by phase and times each phase.
Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also of this help).

  -H, --hostname=HOST        name, address, or path of a UNIX socket
      --mx=DOMAIN            instead: every mail exchanger of this domain
      --targets=FILE         instead: many hosts or command lines, one a line
  -p, --port=N               default: 25, with -s 465
  -S, --starttls             require STARTTLS
  -s, --ssl, --tls           require TLS from the start
  -D, --certificate=W[,C]    WARNING, CRITICAL when so many days are left
      --verify               the certificate must be trusted and for this host
  -U, --authuser=USER        log in as this user, with the password in
      --authpass-file=FILE     this file
  -f, --from=ADDRESS         send MAIL FROM this address
      --to=ADDRESSES         send a test message to these addresses
      --quit-after=PHASE     stop after this phase; rcptto sends no message
      --expect-reply=PHASE=CODES
                             the reply that is expected, such as rcptto=550
  -C, --command=TEXT         send this command; its reply must match
  -R, --response=REGEX         this regular expression
  -e, --expect=TEXT          the banner must contain this text
  -L, --lmtp                 speak LMTP
  -w, --warning=RANGE        limits for the time in seconds, such as 5, or for
  -c, --critical=RANGE         another number: banner_time=0.5, cert_days=7:
  -t, --timeout=SECONDS      for the whole run; default: 10
  -v, --verbose              show each step; -vv details; -vvv the dialogue
      --output-format=FORMAT json, xml, openmetrics, prtg, checkmk, influx,
                             waterfall; default: nagios
Examples:
  check_smtp -H mx1.example.org -f monitor@example.org -w 1 -c 5
  check_smtp -H mx1.example.org -S -D 30,7 --verify
  check_smtp -H mx1.example.org -s -U monitor --authpass-file /etc/smtp.pass
  check_smtp -H mx1.example.org -f a@example.org --to b@example.org
  check_smtp -H mx1.example.org -S --output-format waterfall

All options: --help=all. Some: --help=TOPIC, TOPIC is target, session, proxy,
tls, login, message, domain, many, limits, output, managers, centreon or edits.
Configuration for your poller, man page and more: --print list
`

// helpPage is what --help=all prints.
func helpPage() string {
	var b strings.Builder
	b.WriteString(intro + "Examples:\n" + Examples)
	for _, t := range Tables {
		b.WriteString("\n" + t.Title + "\n" + t.Help())
	}
	return b.String() + "\n" + outro
}

// helpOn is the help on a topic; "": the short one.
func helpOn(word string) (string, error) {
	switch word = strings.ToLower(word); word {
	case "":
		return shortHelp, nil
	case "all":
		return helpPage(), nil
	}
	for _, t := range Tables {
		if t.Topic == word {
			return t.Title + "\n" + t.Help(), nil
		}
	}
	hint := didYouMean(word, append([]string{"all"}, Tables.Topics()...))
	if topic := Tables.TopicOf(strings.TrimLeft(word, "-")); topic != "" { // an option is part of one
		hint = "did you mean " + topic + "?"
	}
	return "", bad("help", quote(word)+" is not a topic", hint)
}

// What the help lists of tables.

func metricLines() []string    { return option.Fold(strings.Join(texts(facts.Labels()), " "), 54) }
func mechanismLines() []string { return option.Fold(strings.Join(texts(sasl.Names()), " "), 54) }

func conditionLines() []string {
	var lines []string
	for _, c := range plan.Conditions() {
		row := string(c) + "=" + strings.ToLower(c.Default().String())
		for i, text := range option.Fold(c.Text(), 33) {
			if i == 0 && len(row) > 20 {
				lines, row = append(lines, row), ""
			}
			lines = append(lines, fmt.Sprintf("%-20s %s", row, text))
			row = ""
		}
	}
	return lines
}
