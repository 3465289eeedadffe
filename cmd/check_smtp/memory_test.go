//go:build linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// maxPeak is the most memory that any server may make us use.
const maxPeak = 32 << 10 // KiB

// tries is how often a peak may be too high: on a machine that has no processor to
// spare the collector comes late.
const tries = 3

// TestPeakMemory: a server that answers everything with the longest reply there
// is does not fill the memory, however much is asked and told.
func TestPeakMemory(t *testing.T) {
	launch := filepath.Join(t.TempDir(), "launch")
	if err := compile(launch, "check_smtp/internal/e2e/launch"); err != nil {
		t.Fatal(err)
	}
	program := binary(t)
	to := make([]string, 100)
	for i := range to {
		to[i] = "user" + strconv.Itoa(i) + "@example.org"
	}
	delivery := []string{"-L", "-f", "a@b.c", "--to", strings.Join(to, ",")}
	commands := slices.Repeat([]string{"-C", "NOOP", "-R", "the end$"}, 300)
	transcript := filepath.Join(t.TempDir(), "transcript")
	for name, argv := range map[string][]string{
		"delivery":            delivery,
		"login":               append(delivery, "-A", "PLAIN", "-U", "u", "-P", "hunter2hunter2"),
		"transcript":          append(delivery, "--transcript-file", transcript),
		"delivery as json":    append(delivery, "-vvv", "--output-format", "json"),
		"commands":            commands,
		"commands as json":    append(commands, "-vvv", "--output-format", "json"),
		"commands as xml":     append(commands, "-vvv", "--output-format", "xml"),
		"commands as a graph": append(commands, "-vvv", "--output-format", "waterfall"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for try := 1; ; try++ {
				argv := append([]string{program, "-H", "127.0.0.1", "-p", chatter(t), "-t", "60"}, argv...)
				peak, code, out := measured(t, launch, argv)
				if peak > maxPeak && try < tries {
					continue
				}
				if peak > maxPeak || code != 0 {
					t.Errorf("peak %d KiB, exit %d, %.300s", peak, code, out)
				}
				break
			}
		})
	}
}

// TestPeakMemoryOfMany: a hundred such servers do not either.
func TestPeakMemoryOfMany(t *testing.T) {
	launch := filepath.Join(t.TempDir(), "launch")
	if err := compile(launch, "check_smtp/internal/e2e/launch"); err != nil {
		t.Fatal(err)
	}
	program := binary(t)
	for _, format := range []string{"json", "waterfall"} {
		var servers []string
		for range 100 {
			servers = append(servers, "127.0.0.1:"+chatter(t))
		}
		argv := []string{program, "--target", strings.Join(servers, ","), "--max-targets", "100", "-t", "60", "-vvv", "--output-format", format}
		peak, code, out := measured(t, launch, append(argv, slices.Repeat([]string{"-C", "NOOP", "-R", "the end$"}, 3)...))
		if peak > maxPeak || code != 0 {
			t.Errorf("%s: peak %d KiB, exit %d, %.300s", format, peak, code, out)
		}
	}
}

// measured runs a command and tells its peak memory in KiB.
func measured(t *testing.T, launch string, command []string) (peak, code int, out []byte) {
	t.Helper()
	peak, code, out, err := costs(launch, filepath.Join(t.TempDir(), "results"), command)
	if err != nil {
		t.Fatalf("%v: %.300s", err, out)
	}
	return peak, code, out
}

// costs runs a command through launch, which writes to a file what it took.
func costs(launch, results string, command []string) (peak, code int, out []byte, err error) {
	cmd := exec.Command(launch, append([]string{results, "1", "--"}, command...)...)
	if out, err = cmd.CombinedOutput(); err != nil {
		return 0, 0, out, err
	}
	text, err := os.ReadFile(results)
	if err != nil {
		return 0, 0, out, err
	}
	fields := bytes.Fields(text) // command, wall, cpu, peak, faults, code
	peak, _ = strconv.Atoi(string(fields[3]))
	code, err = strconv.Atoi(string(fields[5]))
	if err == nil && peak == 0 {
		err = errors.New("it took no memory")
	}
	return peak, code, out, err
}

// chatter serves one session in which the longest reply follows each command
// that may have one.
func chatter(t *testing.T) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("this machine has no loopback: ", err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		if conn, err := l.Accept(); err == nil {
			talkAtLength(conn)
			conn.Close()
		}
	}()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

func talkAtLength(conn net.Conn) {
	long := strings.Repeat("250-"+strings.Repeat("\x1b\xff", 980)+"\r\n", 50) + "250 the end\r\n"
	recipients, message := 0, false
	io.WriteString(conn, "220 mx.test\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		verb, _, _ := strings.Cut(lines.Text(), " ")
		reply := long
		switch {
		case message && verb != ".":
			continue
		case message:
			message, reply = false, strings.Repeat(long, recipients)
		case verb == "EHLO" || verb == "LHLO":
			reply = "250-mx.test\r\n250 AUTH PLAIN\r\n"
		case verb == "AUTH":
			reply = "235 ok\r\n"
		case verb == "RCPT":
			recipients++
		case verb == "DATA":
			message, reply = true, "354 go\r\n"
		case verb == "QUIT":
			reply = "221 bye\r\n"
		}
		if _, err := io.WriteString(conn, reply); err != nil {
			return
		}
	}
}
