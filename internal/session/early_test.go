package session_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/dial"
	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/session"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/verdict"
)

// together is a connection that sends what was written when it is told to, in
// one packet.
type together struct {
	net.Conn
	out *bufio.Writer
}

func (c *together) Write(b []byte) (int, error) { return c.out.Write(b) }

// hasty speaks TLS and says, after each line it hears, what the script has for
// it: replies parted by "|" are records of their own that arrive together, but for
// the last bytes, which are late.
func hasty(t *testing.T, l net.Listener, script []string, late int) {
	raw, err := l.Accept()
	if err != nil {
		t.Error(err)
		return
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(time.Minute))
	slow := &together{raw, bufio.NewWriterSize(halving{raw, late}, 1<<16)}
	good, _ := smtptest.NewPKI(time.Now()).Certificate("good")
	flushing := &flusher{slow}
	conn := tls.Server(flushing, &tls.Config{Certificates: []tls.Certificate{good}})
	in := bufio.NewReader(conn)
	message := false
	for _, replies := range script {
		for reply := range strings.SplitSeq(replies, "|") {
			io.WriteString(conn, reply+"\r\n")
		}
		slow.out.Flush()
		message = strings.HasPrefix(replies, "354")
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if !message || line == ".\r\n" {
				break
			}
		}
	}
}

// halving is a connection on which the last bytes of what was written come late.
type halving struct {
	net.Conn
	late int // bytes
}

func (c halving) Write(b []byte) (int, error) {
	if c.late == 0 || c.late >= len(b) {
		return c.Conn.Write(b)
	}
	n, err := c.Conn.Write(b[:len(b)-c.late])
	if err != nil {
		return n, err
	}
	time.Sleep(20 * time.Millisecond)
	m, err := c.Conn.Write(b[len(b)-c.late:])
	return n + m, err
}

// flusher sends what the handshake has written before it waits for an answer.
type flusher struct{ *together }

func (f *flusher) Read(b []byte) (int, error) {
	f.out.Flush()
	return f.together.Read(b)
}

// TestEarlyInsideTLS: a reply that came before the command is consent to nothing,
// also when it came in a TLS record of its own.
func TestEarlyInsideTLS(t *testing.T) {
	tests := []struct {
		name   string
		script []string // the banner, then a reply to each line
		state  plan.State
		says   string
	}{
		{"in good order", []string{"220 mx", "250 mx", "250 ok", "250 ok", "354 go", "250 queued", "221 bye"}, plan.OK, ""},
		{"consent before the message", []string{"220 mx", "250 mx", "250 ok", "250 ok", "354 go|250 queued", "554 rejected", "221 bye"}, plan.Critical, "before the end of the message"},
		{"refusal before the message", []string{"220 mx", "250 mx", "250 ok", "250 ok", "354 go|552 too big"}, plan.Critical, "body refused: 552 too big"},
		{"354 before DATA", []string{"220 mx", "250 mx", "250 ok", "250 ok|354 go", "250 ok", "554 rejected", "221 bye"}, plan.Critical, "a reply before the command"},
		{"consent before RCPT", []string{"220 mx", "250 mx", "250 ok|250 ok", "550 who?", "354 go", "250 ok", "221 bye"}, plan.Critical, "a reply before the command"},
		{"two replies to the message", []string{"220 mx", "250 mx", "250 ok", "250 ok", "354 go", "250 queued|554 rejected", "221 bye"}, plan.Critical, "one reply too many: \"554 rejected\""},
	}
	for _, tt := range tests {
		for _, late := range []int{0, 3, 28} { // a short record is whole, its end is missing, most of its header is
			r := hastily(t, tt.script, late)
			text := ""
			if len(r.Findings) > 0 {
				text = r.Findings[0].Text
			}
			if r.State != tt.state || !strings.Contains(text, tt.says) {
				t.Errorf("%s, %d bytes late: %v %q, want %v %q", tt.name, late, r.State, text, tt.state, tt.says)
			}
		}
	}
}

// hastily is the verdict on a server that plays a script.
func hastily(t *testing.T, script []string, late int) verdict.Report {
	from := "a@b"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	go func() { hasty(t, l, script, late); close(done) }()
	p := plan.Probe{
		Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, Network: plan.AnyIP, Timeout: time.Minute, Greeting: plan.Auto, Name: "probe.test",
		TLS:     plan.TLS{Mode: plan.ImplicitTLS},
		Message: &plan.Message{Size: 4, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("hi\r\n")), nil }},
		Steps:   plan.Steps(plan.Wish{TLS: plan.ImplicitTLS, From: &from, To: []string{"x@y"}}),
	}
	r := verdict.Judge(facts.Of(session.Run(t.Context(), &dial.System{OnWait: func() {}}, p)), plan.Limits{})
	l.Close()
	<-done
	return r
}
