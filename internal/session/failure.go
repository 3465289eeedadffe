package session

import (
	"context"
	"errors"
	"os"

	"check_smtp/internal/facts"
	"check_smtp/internal/smtp"
)

// skipped is the error of an optional step that was not taken.
type skipped string

func (s skipped) Error() string { return string(s) }

// explain sorts an error of the connection. context.Cause says why when the
// run was interrupted.
func explain(ctx context.Context, err error) *facts.Failure {
	syntax, isSyntax := errors.AsType[*smtp.SyntaxError](err)
	early, isEarly := errors.AsType[*injected](err)
	ours, isOurs := errors.AsType[*unreadable](err)
	alien, isAlien := errors.AsType[*headerAnswered](err)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return &facts.Failure{Kind: facts.Interrupted, Err: context.Cause(ctx)}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &facts.Failure{Kind: facts.TimedOut, Err: err}
	case isEarly:
		return &facts.Failure{Kind: facts.Injected, Err: early}
	case isAlien:
		return &facts.Failure{Kind: facts.Unproxied, Err: alien}
	case isSyntax:
		return &facts.Failure{Kind: facts.NotSMTP, Err: syntax}
	case isOurs:
		return &facts.Failure{Kind: facts.BrokenOff, Err: ours.error}
	}
	return &facts.Failure{Kind: facts.Closed, Err: err}
}

// explainDial sorts an error that came before there was a connection.
func explainDial(ctx context.Context, err error, kind facts.Kind) *facts.Failure {
	f := explain(ctx, err)
	_, isUnbound := errors.AsType[*facts.Unbound](err)
	switch {
	case f == nil || f.Kind != facts.Closed:
	case isUnbound:
		f.Kind = facts.Homeless
	default:
		f.Kind = kind
	}
	return f
}
