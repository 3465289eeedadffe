package verdict

import (
	"slices"
	"strconv"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// published are the findings on what a domain publishes.
func published(run facts.Run, l *plan.Limits) []Finding {
	s := run.Survey
	all := append(discovered(s, l), unsigned(run, l)...)
	if s.STS != nil {
		all = append(all, strict(s, l)...)
	}
	if s.TLSRPT != nil {
		all = append(all, reported(s, l)...)
	}
	return all
}

// discovered minds how the targets were found.
func discovered(s *facts.Survey, l *plan.Limits) []Finding {
	var all findings
	found := &s.Found
	switch {
	case found.Failed.Name != "":
		all.failed(&found.Failed, plan.CondResolve, l)
	case found.Null && found.Kind == facts.BySRV:
		all.say(plan.CondSRVNone, l, unserved(s))
	case found.Null && !l.Fold.Null:
		all.say(plan.CondMXNull, l, found.Name+" takes no mail (null MX)")
	case !found.Null && l.Fold.Null:
		all.say(plan.CondMXNull, l, found.Name+" has no null MX")
	}
	if found.Cut > 0 { // there may be many of what follows
		all.say(plan.CondTargetsCut, l, strconv.Itoa(found.Cut)+" targets left out, see --max-targets")
	}
	for _, lint := range found.Lints {
		all.say(plan.CondMXLint, l, linted(lint, found))
	}
	return all
}

// unserved says why a service is none.
func unserved(s *facts.Survey) string {
	name := s.Found.Name
	if slices.ContainsFunc(s.Queries, func(q facts.Query) bool { return q.Type == "SRV" && q.Status.Denied() }) {
		return "no SRV record at " + name
	}
	return "the SRV record at " + name + " says that there is no such service"
}

func linted(l facts.TargetLint, found *facts.Discovery) string {
	kind := "MX"
	if found.Kind == facts.BySRV {
		kind = "SRV"
	}
	switch l.Kind {
	case facts.LintAlias:
		return "MX " + l.Host + " is an alias of " + l.Of
	case facts.LintDot:
		if found.Kind == facts.BySRV {
			return found.Name + " says that there is no such service, and has other records"
		}
		return found.Name + " has a null MX and other MX records"
	case facts.LintUnread:
		return "an " + kind + " record of " + l.Host + " is malformed"
	case facts.LintDuplicate:
		return kind + " " + l.Host + " is listed twice"
	case facts.LintSame:
		return l.Of + " and " + l.Host + " are one machine"
	}
	return kind + " " + l.Host + " is only one label, not a full name"
}

// failed adds a question to the DNS that got no answer.
func (all *findings) failed(q *facts.Query, c plan.Condition, l *plan.Limits) {
	switch q.Status {
	case facts.Bogus:
		c = plan.CondDNSBogus
	case facts.Abandoned: // nobody has waited for the answer
		c = plan.CondInterrupted
	}
	all.say(c, l, lookup(q))
}

// lookup is a question and what came of it.
func lookup(q *facts.Query) string { return "dns " + q.Type + " " + q.Name + ": " + outcome(q) }

// outcome says what came of a question.
func outcome(q *facts.Query) string {
	who := "the resolver"
	if q.Server.IsValid() {
		if who = q.Server.Addr().String(); q.Server.Port() != 53 {
			who = q.Server.String()
		}
	}
	text := ""
	switch q.Status {
	case facts.NoData:
		text = "no such record"
	case facts.NoName:
		text = "no such name"
	case facts.ServFail:
		text = "SERVFAIL from " + who
	case facts.Bogus:
		text = "SERVFAIL from " + who + " (DNSSEC: signatures do not verify)"
	case facts.Refused:
		text = refusalCode(q.RCode) + " from " + who
	case facts.NoAnswer:
		text = "no answer from " + who + " in time"
	case facts.Unreachable:
		text = who + " cannot be reached: " + (&facts.Failure{Err: q.Err}).Reason()
	case facts.AliasLoop:
		text = "CNAME loop"
	case facts.Abandoned:
		text = "interrupted"
		if q.Err != nil {
			text = q.Err.Error()
		}
	default:
		text = "the answer of " + who + " is malformed"
	}
	return text
}

// refusalCode is the word for a code (RFC 6895 section 2.3).
func refusalCode(code int) string {
	switch code {
	case 1:
		return "FORMERR"
	case 4:
		return "NOTIMP"
	case 5:
		return "REFUSED"
	}
	return "code " + strconv.Itoa(code)
}

func skippedFor(s facts.Skipped) string {
	return "skipped: not reachable from this machine (" + s.Why + ")"
}

// circumstances are what a reader should know of how a run came about.
func circumstances(run facts.Run, l *plan.Limits) []string {
	var notes texts
	s := run.Survey
	if s.Found.Implicit && len(run.Sessions) > 0 && run.Sessions[0].Absent == nil {
		notes.add("no MX: its own address is used")
	}
	if n := len(s.Skipped); n == 1 {
		notes.add(s.Skipped[0].Host + " [" + s.Skipped[0].Addr.String() + "] " + skippedFor(s.Skipped[0]))
	} else if n > 1 { // each has a line
		notes.add(strconv.Itoa(n) + " addresses " + skippedFor(s.Skipped[0]))
	}
	if s.STS != nil && s.STS.Policy != nil && s.STS.Policy.Flaw == nil && s.STS.Policy.Mode == facts.STSNone {
		notes.add("MTA-STS policy of " + s.STS.Domain + " has mode none")
	}
	return notes
}
