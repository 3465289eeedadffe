//go:build e2e

package e2e

import (
	"net"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// resolverCase is a way to ask the DNS, and what ours makes of the answers.
type resolverCase struct {
	name, what string
	conf       string // text of resolv.conf; "": that of the bed
	args       string // {3 1 1 NAME} is a record, see bed.record
	exit       int
	found      string
	says       string // regexp that the first line of ours holds
	long       string // regexp that all of its output holds
}

// deaf is a resolver that TLSA queries do not reach.
const deaf = "127.0.0.9"

// hosted at good exchangers are also domains of other zones.
const (
	nearZone = "@ MX 10 mx\nmx A 127.0.26.2\n_25._tcp.mx TLSA {3 1 1 mx-second}\nbare MX 10 mx.bare\nmx.bare A 127.0.26.2\n"
	pastZone = "@ MX 10 mx\nmx A 127.0.26.2\n_25._tcp.mx TLSA {3 1 1 mx-second}\n"
)

var resolverCases = []resolverCase{
	{name: "trust-ad", what: "resolv.conf names the stub, and trusts it", conf: "nameserver " + stub + "\noptions edns0 trust-ad\n", args: "--mx good.lab.test --dane=require"},
	{name: "stub", what: "resolv.conf names the stub", conf: "nameserver " + stub + "\n", args: "--mx good.lab.test --dane=require", exit: 3, found: "dnssec-untrusted", says: "127.0.0.53 is not trusted"},
	{name: "--resolver stub", what: "the stub is named", args: "--mx good.lab.test --dane --resolver " + stub, exit: 3, found: "dnssec-untrusted", says: "127.0.0.53 is not trusted"},
	{name: "distant", what: "a resolver of another machine, IPv6", conf: "nameserver " + distant + "\n", args: "--mx good.lab.test --dane", exit: 3, found: "dnssec-untrusted", says: "fd00:e2e::53 is not trusted"},
	{name: "always", what: "the same, trusted", conf: "nameserver " + distant + "\n", args: "--mx good.lab.test --dane=require --dnssec-trust always"},
	{name: "never", what: "a good resolver, not trusted", args: "--mx good.lab.test --dane --dnssec-trust never", exit: 3, found: "dnssec-untrusted"},
	{name: "careless", what: "a resolver that verifies nothing", args: "--mx good.lab.test --dane --resolver " + careless, exit: 3, found: "dnssec-untrusted", says: "127.0.0.2 does not validate"},
	{name: "no DANE", what: "the same, and nobody asks for DANE", args: "--mx good.lab.test --resolver " + careless},
	{name: "second", what: "the first resolver is dead", args: "--mx good.lab.test --dane=require --resolver 127.0.0.99 --resolver " + validating},
	{name: "dead", what: "every resolver is dead", args: "--mx good.lab.test --resolver 127.0.0.99", exit: 3, found: "resolve", says: "dns MX good.lab.test: 127.0.0.99 cannot be reached"},
	{name: "deaf", what: "no answer to TLSA", args: "--mx d1.lab.test --dane -t 4 --resolver " + deaf, exit: 2, found: "dane-bogus", says: "TLSA _25._tcp.mx.d1.lab.test: no answer"},
	{name: "unsigned", what: "the same, of an unsigned host, whose TLSA nobody may ask for", args: "--mx d30.lab.test --dane --resolver " + deaf},
	{name: "given", what: "no DNS at all, records of the command line", conf: "nameserver 127.0.0.99\n", args: "-H 127.0.26.2 --tlsa '{3 1 1 mx-second}'", says: "DANE 3 1 1 matches"},
	{name: "given-wrong", what: "the same, and they are wrong", conf: "nameserver 127.0.0.99\n", args: "-H 127.0.26.2 --tlsa '{3 1 1 mx-wrong}'", exit: 2, found: "dane-mismatch"},

	{name: "near", what: "signatures that end in two days", args: "--mx near.lab.test --dane=require", long: `dane_rrsig_days=[12]\.\d`},
	{name: "near-limit", what: "the same, with a limit", args: "--mx near.lab.test --dane -w dane_rrsig_days=3:", exit: 1, found: "", says: "^SMTP WARNING.*dane_rrsig_days|signature"},
	{name: "near-bare", what: "a denial by NSEC3", args: "--mx bare.near.lab.test --dane"},
	{name: "near-bare-require", what: "the same, where one is wanted", args: "--mx bare.near.lab.test --dane=require", exit: 2, found: "dane-missing", says: "no TLSA record at _25._tcp.mx.bare.near.lab.test"},
	{name: "past", what: "signatures that have expired", args: "--mx past.lab.test --dane", exit: 2, found: "dns-bogus", says: "dns MX past.lab.test: SERVFAIL from 127.0.0.1 .*signatures do not verify"},
	{name: "past-plain", what: "the same, and nobody asks for DANE", args: "--mx past.lab.test", exit: 2, found: "dns-bogus", says: "signatures do not verify"},
	{name: "past-host", what: "those of the host have", args: "-H mx.past.lab.test --dane", exit: 2, found: "dane-bogus,resolve?", says: "signatures do not verify"},
	{name: "bogus-any", what: "one exchanger of two is bogus, any will do", args: "--mx bogus.lab.test --dane --policy any"},
	{name: "many", what: "more TLSA records than a datagram holds", args: "--mx e14.lab.test --dane", long: `dane_records=21;`},
}

func (b *bed) resolvers(t *testing.T) {
	proxy := b.playDeaf(t)
	for _, c := range resolverCases {
		t.Run(c.name, func(t *testing.T) {
			before := proxy.tlsa.Load()
			if c.conf != "" {
				write(t, b.dir, "resolv.conf", c.conf)
				defer write(t, b.dir, "resolv.conf", resolvConf)
			}
			d := check(t, b.pins(t, c.args, nil), c.exit, c.found, c.says, c.long)
			t.Logf("%-18s %-40s %s", c.name, c.what, d.Summary)
			if asked := proxy.tlsa.Load() > before; asked != (c.name == "deaf") {
				t.Errorf("TLSA was asked for: %v", asked)
			}
		})
	}
}

// deafProxy hands queries on, but for those for TLSA records.
type deafProxy struct {
	tlsa atomic.Int32 // how many of these there were
}

func (b *bed) playDeaf(t *testing.T) *deafProxy {
	t.Helper()
	conn, err := net.ListenPacket("udp", deaf+":53")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	p := &deafProxy{}
	go func() {
		buffer := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			query := append([]byte(nil), buffer[:n]...)
			if isTLSA(query) {
				p.tlsa.Add(1)
				continue
			}
			go relay(conn, from, query)
		}
	}()
	return p
}

func isTLSA(query []byte) bool {
	var parser dnsmessage.Parser
	if _, err := parser.Start(query); err != nil {
		return false
	}
	q, err := parser.Question()
	return err == nil && q.Type == 52
}

// relay hands one query on.
func relay(back net.PacketConn, from net.Addr, query []byte) {
	conn, err := net.Dial("udp", validating+":53")
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	answer := make([]byte, 4096)
	conn.Write(query)
	if n, err := conn.Read(answer); err == nil {
		back.WriteTo(answer[:n], from)
	}
}
