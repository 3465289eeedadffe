package session

import (
	"net"
	"net/netip"

	"github.com/pires/go-proxyproto"

	"check_smtp/internal/plan"
)

// announce sends the PROXY header, before anything else and in clear even when
// TLS follows (HAProxy's proxy-protocol.txt, section 2).
func (t *talk) announce() error {
	t.sending = true
	header, err := proxyHeader(t.probe.Proxy, addrPort(t.raw.LocalAddr()), addrPort(t.raw.RemoteAddr())).Format()
	if err != nil {
		return err
	}
	t.note(true, "[PROXY header]")
	_, err = t.raw.Write(header)
	return err
}

// proxyHeader tells of the connection's own ends where the plan has nothing
// else.
func proxyHeader(p plan.Proxy, local, remote netip.AddrPort) *proxyproto.Header {
	h := &proxyproto.Header{Version: byte(p.Version), Command: proxyproto.PROXY}
	if p.Family == plan.ProxyLocal {
		h.Command = proxyproto.LOCAL
	}
	if p.Family == plan.ProxyLocal || p.Family == plan.ProxyUnknown {
		h.TransportProtocol = proxyproto.UNSPEC
		return h
	}
	source := override(local, p.Source, p.From)
	dest := override(remote, p.Dest, p.To)
	six := p.Family == plan.ProxyTCP6 || p.Family == plan.FamilyOfConn && (source.Addr().Is6() || dest.Addr().Is6())
	h.TransportProtocol = proxyproto.TCPv4
	if six {
		h.TransportProtocol = proxyproto.TCPv6
	}
	h.SourceAddr, h.DestinationAddr = tcpAddr(source, six), tcpAddr(dest, six)
	return h
}

func override(end netip.AddrPort, addr netip.Addr, port int) netip.AddrPort {
	if !addr.IsValid() {
		addr = end.Addr()
	}
	if port == 0 {
		port = int(end.Port())
	}
	return netip.AddrPortFrom(addr, uint16(port))
}

// tcpAddr fits an address into the family of the header: an IPv4 address maps
// into IPv6 (RFC 4291 section 2.5.5.2), the reverse has no address to tell.
func tcpAddr(a netip.AddrPort, six bool) *net.TCPAddr {
	addr := a.Addr().Unmap()
	switch {
	case six && addr.Is4():
		addr = netip.AddrFrom16(addr.As16())
	case !six && !addr.Is4():
		addr = netip.IPv4Unspecified()
	}
	return &net.TCPAddr{IP: addr.AsSlice(), Port: int(a.Port())}
}

func addrPort(a net.Addr) netip.AddrPort {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.AddrPort()
	}
	return netip.AddrPort{}
}
