package verdict

import (
	"crypto/rsa"
	"crypto/x509"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
)

const day = 24 * time.Hour

// shaken says whether a step is the handshake that TLS came of.
func shaken(f *facts.Session, r facts.Record) bool {
	return f.TLS != nil && r.Step.Phase == plan.Shake
}

// dated minds the dates of the server's certificate and of those that it is
// proven by, or would be: outside of its lifetime, or too near the end of it.
func dated(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || l.Cert.IgnoreExpiry {
		return nil
	}
	leaf := f.TLS.Chain[0]
	var all []Finding
	if why := facts.Outdated(leaf, f.Start); why != "" {
		all = found(plan.CondCertExpired, r, l, called(leaf)+" "+why)
	} else {
		all = expiring(leaf, "", f.Start, l)
	}
	if c := outdated(f); c != nil {
		return append(all, found(plan.CondCertExpired, r, l, called(c)+within(f)+" "+facts.Outdated(c, f.Start))...)
	}
	if weakest := f.TLS.Ends(); weakest != leaf {
		all = append(all, expiring(weakest, within(f), f.Start, l)...)
	}
	return all
}

// path is the server's own certificate alone where nobody has looked further.
func path(f *facts.Session) []*x509.Certificate {
	if f.TLS.Path == nil {
		return f.TLS.Chain[:1]
	}
	return f.TLS.Path
}

// outdated is the first certificate above the server's own that is outside of
// its lifetime; nil: none.
func outdated(f *facts.Session) *x509.Certificate {
	for _, c := range path(f)[1:] {
		if facts.Outdated(c, f.Start) != "" {
			return c
		}
	}
	return nil
}

func called(c *x509.Certificate) string { return "certificate '" + facts.Title(c) + "'" }

func within(f *facts.Session) string {
	return " in the chain of '" + facts.Title(f.TLS.Chain[0]) + "'"
}

// expiring applies the limits of -D to one certificate. Critical is judged
// first.
func expiring(c *x509.Certificate, where string, now time.Time, l plan.Limits) []Finding {
	for _, limit := range []struct {
		state plan.State
		at    *plan.Expiry
	}{{plan.Critical, l.Cert.Critical}, {plan.Warning, l.Cert.Warning}} {
		if !reached(c, now, limit.at) {
			continue
		}
		if s, changed := l.States[plan.CondCertExpiring]; changed {
			limit.state = s
		}
		text := called(c) + where + " expires " + soon(c, now) + ", limit " + limit.at.String()
		return []Finding{{Condition: plan.CondCertExpiring, State: limit.state, Phase: plan.Shake, Text: text}}
	}
	return nil
}

func reached(c *x509.Certificate, now time.Time, limit *plan.Expiry) bool {
	return limit != nil && limit.Reached(facts.MetricOf(limit.Of).OfCert(c, now))
}

// days are the whole ones that a certificate has left.
func days(c *x509.Certificate, now time.Time) string {
	return strconv.Itoa(int(math.Floor(facts.Remaining(c, now)/day.Seconds()))) + " days"
}

// soon says when a certificate expires.
func soon(c *x509.Certificate, now time.Time) string {
	in := days(c, now)
	if facts.Remaining(c, now) < 2*day.Seconds() {
		in = strconv.Itoa(int(facts.Remaining(c, now)/3600)) + " hours"
	}
	return "in " + in + " (" + facts.Date(c.NotAfter) + ")"
}

// distrusted minds a chain that does not prove the server, which changes the
// state only where --verify or --state says so.
func distrusted(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || f.TLS.Untrusted == nil {
		return nil
	}
	return found(plan.CondCertUntrusted, r, l, untrusted(f))
}

// misnamed minds the name, likewise.
func misnamed(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || f.TLS.Misnamed == nil {
		return nil
	}
	return found(plan.CondCertName, r, l, namesake(f))
}

func untrusted(f *facts.Session) string {
	return called(f.TLS.Chain[0]) + " is not trusted: " + f.TLS.Untrusted.Error()
}

func namesake(f *facts.Session) string {
	return called(f.TLS.Chain[0]) + " is " + f.TLS.Misnamed.Error()
}

// unpinned minds the key.
func unpinned(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || !f.TLS.Unpinned {
		return nil
	}
	return found(plan.CondCertPin, r, l, "the key of "+called(f.TLS.Chain[0])+" is none of those pinned")
}

// feeble minds keys and signatures that no longer protect, which changes the
// state only where --state says so. 2,048 bits of RSA are as good as 112 of a
// cipher (NIST SP 800-57 part 1 table 2); the least curve that can be read here
// is as good as that.
func feeble(f *facts.Session, r facts.Record, l plan.Limits) []Finding {
	if !shaken(f, r) {
		return nil
	}
	all := path(f)
	if f.TLS.Root != nil {
		all = append(slices.Clip(all), f.TLS.Root)
	}
	var texts []string
	for i, c := range all {
		where := ""
		if i > 0 {
			where = within(f)
		}
		if why := weakness(c); why != "" && len(texts) < 3 {
			texts = append(texts, called(c)+where+" is weak: "+why)
		}
	}
	if texts == nil {
		return nil
	}
	return found(plan.CondCertWeak, r, l, strings.Join(texts, ", "))
}

// weakness says what no longer protects in a certificate; "": all does.
func weakness(c *x509.Certificate) string {
	var all []string
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		all = append(all, "RSA key of "+strconv.Itoa(key.N.BitLen())+" bits")
	}
	if hash := roots.Outdone(c.SignatureAlgorithm); hash != "" && !roots.Rooted(c) { // nobody checks a root's own
		all = append(all, hash+" signature")
	}
	return strings.Join(all, ", ")
}

// remarks are what a reader should know and what is no fault: what an
// optional step came to, and what nobody asked to be judged.
func remarks(f *facts.Session, l plan.Limits) []string {
	var notes []string
	for _, r := range f.Records {
		if r.Skipped != "" {
			notes = append(notes, "session not encrypted ("+first(r.Skipped)+")")
		}
	}
	notes = append(append(notes, dead(f)...), fallback(f)...)
	if f.Auth != nil && f.Auth.InClear {
		notes = append(notes, "login sent in clear")
	}
	if f.TLS != nil {
		notes = append(notes, tlsRemarks(f, l)...)
	}
	return append(notes, l.Notes...)
}

func tlsRemarks(f *facts.Session, l plan.Limits) []string {
	var notes []string
	leaf := f.TLS.Chain[0]
	if c := f.TLS.Client; c != nil && facts.Remaining(c, f.Start) < 14*day.Seconds() {
		notes = append(notes, "client "+lifetime(c, f.Start))
	}
	if dateTold(l) && len(dated(f, facts.Record{Step: plan.Step{Phase: plan.Shake}}, l)) == 0 {
		notes = append(notes, lifetime(leaf, f.Start))
		if c := outdated(f); c != nil {
			notes = append(notes, called(c)+within(f)+" "+facts.Outdated(c, f.Start))
		}
	}
	if c := f.TLS.Root; c != nil && near(c, f.Start, l.Cert) {
		notes = append(notes, "root "+lifetime(c, f.Start))
	}
	if f.TLS.Untrusted != nil && l.State(plan.CondCertUntrusted) == plan.OK {
		notes = append(notes, untrusted(f))
	}
	// A poller that is given addresses would say so of every server.
	a, err := netip.ParseAddr(f.Host)
	byAddress := err == nil && f.TLS.Name == a.WithZone("").String()
	if f.TLS.Misnamed != nil && l.State(plan.CondCertName) == plan.OK && !byAddress {
		notes = append(notes, namesake(f))
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

func lifetime(c *x509.Certificate, now time.Time) string {
	if why := facts.Outdated(c, now); why != "" {
		return called(c) + " " + why
	}
	return called(c) + " expires " + soon(c, now)
}
