package session

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
)

// wired is a network that has one connection.
type wired struct{ net.Conn }

func (wired) Lookup(context.Context, string, string) ([]netip.Addr, error) {
	return nil, errors.New("no names here")
}

func (w wired) Dial(_ context.Context, deadline time.Time, _ Target) (net.Conn, error) {
	return w.Conn, w.SetDeadline(deadline)
}

// deliver plays a delivery to x@y against the rest of a script, from RCPT on.
func deliver(t *testing.T, text io.Reader, script string) facts.Session {
	t.Helper()
	s, err := smtptest.ParseScript("S: 220 mx\nC~ EHLO\nS: 250 mx\nC: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<x@y>\n" + script)
	if err != nil {
		t.Fatal(err)
	}
	conn, play := smtptest.Pipe(s, nil)
	served := make(chan error, 1)
	go func() { served <- play() }()
	from := "a@b"
	p := plan.Probe{
		Host: "192.0.2.25", Port: 25, Network: plan.AnyIP, Timeout: 10 * time.Second, Greeting: plan.Auto, Name: "probe.test",
		Message: &plan.Message{Size: 10, Open: func() (io.ReadCloser, error) { return io.NopCloser(text), nil }},
		Steps:   plan.Steps(plan.Wish{From: &from, To: []string{"x@y"}}),
	}
	f := Run(t.Context(), wired{conn}, p)
	if err := <-served; err != nil && !strings.Contains(err.Error(), "middle of its message") {
		t.Error(err)
	}
	return f
}

func last(f facts.Session) facts.Record { return f.Records[len(f.Records)-1] }

const accepted = "S: 250 ok\nC: DATA\nS: 354 go\n"

// TestUnreadable: a message whose file breaks off must not end with a dot, as
// half of it would be delivered. The session just ends.
func TestUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		text := io.MultiReader(strings.NewReader(strings.Repeat("a line\n", 20_000)), iotest.ErrReader(errors.New("input/output error")))
		f := deliver(t, text, accepted+"MESSAGE")
		r := last(f)
		if r.Step.Phase != plan.Body || r.Failure == nil || r.Failure.Kind != facts.BrokenOff || !r.Failure.Sending || r.Failure.Reason() != "input/output error" {
			t.Errorf("%+v %+v", r, r.Failure)
		}
	})
}

// TestStuck: a server that stops reading holds nobody beyond the deadline.
func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe() // which has no room at all
		defer far.Close()
		go func() {
			in := make([]byte, 1000)
			for _, reply := range []string{"220 mx", "250 mx", "250 ok", "250 ok", "354 go"} {
				io.WriteString(far, reply+"\r\n")
				if reply != "354 go" {
					far.Read(in)
				}
			}
		}()
		from := "a@b"
		p := plan.Probe{
			Host: "192.0.2.25", Port: 25, Timeout: 10 * time.Second, Greeting: plan.Auto, Name: "probe.test",
			Message: &plan.Message{Size: 7, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hello")), nil }},
			Steps:   plan.Steps(plan.Wish{From: &from, To: []string{"x@y"}}),
		}
		f := Run(t.Context(), wired{near}, p)
		r := last(f)
		if r.Step.Phase != plan.Body || r.Failure == nil || r.Failure.Kind != facts.TimedOut || !r.Failure.Sending || f.Total > 11*time.Second {
			t.Errorf("%+v %+v after %v", r, r.Failure, f.Total)
		}
	})
}

// TestLost: what was over of the time before the session is not given twice.
func TestLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		p := plan.Probe{Host: "192.0.2.25", Port: 25, Timeout: 10 * time.Second, Steps: plan.Steps(plan.Wish{})}
		f := new(Progress).Run(t.Context(), wired{near}, p, time.Now().Add(3*time.Second), facts.Record{Step: plan.Step{Phase: plan.Credential}, Took: 7 * time.Second})
		if took, ran := f.Took(plan.Credential); f.Total != 3*time.Second || f.Lost() != 7*time.Second || took != 7*time.Second || !ran {
			t.Errorf("the session took %v of the 3 s that were left, %v were lost before, %v on the password", f.Total, f.Lost(), took)
		}
	})
}

func TestSizeLimit(t *testing.T) {
	for words, want := range map[string]int64{"SIZE 100": 100, "SIZE 0": 0, "SIZE": 0, "SIZE much": 0, "SIZE 99999999999999999999": 0, "SIZE 5 6": 5} {
		talk := newTalk(nil, plan.Auth{}, "250 "+words)
		if limit, known := sizeLimit(talk.facts.Caps); limit != want || !known {
			t.Errorf("%s: %d, %v", words, limit, known)
		}
	}
}

// TestChanged: a file that is another one by the time it is sent must not be
// delivered, in part or as something that the server was not told of.
func TestChanged(t *testing.T) {
	for name, text := range map[string]string{"shorter": "short", "longer": "a line and more\n", "8 bits": "a lin\xff\r\n\r\n", "gone": ""} {
		synctest.Test(t, func(t *testing.T) {
			f := deliver(t, strings.NewReader(text), accepted+"ANY")
			r := last(f)
			if r.Step.Phase != plan.Body || r.Failure == nil || r.Failure.Kind != facts.BrokenOff || f.Sent != 0 {
				t.Errorf("%s: %+v %+v, %d bytes sent", name, r, r.Failure, f.Sent)
			}
		})
	}
}
