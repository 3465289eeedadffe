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

	"check_smtp/internal/args"
	"check_smtp/internal/dial"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/session"
	"check_smtp/internal/verdict"
)

func main() {
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
		return explain(stdout, err)
	}
	facts := session.Run(ctx, network, p.Probe)
	report := verdict.Judge(facts, p.Limits)
	return publish(stdout, report, p.Output)
}

// publish prints the report to where the plan says, in one write. The exit
// code holds even when nobody reads.
func publish(stdout io.Writer, report verdict.Report, o plan.Output) int {
	var out bytes.Buffer
	render.Formats[o.Format](&out, report, o)
	if o.File == "" {
		stdout.Write(out.Bytes())
		return int(report.State)
	}
	if err := render.ToFile(o.File, out.Bytes()); err != nil {
		return unknown(stdout, "cannot write the output file: "+err.Error())
	}
	return int(report.State)
}

// explain answers a command line that is not to be carried out.
func explain(stdout io.Writer, err error) int {
	var text *args.Text
	if errors.As(err, &text) {
		io.WriteString(stdout, text.Body)
		return int(plan.Unknown)
	}
	unknown(stdout, err.Error())
	var usage *args.UsageError
	if errors.As(err, &usage) {
		fmt.Fprintln(stdout, render.Clean(usage.Hint))
	}
	return int(plan.Unknown)
}

func unknown(stdout io.Writer, problem string) int {
	fmt.Fprintf(stdout, "SMTP UNKNOWN - %s\n", render.Clean(problem))
	return int(plan.Unknown)
}

// survive turns a panic into UNKNOWN. Left to itself the runtime exits with 2,
// which reads as CRITICAL, and prints a trace. The panic's value is not shown:
// it may hold anything, a secret included; where it happened is enough.
func survive(stdout io.Writer, code *int) {
	if recover() != nil {
		*code = unknown(stdout, "internal error at "+culprit()+", please report it")
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
	return args.Env{Getenv: os.Getenv, Hostname: os.Hostname, ReadFile: readFile, Mode: mode, Stdin: os.Stdin}
}

func mode(name string) (fs.FileMode, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Mode(), nil
}

// readFile reads a regular file only, and none that nobody can have meant: a
// FIFO could block for ever, a huge file fill the memory.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	if info.Size() > 1<<20 {
		return nil, fmt.Errorf("%s is larger than 1 MiB", name)
	}
	return os.ReadFile(name)
}
