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

// shaken says whether a step is the handshake that TLS came of.
func shaken(f *session.Facts, r session.Record) bool {
	return f.TLS != nil && r.Step.Phase == plan.Shake
}

// dated minds the dates of the server's certificate: outside of its lifetime,
// or too near the end of it.
func dated(f *session.Facts, r session.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || l.Cert.IgnoreExpiry {
		return nil
	}
	leaf := f.TLS.Chain[0]
	switch {
	case f.Start.Before(leaf.NotBefore):
		return found(plan.CertExpired, r, l, called(leaf)+" is not valid before "+session.Date(leaf.NotBefore))
	case f.Start.After(leaf.NotAfter):
		return found(plan.CertExpired, r, l, called(leaf)+" expired on "+session.Date(leaf.NotAfter))
	}
	all := expiring(leaf, "", f.Start, l.Cert)
	if weak := f.TLS.Weakest; weak != nil && !weak.Equal(leaf) {
		all = append(all, expiring(weak, " in the chain of '"+session.Title(leaf)+"'", f.Start, l.Cert)...)
	}
	return all
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
			return []Finding{{State: limit.state, Phase: plan.Shake, Text: text}}
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

// distrusted minds a chain that does not prove the server, which changes the
// state only where --verify or --state says so.
func distrusted(f *session.Facts, r session.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || f.TLS.Untrusted == nil {
		return nil
	}
	return found(plan.CertUntrusted, r, l, untrusted(f))
}

// misnamed minds the name, likewise.
func misnamed(f *session.Facts, r session.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || f.TLS.Misnamed == nil {
		return nil
	}
	return found(plan.CertName, r, l, namesake(f))
}

func untrusted(f *session.Facts) string {
	return called(f.TLS.Chain[0]) + " is not trusted: " + f.TLS.Untrusted.Error()
}

func namesake(f *session.Facts) string {
	return called(f.TLS.Chain[0]) + " is " + f.TLS.Misnamed.Error()
}

// unpinned minds the key.
func unpinned(f *session.Facts, r session.Record, l plan.Limits) []Finding {
	if !shaken(f, r) || !f.TLS.Unpinned {
		return nil
	}
	return found(plan.CertPin, r, l, "the key of "+called(f.TLS.Chain[0])+" is none of those pinned")
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
	notes = append(append(notes, dead(f)...), fallback(f)...)
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
	if dateTold(l) && len(dated(f, session.Record{Step: plan.Step{Phase: plan.Shake}}, l)) == 0 {
		notes = append(notes, lifetime(leaf, f.Start))
	}
	if f.TLS.Untrusted != nil && l.State(plan.CertUntrusted) == plan.OK {
		notes = append(notes, untrusted(f))
	}
	// A poller that is given addresses would say so of every server.
	_, err := netip.ParseAddr(f.Host)
	if f.TLS.Misnamed != nil && l.State(plan.CertName) == plan.OK && err != nil {
		notes = append(notes, namesake(f))
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
