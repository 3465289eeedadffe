package session

import (
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// delivery is how far a message has come.
type delivery struct {
	accepted  []string // recipients that the server took
	rejected  bool     // a recipient was refused
	unwanted  bool     // one was answered otherwise than expected: no message may follow
	written   int64    // bytes of the message that the connection took
	listening bool     // the server reads a message, and would take QUIT for a line of it
	handed    bool     // the message was sent, or begun
}

// mail says MAIL, with the parameters that the message calls for. What the
// server does not announce is not asked for.
func (t *talk) mail(st plan.Step) (smtp.Reply, error) {
	params, err := t.parameters()
	if err != nil {
		return smtp.Reply{}, err
	}
	return t.command("MAIL FROM:<"+st.Arg+">"+params, "")
}

// parameters are those of MAIL. A message that the server cannot take is not
// offered to it: it would be refused only after all of it has travelled, or be
// mangled.
func (t *talk) parameters() (string, error) {
	m := t.probe.Message
	if m == nil {
		m = &plan.Message{Size: -1}
	}
	params := ""
	if limit, known := sizeLimit(t.facts.Caps); known && m.Size >= 0 {
		if limit > 0 && m.Size > limit {
			return "", &facts.Problem{Kind: facts.Unfit, Lacks: "SIZE", Size: m.Size, Limit: limit}
		}
		params += " SIZE=" + strconv.FormatInt(m.Size, 10)
	}
	if m.EightBit {
		if !t.facts.Caps.Has("8BITMIME") {
			return "", &facts.Problem{Kind: facts.Unfit, Lacks: "8BITMIME"}
		}
		params += " BODY=8BITMIME"
	}
	if m.UTF8 || t.internationalized() {
		if !t.facts.Caps.Has("SMTPUTF8") {
			return "", &facts.Problem{Kind: facts.Unfit, Lacks: "SMTPUTF8"}
		}
		params += " SMTPUTF8"
	}
	return params, nil
}

// sizeLimit is the largest message that a server takes; 0: it does not say (RFC
// 1870 section 4).
func sizeLimit(caps smtp.Capabilities) (limit int64, known bool) {
	words, known := caps["SIZE"]
	if len(words) == 0 {
		return 0, known
	}
	limit, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil {
		return 0, known
	}
	return limit, known
}

// internationalized says whether an address holds more than ASCII (RFC 6531
// section 3.3).
func (t *talk) internationalized() bool {
	return slices.ContainsFunc(t.probe.Steps, func(st plan.Step) bool {
		envelope := st.Phase == plan.MailFrom || st.Phase == plan.RcptTo
		return envelope && strings.ContainsFunc(st.Arg, func(r rune) bool { return r > 127 })
	})
}

// recipient says RCPT. What it comes to decides on the message, not on the
// other recipients.
func (t *talk) recipient(st plan.Step) (smtp.Reply, error) {
	reply, err := t.command("RCPT TO:<"+st.Arg+">", "")
	switch {
	case err != nil:
	case reply.Class() == 2:
		t.accepted = append(t.accepted, st.Arg)
		fallthrough
	default:
		t.rejected = t.rejected || reply.Class() != 2
		t.unwanted = t.unwanted || st.Expect != nil && !t.meets(st, reply)
	}
	return reply, err
}

// data says DATA.
func (t *talk) data() (smtp.Reply, error) {
	reply, err := t.command("DATA", "")
	t.listening = err == nil && reply.Class() == 3
	return reply, err
}

// message sends the message, unless that is done, and reads the reply that
// follows it. In LMTP there is one for each accepted recipient, in the order of
// RCPT (RFC 2033 section 4.2).
func (t *talk) message() (smtp.Reply, error) {
	if t.handed {
		return t.read()
	}
	t.handed, t.sending = true, true
	if err := t.send(); err != nil {
		return t.lastWords(err)
	}
	t.sending, t.listening = false, false
	return t.read()
}

// unreadable is a message that could not be read to its end, with part of it on
// the wire perhaps.
type unreadable struct{ error }

func (e *unreadable) Unwrap() error { return e.error }

// send writes the whole message.
func (t *talk) send() error {
	text, err := t.probe.Message.Open()
	if err != nil {
		return &unreadable{err}
	}
	defer text.Close()
	at := time.Since(t.facts.Start)
	w := smtp.NewDataWriter(wire{t})
	_, err = io.Copy(w, source{text})
	if err == nil {
		err = t.finish(w)
	}
	size, told := t.probe.Message.Size, "a message of "
	if t.facts.Sent = size; err != nil {
		t.facts.Sent, told = t.written, strconv.FormatInt(t.written, 10)+" bytes of a message of "
	}
	t.noteAt(at, true, "("+told+strconv.FormatInt(size, 10)+" bytes)")
	return err
}

// finish ends the message with its dot, unless it is not the one that was
// measured: half of a message must not be delivered, nor one of which the server
// was told something else.
func (t *talk) finish(w *smtp.DataWriter) error {
	w.EndLine()
	m := t.probe.Message
	if w.Shape() != (smtp.Shape{Size: m.Size, EightBit: m.EightBit, UTF8: m.UTF8}) {
		return &unreadable{errors.New("it has changed since it was measured")}
	}
	return w.Close()
}

// source tells errors of the message from those of the connection.
type source struct{ io.Reader }

func (s source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = &unreadable{err}
	}
	return n, err
}

// errEarly: the server has answered a message that it has not seen the end of.
var errEarly = &smtp.SyntaxError{Reason: "a reply before the end of the message"}

// wire is the connection while a message is on its way.
type wire struct{ t *talk }

func (w wire) Write(b []byte) (int, error) {
	if (w.t.reader.Buffered() > 0 || w.t.pending()) && !w.t.others() {
		return 0, errEarly
	}
	n, err := w.t.conn.Write(b)
	w.t.written += int64(n)
	return n, err
}

// others says whether the message goes on for other recipients after a reply that
// has come too early: in LMTP a refusal is for one of them, and is read when its turn
// comes. A server that leaves (421) does so for all.
func (t *talk) others() bool {
	if t.step.Arg == "" || len(t.accepted) < 2 {
		return false
	}
	code, _ := t.reader.Peek(3)
	return len(code) == 3 && (code[0] == '4' || code[0] == '5') && string(code) != "421"
}

// lastWords looks for a reply when the message could not be sent: a server that
// refuses one early says why and may hang up, or stop reading until our time is
// over. The connection is of no more use.
func (t *talk) lastWords(err error) (smtp.Reply, error) {
	if _, ours := errors.AsType[*unreadable](err); ours {
		return smtp.Reply{}, err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) && t.pending() {
		t.conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond)) // it has come already
	}
	reply, later := t.read()
	switch {
	case later != nil && err != error(errEarly):
		return smtp.Reply{}, err
	case later != nil:
		return reply, later
	case reply.Class() >= 4:
		t.listening = t.step.Arg == "" || reply.Code == 421 // in LMTP there may be one more for the next recipient
		return reply, nil
	}
	return smtp.Reply{}, &smtp.SyntaxError{Reason: errEarly.Reason, Line: reply.String()}
}
