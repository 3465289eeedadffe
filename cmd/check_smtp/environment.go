package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"

	"check_smtp/internal/args"
	"check_smtp/internal/credential"
	"check_smtp/internal/early"
)

// surroundings are what of the process's a command line may draw on.
type surroundings struct {
	args.Env
	command    func(ctx context.Context, argv []string) credential.Outcome // runs a program that prints a password
	executable func() (string, error)                                      // the path of this program; nil: not told
}

func environment() surroundings {
	return surroundings{command: command, executable: os.Executable, Env: args.Env{Getenv: os.Getenv, Hostname: hostname, ReadFile: readFile, Open: openFile, Mode: mode, Stat: os.Stat, User: os.Geteuid, Stdin: os.Stdin, Now: time.Now, Unique: unique, Terminal: terminal, Built: buildOf}}
}

// hostname is what this machine is called. No word of the command line told begin that
// letters of other languages are to be read.
func hostname() (string, error) {
	name, err := os.Hostname()
	if strings.ContainsFunc(name, strange) {
		early.Begin()
	}
	return name, err
}

// unique is what no other message has in its Message-ID. Nobody has to guess it.
func unique() string { return fmt.Sprintf("%016x", rand.Uint64()) }

// observe has the watchdog know what is being waited for, as the program may hang
// on it.
func (w *watchdog) observe(env surroundings) surroundings {
	seen := env
	seen.ReadFile = func(name string) ([]byte, error) {
		defer w.reading(name)()
		return env.ReadFile(name)
	}
	seen.Open = func(name string) (io.ReadCloser, int64, error) {
		defer w.reading(name)()
		return env.Open(name)
	}
	if env.Mode != nil {
		seen.Mode = func(name string) (fs.FileMode, error) {
			defer w.reading(name)()
			return env.Mode(name)
		}
	}
	if env.Stat != nil {
		seen.Stat = func(name string) (fs.FileInfo, error) {
			defer w.reading(name)()
			return env.Stat(name)
		}
	}
	seen.Stdin = observed{env.Stdin, w}
	return seen
}

// reading notes that a file is read, until the function that it returns is called.
func (w *watchdog) reading(name string) (done func()) {
	w.at("reading \"" + name + "\"")
	return func() { w.at("") }
}

// observed is standard input, which may never end.
type observed struct {
	io.Reader
	watchdog *watchdog
}

func (o observed) Read(p []byte) (int, error) {
	o.watchdog.at("reading standard input")
	defer o.watchdog.at("")
	return o.Reader.Read(p)
}

// buildOf is what this program was built with, and for which system.
func buildOf() string {
	version, _, _ := strings.Cut(runtime.Version(), "-X:") // and experiments
	return version + " " + runtime.GOOS + "/" + runtime.GOARCH
}

func mode(name string) (fs.FileMode, error) {
	info, err := os.Stat(name)
	if err != nil {
		return 0, err
	}
	return info.Mode(), nil
}

// maxFile is how large a file of options or secrets may be.
const maxFile = 1 << 20 // bytes

// readFile reads a regular file only, and none that nobody can have meant: a
// huge file would fill the memory. Its size is counted, not asked for: files of
// /proc say 0.
func readFile(name string) ([]byte, error) {
	f, _, err := openFile(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if len(text) > maxFile {
		return nil, fmt.Errorf("%s is larger than 1 MiB", name)
	}
	return text, err
}

// openFile opens a regular file for reading and tells its size. Anything else is
// an error: a FIFO could block for ever, a device may do something when it is
// opened. What is open is asked again: another file may have taken the name.
func openFile(name string) (io.ReadCloser, int64, error) {
	info, err := os.Stat(name)
	if err = regular(name, info, err); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, err
	}
	info, err = f.Stat()
	if err = regular(name, info, err); err != nil {
		f.Close()
		return nil, 0, err
	}
	return impatient{f}, info.Size(), nil
}

// regular is the error of a stat, or that it is of no regular file.
func regular(name string, info fs.FileInfo, err error) error {
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", name)
	}
	return err
}

// program is the path of this program, for configurations: where it runs, or where
// make install puts it.
func (s surroundings) program() string {
	if s.executable != nil {
		if path, err := s.executable(); err == nil {
			return path
		}
	}
	return "/usr/local/lib/nagios/plugins/check_smtp"
}
