//go:build e2e

package e2e

import (
	"crypto/tls"
	"strings"
	"time"
)

// offers is a server with STARTTLS and a certificate of the catalogue.
func offers(certificate string) script { return upgrades(serverConfig(certificate)) }

// upgrades is a server with STARTTLS of any kind.
func upgrades(config *tls.Config) script {
	return on("EHLO LHLO", say("250-mail.test", "250 STARTTLS")).
		on("STARTTLS", say("220 go ahead"), shake(config)).
		on(inTLS+"EHLO "+inTLS+"LHLO", say("250 mail.test"))
}

// versions is TLS of some versions only.
func versions(min, max uint16) *tls.Config {
	config := serverConfig("good")
	config.MinVersion, config.MaxVersion = min, max
	return config
}

// demands is TLS of one version that wants a certificate of the client.
func demands(version uint16, how tls.ClientAuthType) *tls.Config {
	config := versions(version, version)
	config.ClientAuth = how
	return config
}

// secure is a server with STARTTLS and without a fault.
var secure = offers("good")

var offering = []scenario{
	{"STARTTLS", secure, "{target} -S", 0, extra{}},
	{"--starttls", secure, "{target} --starttls", 0, extra{}},
	{"shortened --starttls", secure, "{target} --start", 0, extra{}},
	{"shortened --starttls, very", secure, "{target} --s", 0, extra{}},
	{"STARTTLS in a cluster", secure, "-vqSH127.0.0.1 -p{port}", 0, extra{}},
	{"STARTTLS twice", secure, "{target} -S -S", 0, extra{}},
	{"STARTTLS, very verbose", secure, "{target} -S -vvv", 0, extra{}},
	{"STARTTLS by name", secure, "-H localhost -p {port} -S", 0, extra{}},
	{"STARTTLS at an IPv6 address", secure, "-H ::1 -p {port} -S", 0, extra{listen: "tcp [::1]:0"}},
	{"STARTTLS, ini file", secure, "{target} --extra-opts=@{dir}/t.ini", 0, section("starttls =")},
	{"STARTTLS not asked for", secure, "{target} -f a@b.c", 0, extra{}},
	{"STARTTLS not offered", standard, "{target} -S", 1, extra{}},
	{"STARTTLS not offered, sender", standard, "{target} -S -f a@b.c", 1, extra{}},
	{"STARTTLS not offered, other -e", standard, "{target} -S -e 221", 1, extra{}},
	{"STARTTLS not offered, no QUIT", on("QUIT", hangUp), "{target} -S", 1, extra{}},
	{"STARTTLS not offered, QUIT unheard", on("QUIT", mute), "{target} -S -t 1", 2, extra{}},
	{"STARTTLS with argument", secure.on("EHLO", say("250-mail.test", "250 STARTTLS REQUIRED")), "{target} -S", 0, extra{}},
	{"STARTTLS between others", secure.on("EHLO", say("250-mail.test", "250-SIZE 1", "250-STARTTLS", "250 8BITMIME")), "{target} -S", 0, extra{}},
	{"STARTTLS in lower case", secure.on("EHLO", say("250-mail.test", "250 starttls")), "{target} -S", 1, extra{}},
	{"STARTTLS in mixed case", secure.on("EHLO", say("250-mail.test", "250-StartTLS", "250 SIZE")), "{target} -S", 1, extra{}},
	{"STARTTLS as the name of the host", secure.on("EHLO", say("250 STARTTLS")), "{target} -S", 0, extra{}},
	{"STARTTLS as the beginning of a keyword", secure.on("EHLO", say("250-mail.test", "250 STARTTLSX")), "{target} -S", 0, extra{}},
	{"STARTTLS as the end of a keyword", secure.on("EHLO", say("250-mail.test", "250 XSTARTTLS")), "{target} -S", 1, extra{}},
	{"STARTTLS as an argument", secure.on("EHLO", say("250-mail.test", "250 X STARTTLS")), "{target} -S", 1, extra{}},
	{"STARTTLS, EHLO refused", on("EHLO", say("502 what")), "{target} -S", 1, extra{}},
	{"STARTTLS, EHLO and HELO refused", on("EHLO HELO", say("550 no")), "{target} -S", 1, extra{}},
	{"STARTTLS, EHLO put off", on("EHLO HELO", say("421 busy")), "{target} -S", 1, extra{}},
	{"STARTTLS, EHLO, then the end", on("EHLO HELO", hangUp), "{target} -S", 1, extra{}},
	{"STARTTLS, EHLO unheard", on("EHLO HELO", mute), "{target} -S -t 1", 2, extra{}},
	{"STARTTLS, banner 554", secure.on("", say("554 go away")), "{target} -S", 1, extra{}},
	{"STARTTLS, banner missing", greets(hangUp), "{target} -S", 1, extra{}},
	{"STARTTLS, banner unheard", greets(mute), "{target} -S -t 1", 2, extra{}},
	{"STARTTLS, refused port", nil, "{target} -S", 2, extra{}},
	{"STARTTLS and LMTP", secure.on("EHLO HELO", say("500 what")), "{target} -L -S", 0, extra{}},
	{"STARTTLS and LMTP, not offered", on("EHLO HELO", say("500 what")), "{target} -L -S", 1, extra{}},
}

var upgrading = []scenario{
	{"STARTTLS refused, 454", secure.on("STARTTLS", say("454 TLS not available")), "{target} -S", 3, extra{}},
	{"STARTTLS refused, 502", secure.on("STARTTLS", say("502 what")), "{target} -S", 3, extra{}},
	{"STARTTLS refused, 554", secure.on("STARTTLS", say("554 no")), "{target} -S", 3, extra{}},
	{"STARTTLS refused, 421 and the end", secure.on("STARTTLS", say("421 bye"), hangUp), "{target} -S", 3, extra{}},
	{"STARTTLS refused, reset", secure.on("STARTTLS", say("454 no"), reset), "{target} -S", 3, extra{}},
	{"STARTTLS refused in several lines", secure.on("STARTTLS", say("454-no", "454 never")), "{target} -S", 3, extra{}},
	{"STARTTLS refused, sender", secure.on("STARTTLS", say("454 no")), "{target} -S -f a@b.c", 3, extra{}},
	{"STARTTLS answered with 250", secure.on("STARTTLS", say("250 ok")), "{target} -S", 3, extra{}},
	{"STARTTLS answered with 334", secure.on("STARTTLS", say("334 go on")), "{target} -S", 3, extra{}},
	{"STARTTLS refused, 220 in the text", secure.on("STARTTLS", say("454 try 220 times")), "{target} -S -t 1", 2, extra{}},
	{"STARTTLS refused, 220 in the text, and TLS", secure.on("STARTTLS", say("454 try 220 times"), shake(serverConfig("good"))), "{target} -S", 0, extra{}},
	{"STARTTLS, then the end", secure.on("STARTTLS", hangUp), "{target} -S", 3, extra{}},
	{"STARTTLS, then reset", secure.on("STARTTLS", reset), "{target} -S", 3, extra{}},
	{"STARTTLS, reply broken off", secure.on("STARTTLS", raw("22"), hangUp), "{target} -S", 2, extra{}},
	{"STARTTLS, reply is no SMTP", secure.on("STARTTLS", say("what?")), "{target} -S", 3, extra{}},
	{"STARTTLS, reply of two codes", secure.on("STARTTLS", say("220-go", "454 no")), "{target} -S -t 1", 2, extra{}},
	{"STARTTLS, reply of several lines", secure.on("STARTTLS", say("220-go", "220 ahead"), shake(serverConfig("good"))), "{target} -S", 0, extra{}},
	{"STARTTLS, reply byte by byte", secure.on("STARTTLS", drip(time.Millisecond, "220 go ahead\r\n"), shake(serverConfig("good"))), "{target} -S", 0, extra{}},
	{"STARTTLS, reply of 9,000 bytes", secure.on("STARTTLS", say("220 "+strings.Repeat("x", 9000))), "{target} -S", 2, extra{}},
	{"STARTTLS unheard", secure.on("STARTTLS", mute), "{target} -S -t 1", 2, extra{}},
}

var handshakes = []scenario{
	{"handshake, the end", secure.on("STARTTLS", say("220 go ahead"), hangUp), "{target} -S", 2, extra{}},
	{"handshake, later the end", secure.on("STARTTLS", say("220 go ahead"), swallow, hangUp), "{target} -S", 2, extra{}},
	{"handshake, reset", secure.on("STARTTLS", say("220 go ahead"), swallow, reset), "{target} -S", 2, extra{}},
	{"handshake, plain text", secure.on("STARTTLS", say("220 go ahead"), swallow, say("500 what")), "{target} -S", 2, extra{}},
	{"handshake, zeros", secure.on("STARTTLS", say("220 go ahead"), swallow, raw(strings.Repeat("\x00", 100))), "{target} -S", 2, extra{}},
	{"handshake, broken alert", secure.on("STARTTLS", say("220 go ahead"), swallow, raw("\x15\x03\x03\x00\x02\x02\x28"), hangUp), "{target} -S", 2, extra{}},
	{"handshake unheard", secure.on("STARTTLS", say("220 go ahead"), mute), "{target} -S -t 1", 2, extra{}},
	{"handshake unheard, 2 s", secure.on("STARTTLS", say("220 go ahead"), mute), "{target} -S -t 2", 2, extra{}},
	{"handshake, half a record", secure.on("STARTTLS", say("220 go ahead"), swallow, raw("\x16\x03\x03\x00\x80\x02"), mute), "{target} -S -t 1", 2, extra{}},
	{"handshake after injected text", secure.on("STARTTLS", say("220 go ahead", "250 injected"), shake(serverConfig("good"))), "{target} -S", 2, extra{}},
	{"handshake after late injected text", secure.on("STARTTLS", say("220 go ahead"), pause(blink), say("250 injected"), shake(serverConfig("good"))), "{target} -S", 2, extra{}},
	{"TLS 1.0", upgrades(versions(tls.VersionTLS10, tls.VersionTLS10)), "{target} -S", 2, extra{}},
	{"TLS 1.1", upgrades(versions(tls.VersionTLS11, tls.VersionTLS11)), "{target} -S", 2, extra{}},
	{"TLS 1.2", upgrades(versions(tls.VersionTLS12, tls.VersionTLS12)), "{target} -S", 0, extra{}},
	{"TLS 1.3", upgrades(versions(tls.VersionTLS13, tls.VersionTLS13)), "{target} -S", 0, extra{}},
	{"ECDSA", offers("good ECDSA"), "{target} -S", 0, extra{}},
	{"certificate of ours asked for", upgrades(demands(tls.VersionTLS13, tls.RequestClientCert)), "{target} -S", 0, extra{}},
	{"certificate of ours demanded, TLS 1.2", upgrades(demands(tls.VersionTLS12, tls.RequireAnyClientCert)), "{target} -S", 2, extra{}},
	{"certificate of ours demanded, TLS 1.3", upgrades(demands(tls.VersionTLS13, tls.RequireAnyClientCert)), "{target} -S", 3, extra{}},
	{"slow handshake, -w", secure.on("STARTTLS", say("220 go ahead"), pause(late), shake(serverConfig("good"))), "{target} -S -w 0.1", 1, extra{}},
	{"slow handshake, -c", secure.on("STARTTLS", say("220 go ahead"), pause(late), shake(serverConfig("good"))), "{target} -S -c 0.1", 2, extra{}},
}

var insideTLS = []scenario{
	{"inside TLS, EHLO refused, HELO not", secure.on(inTLS+"EHLO", say("502 what")), "{target} -S", 0, extra{}},
	{"inside TLS, EHLO and HELO refused", secure.on(inTLS+"EHLO "+inTLS+"HELO", say("550 no")), "{target} -S", 0, extra{}},
	{"inside TLS, EHLO and HELO put off", secure.on(inTLS+"EHLO "+inTLS+"HELO", say("451 later")), "{target} -S", 0, extra{}},
	{"inside TLS, 421 and the end", secure.on(inTLS+"EHLO "+inTLS+"HELO", say("421 bye"), hangUp), "{target} -S", 0, extra{}},
	{"inside TLS, EHLO, then the end", secure.on(inTLS+"EHLO", hangUp), "{target} -S", 3, extra{}},
	{"inside TLS, EHLO, then reset", secure.on(inTLS+"EHLO", reset), "{target} -S", 3, extra{}},
	{"inside TLS, EHLO, reply broken off", secure.on(inTLS+"EHLO", raw("25"), hangUp), "{target} -S", 3, extra{}},
	{"inside TLS, EHLO, reply is no SMTP", secure.on(inTLS+"EHLO", say("what?")), "{target} -S", 0, extra{}},
	{"inside TLS, EHLO, reply of two codes", secure.on(inTLS+"EHLO", say("250-mail.test", "550 no")), "{target} -S", 0, extra{}},
	{"inside TLS, EHLO, reply of 9,000 bytes", secure.on(inTLS+"EHLO", say("250 "+strings.Repeat("x", 9000))), "{target} -S", 3, extra{}},
	{"inside TLS, EHLO, reply byte by byte", secure.on(inTLS+"EHLO", drip(time.Millisecond, "250-mail.test\r\n250 SIZE\r\n")), "{target} -S", 0, extra{}},
	{"inside TLS, EHLO unheard", secure.on(inTLS+"EHLO", mute), "{target} -S -t 1", 2, extra{}},
	{"inside TLS, LHLO refused", secure.on(inTLS+"LHLO", say("550 no")), "{target} -S -L", 0, extra{}},
	{"inside TLS, sender", secure, "{target} -S -f a@b.c", 0, extra{}},
	{"inside TLS, MAIL refused", secure.on(inTLS+"MAIL", say("550 no")), "{target} -S -f a@b.c", 0, extra{}},
	{"inside TLS, MAIL put off", secure.on(inTLS+"MAIL", say("451 later")), "{target} -S -f a@b.c", 0, extra{}},
	{"inside TLS, MAIL, then the end", secure.on(inTLS+"MAIL", hangUp), "{target} -S -f a@b.c", 0, extra{}},
	{"inside TLS, MAIL unheard", secure.on(inTLS+"MAIL", mute), "{target} -S -f a@b.c -t 1", 2, extra{}},
	{"inside TLS, -C with -R", secure, "{target} -S -C NOOP -R ^250", 0, extra{}},
	{"inside TLS, -C with other -R", secure, "{target} -S -C NOOP -R ^251", 1, extra{}},
	{"inside TLS, -R does not match", secure.on(inTLS+"NOOP", say("500 what")), "{target} -S -C NOOP -R ^250", 1, extra{}},
	{"inside TLS, first -R does not match", secure.on(inTLS+"NOOP", say("500 what")), "{target} -S -C NOOP -R ^250 -C RSET -R ^250", 0, extra{}},
	{"inside TLS, reply of several lines", secure, "{target} -S -C HELP -R '^214 end'", 0, extra{}},
	{"inside TLS, -C, then the end", secure.on(inTLS+"NOOP", hangUp), "{target} -S -C NOOP -R ^250", 0, extra{}},
	{"inside TLS, -C unheard", secure.on(inTLS+"NOOP", mute), "{target} -S -C NOOP -t 1", 2, extra{}},
	{"inside TLS, QUIT refused", secure.on(inTLS+"QUIT", say("500 what")), "{target} -S", 0, extra{}},
	{"inside TLS, QUIT, then the end", secure.on(inTLS+"QUIT", hangUp), "{target} -S", 0, extra{}},
	{"inside TLS, QUIT, then reset", secure.on(inTLS+"QUIT", reset), "{target} -S", 0, extra{}},
	{"inside TLS, QUIT unheard", secure.on(inTLS+"QUIT", mute), "{target} -S -t 1", 2, extra{}},
	{"inside TLS, -e of the banner", secure, "{target} -S -e ESMTP", 0, extra{}},
	{"inside TLS, other -e", secure, "{target} -S -e 221", 1, extra{}},
	{"inside TLS, -e text of the reply to EHLO", secure.on(inTLS+"EHLO", say("250 hello there")), "{target} -S -e there", 0, extra{}},
	{"inside TLS, -e text of the reply to EHLO before", secure, "{target} -S -e STARTTLS", 1, extra{}},
	{"inside TLS, in time", secure, "{target} -S -w 5 -c 9", 0, extra{}},
	{"inside TLS, warning 0", secure, "{target} -S -w 0 -c 9", 1, extra{}},
	{"inside TLS, critical 0", secure, "{target} -S -w 0 -c 0", 2, extra{}},
	{"inside TLS, all", secure, "{target} -S -F probe.test -f a@b.c -C NOOP -R ^250 -e 220 -w 5 -c 9 -q", 0, extra{}},
}

var states = []scenario{
	{"certificate expired", offers("expired"), "{target} -S", 0, extra{}},
	{"certificate not yet valid", offers("not yet"), "{target} -S", 0, extra{}},
	{"certificate of 10 days", offers("10 days"), "{target} -S", 0, extra{}},
	{"certificate of 5 hours", offers("5 hours"), "{target} -S", 0, extra{}},
	{"certificate of another name", offers("other name"), "{target} -S", 0, extra{}},
	{"certificate self-signed", offers("self-signed"), "{target} -S", 0, extra{}},
	{"certificate of another issuer", offers("other issuer"), "{target} -S", 0, extra{}},
	{"certificate with chain", offers("chain"), "{target} -S", 0, extra{}},
	{"certificate without its chain", offers("chain missing"), "{target} -S", 0, extra{}},
	{"certificate with a weak chain", offers("chain weak"), "{target} -S", 0, extra{}},
	{"certificate with a chain not yet valid", offers("chain early"), "{target} -S", 0, extra{}},
	{"certificate that Go refuses", offers("unreadable"), "{target} -S", 0, extra{}},
	{"certificate with a hostile name", offers("a|b=1;2\x1b[31m\n"), "{target} -S -vv", 0, extra{}},
	{"certificate with a long name", offers(strings.Repeat("x", 5000)), "{target} -S -vv", 0, extra{}},
	{"-D 91,7 and a hostile name", offers("a|b=1;2\x1b[31m\n"), "{target} -S -D 91,7", 1, extra{}},
	{"-D 30,7 and a good certificate", secure, "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and 10 days", offers("10 days"), "{target} -S -D 30,7", 1, extra{}},
	{"-D 30,7 and 5 days", offers("5 days"), "{target} -S -D 30,7", 2, extra{}},
	{"-D 30,7 and 5 hours", offers("5 hours"), "{target} -S -D 30,7", 2, extra{}},
	{"-D 30,7 and expired", offers("expired"), "{target} -S -D 30,7", 2, extra{}},
	{"-D 30,7 and not yet valid", offers("not yet"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and another name", offers("other name"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and self-signed", offers("self-signed"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and a chain", offers("chain"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and no chain", offers("chain missing"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and a weak chain, unproven", offers("chain weak"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and a weak chain", offers("chain weak"), "{target} -S -D 30,7", 0, extra{env: []string{"SSL_CERT_FILE={dir}/ca.pem"}}},
	{"-D 30,7 and an expired chain", offers("chain expired"), "{target} -S -D 30,7", 0, extra{}},
	{"-D 30,7 and ECDSA", offers("good ECDSA"), "{target} -S -D 30,7", 0, extra{}},
}

var days = []scenario{
	{"-D without -S", secure, "{target} -D 30,7", 0, extra{}},
	{"-D without -S and 10 days", offers("10 days"), "{target} -D 30,7", 1, extra{}},
	{"-D without -S and expired", offers("expired"), "{target} -D 30,7", 2, extra{}},
	{"-D without -S, not offered", standard, "{target} -D 30,7", 1, extra{}},
	{"-D without -S, refused", secure.on("STARTTLS", say("454 no")), "{target} -D 30,7", 3, extra{}},
	{"-D without -S, no handshake", secure.on("STARTTLS", say("220 go ahead"), swallow, hangUp), "{target} -D 30,7", 2, extra{}},
	{"--certificate", offers("10 days"), "{target} --certificate=30,7", 1, extra{}},
	{"shortened --certificate", offers("10 days"), "{target} --cert 30,7", 1, extra{}},
	{"-D, ini file", offers("10 days"), "{target} --extra-opts=@{dir}/t.ini", 1, section("certificate = 30,7")},
	{"-D attached", offers("10 days"), "{target} -SD30,7", 1, extra{}},
	{"-D twice", offers("10 days"), "{target} -S -D 1 -D 30", 1, extra{}},
	{"-D twice, the last is enough", offers("10 days"), "{target} -S -D 30 -D 1", 0, extra{}},
	{"-D warning alone", offers("10 days"), "{target} -S -D 30", 1, extra{}},
	{"-D warning alone and 5 hours", offers("5 hours"), "{target} -S -D 30", 2, extra{}},
	{"-D equal to warning", offers("10 days"), "{target} -S -D 10", 1, extra{}},
	{"-D equal to critical", offers("10 days"), "{target} -S -D 30,10", 2, extra{}},
	{"-D a day less", offers("10 days"), "{target} -S -D 9", 0, extra{}},
	{"-D 0", offers("10 days"), "{target} -S -D 0", 0, extra{}},
	{"-D 0 and 5 hours", offers("5 hours"), "{target} -S -D 0", 2, extra{}},
	{"-D 0,0", offers("10 days"), "{target} -S -D 0,0", 0, extra{}},
	{"-D 30 and a comma", offers("10 days"), "{target} -S -D 30,", 1, extra{}},
	{"-D critical above warning", offers("10 days"), "{target} -S -D 7,30", 0, extra{}},
	{"-D very large", offers("10 days"), "{target} -S -D 9999", 1, extra{}},
	{"-D with leading zero", offers("10 days"), "{target} -S -D 030", 1, extra{}},
	{"-D with blank", offers("10 days"), "{target} -S -D '30, 7'", 1, extra{}},
	{"-D empty", offers("10 days"), "{target} -S -D ''", 0, extra{}},
	{"-D empty, no -S", standard, "{target} -D ''", 1, extra{}},
	{"-D junk", secure, "{target} -S -D abc", 3, extra{}},
	{"-D junk after the comma", secure, "{target} -S -D 30,abc", 3, extra{}},
	{"-D junk before the comma", secure, "{target} -S -D abc,7", 3, extra{}},
	{"-D of three numbers", secure, "{target} -S -D 30,7,3", 3, extra{}},
	{"-D comma alone", secure, "{target} -S -D ,", 0, extra{}},
	{"-D critical alone", offers("5 days"), "{target} -S -D ,7", 0, extra{}},
	{"-D negative", secure, "{target} -S -D -1", 3, extra{}},
	{"-D negative critical", secure, "{target} -S -D 30,-1", 3, extra{}},
	{"-D fraction", secure, "{target} -S -D 1.5", 3, extra{}},
	{"-D hexadecimal", secure, "{target} -S -D 0x1e", 3, extra{}},
	{"-D with plus sign", secure, "{target} -S -D +30", 3, extra{}},
	{"-D in days", secure, "{target} -S -D 30d", 3, extra{}},
	{"-D in percent", secure, "{target} -S -D 30%", 3, extra{}},
	{"-D in hours", secure, "{target} -S -D 36h", 3, extra{}},
	{"-D without value", secure, "{target} -S -D", 3, extra{}},
}

// lasting is a server whose certificate is about to expire, so that Debian's
// -D has something to say.
var lasting = offers("10 days")

var daysAndMore = []scenario{
	{"-D and other -e", secure, "{target} -S -D 30,7 -e 221", 0, extra{}},
	{"-D and banner 554", secure.on("", say("554 go away")), "{target} -S -D 30,7", 0, extra{}},
	{"-D and sender", secure, "{target} -S -D 30,7 -f a@b.c", 0, extra{}},
	{"-D and MAIL refused", secure.on(inTLS+"MAIL", say("550 no")), "{target} -S -D 30,7 -f a@b.c", 0, extra{}},
	{"-D and MAIL put off", secure.on(inTLS+"MAIL", say("451 later")), "{target} -S -D 30,7 -f a@b.c", 0, extra{}},
	{"-D and -C", secure, "{target} -S -D 30,7 -C NOOP -R ^250", 0, extra{}},
	{"-D and other -R", secure, "{target} -S -D 30,7 -C NOOP -R ^251", 0, extra{}},
	{"-D and -C, then the end", secure.on(inTLS+"NOOP", hangUp), "{target} -S -D 30,7 -C NOOP", 0, extra{}},
	{"-D and -C unheard", secure.on(inTLS+"NOOP", mute), "{target} -S -D 30,7 -C NOOP -t 1", 0, extra{}},
	{"-D and warning 0", secure, "{target} -S -D 30,7 -w 0", 0, extra{}},
	{"-D and critical 0", secure, "{target} -S -D 30,7 -c 0", 0, extra{}},
	{"-D and EHLO refused inside TLS", secure.on(inTLS+"EHLO "+inTLS+"HELO", say("550 no")), "{target} -S -D 30,7", 0, extra{}},
	{"-D and the end inside TLS", secure.on(inTLS+"EHLO", hangUp), "{target} -S -D 30,7", 3, extra{}},
	{"-D and QUIT, then reset", secure.on(inTLS+"QUIT", reset), "{target} -S -D 30,7", 0, extra{}},
	{"-D and login", withLogin(secure), "{target} -S -D 30,7 -A LOGIN -U u -P p", 0, extra{}},
	{"-D and login refused", withLogin(secure).on("AUTH", say("535 no")), "{target} -S -D 30,7 -A LOGIN -U u -P p", 0, extra{}},
	{"-D breached and other -R", lasting, "{target} -S -D 30,7 -C NOOP -R ^251", 1, extra{}},
	{"-D breached and MAIL refused", lasting.on(inTLS+"MAIL", say("550 no")), "{target} -S -D 30,7 -f a@b.c", 1, extra{}},
	{"-D breached and critical 0", lasting, "{target} -S -D 30,7 -c 0", 1, extra{}},
	{"-D much breached and other -e", offers("5 days"), "{target} -S -D 30,7 -e 221", 2, extra{}},
	{"-D much breached and LMTP", offers("5 days").on("EHLO HELO", say("500 what")), "{target} -L -D 30,7", 2, extra{}},
}
