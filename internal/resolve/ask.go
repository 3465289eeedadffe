package resolve

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"slices"
	"time"

	"check_smtp/internal/facts"
)

// patience is the most that one server gets for one try, and lastPatience for the
// last one: some are slow, and a longer -t has to help.
const (
	patience     = 1500 * time.Millisecond
	lastPatience = 5 * time.Second
)

// memo is an answer, or will be one.
type memo struct {
	done   chan struct{} // closed when answer is there
	answer *Answer       // everybody's, and never changed
}

// ask makes one query, unless it was made before. Who is told to stop leaves
// nothing behind for others.
func (c *Client) ask(ctx context.Context, deadline time.Time, q question) *Answer {
	for {
		m, mine := c.recall(q)
		if mine {
			c.find(ctx, deadline, q, m)
			return m.answer
		}
		if !wait(ctx, deadline, m.done) {
			return q.failed(overdue(ctx)).because(ctx)
		}
		if m.answer.Status != facts.Abandoned || ctx.Err() != nil {
			return m.answer
		}
	}
}

// recall is what is remembered of a question; mine: it is for the caller to find.
func (c *Client) recall(q question) (m *memo, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.known[q]; m != nil {
		return m, false
	}
	m = &memo{done: make(chan struct{})}
	c.known[q] = m
	return m, true
}

func (c *Client) find(ctx context.Context, deadline time.Time, q question, m *memo) {
	begin := time.Now()
	m.answer = c.query(ctx, deadline, q)
	m.answer.Took = time.Since(begin)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.log = append(c.log, logged{m.answer.Query, begin})
	if m.answer.Status == facts.Abandoned {
		delete(c.known, q)
	}
	close(m.done)
}

func wait(ctx context.Context, deadline time.Time, done chan struct{}) bool {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// overdue is why a wait ended without an answer.
func overdue(ctx context.Context) facts.QueryStatus {
	if errors.Is(ctx.Err(), context.Canceled) {
		return facts.Abandoned
	}
	return facts.NoAnswer
}

// because adds who told us to stop, where that is why there is no answer.
func (a *Answer) because(ctx context.Context) *Answer {
	if a.Status == facts.Abandoned {
		a.Err = context.Cause(ctx)
	}
	return a
}

// failed is the answer where there is none.
func (q question) failed(s facts.QueryStatus) *Answer {
	return &Answer{Query: facts.Query{Name: q.name, Type: q.typ.String(), Status: s}, Owner: q.name}
}

// query asks the servers in order, and again those that did not answer. One that
// answers that it cannot is not asked again.
func (c *Client) query(ctx context.Context, deadline time.Time, q question) *Answer {
	if _, err := q.pack(flavour{}); err != nil {
		return q.failed(facts.Malformed)
	}
	worst := q.failed(facts.NoAnswer)
	queue := append(slices.Clip(c.config.Servers), c.config.Servers...)
	for len(queue) > 0 && ctx.Err() == nil && time.Now().Before(deadline) {
		t := try{c: c, q: q, server: queue[0], deadline: deadline, turns: len(queue)}
		a := t.run(ctx)
		weight := a.weight()
		if weight == conclusive {
			return a
		}
		if weight > worst.weight() || !worst.Server.IsValid() {
			worst = a
		}
		if queue = queue[1:]; weight == declined {
			queue = slices.DeleteFunc(queue, func(s netip.AddrPort) bool { return s == t.server })
		}
	}
	if overdue(ctx) == facts.Abandoned {
		worst.Status = facts.Abandoned
	}
	return worst.because(ctx)
}

// What an outcome says about the question, from nothing to all that there is to
// know.
const (
	unheard = iota // nobody was there
	silent
	declined
	conclusive
)

func (a *Answer) weight() int {
	switch a.Status {
	case facts.Unreachable:
		return unheard
	case facts.NoAnswer, facts.Abandoned:
		return silent
	case facts.ServFail, facts.Refused:
		return declined
	case facts.Malformed:
		if len(a.Aliases) == 0 {
			return declined
		}
	}
	return conclusive
}

// try is one turn of one server.
type try struct {
	c        *Client
	q        question
	server   netip.AddrPort
	deadline time.Time // of the whole question
	turns    int       // that have to share the time, with this one
}

// run is what the server says, by UDP, if need be by TCP, or without EDNS.
func (t *try) run(ctx context.Context) *Answer {
	r, err := t.say(ctx, flavour{edns: true})
	if err == nil && illiterate(r.code) {
		r, err = t.say(ctx, flavour{})
	}
	a := t.judge(&r, err)
	if a.Status == facts.ServFail && a.Trusted && t.bogus(ctx, a.EDE) {
		a.Status = facts.Bogus
	}
	return a
}

// bogus says whether a failure is about signatures: the server says so itself, or
// has an answer when it need not verify it (RFC 4035 section 5.5).
func (t *try) bogus(ctx context.Context, ede *facts.EDE) bool {
	if ede.Signatures() {
		return true
	}
	r, err := t.say(ctx, flavour{edns: true, unchecked: true})
	return err == nil && !r.broken && (r.code == noError || r.code == nxDomain)
}

// say is one query. A datagram that had no room for the answer is no answer (RFC
// 7766 section 5).
func (t *try) say(ctx context.Context, f flavour) (reply, error) {
	r, err := t.over(ctx, "udp", f)
	if err == nil && r.truncated {
		r, err = t.over(ctx, "tcp", f)
		r.broken = r.broken || r.truncated
	}
	return r, err
}

func (t *try) over(ctx context.Context, network string, f flavour) (reply, error) {
	query, err := t.q.pack(f)
	if err != nil {
		return reply{}, err
	}
	id := binary.BigEndian.Uint16(query)
	packet, err := t.c.net.Exchange(ctx, t.until(), network, t.server, query, func(packet []byte) bool {
		return t.q.answers(packet, id)
	})
	if err != nil {
		return reply{}, err
	}
	return parse(packet, t.q.typ), nil
}

// until is when one query has to be answered.
func (t *try) until() time.Time {
	most := patience
	if t.turns == 1 {
		most = lastPatience
	}
	return time.Now().Add(min(most, time.Until(t.deadline)/time.Duration(t.turns)))
}

// judge makes an answer of what a server said, or of why it said nothing.
func (t *try) judge(r *reply, err error) *Answer {
	var a *Answer
	trusted := t.c.config.trusts(t.server.Addr())
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		a = t.q.failed(facts.NoAnswer)
	case errors.Is(err, context.Canceled):
		a = t.q.failed(facts.Abandoned)
	case err != nil:
		a = t.q.failed(facts.Unreachable)
		a.Err = err
	case r.code == servFail:
		a = t.q.failed(facts.ServFail)
	case r.code != noError && r.code != nxDomain:
		a = t.q.failed(facts.Refused)
	case r.broken:
		a = t.q.failed(facts.Malformed)
	default:
		heard := t.q.answered(*r, time.Now())
		heard.Secure = r.verified && trusted
		a = &heard
	}
	a.Server, a.Trusted = t.server, trusted
	a.RCode, a.EDE = r.code, r.ede
	return a
}
