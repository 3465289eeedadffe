package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/roots"
)

func client(t testing.TB, address string) (*Client, string) {
	t.Helper()
	c, target, err := Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, target
}

func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestDo(t *testing.T) {
	var asked []string
	connections := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		connections[r.RemoteAddr] = true
		asked = append(asked, fmt.Sprintf("%s %s %s %q", r.Method, r.URL, r.Header.Get("X-Token"), body))
		if r.URL.Path == "/chunked" {
			for range 3 {
				io.WriteString(w, strings.Repeat("x", 5000))
				w.(http.Flusher).Flush()
			}
			return
		}
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "body")
	}))
	defer server.Close()
	c, target := client(t, server.URL+"/a?b=c")
	r, err := c.Do(within(t, time.Minute), Request{Method: "GET", Target: target, Header: []string{"X-Token: t"}})
	if err != nil || r.Status != 418 || string(r.Body) != "body" {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = c.Do(within(t, time.Minute), Request{Method: "POST", Target: "/chunked", Body: []byte("{}")})
	if err != nil || r.Status != 200 || string(r.Body) != strings.Repeat("x", 15000) {
		t.Errorf("%d, %d bytes, %v", r.Status, len(r.Body), err)
	}
	if got := strings.Join(asked, ", "); got != `GET /a?b=c t "", POST /chunked  "{}"` {
		t.Error(got)
	}
	if len(connections) != 1 {
		t.Errorf("%d connections, want 1", len(connections))
	}
}

// TestAnswers plays answers that net/http would never give.
func TestAnswers(t *testing.T) {
	big := strings.Repeat("x", maxBody)
	for _, test := range []struct{ name, answer, want string }{
		{"until the end", "HTTP/1.0 200 OK\r\n\r\nabc", "200 abc"},
		{"bare line ends", "HTTP/1.1 200\ncontent-length: 3\n\nabc", "200 abc"},
		{"interim", "HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "200 a"},
		{"no content", "HTTP/1.1 204 No\r\n\r\n", "204 "},
		{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1 \r\nc\r\n0\r\nT: x\r\n\r\n", "200 abc"},
		{"full", "HTTP/1.1 200 OK\r\n\r\n" + big, "200 " + big},
		{"too long", "HTTP/1.1 200 OK\r\n\r\n" + big + "x", "larger than 1048576 bytes"},
		{"length too long", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "larger than 1048576 bytes"},
		{"chunk too long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n", "larger than 1048576 bytes"},
		{"chunks too long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + big + "\r\n1\r\na\r\n0\r\n\r\n", "larger than 1048576 bytes"},
		{"short", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", "closed the connection"},
		{"short chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc", "closed the connection"},
		{"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "closed the connection"},
		{"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", "not HTTP"},
		{"chunk without end", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", "not HTTP"},
		{"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", "not HTTP"},
		{"largest length", "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nabc", "not HTTP"},
		{"signed length", "HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc", "not HTTP"},
		{"negative", "HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n", "not HTTP"},
		{"gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", "not asked for"},
		{"garbage", "SSH-2.0-OpenSSH_9.2\r\n", "not HTTP"},
		{"HTTP/2", "HTTP/2 200 OK\r\n\r\n", "not HTTP"},
		{"status", "HTTP/1.1 2000 OK\r\n\r\n", "not HTTP"},
		{"field", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "not HTTP"},
		{"long line", "HTTP/1.1 200 OK\r\nX: " + big + "\r\n\r\n", "not HTTP"},
		{"endless header", "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: y\r\n", 1000), "not HTTP"},
		{"endless interim", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 100), "not HTTP"},
		{"nothing", "", "closed the connection"},
		{"half a line", "HTTP/1.1 2", "closed the connection"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := client(t, "http://"+answering(t, test.answer))
			r, err := c.Do(within(t, time.Minute), Request{Method: "GET", Target: "/"})
			got := fmt.Sprintf("%d %s", r.Status, r.Body)
			if err != nil {
				got = err.Error()
			}
			if got != test.want && (err == nil || !strings.Contains(got, test.want)) {
				t.Errorf("got %.60q, want %.60q", got, test.want)
			}
		})
	}
}

// answering is a server that says the same to everybody.
func answering(t testing.TB, answer string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				bufio.NewReader(conn).ReadString('\n')
				io.WriteString(conn, answer)
				conn.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	return l.Addr().String()
}

func TestTime(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts, in the backlog, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, scheme := range []string{"http", "https"} {
		c, _ := client(t, scheme+"://"+l.Addr().String())
		_, err = c.Do(within(t, 100*time.Millisecond), Request{Method: "GET", Target: "/"})
		if err == nil || err.Error() != "no answer in time" {
			t.Errorf("%s: %v", scheme, err)
		}
		ctx, stop := context.WithCancelCause(within(t, time.Minute))
		time.AfterFunc(50*time.Millisecond, func() { stop(errors.New("stopped by SIGTERM")) })
		if _, err = c.Do(ctx, Request{Method: "GET", Target: "/"}); err == nil || err.Error() != "stopped by SIGTERM" {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	c, _ := client(t, "http://"+l.Addr().String())
	if _, err := c.Do(within(t, time.Minute), Request{Method: "GET", Target: "/"}); err == nil || err.Error() != "connection refused" {
		t.Error(err)
	}
}

func TestInjection(t *testing.T) {
	c, _ := client(t, "http://"+answering(t, "HTTP/1.1 200 OK\r\n\r\n"))
	for _, token := range []string{"a\r\nX: y", "a\n", "a\x00"} {
		if _, err := c.Do(within(t, time.Minute), Request{Method: "GET", Target: "/", Header: []string{"X-Token: " + token}}); err == nil || !strings.Contains(err.Error(), "line end") {
			t.Errorf("%q: %v", token, err)
		}
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, len(r.TLS.PeerCertificates))
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	defer server.Close()
	ca := roots.Store{PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})}
	ask := func(address string, change func(*Client)) string {
		c, _ := client(t, address)
		change(c)
		r, err := c.Do(within(t, time.Minute), Request{Method: "GET", Target: "/"})
		return fmt.Sprintf("%s %v", r.Body, err)
	}
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	for _, test := range []struct {
		address string
		change  func(*Client)
		want    string
	}{
		{server.URL, func(c *Client) { c.Root = ca }, "0 <nil>"},
		{server.URL, func(c *Client) { c.Root, c.Cert = ca, &server.TLS.Certificates[0] }, "1 <nil>"},
		{server.URL, func(c *Client) { c.Root = roots.System("/nonexistent", "/nonexistent") }, "the certificate does not prove the server: it is self-signed"},
		{"https://localhost:" + port, func(c *Client) { c.Root = ca }, "not valid for localhost"},
		{"http://127.0.0.1:" + port, func(*Client) {}, "Client sent an HTTP request to an HTTPS server.\n <nil>"},
		{"https://" + answering(t, "HTTP/1.1 400 Bad\r\n\r\n"), func(*Client) {}, "the server does not speak TLS"},
	} {
		if got := ask(test.address, test.change); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, want %q", test.address, got, test.want)
		}
	}
}

// quiet is for a server whose complaints are what a test is after.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

func TestParse(t *testing.T) {
	for address, want := range map[string]string{
		"http://h":           "false h 80 /",
		"https://h":          "true h 443 /",
		"https://h:8200/x?y": "true h 8200 /x?y",
		"http://[::1]:1/a b": "false ::1 1 /a%20b",
	} {
		c, target := client(t, address)
		if got := fmt.Sprintf("%v %s %s %s", c.TLS, c.Host, c.Port, target); got != want {
			t.Errorf("%s: %s", address, got)
		}
	}
	for _, address := range []string{"", "h", "h:80", "ftp://h", "http://", "http:///x", "http://u:p@h", "http://h\n"} {
		if _, _, err := Parse(address); err == nil {
			t.Errorf("%q is accepted", address)
		}
	}
	if got := Escape("/a b/ä?x=%41&y#\r\n"); got != "/a%20b/%C3%A4?x=%41&y%23%0D%0A" {
		t.Error(got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n0\r\nT: x\r\n\r\n"))
	f.Add([]byte("HTTP/1.1 100 C\r\n\r\nHTTP/1.0 404 No\r\nContent-Length: 3\r\n\r\nabc"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, _, err := read(bufio.NewReader(strings.NewReader(string(data))), maxBody)
		if err == nil && (r.Status < 200 || len(r.Body) > len(data)) {
			t.Errorf("%+v", r)
		}
	})
}
