package centreon

import (
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
		if text = replaced(s, text); len(text) > most {
			text = strings.ToValidUTF8(text[:most-len("...")], "") + "..."
		}
	}
	return text
}

func replaced(s Substitution, text string) string {
	if s.All {
		return s.Pattern.ReplaceAllString(text, s.Text)
	}
	at := s.Pattern.FindStringSubmatchIndex(text)
	if at == nil {
		return text
	}
	return text[:at[0]] + string(s.Pattern.ExpandString(nil, s.Text, text, at)) + text[at[1]:]
}

// decided is what text and exit code become where a condition holds.
func decided(all []Outcome, words string, code int) (string, int) {
	for _, o := range all {
		holds := o.If.True(func(name string) Value {
			if name == "exit_code" {
				return TextValue(strconv.Itoa(code))
			}
			return TextValue(words)
		})
		if !holds {
			continue
		}
		words = o.Text
		if o.Exit >= 0 {
			code = o.Exit
		}
	}
	return words, code
}
