package mtasts

import "check_smtp/internal/facts"

const version = "v=STSv1"

// Record reads the TXT records at RecordName, each with its strings joined (RFC
// 8461 section 3.1).
func Record(texts []string) facts.STSRecord {
	var r facts.STSRecord
	r.Texts, r.Near = begins(texts, version)
	switch {
	case len(r.Texts) > 1:
		r.Flaw = &facts.STSFlaw{Kind: facts.STSSeveral}
	case len(r.Texts) == 1:
		r.ID, r.Flaw = identify(r.Texts[0][len(version)+1:])
	case spaced(r.Near, version):
		// The grammar has blanks before a semicolon, and the text throws away what
		// does not begin with "v=STSv1;" (erratum 6285 of RFC 8461). Senders do the
		// one or the other.
		r.Lints = []facts.STSFlaw{{Kind: facts.STSSpaced, Text: r.Near}}
	}
	return r
}

// identify finds the id in what follows the version. Of several the first counts,
// as in a policy.
func identify(text string) (string, *facts.STSFlaw) {
	fields, bad, ok := split(text)
	id, found := "", false
	for _, f := range fields {
		switch {
		case f.name != "id":
			if !isValue(f.value) {
				return "", &facts.STSFlaw{Kind: facts.STSBadField, Text: cut(f.text)}
			}
		case found:
		case f.value == "" || len(f.value) > 32 || !all(f.value, isAlnum):
			return "", &facts.STSFlaw{Kind: facts.STSBadID, Text: cut(f.value)}
		default:
			id, found = f.value, true
		}
	}
	switch {
	case !ok:
		return "", &facts.STSFlaw{Kind: facts.STSBadField, Text: cut(bad)}
	case !found:
		return "", &facts.STSFlaw{Kind: facts.STSNoID}
	}
	return id, nil
}
