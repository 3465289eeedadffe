package main

import (
	"errors"
	"os"
	"strconv"
	"syscall"
	"unsafe"

	"check_smtp/internal/early"
)

// What _rt0_one_cpu leaves behind: the processors that we may use, how many
// bytes of that the kernel gave (0: the process is not bound), and the one
// that it was bound to.
var (
	affinity    [16]uint64
	affinityLen uintptr
	bound       [16]uint64
	signalsHeld uint32
)

// spread lets all threads of the process run on every processor that it was
// given: a busy poller's scheduler must be free to move it, or waiting for a
// processor would look like a slow server. It is called by the one thread that
// does anything, when nothing can hang yet.
func spread() {
	if affinityLen == 0 || bound == affinity {
		return
	}
	mask := uintptr(unsafe.Pointer(&affinity))
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil { // no /proc here; dearer, but it needs no list: each thread asks for itself
		syscall.AllThreadsSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, affinityLen, mask)
		return
	}
	for _, thread := range threads {
		if id, err := strconv.Atoi(thread.Name()); err == nil {
			syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, uintptr(id), affinityLen, mask)
		}
	}
}

// unload gives back pages that would count as ours to the end, and of which few are
// needed from here on: the code with which packages have begun, and what that has
// touched of the runtime's tables. The file has them all still, and what is needed is
// mapped again.
func unload() {
	early.Unload()
	discard(start(errors.New), endOfCode()) // all that lies behind the runtime
}

// discard gives back the pages between two addresses.
func discard(from, to uintptr) {
	page := uintptr(os.Getpagesize())
	from, to = (from+page-1)/page*page, to/page*page
	if from < to {
		syscall.RawSyscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
	}
}

// start is where the code of a function begins.
func start[F any](f F) uintptr { return **(**uintptr)(unsafe.Pointer(&f)) }

func endOfCode() uintptr

// held says whether the signals that end a program wait until somebody obeys them.
func held() bool { return signalsHeld != 0 }

// loosen takes from this thread the mask that hold has given it and, for good, the
// slack that _rt0_one_cpu has.
func loosen() (tighten func()) {
	if affinityLen != 0 {
		syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_TIMERSLACK, 50_000, 0) // ns, the kernel's own
	}
	if !held() {
		return func() {}
	}
	mask := uint64(1<<(syscall.SIGHUP-1) | 1<<(syscall.SIGINT-1) | 1<<(syscall.SIGQUIT-1) | 1<<(syscall.SIGALRM-1) | 1<<(syscall.SIGTERM-1))
	const block, unblock = 0, 1
	setMask(unblock, &mask)
	return func() { setMask(block, &mask) }
}

func setMask(how uintptr, mask *uint64) {
	syscall.RawSyscall6(syscall.SYS_RT_SIGPROCMASK, how, uintptr(unsafe.Pointer(mask)), 0, unsafe.Sizeof(*mask), 0, 0)
}
