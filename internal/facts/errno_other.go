//go:build !windows

package facts

import "syscall"

// Known is the error itself: its numbers are those of POSIX.
func Known(err error) error { return err }

// Word is what the system says of an error.
func Word(errno syscall.Errno) string { return errno.Error() }
