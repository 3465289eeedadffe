package verdict

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// name is how texts name a target.
func name(f *facts.Session) string {
	text := hostPort(f)
	at := f.Address
	if !at.IsValid() && len(f.Addrs) > 0 {
		at = f.Addrs[0]
	}
	if literal, err := netip.ParseAddr(f.Host); at.IsValid() && (err != nil || literal != at) {
		text += " [" + at.String() + "]"
	}
	return text
}

// hostPort is a host, with its port if that is not the usual one.
func hostPort(f *facts.Session) string {
	if f.Port == 25 || f.Port == 0 {
		return f.Host
	}
	return net.JoinHostPort(f.Host, strconv.Itoa(f.Port))
}

// maxLabels is up to how many targets have a number each that nobody has asked for.
const maxLabels = 20

// label gives each target a name, and one among the metrics. By its host and not by
// its place, since one more exchanger would move all graphs behind it; and by what is
// asked for and not by what is there today, since a second address would, too.
func (e *Fleet) label(rule plan.Addresses) {
	names, labels := Names{}, Names{}
	// Addresses come and go, and each would leave a graph behind.
	e.quiet = len(e.Targets) > maxLabels || rule == plan.EachAddress
	for i := range e.Targets {
		t := &e.Targets[i]
		word, mark := which(t.Session, rule)
		t.Name = names.Free(strings.TrimSpace(hostPort(t.Session)+" "+word), " ")
		free := slug(t.Session.Host, mark)
		for n := 2; labels[free]; n++ {
			free = slug(t.Session.Host, mark+"_"+strconv.Itoa(n))
		}
		labels[free] = true
		t.Label = plan.TargetTime + plan.Label(free)
	}
}

// Names are those that are taken, or kept for something: what an operator renames may
// come to be called like it.
type Names map[string]bool

// Free is a name that nothing else has, and takes it: where it is taken, with a number
// behind a separator.
func (n Names) Free(name, separator string) string {
	found := name
	for i := 2; n[found]; i++ {
		found = name + separator + strconv.Itoa(i)
	}
	n[found] = true
	return found
}

// which tells the targets of one host apart, in words and in a label.
func which(f *facts.Session, rule plan.Addresses) (word, mark string) {
	if len(f.Addrs) != 1 {
		return "", ""
	}
	at := f.Addrs[0]
	switch literal, err := netip.ParseAddr(f.Host); {
	case err == nil && literal == at:
		return "", ""
	case rule == plan.EachAddress:
		return at.String(), "_" + at.String()
	case rule == plan.FamilyAddress && at.Is4():
		return "IPv4", "_4"
	case rule == plan.FamilyAddress:
		return "IPv6", "_6"
	}
	return "", ""
}

// slug is a text of which only letters, digits and underscores are left, and a mark
// at its end that is never cut.
func slug(text, mark string) string {
	plain := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}
	text, mark = strings.Map(plain, strings.ToLower(text)), strings.Map(plain, strings.ToLower(mark))
	mark = mark[:min(len(mark), plan.MaxSlug)]
	return text[:min(len(text), plan.MaxSlug-len(mark))] + mark
}
