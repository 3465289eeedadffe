package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

// pictured is the server of the picture: it proves who it is, and takes its time at
// the banner, which asks the DNS for the client, and at the login.
const pictured scripted = `+140ms
S: 220 mx.test ESMTP
C~ EHLO
+12ms
S: 250-mx.test
S: 250-SIZE 10240000
S: 250 STARTTLS
C: STARTTLS
+6ms
S: 220 2.0.0 ready to start TLS
TLS good
C~ EHLO
+12ms
S: 250-mx.test
S: 250-SIZE 10240000
S: 250 AUTH PLAIN LOGIN
C~ AUTH PLAIN
+90ms
S: 235 2.7.0 Authentication successful
C: MAIL FROM:<monitor@example.org>
+14ms
S: 250 2.1.0 Ok
C: RCPT TO:<postmaster@example.org>
+35ms
S: 250 2.1.5 Ok
C: RCPT TO:<archive@example.org>
+48ms
S: 550 5.1.1 no such user
C: RSET
S: 250 2.0.0 Ok
C: QUIT
S: 221 2.0.0 Bye`

// picture is a waterfall of a real run as SVG. Only the port is made up, which is
// another one each time.
func picture(ctx context.Context, program string) (string, error) {
	port, gone, err := pictured.open()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "picture")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	roots := filepath.Join(dir, "ca.pem")
	text, _ := pki().File("ca.pem")
	if err := os.WriteFile(roots, text, 0o600); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, program, "-H", "localhost", "-4", "-p", port, "-S", "--verify", "--ca-file", roots, "--tls-server-name", "mx.test",
		"-F", "monitor.example.org", "-U", "monitor", "--authpass-env", password, "-f", "monitor@example.org", "--to", "postmaster@example.org,archive@example.org", "--quit-after", "rcptto",
		"-t", "60", "--output-format", "waterfall")
	cmd.Env = append(os.Environ(), password+"=correct horse battery", "COLUMNS=104")
	out, err := cmd.Output()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return "", err
	}
	if err := gone(); err != nil {
		return "", fmt.Errorf("%w; the program said\n%s", err, out)
	}
	return drawn(strings.NewReplacer(" port "+port, " port 587", "127.0.0.1:"+port, "127.0.0.1:587").Replace(string(out))), nil
}

// How large a picture of text is, in pixels.
const (
	glyph, line = 8.0, 20.0
	margin      = 16.0
)

// Colours of a terminal.
const (
	paper, ink, faint   = "#0d1117", "#d0d7de", "#30363d"
	bar, bad, good, odd = "#39c5cf", "#ff7b72", "#7ee787", "#e3b341"
)

// step is a line of a waterfall: phase and time, what stands before, in and behind the
// bar, and the reply.
var step = regexp.MustCompile(`^(\S+ +\S+(?: ms|s)) (\.*)(#+)(\.*)(?: (.*))?$`)

// drawn is a waterfall of text as SVG, its bars as bars.
func drawn(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	most := 0
	for _, l := range lines {
		most = max(most, utf8.RuneCountInString(l))
	}
	width, height := 2*margin+glyph*float64(most), 2*margin+line*float64(len(lines))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g" role="img" aria-label="Waterfall of a check: a bar for each phase">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", paper)
	b.WriteString(`<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" xml:space="preserve">` + "\n")
	colour := ink
	for i, l := range lines {
		y := margin + line*float64(i)
		m := step.FindStringSubmatch(l)
		switch {
		case m != nil:
			b.WriteString(drawnStep(m, y))
			continue
		case strings.HasPrefix(l, "SMTP "): // the verdict, to the end
			colour = verdictColour(l)
		}
		b.WriteString(written(0, y, colour, l))
	}
	return b.String() + "</g>\n</svg>\n"
}

// drawnStep is one line with a bar.
func drawnStep(m []string, y float64) string {
	at := utf8.RuneCountInString(m[1]) + 1
	before, long, behind := len(m[2]), len(m[3]), len(m[4])
	colour := ink
	if regexp.MustCompile(`(^|: )[45]\d\d `).MatchString(m[5]) {
		colour = bad
	}
	return written(0, y, ink, m[1]) + box(at, before+long+behind, y, faint) + box(at+before, long, y, bar) +
		written(at+before+long+behind+1, y, colour, m[5])
}

func box(column, columns int, y float64, colour string) string {
	return fmt.Sprintf(`<rect x="%g" y="%g" width="%g" height="%g" fill="%s"/>`+"\n", margin+glyph*float64(column), y+4, glyph*float64(columns), line-8, colour)
}

// written is a text whose width does not depend on the font.
func written(column int, y float64, colour, text string) string {
	n := utf8.RuneCountInString(text)
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(`<text x="%g" y="%g" fill="%s" textLength="%g" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
		margin+glyph*float64(column), y+14, colour, glyph*float64(n), html.EscapeString(text))
}

func verdictColour(text string) string {
	switch strings.Fields(text)[1] {
	case "OK":
		return good
	case "WARNING":
		return odd
	}
	return bad
}
