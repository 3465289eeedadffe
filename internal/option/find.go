package option

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// letter is the option that the first of the letters stands for.
func (w *reader) letter(letters string) (*Row, error) {
	if r := w.tables.ByLetter(letters[0]); r != nil {
		return r, nil
	}
	_, size := utf8.DecodeRuneInString(letters)
	return nil, &Error{Problem: "unknown option " + Quote("-"+letters[:size]), Hint: w.otherCase(letters[:1])}
}

// otherCase is the hint at a letter that is an option in upper or lower case only.
func (w *reader) otherCase(letter string) string {
	for _, other := range []string{strings.ToUpper(letter), strings.ToLower(letter)} {
		if r := w.tables.ByLetter(other[0]); r != nil {
			return "did you mean " + r.Spelling() + "? " + SeeHelp
		}
	}
	switch letter {
	case "o":
		return "did you mean --output-format or --output-file? " + SeeHelp
	case "k":
		return w.tables.Meant("insecure") + " " + SeeHelp
	}
	return SeeHelp
}

// at is the option that a word begins with where one may stand, and whether the word
// is just that: -c, --critical or --critical=5. Without a row it ends the options.
func (w *reader) at(word string) (r *Row, whole, ok bool) {
	if len(word) < 2 || word[0] != '-' {
		return nil, false, false
	}
	name, isLong := strings.CutPrefix(word, "--")
	if !isLong {
		letters := modern(word)[1:]
		r, err := w.letter(letters)
		return r, len(letters) == 1, err == nil
	}
	if name, _, _ = strings.Cut(name, "="); name == "" {
		return nil, false, true
	}
	r, err := w.find(name)
	return r, err == nil && r.called(name), err == nil
}

// Find is the option of this name or of the only name that begins like this. A
// name that all others go on from is the only one, so that what was short for
// --proxy and --authpass upstream still is.
func (t Tables) Find(name string) (*Row, error) { return (&reader{tables: t}).find(name) }

func (w *reader) find(name string) (*Row, error) {
	if r := w.tables.ByName(name); r != nil {
		return r, nil
	}
	found := slices.DeleteFunc(w.tables.Names(), func(own string) bool { return name == "" || !strings.HasPrefix(own, name) })
	if len(found) == 0 {
		return nil, w.unknown(name)
	}
	r := w.tables.ByName(found[0])
	for _, other := range found {
		if !r.called(other) && !strings.HasPrefix(other, found[0]) {
			return w.upstream(name, found)
		}
	}
	return r, nil
}

// upstream is the one of several options that the C plugin has. What was short for
// one of them there is short for it here, whatever we have added since.
func (w *reader) upstream(name string, found []string) (*Row, error) {
	var theirs []*Row
	for _, own := range found {
		if r := w.tables.ByName(own); r.Owner == Upstream && own == r.Name {
			theirs = append(theirs, r)
		}
	}
	if len(theirs) == 1 {
		return theirs[0], nil
	}
	foreign := func(name string) bool { return w.tables.ByName(name).Owner == Foreign }
	if own := slices.DeleteFunc(slices.Clone(found), foreign); len(own) > 0 {
		found = own
	}
	return nil, &Error{
		Problem: "option " + Quote("--"+name) + " is ambiguous",
		Hint:    "did you mean --" + strings.Join(found, " or --") + "?",
	}
}

// unknown is the error on a long name that is no option's.
func (w *reader) unknown(name string) error {
	if w.mute {
		return errUnread
	}
	return &Error{Problem: "unknown option " + Quote("--"+w.tables.showable(name)), Hint: w.tables.hintAt(name)}
}

// errUnread stands for an error that nobody reads.
var errUnread = &Error{Problem: "a word is not understood", Hint: SeeHelp}

// hintAt is the hint at the option that an unknown name may stand for.
func (t Tables) hintAt(name string) string {
	if strings.ContainsAny(name, otherDashes) {
		return "it contains a dash that is not a hyphen: type -"
	}
	if hint := t.Meant(name); hint != "" {
		return hint + " " + SeeHelp
	}
	if found := Near(name, t.Names()); found != nil {
		return "did you mean --" + strings.Join(found, " or --") + "? " + SeeHelp
	}
	return SeeHelp
}

// Meant is the hint at what an option is called here; "": it is not known.
func (t Tables) Meant(name string) string {
	switch name = strings.ToLower(name); name {
	case "insecure", "no-verify", "noverify", "no-check-certificate", "no-cert-check", "skip-verify", "tls-skip-verify":
		return "leave it out: what a certificate proves is only judged with --verify."
	}
	hint := ""
	known := t.first(func(r *Row) bool { return slices.Contains(strings.Fields(r.Elsewhere), name) }) != nil
	t.first(func(r *Row) bool {
		isOwn := func(other string) bool { return other == name || !known && isSlip(name, other) }
		if slices.ContainsFunc(strings.Fields(r.Elsewhere), isOwn) {
			hint = "did you mean --" + cmp.Or(r.Better, r.Name) + "?"
		} else if choice := r.Meant(name); r.Typed && slices.Contains(strings.Fields(r.Choices), choice) {
			hint = "did you mean --" + r.Name + " " + choice + "?"
		}
		return hint != ""
	})
	return hint
}

// isSlip says whether a word is another one, or but for a letter of a longer one.
func isSlip(word, other string) bool {
	return word == other || len(other) > 5 && len(word) <= len(other)+1 && Distance(word, other) == 1
}

// SecretIn is the name of an option with a secret that a word begins with, be it
// cut short as in -passS; "": none.
func (t Tables) SecretIn(word string) string {
	found := ""
	t.All(func(r *Row) {
		for _, name := range r.Names() {
			if r.Secret && len(name) > len(found) && strings.HasPrefix(word, name) {
				found = name
			}
		}
	})
	if found == "" && strings.HasPrefix(word, "pass") {
		return "pass"
	}
	return found
}

// showable is what may be shown of an unknown name. "--password:x", "--Px" and
// a line of an ini file that goes on from the one before may hold a password.
func (t Tables) showable(name string) string {
	if secret := t.SecretIn(name); len(name) > len(secret) && secret != "" {
		return secret + "..."
	}
	if strings.Trim(name, "-0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return "..."
	}
	return name
}
