package render

import (
	"errors"
	"os"
	"path/filepath"
)

// ToFile puts data into a file whole or not at all: readers that come by
// meanwhile, such as a textfile collector, see the old content or the new.
//
// What is there and no file, a device or a named pipe, is left alone; a link
// stays one, and the file that it leads to is replaced.
func ToFile(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return errors.New(path + " is not a regular file")
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".check_smtp-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(0o644)
	}
	if e := tmp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}
