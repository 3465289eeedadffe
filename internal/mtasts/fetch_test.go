package mtasts

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/web"
)

// host is the name in most certificates of the test PKI.
const host = "mx.test"

// server is a policy host.
type server struct {
	cert    string // of the test PKI; "": it says nothing at all
	version uint16 // the newest of TLS that it speaks; 0: all
	answer  string
	endless string // what follows again and again; "": nothing
	open    bool   // it does not close the connection behind that

	asked []string // the request
	sent  int      // bytes of the answer, in clear
	done  chan struct{}
}

// dial connects to the server at 192.0.2.1:443. At 192.0.2.2 nobody listens, at
// 192.0.2.3 nothing is heard, and there is no IPv6.
func (s *server) dial(pki *smtptest.PKI) web.Dial {
	return func(ctx context.Context, deadline time.Time, to netip.AddrPort) (net.Conn, error) {
		switch {
		case to.Addr().Is6():
			return nil, &net.OpError{Op: "dial", Err: syscall.ENETUNREACH}
		case to == netip.MustParseAddrPort("192.0.2.1:443"):
			near, far := net.Pipe()
			s.done = make(chan struct{})
			go s.serve(far, pki)
			return send(near), nil
		case to.Addr() == netip.MustParseAddr("192.0.2.3"):
			ctx, cancel := context.WithDeadline(ctx, deadline)
			defer cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
}

// sending is a pipe on which writes do not wait for a reader, as with TCP.
type sending struct {
	net.Conn
	queue chan []byte
	done  chan struct{}
	once  sync.Once
}

func send(conn net.Conn) *sending {
	s := &sending{Conn: conn, queue: make(chan []byte, 100), done: make(chan struct{})}
	go func() {
		for {
			select {
			case b := <-s.queue:
				s.Conn.Write(b)
			case <-s.done:
				return
			}
		}
	}()
	return s
}

func (s *sending) Write(b []byte) (int, error) {
	s.queue <- append([]byte{}, b...)
	return len(b), nil
}

func (s *sending) Close() error {
	s.once.Do(func() { close(s.done) })
	return s.Conn.Close()
}

func (s *server) serve(conn net.Conn, pki *smtptest.PKI) {
	defer close(s.done)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Hour))
	if s.cert == "" {
		io.Copy(io.Discard, conn)
		return
	}
	cert, ok := pki.Certificate(s.cert)
	if !ok {
		panic("no certificate " + s.cert)
	}
	c := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: s.version})
	if !s.listen(c) {
		return
	}
	n, err := io.WriteString(c, s.answer)
	for s.sent = n; err == nil && s.endless != ""; s.sent += n {
		n, err = io.WriteString(c, s.endless)
	}
	if !s.open {
		c.CloseWrite()
	}
	io.Copy(io.Discard, c)
}

// listen reads a request.
func (s *server) listen(c net.Conn) bool {
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return false
		}
		if line == "\r\n" {
			return true
		}
		s.asked = append(s.asked, strings.TrimSuffix(line, "\r\n"))
	}
}

// fetched is what comes of a fetch, in virtual time.
func fetched(t *testing.T, s *server, timeout time.Duration, addrs ...string) (f facts.STSFetch, text []byte) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		pki := smtptest.NewPKI(time.Now())
		ca, _ := pki.File("ca.pem")
		source := Source{Host: host, Roots: roots.Store{PEM: ca}, Dial: s.dial(pki)}
		for _, a := range addrs {
			source.Addrs = append(source.Addrs, netip.MustParseAddrPort(a))
		}
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		begin := time.Now()
		f, text = Fetch(ctx, source)
		if took := time.Since(begin); took > min(timeout, time.Minute) || f.Took > took {
			t.Errorf("it took %v, and says %v", took, f.Took)
		}
		if s.done != nil {
			<-s.done
		}
	})
	return f, text
}

func ok(headers, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\n%sContent-Length: %d\r\n\r\n%s", headers, len(body), body)
}

const plainText = "Content-Type: text/plain; charset=utf-8\r\n"

func TestFetch(t *testing.T) {
	s := &server{cert: "good", answer: ok(plainText, good)}
	f, text := fetched(t, s, time.Minute, "192.0.2.1:443")
	if string(text) != good || f.Fault() != facts.STSFetched || f.Err != nil || f.Lints != nil || f.Tries != nil {
		t.Errorf("%+v, %q", f, text)
	}
	if f.Host != host || f.Address.String() != "192.0.2.1" || f.Status != 200 || f.Type != "text/plain; charset=utf-8" || f.Opening != "version: STSv1 mode: enforce mx: mx1.lab" {
		t.Errorf("%+v", f)
	}
	if f.TLS == nil || f.TLS.Version != tls.VersionTLS13 || f.TLS.Unproven() != "" || f.TLS.Outdated != nil || f.TLS.Name != host || facts.Title(f.TLS.Ends()) != host {
		t.Errorf("%+v", f.TLS)
	}
	want := []string{"GET /.well-known/mta-sts.txt HTTP/1.1", "Host: mx.test", "User-Agent: check_smtp", "Accept-Encoding: identity", "Accept: text/plain"}
	if !reflect.DeepEqual(s.asked, want) {
		t.Errorf("%q", s.asked)
	}
}

// TestFetchFaults: whatever is no policy, and why.
func TestFetchFaults(t *testing.T) {
	page := "<!DOCTYPE html>\n<html>\n  <title>Not found \u00e4\u00f6\u00fc</title>"
	for _, tt := range []struct {
		name   string
		server server
		fault  facts.STSFetchFault
		why    facts.WebFault // with STSUnanswered
		words  string         // of the error; "": there is none
		status int
	}{
		{"S6", server{cert: "good", answer: "HTTP/1.1 301 Moved\r\nLocation: https://www.lab.test/x\r\nContent-Length: 0\r\n\r\n"}, facts.STSRedirected, 0, "", 301},
		{"S6 with a page that never ends", server{cert: "good", answer: "HTTP/1.1 308 Moved\r\nLocation: /x\r\n\r\n", endless: "more"}, facts.STSRedirected, facts.WebLarger, "the answer is larger than 65536 bytes", 308},
		{"S7 404", server{cert: "good", answer: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}, facts.STSStatus, 0, "", 404},
		{"S7 404 with gzip", server{cert: "good", answer: "HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n"}, facts.STSStatus, facts.WebEncoded, "the answer is encoded in a way that was not asked for", 404},
		{"S7 500", server{cert: "good", answer: "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"}, facts.STSStatus, 0, "", 500},
		{"no content", server{cert: "good", answer: "HTTP/1.1 204 No\r\n\r\n"}, facts.STSStatus, 0, "", 204},
		{"S7 hangs before the handshake", server{}, facts.STSUnanswered, facts.WebLate, "no answer in time", 0},
		{"S7 hangs behind it", server{cert: "good", open: true}, facts.STSUnanswered, facts.WebLate, "no answer in time", 0},
		{"S7 hangs in the header", server{cert: "good", answer: "HTTP/1.1 200 OK\r\nX: ", open: true}, facts.STSUnanswered, facts.WebLate, "no answer in time", 0},
		{"S7 hangs in the body", server{cert: "good", answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nversion", open: true}, facts.STSUnanswered, facts.WebLate, "no answer in time", 200},
		{"ends in the body", server{cert: "good", answer: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nversion"}, facts.STSUnanswered, facts.WebClosed, "the server closed the connection", 200},
		{"ends at once", server{cert: "good"}, facts.STSUnanswered, facts.WebClosed, "the server closed the connection", 0},
		{"S8 another name", server{cert: "wrongname"}, facts.STSUnanswered, facts.WebUnproven, "the certificate does not prove the server: not valid for mx.test, only for other.test", 0},
		{"S8 self-signed", server{cert: "selfsigned"}, facts.STSUnanswered, facts.WebUnproven, "the certificate does not prove the server: it is self-signed", 0},
		{"S8 expired", server{cert: "expired"}, facts.STSUnanswered, facts.WebUnproven, "the certificate does not prove the server: 'mx.test' expired on 1999-12-22T00:00:00Z", 0},
		{"S8 common name only", server{cert: "nameless"}, facts.STSUnanswered, facts.WebUnproven, "the certificate does not prove the server: not valid for mx.test, only for nothing (it has no subject alternative names)", 0},
		{"another authority", server{cert: "other"}, facts.STSUnanswered, facts.WebUnproven, "the certificate does not prove the server: its issuer 'Other Root' is neither sent nor trusted", 0},
		{"TLS 1.1", server{cert: "good", version: tls.VersionTLS11}, facts.STSUnanswered, facts.WebShake, "the server says: protocol version not supported", 0},
		{"S9 told", server{cert: "good", answer: ok(plainText, strings.Repeat("x", 200000))}, facts.STSUnanswered, facts.WebLarger, "the answer is larger than 65536 bytes", 200},
		{"S9 not told", server{cert: "good", answer: "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 200000)}, facts.STSUnanswered, facts.WebLarger, "the answer is larger than 65536 bytes", 200},
		{"S9 endless", server{cert: "good", answer: "HTTP/1.1 200 OK\r\n\r\n", endless: strings.Repeat("x", 1000)}, facts.STSUnanswered, facts.WebLarger, "the answer is larger than 65536 bytes", 200},
		{"S9 endless, in chunks", server{cert: "good", answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", endless: "1\r\nx\r\n"}, facts.STSUnanswered, facts.WebLarger, "the answer is larger than 65536 bytes", 200},
		{"S9 endless header", server{cert: "good", answer: "HTTP/1.1 200 OK\r\n", endless: "X: y\r\n"}, facts.STSUnanswered, facts.WebNotHTTP, "the answer is not HTTP/1", 0},
		{"S10 gzip", server{cert: "good", answer: ok("Content-Encoding: gzip\r\n"+plainText, good)}, facts.STSEncoded, facts.WebEncoded, "the answer is encoded in a way that was not asked for", 200},
		{"a page for a policy", server{cert: "good", answer: ok("Content-Type: text/html\r\n", page)}, facts.STSFetched, 0, "", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, text := fetched(t, &tt.server, 3*time.Second, "192.0.2.1:443")
			if f.Fault() != tt.fault || (text != nil) != (tt.fault == facts.STSFetched) || f.Status != tt.status || f.Address.String() != "192.0.2.1" {
				t.Errorf("fault %d, %d bytes, %+v", f.Fault(), len(text), f)
			}
			if (f.Err != nil) != (tt.words != "") || f.Err != nil && (f.Err.Fault != tt.why || f.Err.Error() != tt.words) {
				t.Errorf("error %v, want %q", f.Err, tt.words)
			}
			if tt.server.sent > 1<<20 {
				t.Errorf("%d bytes were read", tt.server.sent)
			}
			if wantsTLS := tt.server.cert != "" && tt.server.version == 0; (f.TLS != nil) != wantsTLS {
				t.Errorf("TLS: %+v", f.TLS)
			}
		})
	}
}

// TestFetchLints: an answer that most senders take.
func TestFetchLints(t *testing.T) {
	for _, tt := range []struct {
		name, headers, body string
		lint                string // the media type; "-": none
		opening             string
	}{
		{"S10 text/html", "Content-Type: text/html\r\n", good, "text/html", "version: STSv1 mode: enforce mx: mx1.lab"},
		{"no type", "", good, "", "version: STSv1 mode: enforce mx: mx1.lab"},
		{"a longer word", "Content-Type: text/plainish\r\n", good, "text/plainish", "version: STSv1 mode: enforce mx: mx1.lab"},
		{"capitals", "CONTENT-TYPE: TEXT/Plain ;charset=x\r\nContent-Encoding: identity\r\n", good, "-", "version: STSv1 mode: enforce mx: mx1.lab"},
		{"nothing", plainText, "", "-", ""},
		{"blanks", plainText, " \r\n ", "-", ""},
		{"a page", "Content-Type: text/html\r\n", "<!DOCTYPE html>\n<html>\n\t<title>Seite f\u00fcrs</title>", "text/html", "<!DOCTYPE html> <html> <title>Seite f\u00fcr"},
		{"cut at a character", "Content-Type: text/html\r\n", "<!DOCTYPE html>\n<html>\n\t<title>Seite f\u00fc\u00fcr", "text/html", "<!DOCTYPE html> <html> <title>Seite f\u00fc"},
		{"64 KiB", plainText, strings.Repeat("x", 1<<16), "-", strings.Repeat("x", 40)},
	} {
		f, text := fetched(t, &server{cert: "good", answer: ok(tt.headers, tt.body)}, time.Minute, "192.0.2.1:443")
		if string(text) != tt.body || text == nil || f.Fault() != facts.STSFetched || f.Opening != tt.opening {
			t.Errorf("%s: %d bytes, %+v", tt.name, len(text), f)
		}
		want := []facts.STSFlaw{{Kind: facts.STSMediaType, Text: tt.lint}}
		if tt.lint == "-" {
			want = nil
		}
		if !reflect.DeepEqual(f.Lints, want) {
			t.Errorf("%s: %+v", tt.name, f.Lints)
		}
	}
}

// TestFetchAddresses: the first that connects is the one.
func TestFetchAddresses(t *testing.T) {
	const good4, refusing, silent, six = "192.0.2.1:443", "192.0.2.2:443", "192.0.2.3:443", "[2001:db8::1]:443"
	for _, tt := range []struct {
		name  string
		addrs []string
		err   string
		why   facts.WebFault
		tries int
	}{
		{"S7 refused", []string{refusing}, "connection refused", facts.WebUnreached, 0},
		{"refused, then not", []string{refusing, good4}, "", 0, 2},
		{"unheard, then not", []string{silent, good4}, "", 0, 2},
		{"no IPv6 hides no refusal", []string{refusing, six}, "connection refused", facts.WebUnreached, 2},
		{"IPv6 alone", []string{six}, "network is unreachable", facts.WebUnreached, 0},
		{"another port", []string{"192.0.2.1:8443"}, "connection refused", facts.WebUnreached, 0},
		{"no answer to anything", []string{silent, silent}, "no answer in time", facts.WebLate, 2},
		{"no address", nil, "the name does not resolve: it has no address", facts.WebUnresolved, 0},
	} {
		f, text := fetched(t, &server{cert: "good", answer: ok(plainText, good)}, 3*time.Second, tt.addrs...)
		if tt.err == "" {
			if string(text) != good || f.Err != nil || f.Address.String() != "192.0.2.1" {
				t.Errorf("%s: %+v, %v", tt.name, f, f.Err)
			}
		} else if text != nil || f.Fault() != facts.STSUnanswered || f.Err == nil || f.Err.Error() != tt.err || f.Err.Fault != tt.why || f.Address.IsValid() || f.TLS != nil {
			t.Errorf("%s: %+v, %v", tt.name, f, f.Err)
		}
		if len(f.Tries) != tt.tries {
			t.Errorf("%s: %+v", tt.name, f.Tries)
		}
	}
}

func TestFetchStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{}
		source := Source{Host: host, Addrs: []netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:443")}, Dial: s.dial(nil)}
		ctx, stop := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { stop(errors.New("stopped by SIGTERM")) })
		f, _ := Fetch(ctx, source)
		if f.Err == nil || f.Err.Fault != facts.WebStopped || f.Err.Error() != "stopped by SIGTERM" || f.Took != time.Second {
			t.Errorf("%+v, %v", f, f.Err)
		}
		<-s.done
		// Without a deadline of the caller's it is over after a minute.
		f, _ = Fetch(t.Context(), source)
		if f.Err == nil || f.Err.Fault != facts.WebLate || f.Took != time.Minute {
			t.Errorf("%+v, %v", f, f.Err)
		}
		<-s.done
	})
}

// TestLints: those of the record, the answer and the policy, in this order.
func TestLints(t *testing.T) {
	sts := facts.STS{
		Record: Record([]string{"v=STSv1 ; id=a"}),
		Fetch:  &facts.STSFetch{Lints: []facts.STSFlaw{{Kind: facts.STSMediaType}}},
		Unused: []facts.STSFlaw{{Kind: facts.STSUnused}},
	}
	policy := Policy([]byte(with("604800", "0")))
	sts.Policy = &policy
	var kinds []facts.STSFlawKind
	for _, lint := range sts.Lints() {
		kinds = append(kinds, lint.Kind)
	}
	if !reflect.DeepEqual(kinds, []facts.STSFlawKind{facts.STSSpaced, facts.STSMediaType, facts.STSShortAge, facts.STSUnused}) {
		t.Error(kinds)
	}
	if lints := new(facts.STS).Lints(); len(lints) != 0 {
		t.Error(lints)
	}
}
