package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"check_smtp/internal/smtptest"
)

// The smoke tests execute the program against real sockets: what a bubble
// cannot show is the dialer, signals, the exit status and what happens when
// nobody reads the output.

// binary is the program under test, built here unless CHECK_SMTP names it: with
// the entry point that the Makefile gives it.
func binary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("CHECK_SMTP"); path != "" {
		return path
	}
	built.Do(build)
	if built.err != nil {
		t.Fatal(built.err)
	}
	return filepath.Join(built.dir, "check_smtp")
}

// built is the program, built once for all tests. TestMain removes it.
var built struct {
	sync.Once
	dir string
	err error
}

// build builds the program with the entry point that the Makefile gives it.
func build() {
	if built.dir, built.err = os.MkdirTemp("", "check_smtp-test-*"); built.err != nil {
		return
	}
	argv := []string{"."}
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		argv = []string{"-tags", "later", "-asmflags", "check_smtp/cmd/check_smtp=-D HOLD", "-ldflags", "-E _rt0_one_cpu -checklinkname=0", "."}
	}
	built.err = compile(filepath.Join(built.dir, "check_smtp"), argv...)
}

// compile compiles a program of this module.
func compile(path string, argv ...string) error {
	cmd := exec.Command("go", append([]string{"build", "-o", path}, argv...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// serve plays a script to one client of a real listener and returns the
// arguments that reach it.
func serve(t *testing.T, network, address, text string) []string {
	t.Helper()
	script, err := smtptest.ParseScript(text)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skipf("this machine has no %s %s: %v", network, address, err)
	}
	done := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			err = script.Serve(conn, nil)
		}
		done <- err
	}()
	t.Cleanup(func() {
		l.Close()
		if err := <-done; err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	if network == "unix" {
		return []string{"-H", address}
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	return []string{"-H", host, "-p", port}
}

// result is what one execution left behind.
type result struct {
	code           int
	stdout, stderr string
	took           time.Duration
}

func execute(t *testing.T, argv ...string) result {
	t.Helper()
	cmd := exec.Command(binary(t), argv...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begin := time.Now()
	err := cmd.Run()
	r := result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(begin)}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if r.stderr != "" {
		t.Errorf("on standard error: %q", r.stderr)
	}
	return r
}

func (r result) check(t *testing.T, code int, text string) {
	t.Helper()
	if r.code != code || !strings.Contains(r.stdout, text) {
		t.Errorf("exit %d, want %d; output %q, want %q in it", r.code, code, r.stdout, text)
	}
}

const friendly = `S: 220 mx.test ESMTP
C: EHLO probe.test
S: 250-mx.test
S: 250 PIPELINING
C: MAIL FROM:<a@b.c>
S: 250 ok
C: QUIT
S: 221 bye`

func TestSmokeSockets(t *testing.T) {
	for _, at := range [][2]string{
		{"tcp", "127.0.0.1:0"},
		{"tcp", "[::1]:0"},
		{"unix", filepath.Join(t.TempDir(), "smtp.sock")},
	} {
		t.Run(at[0]+" "+at[1], func(t *testing.T) {
			argv := append(serve(t, at[0], at[1], friendly), "-F", "probe.test", "-f", "a@b.c", "-vv")
			execute(t, argv...).check(t, 0, "SMTP OK - ")
		})
	}
}

func TestSmokeName(t *testing.T) {
	argv := serve(t, "tcp", "127.0.0.1:0", friendly)
	argv[1] = "localhost"
	execute(t, append(argv, "-F", "probe.test", "-f", "a@b.c")...).check(t, 0, "dns_time=")
}

func TestSmokeBind(t *testing.T) {
	argv := append(serve(t, "tcp", "127.0.0.1:0", friendly), "-F", "probe.test", "-f", "a@b.c")
	execute(t, append(argv, "--bind", "127.0.0.1")...).check(t, 0, "SMTP OK")
	execute(t, append(argv, "--bind", "192.0.2.1")...).check(t, 3, "SMTP UNKNOWN - --bind 192.0.2.1: this machine has no such address")
}

func TestSmokeRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	execute(t, "-H", "127.0.0.1", "-p", port).check(t, 2, "connect to address 127.0.0.1 and port "+port+": Connection refused")
	execute(t, "-H", filepath.Join(t.TempDir(), "none")).check(t, 2, "No such file or directory")
}

// TestSmokeTimeout: the program ends by itself, and not before its time, whatever
// the server does not do. How soon after it is shown in virtual time.
func TestSmokeTimeout(t *testing.T) {
	for _, text := range []string{"ANY", "DRIP 50ms: 220 " + strings.Repeat("x", 1000), friendlyTo("EHLO") + "\nANY"} {
		r := execute(t, append(serve(t, "tcp", "127.0.0.1:0", text), "-t", "1", "-F", "probe.test")...)
		r.check(t, 2, "Socket timeout after 1 seconds during ")
		if r.took < time.Second || r.took > 20*time.Second { // the server would go on for 50 s and more
			t.Errorf("%q: it took %v", text, r.took)
		}
	}
}

func friendlyTo(verb string) string {
	head, _, _ := strings.Cut(friendly, "C: "+verb)
	return head + "C~ " + verb
}

// TestSmokeNobodyReads: the exit code is the verdict's even if the output goes
// nowhere.
func TestSmokeNobodyReads(t *testing.T) {
	argv := append(serve(t, "tcp", "127.0.0.1:0", "S: 220 mx.test ESMTP\nC~ EHLO\nS: 451 later\nC: QUIT\nS: 221 bye"), "-vvv")
	cmd := exec.Command(binary(t), argv...)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	cmd.Stdout = w
	cmd.Run()
	w.Close()
	if !cmd.ProcessState.Exited() || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v, want exit status 1", cmd.ProcessState)
	}
}

// TestSmokeTrueTimes: with a known delay in each phase no time is less, which is
// true on a busy machine as well, and together they are the time that it took.
// That none is more is shown in virtual time.
func TestSmokeTrueTimes(t *testing.T) {
	const script = `+40ms
S: 220 mx.test ESMTP
C~ EHLO
+30ms
S: 250 mx.test
C: MAIL FROM:<a@b.c>
+20ms
S: 250 ok
C: QUIT
+10ms
S: 221 bye`
	r := execute(t, append(serve(t, "tcp", "127.0.0.1:0", script), "-f", "a@b.c")...)
	r.check(t, 0, "SMTP OK")
	got := perfdata(t, r.stdout)
	// The server's wait begins when the system has connected, whenever we come to know.
	got["connect_time and banner_time"] = got["connect_time"] + got["banner_time"]
	sum := 0.0
	for label, least := range map[string]float64{"connect_time and banner_time": .04, "ehlo_time": .03, "mailfrom_time": .02, "quit_time": .01} {
		if sum += got[label]; got[label] < least-0.001 {
			t.Errorf("%s is %f", label, got[label])
		}
	}
	if d := got["time"] - sum; d < -0.001 || d > 0.001 || got["time"] > r.took.Seconds() {
		t.Errorf("the phases take %f, all takes %f, the process takes %v", sum, got["time"], r.took)
	}
}

// perfdata reads the first line's metrics.
func perfdata(t *testing.T, output string) map[string]float64 {
	t.Helper()
	first, _, _ := strings.Cut(output, "\n")
	_, data, _ := strings.Cut(first, "|")
	metrics := map[string]float64{}
	for field := range strings.FieldsSeq(data) {
		label, rest, _ := strings.Cut(field, "=")
		value, _, _ := strings.Cut(rest, ";")
		v, err := strconv.ParseFloat(strings.TrimSuffix(value, "s"), 64)
		if err != nil {
			t.Fatalf("%q: %v", field, err)
		}
		metrics[label] = v
	}
	return metrics
}

func TestSmokeOutputFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "result")
	argv := append(serve(t, "tcp", "127.0.0.1:0", friendly), "-F", "probe.test", "-f", "a@b.c")
	r := execute(t, append(argv, "--output-file", path)...)
	if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), "SMTP OK - ") || r.stdout != "" || r.code != 0 {
		t.Errorf("file %q (%v), output %q, exit %d", text, err, r.stdout, r.code)
	}
}

func TestSmokeHelp(t *testing.T) {
	for option, begin := range map[string]string{"-h": "Usage: ", "--help": "Usage: ", "-V": "check_smtp v", "--version": "check_smtp v"} {
		if r := execute(t, option); r.code != 3 || !strings.HasPrefix(r.stdout, begin) {
			t.Errorf("%s: exit %d, output %.60q", option, r.code, r.stdout)
		}
	}
}

// TestFIPSOnly: where Go is told to refuse all but approved cryptography, what is no
// cryptography still works, and what is forbidden is told.
func TestFIPSOnly(t *testing.T) {
	for line, want := range map[string]string{
		"--print director":                   "{",
		"-H 127.0.0.1 -U a -P b -A CRAM-MD5": "SMTP UNKNOWN - -A/--authtype: CRAM-MD5 needs a hash that is not allowed in FIPS-only mode\n",
	} {
		cmd := exec.Command(binary(t), strings.Fields(line)...)
		cmd.Env = append(os.Environ(), "GODEBUG=fips140=only")
		if out, _ := cmd.CombinedOutput(); !strings.HasPrefix(string(out), want) {
			t.Errorf("%s: output %.200q", line, out)
		}
	}
}
