package render

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"net"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/session"
)

// maxWords is how many bytes of a server's words a line shows.
const maxWords = 200

// barWidth is the width of the drawing in characters.
const barWidth = 40

// waterfall draws one line for each step: its phase, its time, a bar that
// stands where the step stands in the run, and what the server said.
func waterfall(f session.Facts) []string {
	var lines []string
	var begin time.Duration
	for _, r := range f.Records {
		line := pad(string(r.Step.Phase), 9) + " " + secondsOf(r.Took) + "s " + bar(begin, r.Took, f.Total)
		if words := outcome(r); words != "" {
			line += " " + clip(words, maxWords)
		}
		lines = append(lines, line)
		begin += r.Took
	}
	return lines
}

func outcome(r session.Record) string {
	switch {
	case r.Failure != nil:
		return r.Failure.Reason()
	case r.Problem != nil:
		return r.Problem.Text
	case r.Skipped != "":
		return r.Skipped
	case r.Reply.Code != 0:
		return r.Reply.String()
	}
	return ""
}

// bar draws [begin, begin+took) of total. What took any time shows at least
// one mark.
func bar(begin, took, total time.Duration) string {
	if total <= 0 {
		return strings.Repeat(".", barWidth)
	}
	from := min(int(begin*barWidth/total), barWidth-1)
	to := min(max(int((begin+took)*barWidth/total), from+1), barWidth)
	return strings.Repeat(".", from) + strings.Repeat("#", to-from) + strings.Repeat(".", barWidth-to)
}

// particulars are the facts that no other line tells.
func particulars(f session.Facts) []string {
	var lines []string
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

// certificates are the particulars of TLS.
func certificates(t *session.TLS) []string {
	lines := []string{"tls: " + tls.VersionName(t.Version) + " " + tls.CipherSuiteName(t.Suite)}
	for i, c := range t.Chain {
		lines = append(lines, "certificate "+strconv.Itoa(i)+": "+c.Subject.String()+", issued by "+c.Issuer.String()+
			", valid "+session.Date(c.NotBefore)+" to "+session.Date(c.NotAfter))
	}
	leaf := t.Chain[0]
	key := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	lines = append(lines,
		"names: "+strings.Join(session.Names(leaf), ", "),
		"pin: sha256//"+base64.StdEncoding.EncodeToString(key[:]))
	if why := t.Unproven(); why != "" {
		return append(lines, "not proven: "+why)
	}
	return append(lines, "proven")
}

// dialogue is what was said, each line with its time since the start.
func dialogue(f session.Facts) []string {
	var lines []string
	for _, l := range f.Dialogue {
		who := "S: "
		if l.Client {
			who = "C: "
		}
		lines = append(lines, "+"+secondsOf(l.At)+" "+who+clip(l.Text, maxWords))
	}
	return lines
}

func secondsOf(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-len(s))) }
