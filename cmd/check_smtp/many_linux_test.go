package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
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

// TestManyStopped: whoever is told to stop in the middle of a list has printed each
// result once and whole, and leaves none out: those of rows at hand with a silent
// server, and of rows not begun.
func TestManyStopped(t *testing.T) {
	const rows = 500
	d := newDesk(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the system answers for it
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	_, mute, _ := net.SplitHostPort(silent.Addr().String())
	var list strings.Builder
	for i := range rows {
		port := d.port
		if i >= 100 {
			port = mute
		}
		fmt.Fprintf(&list, "{\"args\": [\"-H\", \"127.0.0.1\", \"-p\", \"%s\"], \"name\": \"row %d\"}\n", port, i)
	}
	for _, file := range []string{"", filepath.Join(t.TempDir(), "out")} {
		argv := []string{"--targets", "-", "--parallel", "10", "--per-host", "10", "-t", "600", "--output-format", "json"}
		if file != "" {
			argv = append(argv, "--output-file", file)
		}
		cmd := exec.Command(binary(t), argv...)
		cmd.Stdin = strings.NewReader(list.String())
		var out bytes.Buffer
		cmd.Stdout = &out
		seen := d.seen.Load()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for d.seen.Load() < seen+100 {
			time.Sleep(5 * time.Millisecond)
		}
		if _, err := os.Stat(file); file != "" && err == nil {
			t.Error("the file is there before it is whole")
		}
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if file != "" {
			text, err := os.ReadFile(file)
			if err != nil || out.Len() > 0 {
				t.Errorf("%v, on standard output %q", err, &out)
			}
			out.Write(text)
		}
		if code := cmd.ProcessState.ExitCode(); code != 3 {
			t.Errorf("exit %d", code)
		}
		n, done := 0, 0
		for line := range strings.Lines(out.String()) {
			var result struct{ Name, State, Summary string }
			if err := json.Unmarshal([]byte(line), &result); err != nil || result.Name != fmt.Sprint("row ", n) {
				t.Errorf("%v: %s", err, line)
			}
			switch {
			case result.State == "OK" && n < 100:
				done++
			case result.State != "UNKNOWN":
				t.Errorf("%s, want UNKNOWN", line)
			}
			n++
		}
		if n != rows {
			t.Errorf("%d results", n)
		}
		if done < 90 { // 100 have begun, and 10 at most are under way: which ones is the machine's affair
			t.Errorf("%d are OK, want at least 90", done)
		}
	}
}

// TestManyPaper: where the results cannot go, nothing is begun, and the list stays.
func TestManyPaper(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "list")
	const rows = "127.0.0.1 -p 1\n"
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		dir + "/gone/out": `SMTP UNKNOWN - cannot write the output file "` + dir + `/gone/out": no such file or directory`,
		dir + "/../" + filepath.Base(dir) + "/list": "SMTP UNKNOWN - --output-file: it is the file of --targets, too",
	} {
		out, _ := exec.Command(binary(t), "--targets", list, "--output-file", file).Output()
		if first, _, _ := strings.Cut(string(out), "\n"); first != want {
			t.Errorf("%s: %q", file, out)
		}
	}
	if out, err := exec.Command(binary(t), "--targets", list, "--output-file", list, "--parallel", "x").Output(); err == nil || !strings.Contains(string(out), "--parallel") {
		t.Errorf("%q, %v", out, err)
	}
	if text, err := os.ReadFile(list); string(text) != rows {
		t.Errorf("the list is %q, %v", text, err)
	}
	out, err := exec.Command(binary(t), "--targets", list, "--output-file", filepath.Join(dir, "out")).Output()
	if text, _ := os.ReadFile(filepath.Join(dir, "out")); len(out) > 0 || !strings.HasPrefix(string(text), "SMTP CRITICAL - 1 of 1 rows failed") {
		t.Errorf("%q on standard output, %q in the file, %v", out, text, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".check_smtp*")); left != nil {
		t.Errorf("%q is left", left)
	}
}
