package batch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/session"
	"check_smtp/internal/targets"
)

// TestQueue: every row is handed out, none twice, and no host has more at a time than
// it may.
func TestQueue(t *testing.T) {
	const rows, workers = 500, 20
	for _, per := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			hosts := make([]string, rows)
			for i := range hosts {
				hosts[i] = []string{"a", "b", "c", ""}[rand.IntN(4)]
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			q := NewQueue(ctx, hosts, per)
			var mu sync.Mutex
			now, seen := map[string]int{}, make([]int, rows)
			enter := func(host string, n int) {
				mu.Lock()
				defer mu.Unlock()
				if now[host] += n; host != "" && now[host] > per {
					t.Errorf("%d rows with %s", now[host], host)
				}
			}
			var all sync.WaitGroup
			for range workers {
				all.Go(func() {
					for i, ok := q.Next(); ok; i, ok = q.Next() {
						enter(hosts[i], 1)
						time.Sleep(time.Duration(i%7) * time.Millisecond)
						enter(hosts[i], -1)
						mu.Lock()
						seen[i]++
						again := seen[i] == 1 && i%11 == 0
						mu.Unlock()
						if again {
							q.Again(i, "nowhere")
						} else {
							q.Done(i)
						}
					}
				})
			}
			all.Wait()
			for i, n := range seen {
				if want := 1; n != want && !(i%11 == 0 && n == 2) {
					t.Errorf("row %d: %d times", i, n)
				}
			}
		})
	}
}

// TestWindow: no row runs so far ahead of one that takes its time that the results
// between them fill the memory.
func TestWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		q := NewQueue(ctx, make([]string, 2*window), 1)
		for want := range window {
			if i, ok := q.Next(); i != want || !ok {
				t.Fatalf("%d, %v, want %d", i, ok, want)
			}
			if want > 0 {
				q.Done(want)
			}
		}
		next := make(chan int)
		go func() { i, _ := q.Next(); next <- i }()
		synctest.Wait()
		select {
		case i := <-next:
			t.Errorf("row %d begins", i)
		default:
		}
		q.Printed(1)
		if i := <-next; i != window {
			t.Errorf("row %d begins", i)
		}
		go func() { _, ok := q.Next(); next <- map[bool]int{true: 1}[ok] }()
		cancel()
		if <-next != 0 {
			t.Error("a row begins behind the end")
		}
	})
}

// world is a network in which every address answers.
type world struct{ targets.Network }

func (world) Dial(context.Context, time.Time, session.Target) (net.Conn, error) {
	client, server := net.Pipe()
	server.Close()
	return client, nil
}

// TestGate: one session at an address; who finds it busy dials no other one either,
// unless the row has had a session: then it goes on. A web server may be asked at any
// time.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		q := NewQueue(ctx, []string{"a", "b", "c"}, 1)
		at := func(last byte) session.Target {
			return session.Target{Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, last}), 25)}
		}
		soon := func() time.Time { return time.Now().Add(time.Second) }
		first, second, third := q.Gate(world{}), q.Gate(world{}), q.Gate(world{})
		conn, err := first.Dial(ctx, soon(), at(1))
		if err != nil {
			t.Fatal(err)
		}
		for _, last := range []byte{1, 2} {
			if _, err := second.Dial(ctx, soon(), at(last)); err == nil || second.Busy() != "192.0.2.1" {
				t.Errorf("%d: %v, busy %q", last, err, second.Busy())
			}
		}
		elsewhere, err := third.Dial(ctx, soon(), at(3))
		if err != nil {
			t.Fatal(err)
		}
		elsewhere.Close()
		policy := session.Target{Addr: netip.AddrPortFrom(at(1).Addr.Addr(), web)}
		if _, err := q.Gate(world{}).Dial(ctx, soon(), policy); err != nil {
			t.Error(err)
		}
		late, err := third.Dial(ctx, soon(), at(1))
		if err != nil || third.Busy() != "" {
			t.Fatalf("%v, busy %q", err, third.Busy())
		}
		conn.Close()
		conn.Close()
		third.Leave() // as if it hung, and was given up
		again, err := first.Dial(ctx, soon(), at(1))
		if err != nil {
			t.Fatal(err)
		}
		late.Close() // too late to give back what is another one's
		if q.places["192.0.2.1"] != 1 {
			t.Error(fmt.Sprint(q.places))
		}
		again.Close()
		if len(q.places) != 0 {
			t.Error(fmt.Sprint(q.places))
		}
	})
}

// TestReserve: a row begins when all of its addresses are free, and gives none of them
// back before its end.
func TestReserve(t *testing.T) {
	q := NewQueue(t.Context(), []string{"a", "b", "c"}, 1)
	addr := func(last byte) netip.Addr { return netip.AddrFrom4([4]byte{192, 0, 2, last}) }
	first, second, third := q.Gate(world{}), q.Gate(world{}), q.Gate(world{})
	if !first.Reserve([]netip.Addr{addr(1), addr(2), addr(1)}) {
		t.Fatal("nobody is there, and all are busy")
	}
	if second.Reserve([]netip.Addr{addr(3), addr(2), addr(4)}) || second.Busy() != "192.0.2.2" || q.places["192.0.2.3"] != 0 {
		t.Errorf("busy %q, places %v", second.Busy(), q.places)
	}
	for range 2 {
		conn, err := first.Dial(t.Context(), time.Now().Add(time.Minute), session.Target{Addr: netip.AddrPortFrom(addr(1), 25)})
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	if third.Reserve([]netip.Addr{addr(1)}) {
		t.Error("what is reserved is free between two sessions")
	}
	unknown := q.Gate(world{})
	if !unknown.Reserve(nil) { // its names are looked up by its sessions
		t.Error("nothing is asked for, and something is busy")
	}
	if _, err := unknown.Dial(t.Context(), time.Now().Add(time.Minute), session.Target{Addr: netip.AddrPortFrom(addr(2), 25)}); err == nil || unknown.Busy() != "192.0.2.2" {
		t.Errorf("a row that could still begin anew dials what is busy: %v, busy %q", err, unknown.Busy())
	}
	first.Leave()
	if len(q.places) != 0 || !q.Gate(world{}).Reserve([]netip.Addr{addr(1), addr(2)}) {
		t.Error(fmt.Sprint(q.places))
	}
}
