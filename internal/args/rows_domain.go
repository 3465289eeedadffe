package args

import "check_smtp/internal/option"

var domainRows = []option.Row{
	{Name: "mx", Value: "DOMAIN", Filled: true, Once: true,
		Elsewhere: "domain mxs all-mx mail-exchanger", Better: "mx DOMAIN",
		Help: `check every mail exchanger of this domain, at one IPv4 and one IPv6 address each. Excludes -H`},
	{Name: "srv", Value: "NAME", Filled: true, Once: true,
		Help: `check every server of an SRV record, at its port: _submissions._tcp.example.org. _submissions ` +
			`begins with TLS, _submission wants STARTTLS`},
	{Name: "target", Value: "HOST[:PORT]", Many: true, Filled: true, Shape: option.Shaped,
		Elsewhere: "hosts servers",
		Help:      `one more server; also several with commas between them. With -H, or alone`},
	{Name: "addresses", Value: "RULE", Shape: option.Shaped, Filled: true,
		Choices: "first family each", Noun: "rule",
		Help: `first: try the addresses of a host until one connects. family: one of IPv4 and one of IPv6. each: ` +
			`all. Default: first with -H and --target, family with --mx and --srv`},
	{Name: "policy", Value: "RULE", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Choices: "all any primary at-least:1",
		Help: `how the targets become one state. all: the worst. any: the best. primary: those with the lowest ` +
			`preference, others are WARNING at most. at-least:N: OK if N are, else the worst. Default: all`},
	{Name: "max-targets", Value: "N", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Help: `check at most so many, up to 100. Default: 16`},
	{Name: "parallel", Value: "N", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Help: `check so many at the same time, but never two with one host. Default: 4`},
	{Name: "target-timeout", Value: "SECONDS", Shape: option.Shaped, Filled: true, Needs: needTargets,
		Help: `the most that one session may take. Default: its share of -t`},
	{Name: "expect-null-mx", Needs: needMX,
		Help: `the domain must say that it takes no mail (RFC 7505)`},
	{Name: "dane", Value: "MODE", Unsaid: "auto", Filled: true,
		Choices: "auto require", Noun: "mode",
		Help: `the TLSA records of every server must be met (RFC 7672). auto: none is fine. require: none is ` +
			`critical. Asks for STARTTLS as -D does. Default: auto`},
	{Name: "tlsa", Value: "U S M HEX", Many: true, Filled: true,
		Help: `hold the certificate against this record, such as the next one, instead of those in the DNS, which is not ` +
			`asked`},
	{Name: "mta-sts", Value: "MODE", Unsaid: "auto", Filled: true,
		Choices: "auto testing enforce", Noun: "mode",
		Help: `the domain's MTA-STS policy must be right, cover every exchanger, and be kept by it (RFC 8461). auto: ` +
			`none is fine. testing, enforce: at least this mode must be published. Default: auto`},
	{Name: "policy-domain", Value: "DOMAIN", Filled: true, Needs: needReport,
		Help: `with -H: whose MTA-STS policy and TLSRPT record are asked for`},
	{Name: "policy-file", Value: "FILE", Filled: true, Needs: needPolicy,
		Help: `judge this policy instead of the published one, before it is published`},
	{Name: "policy-address", Value: "IP[:PORT]", Filled: true, Needs: needPolicy, Shape: option.Shaped,
		Help: `fetch the policy from there instead of where its host is`},
	{Name: "web-ca-file", Value: "FILE", Filled: true, Needs: needPolicy,
		Help: `trust these certificates in PEM for the policy's host instead of the system's`},
	{Name: "tlsrpt", Value: "MODE", Unsaid: "auto", Filled: true,
		Choices: "auto require", Noun: "mode",
		Help: `the record that says where reports on TLS go must be right (RFC 8460). auto: none is fine. require: ` +
			`none is a warning. Default: auto`},
	{Name: "resolver", Value: "IP[:PORT]", Many: true, Filled: true, Shape: option.Shaped,
		Elsewhere: "dns nameserver dns-server",
		Help:      `ask this DNS server, up to 3, also for the host of -H. Default: those of /etc/resolv.conf`},
	{Name: "dnssec-trust", Value: "WORD", Filled: true, Needs: needDNS, Shape: option.Shaped,
		Choices: "auto always never", Noun: "kind of trust",
		Help: `whether its word that an answer is signed counts: always, never or auto, which is if it is on this ` +
			`machine and no mere forwarder, or resolv.conf has trust-ad. Default: auto`},
}
