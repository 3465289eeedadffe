package render

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
	"check_smtp/internal/verdict"
)

func TestClean(t *testing.T) {
	tests := []struct{ in, want string }{
		{"550 5.1.1 no such user", "550 5.1.1 no such user"},
		{"a | b=1;2", "a / b=1,2"},
		{"\x1b[31mred", "[1b][31mred"},
		{"a\x00b\r\nc", "a[00]b[0d][0a]c"},
		{`say \x1b, \u202e and \c`, "say /x1b, /u202e and /c"},
		{"tab\there", "tab here"},
		{"grüße 東京", "grüße 東京"},
		{"\u202eevil\u200b", "[U+202E]evil[U+200B]"},
		{"bad \xff\xfe", "bad [ff][fe]"},
		{"\u0085\u009b", "[85][9b]"},
		{"\ufffd", "\ufffd"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := Clean(strings.Repeat("ä", 1000)); utf8.RuneCountInString(got) != maxText || !strings.HasSuffix(got, "ä...") {
		t.Errorf("a long text becomes %q", got)
	}
}

func FuzzClean(f *testing.F) {
	for _, in := range []string{"ok", "a|b;c", "\x1b[0m", "\u202e", "\xff", strings.Repeat("\x00", 500), "ä"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := Clean(in)
		if !utf8.ValidString(out) || strings.ContainsAny(out, "|;\\\n\r\x1b\x00\x7f\u202e\u2066") || utf8.RuneCountInString(out) > maxText {
			t.Fatalf("%q becomes %q", in, out)
		}
		if again := Clean(out); again != out {
			t.Fatalf("%q becomes %q becomes %q", in, out, again)
		}
	})
}

// TestNagiosLimits: pollers cut long output, and perfdata must not be what
// they cut.
func TestNagiosLimits(t *testing.T) {
	r := verdict.Report{State: plan.Critical, Metrics: []verdict.Metric{{Label: plan.Time, Value: 1, Unit: "s", Digits: 6, Min: new(float64)}}}
	for range 300 {
		r.Findings = append(r.Findings, verdict.Finding{State: plan.Critical, Text: strings.Repeat("<x|", 500)})
		r.Notes = append(r.Notes, strings.Repeat("note;", 50))
	}
	out := string(nagios(r, plan.Output{Verbose: 3}))
	first, _, _ := strings.Cut(out, "\n")
	text, perfdata, _ := strings.Cut(first, "|")
	if len(text) > maxFirst || perfdata != "time=1.000000s;;;0" || len(out) > maxAll {
		t.Errorf("%d bytes of text, %d in all, perfdata %q", len(text), len(out), perfdata)
	}
	if strings.Count(out, "|") != 1 || strings.ContainsAny(out, "<>") {
		t.Error("hostile characters got through")
	}
}

func TestWaterfall(t *testing.T) {
	record := func(p plan.Phase, ms int) facts.Record {
		return facts.Record{Step: plan.Step{Phase: p}, Took: time.Duration(ms) * time.Millisecond}
	}
	f := facts.Session{Total: 80 * time.Millisecond, Records: []facts.Record{
		record(plan.Connect, 20), record(plan.Banner, 0), record(plan.Ehlo, 60),
	}}
	f.Records[2].Reply = smtp.Reply{Code: 250, Lines: []string{"250 ok"}}
	want := []string{
		"connect   0.020s ##########..............................",
		"banner    0.0 ms ..........#.............................",
		"ehlo      0.060s ..........############################## 250 ok",
	}
	got := drawing{barWidth, maxWords, plain}.lines(&f)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("line %d:\n%s\nwant\n%s", i, got[i], want[i])
		}
	}
}

func TestToFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	for _, text := range []string{"first", "second"} {
		if err := ToFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Fatal(string(got), err)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	if err := ToFile(filepath.Join(path, "nowhere"), nil, 0o644); err == nil {
		t.Error("a file below a file was written")
	}
}

func TestFit(t *testing.T) {
	var lines []string
	for i := range 200 {
		lines = append(lines, strings.Repeat("x", i%50)+"\n")
	}
	lines[0], lines[199] = "first\n", "last\n"
	for _, room := range []int{100, 500, 2000, 4000, 100000} {
		got := fit(lines, room)
		if text := strings.Join(got, ""); len(text) > room {
			t.Errorf("room %d: %d bytes", room, len(text))
		}
		if got[len(got)-1] != "last\n" || got[0] != "first\n" {
			t.Errorf("room %d: begins with %q, ends with %q", room, got[0], got[len(got)-1])
		}
	}
	if got := fit(lines, 100000); len(got) != len(lines) {
		t.Errorf("%d lines were left out of a text that fits", len(lines)-len(got))
	}
}

func TestBrief(t *testing.T) {
	for took, want := range map[time.Duration]string{
		0: "0.0 ms", 49 * time.Microsecond: "0.0 ms", 3210 * time.Microsecond: "3.2 ms", 9949 * time.Microsecond: "9.9 ms",
		9950 * time.Microsecond: "0.010s", 10 * time.Millisecond: "0.010s", 1234 * time.Millisecond: "1.234s",
	} {
		if got := brief(took); got != want {
			t.Errorf("%v: %s, want %s", took, got, want)
		}
	}
}

// TestVerboseFits: in a terminal no line behind the first is wider than it, and none is
// lost; elsewhere lines stay whole.
func TestVerboseFits(t *testing.T) {
	long := "250 " + strings.Repeat("a word ", 20)
	f := facts.Session{Total: time.Second, Start: time.Unix(1, 0), Records: []facts.Record{{Step: plan.Step{Phase: plan.Ehlo}, Took: time.Second, Reply: smtp.Reply{Code: 250, Lines: []string{long}}}}}
	r := verdict.Report{Run: facts.Of(f), Findings: []verdict.Finding{{Text: "first"}, {Text: long}}}
	for _, width := range []int{0, 40, 61, 300} {
		_, rest, _ := strings.Cut(rendered(t, r, plan.Output{Format: plan.Nagios, Verbose: 1, Width: width}), "\n")
		for line := range strings.Lines(rest) {
			if width > 0 && len(line)-1 > width {
				t.Errorf("at %d columns: %q", width, line)
			}
		}
		if n := strings.Count(rest, "\n"); (n > 2) != (width > 0 && width < 300) || strings.Count(rest, "word") != 40 {
			t.Errorf("at %d columns %d lines:\n%s", width, n, rest)
		}
	}
}
