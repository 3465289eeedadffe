package plan

import (
	"regexp/syntax"
	"strings"
	"testing"
)

// TestPattern: a large pattern is held against whole lines of the beginning of
// a long reply, and does not take what was cut off for the end of it.
func TestPattern(t *testing.T) {
	line := "250-" + strings.Repeat("x", 995)
	reply := strings.Repeat(line+"\n", 90) + "250 end"
	const large = "(?:|(?:n|o){450})" // what has so many parts sees a quarter of the reply
	for pattern, want := range map[string]bool{
		"^250-x+$":                true,
		"^250 end$":               true,
		`end\z`:                   true,
		large + "x$":              true,
		large + `x\z`:             false,
		large + `x\n\z`:           false,
		large + "^250 end$":       false,
		large + `\A(250-x+\n)*\z`: false,
	} {
		p, err := CompileReply(pattern)
		if err != nil {
			t.Fatal(err)
		}
		e := Expect{Pattern: p}
		if e.Met(250, reply) != want {
			t.Errorf("%q: %v", pattern, !want)
		}
	}
}

func TestParts(t *testing.T) {
	for pattern, most := range map[string]int{"": 5, "abc": 5, "^250[ -](AUTH|SIZE [0-9]{1,10})$": 60, "(?i)straße": 10, `\pL{3}`: 10} {
		if _, _, err := Compile(pattern); err != nil {
			t.Errorf("%q: %v", pattern, err)
		}
		if n := partsOf(t, pattern); n > most {
			t.Errorf("%q has %d parts, want %d at most", pattern, n, most)
		}
	}
	for pattern, least := range map[string]int{"(a|b){900}": 2000, "((a{10}){10}){10}": 1000, "(x?){0,1000}": 2000, "x{1000}y{1000}": 2000} {
		if n := partsOf(t, pattern); n < least {
			t.Errorf("%q has %d parts, want %d at least", pattern, n, least)
		}
	}
}

func partsOf(t *testing.T, pattern string) int {
	t.Helper()
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	return parts(tree)
}
