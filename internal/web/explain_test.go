package web

import (
	"net"
	"syscall"
	"testing"
)

// TestExplainResolver: no words of the library's, which hold a port that differs
// from run to run.
func TestExplainResolver(t *testing.T) {
	const read = "read udp 127.0.0.1:37557->127.0.0.78:53: "
	for want, err := range map[string]error{
		"the name does not resolve: no such host":                        &net.DNSError{Err: "no such host", IsNotFound: true},
		"the name does not resolve: the resolver gave no answer":         &net.DNSError{Err: read + "connection refused", IsTemporary: true},
		"the name does not resolve: the resolver did not answer in time": &net.DNSError{Err: read + "i/o timeout", IsTimeout: true},
		"connection refused": &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
	} {
		if got := explain(err).Error(); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
