// Package plan holds what one run intends: whom to talk to, what to say in
// which order, where the limits lie and how to report. It is the vocabulary of
// all later stages. It neither parses command lines nor talks to anybody.
package plan

import (
	"net/netip"
	"time"
)

// Plan is one run. Each later stage receives only its own third, and none of
// them fills in a default: a Plan is complete when args has made it.
type Plan struct {
	Targets *Targets // nil: the one of Probe, and nothing else
	Probe   Probe
	Limits  Limits
	Output  Output
}

// Probe is the part that the session plays.
type Probe struct {
	Host     string        // name, IP address without brackets, or absolute path of a UNIX socket
	Addrs    []netip.Addr  // where Host is, tried one after the other; nil: it has to be looked up unless it is an address
	Port     int           // 1..65535; ignored with a UNIX socket
	Network  Network       // which addresses of Host are used
	Bind     netip.Addr    // source address; the zero value leaves it to the system
	Timeout  time.Duration // the whole run from its start to its end; above zero
	Greeting Greeting      // how the session opens
	Name     string        // the argument of EHLO, HELO or LHLO
	Proxy    Proxy
	TLS      TLS
	Auth     *Auth    // nil: no login
	Message  *Message // nil: none is sent
	Steps    []Step   // the session in order, see Steps
	Among    int      // how many sessions share the memory for what is said in them; 0: there is just this one
}

// DefaultTimeout is that of a run for which nobody has given one.
const DefaultTimeout = 10 * time.Second

// Network says which addresses of a host may be used.
type Network string

// The networks: every address, IPv4 only, IPv6 only, a UNIX stream socket.
const (
	AnyIP Network = "ip"
	IPv4  Network = "ip4"
	IPv6  Network = "ip6"
	UNIX  Network = "unix"
)

// Greeting is the opening command of the client.
type Greeting string

// The greetings. Auto says EHLO, and HELO when that is refused with 5xx
// (RFC 5321 section 3.2). LHLO is LMTP's (RFC 2033 section 4.1).
const (
	Auto Greeting = "auto"
	EHLO Greeting = "ehlo"
	HELO Greeting = "helo"
	LHLO Greeting = "lhlo"
)

// Greetings are those that --greeting takes; LHLO is asked for with --lmtp.
var Greetings = []Greeting{Auto, EHLO, HELO}

// Limits is the part that the judge applies.
type Limits struct {
	Warning  map[Label]Range     // nil: none
	Critical map[Label]Range     // nil: none
	States   map[Condition]State // what the operator changed; absent: the condition's default
	Cert     Certificate
	TLS      TLSMode
	QuitToo  bool     // the operator has said what an unanswered QUIT means, and not the timeout does
	Notes    []string // what the reader of the result should know about the command line
	Fold     *Fold    // nil: the run is one session
}

// State is what a condition means in this run.
func (l Limits) State(c Condition) State {
	if s, changed := l.States[c]; changed {
		return s
	}
	return c.Default()
}

// Output is the part that the renderers read.
type Output struct {
	Format     Format
	Verbose    int     // 0..3
	Perfdata   []Label // nil: every metric; otherwise just these
	File       string  // "": standard output
	Transcript string  // where the dialogue is written to; "": nowhere
	Width      int     // columns that lines may have; filled in for Waterfall, and in a terminal for Nagios with -v; 0: any
	Colour     bool    // filled in for Waterfall only
	Receiver           // filled in for passive formats only
}
