package dial

import (
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/netip"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"check_smtp/internal/facts"
	"check_smtp/internal/session"
)

// A read blocks for up to blink in the system call itself, which wakes fastest.
// What takes longer is a wait: it goes on in poll(2), which keeps deadlines
// well, and looks after each slice whether the deadline was moved or
// the context ended.
const (
	blink = 5 * time.Millisecond // the system rounds it up to its tick
	slice = 20 * time.Millisecond
)

// Dial connects; see session.Network.
func (n *System) Dial(ctx context.Context, deadline time.Time, to session.Target) (net.Conn, error) {
	family, remote, err := sockaddr(to)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	switch err {
	case nil:
	case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM, unix.EPERM, unix.EACCES:
		return nil, &facts.Unbound{Err: err}
	default:
		return nil, os.NewSyscallError("socket", err)
	}
	s := &socket{fd: fd, path: to.Path, opened: time.Now(), network: n}
	s.SetDeadline(deadline)
	if err := s.open(ctx, to.Bind, remote); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// sockaddr is the system's form of a target.
func sockaddr(to session.Target) (int, unix.Sockaddr, error) {
	if to.Path != "" {
		return unix.AF_UNIX, &unix.SockaddrUnix{Name: to.Path}, nil
	}
	return inet(to.Addr)
}

func inet(a netip.AddrPort) (int, unix.Sockaddr, error) {
	if a.Addr().Is4() {
		return unix.AF_INET, &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}, nil
	}
	zone, err := zoneID(a.Addr().Zone())
	return unix.AF_INET6, &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16(), ZoneId: zone}, err
}

// zoneID is the number of the interface that a link-local address names (RFC
// 4007 section 11).
func zoneID(zone string) (uint32, error) {
	if zone == "" {
		return 0, nil
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n), nil
	}
	i, err := net.InterfaceByName(zone)
	if err != nil {
		return 0, &facts.Unbound{Zone: zone, Err: err}
	}
	return uint32(i.Index), nil
}

// socket is a connected stream socket.
type socket struct {
	fd       int
	network  *System
	path     string    // of a UNIX socket
	opened   time.Time // what deadline counts from, so that a step of the wall clock moves nothing
	deadline atomic.Int64
}

func (s *socket) open(ctx context.Context, bind netip.Addr, remote unix.Sockaddr) error {
	if err := s.block(); err != nil {
		return err
	}
	if bind.IsValid() {
		_, local, err := inet(netip.AddrPortFrom(bind, 0))
		if err != nil {
			return err
		}
		if err := unix.Bind(s.fd, local); err != nil {
			return &facts.Unbound{Addr: bind, Err: err}
		}
	}
	err := s.connect(ctx, remote)
	_, four := remote.(*unix.SockaddrInet4)
	switch {
	case four && errors.Is(err, unix.EADDRNOTAVAIL): // with IPv6 it may mean that there is none
		return &facts.Unbound{Err: err}
	case err != nil || s.path != "":
		return err
	}
	if local, err := unix.Getsockname(s.fd); err == nil && same(local, remote) {
		return unix.ECONNREFUSED // nobody listens, and TCP has connected us to ourselves
	}
	unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) // without it a check takes longer, and that is all
	return nil
}

// block has system calls wait for a blink. Where the system does not know of that,
// they do not wait at all, and everything waits in poll.
func (s *socket) block() error {
	tv := unix.NsecToTimeval(int64(blink))
	for _, option := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
		if unix.SetsockoptTimeval(s.fd, unix.SOL_SOCKET, option, &tv) != nil {
			return os.NewSyscallError("fcntl", unix.SetNonblock(s.fd, true))
		}
	}
	return nil
}

// same says whether two addresses are one.
func same(a, b unix.Sockaddr) bool {
	switch a := a.(type) {
	case *unix.SockaddrInet4:
		b, ok := b.(*unix.SockaddrInet4)
		return ok && a.Port == b.Port && a.Addr == b.Addr
	case *unix.SockaddrInet6:
		b, ok := b.(*unix.SockaddrInet6)
		return ok && a.Port == b.Port && a.Addr == b.Addr
	}
	return false
}

func (s *socket) connect(ctx context.Context, remote unix.Sockaddr) error {
	for {
		err := unix.Connect(s.fd, remote)
		switch err {
		case nil:
			return nil
		case unix.EINPROGRESS:
			return s.established(ctx)
		case unix.EINTR:
			if s.path == "" { // which goes on by itself; a UNIX socket begins anew
				return s.established(ctx)
			}
		case unix.EAGAIN: // a UNIX socket's backlog was full for a blink; there is nothing to poll for
			if err := s.overdue(ctx); err != nil {
				return err
			}
		default:
			return os.NewSyscallError("connect", err)
		}
	}
}

// established waits for the end of a connect and says how it ended.
func (s *socket) established(ctx context.Context) error {
	for {
		ready, err := s.poll(unix.POLLOUT)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !ready {
			continue
		}
		errno, err := unix.GetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_ERROR)
		if err == nil && errno != 0 {
			err = unix.Errno(errno)
		}
		return os.NewSyscallError("connect", err)
	}
}

// overdue says why not to try once more; nil: go on.
func (s *socket) overdue(ctx context.Context) error {
	s.network.waits()
	if _, late := s.left(); late {
		return os.ErrDeadlineExceeded
	}
	return ctx.Err()
}

// left is how long a wait may last from now, a slice at most, and whether the
// deadline has passed.
func (s *socket) left() (time.Duration, bool) {
	d := time.Duration(s.deadline.Load()) - time.Since(s.opened)
	return min(d, slice), d <= 0
}

// poll waits for one slice at most, after a blink has passed in vain. Not ready without an error means: ask
// again.
func (s *socket) poll(events int16) (ready bool, err error) {
	s.network.waits()
	wait, late := s.left()
	if late {
		return false, os.ErrDeadlineExceeded
	}
	fds := []unix.PollFd{{Fd: int32(s.fd), Events: events}}
	timeout := unix.NsecToTimespec(int64(wait))
	n, err := unix.Ppoll(fds, &timeout, nil)
	if err == unix.EINTR {
		return false, nil
	}
	return n > 0, err
}

func (s *socket) Read(b []byte) (int, error) {
	if _, late := s.left(); late {
		return 0, os.ErrDeadlineExceeded // a peer that drips never lets a read wait
	}
	if s.path == "" {
		// Acknowledge at once what comes: a server with Nagle's algorithm may
		// hold its reply back until then, and a delay of ours would be taken
		// for the server's. The system forgets the wish, hence each time.
		unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1)
	}
	for {
		n, err := unix.Read(s.fd, b)
		if err != unix.EAGAIN && err != unix.EINTR {
			return s.result(n, err, len(b) > 0)
		}
		if _, err := s.poll(unix.POLLIN); err != nil {
			return 0, err
		}
	}
}

// Pending says whether there is something to read, without waiting and without
// reading it.
func (s *socket) Pending() bool {
	var b [1]byte
	n, _, err := unix.Recvfrom(s.fd, b[:], unix.MSG_PEEK|unix.MSG_DONTWAIT)
	return err == nil && n > 0
}

func (s *socket) result(n int, err error, wanted bool) (int, error) {
	switch {
	case err != nil:
		return 0, os.NewSyscallError("read", err)
	case n == 0 && wanted:
		return 0, io.EOF
	}
	return n, nil
}

func (s *socket) Write(b []byte) (int, error) {
	done := 0
	for done < len(b) {
		if _, late := s.left(); late {
			return done, os.ErrDeadlineExceeded
		}
		n, err := unix.Write(s.fd, b[done:])
		switch err {
		case nil:
			done += n
		case unix.EAGAIN, unix.EINTR:
			if _, err := s.poll(unix.POLLOUT); err != nil {
				return done, err
			}
		default:
			return done, os.NewSyscallError("write", err)
		}
	}
	return done, nil
}

// Close closes the socket once; it does not wait for the peer.
func (s *socket) Close() error {
	if s.fd < 0 {
		return os.ErrClosed
	}
	err := unix.Close(s.fd)
	s.fd = -1
	return err
}

// SetDeadline moves the deadline of all reads and writes, those at hand
// included. The zero time means none.
func (s *socket) SetDeadline(t time.Time) error {
	d := t.Sub(s.opened)
	if t.IsZero() {
		d = math.MaxInt64
	}
	s.deadline.Store(int64(d))
	return nil
}

// SetReadDeadline moves the one deadline that there is.
func (s *socket) SetReadDeadline(t time.Time) error { return s.SetDeadline(t) }

// SetWriteDeadline moves the one deadline that there is.
func (s *socket) SetWriteDeadline(t time.Time) error { return s.SetDeadline(t) }

// LocalAddr is our end.
func (s *socket) LocalAddr() net.Addr { return s.addr(unix.Getsockname) }

// RemoteAddr is the server's end.
func (s *socket) RemoteAddr() net.Addr { return s.addr(unix.Getpeername) }

func (s *socket) addr(ask func(int) (unix.Sockaddr, error)) net.Addr {
	sa, _ := ask(s.fd)
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)))
	case *unix.SockaddrInet6:
		return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.AddrFrom16(a.Addr), uint16(a.Port)))
	}
	return &net.UnixAddr{Name: s.path, Net: "unix"}
}
