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
	since time.Time // when step was begun; zero: none is at hand
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
		f.Total = time.Since(f.Start)
		f.Records = append(f.Records[:len(f.Records):len(f.Records)], facts.Record{Step: progress.step, Took: time.Since(progress.since), Failure: &why})
	}
	return f, atHand
}

// begin notes that a step is begun.
func (progress *Progress) begin(f *facts.Session, step plan.Step, now time.Time) {
	progress.mu.Lock()
	defer progress.mu.Unlock()
	progress.facts, progress.step, progress.since = *f, step, now
	progress.facts.Dialogue, progress.facts.Auth, progress.facts.TLS = nil, nil, nil
}

// end notes that no step is left.
func (progress *Progress) end(f *facts.Session) { progress.begin(f, plan.Step{}, time.Time{}) }
