package main

import (
	"errors"
	"os"
	"strconv"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// lastWords are what the watchdog knows when it ends the program.
type lastWords struct {
	argv    []string
	cause   error  // who told the program to stop; nil: its time is over
	doing   string // what of ours was at hand; "": nothing worth a word
	timeout time.Duration
	states  map[plan.Condition]plan.State // what was said of conditions; nil: ask the command line
	plan    *plan.Plan                    // nil: not known
	output  output                        // once the plan is known
	report  *verdict.Report               // nil: not judged
}

func (l lastWords) condition() plan.Condition {
	if l.cause != nil {
		return plan.CondInterrupted
	}
	return plan.CondTimeout
}

// state is what the end means. As long as the plan is not known, no server has
// been asked, and so it is UNKNOWN unless the command line says otherwise.
func (l lastWords) state() plan.State {
	if l.plan != nil {
		return l.plan.Limits.State(l.condition())
	}
	states := l.states
	if states == nil {
		states = gistOf(l.argv).Limits.States
	}
	if s, said := states[l.condition()]; said {
		return s
	}
	return plan.Unknown
}

// cutShort is an error before the session that comes of the time, or of who told the
// program to stop, where the user has said what that means.
type cutShort struct {
	error
	verdict.Finding // without a text
}

// Unwrap is the error.
func (c *cutShort) Unwrap() error { return c.error }

// cutShort makes an error one if it is. A mistake in the command line stays one,
// however long it took to find.
func (w *watchdog) cutShort(err error) error {
	if _, mistake := errors.AsType[*option.Error](err); mistake {
		return err
	}
	return w.over(err)
}

// over makes an error one if the time is over, or somebody has told the program to
// stop.
func (w *watchdog) over(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil || w.cause == nil && (w.limit == 0 || time.Since(w.begin) < w.limit) {
		return err
	}
	l := lastWords{argv: w.argv, cause: w.cause, states: w.states}
	return &cutShort{err, verdict.Finding{Condition: l.condition(), State: l.state()}}
}

// shortly is what to exit with where there is no time for words.
func (l lastWords) shortly() int {
	if l.plan != nil {
		return render.ExitCode(l.output.Format, verdict.Report{State: l.state()})
	}
	return render.ExitCode(gistOf(l.argv).Output.Format, verdict.Report{State: l.state()})
}

// finding says what the program hung on.
func (l lastWords) finding(doing string) verdict.Finding {
	if l.doing != "" {
		doing = l.doing
	}
	text := "timeout after " + strconv.FormatFloat(l.timeout.Seconds(), 'f', -1, 64) + " seconds"
	if l.cause != nil {
		text = l.cause.Error()
	}
	return verdict.Finding{Condition: l.condition(), State: l.state(), Text: text + " while " + doing}
}

// plainly is what to print where something is wrong with the words.
func (l lastWords) plainly() []byte {
	r := reported(l.finding("making an answer"))
	r.State = plan.Unknown
	return render.Plain(r)
}

// say is what there is to say.
func (l lastWords) say(progress *targets.Progress) reply {
	if l.plan == nil {
		return l.unplanned()
	}
	o := l.output
	o.Verbose, o.Transcript = 0, "" // there is no time for that
	if l.doing == writingFile {
		o.File = ""
	}
	return publish(l.soFar(progress), o, unminded)
}

// unplanned is the answer to a command line that has not been read to its end.
func (l lastWords) unplanned() reply {
	gist := gistOf(l.argv)
	r := reported(l.finding("reading the command line"))
	r.Run = facts.Of(about(gist))
	o := output{Output: gist.Output}
	if call, ok := errors.AsType[*centreon.Answer](centreon.AnswerTo(legible(l.argv), errors.New(r.Findings[0].Text))); ok {
		o = output{call.Output, call.Edits}
		o.File = gist.Output.File
	}
	return publish(r, o, unminded)
}

// soFar is the verdict on what has happened.
func (l lastWords) soFar(progress *targets.Progress) verdict.Report {
	if l.report != nil {
		r := *l.report
		if r.Survey == nil {
			f := *r.Session() // a copy: somebody may be printing the other one
			f.Dialogue = nil
			r.Run = facts.Of(f)
		}
		return joined(r, l.finding("printing the result"))
	}
	why := facts.Failure{Kind: facts.TimedOut, Err: os.ErrDeadlineExceeded}
	if l.cause != nil {
		why = facts.Failure{Kind: facts.Interrupted, Err: l.cause}
	}
	run, atHand := progress.Facts(why)
	if run.Survey == nil && !run.Session().Begun() {
		return reported(l.finding("beginning the session"))
	}
	r := verdict.Judge(run, l.plan.Limits)
	switch {
	case !atHand:
		r = joined(r, l.finding(l.behind()))
	case run.Survey != nil && r.State == plan.OK: // what is at hand is not told
		r = joined(r, l.finding(surveying))
	}
	return r
}

// surveying is what is done beside the sessions of a run.
const surveying = "looking up what the domain publishes"

// behind is what is done when the session is over.
func (l lastWords) behind() string {
	if l.plan.Probe.TLS.Mode == plan.NoTLS {
		return "judging the replies"
	}
	return "looking at the certificates"
}

// code is what to exit with where the answer is out already, but for its last
// bytes.
func (l lastWords) code(code int) int {
	if l.cause == nil || l.plan == nil || l.report == nil {
		return code
	}
	r := joined(*l.report, l.finding("printing the result"))
	o := l.output
	o.Verbose = 0
	return render.ExitCode(o.Format, centreon.Back(r, o.edits, o.Output))
}
