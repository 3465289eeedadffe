// Package secret finds the text of a password where it was left for this
// program: in a file, in an environment variable, among systemd's credentials,
// in the database or on the server of a password manager. It reads files and
// variables only through a System, but talks to a server by itself (TeamPass;
// Vault has a package of its own). No secret that it reads, and none that opens
// one, is ever part of an error or a note.
package secret

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
)

// System is how secrets are reached.
type System struct {
	ReadFile func(name string) ([]byte, error)
	Getenv   func(name string) string
	Mode     func(name string) (fs.FileMode, error) // nil: nobody minds who may read a file
}

// Source reads the secret of this name. The note is something that the reader
// of the result should know, or "". The text is not empty unless there is an
// error, which names neither the option nor the text.
type Source func(s System, name string) (text, note string, err error)

// File reads a file. The line end that an editor leaves behind, one LF or CR
// LF, is not part of the secret.
func File(s System, name string) (text, note string, err error) {
	data, err := s.ReadFile(name)
	if err != nil {
		return "", "", errors.New(strconv.Quote(name) + ": " + reason(name, err))
	}
	text, found := strings.CutSuffix(string(data), "\n")
	if found {
		text = strings.TrimSuffix(text, "\r")
	}
	if text == "" {
		return "", "", errors.New(strconv.Quote(name) + " is empty")
	}
	return text, exposed(s, name), nil
}

// reason is an error without the name of the file, which may hold anything.
func reason(name string, err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return strings.TrimPrefix(err.Error(), name+" ")
}

// exposed is the note on a file that everybody on this machine can read.
func exposed(s System, name string) string {
	if s.Mode == nil {
		return ""
	}
	if mode, err := s.Mode(name); err != nil || mode.Perm()&0o004 == 0 {
		return ""
	}
	return "the password file " + strconv.Quote(name) + " is world-readable"
}

// Variable reads an environment variable. A name that is none is not repeated:
// it may be the password itself, given in the wrong place.
func Variable(s System, name string) (text, note string, err error) {
	if !isVariable(name) {
		return "", "", errors.New("that is not the name of an environment variable")
	}
	if text = s.Getenv(name); text == "" {
		return "", "", errors.New("the environment variable " + name + " is not set or empty")
	}
	return text, "", nil
}

// isVariable says whether a name is one that a shell can give to a variable
// (POSIX.1-2017 XBD section 3.235).
func isVariable(name string) bool {
	strange := func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	return name != "" && (name[0] < '0' || name[0] > '9') && !strings.ContainsFunc(name, strange)
}

// Credential reads a credential that systemd passed to the service
// (systemd.exec(5), LoadCredential=).
func Credential(s System, name string) (text, note string, err error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return "", "", errors.New("that is not the name of a credential, which holds no slash")
	}
	dir := s.Getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return "", "", errors.New("$CREDENTIALS_DIRECTORY is not set: systemd passed no credentials")
	}
	return File(s, dir+"/"+name)
}
