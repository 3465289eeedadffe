//go:build linux

package main

import (
	"bufio"
	"crypto/tls"
	"net"
	"strconv"
	"strings"
)

// shortList is what a server usually answers to EHLO.
var shortList = []string{"PIPELINING", "SIZE 104857600", "8BITMIME"}

// serve starts a mail server that answers at once, so that nothing is measured
// but its clients. It lives in this process, its clients in others.
func serve(address string, config *tls.Config, list []string) (port string, stop func(), err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", nil, err
	}
	inside, outside := ehlo("AUTH PLAIN LOGIN", list), ehlo("STARTTLS", list)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go (&talk{conn: conn, config: config, greeting: outside, within: inside}).converse()
		}
	}()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), func() { l.Close() }, nil
}

// ehlo is the answer to EHLO.
func ehlo(first string, list []string) string {
	all := append([]string{"mail.example.test", first}, list...)
	return "250-" + strings.Join(all[:len(all)-1], "\r\n250-") + "\r\n250 " + all[len(all)-1] + "\r\n"
}

// talk is one session.
type talk struct {
	conn   net.Conn
	config *tls.Config
	inside bool // TLS
	asked  int  // lines that AUTH LOGIN still waits for
	mail   bool // the lines are those of a message

	greeting, within string // the answers to EHLO, outside of TLS and inside
}

func (t *talk) converse() {
	defer func() { t.conn.Close() }()
	reply := "220 mail.example.test ESMTP\r\n"
	for lines := bufio.NewScanner(t.conn); ; {
		if err := t.say(reply); err != nil || strings.HasPrefix(reply, "221") || !lines.Scan() {
			return
		}
		if t.mail && string(lines.Bytes()) != "." {
			reply = ""
			continue
		}
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		if verb != "STARTTLS" {
			reply = t.answer(verb)
			continue
		}
		reply = "" // the client speaks next
		if !t.startTLS() {
			return
		}
		lines = bufio.NewScanner(t.conn)
	}
}

// say writes a reply, unless there is none to give yet.
func (t *talk) say(reply string) error {
	if reply == "" {
		return nil
	}
	_, err := t.conn.Write([]byte(reply))
	return err
}

func (t *talk) startTLS() bool {
	if _, err := t.conn.Write([]byte("220 2.0.0 Ready to start TLS\r\n")); err != nil {
		return false
	}
	conn := tls.Server(t.conn, t.config)
	t.conn, t.inside = conn, true
	return conn.Handshake() == nil
}

func (t *talk) answer(verb string) string {
	t.mail = verb == "DATA"
	switch {
	case t.mail:
		return "354 End data with <CR><LF>.<CR><LF>\r\n"
	case t.asked > 0:
		t.asked--
		if t.asked == 0 {
			return "235 2.7.0 Authentication successful\r\n"
		}
		return "334 UGFzc3dvcmQ6\r\n"
	case verb == "AUTH":
		t.asked = 2
		return "334 VXNlcm5hbWU6\r\n"
	case verb == "EHLO" && t.inside:
		return t.within
	case verb == "EHLO":
		return t.greeting
	case verb == "QUIT":
		return "221 2.0.0 Bye\r\n"
	}
	return "250 2.0.0 Ok\r\n"
}
