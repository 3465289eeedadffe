// Package smtptest plays the server's side of scripted conversations. Tests
// and the demo import it, the program never does.
package smtptest

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Story is one file of testdata: a command line, the server's side of the
// conversation, and what the program has to print.
//
//	# Why this story is told, on as many lines as it takes.
//	$ check_smtp -H mx.test
//	exit 0
//	-- server --
//	S: 220 mx.test ESMTP
//	C: EHLO probe.test
//	...
//	-- stdout --
//	SMTP OK - ...
//
// A first line of stdout that ends in "|..." stands for any performance data in
// order. Between the command and the first section there may be lines "env K=V",
// "host NAME = ADDRESS...", "connect ADDRESS = refused|unreachable|silent" or a
// duration, "hang FILE [DURATION]" and "signal DURATION", and "dns NAME TYPE DATA" for what the DNS knows, see Zone; in
// those and in the command {NAME} behind the three numbers of a TLSA record is what it has to hold for that certificate of the PKI.
// A section "-- file NAME --" is a file that the program can read, "-- command WORDS --" what comes of a command that it
// runs: its output behind "O: ", what it says on standard error behind "E: ", "+40ms" that it takes, "EXIT 1" or "HANG";
// "-- stderr --" is what our program says there, else nothing.
// Each further "-- server --" serves one more connection, "-- server ADDRESS --" one to this address.
type Story struct {
	Name    string
	Why     string
	Args    []string
	Exit    int
	Env     map[string]string
	Hosts   map[string][]string // what names resolve to; a word that is no address is the error: no_such_host, refused, silent...
	Connect map[string]string   // what happens at addresses where not all is well
	Signal  time.Duration       // when the program is told to stop; 0: never
	Files   map[string]string
	Runs    map[string]Command       // by the words of the command, with a blank between them
	Hangs   map[string]time.Duration // how long it takes to read a file, "-" is standard input, and to write to "stdout"; below 0: for ever
	Servers []Script
	At      map[string][]Script // those of one address, or of an address and port
	DNS     string              // what it knows, see ReadZone
	Stdout  string
	Stderr  string

	text   string // the file
	stdout int    // where in text the expected output begins
}

// Command is what comes of a command that the program runs.
type Command struct {
	Out, Err string
	Exit     int
	Takes    time.Duration // below 0: for ever
}

// Load reads a story from a file.
func Load(path string) (*Story, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, string(text))
}

// Parse reads a story.
func Parse(path, text string) (*Story, error) {
	s := &Story{
		Name: path, text: text,
		Env: map[string]string{}, Hosts: map[string][]string{},
		Connect: map[string]string{}, Files: map[string]string{}, Hangs: map[string]time.Duration{}, Runs: map[string]Command{},
		At: map[string][]Script{},
	}
	if err := s.parse(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Update writes the story back with another expected output.
func (s *Story) Update(stdout string) error {
	return os.WriteFile(s.Name, []byte(s.text[:s.stdout]+stdout), 0o644)
}

// perfdata is performance data that says nothing wrong: fields of a check, the
// whole time first, or where there was no session what there is of the run.
var perfdata = regexp.MustCompile(`^(time|targets|discover_time|run_time)=[0-9.]+s?(;[-0-9.:@~]*){0,4}( [a-z0-9_]+=-?[0-9.]+[sB%]?(;[-0-9.:@~]*){0,4})*$`)

const masked = "|...\n"

// Masked is an output in which performance data that the story leaves open is
// "|...", too.
func (s *Story) Masked(stdout string) string {
	first, rest, _ := strings.Cut(stdout, "\n")
	want, _, _ := strings.Cut(s.Stdout, "\n")
	words, numbers, _ := strings.Cut(first, "|")
	if !strings.HasSuffix(want+"\n", masked) || !perfdata.MatchString(numbers) {
		return stdout
	}
	return words + masked + rest
}

// NeedsPKI says whether certificates occur in the story.
func (s *Story) NeedsPKI() bool {
	return strings.Contains(s.text, "\nTLS ") || strings.Contains(s.text, ".pem") || tlsa.MatchString(s.text)
}

func (s *Story) parse() error {
	head, rest, found := strings.Cut(s.text, "\n-- ")
	if !found {
		return fmt.Errorf("no section")
	}
	for line := range strings.Lines(head + "\n") {
		if err := s.header(strings.TrimSuffix(line, "\n")); err != nil {
			return err
		}
	}
	if s.Why == "" || s.Args == nil {
		return fmt.Errorf("a story begins with its reason (#) and its command ($)")
	}
	for found {
		var section string
		section, rest, found = strings.Cut(rest, "\n-- ")
		name, body, ok := strings.Cut(section, " --\n")
		if !ok {
			return fmt.Errorf("section %q has no end of its title", section)
		}
		if found {
			body += "\n"
		}
		if err := s.section(name, body); err != nil {
			return err
		}
	}
	if s.stdout == 0 {
		return fmt.Errorf("no section stdout")
	}
	return nil
}

func (s *Story) header(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	key, value, _ := strings.Cut(rest, "=")
	key, value = strings.TrimSpace(key), strings.TrimSpace(value)
	var err error
	switch word {
	case "#":
		s.Why += rest + "\n"
	case "$":
		s.Args, err = Words(rest)
		if err == nil && (len(s.Args) == 0 || s.Args[0] != "check_smtp") {
			err = fmt.Errorf("the command is not check_smtp: %q", rest)
		}
	case "exit":
		s.Exit, err = strconv.Atoi(rest)
	case "env":
		s.Env[key] = value
	case "host":
		s.Hosts[key] = strings.Fields(value)
	case "connect":
		s.Connect[key] = value
	case "hang":
		name, length, limited := strings.Cut(rest, " ")
		if s.Hangs[name] = -1; limited {
			s.Hangs[name], err = time.ParseDuration(length)
		}
	case "signal":
		s.Signal, err = time.ParseDuration(rest)
	case "dns":
		s.DNS += rest + "\n"
	default:
		err = fmt.Errorf("header line not understood: %q", line)
	}
	return err
}

func (s *Story) section(name, body string) error {
	kind, file, _ := strings.Cut(name, " ")
	switch kind {
	case "server":
		script, err := ParseScript(body)
		if file != "" {
			s.At[file] = append(s.At[file], script)
		} else {
			s.Servers = append(s.Servers, script)
		}
		return err
	case "file":
		s.Files[file] = body
	case "command":
		c, err := parseCommand(body)
		s.Runs[file] = c
		return err
	case "stderr":
		s.Stderr = body
	case "stdout":
		s.Stdout = body
		s.stdout = len(s.text) - len(body)
	default:
		return fmt.Errorf("no such section: %q", name)
	}
	return nil
}

func parseCommand(body string) (c Command, err error) {
	for line := range strings.Lines(body) {
		word, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch {
		case word == "O:":
			c.Out += rest + "\n"
		case word == "E:":
			c.Err += rest + "\n"
		case word == "HANG":
			c.Takes = -1
		case word == "EXIT":
			c.Exit, err = strconv.Atoi(rest)
		case strings.HasPrefix(word, "+"):
			c.Takes, err = time.ParseDuration(word[1:])
		default:
			err = fmt.Errorf("line of a command not understood: %q", line)
		}
		if err != nil {
			return c, err
		}
	}
	return c, nil
}

// Words splits a command line as a shell does: blanks part words, single
// quotes keep everything, double quotes keep blanks, and $'...' knows Go's
// escapes.
func Words(line string) ([]string, error) {
	var words []string
	for {
		line = strings.TrimLeft(line, " ")
		if line == "" {
			return words, nil
		}
		word, rest, err := nextWord(line)
		if err != nil {
			return nil, err
		}
		words, line = append(words, word), rest
	}
}

func nextWord(line string) (word, rest string, err error) {
	for line != "" && line[0] != ' ' {
		var piece string
		switch {
		case strings.HasPrefix(line, "$'"):
			if piece, line, err = quoted(line[1:]); err == nil {
				piece, err = strconv.Unquote(`"` + piece + `"`)
			}
		case line[0] == '\'' || line[0] == '"':
			piece, line, err = quoted(line)
		default:
			piece, line = line[:1], line[1:]
		}
		if err != nil {
			return "", "", err
		}
		word += piece
	}
	return word, line, nil
}

func quoted(line string) (piece, rest string, err error) {
	end := strings.IndexByte(line[1:], line[0])
	if end < 0 {
		return "", "", fmt.Errorf("no end of the quotation %s", line)
	}
	return line[1 : 1+end], line[2+end:], nil
}
