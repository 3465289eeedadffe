package smtptest

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
)

// Pipe is a connection in memory that obeys the clock of a synctest bubble and
// ends as TCP does: after a FIN the client's writes still succeed, after a
// reset they do not. Play the script on the server's end.
func Pipe(s Script) (client net.Conn, play func() error) {
	near, far := net.Pipe()
	c := &pipe{Conn: near}
	return c, func() error {
		err := s.Serve(&ender{far, c, s})
		if errors.Is(err, ErrReset) {
			return nil
		}
		return err
	}
}

type pipe struct {
	net.Conn
	reset atomic.Bool
}

func (p *pipe) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if err == io.EOF && p.reset.Load() {
		err = syscall.ECONNRESET
	}
	return n, err
}

func (p *pipe) Write(b []byte) (int, error) {
	n, err := p.Conn.Write(b)
	switch {
	case !errors.Is(err, io.ErrClosedPipe):
		return n, err
	case p.reset.Load():
		return 0, syscall.EPIPE
	}
	return len(b), nil // to a peer that has sent FIN: nobody says no yet
}

// ender tells the client's end how the connection ended, before it does.
type ender struct {
	net.Conn
	client *pipe
	script Script
}

func (e *ender) Close() error {
	if n := len(e.script); n > 0 && e.script[n-1].verb == "RESET" {
		e.client.reset.Store(true)
	}
	return e.Conn.Close()
}
