package session

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
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
		done := t.busy()
		t.examine()
		done()
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
	t.facts.Auth = &facts.Auth{Mechanism: m, Blank: strings.TrimSpace(password) != password}
	t.buffer(authBuffer)
	reply, err := t.authenticate(sasl.New(sasl.Login{Mechanism: m, User: a.User, Secret: password, AuthzID: a.AuthzID, Deadline: t.deadline, Facts: t.facts.Auth}))
	t.buffer(smtp.MaxLine)
	t.facts.Auth.Detail = t.mask.Hide(t.facts.Auth.Detail)
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
	for _, m := range sasl.Names() {
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
		return " without TLS, but STARTTLS is offered: add -S"
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
	return sasl.Unfit(m, t.probe.Auth, password, t.facts.TLS == nil)
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
		c, first = sasl.Late(c, first), nil
	}
	reply, err := t.open(command, first)
	for n := 1; err == nil && reply.Code == 334; n++ {
		var answer []byte
		t.hideProof(reply)
		answer, err = answerTo(c, reply, n)
		problem, isProblem := errors.AsType[*facts.Problem](err)
		switch {
		case isProblem:
			return t.cancel(problem)
		case err == nil:
			reply, err = t.respond(answer)
		}
	}
	if err == nil && reply.Class() == 2 {
		err = sasl.Doubt(c)
	}
	return reply, err
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
	return t.exchange(command + " " + sasl.Hidden)
}

// respond answers a challenge.
func (t *talk) respond(answer []byte) (smtp.Reply, error) {
	t.line = smtp.AppendCommand(t.line[:0], t.encode(answer), "")
	if len(answer) == 0 {
		return t.exchange("")
	}
	return t.exchange(sasl.Hidden)
}

// encode is the form that goes over the wire, from now on sasl.Hidden wherever the
// server repeats it.
func (t *talk) encode(b []byte) string {
	text := base64.StdEncoding.EncodeToString(b)
	t.mask.Add(text, 8)
	a := t.facts.Auth
	m, _ := sasl.Of(a.Mechanism)
	a.InClear = a.InClear || t.facts.TLS == nil && m.Readable && t.mask.Shows(b)
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
		return nil, sasl.BadChallenge("over %d challenges", maxChallenges)
	}
	challenge, err := decode(reply)
	if err == errNotBase64 && sasl.Wordy(c) {
		challenge, err = []byte(challengeOf(reply)), nil
	}
	if err != nil {
		return nil, err
	}
	return sasl.Next(c, challenge)
}

var errNotBase64 error = &facts.Problem{Kind: facts.BadChallenge, Text: "a challenge that is not base64"} // no call: it would be made at every start

// decode reads a challenge, one line of base64 or nothing (RFC 4954 section 4).
func decode(reply smtp.Reply) ([]byte, error) {
	if len(reply.Lines) != 1 {
		return nil, sasl.BadChallenge("a challenge of %d lines", len(reply.Lines))
	}
	text := challengeOf(reply)
	if len(text) > maxChallenge {
		return nil, sasl.BadChallenge("a challenge of over %d bytes", maxChallenge)
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
		t.facts.Dialogue[len(t.facts.Dialogue)-1].Text = "334 " + sasl.Hidden
	}
}

// masked hides the secret in what came of a step.
func masked(m *sasl.Mask, reply smtp.Reply, err error) (smtp.Reply, error) {
	if m == nil {
		return reply, err
	}
	reply.Lines = m.HideLines(reply.Lines)
	syntax, isSyntax := errors.AsType[*smtp.SyntaxError](err)
	problem, isProblem := errors.AsType[*facts.Problem](err)
	early, isEarly := errors.AsType[*injected](err)
	switch {
	case isEarly:
		err = &injected{m.Hide(early.text)}
	case isSyntax:
		err = &smtp.SyntaxError{Reason: syntax.Reason, Line: m.Hide(syntax.Line)}
	case isProblem:
		hidden := *problem
		hidden.Text = m.Hide(problem.Text)
		err = &hidden
	}
	return reply, err
}
