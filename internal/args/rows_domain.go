package args

import "check_smtp/internal/option"

var domainRows = []option.Row{
	{Name: "mx", Value: "DOMAIN", Filled: true, Once: true,
		Elsewhere: "domain mxs all-mx mail-exchanger", Better: "mx DOMAIN",
		Help: `check every mail exchanger of this domain, at one IPv4 and one IPv6 address each. Not together with -H`},
	{Name: "srv", Value: "NAME", Filled: true, Once: true,
		Help: `check every server of an SRV record, at its port: _submissions._tcp.example.org. _submissions ` +
			`begins with TLS, _submission wants STARTTLS`},
	{Name: "target", Value: "HOST[:PORT]", Many: true, Filled: true, Shape: option.Shaped,
		Elsewhere: "hosts servers",
		Help:      `one more server to check, or several, separated by commas. With -H, or alone`},
	{Name: "addresses", Value: "RULE", Shape: option.Shaped, Filled: true,
		Choices: "first family each", Noun: "rule",
		Help: `which addresses of a host to check. first: one after the other until one connects. family: one of IPv4 and ` +
			`one of IPv6. each: all. Default: first with -H and --target, family with --mx and --srv`},
	{Name: "policy", Value: "RULE", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Choices: "all any primary at-least:1",
		Help: `how the states of the targets become one state. all: the worst. any: the best. primary: those with the ` +
			`lowest preference, others are WARNING at most. at-least:N: OK if N are OK, else the worst. Default: all`},
	{Name: "max-targets", Value: "N", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Help: `how many targets to check at most, up to 100. Default: 16`},
	{Name: "parallel", Value: "N", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Help: `how many targets, or rows of --targets, to check at the same time, but never two on one host. Default: 4`},
	{Name: "target-timeout", Value: "SECONDS", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Help: `time limit for the session with one target. Default: its share of -t`},
	{Name: "expect-null-mx", Needs: needMX,
		Help: `the domain must say that it takes no mail (null MX, RFC 7505)`},
	{Name: "dane", Value: "MODE", Unsaid: "auto", Filled: true,
		Choices: "auto require", Noun: "mode",
		Help: `the certificate of every server must match its TLSA records (RFC 7672). auto: no record is fine. require: no ` +
			`record is CRITICAL. Uses STARTTLS as -D does. Default: auto`},
	{Name: "tlsa", Value: "U S M HEX", Many: true, Filled: true,
		Help: `check the certificate against this TLSA record, such as one that is planned, instead of those in the DNS, ` +
			`which are not looked up`},
	{Name: "mta-sts", Value: "MODE", Unsaid: "auto", Filled: true,
		Choices: "auto testing enforce", Noun: "mode",
		Help: `the domain's MTA-STS policy must be valid and cover every exchanger, and every exchanger must satisfy it ` +
			`(RFC 8461). auto: no policy is fine. testing, enforce: a policy with at least this mode is required. ` +
			`Default: auto`},
	{Name: "policy-domain", Value: "DOMAIN", Filled: true, Needs: needReport,
		Help: `with -H: domain whose MTA-STS policy and TLSRPT record to check`},
	{Name: "policy-file", Value: "FILE", Filled: true, Needs: needPolicy,
		Help: `file with an MTA-STS policy to check instead of the published one`},
	{Name: "policy-address", Value: "IP[:PORT]", Filled: true, Needs: needPolicy, Shape: option.Shaped,
		Help: `fetch the MTA-STS policy from this address instead of that of its host`},
	{Name: "web-ca-file", Value: "FILE", Filled: true, Needs: needPolicy,
		Help: `trust the certificates in this PEM file for the host of the MTA-STS policy, instead of the system's`},
	{Name: "tlsrpt", Value: "MODE", Unsaid: "auto", Filled: true,
		Choices: "auto require", Noun: "mode",
		Help: `the TLSRPT record, which says where reports on TLS go, must be valid (RFC 8460). auto: no record is fine. ` +
			`require: no record is a WARNING. Default: auto`},
	{Name: "resolver", Value: "IP[:PORT]", Many: true, Filled: true, Shape: option.Shaped,
		Elsewhere: "dns nameserver dns-server",
		Help:      `DNS server to ask, up to 3, also for the host of -H. Default: those of /etc/resolv.conf`},
	{Name: "dnssec-trust", Value: "WORD", Filled: true, Needs: needDNS, Shape: option.Shaped,
		Choices: "auto always never", Noun: "kind of trust",
		Help: `whether to believe the resolver that an answer is signed (DNSSEC): always, never or auto. auto: if it is on ` +
			`this machine and not only a forwarder, or resolv.conf has trust-ad. Default: auto`},
}
