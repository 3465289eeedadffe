package session

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"syscall"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/proof"
)

// injected is plain text that came where TLS had to begin.
type injected struct{ text string }

func (e *injected) Error() string {
	return fmt.Sprintf("plain text \"%s\"", e.text[:min(maxSaid, len(e.text))])
}

const (
	maxBegan = 512 // bytes of the server's side that are kept
	maxSaid  = 200 // bytes of plain text that are shown

	overhearing = 200 * time.Millisecond // how long the end of a line is waited for
)

// The kinds of records and messages that a server begins with (RFC 8446
// sections 5.1 and 4).
const (
	alertRecord     = 21
	fatal           = 2
	handshakeRecord = 22
	serverHello     = 2
)

// The alerts that mean something here (RFC 8446 section 6).
const (
	handshakeFailure     tls.AlertError = 40
	protocolVersion      tls.AlertError = 70
	insufficientSecurity tls.AlertError = 71
	noRenegotiation      tls.AlertError = 100
	certificateRequired  tls.AlertError = 116
)

// explainShake sorts an error of the handshake.
func (t *talk) explainShake(ctx context.Context, err error) *facts.Failure {
	f := explain(ctx, err)
	if f == nil || f.Kind == facts.TimedOut || f.Kind == facts.Interrupted {
		return f
	}
	f.Kind, f.Err, f.Said = facts.Handshake, errors.New(t.shakeReason(err)), t.said
	switch why := proof.Unread(err); {
	case why != "":
		f.Kind, f.Err = facts.Unreadable, errors.New(why)
	case t.said != "" && !t.probe.TLS.Mode.Implicit():
		f.Kind, f.Err = facts.Injected, &injected{t.said}
	case alerted(err, certificateRequired), t.demanded && t.probe.TLS.Client == nil && alerted(err):
		f.Likely = facts.OurCertificate
	case alerted(err, handshakeFailure, insufficientSecurity) && bytes.HasPrefix(t.began(), []byte{alertRecord}):
		f.Likely = facts.NothingInCommon
	}
	return f
}

// explainTLS sorts an error that ended TLS in a step after the handshake.
func (t *talk) explainTLS(st plan.Step, err error, f *facts.Failure) {
	why := objection(err)
	switch {
	case alerted(err) && (st.Phase == plan.EhloTLS || st.Phase == plan.Banner):
		// TLS 1.3 lets a server object to our certificate after the handshake.
		*f = *t.explainShake(context.Background(), err)
	case alerted(err):
		f.Err = errors.New(proof.InWords(err))
	case why != "":
		f.Err = errors.New(why)
		if st.Phase != plan.Quit { // at QUIT it is one way of many to hang up
			f.Kind = facts.Objected
		}
	}
}

// shakeReason says in words why a handshake failed.
func (t *talk) shakeReason(err error) string {
	p := t.probe.TLS
	header, broken := errors.AsType[tls.RecordHeaderError](err)
	switch chosen := t.chosen(); {
	case t.said != "":
		return fmt.Sprintf("the server does not speak TLS but says \"%s\"", t.said)
	case broken && header.Conn != nil:
		return fmt.Sprintf("the server does not speak TLS but says \"%s\"", header.RecordHeader[:])
	case broken:
		return fmt.Sprintf("the server sends a broken record that begins with \"%s\"", header.RecordHeader[:])
	case errors.Is(err, os.ErrDeadlineExceeded):
		return "no answer to the handshake"
	case chosen != 0 && (chosen < p.Min || chosen > p.Max) && !alerted(err):
		return "the server wants " + proof.VersionName(chosen)
	case alerted(err, protocolVersion):
		return fmt.Sprintf("%s (offered: %s to %s)", proof.InWords(err), tls.VersionName(p.Min), tls.VersionName(p.Max))
	}
	return proof.InWords(err)
}

// began is what the server began with.
func (t *talk) began() []byte {
	if t.opening == nil {
		return nil
	}
	return t.opening.began
}

// chosen is the version in the server's first message; 0: there is none.
func (t *talk) chosen() uint16 {
	began := t.began()
	if len(began) < 11 || began[0] != handshakeRecord || began[5] != serverHello {
		return 0
	}
	return binary.BigEndian.Uint16(began[9:])
}

// overhear is the first line of a server that speaks in clear where TLS had to
// begin, as far as it comes soon; "": it does not. What it says has to be read
// by somebody, and the wait is ours.
func (t *talk) overhear(err error) string {
	header, ok := errors.AsType[tls.RecordHeaderError](err)
	if !ok || header.Conn == nil || !plainText(header.RecordHeader[:]) {
		return ""
	}
	defer t.busy()()
	t.opening.SetReadDeadline(time.Now().Add(min(overhearing, time.Until(t.deadline))))
	for b := make([]byte, maxSaid); !bytes.ContainsRune(t.began(), '\n') && len(t.began()) < maxSaid; {
		if _, err := t.opening.Read(b); err != nil {
			break
		}
	}
	line, _, _ := bytes.Cut(t.began(), []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	return string(line[:min(maxSaid, len(line))])
}

// plainText says whether bytes look like words rather than a broken record.
func plainText(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c != '\r' && c != '\n' && (c < ' ' || c > '~') })
}

// alerted says whether the server ended the connection with an alert, of any kind
// or of one of these.
func alerted(err error, kinds ...tls.AlertError) bool { return alert(err, "remote error", kinds) }

// alert compares texts because the type of an alert that package tls returns has
// no name outside of it.
func alert(err error, whose string, kinds []tls.AlertError) bool {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Op != whose {
		return false
	}
	return len(kinds) == 0 || slices.ContainsFunc(kinds, func(k tls.AlertError) bool { return op.Err.Error() == k.Error() })
}

// objection says why package tls ended a connection by itself; "": the server or
// the network did.
func objection(err error) string {
	_, isErrno := errors.AsType[syscall.Errno](err)
	_, isOp := errors.AsType[*net.OpError](err)
	switch {
	case alert(err, "local error", []tls.AlertError{noRenegotiation}):
		return "the server wants to negotiate TLS anew (renegotiation), which this program does not do"
	case alert(err, "local error", nil):
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe), errors.Is(err, net.ErrClosed),
		isErrno, isOp:
		return ""
	}
	return "what the server sends inside TLS is not acceptable: " + proof.InWords(err)
}
