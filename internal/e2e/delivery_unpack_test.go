//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	accounts "os/user"
	"path/filepath"
	"syscall"
)

// unpack returns a directory that holds the files of Debian packages, which
// are not installed: Debian's mail servers conflict with one another. It keeps
// the directory, in e2e-packages among the temporary files and under the name
// of the first package, for the next time.
func unpack(log io.Writer, packages ...string) (string, error) {
	cache, err := ownDirectory(filepath.Join(os.TempDir(), "e2e-packages"))
	if err != nil {
		return "", err
	}
	unpacked := filepath.Join(cache, packages[0])
	if _, err := os.Stat(unpacked); err == nil {
		return unpacked, nil
	}
	// Nobody else can enter it, so that no setuid program is ever in reach.
	work, err := os.MkdirTemp(cache, "work")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	root := filepath.Join(work, "root")
	if err := unpackInto(log, work, root, packages); err != nil {
		return "", err
	}
	if err := os.Rename(root, unpacked); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return unpacked, nil
}

// ownDirectory makes a directory that only we can write to, or finds one: what
// lies in it is run by root.
func ownDirectory(path string) (string, error) {
	if err := os.Mkdir(path, 0o755); err != nil && !os.IsExist(err) {
		return "", err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if !info.IsDir() || int(owner) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return "", fmt.Errorf("%s is there, and is not a directory that only user %d can write to", path, os.Geteuid())
	}
	return path, nil
}

func unpackInto(log io.Writer, work, root string, packages []string) error {
	if err := runLogged(log, "apt-get", "update"); err != nil {
		return err
	}
	fmt.Fprintln(log, "running apt-get download", packages)
	download := exec.Command("apt-get", append([]string{"download", "--quiet"}, packages...)...)
	download.Dir = work
	if out, err := download.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get download %v: %w\n%s", packages, err, out)
	}
	files, err := filepath.Glob(filepath.Join(work, "*.deb"))
	if err != nil || len(files) != len(packages) {
		return fmt.Errorf("apt-get download %v brought %v, %v", packages, files, err)
	}
	for _, f := range files {
		if out, err := exec.Command("dpkg-deb", "--extract", f, root).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", filepath.Base(f), err, out)
		}
	}
	return filepath.WalkDir(root, plain)
}

// plain takes setuid and setgid bits from a file: whoever starts a server here
// is root.
func plain(path string, entry fs.DirEntry, err error) error {
	if err != nil || !entry.Type().IsRegular() {
		return err
	}
	info, err := entry.Info()
	if err != nil || info.Mode()&(fs.ModeSetuid|fs.ModeSetgid) == 0 {
		return err
	}
	return os.Chmod(path, info.Mode().Perm())
}

// addUser makes sure of a system user, as the package that is not installed
// would have.
func addUser(log io.Writer, name string) error {
	if _, err := accounts.Lookup(name); err == nil {
		return nil
	}
	return runLogged(log, "useradd", "--system", "--badname", "--user-group", "--no-create-home",
		"--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name)
}
