package args

import (
	"strings"

	"github.com/spf13/pflag"
)

// letter is the option that the first of the letters stands for.
func (w *words) letter(letters string) (*pflag.Flag, error) {
	for more := true; more; more = w.more() {
		if f := w.flags.ShorthandLookup(letters[:1]); f != nil {
			return f, nil
		}
	}
	return nil, &UsageError{Problem: "unknown option " + quote("-"+letters[:1]), Hint: w.otherCase(letters[:1])}
}

// otherCase is the hint at a letter that is an option in upper or lower case only.
func (w *words) otherCase(letter string) string {
	for _, other := range []string{strings.ToUpper(letter), strings.ToLower(letter)} {
		if f := w.flags.ShorthandLookup(other[:1]); f != nil {
			return "did you mean " + f.Usage + "? " + seeHelp
		}
	}
	switch letter {
	case "o":
		return "did you mean --output-format or --output-file? " + seeHelp
	case "k":
		return meant("insecure") + " " + seeHelp
	}
	return seeHelp
}

// isOption says whether a word is read as an option where one may stand.
func (w *words) isOption(word string) bool {
	var err error
	name, isLong := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	switch {
	case len(word) < 2 || word[0] != '-':
		return false
	case isLong && name != "":
		_, err = w.find(name)
	case !isLong:
		_, err = w.letter(modern(word)[1:])
	}
	return err == nil
}

// isWhole says whether a word is just an option: -c, --critical or --critical=5.
func (w *words) isWhole(word string) bool {
	name, isLong := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	return isLong && w.flags.Lookup(name) != nil || !isLong && len(modern(word)) == 2
}

// spelled is how messages call the option that a word begins with, without what
// follows it.
func (w *words) spelled(word string) string {
	name, isLong := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	f, err := w.find(name)
	if !isLong {
		f, err = w.letter(modern(word)[1:])
	}
	if err != nil {
		return "--"
	}
	return f.Usage
}

// find is the option of this name or of the only name that begins like this. A
// name that all others go on from is the only one, so that what was short for
// --proxy and --authpass upstream still is.
func (w *words) find(name string) (*pflag.Flag, error) {
	for more := true; more; more = w.more() {
		if f := w.flags.Lookup(name); f != nil {
			return f, nil
		}
	}
	var found []*pflag.Flag
	w.flags.VisitAll(func(f *pflag.Flag) {
		if name != "" && strings.HasPrefix(f.Name, name) {
			found = append(found, f)
		}
	})
	if len(found) == 0 {
		return nil, w.unknown(name)
	}
	for _, f := range found {
		alias := f.Usage == found[0].Usage // no ambiguity
		if !alias && !strings.HasPrefix(f.Name, found[0].Name) {
			return upstream(name, found)
		}
	}
	return found[0], nil
}

// upstreams are the long options of monitoring-plugins 2.3. What was short for
// one of them there is short for it here, whatever we have added since.
const upstreams = " hostname expect timeout verbose version help port command response authtype authuser authpass" +
	" lmtp ignore-quit-failure fqdn from critical warning starttls certificate use-ipv4 use-ipv6 extra-opts "

// upstream is the one of several options that the C plugin has.
func upstream(name string, found []*pflag.Flag) (*pflag.Flag, error) {
	var theirs []*pflag.Flag
	for _, f := range found {
		if strings.Contains(upstreams, " "+f.Name+" ") {
			theirs = append(theirs, f)
		}
	}
	if len(theirs) != 1 {
		return nil, ambiguous(name, found)
	}
	return theirs[0], nil
}

func ambiguous(name string, found []*pflag.Flag) error {
	var all []string
	for _, f := range found {
		all = append(all, "--"+f.Name)
	}
	return &UsageError{
		Problem: "option " + quote("--"+name) + " is ambiguous",
		Hint:    "did you mean " + strings.Join(all, " or ") + "?",
	}
}

// unknown is the error on a long name that is no option's.
func (w *words) unknown(name string) error {
	if w.mute {
		return errUnread
	}
	return &UsageError{Problem: "unknown option " + quote("--"+showable(name)), Hint: hintAt(w.flags, name)}
}

// errUnread stands for an error that nobody reads.
var errUnread = &UsageError{Problem: "a word is not understood", Hint: seeHelp}

// hintAt is the hint at the option that an unknown name may stand for.
func hintAt(flags *pflag.FlagSet, name string) string {
	if strings.ContainsAny(name, otherDashes) {
		return "it holds a dash that is no hyphen: type -"
	}
	if hint := meant(name); hint != "" {
		return hint + " " + seeHelp
	}
	if found := near(name, names(flags)); found != nil {
		return "did you mean --" + strings.Join(found, " or --") + "? " + seeHelp
	}
	return seeHelp
}
