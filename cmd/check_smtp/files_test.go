package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"check_smtp/internal/centreon"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/verdict"
)

// attempt runs a command line against nobody: 192.0.2.7 refuses, any other
// address panics.
func attempt(t *testing.T, argv ...string) (code int, out string) {
	t.Helper()
	story := &smtptest.Story{Connect: map[string]string{"192.0.2.7": "refused", "192.0.2.8": "panic"}}
	synctest.Test(t, func(t *testing.T) { code, out = (&world{t: t, story: story}).run(argv...) })
	return code, out
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// stale is a file with the verdict of an earlier run.
func stale(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "F")
	if err := os.WriteFile(path, []byte("check_smtp_up 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestTextfileNames: two checks of one server, each with a textfile, give no series
// twice, whether they can be carried out or not.
func TestTextfileNames(t *testing.T) {
	for _, more := range [][]string{nil, {"--nonsense"}} {
		dir, seen := t.TempDir(), map[string]bool{}
		for _, name := range []string{"check_smtp_mx1.prom", "check_smtp_mx1-relay.prom", "login.prom"} {
			attempt(t, append([]string{"-H", "192.0.2.7", "--output-format=openmetrics", "--output-file", filepath.Join(dir, name)}, more...)...)
			for line := range strings.Lines(content(t, filepath.Join(dir, name))) {
				series := line[:strings.LastIndexByte(line, ' ')+1]
				if line[0] != '#' && seen[series] {
					t.Errorf("%s: %s stands in two files", name, series)
				}
				seen[series] = true
			}
		}
		if !seen[`check_smtp_up{name="mx1-relay",host="192.0.2.7",port="25"} `] || !seen[`check_smtp_up{name="login",host="192.0.2.7",port="25"} `] {
			t.Errorf("%v", seen)
		}
	}
}

// TestStaleVerdict: whatever keeps the check from running, the output file does
// not go on saying that all is well.
func TestStaleVerdict(t *testing.T) {
	F := stale(t)
	tests := []struct {
		argv []string
		want string
	}{
		{[]string{"-H", "mx.test", "-p", "587", "--output-format=openmetrics", "--nonsense", "--output-file", F}, "check_smtp_up{host=\"mx.test\",port=\"587\"} 0\n"},
		{[]string{"--output-file=" + F, "--output-format=openmetrics", "-w", "x"}, "check_smtp_up 0\n"},
		{[]string{"-H", "mx.test", "--output-file=nowhere/x", "--output-file=" + F, "-U", "u", "--authpass-file", "none"}, "SMTP UNKNOWN - --authpass-file: "},
		{[]string{"-H", "mx.test", "--mode=foo", "--output-file", F}, "UNKNOWN: "},
		{[]string{"-H", "mx.test", "--output-format=influx", "--nonsense", "--output-file", F}, "check_smtp,host=mx.test,port=25,state=UNKNOWN"},
	}
	for _, tt := range tests {
		os.WriteFile(F, []byte("check_smtp_up 1\n"), 0o644)
		code, out := attempt(t, tt.argv...)
		if got := content(t, F); code != 3 || out != "" || !strings.Contains(got, tt.want) || strings.Contains(got, "up 1\n") {
			t.Errorf("%q: exit %d, output %q, file\n%swant in it %q", tt.argv, code, out, got, tt.want)
		}
	}
	if code, out := attempt(t, "-H", "mx.test", "--nonsense", "--output-file", "/nonexistent/x"); code != 3 || !strings.HasPrefix(out, "SMTP UNKNOWN - unknown option") {
		t.Errorf("no such directory: exit %d, output %q", code, out)
	}
	if _, out := attempt(t, "--help", "--output-file", F); !strings.HasPrefix(out, "Usage: ") {
		t.Errorf("the help goes to the file; output %q", out)
	}
}

// TestStaleVerdictPanic: a bug of ours does not leave it there, either.
func TestStaleVerdictPanic(t *testing.T) {
	F := stale(t)
	code, out := attempt(t, "-H", "192.0.2.8", "--output-format=openmetrics", "--output-file", F)
	if got := content(t, F); code != 3 || !strings.Contains(out, "internal error at ") || !strings.Contains(got, `check_smtp_up{host="192.0.2.8",port="25"} 0`) {
		t.Errorf("exit %d, output %q, file %q", code, out, got)
	}
}

const refused = "SMTP CRITICAL - connect to address 192.0.2.7 and port 25: Connection refused"

// TestUnwritable: the verdict stays, and what could not be written is told in
// words that are the same in every run.
func TestUnwritable(t *testing.T) {
	const gone = "/nonexistent/x\": no such file or directory\n"
	code, out := attempt(t, "-H", "192.0.2.7", "-v", "--transcript-file", "/nonexistent/x")
	if code != 2 || !strings.HasPrefix(out, refused) || !strings.Contains(out, "\nUNKNOWN: cannot write the transcript \""+gone) || strings.Contains(out, ".check_smtp") {
		t.Errorf("transcript: exit %d, output %q", code, out)
	}
	code, out = attempt(t, "-H", "192.0.2.7", "-v", "--output-file", "/nonexistent/x")
	if code != 2 || !strings.HasPrefix(out, refused) || !strings.Contains(out, "\nUNKNOWN: cannot write the output file \""+gone) {
		t.Errorf("output file: exit %d, output %q", code, out)
	}
	F := stale(t)
	code, out = attempt(t, "-H", "192.0.2.7", "-v", "--output-file", F, "--transcript-file", filepath.Dir(F))
	if got := content(t, F); code != 2 || out != "" || !strings.HasPrefix(got, refused) || !strings.Contains(got, "cannot write the transcript \""+filepath.Dir(F)+"\": not a regular file\n") {
		t.Errorf("both: exit %d, output %q, file %q", code, out, got)
	}
}

// TestWorsened: an OK becomes UNKNOWN, what is graver stays, and nothing gets
// less grave in Centreon's order.
func TestWorsened(t *testing.T) {
	plugin := &centreon.Edits{Mode: centreon.Login}
	tests := []struct {
		was  []plan.State
		e    *centreon.Edits
		want plan.State
	}{
		{nil, nil, plan.Unknown},
		{[]plan.State{plan.OK}, plugin, plan.Unknown},
		{[]plan.State{plan.Warning}, nil, plan.Warning},
		{[]plan.State{plan.Unknown, plan.Warning}, plugin, plan.Unknown},
		{[]plan.State{plan.Critical}, plugin, plan.Critical},
	}
	for _, tt := range tests {
		var r verdict.Report
		for _, s := range tt.was {
			r.Findings = append(r.Findings, verdict.Finding{State: s})
		}
		if got := centreon.Back(worsened(r, "x"), tt.e, plan.Output{}); got.State != tt.want || got.Findings[0].State != tt.want || len(got.Findings) != len(tt.was)+1 {
			t.Errorf("%v becomes %v: %v", tt.was, got.State, got.Findings)
		}
	}
}

// TestOneFile: the transcript does not get lost in the output file, whatever the
// two are called.
func TestOneFile(t *testing.T) {
	F := stale(t)
	dir := filepath.Dir(F)
	for _, err := range []error{os.Symlink("F", dir+"/link"), os.Symlink(".", dir+"/same"), os.Symlink("new", dir+"/dangling")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for _, pair := range [][2]string{{F, "F"}, {"F", "link"}, {"same/G", "G"}, {dir + "/new", "dangling"}} {
		code, out := attempt(t, "-H", "192.0.2.7", "-v", "--output-file", pair[0], "--transcript-file", pair[1])
		got := content(t, pair[0])
		if code != 2 || out != "" || !strings.HasPrefix(got, refused) || !strings.Contains(got, "\nUNKNOWN: the transcript's file is the output file, too\n") {
			t.Errorf("%q: exit %d, output %q, file %q", pair, code, out, got)
		}
	}
	attempt(t, "-H", "192.0.2.7", "--output-file", "F", "--transcript-file", "T")
	if info, err := os.Stat("T"); err != nil || info.Mode() != 0o600 || strings.Contains(content(t, "F"), "transcript") {
		t.Errorf("two files: %v, %v, %q", info, err, content(t, "F"))
	}
}

// TestNoRunNoDrawing: a usage error has no times to draw.
func TestNoRunNoDrawing(t *testing.T) {
	_, out := attempt(t, "-H", "mx.test", "--mode=foo", "--output-format=waterfall")
	if !strings.HasPrefix(out, "SMTP UNKNOWN - ") || strings.Contains(out, "0001-01-01") || strings.Contains(out, "total") || strings.Count(out, "\n") != 2 {
		t.Errorf("%q", out)
	}
	o := output{Output: plan.Output{Format: plan.Waterfall, File: "/nonexistent/x"}}
	text := publish(declined(plan.Unknown, &option.Error{Problem: "what", Hint: "how"}), o, unminded)
	if want := "SMTP UNKNOWN - what\nUNKNOWN: cannot write the output file \"/nonexistent/x\": no such file or directory\nhow\n"; string(text.text) != want {
		t.Errorf("%q", text.text)
	}
}
