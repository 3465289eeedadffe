package resolve

import (
	"context"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// asked is one query as a server sees it.
type asked struct {
	network string
	server  string // without its port
	name    string
	typ     Type
	edns    bool // with DO
	cd      bool
	packet  []byte
}

// said is what comes back: a packet or an error, after some time.
type said struct {
	after  time.Duration
	packet []byte
	err    error
}

// script is a network in which play makes all answers. Where it makes none,
// nothing comes before the deadline.
type script struct {
	play func(asked) []said

	mu   sync.Mutex
	seen []asked
}

func (s *script) Exchange(ctx context.Context, deadline time.Time, network string, server netip.AddrPort, query []byte, accept func([]byte) bool) ([]byte, error) {
	a := understood(query)
	a.network, a.server = network, server.Addr().String()
	s.mu.Lock()
	s.seen = append(s.seen, a)
	s.mu.Unlock()
	ctx, cancel := context.WithDeadlineCause(ctx, deadline, os.ErrDeadlineExceeded)
	defer cancel()
	for _, r := range s.play(a) {
		select {
		case <-time.After(r.after):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if r.err != nil || accept(r.packet) {
			return r.packet, r.err
		}
	}
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// how lists what was asked, "udp", "tcp", "plain" without EDNS, "cd".
func (s *script) how() string {
	var all []string
	for _, a := range s.seen {
		word := a.network
		if !a.edns {
			word = "plain"
		}
		if a.cd {
			word = "cd"
		}
		all = append(all, word+"@"+a.server)
	}
	return strings.Join(all, " ")
}

func understood(query []byte) asked {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil || len(m.Questions) != 1 || !m.RecursionDesired || !m.AuthenticData {
		panic("a query that no server understands")
	}
	a := asked{packet: query, name: m.Questions[0].Name.String(), typ: Type(m.Questions[0].Type), cd: m.CheckingDisabled}
	for _, r := range m.Additionals {
		a.edns = a.edns || r.Header.DNSSECAllowed() && r.Header.Class == payload
	}
	return a
}

// edit changes an answer before it is sent.
type edit func(*dnsmessage.Message)

// reply answers a query, with EDNS where the query has it.
func (a asked) reply(edits ...edit) []byte {
	var m dnsmessage.Message
	m.Unpack(a.packet)
	m.Response, m.RecursionAvailable, m.AuthenticData = true, true, false
	m.Additionals = nil
	if a.edns {
		m.Additionals = []dnsmessage.Resource{ednsOf()}
	}
	for _, e := range edits {
		e(&m)
	}
	b, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func ednsOf(options ...dnsmessage.Option) dnsmessage.Resource {
	r := dnsmessage.Resource{Body: &dnsmessage.OPTResource{Options: options}}
	r.Header.SetEDNS0(1232, 0, true)
	return r
}

// now makes of packets what is said at once.
func now(packets ...[]byte) []said {
	var all []said
	for _, p := range packets {
		all = append(all, said{packet: p})
	}
	return all
}

func ad(m *dnsmessage.Message) { m.AuthenticData = true }

func code(c dnsmessage.RCode) edit { return func(m *dnsmessage.Message) { m.RCode = c } }

func ede(c byte, text string) edit {
	return func(m *dnsmessage.Message) {
		m.Additionals = []dnsmessage.Resource{ednsOf(dnsmessage.Option{Code: 15, Data: append([]byte{0, c}, text...)})}
	}
}

func final(m *dnsmessage.Message) {
	root := dnsmessage.MustNewName(".")
	m.Authorities = append(m.Authorities, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: root, Class: dnsmessage.ClassINET}, Body: &dnsmessage.SOAResource{NS: root, MBox: root}})
}

// with adds a record to the answer; ttl in seconds.
func with(name string, ttl uint32, body dnsmessage.ResourceBody) edit {
	return func(m *dnsmessage.Message) {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name), Class: dnsmessage.ClassINET, TTL: ttl}, Body: body})
	}
}

func mx(preference uint16, host string) dnsmessage.ResourceBody {
	return &dnsmessage.MXResource{Pref: preference, MX: dnsmessage.MustNewName(host)}
}

func cname(to string) dnsmessage.ResourceBody {
	return &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(to)}
}

func a4(addr string) dnsmessage.ResourceBody {
	return &dnsmessage.AResource{A: netip.MustParseAddr(addr).As4()}
}

func unknown(t Type, data ...byte) dnsmessage.ResourceBody {
	return &dnsmessage.UnknownResource{Type: dnsmessage.Type(t), Data: data}
}

// signed is a signature that ends at a number of seconds.
func signed(until uint32) dnsmessage.ResourceBody {
	d := make([]byte, 19)
	d[8], d[9], d[10], d[11] = byte(until>>24), byte(until>>16), byte(until>>8), byte(until)
	return unknown(rrsig, d...)
}

// client asks the servers of the words in order.
func client(t *testing.T, servers string, play func(asked) []said) (*Client, *script) {
	t.Helper()
	s := &script{play: play}
	var c Config
	for _, word := range strings.Fields(servers) {
		if word == "trust-ad" {
			c.TrustAD = true
			continue
		}
		c.Servers = append(c.Servers, netip.AddrPortFrom(netip.MustParseAddr(word), port))
	}
	return New(s, c), s
}
