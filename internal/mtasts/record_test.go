package mtasts

import (
	"reflect"
	"strings"
	"testing"

	"check_smtp/internal/facts"
)

func flaw(kind facts.STSFlawKind, line int, text string) *facts.STSFlaw {
	return &facts.STSFlaw{Kind: kind, Line: line, Text: text}
}

func TestRecord(t *testing.T) {
	long := strings.Repeat("a", 32)
	for _, tt := range []struct {
		name    string
		texts   []string
		id      string
		flaw    *facts.STSFlaw
		missing bool
	}{
		{"S1", []string{"v=STSv1; id=20261125"}, "20261125", nil, false},
		{"S2", nil, "", nil, true},
		{"S2 others only", []string{"v=spf1 -all", "hello", ""}, "", nil, true},
		{"S3 two", []string{"v=STSv1; id=1", "v=STSv1; id=2"}, "", flaw(facts.STSSeveral, 0, ""), false},
		{"S3 one that is broken counts", []string{"v=STSv1; id=1", "v=STSv1;"}, "", flaw(facts.STSSeveral, 0, ""), false},
		{"S3 another one", []string{"v=spf1 -all", "v=STSv1; id=1"}, "1", nil, false},
		{"S4 no field", []string{"v=STSv1;"}, "", flaw(facts.STSNoID, 0, ""), false},
		{"S4 no id", []string{"v=STSv1; foo=bar"}, "", flaw(facts.STSNoID, 0, ""), false},
		{"S4 empty", []string{"v=STSv1; id="}, "", flaw(facts.STSBadID, 0, ""), false},
		{"S4 hyphen", []string{"v=STSv1; id=2026-11-25"}, "", flaw(facts.STSBadID, 0, "2026-11-25"), false},
		{"S4 33", []string{"v=STSv1; id=a" + long}, "", flaw(facts.STSBadID, 0, "a"+long), false},
		{"S4 capital", []string{"V=STSv1; id=a"}, "", nil, true},
		{"S5 32", []string{"v=STSv1; id=" + long}, long, nil, false},
		{"S5 unknown field", []string{"v=STSv1;foo=bar;id=a"}, "a", nil, false},
		{"S5 semicolon at the end", []string{"v=STSv1; id=a; "}, "a", nil, false},
		{"blanks around semicolons", []string{"v=STSv1;\tid=a \t; foo=bar ;"}, "a", nil, false},
		{"the first id counts", []string{"v=STSv1; id=a; id=b-"}, "a", nil, false},
		{"no semicolon at all", []string{"v=STSv1"}, "", nil, true},
		{"a blank at the end", []string{"v=STSv1; id=a "}, "", flaw(facts.STSBadID, 0, "a "), false},
		{"id in capitals", []string{"v=STSv1; ID=a"}, "", flaw(facts.STSNoID, 0, ""), false},
		{"two semicolons", []string{"v=STSv1;; id=a"}, "", flaw(facts.STSBadField, 0, ""), false},
		{"no equals sign", []string{"v=STSv1; id=a; foo"}, "", flaw(facts.STSBadField, 0, "foo"), false},
		{"a name that is none", []string{"v=STSv1; _f=b; id=a"}, "", flaw(facts.STSBadField, 0, "_f=b"), false},
		{"a value that is none", []string{"v=STSv1; foo=b=c; id=a"}, "", flaw(facts.STSBadField, 0, "foo=b=c"), false},
		{"a comma for a semicolon", []string{"v=STSv1; id=a, foo=b"}, "", flaw(facts.STSBadID, 0, "a, foo=b"), false},
		{"long and hostile", []string{"v=STSv1; id=" + strings.Repeat("\x1b", 999)}, "", flaw(facts.STSBadID, 0, strings.Repeat("\x1b", 200)), false},
	} {
		r := Record(tt.texts)
		if r.ID != tt.id || !reflect.DeepEqual(r.Flaw, tt.flaw) || r.Missing() != tt.missing || r.Usable() != (tt.id != "") || r.Lints != nil {
			t.Errorf("%s: %+v, flaw %+v", tt.name, r, r.Flaw)
		}
	}
}

// TestRecordNear: what was meant for a record and does not begin as one does.
func TestRecordNear(t *testing.T) {
	for _, tt := range []struct {
		text   string
		near   bool
		spaced bool
	}{
		{"v=STSv1 ; id=a", true, true},
		{"v=STSv1\t; id=a", true, true},
		{"v=STSv1", true, false},
		{"V=STSv1; id=a", true, false},
		{"v = STSv1; id=a", true, false},
		{`"v=STSv1; id=a"`, true, false},
		{" v=STSv1; id=a", true, false},
		{"v=STSv2; id=a", false, false},
		{"v=spf1 -all", false, false},
		{"", false, false},
	} {
		r := Record([]string{"other", tt.text})
		spaced := len(r.Lints) == 1 && r.Lints[0] == facts.STSFlaw{Kind: facts.STSSpaced, Text: tt.text}
		if !r.Missing() || r.Flaw != nil || (r.Near == tt.text) != (tt.near || tt.text == "") || spaced != tt.spaced || !spaced && r.Lints != nil {
			t.Errorf("%q: %+v", tt.text, r)
		}
	}
	if r := Record([]string{"V=STSv1", "v=STSv1; id=a"}); r.Near != "" || r.ID != "a" {
		t.Errorf("beside a good one: %+v", r)
	}
}

func FuzzRecord(f *testing.F) {
	for _, seed := range []string{"v=STSv1; id=20261125", "v=STSv1;foo=bar;id=a;", "v=STSv1 ; id=a", "v=STSv1;", "V=STSv1; id=a", "v=STSv1; id=\x00;;="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Record([]string{text})
		if r.Usable() && (len(r.ID) == 0 || len(r.ID) > 32 || !strings.Contains(text, "id="+r.ID)) {
			t.Errorf("%+v", r)
		}
		if r.Usable() == (r.Flaw != nil) && !r.Missing() || r.Missing() && r.Flaw != nil || r.Flaw != nil && len(r.Flaw.Text) > maxText || len(r.Near) > maxText {
			t.Errorf("%+v", r)
		}
		// What is good stays good with one more field.
		if r.Usable() {
			if again := Record([]string{text + ";x=y"}); !strings.HasSuffix(strings.TrimRight(text, blanks), ";") && again.ID != r.ID {
				t.Errorf("with a field: %+v", again)
			}
		}
	})
}
