package option

import "testing"

func TestNextWord(t *testing.T) {
	for text, want := range map[string][2]string{
		`a b`: {"a", " b"}, `'a b' c`: {"a b", " c"}, `"a \" \$ \x" c`: {`a " $ \x`, " c"}, `a\ b`: {"a b", ""}, `a'b'"c"`: {"abc", ""},
		"''": {"", ""}, "\"\" x": {"", " x"}, "a\tb": {"a", "\tb"},
	} {
		word, rest, err := NextWord(text)
		if word != want[0] || rest != want[1] || err != nil {
			t.Errorf("%s: %q, %q, %v", text, word, rest, err)
		}
	}
	for _, text := range []string{`'a`, `"a`, `"a\"`, `a\`} {
		if word, _, err := NextWord(text); err == nil {
			t.Errorf("%s: %q", text, word)
		}
	}
}
