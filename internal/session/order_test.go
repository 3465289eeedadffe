package session

import (
	"context"
	"errors"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
)

// converse plays MAIL against a script, and is told to stop after a while unless
// that is 0.
func converse(t *testing.T, script, expect string, stop time.Duration) facts.Session {
	t.Helper()
	return converseOver(t, func(c net.Conn) net.Conn { return c }, script, expect, stop)
}

func converseOver(t *testing.T, over func(net.Conn) net.Conn, script, expect string, stop time.Duration) facts.Session {
	t.Helper()
	s, err := smtptest.ParseScript(script)
	if err != nil {
		t.Fatal(err)
	}
	conn, play := smtptest.Pipe(s, nil)
	served := make(chan error, 1)
	go func() { served <- play() }()
	_, e, err := plan.ParseExpectReply(expect)
	if err != nil {
		t.Fatal(err)
	}
	from := "a@b"
	p := plan.Probe{
		Host: "192.0.2.25", Port: 25, Network: plan.AnyIP, Timeout: 10 * time.Second, Greeting: plan.Auto, Name: "probe.test",
		Steps: plan.Steps(plan.Wish{From: &from, Expect: map[plan.Phase]*plan.Expect{plan.MailFrom: e}}),
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	if stop > 0 {
		defer time.AfterFunc(stop, func() { cancel(errors.New("stopped")) }).Stop()
	}
	f := Run(ctx, wired{over(conn)}, p)
	if err := <-served; err != nil {
		t.Error(err)
	}
	return f
}

const toMail = "S: 220 mx\nC~ EHLO\nS: 250 mx\nC~ MAIL\n"

// TestParting: a refusal leaves QUIT two seconds, and whoever stops us is heard
// meanwhile.
func TestParting(t *testing.T) {
	tests := []struct {
		name, script string
		stop, total  time.Duration
		kind         facts.Kind
	}{
		{"refused", toMail + "S: 550 no\nC: QUIT\n+1h\n", 0, plan.Parting, facts.TimedOut},
		{"accepted", toMail + "S: 250 ok\nC: QUIT\n+1h\n", 0, 10 * time.Second, facts.TimedOut},
		{"stopped", toMail + "S: 550 no\nC: QUIT\n+1h\n", time.Second, time.Second, facts.Interrupted},
		{"little time is left", "+9s\n" + toMail + "S: 550 no\nC: QUIT\n+1h\n", 0, 10 * time.Second, facts.TimedOut},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			f := converse(t, tt.script, "mailfrom=2xx,550", tt.stop)
			r := last(f)
			if r.Step.Phase != plan.Quit || r.Failure == nil || r.Failure.Kind != tt.kind || f.Total != tt.total {
				t.Errorf("%s: %+v %+v after %v", tt.name, r, r.Failure, f.Total)
			}
		})
	}
}

// TestSequel: what comes behind a reply to QUIT is looked at where that is not
// 221, for as long as the server has shown to need. The time is not the server's.
func TestSequel(t *testing.T) {
	tests := []struct {
		name, script string
		left, more   bool
	}{
		{"221", toMail + "S: 250 ok\nC: QUIT\nS: 221 bye\nS: 250 what\n", false, false},
		{"silence", toMail + "S: 250 ok\nC: QUIT\nS: 500 what\n", false, false},
		{"the end", toMail + "S: 250 ok\nC: QUIT\nS: 500 what\nCLOSE\n", true, false},
		{"the end, later", toMail + "S: 250 ok\nC: QUIT\nS: 500 what\n+190ms\nCLOSE\n", true, false},
		{"more", toMail + "S: 250 ok\nC: QUIT\nS: 500 what\n+190ms\nS: 221 bye\n", false, true},
		{"half of more", toMail + "S: 250 ok\nC: QUIT\nS: 500 what\nRAW: 22\n+1h\n", false, true},
		{"421 and 221", toMail + "S: 250 ok\nC: QUIT\nS: 421 leaving\nS: 221 bye\n", true, false},
		{"421 and 221 that is none", toMail + "S: 250 ok\nC: QUIT\nS: 421 leaving\nS: 221bye\n", false, true},
		{"421 and 500", toMail + "S: 250 ok\nC: QUIT\nS: 421 leaving\nS: 500 what\n", false, true},
		{"more, from a slow server", toMail + "+1s\nS: 250 ok\nC: QUIT\nS: 500 what\n+2s\nS: 221 bye\n", false, true},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			f := converse(t, tt.script, "mailfrom=2xx", 0)
			if more := last(f).Failure != nil; f.Left != tt.left || more != tt.more || f.Total > time.Second {
				t.Errorf("%s: left %v, more %v, after %v", tt.name, f.Left, more, f.Total)
			}
		})
	}
}

// deaf is a connection that takes no QUIT any more.
type deaf struct{ net.Conn }

func (d deaf) Write(b []byte) (int, error) {
	if strings.HasPrefix(string(b), "QUIT") {
		return 0, syscall.ECONNRESET
	}
	return d.Conn.Write(b)
}

// TestUnsaidQuit: what a server has said before QUIT could not be sent is not lost.
func TestUnsaidQuit(t *testing.T) {
	tests := []struct {
		said string
		code int
		kind facts.Kind // with code 0
	}{
		{"250 ok\\r\\n550 no\\r\\n", 550, 0},
		{"250 ok\\r\\n421 leaving\\r\\n", 421, 0},
		{"250 ok\\r\\n550x\\r\\n", 0, facts.NotSMTP},
		{"250 ok\\r\\n55", 0, facts.Closed},
		{"250 ok\\r\\n", 0, facts.Closed},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			f := converseOver(t, func(c net.Conn) net.Conn { return deaf{c} }, toMail+"RAW: "+tt.said+"\n+1s\nCLOSE\n", "mailfrom=2xx", 0)
			r := last(f)
			if r.Step.Phase != plan.Quit || r.Reply.Code != tt.code || tt.code == 0 && (r.Failure == nil || r.Failure.Kind != tt.kind) {
				t.Errorf("%s: %+v %+v", tt.said, r.Reply, r.Failure)
			}
		})
	}
}
