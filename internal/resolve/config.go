package resolve

import (
	"bytes"
	"net/netip"
	"strings"

	"check_smtp/internal/plan"
)

const port = 53

// Parse is what a resolv.conf says of servers. What it does not understand it
// leaves out, as the C library does.
func Parse(conf []byte) Config {
	var c Config
	for line := range bytes.Lines(conf) {
		words := strings.Fields(string(line))
		switch {
		case len(words) < 2:
		case words[0] == "nameserver":
			if addr, err := netip.ParseAddr(words[1]); err == nil && len(c.Servers) < maxServers {
				c.Servers = append(c.Servers, netip.AddrPortFrom(addr.Unmap(), port))
			}
		case words[0] == "options":
			for _, option := range words[1:] {
				c.TrustAD = c.TrustAD || option == "trust-ad"
			}
		}
	}
	return c
}

// trusts says whether a server's word on signatures counts. That of one on this
// machine does (RFC 7672 section 2.1.3), but not of a forwarder that passes on
// what others claim: systemd-resolved and Docker's.
func (c Config) trusts(server netip.Addr) bool {
	switch c.Trust {
	case plan.TrustAlways:
		return true
	case plan.TrustNever:
		return false
	}
	if c.TrustAD {
		return true
	}
	switch server.Unmap() {
	case netip.AddrFrom4([4]byte{127, 0, 0, 53}), netip.AddrFrom4([4]byte{127, 0, 0, 54}), netip.AddrFrom4([4]byte{127, 0, 0, 11}):
		return false
	}
	return server.Unmap().IsLoopback()
}
