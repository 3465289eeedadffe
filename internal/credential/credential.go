// Package credential finds the password of a login where it was left for this
// program: on the command line, in a file, in an environment variable, among
// systemd's credentials, in what a command prints, in the database or on the
// server of a password manager. It is a stage of its own, between reading a
// command line and planning: what it finds stands among the options then as if it
// had been typed, and nothing behind it knows where a secret came from.
//
// It reads files and variables only through an Env, but talks to a server by
// itself. No secret that it reads, and none that opens one, is ever part of an
// error or a note.
package credential

import (
	"context"
	"io"
	"io/fs"
	"strings"
	"time"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// Options are a command line that has been read. Names are those behind two
// dashes; of an option that was not given everything is empty.
type Options interface {
	Text(name string) string        // the last value
	All(name string) []string       // the values of one that is repeatable
	Secret(name string) plan.Secret // of one whose value is a secret
	Secrets(name string) []plan.Secret
	Put(name, value string) // as if it had been typed, last
}

// Env is how secrets are reached.
type Env struct {
	ReadFile func(name string) ([]byte, error)
	Getenv   func(name string) string
	Open     func(name string) (r io.ReadCloser, size int64, err error) // a regular file; nil: ReadFile will do
	Mode     func(name string) (fs.FileMode, error)                     // nil: nobody minds who may read a file
	Stat     func(name string) (fs.FileInfo, error)                     // nil: nobody minds what a file of certificates is
	Who      func() string                                              // who runs this program and must be able to read a file; nil: not told
	Fits     func(option, value string) bool                            // whether an option can have this value; nil: any
	Command  func(ctx context.Context, argv []string) Outcome           // runs a program; nil: none can be run
	Wait     func(doing string) (done func())                           // is told of a wait; nil: nobody minds
	Deadline time.Time                                                  // of the whole run, this stage included
}

// maxSecret is what fits a line of AUTH in base64 (RFC 4954 section 4).
const maxSecret = 9000 // bytes

// password is the option that everything here ends in.
const password = "authpass"

// Fill finds what the options say is kept elsewhere, and puts it among them. It
// gives the names of the options that it filled in, what the reader of the result
// should know, and how long it took; 0: nobody was asked who can keep one waiting.
//
// A command line that cannot be carried out is a *option.Error. Anything that goes wrong
// with a password manager is another error, of one line.
func Fill(ctx context.Context, set Options, env Env) (filled, notes []string, took time.Duration, err error) {
	f := &filling{ctx: ctx, set: set, env: env}
	if err := f.all(); err != nil {
		return nil, nil, 0, err
	}
	return f.filled, f.notes, f.took, nil
}

// filling is one run of Fill.
type filling struct {
	ctx    context.Context
	set    Options
	env    Env
	filled []string
	notes  []string
	took   time.Duration
}

func (f *filling) all() error {
	m, err := chosen(f.set)
	if err != nil {
		return err
	}
	from, err := only(f.set, m)
	if err != nil {
		return err
	}
	if m != nil {
		if err := f.consult(m); err != nil {
			return err
		}
	}
	return f.read(from)
}

// way is one of the ways to give a password.
type way struct {
	option string // as messages call it
	name   string // of the option
	from   source // nil: the option's value is the password, or a command
}

var ways = [...]way{
	{"-P/--authpass", password, nil},
	{"--authpass-file", "authpass-file", file},
	{"--authpass-env", "authpass-env", variable},
	{"--authpass-credential", "authpass-credential", systemd},
	{"--authpass-command", command, nil},
}

const command = "authpass-command"

func (w way) given(set Options) bool {
	return set.Text(w.name) != "" || w.name == password && !set.Secret(password).Empty()
}

// only is the way that was chosen; nil: none was. That of -P may stand beside a
// manager, which has the last word.
func only(set Options, m *manager) (*way, error) {
	var found *way
	for i := range ways {
		w := &ways[i]
		switch {
		case !w.given(set):
		case found != nil:
			return nil, bad(w.option, found.option+" gives the password, too", "leave out one of the two")
		case m != nil && w.name != password && m.gives(set):
			return nil, bad(w.option, "--pass-manager="+m.name+" gives the password, too", "leave out one of the two")
		default:
			found = w
		}
	}
	return found, nil
}

// read reads the password in the way that was chosen, and minds its form.
func (f *filling) read(w *way) (err error) {
	text := f.set.Secret(password)
	note := ""
	switch {
	case w == nil && text.Empty():
		return nil
	case w == nil: // a manager gave it
		w = &ways[0]
	case w.name == command:
		text, err = f.run(f.set.Text(command))
	case w.from != nil:
		text, note, err = w.from(f.env, f.set.Text(w.name))
	}
	switch {
	case err != nil && w.name == command:
		return err
	case err != nil:
		return bad(w.option, err.Error(), "a login needs its password, this one is not tried without")
	}
	if err := checkForm(w.option, text.Reveal()); err != nil {
		return err
	}
	f.remark(note)
	if w.name != password {
		f.put(password, text.Reveal())
	}
	return nil
}

// checkForm refuses what no login can have meant. No message shows any of it.
func checkForm(option, text string) error {
	switch {
	case strings.ContainsAny(text, "\x00\r\n"):
		return bad(option, "the password contains a line end or a NUL", "give it in one line")
	case strings.HasPrefix(text, "\ufeff"): // which nobody can type or see
		return bad(option, "the password begins with a byte order mark", "save the file without one, as UTF-8 and no more")
	case len(text) > maxSecret:
		return bad(option, "the password is longer than 9000 bytes", "give the password or token alone")
	}
	return nil
}

// remark writes a note down, if there is one.
func (f *filling) remark(note string) {
	if note != "" {
		f.notes = append(f.notes, note)
	}
}

func (f *filling) put(name, value string) {
	f.set.Put(name, value)
	f.filled = append(f.filled, name)
}

// waiting runs what may keep one waiting, no longer than the whole run may take,
// and notes how long it took.
func (f *filling) waiting(doing string, ask func(ctx context.Context) error) error {
	start := time.Now()
	if f.env.Wait != nil {
		defer f.env.Wait(doing)()
	}
	ctx, cancel := f.ctx, func() {}
	if !f.env.Deadline.IsZero() {
		ctx, cancel = context.WithDeadline(f.ctx, f.env.Deadline)
	}
	defer cancel()
	err := ask(ctx)
	f.took += time.Since(start)
	return err
}

// bad is what is wrong with the value of an option.
func bad(what, problem, hint string) error { return option.Bad(what, problem, hint) }

func quote(text string) string { return option.Quote(text) }
