package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"check_smtp/internal/smtptest"
)

// TestFaultsForReal has the program itself meet two cases of each fault of a session,
// of a handshake and of certificates, on real sockets, and looks at its memory.
func TestFaultsForReal(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for timeouts")
	}
	launch := filepath.Join(t.TempDir(), "launch")
	if err := compile(launch, "check_smtp/internal/e2e/launch"); err != nil {
		t.Fatal(err)
	}
	lab := &lab{t: t, launch: launch, program: binary(t), dir: t.TempDir(), pki: smtptest.NewPKI(time.Now())}
	lab.write("ca.pem")
	cases := sampled(ordeals(t))
	const atOnce = 16 // most of them wait
	slots, all := make(chan bool, atOnce), sync.WaitGroup{}
	for i, o := range cases {
		slots <- true
		all.Go(func() {
			lab.meet(i, o)
			<-slots
		})
	}
	all.Wait()
	fmt.Printf("faults survived %d of %d by the program itself, in at most %d KiB\n", len(cases)-lab.failed, len(cases), lab.peak)
}

// lab is where programs and servers meet.
type lab struct {
	t               *testing.T
	launch, program string
	dir             string
	pki             *smtptest.PKI

	mu     sync.Mutex
	peak   int // KiB
	failed int
}

// write puts a file of the PKI where the program can read it.
func (l *lab) write(name string) {
	text, _ := l.pki.File(name)
	if err := os.WriteFile(filepath.Join(l.dir, name), text, 0o644); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) meet(n int, o smtptest.Ordeal) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Error(err)
		return
	}
	served := make(chan bool)
	go func() {
		defer close(served)
		if conn, err := listener.Accept(); err == nil {
			conn.(*net.TCPConn).SetLinger(lingering(o))
			o.Story.Servers[0].Serve(conn, l.pki) // the client may leave the script
		}
	}()
	peak, code, out, err := costs(l.launch, filepath.Join(l.dir, fmt.Sprint("results", n)), l.command(o, listener.Addr()))
	listener.Close()
	<-served
	if err == nil {
		err = smtptest.Promised(string(out))
	}
	if form := smtptest.Leaked(string(out), marker); form != "" {
		err = fmt.Errorf("the password is in it, %s", form)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peak = max(l.peak, peak)
	if err != nil || code != o.Want.Exit || peak > maxPeak {
		l.failed++
		l.t.Errorf("%s: exit code %d, want %d, %d KiB, %v\n%s", o.Name, code, o.Want.Exit, peak, err, out)
	}
}

// lingering is for SetLinger: what closes a connection after RESET breaks it.
func lingering(o smtptest.Ordeal) int {
	if strings.Contains(o.Name, "reset") {
		return 0
	}
	return -1
}

// command is the program's command line at a server. Where the time is to end it is
// short, else so long that no busy machine needs it.
func (l *lab) command(o smtptest.Ordeal, server net.Addr) []string {
	host, port, _ := net.SplitHostPort(server.String())
	timeout := "120"
	if o.Want.Condition == "timeout" {
		timeout = "2"
	}
	argv := []string{l.program, "-H", host, "-p", port, "-t", timeout, "-vvv"}
	words := o.Story.Args[1:]
	if slices.Contains(words, "-S") || slices.Contains(words, "-s") {
		argv = append(argv, "--tls-server-name", "mx.test")
	}
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == "-H" || words[i] == "-p":
			i++
		case strings.HasSuffix(words[i], ".pem"):
			argv = append(argv, filepath.Join(l.dir, words[i]))
		default:
			argv = append(argv, words[i])
		}
	}
	return argv
}
