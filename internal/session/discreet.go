package session

import (
	"encoding/base64"
	"slices"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
)

// discreet are the steps as they may be shown: people test logins with commands
// of their own, and what follows AUTH and its mechanism is a secret, and so is
// each answer behind it (RFC 4954 section 4).
func discreet(steps []plan.Step) []plan.Step {
	if !slices.ContainsFunc(steps, func(s plan.Step) bool { return s.Phase == plan.Command && isAuth(s.Arg) }) {
		return steps
	}
	shown := slices.Clone(steps)
	inside := false // a dialogue of AUTH
	for i, s := range shown {
		switch {
		case s.Phase != plan.Command:
		case isAuth(s.Arg):
			inside = true
			if words := strings.Fields(s.Arg); len(words) > 2 {
				shown[i].Arg = words[0] + " " + words[1] + " " + sasl.Hidden
			}
		case inside && isAnswer(s.Arg):
			shown[i].Arg = sasl.Hidden
		default:
			inside = false
		}
	}
	return shown
}

func isAuth(command string) bool {
	verb, rest, _ := strings.Cut(strings.TrimLeft(command, " "), " ")
	return strings.EqualFold(verb, "AUTH") && rest != ""
}

// commands are those of RFC 5321 and its extensions; what is none of them answers
// a challenge.
const commands = " EHLO HELO LHLO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY EXPN HELP ETRN TURN ATRN STARTTLS "

// isAnswer says whether a command of the user's own is none but the answer to a
// challenge, rightly encoded or not. "*" gives a login up.
func isAnswer(text string) bool {
	verb, _, _ := strings.Cut(text, " ")
	own := len(verb) > 1 && (verb[0] == 'X' || verb[0] == 'x') && verb != text // XCLIENT NAME=...
	return !own && text != "*" && !strings.Contains(commands, " "+strings.ToUpper(verb)+" ")
}

// keepSecrets hides the password, and what stands in commands of the user's own,
// wherever the server repeats it; it may know them from an earlier run.
func (t *talk) keepSecrets() {
	if a := t.probe.Auth; a != nil {
		t.mask = sasl.NewMask(a.Password.Reveal())
	}
	for i, s := range t.shown {
		real := t.probe.Steps[i].Arg
		if s.Arg == real {
			continue
		}
		if t.mask == nil {
			t.mask = &sasl.Mask{}
		}
		secret := real
		if isAuth(real) {
			secret = strings.Fields(real)[2]
		}
		t.mask.Add(secret, 8)
		plain, _ := base64.StdEncoding.DecodeString(secret)
		t.mask.Add(string(plain[strings.LastIndexByte(string(plain), 0)+1:]), 16)
	}
}
