package args

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// takeHost takes the host from the words that belong to no option, unless -H
// gave it. Any other word is one that the user meant for something else, but for
// an empty one, which is a macro without a value. An empty host is an error: the
// check would be of this machine.
func (o *Set) takeHost(free []option.Stray) error {
	astray := slices.ContainsFunc(free, o.beginsSecret)
	if !o.Has("hostname") {
		if len(free) > 0 && !isValueOnly(free[0]) {
			if err := o.firstWord(free[0]); err != nil {
				return err
			}
			o.Guess("hostname", free[0].Text)
			o.positional, free = true, free[1:]
		} else {
			o.Guess("hostname", "127.0.0.1")
		}
	}
	i := slices.IndexFunc(free, func(s option.Stray) bool { return s.Text != "" })
	if i < 0 || o.Text("hostname") == "" { // which checkHost minds
		return nil
	}
	if _, err := checkHost(o.Text("hostname")); err != nil {
		return err
	}
	return o.misplaced(free[i], astray || o.hasSecret())
}

// firstWord refuses a first word that is no host and may be of a password with a
// blank in it, which no resolver is to be asked about: any that cannot be a host,
// and behind a secret, or a command that prints one, a bare one, too.
func (o *Set) firstWord(s option.Stray) error {
	meant := o.beginsSecret(s) && strings.ContainsRune(s.Text, '=')
	if s.Text == "" || !meant && !o.hasSecret() {
		return nil
	}
	behind := s.After != nil && (s.After.Secret || s.After.Name == "authpass-command" || s.After.Name == "command" && isLogin(s.Value))
	bare := !strings.ContainsAny(s.Text, ".:") && s.Text != "localhost"
	if _, err := checkHost(s.Text); err == nil && !meant && !(behind && bare) {
		return nil
	}
	return bad("hostname", "the first word is not taken for the host, and not shown as it may be part of the password", "give -H HOST, and quote a value that contains spaces")
}

// beginsSecret says whether a word was meant as an option with a secret, as
// behind "--", or as other systems write options.
func (o *Set) beginsSecret(s option.Stray) bool {
	name := strings.TrimLeft(s.Text, "-–—/+")
	return strings.HasPrefix(s.Text, "-P") || name != s.Text && o.Tables.SecretIn(strings.ToLower(name)) != ""
}

// isValueOnly says whether a word is surely meant as the value of the option
// before it and for no host, which has no such name: "-D 30 7", "--verify ok".
func isValueOnly(s option.Stray) bool {
	if s.After == nil || s.Text == "" {
		return false
	}
	_, isState := plan.ParseState(s.Text)
	switch s.After.Name {
	case "verify":
		return isState || option.YesOrNo(s.Text) != ""
	case "timeout", "state":
		return isState
	case "certificate", "warning", "critical", "proxy", "verbose":
		return option.IsNumber(s.Text)
	}
	return turned(s) || s.After.Unsaid != "" && slices.Contains(strings.Fields(s.After.Choices), s.Text)
}

// turned says whether a word turns the switch before it on or off, in another word
// than that.
func turned(s option.Stray) bool {
	return s.After.Switch() && !s.After.Many && s.After.Next == option.NoNext && option.YesOrNo(s.Text) != ""
}

// misplaced is the error on a word that belongs to no option. It blames the
// option before the word where that is what took too little, or should have
// taken nothing.
func (o *Set) misplaced(s option.Stray, secret bool) error {
	if s.After != nil && (!secret || isHarmless(s)) {
		if err := blame(s); err != nil {
			return err
		}
	}
	if secret { // its blanks may have made words of it
		hint := "quote a value that contains spaces"
		if !o.Has("port") && portIn(s.Text) > 0 {
			hint += ", and a port goes after -p"
		}
		return &UsageError{Problem: "unexpected word on the command line, not shown as it may be part of the password", Hint: hint}
	}
	return &UsageError{Problem: "unexpected word " + quoteHost(s.Text) + " on the command line", Hint: o.instead(s)}
}

// isHarmless says whether a word is no part of a secret that stands before it.
func isHarmless(s option.Stray) bool {
	_, isState := plan.ParseState(s.Text)
	return isState && s.After.Shape != option.AnyText && s.After.Shape != option.AUser || isValueOnly(s) && len(s.Text) < 7
}

// blame is the error on the option before a stray word; nil: it is not to blame.
func blame(s option.Stray) error {
	name, both := s.After.Name, quote(s.Value)+" and "+quote(s.Text)+" stand in two words"
	_, isState := plan.ParseState(s.Text)
	_, missing := plan.ParseRange(s.Value)
	switch {
	case name == "state" && isState && !strings.Contains(s.Value, "="):
		return bad(name, quote(s.Value)+" is not CONDITION=STATE", give("--state", s.Value+"="+s.Text))
	case name == "timeout" && isState:
		return bad(name, both, give("-t", s.Value+":"+s.Text))
	case name == "certificate" && option.IsNumber(s.Text):
		return bad(name, both, give("-D", strings.TrimSuffix(s.Value, ",")+","+s.Text))
	case (name == "warning" || name == "critical") && option.IsNumber(s.Text) && missing == nil:
		return bad(name, both, "give -w "+s.Value+" -c "+s.Text)
	case (name == "warning" || name == "critical") && slices.Contains(facts.Labels(), plan.Label(s.Value)):
		limit := s.Text
		if scarce(plan.Label(s.Value)) {
			limit = least(limit)
		}
		return bad(name, both, give(letter(name), s.Value+"="+limit))
	case (name == "warning" || name == "critical") && missing != nil && option.IsNumber(s.Text) && !strings.Contains(s.Value, "="):
		return badRange(name, plan.Time, s.Value, missing)
	case name == "state" && !strings.Contains(s.Value, "="):
		return bad(name, quote(s.Value)+" is not CONDITION=STATE", "such as --state tempfail=critical")
	case name == "expect-reply" && !strings.Contains(s.Value, "="):
		return bad(name, quote(s.Value)+" is not PHASE=CODES", give("--expect-reply", s.Value+"="+s.Text))
	case name == "proxy" && option.IsNumber(s.Text):
		return bad(name, "it takes no value", "give --proxy-protocol "+s.Text)
	case name == "verbose" && option.IsNumber(s.Text):
		return bad(name, "its number stands behind an equals sign", "repeat it: -vv, or give --verbose="+s.Text)
	case slices.Contains([]string{"to", "cc", "bcc", "reply-to", "perfdata"}, name):
		return bad(name, both, give("--"+name, strings.TrimSuffix(s.Value, ",")+","+strings.TrimPrefix(s.Text, ",")))
	case s.After.Unsaid != "" || turned(s):
		return bad(name, "its value stands behind an equals sign", give("--"+name+"=", s.Text))
	case s.After.Shape == option.AnyText || s.After.Shape == option.AUser:
		return bad(name, "unexpected second word "+quote(s.Text), "quote a value that contains spaces")
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
func (o *Set) instead(s option.Stray) string {
	word := s.Text
	name, _, isOption := strings.Cut(word, "=")
	switch {
	case portIn(word) > 0 && !o.Has("port"):
		return "the port goes after -p: -p " + word
	case strings.ContainsAny(word, otherQuotes):
		return "type \" or ' instead of a quotation mark that is neither"
	case isOption && o.Tables.ByName(name) != nil || len(word) > 2 && o.Tables.ByName(word) != nil:
		return "did you mean --" + name + "?"
	case o.Tables.Meant(word) != "":
		return o.Tables.Meant(word)
	case strings.Contains(word, "@"):
		return "an address goes after -f, that of a recipient after --to" + o.taken()
	case s.After != nil && s.After.Switch():
		return "leave it out, it is no value of " + s.After.Spelling() + o.taken()
	}
	return "quote a value that contains spaces" + o.taken()
}

// taken says which word was taken for the host, if it was one without -H.
func (o *Set) taken() string {
	if o.Has("hostname") || !o.positional {
		return ""
	}
	return ", the host is " + quote(o.Text("hostname"))
}
