package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
	"check_smtp/internal/smtptest"
)

// TestExplainResolver: no words of the library's, which hold a port that differs
// from run to run.
func TestExplainResolver(t *testing.T) {
	const read = "read udp 127.0.0.1:37557->127.0.0.78:53: "
	for want, err := range map[string]error{
		"the name does not resolve: no such host":                        &net.DNSError{Err: "no such host", IsNotFound: true},
		"the name does not resolve: the resolver gave no answer":         &net.DNSError{Err: read + "connection refused", IsTemporary: true},
		"the name does not resolve: the resolver did not answer in time": &net.DNSError{Err: read + "i/o timeout", IsTimeout: true},
		"connection refused": &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
	} {
		if got := explain(err, false).Error(); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}

// spoiling is the server's end of a connection on which one byte of all that is
// sent is another, or which ends there.
type spoiling struct {
	net.Conn
	at   int
	mask byte // 0: it ends
}

func (s *spoiling) Write(b []byte) (int, error) {
	at := s.at
	s.at -= len(b)
	if at < 0 || at >= len(b) {
		return s.Conn.Write(b)
	}
	if s.mask == 0 {
		s.Conn.Write(b[:at])
		s.Conn.Close()
		return at, net.ErrClosed
	}
	spoilt := append([]byte{}, b...)
	spoilt[at] ^= s.mask
	return s.Conn.Write(spoilt)
}

// TestSpoilt: whatever is wrong with what a server sends, the packages that do TLS
// and read certificates are not quoted.
func TestSpoilt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pki := smtptest.NewPKI(time.Now())
		ca, _ := pki.File("ca.pem")
		seen := map[facts.WebFault]int{}
		for _, name := range []string{"good", "rsa1024"} {
			cert, _ := pki.Certificate(name)
			for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
				for at := range 1100 {
					dial := func(context.Context, time.Time, netip.AddrPort) (net.Conn, error) {
						near, far := net.Pipe()
						go serve(&spoiling{far, at, []byte{0, 1, 0xff, 0x20}[at%4]}, cert, version)
						return near, nil
					}
					c := &Client{TLS: true, Host: "mx.test", Port: "443", Addrs: make([]netip.AddrPort, 1), Dial: dial, Root: roots.Store{PEM: ca}}
					ctx, cancel := context.WithTimeout(t.Context(), time.Second)
					_, err := c.Do(ctx, Request{Method: "GET", Target: "/"})
					c.Close()
					cancel()
					if e, ok := errors.AsType[*facts.WebError](err); ok {
						seen[e.Fault]++
						plain(t, e.Error())
					}
				}
			}
		}
		for _, fault := range []facts.WebFault{facts.WebLate, facts.WebClosed, facts.WebNoTLS, facts.WebShake, facts.WebBroken, facts.WebUnproven} {
			if seen[fault] == 0 {
				t.Errorf("none of fault %d among %v", fault, seen)
			}
		}
	})
}

// serve answers one request, until the client is tired of it.
func serve(conn net.Conn, cert tls.Certificate, version uint16) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Minute))
	server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: version})
	if line, err := bufio.NewReader(server).ReadString('\n'); err == nil && line != "" {
		io.WriteString(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		io.Copy(io.Discard, server)
	}
}

// plain minds what no operator should have to read.
func plain(t *testing.T, text string) {
	t.Helper()
	for _, jargon := range []string{"tls:", "crypto/", "net/", "EOF", "x509:", "asn1:", "0x", "*tls.", "Msg", "ecdsa:", "pipe", "local error", "remote error", "<nil>", "P256", "UTCTime", "context", "i/o"} {
		if strings.Contains(text, jargon) {
			t.Errorf("%q holds %q", text, jargon)
		}
	}
}
