package mtasts

import (
	"reflect"
	"strings"
	"testing"

	"check_smtp/internal/facts"
)

// good is the policy of the test domain.
const good = "version: STSv1\nmode: enforce\nmx: mx1.lab.test\nmax_age: 604800\n"

func with(old, new string) string { return strings.Replace(good, old, new, 1) }

func TestPolicy(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		flaw       *facts.STSFlaw
	}{
		{"S1 LF", good, nil},
		{"S1 CRLF", strings.ReplaceAll(good, "\n", "\r\n"), nil},
		{"S1 no last line end", strings.TrimSuffix(good, "\n"), nil},
		{"S1 no blanks", strings.ReplaceAll(good, " ", ""), nil},
		{"S1 many blanks", strings.ReplaceAll(strings.ReplaceAll(good, ": ", ":\t "), "\n", " \t\r\n"), nil},
		{"another order", "mx: a.lab.test\nmax_age: 604800\nmode: enforce\nversion: STSv1\n", nil},
		{"unknown keys", good + "x-y.z_0: \xc3\xa4 b:c\n", nil},
		{"S16", "version: STSv1\nmode: none\nmax_age: 604800\n", nil},
		{"S18 missing", with("max_age: 604800\n", ""), flaw(facts.STSNoAge, 0, "")},
		{"S18 -1", with("604800", "-1"), flaw(facts.STSBadAge, 4, "-1")},
		{"11 digits", with("604800", "00000604800"), flaw(facts.STSBadAge, 4, "00000604800")},
		{"a fraction", with("604800", "604800.5"), flaw(facts.STSBadAge, 4, "604800.5")},
		{"S19 blank line inside", with("mode", "\nmode"), flaw(facts.STSBlankLine, 2, "")},
		{"S19 blank line at the end", good + "\n", flaw(facts.STSBlankLine, 5, "")},
		{"S19 blank line at the end, CRLF", good + "\r\n", flaw(facts.STSBlankLine, 5, "")},
		{"S19 a line of blanks", good + " \t\n", flaw(facts.STSBlankLine, 5, "")},
		{"S19 BOM", "\ufeff" + good, flaw(facts.STSMark, 1, "")},
		{"S19 trailing dot", with("mx1.lab.test", "mx1.lab.test."), flaw(facts.STSBadMX, 3, "mx1.lab.test.")},
		{"S19 two in a line", with("mx1.lab.test", "a, b"), flaw(facts.STSBadMX, 3, "a, b")},
		{"S19 leading dot", with("mx1.lab.test", ".d"), flaw(facts.STSBadMX, 3, ".d")},
		{"S19 Enforce", with("enforce", "Enforce"), flaw(facts.STSBadMode, 2, "Enforce")},
		{"S19 HTML", "<!DOCTYPE html>\n<html>\n", flaw(facts.STSBadLine, 1, "<!DOCTYPE html>")},
		{"a star alone", with("mx1.lab.test", "*"), flaw(facts.STSBadMX, 3, "*")},
		{"a star and a dot", with("mx1.lab.test", "*."), flaw(facts.STSBadMX, 3, "*.")},
		{"two stars", with("mx1.lab.test", "*.*.lab.test"), flaw(facts.STSBadMX, 3, "*.*.lab.test")},
		{"a star inside", with("mx1.lab.test", "mx*.lab.test"), flaw(facts.STSBadMX, 3, "mx*.lab.test")},
		{"a U-label", with("mx1.lab.test", "b\u00fccher.test"), flaw(facts.STSBadMX, 3, "b\u00fccher.test")},
		{"no mx", with("mx: mx1.lab.test\n", ""), flaw(facts.STSNoMX, 0, "")},
		{"nmx", with("mx:", "nmx:"), flaw(facts.STSNoMX, 0, "")},
		{"MX", with("mx:", "MX:"), flaw(facts.STSNoMX, 0, "")},
		{"no mode", with("mode: enforce\n", ""), flaw(facts.STSNoMode, 0, "")},
		{"no version", with("version: STSv1\n", ""), flaw(facts.STSNoVersion, 0, "")},
		{"another version", with("STSv1", "STSv2"), flaw(facts.STSBadVersion, 1, "STSv2")},
		{"an empty mode", with("enforce", ""), flaw(facts.STSBadLine, 2, "mode: ")},
		{"a blank before the colon", with("mode:", "mode :"), flaw(facts.STSBadLine, 2, "mode : enforce")},
		{"a blank before the key", with("mode", " mode"), flaw(facts.STSBadLine, 2, " mode: enforce")},
		{"no colon", with("mode:", "mode"), flaw(facts.STSBadLine, 2, "mode enforce")},
		{"an equals sign", with("mode:", "mode="), flaw(facts.STSBadLine, 2, "mode= enforce")},
		{"a comment", "# ours\n" + good, flaw(facts.STSBadLine, 1, "# ours")},
		{"CR alone", strings.ReplaceAll(good, "\n", "\r"), flaw(facts.STSBadLine, 1, strings.TrimSuffix(strings.ReplaceAll(good, "\n", "\r"), "\r"))},
		{"control characters", with("enforce", "enforce\x00"), flaw(facts.STSBadLine, 2, "mode: enforce\x00")},
		{"no UTF-8", good + "x: \xff\n", flaw(facts.STSBadLine, 5, "x: \xff")},
		{"long", good + strings.Repeat("y", 999), flaw(facts.STSBadLine, 5, strings.Repeat("y", 200))},
		{"a key of 32", good + strings.Repeat("k", 32) + ": v\n", nil},
		{"a key of 33", good + strings.Repeat("k", 33) + ": v\n", flaw(facts.STSBadLine, 5, strings.Repeat("k", 33)+": v")},
		{"a label of 63", with("mx1", strings.Repeat("m", 63)), nil},
		{"a label of 64", with("mx1", strings.Repeat("m", 64)), flaw(facts.STSBadMX, 3, strings.Repeat("m", 64)+".lab.test")},
		{"a name of 254", with("mx1", strings.Repeat("m.", 122)+"m"), flaw(facts.STSBadMX, 3, (strings.Repeat("m.", 122) + "m.lab.test")[:200])},
		{"a hyphen at an end", with("mx1", "mx-"), flaw(facts.STSBadMX, 3, "mx-.lab.test")},
		{"nothing", "", flaw(facts.STSEmpty, 0, "")},
		{"a line end", "\n", flaw(facts.STSBlankLine, 1, "")},
	} {
		p := Policy([]byte(tt.text))
		if !reflect.DeepEqual(p.Flaw, tt.flaw) || p.Lints != nil || len(p.SHA256) != 64 {
			t.Errorf("%s: flaw %+v, want %+v; %+v", tt.name, p.Flaw, tt.flaw, p)
		}
	}
}

func TestPolicyFields(t *testing.T) {
	p := Policy([]byte("version:STSv1\nmx: *.lab.test\nmode: enforce\nmode: none\nmx: mx1.lab.test\nmax_age: 604800\nmax_age: nonsense\nversion: STSv2\n"))
	want := facts.STSPolicy{ // S17: the first mode counts
		Mode: facts.STSEnforce, MaxAge: 604800, SHA256: p.SHA256,
		MX: []facts.STSPattern{{Text: "*.lab.test", Line: 2}, {Text: "mx1.lab.test", Line: 5}},
	}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("%+v, flaw %+v", p, p.Flaw)
	}
	if p := Policy([]byte("abc")); p.SHA256 != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" { // FIPS 180-4, example of one block
		t.Error(p.SHA256)
	}
}

func TestPolicyLints(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		lints      []facts.STSFlaw
	}{
		{"S18 0", with("604800", "0"), []facts.STSFlaw{{Kind: facts.STSShortAge, Text: "0"}}},
		{"S18 31557601", with("604800", "31557601"), []facts.STSFlaw{{Kind: facts.STSLongAge, Text: "31557601"}}},
		{"a year", with("604800", "31557600"), nil},
		{"a day", with("604800", "86400"), nil},
		{"less than a day", with("604800", "86399"), []facts.STSFlaw{{Kind: facts.STSShortAge, Text: "86399"}}},
		{"ten digits", with("604800", "9999999999"), []facts.STSFlaw{{Kind: facts.STSLongAge, Text: "9999999999"}}},
		{"none ends soon", "version: STSv1\nmode: none\nmax_age: 60\n", nil},
		{"capitals", with("mx1", "*.MX1"), []facts.STSFlaw{{Kind: facts.STSUpper, Line: 3, Text: "*.MX1.lab.test"}}},
	} {
		if p := Policy([]byte(tt.text)); p.Flaw != nil || !reflect.DeepEqual(p.Lints, tt.lints) {
			t.Errorf("%s: %+v, flaw %+v", tt.name, p.Lints, p.Flaw)
		}
	}
}

func TestWeaker(t *testing.T) {
	modes := []facts.STSMode{facts.STSNone, facts.STSTesting, facts.STSEnforce} // S12
	for i, got := range modes {
		for k, asked := range modes {
			if got.Weaker(asked) != (i < k) {
				t.Errorf("%s weaker than %s: %v", got, asked, got.Weaker(asked))
			}
		}
	}
	if !facts.STSMode("").Weaker(facts.STSTesting) {
		t.Error("no mode is as much as testing")
	}
}

func TestCover(t *testing.T) {
	for _, tt := range []struct {
		name, mx, host string
		covered        bool
	}{
		{"S11", "*.lab.test", "mx1.lab.test", true},
		{"S11 two labels", "*.lab.test", "a.mx1.lab.test", false},
		{"S11 none", "*.lab.test", "lab.test", false},
		{"S12", "other.example", "mx1.lab.test", false},
		{"S13", "mx1.lab.test", "mx2.lab.test", false},
		{"S22 the target of an alias is another name", "target.lab.test", "alias.lab.test", false},
		{"the field's", "*.mx.microsoft", "icewolf-li.h-v1.mx.microsoft", false},
		{"no wildcard, no domain below", "lab.test", "mx1.lab.test", false},
		{"no part of a label", "*.lab.test", "mx1.mylab.test", false},
		{"capitals of either", "MX1.lab.test", "mx1.LAB.test", true},
		{"capitals behind a star", "*.LAB.test", "mx1.lab.TEST", true},
		{"the root's dot", "mx1.lab.test", "mx1.lab.test.", true},
		{"the root's dot behind a star", "*.lab.test", "mx1.lab.test.", true},
		{"an underscore", "*.lab.test", "mx_1.lab.test", true},
		{"an empty label", "*.lab.test", ".lab.test", false},
		{"no host", "*.lab.test", "", false},
	} {
		p := facts.STSPolicy{MX: []facts.STSPattern{{Text: "else.where", Line: 1}, {Text: tt.mx, Line: 2}}}
		hosts := Cover(p, []string{tt.host})
		want := facts.STSHost{Host: tt.host}
		if tt.covered {
			want.CoveredBy = tt.mx
		}
		if len(hosts) != 1 || hosts[0] != want {
			t.Errorf("%s: %+v", tt.name, hosts)
		}
		unused := Unused(p, []string{"x.example", tt.host})
		if len(unused) != map[bool]int{true: 1, false: 2}[tt.covered] || unused[0] != (facts.STSFlaw{Kind: facts.STSUnused, Line: 1, Text: "else.where"}) {
			t.Errorf("%s: unused %+v", tt.name, unused)
		}
	}
	// S13: every exchanger by itself, in the order that was given.
	p := Policy([]byte(good))
	want := []facts.STSHost{{Host: "mx2.lab.test"}, {Host: "mx1.lab.test", CoveredBy: "mx1.lab.test"}}
	if hosts := Cover(p, []string{"mx2.lab.test", "mx1.lab.test"}); !reflect.DeepEqual(hosts, want) {
		t.Errorf("S13: %+v", hosts)
	}
}

func TestNames(t *testing.T) {
	got := []string{RecordName("lab.test"), Host("lab.test"), ReportName("lab.test"), OldReportName("lab.test")}
	if !reflect.DeepEqual(got, []string{"_mta-sts.lab.test", "mta-sts.lab.test", "_smtp._tls.lab.test", "_smtp-tlsrpt.lab.test"}) {
		t.Error(got)
	}
}

func FuzzPolicy(f *testing.F) {
	for _, seed := range []string{good, strings.ReplaceAll(good, "\n", "\r\n"), "version:STSv1\nmode:none\nmax_age:0", "\ufeff" + good, "<!DOCTYPE html>\n", with("mx1", "*"), "\n\n", "mx: *.a\nmx: b.\r"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p := Policy(text)
		lines := strings.Count(string(text), "\n") + 1
		if p.Flaw != nil {
			if p.Flaw.Line > lines || len(p.Flaw.Text) > maxText {
				t.Errorf("%+v", p.Flaw)
			}
			return
		}
		if p.Mode.Weaker(facts.STSTesting) != (p.Mode == facts.STSNone) || p.MaxAge < 0 || len(p.MX) == 0 && p.Mode != facts.STSNone {
			t.Errorf("%+v", p)
		}
		for _, mx := range p.MX { // each covers a host that looks like it
			if host := strings.Replace(mx.Text, "*", "a", 1); Cover(p, []string{host})[0].CoveredBy == "" {
				t.Errorf("%q is not covered", host)
			}
		}
		if again := Policy(append([]byte("x: y\r\n"), text...)); again.Flaw != nil || again.Mode != p.Mode || len(again.MX) != len(p.MX) {
			t.Errorf("with a field: %+v, %+v", again, again.Flaw)
		}
	})
}
