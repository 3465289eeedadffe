package args

import "check_smtp/internal/option"

// Tables are the options of this program, in the order of the help.
var Tables = option.Tables{
	{Topic: "target", Title: "Target", Rows: targetRows},
	{Topic: "session", Title: "Session", Rows: sessionRows},
	{Topic: "proxy", Title: "PROXY protocol", Rows: proxyRows},
	{Topic: "tls", Title: "TLS", Rows: tlsRows},
	{Topic: "login", Title: "Login", Rows: loginRows},
	{Topic: "message", Title: "Envelope and message", Rows: messageRows},
	{Topic: "domain", Title: "A whole domain", Rows: domainRows},
	{Topic: "many", Title: "Many command lines", Rows: manyRows},
	{Topic: "limits", Title: "Thresholds and states", Rows: limitsRows},
	{Topic: "output", Title: "Output", Rows: outputRows},
	{Topic: "managers", Title: "Password managers", Rows: managersRows},
	{Topic: "centreon", Title: "In place of the Centreon plugin", Rows: centreonRows},
	{Topic: "edits", Title: "Edit numbers, text and exit code", Rows: editsRows},
}

var targetRows = []option.Row{
	{Name: "hostname", Letter: 'H', Value: "HOST", Common: true, Owner: option.Upstream,
		Elsewhere: "server address target url uri ip socket unix",
		Help: `host name, IPv4 or IPv6 address (also in brackets), or the absolute path of a UNIX socket. The first word ` +
			`that is not an option works, too. Default: 127.0.0.1`},
	{Name: "port", Letter: 'p', Value: "N", Common: true, Owner: option.Upstream, Shape: option.Shaped,
		Help: `1 to 65535. Default: 25; 465 with TLS from the start`},
	{Name: "use-ipv4", Letter: '4', Owner: option.Upstream,
		Elsewhere: "ipv4 inet inet4",
		Help:      `use IPv4 only`},
	{Name: "use-ipv6", Letter: '6', Owner: option.Upstream,
		Elsewhere: "ipv6 inet6",
		Help:      `use IPv6 only; of -4 and -6 the last one counts. Default: every address of the host, one after the other`},
	{Name: "bind", Filled: true, Value: "ADDR", Shape: option.Shaped,
		Elsewhere: "source source-address local-address interface",
		Help:      `connect from this address of this machine`},
}

var sessionRows = []option.Row{
	{Name: "fqdn", OneWord: true, Letter: 'F', Also: "helo ehlo", Value: "NAME", Owner: option.Upstream,
		Help: `name for EHLO, HELO or LHLO. Default: the host name of this machine`},
	{Name: "greeting", Filled: true,
		Choices: "auto ehlo helo", Noun: "greeting", Value: "WORD", Shape: option.Shaped,
		Help: `auto, ehlo or helo. auto sends EHLO, and HELO if the server refuses that. Default: auto`},
	{Name: "lmtp", Letter: 'L', Common: true, Owner: option.Upstream,
		Elsewhere: "lhlo",
		Help:      `speak LMTP instead of SMTP: greet with LHLO; after a message the server answers for each recipient`},
	{Name: "expect", Equals: true, Letter: 'e', Value: "TEXT", Common: true, Owner: option.Upstream, Shape: option.AnyText,
		Help: `the banner must contain exactly this text. Default: the banner's code must be 220`},
	{Name: "command", Letter: 'C', Value: "TEXT", Many: true, Common: true, Owner: option.Upstream, Shape: option.AnyText,
		Help: `send this command and read the reply, after the login and MAIL, before RCPT`},
	{Name: "response", Equals: true, Letter: 'R', Value: "REGEX", Many: true, Common: true, Owner: option.Upstream, Shape: option.AnyText,
		Help: `regular expression (RE2) that the reply to a command must match: the first -R belongs to the first -C, and ` +
			`so on. ^ and $ match at each line. A command without -R, or with an empty one, is not judged`},
	{Name: "expect-reply", Filled: true, Unless: "/", Value: "PHASE=CODES[/REGEX]", Many: true, Shape: option.Shaped,
		Help: `the reply that is expected in a phase, even a refusal. Examples: --expect-reply mailfrom=250 --expect-reply ` +
			`banner=554 --expect-reply sasl_auth=535`},
	{Name: "quit-after", Filled: true,
		Choices: "banner ehlo ehlo_tls sasl_auth mailfrom command rcptto body quit", Value: "PHASE", Common: true, Shape: option.Shaped,
		Help: `stop after this phase: banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto (asks for the recipients ` +
			`and sends no message), body or quit. Options that need a later phase are an error then. Default: all phases`},
	{Name: "ignore-quit-failure", Letter: 'q', Owner: option.Upstream, Next: option.YesOrNoNext,
		Help: `ignore a QUIT that cannot be sent, or is not answered. It may be followed by true, yes, on, 1, false, no, ` +
			`off or 0`},
	{Name: "timeout", Letter: 't', Value: "SECONDS[:STATE]", Common: true, Owner: option.Upstream, Shape: option.Shaped,
		Help: `time limit for the whole run, from the start of the program to its last byte of output: up to 3600, ` +
			`fractions allowed; and the state when the time is over. Default: 10:critical. Examples: -t 2.5 -t 30:unknown ` +
			`-t :warning`},
}

var proxyRows = []option.Row{
	{Name: "proxy", Letter: 'r', Owner: option.Upstream,
		Help: `send a PROXY header of version 1 first, with the addresses of this connection`},
	{Name: "proxy-protocol", Filled: true,
		Choices: "1 2", Noun: "version of the PROXY protocol", Value: "N", Shape: option.Shaped,
		Elsewhere: "haproxy haproxy-protocol proxyprotocol send-proxy send-proxy-v2 proxy-v2",
		Help:      `send a PROXY header of version 1 or 2 first`},
	{Name: "proxy-family", Filled: true,
		Choices: "TCP4 TCP6 UNKNOWN LOCAL", Noun: "family", AnyCase: true, Value: "WORD", Needs: needHeader, Shape: option.Shaped,
		Help: `address family in the PROXY header: TCP4, TCP6, UNKNOWN or, in version 2, LOCAL. Default: that of the ` +
			`addresses`},
	{Name: "proxy-source-address", Filled: true, Value: "ADDR", Needs: needHeader, Shape: option.Shaped},
	{Name: "proxy-dest-address", Filled: true, Value: "ADDR", Needs: needHeader, Shape: option.Shaped},
	{Name: "proxy-source-port", Filled: true, Value: "N", Needs: needHeader, Shape: option.Shaped},
	{Name: "proxy-dest-port", Filled: true, Value: "N", Needs: needHeader, Shape: option.Shaped,
		Help: `address or port in the PROXY header, instead of that of the connection`},
}

var tlsRows = []option.Row{
	{Name: "starttls", Letter: 'S', Common: true, Owner: option.Upstream,
		Help: `require STARTTLS`},
	{Name: "ssl", Letter: 's', Also: "tls", Common: true,
		Elsewhere: "smtps implicit-tls implicit ssl-tls tls-wrapper",
		Help:      `require TLS from the start, as on port 465`},
	{Name: "tls-mode", Filled: true,
		Choices: "none starttls starttls-if-available implicit implicit-if-available", Noun: "mode", Typed: true, Slips: modeSlips, Value: "MODE", Shape: option.Shaped,
		Help: `none, starttls, starttls-if-available, implicit (TLS from the start), or implicit-if-available (connects ` +
			`again without TLS if the server has none)`},
	{Name: "certificate", Letter: 'D', Value: "DAYS[,DAYS]", Common: true, Owner: option.Upstream, Shape: option.Shaped,
		Elsewhere: "days cert-days expire expires expiry expiration",
		Help: `WARNING if the certificate, or another one of its chain below the root, has this many days or fewer left; ` +
			`CRITICAL at the second number, 0 by default. Also hours (36h) or percent of the lifetime (30%). Uses ` +
			`STARTTLS, or on port 465 TLS from the start, unless another option says otherwise. Examples: -D 30,7 -D ` +
			`30%,36h`},
	{Name: "ignore-certificate-expiration", Needs: needTLS,
		Help: `report an expired certificate, but do not judge it`},
	{Name: "verify", Filled: true,
		Choices: "ok warning critical unknown", Noun: "state", AnyCase: true, Value: "STATE", Unsaid: "critical", Common: true, Needs: needTLS,
		Elsewhere: "tls-verify ssl-verify verify-cert verify-certificate verify-tls verify-peer check-cert check-certificate validate validate-cert strict",
		Help: `the certificate must be trusted and valid for the host name. Otherwise no password is sent, and the state is ` +
			`STATE: ok, warning, critical or unknown, after an equals sign. Default: critical. Without --verify it is ` +
			`only reported`},
	{Name: "sni", Needs: needTLS,
		Help: `send the server name (SNI) even if it is an address. A host name is always sent`},
	{Name: "tls-server-name", Filled: true, Value: "NAME", Needs: needTLS,
		Elsewhere: "server-name servername sni-name verify-host verify-hostname",
		Help:      `server name to send (SNI) and to verify, instead of HOST`},
	{Name: "ca-file", Filled: true, Value: "FILE", Needs: needTLS,
		Elsewhere: "ca cafile cacert ca-cert ca-certificate capath ca-path",
		Help:      `trust the certificates in this PEM file instead of the system's`},
	{Name: "client-cert", Filled: true, Value: "FILE", Needs: needTLS,
		Elsewhere: "cert-file certfile"},
	{Name: "client-key", Filled: true, Value: "FILE", Needs: needTLS,
		Elsewhere: "key key-file keyfile private-key",
		Help: `client certificate and key in PEM, for a server that asks for them. The key may be in the file of the ` +
			`certificate`},
	{Name: "ciphers", Filled: true, Value: "LIST", Needs: needTLS,
		Help: `cipher suites of TLS 1.2 and below, by OpenSSL's or IANA's names, separated by colons, such as ` +
			`ECDHE-RSA-AES128-GCM-SHA256. Those of TLS 1.3 cannot be chosen`},
	{Name: "tls-min", Filled: true,
		Choices: "1.0 1.1 1.2 1.3", Noun: "version of TLS", Value: "VERSION", Needs: needTLS, Shape: option.Shaped,
		Elsewhere: "tls-version tlsv1 ssl-version min-tls",
		Help:      `lowest version of TLS: 1.0, 1.1, 1.2 or 1.3. Default: 1.2`},
	{Name: "tls-max", Filled: true,
		Choices: "1.0 1.1 1.2 1.3", Noun: "version of TLS", Value: "VERSION", Needs: needTLS, Shape: option.Shaped,
		Help: `highest version of TLS: 1.0, 1.1, 1.2 or 1.3. Default: 1.3`},
	{Name: "pin", Filled: true, Value: "sha256//BASE64", Many: true, Needs: needTLS, Shape: option.Shaped,
		Help: `SHA-256 of the server's public key; one of the pins must match`},
}

var loginRows = []option.Row{
	{Name: "authtype",
		Choices: "auto SCRAM-SHA-256 SCRAM-SHA-1 CRAM-MD5 OAUTHBEARER XOAUTH2 LOGIN PLAIN EXTERNAL ANONYMOUS", List: mechanismLines, Letter: 'A', Value: "MECHANISM", Owner: option.Upstream, Shape: option.Shaped,
		Elsewhere: "auth-type auth-mechanism mechanism mech",
		Help: `login mechanism. auto, the default with a user: the strongest that the server offers, but LOGIN and PLAIN ` +
			`only with TLS. Or one of`},
	{Name: "authuser", Letter: 'U', Also: "username", Value: "USER", Common: true, Owner: option.Upstream, Shape: option.AUser,
		Elsewhere: "login", Better: "username",
		Help: `user name for the login`},
	{Name: "authpass", Equals: true, Letter: 'P', Also: "password", Value: "SECRET", Secret: true, Owner: option.Upstream, Shape: option.AnyText,
		Elsewhere: "pass passwd pw pwd secret", Better: "password or --authpass-file",
		Help: `password or token for the login. Everybody on this machine can see it in the process list: --authpass-file ` +
			`is safer`},
	{Name: "authpass-file", Value: "FILE", Common: true,
		Elsewhere: "token oauth bearer pass-file passfile password-file",
		Help:      `read the password from this file; a line end after it is removed`},
	{Name: "authpass-env", Value: "NAME",
		Help: `read the password from this environment variable`},
	{Name: "authpass-credential", Value: "NAME",
		Help: `read the password from this credential of systemd's LoadCredential=`},
	{Name: "authpass-command", Value: "CMD ARG...", Shape: option.AnyText,
		Help: `run this command; the first line of its output is the password. There is no shell; quotes and backslashes ` +
			`keep spaces. The command is killed when the time of -t is over`},
	{Name: "authzid", Value: "ID", Shape: option.AUser,
		Help: `identity to act as after the login. Default: that of USER`},
}

var messageRows = []option.Row{
	{Name: "from", OneWord: true, Unless: `"`, Letter: 'f', Also: "smtp-from", Value: "ADDRESS", Common: true, Owner: option.Upstream,
		Elsewhere: "sender mail-from mailfrom envelope-from return-path",
		Help:      `sender for MAIL FROM. An empty one ('') is the null sender. Default: no MAIL`},
	{Name: "to", Also: "smtp-to", Value: "ADDRESSES", Many: true, Common: true,
		Elsewhere: "recipient recipients rcpt rcpt-to rcptto mail-to mailto",
		Help: `recipients, separated by commas. Each must be accepted, and then a test message is sent, unless --quit-after ` +
			`rcptto ends the session before it. Forms: a@b, Name <a@b>, or postmaster alone. At most 100 together with ` +
			`--cc and --bcc. Default: no RCPT`},
	{Name: "cc", Filled: true, Value: "ADDRESSES", Many: true, Needs: needTo,
		Help: `more recipients, shown in the header field Cc`},
	{Name: "bcc", Filled: true, Value: "ADDRESSES", Many: true, Needs: needTo,
		Help: `more recipients, not shown in the header`},
	{Name: "subject", Value: "TEXT", Needs: needMessage, Shape: option.AnyText,
		Help: `subject of the message. Default: Testing`},
	{Name: "body", Value: "TEXT", Needs: needMessage, Shape: option.AnyText,
		Help: `text of the message, in UTF-8. Default: a line that names check_smtp and the NAME of -F`},
	{Name: "body-file", Filled: true, Value: "FILE", Needs: needMessage,
		Help: `file with the text of the message, up to 1 MiB, in the charset of --charset`},
	{Name: "reply-to", Filled: true, Value: "ADDRESSES", Needs: needMessage,
		Help: `addresses for the header field Reply-To. Default: no such field`},
	{Name: "header", Filled: true, Value: "FIELD: VALUE", Many: true, Needs: needMessage, Shape: option.AnyText,
		Help: `one more header field, or another value for one that check_smtp writes. Not allowed: MIME-Version, ` +
			`Content-Type, Content-Transfer-Encoding, Bcc, Resent-Bcc`},
	{Name: "content-type", Filled: true, Value: "TYPE", Needs: needMessage,
		Help: `MIME type of the text. Default: text/plain`},
	{Name: "charset", Filled: true, Value: "NAME", Needs: needMessage,
		Help: `charset to encode --body in. Default: UTF-8`},
	{Name: "attach", Filled: true, Value: "FILE", Many: true, Needs: needMessage,
		Help: `file to attach, 50 MiB in all`},
	{Name: "payload", Filled: true, Value: "TEXT", Needs: needMessage, Shape: option.AnyText,
		Help: `send this as the whole message, header included; line ends become CR LF. Not together with --subject, --body ` +
			`and the other options of a message`},
	{Name: "payload-file", Filled: true, Value: "FILE", Needs: needMessage,
		Help: `file with the whole message, up to 50 MiB, as with --payload`},
}

var limitsRows = []option.Row{
	{Name: "warning", Letter: 'w', Value: "RANGE", Many: true, Once: true, Common: true, Owner: option.Upstream, Shape: option.Ranged},
	{Name: "critical", List: metricLines, Letter: 'c', Value: "RANGE", Many: true, Once: true, Common: true, Owner: option.Upstream, Shape: option.Ranged,
		Help: `alert when the total time in seconds is outside of the range [@][start:]end: 5 alerts above 5, 10: below 10, ` +
			`@1:2 inside. NAME=RANGE limits another metric. An empty range is no limit; a comma is an error. Example: -w ` +
			`1 -c 5 -c cert_days=7: -w banner_time=0.5. Default: none. The metrics are`},
	{Name: "state", Filled: true, List: conditionLines, Value: "CONDITION=STATE", Many: true, Shape: option.Shaped,
		Help: `change what a condition means: ok, warning, critical, unknown or 0 to 3. Before the greeting is answered, ` +
			`closed and protocol are warning. Example: --state tempfail=critical. The defaults are`},
}

var outputRows = []option.Row{
	{Name: "verbose", Letter: 'v', Many: true, Common: true, Owner: option.Upstream,
		Help: `more output: -v each step, -vv also addresses, capabilities and certificates, -vvv also the dialogue, which ` +
			`json, xml and waterfall contain then, too`},
	{Name: "output-format", Filled: true,
		Choices: "nagios json xml openmetrics prtg checkmk influx waterfall icinga-api nagios-command", Noun: "format", Typed: true, Slips: formatSlips, Value: "FORMAT", Common: true, Shape: option.Shaped,
		Elsewhere: "format form fmt output-type outputformat",
		Help: `nagios: a line with performance data; json: one object; xml: the same as elements; openmetrics: for ` +
			`Prometheus; prtg: for EXE/Script Advanced sensors, always exits with 0; checkmk: for a local check; influx: ` +
			`for InfluxDB and Telegraf; waterfall: a chart for the terminal; icinga-api and nagios-command: a passive ` +
			`result for Icinga 2's process-check-result or Nagios's command file. Default: nagios`},
	{Name: "service", Filled: true, Value: "HOST!SERVICE", Needs: needPassive,
		Help: `with icinga-api and nagios-command: host and service of the passive result, as the poller calls them`},
	{Name: "ttl", Filled: true, Value: "SECONDS", Needs: needAPI, Shape: option.Shaped,
		Help: `with icinga-api: time after which Icinga 2 misses the next result; give three times the interval. Default: ` +
			`not sent`},
	{Name: "output-file", Filled: true, Writes: true, Value: "FILE",
		Help: `write the output to this file instead of standard output`},
	{Name: "transcript-file", Filled: true, Writes: true, Value: "FILE",
		Elsewhere: "log log-file transcript dialogue",
		Help:      `write the dialogue with the server to this file`},
	{Name: "perfdata", Filled: true, Value: "LIST", Shape: option.Shaped,
		Help: `keep only these metrics: --perfdata time,ehlo_time. Default: all of them`},
	{Name: "extra-opts", Value: "[SECTION][@FILE]", Unsaid: "check_smtp", Many: true, Owner: option.Upstream, Next: option.AnyNext, Role: option.INI,
		Help: `read options from an ini file, before those of the command line. Default: section check_smtp of the first ` +
			`file that exists of $MP_CONFIG_FILE, $NAGIOS_CONFIG_PATH and the usual places of monitoring-plugins and ` +
			`nagios-plugins; @- is standard input. Its lines: "hostname = mx1", "H = mx1"`},
	{Name: "help", Next: option.TopicNext, Letter: 'h', Value: "TOPIC", Unsaid: "short", Common: true, Owner: option.Upstream, Role: option.Help,
		Help: `the options that people use most; with all every option; or those of one topic: target, session, proxy, tls, ` +
			`login, message, domain, many, limits, output, managers, centreon or edits`},
	{Name: "print", Value: "WHAT", Shape: option.Shaped, Filled: true, Role: option.Print,
		Elsewhere: "generate config export",
		Help:      `print configuration for a poller, the man page or the like, and exit; --print list shows what there is`},
	{Name: "version", Letter: 'V', Common: true, Owner: option.Upstream, Role: option.Version,
		Help: `print the version`},
}
