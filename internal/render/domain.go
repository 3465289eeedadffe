package render

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/verdict"
)

// maxListed is how many records, patterns or names a list of details holds.
const maxListed = 10

// domainLines are what a domain publishes, for people: with -v what came of it,
// with -vv what it was.
func domainLines(r *verdict.Report, verbose int) []string {
	s := r.Survey
	if s == nil || verbose < 1 {
		return nil
	}
	var lines texts
	for i := range r.Sessions {
		if d := r.Sessions[i].DANE; d != nil {
			lines.add(daneLines(d, verbose)...)
		}
	}
	if s.STS != nil {
		lines.add(stsLines(s.STS, verbose)...)
	}
	if s.TLSRPT != nil {
		lines.add("tlsrpt: " + someOf(s.TLSRPT.RUA, "no address for reports"))
	}
	if verbose >= 2 {
		lines.add(queryLines(s.Queries)...)
	}
	return lines
}

// daneLines are those of one target.
func daneLines(d *facts.DANE, verbose int) []string {
	line := "dane " + d.Host + ": " + result(d)
	if n := len(d.Records); n > 0 {
		line += ", TLSA records: " + strconv.Itoa(n) + ", usable: " + strconv.Itoa(d.Usable()) + ", matched: " + strconv.Itoa(d.Matched())
	}
	if d.Base != "" && d.Base != d.Host {
		line += ", at " + d.Base
	}
	lines := texts{line}
	key := d.Worst()
	if verbose < 2 || len(d.Records) == 0 {
		return lines
	}
	for i, record := range d.Records[:min(maxListed, len(d.Records))] {
		line := "tlsa " + record.Short()
		if key != nil {
			line = "tlsa " + met(key.Records[i])
		}
		lines.add(line)
	}
	if more := len(d.Records) - maxListed; more > 0 {
		lines.add("tlsa records after these: " + strconv.Itoa(more))
	}
	if key != nil && len(key.Own.Data) > 0 {
		lines.add("tlsa of the certificate: " + key.Own.String())
	}
	lines.add("dane names: " + strings.Join(d.Names, ", "))
	lines.add("tlsa signatures: " + signatures(d))
	return lines
}

// signatures say how long those over the records hold, or why that is not known.
func signatures(d *facts.DANE) string {
	switch {
	case d.Given:
		return "none, as --tlsa gives the records"
	case d.Expires.IsZero():
		return "the resolver sends none, so that dane_rrsig_days is not known"
	}
	return "until " + facts.Date(d.Expires)
}

func result(d *facts.DANE) string {
	switch d.Result {
	case facts.DANESought:
		return "not reached"
	case facts.DANEMissing:
		return "none"
	case facts.DANEWithoutTLS:
		return "no TLS"
	case facts.DANEBogus:
		return "lookup failed"
	}
	return string(d.Result)
}

// met is a record and what came of it.
func met(m facts.TLSAMatch) string {
	switch {
	case m.Fault != facts.TLSAUsable:
		return m.Short() + ": does not count (" + verdict.Faulty(m) + ")"
	case !m.Considered:
		return m.Short() + ": does not count beside a stronger digest"
	case m.Matches:
		return m.Short() + ": matches certificate " + strconv.Itoa(m.Depth)
	}
	return m.Short() + ": does not match"
}

// stsLines are those of MTA-STS.
func stsLines(sts *facts.STS, verbose int) []string {
	p := sts.Policy
	if p == nil || p.Flaw != nil {
		return append([]string{"mta-sts: no policy"}, fetchLines(sts.Fetch, verbose)...)
	}
	line := "mta-sts: " + string(p.Mode) + ", max_age " + strconv.FormatInt(p.MaxAge, 10) + ", patterns: " + strconv.Itoa(len(p.MX))
	if sts.Record.ID != "" {
		line += ", id " + sts.Record.ID
	}
	lines := texts{line}
	for i, h := range sts.Hosts {
		if i == maxListed {
			lines.add("mta-sts exchangers after these: " + strconv.Itoa(len(sts.Hosts)-i))
			break
		}
		if h.CoveredBy == "" {
			lines.add("mta-sts " + h.Host + ": not covered")
		} else {
			lines.add("mta-sts " + h.Host + ": covered by " + h.CoveredBy)
		}
	}
	if verbose >= 2 {
		var all []string
		for _, mx := range p.MX {
			all = append(all, mx.Text)
		}
		lines.add("mta-sts mx: "+someOf(all, "none"), "mta-sts sha256: "+p.SHA256)
	}
	return append(lines, fetchLines(sts.Fetch, verbose)...)
}

// fetchLines tell where a policy came from.
func fetchLines(f *facts.STSFetch, verbose int) []string {
	if f == nil {
		return nil
	}
	line := "mta-sts host: " + f.Host
	if f.Address.IsValid() {
		line += " [" + f.Address.String() + "]"
	}
	if f.Status != 0 {
		line += ", answered " + strconv.Itoa(f.Status)
	}
	lines := []string{line + ", " + brief(f.Took)}
	if verbose >= 2 && f.TLS != nil {
		for _, c := range certificates(f.TLS) {
			if !strings.HasPrefix(c, "pin: ") { // which nobody can ask for
				lines = append(lines, "mta-sts host "+c)
			}
		}
	}
	return lines
}

// queryLines are the questions to the DNS, and what came of each.
func queryLines(all []facts.Query) []string {
	var lines []string
	for i, q := range all {
		if i == 10*maxListed {
			return append(lines, "dns questions after these: "+strconv.Itoa(len(all)-i))
		}
		line := "dns " + q.Type + " " + q.Name + ": " + string(q.Status)
		if q.Secure {
			line += ", signed"
		}
		if q.EDE != nil {
			line += ", error " + strconv.Itoa(q.EDE.Code) + " " + clip(q.EDE.Text, maxWords)
		}
		lines = append(lines, line+", "+brief(q.Took))
	}
	return lines
}

// someOf is a list of bounded length.
func someOf(all []string, none string) string {
	if len(all) == 0 {
		return none
	}
	if more := len(all) - maxListed; more > 0 {
		all = append(slices.Clone(all[:maxListed]), "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(all, ", ")
}
