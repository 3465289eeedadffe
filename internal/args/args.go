// Package args turns a command line and ini files into a plan, or into a usage
// error that says what to do. It is the only package that knows the names of
// options. It prints nothing and does not exit.
package args

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

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
	Mode     func(name string) (fs.FileMode, error) // nil: nobody minds who may read a password file
	Stdin    io.Reader
}

// Parse reads a command line, without the program's name. The error is a
// *UsageError or a *Text.
func Parse(argv []string, env Env) (plan.Plan, error) {
	if len(argv) == 0 {
		return plan.Plan{}, &UsageError{Problem: "no arguments", Hint: "give at least a host: check_smtp -H mail.example.org, " + seeHelp}
	}
	o := newOptions()
	line, ini := words{flags: o.flags, more: o.bindRest}, words{flags: o.flags, more: o.bindRest}
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

// takeHost takes the host from the words that belong to no option, unless -H
// gave it. Any other word is one that the user meant for something else.
func (o *options) takeHost(free []string) error {
	if !o.host.given {
		o.host.text = "127.0.0.1"
		if len(free) > 0 {
			o.host.text, free = free[0], free[1:]
		}
	}
	if len(free) == 0 {
		return nil
	}
	if o.pass.given { // its blanks may have made words of it
		return &UsageError{Problem: "unexpected word on the command line, not shown as it may be of the password", Hint: "quote a value that holds blanks"}
	}
	return &UsageError{
		Problem: "unexpected word " + quote(free[0]) + " on the command line",
		Hint:    "quote a value that holds blanks, the host is " + quote(o.host.text),
	}
}

// plan makes the plan, one part after the other; the steps need the target,
// the limits need the steps.
func (o *options) plan(env Env) (plan.Plan, error) {
	var p plan.Plan
	parts := []func(*plan.Plan) error{
		o.target,
		o.header,
		func(p *plan.Plan) error { return o.secure(p, env) },
		func(p *plan.Plan) error { return o.login(p, env) },
		func(p *plan.Plan) error { return o.session(p, env) },
		o.steps,
		o.limits,
		o.output,
	}
	for _, fill := range parts {
		if err := fill(&p); err != nil {
			return plan.Plan{}, err
		}
	}
	return p, nil
}

// output fills in how to report.
func (o *options) output(p *plan.Plan) error {
	p.Output = plan.Output{Format: plan.Nagios, Verbose: min(max(o.verbose, 0), 3), File: o.file.text}
	if o.format.text != "" {
		p.Output.Format = plan.Format(o.format.text)
	}
	if !slices.Contains(plan.Formats, p.Output.Format) {
		return bad("--output-format", quote(o.format.text)+" is not a format", didYouMean(o.format.text, texts(plan.Formats)))
	}
	if o.perfdata.text == "" {
		return nil
	}
	for name := range strings.SplitSeq(o.perfdata.text, ",") {
		label, err := metric("--perfdata", strings.TrimSpace(name))
		if err != nil {
			return err
		}
		p.Output.Perfdata = append(p.Output.Perfdata, label)
	}
	return nil
}
