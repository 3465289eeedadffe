package print

import (
	"slices"
	"strings"
	"unicode"

	"check_smtp/internal/option"
)

// setting is an option that a poller's configuration can set.
type setting struct {
	*option.Row
	about string // one line
}

// settings are the options of a check, in the order of the help.
func settings(t option.Tables) []setting {
	var all []setting
	for i := range t {
		for j := range t[i].Rows {
			if r := &t[i].Rows[j]; settable(t[i].Topic, r) {
				all = append(all, setting{r, aboutFirst(t[i].Rows[j:])})
			}
		}
	}
	return all
}

// settable says whether an option is one of a check that a poller runs. The help
// and the like are none; the dialect of Centreon's plugin is for command lines
// that were written for it; a poller reads one format, from standard output; and
// the endpoints are always an error.
func settable(topic string, r *option.Row) bool {
	if r.Role != option.Plain && r.Role != option.INI || topic == "centreon" {
		return false
	}
	return !slices.Contains([]string{"output-format", "output-file", "keepass-endpoint", "teampass-endpoint"}, r.Name)
}

// explained is the first of these rows that has a help, or the last one: options may
// share the help of one behind them.
func explained(rows []option.Row) *option.Row {
	for i := range rows {
		if rows[i].Help != "" {
			return &rows[i]
		}
	}
	return &rows[len(rows)-1]
}

// maxList is how long a description may become by the list behind it, in bytes:
// that of the conditions is a page.
const maxList = 1000

// aboutFirst is what the help says of the first of these rows, in one line.
func aboutFirst(rows []option.Row) string {
	r := explained(rows)
	if r.List == nil {
		return inOneLine(r.Help)
	}
	if whole := inOneLine(r.Help + " " + strings.Join(r.List(), " ")); len(whole) <= maxList {
		return whole
	}
	text := inOneLine(r.Help)
	if i := strings.LastIndex(text, ". "); i >= 0 { // the last sentence leads up to the list
		text = text[:i]
	}
	return text
}

// inOneLine is a text in one line, without control characters.
func inOneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// typedAs is an option as it is typed: its letter, or its name.
func typedAs(r *option.Row) string { return spellings(r)[0] }

// customVariable is the custom variable of an option. People have these names in their
// configurations.
func customVariable(r *option.Row) string {
	if r.Name == "hostname" {
		return "smtp_plus_address" // as those of Icinga's own commands are called
	}
	return "smtp_plus_" + strings.ReplaceAll(r.Name, "-", "_")
}

// secrecy is how a secret reaches the program without the process list.
type secrecy int

// The ways.
const (
	shown    secrecy = iota // none that a poller could go: the administrator types KEY=@file:NAME
	bySister                // another option names the environment variable: --authpass-env
	byAt                    // the value @env:NAME
)

// secretly is the way for a secret.
func secretly(t option.Tables, r *option.Row) secrecy {
	switch {
	case t.ByName(r.Name+"-env") != nil:
		return bySister
	case r.Many:
		return shown
	}
	return byAt
}

// shellWord is a word for a command line that a shell reads.
func shellWord(word string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
