// Package dane decides what senders that go by DANE do with a server (RFC 7672,
// 7671 and 6698): which names may hold its TLSA records, which of the records
// count, and whether the certificates that it showed meet one. Where the
// standards leave a choice it does as Postfix.
//
// It asks no resolver by itself, knows no clock, writes no text, and does not
// say what any of it means for the state of a service.
package dane

import (
	"crypto/sha256"
	"crypto/sha512"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// The fields of a record (RFC 6698 section 7, RFC 7218).
const (
	pkixTA, pkixEE, daneTA, daneEE = 0, 1, 2, 3
	wholeCert, onlyKey             = 0, 1
	full, sha2x256, sha2x512       = 0, 1, 2
)

// Usable says why a record is of no use to senders; "": it is not.
func Usable(r plan.TLSA) facts.TLSAFault {
	switch {
	case r.Usage == pkixTA || r.Usage == pkixEE: // RFC 7672 section 3.1.3
		return facts.TLSAPKIX
	case r.Usage > daneEE:
		return facts.TLSAUnknownUsage
	case r.Selector > onlyKey:
		return facts.TLSAUnknownSelector
	case r.Matching > sha2x512:
		return facts.TLSAUnknownMatching
	case r.Matching == sha2x256 && len(r.Data) != sha256.Size, r.Matching == sha2x512 && len(r.Data) != sha512.Size:
		return facts.TLSALength
	case r.Matching == full && r.Selector == wholeCert && keyOf(r.Data) == nil:
		return facts.TLSANoCertificate
	case r.Matching == full && r.Selector == onlyKey && !isKey(r.Data):
		return facts.TLSANoKey
	}
	return facts.TLSAUsable
}

// weigh says of each record whether it is usable and whether it counts: of
// digests with the same usage and selector only the strongest do (RFC 7672
// section 5).
func weigh(records []plan.TLSA) []facts.TLSAMatch {
	all := make([]facts.TLSAMatch, len(records))
	var strongest [2][2]uint8 // by usage and selector
	for i, r := range records {
		all[i] = facts.TLSAMatch{TLSA: r, Fault: Usable(r), Depth: -1}
		if all[i].Fault == facts.TLSAUsable {
			best := &strongest[r.Usage-daneTA][r.Selector]
			*best = max(*best, r.Matching)
		}
	}
	for i := range all {
		r := &all[i]
		r.Considered = r.Fault == facts.TLSAUsable && (r.Matching == full || r.Matching == strongest[r.Usage-daneTA][r.Selector])
	}
	return all
}
