package args

import (
	"strings"

	"check_smtp/internal/option"
)

// UsageError is a command line that cannot be carried out.
type UsageError = option.Error

const seeHelp = option.SeeHelp

// bad is what is wrong with the value of an option, by its name.
func bad(name, problem, hint string) error { return option.Bad(spelling(name), problem, hint) }

// spelling is what messages call an option: "-p/--port".
func spelling(name string) string { return Tables.ByName(name).Spelling() }

// letter is what a hint calls an option that has one: "-p".
func letter(name string) string { return spelling(name)[:len("-p")] }

// quote quotes a text of the user's, in one line.
func quote(text string) string { return option.Quote(text) }

// didYouMean is the hint for an unknown name.
func didYouMean(word string, names []string) string { return option.DidYouMean(word, names) }

// quoteList quotes what has commas in it, and says of a semicolon that it is one:
// no line of the output shows any.
func quoteList(text string) string {
	if strings.Contains(text, ";") {
		return quote(text) + " (with a semicolon)"
	}
	return quote(text)
}

// texts turns a list of names that have a type into plain ones.
func texts[T ~string](names []T) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return list
}
