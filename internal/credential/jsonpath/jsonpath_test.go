package jsonpath

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

const document = `{
  "entries": [
    {"title": "Server1", "login": "one", "pw": "geheim1", "port": 587, "tags": ["a", "b"]},
    {"title": "server2", "login": "two", "pw": "geheim2", "on": true},
    {"title": "it's", "pw": null, "sub": {"deep": {"pw": "geheim3"}}}
  ],
  "a/b": {"x y": "odd"}, "ä": "umlaut", "zero": ""
}`

func decode(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestFind(t *testing.T) {
	doc := decode(t, document)
	for path, want := range map[string]string{
		`$.entries[0].pw`:                       "geheim1",
		`$.entries[-1].title`:                   "it's",
		`$['entries'][1]["pw"]`:                 "geheim2",
		`$.entries[3].pw`:                       "",
		`$.entries[-4].pw`:                      "",
		`$.entries.pw`:                          "",
		`$[0]`:                                  "",
		`$.entries[*].pw`:                       "geheim1 geheim2 <nil>",
		`$.entries.*.login`:                     "one two",
		`$..pw`:                                 "geheim1 geheim2 <nil> geheim3",
		`$..deep.pw`:                            "geheim3",
		`$['a/b']['x y']`:                       "odd",
		`$.ä`:                                   "umlaut",
		`$.zero`:                                "",
		`$.entries[0].port`:                     "587",
		`$.entries[?(@.title == 'Server1')].pw`: "geheim1",
		`$.entries[?@.title == "Server1"].pw`:   "geheim1",
		`$.entries[?(@['title'] != 'Server1')].pw`:              "geheim2 <nil>",
		`$.entries[?(@.title == 'it\'s')]..pw`:                  "<nil> geheim3",
		`$.entries[?(@.port == 587)].pw`:                        "geheim1",
		`$.entries[?(@.port == '587')].pw`:                      "geheim1",
		`$.entries[?(@.on == true)].pw`:                         "geheim2",
		`$.entries[?(@.on)].pw`:                                 "geheim2",
		`$.entries[?(!@.on)].login`:                             "one",
		`$.entries[?(@.tags[1] == 'b')].pw`:                     "geheim1",
		`$.entries[?(@.sub.deep.pw)].title`:                     "it's",
		`$.entries[?(@.login eq 'one' || @.login=='two')].pw`:   "geheim1 geheim2",
		`$.entries[?(@.login && @.title =~ /SERVER2/i)].pw`:     "geheim2",
		`$.entries[?((@.on or @.port) and @.pw ne "x")].login`:  "one two",
		`$.entries[?('one' == @.login)].pw`:                     "geheim1",
		`$.entries[?(@.title =~ /a\/b|server\d$/)].pw`:          "geheim2",
		`$.entries[?(@.title !~ /^s/i)].title`:                  "it's",
		`$.entries[?(@.nothing !~ /x/)].title`:                  "",
		`$.entries[?(@.sub == @.sub)].title`:                    "",
		`$..entries.[?($_->{title} =~ /server1/i)].pw`:          "geheim1",
		`$.entries.[?($_->{title} eq 'server2')].login`:         "two",
		`$..entries.[?($_->{sub}->{deep}{'pw'} =~ /3/)].title`:  "it's",
		`$.entries.[?($_->{tags}->[0] eq 'a')].pw`:              "geheim1",
		` $.entries[ 1 ].pw`:                                    "geheim2",
		`$.entries[?( $_->{title} =~ /^s/ or $_->{port} )].pw`:  "geheim1 geheim2",
		`$..[?(@.login == 'two' && !(@.port || @.x == -1))].pw`: "geheim2",
	} {
		p, err := Parse(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		found, err := p.Find(doc)
		got := strings.TrimSuffix(fmt.Sprintln(found...), "\n")
		if got != want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", path, got, err, want)
		}
	}
	if whole, err := (Path{}).Find(doc); len(whole) != 1 || err != nil {
		t.Error(whole, err)
	}
}

func TestParseErrors(t *testing.T) {
	for path, want := range map[string]string{
		"":                              "begin with $",
		"entries":                       "begin with $",
		"$entries":                      "neither . nor [",
		"$.":                            "name is missing",
		"$..":                           "name is missing",
		"$.a b":                         "neither . nor [",
		"$[":                            "no number",
		"$[1":                           "] is missing",
		"$[x]":                          "no number",
		"$[1:2]":                        "] is missing",
		"$['a'":                         "] is missing",
		"$['a]":                         "' is missing",
		"$[?(@.a]":                      ") is missing",
		"$[?(@.a == )]":                 "a condition compares",
		"$[?(system('rm'))]":            "a condition compares",
		"$[?(@.a =~ 'x')]":              "expression/ is missing",
		"$[?(@.a =~ /x)]":               "/ is missing",
		"$[?(@.a =~ /geheim(/)]":        "not one of RE2",
		"$[?($_->{a =~ /x/)]":           "} is missing",
		"$[?($_->a =~ /x/)]":            "is missing after ->",
		"$[?(@.a == 'x' 'y')]":          ") is missing",
		strings.Repeat("$", 5000):       "longer than",
		"$[?" + strings.Repeat("(", 99): "too many parentheses",
		"$[?" + strings.Repeat("!", 99): "too many parentheses",
	} {
		if _, err := Parse(path); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%.40s: %v, want %q", path, err, want)
		}
	}
}

// TestBound: a document and a path that multiply are given up, wherever in the
// path the work is.
func TestBound(t *testing.T) {
	wide := strings.Repeat("[", 190) + strings.Repeat("[],", 3000) + "[]" + strings.Repeat("]", 190)
	deep := strings.Repeat(`{"a":`, 9900) + "1" + strings.Repeat("}", 9900)
	text := `["` + strings.Repeat("x", 100_000) + `"` + strings.Repeat(",[]", 2000) + "]"
	for path, doc := range map[string]string{
		"$" + strings.Repeat("..*", 6): wide,
		"$..a..b":                      deep,
		"$..a":                         deep,
		"$..*[?(@[*])]..x":             wide,
		"$..*[?(" + strings.Repeat("1==2||", 600) + "1==2)]":            wide,
		"$[?(" + strings.Repeat("@ =~ /x+y/ || ", 200) + "@ =~ /x+y/)]": text,
		"$..*..*..*[?(@[?(@[?(@.a)])])]":                                wide,
	} {
		p, err := Parse(path)
		if err != nil {
			t.Fatalf("%.40s: %v", path, err)
		}
		v := decode(t, doc)
		if found, err := p.Find(v); found != nil || err != errVisits {
			t.Errorf("%.40s: %d values, %v", path, len(found), err)
		}
	}
}

func TestDecode(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for text, want := range map[string]string{
		`{"a": "[[[,,,\"[,", "b": [1, 2]}`:           "",
		nested(maxNested):                            "",
		nested(maxNested + 1):                        "nested deeper than 200 levels",
		strings.Repeat(`{"a":`, 9900):                "nested deeper than 200 levels",
		"[" + strings.Repeat("0,", 997) + "0]":       "",
		"[" + strings.Repeat("0,", 999) + "0]":       "of more than 1000 values",
		"[" + strings.Repeat(`{"":0},`, 600) + `{}]`: "of more than 1000 values",
		"":              "not JSON",
		"{} {}":         "not JSON",
		`{"a": geheim}`: "not JSON",
		`"\`:            "not JSON",
		`["` + strings.Repeat("x", 1<<20) + `", 1e999]`: "",
	} {
		doc, err := Decode([]byte(text), 1000)
		if err == nil {
			err = errors.New("")
		}
		if err.Error() != want || (doc == nil) != (want != "") {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, path := range []string{`$..entries.[?($_->{title} =~ /server1/i)].pw`, `$.entries[?(@.a == 'b' && !(@.c or 1 == @['d'][0]))]`, `$[-1].*`} {
		f.Add(path)
	}
	doc := decode(f, document)
	f.Fuzz(func(t *testing.T, path string) {
		p, err := Parse(path)
		if err == nil {
			p.Find(doc)
		}
	})
}
