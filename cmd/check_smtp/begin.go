package main

import (
	"strings"

	"check_smtp/internal/early"
)

// Options with which a check needs nothing of what internal/early has put off, and
// those that need cryptography alone, of which a login needs some. With any other word
// all of it begins: a list that lacks an option costs time, and one that has an option
// too many would break it.
const (
	light = " -H --hostname -p --port -4 -6 -F --fqdn -e --expect -C --command -q -t --timeout -f --from --to -w --warning -c --critical -v -vv -vvv "
	inTLS = " -A --authtype -U --authuser --username -P --authpass --password --authpass-file --authpass-env" +
		" -S --starttls -s --ssl -D --certificate --sni --verify "
)

// valued are the letters among them that have a value.
const valued = "HpFeCtfwcDAUP"

// begin has all begin that these words may ask for.
func begin(argv []string) {
	switch tls, all := needs(argv); {
	case all:
		early.Begin()
	case tls:
		early.BeginTLS()
	}
}

func needs(argv []string) (tls, all bool) {
	for _, word := range argv {
		name := optionIn(word)
		switch {
		case strings.Contains(inTLS, " "+name+" "):
			tls = true
		case name != "" && !strings.Contains(light, " "+name+" "):
			return false, true
		}
	}
	return tls, false
}

// optionIn is the option that a word is, with its dashes; "": it is none, but a value or
// a host; "?": it may be anything.
func optionIn(word string) string {
	name, _, _ := strings.Cut(word, "=")
	switch {
	case strings.ContainsFunc(word, strange) || name == "-":
		return "?"
	case name == "" || name[0] != '-':
		return ""
	case len(name) > 2 && strings.Contains(valued, name[1:2]): // it stands behind the letter
		return name[:2]
	case strings.Contains(name, " "):
		return "?"
	}
	return name
}

// strange says whether a letter is none of those that are printed in ASCII.
func strange(r rune) bool { return r < ' ' || r > '~' }
