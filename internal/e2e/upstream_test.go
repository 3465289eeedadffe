//go:build e2e

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// implicit is a server with TLS from the start.
func implicit(certificate string) script {
	return greets(shake(serverConfig(certificate)), say("220 mail.test ESMTP"))
}

// unhurried reads a line byte by byte, and nothing of the TLS that may follow.
func unhurried(p *peer) error {
	for b := make([]byte, 1); b[0] != '\n'; {
		if _, err := p.conn.Read(b); err != nil {
			return err
		}
	}
	return nil
}

// ownCases are about options that Debian's check_smtp does not have yet. The
// first ones are what the tests of later monitoring-plugins ask for.
var ownCases = []struct {
	name   string
	server script // nil: nobody listens
	args   string // besides -H and -p
	exit   int
	says   string // regexp; {port} stands for the server's
}{
	{"upstream: STARTTLS", secure, "-S", 0, `^SMTP OK - `},
	{"upstream: STARTTLS without TLS", standard, "-S", 1, `^SMTP WARNING - TLS not supported by server`},
	{"upstream: TLS at a plain server", standard, "--ssl", 2, `^SMTP CRITICAL - Cannot make SSL connection`},
	{"upstream: TLS", implicit("good"), "--ssl", 0, `^SMTP OK - `},
	{"upstream: TLS at a refused port", nil, "--ssl", 2, `^SMTP CRITICAL - connect to address 127\.0\.0\.1 and port {port}: Connection refused`},

	{"-s", implicit("good"), "-s -f a@b.c -C NOOP -R ^250", 0, `^SMTP OK - `},
	{"--tls", implicit("good"), "--tls", 0, `^SMTP OK - `},
	{"-s and -S", implicit("good"), "-s -S", 3, `^SMTP UNKNOWN - `},
	{"-s and STARTTLS at the port", secure, "-s", 2, `^SMTP CRITICAL - Cannot make SSL connection`},
	{"-s and silence", greets(mute), "-s -t 1", 2, `^SMTP CRITICAL - Socket timeout after 1 seconds during tls`},
	{"-s and the end", greets(hangUp), "-s", 2, `^SMTP CRITICAL - Cannot make SSL connection`},
	{"-s and reset", greets(swallow, reset), "-s", 2, `^SMTP CRITICAL - Cannot make SSL connection`},
	{"-s and banner 554", greets(shake(serverConfig("good")), say("554 go away")), "-s", 1, `^SMTP WARNING - .*554 go away`},
	{"-s and no banner", greets(shake(serverConfig("good")), hangUp), "-s", 1, `^SMTP WARNING - banner: connection closed`},
	{"-s -D", implicit("10 days"), "-s -D 30,7", 1, `^SMTP WARNING - certificate '10 days' expires in 10 days`},
	{"-s and an expired certificate", implicit("expired"), "-s", 2, `^SMTP CRITICAL - certificate 'expired' expired on `},
	{"-s, expired, ignored", implicit("expired"), "-s --ignore-certificate-expiration", 0, `^SMTP OK - .*'expired' expired on `},
	{"-s --verify", implicit("good"), "-s --verify", 2, `^SMTP CRITICAL - certificate 'good' is not trusted`},
	{"-s and login", withLogin(implicit("good")), "-s" + login, 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"--sni", implicit("good"), "--ssl --sni", 0, `^SMTP OK - `},
	{"PROXY header", greets(hear, say("220 mail.test ESMTP")), "-r", 0, `^SMTP OK - .*\bproxy_time=`},
	{"PROXY header and TLS", greets(unhurried, shake(serverConfig("good")), say("220 mail.test ESMTP")), "-r -s", 0, `^SMTP OK - .*\btls_time=`},
	{"PROXY header and STARTTLS", secure.on("", hear, say("220 mail.test ESMTP")), "-r -S", 0, `^SMTP OK - .*\btls_time=`},
}

// TestOwnOptions asks for the exit codes and the words that upstream documents
// for options newer than Debian's.
func TestOwnOptions(t *testing.T) {
	for _, c := range ownCases {
		t.Run(c.name, func(t *testing.T) {
			port := 0
			if c.server == nil {
				port = deadPort(t)
			} else {
				port = playTCP(t, c.server).port()
			}
			checkRun(t, fmt.Sprintf("-H 127.0.0.1 -p %d %s", port, c.args), c.exit, strings.ReplaceAll(c.says, "{port}", strconv.Itoa(port)))
		})
	}
}
