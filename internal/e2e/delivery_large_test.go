//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What a large message may cost us.
const (
	largeSize   = 50_000_000 // bytes of the file
	largePeak   = 24 << 10   // KiB
	largeRounds = 3          // of each program
	largeLimit  = 5 * time.Minute
)

// swaks is Debian's, and what is fastest of it: it is quiet.
const swaks = "/usr/bin/swaks --hide-all --timeout 60 --from probe@example.org --to good@example.test --data @{file} --server 127.0.0.1:{port}"

// large is a payload of text lines, of so many bytes. Some lines begin with a
// dot.
func large(size int) string {
	var block strings.Builder
	for i := range 1000 {
		start := "a"
		if i%20 == 0 {
			start = "."
		}
		fmt.Fprintf(&block, "%s line of text, as long as lines of text in a mail mostly are, the %4d.\n", start, i)
	}
	text := head + "Subject: large\n\n"
	text += strings.Repeat(block.String(), size/block.Len()+1)
	return text[:size-1] + "\n"
}

// wire is a payload as it comes after DATA, with the last line.
func wire(payload string) string {
	text := strings.ReplaceAll("\r\n"+meant(payload), "\r\n.", "\r\n..")
	return text[2:] + ".\r\n"
}

// TestDeliveryLarge sends 50 MB, in turn with swaks: we take no longer, and
// little memory.
func TestDeliveryLarge(t *testing.T) {
	text := large(largeSize)
	file := filepath.Join(t.TempDir(), "large")
	writeFile(t, file, text, 0o644)
	t.Run("sink", func(t *testing.T) {
		s := startSink(t)
		race(t, file, s.port())
		s.check(t, 2*largeRounds, wire(text))
	})
	t.Run("Postfix", func(t *testing.T) {
		roomy := service{"roomy", "-", "smtpd"}
		p := startPostfixWith(t, "message_size_limit = 100000000\nmailbox_size_limit = 0\nvirtual_mailbox_limit = 0\n", roomy)
		race(t, file, p.ports[roomy.name])
		p.checkLog(t, 2*largeRounds, nothing)
	})
}

// race runs ours and swaks by turns, and compares what is in the middle.
func race(t *testing.T, file string, port int) {
	t.Helper()
	fill := strings.NewReplacer("{file}", file, "{port}", fmt.Sprint(port))
	runs := measure(t, largeRounds,
		ours+fill.Replace(" -H 127.0.0.1 -p {port} -t 60 -F ours.example.org -f probe@example.org --to good@example.test --payload-file {file}"),
		fill.Replace(swaks))
	our, their := walls(runs, 0), walls(runs, 1)
	t.Logf("we took %v, swaks %v", our, their)
	if our[len(our)/2] > their[len(their)/2] {
		t.Errorf("we took %v, and swaks %v", our, their)
	}
}

// measure runs commands by turns. All of them succeed, and ours, the first,
// takes little memory.
func measure(t *testing.T, rounds int, lines ...string) []Cost {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), largeLimit)
	defer cancel()
	var commands [][]string
	for _, line := range lines {
		commands = append(commands, strings.Fields(line))
	}
	costs, err := Measure(ctx, launcher, rounds, commands...)
	if err != nil {
		t.Fatal(err)
	}
	peaks := make([]int, len(commands))
	for _, c := range costs.Runs {
		peaks[c.Command] = max(peaks[c.Command], c.Peak)
		if c.Exit != 0 {
			t.Errorf("%.60s...: exit %d\n%.2000s", lines[c.Command], c.Exit, costs.Out)
		}
	}
	if peaks[0] > largePeak {
		t.Errorf("our peak was %d KiB, want at most %d", peaks[0], largePeak)
	}
	t.Logf("peaks in KiB: %d", peaks)
	return costs.Runs
}

// walls is how long the runs of a command took, in order of size.
func walls(runs []Cost, command int) []time.Duration {
	var list []time.Duration
	for _, r := range runs {
		if r.Command == command {
			list = append(list, r.Wall.Round(time.Millisecond))
		}
	}
	slices.Sort(list)
	return list
}

// TestDeliveryAttached attaches a large file, which takes little memory, too.
func TestDeliveryAttached(t *testing.T) {
	file := filepath.Join(t.TempDir(), "large")
	writeFile(t, file, large(largeSize/2), 0o644)
	s := startSink(t)
	measure(t, 1, fmt.Sprintf("%s -H 127.0.0.1 -p %d -t 60 -F ours.example.org -f probe@example.org --to good@example.test --attach %s", ours, s.port(), file))
	if got := s.all(); len(got) != 1 || got[0].size < largeSize/2*4/3 {
		t.Errorf("the server got %v", got)
	}
}

// sink is a server that takes every message, and keeps nothing of it.
type sink struct {
	listener net.Listener
	running  sync.WaitGroup

	mu  sync.Mutex
	got []swallowed
}

// swallowed is a message of which nothing is left.
type swallowed struct {
	client string // as it called itself
	size   int    // bytes after DATA, up to the end of the last line
	sum    uint32
}

func startSink(t *testing.T) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{listener: l}
	s.running.Go(s.accept)
	t.Cleanup(func() { l.Close(); s.running.Wait() })
	return s
}

func (s *sink) port() int { return s.listener.Addr().(*net.TCPAddr).Port }

func (s *sink) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.running.Go(func() {
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(largeLimit))
			s.converse(conn)
		})
	}
}

func (s *sink) converse(conn net.Conn) error {
	in := bufio.NewReaderSize(conn, 256<<10)
	reply, client := "220 mail.test ESMTP", ""
	for {
		if _, err := io.WriteString(conn, reply+"\r\n"); err != nil {
			return err
		}
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		reply = "250 ok"
		switch verb, rest, _ := strings.Cut(strings.TrimSpace(line), " "); strings.ToUpper(verb) {
		case "EHLO":
			client = rest
		case "DATA":
			if err := s.swallow(conn, in, client); err != nil {
				return err
			}
		case "QUIT":
			_, err := io.WriteString(conn, "221 bye\r\n")
			return err
		}
	}
}

// swallow takes a message. Nobody sends anything behind it unasked.
func (s *sink) swallow(conn io.Writer, in io.Reader, client string) error {
	if _, err := io.WriteString(conn, "354 go ahead\r\n"); err != nil {
		return err
	}
	got := swallowed{client: client}
	buf, end := make([]byte, 256<<10), ""
	for end != "\r\n.\r\n" {
		n, err := in.Read(buf)
		if err != nil {
			return err
		}
		got.size += n
		got.sum = crc32.Update(got.sum, crc32.IEEETable, buf[:n])
		end += string(buf[max(0, n-5):n])
		end = end[max(0, len(end)-5):]
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, got)
	return nil
}

func (s *sink) all() []swallowed {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// check asks for so many messages. Ours are what they have to be; swaks puts an
// end of line of its own before the last line.
func (s *sink) check(t *testing.T, messages int, want string) {
	t.Helper()
	got, sum := s.all(), crc32.ChecksumIEEE([]byte(want))
	if len(got) != messages {
		t.Errorf("%d messages came, want %d", len(got), messages)
	}
	for _, m := range got {
		mine := m.client == "ours.example.org"
		if mine && (m.size != len(want) || m.sum != sum) || m.size < len(want) {
			t.Errorf("%+v came, want %d bytes and the sum %d", m, len(want), sum)
		}
	}
}
