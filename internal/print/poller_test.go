package print

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/args"
	"check_smtp/internal/option"
	"check_smtp/internal/smtptest"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

// whole is what the program prints from.
var whole = Input{Tables: args.Tables, Version: "1.2.3", Program: "/usr/lib/nagios/plugins/check_smtp"}

// samples are options of every shape.
var samples = option.Tables{{Topic: "target", Title: "Target", Rows: []option.Row{
	{Name: "hostname", Letter: 'H', Value: "HOST", Help: "whom to check"},
	{Name: "use-ipv4", Letter: '4', Help: "use IPv4 only"},
	{Name: "use-ipv6", Letter: '6', Help: "use IPv6 only"},
	{Name: "first", Value: "X"},
	{Name: "second", Value: "X", Many: true, Help: "both are about this"},
	{Name: "mode", Value: "MODE", Unsaid: "auto", Choices: "require auto", Help: "how. Default: auto"},
	{Name: "rule", Value: "RULE", Choices: "all at-least:1", Help: "all, at-least:N"},
	{Name: "loud", Letter: 'l', Many: true, Help: "louder"},
	{Name: "key", Value: "SECRET", Secret: true, Shape: option.AnyText, Help: "a key. Everybody can see it"},
	{Name: "word", Value: "SECRET", Secret: true, Shape: option.AnyText, Help: "a password"},
	{Name: "word-env", Value: "NAME", Help: "its variable"},
	{Name: "login", Value: "KEY=SECRET", Secret: true, Many: true, Shape: option.AnyText, Help: "keys"},
	{Name: "items", Value: "LIST", List: func() []string { return []string{"a b", "c"} }, Help: "some. They are"},
}}}

// TestEndpoint: each rule that makes services of a host has them run where the check
// of the host runs.
func TestEndpoint(t *testing.T) {
	rules := strings.Split(icingaRules, "\napply ")[1:]
	for _, rule := range rules {
		if !strings.Contains(rule, "\n  command_endpoint = host.command_endpoint\n") {
			t.Errorf("apply %s", rule)
		}
	}
	if len(rules) != 3 {
		t.Errorf("%d rules", len(rules))
	}
}

// TestSamples: what becomes of an option of every shape.
func TestSamples(t *testing.T) {
	var icinga strings.Builder
	icingaCommand(&icinga, Input{Tables: samples, Program: "/p/check_smtp"})
	var nagios strings.Builder
	nagiosOptions(&nagios, Input{Tables: samples})
	for name, text := range map[string]string{
		"icinga.txt": icinga.String(), "nagios.txt": nagios.String(),
		"centreon.txt": centreonJobs(whole), "checkmk.txt": checkmk(whole),
	} {
		path := "testdata/" + name
		if *update {
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || text != string(want) {
			t.Errorf("%s (%v): another text:\n%s", path, err, text)
		}
	}
}

// without are the options that a poller's configuration does not have.
var without = []string{"output-format", "output-file", "help", "print", "version", "keepass-endpoint", "teampass-endpoint"}

// TestEveryOption: an option that is in the table is in the configurations.
func TestEveryOption(t *testing.T) {
	icinga, nagios := printed(t, "icinga2", whole), printed(t, "nagios", whole)
	basket := printed(t, "director", whole)
	for _, table := range args.Tables {
		for i := range table.Rows {
			r := &table.Rows[i]
			has := !slices.Contains(without, r.Name) && table.Topic != "centreon"
			if got := strings.Contains(icinga, "$"+customVariable(r)+"$"); got != has {
				t.Errorf("icinga2: --%s is there: %t", r.Name, got)
			}
			if got := strings.Contains(nagios, "--"+r.Name+"\n") || strings.Contains(nagios, "--"+r.Name+"=") || strings.Contains(nagios, "--"+r.Name+"[="); got != has && !r.Secret {
				t.Errorf("nagios: --%s is there: %t", r.Name, got)
			}
			if got := strings.Contains(basket, `"varname": "`+customVariable(r)+`"`); got != (has && r.Name != "authpass") {
				t.Errorf("director: --%s is there: %t", r.Name, got)
			}
		}
	}
}

// printed is a text by its name.
func printed(t *testing.T, name string, in Input) string {
	t.Helper()
	text, err := Text(name, in)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestNewOption: a new option needs no other edit.
func TestNewOption(t *testing.T) {
	tables := slices.Clone(args.Tables)
	tables[0].Rows = append(slices.Clone(tables[0].Rows), option.Row{Name: "brand-new", Value: "X", Many: true, Help: "as new as can be"})
	in := Input{Tables: tables}
	for name, wants := range map[string][]string{
		"icinga2":  {"\"--brand-new\" = {\n      value = \"$smtp_plus_brand_new$\"\n      repeat_key = true\n      description = \"as new as can be\"\n"},
		"director": {`"--brand-new": {`, `"varname": "smtp_plus_brand_new"`, `"description": "as new as can be"`},
		"nagios":   {"# --brand-new=X\n#     as new as can be\n"},
	} {
		for _, want := range wants {
			if text := printed(t, name, in); !strings.Contains(text, want) || strings.Contains(printed(t, name, whole), want) {
				t.Errorf("%s: no %q", name, want)
			}
		}
	}
}

// TestVariables: a variable that was there once is in somebody's configuration.
func TestVariables(t *testing.T) {
	var have []string
	for _, f := range settings(args.Tables) {
		have = append(have, customVariable(f.Row))
	}
	const path = "testdata/variables.txt"
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(have, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range strings.Fields(string(text)) {
		if !slices.Contains(have, name) {
			t.Errorf("%s is gone", name)
		}
	}
}

// TestSecrecy: how each secret reaches the program. A new one has to be thought
// about: only those of password managers are read from @env:NAME.
func TestSecrecy(t *testing.T) {
	want := map[string]secrecy{"authpass": bySister, "keepass-password": byAt, "vault-token": byAt, "teampass-api-key": byAt, "auth-settings": shown}
	icinga := printed(t, "icinga2", whole)
	args.Tables.All(func(r *option.Row) {
		way, known := want[r.Name]
		if known != r.Secret || known && way != secretly(args.Tables, r) {
			t.Errorf("--%s: %v", r.Name, secretly(args.Tables, r))
		}
		if known && way != shown && strings.Contains(icinga, "value = \"$"+customVariable(r)+"$\"") {
			t.Errorf("--%s is on the command line", r.Name)
		}
	})
	if names := []string{"mx", "srv", "target", "hostname"}; slices.ContainsFunc(names, func(n string) bool { return args.Tables.ByName(n) == nil }) {
		t.Errorf("whether there is a host hangs on %v", names)
	}
}

// hostile is a text that would end a string, a comment or a line.
const hostile = "a \"b\" 'c' $d$ ;e |f \\g {{h}} */ i\n\tj\x1b[0m `k` %l <m> #n!"

// TestHostile: no description and no path breaks what holds it.
func TestHostile(t *testing.T) {
	rows := append(slices.Clone(samples[0].Rows), option.Row{Name: "odd", Value: "A;B\n\"C", Choices: `x"y $z`, Help: hostile})
	in := Input{Tables: option.Tables{{Topic: "target", Rows: rows}}, Version: hostile, Program: "/opt/" + hostile}
	flat := inOneLine(hostile)
	if got, err := strconv.Unquote(icingaText(flat)); err != nil || got != flat || strings.ContainsAny(flat, "\n\t\x1b") {
		t.Errorf("as a string of Icinga: %s (%v)", icingaText(flat), err)
	}
	var icinga, nagios strings.Builder
	icingaCommand(&icinga, in)
	for _, want := range []string{"description = " + icingaText(flat) + "\n", "command = [ " + icingaText("/opt/"+strings.ReplaceAll(hostile, "$", "$$")) + " ]"} {
		if !strings.Contains(icinga.String(), want) {
			t.Errorf("icinga2: no %s in\n%s", want, icinga.String())
		}
	}
	nagiosOptions(&nagios, in)
	for text := range strings.Lines(nagios.String()) {
		if !strings.HasPrefix(text, "# ") && text != "#\n" {
			t.Errorf("nagios: %q is no comment", text)
		}
	}
	in.Tables = args.Tables
	for text := range strings.Lines(printed(t, "nagios", in)) {
		if strings.Contains(text, "command_line") && (strings.Contains(text, " ;") || !strings.Contains(text, `$$d$$ \;e |f`)) {
			t.Errorf("nagios: what stands behind the path is lost: %s", text)
		}
	}
	for text := range strings.Lines(printed(t, "centreon", in)) {
		if n := strings.Count(text, ";"); n != 4 && n != 6 {
			t.Errorf("centreon: %d separators in %s", n, text)
		}
	}
	b := basket{Datafield: map[string]basketField{"1": directorField(setting{&rows[len(rows)-1], flat})}}
	if text, err := json.Marshal(b); err != nil || !json.Valid(text) {
		t.Error(err)
	}
}

// TestJobs: the program takes the command line of every job.
func TestJobs(t *testing.T) {
	env := args.Env{
		Getenv:   func(string) string { return "" },
		Hostname: func() (string, error) { return "probe.test", nil },
		ReadFile: func(string) ([]byte, error) { return nil, fs.ErrNotExist },
		Stdin:    strings.NewReader(""),
		Now:      func() time.Time { return time.Unix(1, 0) },
		Unique:   func() string { return "42" },
	}
	for _, j := range jobs {
		argv, err := smtptest.Words("-H mx1.example.org" + j.words(args.Tables, func(s jobOption, _ int) string { return s.value }))
		if err != nil {
			t.Fatal(err)
		}
		if j.ofDomain() {
			argv = argv[2:]
		}
		set, err := args.Read(argv, env)
		if err != nil {
			t.Errorf("%s: %q: %v", j.name, argv, err)
			continue
		}
		if _, err := args.Plan(set, env, nil); err != nil && !strings.Contains(err.Error(), "no authpass") {
			t.Errorf("%s: %q: %v", j.name, argv, err)
		}
		if strings.ContainsAny(j.title, "`~!$%^&*|'\"<>?,()=;") {
			t.Errorf("%s: Nagios forbids the name %q", j.name, j.title)
		}
	}
}

// TestList: what can be printed is listed, and what is not there is not printed.
func TestList(t *testing.T) {
	text := printed(t, "list", whole)
	for _, k := range kinds() {
		if !strings.Contains(text, k.name+" ") || !strings.Contains(text, k.about+"\n") || len(k.about) > 60 {
			t.Errorf("%s is not listed well", k.name)
		}
	}
	var bad *option.Error
	if _, err := Text("icinga", whole); !errors.As(err, &bad) || !strings.Contains(bad.Hint, "icinga2") {
		t.Errorf("icinga: %v", err)
	}
}
