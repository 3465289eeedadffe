package verdict

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// strict minds what a domain publishes of MTA-STS (RFC 8461).
func strict(s *facts.Survey, l plan.Limits) []Finding {
	sts := s.STS
	var all []Finding
	say := func(c plan.Condition, text string) { all = append(all, surveyFinding(c, l, text)) }
	at := "_mta-sts." + sts.Domain
	switch r := &sts.Record; {
	case s.Policy.Name != "" && s.Policy.Status != facts.Answered && !s.Policy.Status.Denied():
		all = append(all, failedLookup(s.Policy, plan.CondSTSRecord, l))
	case s.Policy.Name == "": // the user's own policy
	case r.Missing():
		text := "no MTA-STS record at " + at
		if r.Near != "" {
			text += " (there is '" + first(r.Near) + "')"
		}
		say(plan.CondSTSMissing, text)
	case !r.Usable():
		say(plan.CondSTSRecord, badRecord(r, at))
	}
	if f := sts.Fetch; f != nil && f.Fault() != facts.STSFetched {
		c := plan.CondSTSFetch
		if f.Err != nil && f.Err.Fault == facts.WebStopped || f.Lookup.Status == facts.Abandoned {
			c = plan.CondInterrupted
		}
		say(c, "MTA-STS policy host "+policyHost(f)+": "+unfetched(f))
	}
	return append(append(all, policy(sts, l)...), trifles(sts, l)...)
}

// trifles are the flaws that stop no sender, one of each kind.
func trifles(sts *facts.STS, l plan.Limits) []Finding {
	var all []Finding
	lints := sts.Lints()
	for i, flaw := range lints {
		alike := func(other facts.STSFlaw) bool { return other.Kind == flaw.Kind }
		if slices.ContainsFunc(lints[:i], alike) {
			continue
		}
		text := "MTA-STS of " + sts.Domain + ": " + flawed(flaw)
		if more := len(lints) - len(slices.DeleteFunc(slices.Clone(lints), alike)) - 1; more > 0 {
			text += " (and " + strconv.Itoa(more) + " more)"
		}
		all = append(all, surveyFinding(plan.CondSTSLint, l, text))
	}
	return all
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
func policy(sts *facts.STS, l plan.Limits) []Finding {
	p := sts.Policy
	if p == nil {
		return nil
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
		return []Finding{surveyFinding(plan.CondSTSPolicy, l, text)}
	}
	var all []Finding
	if wanted := facts.STSMode(l.Fold.STS); (l.Fold.STS == plan.Testing || l.Fold.STS == plan.Enforce) && p.Mode.Weaker(wanted) {
		all = append(all, surveyFinding(plan.CondSTSMode, l, "MTA-STS policy of "+sts.Domain+" has mode "+string(p.Mode)+", "+string(wanted)+" is wanted"))
	}
	if hosts := uncovered(sts); hosts != nil && p.Mode != facts.STSNone {
		w := surveyFinding(plan.CondSTSMX, l, title(sts)+" does not cover "+listed(hosts))
		w.State = byMode(plan.CondSTSMX, p.Mode, l)
		all = append(all, w)
	}
	return all
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

// byMode is what a condition means where the policy has a mode, unless the
// operator has said it.
func byMode(c plan.Condition, m facts.STSMode, l plan.Limits) plan.State {
	if s, said := l.States[c]; said {
		return s
	}
	switch m {
	case facts.STSEnforce:
		return plan.Critical
	case facts.STSTesting:
		return plan.Warning
	}
	return plan.OK
}

// promised minds whether a target is what the policy tells senders to ask for.
func promised(f *facts.Session, s *facts.Survey, l plan.Limits) []Finding {
	why := Unkept(f, s.STS)
	if why == "" {
		return nil
	}
	w := surveyFinding(plan.CondSTSTLS, l, title(s.STS)+": "+why)
	w.State = byMode(plan.CondSTSTLS, s.STS.Policy.Mode, l)
	return []Finding{w}
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
	switch q := f.Lookup; {
	case q.Status.Denied():
		return "it has no address (" + outcome(q) + ")"
	case q.Name != "":
		return "dns " + f.Lookup.Type + ": " + outcome(f.Lookup)
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
	text := "'" + first(f.Text) + "'"
	switch f.Kind {
	case facts.STSSeveral:
		return "several records"
	case facts.STSBadField:
		return text + " is no field"
	case facts.STSNoID:
		return "id is missing"
	case facts.STSBadID:
		return "id " + text + " is not 1 to 32 letters and digits"
	case facts.STSLarge:
		return "it is larger than 65536 bytes"
	case facts.STSEmpty:
		return "it is empty"
	case facts.STSMark:
		return "it begins with a byte order mark"
	case facts.STSBlankLine:
		return "a line without a field"
	case facts.STSBadLine:
		return text + " is not key: value"
	case facts.STSBadVersion:
		return "version " + text + " is not STSv1"
	case facts.STSBadMode:
		return "mode " + text + " is none of enforce, testing, none"
	case facts.STSBadAge:
		return "max_age " + text + " is not a number of 1 to 10 digits"
	case facts.STSBadMX:
		return "mx " + text + " is neither a name nor *. before one"
	case facts.STSNoVersion:
		return "version is missing"
	case facts.STSNoMode:
		return "mode is missing"
	case facts.STSNoAge:
		return "max_age is missing"
	case facts.STSNoMX:
		return "mx is missing"
	case facts.STSSpaced:
		return "a blank before the first semicolon, for which some senders ignore the record"
	case facts.STSMediaType:
		return "the policy is sent as " + strings.TrimSpace(first(f.Text)) + ", not text/plain"
	case facts.STSLongAge:
		return "max_age " + text + " is more than a year"
	case facts.STSShortAge:
		return "max_age " + text + " is less than a day"
	case facts.STSUpper:
		return "mx " + text + " has capitals"
	case facts.STSUnused:
		return "mx " + text + " matches no exchanger"
	}
	return text
}

// reported minds where a domain wants reports (RFC 8460).
func reported(s *facts.Survey, l plan.Limits) []Finding {
	r := s.TLSRPT
	at := "_smtp._tls." + r.Domain
	switch {
	case s.Reports.Status != facts.Answered && !s.Reports.Status.Denied():
		return []Finding{failedLookup(s.Reports, plan.CondTLSRPTRecord, l)}
	case r.Missing():
		text := "no TLSRPT record at " + at
		switch {
		case r.Near != "":
			text += " (there is '" + first(r.Near) + "')"
		case r.Old:
			text += " (there is one at _smtp-tlsrpt." + r.Domain + ", where nobody looks)"
		}
		return []Finding{surveyFinding(plan.CondTLSRPTMissing, l, text)}
	case r.Flaw != nil:
		if r.Flaw.Kind == facts.TLSRPTSeveral {
			return []Finding{surveyFinding(plan.CondTLSRPTRecord, l, ignored(len(r.Texts), "TLSRPT", at))}
		}
		return []Finding{surveyFinding(plan.CondTLSRPTRecord, l, "TLSRPT record at "+at+": "+unreportable(r))}
	case len(r.Bad) > 0: // another one will do
		w := Finding{Condition: plan.CondTLSRPTRecord, Text: "TLSRPT record at " + at + ": '" + first(r.Bad[0].Text) + "' " + badURI(r.Bad[0])}
		return []Finding{w}
	}
	return nil
}

func unreportable(r *facts.TLSRPT) string {
	switch f := r.Flaw; f.Kind {
	case facts.TLSRPTBadField:
		return "'" + first(f.Text) + "' is no field"
	case facts.TLSRPTNoRUA:
		return "rua is missing"
	}
	if len(r.Bad) == 0 {
		return "rua has nothing that can be used"
	}
	if r.Bad[0].Kind == facts.RUAEmpty {
		return "rua is empty"
	}
	return "rua '" + first(r.Bad[0].Text) + "' " + badURI(r.Bad[0])
}

func badURI(f facts.RUAFlaw) string {
	switch f.Kind {
	case facts.RUAEmpty:
		return "is empty"
	case facts.RUANoURI:
		return "is not a URI"
	case facts.RUAScheme:
		return "is neither mailto: nor https:"
	case facts.RUAReserved:
		return "holds an exclamation mark, which has to be written as %21"
	case facts.RUANoAddress:
		return "has no address"
	}
	return "has no host"
}
