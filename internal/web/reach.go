package web

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"time"

	"check_smtp/internal/facts"
)

const (
	leastTry = time.Second // the least time that one address of several gets
	maxTries = 20          // how many tries are written down
)

// reach connects to the host. Of several addresses the first that answers is the
// one: as with a mail server, what is wrong behind it is told of that one. The
// error is that of the last, but what this machine lacks for one address does not
// hide what is wrong at another.
func (c *Client) reach(ctx context.Context) (net.Conn, error) {
	if c.Addrs == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(c.Host, c.Port))
		return conn, facts.Known(err)
	}
	var last error
	for i, to := range c.Addrs {
		begin := time.Now()
		conn, err := c.dial(ctx, share(ctx, len(c.Addrs)-i), to)
		if len(c.Addrs) > 1 && len(c.Seen.Tries) < maxTries {
			c.Seen.Tries = append(c.Seen.Tries, facts.Try{Addr: to.Addr(), Took: time.Since(begin), Err: err})
		}
		if err == nil {
			c.Seen.Address, c.Seen.Failed = to.Addr(), netip.Addr{}
			return conn, nil
		}
		if last == nil || !homeless(err) {
			last, c.Seen.Failed = err, to.Addr()
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, last
}

// share is the deadline of one of n tries that are still to come; zero: none.
func share(ctx context.Context, n int) time.Time {
	end, limited := ctx.Deadline()
	if !limited || n == 1 {
		return end
	}
	if mine := time.Now().Add(max(time.Until(end)/time.Duration(n), leastTry)); mine.Before(end) {
		return mine
	}
	return end
}

func (c *Client) dial(ctx context.Context, deadline time.Time, to netip.AddrPort) (net.Conn, error) {
	if c.Dial != nil {
		return c.Dial(ctx, deadline, to)
	}
	d := net.Dialer{Deadline: deadline}
	conn, err := d.DialContext(ctx, "tcp", to.String())
	return conn, facts.Known(err)
}

// homeless says whether it is this machine that has no way to an address, as most
// have none to those of IPv6.
func homeless(err error) bool {
	if _, ours := errors.AsType[*facts.Unbound](err); ours {
		return true
	}
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT)
}
