package facts

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// posix is what Winsock's number (winsock2.h) is called everywhere else; 0: nothing.
// Package syscall has both, and does not take one for the other.
func posix(errno syscall.Errno) syscall.Errno {
	switch errno {
	case 10013: // WSAEACCES
		return syscall.EACCES
	case 10047: // WSAEAFNOSUPPORT
		return syscall.EAFNOSUPPORT
	case 10048: // WSAEADDRINUSE
		return syscall.EADDRINUSE
	case 10049: // WSAEADDRNOTAVAIL
		return syscall.EADDRNOTAVAIL
	case 10050: // WSAENETDOWN
		return syscall.ENETDOWN
	case 10051: // WSAENETUNREACH
		return syscall.ENETUNREACH
	case 10053: // WSAECONNABORTED
		return syscall.ECONNABORTED
	case 10054: // WSAECONNRESET
		return syscall.ECONNRESET
	case 10055: // WSAENOBUFS
		return syscall.ENOBUFS
	case 10060: // WSAETIMEDOUT
		return syscall.ETIMEDOUT
	case 10061: // WSAECONNREFUSED
		return syscall.ECONNREFUSED
	case 10065: // WSAEHOSTUNREACH
		return syscall.EHOSTUNREACH
	}
	return 0
}

// Known is an error of package net with the number that POSIX has for it, so that
// whoever asks for that finds it. The error is the caller's own.
func Known(err error) error {
	if call, ok := errors.AsType[*os.SyscallError](err); ok {
		if errno, ok := call.Err.(syscall.Errno); ok && posix(errno) != 0 {
			call.Err = posix(errno)
		}
	}
	return err
}

// Word is what the system says of an error: of the network the same as elsewhere,
// anything else as a part of a sentence.
func Word(errno syscall.Errno) string {
	if known := posix(errno); known != 0 {
		return known.Error()
	}
	text := strings.TrimRight(errno.Error(), ". \r\n")
	return strings.ToLower(text[:min(1, len(text))]) + text[min(1, len(text)):]
}
