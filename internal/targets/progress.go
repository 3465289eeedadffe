package targets

import (
	"sync"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/mtasts"
	"check_smtp/internal/plan"
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
	found.Queries = s.dns.Queries()
	if found.Found.Kind == "" {
		found.Found = s.sought(why)
	}
	s.unfinished(&found, why)
	run = facts.Run{Survey: &found}
	all := s.all
	if all == nil {
		for _, h := range found.Found.Hosts {
			all = append(all, &target{session: facts.Session{Host: h.Host, Port: h.Port, Rank: h.Rank, Timeout: s.probe.Timeout}})
		}
	}
	for _, t := range all {
		run.Sessions = append(run.Sessions, t.soFar(why))
	}
	return run, !s.done
}

// unfinished fills in what was asked for and is not known, so that nobody takes it
// for being well. mu is held.
func (s *survey) unfinished(found *facts.Survey, why facts.Failure) {
	status, late := facts.NoAnswer, &facts.WebError{Fault: facts.WebLate}
	var stopped error
	if why.Kind == facts.Interrupted {
		status, stopped = facts.Abandoned, why.Err
		late = &facts.WebError{Fault: facts.WebStopped, Err: why.Err, Why: why.Reason()}
	}
	domain := s.plan.STSDomain()
	if s.plan.TLSRPT != plan.NotAsked && found.TLSRPT == nil {
		found.TLSRPT = &facts.TLSRPT{Domain: domain}
		found.Reports = facts.Query{Name: mtasts.ReportName(domain), Type: "TXT", Status: status, Err: stopped}
	}
	if s.plan.STS == plan.NotAsked || found.STS != nil {
		return
	}
	found.STS = &facts.STS{Domain: domain, Record: s.record}
	switch {
	case found.Policy.Name == "":
		found.Policy = facts.Query{Name: mtasts.RecordName(domain), Type: "TXT", Status: status, Err: stopped}
	case s.record.Usable():
		found.STS.Fetch = &facts.STSFetch{Web: facts.Web{Host: mtasts.Host(domain), Err: late}}
	}
}

// soFar is what has happened of a target.
func (t *target) soFar(why facts.Failure) facts.Session {
	f := t.session
	if t.done {
		return f
	}
	if t.playing {
		if now, _ := t.progress.Facts(why); now.Begun() {
			now.Rank, now.Addrs, now.Timeout = f.Rank, f.Addrs, f.Timeout
			return now
		}
	}
	if why.Kind == facts.Interrupted {
		f.Absent = &facts.Absence{Kind: facts.AbsentStopped, Err: why.Err}
	}
	return f
}

// sought is a search that has found nothing yet. Hosts that the user has named are
// found at once.
func (s *survey) sought(why facts.Failure) facts.Discovery {
	found := s.looking()
	q := facts.Query{Name: found.Name, Type: "MX", Status: facts.NoAnswer}
	if found.Kind == facts.BySRV {
		q.Type = "SRV"
	}
	if why.Kind == facts.Interrupted {
		q.Status, q.Err = facts.Abandoned, why.Err
	}
	found.Failed = q
	return found
}
