package credential

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func system(files map[string]string, variables map[string]string) Env {
	return Env{
		ReadFile: func(name string) ([]byte, error) {
			if text, ok := files[name]; ok {
				return []byte(text), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Getenv: func(name string) string { return variables[name] },
	}
}

func TestSources(t *testing.T) {
	s := system(
		map[string]string{"/lf": "geheim\n", "/crlf": "geheim\r\n", "/bare": "geheim", "/cr": "geheim\r", "/two": "geheim\n\n", "/blank": " geheim ", "/none": "\n", "/d/c": "geheim\n"},
		map[string]string{"A": "geheim", "a_1": "geheim\n", "CREDENTIALS_DIRECTORY": "/d"},
	)
	for _, test := range []struct {
		name string
		from source
		want string // "": an error
	}{
		{"/lf", file, "geheim"},
		{"/crlf", file, "geheim"},
		{"/bare", file, "geheim"},
		{"/cr", file, "geheim\r"},
		{"/two", file, "geheim\n"},
		{"/blank", file, " geheim "},
		{"/none", file, ""},
		{"/nowhere", file, ""},
		{"", file, ""},
		{"A", variable, "geheim"},
		{"a_1", variable, "geheim\n"},
		{"B", variable, ""},
		{"", variable, ""},
		{"1A", variable, ""},
		{"A=", variable, ""},
		{"Ä", variable, ""},
		{"c", systemd, "geheim"},
		{"d", systemd, ""},
		{"", systemd, ""},
		{".", systemd, ""},
		{"..", systemd, ""},
		{"../d/c", systemd, ""},
		{"c\x00", systemd, ""},
	} {
		found, note, err := test.from(s, test.name)
		text := found.Reveal()
		if text != test.want || note != "" || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %q, %v", test.name, text, note, err)
		}
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", test.name, err)
		}
	}
}

func TestNoCredentials(t *testing.T) {
	_, _, err := systemd(system(nil, nil), "c")
	if err == nil || !strings.Contains(err.Error(), "$CREDENTIALS_DIRECTORY is not set") {
		t.Error(err)
	}
}

func TestReasons(t *testing.T) {
	s := system(nil, nil)
	for _, test := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "open", Path: "/a", Err: fs.ErrPermission}, `"/a": permission denied`},
		{errors.New("/a is not a regular file"), `"/a": is not a regular file`},
	} {
		s.ReadFile = func(string) ([]byte, error) { return nil, test.err }
		if _, _, err := file(s, "/a"); err == nil || err.Error() != test.want {
			t.Errorf("got %v, want %s", err, test.want)
		}
	}
}

// TestUnnamed: a name that may be the secret itself, given in the wrong place, is
// not repeated.
func TestUnnamed(t *testing.T) {
	s := system(nil, map[string]string{"CREDENTIALS_DIRECTORY": "/d"})
	for _, test := range []struct {
		name  string
		from  source
		shown bool
	}{
		{"/a/pass", file, true}, {"./pass", file, true}, {"../pass", file, true}, {"hunter2", file, false}, {"pass/word", file, false}, {"Ab/+=", file, false},
		{"SMTP_PASS", variable, true}, {"PASSWORD", variable, true}, {"SMTP_PASS2", variable, true}, {"HUNTER2", variable, false}, {"hunter_two", variable, false}, {"pa ss", variable, false},
		{"hunter2", systemd, false}, {"hunter2/", systemd, false},
	} {
		_, _, err := test.from(s, test.name)
		if err == nil || strings.Contains(err.Error(), test.name) != test.shown {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	s.Who = func() string { return "somebody" }
	s.ReadFile = func(name string) ([]byte, error) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	for name, want := range map[string]string{"pass": `"pass": permission denied, somebody must be able to read it`, "/pass": `"/pass": permission denied, somebody must be able to read it`} {
		if _, _, err := file(s, name); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, _, err := systemd(s, "pass"); err == nil || err.Error() != `"/d/pass": permission denied, somebody must be able to read it` {
		t.Error(err)
	}
}

func TestNote(t *testing.T) {
	s := system(map[string]string{"/a": "geheim"}, nil)
	for mode, want := range map[fs.FileMode]string{
		0o600: "", 0o640: "", 0o660: "", 0o644: `the password file "/a" is world-readable`, 0o004: `the password file "/a" is world-readable`,
	} {
		s.Mode = func(string) (fs.FileMode, error) { return mode, nil }
		if text, note, err := file(s, "/a"); text.Reveal() != "geheim" || note != want || err != nil {
			t.Errorf("%o: %q, %q, %v", mode, text.Reveal(), note, err)
		}
	}
	s.Mode = func(string) (fs.FileMode, error) { return 0, fs.ErrNotExist }
	if _, note, err := file(s, "/a"); note != "" || err != nil {
		t.Errorf("%q, %v", note, err)
	}
}
