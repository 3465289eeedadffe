package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// variable is what parts the fixed words of a message in its source.
var variable = regexp.MustCompile(`\.\.\.|['":,()]|hashicorpvault|keepass|mailfrom_time|kv/smtp|output file|transcript`)

// TestSymptoms: what the pages on troubleshooting quote is what the program prints.
// It stands in one line that a story expects, where "..." is any text; a message that
// no story can provoke is in the program's source, piece by piece.
func TestSymptoms(t *testing.T) {
	printed, source := everythingPrinted(t), everySource(t)
	for _, path := range []string{"README.md", "cmd/check_smtp/doc/troubleshooting.md"} {
		for _, symptom := range symptoms(read(t, path)) {
			pattern := strings.ReplaceAll(regexp.QuoteMeta(symptom), `\.\.\.`, `.*`)
			if regexp.MustCompile(pattern).MatchString(printed) {
				continue
			}
			for _, piece := range variable.Split(symptom, -1) {
				if piece = strings.TrimSpace(piece); !strings.Contains(source, piece) {
					t.Errorf("%s: nothing prints %q: no story does, and %q is not in the source", path, symptom, piece)
				}
			}
		}
	}
}

// symptoms are the quotations in the first column of the tables "symptom, cause, what
// to do".
func symptoms(d document) []string {
	var all []string
	for _, row := range rows(d.prose) {
		if len(row) == 3 && strings.Contains(row[0], " ") {
			all = append(all, document{prose: row[0]}.spans()...)
		}
	}
	return all
}

// everythingPrinted is what all stories expect on standard output.
func everythingPrinted(t *testing.T) string {
	var all strings.Builder
	for _, story := range stories(t) {
		all.WriteString(story.Stdout)
	}
	return all.String()
}

// everySource is the source of the program, without its tests.
func everySource(t *testing.T) string {
	var all strings.Builder
	for file := range sources(t) {
		text, err := os.ReadFile(root + file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
