// Package session plays a plan against a server and writes down what happened.
// It holds no opinion: a refusal is a fact like any other. It decides two
// things only, both for the sake of the protocol: when to stop talking, and to
// say QUIT while the server still listens.
package session

import (
	"bufio"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"syscall"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
	"check_smtp/internal/smtp"
)

// Run plays a plan. It always returns, at the plan's deadline or when ctx ends
// at the latest; whatever went wrong is in the Facts.
func Run(ctx context.Context, network Network, p plan.Probe) facts.Session {
	return new(Progress).Run(ctx, network, p, time.Now().Add(p.Timeout))
}

// Run plays a plan; see the function Run. deadline is that of the run, some of whose
// time may be over; before is what was done in it. Name resolution counts as if it were
// the session's own.
func (progress *Progress) Run(ctx context.Context, network Network, p plan.Probe, deadline time.Time, before ...facts.Record) facts.Session {
	start := time.Now()
	for _, r := range before {
		if r.Step.Phase == plan.DNS {
			start = start.Add(-r.Took)
		}
	}
	t := &talk{
		network:  network,
		probe:    p,
		progress: progress,
		deadline: deadline,
		held:     holding{among: p.Among},
		facts:    facts.Session{Host: p.Host, Addrs: p.Addrs, Port: p.Port, Start: start, Timeout: p.Timeout, Deadline: deadline, Records: before},
	}
	if p.Network == plan.UNIX {
		t.facts.Port = 0
	}
	defer t.close()
	t.shown = discreet(p.Steps)
	t.keepSecrets()
	t.converse(ctx)
	if t.mask != nil {
		t.facts.Caps = t.facts.Caps.Map(t.mask.Hide)
	}
	t.facts.Total = time.Since(start) - t.facts.Ours
	t.straggle()
	progress.end(&t.facts)
	t.examine()
	return t.facts
}

// talk is one conversation.
type talk struct {
	network  Network
	probe    plan.Probe
	progress *Progress
	deadline time.Time // one for all, absolute

	targets  []Target            // what the name resolved to
	target   Target              // the one that was reached
	reach    time.Duration       // how long that took
	raw      net.Conn            // the connection itself; nil: not connected
	conn     net.Conn            // what we speak through: raw, or TLS over it
	sent     []*x509.Certificate // by the server, its own first; nil: none
	examined bool                // of the certificates
	clear    bool                // an optional STARTTLS did not come about
	reader   *bufio.Reader
	gate     *gate           // what TLS reads through; nil: no TLS
	opening  *gate           // what the last handshake read through; nil: none was begun
	said     string          // in clear by the server where TLS had to begin; "": nothing
	demanded bool            // the server asked for a certificate of ours
	line     []byte          // scratch for the command being sent
	came     []time.Duration // when each line of the last reply was there
	shown    []plan.Step     // the probe's steps without the secrets in them
	step     plan.Step       // the one at hand, as it is shown
	sending  bool            // it is writing
	spurned  smtp.Reply      // the refusal of EHLO after which HELO is tried; its Code is 0 where it is not
	met      bool            // the last reply is the one that was asked for
	judged   bool            // met says so of the last reply
	held     holding         // what is kept of what was said
	unwatch  func() bool
	delivery
	mask  *sasl.Mask // what is not to be shown of the server's words; nil: everything is
	facts facts.Session
}

// converse is the loop that times, records and stops. After a refusal only the
// goodbye is left; after a broken conversation, not even that.
func (t *talk) converse(ctx context.Context) {
	for i, st := range t.probe.Steps {
		if !t.due(st) {
			t.facts.Cut = t.facts.Cut || st.Phase == plan.Data || st.Phase == plan.Reset
			t.facts.Missed = append(t.facts.Missed, t.shown[i])
			continue
		}
		begin, ours := time.Now(), t.facts.Ours
		t.step = t.shown[i]
		t.progress.begin(&t.facts, t.step, begin)
		t.judged = false
		reply, err := t.play(ctx, st)
		st = t.step
		t.meets(st, reply) // before anything is hidden: a password may be an ordinary word
		reply, err = masked(t.mask, reply, err)
		r := t.sort(ctx, st, err)
		r.Took = time.Since(begin) - (t.facts.Ours - ours)
		r.Met, r.Judged = t.meets(st, reply), true
		r.Reply = t.kept(reply)
		if st.Phase == plan.Ehlo {
			r.Refused, _ = masked(t.mask, t.spurned, nil)
		}
		t.facts.Records = append(t.facts.Records, r)
		if r.Failure != nil {
			r.Failure.Said = t.mask.Hide(r.Failure.Said)
			t.facts.Missed = append(t.facts.Missed, t.shown[i+1:]...)
			return
		}
		t.facts.Cut = t.facts.Cut || r.Problem != nil || r.Skipped == "" && stops(st, reply, r.Met)
	}
}

// due says whether a step is to be taken after what has happened.
func (t *talk) due(st plan.Step) bool {
	switch st.Phase {
	case plan.Shake, plan.EhloTLS: // an optional STARTTLS may not have come about
		return !t.facts.Cut && !t.clear
	case plan.Reset:
		return !t.facts.Cut && len(t.accepted) > 0
	case plan.Data:
		return !t.facts.Cut && len(t.accepted) > 0 && !t.unwanted
	case plan.Body: // a refusal for one recipient does not spare us the reply for the next
		took := st.Arg == "" || slices.Contains(t.accepted, st.Arg)
		return took && !t.leaving() && (t.listening && !t.facts.Cut || t.handed && !t.listening)
	case plan.Quit:
		return !t.listening
	}
	return !t.facts.Cut
}

// sort turns the error of a step into a record: a reason of our own, a step
// not taken, or a broken conversation.
func (t *talk) sort(ctx context.Context, st plan.Step, err error) facts.Record {
	r := facts.Record{Step: st}
	skip, isSkip := errors.AsType[skipped](err)
	problem, isProblem := errors.AsType[*facts.Problem](err)
	switch {
	case isSkip:
		r.Skipped = skip.Error()
	case isProblem:
		r.Problem = problem
	default:
		r.Failure = t.explain(ctx, st, err)
	}
	return r
}

// stops says whether nothing but QUIT may follow a reply. A -C is the user's
// own and stops nothing, nor does a recipient stop the next one, unless the
// server leaves; a refusal stops even when it was hoped for, but for a banner
// that -e lets pass.
func stops(st plan.Step, r smtp.Reply, met bool) bool {
	switch {
	case !st.Phase.HasReply() || st.Phase == plan.Quit:
		return false
	case st.Phase == plan.RcptTo || st.Phase == plan.Command:
		return r.Code == 421
	}
	passed := st.Expect != nil && st.Expect.Condition == plan.CondBanner
	granted := r.Class() == 2 || st.Phase == plan.Data && r.Class() == 3
	return !met || !granted && !passed
}

// meets says whether the reply that was read last is the one that a step asks
// for. Patterns take their time, so that the answer is kept.
func (t *talk) meets(st plan.Step, r smtp.Reply) bool {
	if t.judged && r.Code != 0 {
		return t.met
	}
	text := ""
	if st.Expect != nil { // nobody else looks at the words, of which there may be many
		defer t.busy()()
		text = r.Raw()
	}
	t.met, t.judged = st.Satisfied(r.Code, text), true
	return t.met
}

// busy counts as ours what is done until the function that it returns is called.
func (t *talk) busy() (done func()) {
	end := t.progress.busy()
	return func() { t.facts.Ours += end() }
}

// play plays one step.
func (t *talk) play(ctx context.Context, st plan.Step) (smtp.Reply, error) {
	t.sending = false
	switch st.Phase {
	case plan.DNS:
		return smtp.Reply{}, t.resolve(ctx)
	case plan.Connect:
		return smtp.Reply{}, t.connect(ctx)
	case plan.ProxyHdr:
		return smtp.Reply{}, t.announce()
	case plan.Banner:
		return t.read()
	case plan.Ehlo:
		return t.greet(ctx)
	case plan.STARTTLS:
		return t.startTLS()
	case plan.Shake:
		return smtp.Reply{}, t.shake(ctx)
	case plan.EhloTLS:
		return t.hello(t.facts.Verb)
	case plan.SASLAuth:
		return t.login()
	case plan.MailFrom:
		return t.mail(st)
	case plan.Command:
		t.line = smtp.AppendCommand(t.line[:0], st.Arg, "")
		return t.exchange(t.step.Arg)
	case plan.RcptTo:
		return t.recipient(st)
	case plan.Data:
		return t.data()
	case plan.Body:
		return t.message()
	case plan.Reset:
		return t.command("RSET", "")
	case plan.Quit:
		return t.quit(ctx)
	}
	panic("session: no such phase: " + string(st.Phase))
}

func (t *talk) explain(ctx context.Context, st plan.Step, err error) *facts.Failure {
	switch {
	case err == nil:
		return nil
	case st.Phase == plan.DNS:
		return explainDial(ctx, err, facts.NoHost)
	case st.Phase == plan.Connect && !errors.Is(err, syscall.ECONNRESET): // that one was connected first
		return explainDial(ctx, err, facts.NoConnect)
	case st.Phase == plan.Shake:
		return t.explainShake(ctx, err)
	}
	f := explain(ctx, err)
	f.Sending = t.sending
	if f.Kind == facts.Closed && t.gate != nil {
		t.explainTLS(st, err, f)
	}
	return f
}

// greet says EHLO, HELO or LHLO as the plan has it. RFC 5321 section 3.2: a
// client falls back to HELO when EHLO is refused for good, unless just that was
// expected.
func (t *talk) greet(ctx context.Context) (smtp.Reply, error) {
	verb := map[plan.Greeting]string{plan.Auto: "EHLO", plan.EHLO: "EHLO", plan.HELO: "HELO", plan.LHLO: "LHLO"}[t.probe.Greeting]
	reply, err := t.hello(verb)
	if err != nil {
		return reply, err
	}
	gone := false
	if t.announced() && reply.Code != 250 {
		if gone, err = t.answeredHeader(ctx, reply); err != nil {
			return smtp.Reply{}, err
		}
	}
	wanted := t.step.Expect != nil && t.meets(t.step, reply)
	if reply.Class() == 5 && t.probe.Greeting == plan.Auto && !wanted && !gone {
		t.spurned = t.kept(reply)
		return t.hello("HELO")
	}
	return reply, nil
}

func (t *talk) hello(verb string) (smtp.Reply, error) {
	t.facts.Verb = verb
	reply, err := t.command(verb, t.probe.Name)
	if err == nil && reply.Class() == 2 && verb != "HELO" {
		t.facts.Caps = smtp.ParseCapabilities(reply)
	}
	return reply, err
}

// command sends one line and reads the reply to it.
func (t *talk) command(verb, arg string) (smtp.Reply, error) {
	t.line = smtp.AppendCommand(t.line[:0], verb, arg)
	return t.exchange(string(t.line[:len(t.line)-2]))
}

// exchange sends t.line in one write and reads the reply to it. The dialogue
// gets shown, which differs from the line where that holds a secret.
func (t *talk) exchange(shown string) (smtp.Reply, error) {
	t.sending = true
	if t.step.Phase != plan.Quit && (t.reader.Buffered() > 0 || t.pending()) { // see straggle
		return t.unasked()
	}
	t.note(true, shown)
	early := t.step.Phase == plan.Quit && t.spoken()
	if _, err := t.conn.Write(t.line); err != nil {
		if early || t.step.Phase == plan.Quit && t.spoken() {
			return t.parting(err)
		}
		return smtp.Reply{}, err
	}
	t.sending = false
	return t.read()
}

func (t *talk) quit(ctx context.Context) (smtp.Reply, error) {
	if t.facts.Cut || t.rejected {
		t.conn.SetDeadline(time.Now().Add(min(plan.Parting, time.Until(t.deadline))))
		if ctx.Err() != nil { // told to stop, which moved the deadline before we did
			return smtp.Reply{}, ctx.Err()
		}
	}
	if t.leaving() {
		return t.farewell()
	}
	return t.command("QUIT", "")
}

func (t *talk) read() (smtp.Reply, error) {
	t.came = t.came[:0]
	reply, err := smtp.ReadReply(t.reader, func() { t.came = append(t.came, time.Since(t.facts.Start)) })
	t.judged = false
	t.noteReply(reply)
	if err != nil {
		return smtp.Reply{Lines: reply.Lines, Begun: reply.Begun}, err
	}
	return reply, nil
}

// close drops the connection itself, without a word: ending TLS in good order
// can wait seconds for a peer that does not read.
func (t *talk) close() {
	if t.raw != nil {
		t.unwatch()
		t.raw.Close()
	}
}
