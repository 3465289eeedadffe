package main

import (
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

// The zone of most rows: one exchanger, all of it signed.
const (
	signedZone = ". SIGNED\n. NS a.root-servers.test\nexample.org MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1"
	tlsaAt     = "\n_25._tcp.mx1.example.org TLSA "
	leaf       = "{chain@mx1.example.org}"
	withDANE   = "--mx example.org --dane"
	mx1        = "mx1.example.org [192.0.2.1]: "
	emptySum   = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	silence    = "mx1.example.org * SILENT\n_25._tcp.mx1.example.org * SILENT"
)

// TestDANE: what senders with DANE make of a domain (RFC 7672), by the numbers of
// the vectors that Postfix was asked, too.
func TestDANE(t *testing.T) {
	good := secure("192.0.2.1", "chain@mx1.example.org sni=mx1.example.org")
	rooted := secure("192.0.2.1", "chainwithroot@mx1.example.org")
	const ok = "DANE matches at 1 of 1 targets"
	audit(t, []promise{
		{name: "D1", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 " + leaf, world: good, first: ok, label: "dane_matched", value: 1},
		{name: "D2", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 {other@mx1.example.org}", world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 1 84eec9c7…, the certificate is 3 1 1 3832c088…)"},
		{name: "D3", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ca}", world: rooted, first: ok},
		{name: "D4", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ca}", world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (2 0 1 a69f6460…, the certificate is 3 1 1 3832c088…): the certificate of 2 0 1 a69f6460… is not in the chain that was sent"},
		{name: "D5", args: withDANE, zone: signedZone + tlsaAt + "2 0 0 {ca}", world: good, first: ok},
		{name: "D6", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ca}", world: secure("192.0.2.1", "chainwithroot@other.example"), state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (2 0 1 a69f6460…, the certificate is 3 1 1 949df05d…): the certificate names only other.example"},
		{name: "D7", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ca}", world: secure("192.0.2.1", "chainwithroot@example.org"), first: ok},
		{name: "D7 by its host", args: "-H mx1.example.org --dane", zone: signedZone + tlsaAt + "2 0 1 {ca}", world: "host mx1.example.org = 192.0.2.1\n" + secure("192.0.2.1", "chainwithroot@example.org"), state: plan.Critical, cond: plan.CondDANEMismatch, first: "tls mx1.example.org: no TLSA record matches its certificate (2 0 1 a69f6460…, the certificate is 3 1 1 1be5a81b…): the certificate names only example.org, certificate 'example.org' is not trusted: its root 'Test Root' is not trusted, certificate 'example.org' is not valid for mx1.example.org, only for example.org"},
		{name: "D8", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 {expired@mx1.example.org}", world: secure("192.0.2.1", "expired@mx1.example.org"), state: plan.Warning, cond: plan.CondCertExpired, first: "mx1.example.org [192.0.2.1]: certificate 'mx1.example.org' expired on 1999-12-22T00:00:00Z"},
		{name: "D8 pardoned", args: withDANE + " --state cert-expired=ok", zone: signedZone + tlsaAt + "3 1 1 {expired@mx1.example.org}", world: secure("192.0.2.1", "expired@mx1.example.org"), first: ok},
		{name: "D8 with -D", args: withDANE + " -D 14", zone: signedZone + tlsaAt + "3 1 1 {expired@mx1.example.org}", world: secure("192.0.2.1", "expired@mx1.example.org"), state: plan.Critical, cond: plan.CondCertExpired, first: "mx1.example.org [192.0.2.1]: certificate 'mx1.example.org' expired on 1999-12-22T00:00:00Z"},
		{name: "D9", args: withDANE + " --verify", zone: signedZone + tlsaAt + "3 1 1 {chain@wrong.example}", world: secure("192.0.2.1", "chain@wrong.example"), first: ok},
		{name: "D10", args: withDANE, zone: signedZone + tlsaAt + "1 1 1 " + leaf, world: good, state: plan.Warning, cond: plan.CondDANEUnusable, first: "mx1.example.org [192.0.2.1]: no usable TLSA record of 1 (1 1 1: usage 1 does not count in SMTP)"},
		{name: "D11", args: withDANE, zone: signedZone + tlsaAt + "1 1 1 {other@mx1.example.org}" + tlsaAt + "3 1 1 " + leaf, world: good, state: plan.Warning, cond: plan.CondDANELint, first: "mx1.example.org [192.0.2.1]: TLSA 1 1 1 84eec9c7…: usage 0 and 1 do not count in SMTP"},
		{name: "D12", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 {other@mx1.example.org}" + tlsaAt + "3 1 1 " + leaf, world: good, first: ok, label: "dane_matched", value: 1},
		{name: "D13", args: withDANE, zone: signedZone + tlsaAt + "3 1 2 " + leaf, world: good, first: ok},
		{name: "D14", args: withDANE, zone: signedZone + tlsaAt + "3 0 0 {lasting@mx1.example.org}", world: secure("192.0.2.1", "lasting@mx1.example.org"), first: ok},
		{name: "D14 of a short life", args: withDANE, zone: signedZone + tlsaAt + "3 0 0 " + leaf, world: good, state: plan.Warning, cond: plan.CondDANELint, first: "mx1.example.org [192.0.2.1]: TLSA 3 0 0 308201a2… is of a whole certificate that lives for a short time: it breaks at each renewal"},
		{name: "D15", args: withDANE, zone: signedZone + tlsaAt + "3 1 9 " + leaf, world: good, state: plan.Warning, cond: plan.CondDANEUnusable, first: "mx1.example.org [192.0.2.1]: no usable TLSA record of 1 (3 1 9: there is no matching type 9)"},
		{name: "D16", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 " + leaf, world: open("192.0.2.1"), state: plan.Critical, cond: plan.CondDANETLS, first: "mx1.example.org [192.0.2.1]: TLSA at mx1.example.org asks for TLS, STARTTLS is not offered"},
		{name: "D17", args: withDANE, zone: signedZone, world: good, first: ""},
		{name: "D17 required", args: withDANE + "=require", zone: signedZone, world: good, state: plan.Critical, cond: plan.CondDANEMissing, first: "mx1.example.org [192.0.2.1]: no TLSA record at _25._tcp.mx1.example.org"},
		{name: "D18", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 " + leaf + tlsaAt + "3 1 2 {other@mx1.example.org}", world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 2 006b1d79…, the certificate is 3 1 1 3832c088…): 3 1 1 3832c088… matches, and does not count beside one with a stronger digest"},
		{name: "D19", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 " + emptySum, world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 1 e3b0c442…, the certificate is 3 1 1 3832c088…): 3 1 1 e3b0c442… is the digest of an empty file"},
		{name: "D20", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 " + emptySum[:40], world: good, state: plan.Warning, cond: plan.CondDANEUnusable, first: "mx1.example.org [192.0.2.1]: no usable TLSA record of 1 (3 1 1: its data is not as long as such a digest)"},
		{name: "D24", args: withDANE, zone: signedZone + tlsaAt + "2 1 1 {intermediate}", world: good, first: ok},
		{name: "D25", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ca}", world: secure("192.0.2.1", "chainexpired@mx1.example.org"), state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (2 0 1 a69f6460…, the certificate is 3 1 1 5bfba3a1…): certificate 'mx1.example.org' expired on 1999-12-22T00:00:00Z"},
		{name: "D26", args: withDANE, zone: signedZone + tlsaAt + "3 1 1 {good@mx1.example.org}", world: secure("192.0.2.1", "good@mx1.example.org also=rsa@mx1.example.org"), first: ok},
		{name: "D27", args: withDANE, zone: signedZone + tlsaAt + "3 0 1 {intermediate}", world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 0 1 f745a819…, the certificate is 3 1 1 3832c088…): 3 0 1 f745a819… is the issuer's: use 2 0 1"},
		{name: "D28", args: withDANE, zone: signedZone + tlsaAt + "2 1 1 " + leaf, world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (2 1 1 3832c088…, the certificate is 3 1 1 3832c088…): 2 1 1 3832c088… is the server's own: use 3 1 1"},
		{name: "D41", args: withDANE, zone: signedZone + tlsaAt + "2 1 0 {ca}", world: good, first: ok},
		{name: "D42", args: "-H mx1.example.org --tlsa '3 1 1 " + leaf + "'", zone: silence, world: "host mx1.example.org = 192.0.2.1\n" + good, first: "TLS 1.3, certificate 90 days, DANE 3 1 1 matches"},
		{name: "D42 wrong", args: "-H mx1.example.org --tlsa '3 1 1 {other@mx1.example.org}'", zone: silence, world: "host mx1.example.org = 192.0.2.1\n" + good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "tls mx1.example.org: no TLSA record matches its certificate (3 1 1 84eec9c7…, the certificate is 3 1 1 3832c088…), certificate 'mx1.example.org' is not trusted: the issuer 'Test Root' of 'Test Intermediate' in its chain is neither sent nor trusted"},
	})
}

// TestDANELookups: which names may hold the records, and what is to be made of an
// answer that does not come.
func TestDANELookups(t *testing.T) {
	good := secure("192.0.2.1", "chain@mx1.example.org sni=mx1.example.org")
	const ok = "DANE matches at 1 of 1 targets"
	const alias = ". SIGNED\n. NS a.root-servers.test\nexample.org MX 10 alias.example.org\nalias.example.org CNAME mx1.example.org\nmx1.example.org A 192.0.2.1"
	const unsignedHost = ". SIGNED\n. NS a.root-servers.test\nexample.org MX 10 mx1.example.net\nexample.net UNSIGNED\nmx1.example.net A 192.0.2.1"
	aliased := secure("192.0.2.1", "chain@mx1.example.org sni=alias.example.org")
	audit(t, []promise{
		{name: "D21", args: withDANE, zone: alias + tlsaAt + "3 1 1 " + leaf, world: good, state: plan.Warning, cond: plan.CondMXLint, first: "MX alias.example.org is an alias of mx1.example.org", label: "dane_matched", value: 1},
		{name: "D22", args: withDANE, zone: alias + "\n_25._tcp.alias.example.org TLSA 3 1 1 " + leaf, world: aliased, state: plan.Warning, cond: plan.CondMXLint, first: "MX alias.example.org is an alias of mx1.example.org", label: "dane_matched", value: 1},
		{name: "D23", args: withDANE, zone: signedZone + "\n_25._tcp.mx1.example.org CNAME dane.example.org\ndane.example.org TLSA 3 1 1 " + leaf, world: good, first: ok},
		{name: "D29", args: "--mx example.net --dane", zone: ". SIGNED\n. NS a.root-servers.test\nexample.net UNSIGNED\nexample.net MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1" + tlsaAt + "3 1 1 " + leaf, world: good, first: "DANE matches at 1 of 1 targets, the MX records of example.net are not signed (DNSSEC)"},
		{name: "D29 required", args: "--mx example.net --dane=require", zone: ". SIGNED\n. NS a.root-servers.test\nexample.net UNSIGNED\nexample.net MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1" + tlsaAt + "3 1 1 " + leaf, world: good, state: plan.Warning, cond: plan.CondDANEInsecure, first: "the MX records of example.net are not signed (DNSSEC)"},
		{name: "D30", args: withDANE, zone: unsignedHost + "\n_25._tcp.mx1.example.net TLSA 3 1 1 " + leaf, world: secure("192.0.2.1", "chain@mx1.example.org"), first: ""},
		{name: "D30 required", args: withDANE + "=require", zone: unsignedHost + "\n_25._tcp.mx1.example.net TLSA 3 1 1 " + leaf, world: secure("192.0.2.1", "chain@mx1.example.org"), state: plan.Critical, cond: plan.CondDANEMissing, first: "mx1.example.net [192.0.2.1]: mx1.example.net is not signed (DNSSEC), a TLSA record would not count"},
		{name: "D31", args: withDANE, zone: signedZone + "\nexample.org MX BOGUS", state: plan.Critical, cond: plan.CondDNSBogus, first: "dns MX example.org: SERVFAIL from 127.0.0.1 (DNSSEC: signatures do not verify)"},
		{name: "D32", args: withDANE, zone: signedZone + "\n_25._tcp.mx1.example.org TLSA BOGUS", world: secure("192.0.2.1", "chain@mx1.example.org"), state: plan.Critical, cond: plan.CondDANEBogus, first: "mx1.example.org [192.0.2.1]: dns TLSA _25._tcp.mx1.example.org: SERVFAIL from 127.0.0.1 (DNSSEC: signatures do not verify): senders with DANE defer"},
		{name: "D33", args: withDANE, zone: ". SIGNED\n. NS a.root-servers.test\nexample.org MX 10 alias.example.org\nalias.example.org CNAME mx1.example.net\nexample.net UNSIGNED\nmx1.example.net A 192.0.2.1\n_25._tcp.alias.example.org TLSA 3 1 1 " + leaf, world: aliased, state: plan.Warning, cond: plan.CondMXLint, first: "MX alias.example.org is an alias of mx1.example.net", label: "dane_matched", value: 1},
		{name: "D34", args: "--mx www.example.org --dane", zone: signedZone + "\nwww.example.org CNAME example.org" + tlsaAt + "3 1 1 " + leaf, world: good, first: ok},
		{name: "D35", args: "--mx mx1.example.org --dane", zone: signedZone + tlsaAt + "3 1 1 " + leaf, world: good, first: "DANE matches at 1 of 1 targets, no MX: its own address is used"},
		{name: "D36", args: withDANE, zone: signedZone + "\nexample.org MX 20 mx2.example.org\nmx2.example.org A 192.0.2.2" + tlsaAt + "3 1 1 {other@mx1.example.org}\n_25._tcp.mx2.example.org TLSA 3 1 1 {good@mx2.example.org}", world: good + secure("192.0.2.2", "good@mx2.example.org"), state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 1 84eec9c7…, the certificate is 3 1 1 3832c088…)"},
		{name: "D36 any", args: withDANE + " --policy any", zone: signedZone + "\nexample.org MX 20 mx2.example.org\nmx2.example.org A 192.0.2.2" + tlsaAt + "3 1 1 {other@mx1.example.org}\n_25._tcp.mx2.example.org TLSA 3 1 1 {good@mx2.example.org}", world: good + secure("192.0.2.2", "good@mx2.example.org"), first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 1 84eec9c7…, the certificate is 3 1 1 3832c088…), DANE matches at 1 of 2 targets"},
		{name: "D37", args: withDANE, zone: ". SIGNED\n. NS a.root-servers.test\nexample.org MX 0 .", state: plan.Critical, cond: plan.CondMXNull, first: "example.org takes no mail (null MX)"},
		{name: "D38", args: withDANE, zone: signedZone + "\n_25._tcp.mx1.example.org TLSA SILENT", world: secure("192.0.2.1", "chain@mx1.example.org"), state: plan.Critical, cond: plan.CondDANEBogus, first: "mx1.example.org [192.0.2.1]: dns TLSA _25._tcp.mx1.example.org: no answer from 127.0.0.1 in time: senders with DANE defer"},
		{name: "D39", args: withDANE, zone: unsignedHost + "\n_25._tcp.mx1.example.net TLSA SILENT", world: secure("192.0.2.1", "chain@mx1.example.org"), first: ""},
		{name: "D40 of two", args: withDANE + " --resolver 192.0.2.53", zone: signedZone + "\nexample.org MX 20 mx2.example.org\nmx2.example.org A 192.0.2.2", world: secure("192.0.2.1", "good@mx1.example.org") + secure("192.0.2.2", "good@mx2.example.org"), state: plan.Unknown, cond: plan.CondDNSSECUntrusted, first: "resolver 192.0.2.53 is not trusted for DNSSEC: use a validating resolver on this machine, or --dnssec-trust always"},
		{name: "D40 that does not validate", args: withDANE, zone: ". NS a.root-servers.test\nexample.org MX 10 mx1.example.org\nmx1.example.org A 192.0.2.1", world: secure("192.0.2.1", "chain@mx1.example.org"), state: plan.Unknown, cond: plan.CondDNSSECUntrusted, first: "resolver 127.0.0.1 does not validate (DNSSEC): use one that does, such as unbound on this machine"},
		{name: "D40 believed", args: withDANE + " --resolver 192.0.2.53 --dnssec-trust always", zone: signedZone + tlsaAt + "3 1 1 " + leaf, world: good, first: ok},
		{name: "D40", args: withDANE + " --resolver 192.0.2.53", zone: signedZone + tlsaAt + "3 1 1 " + leaf, world: secure("192.0.2.1", "chain@mx1.example.org"), state: plan.Unknown, cond: plan.CondDNSSECUntrusted, first: "resolver 192.0.2.53 is not trusted for DNSSEC: use a validating resolver on this machine, or --dnssec-trust always"},
	})
}

// TestDANESessions: what else may stand in the way of a match, and whose name is
// asked for.
func TestDANESessions(t *testing.T) {
	refusing := "-- server 192.0.2.1 --\nS: 220 mx ESMTP\nC: EHLO probe.test\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 not now\nC: QUIT\nS: 221 bye\n"
	broken := "-- server 192.0.2.1 --\nS: 220 mx ESMTP\nC: EHLO probe.test\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead\nRAW: \\x15\\x03\\x01\\x00\\x02\\x02\\x28\nANY\n"
	implicit := "-- server 192.0.2.1 --\nTLS good@mx1.example.org sni=mx1.example.org\nS: 220 mx ESMTP\nC: EHLO probe.test\nS: 250 mx\nC: QUIT\nS: 221 bye\n"
	hosted := "host mx1.example.org = 192.0.2.1\n"
	good := secure("192.0.2.1", "chain@mx1.example.org")
	pinned := signedZone + tlsaAt + "3 1 1 " + leaf
	audit(t, []promise{
		{name: "refused", args: withDANE, zone: pinned, world: refusing, state: plan.Critical, cond: plan.CondDANETLS, first: "mx1.example.org [192.0.2.1]: TLSA at mx1.example.org asks for TLS, STARTTLS is refused: 454 not now"},
		{name: "unusable and refused", args: withDANE, zone: signedZone + tlsaAt + "1 1 1 " + leaf, world: refusing, state: plan.Critical, cond: plan.CondDANETLS, first: "mx1.example.org [192.0.2.1]: TLSA at mx1.example.org asks for TLS, STARTTLS is refused: 454 not now"},
		{name: "pardoned and not offered", args: withDANE + " --state dane-tls=ok", zone: pinned, world: open("192.0.2.1"), state: plan.Warning, cond: plan.CondTLSMissing, first: "mx1.example.org [192.0.2.1]: TLS not supported by server: STARTTLS not offered"},
		{name: "broken", args: withDANE, zone: pinned, world: broken, state: plan.Critical, cond: plan.CondDANETLS, first: "mx1.example.org [192.0.2.1]: TLSA at mx1.example.org asks for TLS, Cannot make SSL connection: remote error: handshake failure"},
		{name: "no connection", args: withDANE, zone: pinned, world: "connect 192.0.2.1 = refused\n", state: plan.Critical, cond: plan.CondConnect, first: "mx1.example.org [192.0.2.1]: connect to address 192.0.2.1 and port 25: Connection refused"},
		{name: "port 465", args: "-H mx1.example.org -s -p 465 --dane", zone: signedZone + "\n_465._tcp.mx1.example.org TLSA 3 1 1 {good@mx1.example.org}", world: hosted + implicit, first: "TLS 1.3, certificate 90 days, DANE 3 1 1 matches"},
		{name: "an address", args: "-H 192.0.2.1 --dane", zone: silence, world: good, first: "TLS 1.3, certificate 90 days, certificate 'mx1.example.org' is not trusted: the issuer 'Test Root' of 'Test Intermediate' in its chain is neither sent nor trusted, 192.0.2.1 is an address, for which there are no TLSA records"},
		{name: "an address, required", args: "-H 192.0.2.1 --dane=require", zone: silence, world: good, state: plan.Critical, cond: plan.CondDANEMissing, first: "192.0.2.1 is an address, for which there are no TLSA records, certificate 'mx1.example.org' is not trusted: the issuer 'Test Root' of 'Test Intermediate' in its chain is neither sent nor trusted"},
		{name: "another name is asked for", args: withDANE + " --tls-server-name other.example", zone: pinned, world: secure("192.0.2.1", "chain@mx1.example.org sni=other.example"), first: "DANE matches at 1 of 1 targets"},
		{name: "the end of a long chain", args: withDANE, zone: signedZone + tlsaAt + "2 1 1 {link1}", world: secure("192.0.2.1", "long@mx1.example.org"), first: "DANE matches at 1 of 1 targets"},
		{name: "an anchor that nobody here can read", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ed448}", world: secure("192.0.2.1", "chained448@mx1.example.org"), state: plan.Unknown, cond: plan.CondCertUnreadable, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: this program cannot read a certificate or key, or check a signature, on the way to TLSA 2 0 1 ead370e9…, and cannot tell whether it matches"},
		{name: "unusable records beside one", args: withDANE, zone: pinned + strings.Repeat(tlsaAt+"1 1 1 "+emptySum, 40), world: good, state: plan.Warning, cond: plan.CondDANELint, first: "mx1.example.org [192.0.2.1]: TLSA 1 1 1 e3b0c442…: usage 0 and 1 do not count in SMTP (and 39 more)"},
		{name: "many records", args: withDANE, zone: signedZone + strings.Repeat(tlsaAt+"3 1 1 "+emptySum, 90), world: good, state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (3 1 1 e3b0c442…, 3 1 1 e3b0c442…, 3 1 1 e3b0c442…, 87 more, the certificate is 3 1 1 3832c088…): 3 1 1 e3b0c442… is the digest of an empty file", label: "dane_records", value: 90},
		{name: "silence is of one host", args: withDANE + " -t 4 --policy any", zone: pinned + "\nexample.org MX 20 mx2.example.org\nmx2.example.org A 192.0.2.2\n_25._tcp.mx2.example.org TLSA SILENT", world: good + secure("192.0.2.2", "good@mx2.example.org"), first: "mx2.example.org [192.0.2.2]: dns TLSA _25._tcp.mx2.example.org: no answer from 127.0.0.1 in time: senders with DANE defer, DANE matches at 1 of 2 targets", label: "tlsa_time", value: 2},
		{name: "no second record", args: withDANE + " --state dane-rollover=warning", zone: pinned, world: good, state: plan.Warning, cond: plan.CondDANERollover, first: "mx1.example.org [192.0.2.1]: no second TLSA record to roll over to at _25._tcp.mx1.example.org"},
		{name: "a broken denial", args: withDANE + "=require", zone: pinned + "\n_25._tcp.mx1.example.org A BOGUS", world: good, state: plan.Warning, cond: plan.CondDANELint, first: "mx1.example.org [192.0.2.1]: the DNS cannot prove that _25._tcp.mx1.example.org has no address"},
		{name: "signatures that end soon", args: withDANE + " -w dane_rrsig_days=3:", zone: pinned + "\nexample.org SIGNED 48h", world: good, state: plan.Warning, first: "mx1.example.org [192.0.2.1]: dane_rrsig_days is 2.00, limit 3:", label: "dane_rrsig_days", value: 2},
		{name: "required, and pardoned", args: withDANE + "=require --state dane-missing=ok", zone: signedZone, world: good, first: ""},
		{name: "hostile names", args: withDANE, zone: signedZone + tlsaAt + "2 0 1 {ca}", world: secure("192.0.2.1", "chainwithroot@a|b;$(x).example"), state: plan.Critical, cond: plan.CondDANEMismatch, first: "mx1.example.org [192.0.2.1]: tls mx1.example.org: no TLSA record matches its certificate (2 0 1 a69f6460…, the certificate is 3 1 1 b640be49…): the certificate names only a/b,$(x).example"},
		{name: "a service", args: "--srv _submission._tcp.example.org --dane", zone: signedZone + "\n_submission._tcp.example.org SRV 0 0 587 mx1.example.org\n_587._tcp.mx1.example.org TLSA 2 0 1 {ca}", world: secure("192.0.2.1:587", "chainwithroot@example.org"), first: "DANE matches at 1 of 1 targets"},
		{name: "a service that is not signed", args: "--srv _submission._tcp.example.org --dane", zone: signedZone + "\n_submission._tcp.example.org SRV 0 0 587 mx1.example.org\n_submission._tcp.example.org UNSIGNED\n_587._tcp.mx1.example.org TLSA 3 1 1 " + leaf, world: secure("192.0.2.1:587", "chain@mx1.example.org"), first: "DANE matches at 1 of 1 targets, the SRV records of _submission._tcp.example.org are not signed (DNSSEC)"},
		{name: "signatures that hold", args: withDANE + " -w dane_rrsig_days=3:", zone: pinned, world: good, first: "DANE matches at 1 of 1 targets", label: "dane_rrsig_days", value: 14},
		{name: "silence takes half of the time", args: withDANE + " -t 3", zone: signedZone + "\n_25._tcp.mx1.example.org TLSA SILENT", world: good, state: plan.Critical, cond: plan.CondDANEBogus, first: "mx1.example.org [192.0.2.1]: dns TLSA _25._tcp.mx1.example.org: no answer from 127.0.0.1 in time: senders with DANE defer", label: "tlsa_time", value: 1.5},
	})
}
