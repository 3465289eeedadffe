//go:build linux

package main

import (
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// crowd runs one command over and over for a while, so many at a time, and returns
// how many have ended well, how long it took until the last one had ended, in ns,
// how many have not ended well, and the exit code of one of those.
func crowd(command, env []string, parallel int, span time.Duration) []int64 {
	var well, ill, code atomic.Int64
	begin := time.Now()
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for time.Since(begin) < span {
				if exit := run(command, env)[4]; exit != 0 {
					ill.Add(1)
					code.Store(exit)
					continue
				}
				well.Add(1)
			}
		})
	}
	workers.Wait()
	return []int64{well.Load(), int64(time.Since(begin)), ill.Load(), code.Load()}
}

// spin keeps a processor busy for a while, and then ends by itself.
func spin(span time.Duration) {
	syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0)
	for begin := time.Now(); time.Since(begin) < span; {
	}
}

// special plays the modes that are not about single runs, and says whether it was
// one of them.
func special(args, env []string) (results []byte, is bool) {
	switch {
	case len(args) == 3 && args[1] == "spin":
		spin(milliseconds(args[2]))
		return nil, true
	case len(args) > 4 && args[1] == "crowd":
		all := crowd(split(args[4:])[0], env, number(args[2]), milliseconds(args[3]))
		return appendNumbers(nil, all[0], all[1:]...), true
	}
	return nil, false
}

func milliseconds(word string) time.Duration {
	return time.Duration(number(word)) * time.Millisecond
}

func number(word string) int {
	n, err := strconv.Atoi(word)
	if err != nil {
		fail("not a number: " + word)
	}
	return n
}
