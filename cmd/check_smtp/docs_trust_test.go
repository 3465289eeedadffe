package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestTrustPage: the page on what the program survives names all tables, counts their
// faults, and every test that it has a command for is there.
func TestTrustPage(t *testing.T) {
	page := read(t, "cmd/check_smtp/doc/trust.md")
	count := len(ordeals(t))
	if want := "all " + strconv.Itoa(count/1000) + "," + strconv.Itoa(1000 + count%1000)[1:] + " in"; !strings.Contains(page.prose, want) {
		t.Errorf("trust.md does not say %q", want)
	}
	if want := "meet " + strconv.Itoa(len(sampled(ordeals(t)))) + " of them"; !strings.Contains(page.prose, want) {
		t.Errorf("trust.md does not say %q", want)
	}
	tables, err := filepath.Glob(root + "testdata/faults/*.table")
	if err != nil || len(tables) < 5 {
		t.Fatalf("%d tables (%v)", len(tables), err)
	}
	for _, path := range tables {
		if !strings.Contains(page.prose, filepath.Base(path)) {
			t.Errorf("trust.md does not name %s", path)
		}
	}
	text, known := page.prose, tests(t)
	for _, b := range page.blocks {
		text += b.text
	}
	for _, name := range regexp.MustCompile(`Test[A-Za-z]+`).FindAllString(text, -1) {
		if !strings.Contains(known, "\n"+name) {
			t.Errorf("trust.md has a command for %s, which is no test", name)
		}
	}
}

// tests are the names of all tests of this package, one a line.
func tests(t *testing.T) string {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	names := "\n"
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Test") {
				names += f.Name.Name + "\n"
			}
		}
	}
	return names
}
