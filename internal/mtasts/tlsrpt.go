package mtasts

import (
	"net/url"
	"strings"

	"check_smtp/internal/facts"
)

const reportVersion = "v=TLSRPTv1"

// Reports reads the TXT records at ReportName, each with its strings joined (RFC
// 8460 section 3).
func Reports(texts []string) facts.TLSRPT {
	var r facts.TLSRPT
	r.Texts, r.Near = begins(texts, reportVersion)
	switch {
	case len(r.Texts) > 1:
		r.Flaw = &facts.TLSRPTFlaw{Kind: facts.TLSRPTSeveral}
	case len(r.Texts) == 1:
		r.Flaw = addresses(&r, r.Texts[0][len(reportVersion)+1:])
	}
	return r
}

// addresses sorts the URIs in what follows the version.
func addresses(r *facts.TLSRPT, text string) *facts.TLSRPTFlaw {
	lists, bad, ok := values(text, "rua")
	for _, list := range lists {
		for uri := range strings.SplitSeq(list, ",") {
			uri = strings.Trim(uri, blanks)
			if kind, usable := address(uri); usable {
				r.RUA = append(r.RUA, uri)
			} else {
				r.Bad = append(r.Bad, facts.RUAFlaw{Kind: kind, Text: cut(uri)})
			}
		}
	}
	switch {
	case !ok:
		return &facts.TLSRPTFlaw{Kind: facts.TLSRPTBadField, Text: bad}
	case r.RUA != nil:
		return nil
	case r.Bad != nil:
		return &facts.TLSRPTFlaw{Kind: facts.TLSRPTBadRUA, Text: r.Bad[0].Text}
	}
	return &facts.TLSRPTFlaw{Kind: facts.TLSRPTNoRUA}
}

// address says whether reports can be sent to a URI, or why not.
func address(uri string) (kind facts.RUAFlawKind, usable bool) {
	u, err := url.Parse(uri)
	switch {
	case uri == "":
		return facts.RUAEmpty, false
	case strings.Contains(uri, "!"):
		return facts.RUAReserved, false
	case err != nil || u.Scheme == "" || !all(uri, func(c byte) bool { return c > ' ' && c < 0x7f }):
		return facts.RUANoURI, false
	case u.Scheme == "https":
		return facts.RUANoHost, u.Hostname() != ""
	case u.Scheme != "mailto":
		return facts.RUAScheme, false
	}
	return facts.RUANoAddress, isMailbox(u.Opaque)
}

// isMailbox says whether what stands behind "mailto:" (RFC 6068) is an address,
// or several.
func isMailbox(list string) bool {
	list, err := url.PathUnescape(list)
	if err != nil {
		return false
	}
	for mailbox := range strings.SplitSeq(list, ",") {
		at := strings.LastIndexByte(mailbox, '@')
		if at < 1 || !isDomain(mailbox[at+1:]) {
			return false
		}
	}
	return true
}
