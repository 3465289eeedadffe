package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/smtptest"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// marker is a password that nothing else looks like.
const marker = "mArKeR-0f-a-s3cret"

// ordeals are all of testdata/faults.
func ordeals(t *testing.T) []smtptest.Ordeal {
	t.Helper()
	all, err := smtptest.Ordeals("../../testdata/faults", marker)
	if err != nil || len(all) < 3000 {
		t.Fatalf("%d faults (%v)", len(all), err)
	}
	return all
}

// sampled are two cases of each fault, of different transports and phases.
func sampled(all []smtptest.Ordeal) []smtptest.Ordeal {
	groups, order := map[string][]smtptest.Ordeal{}, []string{}
	for _, o := range all {
		words := strings.Split(o.Name, "/") // table, mode, fault, column
		if words[0] == "dns" || words[0] == "policy" {
			continue // the system's resolver asks others
		}
		fault := words[0] + "/" + words[2]
		if groups[fault] == nil {
			order = append(order, fault)
		}
		groups[fault] = append(groups[fault], o)
	}
	var some []smtptest.Ordeal
	for i, fault := range order {
		group := groups[fault]
		first := i * 7 % len(group)
		some = append(some, group[first], group[(first+len(group)/2)%len(group)])
	}
	return some
}

// TestFaults plays every fault, in virtual time. What is left running at the end of one
// ends the test.
func TestFaults(t *testing.T) {
	all := ordeals(t)
	survived := 0
	for _, o := range all {
		if t.Run(o.Name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { endure(t, o) }) }) {
			survived++
		}
	}
	fmt.Printf("faults survived %d of %d\n", survived, len(all))
}

// endure plays a fault twice: as the whole program with its watchdog, and once more
// for what it finds, in every format.
func endure(t *testing.T, o smtptest.Ordeal) {
	w := trial(t, o)
	begin := time.Now()
	code, out := w.run(append(slices.Clone(o.Story.Args[1:]), "-vvv")...)
	if took := w.ended.Sub(begin); took > 10*time.Second+grace {
		t.Errorf("it took %v", took)
	}
	if code != o.Want.Exit {
		t.Errorf("exit code %d", code)
	}
	if err := smtptest.Promised(out); err != nil {
		t.Errorf("%v:\n%s", err, out)
	}
	if w.stderr.Len() > 0 {
		t.Errorf("on standard error: %s", &w.stderr)
	}
	unleaked(t, out)
	weigh(t, o)
}

func trial(t *testing.T, o smtptest.Ordeal) *world {
	w := &world{t: t, story: o.Story, lax: true}
	if o.Story.NeedsPKI() {
		w.pki = smtptest.NewPKI(time.Now())
	}
	var err error
	if w.zone, err = smtptest.ReadZone(w.pki.Fill(o.Story.DNS)); err != nil {
		t.Fatal(err)
	}
	return w
}

// weigh compares the gravest finding with what was expected.
func weigh(t *testing.T, o smtptest.Ordeal) {
	w := trial(t, o)
	w.release = make(chan struct{})
	defer close(w.release)
	dog := watch(w.filled(o.Story.Args[1:]), io.Discard, io.Discard, func(int) {}, func(*watchdog) {})
	defer dog.timer.Stop()
	p, err := prepare(dog, w.env())
	if err != nil {
		t.Fatal(err)
	}
	played := targets.Run(context.Background(), w, p.Plan, p.start, new(targets.Progress))
	w.servers.Wait()
	report := verdict.Judge(played, p.Limits)
	got := smtptest.Outcome{Exit: int(report.State)}
	if got.Exit != 0 {
		got.Condition, got.Phase = string(report.Findings[0].Condition), string(report.Findings[0].Phase)
	}
	if got != o.Want {
		t.Errorf("%s, want %s\n%s", got, o.Want, printed(report, output{Output: p.Output}).text)
	}
	for _, format := range formats() {
		out := output{Output: p.Output}
		out.Format, out.Verbose, out.Width = format, 3, 100
		unleaked(t, string(printed(report, out).text))
	}
}

// unleaked looks for the marker.
func unleaked(t *testing.T, out string) {
	t.Helper()
	if form := smtptest.Leaked(out, marker); form != "" {
		t.Errorf("the password is in the output (%s):\n%s", form, out)
	}
}
