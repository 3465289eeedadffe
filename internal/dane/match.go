package dane

import (
	"bytes"
	"crypto/sha256"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// maxSent is how many certificates of a server are looked at: more than any has
// a reason to send.
const maxSent = 100

// Meet has a handshake count for what was found: chain is what the server sent,
// its own certificate first, in DER, and nil where there was no handshake. With
// several handshakes the worst one is the result.
func Meet(d *facts.DANE, chain [][]byte, now time.Time) {
	if len(d.Records) == 0 {
		return
	}
	key := Match(chain, d.Records, d.Names, now)
	d.Keys = append(d.Keys, key)
	if len(d.Keys) == 1 || rank(key.Result) > rank(d.Result) {
		d.Result = key.Result
	}
}

// rank orders results, the worst last.
func rank(r facts.DANEResult) int {
	switch r {
	case facts.DANEVerified:
		return 0
	case facts.DANEUnusable:
		return 1
	case facts.DANEWithoutTLS:
		return 2
	}
	return 3
}

// Match says whether a server that sent these certificates, its own first, in
// DER, is the one of the records. The names are those of which one must be in
// the certificate below a trust anchor.
func Match(chain [][]byte, records []plan.TLSA, names []string, now time.Time) facts.DANEKey {
	key := facts.DANEKey{Records: weigh(records)}
	switch {
	case len(records) == 0:
		key.Result = facts.DANEMissing
		return key
	case len(chain) == 0:
		key.Result = facts.DANEWithoutTLS
		return key
	}
	p := &presented{chain: chain[:min(maxSent, len(chain))], names: names, now: now}
	if spki := keyOf(chain[0]); spki != nil {
		sum := sha256.Sum256(spki)
		key.Own = plan.TLSA{Usage: daneEE, Selector: onlyKey, Matching: sha2x256, Data: sum[:]}
	}
	for i := range key.Records {
		if r := &key.Records[i]; r.Fault == facts.TLSAUsable {
			p.judge(r)
		}
	}
	key.Result = result(key.Records)
	p.remark(&key)
	return key
}

// result is what a handshake comes to by its records.
func result(all []facts.TLSAMatch) facts.DANEResult {
	worst := facts.DANEUnusable
	for _, r := range all {
		if r.Considered && r.Matches {
			return facts.DANEVerified
		}
		if r.Considered {
			worst = facts.DANEMismatch
		}
	}
	return worst
}

// judge says whether a record is met.
func (p *presented) judge(r *facts.TLSAMatch) {
	if r.Usage == daneTA {
		p.judgeAnchor(r)
		return
	}
	// Nothing else of the certificate counts: no name, no date, no issuer (RFC
	// 7672 section 3.1.1). So nothing else is read.
	if fits(r.TLSA, p.chain[0]) {
		r.Matches, r.Depth = true, 0
	} else {
		r.Depth = p.depth(r.TLSA)
	}
}

// depth is the place of the first certificate above the server's own, and other
// than that, that a record is of; -1: there is none.
func (p *presented) depth(r plan.TLSA) int {
	for i, der := range p.chain[1:] {
		if fits(r, der) && !bytes.Equal(der, p.chain[0]) {
			return i + 1
		}
	}
	return -1
}
