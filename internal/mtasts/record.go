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
	ids, bad, ok := values(text, "id")
	switch {
	case ids != nil && (ids[0] == "" || len(ids[0]) > 32 || !all(ids[0], isAlnum)):
		return "", &facts.STSFlaw{Kind: facts.STSBadID, Text: cut(ids[0])}
	case !ok:
		return "", &facts.STSFlaw{Kind: facts.STSBadField, Text: bad}
	case ids == nil:
		return "", &facts.STSFlaw{Kind: facts.STSNoID}
	}
	return ids[0], nil
}
