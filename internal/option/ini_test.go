package option

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestParseINI(t *testing.T) {
	const text = `; a comment
# another

[ check_smtp ]
hostname = mx1
  expect=a "b" ; no comment = here
starttls =
[check_http] ; of somebody else
what ever
 = x
[check_smtp]
p=26
`
	entries, err := ParseINI(text, "check_smtp")
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{{"hostname", "mx1", 5}, {"expect", `a "b" ; no comment = here`, 6}, {"starttls", "", 7}, {"p", "26", 12}}
	if !slices.Equal(entries, want) {
		t.Errorf("got %v", entries)
	}
}

func TestParseINIErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", `section "s" is missing or empty`},
		{"[s]", `section "s" is missing or empty`},
		{"[S]\na=b", `section "s" is missing or empty`},
		{"\na=b\n[s]", `line 2 stands before the first section`},
		{"[s]\n\na", `line 3 is not key = value`},
		{"[s]\r\n = b", `line 2 is not key = value`},
		{"[s", `line 1 is not [section]`},
		{"[s] a=b", `line 1 is not [section]`},
	} {
		entries, err := ParseINI(test.text, "s")
		if err == nil || err.Error() != test.want {
			t.Errorf("%q\n got %v, %v\nwant %s", test.text, entries, err, test.want)
		}
	}
}

// Whatever the file, an entry can be found again in the line that it names.
func FuzzINI(f *testing.F) {
	f.Add("[s]\na = b\n", "s")
	f.Add("; c\n[ s ]\r\nH=1\r\n[t]\njunk\n[s] # c\nv =", "s")
	f.Add("a=b\n[s]", "s")
	f.Add("[s\n=\n[]\n", "")
	f.Fuzz(func(t *testing.T, text, section string) {
		entries, err := ParseINI(text, section)
		if (err == nil) != (len(entries) > 0) {
			t.Fatalf("%v, %v", entries, err)
		}
		lines := strings.Split(text, "\n")
		for _, e := range entries {
			key, value, ok := strings.Cut(lines[e.Line-1], "=")
			if !ok || strings.TrimSpace(key) != e.Key || e.Key == "" || strings.TrimSpace(value) != e.Value {
				t.Errorf("line %d is %q, the entry %q %q", e.Line, lines[e.Line-1], e.Key, e.Value)
			}
		}
		if err != nil && strings.ContainsFunc(err.Error(), unicode.IsControl) {
			t.Errorf("%q holds a control character", err)
		}
	})
}
