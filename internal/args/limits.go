package args

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// limits fills in when to alert, and how loudly.
func (o *Set) limits(p *plan.Plan) error {
	p.Limits.Warning, p.Limits.Critical = o.thresholds("warning", p), o.thresholds("critical", p)
	if o.On("ignore-quit-failure") {
		setState(p, plan.CondQuit, plan.OK)
		p.Limits.QuitToo = true
	}
	if o.Has("verify") {
		state, _ := plan.ParseState(o.choice("verify"))
		setState(p, plan.CondCertUntrusted, state)
		setState(p, plan.CondCertName, state)
	}
	// --state comes after what -q, -t and --verify say about states: it names the
	// condition outright.
	for _, text := range o.Filled("state") {
		o.fail(addState(p, text))
	}
	o.idle(p)
	return o.wrong
}

// thresholds reads the values of -w or -c: RANGE is on the total time,
// NAME=RANGE on another metric. Centreon passes an empty value for "none".
func (o *Set) thresholds(option string, p *plan.Plan) map[plan.Label]plan.Range {
	var ranges map[plan.Label]plan.Range
	for _, text := range o.Filled(option) {
		label, limit := plan.Time, text
		if name, of, named := strings.Cut(text, "="); named {
			label, limit = plan.Label(name), of
		}
		o.fail(o.unlimited(option, text, label, p))
		r, err := plan.ParseRange(strings.TrimSpace(limit))
		if err != nil {
			o.fail(badRange(option, label, limit, err))
		} else if number := strings.TrimSpace(limit); scarce(label) && least(number) != number {
			o.refuse(option, quote(text)+" would alert above "+number+", not below", "give "+letter(option)+" "+string(label)+"="+least(number)+" with a colon")
		}
		if ranges == nil {
			ranges = make(map[plan.Label]plan.Range)
		}
		ranges[label] = r
	}
	return ranges
}

// scarce says whether less of a metric is worse, so that a bare number is hardly what
// its limit was meant to be.
func scarce(label plan.Label) bool {
	row := facts.MetricOf(label)
	return row != nil && row.Scarce
}

// least is the range that a bare number was meant as where less is worse; any other
// stays as it is.
func least(limit string) string {
	if limit = strings.TrimSpace(limit); strings.ContainsAny(limit, "@:") {
		return limit
	}
	return limit + ":"
}

// unlimited refuses a limit on what can have none that means anything.
func (o *Set) unlimited(option, text string, label plan.Label, p *plan.Plan) error {
	if label.TargetOwn() && !slices.Contains(facts.Labels(), label) {
		return bad(option, quoteList(string(label))+" has no limit of its own", "give "+letter(option)+" RANGE, which is for the time of every target")
	}
	if err := checkMetric(option, label); err != nil {
		return err
	}
	phase := facts.MetricOf(label).Phase
	occurs := phase == "" || plan.Has(p.Probe.Steps, phase) || phase == plan.Credential && o.asksForPassword()
	never := quote(text) + " could never alert: this run has no " + string(label)
	switch lacks := lacking(label, p.Targets); {
	case label == plan.DNS.TimeOf() && p.Targets.Located() && p.Targets.Hosts == nil:
		return bad(option, never, "limit discover_time instead")
	case lacks != "":
		return bad(option, never, "leave it out, or add "+lacks)
	case !occurs && label != plan.DNS.TimeOf(): // one template serves names and addresses alike
		return bad(option, never, "leave it out, or "+o.asking(phase))
	case isOptional(p.Probe.TLS.Mode) && slices.Contains([]plan.Phase{plan.STARTTLS, plan.Shake, plan.EhloTLS}, phase):
		return bad(option, quote(text)+" may never alert: "+noTLSWillDo, requireTLS)
	}
	return nil
}

// badRange explains why a range is none. Two numbers with a comma between them
// may have been meant as two limits or as a fraction.
func badRange(option string, label plan.Label, limit string, err error) error {
	if slices.Contains(facts.Labels(), plan.Label(limit)) {
		return bad(option, quote(limit)+" is a metric without a range", "give "+letter(option)+" "+limit+"=RANGE")
	}
	problem, hint := err.Error(), "give [@][start:]end, such as 5, 10:, ~:5 or @1:2"
	if strings.Contains(limit, ";") {
		problem = quoteList(limit) + " is not a range"
	}
	first, second, _ := strings.Cut(strings.ReplaceAll(limit, ";", ","), ",")
	w, err1 := plan.ParseRange(strings.TrimSpace(first))
	c, err2 := plan.ParseRange(strings.TrimSpace(second))
	if err1 != nil || err2 != nil {
		return bad(option, problem, hint)
	}
	if scarce(label) {
		return bad(option, problem, "give -w "+string(label)+"="+least(first)+" -c "+string(label)+"="+least(second)+" for two limits")
	}
	hint = "give -w " + limitText(label, w) + " -c " + limitText(label, c) + " for two limits"
	fraction := first + "." + second
	if _, err := plan.ParseRange(fraction); err == nil && !strings.Contains(limit, ";") && isPlain(fraction) {
		hint += ", or " + letter(option) + " " + strings.TrimSuffix(limitText(label, w), w.String()) + fraction
	}
	return bad(option, problem, hint)
}

// checkMetric minds that there is a metric of this name.
func checkMetric(option string, name plan.Label) error {
	all := facts.Labels()
	if slices.Contains(all, name) {
		return nil
	}
	return bad(option, quoteList(string(name))+" is not a metric", didYouMean(metricMeant(string(name)), texts(all)))
}

// asking is the hint at a phase that a run does not have.
func (o *Set) asking(p plan.Phase) string {
	hint := map[plan.Phase]string{
		plan.ProxyHdr: "add -r",
		plan.STARTTLS: "add -S", plan.Shake: addTLS, plan.EhloTLS: "add -S",
		plan.SASLAuth: "add -U USER",
		plan.MailFrom: "add -f ADDRESS",
		plan.Command:  "add -C TEXT",
		plan.RcptTo:   "add --to ADDRESS", plan.Data: "add --to ADDRESS", plan.Body: "add --to ADDRESS",
	}[p]
	if hint == "" || o.Has("quit-after") { // which may be why
		return "ask for that phase"
	}
	return hint
}

// lacking is the option without which a run never has a metric; "": it may have it.
func lacking(label plan.Label, t *plan.Targets) string {
	row := facts.MetricOf(label)
	if t == nil {
		t = &plan.Targets{}
	}
	several := t.Hosts == nil && t.ServiceDomain()+t.Domain != "" || len(t.Hosts) > 1 || t.Addresses == plan.FamilyAddress || t.Addresses == plan.EachAddress
	of := func(prefix string) bool { return strings.HasPrefix(string(label), prefix) }
	switch {
	case (row.OfDANE || label == "tlsa_time") && t.DANE == plan.NotAsked:
		return "--dane"
	case of("sts_") && t.STS == plan.NotAsked:
		return "--mta-sts"
	case label == "mx_hosts" && t.Domain == "":
		return "--mx DOMAIN"
	case (row.Judged || label == "targets") && !several:
		return "--mx DOMAIN, --srv NAME or --target HOST"
	case row.Surveyed() && t.Addresses == "":
		return "--mx DOMAIN, --dane or --mta-sts"
	}
	return ""
}

// addState reads CONDITION=STATE.
func addState(p *plan.Plan, text string) error {
	name, word, ok := strings.Cut(text, "=")
	if !ok {
		return bad("state", quote(text)+" is not CONDITION=STATE", "such as --state tempfail=critical")
	}
	all := plan.Conditions()
	if !slices.Contains(all, plan.Condition(name)) {
		return bad("state", quote(name)+" is not a condition", didYouMean(name, texts(all)))
	}
	state, err := stateOf("state", word)
	if err != nil {
		return err
	}
	if why, hint := notOf(p, plan.Condition(name)); why != "" && state != plan.OK {
		return bad("state", quote(text)+" would judge nothing: "+why, hint)
	}
	setState(p, plan.Condition(name), state)
	p.Limits.QuitToo = p.Limits.QuitToo || name == string(plan.CondQuit)
	return nil
}

func setState(p *plan.Plan, c plan.Condition, s plan.State) {
	if p.Limits.States == nil {
		p.Limits.States = make(map[plan.Condition]plan.State)
	}
	p.Limits.States[c] = s
}
