//go:build !linux

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/session"
)

// Dial connects; see session.Network.
func (s *System) Dial(ctx context.Context, deadline time.Time, to session.Target) (net.Conn, error) {
	s.waits()
	d := net.Dialer{Deadline: deadline, KeepAlive: -1}
	if to.Path != "" {
		return d.DialContext(ctx, "unix", to.Path)
	}
	if to.Bind.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(to.Bind, 0))
	}
	conn, err := d.DialContext(ctx, "tcp", to.Addr.String())
	err = facts.Known(err)
	if to.Bind.IsValid() && errors.Is(err, syscall.EADDRNOTAVAIL) {
		err = &facts.Unbound{Addr: to.Bind, Err: syscall.EADDRNOTAVAIL}
	}
	return conn, err
}
