package smtptest

import (
	"encoding/binary"
	"errors"
	"net"
)

// cutConn lets a number of TLS records through (RFC 8446 section 5.1) and fails
// then, as if the server had stopped in the middle of its handshake.
type cutConn struct {
	net.Conn
	left int // below 0: all of them
}

var errCut = errors.New("no more records")

func (c *cutConn) Write(b []byte) (int, error) {
	if c.left < 0 {
		return c.Conn.Write(b)
	}
	end := 0
	for ; c.left > 0 && len(b)-end >= 5; c.left-- {
		end += 5 + int(binary.BigEndian.Uint16(b[end+3:]))
	}
	if end == 0 {
		return 0, errCut
	}
	n, err := c.Conn.Write(b[:end])
	if err == nil && end < len(b) {
		err = errCut
	}
	return n, err
}
