package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"check_smtp/internal/args"
	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/reshape"
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
	if call, ok := errors.AsType[*args.Call](err); ok {
		call.Output.File = gist.Output.File
		return answer(call)
	}
	if text, ok := errors.AsType[*args.Text](err); ok {
		return reply{text: []byte(text.Body), code: int(plan.Unknown)}
	}
	hint := hintOf(err)
	var out bytes.Buffer
	render.Trouble(&out, gist.Output.Format, about(gist), err.Error(), hint)
	said := reply{
		text:   out.Bytes(),
		reason: reason(reshape.Refusal(plan.Unknown, err.Error(), hint), gist.Output.Format),
		code:   render.ExitCode(gist.Output.Format, plan.Unknown),
	}
	if gist.Output.File != "" && render.ToFile(gist.Output.File, out.Bytes(), 0o644) == nil {
		said.text = nil
	}
	return said
}

// hintOf says what to do about a command line; "": nothing is known.
func hintOf(err error) string {
	if usage, ok := errors.AsType[*args.UsageError](err); ok {
		return usage.Hint
	}
	return ""
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
func answer(call *args.Call) reply {
	if text, ok := errors.AsType[*args.Text](call.Err); ok {
		_, code := reshape.Edit(nil, int(call.State), call.Output)
		return reply{text: []byte(text.Body), code: code}
	}
	return publish(reshape.Refusal(call.State, call.Error(), hintOf(call.Err)), call.Output, unminded)
}

// survive turns a panic into UNKNOWN. Left to itself the runtime exits with 2,
// which reads as CRITICAL, and prints a trace. The panic's value is not shown:
// it may hold anything, a secret included; where it happened is enough. The
// answer is a plain line in every format: the panic may have been the format's.
func survive(w *watchdog, code *int) {
	if recover() == nil {
		return
	}
	problem := "internal error at " + culprit() + ", please report it"
	var out bytes.Buffer
	render.Trouble(&out, plan.Nagios, facts.Session{}, problem, "")
	*code = w.print(reply{text: out.Bytes(), code: int(plan.Unknown)})
	defer func() { recover() }() // the panic may have been of what follows
	explain(args.Gist(w.argv), errors.New(problem))
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
