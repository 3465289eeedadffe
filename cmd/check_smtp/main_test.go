package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"check_smtp/internal/args"
	"check_smtp/internal/credential"
	"check_smtp/internal/facts"
	"check_smtp/internal/session"
	"check_smtp/internal/smtptest"
)

var update = flag.Bool("update", false, "rewrite what the stories expect on standard output")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if built.dir != "" {
			os.RemoveAll(built.dir)
		}
		os.Exit(code)
	}))
}

// TestStories plays every story of testdata through run. Time is the bubble's:
// "+40ms" takes no time and is exactly 0.040000 in the perfdata.
func TestStories(t *testing.T) {
	for _, story := range stories(t) {
		t.Run(title(story), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { tell(t, story) })
		})
	}
}

// stories are all of testdata, by subject.
func stories(t *testing.T) []*smtptest.Story {
	paths, err := filepath.Glob("../../testdata/*/*.txt")
	if err != nil || len(paths) < 60 {
		t.Fatalf("found %d stories (%v)", len(paths), err)
	}
	all := make([]*smtptest.Story, len(paths))
	for i, path := range paths {
		if all[i], err = smtptest.Load(path); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// title is the name of a test: subject/story.
func title(story *smtptest.Story) string {
	return filepath.Base(filepath.Dir(story.Name)) + "/" + strings.TrimSuffix(filepath.Base(story.Name), ".txt")
}

// TestFewNumbers: a new metric must not change every story, so that most of them
// leave the performance data to its grammar.
func TestFewNumbers(t *testing.T) {
	const most = 12
	var whole []string
	for _, story := range stories(t) {
		if strings.Contains(story.Stdout, "|time=") {
			whole = append(whole, title(story))
		}
	}
	if len(whole) > most {
		t.Errorf("%d stories spell out their performance data, at most %d should: write |... instead\n%s", len(whole), most, strings.Join(whole, "\n"))
	}
}

func tell(t *testing.T, story *smtptest.Story) {
	world := &world{t: t, story: story}
	if story.NeedsPKI() {
		world.pki = smtptest.NewPKI(time.Now())
	}
	code, out := world.run(story.Args[1:]...)
	if code != story.Exit {
		t.Errorf("exit code %d, want %d; output:\n%s", code, story.Exit, out)
	}
	if world.dialled < len(story.Servers) {
		t.Errorf("%d of the story's %d servers were dialled", world.dialled, len(story.Servers))
	}
	for address, scripts := range story.At {
		if world.reached[address] != len(scripts) {
			t.Errorf("%d connections to %s, the story has %d", world.reached[address], address, len(scripts))
		}
	}
	if got := world.stderr.String(); got != story.Stderr {
		t.Errorf("standard error (-want +got):\n%s", cmp.Diff(story.Stderr, got))
	}
	got := story.Masked(out)
	if got == story.Stdout {
		return
	}
	if *update {
		if err := story.Update(got); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("output (-want +got):\n%s", cmp.Diff(story.Stdout, got))
}

// run is the whole program in a bubble, with its watchdog. What the watchdog
// leaves behind when it ends the program is let go of before the bubble ends.
func (w *world) run(argv ...string) (code int, out string) {
	w.release = make(chan struct{})
	var err error
	if w.zone, err = smtptest.ReadZone(w.pki.Fill(w.story.DNS)); err != nil {
		w.t.Fatal(err)
	}
	argv = w.filled(argv)
	printed := &page{world: w}
	ends, returned := make(chan int, 3), make(chan struct{})
	dog := watch(argv, printed, &w.stderr, func(code int) { ends <- code }, func(*watchdog) {})
	if w.story.Signal > 0 {
		alarm := time.AfterFunc(w.story.Signal, func() { dog.interrupt(errors.New("stopped by SIGTERM")) })
		defer alarm.Stop()
	}
	go func() {
		defer close(returned)
		code := run(dog, w, w.env())
		dog.mu.Lock()
		late := dog.printer == lastly
		dog.mu.Unlock()
		if !late {
			ends <- code
		}
	}()
	code = <-ends
	w.ended = time.Now()
	out = printed.text()
	close(w.release)
	<-returned
	dog.timer.Stop()
	dog.stop(nil)
	w.servers.Wait()
	synctest.Wait()
	if late := printed.text(); late != out && w.story.Hangs["stdout"] == 0 {
		w.t.Errorf("something is printed behind the end: %q", late)
	}
	return code, out
}

// filled is a command line with the data of certificates in it.
func (w *world) filled(argv []string) []string {
	var full []string
	for _, word := range argv {
		full = append(full, w.pki.Fill(word))
	}
	return full
}

// page is standard output.
type page struct {
	world   *world
	mu      sync.Mutex
	written bytes.Buffer
}

func (p *page) Write(b []byte) (int, error) {
	p.world.hang("stdout")
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.written.Write(b)
}

func (p *page) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.written.String()
}

// world is a story's network and surroundings.
type world struct {
	t       *testing.T
	story   *smtptest.Story
	lax     bool          // the client may leave a server's script
	pki     *smtptest.PKI // nil: the story does without
	stdin   io.Reader
	mu      sync.Mutex
	dialled int
	reached map[string]int // how often an address was dialled that has servers of its own
	zone    *smtptest.Zone // what the DNS knows
	servers sync.WaitGroup
	stderr  bytes.Buffer
	ended   time.Time     // when the program was over, which the servers may not be
	release chan struct{} // closed when the story is over; what hangs goes on then
}

// hang waits as long as the story has it for a file, standard input ("-") or
// "stdout", until the story is over at the latest.
func (w *world) hang(name string) {
	d, hangs := w.story.Hangs[name]
	switch {
	case !hangs:
	case d < 0:
		<-w.release
	default:
		time.Sleep(d)
		delete(w.story.Hangs, name) // the rest is there
	}
}

// Read is standard input.
func (w *world) Read(p []byte) (int, error) {
	w.hang("-")
	return w.stdin.Read(p)
}

func (w *world) env() surroundings {
	w.stdin = strings.NewReader(w.story.Files["-"])
	return surroundings{command: w.command, Env: args.Env{
		Getenv:   func(name string) string { return w.story.Env[name] },
		Hostname: func() (string, error) { return "probe.test", nil },
		ReadFile: w.readFile,
		Open: func(name string) (io.ReadCloser, int64, error) {
			text, err := w.readFile(name)
			return io.NopCloser(bytes.NewReader(text)), int64(len(text)), err
		},
		Stdin: w, Now: time.Now, Unique: unique,
	}}
}

// command runs what the story tells of; there is no other program.
func (w *world) command(ctx context.Context, argv []string) credential.Outcome {
	c, told := w.story.Runs[strings.Join(argv, " ")]
	switch {
	case !told:
		return credential.Outcome{Fault: credential.NoSuch}
	case c.Takes < 0:
		c.Takes = 24 * time.Hour
	}
	if sleep(ctx, c.Takes) != nil {
		return credential.Outcome{Fault: credential.Stopped}
	}
	return credential.Outcome{Out: []byte(c.Out), Err: []byte(c.Err), Code: c.Exit, Whole: true}
}

func (w *world) readFile(name string) ([]byte, error) {
	w.hang(name)
	if text, ok := w.story.Files[name]; ok {
		return []byte(text), nil
	}
	if w.pki != nil {
		if text, ok := w.pki.File(name); ok {
			return text, nil
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOENT}
}

// Lookup answers from the story; a name that it does not tell of is at
// 192.0.2.25.
func (w *world) Lookup(ctx context.Context, network, host string) ([]netip.Addr, error) {
	words, told := w.story.Hosts[host]
	if !told {
		words = []string{"192.0.2.25"}
	}
	var addrs []netip.Addr
	for _, word := range words {
		if d, err := time.ParseDuration(word); err == nil {
			if err := sleep(ctx, d); err != nil {
				return nil, err
			}
			continue
		}
		a, err := netip.ParseAddr(word)
		if err != nil {
			return nil, unresolved(word, host)
		}
		if network == "ip" || (network == "ip4") == a.Is4() {
			addrs = append(addrs, a)
		}
	}
	if addrs == nil {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return addrs, nil
}

// unresolved is the error of the library's resolver that a story asks for; its
// own words, which no user wants to read, are in there.
func unresolved(word, host string) error {
	const server, read = "127.0.0.78:53", "read udp 127.0.0.1:37557->127.0.0.78:53: "
	switch word {
	case "refused":
		dns := &net.DNSError{Err: read + "connection refused", Name: host, Server: server, IsTemporary: true}
		return &facts.Unresolved{DNSError: dns, Errno: syscall.ECONNREFUSED}
	case "silent":
		return &net.DNSError{Err: read + "i/o timeout", Name: host, Server: server, IsTimeout: true, IsTemporary: true}
	case "failing":
		return &net.DNSError{Err: "server misbehaving", Name: host, Server: server, IsTemporary: true}
	case "useless":
		return &net.DNSError{Err: "lame referral", Name: host, Server: "[2001:db8::78]:5353"}
	case "no_suitable_address":
		return &net.AddrError{Err: "no suitable address", Addr: host}
	}
	return &net.DNSError{Err: strings.ReplaceAll(word, "_", " "), Name: host, IsNotFound: word == "no_such_host"}
}

// Dial does what the story says of the address, else it connects to the next
// of the story's servers.
func (w *world) Dial(ctx context.Context, deadline time.Time, to session.Target) (net.Conn, error) {
	name := to.Path
	if name == "" {
		name = to.Addr.Addr().String()
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	switch how := w.story.Connect[name]; how {
	case "":
	case "refused":
		return nil, syscall.ECONNREFUSED
	case "unreachable":
		return nil, syscall.ENETUNREACH
	case "missing":
		return nil, syscall.ENOENT
	case "unbound":
		return nil, &facts.Unbound{Addr: to.Bind, Err: syscall.EADDRNOTAVAIL}
	case "portless":
		return nil, &facts.Unbound{Err: syscall.EADDRNOTAVAIL}
	case "stuck":
		<-w.release
		return nil, io.ErrUnexpectedEOF
	case "panic":
		panic("password is hunter2")
	case "silent":
		return nil, sleep(ctx, time.Hour)
	default:
		d, err := time.ParseDuration(how)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := sleep(ctx, d); err != nil {
			return nil, err
		}
	}
	return w.connect(to)
}

// script is the next one that the story has for an address; nil: there is none.
func (w *world) script(to session.Target) *smtptest.Script {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range []string{to.Addr.String(), to.Addr.Addr().String()} {
		if scripts, own := w.story.At[name]; own {
			n := w.reached[name]
			if w.reached == nil {
				w.reached = map[string]int{}
			}
			if w.reached[name]++; n < len(scripts) {
				return &scripts[n]
			}
			return nil
		}
	}
	if w.dialled == len(w.story.Servers) {
		return nil
	}
	w.dialled++
	return &w.story.Servers[w.dialled-1]
}

func (w *world) connect(to session.Target) (net.Conn, error) {
	script := w.script(to)
	if script == nil && w.lax {
		return nil, syscall.ECONNREFUSED
	}
	if script == nil {
		w.t.Errorf("the program dials %s once more than the story has servers", to.Addr)
		return nil, io.ErrUnexpectedEOF
	}
	client, play := smtptest.Pipe(*script, w.pki)
	w.servers.Go(func() {
		if err := play(); err != nil && !w.lax {
			w.t.Error(err)
		}
	})
	return client, nil
}

// Exchange asks the story's DNS.
func (w *world) Exchange(ctx context.Context, deadline time.Time, network string, server netip.AddrPort, query []byte, accept func([]byte) bool) ([]byte, error) {
	return w.zone.Exchange(ctx, deadline, network, server, query, accept)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestPanic: a bug of ours is UNKNOWN and one line that says where; what the
// panic holds is not shown, it may be a secret.
func TestPanic(t *testing.T) {
	story := &smtptest.Story{Connect: map[string]string{"192.0.2.7": "panic"}}
	var code int
	var out string
	synctest.Test(t, func(t *testing.T) { code, out = (&world{t: t, story: story}).run("-H", "192.0.2.7") })
	want := regexp.MustCompile(`^SMTP UNKNOWN - internal error at cmd/check_smtp\.\(\*world\)\.Dial line [0-9]+, please report it\n$`)
	if code != 3 || !want.MatchString(out) {
		t.Errorf("exit %d, output %q", code, out)
	}
}
