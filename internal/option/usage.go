package option

import (
	"strconv"
	"strings"
)

// Error is a command line that cannot be carried out. Both texts are one
// line each; what the user typed is quoted in them.
type Error struct {
	Problem string // what is wrong
	Hint    string // what to do
}

// Error is the problem without the hint.
func (e *Error) Error() string { return e.Problem }

// Asked is what Read ends with when there is to be a text instead of a check. It
// is an error so that no caller can mistake it for options.
type Asked struct {
	For  Role   // Help, Version or Print
	Word string // what was typed behind it; "": nothing
}

// Error says what this is.
func (a *Asked) Error() string { return "a text was asked for" }

// Text is an answer to print instead of a check: the help or the version. It is an
// error so that no caller can mistake it for options.
type Text struct {
	Body string
	Well bool // it is all that was asked for, and no check: the program ends with 0
}

// Error says what this is; the body is for standard output.
func (t *Text) Error() string { return "a text was asked for" }

// SeeHelp ends most hints.
const SeeHelp = "see check_smtp --help"

// Bad is what is wrong with the value of an option. option is how messages
// call it, such as "-p/--port".
func Bad(option, problem, hint string) error {
	return &Error{Problem: option + ": " + problem, Hint: hint}
}

// Quote quotes a text of the user's, in one line that holds no control
// character. A word as long as a mail would bury the message, so it is cut.
func Quote(text string) string {
	const most = 100
	rest := ""
	if len(text) > most {
		text, rest = strings.ToValidUTF8(text[:most], ""), "..."
	}
	quoted := strconv.Quote(text)
	if strings.Trim(strings.ReplaceAll(quoted, `\\`, `\`), `"`) == text {
		quoted = `"` + text + `"` // nothing but backslashes, which a pattern needs as they are
	}
	return quoted + rest
}

// Near lists the names of which word, in whatever case, may be a slip: the name
// itself, else those that it begins, contains or ends, and those that are the
// fewest letters away, if these are few.
func Near(word string, names []string) []string {
	if word == "" || len(word) > 40 {
		return nil
	}
	word = strings.ToLower(word)
	best := max(1, len(word)/3)
	for _, known := range names {
		name := strings.ToLower(known)
		if name == word {
			return []string{known}
		}
		best = min(best, Distance(word, name))
	}
	var found []string
	for _, known := range names {
		name := strings.ToLower(known)
		part := len(word) > 2 && strings.Contains(name, word)
		if part || strings.HasPrefix(word, name) || Distance(word, name) == best {
			found = append(found, known)
		}
	}
	return found
}

// DidYouMean is the hint for an unknown name.
func DidYouMean(word string, names []string) string {
	if found := Near(word, names); found != nil {
		return "did you mean " + strings.Join(found, " or ") + "?"
	}
	return "they are " + strings.Join(names, ", ")
}

// Distance is the number of letters to insert, drop or replace on the way from
// a to b (Levenshtein).
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Known quotes a word that ought to be one of some names, if it is nearly one of
// them. Any other may be a secret in the wrong place.
func Known(word string, names []string) string {
	for _, name := range names {
		if len(word) <= len(name)+2 && Distance(strings.ToLower(word), strings.ToLower(name)) <= 2 {
			return Quote(word)
		}
	}
	return "the value, which is not shown,"
}
