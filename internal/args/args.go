// Package args turns a command line and ini files into a plan, or into a usage
// error that says what to do. It is the only package that knows the names of
// options. It prints nothing and does not exit.
package args

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"time"

	"check_smtp/internal/message"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// Version is what --version prints; the linker may set it (-X). The Makefile reads
// it and the day from here, and they stand nowhere else.
var Version = "1.0.0"

// Released is the day of this version, which the man page and the packages bear.
const Released = "2026-11-26"

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
	Now      func() time.Time
	Unique   func() string                 // letters and digits that no other message has
	Terminal func() (columns int, ok bool) // that standard output is; nil: it is none
	Built    func() string                 // with what and for which system this program was built; nil: not told
}

// Set is a command line that has been read, with its ini files, and what was found
// out from it.
type Set struct {
	*option.Set
	env            Env               // when a plan is made
	positional     bool              // the host is the first word that is no option
	toList, ccList []message.Address // what recipients has read
	wrong          error             // the first value that cannot be read
}

// Read reads a command line, without the program's name. The error is an
// *option.Error, an *option.Text, or an *option.Asked for what is to be printed.
func Read(argv []string, env Env) (*Set, error) {
	if len(argv) == 0 {
		return nil, &UsageError{Problem: "no arguments", Hint: "give at least a host: check_smtp -H mail.example.org, " + seeHelp}
	}
	set, err := env.words(argv)
	if err != nil {
		return nil, env.answer(err)
	}
	o := &Set{Set: set}
	return o, o.takeHost(set.Free)
}

// Timeout is how long the whole run may take, and what was said of conditions.
func (o *Set) Timeout() (time.Duration, map[plan.Condition]plan.State, error) {
	var p plan.Plan
	d, err := o.deadline(&p)
	for _, text := range o.Filled("state") {
		addState(&p, text) // or not, which Plan tells
	}
	return d, p.Limits.States, err
}

func (e Env) words(argv []string) (*option.Set, error) {
	return option.Read(Tables, argv, option.Env{Getenv: e.Getenv, ReadFile: e.ReadFile, Stdin: e.Stdin, Readable: e.readable})
}

// answer makes of a question for a text that text.
func (e Env) answer(err error) error {
	asked, ok := errors.AsType[*option.Asked](err)
	switch {
	case !ok:
		return err
	case asked.For == option.Print: // which the caller has to do
		return err
	case asked.For == option.Version:
		return &option.Text{Body: e.version()}
	}
	text, err := helpOn(asked.Word)
	if err != nil {
		return err
	}
	return &option.Text{Body: text}
}

// version is what --version prints. The first line is what scripts read and package
// managers compare: it stays as the plugins of monitoring-plugins have it.
func (e Env) version() string {
	text := "check_smtp v" + Version + " (check_smtp " + Version + ")\n"
	if e.Built != nil {
		text += e.Built() + "\n"
	}
	return text
}

// Plan makes the plan of a command line. The states are what conditions mean unless
// an option says so; nil: what they mean by themselves. The error is an *option.Error.
//
// One part is made after the other: the steps need the target, the limits need the
// steps.
func Plan(o *Set, env Env, states map[plan.Condition]plan.State) (plan.Plan, error) {
	o.env = env
	p := plan.Plan{Limits: plan.Limits{States: states}}
	err := inTurn(&p, o.servers, o.target, o.header, o.secure, o.login, o.session, o.steps, o.message, o.limits, o.output, o.transcript)
	if err = cmp.Or(o.wrong, err); err != nil {
		return plan.Plan{}, err
	}
	return p, nil
}

// inTurn has functions fill something in, until one of them fails.
func inTurn[T any](into T, fills ...func(T) error) error {
	for _, fill := range fills {
		if err := fill(into); err != nil {
			return err
		}
	}
	return nil
}
