package args

import (
	"strconv"
	"strings"
)

// UsageError is a command line that cannot be carried out. Both texts are one
// line each; what the user typed is quoted in them.
type UsageError struct {
	Problem string // what is wrong
	Hint    string // what to do
}

// Error is the problem without the hint.
func (e *UsageError) Error() string { return e.Problem }

// Text is an answer to print instead of a check: the help or the version. It
// is an error so that no caller can mistake it for a plan.
type Text struct{ Body string }

// Error says what this is; the body is for standard output.
func (t *Text) Error() string { return "a text was asked for" }

const seeHelp = "see check_smtp --help"

// bad is what is wrong with the value of an option. option is how messages
// call it, such as "-p/--port".
func bad(option, problem, hint string) error {
	return &UsageError{Problem: option + ": " + problem, Hint: hint}
}

// quote quotes a text of the user's, in one line that holds no control
// character. A word as long as a mail would bury the message, so it is cut.
func quote(text string) string {
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

// quoteList quotes what has commas in it, and says of a semicolon that it is one:
// no line of the output shows any.
func quoteList(text string) string {
	if strings.Contains(text, ";") {
		return quote(text) + " (with a semicolon)"
	}
	return quote(text)
}

// near lists the names of which word, in whatever case, may be a slip: the name
// itself, else those that it begins, contains or ends, and those that are the
// fewest letters away, if these are few.
func near(word string, names []string) []string {
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
		best = min(best, distance(word, name))
	}
	var found []string
	for _, known := range names {
		name := strings.ToLower(known)
		part := len(word) > 2 && strings.Contains(name, word)
		if part || strings.HasPrefix(word, name) || distance(word, name) == best {
			found = append(found, known)
		}
	}
	return found
}

// didYouMean is the hint for an unknown name.
func didYouMean(word string, names []string) string {
	if found := near(word, names); found != nil {
		return "did you mean " + strings.Join(found, " or ") + "?"
	}
	return "they are " + strings.Join(names, ", ")
}

// distance is the number of letters to insert, drop or replace on the way from
// a to b (Levenshtein).
func distance(a, b string) int {
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

// texts turns a list of names that have a type into plain ones.
func texts[T ~string](names []T) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return list
}
