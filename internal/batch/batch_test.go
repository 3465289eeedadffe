package batch

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestRead(t *testing.T) {
	tests := []struct {
		line string
		args []string
		name string
	}{
		{"mx1", []string{"mx1"}, ""},
		{"  -H mx1\t-w 1 \r", []string{"-H", "mx1", "-w", "1"}, ""},
		{"-H mx1 # the first one", []string{"-H", "mx1"}, ""},
		{"-R a#b '#c'", []string{"-R", "a#b", "#c"}, ""},
		{`-F '' -R "a b"`, []string{"-F", "", "-R", "a b"}, ""},
		{"/usr/lib/nagios/plugins/check_smtp -H mx1", []string{"-H", "mx1"}, ""},
		{`{"args": ["check_smtp", "-H", "mx 1"], "name": "the first"}`, []string{"-H", "mx 1"}, "the first"},
		{`{"args": ["-H"]}`, []string{"-H"}, ""},
	}
	for _, test := range tests {
		rows, err := Read(strings.NewReader("\ufeff# list\n\n; of servers\n" + test.line + "\n"))
		if err != nil || len(rows) != 1 || rows[0].Err != nil || !slices.Equal(rows[0].Args, test.args) || rows[0].Name != test.name || rows[0].Line != 4 {
			t.Errorf("%s: %+v, %v", test.line, rows, err)
		}
	}
}

// TestReadBad: a row that cannot be read is one, and says nothing of what is in it.
func TestReadBad(t *testing.T) {
	for _, line := range []string{
		"'hunter2", `"hunter2`, `hunter2\`, "check_smtp", "{", `{"args": []}`, `{"args": ["hunter2"]} hunter2`, `{"args": ["hunter2"], "x": 1}`, `{"args": "hunter2"}`, `{"name": "x"}`, `{"args": ["hunter2"]`, `{"args": ["hunter2"], "name": 5}`, `{"hunter2": 1}`, `{"args": [hunter2]}`, `["hunter2"]`, "[", `{}`,
		`{"args": ["a"], "name": "` + strings.Repeat("x", maxName+1) + `"}`, strings.Repeat("x", maxRow+1),
	} {
		rows, err := Read(strings.NewReader("a\n" + line + "\nb\n"))
		if err != nil || len(rows) != 3 || rows[1].Err == nil || rows[1].Line != 2 || rows[0].Err != nil || rows[2].Err != nil {
			t.Errorf("%.50s: %v", line, err)
		} else if strings.Contains(rows[1].Err.Error(), "hunter2") {
			t.Errorf("%s: %v", line, rows[1].Err)
		}
	}
}

func TestReadNothing(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "no row",
		"# a\n\n ; b\n":                        "no row",
		strings.Repeat("a\n", MaxRows+1):       "more than 10000 rows",
		strings.Repeat("#"+"\n", maxList):      "larger than 16 MiB",
		strings.Repeat("a\n", MaxRows) + "#\n": "",
		strings.Repeat("#\n", MaxRows+1) + "a": "",
	} {
		if _, err := Read(strings.NewReader(text)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"mx1\n'a b' -w 1 # c\n", `{"args": ["-H"], "name": "a"}`, "\\\n\"\\\"", ";\r\n\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := Read(strings.NewReader(text))
		if (err == nil) != (len(rows) > 0) {
			t.Fatal(rows, err)
		}
		for _, r := range rows {
			if (r.Err == nil) != (len(r.Args) > 0) && r.Err == nil || r.Line < 1 {
				t.Fatalf("%+v", r)
			}
			if r.Err != nil && !utf8.ValidString(r.Err.Error()) {
				t.Fatal(r.Err)
			}
		}
	})
}
