package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"check_smtp/internal/args"
	"check_smtp/internal/centreon"
	"check_smtp/internal/credential"
	"check_smtp/internal/option"
	"check_smtp/internal/print"
	"check_smtp/internal/smtptest"
)

// TestShownCommands: the program accepts every command line that README.md and
// the pages show.
func TestShownCommands(t *testing.T) {
	var count int
	for _, d := range documents(t) {
		for _, line := range commands(d) {
			count++
			argv, err := smtptest.Words(line)
			if err != nil {
				t.Errorf("%s: %q: %v", d.path, line, err)
			} else if problem := refusal(t, argv); problem != "" && !shownRefused(d, line) {
				t.Errorf("%s: check_smtp %s\n%s", d.path, line, problem)
			}
		}
	}
	if count < 70 {
		t.Errorf("only %d commands were found", count)
	}
}

// called finds what check_smtp is called with: in a shell, in a poller's
// configuration.
var called = regexp.MustCompile(`(?:^\s*(?:\$ |[A-Z_]+=\S+ )*|[="(]|command_line +)(?:/[\w/]+/)?check_smtp (.*)`)

// commands are the arguments of every check_smtp that a document shows.
func commands(d document) []string {
	var found []string
	for _, b := range d.blocks {
		for line := range strings.Lines(strings.ReplaceAll(b.text, "\\\n", "")) {
			line = strings.TrimSpace(macros.Replace(line))
			if m := called.FindStringSubmatch(line); m != nil && !strings.HasPrefix(line, "#") {
				found = append(found, upToEnd(m[1]))
			} else if _, words, ok := strings.Cut(line, " smtp_plus!"); ok {
				found = append(found, "-H mx1.example.org "+words)
			} else if strings.HasPrefix(line, "-H ") {
				found = append(found, line)
			}
		}
	}
	for _, span := range d.spans() {
		if m := called.FindStringSubmatch(span); m != nil && !strings.Contains(span, "...") {
			found = append(found, upToEnd(m[1]))
		}
	}
	return found
}

// macros are what pollers and shells replace.
var macros = strings.NewReplacer("$HOSTADDRESS$", "mx1.example.org", "$ARG1$", "", "%host", "mx1.example.org", `"$host"`, "mx1.example.org",
	"$_SERVICEPORT$", "25", "$_SERVICEUSERNAME$", "", "$_SERVICEPASSWORD$", "", "$_SERVICESMTPFROM$", "a@example.org", "$_SERVICESMTPTO$", "b@example.org",
	"$_SERVICETIMEOUT$", "", "$_SERVICEWARNING$", "", "$_SERVICECRITICAL$", "5", "$_SERVICEEXTRAOPTIONS$", "")

// upToEnd cuts a command where the shell sees its end.
func upToEnd(line string) string {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '\'', '"':
			length := strings.IndexByte(line[i+1:], c)
			if length < 0 {
				return line[:i]
			}
			i += length + 1
		case '|', ';', '&', ')', '>', '<':
			return line[:i]
		}
	}
	return line
}

// refusal is why the program does not accept a command line; "" if it does. A
// password manager that is not there is none.
func refusal(t *testing.T, argv []string) string {
	_, err := unasked(argv, documented(t))
	if call, ok := errors.AsType[*centreon.Answer](err); ok {
		err = call.Err
	}
	usage, ok := errors.AsType[*option.Error](err)
	if !ok || strings.HasPrefix(usage.Problem, "password manager ") {
		return ""
	}
	return usage.Problem + "\n" + usage.Hint
}

// shownRefused tells whether a document shows that the program refuses this.
func shownRefused(d document, line string) bool {
	return slices.ContainsFunc(d.blocks, func(b block) bool {
		first, rest, _ := strings.Cut(b.text, "\n")
		return first == "$ check_smtp "+line && strings.HasPrefix(rest, "SMTP UNKNOWN - ")
	})
}

// documented are the surroundings that the pages speak of: their files are
// there, and so are their variables.
func documented(t *testing.T) surroundings {
	pki := smtptest.NewPKI(time.Now())
	files := func(name string) ([]byte, error) { return shownFile(t, pki, name) }
	return surroundings{Env: args.Env{
		Now: time.Now, Unique: unique,
		Getenv: func(name string) string {
			switch {
			case name == "CREDENTIALS_DIRECTORY":
				return "/run/credentials"
			case strings.HasPrefix(name, "SMTP_"):
				return "monitor"
			}
			return ""
		},
		Hostname: func() (string, error) { return "probe.test", nil },
		ReadFile: files,
		Open: func(name string) (io.ReadCloser, int64, error) {
			text, err := files(name)
			return io.NopCloser(bytes.NewReader(text)), int64(len(text)), err
		},
		Stdin: strings.NewReader(""),
	}, command: func(context.Context, []string) credential.Outcome {
		return credential.Outcome{Out: []byte("secret\n"), Whole: true}
	}}
}

// unasked is all that happens to a command line before a session, but that nobody
// waits for a server.
func unasked(argv []string, env surroundings) (*prepared, error) {
	w := watch(argv, io.Discard, io.Discard, func(int) {}, func(*watchdog) {})
	defer w.timer.Stop()
	w.stop(errors.New("stopped"))
	return prepare(w, env)
}

// shownFile is a file that a command of the pages reads.
func shownFile(t *testing.T, pki *smtptest.PKI, name string) ([]byte, error) {
	if name == "/etc/check_smtp/check_smtp.ini" {
		return []byte(iniOf(read(t, "cmd/check_smtp/doc/pollers.md"))), nil
	}
	switch base := filepath.Base(name); base {
	case "check_smtp.ini":
		return []byte(iniOf(read(t, "cmd/check_smtp/doc/options.md"))), nil
	case "login.ini":
		return []byte(iniOf(read(t, "cmd/check_smtp/doc/passwords.md"))), nil
	case "our-ca.pem", "ca.pem":
		text, _ := pki.File("ca.pem")
		return text, nil
	case "secrets.json":
		return []byte(`{"entries": [{"title": "mx1.example.org", "user": "monitor", "password": "secret"}]}`), nil
	case "text", "gtube.eml", "sample.pdf", "mta-sts.txt":
		return []byte("Subject: sample\n\nsample\n"), nil
	case "smtp.pass", "old.pass", "keepass.pass", "vault.token", "secret_id", "teampass.key", "monitor.kdbx", "smtp":
		return []byte("secret\n"), nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENOENT}
}

func iniOf(d document) string { return strings.Join(d.lines("ini"), "\n") + "\n" }

// TestShownOutput: where a page shows what the program says to a command, the
// program says so to the server of the story in testdata/doc that has the same
// command. "..." stands for whatever is left out of a line.
func TestShownOutput(t *testing.T) {
	told, unshown := map[string]*smtptest.Story{}, map[*smtptest.Story]bool{}
	for _, story := range stories(t) {
		if strings.HasPrefix(title(story), "doc/") {
			told[strings.Join(story.Args, "\x00")], unshown[story] = story, true
		}
	}
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if command, output, ok := shown(t, b); ok {
				story := told[command]
				if story == nil {
					t.Errorf("%s: no story of testdata/doc has the command of\n%s", d.path, b.text)
					continue
				}
				delete(unshown, story)
				t.Run(title(story), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { compare(t, d, story, output) })
				})
			}
		}
	}
	for story := range unshown {
		t.Errorf("no page shows %s", title(story))
	}
}

// shown takes apart a block that begins with a command.
func shown(t *testing.T, b block) (command, output string, ok bool) {
	first, output, _ := strings.Cut(strings.ReplaceAll(b.text, "\\\n    ", ""), "\n")
	line, ok := strings.CutPrefix(first, "$ ")
	if !ok {
		return "", "", false
	}
	words, err := smtptest.Words(line)
	if err != nil {
		t.Errorf("%q: %v", line, err)
	}
	return strings.Join(words, "\x00"), output, true
}

func compare(t *testing.T, d document, story *smtptest.Story, output string) {
	world := &world{t: t, story: story}
	if story.NeedsPKI() {
		world.pki = smtptest.NewPKI(time.Now())
	}
	_, got := world.run(story.Args[1:]...)
	pattern := strings.ReplaceAll(regexp.QuoteMeta(output), `\.\.\.`, `[^\n]*`)
	if !regexp.MustCompile(`^` + pattern + `$`).MatchString(got) {
		t.Errorf("%s does not show what the program says to\n%s\n(-shown +said):\n%s", d.path, strings.Join(story.Args, " "), cmp.Diff(output, got))
	}
}

// TestShownFilesAreUsed minds that nothing above is kept for a page that is
// gone.
func TestShownFilesAreUsed(t *testing.T) {
	source, err := os.ReadFile("docs_commands_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all string
	for _, d := range documents(t) {
		all += strings.Join(commands(d), "\n")
	}
	_, cases, _ := strings.Cut(string(source), "switch base := ")
	cases, _, _ = strings.Cut(cases, "\n}\n")
	for _, m := range regexp.MustCompile(`case (.*):`).FindAllStringSubmatch(cases, -1) {
		for name := range strings.SplitSeq(m[1], ", ") {
			if !strings.Contains(all, strings.Trim(name, `"`)) {
				t.Errorf("no command reads %s", name)
			}
		}
	}
}

// TestTextfiles: the alert on textfiles that are old looks at each one that a page has
// written.
func TestTextfiles(t *testing.T) {
	rules, err := print.Text("prometheus-rules", print.Input{Tables: args.Tables})
	watched := regexp.MustCompile(`node_textfile_mtime_seconds\{file=~"([^"]+)"\}`).FindStringSubmatch(rules)
	if err != nil || watched == nil {
		t.Fatalf("no alert on textfiles (%v)", err)
	}
	seen := 0
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			for _, file := range regexp.MustCompile(`/\S+\.prom\b`).FindAllString(b.text, -1) {
				if seen++; !regexp.MustCompile("^(?:" + watched[1] + ")$").MatchString(file) {
					t.Errorf("%s: SMTPStale does not look at %s", d.path, file)
				}
			}
		}
	}
	if seen < 2 {
		t.Errorf("the pages have %d textfiles", seen)
	}
}

// TestMakeTargets: what follows "make" in a document is a target of the
// Makefile, or a variable that it reads.
func TestMakeTargets(t *testing.T) {
	makefile, err := os.ReadFile(root + "Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(t) {
		for _, command := range slices.Concat(d.spans(), d.lines("sh")) {
			words, found := strings.CutPrefix(strings.TrimPrefix(command, "sudo "), "make ")
			words, _, _ = strings.Cut(words, "='") // what the program is given
			if !found {
				continue
			}
			for _, word := range regexp.MustCompile(`(^| )([a-z0-9]+|[A-Z]+)\b`).FindAllStringSubmatch(words, -1) {
				target, variable := "\n"+word[2]+":", regexp.MustCompile(`\$\(`+word[2]+`\)|ifdef `+word[2])
				if !strings.Contains(string(makefile), target) && !variable.Match(makefile) {
					t.Errorf("%s: %q: the Makefile has no %s", d.path, command, word[2])
				}
			}
		}
	}
}

// lines are those of all blocks in a language.
func (d document) lines(language string) []string {
	var lines []string
	for _, b := range d.blocks {
		if b.language == language {
			lines = append(lines, strings.Split(strings.TrimSuffix(b.text, "\n"), "\n")...)
		}
	}
	return lines
}

// TestPlatforms: the page on building names what "make elsewhere" builds for.
func TestPlatforms(t *testing.T) {
	makefile, err := os.ReadFile(root + "Makefile")
	if err != nil {
		t.Fatal(err)
	}
	told := read(t, "cmd/check_smtp/doc/building.md").section(t, "Platforms")
	list := regexp.MustCompile(`for at in ([^;]+);`).FindSubmatch(makefile)
	for platform := range strings.FieldsSeq(string(list[1])) {
		if !strings.Contains(told, platform) {
			t.Errorf("building.md does not name %s", platform)
		}
	}
}
