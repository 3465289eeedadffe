package centreon

import (
	"fmt"
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

func TestParseSubstitution(t *testing.T) {
	for _, tt := range []struct{ entry, in, want string }{
		{"OK~FINE", "OK: all OK", "FINE: all OK"},
		{"ok~fine~gi", "OK: all OK", "fine: all fine"},
		{"(\\d+)~<$1>", "a 12 b 3", "a <12> b 3"},
		{`(a)(b)~\2${1}x`, "ab", "bax"},
		{"b~$&$&", "abc", "abbc"},
		{"OK", "OK: x", ": x"},
		{"x~$", "x", "$"},
		{`x~\$1\.`, "x", "$1."},
		{"x~$y", "x", "$y"},
		{"~a~", "b", "ab"},
	} {
		s, err := ParseSubstitution(tt.entry)
		if err != nil {
			t.Errorf("%q: %v", tt.entry, err)
			continue
		}
		got := s.In(tt.in)
		if got != tt.want {
			t.Errorf("%q makes %q of %q, want %q", tt.entry, got, tt.in, tt.want)
		}
	}
	for _, entry := range []string{"(", "a~b|c", "a~b\nc", `a~\n`, "a~\xff", "a~\u009b1m", "a~b~e", "a~b~x", "(?<!a)b~c", `(a)\1~c`, strings.Repeat("x", 1001), "a~" + strings.Repeat("x", 1001)} {
		if s, err := ParseSubstitution(entry); err == nil {
			t.Errorf("%q is accepted as %+v", entry, s)
		}
	}
}

func TestParseEditRefuses(t *testing.T) {
	for entry, want := range map[string]string{
		"":                          "there is none",
		",x":                        "there is none",
		"time,,,,,,,,":              "more than 8 parts",
		"(,x":                       "missing closing",
		"time,,double()":            `"double" is not a method`,
		"time,,eval(1)":             "math(current * 1000)",
		"time,,eval":                "math(current * 1000)",
		"time,,math(current":        "is not METHOD(ARGUMENT)",
		"time,,invert":              "is not METHOD(ARGUMENT)",
		"time,,math(currant)":       `"currant" is not a name`,
		"time,,scale(bananas)":      "give auto or a unit",
		"time,,sum(()":              "missing closing",
		"time,,,5s":                 "is not a unit",
		"time,,,a b":                "is not a unit",
		"time,,,;":                  "is not a unit",
		"time,,,-":                  "is not a unit",
		"time,,,,x":                 "is not a number",
		"time,,,,,1e9":              "is not a number",
		"time,,,,,9999999999999999": "is not a number",
		"time,,,,,,5:1":             "the start is above the end",
		"time,,,,,,-5%":             "share of the maximum",
		"time,a|b":                  "cannot stand",
		"time,a\xffb":               `"a\xffb" is not UTF-8`,
		"time,\xc3":                 "is not UTF-8",
		"time,a\u0085b":             `"\u0085" cannot stand`,
		"time,a\x1b[1m":             `"\x1b" cannot stand`,
		"time,a\x7f":                `"\x7f" cannot stand`,
	} {
		if e, err := parseEdit(entry); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v, want %q", entry, e, err, want)
		}
	}
	for entry, want := range map[string]string{
		"time,x":              "none of min(REGEX)",
		",x,math(current)":    "none of min(REGEX)",
		",,sum(a)":            "the new label",
		"(t),x,sum($1()":      "missing closing",
		`(t),x,sum((t)\1)`:    "invalid escape",
		",x,sum(a),s,,,1:2,z": "is not a number",
	} {
		if e, err := parseGroup(entry); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v, want %q", entry, e, err, want)
		}
	}
	for _, entry := range []string{"", "time", "time,", ",x", "time,a,b", "(,x"} {
		if e, err := parseExplosion(entry); err == nil {
			t.Errorf("%q is accepted as %+v", entry, e)
		}
	}
}

func TestParseOutcome(t *testing.T) {
	short := func(name string) any {
		if name == "exit_code" {
			return float64(2)
		}
		return "CRITICAL: a, b"
	}
	for _, tt := range []struct{ entry, want string }{
		{"1,OK: fine,OK", "true OK: fine 0"},
		{"%(short_output) =~ /a, b/,x, y,WARNING", "true x, y 1"},
		{"%(short_output) =~ m/\\/,/,x,ok", "false x 0"},
		{"%(short_output) eq 'CRITICAL: a, b',x,", "true x -1"},
		{"%(exit_code) == 2,gone", "true gone -1"},
		{"%(exit_code) / 2 == 1,a/b,pending", "true a/b 4"},
		{"%{exit_code} == 0,,unknown", "false  3"},
	} {
		o, err := parseOutcome(tt.entry)
		if err != nil {
			t.Errorf("%q: %v", tt.entry, err)
		} else if got := fmt.Sprintf("%v %s %d", o.If.isTrue(short), o.Text, o.Exit); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.entry, got, tt.want)
		}
	}
	for _, entry := range []string{"", "1,x,fine", "%(label),x,OK", "1,a|b,OK", "1,a\nb,OK", "current,x,OK"} {
		if o, err := parseOutcome(entry); err == nil {
			t.Errorf("%q is accepted as %+v", entry, o)
		}
	}
}

func TestUnits(t *testing.T) {
	for text, bits := range map[string]float64{"B": 8, "b": 1, "KB": 8192, "Kb": 1000, "KiB": 8192, "Mbps": 1e6, "GB/s": 8 << 30} {
		u, ok := parseUnit(text)
		if !ok || u.size() != bits || strings.ReplaceAll(text, "i", "") != u.String() {
			t.Errorf("%q: %+v is %v bits, prints as %q", text, u, u.size(), u)
		}
	}
	for _, text := range []string{"", "s", "K", "Bq", "KKB", "ms", "%"} {
		if u, ok := parseUnit(text); ok {
			t.Errorf("%q is %+v", text, u)
		}
	}
	b, _ := parseUnit("B")
	for bytes, want := range map[float64]string{0: "B", 1023: "B", 1024: "KB", -5 << 20: "MB", 1e30: "EB"} {
		if got := b.fitting(8 * bytes).String(); got != want {
			t.Errorf("%v bytes fit %s, want %s", bytes, got, want)
		}
	}
}

func TestWholeRanges(t *testing.T) {
	for in, want := range map[string]string{"1": "0:1", "~:2": "~:2", "10:": "10:", ":": "0:", "@0:1": "@0:1", "@3": "@0:3", "0.75": "0:0.75", "1:2": "1:2"} {
		if r, err := plan.ParseRange(in); err != nil || whole(&r) != want {
			t.Errorf("%q: %q, %v, want %q", in, whole(&r), err, want)
		}
	}
}

// Whatever the entry, it is read or told in one line, and what a template puts
// into a line cannot end it.
func FuzzEntries(f *testing.F) {
	for _, entry := range []string{
		"time,time_ms,math(current * 1000|1),ms", "(ti)me,${1}_avg,average($1me),s,0,9", ",total,sum(ti)", "t,,percent(),%,0,10,80%,@1:2",
		"a~b$1~gi", "%(short_output) =~ /x,y/,OK: \\1,OK", "max,${1}_m", "t,,scale(Mbps)",
	} {
		f.Add(entry)
	}
	f.Fuzz(func(t *testing.T, entry string) {
		_, e1 := parseEdit(entry)
		_, e2 := parseGroup(entry)
		_, e3 := parseExplosion(entry)
		o, e4 := parseOutcome(entry)
		s, e5 := ParseSubstitution(entry)
		for _, err := range []error{e1, e2, e3, e4, e5} {
			if err != nil && strings.ContainsAny(err.Error(), "\n\r\x00\x1b") && !strings.Contains(err.Error(), "error parsing regexp") {
				t.Fatalf("%q", err)
			}
		}
		if e4 == nil && strings.ContainsAny(o.Text, "|\n") {
			t.Fatalf("%q gives the text %q", entry, o.Text)
		}
		if e5 == nil {
			out := s.pattern.ReplaceAllString("a calm text", s.text)
			if strings.ContainsAny(out, "|\n\r\x00") {
				t.Fatalf("%q gives %q", entry, out)
			}
		}
	})
}
