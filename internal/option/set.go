package option

import (
	"slices"
	"strconv"

	"github.com/spf13/pflag"

	"check_smtp/internal/plan"
)

// Set is what was given, by the first names of options. A name that is no
// option's is never given; a test looks for those.
type Set struct {
	Tables Tables
	Free   []Stray // words that belong to no option
	given  []entry // in the order in which they count, the ini files' first
}

// entry is one option as given.
type entry struct {
	row     *Row
	text    string      // "" of a secret, and of what is off; "true" of a switch that is on, or a number
	secret  plan.Secret // of a secret only
	guessed bool        // nobody typed it
	off     bool        // it was turned off, which takes back what was given before
}

// Value is one option as given.
type Value struct{ Name, Text string }

// Stray is a word that belongs to no option.
type Stray struct {
	Text  string
	After *Row   // the option right before it; nil: none
	Value string // of that option; "": none
}

// put adds a value to what was given.
func (s *Set) put(r *Row, text string) {
	e := entry{row: r, text: text, off: text == "false" && r.turns()}
	switch {
	case r.Secret:
		e.text, e.secret = "", plan.NewSecret(text)
	case e.off:
		e.text = ""
		s.Drop(r.Name)
	}
	s.given = append(s.given, e)
}

// Put gives an option a value, as if it were typed last.
func (s *Set) Put(name, text string) { s.put(s.Tables.ByName(name), text) }

// Drop takes an option back.
func (s *Set) Drop(name string) {
	s.given = slices.DeleteFunc(s.given, func(e entry) bool { return e.row.Name == name })
}

// last is what was given last of an option; without a row: nothing.
func (s *Set) last(name string) entry {
	for i := len(s.given) - 1; i >= 0; i-- {
		if s.given[i].row.Name == name {
			return s.given[i]
		}
	}
	return entry{}
}

// Has says whether an option was given, be it without a value.
func (s *Set) Has(name string) bool {
	return slices.ContainsFunc(s.given, func(e entry) bool { return e.row.Name == name && !e.guessed && !e.off })
}

// Text is the value of an option of which the last one counts; "": it was not
// given, has none, or is a secret.
func (s *Set) Text(name string) string { return s.last(name).text }

// Secret is the value of a secret option of which the last one counts.
func (s *Set) Secret(name string) plan.Secret { return s.last(name).secret }

// On says whether a switch is on, or the value of an option of which the last one
// counts is not empty.
func (s *Set) On(name string) bool {
	e := s.last(name)
	return e.row != nil && e.asks()
}

// Values are these options as given, in that order.
func (s *Set) Values(names ...string) []Value {
	var all []Value
	for _, e := range s.given {
		if slices.Contains(names, e.row.Name) && !e.off {
			all = append(all, Value{e.row.Name, e.text})
		}
	}
	return all
}

// All are the values of an option that may be repeated.
func (s *Set) All(name string) []string {
	var all []string
	for _, v := range s.Values(name) {
		all = append(all, v.Text)
	}
	return all
}

// Filled are those of All that are not empty.
func (s *Set) Filled(name string) []string {
	return slices.DeleteFunc(s.All(name), func(text string) bool { return text == "" })
}

// Secrets are the values of a secret option that may be repeated.
func (s *Set) Secrets(name string) []plan.Secret {
	var all []plan.Secret
	for _, e := range s.given {
		if e.row.Name == name {
			all = append(all, e.secret)
		}
	}
	return all
}

// Behind adds what another set was given before what this one was, but for some
// options: what stands here has the last word, also where it turns something off.
func (s *Set) Behind(base *Set, but ...string) {
	for _, e := range s.given {
		if e.off {
			but = append(but, e.row.Name)
		}
	}
	given := slices.DeleteFunc(slices.Clone(base.given), func(e entry) bool { return slices.Contains(but, e.row.Name) })
	s.given = append(given, s.given...)
}

// SecretGiven is a secret option that was given a value; nil: none was.
func (s *Set) SecretGiven() *Row {
	return s.First(func(r *Row) bool { return r.Secret })
}

// Given says whether an option asks for anything: a value that is not empty, or a
// switch that is on.
func (s *Set) Given(name string) bool {
	return slices.ContainsFunc(s.given, func(e entry) bool { return e.row.Name == name && e.asks() })
}

func (e *entry) asks() bool {
	if e.row.Secret {
		return !e.secret.Empty()
	}
	return e.text != ""
}

// Count is how often a switch was given; a number that was typed sets it.
func (s *Set) Count(name string) int {
	n := 0
	for _, text := range s.All(name) {
		if text == "true" {
			n++
		} else {
			n, _ = strconv.Atoi(text)
		}
	}
	return n
}

// First is the first option, in the order of the tables, that asks for something
// and is one of these; nil: there is none.
func (s *Set) First(is func(*Row) bool) *Row {
	return s.Tables.first(func(r *Row) bool { return is(r) && s.Given(r.Name) })
}

// flag lets pflag give an option its values.
type flag struct {
	set *Set
	row *Row
}

// Set adds a value.
func (f flag) Set(text string) error {
	f.set.put(f.row, text)
	return nil
}

func (flag) String() string { return "" }
func (flag) Type() string   { return "text" }

// bind adds an option to a set of flags, unless it is there.
func bind(flags *pflag.FlagSet, s *Set, r *Row) {
	if flags.Lookup(r.Name) != nil {
		return
	}
	f := flags.VarPF(flag{s, r}, r.Name, "", "")
	if r.Alone() {
		f.NoOptDefVal = r.unsaid()
	}
}

// Guess gives an option a value that nobody typed: Has stays as it was.
func (s *Set) Guess(name, text string) {
	s.Put(name, text)
	s.given[len(s.given)-1].guessed = true
}
