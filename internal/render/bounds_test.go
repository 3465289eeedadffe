package render

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// crowded is a report with more metrics than a line holds.
func crowded() verdict.Report {
	r := verdict.Report{Findings: []verdict.Finding{{Text: strings.Repeat("long ", 300)}}}
	for i := range 300 {
		r.Metrics = append(r.Metrics, verdict.Metric{Label: plan.Label(strings.Repeat("x", 20) + string(rune('0'+i%10))), Value: 1, Unit: "s"})
	}
	// It would fit in, but the last ones go.
	r.Metrics = append(r.Metrics, verdict.Metric{Label: "y", Value: 1})
	return r
}

// TestManyMetrics: perfdata that alone is too long loses its end, not the
// verdict, and the reader is told how much.
func TestManyMetrics(t *testing.T) {
	for _, verbose := range []int{0, 3} {
		r := crowded()
		got := rendered(t, r, plan.Output{Format: plan.Nagios, Verbose: verbose})
		text, perfdata, _ := strings.Cut(got, "|")
		fields := strings.Fields(strings.SplitN(perfdata, "\n", 2)[0])
		note := ", " + strconv.Itoa(len(r.Metrics)-len(fields)) + " numbers left out"
		if len(got) > maxAll || len(fields) < 200 || !strings.HasSuffix(text, note) || len(text) > maxFirst || strings.Contains(perfdata, "y") {
			t.Errorf("%d bytes, %d of text, %d metrics, text %q", len(got), len(text), len(fields), text)
		}
	}
}

// TestFitNothing: no lines and no room are no reason to fall over.
func TestFitNothing(t *testing.T) {
	for _, lines := range [][]string{nil, {"a\n"}, {"a\n", "b\n"}} {
		for _, room := range []int{-1000, -1, 0, 1} {
			if got := fit(lines, room); len(got) > 0 {
				t.Errorf("%q in %d: %q", lines, room, got)
			}
		}
	}
}

// TestTakenNames: what an operator renames does not take a name of ours.
func TestTakenNames(t *testing.T) {
	r := verdict.Report{Run: facts.Of(facts.Session{Host: "mx", Records: []facts.Record{{Step: plan.Step{Phase: plan.Connect}}}})}
	for _, l := range []plan.Label{"total_time", "time", "State", "State_2", "exit_code", "finding", "host"} {
		r.Metrics = append(r.Metrics, verdict.Metric{Label: l, Value: 1})
	}
	want := "check_smtp,host=mx,state=OK exit_code=0i,total_time_2=1i,total_time=1i,State=1i,State_2=1i,exit_code_2=1i,finding_2=1i,host_2=1i\n"
	if got := rendered(t, r, plan.Output{Format: plan.Influx}); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	var document map[string]sensor
	if err := json.Unmarshal([]byte(rendered(t, r, plan.Output{Format: plan.PRTG})), &document); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range document["prtg"].Result {
		if seen[c.Channel] {
			t.Errorf("two channels %q", c.Channel)
		}
		seen[c.Channel] = true
	}
	if len(seen) != len(r.Metrics)+1 || !seen["State"] {
		t.Errorf("%v", seen)
	}
}

// TestToFileModes: a file that is there keeps who may read it, a new one gets
// what it is given.
func TestToFileModes(t *testing.T) {
	dir := t.TempDir()
	for _, mode := range []os.FileMode{0o600, 0o640, 0o644, 0o664} {
		path := filepath.Join(dir, mode.String())
		if err := ToFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
		err := ToFile(path, []byte("x"), 0o444)
		if info, e := os.Stat(path); err != nil || e != nil || info.Mode() != mode || info.Size() != 1 {
			t.Errorf("%v becomes %v (%v, %v)", mode, info, err, e)
		}
	}
}

// TestToFileLinks: a link stays one, wherever it leads to.
func TestToFileLinks(t *testing.T) {
	dir := t.TempDir()
	os.MkdirAll(filepath.Join(dir, "a/b"), 0o755)
	for name, to := range map[string]string{"there": "old", "dangling": "a/new", "twice": "dangling", "up": "dir/../newer", "dir": "a/b", "round": "round"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	os.WriteFile(filepath.Join(dir, "old"), nil, 0o644)
	for name, file := range map[string]string{"there": "old", "dangling": "a/new", "twice": "a/new", "up": "a/newer"} {
		err := ToFile(filepath.Join(dir, name), []byte(name), 0o644)
		link, e := os.Lstat(filepath.Join(dir, name))
		text, _ := os.ReadFile(filepath.Join(dir, file))
		if err != nil || e != nil || link.Mode()&os.ModeSymlink == 0 || string(text) != name {
			t.Errorf("%s: %v, %v, %q in %s", name, err, link, text, file)
		}
	}
	if err := ToFile(filepath.Join(dir, "round"), nil, 0o644); err == nil || err.Error() != "too many levels of symbolic links" {
		t.Errorf("a link to itself: %v", err)
	}
}

// TestToFileErrors: an alert text must not change from run to run.
func TestToFileErrors(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{dir + "/none/x": "no such file or directory", dir: "not a regular file", "/proc/x": "no such file or directory"} {
		if err := ToFile(path, nil, 0o644); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

func TestSameFile(t *testing.T) {
	dir := t.TempDir()
	os.WriteFile(dir+"/a", nil, 0o644)
	os.Link(dir+"/a", dir+"/hard")
	os.Symlink("new", dir+"/dangling")
	os.Symlink(dir, dir+"/dir")
	tests := []struct {
		a, b string
		want bool
	}{
		{"a", "a", true}, {"a", "hard", true}, {"a", "b", false}, {"new", "dangling", true},
		{"dir/x", "x", true}, {"dir/dir/a", "a", true}, {"none/x", "none/x", false}, {"none/x", "x", false},
	}
	for _, tt := range tests {
		if got := SameFile(dir+"/"+tt.a, dir+"/"+tt.b); got != tt.want {
			t.Errorf("%s and %s: %v", tt.a, tt.b, got)
		}
	}
}
