package batch

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"

	"check_smtp/internal/session"
	"check_smtp/internal/targets"
)

// Gate is the network of one row. It lets no more sessions than the queue allows talk
// to one address at the same time, whatever the rows call it. A row that finds an
// address busy before its first session dials no more and is to begin anew: what it
// waited for would be part of its own time. Later it waits: nothing is done twice.
type Gate struct {
	targets.Network
	queue *Queue

	mu    sync.Mutex
	begun bool           // the row has had a session
	busy  string         // the address that was
	holds map[string]int // sessions at hand, by address
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
	if err := g.enter(ctx, deadline, at); err != nil {
		return nil, err
	}
	conn, err := g.Network.Dial(ctx, deadline, to)
	if err != nil {
		g.leave(at)
		return nil, err
	}
	return &held{Conn: conn, leave: sync.OnceFunc(func() { g.leave(at) })}, nil
}

func (g *Gate) enter(ctx context.Context, deadline time.Time, at string) error {
	if wait, err := g.try(at); !wait {
		return err
	}
	if err := g.queue.wait(ctx, deadline, at); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.holds[at]++
	return nil
}

// try takes a place at an address if there is one. wait says that there is none yet.
func (g *Gate) try(at string) (wait bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.busy != "" || g.left:
		return false, errBusy
	case g.queue.enter(at):
		g.begun = true
		g.holds[at]++
		return false, nil
	case g.begun:
		return true, nil
	}
	g.busy = at
	return false, errBusy
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

// enter takes a place at an address, if there is one.
func (q *Queue) enter(at string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.places[at] >= q.per {
		return false
	}
	q.places[at]++
	return true
}

// wait takes a place when there is one.
func (q *Queue) wait(ctx context.Context, deadline time.Time, at string) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.placed.Broadcast()
	})
	defer stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.places[at] >= q.per {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		q.placed.Wait()
	}
	q.places[at]++
	return nil
}

func (q *Queue) leave(at string, n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.places[at] -= n; q.places[at] <= 0 {
		delete(q.places, at)
	}
	q.placed.Broadcast()
	q.change()
}
