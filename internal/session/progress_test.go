package session

import (
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

// TestOwnTime: whoever looks at a session while a pattern is held against a reply
// sees that the server has answered long ago.
func TestOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p Progress
		f := facts.Session{Start: time.Now(), Ours: 500 * time.Millisecond}
		time.Sleep(2 * time.Second) // half a second of it ours
		p.begin(&f, plan.Step{Phase: plan.Banner}, time.Now())
		time.Sleep(time.Second)
		done := p.busy()
		time.Sleep(3 * time.Second)
		look := func(when string) {
			f, atHand := p.Facts(facts.Failure{Kind: facts.TimedOut, Err: os.ErrDeadlineExceeded})
			if r := f.Records[0]; !atHand || r.Took != time.Second || f.Ours != 3500*time.Millisecond || f.Total != 2500*time.Millisecond {
				t.Errorf("%s: it took %v, %v was ours, %v in all", when, r.Took, f.Ours, f.Total)
			}
		}
		look("meanwhile")
		if took := done(); took != 3*time.Second {
			t.Errorf("it took %v", took)
		}
		look("behind it")
	})
}

// TestPatternsAreOurs: the time that patterns take is none of the server's.
func TestPatternsAreOurs(t *testing.T) {
	pattern, err := plan.CompileReply("(a|b|c|d|e|f|g|h)*z$")
	if err != nil {
		t.Fatal(err)
	}
	step := plan.Step{Phase: plan.Banner, Expect: &plan.Expect{Condition: plan.CondResponse, Pattern: pattern}}
	talk := newTalk(nil, plan.Auth{})
	talk.meets(step, smtp.Reply{Code: 220, Lines: []string{strings.Repeat("abcdefgh", 1000)}})
	if talk.facts.Ours <= 0 {
		t.Error("it took no time")
	}
}
