//go:build e2e

package e2e

import (
	"strings"
	"time"
)

// scenario is one fault, or none, that both plugins meet.
type scenario struct {
	name   string
	server script // nil: nobody listens
	args   string // in a command line {target}, {port} and {dir} stand for what they say
	exit   int    // Debian's; ours too, unless deviations has a row
	opt    extra
}

// extra is what few scenarios need.
type extra struct {
	listen string            // "network address"; "": tcp 127.0.0.1
	files  map[string]string // in {dir}, besides ca.pem; the texts may hold the same placeholders
	env    []string
}

// scenarios are grouped as a session goes.
var scenarios = concat(
	commandLine, targets, numbers, iniFiles,
	banners, expectations, greetings, senders, commands, goodbyes, thresholds, timeouts,
	offering, upgrading, handshakes, insideTLS, states, days, daysAndMore, logins, refusals, halfLogins,
)

func concat(groups ...[]scenario) []scenario {
	var all []scenario
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

var commandLine = []scenario{
	{"plain", standard, "{target}", 0, extra{}},
	{"cluster with attached value", standard, "-vqH127.0.0.1 -p{port}", 0, extra{}},
	{"long options with equals sign", standard, "--hostname=127.0.0.1 --port={port}", 0, extra{}},
	{"long options with blank", standard, "--hostname 127.0.0.1 --port {port}", 0, extra{}},
	{"shortened --hostname and --port", standard, "--host 127.0.0.1 --por {port}", 0, extra{}},
	{"shortened --expect", standard, "{target} --exp 220", 0, extra{}},
	{"shortened --expect, other text", standard, "{target} --exp 221", 1, extra{}},
	{"shortened --warning and --critical", standard, "{target} --warn 9 --crit 9", 0, extra{}},
	{"shortened --command and --response", standard, "{target} --comm NOOP --resp ^251", 1, extra{}},
	{"shortened --timeout", standard, "{target} --ti 5", 0, extra{}},
	{"shortened --from", standard, "{target} --fro a@b.c", 0, extra{}},
	{"shortened --ignore-quit-failure", standard, "{target} --ignore-q", 0, extra{}},
	{"shortened --ignore-quit-failure, very", standard, "{target} --ig", 0, extra{}},
	{"shortened --verbose", standard, "{target} --verb", 0, extra{}},
	{"old words", standard, "{target} -wt 9 -ct 9 -to 10 -e 220", 0, extra{}},
	{"verbose", standard, "{target} -v", 0, extra{}},
	{"very verbose", standard, "{target} -vvv -f a@b.c -C NOOP", 0, extra{}},
	{"end of options", standard, "-p {port} -- 127.0.0.1", 0, extra{}},
	{"no arguments", nil, "", 3, extra{}},
	{"unknown long option", standard, "{target} --nonsense", 3, extra{}},
	{"unknown short option", standard, "{target} -Z", 3, extra{}},
	{"missing value", standard, "-H 127.0.0.1 -p", 3, extra{}},
	{"ambiguous option", standard, "{target} --c 5", 3, extra{}},
	{"value where none belongs", standard, "{target} --verbose=1", 3, extra{}},
	{"--version", nil, "--version", 3, extra{}},
	{"-V", nil, "-V", 3, extra{}},
	{"--help", nil, "--help", 3, extra{}},
	{"-h", nil, "-h", 3, extra{}},
	{"-q", standard, "{target} -q", 0, extra{}},
	{"-q true", standard, "{target} -q true", 0, extra{}},
	{"-q 1 at the end of a cluster", standard, "{target} -vq 1", 0, extra{}},
	{"-q true hides -e", standard, "{target} -q true -e 221", 0, extra{}},
	{"-q true hides -t junk", standard, "{target} -q true -t junk", 0, extra{}},
	{"stray word", standard, "{target} junk", 0, extra{}},
	{"stray word hides -e", standard, "{target} junk -e 221", 0, extra{}},
	{"positional host hides -e", standard, "-p {port} 127.0.0.1 -e 221", 0, extra{}},
	{"second positional word", standard, "-p {port} 127.0.0.1 junk", 0, extra{}},
}

var targets = []scenario{
	{"positional host", standard, "-p {port} 127.0.0.1", 0, extra{}},
	{"name in the hosts file", standard, "-H localhost -p {port}", 0, extra{}},
	{"no -H", standard, "-p {port}", 0, extra{}},
	{"last -H counts", standard, "-H 127.0.0.2 -H 127.0.0.1 -p {port}", 0, extra{}},
	{"empty host", standard, "-H '' -p {port}", 3, extra{}},
	{"empty positional host", standard, "-p {port} ''", 3, extra{}},
	{"name that does not resolve", standard, "-H nosuchhost.invalid -p {port} -t 3", 3, extra{}},
	{"name that is none", standard, "-H 'no such host' -p {port} -t 3", 3, extra{}},
	{"-4", standard, "-4 -H 127.0.0.1 -p {port}", 0, extra{}},
	{"--use-ipv4 with a name", standard, "--use-ipv4 -H localhost -p {port}", 0, extra{}},
	{"-6 with an IPv4 address", standard, "-6 -H 127.0.0.1 -p {port}", 3, extra{}},
	{"-6 after an IPv4 address", standard, "-H 127.0.0.1 -6 -p {port}", 3, extra{}},
	{"-4 with an IPv6 address", standard, "-4 -H ::1 -p {port}", 3, extra{}},
	{"IPv6 address", standard, "-H ::1 -p {port}", 0, extra{listen: "tcp [::1]:0"}},
	{"-6", standard, "-6 -H ::1 -p {port}", 0, extra{listen: "tcp [::1]:0"}},
	{"IPv6 address in brackets", standard, "-H [::1] -p {port}", 3, extra{listen: "tcp [::1]:0"}},
	{"UNIX socket", standard, "-H {dir}/socket", 3, extra{listen: "unix {dir}/socket"}},
	{"address as one number", standard, "-H 2130706433 -p {port}", 0, extra{}},
	{"address of two numbers", standard, "-H 127.1 -p {port}", 0, extra{}},
	{"refused port", nil, "{target}", 2, extra{}},
	{"refused port by name", nil, "-H localhost -p {port}", 2, extra{}},
	{"refused IPv6 port", nil, "-H ::1 -p {port}", 2, extra{}},
	{"unreachable address", nil, "-H 255.255.255.255 -p {port} -t 3", 2, extra{}},
}

var numbers = []scenario{
	{"port 0", standard, "-H 127.0.0.1 -p 0", 3, extra{}},
	{"port -1", standard, "-H 127.0.0.1 -p -1", 3, extra{}},
	{"port junk", standard, "-H 127.0.0.1 -p junk", 3, extra{}},
	{"port by name", standard, "-H 127.0.0.1 -p smtp", 3, extra{}},
	{"port empty", standard, "-H 127.0.0.1 -p ''", 3, extra{}},
	{"port hexadecimal", standard, "-H 127.0.0.1 -p 0x19", 3, extra{}},
	{"port with plus sign", standard, "-H 127.0.0.1 -p +{port}", 3, extra{}},
	{"port with trailing hyphen", standard, "-H 127.0.0.1 -p {port}-", 0, extra{}},
	{"port 70000", standard, "-H 127.0.0.1 -p 70000", 2, extra{}},
	{"timeout 0", standard, "{target} -t 0", 0, extra{}},
	{"timeout empty", standard, "{target} -t ''", 0, extra{}},
	{"timeout junk", standard, "{target} -t junk", 3, extra{}},
	{"timeout negative", standard, "{target} -t -1", 3, extra{}},
	{"timeout fraction", standard, "{target} -t 1.5", 3, extra{}},
	{"timeout with state", standard, "{target} -t 5:unknown", 3, extra{}},
	{"warning junk", standard, "{target} -w junk", 3, extra{}},
	{"critical junk", standard, "{target} -c junk", 3, extra{}},
	{"warning empty", standard, "{target} -w ''", 3, extra{}},
	{"critical empty", standard, "{target} --critical=", 3, extra{}},
	{"warning negative", standard, "{target} -w -1", 3, extra{}},
	{"warning with unit", standard, "{target} -w 5s", 3, extra{}},
	{"warning nan", standard, "{target} -w nan", 3, extra{}},
	{"warning inf", standard, "{target} -w inf", 0, extra{}},
	{"warning hexadecimal", standard, "{target} -w 0x10", 0, extra{}},
	{"warning with exponent", standard, "{target} -w 1e3", 0, extra{}},
	{"warning with leading blank", standard, "{target} -w ' 5'", 0, extra{}},
	{"warning with plus sign", standard, "{target} -w +5", 0, extra{}},
	{"warning fraction", standard, "{target} -w 5.5 -c .9", 0, extra{}},
	{"warning range", standard, "{target} -w 0:20", 3, extra{}},
	{"warning with comma", standard, "{target} -w 5,5", 3, extra{}},
}

// section is an ini file with one section for us.
func section(lines ...string) extra {
	return ini("[check_smtp]\n" + strings.Join(lines, "\n") + "\n")
}

func ini(text string) extra { return extra{files: map[string]string{"t.ini": text}} }

var iniFiles = []scenario{
	{"ini file", standard, "--extra-opts=@{dir}/t.ini", 0, section("hostname = 127.0.0.1", "port = {port}")},
	{"ini file with comments", standard, "--extra-opts=@{dir}/t.ini", 0, section("; one", "# two", "", "  hostname=127.0.0.1  ", "port={port}")},
	{"ini file, section by name", standard, "{target} --extra-opts=other@{dir}/t.ini", 1, ini("[check_smtp]\nexpect=220\n[ other ]\nexpect=221\n")},
	{"ini file, section twice", standard, "{target} --extra-opts=@{dir}/t.ini", 1, ini("[check_smtp]\nexpect=220\n[other]\nexpect=220\n[check_smtp]\nexpect=221\n")},
	{"ini file, flag", standard, "{target} --extra-opts=@{dir}/t.ini", 0, section("verbose =", "ignore-quit-failure=")},
	{"ini file, command line wins", standard, "{target} --extra-opts=@{dir}/t.ini -e 220", 0, section("expect = 221")},
	{"ini file, command and response", standard, "{target} --extra-opts=@{dir}/t.ini", 1, section("command = NOOP", "response = ^251")},
	{"ini file, commands before those of the command line", standard, "{target} -C HELP -R ^250 -R ^214 --extra-opts=@{dir}/t.ini", 0, section("command = NOOP")},
	{"ini file, comment within a line", standard, "{target} --extra-opts=@{dir}/t.ini", 1, section("expect = 220 ; text")},
	{"ini file, quotes", standard, "{target} --extra-opts=@{dir}/t.ini", 1, section(`expect = "220"`)},
	{"ini file, key of one letter", standard, "--extra-opts=@{dir}/t.ini", 3, section("H = 127.0.0.1", "p = {port}")},
	{"ini file, no such section", standard, "{target} --extra-opts=nosuch@{dir}/t.ini", 3, section("expect = 220")},
	{"ini file, empty section", standard, "{target} --extra-opts=@{dir}/t.ini", 3, section("")},
	{"ini file, no such file", standard, "{target} --extra-opts=@{dir}/t.ini", 3, extra{}},
	{"ini file, no such option", standard, "{target} --extra-opts=@{dir}/t.ini", 3, section("nonsense = 1")},
	{"ini file, no equals sign", standard, "{target} --extra-opts=@{dir}/t.ini", 3, section("verbose")},
	{"ini file, text before the first section", standard, "{target} --extra-opts=@{dir}/t.ini", 3, ini("expect = 220\n[check_smtp]\nexpect = 220\n")},
	{"ini file, found by NAGIOS_CONFIG_PATH", standard, "{target} --extra-opts=check_smtp", 1,
		extra{files: map[string]string{"monitoring-plugins.ini": "[check_smtp]\nexpect=221\n"}, env: []string{"NAGIOS_CONFIG_PATH={dir}"}}},
	{"ini file, named by MP_CONFIG_FILE", standard, "{target} --extra-opts=check_smtp", 134,
		extra{files: map[string]string{"t.ini": "[check_smtp]\nexpect=221\n"}, env: []string{"MP_CONFIG_FILE={dir}/t.ini"}}},
	{"ini file, none anywhere", standard, "{target} --extra-opts=check_smtp", 3, extra{}},
}

const blink = 30 * time.Millisecond

var banners = []scenario{
	{"banner of several lines", greets(say("220-first", "220-second", "220 last ESMTP")), "{target}", 0, extra{}},
	{"banner line by line", greets(say("220-first"), pause(blink), say("220-second"), pause(blink), say("220 last")), "{target}", 0, extra{}},
	{"banner in pieces", greets(raw("22"), pause(blink), raw("0 mail.test\r"), pause(blink), raw("\n")), "{target}", 0, extra{}},
	{"banner byte by byte", greets(drip(time.Millisecond, "220-a\r\n220 mail.test ESMTP\r\n")), "{target}", 0, extra{}},
	{"banner with bare LF", greets(raw("220-first\n220 mail.test\n")), "{target}", 0, extra{}},
	{"banner of the code alone", greets(raw("220\r\n")), "{target}", 0, extra{}},
	{"banner of code and blank", greets(raw("220 \r\n")), "{target}", 0, extra{}},
	{"banner late", greets(pause(300*time.Millisecond), say("220 mail.test")), "{target}", 0, extra{}},
	{"banner with perfdata", greets(say("220 mail|test;1")), "{target} -v", 0, extra{}},
	{"banner with escape codes", greets(say("220 \x1b[31mmail\x1b[0m\a")), "{target} -v", 0, extra{}},
	{"banner with NUL", greets(say("220 ma\x00il")), "{target}", 0, extra{}},
	{"banner of invalid UTF-8", greets(say("220 \xff\xfe")), "{target}", 0, extra{}},
	{"banner of 1,000 bytes", greets(say("220 " + strings.Repeat("x", 996))), "{target}", 0, extra{}},
	{"banner of 90 lines", greets(raw(strings.Repeat("220-mail.test\r\n", 90)), say("220 end")), "{target}", 0, extra{}},
	{"banner 554", greets(say("554 go away")), "{target}", 1, extra{}},
	{"banner 554, then the end", greets(say("554 go away"), hangUp), "{target}", 1, extra{}},
	{"banner 554, 503 to all", script{"": {say("554 go away")}, "*": {say("503 no")}}, "{target}", 1, extra{}},
	{"banner 421, then the end", greets(say("421 too busy"), hangUp), "{target}", 1, extra{}},
	{"banner 450", greets(say("450 later")), "{target}", 1, extra{}},
	{"banner 250", greets(say("250 hello")), "{target}", 1, extra{}},
	{"banner 554, 220 in the name of the host", greets(say("554 go away")).on("EHLO HELO", say("250 mx220.test")), "{target}", 0, extra{}},
	{"banner 554, 220 in the size", greets(say("554 go away")).on("EHLO HELO", say("250-mail.test", "250 SIZE 22020096")), "{target}", 0, extra{}},
	{"banner missing, the end", greets(hangUp), "{target}", 1, extra{}},
	{"banner missing, reset", greets(pause(blink), reset), "{target}", 1, extra{}},
	{"banner broken off", greets(raw("22"), hangUp), "{target}", 1, extra{}},
	{"banner without line end", greets(raw("220 mail.test"), hangUp), "{target}", 1, extra{}},
	{"banner broken off between lines", greets(say("220-first"), hangUp), "{target}", 1, extra{}},
	{"banner broken off by reset", greets(say("220-first"), pause(blink), reset), "{target}", 1, extra{}},
	{"banner of 9,000 bytes", greets(say("220 " + strings.Repeat("x", 9000))), "{target}", 1, extra{}},
	{"banner of 3,000 bytes", greets(say("220 " + strings.Repeat("x", 3000))), "{target}", 0, extra{}},
	{"banner of 150 lines", greets(raw(strings.Repeat("220-mail.test\r\n", 150)), say("220 end")), "{target}", 0, extra{}},
	{"banner without end", greets(forever("220-mail.test\r\n")), "{target}", 1, extra{}},
	{"banner line without end", greets(forever("220 mail.test ")), "{target}", 1, extra{}},
	{"banner after another line", greets(say("hello", "220 mail.test")), "{target}", 0, extra{}},
	{"banner of two codes", greets(say("220-mail.test", "250 hello")), "{target}", 0, extra{}},
	{"banner code of four digits", greets(say("2200 mail.test")), "{target}", 0, extra{}},
	{"banner code and tab", greets(say("220\tmail.test")), "{target}", 0, extra{}},
	{"banner without code", greets(say("mail.test 220 ESMTP")), "{target}", 0, extra{}},
	{"banner of HTTP, then the end", greets(say("HTTP/1.0 400 Bad Request"), hangUp), "{target}", 1, extra{}},
	{"banner of SSH, then the end", greets(say("SSH-2.0-OpenSSH_9.2"), hangUp), "{target}", 1, extra{}},
	{"banner of SSH, then silence", greets(say("SSH-2.0-OpenSSH_9.2"), mute), "{target} -t 1", 2, extra{}},
	{"banner of POP3", greets(say("+OK ready")).on("*", say("-ERR what")).on("EHLO HELO QUIT", say("-ERR what")), "{target}", 1, extra{}},
	{"banner of IMAP", greets(say("* OK IMAP4rev1")).on("EHLO HELO QUIT", say("* BAD what")), "{target}", 1, extra{}},
	{"banner and more in one piece", greets(say("220 mail.test", "250 early")), "{target}", 0, extra{}},
}

var expectations = []scenario{
	{"-e code", standard, "{target} -e 220", 0, extra{}},
	{"-e text", standard, "{target} -e ESMTP", 0, extra{}},
	{"-e other text", standard, "{target} -e Postfix", 1, extra{}},
	{"-e other case", standard, "{target} -e esmtp", 1, extra{}},
	{"-e is no pattern", standard, "{target} -e 'mail.test.ESMTP'", 1, extra{}},
	{"-e empty", standard, "{target} -e ''", 0, extra{}},
	{"-e twice", standard, "{target} -e 221 -e 220", 0, extra{}},
	{"-e twice, the last is wrong", standard, "{target} -e 220 -e 221", 1, extra{}},
	{"-e text of a later line", greets(say("220-first", "220 second")), "{target} -e second", 0, extra{}},
	{"-e 554 and a banner of 554", greets(say("554 go away")), "{target} -e 554", 0, extra{}},
	{"-e empty and a banner of 554", greets(say("554 go away")), "{target} -e ''", 0, extra{}},
	{"-e text of the reply to EHLO", on("EHLO HELO", say("250 hello there")), "{target} -e there", 0, extra{}},
	{"-e 250", standard, "{target} -e 250", 0, extra{}},
}

var greetings = []scenario{
	{"-F", standard, "{target} -F probe.example.test", 0, extra{}},
	{"-F with a blank", standard, "{target} -F 'a b'", 0, extra{}},
	{"-F empty", standard, "{target} -F ''", 0, extra{}},
	{"-F with a line of its own", standard, "{target} -F 'a\r\nNOOP'", 0, extra{}},
	{"EHLO refused, HELO not", on("EHLO", say("502 what")), "{target}", 0, extra{}},
	{"EHLO refused by the end of the session, HELO not", on("EHLO", say("500 what"), hangUp), "{target}", 0, extra{}},
	{"EHLO and HELO refused", on("EHLO HELO", say("550 no")), "{target}", 0, extra{}},
	{"EHLO and HELO put off", on("EHLO HELO", say("421 busy")), "{target}", 0, extra{}},
	{"EHLO and HELO put off, then the end", on("EHLO HELO", say("421 busy"), hangUp), "{target}", 0, extra{}},
	{"EHLO and HELO answered with 354", on("EHLO HELO", say("354 go on")), "{target}", 0, extra{}},
	{"greeting, then the end", on("EHLO HELO", hangUp), "{target}", 1, extra{}},
	{"greeting, then reset", on("EHLO HELO", reset), "{target}", 1, extra{}},
	{"greeting, reply broken off", on("EHLO HELO", raw("250-ma"), hangUp), "{target}", 1, extra{}},
	{"greeting, reply broken off between lines", on("EHLO HELO", say("250-mail.test"), hangUp), "{target}", 1, extra{}},
	{"greeting, reply of 9,000 bytes", on("EHLO HELO", say("250 "+strings.Repeat("x", 9000))), "{target}", 1, extra{}},
	{"greeting, reply without end", on("EHLO HELO", forever("250-SIZE\r\n")), "{target}", 1, extra{}},
	{"greeting, reply of 150 lines", on("EHLO HELO", raw(strings.Repeat("250-X\r\n", 150)), say("250 end")), "{target}", 0, extra{}},
	{"greeting, reply of 50 lines", on("EHLO HELO", raw(strings.Repeat("250-X\r\n", 49)), say("250 end")), "{target}", 0, extra{}},
	{"greeting, reply byte by byte", on("EHLO HELO", drip(time.Millisecond, "250-mail.test\r\n250 8BITMIME\r\n")), "{target}", 0, extra{}},
	{"greeting, reply is no SMTP", on("EHLO HELO", say("what?")), "{target}", 0, extra{}},
	{"greeting, reply of two codes", on("EHLO HELO", say("250-mail.test", "550 no")), "{target}", 0, extra{}},
	{"LMTP", on("EHLO HELO", say("500 what")), "{target} -L", 0, extra{}},
	{"LMTP with sender", on("EHLO HELO", say("500 what")), "{target} --lmtp -f a@b.c", 0, extra{}},
	{"LMTP, the server speaks SMTP", on("LHLO", say("500 what")), "{target} -L", 0, extra{}},
	{"LMTP, then the end", on("LHLO", hangUp), "{target} -L", 1, extra{}},
	{"SMTP, the server speaks LMTP", on("EHLO HELO", say("500 what")), "{target}", 0, extra{}},
}

var senders = []scenario{
	{"-f", standard, "{target} -f a@b.c", 0, extra{}},
	{"-f empty", standard, "{target} -f ''", 0, extra{}},
	{"-f in brackets", standard, "{target} -f '<a@b.c>'", 0, extra{}},
	{"-f of two brackets", standard, "{target} -f '<>'", 0, extra{}},
	{"-f with a parameter", standard, "{target} -f 'a@b.c> SIZE=1'", 0, extra{}},
	{"-f twice", standard, "{target} -f bad@b.c -f a@b.c", 0, extra{}},
	{"-f with a line of its own", standard, "{target} -f 'a@b.c\r\nNOOP'", 0, extra{}},
	{"-f behind an equals sign", standard, "{target} -f=a@b.c", 0, extra{}},
	{"-f two addresses", standard, "{target} -f a@b.c,c@d.e", 0, extra{}},
	{"-f in quotation marks", standard, "{target} -f \"'a@b.c'\"", 0, extra{}},
	{"MAIL refused", on("MAIL", say("550 no")), "{target} -f a@b.c", 0, extra{}},
	{"MAIL refused in several lines", on("MAIL", say("550-no", "550 never")), "{target} -f a@b.c", 0, extra{}},
	{"MAIL wants TLS first", on("MAIL", say("530 Must issue a STARTTLS command first")), "{target} -f a@b.c", 0, extra{}},
	{"MAIL put off", on("MAIL", say("451 later")), "{target} -f a@b.c", 0, extra{}},
	{"MAIL put off, commands follow", on("MAIL", say("451 later")), "{target} -f a@b.c -C NOOP -R ^250", 0, extra{}},
	{"server leaves between greeting and MAIL", on("EHLO HELO", say("250 mail.test", "421 shutting down")), "{target} -f a@b.c", 0, extra{}},
	{"MAIL, then the end", on("MAIL", hangUp), "{target} -f a@b.c", 0, extra{}},
	{"MAIL, then reset", on("MAIL", reset), "{target} -f a@b.c", 3, extra{}},
	{"MAIL, reply broken off", on("MAIL", raw("25"), hangUp), "{target} -f a@b.c", 0, extra{}},
	{"MAIL, reply is no SMTP", on("MAIL", say("what?")), "{target} -f a@b.c", 0, extra{}},
	{"MAIL, reply of 9,000 bytes", on("MAIL", say("250 "+strings.Repeat("x", 9000))), "{target} -f a@b.c", 0, extra{}},
}

var commands = []scenario{
	{"-C", standard, "{target} -C NOOP", 0, extra{}},
	{"-C with -R", standard, "{target} -C NOOP -R ^250", 0, extra{}},
	{"-R before -C", standard, "{target} -R ^250 -C NOOP", 0, extra{}},
	{"-R without -C", standard, "{target} -R ^250", 0, extra{}},
	{"-R too many", standard, "{target} -C NOOP -R ^250 -R ^999", 0, extra{}},
	{"-R too few", standard, "{target} -C NOOP -C NONSENSE -R ^250", 0, extra{}},
	{"-R empty", standard, "{target} -C NONSENSE -R ''", 0, extra{}},
	{"-R anywhere in the reply", standard, "{target} -C NOOP -R ok", 0, extra{}},
	{"-R other case", standard, "{target} -C NOOP -R OK", 1, extra{}},
	{"-R whole line", standard, "{target} -C NOOP -R '^250 ok$'", 0, extra{}},
	{"-R alternatives", standard, "{target} -C NOOP -R '^(250|251) '", 0, extra{}},
	{"-R class of characters", standard, "{target} -C NOOP -R '^[[:digit:]]{3} '", 0, extra{}},
	{"-R later line", standard, "{target} -C HELP -R '^214 end'", 0, extra{}},
	{"-R point is no line end", standard, "{target} -C HELP -R 'first.*end'", 1, extra{}},
	{"-R end of an inner line", standard, "{target} -C HELP -R 'first$'", 1, extra{}},
	{"-R end of an inner line with CR", standard, "{target} -C HELP -R 'first.$'", 0, extra{}},
	{"-R of Perl", standard, `{target} -C NOOP -R '^\d\d\d '`, 1, extra{}},
	{"-R with a back reference", on("NOOP", say("255 ok")), `{target} -C NOOP -R '^2(5)\1'`, 0, extra{}},
	{"-R too long", standard, "{target} -C NOOP -R '^250" + strings.Repeat("|x", 1000) + "'", 0, extra{}},
	{"-R too large", standard, "{target} -C NOOP -R '^(2|5|0| |o|k){3,900}'", 0, extra{}},
	{"-R does not compile: star", standard, "{target} -C NOOP -R '*250'", 255, extra{}},
	{"-R does not compile: bracket", standard, "{target} -C NOOP -R '['", 255, extra{}},
	{"-R does not compile: parenthesis", standard, "{target} -C NOOP -R '('", 255, extra{}},
	{"-R does not match", on("NOOP", say("500 what")), "{target} -C NOOP -R ^250", 1, extra{}},
	{"-R does not match, no quit", on("NOOP", say("500 what")).on("QUIT", hangUp), "{target} -C NOOP -R ^250", 1, extra{}},
	{"first -R does not match", on("NOOP", say("500 what")), "{target} -C NOOP -R ^250 -C RSET -R ^250", 0, extra{}},
	{"middle -R does not match", standard, "{target} -C NOOP -R ^250 -C NONSENSE -R ^250 -C RSET -R ^250", 0, extra{}},
	{"last -R does not match", on("RSET", say("500 what")), "{target} -C NOOP -R ^250 -C RSET -R ^250", 1, extra{}},
	{"no -R matches", on("NOOP RSET", say("500 what")), "{target} -C NOOP -R ^250 -C RSET -R ^250", 1, extra{}},
	{"-C refused, no -R", standard, "{target} -C NONSENSE", 0, extra{}},
	{"-C put off, no -R", on("NOOP", say("450 later")), "{target} -C NOOP", 0, extra{}},
	{"-C empty", standard, "{target} -C ''", 0, extra{}},
	{"-C with an argument", standard, "{target} -f x@y -C 'RCPT TO:<a@b>' -R ^250 -C RSET", 0, extra{}},
	{"-C in lower case", standard, "{target} -C noop -R ^250", 0, extra{}},
	{"-C of two lines", standard, "{target} -C 'NOOP\r\nNOOP'", 0, extra{}},
	{"-C QUIT", standard, "{target} -C QUIT -R ^221", 0, extra{}},
	{"-C, 421 and the end", on("NOOP", say("421 timeout"), hangUp), "{target} -C NOOP -R ^250", 1, extra{}},
	{"-C, then the end", on("NOOP", hangUp), "{target} -C NOOP", 0, extra{}},
	{"-C with -R, then the end", on("NOOP", hangUp), "{target} -C NOOP -R ^250", 0, extra{}},
	{"-C with other -R, then the end", on("NOOP", hangUp), "{target} -C NOOP -R ^251", 1, extra{}},
	{"-C, then reset", on("NOOP", reset), "{target} -C NOOP", 3, extra{}},
	{"-C, then reset, -q", on("NOOP", reset), "{target} -C NOOP -q", 0, extra{}},
	{"-C, reply broken off", on("NOOP", raw("25"), hangUp), "{target} -C NOOP -R ^250", 0, extra{}},
	{"-C, reply broken off between lines", on("NOOP", say("250-a"), hangUp), "{target} -C NOOP -R ^250", 0, extra{}},
	{"-C, reply is no SMTP", on("NOOP", say("what?")), "{target} -C NOOP", 0, extra{}},
	{"-C, reply is no SMTP and as asked", on("NOOP", say("what?")), "{target} -C NOOP -R what", 0, extra{}},
	{"-C, reply is no SMTP nor as asked", on("NOOP", say("what?")), "{target} -C NOOP -R ^250", 1, extra{}},
	{"-C, reply of two codes", on("NOOP", say("250-a", "550 b")), "{target} -C NOOP -R ^250", 0, extra{}},
	{"-C, reply of 9,000 bytes", on("NOOP", say("250 "+strings.Repeat("x", 9000))), "{target} -C NOOP", 0, extra{}},
	{"-C, reply with perfdata", on("NOOP", say("500 a|b=1;2")), "{target} -C NOOP -R ^250", 1, extra{}},
	{"-C, reply byte by byte", on("NOOP", drip(time.Millisecond, "250-first\r\n250 end\r\n")), "{target} -C NOOP -R '^250 end'", 0, extra{}},
}

var goodbyes = []scenario{
	{"QUIT refused", on("QUIT", say("500 what")), "{target}", 0, extra{}},
	{"QUIT put off", on("QUIT", say("421 bye")), "{target}", 0, extra{}},
	{"QUIT refused, then the end", on("QUIT", say("500 what"), hangUp), "{target}", 0, extra{}},
	{"QUIT put off, then the end", on("QUIT", say("421 bye"), hangUp), "{target}", 0, extra{}},
	{"QUIT answered as another command", on("QUIT", say("554 no")), "{target}", 0, extra{}},
	{"server leaves between greeting and QUIT", on("EHLO HELO", say("250 mail.test", "421 shutting down")), "{target}", 0, extra{}},
	{"QUIT, then the end", on("QUIT", hangUp), "{target}", 0, extra{}},
	{"QUIT, then reset", on("QUIT", reset), "{target}", 0, extra{}},
	{"QUIT, reply broken off", on("QUIT", raw("22"), hangUp), "{target}", 0, extra{}},
	{"QUIT, reply is no SMTP", on("QUIT", say("what?")), "{target}", 0, extra{}},
	{"QUIT, reply without end", on("QUIT", forever("221-bye\r\n")), "{target}", 0, extra{}},
	{"QUIT, then the end, -q", on("QUIT", hangUp), "{target} -q", 0, extra{}},
	{"QUIT, then reset, after MAIL", on("QUIT", reset), "{target} -f a@b.c", 0, extra{}},
}

const late = 300 * time.Millisecond

var thresholds = []scenario{
	{"in time", standard, "{target} -w 5 -c 9", 0, extra{}},
	{"slow, -w", greets(pause(late), say("220 mail.test")), "{target} -w 0.1", 1, extra{}},
	{"slow, -c", greets(pause(late), say("220 mail.test")), "{target} -c 0.1", 2, extra{}},
	{"slow, -w of both", greets(pause(late), say("220 mail.test")), "{target} -w 0.1 -c 9", 1, extra{}},
	{"slow, both", greets(pause(late), say("220 mail.test")), "{target} -w 0.1 -c 0.2", 2, extra{}},
	{"slow at MAIL", on("MAIL", pause(late), say("250 ok")), "{target} -f a@b.c -w 0.1", 1, extra{}},
	{"slow at QUIT", on("QUIT", pause(late), say("221 bye")), "{target} -w 0.1", 1, extra{}},
	{"warning above critical", standard, "{target} -w 9 -c 5", 0, extra{}},
	{"warning 0", standard, "{target} -w 0 -c 5", 1, extra{}},
	{"critical 0", standard, "{target} -w 5 -c 0", 2, extra{}},
	{"last -w counts", standard, "{target} -w 0 -w 5", 0, extra{}},
	{"slow and -R does not match", on("NOOP", pause(late), say("500 what")), "{target} -C NOOP -R ^250 -w 0.1", 1, extra{}},
	{"much too slow and -R does not match", on("NOOP", pause(late), say("500 what")), "{target} -C NOOP -R ^250 -c 0.1", 1, extra{}},
	{"slow and other banner", greets(pause(late), say("554 go away")), "{target} -w 0.1", 1, extra{}},
	{"much too slow and other banner", greets(pause(late), say("554 go away")), "{target} -c 0.1", 1, extra{}},
}

var timeouts = []scenario{
	{"timeout at the banner", greets(mute), "{target} -t 1", 2, extra{}},
	{"timeout within the banner", greets(say("220-first"), mute), "{target} -t 1", 2, extra{}},
	{"timeout within a dripping banner", greets(drip(late, "220 mail.test ESMTP\r\n")), "{target} -t 1", 2, extra{}},
	{"timeout in a banner that never ends", greets(drip(2*time.Millisecond, strings.Repeat("220-a\r\n", 99))), "{target} -t 1", 2, extra{}},
	{"timeout at the greeting", on("EHLO HELO", mute), "{target} -t 1", 2, extra{}},
	{"timeout at MAIL", on("MAIL", mute), "{target} -f a@b.c -t 1", 2, extra{}},
	{"timeout at -C", on("NOOP", mute), "{target} -C NOOP -t 1", 2, extra{}},
	{"timeout at QUIT", on("QUIT", mute), "{target} -t 1", 2, extra{}},
	{"timeout at QUIT after a banner of 554", greets(say("554 no")).on("QUIT", mute), "{target} -t 1", 1, extra{}},
	{"timeout at QUIT, -q", on("QUIT", mute), "{target} -t 1 -q", 2, extra{}},
	{"timeout after a -R that does not match", on("NOOP", say("500 what")).on("RSET", mute), "{target} -C NOOP -R ^250 -C RSET -t 1", 2, extra{}},
	{"timeout of all, not of each", on("EHLO HELO MAIL NOOP", pause(450*time.Millisecond), say("250 ok")), "{target} -f a@b.c -C NOOP -t 1", 2, extra{}},
}
