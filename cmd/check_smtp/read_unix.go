//go:build unix

package main

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// impatient reads what is there. Where nothing is yet, as in /proc/kmsg, that is
// an error; an os.File would wait.
type impatient struct{ file *os.File }

func (f impatient) Close() error { return f.file.Close() }

func (f impatient) Read(p []byte) (n int, err error) {
	raw, err := f.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	closed := raw.Read(func(fd uintptr) bool {
		for {
			if n, err = syscall.Read(int(fd), p); err != syscall.EINTR {
				return true // also when there is nothing yet: no wait
			}
		}
	})
	switch {
	case closed != nil:
		return 0, closed
	case err != nil:
		return 0, &fs.PathError{Op: "read", Path: f.file.Name(), Err: err}
	case n == 0 && len(p) > 0:
		return 0, io.EOF
	}
	return n, nil
}
