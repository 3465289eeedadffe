package render

import (
	"crypto/tls"
	"net"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
)

// particulars are the facts that no other line tells.
func particulars(f *facts.Session) []string {
	lines := dead(f)
	if f.Address.IsValid() {
		lines = append(lines, "address: "+net.JoinHostPort(f.Address.String(), strconv.Itoa(f.Port)))
	}
	if f.Verb != "" {
		lines = append(lines, "greeting: "+f.Verb)
	}
	if len(f.Caps) > 0 {
		var words []string
		for _, k := range f.Caps.Keywords() {
			words = append(words, strings.Join(append([]string{k}, f.Caps[k]...), " "))
		}
		lines = append(lines, "capabilities: "+strings.Join(words, ", "))
	}
	if f.TLS != nil {
		lines = append(lines, certificates(f.TLS)...)
	}
	if f.Auth != nil {
		lines = append(lines, "login: "+string(f.Auth.Mechanism))
	}
	return lines
}

// dead are the addresses that did not answer.
func dead(f *facts.Session) []string {
	var lines []string
	for _, t := range f.Tries {
		if why := t.Reason(); why != "" {
			lines = append(lines, "dead: "+net.JoinHostPort(t.Addr.String(), strconv.Itoa(f.Port))+" "+why+" after "+brief(t.Took))
		}
	}
	if f.Untold > 0 {
		lines = append(lines, "dead: "+strconv.Itoa(f.Untold)+" more")
	}
	return lines
}

// certificates are the particulars of TLS.
func certificates(t *facts.TLS) []string {
	lines := []string{"tls: " + tls.VersionName(t.Version) + " " + tls.CipherSuiteName(t.Suite)}
	for i, c := range t.Chain {
		lines = append(lines, "certificate "+strconv.Itoa(i)+": "+c.Subject.String()+", issued by "+c.Issuer.String()+
			", valid "+facts.Date(c.NotBefore)+" to "+facts.Date(c.NotAfter))
	}
	if more := t.Sent - len(t.Chain); more > 0 {
		lines = append(lines, "certificates after these: "+strconv.Itoa(more))
	}
	leaf := t.Chain[0]
	lines = append(lines, "names: "+strings.Join(facts.Names(leaf), ", "), "pin: "+pin(leaf))
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
