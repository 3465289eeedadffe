package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSmokeCommandBegins: a command finds the process as whoever started ours had
// it: no signal blocked or ignored, every processor, timers without slack, as many
// open files.
func TestSmokeCommandBegins(t *testing.T) {
	program := binary(t)
	mine, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("no /proc here: ", err)
	}
	file := filepath.Join(t.TempDir(), "status")
	tell := func(of string) string { // by the shell itself, which blocks signals when it starts something
		return "while read -r line; do echo \"$line\"; done </proc/self/" + of + " >>" + file + "; "
	}
	script := tell("status") + tell("timerslack_ns") + tell("limits") + "echo hunter2"
	out, _ := exec.Command(program, "-H", "127.0.0.1", "-p", "1", "-U", "u", "--authpass-command", "/bin/sh -c '"+script+"'").CombinedOutput()
	if !strings.Contains(string(out), "Connection refused") || !strings.Contains(string(out), "credential_time=") {
		t.Errorf("%q", out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nSigBlk:\t0000000000000000\n", ignored(string(mine)), "\nCpus_allowed_list:\t" + processors(mine) + "\n", "\n50000\n", openFiles(t)} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// ignored is the line on the signals that a process ignores: what we have from whoever
// started us, a child of the program has from us.
func ignored(status string) string {
	_, rest, _ := strings.Cut(status, "\nSigIgn:")
	line, _, _ := strings.Cut(rest, "\n")
	return "\nSigIgn:" + line + "\n"
}

// openFiles is the line on how many files a process may have open: what we may, it may.
func openFiles(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("/bin/sh", "-c", "while read -r line; do echo \"$line\"; done </proc/self/limits").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Max open files") {
			return line
		}
	}
	t.Fatalf("no limit on open files in\n%s", out)
	return ""
}

// TestSmokeCommandEnds: a command ends with the check, be it at its deadline or when
// somebody stops it, and so does what it has started.
func TestSmokeCommandEnds(t *testing.T) {
	for name, test := range map[string]struct {
		signal syscall.Signal
		limit  string
		want   string
	}{
		"deadline": {0, "1", `credential: the command "sh" took all of the time`},
		"SIGTERM":  {syscall.SIGTERM, "60", `credential: stopped by SIGTERM while the command "sh" was running`},
		"SIGKILL":  {syscall.SIGKILL, "60", ""},
	} {
		t.Run(name, func(t *testing.T) {
			pid := filepath.Join(t.TempDir(), "pid")
			script := "echo $$ >" + pid + ".new; mv " + pid + ".new " + pid + "; exec sleep 600"
			cmd := exec.Command(binary(t), "-H", "127.0.0.1", "-p", "1", "-t", test.limit, "-U", "u", "--authpass-command", "/bin/sh -c '"+script+"'")
			var out strings.Builder
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			number := awaited(t, pid)
			if test.signal != 0 {
				cmd.Process.Signal(test.signal)
			}
			cmd.Wait()
			late := name == "deadline" && strings.Contains(out.String(), "timeout after 1 seconds while running the command") // on a busy machine the watchdog comes first
			if !strings.Contains(out.String(), test.want) && !late {
				t.Errorf("%q", &out)
			}
			for range 3000 {
				status, err := os.ReadFile("/proc/" + number + "/status")
				if err != nil || strings.Contains(string(status), "\nState:\tZ") {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Error("the command goes on")
		})
	}
}

// awaited is what stands in a file, once it is there.
func awaited(t *testing.T, path string) string {
	for range 3000 {
		if text, err := os.ReadFile(path); err == nil {
			return strings.TrimSpace(string(text))
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the command was not started")
	return ""
}
