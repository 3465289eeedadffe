package args

import (
	"slices"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// What is asked for and can never be tried would look well, so that a command
// line that asks for it is refused.

const (
	noTLSWillDo = "a server without TLS would do, too"
	requireTLS  = "require TLS with -S or -s"
	laterPhase  = ", or let --quit-after name a later phase"
)

// isOptional says whether a session in clear is as good as one in TLS.
func isOptional(m plan.TLSMode) bool { return m != plan.NoTLS && !m.Required() }

// run is what a session is asked for, and what it does.
type run struct {
	plan.Wish
	steps []plan.Step
}

// unreached refuses what the session ends before.
func (o *Set) unreached(r run) error {
	for _, part := range []struct {
		asked         bool
		phase         plan.Phase
		name, options string
	}{
		{r.Auth, plan.SASLAuth, "its login", "the login"},
		{r.To != nil, plan.RcptTo, "its recipients", "--to"},
		{r.From != nil, plan.MailFrom, "MAIL", "-f"},
		{r.Commands != nil, plan.Command, "its commands", "-C"},
		{o.Text("greeting") != "" && o.Text("greeting") != string(plan.Auto), plan.Ehlo, "the greeting", "--greeting"},
	} {
		if part.asked && !plan.Has(r.steps, part.phase) {
			return bad("quit-after", "this run ends before "+part.name, "leave out "+part.options+laterPhase)
		}
	}
	return nil
}

// unsent refuses the parts of a message in a session that asks for its recipients
// only.
func (o *Set) unsent(r run) error {
	if r.To == nil || plan.Has(r.steps, plan.Data) {
		return nil
	}
	return o.vain(needData)
}

// What options need to mean anything.
const (
	needTLS        option.Need = "TLS"
	needHeader     option.Need = "header"
	needRecipients option.Need = "recipients"
	needMessage    option.Need = "message"
	needData       option.Need = "data" // a message that is sent
	needTargets    option.Need = "targets"
	needMX         option.Need = "mx"
	needDNS        option.Need = "dns"
	needPolicy     option.Need = "policy"
	needPassive    option.Need = "passive"
	needAPI        option.Need = "api"
	needPublished  option.Need = "published" // by a domain, for servers to be held against
)

// vain refuses an option that needs one of some things which this run does not
// have: a check that silently does not take place is a false OK.
func (o *Set) vain(lacking ...option.Need) error {
	for _, need := range lacking {
		needs := need
		if need == needData { // in a row it is a message
			needs = needMessage
		}
		r := o.Vain(func(n option.Need) bool { return n != needs })
		if r == nil {
			continue
		}
		name := r.Name
		switch need {
		case needTLS:
			return bad(name, "this run has no TLS", "add -S for STARTTLS or -s for TLS from the start")
		case needHeader:
			return bad(name, "this run sends no PROXY header", "add -r or --proxy-protocol 2")
		case needRecipients:
			return bad("to", "--cc and --bcc do not go without it", "add --to ADDRESS")
		case needMessage:
			return bad(name, "there is no message without --to", "add --to ADDRESS, or leave it out")
		case needTargets:
			return bad(name, "this run has one target", "add --mx DOMAIN, --srv NAME, --target HOST or --addresses each")
		case needMX:
			return bad(name, "this run is about no domain", "add --mx DOMAIN")
		case needDNS:
			return bad(name, "this run asks no DNS server by itself", "add --mx DOMAIN, --dane or --resolver IP")
		case needPolicy:
			return bad(name, "this run asks for no policy", "add --mta-sts")
		case needList:
			return bad(name, "this run is one command line", "add --targets FILE")
		case needPassive:
			return bad(name, "this run has no passive result", "add --output-format icinga-api or nagios-command")
		case needAPI:
			return bad(name, "only the API of Icinga 2 knows it", "add --output-format icinga-api")
		case needPublished:
			return bad(name, "this run asks for nothing that it publishes", "add --mta-sts or --tlsrpt")
		case needData:
			return bad(name, "it would have no effect: this run ends before its message", "leave it out, or --quit-after")
		}
	}
	return nil
}

// mention is an option, and whether it was given.
type mention struct {
	name  string
	given bool
}

// unproven refuses wishes about TLS in a session that ends before it, or does
// without.
func (o *Set) unproven(r run) error {
	if r.TLS == plan.NoTLS { // see noTLS
		return nil
	}
	judges := []mention{{"certificate", o.Text("certificate") != ""}, {"verify", o.Has("verify")}, {"pin", o.Given("pin")}}
	why, hint := noTLSWillDo, requireTLS
	if !plan.Has(r.steps, plan.Shake) {
		why, hint = "this run ends before TLS", "leave it out"+laterPhase
		judges = append(judges, mention{"starttls", o.On("starttls")}, mention{"ssl", o.On("ssl")}, mention{"tls-mode", o.Text("tls-mode") != ""},
			mention{"dane", o.Has("dane")}, mention{"tlsa", o.Given("tlsa")}, mention{"mta-sts", o.Has("mta-sts")})
	} else if !isOptional(r.TLS) {
		return nil
	}
	for _, option := range judges {
		if option.given {
			return bad(option.name, "it would judge nothing: "+why, hint)
		}
	}
	return nil
}

// unjudged refuses an expectation that no step is held against: it could never
// fail, which is a false OK.
func (o *Set) unjudged(r run) error {
	vain := func(e *plan.Expect) bool {
		return e != nil && !slices.ContainsFunc(r.steps, func(s plan.Step) bool { return s.Expect == e })
	}
	for _, phase := range plan.Phases {
		e := r.Expect[phase]
		switch {
		case e != nil && isOptional(r.TLS) && (phase == plan.STARTTLS || phase == plan.EhloTLS):
			return bad("expect-reply", quote(string(phase)+"="+e.Asked)+" may judge nothing: "+noTLSWillDo, requireTLS)
		case !vain(e):
		case plan.Has(r.steps, phase):
			return bad("expect-reply", quote(string(phase)+"="+e.Asked)+" would judge nothing: every -C has its own -R", "leave out one of the two")
		default:
			return bad("expect-reply", quote(string(phase)+"="+e.Asked)+" would judge nothing: this run has no phase "+string(phase), haveReplies(r.steps))
		}
	}
	return nil
}

// notOf says why a run can never have a condition of a certificate that weighs
// nothing unless somebody says so; "": it can.
func notOf(p *plan.Plan, c plan.Condition) (why, hint string) {
	switch {
	case c.Default() != plan.OK:
		return "", ""
	case p.Probe.TLS.Mode == plan.NoTLS:
		return "this run has no TLS", "add -S for STARTTLS or -s for TLS from the start"
	case isOptional(p.Probe.TLS.Mode):
		return noTLSWillDo, requireTLS
	case !plan.Has(p.Probe.Steps, plan.Shake):
		return "this run ends before TLS", "leave it out" + laterPhase
	case c == plan.CondCertName && p.Probe.TLS.Name == "":
		return nameless, nameIt
	}
	return "", ""
}

// Of a UNIX socket.
const (
	nameless = "a socket has no name that a certificate could hold"
	nameIt   = "add --tls-server-name NAME"
)
