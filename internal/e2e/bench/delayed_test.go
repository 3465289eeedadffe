//go:build linux

package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/e2e"
)

// client talks to a delayed server as ours does, one line at a time.
type client struct {
	*testing.T
	conn  net.Conn
	lines *bufio.Scanner
}

func (c *client) reply() (last string) {
	c.Helper()
	for c.lines.Scan() {
		if last = c.lines.Text(); len(last) < 4 || last[3] != '-' {
			return last
		}
	}
	c.Fatalf("after %q: %v", last, c.lines.Err())
	return ""
}

// say says something, and returns how long it took until the answer was there.
func (c *client) say(text, want string) time.Duration {
	c.Helper()
	begin := time.Now()
	fmt.Fprintf(c.conn, "%s\r\n", text)
	if got := c.reply(); !strings.HasPrefix(got, want) {
		c.Fatalf("%s: %s, want %s", text, got, want)
	}
	return time.Since(begin)
}

func startDelayed(t *testing.T) (*delayed, *client) {
	leaf, err := issue(e2e.Wish{Name: "mail.example.test", Hosts: []string{"mail.example.test"}}, nil, ecKey)
	if err != nil {
		t.Fatal(err)
	}
	d, stop, err := listenDelayed(&tls.Config{Certificates: []tls.Certificate{leaf.TLS()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	conn, err := net.Dial("tcp", "127.0.0.1:"+d.port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return d, &client{t, conn, bufio.NewScanner(conn)}
}

// TestDelayed: the server waits in each phase, and knows that it has: no less than it
// was told to, and no more than the client has seen, who lets it wait between commands.
func TestDelayed(t *testing.T) {
	const pause = 60 * time.Millisecond
	d, c := startDelayed(t)
	d.delays, d.says = delaysOf(3), map[string]string{"rcptto": "550 no"}
	d.delays["starttls"] = 400 * time.Millisecond // which must not count twice
	go d.serve()
	c.reply()
	seen := map[string]time.Duration{}
	play := func(phase, text, want string) {
		time.Sleep(pause)
		seen[phase] = c.say(text, want)
	}
	play("ehlo", "EHLO x", "250 STARTTLS")
	begin := time.Now()
	c.say("STARTTLS", "220 ")
	slowly := func(tls.ConnectionState) error { time.Sleep(pause); return nil }
	inside := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true, VerifyConnection: slowly})
	if err := inside.Handshake(); err != nil {
		t.Fatal(err)
	}
	most := time.Since(begin)
	c.conn, c.lines = inside, bufio.NewScanner(inside)
	play("ehlo_tls", "EHLO x", "250 AUTH")
	play("sasl_auth", "AUTH PLAIN AHUAcA==", "235 ")
	play("mailfrom", "MAIL FROM:<a@b.c>", "250 ")
	play("rcptto", "RCPT TO:<c@d.e>", "550 no")
	play("data", "DATA", "354 ")
	play("body", "Subject: x\r\n\r\nQUIT\r\n.", "250 ")
	play("quit", "QUIT", "221 ")
	took := <-d.told
	const clocks = time.Millisecond // the client's is another one than the server's
	for _, phase := range phases {
		if took[phase] < d.delays[phase] {
			t.Errorf("%s took %v, less than %v", phase, took[phase], d.delays[phase])
		}
		if most, is := seen[phase]; is && took[phase] > most+clocks {
			t.Errorf("%s took %v, more than the client's %v", phase, took[phase], most)
		}
	}
	if took["tls"] < d.delays["tls"]+pause {
		t.Errorf("tls took %v, and the client alone %v", took["tls"], pause)
	}
	if both := took["starttls"] + took["tls"]; both > most+d.delays["starttls"]*3/4 {
		t.Errorf("STARTTLS and TLS took %v, more than the client's %v", both, most)
	}
}

// TestArrival: the stamp of what has come is that of its arrival, however late it is
// read. The system begins to stamp a while after it was asked to.
func TestArrival(t *testing.T) {
	d, c := startDelayed(t)
	for range 50 {
		s, err := d.accept()
		if err != nil {
			t.Fatal(err)
		}
		s.came = false
		c.conn.Write([]byte("x"))
		time.Sleep(20 * time.Millisecond)
		before := clock()
		_, err = s.Read(make([]byte, 10))
		s.Close()
		if err != nil {
			t.Fatal(err)
		}
		if s.last.Before(before) && s.first.Equal(s.last) {
			return
		}
		if c.conn, err = net.Dial("tcp", "127.0.0.1:"+d.port); err != nil {
			t.Fatal(err)
		}
		defer c.conn.Close()
	}
	t.Error("what has come has the stamp of when it was read")
}

// TestCrowd: the launcher tells what has ended well from what has not, and what keeps
// processors busy ends when it is told to.
func TestCrowd(t *testing.T) {
	launcher, err := e2e.Launcher(io.Discard, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for program, code := range map[string]int{"true": 0, "false": 1, "exit 3": 3} {
		c, err := e2e.MeasureCrowd(t.Context(), launcher, 4, 50*time.Millisecond, []string{"/bin/sh", "-c", program})
		if err != nil || c.Exit != code || c.Well > 0 != (code == 0) || c.Ill > 0 != (code != 0) || c.Took < 50*time.Millisecond {
			t.Errorf("%s: %+v, %v", program, c, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	wait, err := e2e.Spin(ctx, launcher, 2, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	wait()
}
