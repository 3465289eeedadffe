package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"check_smtp/internal/args"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// imports is the map of the house: what of ours each room may import. A room
// that is not on it has not been thought about.
var imports = map[string][]string{
	"cmd/check_smtp":                {"args", "batch", "credential", "option", "dial", "facts", "targets", "verdict", "centreon", "render", "early", "plan", "print"},
	"internal/args":                 {"option", "plan", "facts", "sasl", "smtp", "message", "roots"},
	"internal/credential":           {"option", "plan", "message", "roots", "web", "credential/jsonpath", "credential/kdbx", "credential/vault"},
	"internal/credential/argon2":    {},
	"internal/credential/jsonpath":  {},
	"internal/credential/kdbx":      {"credential/argon2"},
	"internal/credential/vault":     {"plan", "credential/jsonpath", "web"},
	"internal/credential/vaulttest": {},
	"internal/option":               {"plan"},
	"internal/print":                {"option", "plan", "facts"},
	"internal/web":                  {"facts", "proof", "roots"},
	"internal/mtasts":               {"facts", "roots", "web"},
	"internal/roots":                {},
	"internal/proof":                {"facts", "roots"},
	"internal/plan":                 {},
	"internal/message":              {},
	"internal/early":                {},
	"internal/smtp":                 {},
	"internal/facts":                {"plan", "smtp"},
	"internal/sasl":                 {"plan", "facts"},
	"internal/session":              {"plan", "facts", "smtp", "sasl", "roots", "proof"},
	"internal/dial":                 {"facts", "session"},
	"internal/targets":              {"plan", "facts", "session", "resolve", "dane", "mtasts", "roots"},
	"internal/batch":                {"option", "session", "targets"},
	"internal/dane":                 {"plan", "facts", "roots"},
	"internal/resolve":              {"plan", "facts"},
	"internal/verdict":              {"plan", "facts", "roots"},
	"internal/centreon":             {"option", "plan", "verdict", "render"},
	"internal/render":               {"plan", "facts", "verdict"},
	"internal/smtptest":             {},
	"internal/demo":                 {"smtptest"},
	"internal/pack":                 {},
	"internal/e2e":                  {},
	"internal/e2e/bench":            {"e2e"},
	"internal/e2e/launch":           {},
	"internal/e2e/soak":             {"e2e", "smtptest"},
}

// libraries says which room may import which module that is not ours.
var libraries = map[string][]string{
	"internal/option":          {"github.com/spf13/pflag"},
	"internal/credential/kdbx": {"golang.org/x/crypto/chacha20", "golang.org/x/crypto/salsa20"},
	"internal/sasl":            {"github.com/emersion/go-sasl"},
	"internal/session":         {"github.com/pires/go-proxyproto"},
	"internal/dial":            {"golang.org/x/sys/unix"},
	"internal/e2e/soak":        {"golang.org/x/sys/unix"},
	"internal/smtptest":        {"golang.org/x/net/dns/dnsmessage"},
	"internal/resolve":         {"golang.org/x/net/dns/dnsmessage"},
	"internal/message":         {"golang.org/x/net/idna"},
	"internal/e2e/bench":       {"golang.org/x/net/dns/dnsmessage", "golang.org/x/sys/unix"},
	"internal/demo":            {"github.com/emersion/go-smtp", "github.com/emersion/go-sasl"},
}

// silent are packages of the standard library that must not be in the program:
// they print or exit by themselves.
var silent = []string{"log", "log/slog", "testing"}

// beside are rooms of which nothing is in the program.
var beside = []string{"internal/demo", "internal/pack", "internal/credential/vaulttest"}

func TestImportMap(t *testing.T) {
	for file, paths := range sources(t) {
		room := filepath.Dir(file)
		ours, known := imports[room]
		if !known {
			t.Errorf("%s: the room %s is not on the import map", file, room)
		}
		for _, path := range paths {
			if name, isOurs := strings.CutPrefix(path, "check_smtp/internal/"); isOurs {
				if !slices.Contains(ours, name) {
					t.Errorf("%s imports %s, which the map does not allow", file, path)
				}
			} else if strings.Contains(path, ".") && !slices.Contains(libraries[room], path) {
				t.Errorf("%s imports %s, which is not its business", file, path)
			} else if slices.Contains(silent, path) && !strings.HasPrefix(room, "internal/e2e") && !slices.Contains(beside, room) {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}

// sources are the program's files, tests left out, with what they import.
func sources(t *testing.T) map[string][]string {
	files := map[string][]string{}
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			files[path] = append(files[path], strings.Trim(spec.Path.Value, `"`))
		}
		return nil
	})
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// TestExits minds that only main ends the program.
func TestExits(t *testing.T) {
	exit := regexp.MustCompile(`\bos\.Exit\(`)
	for file := range sources(t) {
		if file == "cmd/check_smtp/main.go" || strings.HasPrefix(file, "internal/demo/") || strings.HasPrefix(file, "internal/pack/") || strings.HasPrefix(file, "internal/e2e/") {
			continue
		}
		if text, err := os.ReadFile("../../" + file); err != nil || exit.Match(text) {
			t.Errorf("%s calls os.Exit (%v)", file, err)
		}
	}
}

// TestDear minds that nothing is called which makes the program larger than what does
// the same: errors.As by 20 kB beside errors.AsType, an instance of a sort by 8 kB and
// more beside sort.Slice.
func TestDear(t *testing.T) {
	dear := regexp.MustCompile(`\b(errors\.As|slices\.Sort(ed|Stable)?Func)\(`)
	for file := range sources(t) {
		if slices.Contains(beside, filepath.Dir(file)) || strings.HasPrefix(file, "internal/e2e/") || strings.HasPrefix(file, "internal/smtptest/") {
			continue
		}
		if text, err := os.ReadFile("../../" + file); err != nil || dear.Match(text) {
			t.Errorf("%s calls %s (%v)", file, dear.Find(text), err)
		}
	}
}

// TestRevealed minds that a secret is looked at only where it is read or sent.
func TestRevealed(t *testing.T) {
	rooms := []string{"internal/args", "internal/credential", "internal/credential/vault", "internal/session"}
	for file := range sources(t) {
		text, err := os.ReadFile("../../" + file)
		if err != nil || strings.Contains(string(text), ".Reveal()") && !slices.Contains(rooms, filepath.Dir(file)) {
			t.Errorf("%s reveals a secret (%v)", file, err)
		}
	}
}

// TestModules minds what the binary is made of.
func TestModules(t *testing.T) {
	allowed := []string{"github.com/spf13/pflag", "github.com/emersion/go-sasl", "github.com/pires/go-proxyproto", "golang.org/x/crypto", "golang.org/x/net", "golang.org/x/sys", "golang.org/x/text"}
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for module := range strings.FieldsSeq(string(out)) {
		if module != "check_smtp" && !slices.Contains(allowed, module) {
			t.Errorf("the binary links %s, which is not on the list", module)
		}
	}
}

func TestTopLevel(t *testing.T) {
	allowed := []string{"cmd", "internal", "testdata", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE", ".ci", ".gitignore", ".git", "check_smtp", "dist"}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s is no part of the house", e.Name())
		}
	}
}

// TestDocumented minds that every word a user can type is in the help and in
// the pages.
func TestDocumented(t *testing.T) {
	var pages string
	for _, d := range documents(t) {
		pages += d.prose
	}
	var words []string
	for _, name := range args.Tables.Names() {
		words = append(words, "--"+name)
	}
	for _, c := range plan.Conditions() {
		words = append(words, string(c))
	}
	for _, p := range plan.Phases {
		words = append(words, string(p))
	}
	for _, f := range formats() {
		words = append(words, string(f))
	}
	_, help := args.Read([]string{"--help=all"}, args.Env{})
	for name, text := range map[string]string{"the help": help.(*option.Text).Body, "the pages": pages} {
		for _, word := range words {
			if !regexp.MustCompile(regexp.QuoteMeta(word) + `\b`).MatchString(text) {
				t.Errorf("%s: %s is not mentioned", name, word)
			}
		}
	}
}

// TestConditionsInHelp minds that the help tells of each condition what its row
// says.
func TestConditionsInHelp(t *testing.T) {
	_, help := args.Read([]string{"--help=all"}, args.Env{})
	text := strings.Join(strings.Fields(help.(*option.Text).Body), " ")
	for _, c := range plan.Conditions() {
		if want := string(c) + "=" + strings.ToLower(c.Default().String()) + " " + c.Text(); !strings.Contains(text, want) {
			t.Errorf("the help does not say %q", want)
		}
	}
}

func TestEveryFormatHasARenderer(t *testing.T) {
	for _, f := range formats() {
		if (output{Output: plan.Output{Format: f}}).renderer() == nil {
			t.Errorf("the format %s has no renderer", f)
		}
	}
	if (output{Output: plan.Output{Format: "nonsense"}}).renderer() != nil {
		t.Error("a word that is no format has a renderer")
	}
}

// TestHousePage: the page on the house names every room, and every file and
// directory that it names is there.
func TestHousePage(t *testing.T) {
	page, err := os.ReadFile("../../internal/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for room := range imports {
		if below, ok := strings.CutPrefix(room, "internal/credential/"); ok && below != "vaulttest" {
			room = below
		}
		if room = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(room, "/bench"), "/launch"), "/soak"); !strings.Contains(string(page), "`"+room+"`") {
			t.Errorf("the page does not name %s", room)
		}
	}
	for _, m := range regexp.MustCompile("`([a-z_0-9/]+(?:\\.go|\\.s|\\.md|\\.json))`").FindAllStringSubmatch(string(page), -1) {
		found := false
		for _, at := range []string{"../../", "../../internal/", "", "../../cmd/check_smtp/"} {
			_, err := os.Stat(at + m[1])
			found = found || err == nil
		}
		if !found {
			t.Errorf("there is no %s", m[1])
		}
	}
}
