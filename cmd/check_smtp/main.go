// A check is over before the number of processors can change.
//go:debug updatemaxprocs=0

// A server's certificate is to be judged, not to be refused: OpenSSL reads these,
// too. What they prove is looked at in internal/roots.
//go:debug x509negativeserial=1
//go:debug rsa1024min=0

// Command check_smtp checks a mail server: it speaks SMTP or LMTP to it phase
// by phase, times every phase, and answers with an exit code and one line with
// perfdata, as monitoring systems of the Nagios family expect.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"check_smtp/internal/args"
	"check_smtp/internal/dial"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/reshape"
	"check_smtp/internal/session"
	_ "check_smtp/internal/stretch"
	"check_smtp/internal/verdict"
)

func main() {
	unload()
	signal.Ignore(syscall.SIGPIPE) // a reader that left does not change the verdict
	ctx, stop := context.WithCancelCause(context.Background())
	network := &dial.System{OnWait: func() { spread(); obey(stop) }}
	os.Exit(run(ctx, network, os.Args[1:], environment(), os.Stdout))
}

// run is the whole program, one stage a line. It returns the exit code.
func run(ctx context.Context, network session.Network, argv []string, env args.Env, stdout io.Writer) (code int) {
	defer survive(stdout, argv, &code)
	p, err := args.Parse(argv, env)
	if err != nil {
		return explain(stdout, args.Gist(argv), err)
	}
	facts := session.Run(ctx, network, p.Probe)
	report := verdict.Judge(facts, p.Limits)
	report = reshape.Apply(report, p.Output)
	return publish(stdout, report, p.Output)
}

// publish prints the report to where the plan says, in one write. The exit
// code holds even when nobody reads. A file that cannot be written is one
// finding more: the verdict on the server stays.
func publish(stdout io.Writer, report verdict.Report, o plan.Output) int {
	if problem := transcribe(report, o); problem != "" {
		report = worsened(report, problem, o)
	}
	text, code := printed(report, o)
	if o.File != "" {
		err := render.ToFile(o.File, text, 0o644)
		if err == nil {
			return code
		}
		text, code = printed(worsened(report, unwritten("output file", o.File, err), o), o)
	}
	stdout.Write(text)
	return code
}

// printed is a report in its format, and what to exit with.
func printed(report verdict.Report, o plan.Output) ([]byte, int) {
	var out bytes.Buffer
	render.For(o.Format)(&out, report, o)
	return reshape.Edit(out.Bytes(), render.ExitCode(o.Format, report.State), o)
}

// transcribe writes the dialogue to where the plan says, and tells why it could
// not. The file is the owner's: it holds names of users.
func transcribe(report verdict.Report, o plan.Output) string {
	switch {
	case o.Transcript == "":
		return ""
	case o.File != "" && render.SameFile(o.File, o.Transcript):
		return "the transcript's file is the output file, too"
	}
	if err := render.ToFile(o.Transcript, render.Transcript(report), 0o600); err != nil {
		return unwritten("transcript", o.Transcript, err)
	}
	return ""
}

func unwritten(what, name string, err error) string {
	return fmt.Sprintf("cannot write the %s \"%s\": %v", what, name, err)
}

// worsened is a report with an UNKNOWN more, the gravest still first. Where
// Centreon judges, UNKNOWN is graver than WARNING.
func worsened(r verdict.Report, problem string, o plan.Output) verdict.Report {
	order := []plan.State{plan.Critical, plan.Warning, plan.Unknown, plan.OK}
	if o.Reshape != nil && o.Reshape.Mode != "" {
		order = []plan.State{plan.Critical, plan.Unknown, plan.Warning, plan.OK}
	}
	r.Findings = append(slices.Clone(r.Findings), verdict.Finding{State: plan.Unknown, Text: problem})
	slices.SortStableFunc(r.Findings, func(a, b verdict.Finding) int {
		return slices.Index(order, a.State) - slices.Index(order, b.State)
	})
	r.State = r.Findings[0].State
	return r
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
