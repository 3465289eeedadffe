// Package targets plays a run that is about more than one server, or about more
// than a session tells: it finds the servers of a domain, asks the DNS for what
// they publish, plays a session with each, and writes all of it down. It holds no
// opinion, and reads no other DNS than that of the run.
package targets

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/resolve"
	"check_smtp/internal/session"
)

// Network is how a run reaches the world.
type Network interface {
	session.Network
	resolve.Exchanger
}

// Reserver is a Network in which others may be talking to the servers of a run.
type Reserver interface {
	// Reserve says whether all of these are free, and keeps them so. Nothing is
	// played where they are not.
	Reserve(addrs []netip.Addr) bool
}

// Start is what a run has behind it when it begins.
type Start struct {
	Deadline   time.Time     // of all of it
	Credential time.Duration // what finding the password took; 0: nobody was waited for
}

// Run plays a plan. It always returns, at the deadline or when ctx ends at the
// latest; whatever went wrong is in the facts. progress can be asked meanwhile.
func Run(ctx context.Context, network Network, p plan.Plan, start Start, progress *Progress) facts.Run {
	if p.Targets == nil {
		var before []facts.Record
		if start.Credential != 0 {
			before = []facts.Record{{Step: plan.Step{Phase: plan.Credential}, Took: start.Credential}}
		}
		return facts.Of(progress.single.Run(ctx, network, p.Probe, start.Deadline, before...))
	}
	s := newSurvey(network, p, start)
	progress.begin(s)
	s.discover(ctx)
	if r, ok := network.(Reserver); ok && !r.Reserve(s.addrs()) {
		return s.end()
	}
	var beside sync.WaitGroup
	beside.Go(func() { s.policies(ctx) })
	s.search(ctx)
	s.playAll(ctx)
	beside.Wait()
	return s.end()
}

// survey is one run.
type survey struct {
	network  Network
	plan     plan.Targets
	probe    plan.Probe
	dns      *resolve.Client
	deadline time.Time // one for all, absolute

	mu     sync.Mutex // what follows is read by a watchdog, too
	facts  facts.Survey
	record facts.STSRecord // of MTA-STS, while its policy is fetched
	all    []*target       // in order; set once
	done   bool
}

func newSurvey(network Network, p plan.Plan, start Start) *survey {
	config := resolve.Parse(p.Targets.DNS.Conf)
	if p.Targets.DNS.Servers != nil {
		config = resolve.Config{Servers: p.Targets.DNS.Servers}
	}
	config.Trust = p.Targets.DNS.Trust
	return &survey{
		network: network, plan: *p.Targets, probe: p.Probe, dns: resolve.New(network, config),
		deadline: start.Deadline,
		facts:    facts.Survey{Start: time.Now(), Times: facts.Times{Credential: start.Credential}},
	}
}

// addrs are those of all targets, as far as they are known.
func (s *survey) addrs() (all []netip.Addr) {
	for _, t := range s.all {
		all = append(all, t.session.Addrs...)
	}
	return all
}

// end is all that happened.
func (s *survey) end() facts.Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done = true
	s.facts.Took = time.Since(s.facts.Start)
	s.facts.Queries = s.dns.Queries()
	s.leaveOut()
	run := facts.Run{Survey: &s.facts}
	for _, t := range s.all {
		if !t.skipped {
			run.Sessions = append(run.Sessions, t.session)
		}
	}
	return run
}
