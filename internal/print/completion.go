package print

import (
	"strings"

	"check_smtp/internal/option"
)

// Completions hold words of the tables only. What the user has typed is compared
// with them, and never evaluated.

// choices are the words that an option takes; nil: not just some.
func (in Input) choices(r *option.Row) []string {
	switch r.Role {
	case option.Help:
		return append([]string{"all"}, in.Tables.Topics()...)
	case option.Print:
		return names()
	}
	return strings.Fields(r.Choices)
}

// aFile says whether the value of an option is the name of a file.
func aFile(r *option.Row) bool { return r.Value == "FILE" }

// mayBeFile says whether the value of an option may be the name of a file.
func mayBeFile(r *option.Row) bool { return aFile(r) || r.Value == "HOST" }

// brief is what is said of an option beside others: the first sentence, at most.
func brief(text string) string {
	for _, end := range []string{". ", "; ", ": ", ", which", ", with"} {
		text, _, _ = strings.Cut(text, end)
	}
	return text
}

// each calls f for every option with a short text. Options may share one.
func (in Input) each(f func(r *option.Row, text string)) {
	for i := range in.Tables {
		rows := in.Tables[i].Rows
		for j := range rows {
			f(&rows[j], brief(explained(rows[j:]).Help))
		}
	}
}

// spellings are all ways to type an option.
func spellings(r *option.Row) []string {
	var all []string
	if r.Letter != 0 {
		all = append(all, "-"+string(rune(r.Letter)))
	}
	for _, name := range r.Names() {
		all = append(all, "--"+name)
	}
	return all
}
