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
	var syntax *smtp.SyntaxError
	var early *injected
	var ours *unreadable
	var alien *headerAnswered
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return &facts.Failure{Kind: facts.Interrupted, Err: context.Cause(ctx)}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &facts.Failure{Kind: facts.TimedOut, Err: err}
	case errors.As(err, &early):
		return &facts.Failure{Kind: facts.Injected, Err: early}
	case errors.As(err, &alien):
		return &facts.Failure{Kind: facts.Unproxied, Err: alien}
	case errors.As(err, &syntax):
		return &facts.Failure{Kind: facts.NotSMTP, Err: syntax}
	case errors.As(err, &ours):
		return &facts.Failure{Kind: facts.BrokenOff, Err: ours.error}
	}
	return &facts.Failure{Kind: facts.Closed, Err: err}
}

// explainDial sorts an error that came before there was a connection.
func explainDial(ctx context.Context, err error, kind facts.Kind) *facts.Failure {
	f := explain(ctx, err)
	var unbound *facts.Unbound
	switch {
	case f == nil || f.Kind != facts.Closed:
	case errors.As(err, &unbound):
		f.Kind = facts.Homeless
	default:
		f.Kind = kind
	}
	return f
}
