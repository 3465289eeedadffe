//go:build unix

package main

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// TestReadFile: files that say nothing true about their size, and what is no
// file, are refused without filling the memory and without waiting.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(dir+"/fifo", 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	for name, size := range map[string]int{"small": 5, "full": maxFile, "large": maxFile + 1} {
		if err := os.WriteFile(dir+"/"+name, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := readFile(dir + "/" + name)
		if ok := size <= maxFile; ok != (err == nil) || ok && len(text) != size {
			t.Errorf("%s: %d bytes, %v", name, len(text), err)
		}
	}
	for _, name := range []string{dir, dir + "/fifo", dir + "/none", "/dev/zero", "/proc/self/pagemap"} {
		if text, err := readFile(name); err == nil {
			t.Errorf("%s: %d bytes were read", name, len(text))
		}
	}
	if text, err := readFile("/proc/self/cmdline"); err == nil && len(text) == 0 {
		t.Error("a file of /proc that has no size is not read")
	}
}

// TestImpatient: where there is nothing to read yet, that is told. A pipe stands
// for /proc/kmsg, which only root can read.
func TestImpatient(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	f := impatient{r}
	defer f.Close()
	if n, err := f.Read(make([]byte, 8)); n != 0 || err == nil || !strings.Contains(err.Error(), "temporarily unavailable") {
		t.Errorf("%d bytes, %v", n, err)
	}
	w.WriteString("abc")
	if n, err := f.Read(make([]byte, 8)); n != 3 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}
