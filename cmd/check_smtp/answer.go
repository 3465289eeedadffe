package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"check_smtp/internal/args"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/reshape"
	"check_smtp/internal/session"
)

// explain answers a command line that is not to be carried out: what belongs on
// standard output, and the exit code. The answer goes to the output file, too: the
// verdict that is in there no longer holds.
func explain(gist plan.Plan, err error) ([]byte, int) {
	var call *args.Call
	if errors.As(err, &call) {
		call.Output.File = gist.Output.File
		return answer(call)
	}
	var text *args.Text
	if errors.As(err, &text) {
		return []byte(text.Body), int(plan.Unknown)
	}
	hint := ""
	var usage *args.UsageError
	if errors.As(err, &usage) {
		hint = usage.Hint
	}
	var out bytes.Buffer
	render.Trouble(&out, gist.Output.Format, about(gist), err.Error(), hint)
	code := render.ExitCode(gist.Output.Format, plan.Unknown)
	if gist.Output.File != "" && render.ToFile(gist.Output.File, out.Bytes(), 0o644) == nil {
		return nil, code
	}
	return out.Bytes(), code
}

// about names the server to Prometheus, for which a sample with other labels is
// another series, with alerts of its own.
func about(gist plan.Plan) session.Facts {
	if gist.Output.Format != plan.OpenMetrics {
		return session.Facts{}
	}
	return session.Facts{Host: gist.Probe.Host, Port: gist.Probe.Port}
}

// answer explains to whom the command line itself tells us how to.
func answer(call *args.Call) ([]byte, int) {
	var text *args.Text
	if errors.As(call.Err, &text) {
		_, code := reshape.Edit(nil, int(call.State), call.Output)
		return []byte(text.Body), code
	}
	hint := ""
	var usage *args.UsageError
	if errors.As(call.Err, &usage) {
		hint = usage.Hint
	}
	return publish(reshape.Refusal(call.State, call.Error(), hint), call.Output, unminded)
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
	render.Trouble(&out, plan.Nagios, session.Facts{}, problem, "")
	*code = w.print(out.Bytes(), int(plan.Unknown))
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
