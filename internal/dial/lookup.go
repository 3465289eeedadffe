package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"syscall"

	"check_smtp/internal/facts"
)

// Lookup asks the system's resolver; see session.Network.
func (s *System) Lookup(ctx context.Context, network, host string) ([]netip.Addr, error) {
	s.waits()
	w := witness{dial: new(net.Dialer).DialContext}
	return w.lookup(ctx, network, host)
}

// witness remembers what the system said of the conversations with resolvers.
// Of that the library's error has only a text, with a port in it that differs
// from run to run.
type witness struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu   sync.Mutex // a name is asked for once a family, at the same time
	said map[string]syscall.Errno
}

func (w *witness) lookup(ctx context.Context, network, host string) ([]netip.Addr, error) {
	addrs, err := (&net.Resolver{Dial: w.connect}).LookupNetIP(ctx, network, host)
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsNotFound {
		w.mu.Lock()
		defer w.mu.Unlock()
		if errno := w.said[dns.Server]; errno != 0 {
			return nil, &facts.Unresolved{DNSError: dns, Errno: errno}
		}
	}
	return addrs, err
}

func (w *witness) connect(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := w.dial(ctx, network, address)
	w.note(address, err)
	if udp, ok := conn.(*net.UDPConn); ok { // the library tells datagrams by the type
		return &watched{udp, w, address}, err
	}
	return conn, err
}

// note keeps what the system said last; 0: nothing bad.
func (w *witness) note(server string, err error) {
	errno, _ := errors.AsType[syscall.Errno](err)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said == nil {
		w.said = make(map[string]syscall.Errno)
	}
	w.said[server] = errno
}

// watched is the conversation with one resolver.
type watched struct {
	*net.UDPConn
	witness *witness
	server  string
}

func (c *watched) Read(b []byte) (int, error) {
	n, err := c.UDPConn.Read(b)
	c.witness.note(c.server, err)
	return n, err
}

func (c *watched) Write(b []byte) (int, error) {
	n, err := c.UDPConn.Write(b)
	c.witness.note(c.server, err)
	return n, err
}
