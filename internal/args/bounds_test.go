package args

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

// usageProblem parses a command line that cannot be carried out.
func usageProblem(t *testing.T, env Env, argv ...string) string {
	t.Helper()
	_, err := Parse(argv, env)
	if err == nil {
		t.Fatalf("%.100q is carried out", strings.Join(argv, " "))
	}
	return err.Error()
}

// TestNonsenseIsBounded: what stands behind a hundred words that make no sense
// is not looked for: each of them costs a search of all names.
func TestNonsenseIsBounded(t *testing.T) {
	nonsense := make([]string, 150)
	for i := range nonsense {
		nonsense[i] = fmt.Sprintf("--nonsense-%d", i)
	}
	if p := Gist(legible(append(slices.Clone(nonsense[:90]), "--output-file=F"))); p.Output.File != "F" {
		t.Errorf("behind 90 such words the file is %q", p.Output.File)
	}
	if p := Gist(legible(append(nonsense, "--output-file=F"))); p.Output.File != "" {
		t.Errorf("behind 150 such words the file is %q", p.Output.File)
	}
}

func TestCommandsAreBounded(t *testing.T) {
	argv := []string{"-H", "mx"}
	for range maxCommands {
		argv = append(argv, "-C", "NOOP", "-R", "250")
	}
	if _, err := Parse(argv, surroundings(nil)); err != nil {
		t.Error(err)
	}
	if problem := usageProblem(t, surroundings(nil), append(argv, "-C", "NOOP")...); !strings.Contains(problem, "more than 1000 commands") {
		t.Error(problem)
	}
}

// TestINIFilesAreBounded: a file may be named many times, all of what is read
// counts.
func TestINIFilesAreBounded(t *testing.T) {
	env := surroundings(nil)
	env.ReadFile = func(string) ([]byte, error) {
		return []byte("[check_smtp]\nverbose=\n" + strings.Repeat("#\n", (1<<20)/5)), nil
	}
	problem := usageProblem(t, env, "--extra-opts=@a", "--extra-opts=@b", "--extra-opts=@c")
	if want := "--extra-opts: the ini files together are larger than 1 MiB"; problem != want {
		t.Errorf("%s, want %s", problem, want)
	}
}

// TestPatternsAreBounded: what a pattern expands to decides how long it takes,
// not how it is written.
func TestPatternsAreBounded(t *testing.T) {
	for _, argv := range [][]string{
		{"-C", "NOOP", "-R", "(x|y|xx|xyx|x+y){900}$z"},
		{"-C", "NOOP", "-R", strings.Repeat("x", plan.MaxPattern+1)},
		{"--expect-reply", "banner=220/(a{30}){30}"},
		{"--filter-perfdata", "(a|b){800}"},
	} {
		problem := usageProblem(t, surroundings(nil), append([]string{"-H", "mx"}, argv...)...)
		if !strings.Contains(problem, "the pattern is longer than") && !strings.Contains(problem, "the pattern has more than") {
			t.Errorf("%.80q: %s", argv, problem)
		}
	}
	for _, pattern := range []string{"^250[ -](STARTTLS|AUTH .*LOGIN)$", `(\d{1,3}\.){3}\d{1,3}`, "(?i)[[:alpha:]]{2,60}"} {
		if _, err := Parse([]string{"-H", "mx", "-C", "NOOP", "-R", pattern}, surroundings(nil)); err != nil {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}
