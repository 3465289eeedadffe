package main

import (
	"errors"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/args"
	"check_smtp/internal/batch"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// Many command lines are carried out as if each were a program of its own, with its own
// time, its own watchdog and its own verdict. What is common to all is the network, the
// signals and the paper.

const (
	endless     = 10 * 365 * 24 * time.Hour // the time of a list: its rows have theirs
	roomForMany = 40 << 20                  // what the program tries to do with then, in bytes
)

// lister carries out a list.
type lister struct {
	*args.Many
	w       *watchdog
	env     surroundings
	network targets.Network
	rows    []batch.Row
	names   []string // what the results are called
	queue   *batch.Queue
	out     render.Many
}

// list carries out a list of command lines, and returns the exit code.
func list(w *watchdog, m *args.Many, network targets.Network, env surroundings) int {
	w.endlessly()
	l := &lister{Many: m, w: w, env: env, network: network}
	if err := l.read(); err != nil {
		return w.print(explain(plan.Plan{Output: m.Output}, err))
	}
	p, err := l.paper()
	if err != nil {
		return w.print(explain(plan.Plan{Output: plan.Output{Format: m.Output.Format}}, err))
	}
	l.out = render.ManyFor(l.Output.Format, p, l.names)
	w.waits()
	debug.SetMemoryLimit(roomForMany)
	return l.print(p, l.play())
}

// endlessly gives the program all the time that it takes, and some more to stop in:
// its rows stop first.
func (w *watchdog) endlessly() {
	w.mu.Lock()
	w.more = 4 * notice
	w.mu.Unlock()
	w.allow(endless, nil)
}

// read reads the list.
func (l *lister) read() error {
	env := l.w.observe(l.env)
	from := env.Stdin
	if l.File != "-" {
		f, _, err := env.Open(l.File)
		if err != nil {
			return unlisted(l.File, err)
		}
		defer f.Close()
		from = f
	}
	var err error
	if l.rows, err = batch.Read(from); err != nil {
		return unlisted(l.File, err)
	}
	hosts, taken := make([]string, len(l.rows)), verdict.Names{}
	l.names = make([]string, len(l.rows))
	for i, r := range l.rows {
		subject, host := args.Subject(legible(r.Args))
		l.names[i], hosts[i] = taken.Free(titled(r, subject), " "), host
	}
	l.queue = batch.NewQueue(l.w.ctx, hosts, l.PerHost)
	return nil
}

func unlisted(file string, err error) error {
	why := strings.TrimPrefix(render.Bare(err).Error(), file+" ")
	return option.Bad("--targets", option.Quote(file)+": "+why, "give a file in which each row is a host or a command line, or - for standard input; --target names servers")
}

// titled is what a result is called: as the list says, or else after the server.
func titled(r batch.Row, subject string) string {
	switch {
	case r.Name != "":
		return render.Clean(r.Name)
	case subject != "":
		return render.Clean(subject)
	}
	return "line " + strconv.Itoa(r.Line)
}

// paper is where the results are printed.
type paper struct {
	io.Writer
	done func(err error) error
}

func (l *lister) paper() (paper, error) {
	if l.Output.File == "" {
		return paper{l.w.stdout, func(err error) error { return err }}, nil
	}
	if l.File != "-" && render.SameFile(l.File, l.Output.File) {
		return paper{}, option.Bad("--output-file", "it is the file of --targets, too", "give another one")
	}
	draft, err := render.NewDraft(l.Output.File, 0o644)
	if err != nil {
		return paper{}, errors.New(unwritten("output file", l.Output.File, err))
	}
	return paper{draft, draft.Done}, nil
}

// play carries out all rows, some at the same time. Each of the workers ends with a
// result that is of no row.
func (l *lister) play() <-chan outcome {
	results := make(chan outcome, l.Parallel)
	for range l.Parallel {
		go func() {
			for i, ok := l.queue.Next(); ok; i, ok = l.queue.Next() {
				t, busy := l.carryOut(i)
				if busy != "" {
					l.queue.Again(i, busy)
					continue
				}
				l.queue.Done(i)
				results <- t
			}
			results <- outcome{row: -1}
		}()
	}
	return results
}

// sheet is what has been printed.
type sheet struct {
	printed int
	worst   plan.State
	reasons strings.Builder // for standard error
	err     error           // why there is no more
}

// print prints the results as they come, in the order of the rows, and returns the
// exit code. Those that never come are told, too.
func (l *lister) print(p paper, results <-chan outcome) int {
	var s sheet
	waiting := map[int]outcome{}
	for left := l.Parallel; left > 0; {
		t := <-results
		if t.row < 0 {
			left--
			continue
		}
		waiting[t.row] = t
		for next, there := waiting[s.printed]; there; next, there = waiting[s.printed] {
			delete(waiting, s.printed)
			l.put(&s, next)
		}
	}
	for s.printed < len(l.rows) {
		next, there := waiting[s.printed]
		if !there {
			next = l.unbegun(s.printed)
		}
		l.put(&s, next)
	}
	if s.err == nil {
		s.err = l.out.End()
	}
	return l.end(&s, p.done(s.err))
}

// put prints one result. Where nobody reads, nothing more is begun.
func (l *lister) put(s *sheet, t outcome) {
	if s.printed++; verdict.Graver(t.state, s.worst) {
		s.worst = t.state
	}
	if t.reason != "" {
		s.reasons.WriteString("check_smtp: " + l.names[t.row] + ": " + t.reason + "\n")
	}
	if s.err == nil && l.w.begins(int(s.worst)) {
		if s.err = l.out.Put(t.piece); s.err != nil {
			l.w.stop(errors.New("the results cannot be written"))
		}
	}
	l.queue.Printed(s.printed)
}

// end tells on standard error what the format cannot hold, and that the results could
// not be written.
func (l *lister) end(s *sheet, err error) int {
	io.WriteString(l.w.stderr, s.reasons.String())
	l.w.begins(int(s.worst))
	lost := err != nil
	if l.Output.File == "" {
		lost = l.w.lost(err)
	} else if lost {
		io.WriteString(l.w.stderr, "check_smtp: "+unwritten("output file", l.Output.File, err)+"\n")
	}
	if lost && s.worst == plan.OK {
		return int(plan.Unknown) // it says that all is well to nobody
	}
	return int(s.worst)
}
