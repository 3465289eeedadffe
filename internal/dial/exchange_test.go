//go:build linux

package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/resolve"
)

var _ resolve.Exchanger = new(System)

func all([]byte) bool { return true }

// TestFramed: packets of TCP in pieces, and one that another follows.
func TestFramed(t *testing.T) {
	for _, test := range []struct {
		pieces [][]byte
		every  time.Duration
		want   string
		err    error
	}{
		{[][]byte{[]byte("\x00\x03ab"), nil}, time.Second, "", io.EOF},
		{[][]byte{nil}, time.Second, "", io.EOF},
		{[][]byte{[]byte("\x00\x03abc")}, 0, "abc", nil},
		{[][]byte{[]byte("\x00"), []byte("\x03a"), []byte("bc")}, time.Second, "abc", nil},
		{[][]byte{[]byte("\x00\x01x\x00"), []byte("\x03abc")}, time.Second, "abc", nil},
		{[][]byte{[]byte("\x00"), []byte("\x09"), []byte("1"), []byte("2"), []byte("3"), []byte("4"), []byte("5")}, time.Second, "", os.ErrDeadlineExceeded},
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			go func() {
				b := make([]byte, 100)
				if n, _ := far.Read(b); string(b[:n]) != "\x00\x05query" {
					t.Errorf("asked %q", b[:n])
				}
				for _, p := range test.pieces {
					if p == nil {
						far.Close()
					}
					time.Sleep(test.every)
					if _, err := far.Write(p); err != nil {
						return
					}
				}
			}()
			begin := time.Now()
			got, err := converse(t.Context(), begin.Add(5*time.Second), "tcp", near, []byte("query"), func(p []byte) bool { return string(p) != "x" })
			near.Close()
			if err == nil && string(got) != test.want || !errors.Is(err, test.err) || time.Since(begin) > 5*time.Second {
				t.Errorf("%q: %q, %v after %v", test.pieces, got, err, time.Since(begin))
			}
			time.Sleep(time.Minute) // in which the server finds that nobody is there
		})
	}
}

// TestExchangeStopped: who is told to stop does not wait for the deadline.
func TestExchangeStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		go far.Read(make([]byte, 100))
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		begin := time.Now()
		_, err := converse(ctx, begin.Add(time.Minute), "udp", near, []byte("query"), all)
		if took := time.Since(begin); err == nil || took != time.Second {
			t.Errorf("%v after %v", err, took)
		}
	})
}

// TestExchange: over the system's sockets, a datagram that is not accepted first.
func TestExchange(t *testing.T) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Skip("this machine has no loopback: ", err)
	}
	defer server.Close()
	go func() {
		b := make([]byte, 100)
		n, from, _ := server.ReadFrom(b)
		server.WriteTo([]byte("forged"), from)
		server.WriteTo(append([]byte("answer to "), b[:n]...), from)
	}()
	waited := 0
	s := &System{OnWait: func() { waited++ }}
	at := netip.MustParseAddrPort(server.LocalAddr().String())
	got, err := s.Exchange(t.Context(), time.Now().Add(time.Minute), "udp", at, []byte("query"), func(p []byte) bool { return string(p) != "forged" })
	if string(got) != "answer to query" || err != nil || waited != 1 {
		t.Errorf("%q, %v, waited %d", got, err, waited)
	}
	_, err = s.Exchange(t.Context(), time.Now().Add(20*time.Millisecond), "udp", at, []byte("query"), all)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("silence: ", err)
	}
	server.Close()
	for _, network := range []string{"udp", "tcp"} {
		if _, err = s.Exchange(t.Context(), time.Now().Add(time.Minute), network, at, []byte("query"), all); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("nobody there, %s: %v", network, err)
		}
	}
}

// TestDrip: an answer that comes by TCP byte for byte does not hold anybody up.
func TestDrip(t *testing.T) {
	tcp := listen(t, "tcp", "127.0.0.1:0")
	udp, err := net.ListenPacket("udp", tcp.Addr().String())
	if err != nil {
		t.Skip("somebody took the port: ", err)
	}
	defer udp.Close()
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := udp.ReadFrom(b)
			if err != nil {
				return
			}
			b[2] |= 0x82 // an answer that had no room (RFC 1035 section 4.1.1)
			udp.WriteTo(b[:n], from)
		}
	}()
	go func() {
		for {
			conn, err := tcp.Accept()
			if err != nil {
				return
			}
			for range 600 {
				if _, err := conn.Write([]byte{1}); err != nil {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			conn.Close()
		}
	}()
	c := resolve.New(new(System), resolve.Config{Servers: []netip.AddrPort{netip.MustParseAddrPort(tcp.Addr().String())}})
	got := c.Lookup(t.Context(), time.Now().Add(time.Second), "example.org", resolve.MX)
	if got.Status != facts.NoAnswer || got.Took > 10*time.Second {
		t.Errorf("%+v", got)
	}
}
