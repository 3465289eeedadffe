package dane

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
)

// maxNames is how many names of a certificate are kept for a hint.
const maxNames = 20

// shortLived is a lifetime below which a whole certificate makes a bad record.
const shortLived = 120 * 24 * time.Hour

// remark writes down what may be wrong with records that are not met, and what
// is a bad idea about those that are.
func (p *presented) remark(key *facts.DANEKey) {
	p.parse()
	if p.leaf != nil {
		names := identities(p.leaf)
		key.Names = names[:min(maxNames, len(names))]
	}
	if key.Result == facts.DANEMismatch {
		for i, r := range key.Records {
			if kind, depth := p.hint(key.Records, r); kind != "" {
				key.Hints = append(key.Hints, facts.DANEHint{Kind: kind, Record: i, Depth: depth})
			}
		}
		key.Expired, key.Unfit, key.Lacks = p.expired, p.unfit, p.lacks
	}
	key.Lints = p.lints(key.Records)
	key.Rollover = rollover(key.Records)
}

// hint is the likeliest reason that a record is not met; "": none is known.
func (p *presented) hint(all []facts.TLSAMatch, r facts.TLSAMatch) (facts.DANEHintKind, int) {
	switch {
	case r.Fault != facts.TLSAUsable:
		return "", -1
	case outdone(all, r):
		return facts.HintWeaker, r.Depth
	case empty(r.TLSA):
		return facts.HintEmpty, -1
	case r.Anchor == facts.AnchorNames:
		return facts.HintNames, r.Depth
	case r.Anchor == facts.AnchorExpired:
		return facts.HintExpired, r.Depth
	case r.Anchor == facts.AnchorUnfit:
		return facts.HintUnfit, r.Depth
	case r.Usage == daneEE && r.Depth > 0:
		return facts.HintIssuer, r.Depth
	case r.Usage == daneTA && fits(r.TLSA, p.chain[0]):
		return facts.HintLeaf, 0
	}
	if depth := p.otherwise(r.TLSA); depth >= 0 {
		return facts.HintSelector, depth
	}
	if r.Usage == daneTA && r.Depth < 0 && r.Matching != full {
		return facts.HintNotSent, -1
	}
	if r.Anchor == facts.AnchorUnlinked {
		return facts.HintUnlinked, r.Depth
	}
	return "", -1
}

// outdone says whether a record is met and does not count, beside others with a
// stronger digest that are not.
func outdone(all []facts.TLSAMatch, r facts.TLSAMatch) bool {
	return r.Matches && !r.Considered && !slices.ContainsFunc(all, func(o facts.TLSAMatch) bool {
		return o.Matches && o.Considered && o.Usage == r.Usage && o.Selector == r.Selector
	})
}

// otherwise is the place of the certificate that a record would be of with the
// other selector; -1: there is none.
func (p *presented) otherwise(r plan.TLSA) int {
	r.Selector = onlyKey - r.Selector
	if r.Usage == daneEE && fits(r, p.chain[0]) {
		return 0
	}
	return p.depth(r)
}

// empty says whether a record is the digest of nothing, which is what a tool
// makes of a file that it cannot find.
func empty(r plan.TLSA) bool { return r.Matching != full && same(r, nil) }

// lints are the remarks that stand whether records are met or not.
func (p *presented) lints(records []facts.TLSAMatch) (all []facts.DANEHint) {
	usable := slices.ContainsFunc(records, func(r facts.TLSAMatch) bool { return r.Fault == facts.TLSAUsable })
	add := func(kind facts.DANEHintKind, record int) {
		all = append(all, facts.DANEHint{Kind: kind, Record: record, Depth: -1})
	}
	for i, r := range records {
		switch {
		case r.Fault == facts.TLSAPKIX && usable:
			add(facts.LintPKIX, i)
		case r.Fault == facts.TLSAUsable && empty(r.TLSA):
			add(facts.HintEmpty, i)
		case outdone(records, r):
			add(facts.HintWeaker, i)
		case r.Matches && p.stale(r):
			add(facts.LintAnchorDates, i)
		}
	}
	if i := p.renewal(records); i >= 0 {
		add(facts.LintRenewal, i)
	}
	if i := slices.IndexFunc(records, func(r facts.TLSAMatch) bool { return r.Fault == facts.TLSAUsable && r.Usage == daneTA }); i >= 0 && p.leaf != nil && len(p.leaf.DNSNames) == 0 {
		add(facts.LintNoNames, i)
	}
	return all
}

// stale says whether the anchor that a record is met by is outside of its dates.
func (p *presented) stale(r facts.TLSAMatch) bool {
	if r.Usage != daneTA {
		return false
	}
	path, met := p.climb(r.TLSA)
	return met && !roots.Current(path[len(path)-1], p.now)
}

// renewal is a record of a whole certificate that will not last, where nothing
// else is met; -1: there is none.
func (p *presented) renewal(records []facts.TLSAMatch) int {
	found := -1
	for i, r := range records {
		switch {
		case !r.Considered || !r.Matches:
		case r.Usage != daneEE || r.Selector != wholeCert:
			return -1
		case found < 0:
			found = i
		}
	}
	if found < 0 || p.leaf == nil || p.leaf.NotAfter.Sub(p.leaf.NotBefore) >= shortLived {
		return -1
	}
	return found
}

// rollover says whether a key can be changed without a moment at which no record
// is met: there is a record of the next one, or of an issuer.
func rollover(records []facts.TLSAMatch) bool {
	met, next, issuer := 0, 0, 0
	for _, r := range records {
		switch {
		case !r.Considered || empty(r.TLSA):
		case r.Usage == daneTA:
			issuer++
		case r.Matches:
			met++
		default:
			next++
		}
	}
	return met+next > 0 && issuer > 0 || met > 0 && next > 0 || next > 1
}

// algorithm is what x509 calls the kind of a key.
func algorithm(key any) x509.PublicKeyAlgorithm {
	switch key.(type) {
	case *rsa.PublicKey:
		return x509.RSA
	case *ecdsa.PublicKey:
		return x509.ECDSA
	case ed25519.PublicKey:
		return x509.Ed25519
	}
	return x509.UnknownPublicKeyAlgorithm
}
