package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"check_smtp/internal/args"
	"check_smtp/internal/batch"
	"check_smtp/internal/centreon"
	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// outcome is what is left of a row that was carried out.
type outcome struct {
	row    int // below 0: of none
	state  plan.State
	piece  render.Piece
	reason string // for standard error; "": the format holds it
}

// tell makes of a report what there is to print.
func (l *lister) tell(i int, r verdict.Report, o plan.Output) outcome {
	t := outcome{row: i, state: r.State}
	taken := !l.Output.Format.Passive() || o.Service != nil // by whoever is handed the lines
	if taken {
		t.piece = l.out.Piece(l.names[i], r, o)
	}
	if !taken || l.Output.Format == plan.OpenMetrics && r.State == plan.Unknown {
		t.reason = render.Summary(r)
	}
	return t
}

// carryOut carries out a row. busy is the address that another one talks to, after
// which it is to begin anew.
func (l *lister) carryOut(i int) (t outcome, busy string) {
	said := make(chan outcome, 2) // the row's word, and its watchdog's
	dog := watch(slices.Concat(l.w.argv, l.rows[i].Args), io.Discard, io.Discard, func(int) {}, func(*watchdog) {})
	dog.last = func(known lastWords) { said <- l.lastOf(i, known, &dog.progress) }
	stop := context.AfterFunc(l.w.ctx, func() { dog.interrupt(context.Cause(l.w.ctx)) })
	gates := make(chan *batch.Gate, 1) // that of the row, once there is one
	go func() { said <- l.stages(dog, i, gates) }()
	t = <-said
	stop()
	dog.timer.Stop()
	dog.stop(nil)
	select {
	case gate := <-gates:
		gate.Leave()
		busy = gate.Busy()
	default:
	}
	if busy != "" && l.w.ctx.Err() != nil {
		return l.unbegun(i), ""
	}
	return t, busy
}

// stages are those of a run, one a line.
func (l *lister) stages(dog *watchdog, i int, gates chan<- *batch.Gate) (t outcome) {
	defer func() {
		if recover() != nil {
			t = l.decline(i, errors.New("internal error at "+culprit()+", please report it"))
		}
	}()
	p, err := l.prepare(dog, l.rows[i])
	if err != nil {
		return l.decline(i, err)
	}
	gate := l.queue.Gate(l.network)
	gates <- gate
	played := targets.Run(dog.ctx, gate, p.Plan, p.start, &dog.progress)
	report := verdict.Judge(played, p.Limits)
	return l.tell(i, centreon.Back(report, p.output.edits, p.output.Output), p.output.Output)
}

// prepare is that of a row.
func (l *lister) prepare(dog *watchdog, r batch.Row) (*prepared, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	argv, err := centreon.Words(args.Tables, r.Args)
	if err != nil {
		return nil, err
	}
	env := dog.observe(l.env)
	set, err := l.Row(argv, env.Env)
	if err != nil {
		return nil, err
	}
	p, err := behind(dog, set, env)
	if err != nil {
		return nil, err
	}
	p.output.Format, p.output.Verbose = l.Output.Format, 0
	dog.planned(&p.Plan, p.output)
	return p, nil
}

// decline is the result of a row that is not carried out.
func (l *lister) decline(i int, err error) outcome {
	if _, text := errors.AsType[*option.Text](err); text {
		err = errors.New("each row must be a check, and this one prints a text")
	}
	return l.without(i, declined(plan.Unknown, err))
}

// without is the result of a row without a session.
func (l *lister) without(i int, r verdict.Report) outcome {
	if at := "line " + strconv.Itoa(l.rows[i].Line); l.names[i] != at {
		r.Findings[0].Text = at + ": " + r.Findings[0].Text
	}
	gist := gistOf(slices.Concat(l.w.argv, l.rows[i].Args))
	gist.Output.Format = l.Output.Format
	r.Run = facts.Of(about(gist))
	return l.tell(i, r, gist.Output)
}

// unbegun is the result of a row that was not come to.
func (l *lister) unbegun(i int) outcome {
	cause := context.Cause(l.w.ctx)
	if cause == nil {
		cause = errors.New("stopped")
	}
	text := cause.Error() + " before this row was begun"
	return l.without(i, reported(verdict.Finding{Condition: plan.CondInterrupted, State: plan.Unknown, Text: text}))
}

// lastOf is the result of a row that its watchdog ends.
func (l *lister) lastOf(i int, known lastWords, progress *targets.Progress) (t outcome) {
	defer func() {
		if recover() != nil {
			t = l.decline(i, errors.New(known.finding("making an answer").Text))
		}
	}()
	if known.plan == nil {
		return l.without(i, reported(known.finding("reading the command line")))
	}
	return l.tell(i, centreon.Back(known.soFar(progress), known.output.edits, known.output.Output), known.output.Output)
}
