package args

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// words reads a command line as getopt_long does and writes it down so that
// pflag reads the same from it: every option by its full name, with its value
// in the same word. pflag by itself knows no abbreviations, takes the equals
// sign off the value of "-P=secret", and cannot pass over a word.
type words struct {
	flags   *pflag.FlagSet
	more    func() bool // adds to flags what is rarer, until there is nothing left
	rest    []string    // not read yet
	options []string    // --name or --name=value
	extra   []string    // the values of --extra-opts
	free    []string    // words that belong to no option
}

// read reads a whole command line. Options and free words may be mixed.
func (w *words) read(argv []string) error {
	w.rest = argv
	for len(w.rest) > 0 {
		word := w.next()
		var err error
		switch {
		case word == "--":
			w.free = append(w.free, w.rest...)
			return nil
		case strings.HasPrefix(word, "--"):
			err = w.long(word[2:])
		case len(word) > 1 && word[0] == '-':
			err = w.cluster(modern(word)[1:])
		default:
			w.free = append(w.free, word)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *words) next() string {
	word := w.rest[0]
	w.rest = w.rest[1:]
	return word
}

// modern replaces a word from the first years of the plugins.
func modern(word string) string {
	switch word {
	case "-wt":
		return "-w"
	case "-ct":
		return "-c"
	case "-to":
		return "-t"
	}
	return word
}

// long reads NAME or NAME=VALUE.
func (w *words) long(text string) error {
	name, value, hasValue := strings.Cut(text, "=")
	f, err := w.find(name)
	switch {
	case err != nil:
		return err
	case hasValue:
		return w.add(f, "="+value)
	}
	return w.ends(f)
}

// cluster reads letters: switches, and at the end perhaps an option with its
// value, which is the rest of the word or the next word.
func (w *words) cluster(letters string) error {
	for i := range len(letters) - 1 {
		f, err := w.letter(letters[i:])
		if err != nil {
			return err
		}
		if f.NoOptDefVal == "" {
			return w.add(f, "="+letters[i+1:])
		}
		if err := w.add(f, ""); err != nil {
			return err
		}
	}
	f, err := w.letter(letters[len(letters)-1:])
	if err != nil {
		return err
	}
	return w.ends(f)
}

// ends adds the option that a word ends with; the next word may be its value.
func (w *words) ends(f *pflag.Flag) error {
	switch {
	case f.NoOptDefVal == "" && len(w.rest) == 0:
		return bad(f.Usage, "the value is missing", "give it in the next word, "+seeHelp)
	case f.NoOptDefVal == "":
		return w.add(f, "="+w.next()) // whatever it looks like: -w -5:10
	case len(w.rest) == 0:
		return w.add(f, "")
	case f.Name == extraOpts && !strings.HasPrefix(w.rest[0], "-"):
		return w.add(f, "="+w.next()) // so does the C plugin, and Icinga relies on it
	case f.Name == ignoreQuit && slices.Contains([]string{"true", "yes", "on", "1"}, w.rest[0]):
		w.next() // Icinga's stock command sends "-q true"
	case f.Name == rangeStyle && slices.Contains([]string{"0", "1", "2"}, w.rest[0]):
		return w.add(f, "="+w.next()) // no host is called so
	}
	return w.add(f, "")
}

// add writes an option down. value is empty or starts with "=".
func (w *words) add(f *pflag.Flag, value string) error {
	switch f.Name {
	case help:
		return &Text{Body: helpText}
	case version:
		return &Text{Body: "check_smtp v" + Version + " (check_smtp " + Version + ")\n"}
	case extraOpts:
		w.extra = append(w.extra, strings.TrimPrefix(value, "="))
	default:
		w.options = append(w.options, "--"+f.Name+value)
	}
	return nil
}

// letter is the option that the first of the letters stands for.
func (w *words) letter(letters string) (*pflag.Flag, error) {
	for more := true; more; more = w.more() {
		if f := w.flags.ShorthandLookup(letters[:1]); f != nil {
			return f, nil
		}
	}
	return nil, &UsageError{Problem: "unknown option " + quote("-"+letters[:1]), Hint: seeHelp}
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
		return nil, unknownOption(w.flags, name)
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

func unknownOption(flags *pflag.FlagSet, name string) error {
	hint := seeHelp
	if found := near(name, names(flags)); found != nil {
		hint = "did you mean --" + strings.Join(found, " or --") + "? " + seeHelp
	}
	return &UsageError{Problem: "unknown option " + quote("--"+showable(name)), Hint: hint}
}

// secretOptions are those whose value must not be shown.
var secretOptions = []string{"authpass", "password", "vault-token", "keepass-password", "teampass-api-key", "auth-settings"}

// showable is what may be shown of an unknown name. "--password:x", "--Px" and
// a line of an ini file that goes on from the one before may hold a password.
func showable(name string) string {
	for _, secret := range secretOptions {
		if len(name) > len(secret) && strings.HasPrefix(name, secret) {
			return secret + "..."
		}
	}
	if strings.Trim(name, "-0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return "..."
	}
	return name
}
