//go:build unix

package render

import (
	"io/fs"
	"os"
	"syscall"
)

// Who may write to a directory.
const (
	world    fs.FileMode = 0o002
	anyGroup fs.FileMode = 0o020
)

// trap says whether another user may have put an entry into a sticky directory,
// where the writers may make entries, to have us write to a place of his choice
// or to get what we write: it belongs neither to us nor to the directory's owner.
// Linux can keep from such links and files by itself (protected_symlinks and
// protected_regular, proc_sys_fs(5)), but does not see that they are followed
// and replaced here, and need not be set so.
func trap(dir string, entry fs.FileInfo, writers fs.FileMode) bool {
	info, err := os.Stat(dir)
	if err != nil || info.Mode()&fs.ModeSticky == 0 || info.Mode()&writers == 0 {
		return false
	}
	its := owner(entry)
	return its != os.Geteuid() && its != owner(info)
}

func owner(info fs.FileInfo) int { return int(info.Sys().(*syscall.Stat_t).Uid) }

// inherit gives a file the owner and the group of the old one, whose mode may
// let nobody else read it. Only root may do so in general; for others the file
// is their own.
func inherit(tmp *os.File, old fs.FileInfo) {
	if old != nil {
		tmp.Chown(owner(old), int(old.Sys().(*syscall.Stat_t).Gid))
	}
}
