package credential

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/plan"
)

func TestSplit(t *testing.T) {
	for text, want := range map[string][]string{
		"pass":                       {"pass"},
		" pass  show\tsmtp\n":        {"pass", "show", "smtp"},
		`pass show 'mail/mx 1'`:      {"pass", "show", "mail/mx 1"},
		`pass "show \"a\" \\ \x $b"`: {"pass", `show "a" \ \x $b`},
		`pass a\ b c\'d '\'`:         {"pass", "a b", "c'd", `\`},
		`pass '' "" x''y`:            {"pass", "", "", "xy"},
		`pass 'a'"b"c`:               {"pass", "abc"},
		`pass '|' ">" \&`:            {"pass", "|", ">", "&"},
		`sh -c 'a | b; c > d'`:       {"sh", "-c", "a | b; c > d"},
		`op read op://v/i?a&b|c`:     {"op", "read", "op://v/i?a&b|c"},
		"pass ü":                     {"pass", "ü"},
	} {
		if got, err := split(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"":                       "there is no command",
		" \t":                    "there is no command",
		"''":                     "there is no command",
		"'' a":                   "there is no command",
		"pass 'a b":              "a ' is not closed",
		`pass "a b`:              `a " is not closed`,
		`pass "a b\"`:            `a " is not closed`,
		`pass a\`:                "it ends in a backslash",
		"pass show x | head -n1": "it contains a pipe or another character for a shell, but no shell is used (give sh -c '...')",
		"pass show x 2>&1":       "it contains a pipe or another character for a shell, but no shell is used (give sh -c '...')",
	} {
		if got, err := split(text); err == nil || err.Error() != want {
			t.Errorf("%s: %q, %v", text, got, err)
		}
	}
}

// FuzzSplit: what is quoted is one word, whatever it holds.
func FuzzSplit(f *testing.F) {
	for _, text := range []string{"", "a b", "'", `"`, `\`, "|", "pass show 'x'", "\x00\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words, err := split(text) // which does not end in a panic
		if err == nil && (len(words) == 0 || words[0] == "") {
			t.Errorf("%q: %q", text, words)
		}
		single := "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
		double := `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(text) + `"`
		if words, err := split("x " + single + " " + double); err != nil || !slices.Equal(words, []string{"x", text, text}) {
			t.Errorf("%q: %q, %v", text, words, err)
		}
	})
}

func TestOutcome(t *testing.T) {
	const mark = "hunter2hunter2"
	for _, test := range []struct {
		o    Outcome
		want string // the password, or behind a ! the problem
	}{
		{Outcome{Out: []byte(mark + "\n"), Whole: true}, mark},
		{Outcome{Out: []byte(mark + "\r\n"), Whole: true}, mark},
		{Outcome{Out: []byte(mark), Whole: true}, mark},
		{Outcome{Out: []byte(mark + "\nuser: joe\n"), Whole: true}, mark},
		{Outcome{Out: []byte(mark + "\nuser"), Err: []byte("a warning")}, mark},
		{Outcome{Out: []byte(" a b \n"), Whole: true}, " a b "},
		{Outcome{Out: []byte(mark)}, "!the first line of what it printed has no end, and a process that it left behind may still write"},
		{Outcome{Whole: true}, "!it printed nothing"},
		{Outcome{Whole: true, Err: []byte("no\nsuch  entry\n")}, "!it printed nothing: no such entry"},
		{Outcome{Out: []byte("\n" + mark), Whole: true}, "!the first line of what it printed is empty"},
		{Outcome{Out: []byte("\r\n" + mark), Whole: true, Err: []byte("x " + mark)}, "!the first line of what it printed is empty: x [secret]"},
		{Outcome{Out: []byte(mark + "\n"), Code: 3, Whole: true}, "!it exited with 3"},
		{Outcome{Out: []byte(mark + "\nmore\n"), Code: 1, Err: []byte("bad: more " + mark + " x"), Whole: true}, "!it exited with 1: bad: [secret] [secret] x"},
		{Outcome{Out: []byte("ab\nabc\n"), Code: 1, Err: []byte("abc ab"), Whole: true}, "!it exited with 1: [secret] [secret]"},
		{Outcome{Code: 1, Err: []byte(strings.Repeat("é", 150))}, "!it exited with 1: " + strings.Repeat("é", 100) + "..."},
		{Outcome{Fault: Ended, Why: errors.New("killed"), Err: []byte("x")}, "!it was ended by a signal (killed): x"},
		{Outcome{Fault: Lost, Why: fs.ErrPermission}, "!it cannot be run: permission denied"},
		{Outcome{Fault: Stopped, Out: []byte(mark)}, "!it took all of the time (-t)"},
		{Outcome{Fault: Flood, Out: []byte(mark)}, "!it prints without end"},
	} {
		text, err := test.o.password("it")
		got := text.Reveal()
		if err != nil {
			got = "!" + err.Error()
		}
		if got != test.want {
			t.Errorf("%+v:\n got %s\nwant %s", test.o, got, test.want)
		}
	}
}

// TestComplaintCut: a secret that standard error ends in the middle of is hidden, too.
func TestComplaintCut(t *testing.T) {
	secret := strings.Repeat("hunter2-", 1000)
	o := Outcome{Out: []byte(secret), Code: 1, Err: []byte(strings.Repeat(secret, 5)[:maxOutput])}
	if _, err := o.password("it"); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%.300v", err)
	}
}

// typed is a command line of a test.
type typed map[string]string

func (t typed) Text(name string) string { return t[name] }
func (t typed) All(name string) []string {
	if t[name] == "" {
		return nil
	}
	return strings.Split(t[name], " ")
}
func (t typed) Secret(name string) (s plan.Secret) { return plan.NewSecret(t[name]) }
func (t typed) Secrets(name string) []plan.Secret  { return nil }
func (t typed) Put(name, value string)             { t[name] = value }

func TestFillCommand(t *testing.T) {
	for _, test := range []struct {
		line    string
		outcome Outcome
		problem string
	}{
		{"pass smtp", Outcome{Out: []byte("geheim\n"), Whole: true}, ""},
		{"pass smtp", Outcome{Out: []byte("ge\x00heim\n"), Whole: true}, "--authpass-command: the password contains a line end or a NUL"},
		{"pass smtp", Outcome{Out: []byte("ge\rheim\n"), Whole: true}, "--authpass-command: the password contains a line end or a NUL"},
		{"pass smtp", Outcome{Out: []byte("\ufeffgeheim\n"), Whole: true}, "--authpass-command: the password begins with a byte order mark"},
		{"pass smtp", Outcome{Out: []byte(strings.Repeat("x", 9001) + "\n"), Whole: true}, "--authpass-command: the password is longer than 9000 bytes"},
		{"pass smtp", Outcome{Out: []byte(strings.Repeat("x", maxOutput))}, "--authpass-command: the password is longer than 9000 bytes"},
		{"/usr/bin/pass smtp", Outcome{Code: 2}, `credential: the command "pass" exited with 2`},
		{"./pass smtp", Outcome{}, "--authpass-command: the command begins with a relative path"},
		{"pass 'smtp", Outcome{}, "--authpass-command: a ' is not closed"},
	} {
		set := typed{"authpass-command": test.line}
		var doing string
		filled, notes, took, err := Fill(t.Context(), set, Env{
			Command: func(context.Context, []string) Outcome { return test.outcome },
			Wait:    func(text string) func() { doing = text; return func() { doing += "." } },
		})
		switch {
		case err != nil:
			if err.Error() != test.problem || set["authpass"] != "" {
				t.Errorf("%s: %v, want %s", test.line, err, test.problem)
			}
		case test.problem != "" || set["authpass"] != "geheim" || !slices.Equal(filled, []string{"authpass"}) || notes != nil || took <= 0:
			t.Errorf("%s: %v, %q, %q, %v", test.line, set, filled, notes, took)
		case doing != "running the command of --authpass-command.":
			t.Error(doing)
		}
	}
}

// TestFillStopped: who is told to stop says by whom.
func TestFillStopped(t *testing.T) {
	ctx, stop := context.WithCancelCause(t.Context())
	stop(errors.New("stopped by SIGTERM"))
	_, _, _, err := Fill(ctx, typed{"authpass-command": "pass"}, Env{Command: func(context.Context, []string) Outcome { return Outcome{Fault: Stopped} }})
	if err == nil || err.Error() != `credential: stopped by SIGTERM while the command "pass" was running` {
		t.Error(err)
	}
}

// TestFillManager: asking a database takes time, reading a variable does not.
func TestFillManager(t *testing.T) {
	database, err := os.ReadFile("kdbx/testdata/aes-argon2d.kdbx")
	if err != nil {
		t.Fatal(err)
	}
	env := system(map[string]string{"/db": string(database)}, map[string]string{"USER": "joe", "PASS": "geheim"})
	set := typed{"pass-manager": "keepass", "keepass-file": "/db", "keepass-password": "open sesame", "keepass-map-option": "password=%{pw}", "keepass-search-value": "pw=$..entries[0].password"}
	filled, _, took, err := Fill(t.Context(), set, env)
	if err != nil || took <= 0 || !slices.Equal(filled, []string{"authpass"}) || set["authpass"] == "" {
		t.Errorf("%q, %v, %v", filled, took, err)
	}
	set = typed{"pass-manager": "environment", "environment-map-option": "username=USER password=PASS"}
	filled, _, took, err = Fill(t.Context(), set, env)
	if err != nil || took != 0 || !slices.Equal(filled, []string{"authuser", "authpass"}) || set["authuser"] != "joe" || set["authpass"] != "geheim" {
		t.Errorf("%q, %v, %v", filled, took, err)
	}
	env.Deadline = time.Now().Add(-time.Second)
	set = typed{"pass-manager": "keepass", "keepass-file": "/db", "keepass-password": "open sesame", "keepass-map-option": "password=%{pw}", "keepass-search-value": "pw=$..entries[0].password"}
	if _, _, _, err = Fill(t.Context(), set, env); err == nil || err.Error() != `password manager keepass: "/db": its key derivation takes longer than the timeout` {
		t.Error(err)
	}
}

// TestFillOnce: a password comes from one place, which is found out before anybody
// is asked.
func TestFillOnce(t *testing.T) {
	for _, test := range []struct {
		set  typed
		want string
	}{
		{typed{"authpass": "x", "authpass-command": "pass"}, "--authpass-command: -P/--authpass gives the password, too"},
		{typed{"authpass-file": "x", "authpass-command": "pass"}, "--authpass-command: --authpass-file gives the password, too"},
		{typed{"authpass-env": "X", "authpass-credential": "x"}, "--authpass-credential: --authpass-env gives the password, too"},
		{typed{"authpass-command": "pass", "pass-manager": "environment", "environment-map-option": "username=X password=Y"}, "--authpass-command: --pass-manager=environment gives the password, too"},
	} {
		if _, _, _, err := Fill(t.Context(), test.set, Env{}); err == nil || err.Error() != test.want {
			t.Errorf("%v: %v", test.set, err)
		}
	}
}
