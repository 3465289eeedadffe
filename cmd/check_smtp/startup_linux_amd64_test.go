package main

import (
	"bytes"
	"debug/elf"
	"debug/gosym"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestEntryPoint: the program begins with our first instructions.
func TestEntryPoint(t *testing.T) {
	program, err := elf.Open(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	lines, err := program.Section(".gopclntab").Data()
	if err != nil {
		t.Fatal(err)
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(lines, program.Section(".text").Addr))
	if err != nil {
		t.Fatal(err)
	}
	if f := table.PCToFunc(program.Entry); f == nil || f.Name != "_rt0_one_cpu" {
		t.Errorf("it begins with %v", f)
	}
}

// TestOrdinaryBuild: without the Makefile's flags the program does the same, and all
// packages begin at the start. What the Makefile's puts off begins in the same order.
func TestOrdinaryBuild(t *testing.T) {
	ordinary := filepath.Join(t.TempDir(), "check_smtp")
	if err := compile(ordinary, "-gcflags", "check_smtp/...=-l", "."); err != nil { // inlined, errors.New takes no code of ours
		t.Fatal(err)
	}
	checkSlow(t, ordinary, nil, nil)
	began := started(t, ordinary)
	for name, group := range putOff(t) {
		var order []string
		for _, p := range began {
			if slices.Contains(group, p) {
				order = append(order, p)
			}
		}
		if !slices.Equal(order, group) {
			t.Errorf("%s: internal/early has %q, the runtime %q", name, group, order)
		}
	}
}

// TestPutOff: what a check may do without does not begin when the program starts.
func TestPutOff(t *testing.T) {
	began := started(t, binary(t))
	for name, group := range putOff(t) {
		for _, p := range group {
			if slices.Contains(began, p) {
				t.Errorf("%s: %s begins at the start", name, p)
			}
		}
	}
	if len(began) < 10 {
		t.Errorf("there are %q", began)
	}
}

// TestForeignHostname: what the machine is called, too, may need what was put off.
func TestForeignHostname(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may call a machine otherwise")
	}
	const script = "S: 220 mx.test ESMTP\nC: EHLO xn--mller-kva\nS: 250 mx.test\nC: QUIT\nS: 221 bye\n"
	argv := append([]string{"-c", `printf m\\303\\274ller >/proc/sys/kernel/hostname && exec "$@"`, "sh", binary(t)}, serve(t, "tcp", "127.0.0.1:0", script)...)
	cmd := exec.Command("/bin/sh", argv...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUTS}
	if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "SMTP OK - ") {
		t.Errorf("%v, output %q", err, out)
	}
}

// started are the packages that begin when a program starts, in order.
func started(t *testing.T, program string) (names []string) {
	t.Helper()
	cmd := exec.Command(program, "-V")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState.ExitCode() != 3 {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) > 2 && words[0] == "init" {
			names = append(names, words[1])
		}
	}
	return names
}

// putOff are the packages that internal/early puts off, by group.
func putOff(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../internal/early/later_list.go")
	if err != nil {
		t.Fatal(err)
	}
	groups := map[string][]string{}
	for i, part := range strings.Split(string(text), "\nvar ")[1:] { // the first of them has no packages yet
		for _, m := range regexp.MustCompile(`(?m)^//go:linkname \w+ (.+)\.\.inittask$`).FindAllStringSubmatch(part, -1) {
			name := []string{"TLS", "speed", "rest"}[min(i, 2)]
			groups[name] = append(groups[name], m[1])
		}
	}
	if len(groups) != 3 {
		t.Fatalf("there are %v", groups)
	}
	return groups
}

// TestWithoutProc: nothing of the system's files is needed, not even a list of our
// threads.
func TestWithoutProc(t *testing.T) {
	root := t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(binary(t), filepath.Join(root, "check_smtp")); err != nil {
		t.Skip("the program cannot be put elsewhere: ", err)
	}
	attr := &syscall.SysProcAttr{Chroot: root}
	if os.Geteuid() != 0 {
		t.Skip("only root may change the root directory")
	}
	checkSlow(t, "/check_smtp", attr, nil)
}

// TestMissingFiles: whoever started the program may have given it less than the three
// files that every program has, or a tight limit. The runtime still gets what it needs.
func TestMissingFiles(t *testing.T) {
	for _, how := range []string{`exec "$@" <&-`, `exec "$@" 2>&-`, `exec "$@" <&- 2>&-`, `ulimit -n 12; exec "$@"`, `ulimit -S -n 12; exec "$@" <&-`} {
		t.Run(how, func(t *testing.T) {
			argv := append([]string{"-c", how, "sh", binary(t)}, serve(t, "tcp", "127.0.0.1:0", friendly)...)
			out, err := exec.Command("/bin/sh", append(argv, "-F", "probe.test", "-f", "a@b.c")...).Output()
			if err != nil || !strings.HasPrefix(string(out), "SMTP OK - ") {
				t.Errorf("%v, output %q", err, out)
			}
		})
	}
}

// Which calls of ours at start, and of those behind them, an old system does not
// know or a strict one does not allow.
var denials = map[string][]denial{
	"timer slack":                {{call: unix.SYS_PRCTL, argument: 0, value: unix.PR_SET_TIMERSLACK}},
	"limits on files":            {{call: unix.SYS_PRLIMIT64}},
	"which processors":           {{call: unix.SYS_SCHED_GETAFFINITY}},
	"which processor":            {{call: unix.SYS_GETCPU}},
	"one processor":              {{call: unix.SYS_SCHED_SETAFFINITY}},
	"signals held":               {{call: unix.SYS_RT_SIGPROCMASK, argument: 0, value: unix.SIG_BLOCK}},
	"pages given back":           {{call: unix.SYS_MADVISE, argument: 2, value: unix.MADV_DONTNEED}},
	"reads that end":             {{call: unix.SYS_SETSOCKOPT, argument: 2, value: unix.SO_RCVTIMEO}},
	"writes that end":            {{call: unix.SYS_SETSOCKOPT, argument: 2, value: unix.SO_SNDTIMEO}},
	"no delay":                   {{call: unix.SYS_SETSOCKOPT, argument: 1, value: unix.IPPROTO_TCP}},
	"a look at who we are bound": {{call: unix.SYS_GETSOCKNAME}},
	"all of them": {
		{call: unix.SYS_PRCTL, argument: 0, value: unix.PR_SET_TIMERSLACK}, {call: unix.SYS_PRLIMIT64}, {call: unix.SYS_SCHED_GETAFFINITY}, {call: unix.SYS_GETCPU},
		{call: unix.SYS_SCHED_SETAFFINITY}, {call: unix.SYS_RT_SIGPROCMASK, argument: 0, value: unix.SIG_BLOCK}, {call: unix.SYS_MADVISE, argument: 2, value: unix.MADV_DONTNEED},
		{call: unix.SYS_SETSOCKOPT},
	},
}

// TestDenied: the failure of each is harmless.
func TestDenied(t *testing.T) {
	for name, denied := range denials {
		for _, errno := range []syscall.Errno{unix.ENOSYS, unix.EINVAL, unix.EPERM} {
			t.Run(name+", "+errno.Error(), func(t *testing.T) { checkSlow(t, binary(t), nil, filter(denied, errno)) })
		}
	}
}

// checkSlow has a program check a server that lets it wait, so that all is undone
// that was done at start.
func checkSlow(t *testing.T, program string, attr *syscall.SysProcAttr, filter []unix.SockFilter) {
	t.Helper()
	const slow = "+40ms\n" + friendly
	cmd := exec.Command(program, append(serve(t, "tcp", "127.0.0.1:0", slow), "-F", "probe.test", "-f", "a@b.c")...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = &stdout, &stderr, attr
	if err := filtered(cmd, filter); err != nil {
		t.Fatal(err)
	}
	if cmd.Process == nil {
		t.Skip("this machine lets nobody filter system calls")
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 0 || !strings.HasPrefix(stdout.String(), "SMTP OK - ") || stderr.Len() > 0 {
		t.Errorf("exit %d, output %q, standard error %q", code, &stdout, &stderr)
	}
}

// denial is a system call that fails; where value is not 0, only with that
// argument. Of SIG_BLOCK, which is 0, see filter.
type denial struct {
	call            uint32
	argument, value uint32
}

// filter is a program for the kernel (seccomp(2)) that has calls fail.
func filter(denied []denial, errno syscall.Errno) []unix.SockFilter {
	load := func(offset uintptr) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: uint32(offset)}
	}
	unless := func(value uint32, skip uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: value, Jf: skip}
	}
	say := func(verdict uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: verdict}
	}
	fail := say(unix.SECCOMP_RET_ERRNO | uint32(errno))
	var program []unix.SockFilter
	for _, d := range denied {
		program = append(program, load(0)) // struct seccomp_data begins with the call's number
		if d.value == 0 && d.call != unix.SYS_RT_SIGPROCMASK {
			program = append(program, unless(d.call, 1), fail)
			continue
		}
		program = append(program, unless(d.call, 3), load(uintptr(16+8*d.argument)), unless(d.value, 1), fail)
	}
	return append(program, say(unix.SECCOMP_RET_ALLOW))
}

// restrict has the kernel mind a filter in this thread and in what it starts.
func restrict(filter []unix.SockFilter) error {
	if len(filter) == 0 {
		return nil
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
}
