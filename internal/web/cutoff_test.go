package web

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/roots"
)

// TestCutOff: without a length an answer goes on to the end, which TLS tells from a
// connection that somebody has cut.
func TestCutOff(t *testing.T) {
	made := httptest.NewUnstartedServer(nil)
	made.StartTLS()
	defer made.Close()
	ca := roots.Store{PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made.Certificate().Raw})}
	for _, test := range []struct {
		goodbye      bool
		answer, want string
	}{
		{true, "HTTP/1.1 200 OK\r\n\r\nversion: STSv1", ""},
		{false, "HTTP/1.1 200 OK\r\n\r\nversion: STSv1", "closed the connection"},
		{false, "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nversion: STSv1", ""},
		{false, "HTTP/1.1 200 OK\r\n", "closed the connection"},
		{false, "", "closed the connection"},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Skip("this machine has no loopback: ", err)
		}
		go func() {
			defer l.Close()
			raw, err := l.Accept()
			if err != nil {
				return
			}
			defer raw.Close()
			conn := tls.Server(raw, &tls.Config{Certificates: made.TLS.Certificates})
			conn.Read(make([]byte, 4096))
			io.WriteString(conn, test.answer)
			if test.goodbye {
				conn.CloseWrite()
			}
		}()
		c, _ := client(t, "https://"+l.Addr().String())
		c.Root = ca
		r, err := c.Do(within(t, time.Minute), Request{Method: "GET", Target: "/"})
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q, goodbye %v: %q, %v", test.answer, test.goodbye, r.Body, err)
		}
	}
}
