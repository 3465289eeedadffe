// Package web asks servers over HTTP/1.1 (RFC 9112), with or without TLS: password
// managers, and hosts of policies. net/http would make every check slower, also
// those that ask nobody: it adds a megabyte and 80 µs of initialisation. This client
// follows no redirect, asks no proxy, keeps no cookies, speaks no HTTP/2, and reads
// no answer of more than a megabyte.
package web

import (
	"bufio"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/proof"
	"check_smtp/internal/roots"
)

// Client talks to one server. It is for one request after the other.
type Client struct {
	TLS   bool
	Host  string           // a name or an IP address without brackets
	Port  string           // a number
	Addrs []netip.AddrPort // where the host is, tried in turn; nil: the system's resolver knows
	Dial  Dial             // nil: the system's network
	Root  roots.Store      // who proves the server, with TLS
	Cert  *tls.Certificate // our own; nil: none
	Limit int64            // bytes of a body; 0: a megabyte
	Seen  facts.Web        // what the last connection showed: addresses, up to 20 tries, TLS

	raw    net.Conn // kept for the next request; nil: none
	conn   net.Conn // what we speak through: raw, or TLS over it
	reader *bufio.Reader
}

// Dial connects before the deadline. The connection ends its reads and writes at
// the deadlines that it is set, also at those that are set meanwhile.
type Dial func(ctx context.Context, deadline time.Time, to netip.AddrPort) (net.Conn, error)

// Request is what to ask for.
type Request struct {
	Method string
	Target string   // path and query, see Escape
	Accept string   // the media type that is wanted
	Header []string // more lines without their end; Host and Content-Length are added
	Body   []byte   // nil: none
}

// Response is an answer. What the server says in it is hostile.
type Response struct {
	Status   int    // 0: none came
	Location string // of a redirect, which is not followed; "": not told
	Type     string // Content-Type; "": not told
	Encoding string // Content-Encoding; "": identity
	Body     []byte
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
	c.Port = cmp.Or(c.Port, c.usualPort())
	return c, u.RequestURI(), nil
}

func (c *Client) usualPort() string {
	if c.TLS {
		return "443"
	}
	return "80"
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

// Do sends a request and reads the answer until ctx ends. The error is a
// *facts.WebError, in whose words nothing of the request or the answer is, but the
// host may be, and what the server says before that: the names in its certificate,
// which can be any text. With an error the response is what was read before it.
func (c *Client) Do(ctx context.Context, r Request) (Response, error) {
	response, err := c.do(ctx, r)
	if err == nil {
		return response, nil
	}
	reached := c.raw != nil
	if reached { // without a word, for which a server that does not listen may let us wait
		c.raw.Close()
		c.raw, c.conn = nil, nil
	}
	if ctx.Err() != nil {
		return response, stopped(ctx)
	}
	return response, explain(err, reached)
}

func (c *Client) do(ctx context.Context, r Request) (Response, error) {
	for _, line := range append([]string{r.Target, r.Accept}, r.Header...) {
		if strings.ContainsAny(line, "\r\n\x00") { // one more header, or one more request
			return Response{}, &facts.WebError{Fault: facts.WebUnsent}
		}
	}
	if err := c.connect(ctx); err != nil {
		return Response{}, err
	}
	defer watch(ctx, c.conn)()
	if _, err := c.conn.Write(c.format(r)); err != nil {
		return Response{}, err
	}
	response, keep, err := read(c.reader, cmp.Or(c.Limit, maxBody))
	if err == nil && !keep {
		c.Close()
	}
	return response, err
}

// watch lets the reads and writes of a connection end when ctx does. It returns
// what ends the watch.
func watch(ctx context.Context, conn net.Conn) func() bool {
	deadline, _ := ctx.Deadline()
	conn.SetDeadline(deadline)
	return context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
}

// connect connects unless the last request left a connection behind.
func (c *Client) connect(ctx context.Context) error {
	if c.raw != nil {
		return nil
	}
	c.Seen = facts.Web{}
	raw, err := c.reach(ctx)
	if err != nil {
		return err
	}
	c.raw, c.conn = raw, raw
	if c.TLS {
		defer watch(ctx, raw)()
		conn := tls.Client(whole{raw}, c.config())
		if err := conn.Handshake(); err != nil {
			return &shakeError{err}
		}
		c.conn = conn
	}
	c.reader = bufio.NewReaderSize(c.conn, maxLine)
	return nil
}

// maxLine is how long a line of a header may be, in bytes. Some security policies
// of sites are longer than the usual 4 kB.
const maxLine = 16 << 10

// config proves the server with the roots that the chain asks for: reading all
// of the system's, as crypto/tls does, takes longer than a check.
func (c *Client) config() *tls.Config {
	return &tls.Config{
		ServerName:         c.Host,
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, // VerifyConnection does it
		VerifyConnection:   c.prove,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if c.Cert == nil {
				return new(tls.Certificate), nil
			}
			return c.Cert, nil
		},
	}
}

// prove writes down what the handshake shows, and ends it where that does not prove
// the server: before anything is sent that is meant for that one only.
func (c *Client) prove(state tls.ConnectionState) error {
	now := time.Now()
	seen := proof.Shown(state)
	proof.Examine(seen, state.PeerCertificates, proof.Terms{Store: c.Root, Name: c.Host, Now: now})
	c.Seen.TLS = seen
	why := seen.Unproven()
	if why == "" && seen.Outdated != nil {
		why = "'" + facts.Title(seen.Outdated) + "' " + facts.Outdated(seen.Outdated, now)
	}
	if why != "" {
		return &facts.WebError{Fault: facts.WebUnproven, Why: why}
	}
	return nil
}

func (c *Client) format(r Request) []byte {
	host := c.Host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if c.Port != c.usualPort() {
		host += ":" + c.Port
	}
	lines := append([]string{r.Method + " " + r.Target + " HTTP/1.1", "Host: " + host, "User-Agent: check_smtp", "Accept-Encoding: identity", "Accept: " + cmp.Or(r.Accept, "application/json")}, r.Header...)
	if r.Body != nil {
		lines = append(lines, "Content-Type: application/json", "Content-Length: "+strconv.Itoa(len(r.Body)))
	}
	return append([]byte(strings.Join(lines, "\r\n")+"\r\n\r\n"), r.Body...)
}

// Close ends the connection in good order, if there is one.
func (c *Client) Close() {
	if c.raw != nil {
		c.conn.Close()
		c.raw, c.conn = nil, nil
	}
}
