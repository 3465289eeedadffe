package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
	"check_smtp/internal/smtptest"
)

// plain minds what no operator should have to read.
func plain(t *testing.T, f *facts.Failure) {
	t.Helper()
	text, _, _ := strings.Cut(f.Reason(), ` "`) // what is quoted is the server's, and may be anything
	for _, jargon := range []string{"tls:", "crypto/", "net/", "EOF", "x509:", "asn1:", "0x", "*tls.", "Msg", "ecdsa:", "pipe", "local error", "<nil>", "P256", "UTCTime"} {
		if strings.Contains(text, jargon) {
			t.Errorf("%q holds %q", text, jargon)
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

// spoil plays a handshake and a banner of which one byte is wrong. It returns how
// it broke; nil: it did not.
func spoil(cert tls.Certificate, version uint16, at int, mask byte, last plan.Phase) *facts.Failure {
	near, far := net.Pipe()
	defer near.Close()
	end := time.Now().Add(10 * time.Second)
	near.SetDeadline(end)
	far.SetDeadline(end)
	go func() {
		defer far.Close()
		server := tls.Server(&spoiling{far, at, mask}, &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: version})
		if _, err := io.WriteString(server, "220 mx\r\n"); err == nil {
			io.Copy(io.Discard, server)
		}
	}()
	talk := &talk{raw: near, deadline: end, reader: smtp.NewReader(near)}
	talk.probe.TLS = plan.TLS{Mode: plan.ImplicitTLS, Min: tls.VersionTLS12, Max: tls.VersionTLS13}
	ctx := context.Background()
	if err := talk.handshake(ctx, near); err != nil {
		return talk.explain(ctx, plan.Step{Phase: plan.Shake}, err)
	}
	_, err := talk.conn.Read(make([]byte, 10))
	return talk.explain(ctx, plan.Step{Phase: last}, err)
}

// TestSpoiltTLS: whatever is wrong with what a server sends, the package that
// does TLS is not quoted.
func TestSpoiltTLS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pki := smtptest.NewPKI(time.Now())
		seen := map[facts.Kind]int{}
		for _, name := range []string{"good", "rsa1024"} {
			cert, ok := pki.Certificate(name)
			if !ok {
				t.Fatal("no certificate " + name)
			}
			for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
				for at := range 1100 {
					mask := []byte{0, 1, 0xff, 0x20}[at%4]
					last := []plan.Phase{plan.Banner, plan.Quit}[at/4%2]
					if f := spoil(cert, version, at, mask, last); f != nil {
						seen[f.Kind]++
						if f.Kind != facts.TimedOut { // whose words are others
							plain(t, f)
						}
					}
				}
			}
		}
		for _, kind := range []facts.Kind{facts.Handshake, facts.Unreadable, facts.Objected, facts.Closed, facts.TimedOut} {
			if seen[kind] == 0 {
				t.Errorf("none of kind %d among %v", kind, seen)
			}
		}
	})
}

// TestSpoiltCertificates: nor is the package that reads certificates.
func TestSpoiltCertificates(t *testing.T) {
	pki := smtptest.NewPKI(time.Now())
	unreadable := 0
	for _, name := range []string{"good", "rsa1024", "address", "mailonly", "narrow"} {
		cert, ok := pki.Certificate(name)
		if !ok {
			t.Fatal("no certificate " + name)
		}
		der := cert.Certificate[0]
		for at := range der {
			for _, mask := range []byte{1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff} {
				der[at] ^= mask
				if _, err := x509.ParseCertificate(der); err != nil {
					unreadable++
					talk := &talk{}
					f := talk.explainShake(t.Context(), errors.New("tls: failed to parse certificate from server: "+err.Error()))
					plain(t, f)
					if f.Kind != facts.Unreadable {
						t.Errorf("%v: kind %d", err, f.Kind)
					}
				}
				der[at] ^= mask
			}
		}
	}
	if unreadable == 0 {
		t.Error("all could be read")
	}
}
