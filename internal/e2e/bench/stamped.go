//go:build linux

package main

import (
	"io"
	"net"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// patience ends a conversation whose other side has left without a word.
const patience = 30 * time.Second

// stamped is a connection that knows when something came and went. What came has
// the stamp that the system gave it on arrival (SO_TIMESTAMPNS), so that however
// long this process takes to wake up is not counted; what goes has that of the
// moment right before the system call. Both are of CLOCK_REALTIME. It blocks in
// its system calls: Go's poller would add a delay of its own.
type stamped struct {
	net.Conn // nil: who asks for more than is here gets a panic
	fd       int

	first, last time.Time // of what has come since something went; last: the latest of all
	wrote       time.Time // when the last went of what has gone
	came        bool      // something has come since
}

// newStamped takes a connection whose listener had SO_TIMESTAMPNS.
func newStamped(fd int) *stamped {
	limit := unix.NsecToTimeval(int64(patience))
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit)
	unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &limit)
	unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	now := clock()
	return &stamped{fd: fd, first: now, last: now, came: true} // the connection itself has come
}

// clock is the time as the system's stamps have it, without Go's second clock.
func clock() time.Time { return time.Now().Round(0) }

func (s *stamped) Read(b []byte) (int, error) {
	control := make([]byte, 128)
	for {
		n, size, _, _, err := unix.Recvmsg(s.fd, b, control, 0)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return 0, os.NewSyscallError("recvmsg", err)
		case n == 0:
			return 0, io.EOF
		}
		s.arrived(arrival(control[:size]))
		return n, nil
	}
}

func (s *stamped) arrived(at time.Time) {
	if !s.came {
		s.came, s.first = true, at
	}
	s.last = at
}

// again has what comes next be the first. What has come together with the last has
// its time.
func (s *stamped) again() { s.came, s.first = false, s.last }

// arrival is the system's stamp, or else the time.
func arrival(control []byte) time.Time {
	messages, err := unix.ParseSocketControlMessage(control)
	if err == nil {
		for _, m := range messages {
			var ts unix.Timespec
			if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) >= int(unsafe.Sizeof(ts)) {
				ts = *(*unix.Timespec)(unsafe.Pointer(&m.Data[0]))
				return time.Unix(ts.Unix())
			}
		}
	}
	return clock()
}

func (s *stamped) Write(b []byte) (int, error) {
	s.came, s.wrote = false, clock()
	for done := 0; ; {
		n, err := unix.Write(s.fd, b[done:])
		switch done += max(n, 0); {
		case err == unix.EINTR:
		case err != nil:
			return done, os.NewSyscallError("write", err)
		case done == len(b):
			return done, nil
		}
	}
}

func (s *stamped) Close() error { return unix.Close(s.fd) }

// The deadline is patience.
func (s *stamped) SetDeadline(time.Time) error      { return nil }
func (s *stamped) SetReadDeadline(time.Time) error  { return nil }
func (s *stamped) SetWriteDeadline(time.Time) error { return nil }
