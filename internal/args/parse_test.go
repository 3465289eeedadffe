package args

import (
	"context"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/credential"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// Parse is all that happens to a command line before a session: it is read, the
// password is found, and a plan made of it.
func Parse(argv []string, env Env) (plan.Plan, error) {
	p, _, err := planned(argv, env)
	return p, centreon.AnswerTo(legible(argv), err)
}

// legible is what can be read of a command line.
func legible(argv []string) *option.Set {
	if own, err := centreon.Words(Tables, argv); err == nil {
		argv = own
	}
	return option.Legible(Tables, argv)
}

func planned(argv []string, env Env) (p plan.Plan, edits *centreon.Edits, err error) {
	set, err := words(argv, env)
	if err != nil {
		return p, nil, err
	}
	call, err := centreon.Front(set.Set)
	if err != nil {
		return p, nil, err
	}
	env.Getenv = call.Getenv(env.Getenv)
	notes, err := filledIn(set, env)
	if err != nil {
		return p, nil, err
	}
	states, err := call.Preset()
	if err != nil {
		return p, nil, err
	}
	if p, err = Plan(set, env, states); err != nil {
		return p, nil, err
	}
	p.Limits.Notes = append(notes, p.Limits.Notes...)
	edits, err = call.Edits(&p)
	return p, edits, err
}

// words reads a command line.
func words(argv []string, env Env) (*Set, error) {
	argv, err := centreon.Words(Tables, argv)
	if err != nil {
		return nil, err
	}
	return Read(argv, env)
}

// filledIn finds the password.
func filledIn(set *Set, env Env) (notes []string, err error) {
	if err := set.Strayed(); err != nil {
		return nil, err
	}
	timeout, _, err := set.Timeout()
	if err != nil {
		return nil, err
	}
	_, notes, _, err = credential.Fill(context.Background(), set, credential.Env{
		ReadFile: env.ReadFile, Getenv: env.Getenv, Open: env.Open, Mode: env.Mode, Stat: env.Stat, Who: env.Who, Fits: Fits, Command: noCommand, Deadline: time.Now().Add(timeout),
	})
	return notes, err
}

// noCommand finds no command.
func noCommand(context.Context, []string) credential.Outcome {
	return credential.Outcome{Fault: credential.NoSuch}
}
