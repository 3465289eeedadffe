package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"check_smtp/internal/args"
	"check_smtp/internal/centreon"
	"check_smtp/internal/credential"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/print"
	"check_smtp/internal/targets"
)

// prepared is a command line that can be carried out.
type prepared struct {
	plan.Plan
	output output
	start  targets.Start
	many   *args.Many // nil: one command line, and all of the above
}

// prepare reads the command line, finds the password, and plans.
func prepare(w *watchdog, env surroundings) (*prepared, error) {
	p, err := inStages(w, env)
	if err != nil {
		return nil, centreon.AnswerTo(legible(w.argv), err)
	}
	if p.many == nil {
		w.planned(&p.Plan, p.output)
	}
	return p, nil
}

func inStages(w *watchdog, env surroundings) (*prepared, error) {
	argv, err := centreon.Words(args.Tables, w.argv)
	if err != nil {
		return nil, err
	}
	set, err := args.Read(argv, env.Env)
	if err != nil {
		return nil, printing(err, env)
	}
	if many, err := set.Many(); many != nil || err != nil {
		return &prepared{many: many}, err
	}
	return behind(w, set, env)
}

// behind are the stages behind the words.
func behind(w *watchdog, set *args.Set, env surroundings) (*prepared, error) {
	call, err := centreon.Front(set.Set)
	if err != nil {
		return nil, err
	}
	env.Getenv = call.Getenv(env.Getenv)
	notes, took, err := findPassword(w, set, env)
	if err != nil {
		return nil, w.cutShort(err)
	}
	states, err := call.Preset()
	if err != nil {
		return nil, err
	}
	p, err := args.Plan(set, env.Env, states)
	if err != nil {
		return nil, err
	}
	edits, err := call.Edits(&p)
	if err != nil {
		return nil, err
	}
	p.Limits.Notes = append(notes, p.Limits.Notes...)
	start := targets.Start{Deadline: w.begin.Add(p.Probe.Timeout), Credential: took}
	return &prepared{Plan: p, output: output{p.Output, edits}, start: start}, w.over(late(w, p, took))
}

// printing makes of a question for what is to be printed that text.
func printing(err error, env surroundings) error {
	asked, ok := errors.AsType[*option.Asked](err)
	if !ok {
		return err
	}
	text, err := print.Text(asked.Word, print.Input{Tables: args.Tables, Version: args.Version, Released: args.Released, Examples: args.Examples, Program: env.program()})
	if err != nil {
		return err
	}
	return &option.Text{Body: text, Well: true}
}

// legible is what can be read of a command line, whatever is wrong with it.
func legible(argv []string) *option.Set {
	if own, err := centreon.Words(args.Tables, argv); err == nil {
		argv = own
	}
	return option.Legible(args.Tables, argv)
}

// gistOf is what can be told of a command line that is not carried out.
func gistOf(argv []string) plan.Plan { return args.Gist(legible(argv)) }

// late is the error of a run whose time is over before the server is asked, which is
// not to be blamed then; nil: it is not.
func late(w *watchdog, p plan.Plan, took time.Duration) error {
	if time.Since(w.begin) < p.Probe.Timeout {
		return nil
	}
	what := "reading the command line and its files"
	if took > 0 {
		what += ", and finding the password,"
	}
	return option.Bad("-t/--timeout", what+" took all of the time", "give more, such as -t 30")
}

// findPassword finds the password, wherever the command line says that it is.
func findPassword(w *watchdog, set *args.Set, env surroundings) (notes []string, took time.Duration, err error) {
	if err := set.Strayed(); err != nil {
		return nil, 0, err
	}
	timeout, states, err := set.Timeout()
	if err != nil {
		return nil, 0, err
	}
	w.allow(timeout, states)
	_, notes, took, err = credential.Fill(w.ctx, set, credential.Env{
		ReadFile: env.ReadFile, Getenv: env.Getenv, Open: env.Open, Mode: env.Mode, Stat: env.Stat, Who: env.Who,
		Fits: args.Fits, Command: env.command, Wait: w.waitsFor, Deadline: w.begin.Add(timeout),
	})
	return notes, took, err
}

// waitsFor is called before a wait that is not the session's.
func (w *watchdog) waitsFor(what string) (done func()) {
	w.waits()
	w.at(what)
	return func() { w.at("") }
}

// command runs a command as whoever started this program would have.
func command(ctx context.Context, argv []string) credential.Outcome {
	return credential.Run(ctx, argv, os.Environ(), asStarted)
}

// asStarted does something in a thread that is as whoever started this program had
// it, which a child inherits. It may run on every processor by now, see waits.
func asStarted(do func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // what is caught, a child has as by default
	defer signal.Ignore(syscall.SIGPIPE)
	defer loosen()()
	do()
}
