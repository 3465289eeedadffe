package targets

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/mtasts"
	"check_smtp/internal/plan"
	"check_smtp/internal/resolve"
	"check_smtp/internal/roots"
	"check_smtp/internal/session"
)

// policies finds out what the domain publishes for those who send to it.
func (s *survey) policies(ctx context.Context) {
	var both sync.WaitGroup
	if s.plan.TLSRPT != plan.NotAsked {
		both.Go(func() { s.reports(ctx) })
	}
	if s.plan.STS != plan.NotAsked {
		both.Go(func() { s.strict(ctx) })
	}
	both.Wait()
}

// reports looks for the TLSRPT record (RFC 8460 section 3), and where there is none
// at the name of an old draft.
func (s *survey) reports(ctx context.Context) {
	domain := s.plan.STSDomain()
	a := s.texts(ctx, mtasts.ReportName(domain))
	r := mtasts.Reports(a.TXT)
	r.Domain = domain
	if r.Missing() && (a.Status == facts.Answered || a.Status.Denied()) {
		old := s.texts(ctx, mtasts.OldReportName(domain))
		r.Old = len(old.TXT) > 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts.TLSRPT, s.facts.Reports = &r, a.Query
}

// texts are the TXT records of a name. What one says is void where another one says
// it, too (RFC 8461 section 3.1), so that one that nobody can read spoils all.
func (s *survey) texts(ctx context.Context, name string) resolve.Answer {
	a := s.dns.Lookup(ctx, s.deadline, name, resolve.TXT)
	if a.Unread > 0 && a.Status == facts.Answered {
		a.Status, a.TXT = facts.Malformed, nil
	}
	return a
}

// strict finds the policy of MTA-STS, and whether it covers the exchangers.
func (s *survey) strict(ctx context.Context) {
	sts := facts.STS{Domain: s.plan.STSDomain()}
	text := s.plan.Policy.Text
	if text == nil {
		begin := time.Now()
		a := s.texts(ctx, mtasts.RecordName(sts.Domain))
		sts.Record = mtasts.Record(a.TXT)
		s.mu.Lock() // a watchdog is to know it before the policy is there
		s.facts.Times.STSDNS = time.Since(begin)
		s.facts.Policy, s.record = a.Query, sts.Record
		s.mu.Unlock()
		if sts.Record.Usable() {
			text = s.fetch(ctx, &sts)
		}
	}
	if text != nil {
		p := mtasts.Policy(text)
		sts.Policy = &p
		s.cover(&sts)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts.STS = &sts
}

// fetch fetches the policy; nil: there is no text.
func (s *survey) fetch(ctx context.Context, sts *facts.STS) []byte {
	begin := time.Now()
	ctx, cancel := context.WithDeadline(ctx, s.deadline)
	defer cancel()
	host := mtasts.Host(sts.Domain)
	store := roots.System(s.probe.TLS.File, s.probe.TLS.Dirs)
	store.PEM = s.plan.Policy.CAs
	addrs, failed := s.hosts(ctx, host)
	found, text := mtasts.Fetch(ctx, mtasts.Source{Host: host, Addrs: addrs, Roots: store, Dial: s.dial})
	found.Lookup = failed
	sts.Fetch = &found
	s.mu.Lock()
	defer s.mu.Unlock()
	s.facts.Times.STSFetch = time.Since(begin)
	return text
}

// hosts is where the policy's host is, both families in turn, or the query that
// failed. Of which family the mail servers are asked for does not matter here.
func (s *survey) hosts(ctx context.Context, host string) (list []netip.AddrPort, failed facts.Query) {
	if at := s.plan.Policy.Address; at.IsValid() {
		return []netip.AddrPort{at}, failed
	}
	v4, v6 := s.dns.Addresses(ctx, s.deadline, host)
	addrs := append(v4.Addrs[:len(v4.Addrs):len(v4.Addrs)], v6.Addrs...)
	order(addrs)
	for _, a := range addrs {
		list = append(list, netip.AddrPortFrom(a, 443))
	}
	switch {
	case list != nil:
	case v4.Status.Denied() && !v6.Status.Denied():
		failed = v6.Query
	default:
		failed = v4.Query
	}
	return list, failed
}

func (s *survey) dial(ctx context.Context, deadline time.Time, to netip.AddrPort) (net.Conn, error) {
	return s.network.Dial(ctx, deadline, session.Target{Addr: to, Bind: s.probe.Bind})
}

// cover holds the exchangers against the policy, by the names that the MX records
// have (RFC 8461 section 4.1).
func (s *survey) cover(sts *facts.STS) {
	var hosts []string
	for _, h := range s.facts.Found.Hosts {
		hosts = append(hosts, h.Host)
	}
	sts.Hosts = mtasts.Cover(*sts.Policy, hosts)
	if s.facts.Found.Kind == facts.ByMX && hosts != nil {
		sts.Unused = mtasts.Unused(*sts.Policy, hosts)
	}
}
