//go:build e2e

package e2e

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// bed is a small internet of a test's own: signed and unsigned zones behind a
// resolver that verifies, mail exchangers at port 25, a host of policies.
type bed struct {
	dir    string
	texts  map[string]string // of zones, by name
	issued map[string]*Identity
	mx     map[string]*scripted // by address
	sites  strings.Builder      // of nginx
	anchor string               // the DS record of the root's key
	real   *postfix             // an exchanger, and what configures posttls-finger
}

// bedPackages are what a bed needs besides Postfix.
var bedPackages = []string{"iproute2", "unbound", "knot", "knot-dnssecutils", "bind9-dnsutils", "nginx-light"}

// newBed sets up the network. Nothing runs yet.
func newBed(t *testing.T) *bed {
	t.Helper()
	b := &bed{dir: tempDir(t), texts: map[string]string{}, issued: map[string]*Identity{}, mx: map[string]*scripted{}}
	write(t, b.dir, "resolv.conf", resolvConf)
	ownNetwork(t, filepath.Join(b.dir, "resolv.conf"), distant+"/128", policyHost6+"/128", postfixMX6+"/128", scriptedMX6+"/128", sixMX+"/128")
	for _, x := range authorities {
		w := x.Wish
		w.Issuer = b.issued[x.issuer]
		b.issue(t, x.name, w)
	}
	key, err := commonRSA()
	if err != nil {
		t.Fatal(err)
	}
	b.issue(t, "rsa-ca", Wish{Name: "RSA CA", From: -400 * Day, To: 1000 * Day, CA: true, Key: key})
	if err := b.issued["ca"].Write(b.dir, "ca"); err != nil {
		t.Fatal(err)
	}
	return b
}

// authorities are the issuers of what servers show.
var authorities = []struct {
	name, issuer string // ours
	Wish
}{
	{"ca", "", Wish{Name: "lab CA", From: -400 * Day, To: 3650 * Day, CA: true}},
	{"sub", "ca", Wish{Name: "lab sub CA", From: -400 * Day, To: 1000 * Day, CA: true}},
	{"old-ca", "", Wish{Name: "old CA", From: -400 * Day, To: -36 * hour, CA: true}},
	{"old-sub", "ca", Wish{Name: "old sub CA", From: -400 * Day, To: -36 * hour, CA: true}},
	{"no-ca", "ca", Wish{Name: "no CA", From: -400 * Day, To: 1000 * Day}},
	{"narrow", "ca", Wish{Name: "narrow CA", From: -400 * Day, To: 1000 * Day, CA: true, Only: []string{"other.example"}}},
}

// resolvConf is what posttls-finger needs to see signatures.
const resolvConf = "nameserver " + validating + "\noptions edns0 trust-ad\n"

// issue makes a certificate with a key of its own.
func (b *bed) issue(t *testing.T, name string, w Wish) *Identity {
	t.Helper()
	var err error
	if w.Key == nil {
		if w.Key, err = ECDSA(); err != nil {
			t.Fatal(err)
		}
	}
	i, err := Issue(w)
	if err != nil {
		t.Fatal(err)
	}
	b.issued[name] = i
	return i
}

// showing makes the certificate of a leaf for a host, and TLS with it.
func (b *bed) showing(t *testing.T, name, host string, l leaf, w Wish) *tls.Config {
	t.Helper()
	w.Name, w.Hosts = host, []string{host}
	switch l.issuer {
	case "":
		w.Issuer = b.issued["sub"]
	case "self":
	default:
		w.Issuer = b.issued[l.issuer]
	}
	if l.names != "" {
		w.Hosts = strings.Fields(strings.TrimPrefix(l.names, "-"))
	}
	if l.expired {
		w.From, w.To = -100*Day, -36*hour
	}
	if l.early {
		w.From, w.To = 2*Day, 92*Day
	}
	w.Usage, w.SHA1, w.Strange = l.usage, l.sha1, l.strange
	if l.key != nil {
		var err error
		if w.Key, err = l.key(); err != nil {
			t.Fatal(err)
		}
	}
	i := b.issue(t, name, w)
	for parent := range strings.SplitSeq(orElse(l.sent, orElse(l.issuer, "sub")), ",") {
		if sent := b.issued[strings.ReplaceAll(parent, "leaf", name)]; sent != nil {
			i.Sent = append(i.Sent, sent)
		}
	}
	config := &tls.Config{Certificates: []tls.Certificate{i.TLS()}}
	if l.old {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	}
	if l.sni != "" {
		b.byName(t, name, l.sni, w, config)
	}
	if l.two {
		key, err := commonRSA()
		if err != nil {
			t.Fatal(err)
		}
		w.Key = key
		config.Certificates = append(config.Certificates, b.issue(t, name+" RSA", w).TLS())
	}
	return config
}

// byName shows another certificate to who does not ask for a name.
func (b *bed) byName(t *testing.T, name, host string, w Wish, config *tls.Config) {
	t.Helper()
	right, wrong := config.Certificates[0], b.issue(t, name+" other", w).TLS()
	config.Certificates = nil
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName == host {
			return &right, nil
		}
		return &wrong, nil
	}
}

// mailServer starts a mail exchanger that shows a leaf.
func (b *bed) mailServer(t *testing.T, address string, l leaf, config *tls.Config) {
	t.Helper()
	s := standard
	switch {
	case l.none:
	case l.refused:
		s = s.on("EHLO", say("250-mail.test", "250 STARTTLS")).on("STARTTLS", say("454 4.7.0 TLS not available"))
	default:
		s = s.on("EHLO", say("250-mail.test", "250 STARTTLS")).on("STARTTLS", say("220 go ahead"), shake(config)).on(inTLS+"EHLO", say("250 mail.test"))
	}
	b.mx[address] = playAt(t, "["+address+"]:25", s)
}

// exchange starts the exchangers that domains share, and publishes their
// addresses and keys.
func (b *bed) exchange(t *testing.T) {
	t.Helper()
	for _, x := range exchangers {
		host := x.name + ".lab.test"
		config := b.showing(t, x.name, host, x.leaf, x.wish)
		records := x.records
		if records == "" {
			records = "_25._tcp." + x.name + " TLSA {3 1 1 " + x.name + "}\n"
		}
		for kind, ip := range map[string]string{"A": x.ip, "AAAA": x.ip6} {
			if ip != "" {
				records += x.name + " " + kind + " " + ip + "\n"
				b.mailServer(t, ip, x.leaf, config)
			}
		}
		b.record(t, "lab.test", "lab.test", "", records, nil)
	}
	b.showing(t, "real", "mx-real.lab.test", leaf{names: "mx-real.lab.test mx-real6.lab.test"}, Wish{})
	b.real = b.realServer(t, "real")
	b.record(t, "lab.test", "lab.test", "", others, nil)
	b.record(t, "ins.lab.test", "ins.lab.test", "", "mx A 127.0.26.10\n", nil)
	b.record(t, "near.lab.test", "near.lab.test", "", nearZone, nil)
	b.record(t, "past.lab.test", "past.lab.test", "", pastZone, nil)
	b.record(t, "bog.lab.test", "bog.lab.test", "", "mx A 127.0.26.2\n_mta-sts.s TXT \"v=STSv1; id=1\"\n", nil)
}

const others = "mx-real A " + postfixMX + "\nmx-real AAAA " + postfixMX6 + "\n_25._tcp.mx-real TLSA {3 1 1 real}\n" +
	"mx-real6 AAAA " + postfixMX6 + "\n_25._tcp.mx-real6 TLSA {2 1 1 sub}\n" +
	"mx-dead A 127.0.26.99\n_25._tcp.mx-dead TLSA {3 1 1 real}\n" +
	"_587._tcp.mx-real TLSA {3 1 1 real}\n_465._tcp.mx-real TLSA {3 1 1 real wrong}\n" +
	"mx-odd A 127.0.26.2\n_25._tcp.mx-odd TLSA {3 1 1 real}\n" +
	"mx-uneven A 127.0.26.2\nmx-uneven A 127.0.26.9\n_25._tcp.mx-uneven TLSA {3 1 1 mx-second}\n" +
	"mx-self A 127.0.0.1\nmx-alias CNAME mx-second\n" +
	"mx-again A 127.0.26.2\n_25._tcp.mx-again TLSA {2 1 1 sub}\nloop2 CNAME loop\n"

// start serves all zones.
func (b *bed) start(t *testing.T) {
	t.Helper()
	all := slices.Clone(zones)
	for i := range all {
		all[i].text += b.texts[all[i].name]
		delete(b.texts, all[i].name)
	}
	if len(b.texts) > 0 {
		t.Fatalf("there are no such zones: %v", b.texts)
	}
	b.anchor = startDNS(t, b.dir, all)
}

// record adds records to a zone, their names below an origin. {ip} stands for an
// address, and {3 1 1 leaf} for what such a TLSA record holds of the certificate
// that is called so; "wrong" or "short" behind it makes it that, "wrong7" at
// byte 7.
func (b *bed) record(t *testing.T, zone, origin, ip, text string, names map[string]string) {
	t.Helper()
	text = b.pins(t, strings.ReplaceAll(text, "{ip}", ip), names)
	b.texts[zone] += "$ORIGIN " + origin + ".\n" + text + "$ORIGIN " + zone + ".\n"
}

// pins fills in the data of TLSA records.
func (b *bed) pins(t *testing.T, text string, names map[string]string) string {
	t.Helper()
	return pinToken.ReplaceAllStringFunc(text, func(token string) string { return b.pin(t, strings.Trim(token, "{}"), names) })
}

var pinToken = regexp.MustCompile(`\{\d \d \d [^}]*\}`)

// pin is the data of a TLSA record.
func (b *bed) pin(t *testing.T, words string, names map[string]string) string {
	t.Helper()
	var usage, selector, matching int
	var of, flaw string
	if n, _ := fmt.Sscan(words, &usage, &selector, &matching, &of, &flaw); n < 4 {
		t.Fatalf("no TLSA record: %q", words)
	}
	if names[of] != "" {
		of = names[of]
	}
	i := b.issued[of]
	if i == nil {
		t.Fatalf("no certificate is called %q", of)
	}
	data := slices.Clone(i.Cert.Raw)
	if selector == 1 {
		var err error
		if data, err = x509.MarshalPKIXPublicKey(i.Key.Public()); err != nil {
			t.Fatal(err)
		}
	}
	switch matching {
	case 1:
		sum := sha256.Sum256(data)
		data = sum[:]
	case 2:
		sum := sha512.Sum512(data)
		data = sum[:]
	}
	switch number, wrong := strings.CutPrefix(flaw, "wrong"); {
	case wrong:
		n, _ := strconv.Atoi(number)
		data[n] ^= 1
	case flaw == "short":
		data = data[:20]
	}
	return strings.Join([]string{strconv.Itoa(usage), strconv.Itoa(selector), strconv.Itoa(matching), hex.EncodeToString(data)}, " ")
}

// realServer starts a Postfix as a mail exchanger at both its addresses, with the
// certificate of a name. Its directory is what posttls-finger wants, too.
func (b *bed) realServer(t *testing.T, name string) *postfix {
	t.Helper()
	dir := tempDir(t)
	if err := b.issued[name].Write(dir, "mx"); err != nil {
		t.Fatal(err)
	}
	p := &postfix{log: filepath.Join(dir, "mail.log")}
	p.dir, p.logs = dir, []string{p.log}
	main := strings.NewReplacer("inet_protocols = ipv4", "inet_protocols = all", "disable_dns_lookups = yes\n", "").Replace(mainCF) + mxCF
	master := ""
	for _, at := range []string{postfixMX, "[" + postfixMX6 + "]"} {
		master += at + ":25 inet n - n - - smtpd\n" + at + ":587 inet n - n - - smtpd\n" + at + ":465 inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"
	}
	p.start(t, main, master)
	return p
}

// mxCF makes a mail exchanger of Postfix.
const mxCF = `smtpd_tls_security_level = may
smtpd_tls_chain_files = {dir}/mx.both
smtpd_tls_session_cache_database =
`

const hour = Day / 24

// Where the servers are. Those outside of 127.0.0.0/8 are this network's only.
const (
	postfixMX   = "127.0.26.1"
	policyHost6 = "fd00:e2e::99"
	postfixMX6  = "fd00:e2e::25"
	scriptedMX6 = "fd00:e2e::26"
	sixMX       = "fd00:e2e::27"
)
