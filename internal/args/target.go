package args

import (
	"net/netip"
	"strings"
	"unicode"

	"check_smtp/internal/message"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

const (
	defaultPort = 25
	maxHost     = 255 // bytes
	maxPath     = 107 // bytes, what fits a socket address of Linux
)

func (o *Set) target(p *plan.Plan) error {
	host, err := checkHost(o.Text("hostname"))
	if err != nil {
		return err
	}
	p.Probe.Host, p.Probe.Network = host, o.family()
	o.fail(o.sameFamily(host))
	if p.Probe.Port = o.usualPort(); o.wrong != nil {
		return o.wrong
	}
	switch {
	case !strings.HasPrefix(host, "/"):
		return o.source(p)
	case p.Probe.Network != plan.AnyIP || o.Text("bind") != "": // which a socket has none of
		return bad("hostname", quote(host)+" is a socket", "leave out -4, -6 and --bind")
	}
	p.Probe.Network = plan.UNIX
	return nil
}

// usualPort is the port of hosts that have none of their own.
func (o *Set) usualPort() int {
	if !o.Has("port") {
		return o.impliedPort()
	}
	if text := strings.TrimSpace(o.Text("port")); o.lacksPassword() && text != "" && portIn(text) == 0 {
		o.refuse("port", "the value, which is not shown as it may be the password, is not a port (1 to 65535)",
			"a port goes after -p, and the password into a file for --authpass-file, or after -P")
	}
	return o.port("port", "-p 587")
}

// impliedPort is the port where nobody names one.
func (o *Set) impliedPort() int {
	if o.On("ssl") || plan.TLSMode(o.Text("tls-mode")).Implicit() {
		return tlsPort
	}
	return defaultPort
}

// family is the one that -4 and -6 ask for; the last one counts.
func (o *Set) family() plan.Network {
	family := plan.AnyIP
	for _, v := range o.Values("use-ipv4", "use-ipv6") {
		is := plan.IPv4
		if v.Name == "use-ipv6" {
			is = plan.IPv6
		}
		switch {
		case v.Text == "true":
			family = is
		case family == is:
			family = plan.AnyIP
		}
	}
	return family
}

// sameFamily refuses an address that is not of the family asked for, or of that of
// the source address.
func (o *Set) sameFamily(host string) error {
	a, err := netip.ParseAddr(host)
	asked := o.family()
	switch {
	case err != nil:
	case asked == plan.IPv6 && familyOf(a) == plan.IPv4:
		return bad("use-ipv6", quote(host)+" is an IPv4 address", "leave out -6, or give a name or an IPv6 address")
	case asked == plan.IPv4 && familyOf(a) == plan.IPv6:
		return bad("use-ipv4", quote(host)+" is an IPv6 address", "leave out -4, or give a name or an IPv4 address")
	case o.Text("bind") != "":
		if bind, err := netip.ParseAddr(o.Text("bind")); err == nil && familyOf(a) != familyOf(bind) {
			return bad("bind", quote(o.Text("bind"))+" is not of the family of "+quote(host), "give both of IPv4 or both of IPv6")
		}
	}
	return nil
}

const hostHint = "give a name, an address or the absolute path of a socket"

// checkHost gives the host as the plan wants it.
func checkHost(host string) (string, error) {
	path := strings.HasPrefix(host, "/") && !strings.HasPrefix(host, "//")
	strange := func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) && !path }
	switch {
	case host == "":
		return "", bad("hostname", "the host is empty", hostHint)
	case !path && strings.Contains(host, "@"): // smtp://user:password@host
		return "", bad("hostname", "no host holds an @, and the text is not shown as a password may be in it", "give the host alone, such as -H mx1.example.org")
	case !path && strings.Contains(host, " -"): // with a password perhaps
		return "", bad("hostname", option.OtherOption, option.InOneWord)
	case strings.ContainsFunc(host, strange):
		return "", bad("hostname", quote(host)+" holds a blank or a control character", hostHint)
	case path && len(host) > maxPath:
		return "", bad("hostname", quote(host)+" is longer than 107 bytes", "a socket needs a shorter path")
	case path:
		return host, nil
	case len(host) > maxHost:
		return "", bad("hostname", quote(host)+" is longer than 255 bytes", hostHint)
	case option.OtherDash(host) != "" || strings.ContainsAny(host, otherQuotes):
		return "", bad("hostname", quote(host)+" holds a dash or a quotation mark of a word processor", "type -, \" or '")
	case host[0] == '=':
		return "", bad("hostname", quote(host)+" begins with an equals sign", "leave it out")
	case around(host) != "":
		return "", bad("hostname", quote(host)+around(host), hostHint)
	}
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		if _, err := netip.ParseAddr(inner); ok && err == nil {
			return inner, nil
		}
	}
	if problem, hint := misread(host); problem != "" {
		return "", bad("hostname", problem, hint)
	}
	name, err := message.ASCIIDomain(host)
	if err != nil {
		return "", bad("hostname", quoteHost(host)+": "+err.Error(), hostHint)
	}
	return name, nil
}

// misread says what a text is that no resolver needs to be asked about. What may
// be a password is not in it.
func misread(host string) (problem, hint string) {
	scheme, rest, isURL := strings.Cut(host, "://")
	scheme = strings.ToLower(scheme)
	socket, isSocket := strings.CutPrefix(host, "unix:")
	_, err := netip.ParseAddr(host)
	colon := strings.IndexByte(host, ':')
	switch {
	case isSocket && isPlain(socket):
		return quote(host) + " is not how a socket is given", "give -H /" + strings.TrimLeft(socket, "/")
	case isURL:
		rest = rest[:(strings.IndexAny(rest+"/", "/?#"))]
		return quote(scheme+"://"+rest) + " is a URL and no host", insteadOf(scheme, rest)
	case strings.Trim(host, "0123456789") == "":
		if portIn(host) > 0 {
			return quote(host) + " is a number and no host", "the port goes after -p: -p " + host
		}
		return quote(host) + " is a number and no host", hostHint
	case endsInPort(host):
		return quote(host) + " is a host and a port", "the port goes after -p: -p " + host[strings.LastIndexByte(host, ':')+1:]
	case colon >= 0 && err != nil:
		return quote(host[:colon]+":...") + " is neither a name nor an address", hostHint + ", the port goes after -p"
	case strings.Contains(host, "/"):
		return quote(host) + " is neither a name nor an address", hostHint
	}
	return "", ""
}

// insteadOf is what to give instead of a URL.
func insteadOf(scheme, rest string) string {
	if !isPlain(rest) {
		return hostHint
	}
	hint := "give -H " + rest
	if endsInPort(rest) {
		colon := strings.LastIndexByte(rest, ':')
		hint = "give -H " + rest[:colon] + " -p " + rest[colon+1:]
	}
	if scheme == "smtps" {
		hint += " -s"
	}
	return hint
}

// isPlain says whether a text can stand in a hint, without quotes.
func isPlain(text string) bool {
	const letters = "-_.:/[]%=@,~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return text != "" && len(text) <= 100 && strings.Trim(text, letters) == ""
}

// endsInPort says whether a host has a port behind it, which a name cannot hold.
// Without brackets the last number of an IPv6 address is part of it.
func endsInPort(host string) bool {
	colon := strings.LastIndexByte(host, ':')
	if colon < 1 || portIn(host[colon+1:]) == 0 {
		return false
	}
	return host[colon-1] == ']' || !strings.Contains(host[:colon], ":")
}

// source fills in the source address. It must be of the family of what it is
// to reach; a name is then only looked up in that family.
func (o *Set) source(p *plan.Plan) error {
	if o.Text("bind") == "" {
		return nil
	}
	bind, err := netip.ParseAddr(o.Text("bind"))
	if err != nil {
		return bad("bind", quoteHost(o.Text("bind"))+" is not an IP address", "give an address of this machine, such as --bind 192.0.2.7")
	}
	p.Probe.Bind = bind.Unmap()
	family, to := familyOf(bind), p.Probe.Network
	if to != plan.AnyIP && to != family {
		return bad("bind", quote(o.Text("bind"))+" does not go with -4 or -6", "leave out the switch or give an address of its family")
	}
	if resolves(p.Probe) {
		p.Probe.Network = family
	}
	return nil
}

func familyOf(a netip.Addr) plan.Network {
	if a.Unmap().Is4() {
		return plan.IPv4
	}
	return plan.IPv6
}

// resolves says whether the host has to be looked up: it is a name, or an
// address of the wrong family, which the lookup then says.
func resolves(p plan.Probe) bool {
	if p.Network == plan.UNIX {
		return false
	}
	a, err := netip.ParseAddr(p.Host)
	return err != nil || p.Network != plan.AnyIP && p.Network != familyOf(a)
}
