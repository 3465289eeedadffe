package render

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ToFile puts data into a file whole or not at all: readers that come by
// meanwhile, such as a textfile collector, see the old content or the new. A new
// file gets the mode; one that is there keeps who may read it.
//
// What is there and no file, a device or a named pipe, is left alone; a link
// stays one, and what it leads to is replaced or made. The error holds neither
// the path nor the name of the temporary file, which no two runs share.
func ToFile(path string, data []byte, mode fs.FileMode) error {
	path, err := destination(path)
	if err != nil {
		return bare(err)
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		info = nil
	case !info.Mode().IsRegular():
		return errors.New("not a regular file")
	default:
		mode = info.Mode().Perm()
	}
	return bare(replace(path, data, info, mode))
}

// replace puts a new file in the place of the one that info is of; nil: there is
// none.
func replace(path string, data []byte, info fs.FileInfo, mode fs.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".check_smtp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		inherit(tmp, info)
		err = tmp.Chmod(mode)
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}

// inherit gives a file the owner and the group of the old one, whose mode may
// let nobody else read it. Only root may do so in general; for others the file
// is their own.
func inherit(tmp *os.File, old fs.FileInfo) {
	if old == nil {
		return
	}
	if was, ok := old.Sys().(*syscall.Stat_t); ok {
		tmp.Chown(int(was.Uid), int(was.Gid))
	}
}

// maxLinks is how many links Linux follows, too (path_resolution(7)).
const maxLinks = 40

// destination is where a path leads to in the end, also when nothing is there
// yet: the last part of a path may be a link to a file that is still to be made.
func destination(path string) (string, error) {
	for range maxLinks {
		dir, base := filepath.Split(path) // Dir would take ".." for a matter of spelling
		if dir == "" {
			dir = "."
		}
		dir, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return "", err
		}
		path = filepath.Join(dir, base)
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link
		}
		if !filepath.IsAbs(to) {
			to = dir + "/" + to
		}
		path = to
	}
	return "", syscall.ELOOP
}

// SameFile says whether two paths lead to one file, however they are spelled,
// whether it exists yet or not.
func SameFile(a, b string) bool {
	a, errA := destination(a)
	b, errB := destination(b)
	if errA != nil || errB != nil {
		return false // writing it will tell
	}
	return same(a, b) || filepath.Base(a) == filepath.Base(b) && same(filepath.Dir(a), filepath.Dir(b))
}

// same asks the system, as a directory may be mounted in two places.
func same(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// bare is the system's word for what went wrong, without operation and path.
func bare(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}
