//go:build e2e

package e2e

import (
	"bufio"
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// script is what a scripted server does: on the empty word when somebody
// connects, otherwise on the verb of a command; "*" stands for any other verb.
// Inside TLS a verb with inTLS before it goes first.
type script map[string][]act

// act is one thing that a server does. An error ends the connection's story.
type act func(*peer) error

// standard is a server without a fault, which every script starts from.
var standard = script{
	"":     {say("220 mail.test ESMTP")},
	"EHLO": {say("250 mail.test")},
	"HELO": {say("250 mail.test")},
	"LHLO": {say("250 mail.test")},
	"MAIL": {say("250 ok")},
	"RCPT": {say("250 ok")},
	"NOOP": {say("250 ok")},
	"RSET": {say("250 ok")},
	"HELP": {say("214-first", "214 end")},
	"QUIT": {say("221 bye"), hangUp},
	"*":    {say("500 what")},
}

// greets is a server with another banner.
func greets(acts ...act) script { return on("", acts...) }

// on is a server that does other things than the standard on some verbs,
// separated by blanks.
func on(verbs string, acts ...act) script { return standard.on(verbs, acts...) }

func (s script) on(verbs string, acts ...act) script {
	changed := maps.Clone(s)
	for verb := range strings.SplitSeq(verbs, " ") {
		changed[verb] = acts
	}
	return changed
}

// inTLS marks the verb of a command that comes inside TLS.
const inTLS = "TLS:"

// errOver ends a connection's story where the script wants it.
var errOver = errors.New("over")

// say sends lines, in one piece.
func say(lines ...string) act { return raw(strings.Join(lines, "\r\n") + "\r\n") }

// raw sends a text as it is.
func raw(text string) act {
	return func(p *peer) error {
		_, err := p.conn.Write([]byte(text))
		return err
	}
}

// pause does nothing for a while.
func pause(d time.Duration) act {
	return func(p *peer) error {
		select {
		case <-p.server.stopped:
			return errOver
		case <-time.After(d):
			return nil
		}
	}
}

// drip sends a text byte by byte.
func drip(gap time.Duration, text string) act {
	return func(p *peer) error {
		for _, b := range []byte(text) {
			if err := errors.Join(pause(gap)(p), raw(string([]byte{b}))(p)); err != nil {
				return err
			}
		}
		return nil
	}
}

// forever sends a text again and again.
func forever(text string) act {
	return func(p *peer) error {
		block := raw(strings.Repeat(text, 1+4096/len(text)))
		for {
			if err := block(p); err != nil {
				return err
			}
		}
	}
}

// hear waits for a line of the client and does nothing about it.
func hear(p *peer) error {
	_, err := p.hear()
	return err
}

// swallow waits for whatever the client sends first, be it a line or not.
func swallow(p *peer) error {
	_, err := p.lines.ReadByte()
	return err
}

// shake puts TLS on the connection.
func shake(config *tls.Config) act {
	return func(p *peer) error {
		conn := tls.Server(p.conn, config)
		if err := conn.Handshake(); err != nil {
			return err
		}
		p.conn, p.lines, p.inside = conn, bufio.NewReader(conn), true
		return nil
	}
}

// hangUp closes the connection (FIN).
func hangUp(*peer) error { return errOver }

// reset aborts the connection (RST).
func reset(p *peer) error {
	if tcp, ok := p.tcp.(*net.TCPConn); ok {
		tcp.SetLinger(0)
		tcp.Close() // before TLS says goodbye
	}
	return errOver
}

// mute says nothing more, but keeps the connection.
func mute(p *peer) error {
	io.Copy(io.Discard, p.lines)
	return errOver
}

// scripted is a server that plays a script to everybody who connects.
type scripted struct {
	listener net.Listener
	script   script
	stopped  chan struct{}
	running  sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	heard []string // every line of every client
}

// play starts a server. Its test, or what stands for one, has to call stop.
func play(network, address string, s script) (*scripted, error) {
	l, err := net.Listen(network, address)
	if err != nil {
		return nil, err
	}
	server := &scripted{listener: l, script: s, stopped: make(chan struct{})}
	server.running.Go(server.accept)
	return server, nil
}

// playTCP starts a server at 127.0.0.1 for the time of a test.
func playTCP(t *testing.T, s script) *scripted {
	t.Helper()
	return playAt(t, "127.0.0.1:0", s)
}

// playAt starts one at another address.
func playAt(t *testing.T, address string, s script) *scripted {
	t.Helper()
	server, err := play("tcp", address, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.stop)
	return server
}

// port is 0 for a UNIX socket.
func (s *scripted) port() int {
	if addr, ok := s.listener.Addr().(*net.TCPAddr); ok {
		return addr.Port
	}
	return 0
}

func (s *scripted) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
		s.running.Go((&peer{server: s, tcp: conn, conn: conn, lines: bufio.NewReader(conn)}).converse)
	}
}

// stop ends the server and all its connections.
func (s *scripted) stop() {
	close(s.stopped)
	s.listener.Close()
	s.mu.Lock()
	for _, c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// contacts is how many clients there were, and every line that they sent.
func (s *scripted) contacts() (int, []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns), s.heard
}

// peer is one connection of a scripted server. An act that puts TLS on it
// replaces both conn and lines.
type peer struct {
	server *scripted
	tcp    net.Conn
	conn   net.Conn
	lines  *bufio.Reader
	inside bool // TLS
}

func (p *peer) converse() {
	defer func() { p.conn.Close() }()
	for verb := ""; ; {
		for _, act := range p.acts(verb) {
			if act(p) != nil {
				return
			}
		}
		line, err := p.hear()
		if err != nil {
			return
		}
		verb, _, _ = strings.Cut(line, " ")
		verb = cmp.Or(strings.ToUpper(verb), "*") // an empty line is no new connection
	}
}

// hear reads the client's next line.
func (p *peer) hear() (string, error) {
	line, err := p.lines.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.heard = append(p.server.heard, line)
	return line, nil
}

func (p *peer) acts(verb string) []act {
	if acts, known := p.server.script[inTLS+verb]; known && p.inside {
		return acts
	}
	if acts, known := p.server.script[verb]; known {
		return acts
	}
	return p.server.script["*"]
}
