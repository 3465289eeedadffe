package args

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"check_smtp/internal/plan"
)

// words reads a command line as getopt_long does and writes it down so that
// pflag reads the same from it: every option by its full name, with its value
// in the same word. pflag by itself knows no abbreviations, takes the equals
// sign off the value of "-P=secret", and cannot pass over a word.
type words struct {
	flags   *pflag.FlagSet
	more    func() bool // adds to flags what is rarer, until there is nothing left
	mute    bool        // nobody reads the errors, and long is kept
	rest    []string    // not read yet
	options []string    // --name or --name=value
	extra   []string    // the values of --extra-opts
	long    []string    // the words that were read as long options
	free    []stray     // words that belong to no option
	before  stray       // the option that was read last, and its value
	ini     int         // bytes of ini files that were read
}

// stray is a word that belongs to no option.
type stray struct {
	text  string
	after *pflag.Flag // the option right before it; nil: none
	value string      // of that option; "": none
}

// read reads a whole command line. Options and free words may be mixed.
func (w *words) read(argv []string) error {
	w.rest = argv
	for len(w.rest) > 0 {
		if err := w.one(); err != nil {
			return err
		}
	}
	return nil
}

// one reads a word, and the next one if that is its value.
func (w *words) one() error {
	word := w.next()
	switch {
	case word == "--":
		for len(w.rest) > 0 {
			w.free = append(w.free, stray{text: w.next()})
		}
	case strings.HasPrefix(word, "--"):
		if w.mute {
			w.long = append(w.long, word)
		}
		return w.name(word[2:])
	case otherDash(word) != "":
		return w.badDash(word)
	case len(word) > 1 && word[0] == '-':
		return w.cluster(modern(word)[1:])
	default:
		w.before.text = word
		w.free = append(w.free, w.before)
		w.before = stray{}
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

// name reads NAME or NAME=VALUE.
func (w *words) name(text string) error {
	name, value, hasValue := strings.Cut(text, "=")
	if first, _, inOne := strings.Cut(name, " "); inOne {
		if f, err := w.find(first); err == nil {
			return bad(f.Usage, "the option and what follows it stand in one word", inOneWord)
		}
	}
	f, err := w.find(name)
	switch {
	case err != nil:
		return err
	case hasValue:
		return w.attached(f, value)
	}
	return w.ends(f)
}

// cluster reads letters: switches, and at the end perhaps an option with its
// value, which is the rest of the word or the next word.
func (w *words) cluster(letters string) error {
	if err := w.oneDash(letters); err != nil {
		return err
	}
	for i := range len(letters) - 1 {
		f, err := w.letter(letters[i:])
		if err != nil {
			return w.unread(letters[i:], err)
		}
		switch rest := letters[i+1:]; {
		case f.NoOptDefVal == "":
			return w.behind(f, rest)
		case rest[0] == '=': // -q=true
			return w.add(f, rest)
		case strings.Trim(rest, " ") == "":
			return w.add(f, "")
		case rest[0] == ' ':
			return bad(f.Usage, "the option and what follows it stand in one word", inOneWord)
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

const inOneWord = "give each option and each value as a word of its own: a macro such as $ARG1$ that holds several has no quotes around it"

// behind adds an option with what stands behind its letter. A blank there is left
// by quotes that hold both: check_smtp!-p 587, where the command says '$ARG1$'. A
// password may begin with one.
func (w *words) behind(f *pflag.Flag, value string) error {
	switch {
	case value[0] == '=' && !strings.Contains(equalsOptions, " "+f.Name+" "):
		name := placeholder(f.Name)
		return bad(f.Usage, "the value begins with an equals sign", "write -"+f.Shorthand+" "+name+" or --"+f.Name+"="+name)
	case value[0] == ' ' && w.hasOption(value): // which must not become part of a text
		return bad(f.Usage, otherOption, inOneWord)
	case value[0] == ' ' && !isSecret(f.Name):
		value = strings.TrimLeft(value, " ")
	}
	return w.attached(f, value)
}

// equalsOptions have a letter, and values that may begin with an equals sign.
const equalsOptions = " expect response authpass "

// placeholder is what stands for the value of an option with a letter in a hint.
func placeholder(name string) string {
	switch name {
	case "from":
		return "ADDRESS"
	case "hostname":
		return "HOST"
	case "fqdn":
		return "NAME"
	case "port":
		return "N"
	case "timeout":
		return "SECONDS"
	case "warning", "critical":
		return "RANGE"
	case "certificate":
		return "DAYS"
	case "authtype":
		return "MECHANISM"
	case "authuser":
		return "USER"
	}
	return "TEXT"
}

// attached adds an option with a value from the same word, which may begin with a
// blank.
func (w *words) attached(f *pflag.Flag, value string) error {
	if !strings.Contains(value, " ") { // as nearly always
		return w.add(f, "="+value)
	}
	if shapeOf(f.Name) != anyText {
		value = strings.TrimLeft(value, " ")
	}
	return w.whole(f, value)
}

const otherOption = "another option stands in the same word"

// whole adds an option with a value, unless more options stand in that where they
// cannot be meant.
func (w *words) whole(f *pflag.Flag, value string) error {
	if strings.Contains(value, " ") && isOneWord(f.Name, value) && w.hasOption(value) {
		return bad(f.Usage, otherOption, inOneWord)
	}
	return w.add(f, "="+value)
}

// isOneWord says whether no blank can be meant in a value. In the pattern of
// --expect-reply and in a local part with quotation marks it can.
func isOneWord(name, value string) bool {
	switch name {
	case "fqdn", "helo", "ehlo":
		return true
	case "from", "smtp-from":
		return !strings.Contains(value, `"`)
	case "expect-reply":
		return !strings.Contains(value, "/")
	}
	return shapeOf(name) == shaped
}

// hasOption says whether further options stand in a value, behind a blank.
func (w *words) hasOption(value string) bool {
	return strings.Contains(value, " -") && slices.ContainsFunc(strings.Fields(value), w.isOption)
}

// ends adds the option that a word ends with; the next word may be its value.
func (w *words) ends(f *pflag.Flag) error {
	switch {
	case f.NoOptDefVal == "" && len(w.rest) == 0:
		return bad(f.Usage, "the value is missing", "give it in the next word, "+seeHelp)
	case f.NoOptDefVal == "":
		if err := w.forgotten(f, w.rest[0]); err != nil {
			return err
		}
		return w.whole(f, w.next()) // whatever it looks like: -w -5:10
	case len(w.rest) == 0:
		return w.add(f, "")
	case f.Name == extraOpts && !strings.HasPrefix(w.rest[0], "-"):
		return w.add(f, "="+w.next()) // so does the C plugin, and Icinga relies on it
	case f.Name == ignoreQuit && yesOrNo(w.rest[0]) != "":
		return w.add(f, "="+w.next()) // Icinga's stock command sends "-q true"
	case f.Name == help && isTopic(w.rest[0]):
		return w.add(f, "="+w.next())
	case f.Name == rangeStyle && slices.Contains([]string{"0", "1", "2"}, w.rest[0]):
		return w.add(f, "="+w.next()) // no host is called so
	}
	return w.add(f, "")
}

// forgotten says that the value of an option is missing if the next word is
// another option and cannot be the value: "-w -c 5".
func (w *words) forgotten(f *pflag.Flag, next string) error {
	if next == "" || next[0] != '-' && next[0] < utf8.RuneSelf { // as nearly always
		return nil
	}
	shape := shapeOf(f.Name)
	if isUser := f.Name == "authuser" || f.Name == "username" || f.Name == "authzid"; isUser {
		shape = aName
		if strings.HasPrefix(next, "-P") { // what follows may be the password
			next = "-P"
		}
	}
	switch {
	case shape == anyText || strings.HasPrefix(next, "-") && isRange(f.Name, next):
		return nil
	case shape == shaped && otherDash(next) != "":
		return w.badDash(next)
	case !w.isOption(next) || shape == aName && !w.isWhole(next):
		return nil
	}
	return bad(f.Usage, "the value is missing before "+w.spelled(next), "give it in the next word, "+seeHelp)
}

// add writes an option down. value is empty or starts with "=".
func (w *words) add(f *pflag.Flag, value string) error {
	w.before = stray{after: f, value: strings.TrimPrefix(value, "=")}
	if err := unfit(f, value); err != nil {
		return err
	}
	switch f.Name {
	case help:
		text, err := helpOn(strings.TrimPrefix(value, "="))
		if err != nil {
			return err
		}
		return &Text{Body: text}
	case version:
		return &Text{Body: "check_smtp v" + Version + " (check_smtp " + Version + ")\n"}
	case extraOpts:
		w.extra = append(w.extra, strings.TrimPrefix(value, "="))
		return nil
	case ignoreQuit:
		if said := yesOrNo(strings.TrimPrefix(value, "=")); said != "" && value != "" {
			value = "=" + said
		}
	}
	w.options = append(w.options, "--"+f.Name+value)
	return nil
}

// yesOrNo reads what a switch of a monitoring system says: "true" or "false"; "":
// neither. An empty value is that of a variable that is off.
func yesOrNo(word string) string {
	switch strings.ToLower(word) {
	case "true", "yes", "on", "1":
		return "true"
	case "false", "no", "off", "0", "":
		return "false"
	}
	return ""
}

// shape is what the values of an option look like.
type shape int

const (
	aName   shape = iota // of a host, a file, an address: hardly that of an option
	shaped               // a number, a range, a word of a list: never like an option
	anyText              // may be anything
)

// The options whose values have a shape, and those that take any text.
const (
	shapedOptions = " port timeout warning critical certificate state bind greeting quit-after expect-reply output-format perfdata" +
		" tls-mode tls-min tls-max pin proxy-protocol proxy-family proxy-source-address proxy-dest-address proxy-source-port proxy-dest-port" +
		" authtype pass-manager vault-port vault-protocol auth-method teampass-timeout float-precision global-timeout opt-exit change-exit" +
		" mode dyn-mode plugin mode-version smtp-options smtp-send-options "
	textOptions = " expect command response authpass password authuser username authzid subject body header payload vault-token" +
		" keepass-password teampass-api-key auth-settings convert-args environment change-short-output change-long-output change-output-adv" +
		" change-perfdata extend-perfdata extend-perfdata-group filter-perfdata filter-perfdata-adv filter-uom "
)

func shapeOf(name string) shape {
	switch {
	case strings.Contains(shapedOptions, " "+name+" "):
		return shaped
	case strings.Contains(textOptions, " "+name+" "):
		return anyText
	}
	return aName
}

// isRange says whether a word is a range for an option that takes one: -5:10.
func isRange(name, word string) bool {
	if name != "warning" && name != "critical" {
		return false
	}
	_, err := plan.ParseRange(word)
	return err == nil
}
