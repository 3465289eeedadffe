//go:build linux

package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// phases are those that a server can time, in their order, by the names of our
// metrics.
var phases = []string{"banner", "ehlo", "starttls", "tls", "ehlo_tls", "sasl_auth", "mailfrom", "rcptto", "data", "body", "quit"}

// delayed is a mail server that takes its time in each phase, and knows how much it
// has taken.
type delayed struct {
	config *tls.Config
	fd     int
	port   string
	delays map[string]time.Duration
	says   map[string]string             // instead of what it usually says in a phase
	told   chan map[string]time.Duration // what each conversation took
}

// listenDelayed starts one; stop ends it. It talks to one client after the other.
func listenDelayed(config *tls.Config) (d *delayed, stop func(), err error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	// What is accepted has it from here, and the system goes on stamping in between.
	unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	if err = unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err == nil {
		err = unix.Listen(fd, 16)
	}
	name, nameErr := unix.Getsockname(fd)
	if err = errors.Join(err, nameErr); err != nil {
		unix.Close(fd)
		return nil, nil, err
	}
	// An accept that is at hand ends with a shutdown, not with a close.
	stop = func() { unix.Shutdown(fd, unix.SHUT_RDWR) }
	return &delayed{config: config, fd: fd, port: strconv.Itoa(name.(*unix.SockaddrInet4).Port), told: make(chan map[string]time.Duration, 1)}, stop, nil
}

// serve talks to clients until the server is stopped.
func (d *delayed) serve() {
	defer unix.Close(d.fd)
	for {
		wire, err := d.accept()
		if err != nil {
			return
		}
		c := &clocked{delayed: d, wire: wire, conn: wire, took: map[string]time.Duration{}}
		c.converse()
		wire.Close()
		d.told <- c.took
	}
}

func (d *delayed) accept() (*stamped, error) {
	for {
		switch fd, _, err := unix.Accept4(d.fd, unix.SOCK_CLOEXEC); err {
		case nil:
			return newStamped(fd), nil
		case unix.EINTR, unix.ECONNABORTED:
		default:
			return nil, err
		}
	}
}

// clocked is one conversation.
type clocked struct {
	*delayed
	wire *stamped
	conn net.Conn // wire, or TLS over it
	took map[string]time.Duration
}

func (c *clocked) converse() {
	if !c.reply("banner", "220 mail.example.test ESMTP") {
		return
	}
	lines := bufio.NewScanner(c.conn)
	for body := false; lines.Scan(); {
		line := lines.Text()
		switch phase, reply := c.answer(line); {
		case body && line != ".":
			continue
		case body:
			body = false
			if !c.reply("body", "250 2.0.0 Ok") {
				return
			}
		case !c.reply(phase, reply) || phase == "quit":
			return
		case phase == "starttls":
			if !c.shake() {
				return
			}
			lines = bufio.NewScanner(c.conn)
		default:
			body = phase == "data"
		}
	}
}

// answer is the phase that a command belongs to, and what is said.
func (c *clocked) answer(line string) (phase, reply string) {
	verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
	switch {
	case verb == "EHLO" && c.conn != c.wire:
		return "ehlo_tls", "250-mail.example.test\r\n250 AUTH PLAIN"
	case verb == "EHLO":
		return "ehlo", "250-mail.example.test\r\n250 STARTTLS"
	case verb == "STARTTLS":
		return "starttls", "220 2.0.0 Ready to start TLS"
	case verb == "AUTH":
		return "sasl_auth", "235 2.7.0 Authentication successful"
	case verb == "MAIL":
		return "mailfrom", "250 2.1.0 Ok"
	case verb == "RCPT":
		return "rcptto", "250 2.1.5 Ok"
	case verb == "DATA":
		return "data", "354 End data with <CR><LF>.<CR><LF>"
	case verb == "QUIT":
		return "quit", "221 2.0.0 Bye"
	}
	return "command", "500 5.5.2 What?"
}

// reply waits and says something. What it took is from the arrival of the first of
// what came to the moment before the answer went.
func (c *clocked) reply(phase, text string) bool {
	time.Sleep(c.delays[phase])
	if other, is := c.says[phase]; is {
		text = other
	}
	_, err := c.conn.Write([]byte(text + "\r\n"))
	c.took[phase] = c.wire.wrote.Sub(c.wire.first)
	return err == nil
}

// shake begins with TLS, in the middle of which it waits. What it took is from the
// moment before the answer to STARTTLS went to the arrival of the client's last
// flight: the client's own work on its keys is part of that phase.
func (c *clocked) shake() bool {
	begin := c.wire.wrote
	config := c.config.Clone()
	config.SessionTicketsDisabled = true // nothing is written once the client is done
	config.GetConfigForClient = func(*tls.ClientHelloInfo) (*tls.Config, error) {
		time.Sleep(c.delays["tls"])
		return nil, nil
	}
	conn := tls.Server(c.wire, config)
	c.conn = conn
	err := conn.Handshake()
	c.took["tls"] = c.wire.last.Sub(begin)
	c.wire.again()
	return err == nil
}
