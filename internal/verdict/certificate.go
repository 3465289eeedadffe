package verdict

import (
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
)

const day = 24 * time.Hour

// shaken says whether a step is the handshake that TLS came of.
func shaken(f *facts.Session, r *facts.Record) bool {
	return f.TLS != nil && r.Step.Phase == plan.Shake
}

// dated minds the dates of the server's certificate: outside of its lifetime, or too
// near the end of it.
func dated(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if !shaken(f, r) || l.Cert.IgnoreExpiry {
		return nil
	}
	leaf := f.TLS.Chain[0]
	if facts.Outdated(leaf, f.Start) != "" {
		return about(leaf, plan.CondCertExpired, expired, r, l)
	}
	return expires(f, leaf, r, l)
}

// chained minds the dates of those that it is proven by, or would be.
func chained(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if !shaken(f, r) || l.Cert.IgnoreExpiry {
		return nil
	}
	if c := outdated(f); c != nil {
		return about(c, plan.CondCertExpired, expired, r, l)
	}
	if weakest := f.TLS.Ends(); weakest != f.TLS.Chain[0] {
		return expires(f, weakest, r, l)
	}
	return nil
}

// misdated says whether either does.
func misdated(f *facts.Session, l *plan.Limits) bool {
	shake := &facts.Record{Step: plan.Step{Phase: plan.Shake}}
	return dated(f, shake, l) != nil || chained(f, shake, l) != nil
}

// about is found for one certificate.
func about(c *x509.Certificate, cond plan.Condition, kind what, r *facts.Record, l *plan.Limits) *Finding {
	w := found(cond, kind, r, l)
	w.Cert = c
	return w
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

// expires applies the limits of -D to one certificate. Critical is judged first.
func expires(f *facts.Session, c *x509.Certificate, r *facts.Record, l *plan.Limits) *Finding {
	state, limit := plan.Critical, l.Cert.Critical
	if !reached(c, f.Start, limit) {
		state, limit = plan.Warning, l.Cert.Warning
	}
	if !reached(c, f.Start, limit) {
		return nil
	}
	w := about(c, plan.CondCertExpiring, expiring, r, l)
	w.Limit = limit.String()
	if _, changed := l.States[w.Condition]; !changed {
		w.State = state
	}
	return w
}

func reached(c *x509.Certificate, now time.Time, limit *plan.Expiry) bool {
	return limit != nil && limit.Reached(facts.MetricOf(limit.Of).OfCert(c, now))
}

// distrusted minds a chain that does not prove the server, which changes the
// state only where --verify or --state says so.
func distrusted(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if !shaken(f, r) || f.TLS.Untrusted == nil {
		return nil
	}
	return excused(f, about(f.TLS.Chain[0], plan.CondCertUntrusted, unproven, r, l))
}

// excused makes UNKNOWN of what would be CRITICAL if the server were to blame, and is
// not: this machine cannot read whom it trusts.
func excused(f *facts.Session, w *Finding) *Finding {
	if f.TLS != nil && f.TLS.Unread() && w.State == plan.Critical {
		w.State = plan.Unknown
	}
	return w
}

// misnamed minds the name, likewise.
func misnamed(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if !shaken(f, r) || f.TLS.Misnamed == nil {
		return nil
	}
	return about(f.TLS.Chain[0], plan.CondCertName, otherName, r, l)
}

// unpinned minds the key.
func unpinned(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if !shaken(f, r) || !f.TLS.Unpinned {
		return nil
	}
	return about(f.TLS.Chain[0], plan.CondCertPin, otherKey, r, l)
}

// feeble minds keys and signatures that no longer protect, which changes the
// state only where --state says so.
func feeble(f *facts.Session, r *facts.Record, l *plan.Limits) *Finding {
	if !shaken(f, r) || len(feebleOnes(f)) == 0 {
		return nil
	}
	return found(plan.CondCertWeak, weak, r, l)
}

// feebleOnes are the first of those certificates on the path, and of its root.
func feebleOnes(f *facts.Session) []*x509.Certificate {
	all := slices.Clone(path(f))
	if f.TLS.Root != nil {
		all = append(all, f.TLS.Root)
	}
	all = slices.DeleteFunc(all, func(c *x509.Certificate) bool { return !shortKey(c) && outdone(c) == "" })
	return all[:min(3, len(all))]
}

// shortKey says whether a key is shorter than what protects as well as 112 bits of
// a cipher (NIST SP 800-57 part 1 table 2). The least curve that can be read here
// does.
func shortKey(c *x509.Certificate) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() < 2048
}

// outdone names the hash of a signature that no longer protects; "": it does, or
// is a root's own, which nobody checks.
func outdone(c *x509.Certificate) string {
	if roots.Rooted(c) {
		return ""
	}
	return roots.Outdone(c.SignatureAlgorithm)
}
