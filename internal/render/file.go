package render

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ToFile puts data into a file whole or not at all: readers that come by
// meanwhile, such as a textfile collector, see the old content or the new. A new
// file gets the mode; one that is there keeps who may read it.
//
// What is there and no file, a device or a named pipe, is left alone; a link
// stays one, and what it leads to is replaced or made, see trap for those that
// are refused. The error holds neither the path nor the name of the temporary
// file, which no two runs share.
func ToFile(path string, data []byte, mode fs.FileMode) error {
	d, err := NewDraft(path, mode)
	if err != nil {
		return err
	}
	_, err = d.Write(data)
	return d.Done(err)
}

// NewDraft begins a file in the same manner; it is there when Done is called.
func NewDraft(path string, mode fs.FileMode) (*Draft, error) {
	path, err := destination(path)
	if err != nil {
		return nil, Bare(err)
	}
	info, err := os.Lstat(path) // not Stat: whoever makes a link of it now is too late
	switch {
	case err != nil:
		info = nil
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case trap(filepath.Dir(path), info, world|anyGroup):
		return nil, errors.New("it is another user's file in a directory that everybody may write to")
	default:
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".check_smtp-*")
	if err != nil {
		return nil, Bare(err)
	}
	return &Draft{tmp, path, info, mode}, nil
}

// Draft is a file that takes the place of another one when it is whole.
type Draft struct {
	*os.File
	path string
	info fs.FileInfo // of what is there; nil: nothing
	mode fs.FileMode
}

// Done puts the file in its place, if err is nil, which it returns else.
func (d *Draft) Done(err error) error {
	defer os.Remove(d.Name())
	if err == nil {
		inherit(d.File, d.info)
		err = d.Chmod(d.mode)
	}
	if e := d.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(d.Name(), d.path)
	}
	return Bare(err)
}

// maxLinks is how many links Linux follows, too (path_resolution(7)).
const maxLinks = 40

// destination is where a path leads to in the end, also when nothing is there
// yet: the last part of a path may be a link to a file that is still to be made.
// The path that it gives has no links in it.
func destination(path string) (string, error) {
	at, rest := root(path)
	for links := 0; rest != ""; {
		name, more, deeper := strings.Cut(rest, "/")
		rest = more
		if name != "" && rest == "" && descriptors(at) {
			return "", errors.New("it is an open descriptor; leave the option out for standard output")
		}
		info, err := os.Lstat(at + name)
		switch {
		case name == "":
			continue
		case err != nil && !deeper:
			return at + name, nil // to be made
		case err != nil:
			return "", err
		case info.Mode()&fs.ModeSymlink != 0:
			if links++; links > maxLinks {
				return "", syscall.ELOOP
			}
			if at, rest, err = follow(at, name, info, more); err != nil {
				return "", err
			}
		case deeper:
			at += name + "/"
		default:
			return at + name, nil
		}
	}
	return at, nil
}

// descriptors says whether the names in a directory are open descriptors, as
// /dev/stdout leads to one (proc_pid_fd(5)). To replace the file behind one would
// lose what a shell's >> has kept, and a pipe has none.
func descriptors(dir string) bool {
	dir, err := filepath.Abs(dir)
	return err == nil && (dir == "/dev/fd" || strings.HasPrefix(dir, "/proc/") && filepath.Base(dir) == "fd")
}

// root parts a path into where it begins, "" for here, and what follows.
func root(path string) (at, rest string) {
	volume := len(filepath.VolumeName(path))
	rest = filepath.ToSlash(path[volume:])
	if inner, ok := strings.CutPrefix(rest, "/"); ok {
		return path[:volume] + "/", inner
	}
	return path[:volume], rest
}

// follow is where a link leads to, with what comes after its name in the path.
func follow(at, name string, link fs.FileInfo, rest string) (string, string, error) {
	if trap(filepath.Dir(at+name), link, world) {
		return "", "", errors.New("another user's link in a directory that everybody may write to is not followed")
	}
	to, err := os.Readlink(at + name)
	if rest != "" {
		to += "/" + rest
	}
	if filepath.IsAbs(to) {
		at, to = root(to)
	}
	return at, filepath.ToSlash(to), err
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

// Bare is the system's word for what went wrong, without operation and path.
func Bare(err error) error {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err
}
