package facts

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestKnown(t *testing.T) {
	err := Known(&net.OpError{Op: "dial", Err: os.NewSyscallError("connectex", syscall.Errno(10061))})
	if !errors.Is(err, syscall.ECONNREFUSED) || (&Failure{Err: err}).Reason() != "connection refused" {
		t.Errorf("%v", err)
	}
	if got := (&Failure{Err: &net.OpError{Op: "read", Err: os.NewSyscallError("wsarecv", syscall.Errno(10054))}}).Reason(); got != "connection reset by peer" {
		t.Error(got)
	}
	if got := Word(syscall.ERROR_FILE_NOT_FOUND); got == "" || got[len(got)-1] == '.' || got[0] < 'a' {
		t.Error(got)
	}
}
