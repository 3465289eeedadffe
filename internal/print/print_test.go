package print

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"check_smtp/internal/args"
	"check_smtp/internal/facts"
	"check_smtp/internal/option"
)

func input() Input {
	return Input{Tables: args.Tables, Version: "1.2.3", Released: "2026-01-02", Examples: args.Examples}
}

// ways are the texts that hold every option, and how each writes a long one.
var ways = []struct {
	name   string
	before string // the name
	text   func(Input) string
}{
	{"man", `\-\-`, man},
	{"completion-bash", "--", bash},
	{"completion-zsh", "--", zsh},
	{"completion-fish", "-l ", fish},
}

// TestEveryOptionIsTold: each text holds each option by each of its names.
func TestEveryOptionIsTold(t *testing.T) {
	for _, w := range ways {
		text := w.text(input())
		args.Tables.All(func(r *option.Row) {
			for _, name := range r.Names() {
				if w.name == "man" {
					name = strings.ReplaceAll(name, "-", `\-`)
				}
				if !regexp.MustCompile(regexp.QuoteMeta(w.before+name) + `\b`).MatchString(text) {
					t.Errorf("%s does not tell of --%s", w.name, name)
				}
			}
		})
	}
}

// TestNewOptionIsTold: one row more, and nothing else, has an option in the help and in
// each text, with its choices.
func TestNewOptionIsTold(t *testing.T) {
	row := option.Row{Name: "weather", Letter: 'W', Also: "sky", Value: "KIND", Choices: "sunny rainy", Help: "how it is; now"}
	in := input()
	in.Tables = append(slices.Clone(in.Tables), option.Table{Topic: "outside", Title: "Outside", Rows: []option.Row{row}})
	texts := map[string]string{"the help": in.Tables[len(in.Tables)-1].Help()}
	for _, w := range ways {
		texts[w.name] = w.text(in)
	}
	for name, wants := range map[string][]string{
		"the help":        {"  -W, --weather=KIND", "how it is; now; also --sky"},
		"man":             {".SS Outside\n.TP\n\\fB\\-W\\fR, \\fB\\-\\-weather\\fR=\\fIKIND\\fR\nhow it is; now; also \\-\\-sky.\n"},
		"completion-bash": {"    -W|--weather|--weather=|--sky|--sky=) words='sunny rainy' ;;\n", " -W --weather --sky'", "edits outside"},
		"completion-zsh":  {"'(-W --weather --sky)'{-W+,--weather=,--sky=}'[how it is]:KIND:(sunny rainy)'"},
		"completion-fish": {"complete -c check_smtp -s W -l weather -l sky -x -a 'sunny rainy' -d 'how it is'\n"},
	} {
		for _, want := range wants {
			if !strings.Contains(texts[name], want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
	}
}

// TestValues: what follows an option is known by its row.
func TestValues(t *testing.T) {
	table := option.Table{Rows: []option.Row{
		{Name: "file", Value: "FILE", Help: "x"},
		{Name: "place", Value: "HOST", Help: "x"},
		{Name: "maybe", Value: "STATE", Unsaid: "ok", Choices: "ok bad", Help: "x"},
		{Name: "text", Letter: 't', Value: "[A]:B", Many: true, Help: "it's [so]: a\\b"},
		{Name: "switch"},
		{Name: "shared", Help: "both"},
	}}
	in := Input{Tables: option.Tables{table}}
	for text, wants := range map[string][]string{
		bash(in): {"--file|--file=) compopt -o default 2>/dev/null; return ;;", "--place|--place=) [[ $cur == /* ]] && compopt",
			" --maybe=) words='ok bad' ;;", "    -t|--text|--text=) return ;;", "*) words='--file --place --maybe -t --text --switch --shared' ;;"},
		zsh(in): {"'(--file)'--file='[x]:FILE:_files'", "'(--maybe)'--maybe=-'[x]::STATE:(ok bad)'",
			`'*'{-t+,--text=}'[it'\''s \[so\]]:\[A\]\:B: '`, "'(--switch)'--switch'[both]'"},
		fish(in): {"-l file -r -F -d 'x'", "-l maybe -a 'ok bad' -d 'x'", `-s t -l text -x -d 'it\'s [so]'`, "-l switch -d 'both'"},
	} {
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	}
}

// TestHarmless: what stands between quotes in a completion is words only, so that no
// shell finds something to evaluate in it.
func TestHarmless(t *testing.T) {
	in := input()
	harmless := regexp.MustCompile(`^[A-Za-z0-9_.:+-]+$`)
	in.Tables.All(func(r *option.Row) {
		for _, word := range append(in.choices(r), r.Names()...) {
			if !harmless.MatchString(word) {
				t.Errorf("--%s: %q", r.Name, word)
			}
		}
		if strings.ContainsAny(r.Value, "'`$\\\n") {
			t.Errorf("--%s: %q", r.Name, r.Value)
		}
	})
}

// TestMan: the source of the page is what formatters want.
func TestMan(t *testing.T) {
	text := man(input())
	if !strings.HasPrefix(text, `.TH CHECK_SMTP 1 2026-01-02 "check_smtp 1.2.3" `) {
		t.Errorf("%.80s", text)
	}
	macro := regexp.MustCompile(`^\.(TH|nh|ad|SH|SS|TP|TQ|RS|RE|nf|fi|B)\b`)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "", strings.TrimRight(line, " ") != line, len(line) > 150, strings.Contains(line, "`"):
			t.Errorf("%q", line)
		case strings.ContainsRune(".'", rune(line[0])) && !macro.MatchString(line):
			t.Errorf("no macro: %q", line)
		}
	}
	more := input()
	more.Metrics = append(slices.Clone(facts.Metrics[:]), facts.MetricRow{Label: "humidity", Text: "how wet `it` is", When: "always"})
	if want := ".TP\n\\fBhumidity\\fR\nhow wet \\fBit\\fR is; always.\n"; !strings.Contains(man(more), want) {
		t.Errorf("no %q of a new metric", want)
	}
	if got := marked(".a `-b` '\\"); got != `\&.a \fB\-b\fR \(aq\e` {
		t.Errorf("%s", got)
	}
}

// TestEnvironment: the page tells of every variable that the program asks for.
func TestEnvironment(t *testing.T) {
	text, asks := man(input()), regexp.MustCompile(`[gG]etenv\("([A-Z_]+)"\)`)
	found := 0
	for _, pattern := range []string{"../*/*.go", "../*/*/*.go"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasPrefix(file, "../e2e") || strings.HasPrefix(file, "../demo") || strings.HasPrefix(file, "../pack") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range asks.FindAllStringSubmatch(string(source), -1) {
				if found++; !strings.Contains(text, m[1]) {
					t.Errorf("%s reads %s, of which the page does not tell", file, m[1])
				}
			}
		}
	}
	if found < 8 {
		t.Errorf("%d variables", found)
	}
}

// TestLicences: what is linked, on whatever system, is told, with the words of those
// who wrote it; and nothing else is.
func TestLicences(t *testing.T) {
	told := map[string]string{}
	for _, w := range works {
		for module := range strings.FieldsSeq(w.modules) {
			told[module] = *w.text
		}
	}
	const form = "{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}"
	dirs := map[string]string{"go": output(t, "linux", "env", "GOROOT"), "check_smtp": "../.."}
	for _, system := range []string{"linux", "windows", "darwin", "freebsd"} {
		for line := range strings.Lines(output(t, system, "list", "-deps", "-f", form, "check_smtp/cmd/check_smtp")) {
			if module, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				dirs[module] = dir
			}
		}
	}
	for module, dir := range dirs {
		text, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
		if module == "go" && os.IsNotExist(err) {
			continue // a distribution may keep it elsewhere
		}
		if err != nil || told[module] != string(text) {
			t.Errorf("the licence of %s is another one (%v)", module, err)
		}
	}
	for module := range told {
		if dirs[module] == "" {
			t.Errorf("%s is not linked", module)
		}
	}
	if text := licences(input()); !strings.HasPrefix(text, "check_smtp 1.2.3: MIT\n") || !strings.Contains(text, "pflag") {
		t.Errorf("%.200s", text)
	}
}

func output(t *testing.T, system string, arguments ...string) string {
	t.Helper()
	cmd := exec.Command("go", arguments...)
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestListIsPrinted: what is listed can be printed, and what is not is told with a hint.
func TestListIsPrinted(t *testing.T) {
	list, err := Text("list", input())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(list) {
		name, about, _ := strings.Cut(line, " ")
		if text, err := Text(name, input()); err != nil || !strings.HasSuffix(text, "\n") || strings.TrimSpace(about) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Text("mann", input()); err == nil || err.(*option.Error).Hint != "did you mean man?" {
		t.Errorf("%v", err)
	}
}
