package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"check_smtp/internal/args"
	"check_smtp/internal/facts"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/print"
)

// The tests of this file hold what README.md and the pages of doc/ say to the
// program; docs_commands_test.go runs the commands that they show.

const root = "../../"

// document is README.md or a page of doc/, by its path from the root.
type document struct {
	path   string
	prose  string  // what stands outside of blocks of code
	blocks []block // of code
}

// block is a block of code.
type block struct {
	language string // "sh", "ini" or none
	mark     string // the comment on the line above, which no reader sees: <!-- mark -->
	heading  string // what it stands under
	text     string
}

// documents are README.md and all pages, README.md first.
func documents(t *testing.T) []document {
	t.Helper()
	paths, err := filepath.Glob("doc/*.md")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d pages (%v)", len(paths), err)
	}
	all := []document{read(t, "README.md")}
	for _, path := range paths {
		all = append(all, read(t, "cmd/check_smtp/"+filepath.ToSlash(path)))
	}
	return all
}

// read takes a document apart.
func read(t *testing.T, path string) document {
	t.Helper()
	text, err := os.ReadFile(root + path)
	if err != nil {
		t.Fatal(err)
	}
	d := document{path: path}
	var in *block
	var heading, before string
	for line := range strings.Lines(string(text)) {
		fence, isFence := strings.CutPrefix(strings.TrimSpace(line), "```")
		switch {
		case isFence && in == nil:
			mark := strings.TrimSuffix(strings.TrimPrefix(before, "<!-- "), " -->")
			in = &block{language: fence, mark: mark, heading: heading}
		case isFence:
			d.blocks, in = append(d.blocks, *in), nil
		case in != nil:
			in.text += line
		default:
			d.prose += line
			if strings.HasPrefix(line, "#") {
				heading = titleOf(line)
			}
		}
		before = strings.TrimSpace(line)
	}
	if in != nil {
		t.Errorf("%s: a block of code has no end", path)
	}
	return d
}

// marked is the block with a mark.
func (d document) marked(t *testing.T, mark string) string {
	t.Helper()
	for _, b := range d.blocks {
		if b.mark == mark {
			return b.text
		}
	}
	t.Fatalf("%s has no block that is marked %q", d.path, mark)
	return ""
}

// section is the prose under a heading of the second level.
func (d document) section(t *testing.T, heading string) string {
	t.Helper()
	_, text, found := strings.Cut(d.prose, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("%s has no heading %q", d.path, heading)
	}
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}

// spans are the pieces of code in the prose.
func (d document) spans() []string {
	var spans []string
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(d.prose, -1) {
		spans = append(spans, strings.ReplaceAll(m[1], "\n", " "))
	}
	return spans
}

// rows are the cells of the tables in a text, without their heads.
func rows(text string) [][]string {
	var rows [][]string
	head := true
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			head = true
			continue
		}
		if !head {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
		if strings.HasPrefix(line, "|---") {
			head = false
		}
	}
	return rows
}

// titleOf is a heading's text.
func titleOf(line string) string { return strings.TrimSpace(strings.TrimLeft(line, "#")) }

func TestReadmeIsShort(t *testing.T) {
	const most = 20_000 // bytes
	if info, err := os.Stat(root + "README.md"); err != nil || info.Size() > most {
		t.Errorf("README.md has %d bytes, at most %d should be enough for a first day (%v)", info.Size(), most, err)
	}
}

// TestLinks follows every link: to a page, and to a heading of it.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, d := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(d.prose, -1) {
			if strings.HasPrefix(m[1], "https://") {
				continue
			}
			to, anchor, _ := strings.Cut(m[1], "#")
			path := d.path
			if to != "" {
				path = filepath.ToSlash(filepath.Join(filepath.Dir(d.path), to))
			}
			if _, err := os.Stat(root + path); err != nil {
				t.Errorf("%s: the link %s leads nowhere", d.path, m[1])
			} else if anchor != "" && !slices.Contains(anchors(read(t, path)), anchor) {
				t.Errorf("%s: the link %s leads to no heading", d.path, m[1])
			}
		}
	}
}

// anchors are what the headings of a document are called in links.
func anchors(d document) []string {
	var anchors []string
	for line := range strings.Lines(d.prose) {
		if strings.HasPrefix(line, "#") {
			words := regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(titleOf(line)), "")
			anchors = append(anchors, strings.ReplaceAll(words, " ", "-"))
		}
	}
	return anchors
}

// TestFileNames: a file of this repository that is named is there.
func TestFileNames(t *testing.T) {
	ours := regexp.MustCompile(`^(cmd|internal|testdata|\.ci)/[\w./*-]+$`)
	for _, d := range documents(t) {
		for _, span := range d.spans() {
			if !ours.MatchString(span) {
				continue
			}
			if found, err := filepath.Glob(root + span); err != nil || len(found) == 0 {
				t.Errorf("%s: there is no %s", d.path, span)
			}
		}
	}
}

// TestIndex: README.md leads to every page, and every page back.
func TestIndex(t *testing.T) {
	all := documents(t)
	index := all[0].section(t, "Reference")
	for _, d := range all[1:] {
		if !strings.Contains(index, "]("+d.path+")") {
			t.Errorf("README.md does not list %s", d.path)
		}
		if !strings.Contains(d.prose, "](../../../README.md#reference)") {
			t.Errorf("%s does not lead back to README.md", d.path)
		}
	}
}

// TestReadmeBlocks: what README.md shows of a poller's configuration is part of
// the page on pollers, which the real pollers load in "make e2e".
func TestReadmeBlocks(t *testing.T) {
	var whole string
	for _, b := range read(t, "cmd/check_smtp/doc/pollers.md").blocks {
		whole += b.text + "\n"
	}
	shown := map[string]int{}
	for _, b := range read(t, "README.md").blocks {
		for object := range strings.SplitSeq(b.text, "\n\n") {
			if shown[b.heading]++; slices.Contains(forPollers, b.heading) && !strings.Contains(whole, strings.TrimSpace(object)+"\n") {
				t.Errorf("this is in README.md and not in pollers.md:\n%s", object)
			}
		}
	}
	for _, heading := range forPollers {
		if shown[heading] == 0 {
			t.Errorf("README.md shows nothing for %s", heading)
		}
	}
}

// forPollers are the headings of README.md that pollers read what is under.
var forPollers = []string{"Nagios", "Icinga 2", "NRPE", "cron"}

// TestJobsPage: the table of jobs has those for which there are templates.
func TestJobsPage(t *testing.T) {
	text, err := print.Text("icinga2", print.Input{Tables: args.Tables})
	if err != nil {
		t.Fatal(err)
	}
	var told, made []string
	for _, row := range rows(read(t, "cmd/check_smtp/doc/pollers.md").section(t, "Jobs")) {
		told = append(told, strings.Trim(row[0], "` "))
	}
	for _, m := range regexp.MustCompile(`(?m)^template Service "smtp-plus-(\w+)"`).FindAllStringSubmatch(text, -1) {
		made = append(made, m[1])
	}
	if !slices.Equal(told, made) || len(made) < 9 {
		t.Errorf("pollers.md has the jobs %q, the program %q", told, made)
	}
	for _, m := range regexp.MustCompile(`\bsmtp_plus_[a-z_]+`).FindAllString(read(t, "cmd/check_smtp/doc/pollers.md").prose, -1) {
		if m = strings.TrimRight(m, "_"); !strings.Contains(text, "$"+m+"$") {
			t.Errorf("pollers.md has the variable %s, the program not", m)
		}
	}
}

// textUnder are the blocks under a heading.
func textUnder(d document, heading string) string {
	var text string
	for _, b := range d.blocks {
		if b.heading == heading {
			text += b.text
		}
	}
	return text
}

// TestOptionsPage: the tables of options hold every option, and no other.
func TestOptionsPage(t *testing.T) {
	known := args.Tables.Names()
	var told []string
	for _, row := range rows(optionTables(t)) {
		for _, m := range regexp.MustCompile("`[^`]*?--([a-z][a-z0-9-]*)").FindAllStringSubmatch(row[0], -1) {
			if told = append(told, m[1]); !slices.Contains(known, m[1]) {
				t.Errorf("options.md has --%s, which the program does not have", m[1])
			}
		}
	}
	for _, name := range known {
		if !slices.Contains(told, name) {
			t.Errorf("options.md does not have --%s", name)
		}
	}
	for i, name := range told {
		if slices.Contains(told[:i], name) {
			t.Errorf("options.md has --%s twice", name)
		}
	}
	heads := ""
	for _, row := range rows(optionTables(t)) {
		heads += row[0] + "\n"
	}
	args.Tables.All(func(r *option.Row) {
		form := "`--" + r.Name
		switch {
		case r.Unsaid != "":
			form += "[=" + r.Value + "]`"
		case r.Value != "":
			form += " " + r.Value + "`"
			if strings.Contains(r.Value, " ") {
				form = "`--" + r.Name + " '" + r.Value + "'`"
			}
		default:
			form += "`"
		}
		if r.Letter != 0 {
			form = "`-" + string(rune(r.Letter)) + "`, " + form
		}
		if !strings.Contains(heads, form) {
			t.Errorf("options.md does not have %s as the help has it", form)
		}
	})
}

// optionTables are what stands between the marks of options.md.
func optionTables(t *testing.T) string {
	t.Helper()
	page := read(t, "cmd/check_smtp/doc/options.md")
	tables := regexp.MustCompile(`(?s)<!-- options: .*? -->\n(.*?)<!-- /options -->`).FindAllStringSubmatch(page.prose, -1)
	if len(tables) < 10 {
		t.Fatalf("options.md has %d tables of options", len(tables))
	}
	var text string
	for _, table := range tables {
		text += table[1] + "\n"
	}
	return text
}

// TestOptionNames: an option that any page names, in full or shortened, is one.
func TestOptionNames(t *testing.T) {
	known := args.Tables.Names()
	option := regexp.MustCompile(`(?:^|[ '\[])--([a-z][a-z0-9-]*)`)
	for _, d := range documents(t) {
		for _, span := range d.spans() {
			for _, m := range option.FindAllStringSubmatch(span, -1) {
				if !slices.ContainsFunc(known, func(name string) bool { return strings.HasPrefix(name, m[1]) }) {
					t.Errorf("%s: there is no option --%s", d.path, m[1])
				}
			}
		}
	}
}

// TestConditionsPage: every condition, and what it means by default, before the
// greeting is answered and after.
func TestConditionsPage(t *testing.T) {
	told := map[string][]string{}
	for _, row := range rows(read(t, "cmd/check_smtp/doc/states.md").section(t, "Conditions")) {
		told[strings.Trim(row[0], "`")] = row
	}
	for _, c := range plan.Conditions() {
		row := told[string(c)]
		delete(told, string(c))
		if len(row) != 4 {
			t.Errorf("states.md does not have the condition %s", c)
			continue
		}
		after, before := row[2], row[3]
		if before == "the same" {
			before = after
		}
		if !strings.HasPrefix(after, c.Default().String()) {
			t.Errorf("states.md: %s is %s, not %s", c, c.Default(), after)
		}
		if state := (plan.Limits{}).StateBefore(c); !strings.HasPrefix(before, state.String()) {
			t.Errorf("states.md: before the greeting %s is %s, not %s", c, state, before)
		}
	}
	for name := range told {
		t.Errorf("states.md has the condition %s, which the program does not have", name)
	}
}

// TestNumbersPage: every metric, in the order of performance data.
func TestNumbersPage(t *testing.T) {
	var told, known []string
	for _, row := range rows(read(t, "cmd/check_smtp/doc/states.md").section(t, "Numbers")) {
		told = append(told, strings.Trim(row[0], "`"))
	}
	for _, label := range facts.Labels() {
		known = append(known, string(label))
	}
	if !slices.Equal(told, known) {
		t.Errorf("states.md has the numbers\n%q, the program\n%q", told, known)
	}
}

// TestFormatsPage: every format has a row.
func TestFormatsPage(t *testing.T) {
	var told string
	for _, row := range rows(read(t, "cmd/check_smtp/doc/output.md").section(t, "Formats")) {
		told += row[0] + " "
	}
	for _, f := range formats() {
		if !strings.Contains(told, "`"+string(f)+"`") {
			t.Errorf("output.md has no row for the format %s", f)
		}
	}
}

// TestFamiliesPage: every family of metrics for Prometheus has a row, and no other; a
// story prints none besides.
func TestFamiliesPage(t *testing.T) {
	family := regexp.MustCompile(`check_smtp_[a-z_]+`)
	told, known := map[string]bool{}, map[string]bool{}
	for _, row := range rows(read(t, "cmd/check_smtp/doc/output.md").section(t, "Formats")) {
		if name := family.FindString(row[0]); name != "" {
			told[name] = true
		}
	}
	for _, name := range []string{"up", "state", "target_up", "target_state", "metric"} {
		known["check_smtp_"+name] = true
	}
	for _, m := range facts.Metrics {
		for _, g := range m.Gauges {
			known["check_smtp_"+g.Name] = true
		}
	}
	if !maps.Equal(told, known) {
		t.Errorf("output.md has the metrics\n%v, the program\n%v", told, known)
	}
	for _, story := range stories(t) {
		for _, m := range regexp.MustCompile(`(?m)^# TYPE (check_smtp_\w+)`).FindAllStringSubmatch(story.Stdout, -1) {
			if !known[m[1]] {
				t.Errorf("%s prints %s", title(story), m[1])
			}
		}
	}
}

// TestMembersPage: every member of the JSON object has a row.
func TestMembersPage(t *testing.T) {
	var schema struct{ Properties map[string]any }
	text, err := os.ReadFile(root + "testdata/output.schema.json")
	if err != nil || json.Unmarshal(text, &schema) != nil || len(schema.Properties) < 10 {
		t.Fatalf("%d members (%v)", len(schema.Properties), err)
	}
	var told string
	for _, row := range rows(read(t, "cmd/check_smtp/doc/output.md").section(t, "Formats")) {
		told += row[0] + " "
	}
	for name := range schema.Properties {
		if !strings.Contains(told, "`"+name+"`") {
			t.Errorf("output.md has no row for the member %s", name)
		}
	}
}
