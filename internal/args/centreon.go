package args

import (
	"errors"
	"slices"
	"strings"

	"check_smtp/internal/centreon"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

const convertArgs = "convert-args"

// Call is the answer to a command line that a system other than Nagios wrote,
// and that is not to be carried out. Err is a *UsageError or a *Text.
type Call struct {
	Err    error
	State  plan.State
	Output plan.Output // its format holds for a UsageError
	Edits  *centreon.Edits
}

// Error is that of Err.
func (c *Call) Error() string { return c.Err.Error() }

// Unwrap is Err.
func (c *Call) Unwrap() error { return c.Err }

// Answer makes an error one for whoever wrote the command line, a *Call if that is
// another system than Nagios.
func Answer(argv []string, err error) error { return answered(argv, err) }

// answered makes an error one for whoever wrote the command line. Nothing has
// been parsed when the error is of the parsing, so the words are read once more
// for what shapes an answer.
func answered(argv []string, err error) error {
	if err == nil {
		return nil
	}
	given := legible(argv)
	c := &Call{Err: foreign(given, err), State: plan.Unknown, Output: plan.Output{Format: answerFormat(given), Verbose: 1}}
	c.Edits = &centreon.Edits{Name: answerMode(given, c.Output.Format)}
	c.Edits.Exit, _ = centreon.Exits(given.Set)
	if ours(err) {
		c.exit(given.Text("opt-exit"))
	}
	if text, ok := err.(*Text); ok && (text == discoXML || text == discoJSON) {
		c.State = plan.OK
	}
	_, changed := c.Edits.Exit[c.State]
	if !changed && c.State == plan.Unknown && !byPlugin(given) && !centreon.Is(c.Output.Format) {
		return err // as to anybody else
	}
	return c
}

// ours says whether an answer is one to the command line itself. A password
// manager that fails is not: the login was asked for and has not been tried.
func ours(err error) bool {
	_, usage := errors.AsType[*UsageError](err)
	_, text := errors.AsType[*Text](err)
	return usage || text
}

// exit takes what --opt-exit says; pending is no state of ours, only a code.
func (c *Call) exit(word string) {
	code, ok := centreon.ExitOf(word)
	switch {
	case !ok:
	case code > int(plan.Unknown):
		c.Edits.Exit = map[plan.State]int{plan.Unknown: code}
	default:
		c.State = plan.State(code)
	}
}

// byPlugin says whether a command line is one of the plugin's.
func byPlugin(given *options) bool {
	return given.Has("plugin") || given.Has("mode") || given.Has("dyn-mode")
}

// answerFormat is the format for an answer.
func answerFormat(given *options) plan.Format {
	switch f := formatIn(given.Set); {
	case given.On("output-xml"):
		return centreon.XML
	case given.On("output-json"):
		return centreon.JSON
	case f == plan.Nagios && byPlugin(given):
		return centreon.Line
	default:
		return f
	}
}

// answerMode is the mode that an answer names. Centreon's documents always name
// one.
func answerMode(given *options, f plan.Format) centreon.Mode {
	mode, _ := centreon.ModeOf(given.Set)
	if mode != "" || !centreon.Is(f) {
		return mode
	}
	if given.Has("to") {
		return centreon.Message
	}
	return centreon.Login
}

// foreign says what the plugin says in its words.
func foreign(given *options, err error) error {
	switch e := err.(type) {
	case *Text:
		isVersion := strings.HasPrefix(e.Body, "check_smtp v")
		if isVersion && (given.Text("plugin") != "" || given.Text("mode") != "") {
			return &Text{Body: "Mode Version: " + modeVersion + "\nPlugin Version: 0.1\nGlobal Version: 20260700\n" + e.Body}
		}
	case *UsageError:
		if e.Problem == "-P/--authpass: no authpass specified" && given.Text("mode") != "" {
			return &UsageError{Problem: "Please set --password option.", Hint: e.Hint}
		}
	}
	return err
}

// centreonWords reads a command line as the plugin does if it is one of its: the
// next word is the value of an option unless it starts with a dash, also of a
// switch, and an option that needs a value may lack it.
func centreonWords(argv []string) ([]string, error) {
	called := isPluginCall(argv)
	argv, err := converted(argv, called)
	if err != nil || !called && !isPluginCall(argv) {
		return argv, err
	}
	var words []string
	for i := 0; i < len(argv); i++ {
		word := argv[i]
		if word == "--" {
			return append(words, argv[i:]...), nil
		}
		name, long := strings.CutPrefix(word, "--")
		r, err := Tables.Find(name)
		switch {
		case !long || err != nil:
		case i+1 < len(argv) && r.Secret && isNoOption(argv[i+1]):
			if strings.HasPrefix(argv[i+1], "--") {
				return nil, bad(word, "the word after it, which is not shown, begins with dashes", "write "+word+"=VALUE")
			}
			i++
			word += "=" + argv[i]
		case i+1 < len(argv) && isValue(argv[i+1]):
			i++
			word += "=" + argv[i]
		case !r.Alone():
			word += "="
		}
		words = append(words, word)
	}
	return words, nil
}

// isNoOption says whether a word is none of the options, short or long.
func isNoOption(word string) bool {
	name, long := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	if long {
		return Tables.ByName(name) == nil
	}
	return len(word) != 2 || word[0] != '-' || Tables.ByLetter(word[1]) == nil
}

// isPluginCall says whether a command line is one of the plugin's. Only options
// say so; the value of one may be any text.
func isPluginCall(argv []string) bool {
	may := func(word string) bool {
		return strings.HasPrefix(word, "--mo") || strings.HasPrefix(word, "--pl") || strings.HasPrefix(word, "--dy")
	}
	if !slices.ContainsFunc(argv, may) {
		return false
	}
	given := option.Legible(Tables, argv)
	return given.Has("mode") || given.Has("plugin") || given.Has("dyn-mode") || given.Has("mode-version")
}

// isValue says whether a word can be the value of the option before it: a short
// option cannot, a negative number can.
func isValue(word string) bool {
	return len(word) < 2 || word[0] != '-' || strings.IndexByte(".:0123456789", word[1]) >= 0
}

// converted carries out --convert-args. The plugin takes every word that looks
// like this option for it.
func converted(argv []string, called bool) ([]string, error) {
	isOwn := func(word string) bool { return strings.HasPrefix(word, "--"+convertArgs) }
	if !slices.ContainsFunc(argv, isOwn) {
		return argv, nil
	}
	text := option.Legible(Tables, argv).Text(convertArgs)
	if called {
		text = ownWord(argv, convertArgs)
	}
	if text == "" {
		return argv, nil
	}
	search, replacement, ok := strings.Cut(text, ",")
	s, err := centreon.ParseSubstitution(search + "~" + replacement + "~g")
	switch {
	case !ok || search == "" || strings.Contains(text, "~"):
		return nil, bad("--"+convertArgs, "the value, which is not shown, is not SEARCH,REPLACEMENT", "give a pattern without a tilde, and what takes its place")
	case err != nil:
		return nil, bad("--"+convertArgs, "the part before the comma is not a regular expression", "the syntax is RE2: no look-around, no back-references")
	}
	words := slices.Clone(argv)
	for i, word := range words {
		if own := isOwn(word) || i > 0 && words[i-1] == "--"+convertArgs; !own {
			words[i] = s.In(word)
		}
	}
	return words, nil
}

// ownWord is the last value of an option of this name, taken from any word.
func ownWord(argv []string, name string) (text string) {
	for i, word := range argv {
		value, valued := strings.CutPrefix(word, "--"+name+"=")
		switch {
		case valued:
			text = value
		case word == "--"+name && i+1 < len(argv) && isValue(argv[i+1]):
			text = argv[i+1]
		}
	}
	return text
}
