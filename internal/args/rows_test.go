package args

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"check_smtp/internal/centreon"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
)

// TestRows: no name or letter is in two rows, and what a row says of itself holds
// together.
func TestRows(t *testing.T) {
	names, letters := map[string]bool{}, map[byte]bool{}
	Tables.All(func(r *option.Row) {
		for _, name := range r.Names() {
			if names[name] {
				t.Errorf("--%s is in two rows", name)
			}
			names[name] = true
		}
		if r.Letter != 0 && letters[r.Letter] {
			t.Errorf("-%c is in two rows", r.Letter)
		}
		letters[r.Letter] = true
		if r.Switch() && (r.Unsaid != "" || r.Secret || r.Filled || r.Shape != option.AName) {
			t.Errorf("--%s is a switch, and has a value", r.Name)
		}
		if r.Secret && !r.Shape.Free() {
			t.Errorf("--%s is a secret, and not any text", r.Name)
		}
		if text := r.Help; strings.HasSuffix(text, ".") || strings.ContainsAny(text, "\n\t") {
			t.Errorf("--%s: %q", r.Name, text)
		}
	})
	for _, table := range Tables {
		if last := table.Rows[len(table.Rows)-1]; last.Help == "" {
			t.Errorf("nothing is said of --%s", last.Name)
		}
	}
}

// TestChoices: the words that rows list are those that the program takes.
func TestChoices(t *testing.T) {
	for name, want := range map[string][]string{
		"output-format": texts(slices.Concat(plan.Formats, centreon.Formats)), "tls-mode": texts(plan.TLSModes), "greeting": texts(plan.Greetings),
		"authtype": append(texts(sasl.Names()), string(plan.AutoMech)), "proxy-family": texts(plan.ProxyFamilies),
		"addresses": texts(plan.AddressRules), "dnssec-trust": texts(plan.Trusts),
		"dane": texts([]plan.Ask{plan.AskAuto, plan.Require}), "mta-sts": texts([]plan.Ask{plan.AskAuto, plan.Testing, plan.Enforce}),
		"quit-after": lastPhases(),
	} {
		have := strings.Fields(Tables.ByName(name).Choices)
		slices.Sort(have)
		slices.Sort(want)
		want = slices.DeleteFunc(want, func(word string) bool { return strings.HasPrefix(word, "centreon") })
		if !slices.Equal(have, want) {
			t.Errorf("--%s: %q, want %q", name, have, want)
		}
	}
}

// TestAsked: what the program asks the options for are names of options.
func TestAsked(t *testing.T) {
	asks := []string{"Text", "Has", "Given", "On", "All", "Filled", "Secret", "Secrets", "Count", "Put", "Guess", "Drop", "Values", "choice", "number", "port", "seconds", "stateOf", "refuse", "certificates", "file",
		"bad", "spelling", "letter", "unread", "readPEM", "portOf", "endpoint", "domain", "metric", "addresses", "open", "badPattern"}
	seen := 0
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			called := ""
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				called = f.Sel.Name
			case *ast.Ident:
				called = f.Name
			}
			if !slices.Contains(asks, called) {
				return true
			}
			for i, argument := range call.Args {
				literal, ok := argument.(*ast.BasicLit)
				if !ok || i > 0 && called != "Values" {
					continue
				}
				name, _ := strconv.Unquote(literal.Value)
				if r := Tables.ByName(name); called == "choice" && r != nil && (r.Choices == "" || r.Noun == "") {
					t.Errorf("choice(%q) is none of some words", name)
				}
				if seen++; Tables.ByName(name) == nil || Tables.ByName(name).Name != name {
					t.Errorf("%s(%q) is about no option", called, name)
				}
			}
			return true
		})
	}
	if seen < 200 {
		t.Errorf("%d calls", seen)
	}
}
