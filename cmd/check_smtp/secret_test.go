package main

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/smtptest"
)

// TestNoSecret plays every story with a password once more, as talkative as
// can be, and looks for the password in what comes out: as it is and in the
// forms in which it goes over the wire.
func TestNoSecret(t *testing.T) {
	played := 0
	for _, story := range stories(t) {
		password := passwordOf(story)
		if len(password) < 4 {
			continue
		}
		played++
		t.Run(title(story), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { searchOutput(t, story, password) })
		})
	}
	if played < 20 {
		t.Errorf("only %d stories have a password", played)
	}
}

// passwordOf is the password on a story's command line, or the one that a command
// prints; "": there is neither.
func passwordOf(story *smtptest.Story) string {
	for _, c := range story.Runs {
		first, _, _ := strings.Cut(c.Out, "\n")
		return first
	}
	i := slices.IndexFunc(story.Args, func(w string) bool { return w == "-P" || w == "--authpass" || w == "--password" })
	if i < 0 || i+1 >= len(story.Args) {
		return ""
	}
	return story.Args[i+1]
}

func searchOutput(t *testing.T, story *smtptest.Story, password string) {
	world := &world{t: t, story: story}
	if story.NeedsPKI() {
		world.pki = smtptest.NewPKI(time.Now())
	}
	_, out := world.run(append(slices.Clone(story.Args[1:]), "-vvv")...)
	if form := smtptest.Leaked(out, password); form != "" {
		t.Errorf("the password is in the output (%s):\n%s", form, out)
	}
}
