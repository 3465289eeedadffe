//go:build linux

package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_smtp/internal/facts"
)

// resolverAt makes the resolver ask a server of the test's.
func resolverAt(server string) *witness {
	return &witness{dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server)
	}}
}

// TestResolverGone: whoever runs the check learns which resolver it was and what
// the system said, without a port that differs from run to run.
func TestResolverGone(t *testing.T) {
	l := listen(t, "tcp", "127.0.0.1:0") // nobody listens at the same port of UDP
	l.Close()
	_, err := resolverAt(l.Addr().String()).lookup(t.Context(), "ip4", "mx.test.")
	gone, ok := errors.AsType[*facts.Unresolved](err)
	if !ok || gone.Errno != syscall.ECONNREFUSED || gone.Server == "" {
		t.Fatalf("%#v", err)
	}
	reason := (&facts.Failure{Kind: facts.NoHost, Err: err}).Reason()
	if !strings.HasSuffix(reason, " does not answer: connection refused") || strings.Contains(reason, "->") {
		t.Error(reason)
	}
}

// TestResolverAnswers: what stands between us and the resolver does not hurt.
func TestResolverAnswers(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Skip("this machine has no loopback: ", err)
	}
	defer server.Close()
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := server.ReadFrom(b)
			if err != nil {
				return
			}
			server.WriteTo(answer(b[:n]), from)
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	addrs, err := resolverAt(server.LocalAddr().String()).lookup(ctx, "ip4", "mx.test.")
	if err != nil || len(addrs) != 1 || addrs[0].Unmap() != netip.MustParseAddr("192.0.2.7") {
		t.Errorf("%v, %v", addrs, err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	server.Close()
	silent, err := net.ListenPacket("udp", server.LocalAddr().String())
	if err != nil {
		t.Skip("somebody took the port: ", err)
	}
	defer silent.Close()
	_, err = resolverAt(server.LocalAddr().String()).lookup(short, "ip4", "mx.test.")
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%#v", err)
	}
}

// answer makes an answer of a question (RFC 1035 section 4.1): one A record.
func answer(question []byte) []byte {
	end := 12
	for question[end] != 0 {
		end += int(question[end]) + 1
	}
	end += 5
	a := append([]byte(nil), question[:end]...)
	a[2], a[3] = 0x84, 0x80 // a response, authoritative, recursion available
	copy(a[4:12], []byte{0, 1, 0, 1, 0, 0, 0, 0})
	return append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7)
}
