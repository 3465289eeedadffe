package batch

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"check_smtp/internal/session"
	"check_smtp/internal/targets"
)

// Gate is the network of one row. It lets no more sessions than the queue allows talk
// to one address at the same time, whatever the rows call it. A row that finds an
// address busy before its first session dials no more and is to begin anew: what it
// waited for would be part of its own time. An address that only turns up later is
// dialled all the same: nothing is done twice.
type Gate struct {
	targets.Network
	queue *Queue

	mu    sync.Mutex
	begun bool           // the row has had a session
	busy  string         // the address that was
	all   bool           // the addresses of the row have been reserved, to its end
	holds map[string]int // places taken, by address
	left  bool           // the row is over
}

// Gate is for a row.
func (q *Queue) Gate(network targets.Network) *Gate {
	return &Gate{Network: network, queue: q, holds: map[string]int{}}
}

// Busy is the address that was found busy, for which the row is to wait; "": none
// was.
func (g *Gate) Busy() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.busy
}

// errBusy is never seen: the row begins anew.
const errBusy = syscall.EBUSY

// web is the port of policies, which are no sessions with a mail server.
const web = 443

// Dial connects when the address is free.
func (g *Gate) Dial(ctx context.Context, deadline time.Time, to session.Target) (net.Conn, error) {
	if to.Addr.Port() == web {
		return g.Network.Dial(ctx, deadline, to)
	}
	at := to.Path
	if at == "" {
		at = to.Addr.Addr().Unmap().String()
	}
	kept, err := g.enter(at)
	if err != nil {
		return nil, err
	}
	conn, err := g.Network.Dial(ctx, deadline, to)
	switch {
	case kept:
		return conn, err
	case err != nil:
		g.leave(at)
		return nil, err
	}
	return &held{Conn: conn, leave: sync.OnceFunc(func() { g.leave(at) })}, nil
}

// Reserve takes a place at each address, or at none if one is busy. A row of which no
// address is known has not begun by it.
func (g *Gate) Reserve(addrs []netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range addrs {
		at := a.Unmap().String()
		if g.holds[at] == 0 && !g.queue.enter(at, false) {
			for at := range g.holds {
				g.queue.leave(at, 1)
			}
			clear(g.holds)
			g.busy = at
			return false
		}
		g.holds[at] = 1
	}
	g.all, g.begun = true, len(g.holds) > 0
	return true
}

// enter takes a place at an address, unless the row is to begin anew, or has it.
func (g *Gate) enter(at string) (kept bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.busy != "" || g.left:
		return false, errBusy
	case g.all && g.holds[at] > 0:
		return true, nil
	case !g.queue.enter(at, g.begun):
		g.busy = at
		return false, errBusy
	}
	g.begun = true
	g.holds[at]++
	return false, nil
}

func (g *Gate) leave(at string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.left {
		g.holds[at]--
		g.queue.leave(at, 1)
	}
}

// Leave gives back what the row still holds, if it hangs on something.
func (g *Gate) Leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left = true
	for at, n := range g.holds {
		g.queue.leave(at, n)
	}
}

// held is a connection whose address is free when it is closed.
type held struct {
	net.Conn
	leave func()
}

func (h *held) Close() error {
	defer h.leave()
	return h.Conn.Close()
}

// Pending is asked of connections that know what has come unasked.
func (h *held) Pending() bool {
	p, ok := h.Conn.(interface{ Pending() bool })
	return ok && p.Pending()
}

// enter takes a place at an address, if there is one, or in any case.
func (q *Queue) enter(at string, anyway bool) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.places[at] >= q.per && !anyway {
		return false
	}
	q.places[at]++
	return true
}

func (q *Queue) leave(at string, n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.places[at] -= n; q.places[at] <= 0 {
		delete(q.places, at)
	}
	q.change()
}
