package main

import (
	"strings"
	"testing"

	"check_smtp/internal/args"
	"check_smtp/internal/option"
)

// TestWhatBegins: what must begin for which words.
func TestWhatBegins(t *testing.T) {
	tests := []struct {
		words    string
		tls, all bool
	}{
		{"", false, false},
		{"-H mx.example.org -p 25 -w 1 -c connect=2 -t 10 -f a@b.c -F x -e 220 -C NOOP -q -4", false, false},
		{"-Hmx -p587 --timeout=5 -vvv mx.example.org 0.5", false, false},
		{"-H mx -f a@b.c --to x@y.z,z@y.z --to u@y.z", false, false},
		{"-H mx -S", true, false},
		{"-H mx -D30,7 --verify=warning", true, false},
		{"-H mx -S -L", false, true},
		{"-H mx --bind ::1", false, true},
		{"-H mx -C NOOP -R 250", false, true},
		{"-H m\u00fcnchen.example", false, true},
		{"-H mx -f\x01", false, true},
		{"-w -5:5", false, true},
		{"-Sv -H mx", false, true},
		{"-", false, true},
		{"--", false, true},
		{"---", false, true},
		{"--host=mx", false, true},
		{"-qtrue", false, true},
		{"--starttls=yes", true, false},
		{"-U joe -Px", true, false},
		{"-U joe -P -x", false, true},
		{"--token x", false, true},
		{"-h", false, true},
		{"--mode=login", false, true},
		{" -H mx", false, false}, // a stray word, which is refused
	}
	for _, tt := range tests {
		if tls, all := needs(strings.Fields(tt.words)); tls != tt.tls || all != tt.all {
			t.Errorf("%q: TLS %v, all %v", tt.words, tls, all)
		}
	}
	if _, all := needs([]string{"-H mx", "-S -s"}); !all {
		t.Error("two options in one word pass for one")
	}
}

// TestLight: the lists are of options that there are, and a letter has a value where
// one is read behind it.
func TestLight(t *testing.T) {
	for _, name := range strings.Fields(light + inTLS) {
		var row *option.Row
		switch {
		case strings.HasPrefix(name, "--"):
			row = args.Tables.ByName(name[2:])
		default:
			row = args.Tables.ByLetter(name[1])
			if row != nil && !strings.HasPrefix(name, "-v") && strings.Contains(valued, name[1:]) == row.Switch() {
				t.Errorf("%s: is it a switch?", name)
			}
		}
		if row == nil || row.Owner == option.Foreign {
			t.Errorf("%s: no such option", name)
		}
	}
}
