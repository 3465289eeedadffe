package smtp

import (
	"slices"
	"strings"
)

// Capabilities are the keywords of one EHLO or LHLO reply (RFC 5321 section
// 4.1.1.1), upper-cased, each with its parameters as sent. They hold for the
// greeting that announced them and for no other.
type Capabilities map[string][]string

// ParseCapabilities reads them off a reply. The first line is the server's
// name, never a keyword. A keyword that stands twice has the parameters of
// both lines.
func ParseCapabilities(r Reply) Capabilities {
	caps := Capabilities{}
	for i, line := range r.Lines {
		fields := strings.Fields(words(line))
		if i == 0 || len(fields) == 0 {
			continue
		}
		keyword := strings.ToUpper(fields[0])
		caps[keyword] = append(caps[keyword], fields[1:]...)
	}
	return caps
}

// Has says whether a keyword, given in upper case, was announced.
func (c Capabilities) Has(keyword string) bool {
	_, ok := c[keyword]
	return ok
}

// Keywords lists the keywords in alphabetical order.
func (c Capabilities) Keywords() []string {
	keywords := make([]string, 0, len(c))
	for k := range c {
		keywords = append(keywords, k)
	}
	slices.Sort(keywords)
	return keywords
}

// Map is the capabilities with another text in place of each keyword and its
// parameters; nil stays nil.
func (c Capabilities) Map(text func(string) string) Capabilities {
	if c == nil {
		return nil
	}
	other := make(Capabilities, len(c))
	for keyword, parameters := range c {
		fields := strings.Fields(text(strings.Join(append([]string{keyword}, parameters...), " ")))
		other[fields[0]] = append(other[fields[0]], fields[1:]...)
	}
	return other
}
