package main

import (
	"context"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// promise is one row of a table about what a domain publishes.
type promise struct {
	name  string
	args  string         // words, as in a story
	zone  string         // what the DNS knows; in lines
	world string         // the rest of a story: its other header lines and its servers
	state plan.State     // of the run
	cond  plan.Condition // of the gravest finding; "": none
	first string         // how the first line goes on behind "SMTP STATE - ", times, counts of targets and perfdata aside
	label plan.Label     // a number that the run has to have; "": none
	value float64        // of it
}

// hear plays a row, and judges it.
func (p promise) hear(t *testing.T) verdict.Report {
	t.Helper()
	text := "# A row.\n$ check_smtp " + p.args + "\nexit 0\n"
	for line := range strings.Lines(p.zone) {
		if strings.TrimSpace(line) != "" {
			text += "dns " + strings.TrimSpace(line) + "\n"
		}
	}
	story, err := smtptest.Parse("row", text+p.world+"-- stdout --\n")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, story: story, pki: smtptest.NewPKI(time.Now()), release: make(chan struct{})}
	defer close(w.release)
	if w.zone, err = smtptest.ReadZone(w.pki.Fill(story.DNS)); err != nil {
		t.Fatal(err)
	}
	dog := watch(w.filled(story.Args[1:]), io.Discard, io.Discard, func(int) {}, func(*watchdog) {})
	defer dog.timer.Stop()
	plan, err := prepare(dog, w.env())
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	run := targets.Run(context.Background(), w, plan.Plan, plan.start, new(targets.Progress))
	if late := time.Since(begin) - plan.Probe.Timeout; late > 0 {
		t.Errorf("it ends %v behind its deadline", late)
	}
	w.servers.Wait()
	for address, scripts := range story.At {
		if w.reached[address] != len(scripts) {
			t.Errorf("%d connections to %s, the row has %d", w.reached[address], address, len(scripts))
		}
	}
	r := verdict.Judge(run, plan.Limits)
	lines, _ := render.Classic(r, plan.Plan.Output)
	p.compare(t, r, lines.First)
	return r
}

// compare holds a verdict against the row.
func (p promise) compare(t *testing.T, r verdict.Report, first string) {
	t.Helper()
	var cond plan.Condition
	if len(r.Findings) > 0 {
		cond = r.Findings[0].Condition
	}
	want := "SMTP " + p.state.String() + " - " + p.first
	if r.State != p.state || cond != p.cond || lasting(first) != want {
		t.Errorf("%s %q\n got %s\nwant %q\n     %s", r.State, cond, lasting(first), p.cond, want)
	}
	if p.label == "" {
		return
	}
	for _, m := range r.Metrics {
		if m.Label == p.label {
			if m.Value != p.value {
				t.Errorf("%s is %v, want %v", m.Label, m.Value, p.value)
			}
			return
		}
	}
	t.Errorf("there is no %s", p.label)
}

// passing is what a line says of response times, and of how many targets are well.
var passing = regexp.MustCompile(`^((slowest [^ ]+ )?[0-9.]+ sec\. response time|[0-9]+ of [0-9]+ targets( failed| OK))$`)

// lasting is a line without that.
func lasting(line string) string {
	state, rest, _ := strings.Cut(line, " - ")
	parts := slices.DeleteFunc(strings.Split(rest, ", "), passing.MatchString)
	return state + " - " + strings.Join(parts, ", ")
}

// audit plays a table, each row in time of its own.
func audit(t *testing.T, all []promise) {
	for _, p := range all {
		t.Run(strings.ReplaceAll(p.name, "/", "|"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { p.hear(t) })
		})
	}
}

// secure is a server that speaks TLS with what stands behind TLS in a script.
func secure(address, handshake string) string {
	return "-- server " + address + " --\nS: 220 mx ESMTP\nC: EHLO probe.test\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go ahead\nTLS " + handshake +
		"\nC: EHLO probe.test\nS: 250 mx\nC: QUIT\nS: 221 bye\n"
}

// open is one that does not.
func open(address string) string {
	return "-- server " + address + " --\nS: 220 mx ESMTP\nC: EHLO probe.test\nS: 250 mx\nC: QUIT\nS: 221 bye\n"
}
