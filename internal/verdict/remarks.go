package verdict

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// texts are a list in the making.
type texts []string

func (t *texts) add(more ...string) { *t = append(*t, more...) }

// remarks are what a reader should know and what is no fault: what an
// optional step came to, and what nobody asked to be judged.
func remarks(f *facts.Session, l *plan.Limits) []string {
	var notes texts
	for _, r := range f.Records {
		if r.Skipped != "" {
			notes.add("session not encrypted (" + first(r.Skipped) + ")")
		}
	}
	notes.add(dead(f)...)
	notes.add(fallback(f)...)
	if f.Auth != nil && f.Auth.InClear {
		notes.add("login sent without TLS")
	}
	if f.TLS != nil {
		notes.add(tlsRemarks(f, l)...)
	}
	return append(notes, l.Notes...)
}

func tlsRemarks(f *facts.Session, l *plan.Limits) []string {
	var notes texts
	leaf := f.TLS.Chain[0]
	if c := f.TLS.Client; c != nil && facts.Remaining(c, f.Start) < 14*day.Seconds() {
		notes.add("client " + lifetime(c, f.Start))
	}
	if dateTold(l) && !misdated(f, l) {
		notes.add(lifetime(leaf, f.Start))
		if c := outdated(f); c != nil {
			notes.add(named(f, c) + " " + facts.Outdated(c, f.Start))
		}
	}
	if c := f.TLS.Root; c != nil && near(c, f.Start, l.Cert) {
		notes.add("root " + lifetime(c, f.Start))
	}
	keyed := f.DANE != nil && f.DANE.Result == facts.DANEVerified // which looks at nobody who issues certificates
	if f.TLS.Untrusted != nil && l.State(plan.CondCertUntrusted) == plan.OK && !(keyed && !l.Cert.Asked) {
		notes.add(untrusted(f))
	}
	// A poller that is given addresses would say so of every server.
	a, err := netip.ParseAddr(f.Host)
	byAddress := err == nil && f.TLS.Name == a.WithZone("").String()
	if f.TLS.Misnamed != nil && l.State(plan.CondCertName) == plan.OK && !byAddress && !(keyed && !l.Cert.Asked) {
		notes.add(namesake(f))
	}
	return notes
}

// near says whether the end of a root is worth telling: within a month, or the
// limits of -D. A share of its many years is no limit for it.
func near(c *x509.Certificate, now time.Time, l plan.Certificate) bool {
	within := func(limit *plan.Expiry) bool {
		return limit != nil && limit.Of != plan.CertPercent && reached(c, now, limit)
	}
	return facts.Remaining(c, now) < 30*day.Seconds() || within(l.Warning) || within(l.Critical)
}

// fallback tells of an EHLO that was refused where no finding does.
func fallback(f *facts.Session) []string {
	told := func(r facts.Record) bool {
		return r.Problem != nil || r.Refused.Code != 0 && r.Reply.Class() != 2 || announced(f) && r.Failure != nil
	}
	refusal := f.EhloRefused()
	if refusal == "" || slices.ContainsFunc(f.Records, told) {
		return nil
	}
	return []string{"ehlo refused: " + first(refusal) + ", helo accepted"}
}

// maxDead is how many dead addresses a line names.
const maxDead = 3

// dead tells which of several addresses did not answer, and which one did.
func dead(f *facts.Session) []string {
	var all texts
	more := f.Untold
	for _, t := range f.Tries {
		switch why := t.Reason(); {
		case why == "" && len(all) == 0:
			return nil
		case why == "":
			all.add(t.Addr.String() + " did")
		case len(all) < maxDead:
			all.add(t.Addr.String() + " did not answer (" + why + ")")
		default:
			more++
		}
	}
	if more > 0 {
		at := min(maxDead, len(all))
		all = append(all[:at:at], append([]string{"nor did " + strconv.Itoa(more) + " more"}, all[at:]...)...)
	}
	if all == nil {
		return nil
	}
	return []string{strings.Join(all, ", ")}
}
