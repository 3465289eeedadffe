package reshape

import (
	"strconv"
	"strings"

	"check_smtp/internal/plan"
)

// What the renderers keep to, an edited text keeps to as well.
const (
	maxLine = 1000 // bytes of the first line before its perfdata
	maxRest = 6000 // bytes of the lines behind it
)

// Edit edits what has been printed, and says what to exit with in place of code.
// The words are edited in the two formats that are lines for people; the rest is
// for programs, which would not find their fields again.
func Edit(text []byte, code int, o plan.Output) ([]byte, int) {
	s := o.Reshape
	if s == nil {
		return text, code
	}
	if o.Format == plan.Nagios || o.Format == plan.Centreon {
		text, code = editLines(string(text), code, o)
	}
	if other, changed := s.Exit[plan.State(code)]; changed && o.Format != plan.PRTG {
		code = other
	}
	return text, code
}

// editLines edits the first line up to its perfdata, and what stands behind that
// line. Renderers leave no "|" in the words, so that the first one is the
// perfdata's.
func editLines(text string, code int, o plan.Output) ([]byte, int) {
	first, rest, _ := strings.Cut(text, "\n")
	words, perfdata := first, ""
	if i := strings.IndexByte(first, '|'); i >= 0 {
		words, perfdata = first[:i], first[i:]
	}
	gap := words[len(strings.TrimRight(words, " ")):]
	words = strings.TrimRight(words, " ")
	s := o.Reshape
	if s.NoLabel && o.Format == plan.Nagios {
		_, words, _ = strings.Cut(words, " - ")
	}
	words = substituted(s.Short, words, maxLine)
	words, code = decided(s.When, words, code)
	whole := words + gap + perfdata + "\n" + substituted(s.Long, rest, maxRest)
	return []byte(strings.ReplaceAll(whole, `\`, "/")), code // as the renderers do
}

// substituted carries out the substitutions, one after the other. Each may make
// the text longer, at most to so many bytes.
func substituted(all []plan.Substitution, text string, most int) string {
	for _, s := range all {
		if text = replaced(s, text); len(text) > most {
			text = strings.ToValidUTF8(text[:most-len("...")], "") + "..."
		}
	}
	return text
}

func replaced(s plan.Substitution, text string) string {
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
func decided(all []plan.Outcome, words string, code int) (string, int) {
	for _, o := range all {
		holds := o.If.True(func(name string) plan.Value {
			if name == "exit_code" {
				return plan.TextValue(strconv.Itoa(code))
			}
			return plan.TextValue(words)
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
