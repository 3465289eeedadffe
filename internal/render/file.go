package render

import (
	"os"
	"path/filepath"
)

// ToFile puts data into a file whole or not at all: readers that come by
// meanwhile, such as a textfile collector, see the old content or the new.
func ToFile(path string, data []byte) error {
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
