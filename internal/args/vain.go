package args

import (
	"slices"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// What is asked for and can never be tried would look well, so that a command
// line that asks for it is refused.

const (
	noTLSWillDo = "a server without TLS would pass, too"
	requireTLS  = "require TLS with -S or -s"
	addTLS      = "add -S for STARTTLS or -s for TLS from the start"
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
	if part := o.First(func(r *option.Row) bool { return r.Needs == needMessage }); part != nil {
		return bad(part.Name, "it would have no effect: this run ends before its message", "leave it out, or --quit-after")
	}
	return nil
}

// What options need to mean anything: what to say of one that lacks it, and in a
// second line what to do.
const (
	needTLS     option.Need = "this run has no TLS\n" + addTLS
	needHeader  option.Need = "this run sends no PROXY header\nadd -r or --proxy-protocol 2"
	needTo      option.Need = "it does not go without --to\nadd --to ADDRESS"
	needMessage option.Need = "there is no message without --to\nadd --to ADDRESS, or leave it out"
	needTargets option.Need = "this run has one target\nadd --mx DOMAIN, --srv NAME, --target HOST or --addresses each"
	needMX      option.Need = "this run is about no domain\nadd --mx DOMAIN"
	needDNS     option.Need = "this run asks no DNS server by itself\nadd --mx DOMAIN, --dane or --resolver IP"
	needPolicy  option.Need = "this run asks for no policy\nadd --mta-sts"
	needReport  option.Need = "this run asks for nothing that it publishes\nadd --mta-sts or --tlsrpt"
	needList    option.Need = "this run is one command line\nadd --targets FILE"
	needPassive option.Need = "this run has no passive result\nadd --output-format icinga-api or nagios-command"
	needAPI     option.Need = "only the API of Icinga 2 knows it\nadd --output-format icinga-api"
)

// vain refuses an option that needs one of some things which this run does not
// have: a check that silently does not take place is a false OK.
func (o *Set) vain(lacking ...option.Need) error {
	for _, need := range lacking {
		if r := o.First(func(r *option.Row) bool { return r.Needs == need }); r != nil {
			problem, hint, _ := strings.Cut(string(need), "\n")
			return bad(r.Name, problem, hint)
		}
	}
	return nil
}

// unproven refuses wishes about TLS in a session that ends before it, or does
// without.
func (o *Set) unproven(r run) error {
	if r.TLS == plan.NoTLS { // see noTLS
		return nil
	}
	judges := []string{"certificate", "verify", "pin"}
	why, hint := noTLSWillDo, requireTLS
	if !plan.Has(r.steps, plan.Shake) {
		why, hint = "this run ends before TLS", "leave it out"+laterPhase
		judges = append(judges, "starttls", "ssl", "tls-mode", "dane", "tlsa", "mta-sts")
	} else if !isOptional(r.TLS) {
		return nil
	}
	if i := slices.IndexFunc(judges, o.On); i >= 0 {
		return bad(judges[i], "it would judge nothing: "+why, hint)
	}
	return nil
}

// unjudged refuses an expectation that no step is held against: it could never
// fail, which is a false OK.
func (o *Set) unjudged(r run) error {
	for _, phase := range plan.Phases {
		e := r.Expect[phase]
		if e == nil {
			continue
		}
		asked := quote(string(phase) + "=" + e.Asked)
		switch {
		case isOptional(r.TLS) && (phase == plan.STARTTLS || phase == plan.EhloTLS):
			return bad("expect-reply", asked+" may judge nothing: "+noTLSWillDo, requireTLS)
		case slices.ContainsFunc(r.steps, func(s plan.Step) bool { return s.Expect == e }):
		case plan.Has(r.steps, phase):
			return bad("expect-reply", asked+" would judge nothing: every -C has its own -R", "leave out one of the two")
		default:
			return bad("expect-reply", asked+" would judge nothing: this run has no phase "+string(phase), havePhases(r.steps, replies()))
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
		return "this run has no TLS", addTLS
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
