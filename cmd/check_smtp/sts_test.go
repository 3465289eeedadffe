package main

import (
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

const (
	stsZone  = "example.org MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1\nmta-sts.example.org A 192.0.2.80"
	stsTXT   = "\n_mta-sts.example.org TXT "
	stsID    = stsTXT + `"v=STSv1; id=20261125"`
	withSTS  = "--mx example.org --mta-sts --ca-file ca.pem --web-ca-file ca.pem"
	enforced = "version: STSv1\nmode: enforce\nmx: mx1.example.org\nmax_age: 604800\n"
	covers   = "MTA-STS enforce covers 1 of 1 exchangers"
)

// host answers a request for the policy with these lines.
func host(lines string) string {
	script := "-- server 192.0.2.80:443 --\nTLS good@mta-sts.example.org sni=mta-sts.example.org\nGET /.well-known/mta-sts.txt\n"
	for line := range strings.Lines(lines) {
		script += "RAW: " + strings.ReplaceAll(strings.ReplaceAll(line, "\r\n", `\r\n`), "\n", `\n`) + "\n"
	}
	return script + "CLOSE\n"
}

// policy serves a policy.
func policy(text string) string {
	return host("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + text)
}

// mx is the one exchanger, as it should be.
func mx() string { return secure("192.0.2.1", "good@mx1.example.org sni=mx1.example.org") }

// told gives rows their words, by their names.
func told(words map[string]string, rows []promise) []promise {
	for i := range rows {
		if want, there := words[rows[i].name]; there {
			rows[i].first = want
		}
	}
	return rows
}

// TestSTSRecord: what there may be in the DNS (RFC 8461 section 3.1).
func TestSTSRecord(t *testing.T) {
	good := mx() + policy(enforced)
	audit(t, []promise{
		{name: "S1", args: withSTS, zone: stsZone + stsID, world: good, first: covers, label: "sts_max_age", value: 604800},
		{name: "S1 with CRLF", args: withSTS, zone: stsZone + stsID, world: mx() + policy(strings.ReplaceAll(enforced, "\n", "\r\n")), first: covers},
		{name: "S1 without the last end", args: withSTS, zone: stsZone + stsID, world: mx() + policy(strings.TrimSuffix(enforced, "\n")), first: covers},
		{name: "S1 without blanks", args: withSTS, zone: stsZone + stsID, world: mx() + policy(strings.ReplaceAll(enforced, ": ", ":")), first: covers},
		{name: "S1, its certificate", args: withSTS + " -c sts_cert_days=7:", zone: stsZone + stsID, world: good, first: covers, label: "sts_cert_days", value: 90},
		{name: "S1, its certificate ends", args: withSTS + " -c sts_cert_days=91:", zone: stsZone + stsID, world: good, state: plan.Critical, first: "sts_cert_days is 90.00, limit 91: (certificate 'mta-sts.example.org' of policy host mta-sts.example.org)"},
		{name: "S1, another store", args: strings.Replace(withSTS, "--web-ca-file ca", "--web-ca-file otherca", 1), zone: stsZone + stsID, world: mx() + strings.Replace(policy(enforced), "TLS good@", "TLS other@", 1), first: covers},
		{name: "S1, its chain ends first", args: withSTS, zone: stsZone + stsID, world: mx() + strings.Replace(policy(enforced), "TLS good@", "TLS chainweak@", 1), first: covers, label: "sts_cert_days", value: 5},
		{name: "S2", args: withSTS, zone: stsZone, world: mx(), first: "no MTA-STS record at _mta-sts.example.org"},
		{name: "S2 enforce", args: strings.Replace(withSTS, "--mta-sts", "--mta-sts=enforce", 1), zone: stsZone, world: mx(), state: plan.Critical, cond: plan.CondSTSMissing, first: "no MTA-STS record at _mta-sts.example.org"},
		{name: "S3", args: withSTS, zone: stsZone + stsID + stsTXT + `"v=STSv1; id=2"`, world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "2 MTA-STS records at _mta-sts.example.org, senders ignore both"},
		{name: "S3 beside another", args: withSTS, zone: stsZone + stsID + stsTXT + `"v=spf1 -all"`, world: good, first: covers},
		{name: "S4 no id", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1;"`, world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "MTA-STS record at _mta-sts.example.org: id is missing"},
		{name: "S4 empty id", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1;id="`, world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "MTA-STS record at _mta-sts.example.org: id '' is not 1 to 32 letters and digits"},
		{name: "S4 hyphen", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1;id=2026-11"`, world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "MTA-STS record at _mta-sts.example.org: id '2026-11' is not 1 to 32 letters and digits"},
		{name: "S4 long id", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1;id=` + strings.Repeat("a", 33) + `"`, world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "MTA-STS record at _mta-sts.example.org: id 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' is not 1 to 32 letters and digits"},
		{name: "S4 hostile id", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1;id=a|b\x1b[2J' ` + strings.Repeat("y", 200) + `" "` + strings.Repeat("z", 250) + `"`, world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "MTA-STS record at _mta-sts.example.org: id 'a/b[1b][2J' yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...' is not 1 to 32 letters and digits"},
		{name: "S4 capital", args: withSTS, zone: stsZone + stsTXT + `"V=STSv1; id=a"`, world: mx(), first: "no MTA-STS record at _mta-sts.example.org (there is 'V=STSv1, id=a')"},
		{name: "S4 a blank before", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1 ; id=a"`, world: mx(), state: plan.Warning, cond: plan.CondSTSLint, first: "MTA-STS of example.org: a space before the first semicolon: some senders ignore the record, no MTA-STS record at _mta-sts.example.org (there is 'v=STSv1 , id=a')"},
		{name: "S5", args: withSTS, zone: stsZone + stsTXT + `"v=STSv1; id=` + strings.Repeat("a", 32) + `; foo=bar;"`, world: good, first: covers},
		{name: "S20", args: withSTS + " --policy-file -", zone: stsZone + "\nexample.org MX 20 mx2.example.org\nmx2.example.org A 192.0.2.2", world: mx() + secure("192.0.2.2", "good@mx2.example.org") + "-- file - --\n" + enforced, state: plan.Critical, cond: plan.CondSTSMX, first: "MTA-STS policy of example.org (enforce) does not cover mx2.example.org"},
		{name: "S21", args: withSTS, zone: stsZone + "\n_mta-sts.example.org TXT SERVFAIL", world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "dns TXT _mta-sts.example.org: SERVFAIL from 127.0.0.1"},
		{name: "S20 too large", args: withSTS + " --policy-file -", zone: stsZone, world: mx() + "-- file - --\n" + enforced + strings.Repeat("mx: mx1.example.org\n", 4000), state: plan.Critical, cond: plan.CondSTSPolicy, first: "MTA-STS policy of example.org: it is larger than 65536 bytes"},
		{name: "S21 silent", args: withSTS + " -t 4", zone: stsZone + "\n_mta-sts.example.org TXT SILENT", world: mx(), state: plan.Critical, cond: plan.CondSTSRecord, first: "dns TXT _mta-sts.example.org: no answer from 127.0.0.1 in time", label: "sts_dns_time", value: 4},
		{name: "S1, slowly", args: withSTS + " -w sts_fetch_time=0.03", zone: stsZone + stsID, world: mx() + strings.Replace(policy(enforced), "RAW", "+40ms\nRAW", 1), state: plan.Warning, first: "sts_fetch_time is 0.040s, limit 0.03", label: "sts_fetch_time", value: 0.04},
		{name: "S21 bogus", args: withSTS, zone: stsZone + "\n_mta-sts.example.org TXT BOGUS", world: mx(), state: plan.Critical, cond: plan.CondDNSBogus, first: "dns TXT _mta-sts.example.org: SERVFAIL from 127.0.0.1 (DNSSEC: signatures do not verify)"},
	})
}

// TestSTSFetch: what a policy's host may do (RFC 8461 section 3.3).
func TestSTSFetch(t *testing.T) {
	fetched := func(name, server string, c plan.Condition, s plan.State) promise {
		return promise{name: name, args: withSTS + " -t 3", zone: stsZone + stsID, world: mx() + server, state: s, cond: c, first: "?"}
	}
	failed := func(name, server string) promise { return fetched(name, server, plan.CondSTSFetch, plan.Critical) }
	at := func(handshake string) string { return "-- server 192.0.2.80:443 --\nTLS " + handshake + "\n" }
	rows := []promise{
		failed("S6", host("HTTP/1.1 301 Moved\r\nLocation: https://www.example.org/x|y\x1b[2J\r\nContent-Length: 0\r\n\r\n")),
		failed("S7 404", host("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")),
		failed("S7 500", host("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")),
		failed("S7 refused", ""),
		failed("S7 hangs", at("good@mta-sts.example.org")+"GET /.well-known/mta-sts.txt\n+1h\n"),
		failed("S7 hangs in the handshake", "-- server 192.0.2.80:443 --\n+1h\n"),
		failed("S8 another name", at("good@www.example.org fails")),
		failed("S8 self-signed", at("selfsigned@mta-sts.example.org fails")),
		failed("S8 expired", at("expired@mta-sts.example.org fails")),
		failed("S8 CN only", at("nameless@mta-sts.example.org fails")),
		failed("S9", host("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 200000\r\n\r\n")),
		failed("S9 endless", strings.TrimSuffix(host("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"), "CLOSE\n")+`REPEAT: mx: mx1.example.org\n`+"\n"),
		fetched("S10", host("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\n\r\n"+enforced), plan.CondSTSLint, plan.Warning),
		failed("S10 gzip", host("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n")),
	}
	rows[3].world = "connect 192.0.2.80 = refused\n" + rows[3].world
	nowhere := failed("nowhere", "")
	nowhere.zone = "example.org MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1" + stsID
	failing := failed("failing", "")
	failing.zone = stsZone + stsID + "\nmta-sts.example.org A SERVFAIL"
	second := fetched("the second address", policy(enforced), "", plan.OK)
	second.zone, second.first = stsZone+stsID+"\nmta-sts.example.org A 192.0.2.79", covers
	second.world = "connect 192.0.2.79 = refused\n" + second.world
	elsewhere := fetched("elsewhere", strings.ReplaceAll(policy(enforced), "192.0.2.80:443", "192.0.2.90:8443"), "", plan.OK)
	elsewhere.args, elsewhere.first = withSTS+" --policy-address 192.0.2.90:8443", covers
	family := fetched("another family than the servers", policy(enforced), "", plan.OK)
	family.args, family.first = withSTS+" -6", covers
	family.zone = strings.Replace(stsZone, "A 192.0.2.1\n", "AAAA 2001:db8::1\n", 1) + stsID
	family.world = secure("2001:db8::1", "good@mx1.example.org") + policy(enforced)
	words := map[string]string{
		"S6":                        "MTA-STS policy host mta-sts.example.org [192.0.2.80]: answers 301 to https://www.example.org/x/y[1b][2J, redirects do not count",
		"S7 404":                    "MTA-STS policy host mta-sts.example.org [192.0.2.80]: answers 404",
		"S7 500":                    "MTA-STS policy host mta-sts.example.org [192.0.2.80]: answers 500",
		"S7 refused":                "MTA-STS policy host mta-sts.example.org [192.0.2.80]: connection refused",
		"S7 hangs":                  "MTA-STS policy host mta-sts.example.org [192.0.2.80]: no answer in time",
		"S7 hangs in the handshake": "MTA-STS policy host mta-sts.example.org [192.0.2.80]: no answer in time",
		"S8 another name":           "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the certificate does not prove the server: not valid for mta-sts.example.org, only for www.example.org",
		"S8 self-signed":            "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the certificate does not prove the server: it is self-signed",
		"S8 expired":                "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the certificate does not prove the server: 'mta-sts.example.org' expired on 1999-12-22T00:00:00Z",
		"S8 CN only":                "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the certificate does not prove the server: not valid for mta-sts.example.org, only for nothing (it has no subject alternative names)",
		"S9":                        "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the answer is larger than 65536 bytes",
		"S9 endless":                "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the answer is larger than 65536 bytes",
		"S10":                       "MTA-STS of example.org: the policy is sent as text/html, charset=x, not text/plain",
		"S10 gzip":                  "MTA-STS policy host mta-sts.example.org [192.0.2.80]: the policy is encoded as 'gzip'",
		"nowhere":                   "MTA-STS policy host mta-sts.example.org: it has no address (no such name)",
		"failing":                   "MTA-STS policy host mta-sts.example.org: dns A: SERVFAIL from 127.0.0.1",
	}
	audit(t, told(words, append(rows, nowhere, failing, second, elsewhere, family)))
}

// TestSTSPolicy: what a policy may say, and whom it covers (RFC 8461 sections 3.2
// and 4.1).
func TestSTSPolicy(t *testing.T) {
	with := func(old, new string) string { return mx() + policy(strings.Replace(enforced, old, new, 1)) }
	row := func(name, world string, s plan.State, c plan.Condition) promise {
		return promise{name: name, args: withSTS, zone: stsZone + stsID, world: world, state: s, cond: c, first: "?"}
	}
	broken := func(name, old, new string) promise {
		return row(name, with(old, new), plan.Critical, plan.CondSTSPolicy)
	}
	below := row("S11 two labels", secure("192.0.2.1", "good@a.mx1.example.org")+policy(strings.Replace(enforced, "mx1.", "*.", 1)), plan.Critical, plan.CondSTSMX)
	below.zone = strings.ReplaceAll(stsZone, "mx1", "a.mx1") + stsID
	bare := row("S11 no label", secure("192.0.2.1", "good@example.org")+policy(strings.Replace(enforced, "mx1.", "*.", 1)), plan.Critical, plan.CondSTSMX)
	bare.zone = "example.org MX 10 example.org\nexample.org A 192.0.2.1\nmta-sts.example.org A 192.0.2.80" + stsID
	testing := row("S12", mx()+policy("version: STSv1\nmode: testing\nmx: other.example\nmax_age: 604800\n"), plan.Warning, plan.CondSTSMX)
	asked := testing
	asked.name, asked.args, asked.state, asked.cond = "S12 enforce asked", strings.Replace(withSTS, "--mta-sts", "--mta-sts=enforce", 1), plan.Critical, plan.CondSTSMode
	dead := row("S13", "connect 192.0.2.2 = refused\n"+mx()+policy(enforced), plan.Critical, plan.CondSTSMX)
	dead.zone += "\nexample.org MX 20 mx2.example.org\nmx2.example.org A 192.0.2.2"
	alias := row("S22", secure("192.0.2.1", "good@alias.example.org")+policy(enforced), plan.Critical, plan.CondSTSMX)
	alias.zone = strings.Replace(stsZone, "MX 10 mx1", "MX 10 alias", 1) + "\nalias.example.org CNAME mx1.example.org" + stsID
	byHost := row("by its host", "host mx1.example.org = 192.0.2.1\n"+mx()+policy(enforced), plan.OK, "")
	byHost.args = strings.Replace(withSTS, "--mx example.org", "-H mx1.example.org --policy-domain example.org", 1)
	byAddress := row("by its address", mx()+policy(enforced), plan.Critical, plan.CondSTSMX)
	byAddress.args = strings.Replace(withSTS, "--mx example.org", "-H 192.0.2.1 --policy-domain example.org", 1)
	byAddress.world = strings.Replace(byAddress.world, " sni=mx1.example.org", "", 1)
	words := map[string]string{
		"S11":                     "MTA-STS enforce covers 1 of 1 exchangers",
		"S11 two labels":          "MTA-STS policy of example.org (enforce) does not cover a.mx1.example.org (+1 more), MTA-STS of example.org: mx '*.example.org' matches no exchanger",
		"S11 no label":            "MTA-STS policy of example.org (enforce) does not cover example.org (+1 more), MTA-STS of example.org: mx '*.example.org' matches no exchanger",
		"S12":                     "MTA-STS policy of example.org (testing) does not cover mx1.example.org (+1 more), MTA-STS of example.org: mx 'other.example' matches no exchanger",
		"S12 enforce asked":       "MTA-STS policy of example.org has mode testing, enforce is wanted (+2 more), MTA-STS policy of example.org (testing) does not cover mx1.example.org, MTA-STS of example.org: mx 'other.example' matches no exchanger",
		"S13":                     "MTA-STS policy of example.org (enforce) does not cover mx2.example.org (+1 more), mx2.example.org [192.0.2.2]: connect to address 192.0.2.2 and port 25: Connection refused",
		"S16":                     "MTA-STS policy of example.org has mode none",
		"S17":                     "MTA-STS enforce covers 1 of 1 exchangers",
		"S18 missing":             "MTA-STS policy of example.org: max_age is missing",
		"S18 negative":            "MTA-STS policy of example.org, line 4: max_age '-1' is not a number of 1 to 10 digits",
		"S18 zero":                "MTA-STS of example.org: max_age '0' is less than a day",
		"S18 more than a year":    "MTA-STS of example.org: max_age '31557601' is more than a year",
		"S19 blank line":          "MTA-STS policy of example.org, line 3: a line without a field",
		"S19 mark":                "MTA-STS policy of example.org, line 1: it begins with a byte order mark",
		"S19 dot":                 "MTA-STS policy of example.org, line 3: mx 'mx1.example.org.' is neither a name nor *.NAME",
		"S19 two in one":          "MTA-STS policy of example.org, line 3: mx 'a.example.org, b.example.org' is neither a name nor *.NAME",
		"S19 capital":             "MTA-STS policy of example.org, line 2: mode 'Enforce' is none of enforce, testing, none",
		"S19 HTML":                "MTA-STS policy of example.org, line 1: '[!DOCTYPE html][html][head][title]Not found/x[1b][2J[/title]' is not key: value",
		"capitals":                "MTA-STS of example.org: mx 'MX1.Example.org' has capitals",
		"patterns without number": "MTA-STS of example.org: mx 'A.b' has capitals (and 4999 more) (+1 more), MTA-STS of example.org: mx 'A.b' matches no exchanger (and 4999 more)",
		"S22":                     "MTA-STS policy of example.org (enforce) does not cover alias.example.org (+2 more), MX alias.example.org is an alias of mx1.example.org, MTA-STS of example.org: mx 'mx1.example.org' matches no exchanger",
		"by its host":             "TLS 1.3, certificate 90 days, MTA-STS enforce covers 1 of 1 exchangers",
		"by its address":          "MTA-STS policy of example.org (enforce) does not cover 192.0.2.1 (+1 more), MTA-STS policy of example.org (enforce): certificate 'mx1.example.org' is not valid for 192.0.2.1, only for mx1.example.org",
	}
	audit(t, told(words, []promise{
		row("S11", with("mx1.", "*."), plan.OK, ""), below, bare, testing, asked, dead,
		row("S16", mx()+policy("version: STSv1\nmode: none\nmax_age: 86400\n"), plan.OK, ""),
		row("S17", with("max_age", "mode: none\nmax_age"), plan.OK, ""),
		broken("S18 missing", "max_age: 604800\n", ""), broken("S18 negative", "604800", "-1"),
		row("S18 zero", with("604800", "0"), plan.Warning, plan.CondSTSLint), row("S18 more than a year", with("604800", "31557601"), plan.Warning, plan.CondSTSLint),
		broken("S19 blank line", "mx:", "\nmx:"), broken("S19 mark", "version", "\ufeffversion"), broken("S19 dot", "example.org", "example.org."),
		broken("S19 two in one", "mx1.example.org", "a.example.org, b.example.org"), broken("S19 capital", "enforce", "Enforce"),
		broken("S19 HTML", "version", "<!DOCTYPE html><html><head><title>Not found|x\x1b[2J</title>\nversion"),
		row("capitals", with("mx1.example", "MX1.Example"), plan.Warning, plan.CondSTSLint),
		row("patterns without number", with("max_age", strings.Repeat("mx: A.b\n", 5000)+"max_age"), plan.Warning, plan.CondSTSLint),
		alias, byHost, byAddress,
	}))
}

// TestSTSServers: what a policy asks of the servers (RFC 8461 section 4.2). It
// never excuses what DANE finds, nor the other way round (section 2).
func TestSTSServers(t *testing.T) {
	row := func(name, server string, s plan.State, c plan.Condition) promise {
		return promise{name: name, args: withSTS, zone: stsZone + stsID, world: server + policy(enforced), state: s, cond: c, first: "?"}
	}
	failed := func(name, server string) promise { return row(name, server, plan.Critical, plan.CondSTSTLS) }
	tried := row("S14 testing", open("192.0.2.1"), plan.Warning, plan.CondSTSTLS)
	tried.world = strings.Replace(tried.world, "enforce", "testing", 1)
	idle := row("S14 none", secure("192.0.2.1", "other@mx1.example.org"), plan.OK, "")
	idle.world = strings.Replace(idle.world, "enforce", "none", 1)
	mismatch := row("DANE does not match", mx(), plan.Critical, plan.CondDANEMismatch)
	mismatch.args, mismatch.zone = withSTS+" --dane", ". SIGNED\n. NS a.root-servers.test\n"+mismatch.zone+tlsaAt+"3 1 1 {other@mx1.example.org}"
	matches := row("DANE matches", secure("192.0.2.1", "other@mx1.example.org"), plan.Critical, plan.CondSTSTLS)
	matches.args, matches.zone = mismatch.args, mismatch.zone
	old := failed("old TLS", secure("192.0.2.1", "good@mx1.example.org max=1.1"))
	old.args += " --tls-min 1.0"
	down := row("down", "connect 192.0.2.1 = refused\n", plan.Critical, plan.CondConnect)
	words := map[string]string{
		"S14":                 "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (enforce): STARTTLS is not offered",
		"S14 testing":         "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (testing): STARTTLS is not offered",
		"S14 none":            "MTA-STS policy of example.org has mode none",
		"S15 expired":         "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (enforce): certificate 'mx1.example.org' expired on 1999-12-22T00:00:00Z",
		"S15 untrusted":       "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (enforce): certificate 'mx1.example.org' is not trusted: its issuer 'Other Root' is neither sent nor trusted",
		"S15 another name":    "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (enforce): certificate 'example.org' is not valid for mx1.example.org, only for example.org",
		"old TLS":             "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (enforce): TLS 1.1 is too old",
		"DANE does not match": "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 1 84eec9c7…, the certificate is 3 1 1 d31ccc2d…)",
		"DANE matches":        "mx1.example.org [192.0.2.1]: MTA-STS policy of example.org (enforce): certificate 'mx1.example.org' is not trusted: its issuer 'Other Root' is neither sent nor trusted",
		"down":                "mx1.example.org [192.0.2.1]: connect to address 192.0.2.1 and port 25: Connection refused",
	}
	audit(t, told(words, []promise{
		failed("S14", open("192.0.2.1")), tried, idle,
		failed("S15 expired", secure("192.0.2.1", "expired@mx1.example.org")),
		failed("S15 untrusted", secure("192.0.2.1", "other@mx1.example.org")),
		failed("S15 another name", secure("192.0.2.1", "good@example.org")),
		old,
		mismatch, matches, down,
	}))
}

// TestTLSRPT: where a domain wants reports (RFC 8460 section 3).
func TestTLSRPT(t *testing.T) {
	const zone, name = "example.org MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1", "\n_smtp._tls.example.org TXT "
	row := func(title, records string, s plan.State, c plan.Condition) promise {
		return promise{name: title, args: "--mx example.org --tlsrpt", zone: zone + records, world: open("192.0.2.1"), state: s, cond: c, first: "?"}
	}
	good := func(title, record string) promise { return row(title, name+record, plan.OK, "") }
	bad := func(title, record string) promise {
		return row(title, name+record, plan.Warning, plan.CondTLSRPTRecord)
	}
	required := row("R2 required", "", plan.Warning, plan.CondTLSRPTMissing)
	required.args += "=require"
	words := map[string]string{
		"R1":              "",
		"R1 two":          "",
		"R1 semicolon":    "",
		"R1 more":         "",
		"R2":              "no TLSRPT record at _smtp._tls.example.org",
		"R2 required":     "no TLSRPT record at _smtp._tls.example.org",
		"R2 old":          "no TLSRPT record at _smtp._tls.example.org (there is one at _smtp-tlsrpt.example.org, which senders do not read)",
		"R3 no semicolon": "no TLSRPT record at _smtp._tls.example.org (there is 'v=TLSRPTv1')",
		"R3 nothing":      "TLSRPT record at _smtp._tls.example.org: rua is missing",
		"R3 empty":        "TLSRPT record at _smtp._tls.example.org: rua is empty",
		"R3 no scheme":    "TLSRPT record at _smtp._tls.example.org: rua 't@lab.test' is not a URI",
		"R4":              "TLSRPT record at _smtp._tls.example.org: rua 'http://x.test/' is neither mailto: nor https:",
		"R5":              "2 TLSRPT records at _smtp._tls.example.org, senders ignore both",
		"R6":              "TLSRPT record at _smtp._tls.example.org: rua 'mailto:a@lab.test!10m' holds an exclamation mark, which has to be written as %21",
		"R7":              "TLSRPT record at _smtp._tls.example.org: 'http://x.test//y' is neither mailto: nor https:",
		"no answer":       "dns TXT _smtp._tls.example.org: REFUSED from 127.0.0.1",
	}
	audit(t, told(words, []promise{
		good("R1", `"v=TLSRPTv1; rua=mailto:t@lab.test"`), good("R1 two", `"v=TLSRPTv1; rua=mailto:t@lab.test,https://lab.test/r"`),
		good("R1 semicolon", `"v=TLSRPTv1; rua=mailto:t@lab.test;"`), good("R1 more", `"v=TLSRPTv1; foo=bar; rua=mailto:t@lab.test"`),
		row("R2", "", plan.OK, ""), required, row("R2 old", "\n_smtp-tlsrpt.example.org TXT "+`"v=TLSRPTv1; rua=mailto:t@lab.test"`, plan.OK, ""),
		good("R3 no semicolon", `"v=TLSRPTv1"`), bad("R3 nothing", `"v=TLSRPTv1;"`), bad("R3 empty", `"v=TLSRPTv1; rua="`), bad("R3 no scheme", `"v=TLSRPTv1; rua=t@lab.test"`),
		bad("R4", `"v=TLSRPTv1; rua=http://x.test/"`), bad("R5", `"v=TLSRPTv1; rua=mailto:t@lab.test"`+name+`"v=TLSRPTv1; rua=mailto:u@lab.test"`),
		bad("R6", `"v=TLSRPTv1; rua=mailto:a@lab.test!10m"`), good("R7", `"v=TLSRPTv1; rua=mailto:t@lab.test,http://x.test/|y"`),
		row("no answer", "\n_smtp._tls.example.org TXT REFUSED", plan.Warning, plan.CondTLSRPTRecord),
	}))
}
