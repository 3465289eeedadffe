package main

import (
	"syscall"
	"unsafe"
)

// terminal is how many columns standard output has; it is not ok when that is
// no terminal.
func terminal() (columns int, ok bool) {
	var size struct{ rows, columns, width, height uint16 } // ioctl_tty(2)
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(syscall.Stdout), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	return int(size.columns), errno == 0
}
