//go:build e2e

package e2e

import (
	"slices"
	"strings"
)

// The two questions of AUTH LOGIN.
var (
	askUser     = []act{say("334 VXNlcm5hbWU6"), hear}
	askPassword = []act{say("334 UGFzc3dvcmQ6"), hear}
	accept      = []act{say("235 welcome")}
)

// withLogin adds AUTH LOGIN to a server: where there is TLS only inside.
func withLogin(s script) script {
	s = s.on("AUTH", acts(askUser, askPassword, accept)...)
	if _, hasTLS := s["STARTTLS"]; hasTLS {
		return s.on(inTLS+"EHLO", say("250-mail.test", "250 AUTH LOGIN"))
	}
	return s.on("EHLO", say("250-mail.test", "250 AUTH LOGIN"))
}

func acts(groups ...[]act) []act { return slices.Concat(groups...) }

// asks is a server that does these things on AUTH.
func asks(groups ...[]act) script { return withLogin(standard).on("AUTH", acts(groups...)...) }

func does(list ...act) []act { return list }

const (
	login = " -A LOGIN -U user -P 'pass word'"
	half  = " -U user -P 'pass word'"
)

var logins = []scenario{
	{"login", withLogin(standard), "{target}" + login, 0, extra{}},
	{"login inside TLS", withLogin(secure), "{target} -S" + login, 0, extra{}},
	{"login, very verbose", withLogin(standard), "{target} -vvv" + login, 0, extra{}},
	{"login, long options", withLogin(standard), "{target} --authtype=LOGIN --authuser=user --authpass=pass", 0, extra{}},
	{"login, shortened options", withLogin(standard), "{target} --autht LOGIN --authu user --authpa pass", 0, extra{}},
	{"login, shortened --authpass, very", withLogin(standard), "{target} -A LOGIN -U user --authp pass", 0, extra{}},
	{"login, ini file", withLogin(standard), "{target} --extra-opts=@{dir}/t.ini", 0, section("authtype = LOGIN", "authuser = user", "authpass = pass word")},
	{"login, last options count", withLogin(standard), "{target} -A PLAIN -U x -P y" + login, 0, extra{}},
	{"login not announced", withLogin(standard).on("EHLO", say("250 mail.test")), "{target}" + login, 0, extra{}},
	{"login announced the old way", withLogin(standard).on("EHLO", say("250-mail.test", "250 AUTH=LOGIN")), "{target}" + login, 0, extra{}},
	{"login, EHLO refused, HELO not", withLogin(standard).on("EHLO", say("502 what")), "{target}" + login, 0, extra{}},
	{"login, questions of other words", asks(does(say("334 dXNlcg=="), hear), does(say("334 cGFzcw=="), hear), accept), "{target}" + login, 0, extra{}},
	{"login, empty questions", asks(does(say("334 "), hear), does(say("334 "), hear), accept), "{target}" + login, 0, extra{}},
	{"login, questions of the code alone", asks(does(say("334"), hear), does(say("334"), hear), accept), "{target}" + login, 0, extra{}},
	{"login, questions that are not base64", asks(does(say("334 Username:"), hear), does(say("334 Password:"), hear), accept), "{target}" + login, 0, extra{}},
	{"login and LMTP", withLogin(standard).on("LHLO", say("250-mail.test", "250 AUTH LOGIN")), "{target} -L" + login, 0, extra{}},
	{"login and sender", withLogin(standard), "{target} -f a@b.c" + login, 0, extra{}},
	{"login and commands", withLogin(standard), "{target} -C NOOP -R ^250" + login, 0, extra{}},
	{"login and other -R", withLogin(standard), "{target} -C NOOP -R ^251" + login, 1, extra{}},
	{"login and other -e", withLogin(standard), "{target} -e 221" + login, 1, extra{}},
	{"login and warning 0", withLogin(standard), "{target} -w 0" + login, 1, extra{}},
	{"login and QUIT, then the end", withLogin(standard).on("QUIT", hangUp), "{target}" + login, 0, extra{}},
	{"login and MAIL refused", withLogin(standard).on("MAIL", say("550 no")), "{target} -f a@b.c" + login, 0, extra{}},
	{"login, STARTTLS not offered", withLogin(standard), "{target} -S" + login, 1, extra{}},
	{"login, STARTTLS refused", withLogin(secure).on("STARTTLS", say("454 no")), "{target} -S" + login, 3, extra{}},
	{"login of 300 bytes", withLogin(standard), "{target} -A LOGIN -U user -P " + strings.Repeat("x", 300), 0, extra{}},
	{"login, no ASCII", withLogin(standard), "{target} -A LOGIN -U jürgen -P pässword", 0, extra{}},
	{"login, user with a line of its own", withLogin(standard), "{target} -A LOGIN -U 'a\r\nb' -P p", 0, extra{}},
}

var refusals = []scenario{
	{"AUTH refused, 535", asks(does(say("535 no"))), "{target}" + login, 2, extra{}},
	{"AUTH refused, 502", asks(does(say("502 what"))), "{target}" + login, 2, extra{}},
	{"AUTH refused, 530", asks(does(say("530 Must issue a STARTTLS command first"))), "{target}" + login, 2, extra{}},
	{"AUTH put off, 454", asks(does(say("454 later"))), "{target}" + login, 2, extra{}},
	{"AUTH refused, 421 and the end", asks(does(say("421 bye"), hangUp)), "{target}" + login, 2, extra{}},
	{"AUTH refused inside TLS", withLogin(secure).on("AUTH", say("535 no")), "{target} -S" + login, 2, extra{}},
	{"AUTH answered with 250", asks(does(say("250 ok"))), "{target}" + login, 2, extra{}},
	{"AUTH answered with 235", asks(accept), "{target}" + login, 2, extra{}},
	{"AUTH, then the end", asks(does(hangUp)), "{target}" + login, 1, extra{}},
	{"AUTH, then reset", asks(does(reset)), "{target}" + login, 3, extra{}},
	{"AUTH, reply is no SMTP", asks(does(say("what?"))), "{target}" + login, 2, extra{}},
	{"AUTH, reply of several lines", asks(does(say("334-a", "334 b"), hear), askPassword, accept), "{target}" + login, 0, extra{}},
	{"AUTH unheard", asks(does(mute)), "{target} -t 1" + login, 2, extra{}},
	{"user refused, 535", asks(askUser, does(say("535 no"))), "{target}" + login, 2, extra{}},
	{"user put off, 454", asks(askUser, does(say("454 later"))), "{target}" + login, 2, extra{}},
	{"user, then the end", asks(askUser, does(hangUp)), "{target}" + login, 2, extra{}},
	{"user, then reset", asks(askUser, does(reset)), "{target}" + login, 3, extra{}},
	{"user, reply is no SMTP", asks(askUser, does(say("what?"))), "{target}" + login, 2, extra{}},
	{"user is enough", asks(askUser, accept), "{target}" + login, 2, extra{}},
	{"user unheard", asks(askUser, does(mute)), "{target} -t 1" + login, 2, extra{}},
	{"password refused, 535", asks(askUser, askPassword, does(say("535 no"))), "{target}" + login, 2, extra{}},
	{"password refused in several lines", asks(askUser, askPassword, does(say("535-no", "535 never"))), "{target}" + login, 2, extra{}},
	{"password put off, 454", asks(askUser, askPassword, does(say("454 later"))), "{target}" + login, 2, extra{}},
	{"password refused, 421 and the end", asks(askUser, askPassword, does(say("421 bye"), hangUp)), "{target}" + login, 2, extra{}},
	{"password refused, reset", asks(askUser, askPassword, does(say("535 no"), pause(blink), reset)), "{target}" + login, 2, extra{}},
	{"password answered with 250", asks(askUser, askPassword, does(say("250 ok"))), "{target}" + login, 2, extra{}},
	{"password answered with a question", asks(askUser, askPassword, askPassword, does(say("235 ok"))), "{target}" + login, 2, extra{}},
	{"password, then the end", asks(askUser, askPassword, does(hangUp)), "{target}" + login, 2, extra{}},
	{"password, then reset", asks(askUser, askPassword, does(reset)), "{target}" + login, 3, extra{}},
	{"password, reply broken off", asks(askUser, askPassword, does(raw("23"), hangUp)), "{target}" + login, 2, extra{}},
	{"password, reply is no SMTP", asks(askUser, askPassword, does(say("what?"))), "{target}" + login, 2, extra{}},
	{"password unheard", asks(askUser, askPassword, does(mute)), "{target} -t 1" + login, 2, extra{}},
	{"login refused and other -R", asks(does(say("535 no"))), "{target} -C NOOP -R ^251" + login, 2, extra{}},
	{"login refused and warning 0", asks(does(say("535 no"))), "{target} -w 0" + login, 2, extra{}},
	{"login refused and MAIL refused", asks(does(say("535 no"))).on("MAIL", say("530 login first")), "{target} -f a@b.c" + login, 2, extra{}},
}

var halfLogins = []scenario{
	{"lower case login", withLogin(standard), "{target} -A login" + half, 2, extra{}},
	{"PLAIN", asks(accept), "{target} -A PLAIN" + half, 2, extra{}},
	{"PLAIN refused", asks(does(say("535 no"))), "{target} -A PLAIN" + half, 2, extra{}},
	{"CRAM-MD5", asks(does(say("334 PDEyMzRAbWFpbC50ZXN0Pg=="), hear), accept), "{target} -A CRAM-MD5" + half, 2, extra{}},
	{"XOAUTH2", asks(accept), "{target} -A XOAUTH2" + half, 2, extra{}},
	{"NTLM", asks(accept), "{target} -A NTLM" + half, 2, extra{}},
	{"-A nonsense", withLogin(standard), "{target} -A NONSENSE" + half, 2, extra{}},
	{"-A empty", withLogin(standard), "{target} -A ''", 2, extra{}},
	{"-A alone", withLogin(standard), "{target} -A LOGIN", 2, extra{}},
	{"-A without -U", withLogin(standard), "{target} -A LOGIN -P p", 2, extra{}},
	{"-A without -P", withLogin(standard), "{target} -A LOGIN -U u", 2, extra{}},
	{"-U empty", withLogin(standard), "{target} -A LOGIN -U '' -P p", 0, extra{}},
	{"-P empty", withLogin(standard), "{target} -A LOGIN -U u -P ''", 0, extra{}},
	{"-U and -P without -A", withLogin(secure), "{target} -S" + half, 0, extra{}},
	{"-U and -P without -A, login refused", withLogin(secure).on("AUTH", say("535 no")), "{target} -S" + half, 0, extra{}},
	{"-U and -P without -A, no login offered", secure, "{target} -S" + half, 0, extra{}},
	{"-U and -P without -A, no TLS", withLogin(standard), "{target}" + half, 0, extra{}},
	{"-U alone", withLogin(standard), "{target} -U u", 0, extra{}},
	{"-P alone", withLogin(standard), "{target} -P p", 0, extra{}},
	{"-U and -P empty", withLogin(standard), "{target} -U '' -P ''", 0, extra{}},
}
