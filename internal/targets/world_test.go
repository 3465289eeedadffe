package targets

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/session"
	"check_smtp/internal/smtptest"
)

// world is a network in which play says what the DNS answers, and all servers are
// well, but for those that hang.
type world struct {
	play  func(query dnsmessage.Message, network string) []said
	hangs func(netip.Addr) bool // nil: none
	slow  time.Duration         // how long a server takes to say hello

	mu     sync.Mutex
	busy   []netip.Addr // who is being talked to
	most   int          // at the same time
	twice  bool         // one address was talked to twice at the same time
	dialed []netip.AddrPort
	asked  int
	plays  sync.WaitGroup
}

// said is what comes back, after some time. nil: nothing.
type said struct {
	after  time.Duration
	packet []byte
}

func (w *world) Exchange(ctx context.Context, deadline time.Time, network string, _ netip.AddrPort, query []byte, accept func([]byte) bool) ([]byte, error) {
	w.mu.Lock()
	w.asked++
	w.mu.Unlock()
	ctx, cancel := context.WithDeadlineCause(ctx, deadline, os.ErrDeadlineExceeded)
	defer cancel()
	var q dnsmessage.Message
	if err := q.Unpack(query); err != nil {
		panic(err)
	}
	for _, s := range w.play(q, network) {
		select {
		case <-time.After(s.after):
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if accept(s.packet) {
			return s.packet, nil
		}
	}
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func (w *world) Lookup(context.Context, string, string) ([]netip.Addr, error) {
	return nil, &net.DNSError{IsNotFound: true}
}

func (w *world) Dial(ctx context.Context, deadline time.Time, to session.Target) (net.Conn, error) {
	a := to.Addr.Addr()
	w.mu.Lock()
	w.twice = w.twice || slices.Contains(w.busy, a)
	w.busy, w.dialed = append(w.busy, a), append(w.dialed, to.Addr)
	w.most = max(w.most, len(w.busy))
	w.mu.Unlock()
	leave := func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		i := slices.Index(w.busy, a)
		w.busy = slices.Delete(w.busy, i, i+1)
	}
	if w.hangs != nil && w.hangs(a) {
		defer leave()
		ctx, cancel := context.WithDeadline(ctx, deadline)
		defer cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	script, err := smtptest.ParseScript("+" + max(w.slow, time.Millisecond).String() + "\nS: 220 mx\nC: EHLO probe.test\nS: 250 mx\nC: QUIT\nS: 221 bye\n")
	if err != nil {
		panic(err)
	}
	client, play := smtptest.Pipe(script, nil)
	w.plays.Go(func() { play() })
	return &left{client, sync.OnceFunc(leave)}, nil
}

// left is a connection that tells when it is closed.
type left struct {
	net.Conn
	leave func()
}

func (l *left) Close() error {
	l.leave()
	return l.Conn.Close()
}

// knows answers by a zone.
func knows(text string) func(dnsmessage.Message, string) []said {
	zone, err := smtptest.ReadZone(text)
	if err != nil {
		panic(err)
	}
	return func(q dnsmessage.Message, _ string) []said {
		query, err := q.Pack()
		if err != nil {
			panic(err)
		}
		if answer := zone.Reply(query); answer != nil {
			return []said{{0, answer}}
		}
		return nil
	}
}

// asked is a plan for a domain.
func asked(domain string, edits ...func(*plan.Plan)) plan.Plan {
	p := plan.Plan{
		Probe: plan.Probe{
			Host: domain, Port: 25, Name: "probe.test", Greeting: plan.Auto, Network: plan.AnyIP, Timeout: 10 * time.Second,
			Steps: []plan.Step{{Phase: plan.Connect}, {Phase: plan.Banner}, {Phase: plan.Ehlo}, {Phase: plan.Quit}},
		},
		Targets: &plan.Targets{Domain: domain, Addresses: plan.FamilyAddress, Most: 16, Parallel: 4},
	}
	for _, edit := range edits {
		edit(&p)
	}
	return p
}

// played is a run in a bubble, at the end of which nothing may go on.
func played(t *testing.T, w *world, p plan.Plan) (run facts.Run, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		run = Run(t.Context(), w, p, Start{Deadline: begin.Add(p.Probe.Timeout)}, new(Progress))
		took = time.Since(begin)
		w.plays.Wait()
	})
	return run, took
}
