package render

import (
	"crypto/tls"
	"net"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
)

// texts are lines in the making.
type texts []string

func (t *texts) add(more ...string) { *t = append(*t, more...) }

// particulars are the facts that no other line tells.
func particulars(f *facts.Session) []string {
	lines := texts(dead(f))
	if f.Address.IsValid() {
		lines.add("address: " + net.JoinHostPort(f.Address.String(), strconv.Itoa(f.Port)))
	}
	if f.Verb != "" {
		lines.add("greeting: " + f.Verb)
	}
	if len(f.Caps) > 0 {
		var words []string
		for _, k := range f.Caps.Keywords() {
			words = append(words, strings.Join(append([]string{k}, f.Caps[k]...), " "))
		}
		lines.add("capabilities: " + strings.Join(words, ", "))
	}
	if f.TLS != nil {
		lines.add(certificates(f.TLS)...)
	}
	if f.Auth != nil {
		lines.add("login: " + string(f.Auth.Mechanism))
	}
	return lines
}

// dead are the addresses that did not answer.
func dead(f *facts.Session) []string {
	var lines texts
	for _, t := range f.Tries {
		if why := t.Reason(); why != "" {
			lines.add("dead: " + net.JoinHostPort(t.Addr.String(), strconv.Itoa(f.Port)) + " " + why + " after " + brief(t.Took))
		}
	}
	if f.Untold > 0 {
		lines.add("dead: " + strconv.Itoa(f.Untold) + " more")
	}
	return lines
}

// certificates are the particulars of TLS.
func certificates(t *facts.TLS) []string {
	lines := texts{"tls: " + tls.VersionName(t.Version) + " " + tls.CipherSuiteName(t.Suite)}
	for i, c := range t.Chain {
		lines.add("certificate " + strconv.Itoa(i) + ": " + c.Subject.String() + ", issued by " + c.Issuer.String() +
			", valid " + facts.Date(c.NotBefore) + " to " + facts.Date(c.NotAfter))
	}
	if more := t.Sent - len(t.Chain); more > 0 {
		lines.add("certificates after these: " + strconv.Itoa(more))
	}
	leaf := t.Chain[0]
	lines.add("names: "+strings.Join(facts.Names(leaf), ", "), "pin: "+pin(leaf))
	if why := doubt(t); why != "" {
		return append(lines, "not proven: "+why)
	}
	return append(lines, "proven")
}

// dialogue is what was said, each line with its time since the start.
func dialogue(f *facts.Session) []string {
	var lines []string
	for _, l := range f.Dialogue {
		lines = append(lines, spokenAt(l)+clip(l.Text, maxWords))
	}
	return lines
}

// spokenAt is when a line was said, since the start, and by whom.
func spokenAt(l facts.Line) string {
	who := "S"
	if l.Client {
		who = "C"
	}
	return "+" + secondsOf(l.At) + " " + who + ": "
}
