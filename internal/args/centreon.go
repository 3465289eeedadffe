package args

import (
	"errors"
	"slices"
	"strings"

	"check_smtp/internal/plan"
)

// centreonOptions are those of the Centreon plugin.
type centreonOptions struct {
	plugin, callMode, dynMode, modeVersion last
	listMode, discoFormat, discoShow       toggle
	smtpOptions, sendOptions               list
	globalTimeout, runas                   last
	environ                                list
	debug                                  toggle

	filter, filterAdv, filterUOM           last
	explode, change, extend, extendGroup   list
	changeShort, changeLong, changeOutcome list
	changeExit                             list
	optExit, rangeStyle, precision         last
	dropPerfdata, dropLabel                toggle
	centreonJSON, centreonXML, openMetrics toggle
}

func (o *options) bindCentreon(t table) {
	t.value(&o.plugin, "", "plugin")
	t.value(&o.callMode, "", "mode")
	t.value(&o.dynMode, "", "dyn-mode")
	t.value(&o.modeVersion, "", "mode-version")
	t.bare(&o.listMode, "1", "", "list-mode")
	t.bare(&o.discoFormat, "1", "", "disco-format")
	t.bare(&o.discoShow, "1", "", "disco-show")
	t.value(&o.smtpOptions, "", "smtp-options")
	t.value(&o.sendOptions, "", "smtp-send-options")
	t.value(&o.globalTimeout, "", "global-timeout")
	t.value(&o.runas, "", "runas")
	t.value(&o.environ, "", "environment")
	t.value(new(last), "", convertArgs) // parse has read it
	t.bare(&o.debug, "1", "", "debug")

	t.value(&o.filter, "", "filter-perfdata")
	t.value(&o.filterAdv, "", "filter-perfdata-adv")
	t.value(&o.filterUOM, "", "filter-uom")
	t.bare(&o.explode, "all", "", "explode-perfdata-max")
	t.value(&o.change, "", "change-perfdata")
	t.value(&o.extend, "", "extend-perfdata")
	t.value(&o.extendGroup, "", "extend-perfdata-group")
	t.value(&o.changeShort, "", "change-short-output")
	t.value(&o.changeLong, "", "change-long-output")
	t.value(&o.changeOutcome, "", "change-output-adv")
	t.value(&o.changeExit, "", "change-exit")
	t.value(&o.optExit, "", "opt-exit")
	t.bare(&o.rangeStyle, "1", "", rangeStyle)
	t.value(&o.precision, "", "float-precision")
	t.bare(&o.dropPerfdata, "1", "", "output-ignore-perfdata")
	t.bare(&o.dropLabel, "1", "", "output-ignore-label")
	t.bare(&o.centreonJSON, "1", "", "output-json")
	t.bare(&o.centreonXML, "1", "", "output-xml")
	t.bare(&o.openMetrics, "1", "", "output-openmetrics")

	// What these do there has no meaning here: how the plugin prints, reads and
	// warns.
	t.value(new(last), "", "source-encoding")
	for _, name := range []string{"use-new-perfdata", "debug-stream", "show-password", "no-sanity-options", "ignore-warn-msg"} {
		t.bare(new(toggle), "1", "", name)
	}
}

// toggle is a switch of Centreon's: any value but 0 and none turns it on.
type toggle bool

func (v *toggle) Set(text string) error { *v = text != "" && text != "0"; return nil }
func (v *toggle) String() string        { return "" }
func (v *toggle) Type() string          { return "bool" }

const convertArgs = "convert-args"

// Call is the answer to a command line that a system other than Nagios wrote,
// and that is not to be carried out. Err is a *UsageError or a *Text.
type Call struct {
	Err    error
	State  plan.State
	Output plan.Output // its format holds for a UsageError
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
	c.Output.Reshape = &plan.Reshape{Name: answerMode(given, c.Output.Format), Precision: -1}
	c.Output.Reshape.Exit, _ = exits(valuesOf(given, "change-exit"))
	if ours(err) {
		c.exit(lastOf(given, "opt-exit"))
	}
	if text, ok := err.(*Text); ok && (text == discoXML || text == discoJSON) {
		c.State = plan.OK
	}
	_, changed := c.Output.Reshape.Exit[c.State]
	if !changed && c.State == plan.Unknown && !byPlugin(given) && !c.Output.Format.IsCentreon() {
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
	code, ok := exitOf(word)
	switch {
	case !ok:
	case code > int(plan.Unknown):
		c.Output.Reshape.Exit = map[plan.State]int{plan.Unknown: code}
	default:
		c.State = plan.State(code)
	}
}

// byPlugin says whether a command line is one of the plugin's.
func byPlugin(given []string) bool {
	return slices.ContainsFunc([]string{"plugin", "mode", "dyn-mode"}, func(name string) bool { return len(valuesOf(given, name)) > 0 })
}

// answerFormat is the format for an answer.
func answerFormat(given []string) plan.Format {
	switch f := formatIn(given); {
	case on(lastOf(given, "output-xml")):
		return plan.CentreonXML
	case on(lastOf(given, "output-json")):
		return plan.CentreonJSON
	case f == plan.Nagios && byPlugin(given):
		return plan.Centreon
	default:
		return f
	}
}

// answerMode is the mode that an answer names. Centreon's documents always name
// one.
func answerMode(given []string, f plan.Format) plan.Mode {
	mode, _ := modeOf(lastOf(given, "mode"), lastOf(given, "dyn-mode"))
	if mode != "" || !f.IsCentreon() {
		return mode
	}
	if len(valuesOf(given, "to"))+len(valuesOf(given, "smtp-to")) > 0 {
		return plan.MessageMode
	}
	return plan.LoginMode
}

func on(text string) bool { return text != "" && text != "0" }

// foreign says what the plugin says in its words.
func foreign(given []string, err error) error {
	switch e := err.(type) {
	case *Text:
		isVersion := strings.HasPrefix(e.Body, "check_smtp v")
		if isVersion && (lastOf(given, "plugin") != "" || lastOf(given, "mode") != "") {
			return &Text{Body: "Mode Version: " + modeVersion + "\nPlugin Version: 0.1\nGlobal Version: 20260700\n" + e.Body}
		}
	case *UsageError:
		if e.Problem == "-P/--authpass: no authpass specified" && lastOf(given, "mode") != "" {
			return &UsageError{Problem: "Please set --password option.", Hint: e.Hint}
		}
	}
	return err
}

// valuesOf are the values of an option among words that are --name or
// --name=value.
func valuesOf(given []string, name string) []string {
	var values []string
	for _, word := range given {
		switch own, value, hasValue := strings.Cut(word, "="); {
		case own != "--"+name:
		case hasValue:
			values = append(values, value)
		default:
			values = append(values, "1")
		}
	}
	return values
}

func lastOf(given []string, name string) string {
	values := valuesOf(given, name)
	if values == nil {
		return ""
	}
	return values[len(values)-1]
}

// centreonWords reads a command line as the plugin does if it is one of its: the
// next word is the value of an option unless it starts with a dash, also of a
// switch, and an option that needs a value may lack it.
func (o *options) centreonWords(argv []string) ([]string, error) {
	called := isPluginCall(argv)
	argv, err := converted(argv, called)
	if err != nil || !called && !isPluginCall(argv) {
		return argv, err
	}
	for o.bindMore() {
		continue
	}
	var words []string
	for i := 0; i < len(argv); i++ {
		word := argv[i]
		if word == "--" {
			return append(words, argv[i:]...), nil
		}
		f := o.flags.Lookup(strings.TrimPrefix(word, "--"))
		switch {
		case !strings.HasPrefix(word, "--") || f == nil:
		case i+1 < len(argv) && isSecret(f.Name) && o.isNoOption(argv[i+1]):
			if strings.HasPrefix(argv[i+1], "--") {
				return nil, bad("--"+f.Name, "the word after it, which is not shown, begins with dashes", "write --"+f.Name+"=VALUE")
			}
			i++
			word += "=" + argv[i]
		case i+1 < len(argv) && isValue(argv[i+1]):
			i++
			word += "=" + argv[i]
		case f.NoOptDefVal == "":
			word += "="
		}
		words = append(words, word)
	}
	return words, nil
}

// isSecret says whether an option's value must not be shown.
func isSecret(name string) bool { return slices.Contains(secretOptions, name) }

// isNoOption says whether a word is none of the options, short or long.
func (o *options) isNoOption(word string) bool {
	name, long := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	if long {
		return o.flags.Lookup(name) == nil
	}
	return len(word) != 2 || word[0] != '-' || o.flags.ShorthandLookup(word[1:]) == nil
}

// isPluginCall says whether a command line is one of the plugin's. Only options
// say so; the value of one may be any text.
func isPluginCall(argv []string) bool {
	calls := func(word string) bool {
		name, _, _ := strings.Cut(word, "=")
		return name == "--mode" || name == "--plugin" || name == "--dyn-mode" || name == "--mode-version"
	}
	return slices.ContainsFunc(argv, calls) && slices.ContainsFunc(spelledOut(argv).long, calls)
}

// spelledOut reads a command line as getopt does; reading goes on behind a word
// that makes no sense.
func spelledOut(argv []string) words {
	w := words{flags: allFlags(), more: func() bool { return false }, mute: true}
	for w.read(argv) != nil {
		argv = w.rest
	}
	return w
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
	given := spelledOut(argv).options
	if called {
		given = joined(argv, convertArgs)
	}
	text := lastOf(given, convertArgs)
	if text == "" {
		return argv, nil
	}
	search, replacement, ok := strings.Cut(text, ",")
	s, err := plan.ParseSubstitution(search + "~" + replacement + "~g")
	switch {
	case !ok || search == "" || strings.Contains(text, "~"):
		return nil, bad("--"+convertArgs, "the value, which is not shown, is not SEARCH,REPLACEMENT", "give a pattern without a tilde, and what takes its place")
	case err != nil:
		return nil, bad("--"+convertArgs, "the part before the comma is not a regular expression", "the syntax is RE2: no look-around, no back-references")
	}
	words := slices.Clone(argv)
	for i, word := range words {
		if own := isOwn(word) || i > 0 && words[i-1] == "--"+convertArgs; !own {
			words[i] = s.Pattern.ReplaceAllString(word, s.Text)
		}
	}
	return words, nil
}

// joined is a command line in which an option of this name and the word after it
// are one word.
func joined(argv []string, name string) []string {
	var words []string
	for i, word := range argv {
		if word == "--"+name && i+1 < len(argv) && isValue(argv[i+1]) {
			word += "=" + argv[i+1]
		}
		words = append(words, word)
	}
	return words
}
