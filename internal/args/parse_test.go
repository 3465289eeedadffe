package args

import (
	"context"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/credential"
	"check_smtp/internal/plan"
)

// Parse is all that happens to a command line before a session: it is read, the
// password is found, and a plan made of it.
func Parse(argv []string, env Env) (plan.Plan, error) {
	p, _, err := planned(argv, env)
	return p, Answer(argv, err)
}

func planned(argv []string, env Env) (p plan.Plan, edits *centreon.Edits, err error) {
	set, err := Read(argv, env)
	if err != nil {
		return p, nil, err
	}
	timeout, err := set.Timeout()
	if err != nil {
		return p, nil, err
	}
	all := set.Env(env)
	_, notes, _, err := credential.Fill(context.Background(), set, credential.Env{
		ReadFile: all.ReadFile, Getenv: all.Getenv, Open: all.Open, Mode: all.Mode, Stat: all.Stat, Who: all.Who, Fits: Fits, Command: noCommand, Deadline: time.Now().Add(timeout),
	})
	if err != nil {
		return p, nil, err
	}
	p, edits, err = Plan(set, env)
	p.Limits.Notes = append(notes, p.Limits.Notes...)
	return p, edits, err
}

// noCommand finds no command.
func noCommand(context.Context, []string) credential.Outcome {
	return credential.Outcome{Fault: credential.NoSuch}
}
