package args

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"check_smtp/internal/plan"
)

const (
	mostTargets    = 100
	usualTargets   = 16
	usualParallel  = 4
	mostResolvers  = 3
	resolverConfig = "/etc/resolv.conf"
)

// servers fills in which servers a run is about, where they are more than the one
// of -H, or where more is asked about that than a session tells.
func (o *Set) servers(p *plan.Plan) error {
	if !slices.ContainsFunc([]string{"mx", "srv", "target", "addresses", "resolver", "dane", "tlsa", "mta-sts", "tlsrpt"}, o.Has) {
		return o.vain(needDNS, needTargets, needMX, needPolicy, needReport)
	}
	t := &plan.Targets{Addresses: plan.FirstAddress, Most: usualTargets, Parallel: usualParallel, Named: o.Has("tls-server-name")}
	if err := inTurn(t, o.whose, o.hosts, o.numbers, o.resolvers, o.published, o.policyOf); err != nil {
		return err
	}
	if t.DNS.Servers == nil {
		t.DNS.Conf, _ = o.env.ReadFile(resolverConfig)
	}
	p.Targets = t
	return o.fold(p)
}

// whose reads --mx and --srv, of which one names all servers.
func (o *Set) whose(t *plan.Targets) error {
	for _, name := range []string{"mx", "srv"} {
		if err := o.sole(name); o.Has(name) && err != nil {
			return err
		}
	}
	if o.Has("mx") {
		if t.Domain = o.domain("mx", o.Text("mx"), "give a domain, such as --mx example.org"); o.wrong != nil {
			return o.wrong
		}
		t.Addresses = plan.FamilyAddress
		o.Guess("hostname", t.Domain)
	}
	if !o.Has("srv") {
		return nil
	}
	const hint = "give the whole name of the record, such as --srv _submissions._tcp.example.org"
	if o.Has("port") {
		return bad("port", "the port is that of the record", "leave it out, or give --target HOST:PORT instead of --srv")
	}
	service, rest, _ := strings.Cut(o.Text("srv"), ".")
	protocol, base, _ := strings.Cut(rest, ".")
	if !strings.HasPrefix(service, "_") || !strings.EqualFold(protocol, "_tcp") {
		return bad("srv", quote(o.Text("srv"))+" is not the name of a service", hint)
	}
	if base = o.domain("srv", base, hint); o.wrong != nil {
		return o.wrong
	}
	service = strings.ToLower(service)
	t.Service, t.Addresses = service+"._tcp."+base, plan.FamilyAddress
	o.Guess("hostname", base)
	switch { // RFC 6186 section 3.1, RFC 8314 section 3.3
	case o.Has("tls-mode") || o.On("ssl") || o.On("starttls"):
	case service == "_submissions" || service == "_smtps":
		o.Guess("tls-mode", string(plan.ImplicitTLS))
	case service == "_submission":
		o.Guess("tls-mode", string(plan.StartTLS))
	}
	return nil
}

// sole refuses what names servers beside an option that names all of them.
func (o *Set) sole(name string) error {
	others := []string{"mx", "srv", "target", "hostname"}
	also := ""
	switch i := slices.IndexFunc(others, func(other string) bool { return other != name && o.Has(other) }); {
	case i >= 0:
		also = spelling(others[i])
	case !o.positional:
		return nil
	case o.hasSecret():
		also = "a word without an option"
	default:
		also = quoteHost(o.Text("hostname"))
	}
	return bad(name, "it names the servers, and so does "+also, "leave out one of the two")
}

// domain reads the name of a domain, and gives it in A-labels.
func (o *Set) domain(option, text, hint string) string {
	text = strings.TrimSpace(text)
	name, ok := hostName(text)
	if text == "" {
		o.refuse(option, "the name is empty", hint)
	} else if _, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		o.refuse(option, quote(text)+" is an address", hint)
	} else if !ok || strings.Trim(name, "0123456789") == "" {
		o.refuse(option, quoteHost(text)+" is not a domain", hintFor(option, text, hint))
	}
	return strings.ToLower(name)
}

// hintFor is what to give instead of something that holds a domain.
func hintFor(option, text, hint string) string {
	if _, rest, isURL := strings.Cut(text, "://"); isURL {
		text = rest
	}
	text = text[strings.LastIndexByte(text, '@')+1:]
	text = text[:strings.IndexAny(text+"/", "/:?#,")]
	if name, ok := hostName(text); ok && strings.Contains(name, ".") {
		return "give --" + option + " " + name
	}
	return hint
}

// hosts reads --target; the host of -H comes first. No host is named twice: the
// second time was meant for another, or the number of those that are well would be
// wrong.
func (o *Set) hosts(t *plan.Targets) error {
	if t.Domain != "" || t.Service != "" {
		return nil
	}
	usual := o.usualPort()
	if o.Has("hostname") || o.positional || !o.Has("target") {
		host, err := checkHost(o.Text("hostname"))
		o.fail(err)
		if strings.HasPrefix(host, "/") {
			o.refuse("hostname", quote(host)+" is a socket, which has neither addresses nor records", "leave out the options about a whole domain")
		}
		t.Hosts = append(t.Hosts, plan.Host{Name: host, Port: usual})
	}
	for _, text := range o.Filled("target") {
		for one := range strings.SplitSeq(text, ",") {
			host := o.oneTarget(strings.TrimSpace(one), usual)
			if slices.Contains(t.Hosts, host) {
				o.refuse("target", quote(one)+" is named twice", "leave out one of the two, or give another port")
			}
			t.Hosts = append(t.Hosts, host)
		}
	}
	for _, h := range t.Hosts {
		o.fail(o.sameFamily(h.Name))
	}
	o.Guess("hostname", t.Hosts[0].Name)
	return o.wrong
}

// oneTarget reads HOST[:PORT].
func (o *Set) oneTarget(text string, usual int) plan.Host {
	const hint = "give HOST or HOST:PORT, an IPv6 address with a port in brackets"
	host, port := text, usual
	if endsInPort(text) {
		colon := strings.LastIndexByte(text, ':')
		host, port = text[:colon], portIn(text[colon+1:])
	}
	name, err := checkHost(host)
	if text == "" {
		o.refuse("target", "the host is empty", hint)
	} else if err != nil || strings.HasPrefix(name, "/") {
		o.refuse("target", quoteHost(text)+" is not a host", hint)
	}
	return plan.Host{Name: name, Port: port}
}

// numbers reads how many targets are played, and how.
func (o *Set) numbers(t *plan.Targets) error {
	t.Addresses = cmp.Or(plan.Addresses(o.choice("addresses")), t.Addresses)
	if t.Domain+t.Service == "" && !o.Has("target") && !o.Has("addresses") {
		o.fail(o.vain(needTargets))
	}
	if t.Domain == "" {
		o.fail(o.vain(needMX))
	}
	t.Most, t.Parallel = o.number("max-targets", usualTargets), o.number("parallel", usualParallel)
	t.Each = o.seconds("target-timeout", maxTimeout, "give seconds above 0 and at most 3600, such as 5")
	return o.wrong
}

// resolvers reads whom the DNS is asked of.
func (o *Set) resolvers(t *plan.Targets) error {
	if text := o.Text("dnssec-trust"); text != "" {
		if _, ok := addrPort(text, 53); ok { // --dns 127.0.0.1 is short for it
			return bad("dnssec-trust", quote(text)+" is an address", "give --resolver "+text)
		}
	}
	t.DNS.Trust = cmp.Or(plan.Trust(o.choice("dnssec-trust")), plan.TrustAuto)
	for _, text := range o.All("resolver") {
		if t.DNS.Servers = append(t.DNS.Servers, o.endpoint("resolver", text, 53)); len(t.DNS.Servers) > mostResolvers {
			o.refuse("resolver", "there are more than 3 resolvers", "leave out all but 3")
		}
	}
	return o.wrong
}

// endpoint reads IP[:PORT].
func (o *Set) endpoint(option, text string, port uint16) netip.AddrPort {
	at, ok := addrPort(text, port)
	if ok {
		return at
	}
	problem, hint := quoteHost(text)+" is not an IP address", "give IP or IP:PORT, an IPv6 address with a port in brackets"
	colon := max(0, strings.LastIndexByte(text, ':'))
	if strings.Contains(text, ",") {
		hint = "give each with a --" + option + " of its own"
	} else if _, err := netip.ParseAddr(strings.Trim(text[:colon], "[]")); err == nil {
		problem = "the port of " + quoteHost(text) + " is not from 1 to 65535"
	}
	o.refuse(option, problem, hint)
	return at
}

func addrPort(text string, port uint16) (at netip.AddrPort, ok bool) {
	if at, err := netip.ParseAddrPort(text); err == nil && at.Port() > 0 {
		return at, true
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
	return netip.AddrPortFrom(a, port), err == nil
}
