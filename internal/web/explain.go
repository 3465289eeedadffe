package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// explain puts an error into words that do not change from run to run.
func explain(err error) error {
	var dns *net.DNSError
	var errno syscall.Errno
	var record tls.RecordHeaderError
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errors.New("no answer in time")
	case errors.As(err, &dns):
		return errors.New("the name does not resolve: " + unresolved(dns))
	case errors.As(err, &record):
		return errors.New("the server does not speak TLS")
	case errors.As(err, &untrusted):
		return errors.New("the certificate does not prove the server: " + reason(untrusted.Err))
	case errors.As(err, &errno):
		return errors.New(errno.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the server closed the connection")
	}
	return errors.New(reason(err))
}

// unresolved is why a name was not found. The library's text holds a port of this
// machine.
func unresolved(dns *net.DNSError) string {
	switch {
	case dns.IsNotFound:
		return "no such host"
	case dns.IsTimeout:
		return "the resolver did not answer in time"
	}
	return "the resolver gave no answer"
}

// reason is what x509 and tls say, without the names of their packages.
func reason(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "signed by unknown authority"
	}
	return strings.NewReplacer("x509: ", "", "tls: ", "", "remote error", "the server says").Replace(err.Error())
}
