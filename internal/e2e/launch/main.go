//go:build linux

// Command launch starts other programs, one at a time, and writes down what
// each of them cost.
//
//	launch RESULTS ROUNDS -- COMMAND ARG... [-- COMMAND ARG...]...
//	launch RESULTS crowd PARALLEL MILLISECONDS -- COMMAND ARG...
//	launch RESULTS spin MILLISECONDS
//
// Each round runs every command once, so that a disturbance of the machine hits
// all of them alike, and every other round in the opposite order: of two equal
// commands the second one seems to take a fifth less. The commands inherit launch's own stdin,
// stdout and stderr. RESULTS gets one line for launch itself ("floor KIB") and
// one line a run: number of the command, wall ns, user+system ns, peak KiB,
// minor faults, exit code (-1: ended by a signal).
//
// A crowd is one command over and over, many at a time; RESULTS gets one line: how
// many ended with 0, in how many ns, how many did not, the exit code of one of those.
// spin starts nothing, it keeps one processor busy.
//
// It is a program of its own, and a poor one, for a reason: Linux hands the
// peak memory of a process down to its children at exec. What a big parent
// measures is itself. So this one imports next to nothing, and since each start
// leaves some kilobytes behind, a long series wants several launches.
package main

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

func main() {
	env := os.Environ()
	if results, is := special(os.Args[1:], env); is {
		write(results)
		return
	}
	if len(os.Args) < 5 {
		fail("usage: launch RESULTS ROUNDS -- COMMAND ARG... [-- COMMAND ARG...]...")
	}
	rounds := number(os.Args[2])
	commands := split(os.Args[3:])
	var results []byte
	for round := range rounds {
		for n := range commands {
			i := n
			if round%2 == 1 {
				i = len(commands) - 1 - n
			}
			results = appendNumbers(results, int64(i), run(commands[i], env)...)
		}
	}
	results = append(results, "floor "+strconv.FormatInt(ownPeak(), 10)+"\n"...)
	write(results)
}

func write(results []byte) {
	if err := os.WriteFile(os.Args[1], results, 0o644); err != nil {
		fail(err.Error())
	}
}

// split cuts the words at each "--".
func split(words []string) [][]string {
	var commands [][]string
	for _, w := range words {
		if w == "--" {
			commands = append(commands, nil)
		} else if n := len(commands); n > 0 {
			commands[n-1] = append(commands[n-1], w)
		}
	}
	return commands
}

// run runs one command and returns what it cost.
func run(command, env []string) []int64 {
	start := time.Now()
	pid, err := syscall.ForkExec(command[0], command, &syscall.ProcAttr{Env: env, Files: []uintptr{0, 1, 2}})
	if err != nil {
		fail(command[0] + ": " + err.Error())
	}
	var status syscall.WaitStatus
	var usage syscall.Rusage
	for {
		if _, err = syscall.Wait4(pid, &status, 0, &usage); err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		fail("wait: " + err.Error())
	}
	wall := time.Since(start)
	return []int64{int64(wall), usage.Utime.Nano() + usage.Stime.Nano(), int64(usage.Maxrss), int64(usage.Minflt), int64(status.ExitStatus())}
}

// ownPeak is the peak memory of this process in KiB: the least that it can
// measure of another. getrusage would not do, its figure holds what was handed
// down to this process in turn.
func ownPeak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		fail(err.Error())
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	number, _, _ := bytes.Cut(bytes.TrimLeft(rest, " \t"), []byte(" "))
	kib, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		fail("no VmHWM in /proc/self/status: " + err.Error())
	}
	return kib
}

func appendNumbers(b []byte, first int64, rest ...int64) []byte {
	b = strconv.AppendInt(b, first, 10)
	for _, n := range rest {
		b = strconv.AppendInt(append(b, ' '), n, 10)
	}
	return append(b, '\n')
}

func fail(why string) {
	os.Stderr.WriteString("launch: " + why + "\n")
	os.Exit(1)
}
