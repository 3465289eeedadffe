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
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"sort"
	"syscall"

	"check_smtp/internal/centreon"
	"check_smtp/internal/dial"
	"check_smtp/internal/early"
	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

func main() {
	begin(os.Args[1:]) // before there is a watchdog, who reads them, too
	w := watch(os.Args[1:], os.Stdout, os.Stderr, os.Exit, (*watchdog).listen)
	if !held() {
		w.attend()
	}
	signal.Ignore(syscall.SIGPIPE) // a reader that left does not change the verdict
	w.leave(run(w, &dial.System{OnWait: w.waits}, environment()))
}

// run is the whole program, one stage a line. It returns the exit code.
func run(w *watchdog, network targets.Network, env surroundings) (code int) {
	defer survive(w, &code)
	p, err := prepare(w, w.observe(env))
	if err != nil {
		early.Begin()
		return w.print(explain(gistOf(w.argv), err))
	}
	unload()
	if p.many != nil {
		return list(w, p.many, network, env)
	}
	played := targets.Run(w.ctx, network, p.Plan, p.start, &w.progress)
	if saidIn(played) > 1000 {
		debug.SetMemoryLimit(tight)
	}
	report := verdict.Judge(played, p.Limits)
	w.judged(&report)
	return w.print(publish(report, p.output, w.at))
}

// saidIn is how many lines were said.
func saidIn(run facts.Run) int {
	n := 0
	for i := range run.Sessions {
		n += len(run.Sessions[i].Dialogue)
	}
	return n
}

// output is how to answer.
type output struct {
	plan.Output
	edits *centreon.Edits // what the operator wants changed of the report; nil: nothing
}

// tight is what the program tries to do with, in bytes, where a server has said so
// much that the words in another format would be many times that. Less frequent
// collection is faster.
const tight = 16 << 20

// What of ours can take long behind the session.
const (
	writingTranscript = "writing the transcript"
	writingFile       = "writing the output file"
)

// publish makes of a report what there is to say in the end, and writes the files that
// the plan asks for. A file that cannot be written is one finding more: the verdict on
// the server stays. at is told what is at hand.
func publish(report verdict.Report, o output, at func(doing string)) reply {
	if o.Transcript != "" {
		at(writingTranscript)
		if problem := transcribe(report, o); problem != "" {
			report = worsened(report, problem)
		}
		at("")
	}
	said := printed(report, o)
	if o.File == "" {
		return said
	}
	at(writingFile)
	defer at("")
	if err := render.ToFile(o.File, said.text, 0o644); err != nil {
		return printed(worsened(report, unwritten("output file", o.File, err)), o)
	}
	said.text = nil
	return said
}

// unminded is for publish where nobody asks what is at hand.
func unminded(string) {}

// printed is a report in its format, as the operator wants it.
func printed(r verdict.Report, o output) reply {
	r = centreon.Back(r, o.edits, o.Output)
	return reply{o.renderer()(r, o.Output), reason(r, o.Format), render.ExitCode(o.Format, r)}
}

// renderer is that of the format; nil: there is none.
func (o output) renderer() render.Renderer {
	if own := centreon.For(o.Format, o.edits); own != nil {
		return own
	}
	return render.For(o.Format)
}

// transcribe writes the dialogue to where the plan says, and tells why it could
// not. The file is the owner's: it holds names of users.
func transcribe(report verdict.Report, o output) string {
	if o.File != "" && render.SameFile(o.File, o.Transcript) {
		return "the transcript's file is the output file, too"
	}
	text := render.Transcript(centreon.Back(report, o.edits, o.Output))
	if err := render.ToFile(o.Transcript, text, 0o600); err != nil {
		return unwritten("transcript", o.Transcript, err)
	}
	return ""
}

func unwritten(what, name string, err error) string {
	return fmt.Sprintf("cannot write the %s \"%s\": %v", what, name, err)
}

// worsened is a report with an UNKNOWN more.
func worsened(r verdict.Report, problem string) verdict.Report {
	return joined(r, verdict.Finding{State: plan.Unknown, Text: problem})
}

// joined is a report with a finding more, the gravest still first.
func joined(r verdict.Report, f verdict.Finding) verdict.Report {
	if f.State == plan.OK {
		r.Notes = append(slices.Clone(r.Notes), f.Text)
		return r
	}
	order := []plan.State{plan.Critical, plan.Warning, plan.Unknown, plan.OK}
	r.Findings = append(slices.Clone(r.Findings), f)
	sort.SliceStable(r.Findings, func(i, j int) bool {
		return slices.Index(order, r.Findings[i].State) < slices.Index(order, r.Findings[j].State)
	})
	r.State = r.Findings[0].State
	return r
}
