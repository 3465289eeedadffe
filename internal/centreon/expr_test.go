package centreon

import (
	"errors"
	"math"
	"regexp/syntax"
	"strings"
	"testing"
)

func TestExpr(t *testing.T) {
	names := func(name string) any {
		return map[string]any{
			"label": "time", "value": float64(0.5), "warning": "0:1", "max": "",
			"yes()": float64(1), "current": float64(2),
		}[name]
	}
	for _, tt := range []struct {
		text string
		want float64
	}{
		{"current * 1000", 2000},
		{"1 + 2 * 3", 7},
		{"(1 + 2) * 3", 9},
		{"10 - 4 - 3", 3},
		{"8 / 4 / 2", 1},
		{"7 % 4", 3},
		{"7 %(current)", 1},
		{"-current ** 2", -4},
		{"2 ** 3 ** 2", 512},
		{"- - 2", 2},
		{"1/current", 0.5},
		{"%(value) == 0.5", 1},
		{"%{value} != 0.5", 0},
		{"%(value)<1 and %(value)>=0.5", 1},
		{"%(value) > 1 or %(label) eq 'time'", 1},
		{"%(value) > 1 || not %(label) ne \"time\"", 1},
		{"!yes()", 0},
		{"! yes() && 1", 0},
		{"yes() && %(label) =~ /^TI/i", 1},
		{"%(label) !~ m/^x/", 1},
		{`%(label) =~ /a\/b|time/`, 1},
		{`'it\'s' eq "it's"`, 1},
		{"%(max) == 0", 1},
		{"%(max) eq ''", 1},
		{"%(warning) + 1", 1}, // a text counts as the number that it begins with
		{"'12.5 s' * 2", 25},
		{"'b' gt 'a' and 'a' le 'a' and 'a' lt 'b' and 'b' ge 'a'", 1},
		{"3 <= 3 and 3 >= 3", 1},
		{"not 0 and not ''", 1},
		{"not '0' and not 0.0 and !!'0.0'", 1},
		{"current eq 2", 1},
	} {
		e, err := parseExpr(tt.text, "label", "value", "warning", "max", "yes()", "current")
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
		} else if got := e.number(names); got != tt.want {
			t.Errorf("%q is %v, want %v", tt.text, got, tt.want)
		}
	}
}

// TestPerl: the values are those that perl 5.36 prints for 0 + (text).
func TestPerl(t *testing.T) {
	for _, tt := range []struct {
		text string
		want float64
	}{
		{"! 0 && 0", 0},
		{"not 0 && 0", 1},
		{"not 1 || 1", 0},
		{"not 1 or 1", 1},
		{"1 or 0 and 0", 1},
		{"0 and 1 || 1", 0},
		{"0 and 0 or 1", 1},
		{"0 && 0 || 1", 1},
		{"0 || 1 and 0", 0},
		{"not 1 and 0", 0},
		{"0 || not 0 || 1", 0},
		{"0 && not 0 || 1", 0},
		{"not 0 and 0 || 1", 1},
		{"not !1 || 1", 0},
		{"not not 5", 1},
		{"not(1) || 1", 1},
		{"not (0) + 5", 6},
		{"1 + not 1", 1},
		{"2 == not 0", 0},
		{"!1 == 1", 0},
		{"! 2 > 1", 0},
		{"! 1 < 3", 1},
		{"! 0 > 5", 0},
		{"! 1 + 5", 5},
		{"2 * !0", 2},
		{"-!0", -1},
		{"!2 ** 0", 0},
		{"2 ** !0", 2},
		{"! 'a' =~ /a/", 0},
		{"not 'a' =~ /b/", 1},
		{"1 + 'x' =~ /x/", 2},
		{"'x' =~ /x/ == 1", 1},
		{"1 == 1 && ! 1 == 1", 0},
		{"7 || 3", 7},
		{"0 || 3", 3},
		{"7 && 3", 3},
		{"0 && 3", 0},
		{"7 or 3", 7},
		{"7 and 3", 3},
		{"'' || 'x' eq 'x'", 1},
		{"0 or not 7", 0},
		{"-7 % 3", 2},
		{"7.5 % 2", 1},
		{"7 % -3", -2},
		{"-7 % -3", -1},
		{"-7.5 % 3", 2},
		{"-6 % 3", 0},
		{"7 % 3.9", 1},
		{"-7 % 3 ** 2", 2},
		{"1e20 % 7", 2},
		{"-1e20 % 7", 5},
		{"7 % 1e20", 7},
		{"1 + 5 % 3 * 2", 5},
		{"-6 % 3 eq 0", 1},
		{"-0 eq 0", 1},
		{"'1e3' + 0", 1000},
		{"'1e' + 0", 1},
		{"'1.5e-2x' + 0", 0.015},
		{"'-1E+2 s' + 0", -100},
		{"'.5' + 0", 0.5},
		{"'5.' + 0", 5},
		{"'+3' + 0", 3},
		{"'0x10' + 0", 0},
		{"'1e3e4' + 0", 1000},
		{"'5 e3' + 0", 5},
		{"'1_0' + 0", 1},
		{"'--1' + 0", 0},
		{"'e3' + 0", 0},
		{"'.' + 0", 0},
		{"'1.2.3' + 0", 1.2},
		{"'- 1' + 0", 0},
		{"'1e+-2' + 0", 1},
		{"'1e400' == '1e500'", 1},
		{"1e3 % 7", 6},
		{"1.5e-1 * 2", 0.3},
		{"5eq 5", 1},
	} {
		e, err := parseExpr(tt.text)
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
		} else if got := e.number(nil); got != tt.want {
			t.Errorf("%q is %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestExprRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "ends too early",
		"1 +":                       "ends too early",
		"(1":                        "ends too early",
		"1 2":                       `at "2"`,
		"1 == 2 == 3":               `at "== 3"`,
		"system('id')":              `"system" is not a name`,
		"`id`":                      "at \"`id`\"",
		"current; 1":                `at "; 1"`,
		"%(valu)":                   `"valu" is not a name that can be used here, which are current`,
		"%(current":                 "at",
		"'open":                     "at",
		"current =~ time":           `at "time"`,
		"current =~ /(?=x)/":        "Perl",
		"current =~ /x/e":           `"e" is not among the flags`,
		"current = 1":               `at "= 1"`,
		"1.2.3":                     "at",
		"andy":                      "not a name",
		"not 1 == 2 == 3":           `at "== 3"`,
		"not 1 < 2 > 3":             `at "> 3"`,
		"'x' =~ /x/ =~ /1/":         `at "=~ /1/"`,
		"1e3.5":                     `at ".5"`,
		strings.Repeat("(", 60):     "too deep",
		strings.Repeat("-", 60):     "too deep",
		strings.Repeat("not ", 60):  "too deep",
		strings.Repeat("1+", 60):    "too deep or has too many operators",
		strings.Repeat("2**", 60):   "too deep",
		strings.Repeat(" ", 1000):   "ends too early",
		strings.Repeat(" ", 1001):   "longer than 1000 bytes",
		"current =~ /" + long + "/": "longer than 1000 bytes",
	} {
		if _, err := parseExpr(text, "current"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

var long = strings.Repeat("x", 1100)

// Whatever the text, it reads in no time or not at all, and what it reads as has
// a value.
func FuzzExpr(f *testing.F) {
	for _, text := range []string{"current * 1000", "%(label) =~ /^a/i and not %{value} <= -1.5", "'a\\'b' eq \"c\"", "((1)**2)%3", "alert_triggered() || !0", "label=~/\xa7\r/"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := parseExpr(text, "current", "label", "value", "alert_triggered()")
		if err != nil {
			_, quoted := errors.AsType[*syntax.Error](err) // note quotes the pattern
			if !quoted && strings.ContainsAny(err.Error(), "\n\r\x00\x1b") {
				t.Fatalf("%q", err)
			}
			return
		}
		names := func(name string) any {
			if name == "label" {
				return "12 time"
			}
			return float64(1.5)
		}
		v := e.number(names)
		if truth := e.isTrue(names); truth && v == 0 && !math.IsNaN(v) && !strings.ContainsAny(text, `"'l`) {
			t.Fatalf("%q is %v and true", text, v)
		}
	})
}
