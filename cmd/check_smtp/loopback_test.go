//go:build linux

package main

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"check_smtp/internal/smtptest"
)

// fleet is a domain with so many exchangers on loopback, each at an address of its
// own, and a resolver that knows them.
type fleet struct {
	port     string
	resolver string
}

// launchFleet plays serve for each connection to the exchanger of that number.
func launchFleet(t *testing.T, n int, serve func(i int, conn net.Conn)) fleet {
	t.Helper()
	var f fleet
	zone := ""
	for i := range n {
		address := "127.0.7." + strconv.Itoa(i+1)
		l, err := net.Listen("tcp", net.JoinHostPort(address, first(f.port, "0")))
		if err != nil {
			t.Skip("this machine has no such loopback: ", err)
		}
		_, f.port, _ = net.SplitHostPort(l.Addr().String())
		name := "mx" + strconv.Itoa(i+1) + ".example.org"
		zone += "example.org MX " + strconv.Itoa(i+1) + " " + name + "\n" + name + " A " + address + "\n"
		t.Cleanup(func() { l.Close() })
		go func() {
			for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
				go func() {
					defer conn.Close()
					serve(i, conn)
				}()
			}
		}()
	}
	f.resolver = resolver(t, zone)
	return f
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// resolver is a server of the DNS that knows a zone.
func resolver(t *testing.T, text string) (address string) {
	t.Helper()
	zone, err := smtptest.ReadZone(text)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Skip("this machine has no loopback: ", err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		query := make([]byte, 2000)
		for n, from, err := conn.ReadFrom(query); err == nil; n, from, err = conn.ReadFrom(query) {
			if answer := zone.Reply(query[:n]); answer != nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	return netip.MustParseAddrPort(conn.LocalAddr().String()).String()
}

func (f fleet) argv(more ...string) []string {
	return append([]string{"--mx", "example.org", "-p", f.port, "--resolver", f.resolver}, more...)
}

// converse is a server that has nothing against anybody.
func converse(conn net.Conn) {
	io.WriteString(conn, "220 mx ESMTP\r\n")
	buffer := make([]byte, 1000)
	for n, err := conn.Read(buffer); err == nil; n, err = conn.Read(buffer) {
		if strings.HasPrefix(string(buffer[:n]), "QUIT") {
			io.WriteString(conn, "221 bye\r\n")
			return
		}
		io.WriteString(conn, "250 ok\r\n")
	}
}

// hang is a server that says nothing until the client has gone.
func hang(conn net.Conn) { io.Copy(io.Discard, conn) }

// TestFleetAtTheSameTime: sessions with several servers run side by side, for all
// that each waits in the system: nobody is served before all have come.
func TestFleetAtTheSameTime(t *testing.T) {
	const n = 8
	var barrier atomic.Pointer[sync.WaitGroup]
	raise := func() {
		all := new(sync.WaitGroup)
		all.Add(n)
		barrier.Store(all)
	}
	raise()
	f := launchFleet(t, n, func(_ int, conn net.Conn) {
		all := barrier.Load()
		all.Done()
		all.Wait()
		converse(conn)
	})
	execute(t, f.argv("--parallel", "8", "-t", "60")...).check(t, 0, "8 of 8 targets OK")
	raise()
	argv := []string{"-t", "60", "-p", f.port, "--parallel", "8", "--target", "127.0.7.1,127.0.7.2,127.0.7.3,127.0.7.4,127.0.7.5,127.0.7.6,127.0.7.7,127.0.7.8"}
	execute(t, argv...).check(t, 0, "8 of 8 targets OK") // nothing has waited before they begin
}

// TestFleetHangs: servers that hang neither keep others from being asked nor the
// program from ending.
func TestFleetHangs(t *testing.T) {
	f := launchFleet(t, 16, func(i int, conn net.Conn) {
		if i%2 == 0 {
			converse(conn)
			return
		}
		hang(conn)
	})
	r := execute(t, f.argv("-t", "3")...)
	r.check(t, 2, "8 of 16 targets failed")
	if r.took > 30*time.Second {
		t.Errorf("it took %v", r.took)
	}
}

// TestFleetMemory: the longest replies of many servers at a time do not fill the
// memory.
func TestFleetMemory(t *testing.T) {
	launch := filepath.Join(t.TempDir(), "launch")
	if err := compile(launch, "check_smtp/internal/e2e/launch"); err != nil {
		t.Fatal(err)
	}
	f := launchFleet(t, 100, func(i int, conn net.Conn) {
		if i%2 == 0 {
			talkAtLength(conn)
			return
		}
		hang(conn)
	})
	for name, argv := range map[string][]string{
		"100":          {"--max-targets", "100", "--parallel", "100"},
		"100, as JSON": {"--max-targets", "100", "--parallel", "100", "-vvv", "--output-format", "json"},
	} {
		argv = append([]string{binary(t)}, f.argv(append(argv, "-t", "2", "-C", "NOOP", "-C", "HELP")...)...)
		peak, code, out := measured(t, launch, argv)
		if peak > maxPeak || code != 2 {
			t.Errorf("%s: peak %d KiB, exit %d, %.300s", name, peak, code, out)
		}
		t.Logf("%s: peak %d KiB", name, peak)
	}
}

// TestFleetStopped: whoever tells the program to stop gets what is known by then.
func TestFleetStopped(t *testing.T) {
	var here sync.WaitGroup
	here.Add(2)
	f := launchFleet(t, 3, func(i int, conn net.Conn) {
		if i == 0 {
			converse(conn)
			return
		}
		here.Done()
		hang(conn)
	})
	cmd := exec.Command(binary(t), f.argv("-t", "60")...)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	here.Wait()
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	if out := stdout.String(); cmd.ProcessState.ExitCode() != 3 || !strings.Contains(out, "stopped by SIGTERM during banner") || strings.Count(out, "\n") != 4 {
		t.Errorf("exit %d, %s", cmd.ProcessState.ExitCode(), out)
	}
}
