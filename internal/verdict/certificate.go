package verdict

import (
	"crypto/x509"
	"math"
	"net/netip"
	"strconv"
	"time"

	"check_smtp/internal/plan"
	"check_smtp/internal/session"
)

const day = 24 * time.Hour

// dated minds the dates of the server's certificate: outside of its lifetime,
// or too near the end of it.
func dated(f *session.Facts, l plan.Limits) []Finding {
	if f.TLS == nil || l.Cert.IgnoreExpiry {
		return nil
	}
	leaf := f.TLS.Chain[0]
	switch {
	case f.Start.Before(leaf.NotBefore):
		return found(plan.CertExpired, l, called(leaf)+" is not valid before "+session.Date(leaf.NotBefore))
	case f.Start.After(leaf.NotAfter):
		return found(plan.CertExpired, l, called(leaf)+" expired on "+session.Date(leaf.NotAfter))
	}
	all := expiring(leaf, "", f.Start, l.Cert)
	if weak := f.TLS.Weakest; weak != nil && !weak.Equal(leaf) {
		all = append(all, expiring(weak, " in the chain of '"+session.Title(leaf)+"'", f.Start, l.Cert)...)
	}
	return all
}

func found(c plan.Condition, l plan.Limits, text string) []Finding {
	return []Finding{{c, l.State(c), plan.Shake, text}}
}

func called(c *x509.Certificate) string { return "certificate '" + session.Title(c) + "'" }

// expiring applies the limits of -D to one certificate. Critical is judged
// first.
func expiring(c *x509.Certificate, where string, now time.Time, l plan.Certificate) []Finding {
	for _, limit := range []struct {
		state plan.State
		at    *plan.Expiry
	}{{plan.Critical, l.Critical}, {plan.Warning, l.Warning}} {
		if limit.at != nil && left(c, now, limit.at.Unit) <= limit.at.Amount {
			text := called(c) + where + " expires " + soon(c, now) + ", limit " + limit.at.String()
			return []Finding{{"", limit.state, plan.Shake, text}}
		}
	}
	return nil
}

// left is what remains of a lifetime; days are whole ones, as in the C plugin.
func left(c *x509.Certificate, now time.Time, unit plan.ExpiryUnit) float64 {
	remaining := c.NotAfter.Sub(now)
	switch unit {
	case plan.Hours:
		return remaining.Hours()
	case plan.Percent:
		return 100 * float64(remaining) / math.Max(1, float64(c.NotAfter.Sub(c.NotBefore)))
	}
	return math.Floor(float64(remaining) / float64(day))
}

// soon says when a certificate expires.
func soon(c *x509.Certificate, now time.Time) string {
	remaining := c.NotAfter.Sub(now)
	in := strconv.Itoa(int(remaining/day)) + " days"
	if remaining < 2*day {
		in = strconv.Itoa(int(remaining/time.Hour)) + " hours"
	}
	return "in " + in + " (" + session.Date(c.NotAfter) + ")"
}

// proven minds trust and name, which change the state only where --verify or
// --state says so.
func proven(f *session.Facts, l plan.Limits) []Finding {
	if f.TLS == nil {
		return nil
	}
	var all []Finding
	if f.TLS.Untrusted != nil {
		all = append(all, found(plan.CertUntrusted, l, untrusted(f))...)
	}
	if f.TLS.Misnamed != nil {
		all = append(all, found(plan.CertName, l, misnamed(f))...)
	}
	return all
}

func untrusted(f *session.Facts) string {
	return called(f.TLS.Chain[0]) + " is not trusted: " + f.TLS.Untrusted.Error()
}

func misnamed(f *session.Facts) string {
	return called(f.TLS.Chain[0]) + " is " + f.TLS.Misnamed.Error()
}

// pinned minds the key.
func pinned(f *session.Facts, l plan.Limits) []Finding {
	if f.TLS == nil || !f.TLS.Unpinned {
		return nil
	}
	return found(plan.CertPin, l, "the key of "+called(f.TLS.Chain[0])+" is none of those pinned")
}

// certDays is the metric of the server's own certificate.
func certDays(f *session.Facts) (float64, bool) {
	if f.TLS == nil {
		return 0, false
	}
	// Not by Sub, which ends at 292 years: some certificates last to 9999.
	return float64(f.TLS.Chain[0].NotAfter.Unix()-f.Start.Unix()) / day.Seconds(), true
}

// remarks are what a reader should know and what is no fault: what an
// optional step came to, and what nobody asked to be judged.
func remarks(f *session.Facts, l plan.Limits) []string {
	var notes []string
	for _, r := range f.Records {
		if r.Skipped != "" {
			notes = append(notes, "session not encrypted ("+first(r.Skipped)+")")
		}
	}
	if f.Auth != nil && f.Auth.InClear {
		notes = append(notes, "login sent in clear")
	}
	if f.TLS != nil {
		notes = append(notes, tlsRemarks(f, l)...)
	}
	return append(notes, l.Notes...)
}

func tlsRemarks(f *session.Facts, l plan.Limits) []string {
	var notes []string
	leaf := f.TLS.Chain[0]
	if c := f.TLS.Client; c != nil && c.NotAfter.Sub(f.Start) < 14*day {
		notes = append(notes, "client "+lifetime(c, f.Start))
	}
	asked := l.Cert.Warning != nil || l.Cert.Critical != nil || l.Cert.IgnoreExpiry
	if asked && len(dated(f, l)) == 0 {
		notes = append(notes, lifetime(leaf, f.Start))
	}
	if f.TLS.Untrusted != nil && l.State(plan.CertUntrusted) == plan.OK {
		notes = append(notes, untrusted(f))
	}
	// A poller that is given addresses would say so of every server.
	_, err := netip.ParseAddr(f.Host)
	if f.TLS.Misnamed != nil && l.State(plan.CertName) == plan.OK && err != nil {
		notes = append(notes, misnamed(f))
	}
	return notes
}

func lifetime(c *x509.Certificate, now time.Time) string {
	switch {
	case now.After(c.NotAfter):
		return called(c) + " expired on " + session.Date(c.NotAfter)
	case now.Before(c.NotBefore):
		return called(c) + " is not valid before " + session.Date(c.NotBefore)
	}
	return called(c) + " expires " + soon(c, now)
}

// stopped minds what we ourselves would not go on with.
func stopped(f *session.Facts, l plan.Limits) []Finding {
	var all []Finding
	for _, r := range f.Records {
		if r.Problem == nil {
			continue
		}
		c, text := plan.AuthRefused, doing(f, r)+": "+first(r.Problem.Text)
		switch {
		case r.Problem.Kind == session.Leaving && r.Step.Phase == plan.Quit:
			continue // it is done with us, as we are with it
		case r.Problem.Kind == session.Leaving:
			c, text = plan.TempFail, doing(f, r)+" not sent: "+first(r.Problem.Text)
		case r.Problem.Kind == session.Unfit:
			c, text = plan.Refused, doing(f, r)+" not sent: "+first(r.Problem.Text)
		case r.Step.Phase == plan.STARTTLS:
			c, text = plan.TLSMissing, "TLS not supported by server: "+first(r.Problem.Text)
		case r.Problem.Kind == session.NotOffered:
			c = plan.AuthMissing
		}
		all = append(all, Finding{c, l.State(c), r.Step.Phase, text})
	}
	return all
}
