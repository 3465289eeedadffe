//go:build linux

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/session"
)

func dial(t *testing.T, to string, timeout time.Duration) (net.Conn, error) {
	t.Helper()
	target := session.Target{Path: to}
	if !strings.HasPrefix(to, "/") {
		target = session.Target{Addr: netip.MustParseAddrPort(to)}
	}
	return new(System).Dial(t.Context(), time.Now().Add(timeout), target)
}

func listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skip("this machine has no ", network, " ", address, ": ", err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// TestConversation: both ends talk, the end of the peer is io.EOF.
func TestConversation(t *testing.T) {
	for _, at := range [][2]string{{"tcp", "127.0.0.1:0"}, {"tcp", "[::1]:0"}, {"unix", filepath.Join(t.TempDir(), "s")}} {
		l := listen(t, at[0], at[1])
		go func() {
			peer, err := l.Accept()
			if err != nil {
				return
			}
			b := make([]byte, 100)
			n, _ := peer.Read(b)
			time.Sleep(30 * time.Millisecond) // longer than a blink
			peer.Write(b[:n])
			peer.Close()
		}()
		c, err := dial(t, l.Addr().String(), time.Minute)
		if err != nil {
			t.Fatal(at, err)
		}
		b := make([]byte, 100)
		if _, err := c.Write([]byte("hello")); err != nil {
			t.Error(at, err)
		}
		if n, err := c.Read(b); err != nil || string(b[:n]) != "hello" {
			t.Errorf("%v: %q, %v", at, b[:n], err)
		}
		if n, err := c.Read(b); n != 0 || err == nil || err.Error() != "EOF" {
			t.Errorf("%v: %d, %v at the end", at, n, err)
		}
		if c.Close() != nil || c.Close() == nil {
			t.Error(at, "a connection is closed once")
		}
	}
}

// TestDeadline: a read ends at the deadline, also when it is moved while the
// read waits.
func TestDeadline(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	begin := time.Now()
	c, err := dial(t, l.Addr().String(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Read(make([]byte, 1))
	if took := time.Since(begin); !errors.Is(err, os.ErrDeadlineExceeded) || took < time.Second {
		t.Errorf("%v after %v", err, took)
	}
	c.SetDeadline(time.Now().Add(time.Minute))
	time.AfterFunc(100*time.Millisecond, func() { c.SetDeadline(time.Unix(1, 0)) })
	begin = time.Now()
	_, err = c.Read(make([]byte, 1))
	if took := time.Since(begin); !errors.Is(err, os.ErrDeadlineExceeded) || took > 30*time.Second {
		t.Errorf("moved: %v after %v", err, took)
	}
}

func TestNobodyThere(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	to := l.Addr().String()
	l.Close()
	if _, err := dial(t, to, time.Second); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Error(err)
	}
	if _, err := dial(t, filepath.Join(t.TempDir(), "none"), time.Second); !errors.Is(err, syscall.ENOENT) {
		t.Error(err)
	}
}

// TestUnbound: what this machine lacks is told apart from what the server does.
func TestUnbound(t *testing.T) {
	server := netip.MustParseAddrPort(listen(t, "tcp", "127.0.0.1:0").Addr().String())
	for _, test := range []struct {
		to   session.Target
		want string
	}{
		{session.Target{Addr: server, Bind: netip.MustParseAddr("203.0.113.9")}, "--bind 203.0.113.9: this machine has no such address"},
		{session.Target{Addr: netip.MustParseAddrPort("[fe80::1%nowhere]:25")}, "this machine has no interface nowhere"},
	} {
		_, err := new(System).Dial(t.Context(), time.Now().Add(time.Minute), test.to)
		if unbound, ok := errors.AsType[*facts.Unbound](err); !ok || unbound.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

func TestPending(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	c, err := dial(t, l.Addr().String(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	peer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	s := c.(*socket)
	if s.Pending() {
		t.Error("nothing was sent")
	}
	peer.Write([]byte("x"))
	for end := time.Now().Add(10 * time.Second); !s.Pending(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("something was sent")
		}
	}
	c.Read(make([]byte, 1))
	peer.Close()
	time.Sleep(20 * time.Millisecond)
	if s.Pending() {
		t.Error("the end is nothing to read")
	}
}

// TestOnWait: it is called for a wait, and once.
func TestOnWait(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0")
	calls := 0
	n := &System{OnWait: func() { calls++ }}
	c, err := n.Dial(context.Background(), time.Now().Add(time.Minute), session.Target{Addr: netip.MustParseAddrPort(l.Addr().String())})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(50 * time.Millisecond))
	c.Read(make([]byte, 1))
	c.Read(make([]byte, 1))
	if calls != 1 {
		t.Errorf("called %d times", calls)
	}
}
