package session

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
	"check_smtp/internal/smtp"
)

// large is a reply of 98 kB that begins with one word and ends with another.
func large(code, first, last string) string {
	line := code + "-" + strings.Repeat("x", 1960) + "\r\n"
	return code + "-" + first + "\r\n" + strings.Repeat(line, 49) + code + " " + last + "\r\n"
}

// talkative answers each line with a large reply.
func talkative(conn net.Conn, reply func(n int) string) {
	defer conn.Close()
	io.WriteString(conn, "220 mx\r\n")
	lines := bufio.NewScanner(conn)
	for n := 0; lines.Scan(); n++ {
		io.WriteString(conn, reply(n))
	}
}

// TestHeld: however much a server says, little is kept of it, and each reply is
// judged by all of it.
func TestHeld(t *testing.T) {
	near, far := net.Pipe()
	go talkative(far, func(n int) string { return large("250", "hunter2 begins", "the end") })
	pattern, err := plan.CompileReply("^250-hunter2 begins$")
	if err != nil {
		t.Fatal(err)
	}
	wish := plan.Wish{}
	for range 200 {
		wish.Commands = append(wish.Commands, "NOOP")
		wish.Responses = append(wish.Responses, &plan.Expect{Condition: plan.CondResponse, Pattern: pattern})
	}
	p := plan.Probe{Host: "192.0.2.25", Port: 25, Network: plan.AnyIP, Timeout: time.Minute, Greeting: plan.EHLO, Name: "probe.test", Steps: plan.Steps(wish)}
	f := Run(t.Context(), wired{near}, p)
	size := 0
	for _, l := range f.Dialogue {
		size += len(l.Text) + lineCost
	}
	for i, r := range f.Records {
		if r.Step.Phase == plan.Command && (!r.Satisfied() || r.Reply.Code != 250 || !strings.Contains(r.Reply.String(), "hunter2 begins")) {
			t.Errorf("%d: satisfied %v, reply %.60q", i, r.Satisfied(), r.Reply.String())
		}
		for _, line := range r.Reply.Lines {
			size += lineCost
			if !told(r) {
				size += len(line)
			}
		}
	}
	if len(f.Records) != 204 || size > maxHeld+maxHeld/4 {
		t.Errorf("%d records, %d bytes are kept", len(f.Records), size)
	}
	if text := f.Dialogue[len(f.Dialogue)-1].Text; !strings.HasPrefix(text, "250 hunter2 begins xxx") || !strings.HasSuffix(text, "...") {
		t.Errorf("the last line is %.100q", text)
	}
}

// told says whether the words are those of the dialogue, which count there.
func told(r facts.Record) bool { return len(r.Reply.Lines) > 1 }

// TestOutlineHides: a secret is hidden before a reply is cut, or the half of it
// that is left would not be found.
func TestOutlineHides(t *testing.T) {
	const secret = "correct horse battery staple"
	talk := &talk{mask: sasl.NewMask(secret), held: holding{bytes: maxHeld}}
	for shift := range 2 * len(secret) {
		talk.noteReply(smtp.Reply{Code: 250, Lines: []string{"250 " + strings.Repeat("x", maxOutline-shift) + " " + secret + strings.Repeat("y", 500)}})
	}
	for _, l := range talk.facts.Dialogue {
		if len(l.Text) > maxOutline+len("...") || strings.Contains(l.Text, "corr") {
			t.Errorf("%d bytes: %q", len(l.Text), l.Text)
		}
	}
}
