package option

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Entry is one line of an ini file: an option with its value.
type Entry struct {
	Key   string // not empty, no blanks around it
	Value string // no blanks around it; "" for a switch
	Line  int    // from 1
}

// ParseINI reads one section of an ini file as the plugins do: "[section]",
// "key = value", whole lines of comment after ";" or "#", no quotes. A section
// may occur more than once, its lines add up. The lines of other sections
// belong to other programs and are passed over. No entry at all is an error.
// Errors give the number of a line, never its text: it may hold a password.
func ParseINI(text, section string) ([]Entry, error) {
	var entries []Entry
	inside, ours := false, false // of any section; of the one asked for
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		line = strings.TrimSpace(line)
		switch {
		case isComment(line):
		case line[0] == '[':
			name, rest, ok := strings.Cut(line[1:], "]")
			if !ok || !isComment(strings.TrimSpace(rest)) {
				return nil, fmt.Errorf("line %d is not [section]", number)
			}
			inside, ours = true, strings.TrimSpace(name) == section
		case !inside:
			return nil, fmt.Errorf("line %d stands before the first section", number)
		case ours:
			key, value, ok := strings.Cut(line, "=")
			key = strings.TrimSpace(key)
			if !ok || key == "" {
				return nil, fmt.Errorf("line %d is not key = value", number)
			}
			entries = append(entries, Entry{key, strings.TrimSpace(value), number})
		}
	}
	if entries == nil {
		return nil, fmt.Errorf("section %s is missing or empty", Quote(section))
	}
	return entries, nil
}

func isComment(line string) bool {
	return line == "" || line[0] == ';' || line[0] == '#'
}

const (
	defaultSection = "check_smtp"
	maxINI         = 1 << 20 // bytes of all files that are named
)

// readINI adds the options of an ini file. where is the value of --extra-opts:
// [section][@file].
func (w *reader) readINI(where string, env Env) error {
	section, file, hasFile := strings.Cut(where, "@")
	if section == "" {
		section = defaultSection
	}
	var text []byte
	var err error
	switch {
	case !hasFile:
		file, text, err = defaultINI(env)
	case file == "-":
		file = "standard input"
		text, err = io.ReadAll(io.LimitReader(env.Stdin, maxINI+1))
	case file == "":
		err = errNoINI
	default:
		text, err = env.ReadFile(file)
	}
	if err == nil && len(text) > maxINI {
		err = fmt.Errorf("%s is larger than 1 MiB", Quote(file))
	}
	if w.bytes += len(text); err == nil && w.bytes > maxINI {
		err = errors.New("the ini files together are larger than 1 MiB")
	}
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%s: permission denied%s", Quote(file), env.Readable())
	}
	switch {
	case err == errNoINI && strings.ContainsAny(section, "./"):
		return Bad("--extra-opts", Quote(section)+" is not the name of a section", "a file stands behind an @: --extra-opts=@"+section)
	case err != nil:
		return badINI(err)
	}
	return w.addSection(file, string(text), section)
}

// addSection adds the options of one section.
func (w *reader) addSection(file, text, section string) error {
	entries, err := ParseINI(text, section)
	if err != nil {
		return badINI(fmt.Errorf("%s: %w", Quote(file), err))
	}
	for _, e := range entries {
		if err := w.addEntry(e); err != nil {
			if usage, ok := errors.AsType[*Error](err); ok {
				usage.Problem = fmt.Sprintf("%s: line %d: %s", Quote(file), e.Line, usage.Problem)
			}
			return err
		}
	}
	return nil
}

// addEntry adds what one line stands for. An empty value is that of an option
// that needs one, as in --option=.
func (w *reader) addEntry(e Entry) error {
	lookup := w.find
	switch {
	case e.Key[0] == '-':
		return Bad("--extra-opts", Quote(e.Key)+" begins with a dash", "write the name without dashes, such as hostname = mx1")
	case len(e.Key) == 1:
		lookup = w.letter
	}
	f, err := lookup(e.Key)
	switch {
	case err != nil:
		return err
	case f.Role == INI:
		return Bad(f.Spelling(), "an ini file cannot name another one", "take the line out")
	case e.Value == "" && f.Alone():
		return w.add(f, "")
	}
	return w.add(f, "="+e.Value)
}

func badINI(err error) error {
	problem := err.Error()
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		problem = Quote(path.Path) + ": " + path.Err.Error()
	}
	return Bad("--extra-opts", problem, "give [section][@file]; the file has a line [check_smtp], and below it lines like hostname = mx1 or starttls = yes")
}

//lint:ignore ST1005 these are the C plugin's words
var errNoINI = errors.New("Cannot find config file in any standard location")

// defaultINI reads the first ini file there is. $MP_CONFIG_FILE names it
// outright: when that file cannot be read no other one is tried.
func defaultINI(env Env) (file string, text []byte, err error) {
	if file = env.Getenv("MP_CONFIG_FILE"); file != "" {
		text, err = env.ReadFile(file)
		return file, text, err
	}
	for _, file := range standardINI(env.Getenv("NAGIOS_CONFIG_PATH")) {
		text, err := env.ReadFile(file)
		if !errors.Is(err, fs.ErrNotExist) {
			return file, text, err
		}
	}
	return "", nil, errNoINI
}

// standardINI lists where an ini file may lie, in the order of monitoring-plugins;
// what only nagios-plugins knows comes last. path is a list of directories.
func standardINI(path string) []string {
	var files []string
	for dir := range strings.SplitSeq(path, ":") {
		if dir == "" {
			continue
		}
		for _, name := range []string{"monitoring-plugins.ini", "plugins.ini", "nagios-plugins.ini"} {
			files = append(files, dir+"/"+name)
		}
	}
	return append(files,
		"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
		"/usr/local/etc/monitoring-plugins.ini",
		"/etc/monitoring-plugins/monitoring-plugins.ini",
		"/etc/monitoring-plugins.ini",
		"/etc/nagios/plugins.ini",
		"/usr/local/nagios/etc/plugins.ini",
		"/usr/local/etc/nagios/plugins.ini",
		"/etc/opt/nagios/plugins.ini",
		"/etc/nagios-plugins.ini",
		"/usr/local/etc/nagios-plugins.ini",
		"/etc/opt/nagios-plugins.ini",

		"/usr/local/nagios/etc/nagios-plugins.ini",
		"/usr/local/etc/nagios/nagios-plugins.ini",
		"/usr/local/etc/nagios-plugins/nagios-plugins.ini",
		"/usr/local/etc/nagios-plugins/plugins.ini",
		"/etc/nagios/nagios-plugins.ini",
		"/etc/nagios-plugins/nagios-plugins.ini",
		"/etc/nagios-plugins/plugins.ini",
		"/etc/opt/nagios/nagios-plugins.ini",
	)
}
