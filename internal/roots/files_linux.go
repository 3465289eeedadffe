//go:build linux && !android

package roots

import (
	"bytes"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"
)

// System is the store of this machine, in the places that crypto/x509 looks in
// (root_linux.go). File and dirs are the values of SSL_CERT_FILE and
// SSL_CERT_DIR, which take the place of its bundles and of its directories;
// "": unset.
func System(file, dirs string) Store {
	s := Store{
		Files: []string{
			"/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Gentoo
			"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
			"/etc/ssl/ca-bundle.pem",                            // openSUSE
			"/etc/pki/tls/cacert.pem",                           // OpenELEC
			"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS, RHEL 7
			"/etc/ssl/cert.pem",                                 // Alpine
		},
		Dirs: []string{"/etc/ssl/certs", "/etc/pki/tls/certs"},
		Both: file == "" && dirs == "",
	}
	if file != "" {
		s.Files = []string{file}
	}
	if dirs != "" {
		s.Dirs = strings.Split(dirs, ":")
	}
	return s
}

// search asks one part of the store after the other, as long as none has proven the
// server: more roots never undo a proof. (They could only by exhausting the 100
// signature checks that Verify allows itself, which takes 100 roots of one and the
// same name.)
func (s Store) search(t task) (chains [][]*x509.Certificate, known []*x509.Certificate, err error) {
	l := newLoader(wanted(t.sent))
	for i, read := range s.parts(l) {
		before := len(l.found)
		read()
		if i > 0 && len(l.found) == before {
			break
		}
		if chains, err = t.try(l.found); err == nil {
			return chains, l.found, nil
		}
	}
	if len(l.found) == 0 && l.err != nil && s.empty() {
		err = x509.SystemRootsError{Err: l.err}
	}
	if err != nil && t.idle && l.used == "" && closed(l.err) {
		err = x509.SystemRootsError{Err: l.err} // what would have proven the server may be in there
	}
	return chains, l.found, err
}

// parts are how the parts of a store are read, in order.
func (s Store) parts(l *loader) []func() {
	bundle := func() { l.bundle(s.Files) }
	lookup := func() { l.lookup(s.Dirs) }
	switch {
	case s.Hashed && s.Both:
		return []func(){lookup, bundle}
	case s.Hashed:
		return []func(){bundle, lookup}
	}
	return []func(){bundle, func() { l.directories(s.Dirs) }}
}

// closed says of the error of a file that it is there and might hold certificates. A
// directory in place of a bundle is passed over, as with OpenSSL.
func closed(err error) bool { return err != nil && !errors.Is(err, syscall.EISDIR) }

// empty reports whether there is no certificate at all in the store.
func (s Store) empty() bool {
	l := newLoader(nil)
	l.bundle(s.Files)
	l.directories(s.Dirs)
	return len(l.found) == 0
}

// loader reads a store as loadSystemRoots of crypto/x509 does (root_unix.go):
// the same files in the same order.
type loader struct {
	scanner
	found []*x509.Certificate
	used  string // the bundle that was read; "": none
	err   error  // the first, other than that a file is not there
}

func newLoader(want [][]byte) *loader {
	// The longest certificate of Mozilla's takes 3 kB; 16 kB cost no more
	// system calls than they save page faults.
	return &loader{scanner: scanner{want: want, window: make([]byte, 16<<10)}}
}

func (l *loader) fail(err error) {
	if l.err == nil && !os.IsNotExist(err) {
		l.err = err
	}
}

// bundle reads the first file that can be read.
func (l *loader) bundle(files []string) {
	for _, path := range files {
		certs, err := l.read(path, readable)
		if err == nil {
			l.found = append(l.found, certs...)
			l.used = path
			return
		}
		l.fail(err)
	}
}

// lookup reads the files that OpenSSL would look for a wanted subject in:
// 5ed36f99.0, then .1 and so on.
func (l *loader) lookup(dirs []string) {
	for _, subject := range l.want {
		name := hash(subject)
		for _, dir := range dirs {
			for n := 0; name != ""; n++ {
				certs, err := l.read(dir+"/"+name+"."+strconv.Itoa(n), nil)
				if err != nil {
					break
				}
				l.found = append(l.found, certs...)
			}
		}
	}
}

// directories reads every file of every directory.
func (l *loader) directories(dirs []string) {
	for _, dir := range dirs {
		names, err := list(dir)
		if err != nil {
			l.fail(err)
			continue
		}
		l.directory(dir, names)
	}
}

// directory reads the files of a directory, which are in no order, and finds
// what they hold in the order of their names: Verify tries the candidates, and
// so words its complaint, in that order.
func (l *loader) directory(dir string, names []string) {
	type hit struct {
		name  string
		certs []*x509.Certificate
	}
	var hits []hit
	for _, name := range names {
		path := dir + "/" + name
		if path == l.used || hashed(name) && aside(path) {
			continue
		}
		certs, err := l.read(path, nil)
		if err == nil && len(certs) > 0 && !aside(path) {
			hits = append(hits, hit{name, certs})
		}
	}
	sort.Slice(hits, func(i, j int) bool { return hits[i].name < hits[j].name })
	for _, h := range hits {
		l.found = append(l.found, h.certs...)
	}
}

// hashed reports whether a name looks like the links that openssl rehash
// makes, such as 5ed36f99.0. It decides nothing: it only saves asking of every
// entry whether it is a link.
func hashed(name string) bool {
	return len(name) >= 10 && name[8] == '.' && strings.Trim(name[:8], "0123456789abcdef") == ""
}

// aside reports whether the path is a symbolic link to a name without a slash.
// What it points to is then in the directory under that name, too.
func aside(path string) bool {
	var target [256]byte // longer than a name can be: NAME_MAX is 255
	n, err := syscall.Readlink(path, target[:])
	return err == nil && bytes.IndexByte(target[:n], '/') < 0
}

// read reads a file that passes, and never waits for the writer of a named pipe.
// Of one that is none it finds nothing: a pipe is empty, and what has no end is cut
// short. nil: every file passes; to ask of 140 files what they are is not free.
func (l *loader) read(path string, passes func(descriptor) error) ([]*x509.Certificate, error) {
	fd, err := open(path, syscall.O_NONBLOCK)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(int(fd))
	if passes != nil {
		err = passes(fd)
	}
	var certs []*x509.Certificate
	if err == nil {
		certs, err = l.file(&bounded{fd, MaxFile})
	}
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: path, Err: err}
	}
	return certs, nil
}

// readable says why an open file is none of a store.
func readable(fd descriptor) error {
	var info syscall.Stat_t
	if err := syscall.Fstat(int(fd), &info); err != nil {
		return err
	}
	switch kind := info.Mode & syscall.S_IFMT; {
	case kind == syscall.S_IFDIR:
		return syscall.EISDIR
	case kind != syscall.S_IFREG:
		return errNotRegular
	case info.Size > MaxFile:
		return errTooLarge
	}
	return nil
}

var (
	errNotRegular = errors.New("not a regular file")
	errTooLarge   = errors.New("larger than 4 MiB")
)

// bounded reads so many bytes of a file, and finds an error in more.
type bounded struct {
	file descriptor
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.file.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// list is the names in a directory.
func list(dir string) (names []string, err error) {
	fd, err := open(dir, syscall.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(int(fd))
	buf := make([]byte, 8<<10)
	for {
		n, err := retry(func() (int, error) { return syscall.ReadDirent(int(fd), buf) })
		if err != nil {
			return nil, &fs.PathError{Op: "readdirent", Path: dir, Err: err}
		}
		if n <= 0 {
			return names, nil
		}
		_, _, names = syscall.ParseDirent(buf[:n], -1, names)
	}
}

// descriptor is an open file without what package os adds, which for 140 files
// of 1 kB is most of the cost.
type descriptor int

func open(path string, mode int) (descriptor, error) {
	fd, err := retry(func() (int, error) { return syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC|mode, 0) })
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return descriptor(fd), nil
}

// Read is an io.Reader's.
func (d descriptor) Read(p []byte) (int, error) {
	n, err := retry(func() (int, error) { return syscall.Read(int(d), p) })
	if err != nil {
		return 0, err
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

// retry repeats a system call that a signal interrupted: the Go runtime sends
// itself some, and not every file system restarts a call by itself.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != syscall.EINTR {
			return n, err
		}
	}
}
