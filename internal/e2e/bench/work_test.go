//go:build linux

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// TestWork: it is as much as its name says.
func TestWork(t *testing.T) {
	for _, size := range []int{1e3, 1e6} {
		text := message(size)
		if len(text) != size || !bytes.HasSuffix(text, []byte("\r\n")) {
			t.Errorf("a message of %d bytes has %d", size, len(text))
		}
		for line := range bytes.Lines(text) {
			if len(line) > 100 {
				t.Errorf("a line of %d bytes", len(line))
			}
		}
	}
	if n := strings.Count(ehlo("STARTTLS", longList(99)), "\r\n"); n != 100 {
		t.Errorf("EHLO of 100 lines has %d", n)
	}
	if n := len(strings.Split(recipients(100), ",")); n != 100 {
		t.Errorf("100 recipients are %d", n)
	}
	if len(centreonOptions) != 20 {
		t.Errorf("20 options of Centreon's are %d", len(centreonOptions))
	}
}

func TestAnswerDNS(t *testing.T) {
	for _, test := range []struct {
		name string
		kind dnsmessage.Type
		want int
	}{
		{"mx1.example.test.", dnsmessage.TypeMX, 1},
		{"mx16.example.test.", dnsmessage.TypeMX, 16},
		{"mx4000.example.test.", dnsmessage.TypeMX, mostTargets},
		{"host16.example.test.", dnsmessage.TypeA, 1},
		{"host17.example.test.", dnsmessage.TypeA, 0},
		{"host1.example.test.", dnsmessage.TypeAAAA, 0},
		{"mx1.example.test.", dnsmessage.TypeA, 0},
	} {
		q := dnsmessage.Question{Name: dnsmessage.MustNewName(test.name), Type: test.kind, Class: dnsmessage.ClassINET}
		query, err := (&dnsmessage.Message{Header: dnsmessage.Header{ID: 7}, Questions: []dnsmessage.Question{q}}).Pack()
		if err != nil {
			t.Fatal(err)
		}
		reply, err := answerDNS(query)
		var m dnsmessage.Message
		if err != nil || m.Unpack(reply) != nil || m.ID != 7 || len(m.Answers) != test.want {
			t.Errorf("%s %v: %d answers, %v", test.name, test.kind, len(m.Answers), err)
		}
	}
	if _, err := answerDNS([]byte("no query")); err == nil {
		t.Error("what is no query is answered")
	}
}

// TestTricks: each still changes the text that it is about, which is compiled only
// when it is measured.
func TestTricks(t *testing.T) {
	root, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "internal/README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, trick := range allTricks {
		if row := "\n| " + trick.name + " |"; !strings.Contains(strings.ReplaceAll(string(page), "`", ""), row) {
			t.Errorf("the page on the house has no row for %s", trick.name)
		}
		files, err := trick.changed(root)
		if err != nil || len(files) == 0 && len(trick.vars) == 0 && !trick.bare {
			t.Errorf("%s: %d files, %v", trick.name, len(files), err)
		}
	}
	for _, e := range []edit{{entry, "no such instruction", ""}, {entry, "\n", ""}, {entry, "", "internal/dial/dial.go"}, {"nowhere.go", "x", ""}} {
		if _, err := e.apply(root); err == nil {
			t.Errorf("%+v can be applied", e)
		}
	}
}
