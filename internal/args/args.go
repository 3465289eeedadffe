// Package args turns a command line and ini files into a plan, or into a usage
// error that says what to do. It is the only package that knows the names of
// options. It prints nothing and does not exit.
package args

import (
	"errors"
	"io"
	"io/fs"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/message"
	"check_smtp/internal/option"
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
}

// Set is a command line that has been read, with its ini files.
type Set struct{ *options }

// Read reads a command line, without the program's name. The error is a
// *UsageError or a *Text; see Answer.
func Read(argv []string, env Env) (Set, error) {
	o, err := readWords(argv, env)
	if err != nil {
		return Set{}, err
	}
	return Set{o}, o.called()
}

// Env is the environment with what the command line puts into it.
func (s Set) Env(env Env) Env { return s.overlay(env) }

// Timeout is how long the whole run may take.
func (s Set) Timeout() (time.Duration, error) { return s.deadline(new(plan.Plan)) }

// Plan makes the plan of a command line, and what the operator wants changed of the
// report; nil: nothing. The error is a *UsageError.
func Plan(s Set, env Env) (plan.Plan, *centreon.Edits, error) {
	p, err := s.plan(s.Env(env))
	return p, s.edits, err
}

// options is what the user typed, and what was found out from it.
type options struct {
	*option.Set
	positional     bool              // the host is the first word that is no option
	noLogin        bool              // auth=none of Centreon's
	edits          *centreon.Edits   // what plan has found of them; nil: nothing
	toList, ccList []message.Address // what recipients has read
}

// readWords reads a command line and the ini files that it names.
func readWords(argv []string, env Env) (*options, error) {
	if len(argv) == 0 {
		return nil, &UsageError{Problem: "no arguments", Hint: "give at least a host: check_smtp -H mail.example.org, " + seeHelp}
	}
	argv, err := centreonWords(argv)
	if err != nil {
		return nil, err
	}
	set, err := option.Read(Tables, argv, option.Env{Getenv: env.Getenv, ReadFile: env.ReadFile, Stdin: env.Stdin, Readable: env.readable})
	if err != nil {
		return nil, answer(err)
	}
	o := &options{Set: set}
	return o, o.takeHost(set.Free)
}

// Text is an answer to print instead of a check: the help or the version. It
// is an error so that no caller can mistake it for a plan.
type Text struct{ Body string }

// Error says what this is; the body is for standard output.
func (t *Text) Error() string { return "a text was asked for" }

// answer makes of a question for a text that text.
func answer(err error) error {
	asked, ok := errors.AsType[*option.Asked](err)
	switch {
	case !ok:
		return err
	case asked.For == option.Version:
		return &Text{Body: "check_smtp v" + Version + " (check_smtp " + Version + ")\n"}
	}
	text, err := helpOn(asked.Word)
	if err != nil {
		return err
	}
	return &Text{Body: text}
}

// plan makes the plan, one part after the other; the steps need the target,
// the limits need the steps.
func (o *options) plan(env Env) (plan.Plan, error) {
	var p plan.Plan
	parts := []func(*plan.Plan) error{
		o.preset,
		func(p *plan.Plan) error { return o.servers(p, env) },
		o.target,
		o.header,
		func(p *plan.Plan) error { return o.secure(p, env) },
		o.login,
		func(p *plan.Plan) error { return o.session(p, env) },
		o.steps,
		func(p *plan.Plan) error { return o.message(p, env) },
		o.limits,
		func(p *plan.Plan) error { return o.output(p, env) },
		o.transcript,
		func(p *plan.Plan) (err error) { o.edits, err = centreon.EditsOf(o.Set, p); return err },
	}
	for _, fill := range parts {
		if err := fill(&p); err != nil {
			return plan.Plan{}, err
		}
	}
	return p, nil
}

// FlagNames lists the long names of all options, aliases included, in
// alphabetical order.
func FlagNames() []string { return Tables.Names() }
