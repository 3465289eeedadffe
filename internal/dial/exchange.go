package dial

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"time"
)

// Exchange carries a query to a server of the DNS and its answer back; see
// resolve.Exchanger. What asks the DNS itself waits for several things at the same
// time, so that this goes by Go's poller.
func (s *System) Exchange(ctx context.Context, deadline time.Time, network string, server netip.AddrPort, query []byte, accept func(packet []byte) bool) ([]byte, error) {
	s.waits()
	d := net.Dialer{Deadline: deadline, KeepAlive: -1}
	conn, err := d.DialContext(ctx, network, server.String())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return converse(ctx, deadline, network, conn, query, accept)
}

// converse is Exchange over a connection.
func converse(ctx context.Context, deadline time.Time, network string, conn net.Conn, query []byte, accept func(packet []byte) bool) ([]byte, error) {
	conn.SetDeadline(deadline)
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	next := datagram
	if network == "tcp" {
		next = framed
		query = append(binary.BigEndian.AppendUint16(nil, uint16(len(query))), query...)
	}
	if _, err := conn.Write(query); err != nil {
		return nil, err
	}
	buffer := make([]byte, maxPacket)
	for {
		packet, err := next(conn, buffer)
		if err != nil {
			return nil, err
		}
		if accept(packet) {
			return packet, nil
		}
	}
}

// maxPacket is the most that two bytes can announce.
const maxPacket = 65535

func datagram(conn net.Conn, buffer []byte) ([]byte, error) {
	n, err := conn.Read(buffer)
	return buffer[:n], err
}

// framed reads a packet behind two bytes of length (RFC 1035 section 4.2.2). A
// server that leaves in the middle of one has left.
func framed(conn net.Conn, buffer []byte) ([]byte, error) {
	_, err := io.ReadFull(conn, buffer[:2])
	packet := buffer[:binary.BigEndian.Uint16(buffer)]
	if err == nil {
		_, err = io.ReadFull(conn, packet)
	}
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return packet, err
}
