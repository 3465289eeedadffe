package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// program is the check_smtp to tour, built here unless CHECK_SMTP names it.
func program(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CHECK_SMTP"); path != "" {
		return path
	}
	path := filepath.Join(t.TempDir(), "check_smtp")
	build := exec.Command("go", "build", "-o", path, "check_smtp/cmd/check_smtp")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func TestTour(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var out bytes.Buffer
	if err := tour(ctx, program(t), &out); err != nil {
		t.Fatalf("%v; so far:\n%s", err, &out)
	}
	want := len(stops(nobody{}))
	for _, begin := range []string{"$ check_smtp -H 127.0.0.1 -p ", "exit code "} {
		if n := strings.Count("\n"+out.String(), "\n"+begin); n != want {
			t.Errorf("%d lines begin with %q, want %d:\n%s", n, begin, want, &out)
		}
	}
}

// TestTourFails minds that the tour notices a program that is wrong, one that
// is always content and one that is not there.
func TestTourFails(t *testing.T) {
	content, err := exec.LookPath("true")
	if err != nil {
		t.Skip("no command true here, which is the program that is always content: ", err)
	}
	for path, want := range map[string]string{
		content:                          "stop 1 of ",
		filepath.Join(t.TempDir(), "no"): "no such file",
	} {
		if err := tour(t.Context(), path, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", path, err, want)
		}
	}
}

// TestStopsTellTheState minds that the words for the reader agree with the
// exit code, and that no stop repeats another one's.
func TestStopsTellTheState(t *testing.T) {
	states := []string{"OK: ", "WARNING: ", "CRITICAL: ", "UNKNOWN: "}
	seen := map[string]bool{}
	for _, s := range stops(nobody{}) {
		if !strings.HasPrefix(s.shows, states[s.code]) {
			t.Errorf("exit code %d is explained as %q", s.code, s.shows)
		}
		if seen[s.shows] || s.says == "" {
			t.Errorf("a stop that shows nothing of its own: %q", s.shows)
		}
		seen[s.shows] = true
	}
}

func TestTyped(t *testing.T) {
	if got, want := typed([]string{"-f", "", "-C", "it's", "-R", "^250", "a@b.c"}), `-f '' -C 'it'\''s' -R '^250' a@b.c`; got != want {
		t.Errorf("typed as %s, want %s", got, want)
	}
}

// TestPicture: the picture in the pages is what the command draws, but for times and
// where in the run the bars stand.
func TestPicture(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	now, err := picture(ctx, program(t))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../../cmd/check_smtp/doc/waterfall.svg")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := shape(now), shape(string(kept)); got != want {
		t.Errorf("waterfall.svg is not what make pictures draws, which is\n%s", now)
	}
	for _, phase := range []string{"banner", "tls", "sasl_auth", "total"} {
		if !strings.Contains(now, ">"+phase+" ") {
			t.Errorf("no %s in\n%s", phase, now)
		}
	}
}

// shape is a picture without what differs from run to run.
func shape(svg string) string {
	svg = regexp.MustCompile(`\d+\.\d ms|\d+\.\d{3}s`).ReplaceAllString(svg, "TIME")
	svg = regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:]+Z|\d+\.\d+ sec`).ReplaceAllString(svg, "TIME")
	return regexp.MustCompile(`<rect x="\d+" (y="\d+") width="\d+"`).ReplaceAllString(svg, "<rect $1")
}
