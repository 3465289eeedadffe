package session

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-sasl"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// Limits of a login.
const (
	maxAuthLine   = 512       // bytes of AUTH with an initial response, CR LF included (RFC 5321 section 4.5.3.1.4)
	maxChallenge  = 12288     // bytes, in base64 (RFC 4954 section 4)
	maxChallenges = 10        // no mechanism of ours has more than two
	maxOffered    = 100       // mechanisms looked at
	authBuffer    = 16 * 1024 // holds a longest challenge, and one that is too long
)

// login proves to the server who we are (RFC 4954). A refusal is a reply like
// any other.
func (t *talk) login() (smtp.Reply, error) {
	if t.probe.TLS.Verify || t.probe.TLS.Pins != nil {
		t.examine()
	}
	if why := t.mistrust(); why != "" {
		return smtp.Reply{}, &facts.Problem{Kind: facts.Withheld, Text: "credentials withheld: " + why}
	}
	a := t.probe.Auth
	password := a.Password.Reveal()
	m, err := t.mechanism(password)
	if err != nil {
		return smtp.Reply{}, err
	}
	t.mask = newMask(password).and(t.mask)
	t.facts.Auth = &facts.Auth{Mechanism: m, Blank: strings.TrimSpace(password) != password}
	t.buffer(authBuffer)
	reply, err := t.authenticate(t.newClient(m, a, password))
	t.buffer(smtp.MaxLine)
	t.facts.Auth.Detail = t.mask.hide(t.facts.Auth.Detail)
	return reply, err
}

// mistrust says why this server must not get credentials; "" if it may.
func (t *talk) mistrust() string {
	asked, tls := t.probe.TLS, t.facts.TLS
	switch {
	case tls == nil && asked.Mode != plan.NoTLS && asked.Mode != "":
		return "TLS was asked for and did not come about"
	case tls == nil && (asked.Verify || asked.Pins != nil):
		return "without TLS the server is not proven"
	case tls == nil: // nobody asked for TLS: as the C plugin does
		return ""
	case tls.Unpinned:
		return "the server's key is none of the pinned ones"
	case asked.Verify && !asked.AnyDate && tls.Stale() != "":
		return "the server is not proven: " + tls.Stale()
	case asked.Verify && tls.Unproven() != "":
		return "the server is not proven: " + tls.Unproven()
	}
	return ""
}

// mechanism is the one that the plan names, be it offered or not, else the
// strongest that is offered and that the credentials fit.
func (t *talk) mechanism(password string) (plan.Mechanism, error) {
	if m := t.probe.Auth.Mechanism; m != plan.AutoMech {
		return m, nil
	}
	names := offered(t.facts.Caps)
	for _, m := range plan.Mechanisms {
		if slices.Contains(names, m) && t.unfit(m, password) == "" {
			return m, nil
		}
	}
	return "", &facts.Problem{Kind: facts.NotOffered, Text: "no usable mechanism offered" + t.list(names, password)}
}

// list says of each mechanism that is offered why it is not used.
func (t *talk) list(names []plan.Mechanism, password string) string {
	switch {
	case len(names) == 0 && t.facts.TLS == nil && t.facts.Caps.Has("STARTTLS"):
		return " in clear, but STARTTLS is: add -S"
	case len(names) == 0 && t.facts.Verb == "HELO":
		return ", the server answers HELO only"
	case len(names) == 0:
		return ", the server announces none"
	}
	text := ":"
	for i, m := range names {
		text += " " + string(m)
		why := t.unfit(m, password)
		if last := i == len(names)-1; last || t.unfit(names[i+1], password) != why {
			text += " (" + why + ")"
		}
	}
	return text
}

// unfit says why a mechanism is not for a user with a password here; "" if it
// is.
func (t *talk) unfit(m plan.Mechanism, password string) string {
	a := t.probe.Auth
	switch {
	case m == plan.OAuthBearer || m == plan.XOAuth2:
		return "for a token"
	case m == plan.External || m == plan.Anonymous:
		return "not for a password"
	case !slices.Contains(plan.Mechanisms, m):
		return "not supported"
	case readable(m) && t.facts.TLS == nil:
		return "would show the password, there is no TLS"
	case a.AuthzID != "" && (m == plan.Login || m == plan.CRAMMD5):
		return "cannot carry an authorization identity"
	case (m == plan.SCRAMSHA1 || m == plan.SCRAMSHA256) && !prepared(a.User+a.AuthzID+password):
		return unprepared
	}
	return ""
}

// readable says whether a mechanism shows the password or token to whoever can
// read along.
func readable(m plan.Mechanism) bool {
	return m == plan.Plain || m == plan.Login || m == plan.XOAuth2 || m == plan.OAuthBearer
}

// offered lists the mechanisms of a greeting, each once. Servers that mean old
// clients, too, also announce them in the form AUTH=LOGIN PLAIN, which dates
// from before RFC 2554.
func offered(caps smtp.Capabilities) []plan.Mechanism {
	var names []plan.Mechanism
	for _, keyword := range caps.Keywords() {
		first, old := strings.CutPrefix(keyword, "AUTH=")
		if keyword != "AUTH" && !old {
			continue
		}
		for _, name := range append([]string{strings.TrimPrefix(first, "AUTH")}, caps[keyword]...) {
			m := plan.Mechanism(strings.ToUpper(name))
			if m != "" && len(names) < maxOffered && !slices.Contains(names, m) {
				names = append(names, m)
			}
		}
	}
	return names
}

// buffer sets how long a line of the server may be. What has arrived before
// it was asked for is kept, and found when the next command is due.
func (t *talk) buffer(size int) {
	if t.reader.Buffered() == 0 {
		t.reader = bufio.NewReaderSize(t.conn, size)
	}
}

// authenticate sends AUTH and answers challenges until there is a last reply.
func (t *talk) authenticate(c sasl.Client) (smtp.Reply, error) {
	name, first, err := c.Start()
	if err != nil {
		return smtp.Reply{}, err
	}
	command := "AUTH " + name
	if n := len(command) + len(" \r\n") + base64.StdEncoding.EncodedLen(len(first)); n > maxAuthLine {
		// RFC 4954 section 4: what does not fit a command line goes into the next.
		c, first = &late{c, first}, nil
	}
	reply, err := t.open(command, first)
	for n := 1; err == nil && reply.Code == 334; n++ {
		var answer []byte
		var problem *facts.Problem
		t.hideProof(reply)
		answer, err = answerTo(c, reply, n)
		switch {
		case errors.As(err, &problem):
			return t.cancel(problem)
		case err == nil:
			reply, err = t.respond(answer)
		}
	}
	if d, ok := c.(doubter); ok && err == nil && reply.Class() == 2 {
		err = d.doubt()
	}
	return reply, err
}

// doubter is a mechanism that can be accepted too early.
type doubter interface {
	// doubt is why to be accepted now does not mean to be logged in; nil: it
	// does.
	doubt() error
}

// open sends AUTH, with the initial response unless that is nil. An empty one
// is a "=", to tell it from none (RFC 4954 section 4).
func (t *talk) open(command string, first []byte) (smtp.Reply, error) {
	switch {
	case first == nil:
		t.line = smtp.AppendCommand(t.line[:0], command, "")
		return t.exchange(command)
	case len(first) == 0:
		t.line = smtp.AppendCommand(t.line[:0], command, "=")
		return t.exchange(command + " =")
	}
	t.line = smtp.AppendCommand(t.line[:0], command, t.encode(first))
	return t.exchange(command + " " + hidden)
}

// respond answers a challenge.
func (t *talk) respond(answer []byte) (smtp.Reply, error) {
	t.line = smtp.AppendCommand(t.line[:0], t.encode(answer), "")
	if len(answer) == 0 {
		return t.exchange("")
	}
	return t.exchange(hidden)
}

// encode is the form that goes over the wire, from now on hidden wherever the
// server repeats it.
func (t *talk) encode(b []byte) string {
	text := base64.StdEncoding.EncodeToString(b)
	t.mask.add(text, 8)
	a := t.facts.Auth
	a.InClear = a.InClear || t.facts.TLS == nil && readable(a.Mechanism) && bytes.Contains(b, []byte(t.mask.password))
	return text
}

// cancel ends a login while the server waits for an answer, and only then: in
// place of an answer a "*" is a command of its own (RFC 4954 section 4).
func (t *talk) cancel(p *facts.Problem) (smtp.Reply, error) {
	t.line = append(t.line[:0], "*\r\n"...)
	if _, err := t.exchange("*"); err != nil {
		return smtp.Reply{}, err
	}
	return smtp.Reply{}, p
}

// answerTo is what the mechanism says to the nth challenge.
func answerTo(c sasl.Client, reply smtp.Reply, n int) ([]byte, error) {
	if n > maxChallenges {
		return nil, badChallenge("over %d challenges", maxChallenges)
	}
	challenge, err := decode(reply)
	if w, ok := c.(wordy); ok && err == errNotBase64 && w.wordy() {
		challenge, err = []byte(challengeOf(reply)), nil
	}
	if err != nil {
		return nil, err
	}
	answer, err := c.Next(challenge)
	if errors.Is(err, sasl.ErrUnexpectedServerChallenge) {
		return nil, badChallenge("a challenge where none was due")
	}
	return answer, err
}

// wordy is a mechanism to which a server may speak in plain words. Nothing in a
// challenge means anything where RFC 4954 section 4 wants an empty one, nor in
// a prompt, and servers do write "334 OK. Continue authentication" there.
type wordy interface{ wordy() bool }

var errNotBase64 = badChallenge("a challenge that is not base64")

// decode reads a challenge, one line of base64 or nothing (RFC 4954 section 4).
func decode(reply smtp.Reply) ([]byte, error) {
	if len(reply.Lines) != 1 {
		return nil, badChallenge("a challenge of %d lines", len(reply.Lines))
	}
	text := challengeOf(reply)
	if len(text) > maxChallenge {
		return nil, badChallenge("a challenge of over %d bytes", maxChallenge)
	}
	challenge, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || strings.Contains(text, "\r") { // which DecodeString would ignore
		return nil, errNotBase64
	}
	return challenge, nil
}

// challengeOf is the text of a challenge. Servers that fill in "334 " + text
// leave blanks about, which mean nothing.
func challengeOf(reply smtp.Reply) string {
	return strings.Trim(reply.Lines[0][min(4, len(reply.Lines[0])):], " \t")
}

// hideProof takes a server's proof of SCRAM out of the dialogue: with the rest
// of the dialogue, passwords could be tried against it.
func (t *talk) hideProof(reply smtp.Reply) {
	if challenge, err := decode(reply); err == nil && bytes.HasPrefix(challenge, []byte("v=")) {
		t.facts.Dialogue[len(t.facts.Dialogue)-1].Text = "334 " + hidden
	}
}

func badChallenge(format string, args ...any) *facts.Problem {
	return &facts.Problem{Kind: facts.BadChallenge, Text: fmt.Sprintf(format, args...)}
}

const hidden = "[secret]"

// mask hides the secret of a login where the server repeats it. Nil hides
// nothing.
type mask struct {
	password string
	needles  []needle
}

// needle is a text to hide, as a whole or cut off after the first least bytes.
type needle struct {
	text  string
	least int
}

// newMask hides the password as it is and as it looks inside base64, where it
// depends on how many bytes stand before it.
func newMask(password string) *mask {
	m := &mask{password: password}
	for shift := 0; shift < 3 && password != ""; shift++ {
		text := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + password))
		if inner := text[(shift*8+5)/6 : (shift+len(password))*8/6]; len(inner) >= 4 {
			m.add(inner, 16)
		}
	}
	m.add(base64.StdEncoding.EncodeToString([]byte(password)), 16)
	m.add(password, 16)
	return m
}

// and adds what another mask hides.
func (m *mask) and(other *mask) *mask {
	if other != nil {
		m.needles = append(m.needles, other.needles...)
	}
	return m
}

// add adds a text that is hidden even if only its first least bytes are there.
// It goes before the earlier ones, which may be parts of it.
func (m *mask) add(text string, least int) {
	if text != "" {
		m.needles = slices.Insert(m.needles, 0, needle{text, min(least, len(text))})
	}
}

// hide is the text without the secret.
func (m *mask) hide(text string) string {
	if m == nil {
		return text
	}
	for _, n := range m.needles {
		text = n.hide(text)
	}
	return text
}

func (n needle) hide(text string) string {
	for from := 0; ; {
		i := strings.Index(text[from:], n.text[:n.least])
		if i < 0 {
			return text
		}
		start := from + i
		end := start + common(text[start:], n.text)
		if len(n.text) < 4 && !alone(text, start, end) {
			from = start + 1
			continue
		}
		text = text[:start] + hidden + text[end:]
		from = start + len(hidden)
	}
}

// common is the length of the longest common beginning.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// alone says whether text[start:end] is not part of a longer word. A very short
// password would otherwise be found, and so given away, in half of all words.
func alone(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	return !unicode.IsLetter(before) && !unicode.IsDigit(before) && !unicode.IsLetter(after) && !unicode.IsDigit(after)
}

// over hides the secret in what came of a step.
func (m *mask) over(reply smtp.Reply, err error) (smtp.Reply, error) {
	if m == nil {
		return reply, err
	}
	reply.Lines = slices.Clone(reply.Lines)
	for i, line := range reply.Lines {
		code := line[:min(4, len(line))]
		if words := m.hide(line[len(code):]); words != line[len(code):] {
			reply.Lines[i] = code + words
		}
	}
	var syntax *smtp.SyntaxError
	var problem *facts.Problem
	switch {
	case errors.As(err, &syntax):
		err = &smtp.SyntaxError{Reason: syntax.Reason, Line: m.hide(syntax.Line)}
	case errors.As(err, &problem):
		err = &facts.Problem{Kind: problem.Kind, Text: m.hide(problem.Text)}
	}
	return reply, err
}
