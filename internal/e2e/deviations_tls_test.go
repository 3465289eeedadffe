//go:build e2e

package e2e

// tlsDeviations are those of a session with TLS, gravest first.
var tlsDeviations = []deviation{
	{"certificate, or one of its chain, expired or not yet valid", "nobody else would talk to this server; `--ignore-certificate-expiration` only tells of it", []change{
		{0, 2, []string{"certificate expired", "certificate not yet valid", "-D 30,7 and not yet valid", "certificate with a chain not yet valid", "-D 30,7 and an expired chain"}}}},
	{"`-D`, and a certificate of the chain that expires first", "the server is as good as its chain", []change{
		{0, 2, []string{"-D 30,7 and a weak chain", "-D 30,7 and a weak chain, unproven"}}}},
	{"certificate that only this program cannot read", "its parser is Go's, see [Limits of TLS](building.md#limits-of-tls); all behind the handshake is untested", []change{
		{0, 3, []string{"certificate that Go refuses"}}}},
	{"`-D`, and anything else that is wrong", "Debian's judges the certificate and leaves: no `-e`, no `-f`, no `-C`, no login, no `-w` and `-c`", []change{
		{0, 2, []string{"-D and MAIL refused", "-D and -C, then the end", "-D and -C unheard", "-D and critical 0", "-D and login refused", "-D and EHLO refused inside TLS"}},
		{0, 1, []string{"-D and other -e", "-D and banner 554", "-D and MAIL put off", "-D and other -R", "-D and warning 0"}},
		{1, 2, []string{"-D breached and MAIL refused", "-D breached and critical 0"}}}},
	{"`-D` breached, and a wrong banner", "a server that is not the expected one is asked no more, so its certificate is not seen", []change{
		{2, 1, []string{"-D much breached and other -e"}}}},
	{"EHLO or LHLO refused with 5xx, put off with 4xx inside TLS", "a server that takes no greeting takes no mail", []change{
		{0, 2, []string{"inside TLS, EHLO refused, HELO not", "inside TLS, EHLO and HELO refused", "inside TLS, LHLO refused"}},
		{0, 1, []string{"inside TLS, EHLO and HELO put off", "inside TLS, 421 and the end"}}}},
	{"EHLO and HELO refused, and `-S`", "the server did not say that it has no TLS, it did not say anything", []change{
		{1, 2, []string{"STARTTLS, EHLO and HELO refused"}}}},
	{"reply to EHLO inside TLS that is not SMTP or too long", "the conversation is broken", []change{
		{0, 2, []string{"inside TLS, EHLO, reply is no SMTP", "inside TLS, EHLO, reply of two codes"}},
		{3, 2, []string{"inside TLS, EHLO, reply of 9,000 bytes"}}}},
	{"connection closed or reset instead of the reply to STARTTLS, or to EHLO inside TLS", "an outage is no unknown", []change{
		{3, 2, []string{"STARTTLS, then the end", "STARTTLS, then reset", "inside TLS, EHLO, then the end", "inside TLS, EHLO, then reset",
			"inside TLS, EHLO, reply broken off", "-D and the end inside TLS"}}}},
	{"reply to STARTTLS that is not SMTP", "the conversation is broken", []change{
		{3, 2, []string{"STARTTLS, reply is no SMTP"}}}},
	{"server demands a certificate of ours, and speaks TLS 1.3", "the handshake failed, as it does with TLS 1.2", []change{
		{3, 2, []string{"certificate of ours demanded, TLS 1.3"}}}},
	{"STARTTLS refused, and 220 stands in the text", "a refusal stays one", []change{
		{0, 3, []string{"STARTTLS refused, 220 in the text, and TLS"}},
		{2, 3, []string{"STARTTLS refused, 220 in the text"}}}},
	{"STARTTLS is the name of the host, or the beginning of another keyword", "that does not offer it", []change{
		{0, 1, []string{"STARTTLS as the name of the host", "STARTTLS as the beginning of a keyword"}}}},
	{"STARTTLS offered in lower case", "keywords have no case (RFC 5321 section 2.4)", []change{
		{1, 0, []string{"STARTTLS in lower case", "STARTTLS in mixed case"}}}},
	{"`-D 7,30`, `-D ,7`, `-D ,`", "rather a question than a guess", []change{
		{0, 3, []string{"-D critical above warning", "-D critical alone", "-D comma alone"}}}},
	{"`-D ''`, no `-S`, and a server without STARTTLS", "an empty option is one that is not given", []change{
		{1, 0, []string{"-D empty, no -S"}}}},
	{"`-D 30%`, `-D 36h`", "more is understood", []change{
		{3, 0, []string{"-D in percent", "-D in hours"}}}},
}

// authDeviations are those of a login, gravest first.
var authDeviations = []deviation{
	{"`-U` and `-P` without `-A`, and the login does not work", "a login was asked for; it takes the strongest mechanism that is offered, and shows no password in clear", []change{
		{0, 2, []string{"-U and -P without -A, login refused", "-U and -P without -A, no login offered", "-U and -P without -A, no TLS"}}}},
	{"`-U` without `-P`, `-P` without `-U`; either is empty", "half a login; a password from an empty macro must not look healthy", []change{
		{0, 3, []string{"-U alone", "-P alone", "-U empty", "-P empty"}},
		{2, 3, []string{"-A alone", "-A without -U", "-A without -P"}}}},
	{"a question of AUTH LOGIN in several lines", "RFC 4954 section 4 knows only one", []change{
		{0, 2, []string{"AUTH, reply of several lines"}}}},
	{"connection closed or reset during the login", "an outage; Debian's calls it a warning, or forgets the login when it cannot say QUIT", []change{
		{1, 2, []string{"AUTH, then the end"}},
		{3, 2, []string{"AUTH, then reset", "user, then reset", "password, then reset"}}}},
	{"CR or LF in `-U`", "no user", []change{
		{0, 3, []string{"login, user with a line of its own"}}}},
	{"`-A` of a mechanism that nobody knows", "nothing is dialled for a command line that is wrong", []change{
		{2, 3, []string{"NTLM", "-A nonsense"}}}},
	{"`-A ''`", "an empty option is one that is not given", []change{
		{2, 0, []string{"-A empty"}}}},
	{"`-A login`, `-A PLAIN`, `-A CRAM-MD5`, `-A XOAUTH2`", "they work", []change{
		{2, 0, []string{"lower case login", "PLAIN", "CRAM-MD5", "XOAUTH2"}}}},
}
