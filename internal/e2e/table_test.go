//go:build e2e

package e2e

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// trustPage shows the tables of these tests to users.
const trustPage = "../../cmd/check_smtp/doc/trust.md"

// table is one that a page shows: what really came of each row and column.
type table struct {
	corner string
	names  []string // of columns
	rows   []string
	cells  map[[2]string]string
}

func newTable(corner string, names []string) *table {
	return &table{corner: corner, names: names, cells: map[[2]string]string{}}
}

func (b *table) set(row, column, text string) {
	if !slices.Contains(b.rows, row) {
		b.rows = append(b.rows, row)
	}
	b.cells[[2]string{row, column}] = text
}

// line is a row as a page has it.
func (b *table) line(row string) string {
	var cells []string
	for _, name := range b.names {
		cells = append(cells, b.cells[[2]string{row, name}])
	}
	return "| " + row + " | " + strings.Join(cells, " | ") + " |\n"
}

func (b *table) head() string {
	return "| " + b.corner + " | " + strings.Join(b.names, " | ") + " |\n" + strings.Repeat("|---", len(b.names)+1) + "|\n"
}

func (b *table) String() string {
	text := b.head()
	for _, row := range b.rows {
		text += b.line(row)
	}
	return text
}

// compare minds that a page has the head of the table and each row that could be
// tried whole.
func (b *table) compare(t *testing.T, page string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{b.head()}
	for _, row := range b.rows {
		if line := b.line(row); !strings.Contains(line, "|  |") { // -run asked for a part
			lines = append(lines, line)
		}
	}
	for _, line := range lines {
		if !strings.Contains(string(text), line) {
			t.Errorf("%s does not hold\n%s", page, line)
		}
	}
}

// shownLines are the blocks of code under a heading of a page, by their language,
// with the paths of these tests.
func shownLines(t *testing.T, page, heading, program string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n"+heading+"\n")
	section, _, _ = strings.Cut(section, "\n##")
	if !found {
		t.Fatalf("no heading %s", heading)
	}
	paths := strings.NewReplacer("/usr/local/lib/nagios/plugins/check_smtp", program, "192.0.2.25", mx1)
	blocks := map[string][]string{}
	for n, part := range strings.Split("\n"+section, "\n```") {
		if language, code, _ := strings.Cut(part, "\n"); n%2 == 1 {
			blocks[language] = append(blocks[language], paths.Replace(code)+"\n")
		}
	}
	return blocks
}
