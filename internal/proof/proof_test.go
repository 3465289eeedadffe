package proof

import (
	"crypto/x509"
	"encoding/asn1"
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

func TestAlgorithmName(t *testing.T) {
	nist := func(n int) asn1.ObjectIdentifier { return asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, n} }
	for _, tt := range []struct {
		id   asn1.ObjectIdentifier
		want string
	}{
		{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 14}, "SHA-224, "},
		{asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 1}, "SHA-224, "},
		{asn1.ObjectIdentifier{1, 3, 101, 113}, "Ed448, "},
		{nist(14), "SHA-3, "},
		{nist(17), "ML-DSA, "},
		{nist(2), ""},
		{nist(99), ""},
		{asn1.ObjectIdentifier{1, 2, 3, 14}, ""},
	} {
		if got := algorithmName(tt.id); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.id, got, tt.want)
		}
	}
}
