package centreon

import (
	"errors"
	"slices"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// Answer is the answer to a command line that a system other than Nagios wrote,
// and that is not to be carried out. Err is a *option.Error or a *option.Text.
type Answer struct {
	Err    error
	State  plan.State
	Output plan.Output // its format holds for a UsageError
	Edits  *Edits
}

// Error is that of Err.
func (c *Answer) Error() string { return c.Err.Error() }

// Unwrap is Err.
func (c *Answer) Unwrap() error { return c.Err }

// AnswerTo makes an error one for whoever wrote the command line, an *Answer if that
// is another system than Nagios. given is what could be read of it.
func AnswerTo(given *option.Set, err error) error {
	if err == nil {
		return nil
	}
	c := &Answer{Err: foreign(given, err), State: plan.Unknown, Output: plan.Output{Format: answerFormat(given), Verbose: 1}}
	c.Edits = &Edits{Name: answerMode(given, c.Output.Format)}
	c.Edits.Exit, _ = Exits(given)
	if ours(err) {
		c.exit(given.Text("opt-exit"))
	}
	if text, ok := err.(*option.Text); ok && (text == discoXML || text == discoJSON) {
		c.State = plan.OK
	}
	_, changed := c.Edits.Exit[c.State]
	if !changed && c.State == plan.Unknown && !byPlugin(given) && !Is(c.Output.Format) {
		return err // as to anybody else
	}
	return c
}

// ours says whether an answer is one to the command line itself. A password
// manager that fails is not: the login was asked for and has not been tried.
func ours(err error) bool {
	_, usage := errors.AsType[*option.Error](err)
	_, text := errors.AsType[*option.Text](err)
	return usage || text
}

// exit takes what --opt-exit says; pending is no state of ours, only a code.
func (c *Answer) exit(word string) {
	code, ok := ExitOf(word)
	switch {
	case !ok:
	case code > int(plan.Unknown):
		c.Edits.Exit = map[plan.State]int{plan.Unknown: code}
	default:
		c.State = plan.State(code)
	}
}

// byPlugin says whether a command line is one of the plugin's.
func byPlugin(given *option.Set) bool {
	return given.Has("plugin") || given.Has("mode") || given.Has("dyn-mode")
}

// formatIn is the format that a command line asks for.
func formatIn(given *option.Set) plan.Format {
	format := plan.Nagios
	for _, text := range given.All("output-format") {
		if f := plan.Format(text); slices.Contains(plan.Formats, f) || Is(f) {
			format = f
		}
	}
	return format
}

// answerFormat is the format for an answer.
func answerFormat(given *option.Set) plan.Format {
	switch f := formatIn(given); {
	case given.On("output-xml"):
		return XML
	case given.On("output-json"):
		return JSON
	case f == plan.Nagios && byPlugin(given):
		return Line
	default:
		return f
	}
}

// answerMode is the mode that an answer names. Centreon's documents always name
// one.
func answerMode(given *option.Set, f plan.Format) Mode {
	mode, _ := ModeOf(given)
	if mode != "" || !Is(f) {
		return mode
	}
	if given.Has("to") {
		return Message
	}
	return Login
}

// foreign says what the plugin says in its words.
func foreign(given *option.Set, err error) error {
	switch e := err.(type) {
	case *option.Text:
		isVersion := strings.HasPrefix(e.Body, "check_smtp v")
		if isVersion && (given.Text("plugin") != "" || given.Text("mode") != "") {
			return &option.Text{Body: "Mode Version: " + modeVersion + "\nPlugin Version: 0.1\nGlobal Version: 20260700\n" + e.Body}
		}
	case *option.Error:
		if e.Problem == "-P/--authpass: no authpass specified" && given.Text("mode") != "" {
			return &option.Error{Problem: "Please set --password option.", Hint: e.Hint}
		}
	}
	return err
}
