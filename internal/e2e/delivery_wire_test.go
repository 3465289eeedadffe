//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDeliverySize asks where the limit lies: what a server says that it takes
// it takes, whatever dots and line ends do to it (RFC 1870 section 6).
func TestDeliverySize(t *testing.T) {
	size := len(meant(awkward))
	for _, c := range []struct {
		name    string
		offers  string
		exit    int
		command string // "": none
	}{
		{"just fits", fmt.Sprintf("SIZE %d", size), 0, fmt.Sprintf("MAIL FROM:<%s> SIZE=%d BODY=8BITMIME", sender, size)},
		{"one byte too many", fmt.Sprintf("SIZE %d", size-1), 2, ""},
		{"no limit", "SIZE 0", 0, fmt.Sprintf("MAIL FROM:<%s> SIZE=%d BODY=8BITMIME", sender, size)},
		{"no number", "SIZE", 0, fmt.Sprintf("MAIL FROM:<%s> SIZE=%d BODY=8BITMIME", sender, size)},
		{"not offered", "HELP", 0, fmt.Sprintf("MAIL FROM:<%s> BODY=8BITMIME", sender)},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, heard := sendAwkward(t, c.offers, c.exit, "")
			i := slices.IndexFunc(heard, func(line string) bool { return strings.HasPrefix(line, "MAIL") })
			if i < 0 && c.command != "" || i >= 0 && heard[i] != c.command {
				t.Errorf("want %q, heard %q", c.command, heard)
			}
		})
	}
}

// TestDeliveryTranscript asks that a transcript tells of the message, but does
// not hold it.
func TestDeliveryTranscript(t *testing.T) {
	path := filepath.Join(t.TempDir(), "transcript")
	out, heard := sendAwkward(t, "SIZE", 0, " -vvv --transcript-file "+path)
	transcript, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range heard {
		if !strings.Contains(string(transcript), " C: "+line+"\n") {
			t.Errorf("no %q in the transcript\n%s", line, transcript)
		}
	}
	for name, text := range map[string]string{"transcript": string(transcript), "output": out} {
		if !strings.Contains(text, fmt.Sprint(len(meant(awkward)), " bytes")) || strings.Contains(text, "smuggled") {
			t.Errorf("the %s has no size of the message, or its text\n%s", name, text)
		}
	}
}

// sendAwkward sends the awkward payload to a server that offers 8BITMIME and
// something else, and returns what we wrote and the commands that it heard.
func sendAwkward(t *testing.T, offers string, exit int, more string) (out string, heard []string) {
	t.Helper()
	server := playTCP(t, takes(say("250 ok")).on("EHLO", say("250-mail.test", "250-8BITMIME", "250 "+offers)))
	path := filepath.Join(t.TempDir(), "awkward")
	writeFile(t, path, awkward, 0o644)
	args := fmt.Sprintf("%s -f %s --to d@e.f --payload-file %s%s", at(server.port()), sender, path, more)
	o := runPlugin(ours, nil, strings.Fields(args)...)
	if o.exit != exit {
		t.Errorf("%s: want exit %d, got %v", args, exit, o)
	}
	_, heard = server.contacts()
	return o.stdout, heard
}
