package mtasts

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
)

// Cover finds for each exchanger, by the name in the domain's MX record and not
// by the one that this may be an alias of, the first pattern that matches it (RFC
// 8461 section 4.1).
func Cover(p facts.STSPolicy, hosts []string) []facts.STSHost {
	list := make([]facts.STSHost, 0, len(hosts))
	for _, host := range hosts {
		covered := facts.STSHost{Host: host}
		for _, mx := range p.MX {
			if matches(mx.Text, host) {
				covered.CoveredBy = mx.Text
				break
			}
		}
		list = append(list, covered)
	}
	return list
}

// Unused are the patterns that match none of the hosts, which have to be all that
// the domain has.
func Unused(p facts.STSPolicy, hosts []string) (unused []facts.STSFlaw) {
	for _, mx := range p.MX {
		if !slices.ContainsFunc(hosts, func(host string) bool { return matches(mx.Text, host) }) {
			unused = append(unused, facts.STSFlaw{Kind: facts.STSUnused, Line: mx.Line, Text: cut(mx.Text)})
		}
	}
	return unused
}

// matches says whether a pattern is a host's: its name, or with "*." any one label
// in front of a name.
func matches(pattern, host string) bool {
	host = strings.TrimSuffix(host, ".")
	if domain, wild := strings.CutPrefix(pattern, "*."); wild {
		label, rest, ok := strings.Cut(host, ".")
		return ok && label != "" && strings.EqualFold(rest, domain)
	}
	return strings.EqualFold(pattern, host)
}
