package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// validators say what is wrong with an output of each format; whose rules they
// are stands with each.
var validators = map[plan.Format]func(out string) error{
	plan.Nagios:      icinga,
	plan.JSON:        schema(),
	plan.XML:         wellFormed,
	plan.OpenMetrics: exposed,
	plan.PRTG:        sensor,
	plan.Checkmk:     localChecks,
	plan.Influx:      points,
	plan.Waterfall:   drawn,

	plan.IcingaAPI:     handed,
	plan.NagiosCommand: commanded,

	centreon.Line: func(out string) error { return clean(out + "\n") },
	centreon.JSON: parsed(json.Unmarshal),
	centreon.XML:  parsed(xml.Unmarshal),
}

// formats are all that there are.
func formats() []plan.Format { return slices.Concat(plan.Formats, centreon.Formats) }

// TestFormats plays every story once and prints what came of it in every
// format: the verdict stays the same, and the readers of the format can read it.
func TestFormats(t *testing.T) {
	for _, story := range stories(t) {
		if strings.HasPrefix(title(story), "centreon/") || slices.Contains(story.Args, "--targets") || slices.ContainsFunc(story.Args, reshapes) || strings.Contains(title(story), "/watchdog-") {
			continue // of what is cut off, TestLastWords tells
		}
		t.Run(title(story), func(t *testing.T) { retell(t, story) })
	}
}

// reshapes says whether a word of a story writes files, or makes its exit code
// another than the state.
func reshapes(word string) bool {
	return strings.HasPrefix(word, "--output-file") || strings.HasPrefix(word, "--transcript-file") || word == "--output-format=prtg"
}

func retell(t *testing.T, story *smtptest.Story) {
	var told func(io.Writer, plan.Format) int
	synctest.Test(t, func(t *testing.T) { told = listen(t, story) })
	for _, format := range formats() {
		want := story.Exit
		if format == plan.PRTG {
			want = 0
		}
		var out bytes.Buffer
		if code := told(&out, format); code != want {
			t.Errorf("%s: exit code %d, want %d\n%s", format, code, want, &out)
		}
		validate := validators[format]
		if validate == nil {
			t.Fatalf("nobody validates the format %s", format)
		}
		if err := validate(out.String()); err != nil {
			t.Errorf("%s: %v:\n%s", format, err, &out)
		}
		if password := passwordOf(story); len(password) > 3 && smtptest.Leaked(out.String(), password) != "" {
			t.Errorf("%s: the password is in the output:\n%s", format, &out)
		}
	}
}

// listen plays a story, as talkative as can be, and returns what tells the end
// of it in a format.
func listen(t *testing.T, story *smtptest.Story) func(io.Writer, plan.Format) int {
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	if story.Signal > 0 {
		alarm := time.AfterFunc(story.Signal, func() { stop(errors.New("stopped by SIGTERM")) })
		defer alarm.Stop()
	}
	world := &world{t: t, story: story}
	if story.NeedsPKI() {
		world.pki = smtptest.NewPKI(time.Now())
	}
	var err error
	if world.zone, err = smtptest.ReadZone(world.pki.Fill(story.DNS)); err != nil {
		t.Fatal(err)
	}
	dog := watch(world.filled(story.Args[1:]), io.Discard, io.Discard, func(int) {}, func(*watchdog) {})
	defer dog.timer.Stop()
	p, err := prepare(dog, world.env())
	if err != nil {
		return func(out io.Writer, format plan.Format) int {
			said := explain(plan.Plan{Output: plan.Output{Format: format, Receiver: someone}}, err)
			out.Write(said.text)
			return said.code
		}
	}
	run := targets.Run(ctx, world, p.Plan, p.start, new(targets.Progress))
	world.servers.Wait()
	stop(nil)
	synctest.Wait()
	return func(out io.Writer, format plan.Format) int {
		o := output{Output: p.Output}
		o.Format, o.Verbose, o.Width = format, 3, 100
		o.Receiver = someone
		said := publish(verdict.Judge(run, p.Limits), o, unminded)
		out.Write(said.text)
		return said.code
	}
}
