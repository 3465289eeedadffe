package facts

import (
	"check_smtp/internal/smtp"

	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
)

// Kind sorts the ways in which a conversation breaks. The judge switches on
// it, never on a text.
type Kind int

// The kinds.
const (
	NoHost      Kind = iota // the name does not resolve
	Homeless                // the connection cannot begin at this machine
	NoConnect               // refused, unreachable
	TimedOut                // the deadline passed
	Closed                  // the peer closed or reset the connection
	NotSMTP                 // a reply that is not SMTP
	Interrupted             // we were told to stop
	Handshake               // the TLS handshake failed
	Injected                // plain text came where TLS had to begin
	BrokenOff               // we could not read on in the message that we were sending
	Unproxied               // the server took the PROXY header for a command
	Unreadable              // the handshake failed because we cannot read a certificate
	Objected                // we ended TLS ourselves: what came was not acceptable
)

// Likely is what is known to lie behind a failure, for a hint.
type Likely int

// The causes.
const (
	NoIdea          Likely = iota
	OurCertificate         // the server wants a certificate of ours
	NothingInCommon        // the server accepts nothing of what TLS can be here
)

// Failure is a broken conversation: nothing more can be said after it.
type Failure struct {
	Kind    Kind
	Sending bool // it broke while we wrote
	Err     error
	Said    string // a line that the server said in clear where TLS had to begin; hostile; "": none
	Likely  Likely
}

// Problem is our own reason to ask for nothing more, in a conversation that is
// still whole: only QUIT follows.
type Problem struct {
	Kind  ProblemKind
	Text  string // may hold words of the server; "": verdict has all that it needs
	Lacks string // the keyword of the extension that is why; "": that is not why
	Size  int64  // where it is SIZE: the message's
	Limit int64  // and the server's
}

func (p *Problem) Error() string { return "session: " + p.Lacks + p.Text }

// ProblemKind sorts problems for the judge.
type ProblemKind int

// The kinds.
const (
	NotOffered   ProblemKind = iota // the server does not announce what the plan needs
	Withheld                        // credentials that must not go to this server, or not in clear
	BadChallenge                    // the server's side of a login makes no sense
	Impostor                        // the server could not prove that it knows the password
	Unfit                           // the server announces that it cannot take such a message
)

// Line is the line that is no reply; "": that is not what is wrong. Hostile.
func (f *Failure) Line() string {
	if syntax, ok := errors.AsType[*smtp.SyntaxError](f.Err); ok {
		return syntax.Line
	}
	return ""
}

// HungUp says whether the peer ended the connection in good order.
func (f *Failure) HungUp() bool { return errors.Is(f.Err, io.EOF) }

// Unknown says whether there is no such name.
func (f *Failure) Unknown() bool {
	name, ok := errors.AsType[*net.DNSError](f.Err)
	return ok && name.IsNotFound
}

// Unbound is a connection that cannot begin at this machine.
type Unbound struct {
	Addr netip.Addr // the address that it should come from; zero: that is not what is wrong
	Zone string     // the interface that it should go over; "": likewise
	Err  error      // the system's
}

// Error says what is missing.
func (e *Unbound) Error() string {
	switch {
	case e.Zone != "":
		return "this machine has no interface " + e.Zone
	case !e.Addr.IsValid() && errors.Is(e.Err, syscall.EADDRNOTAVAIL):
		return "this machine has no port left to connect from"
	case errors.Is(e.Err, syscall.EADDRNOTAVAIL):
		return "--bind " + e.Addr.String() + ": this machine has no such address"
	case !e.Addr.IsValid() && (errors.Is(e.Err, syscall.EPERM) || errors.Is(e.Err, syscall.EACCES)):
		return "this machine permits no connection: " + (&Failure{Err: e.Err}).Reason()
	case !e.Addr.IsValid():
		return "this machine has no room for a connection: " + (&Failure{Err: e.Err}).Reason()
	}
	return "--bind " + e.Addr.String() + ": " + (&Failure{Err: e.Err}).Reason()
}

// Unresolved is a name that the library's resolver could not find, with what the
// system said of the conversation.
type Unresolved struct {
	*net.DNSError
	Errno syscall.Errno
}

// Unwrap is the error of the library.
func (e *Unresolved) Unwrap() error { return e.DNSError }

// Reason is a word for a failure, the operating system's where it has one,
// without addresses and ports that change from run to run.
func (f *Failure) Reason() string {
	errno, isErrno := errors.AsType[syscall.Errno](f.Err)
	name, isName := errors.AsType[*net.DNSError](f.Err)
	addr, isAddr := errors.AsType[*net.AddrError](f.Err)
	unbound, isUnbound := errors.AsType[*Unbound](f.Err)
	switch {
	case isUnbound:
		return unbound.Error()
	case isName:
		return unresolved(f.Err, name)
	case isErrno:
		return Word(errno)
	case isAddr:
		return addr.Err
	case f.HungUp():
		return "connection closed by the server"
	case errors.Is(f.Err, io.ErrUnexpectedEOF): // package tls takes an end between two records for one in good order
		return "cut off in the middle of a TLS record"
	}
	return f.Err.Error()
}

// unresolved says why a name was not found, in words of our own: the library's
// hold a port of this machine.
func unresolved(err error, name *net.DNSError) string {
	system, isSystem := errors.AsType[*Unresolved](err)
	who := "the resolver"
	if name.Server != "" {
		who = "resolver " + name.Server
		if host, port, err := net.SplitHostPort(name.Server); err == nil && port == "53" {
			who = "resolver " + host
		}
	}
	switch {
	case name.IsNotFound:
		return "no such host"
	case isSystem:
		return who + " does not answer: " + Word(system.Errno)
	case name.IsTimeout:
		return who + " did not answer in time"
	case name.IsTemporary: // RFC 1035 section 4.1.1
		return who + " cannot answer for now (SERVFAIL)"
	case name.Server == "":
		return "not a name that can be looked up"
	}
	return who + " gave no usable answer"
}
