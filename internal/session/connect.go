package session

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// Network is how a session reaches the world, the one seam between the program
// and its tests.
type Network interface {
	// Lookup resolves a name to at least one address, or fails. network is
	// "ip", "ip4" or "ip6".
	Lookup(ctx context.Context, network, host string) ([]netip.Addr, error)
	// Dial connects before the deadline, from the address bind unless that is
	// zero. The connection has that deadline already.
	Dial(ctx context.Context, deadline time.Time, to Target) (net.Conn, error)
}

// Target is one thing to connect to.
type Target struct {
	Addr netip.AddrPort // invalid: Path counts
	Path string         // of a UNIX stream socket
	Bind netip.Addr     // source address; zero: any
}

// leastTry is the least time that one address of several gets. Without a
// share of its own, a dead first address would use up the whole run.
const leastTry = time.Second

func (t *talk) resolve(ctx context.Context) error {
	ctx, cancel := context.WithDeadline(ctx, t.deadline)
	defer cancel()
	addrs, err := t.network.Lookup(ctx, string(t.probe.Network), t.probe.Host)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	for _, a := range addrs {
		t.targets = append(t.targets, t.to(a))
	}
	return nil
}

func (t *talk) to(a netip.Addr) Target {
	return Target{Addr: netip.AddrPortFrom(a.Unmap(), uint16(t.probe.Port)), Bind: t.probe.Bind}
}

// literal are the targets when there is no name to resolve.
func (t *talk) literal() ([]Target, error) {
	if t.probe.Network == plan.UNIX {
		return []Target{{Path: t.probe.Host}}, nil
	}
	if t.probe.Addrs != nil {
		var targets []Target
		for _, a := range t.probe.Addrs {
			targets = append(targets, t.to(a))
		}
		return targets, nil
	}
	a, err := netip.ParseAddr(t.probe.Host)
	if err != nil {
		return nil, errors.New("not an address: " + t.probe.Host)
	}
	return []Target{t.to(a)}, nil
}

// connect tries each address in turn until one connects. The error is that of
// the last one, as in the C plugin, but what this machine lacks for one address
// does not hide what is wrong at another.
func (t *talk) connect(ctx context.Context) error {
	if t.targets == nil {
		var err error
		if t.targets, err = t.literal(); err != nil {
			return err
		}
	}
	var last error
	for i, to := range t.targets {
		begin := time.Now()
		conn, err := t.network.Dial(ctx, t.share(len(t.targets)-i), to)
		t.reach = time.Since(begin)
		t.tried(facts.Try{Addr: to.Addr.Addr(), Took: t.reach, Err: err})
		if err == nil {
			return t.adopt(ctx, conn, to)
		}
		if last == nil || !homeless(err) {
			last = err
		}
		if ctx.Err() != nil || !time.Now().Before(t.deadline) {
			break
		}
	}
	return last
}

func homeless(err error) bool {
	_, ours := errors.AsType[*facts.Unbound](err)
	return ours
}

// maxTries is how many tries are written down, that which succeeded not counted.
const maxTries = 20

// tried writes down which of several addresses were dead, and which one was not.
func (t *talk) tried(try facts.Try) {
	switch {
	case len(t.targets) < 2:
	case try.Err == nil || len(t.facts.Tries) < maxTries:
		t.facts.Tries = append(t.facts.Tries, try)
	default:
		t.facts.Untold++
	}
}

// share is the deadline of one of n tries that are still to come.
func (t *talk) share(n int) time.Time {
	left := time.Until(t.deadline)
	share := time.Now().Add(max(left/time.Duration(n), leastTry))
	if n == 1 || share.After(t.deadline) {
		return t.deadline
	}
	return share
}

func (t *talk) adopt(ctx context.Context, conn net.Conn, to Target) error {
	t.raw, t.conn, t.reader, t.target = conn, conn, smtp.NewReader(conn), to
	t.facts.Address = to.Addr.Addr()
	err := conn.SetDeadline(t.deadline)
	// Told to stop, every read and write fails at once.
	t.unwatch = context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	return err
}
