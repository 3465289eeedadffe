package args

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
)

// What reads a value returns no error of its own: the first value that is wrong is
// noted, and whoever has read values ends with what is noted, Plan at the latest.

func (o *Set) refuse(name, problem, hint string) { o.fail(bad(name, problem, hint)) }

func (o *Set) fail(err error) {
	if o.wrong == nil {
		o.wrong = err
	}
}

// choice is the word that was given of those which the row of an option lists; "":
// none was.
func (o *Set) choice(name string) string {
	text := o.Text(name)
	if text == "" {
		return ""
	}
	r := Tables.ByName(name)
	words := strings.Fields(r.Choices)
	if i := slices.IndexFunc(words, func(word string) bool { return word == text || r.AnyCase && strings.EqualFold(word, text) }); i >= 0 {
		return words[i]
	}
	hint := didYouMean(r.Meant(text), words)
	if last := len(words) - 1; option.IsNumber(words[0]) { // of which any two look alike
		hint = "they are " + strings.Join(words[:last], ", ") + " and " + words[last]
	}
	o.refuse(name, quote(text)+" is not a "+r.Noun, hint)
	return ""
}

// number is a number of targets.
func (o *Set) number(name string, usual int) int {
	text := o.Text(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostTargets {
		o.refuse(name, quote(text)+" is not a number from 1 to 100", "such as --"+name+" "+strconv.Itoa(usual))
	}
	return n
}

// port is the number of a port; 0: none was given.
func (o *Set) port(name, example string) int {
	if !o.Has(name) {
		return 0
	}
	n := portIn(strings.TrimSpace(o.Text(name)))
	if n == 0 {
		o.refuse(name, quote(o.Text(name))+" is not a port (1 to 65535)", "give a number, such as "+example)
	}
	return n
}

// portIn is the port that a text is; 0: it is none.
func portIn(text string) int {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0
	}
	return int(port)
}

// seconds is a time; 0: none was given.
func (o *Set) seconds(name string, most time.Duration, hint string) time.Duration {
	text := o.Text(name)
	if text == "" {
		return 0
	}
	d, problem := secondsIn(text, most, " is too many")
	if problem != "" {
		o.refuse(name, quote(text)+problem, hint)
	}
	return d
}

// secondsIn reads seconds: digits and a point; or says what is wrong with them.
func secondsIn(text string, most time.Duration, tooMany string) (d time.Duration, problem string) {
	d, err := time.ParseDuration(text + "s")
	switch {
	case isBelowZero(text):
		return 0, " is below zero"
	case err != nil || strings.Trim(text, ".0123456789") != "":
		return 0, " is not a number of seconds"
	case d <= 0:
		return 0, " leaves no time"
	case d > most:
		return 0, tooMany
	}
	return d, ""
}

// isBelowZero says whether a text is a negative number.
func isBelowZero(text string) bool {
	positive, negative := strings.CutPrefix(text, "-")
	return negative && positive != "" && strings.Trim(positive, ".0123456789") == ""
}

// stateOf is the state that a word names.
func stateOf(name, word string) (plan.State, error) {
	state, ok := plan.ParseState(word)
	if !ok {
		return 0, bad(name, quote(word)+" is not a state", "the states are ok, warning, critical, unknown or 0 to 3")
	}
	return state, nil
}

// certificates are those in the file that an option names; nil: it was not given.
func (o *Set) certificates(name string) []byte {
	data := o.file(name, hintPEM)
	if o.Text(name) != "" && !roots.Holds(data) {
		o.refuse(name, quote(o.Text(name))+" contains no certificate", "give a file with certificates in PEM")
	}
	return data
}

const hintPEM = "give a file in PEM that this user may read"

// file is what the file holds that an option names; nil: it was not given, or holds
// nothing. An empty hint is that of any file.
func (o *Set) file(name, hint string) []byte {
	file := o.Text(name)
	if file == "" {
		return nil
	}
	data, err := o.env.ReadFile(file)
	if err != nil {
		o.fail(o.unread(name, file, err, cmp.Or(hint, remedy(err))))
	}
	return data
}
