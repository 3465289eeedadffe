package resolve

import (
	"net/netip"
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ conf, want string }{
		{"", ""},
		{"nameserver 192.0.2.1\n", "192.0.2.1:53"},
		{"# nameserver 192.0.2.9\n;nameserver 192.0.2.9\nsearch example.org\n\tnameserver\t192.0.2.1 # ours\r\nnameserver ::1", "192.0.2.1:53 [::1]:53"},
		{"nameserver fe80::1%eth0\nnameserver ::ffff:127.0.0.53\n", "[fe80::1%eth0]:53 127.0.0.53:53"},
		{"nameserver\nnameserver nonsense\nnameserver 192.0.2.1.\nnameserver 1.2.3\n", ""},
		{strings.Repeat("nameserver 192.0.2.1\n", 9), "192.0.2.1:53 192.0.2.1:53 192.0.2.1:53"},
		{"options timeout:1 edns0 trust-ad\n", "trust-ad"},
		{"options trust-adx\noptions\n", ""},
		{"options attempts:9\noptions trust-ad\nnameserver 192.0.2.1", "192.0.2.1:53 trust-ad"},
		{"nameserver \x00\xff\noptions \x00trust-ad" + strings.Repeat("x", 10000), ""},
	} {
		var words []string
		c := Parse([]byte(test.conf))
		for _, s := range c.Servers {
			words = append(words, s.String())
		}
		if c.TrustAD {
			words = append(words, "trust-ad")
		}
		if got := strings.Join(words, " "); got != test.want {
			t.Errorf("%q: %s, want %s", test.conf, got, test.want)
		}
	}
}

// TestServers: no more than three, none twice, and that on this machine where none
// is named.
func TestServers(t *testing.T) {
	at := netip.MustParseAddrPort
	for _, test := range []struct{ given, want []netip.AddrPort }{
		{nil, []netip.AddrPort{at("127.0.0.1:53")}},
		{[]netip.AddrPort{at("192.0.2.1:53"), at("[::ffff:192.0.2.1]:53"), at("192.0.2.1:54"), at("192.0.2.3:53"), at("192.0.2.4:53")}, []netip.AddrPort{at("192.0.2.1:53"), at("192.0.2.1:54"), at("192.0.2.3:53")}},
	} {
		got := New(nil, Config{Servers: test.given}).config.Servers
		for i := range max(len(got), len(test.want)) {
			if len(got) != len(test.want) || got[i] != test.want[i] {
				t.Fatalf("%v, want %v", got, test.want)
			}
		}
	}
}

func TestTrusts(t *testing.T) {
	for _, test := range []struct {
		server string
		trust  plan.Trust
		ad     bool
		want   bool
	}{
		{"127.0.0.1", "", false, true},
		{"127.1.2.3", plan.TrustAuto, false, true},
		{"::1", "", false, true},
		{"127.0.0.53", "", false, false},
		{"127.0.0.54", "", false, false},
		{"127.0.0.11", "", false, false},
		{"::ffff:127.0.0.53", "", false, false},
		{"::ffff:127.0.0.1", "", false, true},
		{"192.0.2.53", "", false, false},
		{"fe80::1%lo", "", false, false},
		{"192.0.2.53", "", true, true},
		{"127.0.0.53", "", true, true},
		{"192.0.2.53", plan.TrustAlways, false, true},
		{"127.0.0.53", plan.TrustAlways, false, true},
		{"127.0.0.1", plan.TrustNever, true, false},
	} {
		c := Config{Trust: test.trust, TrustAD: test.ad}
		if got := c.trusts(netip.MustParseAddr(test.server)); got != test.want {
			t.Errorf("%s %q trust-ad %v: %v", test.server, test.trust, test.ad, got)
		}
	}
}
