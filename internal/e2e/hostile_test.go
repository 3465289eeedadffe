//go:build e2e

package e2e

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What our program promises whatever a server does.
const (
	hostileTimeout = time.Second
	hostileGrace   = 100 * time.Millisecond
	hostilePeak    = 32 << 10 // KiB
	hostileOutput  = 8000     // bytes
	hostileLine    = 1000     // bytes before the perfdata
)

// hostileCase is a server that wants us to wait for ever, or to fill our
// memory.
type hostileCase struct {
	name   string
	server script // nil: one that never takes a connection
	args   string
	exit   int
	phase  string // which the first line names
}

var hostileCases = []hostileCase{
	{"full backlog", nil, "", 2, "connect"},
	{"silence", greets(mute), "", 2, "banner"},
	{"a byte a second", greets(drip(time.Second, "220 mail.test\r\n")), "", 2, "banner"},
	{"a byte a millisecond", greets(drip(time.Millisecond, "220-"+strings.Repeat("x", 1900)+"\r\n")), "", 2, "banner"},
	{"banner without end", greets(forever("220-mail.test\r\n")), "", 1, "banner"},
	{"banner line without end", greets(forever("220 mail.test ")), "", 1, "banner"},
	{"empty lines without end", greets(forever("\r\n")), "", 1, "banner"},
	{"zeros without end", greets(forever("\x00")), "", 1, "banner"},
	{"capabilities without end", on("EHLO HELO", forever("250-SIZE\r\n")), "", 1, "ehlo"},
	{"capability without end", on("EHLO HELO", forever("250-SIZE ")), "", 1, "ehlo"},
	{"as many capabilities as may be", on("EHLO HELO", raw(strings.Repeat("250-"+strings.Repeat("x", 900)+"\r\n", 99)), say("250 end")), "", 0, ""},
	{"capabilities of control bytes", on("EHLO HELO", raw(strings.Repeat("250-"+strings.Repeat("\x1b", 900)+"\r\n", 99)), say("250 end")), "", 0, ""},
	{"silence after EHLO", on("EHLO HELO", mute), "", 2, "ehlo"},
	{"silence after MAIL", on("MAIL", mute), "-f a@b.c", 2, "mailfrom"},
	{"reply to MAIL without end", on("MAIL", forever("250-ok\r\n")), "-f a@b.c", 2, "mailfrom"},
	{"line to MAIL without end", on("MAIL", forever("550 no ")), "-f a@b.c", 2, "mailfrom"},
	{"silence after a command", on("NOOP", mute), "-C NOOP", 2, "command"},
	{"reply to a command without end", on("NOOP", forever("250-ok\r\n")), "-C NOOP -R ^250", 2, "command"},
	{"control bytes in reply to a command", on("NOOP", say("250 "+strings.Repeat("\x1b", 1900))), "-C NOOP -R ^251", 1, "command"},
	{"many wrong replies", on("NOOP", say("250 "+strings.Repeat("<", 1900))), strings.Repeat("-C NOOP -R ^251 ", 40), 1, "command"},
	{"silence after QUIT", on("QUIT", mute), "", 2, "quit"},
	{"handshake without end", secure.on("STARTTLS", say("220 go ahead"), swallow, forever("\x16\x03\x03\x40\x00"+strings.Repeat("\x00", 1<<14))), "-S", 2, "SSL"},
	{"handshake a byte a second", secure.on("STARTTLS", say("220 go ahead"), swallow, drip(time.Second, "\x16\x03\x03\x00\x80")), "-S", 2, "tls"},
	{"250 certificates", upgrades(longChain(250)), "-S", 0, ""},
	{"capabilities inside TLS without end", secure.on(inTLS+"EHLO", forever("250-SIZE\r\n")), "-S", 2, "ehlo inside TLS"},
	{"silence inside TLS", secure.on(inTLS+"EHLO", mute), "-S", 2, "ehlo inside TLS"},
	{"questions without end", asks(does(unsated)), "-A LOGIN -U u -P p", 2, "sasl_auth"},
	{"question without end", asks(does(raw("334 "), forever("AAAA"))), "-A LOGIN -U u -P p", 2, "sasl_auth"},
	{"question of many lines", asks(does(forever("334-AAAA\r\n"))), "-A LOGIN -U u -P p", 2, "sasl_auth"},
	{"a thousand million rounds of SCRAM", asks(does(iterate(1e9))), "-A SCRAM-SHA-256 -U u -P p", 2, "sasl_auth"},
	{"all the rounds of SCRAM that may be", asks(does(iterate(600000), hear, say("535 no"))), "-A SCRAM-SHA-256 -U u -P p", 2, "sasl_auth"},
	{"reply to QUIT without end", on("QUIT", forever("221-bye\r\n")), "", 0, ""},
}

// longChain is TLS with many certificates that have nothing to do with the
// server's.
func longChain(n int) *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		c := certificates()["good"].TLS()
		for range n {
			c.Certificate = append(c.Certificate, certificates()["other ca"].Cert.Raw)
		}
		return &c, nil
	}}
}

// unsated asks one question after the other.
func unsated(p *peer) error {
	for {
		if err := errors.Join(say("334 ")(p), hear(p)); err != nil {
			return err
		}
	}
}

// iterate answers the first message of SCRAM (RFC 5802 section 5) with the
// number of rounds that the client has to play.
func iterate(rounds int) act {
	return func(p *peer) error {
		_, heard := p.server.contacts()
		words := strings.Fields(heard[len(heard)-1])
		first, err := base64.StdEncoding.DecodeString(words[len(words)-1])
		if err != nil {
			return err
		}
		_, nonce, _ := strings.Cut(string(first), ",r=")
		answer := fmt.Sprintf("r=%sserver,s=c2FsdA==,i=%d", nonce, rounds)
		return say("334 " + base64.StdEncoding.EncodeToString([]byte(answer)))(p)
	}
}

// TestHostileServers asks for the right state, in time, with the phase, and in
// little memory.
func TestHostileServers(t *testing.T) {
	for _, c := range hostileCases {
		t.Run(c.name, func(t *testing.T) {
			port := 0
			if c.server == nil {
				port = fullPort(t)
			} else {
				port = playTCP(t, c.server).port()
			}
			c.check(t, port)
		})
	}
}

// tries is how often a program may be late: on a busy machine it is not its own
// fault, and one run in time shows that it ends by itself.
const tries = 5

// check runs our program with all the words that it has: they may not cost more.
func (c hostileCase) check(t *testing.T, port int) {
	line := ours + " -vvv -H 127.0.0.1 -p " + strconv.Itoa(port) + " -t 1 " + c.args
	for n := 1; ; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), runLimit)
		costs, err := Measure(ctx, launcher, 1, strings.Fields(line))
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		c.judge(t, line, costs)
		wall := costs.Runs[0].Wall
		if wall <= hostileTimeout+hostileGrace || t.Failed() {
			return
		}
		t.Logf("%s: it took %v, want at most %v", line, wall, hostileTimeout+hostileGrace)
		if n == tries {
			t.Fatalf("it was late %d times", n)
		}
	}
}

func (c hostileCase) judge(t *testing.T, line string, costs Costs) {
	cost := costs.Runs[0]
	first, _, _ := strings.Cut(string(costs.Out), "\n")
	text, _, _ := strings.Cut(first, "|")
	if cost.Exit != c.exit || !strings.Contains(text, c.phase) {
		t.Errorf("%s: want exit %d and the word %q, got exit %d and %q", line, c.exit, c.phase, cost.Exit, first)
	}
	if cost.Peak > hostilePeak {
		t.Errorf("%s: its peak was %d KiB, want at most %d", line, cost.Peak, hostilePeak)
	}
	if len(costs.Out) > hostileOutput || len(text) > hostileLine {
		t.Errorf("%s: it wrote %d bytes, want at most %d, %d of them before the perfdata, want at most %d", line, len(costs.Out), hostileOutput, len(text), hostileLine)
	}
	t.Logf("%v, %d KiB: %s", cost.Wall.Round(time.Millisecond), cost.Peak, first)
}

// fullPort is a port whose queue is full, so that a connection is never made:
// the system drops the first packet of everybody else.
func fullPort(t *testing.T) int {
	t.Helper()
	fd, port, err := bindOnly()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	for range 8 {
		conn, err := net.DialTimeout("tcp", address, 200*time.Millisecond)
		if err != nil {
			return port
		}
		t.Cleanup(func() { conn.Close() })
	}
	t.Fatal("the queue does not fill up")
	return 0
}
