//go:build linux

package main

import (
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

// What _rt0_one_cpu leaves behind: the processors that we may use, how many
// bytes of that the kernel gave (0: the process is not bound), and the one
// that it was bound to.
var (
	affinity    [16]uint64
	affinityLen uintptr
	bound       [16]uint64
)

// spread lets all threads of the process run on every processor that it was
// given: a busy poller's scheduler must be free to move it, or waiting for a
// processor would look like a slow server.
func spread() {
	if affinityLen == 0 || bound == affinity {
		return
	}
	threads, _ := os.ReadDir("/proc/self/task")
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(id), affinityLen, uintptr(unsafe.Pointer(&affinity)))
		}
	}
}
