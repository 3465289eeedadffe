package main

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/verdict"
)

// TestLastWords: what the watchdog says is whole in every format.
func TestLastWords(t *testing.T) {
	for _, name := range []string{
		"fault/watchdog-stdin", "fault/watchdog-file", "fault/watchdog-stdin-signal", "fault/watchdog-stdin-slow", "fault/watchdog-session",
		"domain/watchdog-discovery", "domain/watchdog-host", "domain/watchdog-signal", "domain/watchdog-session", "domain/watchdog-policy",
	} {
		for _, format := range formats() {
			t.Run(name+"/"+string(format), func(t *testing.T) {
				story, err := smtptest.Load("../../testdata/" + name + ".txt")
				if err != nil {
					t.Fatal(err)
				}
				want := story.Exit
				if format == plan.PRTG {
					want = 0
				}
				var code int
				var out string
				synctest.Test(t, func(t *testing.T) {
					code, out = (&world{t: t, story: story}).run(append(story.Args[1:], inFormat(format)...)...)
				})
				if err := validators[format](out); err != nil || code != want {
					t.Errorf("exit %d, want %d, %v:\n%s", code, want, err, out)
				}
			})
		}
	}
}

// TestLastWordsOnFleet: where the verdict on several targets is being printed, all
// of it is still told.
func TestLastWordsOnFleet(t *testing.T) {
	at := []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	run := facts.Run{
		Survey:   &facts.Survey{Found: facts.Discovery{Kind: facts.ByMX, Name: "example.org"}},
		Sessions: []facts.Session{{Host: "mx1.example.org", Port: 25, Rank: 10, Addrs: at, Start: time.Unix(1700000000, 0), Total: 900 * time.Millisecond}},
	}
	for _, format := range formats() {
		p := &plan.Plan{Probe: plan.Probe{Timeout: time.Second}, Limits: plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAll}}, Output: plan.Output{Format: format, Receiver: someone}}
		report := verdict.Judge(run, p.Limits)
		w := &watchdog{}
		said := w.compose(lastWords{nil, nil, writingTranscript, time.Second, nil, p, output{Output: p.Output}, &report})
		const tail = "\n10 mx1.example.org [192.0.2.1]: OK, 0.900 sec.\n"
		text := string(said.text)
		told := strings.Contains(text, "while writing the transcript") && strings.HasSuffix(text, tail) || format != plan.Nagios
		if err := validators[format](text); err != nil || !told {
			t.Errorf("%s: %s", format, text)
		}
	}
}

// TestFirstAlarm: the alarm after the first moments may go off while the program
// begins to wait, and then it is not yet the end.
func TestFirstAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ends atomic.Int32
		w := watch([]string{"-H", "mx.test", "-t", "5"}, io.Discard, io.Discard, func(int) { ends.Add(1) }, func(*watchdog) {})
		w.waits()
		w.wake()
		if ends.Load() > 0 {
			t.Error("it ended at once")
		}
		time.Sleep(6 * time.Second)
		if ends.Load() == 0 {
			t.Error("it did not end")
		}
	})
}

// TestLastWordsOnVerdict: when the time is over behind the session, the verdict is
// known and stays; that it is late comes to it.
func TestLastWordsOnVerdict(t *testing.T) {
	run := facts.Of(facts.Session{Host: "mx.test", Port: 25, Start: time.Unix(1700000000, 0), Total: 900 * time.Millisecond})
	refused := verdict.Finding{Condition: plan.CondTempFail, State: plan.Warning, Phase: plan.MailFrom, Text: "mailfrom a@b deferred: 451 later"}
	tests := []struct {
		doing  string
		states map[plan.Condition]plan.State
		cause  error
		want   string
		code   int
	}{
		{writingTranscript, nil, nil, "SMTP CRITICAL - timeout after 1 seconds while writing the transcript (+1 more), 0.900 sec. response time, mailfrom a@b deferred: 451 later\n", 2},
		{"", map[plan.Condition]plan.State{plan.CondTimeout: plan.Unknown}, nil, "SMTP WARNING - mailfrom a@b deferred: 451 later (+1 more), 0.900 sec. response time, timeout after 1 seconds while printing the result\n", 1},
		{"", map[plan.Condition]plan.State{plan.CondTimeout: plan.OK}, nil, "SMTP WARNING - mailfrom a@b deferred: 451 later, 0.900 sec. response time, timeout after 1 seconds while printing the result\n", 1},
		{writingFile, nil, errors.New("stopped by SIGHUP"), "SMTP WARNING - mailfrom a@b deferred: 451 later (+1 more), 0.900 sec. response time, stopped by SIGHUP while writing the output file\n", 1},
	}
	for _, tt := range tests {
		p := &plan.Plan{Probe: plan.Probe{Timeout: time.Second}, Limits: plan.Limits{States: tt.states}, Output: plan.Output{Format: plan.Nagios, Verbose: 3}}
		if tt.doing == writingFile {
			p.Output.File = "/nowhere/F" // on which it hangs
		}
		report := &verdict.Report{State: plan.Warning, Findings: []verdict.Finding{refused}, Run: run}
		said := lastWords{nil, tt.cause, tt.doing, time.Second, nil, p, output{Output: p.Output}, report}.say(nil)
		if string(said.text) != tt.want || said.code != tt.code {
			t.Errorf("exit %d, want %d\n got %q\nwant %q", said.code, tt.code, said.text, tt.want)
		}
	}
}
