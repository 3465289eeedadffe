package main

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"check_smtp/internal/smtptest"
)

const loopback = "127.0.0.1"

// pki has the certificates of all servers, issued when the tour begins.
var pki = sync.OnceValue(func() *smtptest.PKI { return smtptest.NewPKI(time.Now()) })

// host is whom a command of the tour talks to. gone waits until the host has
// done with the command's connection, and says how it went.
type host interface {
	open() (port string, gone func() error, err error)
}

// listen finds a free port.
func listen() (net.Listener, string, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return nil, "", err
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return l, port, err
}

// nobody is a port on which nobody listens.
type nobody struct{}

func (nobody) open() (string, func() error, error) {
	l, port, err := listen()
	if err != nil {
		return "", nil, err
	}
	return port, func() error { return nil }, l.Close()
}

// scripted is a server that plays a script of smtptest to its first client.
type scripted string

func (text scripted) open() (string, func() error, error) {
	script, err := smtptest.ParseScript(string(text))
	if err != nil {
		return "", nil, err
	}
	l, port, err := listen()
	if err != nil {
		return "", nil, err
	}
	done := make(chan error, 1)
	go func() { done <- serveOne(l, script) }()
	return port, func() error {
		l.Close()
		return <-done
	}, nil
}

func serveOne(l net.Listener, script smtptest.Script) error {
	conn, err := l.Accept()
	if errors.Is(err, net.ErrClosed) {
		return errors.New("check_smtp did not connect")
	}
	if err != nil {
		return err
	}
	// A client that stays for ever must not hold the tour up.
	conn.SetDeadline(time.Now().Add(patience))
	return script.Serve(conn, pki())
}

// mailServer is a real one, of emersion/go-smtp.
type mailServer struct {
	*smtp.Server
	port string
}

func startMailServer() (*mailServer, error) {
	l, port, err := listen()
	if err != nil {
		return nil, err
	}
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &desk{}, nil }))
	s.Domain = "mail.example.org"
	soon, _ := pki().Certificate("days20")
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{soon}}
	s.ReadTimeout, s.WriteTimeout = patience, patience
	go s.Serve(l)
	return &mailServer{s, port}, nil
}

// open has nothing to start: the server runs for the whole tour.
func (s *mailServer) open() (string, func() error, error) {
	return s.port, func() error { return nil }, nil
}

// Whom and what the mail server does not take.
const (
	refusedSender    = "spam@example.org"
	greylistedSender = "stranger@example.org"
	unknownRecipient = "nobody@example.org"
	fullRecipient    = "hoarder@example.org"
)

// desk is where the mail server decides whose mail it takes. It keeps none.
type desk struct{ full bool }

func (*desk) Mail(from string, _ *smtp.MailOptions) error {
	switch from {
	case refusedSender:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no mail from you"}
	case greylistedSender:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, come back in five minutes"}
	}
	return nil
}

func (*desk) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth lets nobody in.
func (*desk) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, _ string) error { return smtp.ErrAuthFailed }), nil
}

func (d *desk) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == unknownRecipient {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	}
	d.full = d.full || to == fullRecipient
	return nil
}

func (d *desk) Data(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	if d.full && err == nil {
		return &smtp.SMTPError{Code: 552, EnhancedCode: smtp.EnhancedCode{5, 2, 2}, Message: "mailbox full"}
	}
	return err
}

func (d *desk) Reset() { d.full = false }

func (*desk) Logout() error { return nil }
