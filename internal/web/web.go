// Package web asks password managers over HTTP/1.1 (RFC 9112), with or without
// TLS. net/http would make every check slower, also those that ask nobody: it
// adds a megabyte and 80 µs of initialisation. This client follows no redirect,
// asks no proxy, keeps no cookies, speaks no HTTP/2, and reads no answer of
// more than a megabyte.
package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/roots"
)

// Client talks to one server. It is for one request after the other.
type Client struct {
	TLS  bool
	Host string           // a name or an IP address without brackets
	Port string           // a number
	Root roots.Store      // who proves the server, with TLS
	Cert *tls.Certificate // our own; nil: none

	conn   net.Conn // kept for the next request; nil: none
	reader *bufio.Reader
}

// Request is what to ask for.
type Request struct {
	Method string
	Target string   // path and query, see Escape
	Header []string // lines without their end; Host and Content-Length are added
	Body   []byte   // nil: none
}

// Response is an answer.
type Response struct {
	Status int
	Body   []byte
}

// Parse makes a client from a URL, and gives the path and query in it.
func Parse(address string) (*Client, string, error) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, "", errors.New("that is not a URL that begins with http:// or https://")
	case u.User != nil:
		return nil, "", errors.New("a user or password in the URL is not sent")
	}
	c := &Client{TLS: u.Scheme == "https", Host: u.Hostname(), Port: u.Port()}
	if c.Port == "" {
		c.Port = map[bool]string{false: "80", true: "443"}[c.TLS]
	}
	return c, u.RequestURI(), nil
}

// Escape makes of a path with or without a query one that fits the request
// line: what must not stand there is written as %XX (RFC 3986 section 2.1).
func Escape(target string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(target) {
		c := target[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"#<>\^{|}`+"`", c) >= 0 {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Do sends a request and reads the answer until ctx ends. The errors say what
// happened in words. Nothing of the request or the answer is in them, but the
// host may be, and what the server says before that: the names in its
// certificate, which can be any text.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	response, err := c.do(ctx, r)
	if err == nil {
		return response, nil
	}
	c.Close()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return Response{}, explain(err)
}

func (c *Client) do(ctx context.Context, r Request) (Response, error) {
	for _, line := range r.Header {
		if strings.ContainsAny(line, "\r\n\x00") { // one more header, or one more request
			return Response{}, errors.New("what is to be sent holds a line end or a NUL")
		}
	}
	if err := c.connect(ctx); err != nil {
		return Response{}, err
	}
	conn := c.conn
	deadline, _ := ctx.Deadline()
	conn.SetDeadline(deadline)
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	if _, err := conn.Write(c.format(r)); err != nil {
		return Response{}, err
	}
	response, keep, err := read(c.reader)
	if err == nil && !keep {
		c.Close()
	}
	return response, err
}

// connect connects unless the last request left a connection behind.
func (c *Client) connect(ctx context.Context) error {
	if c.conn != nil {
		return nil
	}
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(c.Host, c.Port))
	if err != nil {
		return err
	}
	c.conn = raw
	if c.TLS {
		conn := tls.Client(raw, c.config())
		if err := conn.HandshakeContext(ctx); err != nil {
			return err
		}
		c.conn = conn
	}
	c.reader = bufio.NewReader(c.conn)
	return nil
}

// config proves the server with the roots that the chain asks for: reading all
// of the system's, as crypto/tls does, takes longer than a check.
func (c *Client) config() *tls.Config {
	return &tls.Config{
		ServerName:         c.Host,
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it
		VerifyConnection: func(s tls.ConnectionState) error {
			if _, err := c.Root.Verify(s.PeerCertificates, x509.VerifyOptions{DNSName: c.Host}); err != nil {
				return &tls.CertificateVerificationError{Err: err}
			}
			return nil
		},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if c.Cert == nil {
				return new(tls.Certificate), nil
			}
			return c.Cert, nil
		},
	}
}

func (c *Client) format(r Request) []byte {
	host := c.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if c.Port != map[bool]string{false: "80", true: "443"}[c.TLS] {
		host += ":" + c.Port
	}
	lines := append([]string{r.Method + " " + r.Target + " HTTP/1.1", "Host: " + host, "User-Agent: check_smtp", "Accept: application/json"}, r.Header...)
	if r.Body != nil {
		lines = append(lines, "Content-Type: application/json", "Content-Length: "+strconv.Itoa(len(r.Body)))
	}
	return append([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), r.Body...)
}

// Close drops the connection, if there is one.
func (c *Client) Close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}
