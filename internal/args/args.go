// Package args turns a command line and ini files into a plan, or into a usage
// error that says what to do. It is the only package that knows the names of
// options. It prints nothing and does not exit.
package args

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"check_smtp/internal/plan"
)

// Version is what --version prints; the linker may set it (-X).
var Version = "1.0.0"

// Env is what of the process's surroundings a command line may draw on.
type Env struct {
	Getenv   func(string) string
	Hostname func() (string, error)
	ReadFile func(name string) ([]byte, error)
	Open     func(name string) (r io.ReadCloser, size int64, err error) // a regular file
	Mode     func(name string) (fs.FileMode, error)                     // nil: nobody minds who may read a password file
	User     func() int                                                 // the id of the user that runs this program; nil: not told
	Stat     func(name string) (fs.FileInfo, error)                     // nil: nobody minds what a file of certificates is
	Stdin    io.Reader
	Terminal func() (columns int, ok bool) // that standard output is; nil: it is none
	// Patience ends at the deadline, or when somebody tells the program to stop.
	// It is asked for before a wait; nil: nobody does.
	Patience func(deadline time.Time) (context.Context, context.CancelFunc)
}

// Parse reads a command line, without the program's name. The error is a
// *UsageError or a *Text, or a *Call around one of them.
func Parse(argv []string, env Env) (plan.Plan, error) {
	p, err := newOptions().parse(argv, env)
	return p, answered(argv, err)
}

func (o *options) parse(argv []string, env Env) (plan.Plan, error) {
	if len(argv) == 0 {
		return plan.Plan{}, &UsageError{Problem: "no arguments", Hint: "give at least a host: check_smtp -H mail.example.org, " + seeHelp}
	}
	argv, err := o.centreonWords(argv)
	if err != nil {
		return plan.Plan{}, err
	}
	line, ini := words{flags: o.flags, more: o.bindMore}, words{flags: o.flags, more: o.bindMore}
	if err := line.read(argv); err != nil {
		return plan.Plan{}, err
	}
	for _, where := range line.extra {
		if err := ini.readINI(where, env); err != nil {
			return plan.Plan{}, err
		}
	}
	// The command line comes last, so that it has the last word.
	if err := o.flags.Parse(slices.Concat(ini.options, line.options)); err != nil {
		return plan.Plan{}, badSwitch(err)
	}
	if err := o.takeHost(line.free); err != nil {
		return plan.Plan{}, err
	}
	return o.plan(env)
}

// badSwitch explains an error of pflag's. All that it can still find is a
// switch with a strange value, as in --lmtp=perhaps.
func badSwitch(err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return bad(invalid.GetFlag().Usage, quote(invalid.GetValue())+" is no value for it", "give the option without a value")
	}
	return &UsageError{Problem: quote(err.Error()), Hint: seeHelp}
}

// plan makes the plan, one part after the other; the steps need the target,
// the limits need the steps.
func (o *options) plan(env Env) (plan.Plan, error) {
	var p plan.Plan
	env = o.overlay(env)
	parts := []func(*plan.Plan) error{
		func(p *plan.Plan) error { return o.called(p, env) },
		func(p *plan.Plan) error { return o.consult(p, env) },
		o.target,
		o.header,
		func(p *plan.Plan) error { return o.secure(p, env) },
		func(p *plan.Plan) error { return o.login(p, env) },
		func(p *plan.Plan) error { return o.session(p, env) },
		o.steps,
		func(p *plan.Plan) error { return o.message(p, env) },
		o.limits,
		func(p *plan.Plan) error { return o.output(p, env) },
		o.transcript,
		o.reshaped,
	}
	for _, fill := range parts {
		if err := fill(&p); err != nil {
			return plan.Plan{}, err
		}
	}
	return p, nil
}
