//go:build e2e

package e2e

// domainCase is a domain, what is wrong with it, and what ours makes of that. What
// is left empty is as it should be.
type domainCase struct {
	name   string // the domain is NAME.lab.test
	what   string
	mx     string // records of exchangers, in the origin of the domain; "-": none
	sts    string // texts of _mta-sts, with | between several; "-": none
	policy string
	nginx  string // what is done with it; "{policy}" sends it
	shows  string // the certificate of the policy's host
	host   string // records of the policy's host
	tlsrpt string // texts of _smtp._tls, likewise; "-": none
	args   string // besides everything, or with "only " before them instead of it
	exit   int
	found  string // conditions that are not OK, sorted, with commas between them
	says   string // regexp that the first line of ours holds
	long   string // regexp that all of its output holds
}

// everything asks all that there is to ask. {domain} and {dir} are the case's.
const everything = "--mx {domain} --dane --mta-sts --tlsrpt -S --verify -D 14,3 --ca-file {dir}/ca.pem --web-ca-file {dir}/ca.pem"

// Lines of a policy as a server has to send them.
const (
	policyHead = "version: STSv1\r\n"
	enforced   = policyHead + "mode: enforce\r\n"
	forAWeek   = "max_age: 604800\r\n"
	goodPolicy = enforced + "mx: *.lab.test\r\n" + forAWeek
)

// goodMX are two exchangers without a fault, a Postfix and one of ours, each at an
// address of both families.
const goodMX = "@ MX 10 mx-real.lab.test.\n@ MX 20 mx-second.lab.test.\n"

// sendThere is where users send.
const sendThere = "_submission._tcp SRV 0 1 587 mx-real.lab.test.\n_submissions._tcp SRV 0 1 465 mx-real.lab.test.\n"

// beside is a good exchanger, and another one.
func beside(host string) string {
	return "@ MX 10 mx-real.lab.test.\n@ MX 20 " + host + "\n"
}

// exchangers are the hosts of lab.test that domains share. Each has one fault at
// most, and a TLSA record that holds unless that is the fault.
var exchangers = []struct {
	name, ip, ip6 string
	leaf          leaf
	wish          Wish // dates and issuer, where they matter
	records       string
}{
	{name: "mx-second", leaf: leaf{names: "mx-second.lab.test mx-alias.lab.test mx-again.lab.test mx-odd.lab.test"}, ip: "127.0.26.2", ip6: scriptedMX6, records: "_25._tcp.mx-second TLSA {2 1 1 sub}\n"},
	{name: "mx-six", ip6: sixMX},
	{name: "mx-half", ip: "127.0.26.3", records: "_25._tcp.mx-half TLSA {3 1 1 mx-half}\nmx-half AAAA " + policyHost6 + "\n"}, // where no mail server is
	{name: "mx-plain", ip: "127.0.26.4", leaf: leaf{none: true}},
	{name: "mx-expired", ip: "127.0.26.5", leaf: leaf{expired: true}},
	{name: "mx-noroute", ip: "127.0.26.11", records: "_25._tcp.mx-noroute TLSA {3 1 1 mx-noroute}\nmx-noroute AAAA 2001:db8::25\n"},
	{name: "mx-soon", ip: "127.0.26.6", wish: Wish{From: -80 * Day, To: 10*Day + Day/2}},
	{name: "mx-alien", ip: "127.0.26.7", leaf: leaf{issuer: "self"}},
	{name: "mx-misnamed", ip: "127.0.26.8", leaf: leaf{names: "lab.test"}},
	{name: "mx-wrong", ip: "127.0.26.9", records: "_25._tcp.mx-wrong TLSA {3 1 1 mx-wrong wrong}\n"},
	{name: "mx-bare", leaf: leaf{names: "mx-bare.lab.test mx.ins.lab.test"}, ip: "127.0.26.10", records: "; none\n"},
}

var domainCases = []domainCase{
	// All is well.
	{name: "good", what: "nothing", says: "^SMTP OK - 4 of 4 targets OK, .*DANE matches at 4 of 4 targets, MTA-STS enforce covers 2 of 2",
		long: `(?s)dane_records=.*dane_rrsig_days=1[34]\.\d.*targets=4;.*mx_hosts=2;.*sts_max_age=604800s?;.*sts_cert_days=90\.\d.*10 mx-real\.lab\.test \[127\.0\.26\.1\]: OK.*\n10 mx-real\.lab\.test \[fd00:e2e::25\]: OK.*\n20 mx-second.*127.*OK.*\n20 mx-second.*fd00.*OK`},
	{name: "good-require", what: "nothing, and all is wanted", args: "--dane=require --mta-sts=enforce --tlsrpt=require"},
	{name: "six", what: "nothing, and all is at IPv6", mx: "@ MX 10 mx-six.lab.test.\n", host: "mta-sts AAAA " + policyHost6 + "\n"},
	{name: "self6", what: "nothing, the policy at ::1", args: "--policy-address [::1]:443", host: "; none"},

	// One thing is wrong with an exchanger.
	{name: "dead", what: "nobody listens", mx: beside("mx-dead.lab.test."), exit: 2, found: "connect", says: "^SMTP CRITICAL - mx-dead.lab.test .*Connection refused, 1 of 3"},
	{name: "half", what: "nobody listens at one address", mx: beside("mx-half.lab.test."), exit: 2, found: "connect", says: `mx-half.lab.test \[fd00:e2e::99\].*Connection refused, 1 of 4`},
	{name: "plain", what: "no STARTTLS", mx: beside("mx-plain.lab.test."), exit: 2, found: "dane-tls,sts-tls", says: "mx-plain.lab.test .*STARTTLS is not offered"},
	{name: "expired", what: "an expired certificate", mx: beside("mx-expired.lab.test."), exit: 2, found: "cert-expired?,sts-tls", says: "mx-expired.lab.test .*expired"},
	{name: "soon", what: "a certificate of 10 days", mx: beside("mx-soon.lab.test."), exit: 1, found: "cert-expiring", says: "mx-soon.lab.test .*days"},
	{name: "alien", what: "an unknown issuer", mx: beside("mx-alien.lab.test."), exit: 2, found: "sts-tls", says: "mx-alien.lab.test "},
	{name: "misnamed", what: "the certificate of another name", mx: beside("mx-misnamed.lab.test."), exit: 2, found: "sts-tls", says: "mx-misnamed.lab.test "},
	{name: "wrong", what: "another key than TLSA says", mx: beside("mx-wrong.lab.test."), exit: 2, found: "dane-mismatch", says: "mx-wrong.lab.test .*no TLSA record matches"},
	{name: "bare", what: "no TLSA", mx: beside("mx-bare.lab.test."), args: "--dane=require", exit: 2, found: "dane-missing", says: "no TLSA record at _25._tcp.mx-bare.lab.test"},
	{name: "bare-auto", what: "no TLSA, none is wanted", mx: beside("mx-bare.lab.test.")},
	{name: "literal", what: "an address for a name", mx: beside("127.0.26.2."), exit: 2, found: "mx-host,sts-mx", says: "127.0.26.2.*is an address, not a name"},
	{name: "void", what: "a name without an address", mx: beside("ns.void.lab.test."), exit: 2, found: "mx-host,sts-mx", says: "ns.void.lab.test: .*no address"},
	{name: "self", what: "the loopback address", mx: beside("mx-self.lab.test."), exit: 2, found: "mx-host", says: "mx-self.lab.test"},
	{name: "alias", what: "an alias", mx: beside("mx-alias.lab.test."), exit: 1, found: "mx-lint", says: "mx-alias.lab.test is an alias of mx-second.lab.test"},
	{name: "twice", what: "two names for one machine", mx: goodMX + "@ MX 30 mx-again.lab.test.\n", exit: 1, found: "mx-lint", says: "mx-again.lab.test have the same address"},
	{name: "dot", what: "a null MX beside others", mx: goodMX + "@ MX 0 .\n", exit: 1, found: "mx-lint", says: "null MX"},
	{name: "unsigned", what: "an unsigned name", mx: beside("mx.ins.lab.test."), policy: goodPolicy + "mx: *.ins.lab.test\r\n", args: "--dane=require", exit: 2, found: "dane-missing", says: "mx.ins.lab.test is not signed"},
	{name: "bogus", what: "a name whose signatures are wrong", mx: beside("mx.bog.lab.test."), policy: goodPolicy + "mx: *.bog.lab.test\r\n", exit: 2, found: "dns-bogus", says: "mx.bog.lab.test.*signatures do not verify"},

	{name: "twice-wrong", what: "the same, and TLSA of the second is wrong", mx: goodMX + "@ MX 30 mx-odd.lab.test.\n", exit: 2, found: "dane-mismatch,mx-lint?", says: "mx-odd.lab.test"},
	{name: "noroute", what: "an IPv6 address that this machine has no way to", mx: beside("mx-noroute.lab.test."), long: `mx-noroute\.lab\.test \[2001:db8::25\] skipped`},
	{name: "noroute-6", what: "the same, and nothing but IPv6 is asked for", mx: "@ MX 20 mx-noroute.lab.test.\n", args: "-6", exit: 2, found: "connect", says: `mx-noroute.lab.test \[2001:db8::25\]: .*unreachable`},
	{name: "uneven", what: "two addresses, one with another key", mx: "@ MX 10 mx-uneven.lab.test.\n", args: "only --mx {domain} --dane --addresses each", exit: 2, found: "dane-mismatch", says: `mx-uneven.lab.test \[127.0.26.9\]: .*no TLSA record matches.*, 1 of 2`},

	// Servers that users send through.
	{name: "srv", what: "port 587", mx: sendThere, args: "only --srv _submission._tcp.{domain} --dane=require", says: "DANE .*match"},
	{name: "srvs", what: "port 465, another key than TLSA says", mx: sendThere, args: "only --srv _submissions._tcp.{domain} --dane", exit: 2, found: "dane-mismatch", says: `mx-real.lab.test:465 \[127.0.26.1\]: .*, 2 of 2`},

	// One thing is wrong with the domain.
	{name: "none", what: "no MX and no address", mx: "@ TXT nothing\n", args: "only --mx {domain}", exit: 2, found: "mx-none", says: "neither MX nor address"},
	{name: "null", what: "a null MX", mx: "@ MX 0 .\n", args: "only --mx {domain}", exit: 2, found: "mx-null", says: "null.lab.test takes no mail"},
	{name: "null-wanted", what: "a null MX, as it is wanted", mx: "@ MX 0 .\n", args: "only --mx {domain} --expect-null-mx"},
	{name: "no-null", what: "no null MX where one is wanted", args: "only --mx {domain} --expect-null-mx", exit: 2, found: "mx-null"},
	{name: "no.such", what: "no such domain", args: "only --mx nonesuch.lab.test", exit: 3, found: "resolve", says: "no such name"},
	{name: "loop", what: "a circle of aliases", mx: "@ CNAME loop2.lab.test.\n", sts: "-", tlsrpt: "-", host: "; none", args: "only --mx {domain}", exit: 3, found: "resolve", says: "CNAME loop"},

	// MTA-STS.
	{name: "s-lf", what: "lines that end with LF", policy: "version: STSv1\nmode: enforce\nmx: *.lab.test\nmax_age: 604800"},
	{name: "s-none", what: "no record", sts: "-", says: "^SMTP OK"},
	{name: "s-none-wanted", what: "no record where one is wanted", sts: "-", args: "--mta-sts=enforce", exit: 2, found: "sts-missing", says: "no MTA-STS record at _mta-sts.s-none-wanted.lab.test"},
	{name: "s-two", what: "two records", sts: "v=STSv1; id=1|v=STSv1; id=2", exit: 2, found: "sts-record", says: "2 MTA-STS records at _mta-sts.s-two.lab.test"},
	{name: "s-other", what: "a record besides that is none", sts: "v=STSv1; id=1|v=spf1 -all"},
	{name: "s-id", what: "a bad id", sts: "v=STSv1; id=2026-11-26", exit: 2, found: "sts-record", says: "2026-11-26"},
	{name: "s-redirect", what: "a redirect", nginx: "return 301 https://www.lab.test/mta-sts.txt;", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-redirect.lab.test.*answers 301 to https://www.lab.test/"},
	{name: "s-404", what: "404", nginx: "return 404;", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-404.lab.test.*answers 404"},
	{name: "s-500", what: "500", nginx: "return 500;", exit: 2, found: "sts-fetch", says: "answers 500"},
	{name: "s-large", what: "200,000 bytes", nginx: "alias {dir}/large.txt;", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-large.lab.test.*65536"},
	{name: "s-html", what: "text/html", nginx: "default_type text/html; {policy}", exit: 1, found: "sts-lint", says: "text/html"},
	{name: "s-gzip", what: "gzip", nginx: "add_header Content-Encoding gzip; {policy}", exit: 2, found: "sts-fetch", says: "gzip"},
	{name: "s-cert", what: "a certificate of another name", shows: "www", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-cert.lab.test.*www.lab.test"},
	{name: "s-expired", what: "an expired certificate", shows: "past", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-expired.lab.test.*expired"},
	{name: "s-self", what: "a self-signed certificate", shows: "own", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-self.lab.test.*"},
	{name: "s-wild", what: "a wildcard", shows: "wild"},
	{name: "s-gone", what: "no such host", host: "; none", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-gone.lab.test.*"},
	{name: "s-gone-bogus", what: "signatures of the host are wrong", host: "mta-sts CNAME mta-sts.s.bog.lab.test.\n", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-gone-bogus.lab.test.*signatures do not verify"},
	{name: "s-dead", what: "nobody listens there", host: "mta-sts A 127.0.99.9\n", exit: 2, found: "sts-fetch", says: "policy host mta-sts.s-dead.lab.test.*refused"},
	{name: "s-fallback", what: "nobody listens at its IPv4", host: "mta-sts A 127.0.99.9\nmta-sts AAAA " + policyHost6 + "\n"},
	{name: "s-alias", what: "the policy's host is an alias", host: "mta-sts CNAME mta-sts.good.lab.test.\n"},
	{name: "s-mode", what: "testing where enforce is wanted", policy: policyHead + "mode: testing\r\nmx: *.lab.test\r\n" + forAWeek, args: "--mta-sts=enforce", exit: 2, found: "sts-mode", says: "mode testing, enforce is wanted"},
	{name: "s-off", what: "mode none", policy: policyHead + "mode: none\r\n" + forAWeek, says: "mode none"},
	{name: "s-mx", what: "an exchanger that is not covered", policy: enforced + "mx: mx-real.lab.test\r\n" + forAWeek, exit: 2, found: "sts-mx", says: "does not cover mx-second.lab.test"},
	{name: "s-mx-testing", what: "the same in mode testing", policy: policyHead + "mode: testing\r\nmx: mx-real.lab.test\r\n" + forAWeek, exit: 1, found: "sts-mx", says: "does not cover mx-second.lab.test"},
	{name: "s-blank", what: "an empty line", policy: enforced + "\r\nmx: *.lab.test\r\n" + forAWeek, exit: 2, found: "sts-policy", says: "line 3"},
	{name: "s-word", what: "Enforce", policy: policyHead + "mode: Enforce\r\nmx: *.lab.test\r\n" + forAWeek, exit: 2, found: "sts-policy", says: "line 2.*'Enforce'"},
	{name: "s-unused", what: "a pattern for nobody", policy: goodPolicy + "mx: mx9.lab.test\r\n", exit: 1, found: "sts-lint", says: "mx9.lab.test"},
	{name: "s-bogus", what: "signatures of the record are wrong", args: "--policy-domain s.bog.lab.test", exit: 2, found: "dns-bogus", says: "dns TXT _mta-sts.s.bog.lab.test: .*signatures do not verify"},

	// TLSRPT.
	{name: "r-none", what: "no record", tlsrpt: "-"},
	{name: "r-none-wanted", what: "no record where one is wanted", tlsrpt: "-", args: "--tlsrpt=require", exit: 1, found: "tlsrpt-missing", says: "no TLSRPT record at _smtp._tls.r-none-wanted.lab.test"},
	{name: "r-two", what: "two records", tlsrpt: "v=TLSRPTv1; rua=mailto:a@lab.test|v=TLSRPTv1; rua=mailto:b@lab.test", exit: 1, found: "tlsrpt-record", says: "_smtp._tls.r-two.lab.test"},
	{name: "r-scheme", what: "http", tlsrpt: "v=TLSRPTv1; rua=http://lab.test/", exit: 1, found: "tlsrpt-record", says: "http://lab.test/"},
	{name: "r-https", what: "https and mailto", tlsrpt: "v=TLSRPTv1; rua=https://lab.test/r,mailto:t@lab.test"},
	{name: "r-several", what: "two strings in one record", tlsrpt: "v=TLSRPTv1; \" \"rua=mailto:t@lab.test"},
}
