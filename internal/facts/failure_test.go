package facts

import (
	"net"
	"net/netip"
	"syscall"
	"testing"
)

// TestReason: no text holds a port of this machine, or the library's words.
func TestReason(t *testing.T) {
	const read = "read udp 127.0.0.1:37557->127.0.0.78:53: "
	refused := &net.DNSError{Err: read + "connection refused", Server: "127.0.0.78:53", IsTemporary: true}
	for want, err := range map[string]error{
		"no such host": &net.DNSError{Err: "no such host", Server: "127.0.0.78:53", IsNotFound: true},
		"resolver 127.0.0.78 does not answer: connection refused":        &Unresolved{refused, syscall.ECONNREFUSED},
		"resolver 127.0.0.78 cannot answer for now (SERVFAIL)":           refused,
		"resolver 127.0.0.78 did not answer in time":                     &net.DNSError{Err: read + "i/o timeout", Server: "127.0.0.78:53", IsTimeout: true, IsTemporary: true},
		"resolver 2001:db8::78 gave no usable answer":                    &net.DNSError{Err: "lame referral", Server: "[2001:db8::78]:53"},
		"not a name that can be looked up":                               &net.DNSError{Err: "cannot marshal DNS message"},
		"no suitable address found":                                      &net.AddrError{Err: "no suitable address found", Addr: "192.0.2.7"},
		"connection refused":                                             &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
		"--bind 203.0.113.9: this machine has no such address":           &Unbound{Addr: netip.MustParseAddr("203.0.113.9"), Err: syscall.EADDRNOTAVAIL},
		"--bind 192.0.2.1: permission denied":                            &Unbound{Addr: netip.MustParseAddr("192.0.2.1"), Err: syscall.EACCES},
		"this machine has no interface eth7":                             &Unbound{Zone: "eth7"},
		"this machine permits no connection: operation not permitted":    &Unbound{Err: syscall.EPERM},
		"this machine permits no connection: permission denied":          &Unbound{Err: syscall.EACCES},
		"this machine has no port left to connect from":                  &Unbound{Err: syscall.EADDRNOTAVAIL},
		"this machine has no room for a connection: too many open files": &Unbound{Err: syscall.EMFILE},
	} {
		if got := (&Failure{Err: err}).Reason(); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
