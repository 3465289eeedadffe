package targets

import (
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// TestWatched: at every moment of a run somebody may look at it, and sees what is
// known of each target and nothing that did not happen.
func TestWatched(t *testing.T) {
	late := facts.Failure{Kind: facts.TimedOut, Err: os.ErrDeadlineExceeded}
	told := facts.Failure{Kind: facts.Interrupted, Err: errors.New("stopped by SIGTERM")}
	synctest.Test(t, func(t *testing.T) {
		known := knows(exchangers(8))
		w := &world{hangs: even, play: func(q dnsmessage.Message, network string) []said {
			s := known(q, network)
			s[0].after = time.Second
			return s
		}}
		var p Progress
		over := make(chan facts.Run)
		go func() {
			over <- Run(t.Context(), w, asked("example.org", func(p *plan.Plan) { p.Targets.Parallel = 3 }), Start{Deadline: time.Now().Add(10 * time.Second)}, &p)
		}()
		synctest.Wait()
		moments := []struct {
			after                            time.Duration
			sessions, begun, failed, stopped int
		}{
			{500 * time.Millisecond, 0, 0, 0, 0},   // the domain is being asked for
			{1500 * time.Millisecond, 8, 0, 0, 8},  // its hosts are
			{2500 * time.Millisecond, 8, 6, 3, 2},  // three hang, and two are left
			{9500 * time.Millisecond, 8, 8, 4, 0},  // which have begun by now
			{10500 * time.Millisecond, 8, 8, 4, 0}, // all is over
		}
		begin := time.Now()
		var run facts.Run
		for _, m := range moments {
			select {
			case run = <-over:
				over = nil
			case <-time.After(time.Until(begin.Add(m.after))):
			}
			time.Sleep(time.Until(begin.Add(m.after)))
			for _, why := range []facts.Failure{late, told} {
				seen, atHand := p.Facts(why)
				begun, failed, stopped := tally(seen)
				if why.Kind == facts.TimedOut {
					m.stopped -= stopped
				}
				if len(seen.Sessions) != m.sessions || begun != m.begun || failed != m.failed || why.Kind == facts.Interrupted && stopped != m.stopped || atHand != (over != nil) {
					t.Errorf("%v: %d sessions, %d begun, %d failed, %d stopped, at hand %v; want %+v", m.after, len(seen.Sessions), begun, failed, stopped, atHand, m)
				}
				if asked := seen.Survey.Found.Failed.Name; (asked != "") != (m.sessions == 0) {
					t.Errorf("%v: the question that failed: %q", m.after, asked)
				}
			}
		}
		if begun, failed, _ := tally(run); begun != 8 || failed != 4 {
			t.Errorf("at the end %d begun, %d failed", begun, failed)
		}
		w.plays.Wait()
	})
}

func tally(run facts.Run) (begun, failed, stopped int) {
	for _, s := range run.Sessions {
		switch n := len(s.Records); {
		case s.Absent != nil && s.Absent.Kind == facts.AbsentStopped:
			stopped++
		case s.Begun():
			begun++
			if n > 0 && s.Records[n-1].Failure != nil {
				failed++
			}
		}
	}
	return begun, failed, stopped
}

// FuzzDiscovery: whatever a server of the DNS answers, a run ends in time, plays
// nothing more often than it may, and what it does not play has a reason.
func FuzzDiscovery(f *testing.F) {
	query := dnsmessage.Message{Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName("example.org."), Type: dnsmessage.TypeMX, Class: dnsmessage.ClassINET}}}
	for _, zone := range []string{exchangers(3), "example.org MX 0 .", "example.org CNAME a.example\na.example MX 1 127.0.0.1\na.example MX 2 localhost\na.example MX 2 ."} {
		packet, err := query.Pack()
		if err != nil {
			f.Fatal(err)
		}
		query.Unpack(packet)
		f.Add(knows(zone)(query, "udp")[0].packet[2:], true)
	}
	f.Add([]byte(strings.Repeat("\xc0\x0c", 100)), false)
	f.Fuzz(func(t *testing.T, tail []byte, mx bool) {
		w := &world{play: func(q dnsmessage.Message, _ string) []said {
			return []said{{0, append(binary.BigEndian.AppendUint16(nil, q.ID), tail...)}}
		}}
		known := knows(exchangers(2))
		if !mx { // only what is said of addresses is hostile
			hostile := w.play
			w.play = func(q dnsmessage.Message, network string) []said {
				if q.Questions[0].Type == dnsmessage.TypeMX {
					return known(q, network)
				}
				return hostile(q, network)
			}
		}
		run, took := played(t, w, asked("example.org", func(p *plan.Plan) { p.Probe.Timeout = 3 * time.Second }))
		if took > 3100*time.Millisecond || len(run.Sessions) > 16 || len(w.dialed) > 16 || w.twice {
			t.Errorf("%v, %d sessions, dialled %v", took, len(run.Sessions), w.dialed)
		}
		if found := run.Survey.Found; len(run.Sessions) == 0 && !found.Null && found.Failed.Name == "" {
			t.Errorf("nothing was played, and nobody knows why: %+v", found)
		}
		for _, s := range run.Sessions {
			if !s.Begun() && s.Absent == nil {
				t.Errorf("%s was not played", s.Host)
			}
		}
	})
}
