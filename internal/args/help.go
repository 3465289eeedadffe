package args

import (
	"fmt"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
)

// helpText is written by hand: a wall of flags helps nobody at three in the
// morning. Tests hold it to the options, the phases and the conditions.
const helpText = `Usage: check_smtp -H HOST [OPTION]...

Speaks SMTP or LMTP to a mail server, phase by phase, and says whether each
phase went well and how long it took. A drop-in for the check_smtp of
monitoring-plugins and nagios-plugins.

Phases: dns, connect, proxy, banner, ehlo, starttls, tls, ehlo_tls, sasl_auth,
mailfrom, command, rcptto, data, body, rset, quit.

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A command line that cannot
be carried out, --help and --version exit with 3.

Examples:
  check_smtp -H mx1.example.org
  check_smtp -H mx1.example.org -vvv
  check_smtp -H mx1.example.org -S --output-format waterfall
  check_smtp -H mx1.example.org -f monitor@example.org -w 1 -c 5
  check_smtp -H mx1.example.org -C 'VRFY postmaster' -R '^25[02]'
  check_smtp -H mx1.example.org -S -D 30,7 --verify
  check_smtp -H mx1.example.org -s -U monitor --authpass-file /etc/smtp.pass
  check_smtp -H mx1.example.org -f a@example.org --to b@example.org
  check_smtp -H /run/dovecot/lmtp --lmtp -f '' --to test --quit-after rcptto

Target
  -H, --hostname=HOST    name, IPv4 or IPv6 address (also in brackets), or the
                         absolute path of a UNIX socket. The first word that
                         is no option will do, too. Default: 127.0.0.1
  -p, --port=N           1 to 65535. Default: 25; 465 when TLS is from
                         the start
  -4, --use-ipv4         use IPv4 only
  -6, --use-ipv6         use IPv6 only; the last of the two counts. Default:
                         every address of the host, one after the other
      --bind=ADDR        connect from this address of this machine

Session
  -F, --fqdn=NAME        name to greet the server with; also --helo, --ehlo.
                         Default: the host name of this machine
      --greeting=WORD    auto, ehlo or helo. Default: auto, which says EHLO,
                         and HELO when the server refuses that
  -L, --lmtp             speak LMTP: greet with LHLO; after a message every
                         recipient has a reply of its own
  -e, --expect=TEXT      the banner must hold this text, letter by letter.
                         Default: the banner's code must be 220
  -C, --command=TEXT     send this command and wait for the reply; repeatable.
                         Sent after the login and MAIL, before RCPT
  -R, --response=REGEX   what the reply to a command must match: the first -R
                         belongs to the first -C, and so on. RE2 syntax; ^ and
                         $ match at each line. A command without -R, or with
                         an empty one, is not judged
      --expect-reply=PHASE=CODES[/REGEX]
                         the reply that is wanted in a phase, even a refusal;
                         repeatable. --expect-reply mailfrom=250
                         --expect-reply banner=554 --expect-reply sasl_auth=535
      --quit-after=PHASE say goodbye after this phase: banner, ehlo, ehlo_tls,
                         sasl_auth, mailfrom, command, rcptto, which asks about
                         the recipients and sends nothing, body or quit.
                         What would never be reached then is an error beside
                         it. Default: go through all of them
  -q, --ignore-quit-failure
                         a QUIT that cannot be sent, or is not answered, is no
                         finding. It may be followed by true, yes, on, 1,
                         false, no, off or 0
  -t, --timeout=SECONDS[:STATE]
                         for the whole run, from the start to the last byte
                         that is printed, up to 3600, fractions allowed; and
                         the state when the time is over. Default: 10:critical.
                         Examples: -t 2.5
                         -t 30:unknown -t :warning

PROXY protocol
  -r, --proxy            begin with a header of version 1 that tells of this
                         connection
      --proxy-protocol=N begin with a header of version 1 or 2
      --proxy-family=WORD
                         TCP4, TCP6, UNKNOWN or, in version 2, LOCAL. Default:
                         that of the addresses
      --proxy-source-address=ADDR, --proxy-dest-address=ADDR,
      --proxy-source-port=N, --proxy-dest-port=N
                         tell this instead of what the connection has

TLS
  -S, --starttls         require STARTTLS
  -s, --ssl, --tls       require TLS from the start
      --tls-mode=MODE    none, starttls, starttls-if-available, implicit, which
                         is TLS from the start, or implicit-if-available, which
                         connects again without TLS when there is none
  -D, --certificate=W[,C]
                         warning when the certificate, or one between it and
                         a root, has W days or less left, critical at C, which
                         is 0 by default; also hours (36h)
                         or percent of its lifetime (30%). Asks for STARTTLS,
                         or on port 465 for TLS from the start, unless another
                         option does. Examples: -D 30,7 -D 30%,36h
      --ignore-certificate-expiration
                         tell of an expired certificate, but do not judge it
      --verify[=STATE]   the certificate's chain and name must prove the
                         server, which gets no password otherwise. STATE is
                         what it means if they do not; it stands after an
                         equals sign. Default: critical. Without --verify it is
                         only told
      --sni              send the server name (SNI) even if it is an address.
                         A host name is always sent
      --tls-server-name=NAME
                         send this name instead of HOST, and verify it
      --ca-file=FILE     trust these certificates in PEM instead of the
                         system's
      --client-cert=FILE, --client-key=FILE
                         our own certificate and key in PEM, for a server that
                         asks. The key may be in the file of the certificate
      --ciphers=LIST     suites of TLS 1.2 and below by name, OpenSSL's or
                         IANA's, separated by colons; those of TLS 1.3 cannot
                         be chosen. ECDHE-RSA-AES128-GCM-SHA256
      --tls-min=VERSION  1.0, 1.1, 1.2 or 1.3. Default: 1.2
      --tls-max=VERSION  the same. Default: 1.3
      --pin=sha256//BASE64
                         the SHA-256 of the server's public key; repeatable,
                         one of them must be met

Login
  -A, --authtype=MECH    auto: the strongest that is offered, and no LOGIN or
                         PLAIN without TLS. Or one of
` + mechanismsHere + `
                         Default: auto, if there is a user
  -U, --authuser=USER    also --username
  -P, --authpass=SECRET  password or token; also --password. Everybody on this
                         machine can see it in the process list: prefer the
                         next one
      --authpass-file=FILE
                         it stands in this file; a line end after it is cut
      --authpass-env=NAME
                         it stands in this environment variable
      --authpass-credential=NAME
                         it is this credential from systemd's LoadCredential=
      --authzid=ID       the identity to act as. Default: that of USER

Envelope
  -f, --from=ADDRESS     send MAIL FROM this address; also --smtp-from. An
                         empty one ('') is the null sender. Default: no MAIL
` + helpMessage + helpManagers + `
Thresholds and states
  -w, --warning=RANGE    alert when the total time in seconds is outside of
  -c, --critical=RANGE   the range [@][start:]end: 5 is above 5, 10: is below
                         10, @1:2 is inside. NAME=RANGE limits another metric:
` + metricsHere + `
                         Repeatable; an empty one is none; a comma is an
                         error. Default: none
                         Example: -w 1 -c 5 -w banner_time=0.5 -c cert_days=7:
      --state=CONDITION=STATE
                         what a condition means: ok, warning, critical,
                         unknown or 0 to 3; repeatable. The defaults:
` + conditionsHere + `
                         Before the greeting is answered, closed and protocol
                         are warning. Example: --state tempfail=critical

Output
  -v, --verbose          more lines; repeatable: -v each step, -vv facts,
                         -vvv the dialogue, which json, xml and waterfall hold
                         then too
      --output-format=FORMAT
                         nagios, the line with performance data; json, one
                         object; xml, the same in elements; openmetrics, for
                         Prometheus; prtg, for EXE/Script Advanced sensors,
                         always exits with 0; checkmk, for a local check;
                         influx, for InfluxDB and Telegraf; waterfall, for you
                         in a terminal. Default: nagios
      --output-file=FILE write there instead of to standard output
      --transcript-file=FILE
                         write the dialogue there
      --perfdata=LIST    keep only these metrics: --perfdata time,ehlo_time.
                         Default: all of them
      --extra-opts[=[SECTION][@FILE]]
                         read options from an ini file, before those of the
                         command line. Default: section check_smtp of the
                         first file that exists of $MP_CONFIG_FILE,
                         $NAGIOS_CONFIG_PATH and the usual places of
                         monitoring-plugins and nagios-plugins; @- is
                         standard input. Its lines: "hostname = mx1", "H = mx1"
  -h, --help[=TOPIC]     what people use most, or all, or what is about
                         target, session, proxy, tls, login, message, managers,
                         limits, output, centreon or edits
  -V, --version          the version
` + helpCentreon + `
Short options may share a dash (-vqH mx1), long ones may be shortened (--host)
and take their value after a blank or an equals sign. -- ends the options. An
empty value of -w -c -t -D -e -C -R -F, and of a login, is none; that of -f the
null sender; of most others it is an error.
`

// What the help lists of tables stands where these are.
const (
	metricsHere    = "METRICS"
	mechanismsHere = "MECHANISMS"
	conditionsHere = "CONDITIONS"
)

// helpPage is what --help prints.
func helpPage() string {
	var defaults []string
	for _, c := range plan.Conditions() {
		row := string(c) + "=" + strings.ToLower(c.Default().String())
		if row = fmt.Sprintf("%23s%-22s ", "", row); len(row) > 46 {
			row = strings.TrimRight(row, " ") + "\n" + strings.Repeat(" ", 46)
		}
		defaults = append(defaults, row+strings.TrimLeft(folded(46, c.Text()), " "))
	}
	return strings.NewReplacer(
		metricsHere, folded(25, texts(facts.Labels())...),
		mechanismsHere, folded(25, texts(sasl.Names())...),
		conditionsHere, strings.Join(defaults, "\n")).Replace(helpText)
}

// folded are words on lines of the width of the help, this far from the margin.
func folded(margin int, words ...string) string {
	indent := strings.Repeat(" ", margin)
	lines := []string{indent}
	for _, word := range strings.Fields(strings.Join(words, " ")) {
		last := &lines[len(lines)-1]
		if len(*last)+len(word) >= 80 {
			lines = append(lines, indent)
			last = &lines[len(lines)-1]
		}
		*last += word + " "
	}
	return strings.ReplaceAll(strings.TrimRight(strings.Join(lines, "\n"), " "), " \n", "\n")
}
