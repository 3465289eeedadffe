package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

const (
	// firstLook is when the watchdog wakes up first. Most checks are over by then and
	// pay for nothing but a timer; the others have their signals obeyed from here
	// on, or from their first wait.
	firstLook = 20 * time.Millisecond
	// grace is how long after the deadline, which the session minds by itself, the
	// watchdog ends a program that does something else.
	grace = 50 * time.Millisecond
	// notice is how long a program that was told to stop may take to do so.
	notice = 200 * time.Millisecond
	// parting is how long the last line may take to be written.
	parting = 30 * time.Millisecond
)

// watchdog ends the program in time and with one line, whatever it hangs on: a
// file, a pattern, a reader of its output that sleeps.
type watchdog struct {
	begin    time.Time
	argv     []string
	stdout   io.Writer
	stderr   io.Writer
	exit     func(code int)  // ends the program
	last     func(lastWords) // takes the last words in place of part; nil: nobody does
	ready    func(*watchdog) // called once, when the program is not over at once
	ctx      context.Context
	stop     context.CancelCauseFunc // ends ctx, with which a session ends by itself
	progress targets.Progress
	once     sync.Once // ready

	mu      sync.Mutex // what follows is read and written by two
	timer   *time.Timer
	awake   bool                          // attend has been called
	end     time.Time                     // when the program has to be over, once awake
	told    time.Time                     // when somebody told the program to stop; zero: nobody did
	more    time.Duration                 // what it may take to stop, beside notice
	cause   error                         // who it was
	doing   string                        // what of ours is at hand; "": nothing worth a word
	limit   time.Duration                 // how long the program may take; 0: not read yet
	states  map[plan.Condition]plan.State // what was said of conditions, once limit is known
	plan    *plan.Plan                    // nil: not known yet
	output  output                        // once the plan is known
	report  *verdict.Report               // nil: not judged yet
	printer printer
	code    int // what to exit with, once printer is main
}

// printer is who prints the answer. Whoever comes first does.
type printer int

const (
	nobody printer = iota
	normally
	lastly // the watchdog
)

// watch begins to watch over a program.
func watch(argv []string, stdout, stderr io.Writer, exit func(int), ready func(*watchdog)) *watchdog {
	w := &watchdog{begin: time.Now(), argv: argv, stdout: stdout, stderr: stderr, exit: exit, ready: ready}
	w.ctx, w.stop = context.WithCancelCause(context.Background())
	w.mu.Lock() // the timer is part of what it finds
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(firstLook, w.wake)
	return w
}

// wake is called when the time is over that was set last, or the one before, if that
// was just being changed.
func (w *watchdog) wake() {
	w.mu.Lock()
	awake, over := w.awake, !time.Now().Before(w.end)
	w.mu.Unlock()
	switch {
	case !awake:
		w.attend()
	case over:
		w.bark()
	}
}

// waits is called before the first wait.
func (w *watchdog) waits() {
	spread()
	w.attend()
}

// attend sets the watchdog for the deadline. It is called before the first wait,
// or when the program takes its time.
func (w *watchdog) attend() {
	w.once.Do(func() {
		w.ready(w)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.awake = true
		w.set()
	})
}

// listen obeys whoever tells the program to stop: a poller that has waited long
// enough, a shell, an alarm. What is known by then is still printed. Until then
// the signals wait, see startup_linux_amd64.s.
func (w *watchdog) listen() {
	caught := make(chan os.Signal, 1)
	for _, s := range []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGALRM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) { // as nohup has SIGHUP ignored
			signal.Notify(caught, s)
		}
	}
	go func() {
		for s := range caught {
			w.interrupt(errors.New("stopped by " + signalName(s)))
		}
	}()
}

// signalName is what people type behind kill.
func signalName(s os.Signal) string {
	switch s {
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGINT:
		return "SIGINT"
	case syscall.SIGALRM:
		return "SIGALRM"
	case syscall.SIGHUP:
		return "SIGHUP"
	case syscall.SIGQUIT:
		return "SIGQUIT"
	}
	return "a signal"
}

// interrupt ends the run.
func (w *watchdog) interrupt(cause error) {
	w.mu.Lock()
	if w.cause == nil {
		w.cause, w.told, w.awake = cause, time.Now(), true
		w.set()
	}
	w.mu.Unlock()
	w.stop(cause)
}

// set sets the timer for the end. mu is held.
func (w *watchdog) set() {
	w.end = w.begin.Add(w.timeout() + grace)
	if soon := w.told.Add(notice + w.more); !w.told.IsZero() && soon.Before(w.end) {
		w.end = soon
	}
	w.timer.Reset(time.Until(w.end))
}

// timeout is how long the program may take; as long as the ini files are not read,
// what the command line says of it. mu is held.
func (w *watchdog) timeout() time.Duration {
	if w.limit != 0 {
		return w.limit
	}
	return gistOf(w.argv).Probe.Timeout
}

// at notes what of ours is at hand.
func (w *watchdog) at(doing string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.doing = doing
}

// allow notes how long the program may take, and what was said of conditions.
func (w *watchdog) allow(limit time.Duration, states map[plan.Condition]plan.State) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.states = states
	if w.limit = limit; w.awake {
		w.set()
	}
}

// planned notes the plan.
func (w *watchdog) planned(p *plan.Plan, o output) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plan, w.output = p, o
}

// judged notes the verdict.
func (w *watchdog) judged(r *verdict.Report) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.report = r
}

// print prints the answer, unless the watchdog has, and returns the code to exit
// with. The code holds even when nobody reads.
func (w *watchdog) print(said reply) int {
	w.mu.Lock()
	first := w.printer == nobody
	if first {
		w.printer, w.code = normally, said.code
	}
	w.mu.Unlock()
	if first && w.write(said) != nil && said.code == int(plan.OK) {
		return int(plan.Unknown) // it says that all is well to nobody
	}
	return said.code
}

// write writes the answer. A reader that has left is no error: it has its reasons.
func (w *watchdog) write(said reply) error {
	if _, err := w.stdout.Write(said.text); w.lost(err) {
		return err
	}
	if said.reason != nil {
		w.stderr.Write(said.reason)
	}
	return nil
}

// lost says whether an answer could not be written, and tells why.
func (w *watchdog) lost(err error) bool {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return false
	}
	why := "unknown error"
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		why = facts.Word(errno)
	}
	io.WriteString(w.stderr, "check_smtp: cannot write the output: "+why+"\n")
	return true
}

// leave ends the program when all is done. If the watchdog has come first, that
// is its business.
func (w *watchdog) leave(code int) {
	w.mu.Lock()
	late := w.printer == lastly
	w.mu.Unlock()
	if late {
		select {}
	}
	w.exit(code)
}

// bark ends the program now. What is being printed by then nobody reads: it has
// been written as far as it can be, and only the code is left to tell.
func (w *watchdog) bark() {
	w.mu.Lock()
	known := lastWords{w.argv, w.cause, w.doing, w.timeout(), w.states, w.plan, w.output, w.report}
	who, code := w.printer, w.code
	if who == nobody {
		w.printer = lastly
	}
	w.mu.Unlock()
	switch who {
	case normally:
		hurry := time.AfterFunc(parting, func() { w.exit(code) })
		code := known.code(code)
		hurry.Stop()
		w.exit(code)
	case nobody:
		if w.last != nil {
			w.last(known)
			return
		}
		w.part(known)
	}
}

// begins notes that the answer is being printed piece by piece, and the code to exit
// with if it ends here. It says whether that is still wanted.
func (w *watchdog) begins(code int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.printer == lastly {
		return false
	}
	w.printer, w.code = normally, code
	return true
}

// part prints the last words, if that does not take too long, and ends the
// program.
func (w *watchdog) part(known lastWords) {
	short := known.shortly()
	hurry := time.AfterFunc(parting, func() { w.exit(short) })
	said := w.compose(known)
	hurry.Stop()
	time.AfterFunc(parting, func() { w.exit(said.code) })
	w.write(said)
	w.exit(said.code)
}

// compose makes the last words. They come from whatever the program hangs on, so
// that a panic is no surprise.
func (w *watchdog) compose(known lastWords) (said reply) {
	defer func() {
		if recover() != nil {
			said = reply{text: known.plainly(), code: int(plan.Unknown)}
		}
	}()
	return known.say(&w.progress)
}
