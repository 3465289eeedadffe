package batch

import (
	"context"
	"sync"
)

// window is how far ahead of the oldest row that has no result another one may be:
// results wait for their turn to be printed.
const window = 2000

// Queue hands out the rows of a list.
type Queue struct {
	per  int         // sessions with one host at the same time
	over func() bool // whether nothing more is to be begun

	mu      sync.Mutex
	free    *sync.Cond // a row may have come free
	changed bool       // nobody has looked since
	hosts   []int      // which each row talks to, by number; where that is not known, a number of its own
	talking []int      // rows at hand, by host
	states  []state
	first   int            // the first row that may be handed out
	end     int            // and where the window ends
	places  map[string]int // sessions at hand, by address
}

// state is what has become of a row.
type state struct {
	taken bool
	wants string // the address that it found busy; "": none
}

// NewQueue makes a queue. hosts are whom the rows name; "": that is not known yet. It
// is over when ctx is.
func NewQueue(ctx context.Context, hosts []string, per int) *Queue {
	q := &Queue{per: per, over: func() bool { return ctx.Err() != nil }, hosts: make([]int, len(hosts)), states: make([]state, len(hosts)), end: window, places: map[string]int{}, changed: true}
	q.free = sync.NewCond(&q.mu)
	numbers := map[string]int{}
	for i, host := range hosts {
		n, known := numbers[host]
		if !known || host == "" {
			n = len(q.talking)
			numbers[host] = n
			q.talking = append(q.talking, 0)
		}
		q.hosts[i] = n
	}
	context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.free.Broadcast()
	})
	return q
}

// Next is the next row to carry out. It waits for one; ok says whether there is any.
func (q *Queue) Next() (row int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.over() {
		if i := q.pick(); i >= 0 {
			q.states[i].taken = true
			q.talking[q.hosts[i]]++
			q.free.Signal() // there may be another one
			return i, true
		}
		if q.changed = false; q.first == len(q.states) {
			q.free.Broadcast() // so that all see that there is none
			return 0, false
		}
		q.free.Wait()
	}
	return 0, false
}

// pick is a row that may be carried out now; below 0: there is none. mu is held.
func (q *Queue) pick() (row int) {
	for q.first < len(q.states) && q.states[q.first].taken {
		q.first++
	}
	for i := q.first; q.changed && i < min(q.end, len(q.states)); i++ {
		if s := q.states[i]; !s.taken && q.talking[q.hosts[i]] < q.per && (s.wants == "" || q.places[s.wants] < q.per) {
			return i
		}
	}
	return -1
}

// change tells that a row may have come free. mu is held.
func (q *Queue) change() {
	q.changed = true
	q.free.Signal()
}

// Done tells that a row is carried out.
func (q *Queue) Done(i int) { q.back(i, false, "") }

// Again puts a row back that has found an address busy.
func (q *Queue) Again(i int, address string) { q.back(i, true, address) }

func (q *Queue) back(i int, again bool, wants string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.talking[q.hosts[i]]--
	if again {
		q.states[i] = state{wants: wants}
		q.first = min(q.first, i)
	}
	q.change()
}

// Printed tells how many rows have been printed.
func (q *Queue) Printed(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.end = n + window
	q.change()
}
