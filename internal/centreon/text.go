package centreon

import (
	"fmt"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/verdict"
)

// What the renderers keep to, an edited text keeps to as well.
const (
	maxLine = 1000 // bytes of the first line before its perfdata
	maxRest = 6000 // bytes of the lines behind it
)

// reword edits the words and the exit code. The words are edited in the two formats
// that are lines for people; the rest is for programs, which would not find their
// fields again.
func (e *Edits) reword(r *verdict.Report, o plan.Output) {
	code := int(r.State)
	if o.Format == plan.Nagios || o.Format == Line {
		code = e.rewrite(r, o, code)
	}
	if other, changed := e.Exit[plan.State(code)]; changed {
		code = other
	}
	r.Exit = &code
}

// rewrite edits the first line and what stands behind it, and says what to exit with
// in place of code. The blanks before the perfdata are none of the text.
func (e *Edits) rewrite(r *verdict.Report, o plan.Output, code int) int {
	if len(e.Short)+len(e.Long)+len(e.When) == 0 && !e.NoLabel {
		return code
	}
	var l verdict.Lines
	if o.Format == Line {
		l, _ = e.lines(*r, o)
	} else if l, _ = render.Classic(*r, o); e.NoLabel {
		l.First = strings.TrimPrefix(l.First, render.Label(r.State))
	}
	first := strings.TrimRight(l.First, " ")
	gap := l.First[len(first):]
	first, code = decided(e.When, substituted(e.Short, first, maxLine), code)
	calm := strings.NewReplacer(`\`, "/") // as the renderers do
	r.Lines = &verdict.Lines{First: calm.Replace(first) + gap, Rest: calm.Replace(substituted(e.Long, l.Rest, maxRest))}
	return code
}

// substituted carries out the substitutions, one after the other. Each may make
// the text longer, at most to so many bytes.
func substituted(all []Substitution, text string, most int) string {
	for _, s := range all {
		if text = s.In(text); len(text) > most {
			text = strings.ToValidUTF8(text[:most-len("...")], "") + "..."
		}
	}
	return text
}

// decided is what text and exit code become where a condition holds.
func decided(all []Outcome, words string, code int) (string, int) {
	for _, o := range all {
		names := map[string]any{"exit_code": strconv.Itoa(code), "short_output": words}
		if !o.If.isTrue(func(name string) any { return names[name] }) {
			continue
		}
		words = o.Text
		if o.Exit >= 0 {
			code = o.Exit
		}
	}
	return words, code
}

// Outcome replaces text and exit code where a condition holds.
type Outcome struct {
	If   *Expr // its names are short_output and exit_code
	Text string
	Exit int // -1: stays
}

// parseOutcome reads CONDITION,NEW TEXT,NEW EXIT. The condition ends at the first
// comma that is not part of a quotation or a pattern, the text at the last one.
func parseOutcome(text string) (Outcome, error) {
	end := endOfCondition(text)
	condition, rest := text[:end], strings.TrimPrefix(text[end:], ",")
	o := Outcome{Exit: -1, Text: rest}
	if i := strings.LastIndexByte(rest, ','); i >= 0 {
		word := strings.TrimSpace(rest[i+1:])
		exit, ok := namedExit(word)
		if !ok && word != "" {
			return o, fmt.Errorf("%q is not a state", short(word))
		}
		if ok {
			o.Exit = exit
		}
		o.Text = rest[:i]
	}
	if _, err := template(strings.ReplaceAll(o.Text, `\`, "/")); err != nil {
		return o, err
	}
	var err error
	o.If, err = parseExpr(condition, "short_output", "exit_code")
	return o, err
}

func endOfCondition(text string) int {
	var open byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case open != 0 && c == '\\':
			i++
		case c == open:
			open = 0
		case open != 0:
		case c == ',':
			return i
		case c == '\'' || c == '"' || c == '/' && strings.HasSuffix(strings.TrimRight(text[:i], " m"), "~"):
			open = c
		}
	}
	return len(text)
}
