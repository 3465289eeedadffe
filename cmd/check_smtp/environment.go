package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"check_smtp/internal/args"
)

func environment() args.Env {
	return args.Env{Getenv: os.Getenv, Hostname: os.Hostname, ReadFile: readFile, Open: openFile, Mode: mode, User: os.Geteuid, Stdin: os.Stdin, Terminal: terminal, Patience: patience}
}

// patience is how long to wait for a password manager, before there is a
// session.
func patience(deadline time.Time) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancelCause(context.Background())
	spread()
	obey(stop)
	return context.WithDeadline(ctx, deadline)
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
	if _, err := regular(name, func() (fs.FileInfo, error) { return os.Stat(name) }); err != nil {
		return nil, 0, err
	}
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, err
	}
	size, err := regular(name, f.Stat)
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return impatient{f}, size, nil
}

// regular judges what stat says of a file: its size, if it is a regular one.
func regular(name string, stat func() (fs.FileInfo, error)) (int64, error) {
	info, err := stat()
	switch {
	case err != nil:
		return 0, err
	case !info.Mode().IsRegular():
		return 0, fmt.Errorf("%s is not a regular file", name)
	}
	return info.Size(), nil
}
