package targets

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
	"check_smtp/internal/resolve"
)

// finder finds the hosts, within a third of the time.
type finder struct {
	*survey
	ctx   context.Context
	until time.Time
	found facts.Discovery
	lost  []lack // of each host
}

// lack is what there is not of a host, or nobody can tell of.
type lack struct {
	all  *facts.Absence // nil: it has addresses
	half *facts.Absence // of addresses of one kind, where it has others; nil: nothing
}

// discover finds the targets.
func (s *survey) discover(ctx context.Context) {
	begin := time.Now()
	f := &finder{survey: s, ctx: ctx, until: begin.Add(time.Until(s.deadline) / 3)}
	f.found = s.looking()
	switch f.found.Kind {
	case facts.ByMX:
		f.exchangers()
	case facts.BySRV:
		f.services()
	default:
		for _, h := range s.plan.Hosts {
			f.found.Hosts = append(f.found.Hosts, facts.Exchanger{Host: h.Name, Port: h.Port})
		}
	}
	f.found.Rule = s.plan.Addresses
	s.mu.Lock()
	s.facts.Found = f.found // for who cannot wait until they are located
	s.facts.Found.Hosts = slices.Clone(f.found.Hosts)
	s.mu.Unlock()
	f.locate()
	all := f.targets()
	for _, t := range all {
		t.probe.Among = len(all)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts.Found, s.all = f.found, all
	s.facts.Times.Discover = time.Since(begin)
}

// looking is what is looked for.
func (s *survey) looking() facts.Discovery {
	switch {
	case s.plan.Domain != "":
		return facts.Discovery{Kind: facts.ByMX, Name: s.plan.Domain}
	case s.plan.Service != "":
		return facts.Discovery{Kind: facts.BySRV, Name: s.plan.Service}
	}
	return facts.Discovery{Kind: facts.ByHost}
}

// lookup asks for the records that name the hosts.
func (f *finder) lookup(name string, t resolve.Type) resolve.Answer {
	a := f.dns.Lookup(f.ctx, f.until, name, t)
	f.found.Secure = a.Secure
	if a.Unread > 0 && a.Status == facts.Answered {
		f.lint(facts.LintUnread, name, "")
	}
	return a
}

// exchangers are the hosts of a domain's MX records, or the domain itself where it
// is certain that there are none (RFC 5321 section 5.1).
func (f *finder) exchangers() {
	a := f.lookup(f.plan.Domain, resolve.MX)
	if len(a.Aliases) > 0 {
		f.found.Expanded = a.Owner
	}
	switch {
	case a.Status == facts.NoData:
		f.found.Implicit = true
		f.found.Hosts = []facts.Exchanger{{Host: f.plan.Domain, Port: f.probe.Port}}
		return
	case a.Status != facts.Answered:
		f.found.Failed = a.Query
		return
	}
	if len(a.MX) == 1 && a.MX[0].Host == "." {
		f.found.Null = true
		return
	}
	var hosts []facts.Exchanger
	for _, mx := range a.MX {
		hosts = append(hosts, facts.Exchanger{Rank: mx.Preference, Host: mx.Host, Port: f.probe.Port})
	}
	f.add(hosts)
	f.found.Null = f.found.Hosts == nil // twice
}

// services are the hosts of SRV records. All are played, so that weights do not
// matter (RFC 2782).
func (f *finder) services() {
	a := f.lookup(f.plan.Service, resolve.SRV)
	if a.Status != facts.Answered {
		if f.found.Null = a.Status.Denied(); !f.found.Null {
			f.found.Failed = a.Query
		}
		return
	}
	var hosts []facts.Exchanger
	for _, srv := range a.SRV {
		if srv.Target != "." && srv.Port != 0 {
			hosts = append(hosts, facts.Exchanger{Rank: srv.Priority, Weight: srv.Weight, Host: srv.Target, Port: srv.Port})
		}
	}
	f.add(hosts)
	if f.found.Null = hosts == nil; len(hosts) < len(a.SRV) && !f.found.Null {
		f.lint(facts.LintDot, ".", "")
	}
}

// add adds hosts in order, each once.
func (f *finder) add(hosts []facts.Exchanger) {
	sort.Slice(hosts, func(i, j int) bool {
		x, y := &hosts[i], &hosts[j]
		return cmp.Or(x.Rank-y.Rank, y.Weight-x.Weight, strings.Compare(x.Host, y.Host), x.Port-y.Port) < 0
	})
	for _, h := range hosts {
		named := func(other facts.Exchanger) bool { return other.Host == h.Host && other.Port == h.Port }
		switch {
		case h.Host == ".":
			f.lint(facts.LintDot, h.Host, "")
		case slices.ContainsFunc(f.found.Hosts, named):
			f.lint(facts.LintDuplicate, h.Host, "")
		default:
			f.found.Hosts = append(f.found.Hosts, h)
		}
	}
}

func (f *finder) lint(kind facts.TargetLintKind, host, of string) {
	l := facts.TargetLint{Kind: kind, Host: host, Of: of}
	if !slices.Contains(f.found.Lints, l) {
		f.found.Lints = append(f.found.Lints, l)
	}
}

// locate looks up the addresses of all hosts at the same time.
func (f *finder) locate() {
	var all sync.WaitGroup
	f.lost = make([]lack, len(f.found.Hosts))
	for i := range f.found.Hosts {
		all.Go(func() {
			h, begin := &f.found.Hosts[i], time.Now()
			f.lost[i] = f.place(h)
			h.Took = time.Since(begin)
		})
	}
	all.Wait()
	for _, h := range f.found.Hosts {
		if f.found.Kind == facts.ByHost || f.found.Implicit {
			continue
		}
		if h.Alias != "" && f.found.Kind == facts.ByMX {
			f.lint(facts.LintAlias, h.Host, h.Alias)
		}
		if !strings.Contains(h.Host, ".") && h.Host != "localhost" {
			f.lint(facts.LintLabel, h.Host, "")
		}
	}
}

// place finds the addresses of a host, and says why there are none. A host that
// the user has named is looked up by the system, and where it is played at the
// first address that answers, by its session; unless the user has named the
// resolver, too.
func (f *finder) place(e *facts.Exchanger) lack {
	if a, err := netip.ParseAddr(e.Host); err == nil {
		if f.found.Kind == facts.ByHost {
			e.Addrs = []netip.Addr{a}
			return lack{}
		}
		return lack{all: &facts.Absence{Kind: facts.AbsentLiteral}}
	}
	if f.found.Kind == facts.ByHost && (f.plan.DNS.Servers == nil || e.Host == localhost) {
		if f.plan.Addresses != plan.FirstAddress {
			ctx, cancel := context.WithDeadline(f.ctx, f.until)
			defer cancel()
			e.Addrs, _ = f.network.Lookup(ctx, string(f.probe.Network), e.Host)
			order(e.Addrs)
		}
		return lack{} // a session will say what is wrong
	}
	if e.Host == localhost {
		return lack{all: &facts.Absence{Kind: facts.AbsentLoopback}}
	}
	return f.resolve(e)
}

const localhost = "localhost" // RFC 6761 section 6.3

// resolve asks the DNS for both kinds of addresses: senders do not consult the
// hosts file.
func (f *finder) resolve(e *facts.Exchanger) lack {
	v4, v6 := f.dns.Addresses(f.ctx, f.until, e.Host)
	e.Secure = v4.Secure && v6.Secure
	for _, a := range []*resolve.Answer{v4, v6} {
		if len(a.Aliases) > 0 && (a.Status == facts.Answered || a.Status.Denied()) {
			e.Alias = a.Owner // which is not where a circle was left
		}
		for _, addr := range a.Addrs {
			e.Addrs = append(e.Addrs, addr.Unmap())
		}
	}
	order(e.Addrs)
	switch {
	case len(e.Addrs) > 0:
		return lack{f.absent(e), f.half(v4, v6)}
	case !v4.Status.Denied():
		return lack{all: &facts.Absence{Kind: facts.AbsentUnknown, Query: v4.Query}}
	case !v6.Status.Denied():
		return lack{all: &facts.Absence{Kind: facts.AbsentUnknown, Query: v6.Query}}
	case f.found.Kind == facts.ByHost:
		return lack{all: &facts.Absence{Kind: facts.AbsentUnknown, Query: v4.Query}}
	}
	return lack{all: &facts.Absence{Kind: facts.AbsentAddress}}
}

// half is what nobody can tell of a host of which some addresses are known. Where
// any of them will do it does not matter, nor does one of several that nobody can
// read, unless all are asked for.
func (f *finder) half(v4, v6 *resolve.Answer) *facts.Absence {
	if f.plan.Addresses == plan.FirstAddress {
		return nil
	}
	for _, one := range []struct {
		answer  *resolve.Answer
		foreign plan.Network
	}{{v4, plan.IPv6}, {v6, plan.IPv4}} {
		s := one.answer.Status
		known := s.Denied() || s == facts.Answered && (one.answer.Unread == 0 || f.plan.Addresses != plan.EachAddress)
		if !known && f.probe.Network != one.foreign {
			return &facts.Absence{Kind: facts.AbsentUnknown, Query: one.answer.Query}
		}
	}
	return nil
}

// absent says why none of a host's addresses will do; nil: some will. The address
// of a machine itself is what 127.0.0.1 and ::1 mean in a public zone.
func (f *finder) absent(e *facts.Exchanger) *facts.Absence {
	self := func(a netip.Addr) bool {
		return a == netip.AddrFrom4([4]byte{127, 0, 0, 1}) || a == netip.IPv6Loopback() || a.IsUnspecified()
	}
	switch {
	case f.found.Kind != facts.ByHost && slices.ContainsFunc(e.Addrs, self):
		return &facts.Absence{Kind: facts.AbsentLoopback}
	case len(wanted(e.Addrs, f.probe.Network)) == 0:
		return &facts.Absence{Kind: facts.AbsentFamily, Others: e.Addrs}
	}
	return nil
}

// order sorts addresses, IPv4 first, so that a run can be repeated.
func order(addrs []netip.Addr) {
	sort.Slice(addrs, func(i, j int) bool { return addrs[i].Less(addrs[j]) })
}

// wanted are the addresses of the families that are asked for.
func wanted(addrs []netip.Addr, network plan.Network) []netip.Addr {
	var list []netip.Addr
	for _, a := range addrs {
		if network == plan.AnyIP || a.Is4() == (network == plan.IPv4) {
			list = append(list, a)
		}
	}
	return list
}
