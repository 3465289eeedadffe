package main

import (
	"errors"
	"fmt"
	"runtime"
	"strings"

	"check_smtp/internal/centreon"
	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/verdict"
)

// reply is all that the program has to say in the end.
type reply struct {
	text   []byte // for standard output
	reason []byte // for standard error, of what a format of numbers cannot hold; nil: nothing
	code   int    // to exit with
}

// explain answers a command line that is not to be carried out. The answer goes
// to the output file, too: the verdict that is in there no longer holds.
func explain(gist plan.Plan, err error) reply {
	if call, ok := errors.AsType[*centreon.Answer](err); ok {
		call.Output.File = gist.Output.File
		return answer(call)
	}
	if text, ok := errors.AsType[*option.Text](err); ok {
		code := int(plan.Unknown)
		if text.Well {
			code = 0
		}
		return reply{text: []byte(text.Body), code: code}
	}
	r := declined(plan.Unknown, err)
	r.Run = facts.Of(about(gist))
	o := output{Output: plan.Output{Format: gist.Output.Format, Receiver: gist.Output.Receiver, File: gist.Output.File}}
	said := reply{render.Plain(r), reason(r, o.Format), render.ExitCode(o.Format, r)}
	if o.Format != plan.Nagios {
		said = printed(r, o)
	}
	if gist.Output.File != "" && render.ToFile(gist.Output.File, said.text, 0o644) == nil {
		said.text = nil
	}
	return said
}

// declined is the report of a command line that is not carried out.
func declined(s plan.State, err error) verdict.Report {
	f := verdict.Finding{State: s}
	if c, ok := errors.AsType[*cutShort](err); ok && s == plan.Unknown {
		f = c.Finding
	}
	f.Text = err.Error()
	r := reported(f)
	if usage, ok := errors.AsType[*option.Error](err); ok && usage.Hint != "" {
		r.Notes = []string{usage.Hint}
	}
	return r
}

// reported is a report of which no more is known than a finding.
func reported(f verdict.Finding) verdict.Report {
	return verdict.Report{State: f.State, Findings: []verdict.Finding{f}}
}

// about names the server in formats where another name is another thing with
// alerts of its own: a series of Prometheus or InfluxDB, a service of
// Checkmk.
func about(gist plan.Plan) facts.Session {
	switch gist.Output.Format {
	case plan.OpenMetrics, plan.Checkmk, plan.Influx:
		return facts.Session{Host: gist.Probe.Host, Port: gist.Probe.Port}
	}
	return facts.Session{}
}

// reason is why a report is UNKNOWN where its format holds numbers only: cron
// mails what is on standard error, and systemd logs it.
func reason(r verdict.Report, f plan.Format) []byte {
	if f != plan.OpenMetrics || r.State != plan.Unknown {
		return nil
	}
	return []byte("check_smtp: " + render.Summary(r) + "\n")
}

// answer explains to whom the command line itself tells us how to.
func answer(call *centreon.Answer) reply {
	r, o := declined(call.State, call.Err), output{call.Output, call.Edits}
	if text, ok := errors.AsType[*option.Text](call.Err); ok {
		code := render.ExitCode(plan.Nagios, centreon.Back(r, o.edits, o.Output)) // the text is in no format
		return reply{text: []byte(text.Body), code: code}
	}
	return publish(r, o, unminded)
}

// survive turns a panic into UNKNOWN. Left to itself the runtime exits with 2,
// which reads as CRITICAL, and prints a trace. The panic's value is not shown:
// it may hold anything, a secret included; where it happened is enough. The
// answer is a plain line in every format: the panic may have been the format's.
func survive(w *watchdog, code *int) {
	if recover() == nil {
		return
	}
	problem := errors.New("internal error at " + culprit() + ", please report it")
	*code = w.print(reply{text: render.Plain(declined(plan.Unknown, problem)), code: int(plan.Unknown)})
	defer func() { recover() }() // the panic may have been of what follows
	explain(gistOf(w.argv), problem)
}

// culprit is the innermost function of ours on the panicking stack.
func culprit() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if name, ours := strings.CutPrefix(f.Function, "check_smtp/"); ours {
			return fmt.Sprintf("%s line %d", name, f.Line)
		}
		if !more {
			return "an unknown place"
		}
	}
}
