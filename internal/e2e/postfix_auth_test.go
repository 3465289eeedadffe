//go:build e2e

package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// authCF has a Dovecot decide who may log in, at {socket}.
const authCF = tlsCF + `smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {socket}
`

var (
	submission = service{"submission", "-", "smtpd -o smtpd_tls_security_level=encrypt -o smtpd_delay_reject=no" +
		" -o smtpd_sender_restrictions=permit_sasl_authenticated,reject"}
	inClear  = service{"login in clear", "-", "smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no"}
	readable = service{"readable login in clear", "-", "smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no -o smtpd_sasl_mechanism_filter=plain,login"}
)

const (
	as    = "-U " + user + " -P '" + password + "' "
	asNot = "-U " + user + " -P wrong "
)

// authCases log in. {token} is a token that is good for the user, {junk} one
// that is not.
var authCases = []postfixCase{
	{"LOGIN", starttls, "-S -A LOGIN " + as, 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"PLAIN", starttls, "-S -A PLAIN " + as, 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"CRAM-MD5", starttls, "-S -A CRAM-MD5 " + as, 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"SCRAM-SHA-1", starttls, "-S -A SCRAM-SHA-1 " + as, 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"SCRAM-SHA-256", starttls, "-S -A SCRAM-SHA-256 " + as, 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"XOAUTH2", starttls, "-S -A XOAUTH2 -U " + user + " -P {token}", 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"OAUTHBEARER", starttls, "-S -A OAUTHBEARER -U " + user + " -P {token}", 0, `^SMTP OK - .*\bsasl_auth_time=`},
	{"lower case", starttls, "-S -A login " + as, 0, `^SMTP OK - `},
	{"no ASCII, PLAIN", starttls, "-S -A PLAIN -U jürgen -P pässword", 0, `^SMTP OK - `},
	{"no ASCII, CRAM-MD5", starttls, "-S -A CRAM-MD5 -U jürgen -P pässword", 0, `^SMTP OK - `},
	{"auto", starttls, "-S -vvv " + as, 0, `(?s)^SMTP OK - .*AUTH SCRAM-SHA-256`},
	{"auto, proven server", starttls, proven + as, 0, `^SMTP OK - `},
	{"TLS from the start", smtps, "-s " + as, 0, `^SMTP OK - `},
	{"submission", submission, "-S -f a@example.org " + as, 0, `^SMTP OK - .*\bmailfrom_time=`},
	{"submission without login", submission, "-S -f a@example.org", 2, `^SMTP CRITICAL - mailfrom .*554 5\.7\.1`},
	{"submission without TLS", submission, "-f a@example.org", 2, `^SMTP CRITICAL - mailfrom .*530 5\.7\.0 Must issue a STARTTLS command first`},
	{"in clear, LOGIN", inClear, "-A LOGIN " + as, 0, `^SMTP OK - .*clear`},
	{"in clear, auto", inClear, "-vvv " + as, 0, `(?s)^SMTP OK - .*AUTH SCRAM-SHA-256`},
	{"not before TLS", starttls, "-A LOGIN " + as, 2, `^SMTP CRITICAL - .*50[0-9] `},

	{"LOGIN refused", starttls, "-S -A LOGIN " + asNot, 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"PLAIN refused", starttls, "-S -A PLAIN " + asNot, 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"CRAM-MD5 refused", starttls, "-S -A CRAM-MD5 " + asNot, 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"SCRAM-SHA-1 refused", starttls, "-S -A SCRAM-SHA-1 " + asNot, 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"SCRAM-SHA-256 refused", starttls, "-S -A SCRAM-SHA-256 " + asNot, 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"XOAUTH2 refused", starttls, "-S -A XOAUTH2 -U " + user + " -P {junk}", 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"OAUTHBEARER refused", starttls, "-S -A OAUTHBEARER -U " + user + " -P {junk}", 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"auto refused", starttls, "-S " + asNot, 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*authentication failed`},
	{"refusal expected", starttls, "-S -A PLAIN --expect-reply sasl_auth=535 " + asNot, 0, `^SMTP OK - `},
	{"mechanism unknown to the server", starttls, "-S -A EXTERNAL", 2, `^SMTP CRITICAL - .*535 5\.7\.8 .*Invalid authentication mechanism`},
	{"no login at an unproven server", presents("self-signed"), proven + "-A LOGIN " + as, 2, `^SMTP CRITICAL - .*self-signed`},
}

// authFault is what Postfix says of a login that is meant to fail.
var authFault = regexp.MustCompile(`SASL [A-Z0-9-]+ authentication failed`)

// TestPostfixAuth logs in at Postfix by way of Dovecot.
func TestPostfixAuth(t *testing.T) {
	p := startPostfixWith(t, strings.ReplaceAll(authCF, "{socket}", startDovecot(t)), servicesOf(authCases)...)
	good := token(user)
	for _, c := range authCases {
		c.args = strings.NewReplacer("{token}", good, "{junk}", good[:len(good)-4]+"junk").Replace(c.args)
		t.Run(c.name, func(t *testing.T) { p.check(t, c) })
	}
	t.Run("log", func(t *testing.T) { p.checkLog(t, len(authCases), authFault) })
}

// TestPostfixAuthInClear keeps the password out of a session in clear, unless
// it is told otherwise. The Postfix is the test's own, so that its log can tell.
func TestPostfixAuthInClear(t *testing.T) {
	p := startPostfixWith(t, strings.ReplaceAll(authCF, "{socket}", startDovecot(t)), readable)
	p.check(t, postfixCase{"auto", readable, as, 2, `^SMTP CRITICAL - .*no usable mechanism offered`})
	p.checkLog(t, 1, nothing)
	if text, err := os.ReadFile(p.log); err != nil || strings.Contains(string(text), "auth=") {
		t.Errorf("Postfix heard AUTH, or there is no log: %v\n%s", err, text)
	}
}
