//go:build unix

package credential

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	// maxPrinted is how much a command may print in all, in bytes.
	maxPrinted = 1 << 20
	// burial is how long a command that was killed may take to be gone.
	burial = 10 * time.Millisecond
)

// Run runs a program until it ends, or ctx does: it is killed then, with all that
// it has started in its group. It has nothing to read, no terminal, the environment
// env and this program's directory.
//
// A set-user-ID program runs none: who calls it chooses the arguments.
//
// start calls what starts it, in a thread that is as a child should find it; nil: as
// it is.
func Run(ctx context.Context, argv, env []string, start func(func())) Outcome {
	if os.Getuid() != os.Geteuid() || os.Getgid() != os.Getegid() {
		return Outcome{Fault: Lost, Why: errors.New("this program is set-user-ID")}
	}
	path, err := find(argv[0], env)
	switch {
	case err != nil:
		return Outcome{Fault: NoSuch}
	case ctx.Err() != nil:
		return Outcome{Fault: Stopped}
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return lost(err)
	}
	defer null.Close()
	var out, said printed
	defer out.close()
	defer said.close()
	if err := errors.Join(out.open(), said.open()); err != nil {
		return lost(err)
	}
	var p *os.Process
	if start == nil {
		start = func(do func()) { do() }
	}
	start(func() {
		p, err = os.StartProcess(path, argv, &os.ProcAttr{Env: env, Files: []*os.File{null, out.in, said.in}, Sys: apart()})
	})
	if err != nil {
		return lost(err)
	}
	out.in.Close()
	said.in.Close()
	return attend(ctx, p, &out, &said)
}

// lost is a command that could not be run. The path of none is shown.
func lost(err error) Outcome {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return Outcome{Fault: Lost, Why: err}
}

// attend takes what a process prints until it ends.
func attend(ctx context.Context, p *os.Process, out, said *printed) Outcome {
	flood := make(chan struct{}, 2)
	go out.take(flood)
	go said.take(flood)
	ended := make(chan *os.ProcessState, 1)
	go func() {
		state, _ := p.Wait()
		ended <- state
	}()
	o := Outcome{}
	var state *os.ProcessState
	select {
	case state = <-ended:
	case <-ctx.Done():
		o.Fault = Stopped
	case <-flood:
		o.Fault = Flood
	}
	if o.Fault != 0 {
		syscall.Kill(-p.Pid, syscall.SIGKILL)
		select {
		case <-ended:
		case <-time.After(burial): // it hangs in the kernel
		}
	}
	o.Out, o.Whole = out.end()
	o.Err, _ = said.end()
	return o.of(state)
}

// of fills in how a process has ended; nil: it is not known.
func (o Outcome) of(state *os.ProcessState) Outcome {
	switch {
	case o.Fault != 0:
	case state == nil:
		o.Fault, o.Why = Lost, errors.New("it cannot be waited for")
	default:
		o.Code = state.ExitCode()
		if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			o.Fault, o.Why = Ended, errors.New(status.Signal().String())
		}
	}
	return o
}

// printed is a pipe that a process prints to.
type printed struct {
	r, in *os.File
	text  []byte
	whole bool
	taken chan struct{} // closed when nothing more is taken
}

func (p *printed) open() (err error) {
	p.r, p.in, err = os.Pipe()
	p.taken = make(chan struct{})
	return err
}

func (p *printed) close() {
	if p.r != nil {
		p.r.Close()
		p.in.Close()
	}
}

// take reads until the end, and keeps the beginning. The process is told when it
// prints more than anybody can mean.
func (p *printed) take(flood chan<- struct{}) {
	defer close(p.taken)
	b := make([]byte, 4096)
	for sum := 0; ; {
		n, err := p.r.Read(b)
		p.text = append(p.text, b[:min(n, maxOutput-len(p.text))]...)
		if sum += n; sum > maxPrinted {
			flood <- struct{}{}
			return
		}
		if err != nil {
			p.whole = !errors.Is(err, os.ErrDeadlineExceeded)
			return
		}
	}
}

// end is what was printed by a process that has ended. It is all in the pipe by
// now; others may hold that open for as long as they like.
func (p *printed) end() (text []byte, whole bool) {
	p.r.SetReadDeadline(time.Now())
	<-p.taken
	p.r.SetReadDeadline(time.Time{})
	raw, err := p.r.SyscallConn()
	for !p.whole && err == nil && len(p.text) < maxOutput {
		n, b := 0, make([]byte, 4096)
		raw.Read(func(fd uintptr) bool { // which does not wait
			n, err = syscall.Read(int(fd), b)
			return true
		})
		if err == nil {
			p.whole = n == 0
			p.text = append(p.text, b[:min(n, maxOutput-len(p.text))]...)
		}
	}
	return p.text, p.whole
}

// find is the path of a program. Only absolute directories of $PATH are looked at. An
// absolute path below no directory is none: it may be a secret that begins with a slash.
func find(name string, env []string) (string, error) {
	if filepath.IsAbs(name) {
		dir := filepath.Dir(name)
		if info, err := os.Stat(dir); err != nil && errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
			return "", fs.ErrNotExist
		}
		if _, err := os.Stat(name); dir == "/" && errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return name, nil
	}
	path := "/usr/local/bin:/usr/bin:/bin"
	for _, v := range env {
		if p, ok := strings.CutPrefix(v, "PATH="); ok && p != "" {
			path = p
		}
	}
	for dir := range strings.SplitSeq(path, ":") {
		if at := filepath.Join(dir, name); filepath.IsAbs(dir) && executable(at) {
			return at, nil
		}
	}
	return "", fs.ErrNotExist
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode().Perm()&0o111 != 0
}
