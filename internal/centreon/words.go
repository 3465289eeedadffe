package centreon

import (
	"slices"
	"strings"

	"check_smtp/internal/option"
)

const convertArgs = "convert-args"

// Words reads a command line as the plugin does if it is one of its: the
// next word is the value of an option unless it starts with a dash, also of a
// switch, and an option that needs a value may lack it.
func Words(tables option.Tables, argv []string) ([]string, error) {
	called := isPluginCall(tables, argv)
	argv, err := converted(tables, argv, called)
	if err != nil || !called && !isPluginCall(tables, argv) {
		return argv, err
	}
	var words []string
	for i := 0; i < len(argv); i++ {
		word := argv[i]
		if word == "--" {
			return append(words, argv[i:]...), nil
		}
		name, long := strings.CutPrefix(word, "--")
		r, err := tables.Find(name)
		switch {
		case !long || err != nil:
		case i+1 < len(argv) && r.Secret && isNoOption(tables, argv[i+1]):
			if strings.HasPrefix(argv[i+1], "--") {
				return nil, option.Bad(word, "the word after it, which is not shown, begins with dashes", "write "+word+"=VALUE")
			}
			i++
			word += "=" + argv[i]
		case i+1 < len(argv) && isValue(argv[i+1]):
			i++
			word += "=" + argv[i]
		case !r.Alone():
			word += "="
		}
		words = append(words, word)
	}
	return words, nil
}

// isNoOption says whether a word is none of the options, short or long.
func isNoOption(tables option.Tables, word string) bool {
	name, long := strings.CutPrefix(word, "--")
	name, _, _ = strings.Cut(name, "=")
	if long {
		return tables.ByName(name) == nil
	}
	return len(word) != 2 || word[0] != '-' || tables.ByLetter(word[1]) == nil
}

// isPluginCall says whether a command line is one of the plugin's. Only options
// say so; the value of one may be any text.
func isPluginCall(tables option.Tables, argv []string) bool {
	may := func(word string) bool {
		return strings.HasPrefix(word, "--mo") || strings.HasPrefix(word, "--pl") || strings.HasPrefix(word, "--dy")
	}
	if !slices.ContainsFunc(argv, may) {
		return false
	}
	given := option.Legible(tables, argv)
	return given.Has("mode") || given.Has("plugin") || given.Has("dyn-mode") || given.Has("mode-version")
}

// isValue says whether a word can be the value of the option before it: a short
// option cannot, a negative number can.
func isValue(word string) bool {
	return len(word) < 2 || word[0] != '-' || strings.IndexByte(".:0123456789", word[1]) >= 0
}

// converted carries out --convert-args. The plugin takes every word that looks
// like this option for it.
func converted(tables option.Tables, argv []string, called bool) ([]string, error) {
	isOwn := func(word string) bool { return strings.HasPrefix(word, "--"+convertArgs) }
	if !slices.ContainsFunc(argv, isOwn) {
		return argv, nil
	}
	text := option.Legible(tables, argv).Text(convertArgs)
	if called {
		text = ownWord(argv, convertArgs)
	}
	if text == "" {
		return argv, nil
	}
	search, replacement, ok := strings.Cut(text, ",")
	s, err := ParseSubstitution(search + "~" + replacement + "~g")
	switch {
	case !ok || search == "" || strings.Contains(text, "~"):
		return nil, option.Bad("--"+convertArgs, "the value, which is not shown, is not SEARCH,REPLACEMENT", "give a pattern without a tilde, and what takes its place")
	case err != nil:
		return nil, option.Bad("--"+convertArgs, "the part before the comma is not a regular expression", "the syntax is RE2: no look-around, no back-references")
	}
	words := slices.Clone(argv)
	for i, word := range words {
		if own := isOwn(word) || i > 0 && words[i-1] == "--"+convertArgs; !own {
			words[i] = s.In(word)
		}
	}
	return words, nil
}

// ownWord is the last value of an option of this name, taken from any word.
func ownWord(argv []string, name string) (text string) {
	for i, word := range argv {
		value, valued := strings.CutPrefix(word, "--"+name+"=")
		switch {
		case valued:
			text = value
		case word == "--"+name && i+1 < len(argv) && isValue(argv[i+1]):
			text = argv[i+1]
		}
	}
	return text
}
