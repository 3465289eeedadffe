package credential

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
)

// source reads the secret of this name. The note is something that the reader
// of the result should know, or "". The text is not empty unless there is an
// error, which names neither the option nor the text.
type source func(s Env, name string) (text plan.Secret, note string, err error)

// file reads a file. The line end that an editor leaves behind, one LF or CR
// LF, is not part of the secret.
func file(s Env, name string) (text plan.Secret, note string, err error) {
	data, err := s.ReadFile(name)
	if err != nil {
		return plan.Secret{}, "", errors.New(s.called(name, err) + ": " + s.reason(name, err))
	}
	line, found := strings.CutSuffix(string(data), "\n")
	if found {
		line = strings.TrimSuffix(line, "\r")
	}
	if line == "" {
		return plan.Secret{}, "", errors.New(strconv.Quote(name) + " is empty")
	}
	return plan.NewSecret(line), s.exposed(name), nil
}

// called is how to call a file that cannot be read. One that does not exist and
// has no path is not named: it may be the secret itself, given in the wrong place.
func (s *Env) called(name string, err error) string {
	isPath := strings.HasPrefix(name, "/") || strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../")
	if !isPath && !errors.Is(err, fs.ErrPermission) {
		return "the file, which is not named as it may be the secret itself"
	}
	return strconv.Quote(name)
}

// reason is an error without the name of the file, which may hold anything.
func (s *Env) reason(name string, err error) string {
	text := strings.TrimPrefix(err.Error(), name+" ")
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		text = path.Err.Error()
	}
	if errors.Is(err, fs.ErrPermission) && s.Who != nil {
		text += ", " + s.Who() + " must be able to read it"
	}
	return text
}

// exposed is the note on a file that everybody on this machine can read.
func (s *Env) exposed(name string) string {
	if s.Mode == nil {
		return ""
	}
	if mode, err := s.Mode(name); err != nil || mode.Perm()&0o004 == 0 {
		return ""
	}
	return "the password file " + strconv.Quote(name) + " is world-readable"
}

// variable reads an environment variable. A name that is none is not repeated:
// it may be the password itself, given in the wrong place.
func variable(s Env, name string) (text plan.Secret, note string, err error) {
	if !isVariable(name) {
		return plan.Secret{}, "", errors.New("that is not the name of an environment variable")
	}
	if text = plan.NewSecret(s.Getenv(name)); !text.Empty() {
		return text, "", nil
	}
	if !isUsual(name) {
		return plan.Secret{}, "", errors.New("the environment variable is not set or empty, its name is not shown as it may be the secret itself")
	}
	return plan.Secret{}, "", errors.New("the environment variable " + name + " is not set or empty")
}

// isUsual says whether a name looks like that of a variable and not like a
// password, which would fit as well: SMTP_PASS2, PASSWORD.
func isUsual(name string) bool {
	strange := func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') }
	return !strings.ContainsFunc(name, strange) && (strings.Contains(name, "_") || !strings.ContainsAny(name, "0123456789"))
}

// isVariable says whether a name is one that a shell can give to a variable
// (POSIX.1-2017 XBD section 3.235).
func isVariable(name string) bool {
	strange := func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}
	return name != "" && (name[0] < '0' || name[0] > '9') && !strings.ContainsFunc(name, strange)
}

// systemd reads a credential that systemd passed to the service
// (systemd.exec(5), LoadCredential=).
func systemd(s Env, name string) (text plan.Secret, note string, err error) {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\x00") {
		return plan.Secret{}, "", errors.New("that is not the name of a credential, which contains no slash")
	}
	dir := s.Getenv("CREDENTIALS_DIRECTORY")
	if dir == "" {
		return plan.Secret{}, "", errors.New("$CREDENTIALS_DIRECTORY is not set: systemd passed no credentials")
	}
	if _, err := s.ReadFile(dir + "/" + name); errors.Is(err, fs.ErrNotExist) { // the name may be the secret itself
		return plan.Secret{}, "", errors.New(strconv.Quote(dir) + " contains no credential of the given name")
	}
	return file(s, dir+"/"+name)
}
