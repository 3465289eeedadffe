package targets

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"check_smtp/internal/dane"
	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/resolve"
	"check_smtp/internal/session"
)

// target is one thing to have a session with.
type target struct {
	probe    plan.Probe
	session  facts.Session // what is known of it; begun only once it has ended
	progress session.Progress
	before   []facts.Record // what was done for it before its session
	playing  bool
	done     bool
	why      string // this machine cannot reach its family; "": it can, or nobody knows
	skipped  bool   // for that
}

// targets are what is to be played: for each host as many as there are addresses
// that count. No address is played twice, unless what it shows may depend on the
// name that it is asked by.
func (f *finder) targets() []*target {
	var all []*target
	taken := map[string]string{} // the host of an address and port
	for i, h := range f.found.Hosts {
		lost := f.lost[i]
		if lost.all != nil {
			all = append(all, f.missing(h, lost.all))
			continue
		}
		for _, addrs := range groups(wanted(h.Addrs, f.probe.Network), f.plan.Addresses) {
			if len(addrs) > 0 {
				at := netip.AddrPortFrom(addrs[0], uint16(h.Port)).String()
				if other, is := taken[at]; is && f.found.Kind != facts.ByHost { // whose names the user wants to see tried
					f.lint(facts.LintSame, h.Host, other)
					if !f.probe.TLS.Mode.Required() {
						continue
					}
				}
				taken[at] = h.Host
			}
			all = append(all, f.target(h, addrs))
		}
		if lost.half != nil {
			all = append(all, f.missing(h, lost.half))
		}
	}
	if f.found.Cut = max(0, len(all)-f.plan.Most); f.found.Cut > 0 {
		all = all[:f.plan.Most]
	}
	return all
}

// missing is a target that there is nothing to connect to of.
func (f *finder) missing(h facts.Exchanger, why *facts.Absence) *target {
	t := f.target(h, nil)
	t.session.Absent, t.done = why, true
	return t
}

// groups are the addresses of a host, parted by session. Without any the session
// looks the host up.
func groups(addrs []netip.Addr, rule plan.Addresses) [][]netip.Addr {
	if len(addrs) == 0 || rule == plan.FirstAddress {
		return [][]netip.Addr{addrs}
	}
	var list [][]netip.Addr
	for i, a := range addrs {
		if rule == plan.EachAddress || i == 0 || a.Is4() != addrs[i-1].Is4() {
			list = append(list, []netip.Addr{a})
		}
	}
	return list
}

// target is a host with the plan for its session.
func (f *finder) target(h facts.Exchanger, addrs []netip.Addr) *target {
	t := &target{probe: f.probe}
	p := &t.probe
	p.Host, p.Port, p.Addrs = h.Host, h.Port, addrs
	if p.Network != plan.UNIX && !f.plan.Named {
		name(&p.TLS, h.Host)
		p.TLS.Also = f.plan.ServiceDomain() // RFC 6186 section 6
	}
	if _, err := netip.ParseAddr(h.Host); err != nil {
		resolution := plan.Step{Phase: plan.DNS}
		switch {
		case addrs == nil:
			p.Steps = append([]plan.Step{resolution}, p.Steps...)
		case f.found.Kind == facts.ByHost: // as in a run that looks it up in its session
			t.before = []facts.Record{{Step: resolution, Took: h.Took}}
		}
	}
	t.session = facts.Session{Host: h.Host, Port: h.Port, Addrs: addrs, Rank: h.Rank, Timeout: p.Timeout}
	return t
}

// name sets what is sent and what the certificate has to hold. An address is no
// name to send (RFC 6066 section 3) unless the user insists.
func name(t *plan.TLS, host string) {
	t.Name = strings.TrimSuffix(host, ".")
	a, err := netip.ParseAddr(t.Name)
	if err == nil {
		t.Name = a.WithZone("").String()
	}
	if t.SNI = t.Name; err == nil && !t.SendIP {
		t.SNI = ""
	}
}

// playAll plays every target, some at the same time, but no two with one host.
func (s *survey) playAll(ctx context.Context) {
	var workers sync.WaitGroup
	free := sync.NewCond(&s.mu)
	for range min(s.plan.Parallel, len(s.all)) {
		workers.Go(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			for t := s.next(free); t != nil; t = s.next(free) {
				until, span := s.share(t)
				s.mu.Unlock()
				s.play(ctx, t, until, span)
				s.mu.Lock()
				free.Broadcast()
			}
		})
	}
	workers.Wait()
}

// next is a target that nobody plays and whose host nobody talks to, marked as
// being played; nil: there is no more to do. It waits for hosts that are busy. mu
// is held.
func (s *survey) next(free *sync.Cond) *target {
	for {
		left := false
		for _, t := range s.all {
			if t.done || t.playing {
				continue
			}
			if left = true; !s.busy(t) {
				t.playing = true
				return t
			}
		}
		if !left {
			return nil
		}
		free.Wait()
	}
}

// busy says whether somebody talks to a target's host. mu is held.
func (s *survey) busy(t *target) bool {
	return slices.ContainsFunc(s.all, func(o *target) bool { return o.playing && t.beside(o) })
}

// beside says whether two targets are of one host, by whatever name.
func (t *target) beside(o *target) bool {
	same := func(a netip.Addr) bool { return slices.Contains(t.session.Addrs, a) }
	return o.session.Host == t.session.Host || slices.ContainsFunc(o.session.Addrs, same)
}

// leastShare is the least time that a session gets while there is any.
const leastShare = time.Second

// jitter is what may be lost of a share before it is taken: a third of 6 seconds is 2
// all the same.
const jitter = 100 * time.Millisecond

// share is when the session of a target has to be over, and what of the time that
// is: what is left, shared by all that are still to come, and by those of its host,
// which are played one after the other, in whole seconds; or all the time of the run.
// So a text about it is the same in every run. mu is held.
func (s *survey) share(t *target) (until time.Time, span time.Duration) {
	waiting, behind := 1, 1
	for _, o := range s.all {
		if o.done || o.playing {
			continue
		}
		waiting++
		if t.beside(o) {
			behind++
		}
	}
	left := time.Until(s.deadline)
	span = min(left*time.Duration(s.plan.Parallel)/time.Duration(waiting), left/time.Duration(behind))
	if span = max(leastShare, span); span < left {
		span = (span + jitter).Truncate(time.Second)
	}
	if s.plan.Each > 0 {
		span = min(span, s.plan.Each)
	}
	if span >= left {
		return s.deadline, s.probe.Timeout
	}
	return time.Now().Add(span), span
}

// play has the session of a target, unless there is no time left for it.
func (s *survey) play(ctx context.Context, t *target, until time.Time, span time.Duration) {
	played := t.session
	switch {
	case ctx.Err() != nil:
		played.Absent = &facts.Absence{Kind: facts.AbsentStopped, Err: context.Cause(ctx)}
	case time.Now().Before(until):
		p := t.probe
		p.Timeout = time.Until(until)
		found := t.progress.Run(ctx, s.network, p, until, t.before...)
		found.Rank, found.DANE = played.Rank, played.DANE
		found.Timeout, found.Deadline = span, time.Time{} // of which nothing was lost
		s.meet(&found)
		played = found
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.session, t.playing, t.done = played, false, true
	t.why = s.foreign(&played)
	t.skipped = t.why != ""
}

// search finds the TLSA records of all targets at the same time, since they have to
// be known before a handshake. It leaves half of the time for the sessions.
func (s *survey) search(ctx context.Context) {
	if s.plan.DANE == plan.NotAsked {
		return
	}
	until := time.Now().Add(time.Until(s.deadline) / 2)
	found := make([]*facts.DANE, len(s.all))
	var all sync.WaitGroup
	for i, t := range s.all {
		if !t.done {
			all.Go(func() { found[i] = s.pins(ctx, t, until) })
		}
	}
	all.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, t := range s.all {
		t.session.DANE = found[i]
	}
}

// pins are the TLSA records of a target, and the name that they ask the session to
// be about (RFC 7672 section 8.1).
func (s *survey) pins(ctx context.Context, t *target, until time.Time) *facts.DANE {
	begin := time.Now()
	to := dane.Target{
		Host: t.session.Host, Port: t.session.Port, Strict: s.plan.DANE == plan.Require,
		Domain: s.plan.Domain, Expanded: s.facts.Found.Expanded, Signed: s.facts.Found.Secure,
	}
	if labels := strings.SplitN(s.plan.Service, ".", 3); len(labels) == 3 {
		to.Domain = labels[2] // RFC 7673 section 3.1
	}
	var d facts.DANE
	switch _, err := netip.ParseAddr(to.Host); {
	case s.plan.TLSA != nil:
		d = dane.Given(to, s.plan.TLSA)
	case err == nil: // nobody can publish anything about it
		d = facts.DANE{Host: to.Host, Port: to.Port, Result: facts.DANEMissing}
	default:
		d = dane.Find(to, func(name string, kind dane.Kind) dane.Answer { return s.ask(ctx, until, name, kind) })
		s.mu.Lock()
		s.facts.Times.TLSA = max(s.facts.Times.TLSA, time.Since(begin))
		s.mu.Unlock()
	}
	if d.Base != "" && !s.plan.Named {
		t.probe.TLS.SNI = d.Base
	}
	return &d
}

// ask asks the DNS on behalf of a search for TLSA records.
func (s *survey) ask(ctx context.Context, until time.Time, name string, kind dane.Kind) dane.Answer {
	a := s.dns.Lookup(ctx, until, name, resolve.Named(string(kind)))
	answer := dane.Answer{Query: a.Query, Records: a.TLSA, Expires: a.Expires}
	for _, alias := range a.Aliases {
		answer.Aliases = append(answer.Aliases, alias.To)
	}
	return answer
}

// meet holds the certificates that a session saw against the TLSA records.
func (s *survey) meet(f *facts.Session) {
	if f.DANE == nil {
		return
	}
	var chain [][]byte
	if f.TLS != nil {
		for _, c := range f.TLS.All {
			chain = append(chain, c.Raw)
		}
	}
	dane.Meet(f.DANE, chain, f.Start)
}

// foreign says why this machine has nothing of the family of an address, if that is
// why a session did not come about, unless that family was asked for.
func (s *survey) foreign(f *facts.Session) string {
	if s.probe.Network != plan.AnyIP || s.plan.Addresses == plan.FirstAddress || len(f.Addrs) != 1 || len(f.Records) == 0 || forMany(f.Addrs[0]) {
		return ""
	}
	failure := f.Records[len(f.Records)-1].Failure
	if failure == nil {
		return ""
	}
	if _, ours := errors.AsType[*facts.Unbound](failure.Err); ours {
		return "" // no port of ours is free, say
	}
	for _, errno := range []syscall.Errno{syscall.ENETUNREACH, syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT} {
		if errors.Is(failure.Err, errno) {
			return errno.Error()
		}
	}
	return ""
}

// forMany says whether an address is of no single machine, so that none has a way
// there.
func forMany(a netip.Addr) bool {
	return a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255})
}

// leaveOut passes over the targets of a family that this machine does not have, if
// anything else is left of their hosts. mu is held.
func (s *survey) leaveOut() {
	for _, t := range s.all {
		if !t.skipped {
			continue
		}
		if slices.ContainsFunc(s.all, func(o *target) bool { return o.alike(t.session.Addrs[0]) }) {
			t.skipped = false
			continue
		}
		t.skipped = slices.ContainsFunc(s.all, func(o *target) bool { return o.session.Host == t.session.Host && !o.skipped })
		if t.skipped {
			s.facts.Skipped = append(s.facts.Skipped, facts.Skipped{Rank: t.session.Rank, Host: t.session.Host, Addr: t.session.Addrs[0], Why: t.why})
		}
	}
}

// alike says whether this target shows that the machine has a way to addresses like
// another one: of its family, and as public as it is.
func (t *target) alike(a netip.Addr) bool {
	if t.why != "" || !t.session.Begun() || len(t.session.Addrs) != 1 {
		return false
	}
	own := t.session.Addrs[0]
	return own.Is4() == a.Is4() && own.IsPrivate() == a.IsPrivate() && !own.IsLoopback() && !own.IsLinkLocalUnicast() && !forMany(own)
}
