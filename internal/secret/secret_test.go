package secret

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
)

func system(files map[string]string, variables map[string]string) System {
	return System{
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
		from Source
		want string // "": an error
	}{
		{"/lf", File, "geheim"},
		{"/crlf", File, "geheim"},
		{"/bare", File, "geheim"},
		{"/cr", File, "geheim\r"},
		{"/two", File, "geheim\n"},
		{"/blank", File, " geheim "},
		{"/none", File, ""},
		{"/nowhere", File, ""},
		{"", File, ""},
		{"A", Variable, "geheim"},
		{"a_1", Variable, "geheim\n"},
		{"B", Variable, ""},
		{"", Variable, ""},
		{"1A", Variable, ""},
		{"A=", Variable, ""},
		{"Ä", Variable, ""},
		{"c", Credential, "geheim"},
		{"d", Credential, ""},
		{"", Credential, ""},
		{".", Credential, ""},
		{"..", Credential, ""},
		{"../d/c", Credential, ""},
		{"c\x00", Credential, ""},
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
	_, _, err := Credential(system(nil, nil), "c")
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
		if _, _, err := File(s, "/a"); err == nil || err.Error() != test.want {
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
		from  Source
		shown bool
	}{
		{"/a/pass", File, true}, {"./pass", File, true}, {"../pass", File, true}, {"hunter2", File, false}, {"pass/word", File, false}, {"Ab/+=", File, false},
		{"SMTP_PASS", Variable, true}, {"PASSWORD", Variable, true}, {"SMTP_PASS2", Variable, true}, {"HUNTER2", Variable, false}, {"hunter_two", Variable, false}, {"pa ss", Variable, false},
		{"hunter2", Credential, false}, {"hunter2/", Credential, false},
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
		if _, _, err := File(s, name); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, _, err := Credential(s, "pass"); err == nil || err.Error() != `"/d/pass": permission denied, somebody must be able to read it` {
		t.Error(err)
	}
}

func TestNote(t *testing.T) {
	s := system(map[string]string{"/a": "geheim"}, nil)
	for mode, want := range map[fs.FileMode]string{
		0o600: "", 0o640: "", 0o660: "", 0o644: `the password file "/a" is world-readable`, 0o004: `the password file "/a" is world-readable`,
	} {
		s.Mode = func(string) (fs.FileMode, error) { return mode, nil }
		if text, note, err := File(s, "/a"); text.Reveal() != "geheim" || note != want || err != nil {
			t.Errorf("%o: %q, %q, %v", mode, text.Reveal(), note, err)
		}
	}
	s.Mode = func(string) (fs.FileMode, error) { return 0, fs.ErrNotExist }
	if _, note, err := File(s, "/a"); note != "" || err != nil {
		t.Errorf("%q, %v", note, err)
	}
}
