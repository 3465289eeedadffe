package session

import (
	"sync"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Progress is a session that somebody may look at before it is over, because he
// cannot wait any longer. The zero value is ready for one session.
type Progress struct {
	mu    sync.Mutex
	facts facts.Session
	step  plan.Step
	since time.Time     // when step was begun; zero: none is at hand
	ours  time.Duration // how much of that was not the server's
	own   time.Time     // since when we are busy ourselves; zero: we are not
}

// Facts are what has happened so far, but for the dialogue, the login and the
// certificates, which may be about to change. If a step is at hand, it is the
// last record, and ended by this failure.
func (progress *Progress) Facts(why facts.Failure) (f facts.Session, atHand bool) {
	progress.mu.Lock()
	defer progress.mu.Unlock()
	f = progress.facts
	if f.Start.IsZero() {
		return f, false
	}
	if atHand = !progress.since.IsZero(); atHand {
		ours := progress.ours
		if !progress.own.IsZero() {
			ours += time.Since(progress.own)
		}
		f.Ours += ours
		f.Total = time.Since(f.Start) - f.Ours
		f.Records = append(f.Records[:len(f.Records):len(f.Records)], facts.Record{Step: progress.step, Took: time.Since(progress.since) - ours, Failure: &why})
	}
	return f, atHand
}

// begin notes that a step is begun.
func (progress *Progress) begin(f *facts.Session, step plan.Step, now time.Time) {
	progress.mu.Lock()
	defer progress.mu.Unlock()
	progress.facts, progress.step, progress.since = *f, step, now
	progress.ours, progress.own = 0, time.Time{}
	progress.facts.Dialogue, progress.facts.Auth, progress.facts.TLS = nil, nil, nil
}

// busy notes that we do something that is not the server's, until the function that
// it returns is called, which tells how long that was.
func (progress *Progress) busy() (done func() time.Duration) {
	progress.mu.Lock()
	defer progress.mu.Unlock()
	begin := time.Now()
	progress.own = begin
	return func() time.Duration {
		progress.mu.Lock()
		defer progress.mu.Unlock()
		took := time.Since(begin)
		progress.ours, progress.own = progress.ours+took, time.Time{}
		return took
	}
}

// end notes that no step is left.
func (progress *Progress) end(f *facts.Session) { progress.begin(f, plan.Step{}, time.Time{}) }
