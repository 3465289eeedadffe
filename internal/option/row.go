// Package option reads the words of a command line and of ini files, by one table
// of rows that says all there is to know of each option. The help and the tables
// of the documents are made from the same rows. What a value means is none of its
// business: it prints nothing, and makes no plan.
package option

import (
	"slices"
	"strings"
)

// Row is an option. Only Name must be there; a row without a Value is a switch.
type Row struct {
	Name   string
	Letter byte   // 0: it has none
	Also   string // more names, with blanks between them
	Value  string // what stands for its value in the help
	Unsaid string // the value where none is typed; "": there must be one

	Many   bool // every one counts, not just the last; of a switch: how often
	Once   bool // two that differ are no change of mind: whoever types them wants both. With Many, two NAME=VALUE of one name
	Secret bool // the value is kept as one, and never shown
	Common bool // one that many people use
	Owner  Owner
	Needs  Need // it means nothing without that

	Shape   Shape
	OneWord bool   // no blank can be meant in the value
	Unless  string // but where this stands in it
	Equals  bool   // behind the letter the value may begin with an equals sign
	Filled  bool   // an empty value is an error: a macro that nobody has filled in would switch something off
	Writes  bool   // the value names a file to write
	Next    Next
	Role    Role

	Choices   string // the words that it takes, with blanks between them; "": not just some
	Noun      string // what one of them is: "mode"
	AnyCase   bool   // they may be typed in upper and lower case
	Slips     string // lines of "word: others", which people type in place of a choice
	Typed     bool   // people type its choices as options: --json
	Elsewhere string // names that it goes by elsewhere, or that people expect
	Better    string // what to name in the hint at those; "": Name
	Usual     string // a value that templates pass whether it is needed or not

	Help string          // English, without line ends; "": the next row's holds for it, too
	List func() []string // lines behind Help, made from a table; nil: none
}

// Owner says where an option comes from.
type Owner int

// The owners.
const (
	Ours     Owner = iota
	Upstream       // monitoring-plugins has it: what was short for it there is short for it here
	Foreign        // another system's. A switch of it is off with 0, and on with anything else
)

// Need is what an option needs to mean anything, in the words of whoever refuses
// it without; "": nothing.
type Need string

// Shape is what the values of an option look like.
type Shape int

// The shapes.
const (
	AName   Shape = iota // of a host, a file, an address: hardly that of an option
	AUser                // any text; one that looks like -P may be the password behind a user that is missing
	Shaped               // a number, a word of a list: never like an option
	Ranged               // the same, and may begin with a dash: -5:10
	AnyText              // may be anything
)

// exact says whether values of this shape are never like an option.
func (s Shape) exact() bool { return s == Shaped || s == Ranged }

// Free says whether values of this shape may be anything.
func (s Shape) Free() bool { return s == AnyText || s == AUser }

// Next says which word behind an option that may stand alone is its value.
type Next int

// What is taken.
const (
	NoNext      Next = iota
	AnyNext          // any that is no option: so does the C plugin, and Icinga relies on it
	YesOrNoNext      // as in Icinga's stock command: "-q true"
	DigitNext        // 0, 1 or 2: no host is called so
	TopicNext        // of the help
)

// Role is what an option means while the words are still being read.
type Role int

// The roles.
const (
	Plain   Role = iota
	Help         // Read ends with *Asked
	Version      // likewise
	Print        // likewise
	INI          // its value says where more options stand
)

// Table is a group of options.
type Table struct {
	Topic, Title string
	Rows         []Row
}

// Tables are all options, in the order of the help.
type Tables []Table

// Alone says whether an option may stand without a value.
func (r *Row) Alone() bool { return r.Value == "" || r.Unsaid != "" }

// Switch says whether an option has no value but on and off.
func (r *Row) Switch() bool { return r.Value == "" }

// unsaid is the value where none is typed.
func (r *Row) unsaid() string {
	if r.Switch() {
		return "true"
	}
	return r.Unsaid
}

// Spelling is what messages call an option: "-p/--port".
func (r *Row) Spelling() string {
	if r.Letter == 0 {
		return "--" + r.Name
	}
	return "-" + string(rune(r.Letter)) + "/--" + r.Name
}

// short is the letter of an option, or its name where it has none, with dashes.
func (r *Row) short() string {
	if r.Letter == 0 {
		return "--" + r.Name
	}
	return "-" + string(rune(r.Letter))
}

// Names are all names of an option.
func (r *Row) Names() []string { return append([]string{r.Name}, strings.Fields(r.Also)...) }

// called says whether this is one of the names.
func (r *Row) called(name string) bool {
	return r.Name == name || r.Also != "" && slices.Contains(strings.Fields(r.Also), name)
}

// Meant is the choice that a word means, by itself in any case or as one of its
// slips; a word that means none is returned as it is.
func (r *Row) Meant(word string) string {
	word = strings.ToLower(word)
	for line := range strings.Lines(r.Slips) {
		choice, others, ok := strings.Cut(line, ": ")
		if ok && slices.ContainsFunc(strings.Fields(others), func(other string) bool { return isSlip(word, other) }) {
			return strings.TrimSpace(choice)
		}
	}
	return word
}

// ByName is the option of this name, or one that goes by it, too; nil: there is none.
func (t Tables) ByName(name string) *Row { return t.first(func(r *Row) bool { return r.called(name) }) }

// ByLetter is the option with this letter; nil: there is none.
func (t Tables) ByLetter(letter byte) *Row {
	return t.first(func(r *Row) bool { return r.Letter == letter })
}

// All calls f for every option.
func (t Tables) All(f func(*Row)) {
	t.first(func(r *Row) bool {
		f(r)
		return false
	})
}

func (t Tables) first(is func(*Row) bool) *Row {
	for i := range t {
		for j := range t[i].Rows {
			if r := &t[i].Rows[j]; is(r) {
				return r
			}
		}
	}
	return nil
}

// Names are the names of all options, in alphabetical order.
func (t Tables) Names() []string {
	var names []string
	t.All(func(r *Row) { names = append(names, r.Names()...) })
	slices.Sort(names)
	return names
}

// Topics are the words that stand for the tables.
func (t Tables) Topics() []string {
	var topics []string
	for _, table := range t {
		topics = append(topics, table.Topic)
	}
	return topics
}

// TopicOf is the topic of the help that holds an option; "": there is no such one.
func (t Tables) TopicOf(name string) string {
	for _, table := range t {
		if slices.ContainsFunc(table.Rows, func(r Row) bool { return r.called(name) }) {
			return table.Topic
		}
	}
	return ""
}
