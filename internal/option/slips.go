package option

import (
	"cmp"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// otherDashes look like a hyphen, and word processors and web pages put them in
// its place.
const otherDashes = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"

// OtherDash is such a dash at the beginning of a text, or behind a hyphen there;
// "": none.
func OtherDash(text string) string {
	text = strings.TrimLeft(text, "-")
	if text == "" || text[0] < utf8.RuneSelf {
		return ""
	}
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError || !strings.ContainsRune(otherDashes, r) {
		return ""
	}
	return text[:size]
}

// badDash says what to type instead of a word that begins with another dash. What
// follows the option's name is not shown.
func (w *reader) badDash(word string) error {
	const why = " begins with a dash that is not a hyphen"
	dash := OtherDash(word)
	name := strings.TrimLeft(word, "-"+otherDashes)
	if name, _, _ := strings.Cut(name, "="); len(name) > 1 {
		if r, err := w.find(name); err == nil {
			if !r.called(name) {
				name = r.Name
			}
			return &Error{Problem: Quote(dash+name) + why, Hint: "type --" + name}
		}
	}
	if name != "" {
		if r, err := w.letter(name); err == nil {
			return &Error{Problem: Quote(dash+string(rune(r.Letter))) + why, Hint: "type " + r.short()}
		}
	}
	return &Error{Problem: "a word begins with " + Quote(dash) + ", a dash that is not a hyphen", Hint: "type - instead"}
}

// oneDash refuses a long option behind a single dash. It would be read as
// letters: -timeout 5 as -t imeout. What follows the name is not shown.
func (w *reader) oneDash(text string) error {
	name, _, _ := strings.Cut(text, "=")
	if name == "Password" || name == "Passwd" || name == "Pass" {
		name = "pass"
	}
	if len(name) < 2 || name[0] < 'a' || name[0] > 'z' {
		return nil
	}
	if secret := w.tables.SecretIn(name); secret != "" {
		hint := cmp.Or(w.tables.Meant(secret), "did you mean --"+secret+"?")
		return &Error{Problem: "unknown option " + Quote("-"+secret+"..."), Hint: hint + " " + SeeHelp}
	}
	const switches = "vqsr" // which no long name is made of alone
	isName := strings.Trim(name, "-abcdefghijklmnopqrstuvwxyz") == "" && strings.Trim(name, switches) != ""
	if !isName || len(name) < 3 && name != "cc" && name != "mx" || strings.HasPrefix("help", name) {
		return nil
	}
	r, err := w.find(name)
	if err != nil || !r.called(name) && len(name) < 4 {
		return nil
	}
	full := r.Name
	if r.called(name) {
		full = name
	}
	if len(w.rest) > 0 && r.Shape.exact() && IsNumber(w.rest[0]) { // the number that it wants
		full += " " + w.rest[0]
	}
	return &Error{Problem: "unknown option " + Quote("-"+name), Hint: "did you mean --" + full + "? " + SeeHelp}
}

// IsNumber says whether a word is a short number or a range, and no address.
func IsNumber(word string) bool {
	if word == "" || len(word) > 20 || strings.Trim(word, "0123456789.,:@~%") != "" {
		return false
	}
	_, err := netip.ParseAddr(word)
	return err != nil
}

// unread says of a letter that is no option what the word may mean as a whole.
func (w *reader) unread(letters string, err error) error {
	usage, ok := err.(*Error)
	if !ok || w.mute || len(letters) < 3 {
		return err
	}
	name, _, _ := strings.Cut(letters, "=")
	if hint := w.tables.hintAt(name); hint != SeeHelp {
		usage.Hint = hint
	}
	return usage
}
