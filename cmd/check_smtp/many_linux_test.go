package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// desk answers any number of sessions, and knows how many there were at once.
type desk struct {
	port            string
	now, most, seen atomic.Int64
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("this machine has no loopback: ", err)
	}
	t.Cleanup(func() { l.Close() })
	d := &desk{}
	_, d.port, _ = net.SplitHostPort(l.Addr().String())
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			go d.serve(conn)
		}
	}()
	return d
}

// serve says goodbye and is gone: where the next client comes at once, this session
// must not count any more.
func (d *desk) serve(conn net.Conn) {
	defer conn.Close()
	d.seen.Add(1)
	n := d.now.Add(1)
	for most := d.most.Load(); n > most && !d.most.CompareAndSwap(most, n); most = d.most.Load() {
	}
	io.WriteString(conn, "220 mx.test\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if lines.Text() == "QUIT" {
			d.now.Add(-1)
			io.WriteString(conn, "221 bye\r\n")
			return
		}
		io.WriteString(conn, "250 mx.test\r\n")
	}
	d.now.Add(-1)
}

// TestManyRows: as many rows as a list may have, fifty at a time, about one server that
// has two names: it never sees more sessions than it may, and the memory does not grow
// with the list.
func TestManyRows(t *testing.T) {
	const rows, maxPeak = 10_000, 64 << 10 // KiB
	launch := filepath.Join(t.TempDir(), "launch")
	if err := compile(launch, "check_smtp/internal/e2e/launch"); err != nil {
		t.Fatal(err)
	}
	program := binary(t)
	d := newDesk(t)
	list := filepath.Join(t.TempDir(), "list")
	var text strings.Builder
	for i := range rows {
		fmt.Fprintf(&text, "{\"args\": [\"-H\", \"%s\"], \"name\": \"server %d\"}\n", []string{"127.0.0.1", "localhost"}[i%2], i)
	}
	if err := os.WriteFile(list, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	peak, code, out := measured(t, launch, []string{program, "--targets", list, "--parallel", "50", "-4", "-p", d.port, "-t", "60", "--output-format", "openmetrics"})
	if peak > maxPeak || code != 0 {
		t.Errorf("peak %d KiB, exit %d, %.500s", peak, code, out)
	}
	if n := strings.Count(string(out), "\ncheck_smtp_state{"); n != rows {
		t.Errorf("%d results in %d bytes", n, len(out))
	}
	if d.most.Load() != 1 || d.seen.Load() != rows {
		t.Errorf("%d sessions, %d at once", d.seen.Load(), d.most.Load())
	}
}
