package web

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"check_smtp/internal/facts"
	"check_smtp/internal/proof"
)

// shakeError is one of a handshake.
type shakeError struct{ error }

func (e *shakeError) Unwrap() error { return e.error }

// explain sorts an error, and puts it into words that do not change from run to
// run. reached says whether there was a connection.
func explain(err error, reached bool) *facts.WebError {
	e := &facts.WebError{Err: err}
	ready, isReady := errors.AsType[*facts.WebError](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	errno, isErrno := errors.AsType[syscall.Errno](err)
	record, isRecord := errors.AsType[tls.RecordHeaderError](err)
	shake, isShake := errors.AsType[*shakeError](err)
	switch {
	case isReady:
		return ready
	case late(err):
		e.Fault = facts.WebLate
	case isDNS:
		e.Fault, e.Why = facts.WebUnresolved, unresolved(dns)
	case !reached:
		e.Fault, e.Why = facts.WebUnreached, (&facts.Failure{Err: err}).Reason()
	case isRecord && record.Conn != nil:
		e.Fault = facts.WebNoTLS
	case isErrno:
		e.Fault, e.Why = facts.WebClosed, facts.Word(errno)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe):
		e.Fault = facts.WebClosed
	case isShake:
		e.Fault, e.Why = facts.WebShake, reason(shake.error)
	default:
		e.Fault, e.Why = facts.WebBroken, reason(err)
	}
	return e
}

// stopped is why a context has ended.
func stopped(ctx context.Context) *facts.WebError {
	err := context.Cause(ctx)
	switch {
	case late(err):
		return &facts.WebError{Fault: facts.WebLate, Err: err}
	case errors.Is(err, context.Canceled):
		return &facts.WebError{Fault: facts.WebStopped, Err: err, Why: "interrupted"}
	}
	return &facts.WebError{Fault: facts.WebStopped, Err: err, Why: err.Error()}
}

func late(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)
}

// unresolved is why a name was not found. The library's text holds a port of this
// machine.
func unresolved(dns *net.DNSError) string {
	switch {
	case dns.IsNotFound:
		return "no such host"
	case dns.IsTimeout:
		return "the resolver did not answer in time"
	}
	return "the resolver gave no answer"
}

// reason is what the packages that do TLS say, without what only programmers
// understand.
func reason(err error) string {
	if why := proof.Unread(err); why != "" {
		return "its certificate cannot be read: " + why
	}
	return strings.Replace(proof.InWords(err), "remote error: ", "the server says: ", 1)
}
