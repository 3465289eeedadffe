package option

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"check_smtp/internal/plan"
)

// Env is where more options may stand.
type Env struct {
	Getenv   func(string) string
	ReadFile func(name string) ([]byte, error)
	Stdin    io.Reader
	Readable func() string // ends a text on a file that may not be read: who must be able to
}

// Read reads a command line, without the program's name: the options of the ini
// files that it names, and then its own, which have the last word. The error is
// an *Error or *Asked.
//
// There is one grammar, that of getopt_long. pflag by itself knows no
// abbreviations, takes the equals sign off the value of "-P=secret", and cannot
// pass over a word. It reads what the words come to: every option by its full
// name, with its value in the same word.
func Read(tables Tables, argv []string, env Env) (*Set, error) {
	line, ini := reader{tables: tables}, reader{tables: tables}
	if err := line.read(argv); err != nil {
		return nil, err
	}
	if err := line.twice(); err != nil {
		return nil, err
	}
	for _, where := range line.where {
		if err := ini.readINI(where, env); err != nil {
			return nil, err
		}
	}
	set := &Set{Tables: tables, Free: line.free}
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	options := slices.Concat(ini.options, line.options)
	words := make([]string, len(options))
	for i, o := range options {
		bind(flags, set, o.row)
		words[i] = "--" + o.row.Name + o.value
	}
	if err := flags.Parse(words); err != nil {
		return nil, &Error{Problem: Quote(err.Error()), Hint: SeeHelp}
	}
	return set, nil
}

// maxNonsense is how many words that make no sense are passed over. To look for
// what each of them was meant to be takes a while.
const maxNonsense = 100

// Legible is what can be told of a command line that is not to be carried out,
// without ini files; reading goes on behind words that make no sense. The words are
// read as ever, so that no password is taken for anything else.
func Legible(tables Tables, argv []string) *Set {
	r := reader{tables: tables, mute: true}
	for n := 0; n < maxNonsense && r.read(argv) != nil; n++ {
		argv = r.rest
	}
	set := &Set{Tables: tables, Free: r.free}
	for _, o := range r.options {
		value, valued := strings.CutPrefix(o.value, "=")
		if !valued {
			value = o.row.unsaid()
		}
		_ = flag{set, o.row}.Set(value) // or not
	}
	return set
}

// reader takes the words of a command line one by one.
type reader struct {
	tables  Tables
	mute    bool     // nobody reads the errors
	rest    []string // not read yet
	options []typed
	where   []string // the values of the option that names ini files
	free    []Stray  // words that belong to no option
	before  Stray    // the option that was read last, and its value
	bytes   int      // of ini files that were read
}

// typed is an option as it was typed. value is empty or begins with "=".
type typed struct {
	row   *Row
	value string
}

// twice refuses a second value of an option that has one. That of an ini file may
// be replaced.
func (w *reader) twice() error {
	for i, o := range w.options {
		same := func(other typed) bool {
			return o.row.Once && other.row == o.row && other.name() == o.name() && other.value != o.value
		}
		if j := slices.IndexFunc(w.options[:i], same); j >= 0 {
			first, second := strings.TrimPrefix(w.options[j].value, "="), strings.TrimPrefix(o.value, "=")
			hint := "give each a check of its own"
			if o.row.Many {
				hint = "leave one of the two out"
			}
			return Bad(o.row.Spelling(), "it is given twice, with "+Quote(first)+" and "+Quote(second), hint)
		}
	}
	return nil
}

// name is what an option that may be repeated gives a value to; "": it is not
// repeatable.
func (o typed) name() string {
	if name, _, named := strings.Cut(strings.TrimPrefix(o.value, "="), "="); o.row.Many && named {
		return name
	} else if o.row.Many {
		return o.value
	}
	return ""
}

// read reads a whole command line. Options and free words may be mixed.
func (w *reader) read(argv []string) error {
	w.rest = argv
	for len(w.rest) > 0 {
		if err := w.one(); err != nil {
			return err
		}
	}
	return nil
}

// one reads a word, and the next one if that is its value.
func (w *reader) one() error {
	word := w.next()
	switch {
	case word == "--":
		for len(w.rest) > 0 {
			w.free = append(w.free, Stray{Text: w.next()})
		}
	case strings.HasPrefix(word, "--"):
		return w.name(word[2:])
	case OtherDash(word) != "":
		return w.badDash(word)
	case len(word) > 1 && word[0] == '-':
		return w.cluster(modern(word)[1:])
	default:
		w.before.Text = word
		w.free = append(w.free, w.before)
		w.before = Stray{}
	}
	return nil
}

func (w *reader) next() string {
	word := w.rest[0]
	w.rest = w.rest[1:]
	return word
}

// modern replaces a word from the first years of the plugins.
func modern(word string) string {
	switch word {
	case "-wt", "-ct", "-to":
		return word[:len("-w")]
	}
	return word
}

// name reads NAME or NAME=VALUE.
func (w *reader) name(text string) error {
	name, value, hasValue := strings.Cut(text, "=")
	if first, _, inOne := strings.Cut(name, " "); inOne {
		if r, err := w.find(first); err == nil {
			return Bad(r.Spelling(), "the option and its value are in one word", InOneWord)
		}
	}
	r, err := w.find(name)
	switch {
	case err != nil:
		return err
	case hasValue:
		return w.attached(r, value)
	}
	return w.ends(r)
}

// cluster reads letters: switches, and at the end perhaps an option with its
// value, which is the rest of the word or the next word.
func (w *reader) cluster(letters string) error {
	if err := w.oneDash(letters); err != nil {
		return err
	}
	for i := range len(letters) {
		r, err := w.letter(letters[i:])
		if err != nil {
			return w.unread(letters[i:], err)
		}
		switch rest := letters[i+1:]; {
		case rest == "":
			return w.ends(r)
		case !r.Alone():
			return w.behind(r, rest)
		case rest[0] == '=': // -q=true
			return w.add(r, rest)
		case strings.Trim(rest, " ") == "":
			return w.add(r, "")
		case rest[0] == ' ':
			return Bad(r.Spelling(), "the option and its value are in one word", InOneWord)
		}
		if err := w.add(r, ""); err != nil {
			return err
		}
	}
	return nil
}

// The hint and the problem where several words stand in one.
const (
	InOneWord   = "give each option and each value as a word of its own: a macro such as $ARG1$ that holds several has no quotes around it"
	OtherOption = "another option is in the same word"
)

// behind adds an option with what stands behind its letter. A blank there is left
// by quotes that hold both: check_smtp!-p 587, where the command says '$ARG1$'. A
// password may begin with one.
func (w *reader) behind(r *Row, value string) error {
	switch {
	case value[0] == '=' && !r.Equals:
		name, _, _ := strings.Cut(r.Value, "[")
		return Bad(r.Spelling(), "the value begins with an equals sign", "write "+r.short()+" "+name+" or --"+r.Name+"="+name)
	case value[0] == ' ' && w.hasOption(value): // which must not become part of a text
		return Bad(r.Spelling(), OtherOption, InOneWord)
	case value[0] == ' ' && !r.Secret:
		value = strings.TrimLeft(value, " ")
	}
	return w.attached(r, value)
}

// attached adds an option with a value from the same word, which may begin with a
// blank.
func (w *reader) attached(r *Row, value string) error {
	if strings.Contains(value, " ") && !r.Shape.Free() {
		value = strings.TrimLeft(value, " ")
	}
	return w.whole(r, value)
}

// whole adds an option with a value, unless more options stand in that where no
// blank can be meant.
func (w *reader) whole(r *Row, value string) error {
	mayPart := r.Unless != "" && strings.Contains(value, r.Unless) || !r.OneWord && !r.Shape.exact()
	if !mayPart && w.hasOption(value) {
		return Bad(r.Spelling(), OtherOption, InOneWord)
	}
	return w.add(r, "="+value)
}

// hasOption says whether further options stand in a value, behind a blank.
func (w *reader) hasOption(value string) bool {
	return strings.Contains(value, " -") && slices.ContainsFunc(strings.Fields(value), func(word string) bool { _, _, ok := w.at(word); return ok })
}

// ends adds the option that a word ends with; the next word may be its value.
func (w *reader) ends(r *Row) error {
	switch {
	case !r.Alone() && len(w.rest) == 0:
		return Bad(r.Spelling(), "the value is missing", "give it in the next word, "+SeeHelp)
	case !r.Alone():
		if err := w.forgotten(r, w.rest[0]); err != nil {
			return err
		}
		return w.whole(r, w.next()) // whatever it looks like: -w -5:10
	case len(w.rest) > 0 && w.belongs(r, w.rest[0]):
		return w.add(r, "="+w.next())
	}
	return w.add(r, "")
}

// belongs says whether the next word is the value of an option that may stand alone.
func (w *reader) belongs(r *Row, next string) bool {
	switch r.Next {
	case AnyNext:
		return !strings.HasPrefix(next, "-")
	case YesOrNoNext:
		return YesOrNo(next) != ""
	case DigitNext:
		return next == "0" || next == "1" || next == "2"
	case TopicNext:
		return next == "all" || slices.Contains(w.tables.Topics(), next)
	}
	return false
}

// forgotten says that the value of an option is missing if the next word is
// another option and cannot be the value: "-w -c 5".
func (w *reader) forgotten(r *Row, next string) error {
	if next == "" || next[0] != '-' && next[0] < 0x80 { // as nearly always
		return nil
	}
	_, noRange := plan.ParseRange(next)
	switch {
	case r.Shape == AUser && strings.HasPrefix(next, "-P"): // what follows may be the password
		next = "-P"
	case r.Shape == AnyText, r.Shape == Ranged && next[0] == '-' && noRange == nil:
		return nil
	case r.Shape.exact() && OtherDash(next) != "":
		return w.badDash(next)
	}
	other, whole, ok := w.at(next)
	if !ok || !r.Shape.exact() && !whole {
		return nil
	}
	spelled := "--"
	if other != nil {
		spelled = other.Spelling()
	}
	return Bad(r.Spelling(), "the value is missing before "+spelled, "give it in the next word, "+SeeHelp)
}

// add writes an option down. value is empty or begins with "=".
func (w *reader) add(r *Row, value string) error {
	text := strings.TrimPrefix(value, "=")
	w.before = Stray{After: r, Value: text}
	if err := unfit(r, value); err != nil {
		return err
	}
	value, err := r.turned(value)
	if err != nil {
		return err
	}
	switch {
	case r.Role == Help, r.Role == Version, r.Role == Print:
		return &Asked{r.Role, text}
	case r.Role == INI:
		if value == "" {
			text = r.Unsaid
		}
		w.where = append(w.where, text)
		return nil
	}
	w.options = append(w.options, typed{r, value})
	return nil
}

// unfit refuses a value that no option of this kind can have. value is empty or
// begins with "=".
func unfit(r *Row, value string) error {
	switch {
	case value == "=" && r.Filled:
		return Bad(r.Spelling(), "the value is empty", "give one, or leave the option out")
	case value == "=-" && r.Writes:
		hint := "leave the option out for standard output"
		if r.Name == "transcript-file" {
			hint = "give -vvv to see the dialogue"
		}
		return Bad(r.Spelling(), `"-" is no file`, hint+"; one of that name is ./-")
	}
	return nil
}
