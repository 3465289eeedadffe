package args

import (
	"crypto/tls"
	"net/netip"
	"slices"
	"strings"

	"check_smtp/internal/message"
	"check_smtp/internal/plan"
)

const tlsPort = 465 // RFC 8314 section 7.3

// secure fills in TLS. It does nothing for a session that has none, so that
// such a run does not pay for it.
func (o *options) secure(p *plan.Plan, env Env) error {
	mode, err := o.tlsMode(p.Probe.Port)
	if err != nil {
		return err
	}
	p.Probe.TLS.Mode, p.Limits.TLS = mode, mode
	if mode == plan.NoTLS {
		return o.noTLS()
	}
	if mode.Implicit() && !o.port.given {
		p.Probe.Port = tlsPort
	}
	t := &p.Probe.TLS
	t.Verify = o.verify.given
	t.AnyDate = o.ignoreExpiry
	t.Exact = o.verify.given || len(o.states) > 0
	parts := []func() error{
		func() error { return o.serverNames(p) },
		func() error { return o.versions(t) },
		func() error { return o.suites(t) },
		func() error { return o.trusted(t, env) },
		func() error { return o.client(t, env) },
		func() error { return o.expiry(&p.Limits.Cert) },
		func() error { return o.pinned(t) },
	}
	for _, fill := range parts {
		if err := fill(); err != nil {
			return err
		}
	}
	p.Limits.Cert.Asked = o.certificate.text != "" || o.verify.given || o.pins.given()
	return nil
}

// tlsMode is what -s, -S, --tls-mode and -D agree upon.
func (o *options) tlsMode(port int) (plan.TLSMode, error) {
	mode, short := plan.TLSMode(o.mode.text), plan.TLSMode("")
	switch {
	case o.ssl && o.starttls:
		return "", &UsageError{Problem: "-s/--ssl and -S/--starttls exclude each other", Hint: "give -S for port 25 or 587, -s for port 465"}
	case o.ssl:
		short = plan.ImplicitTLS
	case o.starttls:
		short = plan.StartTLS
	}
	const option = "--tls-mode"
	switch {
	case mode == "":
		mode = short
	case !slices.Contains(plan.TLSModes, mode):
		return "", bad(option, quote(o.mode.text)+" is not a mode", didYouMean(modeMeant(o.mode.text), texts(plan.TLSModes)))
	case short != "" && short != mode:
		return "", bad(option, string(mode)+" contradicts the switch that asks for "+string(short), "leave out one of the two")
	case mode == plan.NoTLS && o.certificate.text != "":
		return "", bad("-D/--certificate", "there is no certificate with --tls-mode none", "leave out one of the two")
	}
	switch {
	case mode != "":
		return mode, nil
	case o.certificate.text == "":
		return plan.NoTLS, nil
	case port == tlsPort:
		return plan.ImplicitTLS, nil
	}
	return plan.StartTLS, nil // as monitoring-plugins 2.3 does
}

// modeMeant is the mode that a word means elsewhere, or the word itself.
func modeMeant(word string) string {
	switch strings.ToLower(word) {
	case "ssl", "smtps", "wrapper":
		return string(plan.ImplicitTLS)
	case "off", "no", "plain":
		return string(plan.NoTLS)
	case "opportunistic", "optional", "auto", "may":
		return string(plan.StartTLSIfOffer)
	}
	return word
}

// noTLS refuses what only means something with TLS: a check that silently does
// not take place is a false OK.
func (o *options) noTLS() error {
	for _, option := range []struct {
		name  string
		given bool
	}{
		{"--ignore-certificate-expiration", o.ignoreExpiry},
		{"--verify", o.verify.given},
		{"--sni", o.sni},
		{"--tls-server-name", o.serverName.text != ""},
		{"--ca-file", o.caFile.text != ""},
		{"--client-cert", o.clientCert.text != ""},
		{"--client-key", o.clientKey.text != ""},
		{"--ciphers", o.ciphers.text != ""},
		{"--tls-min", o.tlsMin.text != ""},
		{"--tls-max", o.tlsMax.text != ""},
		{"--pin", o.pins.given()},
	} {
		if option.given {
			return bad(option.name, "this run has no TLS", "add -S for STARTTLS or -s for TLS from the start")
		}
	}
	return nil
}

// serverNames fills in the name that is sent and the one that the certificate
// must hold. An address is no name to send (RFC 6066 section 3) unless --sni
// insists, as upstream does.
func (o *options) serverNames(p *plan.Plan) error {
	t := &p.Probe.TLS
	t.SendIP = o.sni
	switch {
	case o.serverName.text != "":
		name, ok := hostName(o.serverName.text)
		if !ok {
			return bad("--tls-server-name", quoteHost(o.serverName.text)+" is neither a host name nor an address",
				"give a name such as mx1.example.org")
		}
		t.Name = name
	case p.Probe.Network != plan.UNIX:
		t.Name = strings.TrimSuffix(p.Probe.Host, ".")
		if a, err := netip.ParseAddr(t.Name); err == nil {
			t.Name = a.WithZone("").String() // a certificate knows no zones
		}
	case o.sni:
		return bad("--sni", "a socket has no name to send", nameIt)
	case o.verify.given:
		return bad("--verify", nameless, nameIt)
	}
	if _, err := netip.ParseAddr(t.Name); err != nil || o.sni {
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

// versions fills in the range of TLS versions.
func (o *options) versions(t *plan.TLS) error {
	var err error
	if t.Min, err = tlsVersion("--tls-min", o.tlsMin.text, tls.VersionTLS12); err != nil {
		return err
	}
	if t.Max, err = tlsVersion("--tls-max", o.tlsMax.text, tls.VersionTLS13); err != nil {
		return err
	}
	if t.Min > t.Max && o.tlsMin.text != "" && o.tlsMax.text != "" {
		return bad("--tls-max", quote(o.tlsMax.text)+" is below --tls-min "+o.tlsMin.text, "give a higher --tls-max, or a lower --tls-min")
	}
	if t.Min > t.Max {
		return bad("--tls-max", quote(o.tlsMax.text)+" is below the lowest version", "give --tls-min, too: its default is 1.2")
	}
	return nil
}

func tlsVersion(option, text string, unset uint16) (uint16, error) {
	switch text {
	case "":
		return unset, nil
	case "1.0":
		return tls.VersionTLS10, nil
	case "1.1":
		return tls.VersionTLS11, nil
	case "1.2":
		return tls.VersionTLS12, nil
	case "1.3":
		return tls.VersionTLS13, nil
	}
	return 0, bad(option, quote(text)+" is not a version of TLS", "they are 1.0, 1.1, 1.2 and 1.3")
}
