package proof

import (
	"crypto/x509"
	"net"
	"net/url"
	"testing"
)

func TestNames(t *testing.T) {
	tests := []struct {
		c    x509.Certificate
		want string
	}{
		{x509.Certificate{}, "nothing (it has no subject alternative names)"},
		{x509.Certificate{EmailAddresses: []string{"a@b"}}, "nothing (it has no alternative names for servers)"},
		{x509.Certificate{URIs: []*url.URL{{}}}, "nothing (it has no alternative names for servers)"},
		{x509.Certificate{DNSNames: []string{"127.0.0.1", "mx"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 2)}}, "127.0.0.1 (written as a name, not as an address), mx, 127.0.0.2"},
		{x509.Certificate{DNSNames: []string{"::1"}}, "::1 (written as a name, not as an address)"},
		{x509.Certificate{DNSNames: []string{"a", "b", "c", "d", "e", "f", "g"}}, "a, b, c, d, e, and 2 more"},
	}
	for _, tt := range tests {
		if got := names(&tt.c); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
