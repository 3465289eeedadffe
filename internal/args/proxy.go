package args

import (
	"cmp"
	"net/netip"

	"check_smtp/internal/plan"
)

func (o *Set) header(p *plan.Plan) error {
	h := &p.Probe.Proxy
	switch version := o.choice("proxy-protocol"); {
	case version != "":
		h.Version = int(version[0] - '0')
	case o.On("proxy"):
		h.Version = 1
	case o.wrong == nil:
		return o.vain(needHeader)
	}
	h.Family = plan.ProxyFamily(o.choice("proxy-family"))
	if h.Family == plan.ProxyLocal && h.Version != 2 {
		o.refuse("proxy-family", "version 1 of the PROXY protocol has no LOCAL", "add --proxy-protocol 2, or give UNKNOWN")
	}
	h.Source, h.Dest = o.proxyAddress("proxy-source-address"), o.proxyAddress("proxy-dest-address")
	h.From = o.port("proxy-source-port", "--proxy-source-port 25")
	h.To = o.port("proxy-dest-port", "--proxy-dest-port 25")
	o.checkFamilies(h)
	return cmp.Or(o.wrong, fitConnection(p))
}

func (o *Set) proxyAddress(name string) netip.Addr {
	text := o.Text(name)
	if text == "" {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		o.refuse(name, quoteHost(text)+" is not an IP address", "give one such as 192.0.2.7 or 2001:db8::7, without a zone")
	}
	return a.Unmap()
}

// checkFamilies minds that family and addresses agree, and names the family
// when an address tells it.
func (o *Set) checkFamilies(h *plan.Proxy) {
	const hint = "give both addresses of IPv4 with TCP4, or both of IPv6 with TCP6"
	if isSilent(h.Family) {
		if h.Source.IsValid() || h.Dest.IsValid() || h.From != 0 || h.To != 0 {
			o.refuse("proxy-family", string(h.Family)+" tells neither address nor port", "leave them out, or give TCP4 or TCP6")
		}
		return
	}
	for _, a := range []netip.Addr{h.Source, h.Dest} {
		family := plan.ProxyTCP6
		if a.Is4() {
			family = plan.ProxyTCP4
		}
		switch {
		case !a.IsValid():
		case h.Family == plan.FamilyOfConn:
			h.Family = family
		case h.Family != family:
			o.refuse("proxy-family", quote(a.String())+" is no address of "+string(h.Family), hint)
		}
	}
}

// isSilent says whether a header of this family tells of no addresses.
func isSilent(f plan.ProxyFamily) bool { return f == plan.ProxyUnknown || f == plan.ProxyLocal }

// fitConnection minds what the header takes from the connection. A header of
// IPv4 has no way to tell an IPv6 address, so that a name is then only looked
// up in IPv4, as with --bind; one of IPv6 can tell both (RFC 4291 section
// 2.5.5.2).
func fitConnection(p *plan.Plan) error {
	h := p.Probe.Proxy
	if isSilent(h.Family) || h.Source.IsValid() && h.Dest.IsValid() {
		return nil
	}
	if p.Probe.Network == plan.UNIX {
		return bad("proxy", "a socket has no addresses for the header", "give --proxy-source-address and --proxy-dest-address, or --proxy-family UNKNOWN")
	}
	if h.Family != plan.ProxyTCP4 {
		return nil
	}
	a, err := netip.ParseAddr(p.Probe.Host)
	if err == nil && familyOf(a) == plan.IPv6 || p.Probe.Network == plan.IPv6 {
		return bad("proxy", "a header of TCP4 cannot tell of a connection over IPv6", "give both addresses, or connect over IPv4")
	}
	if err != nil {
		p.Probe.Network = plan.IPv4
	}
	return nil
}
