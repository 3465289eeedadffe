// A check is over before the number of processors can change.
//go:debug updatemaxprocs=0

// Command check_smtp checks a mail server: it speaks SMTP or LMTP to it phase
// by phase, times every phase, and answers with an exit code and one line with
// perfdata, as monitoring systems of the Nagios family expect.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"check_smtp/internal/args"
	"check_smtp/internal/dial"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/reshape"
	"check_smtp/internal/session"
	"check_smtp/internal/verdict"
)

func main() {
	unload()                       // what only the start of the runtime has needed
	signal.Ignore(syscall.SIGPIPE) // a reader that left does not change the verdict
	ctx, stop := context.WithCancelCause(context.Background())
	network := &dial.System{OnWait: func() { spread(); obey(stop) }}
	os.Exit(run(ctx, network, os.Args[1:], environment(), os.Stdout))
}

// run is the whole program, one stage a line. It returns the exit code.
func run(ctx context.Context, network session.Network, argv []string, env args.Env, stdout io.Writer) (code int) {
	defer survive(stdout, &code)
	p, err := args.Parse(argv, env)
	if err != nil {
		return explain(stdout, args.FormatOf(argv), err)
	}
	unload() // and what only the command line has
	facts := session.Run(ctx, network, p.Probe)
	report := verdict.Judge(facts, p.Limits)
	report = reshape.Apply(report, p.Output)
	return publish(stdout, report, p.Output)
}

// publish prints the report to where the plan says, in one write. The exit
// code holds even when nobody reads.
func publish(stdout io.Writer, report verdict.Report, o plan.Output) int {
	if o.Transcript != "" {
		if err := render.ToFile(o.Transcript, render.Transcript(report)); err != nil {
			return unknown(stdout, o.Format, "cannot write the transcript: "+err.Error(), "")
		}
	}
	var out bytes.Buffer
	render.For(o.Format)(&out, report, o)
	text, code := reshape.Edit(out.Bytes(), render.ExitCode(o.Format, report.State), o)
	if o.File == "" {
		stdout.Write(text)
		return code
	}
	if err := render.ToFile(o.File, text); err != nil {
		return unknown(stdout, o.Format, "cannot write the output file: "+err.Error(), "")
	}
	return code
}

// explain answers a command line that is not to be carried out.
func explain(stdout io.Writer, f plan.Format, err error) int {
	var call *args.Call
	if errors.As(err, &call) {
		return answer(stdout, call)
	}
	var text *args.Text
	if errors.As(err, &text) {
		io.WriteString(stdout, text.Body)
		return int(plan.Unknown)
	}
	hint := ""
	var usage *args.UsageError
	if errors.As(err, &usage) {
		hint = usage.Hint
	}
	return unknown(stdout, f, err.Error(), hint)
}

// answer explains to whom the command line itself tells us how to.
func answer(stdout io.Writer, call *args.Call) int {
	var text *args.Text
	if errors.As(call.Err, &text) {
		io.WriteString(stdout, text.Body)
		_, code := reshape.Edit(nil, int(call.State), call.Output)
		return code
	}
	hint := ""
	var usage *args.UsageError
	if errors.As(call.Err, &usage) {
		hint = usage.Hint
	}
	return publish(stdout, reshape.Refusal(call.State, call.Error(), hint), call.Output)
}

func unknown(stdout io.Writer, f plan.Format, problem, hint string) int {
	render.Trouble(stdout, f, problem, hint)
	return render.ExitCode(f, plan.Unknown)
}

// survive turns a panic into UNKNOWN. Left to itself the runtime exits with 2,
// which reads as CRITICAL, and prints a trace. The panic's value is not shown:
// it may hold anything, a secret included; where it happened is enough. The
// answer is a plain line in every format: the panic may have been the format's.
func survive(stdout io.Writer, code *int) {
	if recover() != nil {
		*code = unknown(stdout, plan.Nagios, "internal error at "+culprit()+", please report it", "")
	}
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

// obey ends the run when somebody tells the program to stop: a poller that has
// waited long enough, a shell, an alarm. What is known by then is still
// printed. A run in which nobody has to wait is over before anybody can lose
// patience, so it does not pay for the listening.
func obey(stop context.CancelCauseFunc) {
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGTERM, syscall.SIGINT, syscall.SIGALRM, syscall.SIGHUP)
	go func() { stop(fmt.Errorf("stopped by signal %v", <-caught)) }()
}

func environment() args.Env {
	return args.Env{Getenv: os.Getenv, Hostname: os.Hostname, ReadFile: readFile, Open: openFile, Mode: mode, Stdin: os.Stdin, Terminal: terminal, Patience: patience}
}

// patience is how long to wait for a password manager, before there is a
// session.
func patience(deadline time.Time) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancelCause(context.Background())
	spread()
	obey(stop)
	return context.WithDeadline(ctx, deadline)
}

func mode(name string) (fs.FileMode, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Mode(), nil
}

// readFile reads a regular file only, and none that nobody can have meant: a
// huge file would fill the memory.
func readFile(name string) ([]byte, error) {
	size, err := regular(name)
	if err != nil {
		return nil, err
	}
	if size > 1<<20 {
		return nil, fmt.Errorf("%s is larger than 1 MiB", name)
	}
	return os.ReadFile(name)
}

// openFile opens a regular file for reading and tells its size.
func openFile(name string) (io.ReadCloser, int64, error) {
	size, err := regular(name)
	if err != nil {
		return nil, 0, err
	}
	f, err := os.Open(name)
	return f, size, err
}

// regular is the size of a regular file. Anything else is an error: a FIFO could
// block for ever.
func regular(name string) (int64, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%s is not a regular file", name)
	}
	return info.Size(), nil
}
