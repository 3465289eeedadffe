package verdict

import (
	"crypto/tls"
	"fmt"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// strict minds what a domain publishes of MTA-STS (RFC 8461).
func strict(s *facts.Survey, l *plan.Limits) []Finding {
	sts := s.STS
	var all findings
	at := "_mta-sts." + sts.Domain
	switch r := &sts.Record; {
	case s.Policy.Name != "" && s.Policy.Status != facts.Answered && !s.Policy.Status.Denied():
		all.failed(&s.Policy, plan.CondSTSRecord, l)
	case s.Policy.Name == "": // the user's own policy
	case r.Missing():
		text := "no MTA-STS record at " + at
		if r.Near != "" {
			text += " (there is '" + first(r.Near) + "')"
		}
		all.say(plan.CondSTSMissing, l, text)
	case !r.Usable():
		all.say(plan.CondSTSRecord, l, badRecord(r, at))
	}
	if f := sts.Fetch; f != nil && f.Fault() != facts.STSFetched {
		c := plan.CondSTSFetch
		if f.Err != nil && f.Err.Fault == facts.WebStopped || f.Lookup.Status == facts.Abandoned {
			c = plan.CondInterrupted
		}
		all.say(c, l, "MTA-STS policy host "+policyHost(f)+": "+unfetched(f))
	}
	all.policy(sts, l)
	all.trifles(sts, l)
	return all
}

// trifles adds the flaws that stop no sender, one of each kind.
func (all *findings) trifles(sts *facts.STS, l *plan.Limits) {
	var each []lint
	for _, flaw := range sts.Lints() {
		each = append(each, lint{flaw.Kind, "MTA-STS of " + sts.Domain + ": " + flawed(flaw)})
	}
	all.lints(plan.CondSTSLint, l, each)
}

// policyHost is how texts name the host of a policy, which may answer in another
// way at each of its addresses.
func policyHost(f *facts.STSFetch) string {
	switch {
	case f.Address.IsValid():
		return f.Host + " [" + f.Address.String() + "]"
	case f.Failed.IsValid():
		return f.Host + " [" + f.Failed.String() + "]"
	}
	return f.Host
}

// policy minds the policy itself, and whom it covers.
func (all *findings) policy(sts *facts.STS, l *plan.Limits) {
	p := sts.Policy
	if p == nil {
		return
	}
	if p.Flaw != nil {
		text := "MTA-STS policy of " + sts.Domain
		if p.Flaw.Line > 0 {
			text += ", line " + strconv.Itoa(p.Flaw.Line)
		}
		text += ": " + flawed(*p.Flaw)
		if f := sts.Fetch; f != nil && f.Opening != "" && p.Flaw.Kind == facts.STSBlankLine && p.Flaw.Line == 1 {
			text += " (it begins '" + first(f.Opening) + "')"
		}
		all.say(plan.CondSTSPolicy, l, text)
		return
	}
	if wanted := facts.STSMode(l.Fold.STS); (l.Fold.STS == plan.Testing || l.Fold.STS == plan.Enforce) && p.Mode.Weaker(wanted) {
		all.say(plan.CondSTSMode, l, "MTA-STS policy of "+sts.Domain+" has mode "+string(p.Mode)+", "+string(wanted)+" is wanted")
	}
	if hosts := uncovered(sts); hosts != nil && p.Mode != facts.STSNone {
		all.say(plan.CondSTSMX, l, title(sts)+" does not cover "+listed(hosts)).byMode(p.Mode, l)
	}
}

// uncovered are the exchangers that no pattern matches.
func uncovered(sts *facts.STS) []string {
	var hosts []string
	for _, h := range sts.Hosts {
		if h.CoveredBy == "" {
			hosts = append(hosts, h.Host)
		}
	}
	return hosts
}

func title(sts *facts.STS) string {
	return "MTA-STS policy of " + sts.Domain + " (" + string(sts.Policy.Mode) + ")"
}

// byMode makes of the state what the policy's mode makes of it, unless the operator
// has said it.
func (w *Finding) byMode(m facts.STSMode, l *plan.Limits) {
	if _, said := l.States[w.Condition]; said {
		return
	}
	switch w.State = plan.OK; m {
	case facts.STSEnforce:
		w.State = plan.Critical
	case facts.STSTesting:
		w.State = plan.Warning
	}
}

// promised minds whether a target is what the policy tells senders to ask for.
func promised(f *facts.Session, s *facts.Survey, l *plan.Limits) []Finding {
	var all findings
	if why := Unkept(f, s.STS); why != "" {
		all.say(plan.CondSTSTLS, l, title(s.STS)+": "+why).byMode(s.STS.Policy.Mode, l)
	}
	return all
}

// Unkept says why a target is not what the policy tells senders to ask for (RFC 8461
// section 4.2); "": it is, or it is not known, or nobody asks.
func Unkept(f *facts.Session, sts *facts.STS) string {
	if sts == nil || sts.Policy == nil || sts.Policy.Flaw != nil || sts.Policy.Mode == facts.STSNone || !f.Begun() {
		return ""
	}
	switch t := f.TLS; {
	case t == nil:
		return withoutTLS(f)
	case t.Untrusted != nil:
		return untrusted(f)
	case t.Misnamed != nil:
		return namesake(f)
	case t.Outdated != nil:
		return named(f, t.Outdated) + " " + facts.Outdated(t.Outdated, f.Start)
	case t.Version < tls.VersionTLS12:
		return tls.VersionName(t.Version) + " is too old"
	}
	return ""
}

// covered is what an OK stands for.
func covered(sts *facts.STS) []string {
	if sts == nil || sts.Policy == nil || sts.Policy.Flaw != nil || sts.Policy.Mode == facts.STSNone || len(sts.Hosts) == 0 {
		return nil
	}
	n := len(sts.Hosts)
	return []string{fmt.Sprintf("MTA-STS %s covers %d of %d exchangers", sts.Policy.Mode, n-len(uncovered(sts)), n)}
}

// badRecord says why senders do not act on a record.
func badRecord(r *facts.STSRecord, at string) string {
	if len(r.Texts) > 1 {
		return ignored(len(r.Texts), "MTA-STS", at)
	}
	return "MTA-STS record at " + at + ": " + flawed(*r.Flaw)
}

// ignored is what becomes of records of which there may be only one.
func ignored(n int, what, at string) string {
	if n == 2 {
		return "2 " + what + " records at " + at + ", senders ignore both"
	}
	return strconv.Itoa(n) + " " + what + " records at " + at + ", senders ignore all of them"
}

// unfetched says why there is no policy.
func unfetched(f *facts.STSFetch) string {
	switch q := &f.Lookup; {
	case q.Status.Denied():
		return "it has no address (" + outcome(q) + ")"
	case q.Name != "":
		return "dns " + q.Type + ": " + outcome(q)
	}
	switch f.Fault() {
	case facts.STSRedirected:
		text := "answers " + strconv.Itoa(f.Status)
		if f.Location != "" {
			text += " to " + first(f.Location)
		}
		return text + ", redirects do not count"
	case facts.STSStatus:
		return "answers " + strconv.Itoa(f.Status)
	case facts.STSEncoded:
		return "the policy is encoded as '" + first(f.Encoding) + "'"
	}
	if f.Err == nil {
		return "no answer"
	}
	return f.Err.Error()
}

// flawed is what is wrong with a record or a policy.
func flawed(f facts.STSFlaw) string {
	text := first(f.Text)
	if f.Kind == facts.STSMediaType {
		text = strings.TrimSpace(text)
	}
	return strings.Replace(flaws[f.Kind], "%", text, 1)
}

// flaws are their words. The text that they are about stands at the %.
var flaws = [...]string{
	facts.STSSeveral:    "several records",
	facts.STSBadField:   "'%' is not a field",
	facts.STSNoID:       "id is missing",
	facts.STSBadID:      "id '%' is not 1 to 32 letters and digits",
	facts.STSLarge:      "it is larger than 65536 bytes",
	facts.STSEmpty:      "it is empty",
	facts.STSMark:       "it begins with a byte order mark",
	facts.STSBlankLine:  "a line without a field",
	facts.STSBadLine:    "'%' is not key: value",
	facts.STSBadVersion: "version '%' is not STSv1",
	facts.STSBadMode:    "mode '%' is none of enforce, testing, none",
	facts.STSBadAge:     "max_age '%' is not a number of 1 to 10 digits",
	facts.STSBadMX:      "mx '%' is neither a name nor *.NAME",
	facts.STSNoVersion:  "version is missing",
	facts.STSNoMode:     "mode is missing",
	facts.STSNoAge:      "max_age is missing",
	facts.STSNoMX:       "mx is missing",
	facts.STSSpaced:     "a space before the first semicolon: some senders ignore the record",
	facts.STSMediaType:  "the policy is sent as %, not text/plain",
	facts.STSLongAge:    "max_age '%' is more than a year",
	facts.STSShortAge:   "max_age '%' is less than a day",
	facts.STSUpper:      "mx '%' has capitals",
	facts.STSUnused:     "mx '%' matches no exchanger",
}

// reported minds where a domain wants reports (RFC 8460).
func reported(s *facts.Survey, l *plan.Limits) []Finding {
	r := s.TLSRPT
	at := "_smtp._tls." + r.Domain
	var all findings
	switch {
	case s.Reports.Status != facts.Answered && !s.Reports.Status.Denied():
		all.failed(&s.Reports, plan.CondTLSRPTRecord, l)
	case r.Missing():
		text := "no TLSRPT record at " + at
		switch {
		case r.Near != "":
			text += " (there is '" + first(r.Near) + "')"
		case r.Old:
			text += " (there is one at _smtp-tlsrpt." + r.Domain + ", which senders do not read)"
		}
		all.say(plan.CondTLSRPTMissing, l, text)
	case r.Flaw != nil && r.Flaw.Kind == facts.TLSRPTSeveral:
		all.say(plan.CondTLSRPTRecord, l, ignored(len(r.Texts), "TLSRPT", at))
	case r.Flaw != nil:
		all.say(plan.CondTLSRPTRecord, l, "TLSRPT record at "+at+": "+unreportable(r))
	case len(r.Bad) > 0: // another one will do
		all.say(plan.CondTLSRPTRecord, l, "TLSRPT record at "+at+": '"+first(r.Bad[0].Text)+"' "+badURIs[r.Bad[0].Kind]).State = plan.OK
	}
	return all
}

func unreportable(r *facts.TLSRPT) string {
	switch f := r.Flaw; f.Kind {
	case facts.TLSRPTBadField:
		return "'" + first(f.Text) + "' is not a field"
	case facts.TLSRPTNoRUA:
		return "rua is missing"
	}
	if len(r.Bad) == 0 {
		return "rua has no usable address"
	}
	if r.Bad[0].Kind == facts.RUAEmpty {
		return "rua is empty"
	}
	return "rua '" + first(r.Bad[0].Text) + "' " + badURIs[r.Bad[0].Kind]
}

// badURIs are what is wrong with a URI.
var badURIs = [...]string{
	facts.RUAEmpty:     "is empty",
	facts.RUANoURI:     "is not a URI",
	facts.RUAScheme:    "is neither mailto: nor https:",
	facts.RUAReserved:  "holds an exclamation mark, which has to be written as %21",
	facts.RUANoAddress: "has no address",
	facts.RUANoHost:    "has no host",
}
