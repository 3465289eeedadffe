package targets

import (
	"sync"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/session"
)

// Progress is a run that somebody may look at before it is over, because he cannot
// wait any longer. The zero value is ready for one run.
type Progress struct {
	single session.Progress // of a run with one session

	mu     sync.Mutex
	survey *survey // nil: of none
}

func (p *Progress) begin(s *survey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.survey = s
}

// Facts are what has happened so far. What is at hand has broken for the reason
// given; atHand says whether anything is.
func (p *Progress) Facts(why facts.Failure) (run facts.Run, atHand bool) {
	p.mu.Lock()
	s := p.survey
	p.mu.Unlock()
	if s == nil {
		f, atHand := p.single.Facts(why)
		return facts.Of(f), atHand
	}
	return s.soFar(why)
}

// soFar is what has happened of a run.
func (s *survey) soFar(why facts.Failure) (run facts.Run, atHand bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.facts // a copy
	found.Took = time.Since(found.Start)
	run = facts.Run{Survey: &found}
	for _, t := range s.all {
		f := t.session
		if t.playing {
			now, _ := t.progress.Facts(why)
			if now.Begun() {
				now.Rank, now.Addrs = f.Rank, f.Addrs
				f = now
			}
		}
		run.Sessions = append(run.Sessions, f)
	}
	return run, !s.done
}
