package verdict

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// keyed minds the TLSA records of a target (RFC 7672). What it says of the run and
// not of the target is told by unsigned.
func keyed(f *facts.Session, l *plan.Limits) []Finding {
	d := f.DANE
	if d == nil {
		return nil
	}
	var all findings
	switch d.Result {
	case facts.DANEMismatch:
		if m := unread(d); m != nil {
			all.say(plan.CondCertUnreadable, l, "tls "+d.Base+": this program cannot read a certificate or key, or check a signature, on the way to TLSA "+m.Short()+", and cannot tell whether it matches")
		} else {
			all.say(plan.CondDANEMismatch, l, "tls "+d.Base+": no TLSA record matches its certificate ("+unmet(d)+")"+hinted(d, f.Start))
		}
	case facts.DANEWithoutTLS:
		if why := withoutTLS(f); why != "" {
			all.say(plan.CondDANETLS, l, "TLSA at "+d.Base+" asks for TLS, "+why)
		}
	case facts.DANEBogus:
		if d.Failed.Status == facts.Abandoned {
			all.failed(&d.Failed, plan.CondDANEBogus, l)
		} else {
			all.say(plan.CondDANEBogus, l, lookup(&d.Failed)+": senders with DANE defer")
		}
	case facts.DANEUnusable:
		all.say(plan.CondDANEUnusable, l, unusable(d))
	case facts.DANEMissing:
		all.say(plan.CondDANEMissing, l, missingTLSA(d))
	case facts.DANEVerified:
		return well(d, l, f.Start)
	}
	return all
}

// well minds what is to be mended where all is well today.
func well(d *facts.DANE, l *plan.Limits, now time.Time) []Finding {
	var all findings
	var each []lint
	key := d.Worst()
	for _, h := range key.Lints {
		text := remark(key, h, now)
		if h.Record >= 0 && !strings.Contains(text, "TLSA") {
			text = "TLSA " + text
		}
		each = append(each, lint{h.Kind, text})
	}
	all.lints(plan.CondDANELint, l, each)
	if d.Undenied {
		all.say(plan.CondDANELint, l, "the DNS cannot prove that "+owner(d)+" has no address")
	}
	if !key.Rollover && !d.Given && l.State(plan.CondDANERollover) != plan.OK { // most have none
		all.say(plan.CondDANERollover, l, "no second TLSA record to roll over to at "+owner(d))
	}
	return all
}

// owner is the name of the records.
func owner(d *facts.DANE) string {
	base := d.Base
	if base == "" {
		base = d.Host
	}
	return "_" + strconv.Itoa(d.Port) + "._tcp." + base
}

const maxRecords = 3 // that a text shows

// unmet are the records that count, and what would meet one.
func unmet(d *facts.DANE) string {
	var all []string
	for _, m := range d.Worst().Records {
		if m.Considered {
			all = append(all, m.Short())
		}
	}
	if more := len(all) - maxRecords; more > 0 {
		all = append(all[:maxRecords], strconv.Itoa(more)+" more")
	}
	if own := d.Worst().Own; len(own.Data) > 0 {
		all = append(all, "the certificate is "+own.Short())
	}
	return strings.Join(all, ", ")
}

// hinted are the hints behind a mismatch.
func hinted(d *facts.DANE, now time.Time) string {
	var all []string
	key := d.Worst()
	for _, h := range key.Hints {
		if text := remark(key, h, now); !slices.Contains(all, text) && len(all) < maxRecords {
			all = append(all, text)
		}
	}
	if all == nil {
		return ""
	}
	return ": " + strings.Join(all, ", ")
}

// remark is a hint or a lint in words.
func remark(key *facts.DANEKey, h facts.DANEHint, now time.Time) string {
	var m facts.TLSAMatch
	record := ""
	if h.Record >= 0 && h.Record < len(key.Records) {
		m = key.Records[h.Record]
		record = m.Short()
	}
	instead := func(usage, selector uint8) string {
		m.Usage, m.Selector = usage, selector
		return "use " + m.Numbers()
	}
	switch h.Kind {
	case facts.HintIssuer:
		return record + " is the issuer's: " + instead(2, m.Selector)
	case facts.HintLeaf:
		return record + " is the server's own: " + instead(3, m.Selector)
	case facts.HintEmpty:
		return record + " is the digest of an empty file"
	case facts.HintSelector:
		return record + " would match with the other selector: " + instead(m.Usage, 1-m.Selector)
	case facts.HintNotSent:
		return "the certificate of " + record + " is not in the chain that was sent"
	case facts.HintNames:
		return "the certificate names only " + listed(key.Names)
	case facts.HintExpired:
		if key.Expired != nil {
			return called(key.Expired) + " " + facts.Outdated(key.Expired, now)
		}
		return "its chain has expired"
	case facts.HintUnfit:
		if key.Unfit != nil {
			return called(key.Unfit) + " is not for servers (" + key.Lacks + ")"
		}
		return "the chain does not hold up to " + record
	case facts.HintUnlinked:
		return "the chain does not lead to " + record
	case facts.HintWeaker:
		return record + " matches, and does not count beside one with a stronger digest"
	case facts.LintPKIX:
		return "TLSA " + record + ": usage 0 and 1 do not count in SMTP"
	case facts.LintRenewal:
		return "TLSA " + record + " is of a whole certificate that lives for a short time: it breaks at each renewal"
	case facts.LintAnchorDates:
		return "the anchor of TLSA " + record + " has expired or is not yet valid"
	case facts.LintNoNames:
		return "the certificate has a DNS name only in its subject"
	}
	return string(h.Kind)
}

func listed(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	if more := len(names) - maxRecords; more > 0 {
		names = append(slices.Clone(names[:maxRecords]), strconv.Itoa(more)+" more")
	}
	return first(strings.Join(names, ", "))
}

// unread is a record of which nobody here can tell whether it is met; nil: there is
// none.
func unread(d *facts.DANE) *facts.TLSAMatch {
	for i, m := range d.Worst().Records {
		if m.Considered && m.Anchor == facts.AnchorUnreadable {
			return &d.Worst().Records[i]
		}
	}
	return nil
}

// unsigned minds what of DANE is of the whole run: a resolver that cannot tell what
// is signed, and MX records that are not.
func unsigned(run facts.Run, l *plan.Limits) []Finding {
	var all findings
	tell := func(c plan.Condition, text string) {
		if !slices.ContainsFunc(all, func(f Finding) bool { return f.Condition == c }) {
			all.say(c, l, text)
		}
	}
	for i := range run.Sessions {
		switch d := run.Sessions[i].DANE; {
		case d == nil:
		case d.Result == facts.DANEUntrusted:
			tell(plan.CondDNSSECUntrusted, untrustedResolver(&d.Doubted))
		case len(d.Records) > 0 && !d.HopSecure:
			kind := "MX"
			if run.Survey.Found.Kind == facts.BySRV {
				kind = "SRV"
			}
			tell(plan.CondDANEInsecure, "the "+kind+" records of "+run.Survey.Found.Name+" are not signed (DNSSEC)")
		}
	}
	return all
}

// withoutTLS says why a session that came to TLS has none; "": it did not come to
// it.
func withoutTLS(f *facts.Session) string {
	for i := range f.Records {
		switch r := &f.Records[i]; {
		case r.Step.Phase == plan.STARTTLS && r.Problem != nil && r.Problem.Kind == facts.NotOffered:
			return "STARTTLS is not offered"
		case r.Step.Phase == plan.STARTTLS && r.Reply.Code != 0 && !r.Satisfied():
			return "STARTTLS is refused: " + said(r)
		case r.Failure != nil && r.Failure.Kind == facts.Unreadable:
			return "" // we cannot go on, and others may
		case r.Step.Phase == plan.Shake && r.Failure != nil:
			return describe(f, r)
		}
	}
	return ""
}

// unusable says why no record counts.
func unusable(d *facts.DANE) string {
	text := fmt.Sprintf("no usable TLSA record of %d", len(d.Records))
	for _, m := range d.Worst().Records {
		if m.Fault != facts.TLSAUsable {
			return text + " (" + m.Numbers() + ": " + Faulty(m) + ")"
		}
	}
	return text
}

// Faulty says why a record is of no use.
func Faulty(m facts.TLSAMatch) string {
	switch m.Fault {
	case facts.TLSAPKIX:
		return "usage " + strconv.Itoa(int(m.Usage)) + " does not count in SMTP"
	case facts.TLSAUnknownUsage:
		return "there is no usage " + strconv.Itoa(int(m.Usage))
	case facts.TLSAUnknownSelector:
		return "there is no selector " + strconv.Itoa(int(m.Selector))
	case facts.TLSAUnknownMatching:
		return "there is no matching type " + strconv.Itoa(int(m.Matching))
	case facts.TLSALength:
		return "its data is not as long as such a digest"
	case facts.TLSANoCertificate:
		return "its data is no certificate"
	}
	return "its data is no public key"
}

// missingTLSA says that there are no records, or that they do not count.
func missingTLSA(d *facts.DANE) string {
	if _, err := netip.ParseAddr(d.Host); err == nil {
		return d.Host + " is an address, for which there are no TLSA records"
	}
	if d.Candidates == nil {
		return d.Host + " is not signed (DNSSEC), a TLSA record would not count"
	}
	return "no TLSA record at " + owner(d)
}

func untrustedResolver(q *facts.Query) string {
	who := q.Server.Addr().String()
	if q.Trusted {
		return "resolver " + who + " does not validate (DNSSEC): use one that does, such as unbound on this machine"
	}
	return "resolver " + who + " is not trusted for DNSSEC: use a validating resolver on this machine, or --dnssec-trust always"
}

// keys are what an OK stands for.
func (e *Fleet) keys(single bool) []string {
	verified := 0
	for _, t := range e.Targets {
		d := t.Session.DANE
		if d == nil || d.Result != facts.DANEVerified {
			continue
		}
		if verified++; single {
			for _, m := range d.Worst().Records {
				if m.Considered && m.Matches {
					return []string{"DANE " + m.Numbers() + " matches"}
				}
			}
		}
	}
	if verified == 0 {
		return nil
	}
	return []string{fmt.Sprintf("DANE matches at %d of %d targets", verified, len(e.Targets))}
}
