// Package resolve is one client of the DNS, for what the system's resolver does
// not tell: MX and TLSA records, whether signatures were verified, and which
// server failed in which way.
//
// It verifies no signatures itself, follows no delegation, keeps nothing beyond
// a run, and makes no sentences: what came of a question are fields.
package resolve

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Exchanger carries one query to one server and an answer back.
type Exchanger interface {
	// Exchange sends the query over network, "udp" or "tcp", from a port of its
	// own, and returns the first packet that accept takes; it drops others and
	// waits on (RFC 5452 section 9.1). The error is the system's, that of a
	// deadline, or ctx's. The two bytes of length that TCP needs are its affair.
	Exchange(ctx context.Context, deadline time.Time, network string, server netip.AddrPort, query []byte, accept func(packet []byte) bool) ([]byte, error)
}

// Config says whom to ask and whom to believe.
type Config struct {
	Servers []netip.AddrPort // in order; the first three count; nil: the one on this machine
	TrustAD bool             // resolv.conf says so of its servers (options trust-ad)
	Trust   plan.Trust       // "": auto
}

// Client asks. It remembers every answer, and may be used from several
// goroutines. Make one with New for each run.
type Client struct {
	net    Exchanger
	config Config

	mu    sync.Mutex
	known map[question]*memo
	log   []logged
}

// maxServers is how many servers are asked, as in the C library (resolv.conf(5)).
const maxServers = 3

// New is a client that knows nothing yet.
func New(net Exchanger, c Config) *Client {
	var servers []netip.AddrPort
	for _, s := range c.Servers {
		s = netip.AddrPortFrom(s.Addr().Unmap(), s.Port())
		if !slices.Contains(servers, s) && len(servers) < maxServers {
			servers = append(servers, s)
		}
	}
	if servers == nil { // resolv.conf(5)
		servers = append(servers, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port))
	}
	c.Servers = servers
	return &Client{net: net, config: c, known: make(map[question]*memo)}
}

// question is what can be asked for.
type question struct {
	name string // see canonical
	typ  Type
}

// Lookup asks for records of one type, and follows aliases (RFC 1034 section
// 3.6.2), unless they are what it is asked for. A second call does not ask again.
// The name is in A-labels; its case and a dot at its end do not matter. What it
// returns must not be changed.
func (c *Client) Lookup(ctx context.Context, deadline time.Time, name string, t Type) Answer {
	q := question{canonical(name), t}
	sum := *c.ask(ctx, deadline, q)
	for sum.dangling {
		next := c.ask(ctx, deadline, question{sum.Owner, t})
		sum = sum.then(*next)
	}
	if sum.Status == facts.ServFail && sum.EDE == nil && t != CNAME {
		return c.retrace(ctx, deadline, sum)
	}
	return sum
}

// retrace looks for the cause of a failure in the aliases, one by one: a resolver
// that was led in a circle says only that it failed.
func (c *Client) retrace(ctx context.Context, deadline time.Time, failed Answer) Answer {
	walk := failed
	walk.Status, walk.Aliases = facts.Answered, failed.Aliases[:len(failed.Aliases):len(failed.Aliases)]
	for walk.Status == facts.Answered {
		next := c.ask(ctx, deadline, question{walk.Owner, CNAME})
		if next.Aliases == nil {
			return failed
		}
		walk.step(next.Aliases[0])
	}
	return walk
}

// Addresses asks for addresses of both families at the same time.
func (c *Client) Addresses(ctx context.Context, deadline time.Time, name string) (v4, v6 *Answer) {
	v4, v6 = new(Answer), new(Answer)
	var other sync.WaitGroup
	other.Go(func() { *v6 = c.Lookup(ctx, deadline, name, AAAA) })
	*v4 = c.Lookup(ctx, deadline, name, A)
	other.Wait()
	return v4, v6
}

// logged is a query with when it began.
type logged struct {
	facts.Query
	at time.Time
}

// Queries are all that were made, in the order of their beginnings.
func (c *Client) Queries() []facts.Query {
	c.mu.Lock()
	defer c.mu.Unlock()
	sort.SliceStable(c.log, func(i, j int) bool {
		a, b := c.log[i], c.log[j]
		return cmp.Or(a.at.Compare(b.at), strings.Compare(a.Name+" "+a.Type, b.Name+" "+b.Type)) < 0
	})
	var all []facts.Query
	for _, l := range c.log {
		all = append(all, l.Query)
	}
	return all
}

// canonical is a name as it is compared and printed: lower case, without the dot
// at its end; the root is ".".
func canonical(name string) string {
	b := []byte(strings.TrimSuffix(name, "."))
	for i, c := range b {
		if 'A' <= c && c <= 'Z' { // of ASCII only (RFC 4343 section 3)
			b[i] += 'a' - 'A'
		}
	}
	if len(b) == 0 {
		return "."
	}
	return string(b)
}
