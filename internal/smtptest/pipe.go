package smtptest

import (
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// Pipe is a connection in memory that obeys the clock of a synctest bubble and
// behaves as TCP does: the client's writes do not wait for the server to read;
// after a FIN they still succeed, after a reset they do not. Play the script on
// the server's end.
func Pipe(s Script, pki *PKI) (client net.Conn, play func() error) {
	near, far := net.Pipe()
	p := &pipe{Conn: near, resets: s.resets(), queue: make(chan []byte, 1000)}
	p.pump.Go(p.send)
	return p, func() error {
		err := s.Serve(&farEnd{far, p}, pki)
		p.pump.Wait()
		if errors.Is(err, ErrReset) {
			return nil
		}
		return err
	}
}

func (s Script) resets() bool { return len(s) > 0 && s[len(s)-1].verb == "RESET" }

// pipe is the client's end.
type pipe struct {
	net.Conn
	resets bool        // the server ends by breaking the connection
	queue  chan []byte // what is on its way to the server
	pump   sync.WaitGroup

	mu     sync.Mutex
	gone   bool // the server's end is closed
	closed bool // ours is
}

// send brings to the server what the client wrote, then the end.
func (p *pipe) send() {
	for b := range p.queue {
		if _, err := p.Conn.Write(b); err != nil {
			break
		}
	}
	for range p.queue {
		continue // nobody is there to read it
	}
	p.Conn.Close()
}

// SetDeadline succeeds after a FIN, too. Nothing is left to wait for then.
func (p *pipe) SetDeadline(t time.Time) error {
	p.Conn.SetDeadline(t)
	return nil
}

func (p *pipe) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	if err == io.EOF && p.resets {
		err = syscall.ECONNRESET
	}
	return n, err
}

func (p *pipe) Write(b []byte) (int, error) {
	if p.resets {
		time.Sleep(time.Nanosecond) // in which the server does what it is about to do
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone && p.resets {
		return 0, syscall.EPIPE
	}
	p.queue <- append([]byte(nil), b...)
	return len(b), nil
}

// Close lets the server have what is still on its way, if it reads at all.
func (p *pipe) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return net.ErrClosed
	}
	p.closed = true
	p.Conn.SetReadDeadline(time.Unix(1, 0))
	p.Conn.SetWriteDeadline(time.Now().Add(time.Minute))
	close(p.queue)
	return nil
}

// farEnd is the server's end; it tells the client's when it is closed.
type farEnd struct {
	net.Conn
	client *pipe
}

func (e *farEnd) Close() error {
	e.client.mu.Lock()
	defer e.client.mu.Unlock()
	e.client.gone = true
	return e.Conn.Close()
}
