package session

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// What keeps replies and commands in step. A server that gives a reply more than
// it was asked for puts every later one off by one, and its refusal of the last
// command would pass for its reply to QUIT.

// straggling is how long a reply too many is waited for, at least.
const straggling = 200 * time.Millisecond

// patience is how long a reply too many is waited for: longer where the server, or
// the way to it, has been slow.
func (t *talk) patience() time.Duration {
	longest := t.reach
	for _, r := range t.facts.Records {
		if r.Step.Phase.HasReply() && r.Step.Phase != plan.Body {
			longest = max(longest, r.Took)
		}
	}
	return min(straggling+2*longest, time.Until(t.deadline))
}

// sequel is what comes behind a reply, before anything else is asked.
type sequel int

const (
	nothing sequel = iota // as it should be
	words                 // more of them
	theEnd                // of the connection
)

// wait waits a while for what comes behind a reply. It reads nothing. The time is
// ours.
func (t *talk) wait() sequel {
	defer t.busy()()
	t.conn.SetReadDeadline(time.Now().Add(t.patience()))
	_, err := t.reader.Peek(1)
	t.conn.SetReadDeadline(t.deadline)
	switch {
	case err == nil:
		return words
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nothing
	}
	return theEnd
}

// straggle looks at what comes behind a reply to QUIT of another code than RFC
// 5321's 221, which may be meant for an earlier command: it may have come before QUIT
// went out, which is for the network to say, and decides nothing. If one more follows, the
// session was out of step, and what looked like consent was not; if the server
// hangs up, it heard QUIT or had left before. A 421 may come at any time (section
// 3.8): the 221 behind it is the reply to QUIT.
func (t *talk) straggle() {
	if len(t.facts.Records) == 0 {
		return
	}
	r := &t.facts.Records[len(t.facts.Records)-1]
	if r.Step.Phase != plan.Quit || r.Failure != nil || r.Reply.Code == 0 || r.Reply.Code == 221 || t.leaving() {
		return
	}
	switch t.wait() {
	case theEnd:
		t.facts.Left = true
	case words:
		t.conn.SetReadDeadline(time.Now().Add(min(straggling, time.Until(t.deadline))))
		more, line := t.whatever()
		if t.facts.Left = r.Reply.Code == 421 && more == 221; t.facts.Left {
			return
		}
		if more == 221 { // which belongs to QUIT
			line = r.Reply.String()
		}
		err := &smtp.SyntaxError{Reason: "one reply too many", Line: t.mask.Hide(line)}
		r.Failure = &facts.Failure{Kind: facts.NotSMTP, Sending: true, Err: err} // the reply to QUIT is not judged; this is none
	}
}

// spoken says whether there are words of the server's that have not been read, and
// keeps the first of them from being lost with the connection.
func (t *talk) spoken() bool {
	if t.reader.Buffered() == 0 && t.pending() {
		t.reader.Peek(1) // there is a byte, or the end
	}
	return t.reader.Buffered() > 0
}

// parting is what a server said before it left and QUIT could not be sent any more.
func (t *talk) parting(err error) (smtp.Reply, error) {
	reply, unread := t.read()
	if _, syntax := errors.AsType[*smtp.SyntaxError](unread); unread != nil && !syntax {
		return smtp.Reply{}, err
	}
	t.sending = false
	return reply, unread
}

// leaving says whether the server has said that it leaves, as its last word before
// QUIT.
func (t *talk) leaving() bool {
	for i := len(t.facts.Records) - 1; i >= 0; i-- {
		if r := &t.facts.Records[i]; r.Step.Phase != plan.Quit {
			return r.Reply.Code == 421
		}
	}
	return false
}

// farewell says QUIT to a server that has said that it leaves, and passes over what
// it says yet to what it was asked before: it may say 421 at any time (RFC 5321
// section 3.8), and whether that was just before a command or just after decides
// nothing.
func (t *talk) farewell() (reply smtp.Reply, err error) {
	t.line = smtp.AppendCommand(t.line[:0], "QUIT", "")
	t.note(true, "QUIT")
	if _, err := t.conn.Write(t.line); err != nil {
		return smtp.Reply{}, err
	}
	for range 3 { // of more it is not told apart from one that never ends
		if reply, err = t.read(); err != nil || reply.Code == 221 {
			break
		}
	}
	return reply, err
}

// whatever is the next reply, or as much as can be made of it, with code 0.
func (t *talk) whatever() (code int, line string) {
	reply, err := t.read()
	if syntax, ok := errors.AsType[*smtp.SyntaxError](err); ok {
		return 0, syntax.Line
	}
	return reply.Code, reply.String()
}

// announced says whether the session began with a PROXY header which a server
// that knows none can have taken for a command. Inside TLS it is too late for
// that.
func (t *talk) announced() bool { return t.probe.Proxy.Version != 0 && t.gate == nil }

// answeredHeader minds a reply to EHLO that may be one to the PROXY header: then
// the one to EHLO follows.
func (t *talk) answeredHeader(ctx context.Context, reply smtp.Reply) (gone bool, err error) {
	what := t.wait()
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case what == words:
		return false, unproxied(reply)
	}
	return what == theEnd, nil
}

// headerAnswered is the failure of a server that took the PROXY header for a
// command.
type headerAnswered struct{ *smtp.SyntaxError }

func unproxied(reply smtp.Reply) error {
	return &headerAnswered{&smtp.SyntaxError{Reason: "one reply too many, as if to the PROXY header", Line: reply.String()}}
}

// pending says whether the server has said something that nobody asked for and
// that we have not read.
func (t *talk) pending() bool {
	if t.gate == nil {
		return pending(t.conn)
	}
	// Session tickets come unasked, too, and give no byte.
	t.gate.shut = true
	_, err := t.reader.Peek(1)
	t.gate.shut = false
	return err == nil
}

func pending(conn net.Conn) bool {
	p, ok := conn.(interface{ Pending() bool })
	return ok && p.Pending()
}

// unasked reads what the server said before it was asked. It may announce at
// any time that it closes down (RFC 5321 section 3.8), and what that is taken for must
// not hang on which of the two was a moment earlier: it is the reply. Anything else
// would put every later reply one command off, and a refusal would pass for a yes.
func (t *talk) unasked() (smtp.Reply, error) {
	reply, err := t.read()
	switch {
	case err != nil:
		return reply, err
	case t.announced() && t.step.Phase == plan.Ehlo && t.wait() == theEnd:
		return reply, nil
	case reply.Code == 421:
		return reply, nil
	case t.announced() && t.step.Phase == plan.Ehlo && t.spurned.Code != 0:
		return smtp.Reply{}, unproxied(t.spurned)
	case t.announced() && t.step.Phase == plan.Ehlo:
		return smtp.Reply{}, unproxied(reply)
	}
	return smtp.Reply{}, &smtp.SyntaxError{Reason: "a reply before the command", Line: reply.String()}
}

// gate is the connection as TLS reads it. While it is shut it lets through what
// has come already and the rest of a record that has begun to come, and nothing
// else that would have to be waited for.
type gate struct {
	net.Conn
	early []byte // that came before TLS was begun
	shut  bool
	head  []byte // as much as has come of a record's header
	rest  int    // bytes of a record that have not

	began []byte // the first that came through, up to maxBegan bytes
}

func (g *gate) Read(b []byte) (int, error) {
	if g.shut && len(g.head) == 0 && g.rest == 0 && !pending(g.Conn) {
		return 0, os.ErrDeadlineExceeded // after which TLS can go on
	}
	n, err := g.next(b)
	g.follow(b[:n])
	if room := maxBegan - len(g.began); room > 0 {
		g.began = append(g.began, b[:min(room, n)]...)
	}
	return n, err
}

func (g *gate) next(b []byte) (int, error) {
	if len(g.early) == 0 {
		return g.Conn.Read(b)
	}
	n := copy(b, g.early)
	g.early = g.early[n:]
	return n, nil
}

// follow keeps count of where records begin and end (RFC 8446 section 5.1).
func (g *gate) follow(b []byte) {
	const header = 5
	for len(b) > 0 {
		n := min(g.rest, len(b))
		if g.rest -= n; n > 0 {
			b = b[n:]
			continue
		}
		n = min(header-len(g.head), len(b))
		g.head, b = append(g.head, b[:n]...), b[n:]
		if len(g.head) == header {
			g.rest, g.head = int(g.head[3])<<8|int(g.head[4]), g.head[:0]
		}
	}
}
