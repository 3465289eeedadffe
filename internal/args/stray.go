package args

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// takeHost takes the host from the words that belong to no option, unless -H
// gave it. Any other word is one that the user meant for something else, but for
// an empty one, which is a macro without a value. An empty host is an error: the
// check would be of this machine.
func (o *options) takeHost(free []stray) error {
	astray := slices.ContainsFunc(free, beginsSecret)
	if !o.host.given {
		o.host.text = "127.0.0.1"
		if len(free) > 0 && !isValueOnly(free[0]) {
			if err := o.firstWord(free[0]); err != nil {
				return err
			}
			o.host.text, o.positional, free = free[0].text, true, free[1:]
		}
	}
	for _, s := range free {
		switch {
		case o.host.text == "":
			return nil // which checkHost minds
		case s.text == "":
			continue
		}
		if _, err := checkHost(o.host.text); err != nil {
			return err
		}
		return o.misplaced(s, astray || o.hasSecret())
	}
	return nil
}

// firstWord refuses a first word that is no host and may be of a password with a
// blank in it, which no resolver is to be asked about: any that cannot be a host,
// and behind a secret a bare one, too.
func (o *options) firstWord(s stray) error {
	if s.text == "" || !o.hasSecret() {
		return nil
	}
	behind := s.after != nil && (isSecret(s.after.Name) || s.after.Name == "command" && isLogin(s.value))
	bare := !strings.ContainsAny(s.text, ".:") && s.text != "localhost"
	if _, err := checkHost(s.text); err == nil && !(behind && bare) {
		return nil
	}
	return bad("-H/--hostname", "the first word is not taken for the host, and not shown as it may be part of the password", "give -H HOST, and quote a value that holds blanks")
}

// beginsSecret says whether a word was meant as an option with a secret, as
// behind "--".
func beginsSecret(s stray) bool {
	return strings.HasPrefix(s.text, "-P") || s.text != "" && s.text[0] == '-' && secretIn(strings.TrimLeft(s.text, "-")) != ""
}

// isValueOnly says whether a word is surely meant as the value of the option
// before it and for no host, which has no such name: "-D 30 7", "--verify ok".
func isValueOnly(s stray) bool {
	if s.after == nil || s.text == "" {
		return false
	}
	_, isState := parseState(s.text)
	switch s.after.Name {
	case "verify", "timeout", "state":
		return isState
	case "certificate", "warning", "critical", "proxy", "verbose":
		return isNumber(s.text)
	}
	return false
}

// misplaced is the error on a word that belongs to no option. It blames the
// option before the word where that is what took too little, or should have
// taken nothing.
func (o *options) misplaced(s stray, secret bool) error {
	for o.bindMore() { // for what the hints can name
		continue
	}
	if s.after != nil && (!secret || s.isHarmless()) {
		if err := s.blame(); err != nil {
			return err
		}
	}
	if secret { // its blanks may have made words of it
		hint := "quote a value that holds blanks"
		if !o.port.given && isPort(s.text) {
			hint += ", and a port goes after -p"
		}
		return &UsageError{Problem: "unexpected word on the command line, not shown as it may be part of the password", Hint: hint}
	}
	return &UsageError{Problem: "unexpected word " + quoteHost(s.text) + " on the command line", Hint: o.instead(s.text)}
}

// isHarmless says whether a word is no part of a secret that stands before it.
func (s stray) isHarmless() bool {
	_, isState := parseState(s.text)
	return isState && shapeOf(s.after.Name) != anyText || isValueOnly(s) && len(s.text) < 7
}

// blame is the error on the option before a stray word; nil: it is not to blame.
func (s stray) blame() error {
	option, both := s.after.Usage, quote(s.value)+" and "+quote(s.text)+" stand in two words"
	_, isState := parseState(s.text)
	_, missing := plan.ParseRange(s.value)
	switch name := s.after.Name; {
	case name == "verify" && isState:
		return bad(option, "the STATE stands behind an equals sign", "give --verify="+s.text)
	case name == "state" && isState && !strings.Contains(s.value, "="):
		return bad(option, quote(s.value)+" is not CONDITION=STATE", give("--state", s.value+"="+s.text))
	case name == "timeout" && isState:
		return bad(option, both, give("-t", s.value+":"+s.text))
	case name == "certificate" && isNumber(s.text):
		return bad(option, both, give("-D", s.value+","+s.text))
	case (name == "warning" || name == "critical") && isNumber(s.text) && missing == nil:
		return bad(option, both, "give -w "+s.value+" -c "+s.text)
	case (name == "warning" || name == "critical") && slices.Contains(facts.Labels(), plan.Label(s.value)):
		return bad(option, both, give("-"+s.after.Shorthand, s.value+"="+s.text))
	case (name == "warning" || name == "critical") && missing != nil && isNumber(s.text) && !strings.Contains(s.value, "="):
		return badRange(option, plan.Time, s.value, missing)
	case name == "state" && !strings.Contains(s.value, "="):
		return bad(option, quote(s.value)+" is not CONDITION=STATE", "such as --state tempfail=critical")
	case name == "expect-reply" && !strings.Contains(s.value, "="):
		return bad(option, quote(s.value)+" is not PHASE=CODES", give("--expect-reply", s.value+"="+s.text))
	case name == "proxy" && isNumber(s.text):
		return bad(option, "it takes no value", "give --proxy-protocol "+s.text)
	case name == "verbose" && isNumber(s.text):
		return bad(option, "its number stands behind an equals sign", "repeat it: -vv, or give --verbose="+s.text)
	case slices.Contains([]string{"to", "smtp-to", "cc", "bcc", "reply-to", "perfdata"}, name):
		return bad(option, both, give("--"+name, strings.TrimSuffix(s.value, ",")+","+strings.TrimPrefix(s.text, ",")))
	case s.after.Value.Type() == "bool" && name != ignoreQuit && yesOrNo(s.text) != "":
		return bad(option, "it takes no value", "leave the word "+quote(s.text)+" out, or the option")
	case s.after.NoOptDefVal != "" && !slices.Contains([]string{"bool", "count"}, s.after.Value.Type()):
		return bad(option, "its value stands behind an equals sign", give("--"+name+"=", s.text))
	case shapeOf(name) == anyText:
		return bad(option, "its value goes on in a second word, "+quote(s.text), "quote a value that holds blanks")
	}
	return nil
}

// give is the hint to give an option with a value.
func give(option, value string) string {
	if !strings.HasSuffix(option, "=") {
		option += " "
	}
	switch {
	case isPlain(value):
		return "give " + option + value
	case strings.Contains(value, ","):
		return "give commas between them, and all in one word"
	}
	return "give both in one word"
}

// instead is what to do about a word that belongs to no option.
func (o *options) instead(word string) string {
	name, _, isOption := strings.Cut(word, "=")
	switch {
	case isPort(word) && !o.port.given:
		return "the port goes after -p: -p " + word
	case strings.ContainsAny(word, otherQuotes):
		return "type \" or ' instead of a quotation mark that is neither"
	case isOption && o.flags.Lookup(name) != nil || len(word) > 2 && o.flags.Lookup(word) != nil:
		return "did you mean --" + name + "?"
	case meant(word) != "":
		return meant(word)
	case strings.Contains(word, "@"):
		return "an address goes after -f, that of a recipient after --to" + o.taken()
	}
	return "quote a value that holds blanks" + o.taken()
}

// taken says which word was taken for the host, if it was one without -H.
func (o *options) taken() string {
	if o.host.given || !o.positional {
		return ""
	}
	return ", the host is " + quote(o.host.text)
}
