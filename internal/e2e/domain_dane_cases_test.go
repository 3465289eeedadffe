//go:build e2e

package e2e

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
)

// daneCase is one way to publish a key and to serve it. What is published is about
// a domain of the same name, whose exchanger is mx.
type daneCase struct {
	name    string // D1: the domain is d1.lab.test
	what    string
	records string            // in the origin of the domain; "": hosted, and whatever TLSA says
	domain  string            // "": see name
	in      map[string]string // records of other zones
	tlsa    string            // records of the exchanger, at the usual name; with commas between them
	leaf    leaf              // what the exchanger shows
	postfix opinion           // what posttls-finger says
	exit    int
	found   string // conditions that are not OK, with commas between them
	says    string // regexp that the first line of ours holds
	also    []daneRun
	silent  bool    // ours must not call the exchanger
	ours    opinion // "": the same
	why     string  // it is not the same
}

// daneRun is one more run of ours about the same.
type daneRun struct {
	args  string // instead of --mx DOMAIN --dane; {domain} and {host} are the case's
	exit  int
	found string
	says  string
}

// leaf is what a server shows in its handshake.
type leaf struct {
	names   string // "": its own; blanks between several; "-": none but in the subject
	expired bool
	issuer  string                        // "": sub; "self"
	sent    string                        // along with it, commas between several; "": the issuer; "-": nothing
	two     bool                          // it has an RSA key besides
	none    bool                          // no STARTTLS
	refused bool                          // STARTTLS is, with 454
	old     bool                          // no TLS above 1.1
	early   bool                          // it is not yet valid
	usage   string                        // see Wish
	sha1    bool                          // it is signed with that
	strange bool                          // package x509 refuses to read it
	key     func() (crypto.Signer, error) // nil: ECDSA
	sni     string                        // who asks for another name than this one gets another certificate; "": nobody
}

// opinion is what came of one exchanger.
type opinion string

const (
	verified  opinion = "verified"
	hostOnly  opinion = "verified, MX unsigned"
	noMatch   opinion = "no match"
	unusable  opinion = "TLS only"
	withoutIt opinion = "no TLS"
	noDANE    opinion = "no DANE"
	deferred  opinion = "lookup failed"
	noOpinion opinion = "no opinion"
	noMail    opinion = "takes no mail"
)

const hosted = "@ MX 10 mx\nmx A {ip}\n"

const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func ed25519Key() (crypto.Signer, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return key, err
}

func rsa1024() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 1024) }

// many are records of which none is met.
func many(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "3 1 2 leaf wrong%d, ", i)
	}
	return text.String()
}

var daneCases = []daneCase{
	{name: "D1", what: "3 1 1 of the key", tlsa: "3 1 1 leaf", postfix: verified, says: "DANE.* match"},
	{name: "D2", what: "3 1 1, one digit wrong", tlsa: "3 1 1 leaf wrong", postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "D3", what: "2 0 1 of the CA, which is sent", tlsa: "2 0 1 ca", leaf: leaf{sent: "sub,ca"}, postfix: verified},
	{name: "D4", what: "2 0 1 of the CA, which is not sent", tlsa: "2 0 1 ca", postfix: noMatch, exit: 2, found: "dane-mismatch", says: "not in the chain that was sent"},
	{name: "D5", what: "2 0 0 of the CA, which is not sent", tlsa: "2 0 0 ca", postfix: verified},
	{name: "D6", what: "2 0 1, certificate of another name", tlsa: "2 0 1 ca", leaf: leaf{names: "other.example", sent: "sub,ca"},
		postfix: noMatch, exit: 2, found: "dane-mismatch", says: "names only other.example"},
	{name: "D7", what: "2 0 1, certificate of the domain", tlsa: "2 0 1 ca", leaf: leaf{names: "d7.lab.test", sent: "sub,ca"}, postfix: verified,
		also: []daneRun{{args: "-H {host} --dane", exit: 2, found: "dane-mismatch", says: "names only d7.lab.test"}}},
	{name: "D8", what: "3 1 1, expired", tlsa: "3 1 1 leaf", leaf: leaf{expired: true}, postfix: verified, exit: 1, found: "cert-expired",
		also: []daneRun{{args: "--mx {domain} --dane --state cert-expired=ok"}}},
	{name: "D9", what: "3 1 1, certificate of another name", tlsa: "3 1 1 leaf", leaf: leaf{names: "wrong.example"}, postfix: verified},
	{name: "D10", what: "1 1 1 only", tlsa: "1 1 1 leaf", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "D11", what: "1 1 1 wrong, 3 1 1 right", tlsa: "1 1 1 leaf wrong, 3 1 1 leaf", postfix: verified, exit: 1, found: "dane-lint"},
	{name: "D12", what: "3 1 1 old and new", tlsa: "3 1 1 leaf wrong, 3 1 1 leaf", postfix: verified},
	{name: "D13", what: "3 1 2", tlsa: "3 1 2 leaf", postfix: verified},
	{name: "D14", what: "3 0 0", tlsa: "3 0 0 leaf", postfix: verified, exit: 1, found: "dane-lint", says: "breaks at each renewal"},
	{name: "D15", what: "3 1 9", tlsa: "3 1 9 leaf", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "D16", what: "3 1 1, no STARTTLS", tlsa: "3 1 1 leaf", leaf: leaf{none: true}, postfix: withoutIt, exit: 2, found: "dane-tls"},
	{name: "D17", what: "no TLSA", postfix: noDANE,
		also: []daneRun{{args: "--mx {domain} --dane=require", exit: 2, found: "dane-missing", says: `no TLSA record at _25\._tcp\.mx\.d17\.lab\.test`}}},
	{name: "D18", what: "3 1 1 right, 3 1 2 wrong", tlsa: "3 1 1 leaf, 3 1 2 leaf wrong", postfix: noMatch, exit: 2, found: "dane-mismatch", says: "stronger digest"},
	{name: "D19", what: "3 1 1 of nothing", records: hosted + "_25._tcp.mx TLSA 3 1 1 " + emptyDigest + "\n", postfix: noMatch, exit: 2, found: "dane-mismatch", says: "is the digest of "},
	{name: "D20", what: "3 1 1 of 20 bytes", tlsa: "3 1 1 leaf short", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "D21", what: "MX is an alias, TLSA at its target", records: "@ MX 10 alias\nalias CNAME mx\nmx A {ip}\n", tlsa: "3 1 1 leaf", postfix: verified, exit: 1, found: "mx-lint"},
	{name: "D22", what: "MX is an alias, TLSA at it", records: "@ MX 10 alias\nalias CNAME mx\nmx A {ip}\n_25._tcp.alias TLSA {3 1 1 leaf}\n", postfix: verified, exit: 1, found: "mx-lint"},
	{name: "D23", what: "TLSA is an alias", records: hosted + "_25._tcp.mx CNAME dane-ee\ndane-ee TLSA {3 1 1 leaf}\n", postfix: verified},
	{name: "D24", what: "2 1 1 of the issuer", tlsa: "2 1 1 sub", postfix: verified},
	{name: "D25", what: "2 0 1, expired", tlsa: "2 0 1 ca", leaf: leaf{expired: true, sent: "sub,ca"}, postfix: noMatch, exit: 2, found: "cert-expired?,dane-mismatch", says: "expired"},
	{name: "D26", what: "two keys, 3 1 1 of one", tlsa: "3 1 1 leaf", leaf: leaf{two: true}, postfix: verified},
	{name: "D27", what: "3 0 1 of the issuer", tlsa: "3 0 1 sub", postfix: noMatch, exit: 2, found: "dane-mismatch", says: "use 2 0 1"},
	{name: "D28", what: "2 1 1 of the key itself", tlsa: "2 1 1 leaf", postfix: noMatch, exit: 2, found: "dane-mismatch", says: "use (usage 3|3 1 1)"},
	{name: "D29", what: "MX unsigned, host signed", tlsa: "3 1 1 leaf", domain: "d29.ins.lab.test", records: "mx A {ip}\n",
		in: map[string]string{"ins.lab.test": "d29 MX 10 mx.d29.lab.test.\n"}, postfix: hostOnly,
		also: []daneRun{{args: "--mx {domain} --dane=require", exit: 1, found: "dane-insecure"}}},
	{name: "D30", what: "MX signed, host unsigned", records: "@ MX 10 mx.d30.ins.lab.test.\n",
		in: map[string]string{"ins.lab.test": "mx.d30 A {ip}\n_25._tcp.mx.d30 TLSA {3 1 1 leaf}\n"}, postfix: noDANE,
		also: []daneRun{{args: "--mx {domain} --dane=require", exit: 2, found: "dane-missing"}}},
	{name: "D31", silent: true, what: "MX bogus", domain: "d31.bog.lab.test", records: "mx A {ip}\n", in: map[string]string{"bog.lab.test": "d31 MX 10 mx.d31.lab.test.\n"}, postfix: deferred, exit: 2, found: "dns-bogus"},
	{name: "D32", what: "TLSA bogus", in: map[string]string{"_tcp.mx.d32.lab.test": "_25 TLSA {3 1 1 leaf}\n"}, postfix: deferred, exit: 2, found: "dane-bogus", says: "senders with DANE defer"},
	{name: "D33", what: "signed alias of an unsigned host, TLSA at it", records: "@ MX 10 alias\nalias CNAME mx.d33.ins.lab.test.\n_25._tcp.alias TLSA {3 1 1 leaf}\n",
		in: map[string]string{"ins.lab.test": "mx.d33 A {ip}\n"}, postfix: verified, exit: 1, found: "mx-lint"},
	{name: "D34", what: "the domain is an alias", records: "@ CNAME d1.lab.test.\n", postfix: verified},
	{name: "D35", what: "no MX", records: "@ A {ip}\n_25._tcp TLSA {3 1 1 leaf}\n", leaf: leaf{names: "d35.lab.test"}, postfix: verified},
	{name: "D36", what: "the first MX as D2, the second as D1", records: "@ MX 10 mx.d2.lab.test.\n@ MX 20 mx.d1.lab.test.\n", postfix: noMatch, exit: 2, found: "dane-mismatch",
		also: []daneRun{{args: "--mx {domain} --dane --policy any"}}},
	{name: "D37", silent: true, what: "null MX", records: "@ MX 0 .\n", postfix: noMail, exit: 2, found: "mx-null"},
	{name: "D41", what: "2 1 0 of the CA, which is not sent", tlsa: "2 1 0 ca", postfix: verified},

	// What the list of RFC 7672's corner stones leaves out.
	{name: "E1", what: "2 0 1, a wildcard", tlsa: "2 0 1 sub", leaf: leaf{names: "*.e1.lab.test"}, postfix: verified},
	{name: "E2", what: "2 0 1, a wildcard that the domain matches", tlsa: "2 0 1 sub", leaf: leaf{names: "*.lab.test"}, postfix: verified},
	{name: "E3", what: "2 0 1, a name in the subject only", tlsa: "2 0 1 sub", leaf: leaf{names: "-"}, postfix: verified, exit: 1, found: "dane-lint"},
	{name: "E4", what: "2 0 1 of an expired root", tlsa: "2 0 1 old-ca", leaf: leaf{issuer: "old-ca"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E5", what: "2 0 1 of an expired intermediate", tlsa: "2 0 1 old-sub", leaf: leaf{issuer: "old-sub"}, postfix: verified, exit: 1, found: "cert-expired,dane-lint"},
	{name: "E6", what: "2 0 1, an issuer that is no CA", tlsa: "2 0 1 ca", leaf: leaf{issuer: "no-ca", sent: "no-ca,ca"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E7", what: "3 1 1, self-signed", tlsa: "3 1 1 leaf", leaf: leaf{issuer: "self"}, postfix: verified},
	{name: "E8", what: "2 0 1 of the self-signed certificate itself", tlsa: "2 0 1 leaf", leaf: leaf{issuer: "self"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E9", what: "3 1 0", tlsa: "3 1 0 leaf", postfix: verified},
	{name: "E10", what: "3 0 2", tlsa: "3 0 2 leaf", postfix: verified, exit: 1, found: "dane-lint"},
	{name: "E11", what: "2 1 1 wrong, 3 1 1 right", tlsa: "2 1 1 sub wrong, 3 1 1 leaf", postfix: verified},
	{name: "E12", what: "the certificates in the wrong order", tlsa: "2 0 1 ca", leaf: leaf{sent: "ca,sub"}, postfix: verified},
	{name: "E13", what: "the certificate twice", tlsa: "2 0 1 ca", leaf: leaf{sent: "leaf,sub,ca"}, postfix: verified},
	{name: "E14", what: "20 records, which want TCP", tlsa: many(20) + "3 1 2 leaf", postfix: verified},
	{name: "E15", what: "TLSA is an alias into an unsigned zone", records: hosted + "_25._tcp.mx CNAME e15.ins.lab.test.\n", in: map[string]string{"ins.lab.test": "e15 TLSA {3 1 1 leaf wrong}\n"}, postfix: noDANE},
	{name: "E16", what: "TLSA is an alias into a bogus zone", records: hosted + "_25._tcp.mx CNAME e16.bog.lab.test.\n", in: map[string]string{"bog.lab.test": "e16 TLSA {3 1 1 leaf}\n"}, postfix: deferred, exit: 2, found: "dane-bogus"},
	{name: "E17", what: "MX is an alias, other records at it", records: "@ MX 10 alias\nalias CNAME mx\nmx A {ip}\n_25._tcp.alias TLSA {3 1 1 leaf wrong}\n", tlsa: "3 1 1 leaf", postfix: verified, exit: 1, found: "mx-lint"},
	{name: "E18", silent: true, what: "the address of the MX is bogus", records: "@ MX 10 mx.e18.bog.lab.test.\n", in: map[string]string{"bog.lab.test": "mx.e18 A {ip}\n"}, postfix: deferred, exit: 2, found: "dns-bogus"},
	{name: "E19", what: "2 0 1 of a CA that is sent and has signed nothing", tlsa: "2 0 1 old-ca", leaf: leaf{sent: "sub,ca,old-ca"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E20", what: "2 0 0 of the issuer, which is not sent", tlsa: "2 0 0 sub", leaf: leaf{sent: "-"}, postfix: verified},
	{name: "E21", what: "2 1 0 of the issuer, which is not sent", tlsa: "2 1 0 sub", leaf: leaf{sent: "-"}, postfix: verified},
	{name: "E22", what: "2 0 1, signed with SHA-1", tlsa: "2 0 1 rsa-ca", leaf: leaf{issuer: "rsa-ca", sha1: true}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E23", what: "3 1 1, signed with SHA-1", tlsa: "3 1 1 leaf", leaf: leaf{issuer: "rsa-ca", sha1: true}, postfix: verified},
	{name: "E24", what: "3 1 1, Ed25519", tlsa: "3 1 1 leaf", leaf: leaf{key: ed25519Key}, postfix: verified},
	{name: "E25", what: "3 1 1, RSA of 1024 bits", tlsa: "3 1 1 leaf", leaf: leaf{key: rsa1024}, postfix: verified},
	{name: "E26", what: "3 1 1, a certificate that breaks RFC 5280", tlsa: "3 1 1 leaf", leaf: leaf{strange: true}, postfix: verified,
		ours: noOpinion, why: "our library cannot read it, and says so", exit: 3, found: "cert-unreadable"},
	{name: "E27", what: "2 0 1, far behind in the chain", tlsa: "2 0 1 ca", leaf: leaf{sent: "sub," + strings.Repeat("old-sub,", 30) + "ca"}, postfix: verified},
	{name: "E28", what: "2 0 1 of an issuer for other names", tlsa: "2 0 1 narrow", leaf: leaf{issuer: "narrow"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E29", what: "2 0 1 above an issuer for other names", tlsa: "2 0 1 ca", leaf: leaf{issuer: "narrow", sent: "narrow,ca"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E30", what: "TLSA is an alias of nothing", records: hosted + "_25._tcp.mx CNAME gone\n", postfix: noDANE},
	{name: "E31", what: "MX is an unsigned alias of a signed host", records: "@ MX 10 alias.e31.ins.lab.test.\nmx A {ip}\n", tlsa: "3 1 1 leaf", in: map[string]string{"ins.lab.test": "alias.e31 CNAME mx.e31.lab.test.\n"}, postfix: noDANE, exit: 1, found: "mx-lint"},
	{name: "E32", what: "3 1 1 of 20 bytes, 3 1 1", tlsa: "3 1 1 leaf short, 3 1 1 leaf", postfix: verified},
	{name: "E33", what: "3 0 2 wrong, 3 1 1 right", tlsa: "3 0 2 leaf wrong, 3 1 1 leaf", postfix: verified},
	{name: "E34", what: "2 0 2 wrong, 2 0 1 right", tlsa: "2 0 2 sub wrong, 2 0 1 sub", postfix: noMatch, exit: 2, found: "dane-mismatch", says: "stronger digest"},
	{name: "E35", what: "3 1 0 of 20 bytes", tlsa: "3 1 0 leaf short", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "E36", what: "3 0 0 of 20 bytes", tlsa: "3 0 0 leaf short", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "E37", what: "2 0 1, a wildcard for a part of a label", tlsa: "2 0 1 sub", leaf: leaf{names: "m*.e37.lab.test"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E38", what: "2 0 1, capitals", tlsa: "2 0 1 sub", leaf: leaf{names: "MX.E38.Lab.Test"}, postfix: verified},
	{name: "E39", what: "2 0 1, a name in the subject beside an address", tlsa: "2 0 1 sub", leaf: leaf{names: "127.0.25.1"}, postfix: verified, exit: 1, found: "dane-lint"},
	{name: "E40", what: "2 0 1, an underscore", records: "@ MX 10 mx_1\nmx_1 A {ip}\n_25._tcp.mx_1 TLSA {2 0 1 sub}\n", leaf: leaf{names: "mx_1.e40.lab.test"}, postfix: verified},
	{name: "E41", what: "2 0 1, a name with a dot at its end", tlsa: "2 0 1 sub", leaf: leaf{names: "mx.e41.lab.test."}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E42", what: "2 0 1, two labels for a wildcard", leaf: leaf{names: "*.e42.lab.test"}, records: "@ MX 10 a.mx\na.mx A {ip}\n_25._tcp.a.mx TLSA {2 0 1 sub}\n", postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "E43", what: "0 0 1 and 1 1 1", tlsa: "0 0 1 sub, 1 1 1 leaf", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "E44", what: "3 2 1 and 4 1 1", tlsa: "3 2 1 leaf, 4 1 1 leaf", postfix: unusable, exit: 1, found: "dane-unusable"},
	{name: "E45", what: "3 1 9 and no STARTTLS", tlsa: "3 1 9 leaf", leaf: leaf{none: true}, postfix: withoutIt, exit: 2, found: "dane-tls"},
	{name: "F1", what: "3 1 1, TLS 1.1 only", tlsa: "3 1 1 leaf", leaf: leaf{old: true}, postfix: withoutIt, exit: 2, found: "dane-tls,tls-handshake?"},
	{name: "F2", what: "3 1 1, STARTTLS refused", tlsa: "3 1 1 leaf", leaf: leaf{refused: true}, postfix: withoutIt, exit: 2, found: "dane-tls"},
	{name: "F3", what: "MX is an alias, the certificate depends on SNI", records: "@ MX 10 alias\nalias CNAME mx\nmx A {ip}\n", tlsa: "3 1 1 leaf", leaf: leaf{sni: "mx.f3.lab.test"}, postfix: verified, exit: 1, found: "mx-lint"},
	{name: "F4", what: "the same, TLSA at the alias", records: "@ MX 10 alias\nalias CNAME mx\nmx A {ip}\n_25._tcp.alias TLSA {3 1 1 leaf}\n", leaf: leaf{sni: "alias.f4.lab.test"}, postfix: verified, exit: 1, found: "mx-lint"},
	{name: "F5", what: "an alias, certificate of the domain that it is of", records: "@ CNAME to\nto MX 10 mx\nmx A {ip}\n", tlsa: "2 0 1 sub", leaf: leaf{names: "to.f5.lab.test"}, postfix: verified},
	{name: "F6", what: "an alias, certificate of the alias", records: "@ CNAME to\nto MX 10 mx\nmx A {ip}\n", tlsa: "2 0 1 sub", leaf: leaf{names: "f6.lab.test"}, postfix: verified},
	{name: "F7", what: "MX unsigned, certificate of the domain", tlsa: "2 0 1 sub", domain: "f7.ins.lab.test", records: "mx A {ip}\n", leaf: leaf{names: "f7.ins.lab.test"},
		in: map[string]string{"ins.lab.test": "f7 MX 10 mx.f7.lab.test.\n"}, postfix: hostOnly,
		ours: noMatch, why: "behind unsigned MX records the name of the host is the only one that counts (RFC 7672 section 3.2.2)", exit: 2, found: "dane-mismatch", says: "names only f7.ins.lab.test"},
	{name: "F8", what: "no MX, 2 0 1", records: "@ A {ip}\n_25._tcp TLSA {2 0 1 sub}\n", leaf: leaf{names: "f8.lab.test"}, postfix: verified},
	{name: "F9", what: "TLSA of the alias is bogus, not that of its target", records: "@ MX 10 alias\nalias CNAME mx.d32.lab.test.\n_25._tcp.alias TLSA {3 1 1 leaf}\n", postfix: deferred, exit: 2, found: "dane-bogus,mx-lint"},
	{name: "F10", what: "TLSA by a wildcard", records: hosted + "*._tcp.mx TLSA {3 1 1 leaf}\n", postfix: verified},
	{name: "F11", what: "a tree of aliases", records: "@ MX 10 mx.sub\nsub DNAME tree\nmx.tree A {ip}\n_25._tcp.mx.tree TLSA {3 1 1 leaf}\n", postfix: verified, exit: 1, found: "mx-lint"},
	{name: "F12", what: "3 1 1, not yet valid", tlsa: "3 1 1 leaf", leaf: leaf{early: true}, postfix: verified, exit: 1, found: "cert-expired"},
	{name: "F13", what: "2 0 1, not yet valid", tlsa: "2 0 1 sub", leaf: leaf{early: true}, postfix: noMatch, exit: 2, found: "cert-expired?,dane-mismatch"},
	{name: "F14", what: "2 0 1, a certificate for clients", tlsa: "2 0 1 sub", leaf: leaf{usage: "client"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "F15", what: "3 1 1, a certificate for clients", tlsa: "3 1 1 leaf", leaf: leaf{usage: "client"}, postfix: verified},
	{name: "F15a", what: "2 0 1, a certificate for any usage", tlsa: "2 0 1 sub", leaf: leaf{usage: "any"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "F15b", what: "2 0 1, a certificate for signing only", tlsa: "2 0 1 sub", leaf: leaf{usage: "signing"}, postfix: noMatch, exit: 2, found: "dane-mismatch"},
	{name: "F15c", what: "3 1 1, a certificate for signing only", tlsa: "3 1 1 leaf", leaf: leaf{usage: "signing"}, postfix: verified},

	// A Postfix is the exchanger.
	{name: "P1", what: "3 1 1, both families", records: "@ MX 10 mx-real.lab.test.\n", postfix: verified},
	{name: "P2", what: "2 1 1, IPv6 only", records: "@ MX 10 mx-real6.lab.test.\n", postfix: verified},
}
