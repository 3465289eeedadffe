//go:build unix

package render

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Users of these tests; nobody need have heard of them.
const (
	stranger = 12345
	keeper   = 12346 // whose directory it is
)

// sticky is a directory for all, as /tmp is one.
func sticky(t *testing.T, mode fs.FileMode, owner int) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("files of other users can be made by root only")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, owner, -1); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, mode|fs.ModeSticky); err != nil {
		t.Fatal(err)
	}
	return dir
}

func chown(t *testing.T, path string, owner int) {
	t.Helper()
	if err := os.Lchown(path, owner, -1); err != nil {
		t.Fatal(err)
	}
}

// TestToFileTraps: in a directory for all, what another user has put there is
// neither followed nor written to, and the file that it leads to stays as it is.
func TestToFileTraps(t *testing.T) {
	const link, file = "another user's link in a directory that everybody may write to is not followed", "it is another user's file in a directory that everybody may write to"
	tests := []struct {
		name      string
		mode      fs.FileMode
		dir, user int
		path      string // to write to
		want      string
	}{
		{"a link of a stranger", 0o777, 0, stranger, "link", link},
		{"a link to nothing yet", 0o777, 0, stranger, "dangling", link},
		{"a link to a directory", 0o777, 0, stranger, "up/other", link},
		{"a link behind our link", 0o777, 0, stranger, "home/first", link},
		{"a link of the keeper's", 0o777, keeper, keeper, "link", ""},
		{"a link of ours", 0o777, keeper, 0, "link", ""},
		{"a link where only a group may write", 0o775, 0, stranger, "link", ""},
		{"a file of a stranger", 0o777, 0, stranger, "file", file},
		{"a file where a group may write", 0o775, 0, stranger, "file", file},
		{"a file where only the keeper may write", 0o755, 0, stranger, "file", ""},
		{"a file of the keeper's", 0o777, keeper, keeper, "file", ""},
		{"a file of ours", 0o777, keeper, 0, "file", ""},
		{"a new file", 0o777, keeper, stranger, "new", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, home := sticky(t, tt.mode, tt.dir), t.TempDir()
			for name, to := range map[string]string{"link": home + "/victim", "dangling": home + "/unborn", "up": home} {
				os.Symlink(to, filepath.Join(dir, name))
				chown(t, filepath.Join(dir, name), tt.user)
			}
			os.Symlink(home, dir+"/home")
			os.Symlink(dir+"/link", home+"/first")
			for _, path := range []string{dir + "/file", home + "/victim"} {
				os.WriteFile(path, []byte("old"), 0o644)
			}
			chown(t, dir+"/file", tt.user)
			got := ""
			if err := ToFile(filepath.Join(dir, tt.path), []byte("new"), 0o600); err != nil {
				got = err.Error()
			}
			victim, _ := os.ReadFile(home + "/victim")
			text, _ := os.ReadFile(dir + "/file")
			_, unborn := os.Lstat(home + "/unborn")
			if got != tt.want || tt.want != "" && (string(victim) != "old" || string(text) != "old" || unborn == nil) {
				t.Errorf("%q, want %q; victim %q, file %q", got, tt.want, victim, text)
			}
		})
	}
}

// TestToFileOwner: elsewhere a file stays its owner's, who has to go on reading
// it, and one that is new is ours.
func TestToFileOwner(t *testing.T) {
	dir := sticky(t, 0o755, keeper)
	os.WriteFile(dir+"/old", nil, 0o600)
	chown(t, dir+"/old", stranger)
	for name, want := range map[string]uint32{"old": stranger, "new": 0} {
		err := ToFile(filepath.Join(dir, name), nil, 0o600)
		if info, e := os.Stat(filepath.Join(dir, name)); err != nil || e != nil || info.Sys().(*syscall.Stat_t).Uid != want {
			t.Errorf("%s: %v, %v, %v", name, info, err, e)
		}
	}
}

// TestToFileDescriptor: a path that leads to an open descriptor is no file to be
// replaced, whatever the descriptor is of: what it had would be lost, and its
// reader would see nothing.
func TestToFileDescriptor(t *testing.T) {
	if _, err := os.Lstat("/proc/self/fd"); err != nil {
		t.Skip("no descriptors have names here: ", err)
	}
	dir := t.TempDir()
	log, err := os.Create(dir + "/log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	log.WriteString("old")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	number := func(f *os.File) string { return "/" + strconv.Itoa(int(f.Fd())) }
	os.Symlink("/proc/self/fd"+number(log), dir+"/link")
	paths := []string{
		"/proc/self/fd" + number(log), "/proc/thread-self/fd" + number(log), "/proc/self/fd" + number(w), "/proc/self/fd/4000",
		"/proc/" + strconv.Itoa(os.Getpid()) + "/fd/." + number(log), dir + "/link",
	}
	for _, also := range []string{"/dev/fd" + number(log), "/dev/stdout"} {
		if _, err := os.Lstat(filepath.Dir(also)); err == nil {
			paths = append(paths, also)
		}
	}
	const want = "it is an open descriptor; leave the option out for standard output"
	for _, path := range paths {
		if err := ToFile(path, []byte("new"), 0o600); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if text, _ := os.ReadFile(dir + "/log"); string(text) != "old" {
		t.Errorf("the file has %q", text)
	}
	through, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer through.Close()
	if err := ToFile("/proc/self/fd"+number(through)+"/log", []byte("new"), 0o600); err != nil {
		t.Error("a file in an open directory: ", err)
	}
}
