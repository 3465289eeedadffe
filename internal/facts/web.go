package facts

import (
	"cmp"
	"net/netip"
	"strconv"
	"time"
)

// Web is what came of one HTTPS request.
type Web struct {
	Host     string        // that was asked, and that the certificate is to hold
	Address  netip.Addr    // that was reached; zero: none, or the system chose
	Failed   netip.Addr    // where none was reached the one that Err is about; zero: not known
	Tries    []Try         // of several addresses, in order; nil: there was one
	Took     time.Duration // all of it
	TLS      *TLS          // nil: no handshake came as far as the certificate
	Status   int           // 0: no answer
	Location string        // where a redirect, which is not followed, leads to; hostile; "": nowhere
	Type     string        // Content-Type; hostile; "": not told
	Encoding string        // Content-Encoding, where it is not identity; hostile; "": none
	Err      *WebError     // nil: the whole answer came
}

// WebFault sorts the ways in which a request gets no answer that can be used.
type WebFault int

// The faults.
const (
	WebUnresolved WebFault = iota // the name does not resolve
	WebUnreached                  // no connection
	WebLate                       // no answer before the deadline
	WebStopped                    // we were told to stop
	WebClosed                     // the server closed the connection
	WebNoTLS                      // the server does not speak TLS
	WebShake                      // the handshake failed
	WebBroken                     // TLS broke after the handshake
	WebUnproven                   // the certificate does not prove the server; Web.TLS says why
	WebNotHTTP                    // the answer is not HTTP/1
	WebLarger                     // the answer is larger than the limit
	WebEncoded                    // the answer is encoded in a way that was not asked for
	WebUnsent                     // the request cannot be sent as it is
)

// WebError is why a request got no answer that can be used.
type WebError struct {
	Fault WebFault
	Err   error  // of the system, where it has something to add; its text may change from run to run
	Why   string // what is to be told of it, in words that do not; may hold text of the server's; "": nothing
	Limit int64  // bytes, of WebLarger
}

// Unwrap is the error of the system.
func (e *WebError) Unwrap() error { return e.Err }

// Error says what happened in words that do not change from run to run.
func (e *WebError) Error() string {
	switch e.Fault {
	case WebUnresolved:
		return "the name does not resolve: " + e.Why
	case WebLate:
		return "no answer in time"
	case WebClosed:
		return cmp.Or(e.Why, "the server closed the connection")
	case WebNoTLS:
		return "the server does not speak TLS"
	case WebUnproven:
		return "the certificate does not prove the server: " + e.Why
	case WebNotHTTP:
		return "the answer is not HTTP/1"
	case WebLarger:
		return "the answer is larger than " + strconv.FormatInt(e.Limit, 10) + " bytes"
	case WebEncoded:
		return "the answer is encoded in a way that was not asked for"
	case WebUnsent:
		return "what is to be sent contains a line end or a NUL"
	}
	return e.Why
}
