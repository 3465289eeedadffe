package args

import (
	"cmp"
	"crypto/tls"
	"net/netip"
	"strings"

	"check_smtp/internal/message"
	"check_smtp/internal/plan"
)

const tlsPort = 465 // RFC 8314 section 7.3

// secure fills in TLS. It does nothing for a session that has none, so that
// such a run does not pay for it.
func (o *Set) secure(p *plan.Plan) error {
	mode := o.tlsMode(p.Probe.Port)
	if o.wrong != nil {
		return o.wrong
	}
	p.Probe.TLS.Mode, p.Limits.TLS = mode, mode
	if mode == plan.NoTLS {
		return o.vain(needTLS)
	}
	t := &p.Probe.TLS
	t.Verify = o.Has("verify")
	t.AnyDate = o.On("ignore-certificate-expiration")
	t.Exact = o.Has("verify") || len(o.All("state")) > 0
	p.Limits.Cert.Asked = o.Text("certificate") != "" || o.Has("verify") || o.Given("pin")
	return inTurn(p, o.serverNames, o.versions, o.suites, o.trusted, o.client, o.expiry, o.pinned)
}

// tlsMode is what -s, -S, --tls-mode and -D agree upon.
func (o *Set) tlsMode(port int) plan.TLSMode {
	mode, short := plan.TLSMode(o.choice("tls-mode")), plan.TLSMode("")
	switch {
	case o.On("ssl") && o.On("starttls"):
		o.wrong = &UsageError{Problem: "-s/--ssl and -S/--starttls exclude each other", Hint: "give -S for port 25 or 587, -s for port 465"}
	case o.On("ssl"):
		short = plan.ImplicitTLS
	case o.On("starttls"):
		short = plan.StartTLS
	}
	switch {
	case mode == "":
		mode = short
	case short != "" && short != mode:
		o.refuse("tls-mode", string(mode)+" contradicts the switch that asks for "+string(short), "leave out one of the two")
	case o.domainTLS() && mode != "" && !mode.Required():
		o.refuse("tls-mode", string(mode)+" does not go with --dane and --mta-sts, which ask for TLS", "leave it out, or give starttls or implicit")
	case mode == plan.NoTLS && o.Text("certificate") != "":
		o.refuse("certificate", "there is no certificate with --tls-mode none", "leave out one of the two")
	}
	switch {
	case mode != "":
		return mode
	case o.Text("certificate") == "" && !o.domainTLS():
		return plan.NoTLS
	case port == tlsPort:
		return plan.ImplicitTLS
	}
	return plan.StartTLS // as monitoring-plugins 2.3 does
}

// serverNames fills in the name that is sent and the one that the certificate
// must hold. An address is no name to send (RFC 6066 section 3) unless --sni
// insists, as upstream does.
func (o *Set) serverNames(p *plan.Plan) error {
	t := &p.Probe.TLS
	t.SendIP = o.On("sni")
	switch {
	case o.Text("tls-server-name") != "":
		name, ok := hostName(o.Text("tls-server-name"))
		if !ok {
			return bad("tls-server-name", quoteHost(o.Text("tls-server-name"))+" is neither a host name nor an address",
				"give a name such as mx1.example.org")
		}
		t.Name = name
	case p.Probe.Network != plan.UNIX:
		t.Name = strings.TrimSuffix(p.Probe.Host, ".")
		if a, err := netip.ParseAddr(t.Name); err == nil {
			t.Name = a.WithZone("").String() // a certificate knows no zones
		}
	case o.On("sni"):
		return bad("sni", "a socket has no name to send", nameIt)
	case o.Has("verify"):
		return bad("verify", nameless, nameIt)
	}
	if _, err := netip.ParseAddr(t.Name); err != nil || o.On("sni") {
		t.SNI = t.Name
	}
	return nil
}

// hostName reads a host name, without the dot of the root, or an IP address,
// without brackets. An underscore is no letter of a host name, but people use
// it as one.
func hostName(text string) (string, bool) {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		a, err := netip.ParseAddr(inner)
		return inner, ok && err == nil && a.Is6() && a.Zone() == ""
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return text, a.Zone() == ""
	}
	name, err := message.ASCIIDomain(strings.TrimSuffix(text, "."))
	if err != nil {
		return "", false
	}
	for label := range strings.SplitSeq(name, ".") {
		strange := func(r rune) bool {
			return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		}
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, strange) || label[0] == '-' || label[len(label)-1] == '-' {
			return "", false
		}
	}
	return name, len(name) <= 253 // RFC 1035 section 2.3.4, as text
}

func (o *Set) versions(p *plan.Plan) error {
	t := &p.Probe.TLS
	t.Min, t.Max = tlsVersion(cmp.Or(o.choice("tls-min"), "1.2")), tlsVersion(cmp.Or(o.choice("tls-max"), "1.3"))
	if t.Min > t.Max && o.Text("tls-min") != "" && o.Text("tls-max") != "" {
		return bad("tls-max", quote(o.Text("tls-max"))+" is below --tls-min "+o.Text("tls-min"), "give a higher --tls-max, or a lower --tls-min")
	}
	if t.Min > t.Max {
		return bad("tls-max", quote(o.Text("tls-max"))+" is below the lowest version", "give --tls-min, too: its default is 1.2")
	}
	return o.wrong
}

// tlsVersion is the number of TLS 1.0 to 1.3 in a handshake.
func tlsVersion(text string) uint16 { return tls.VersionTLS10 + uint16(text[len("1.")]-'0') }
