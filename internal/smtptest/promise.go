package smtptest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Promised says in what an output in the format nagios is not what every output has to
// be: a well-formed first line, bounded, without anything that moves a cursor, and no
// performance data elsewhere.
func Promised(out string) error {
	first, rest, lines := strings.Cut(out, "\n")
	words, _, _ := strings.Cut(first, "|")
	switch {
	case !lines || !firstLine().MatchString(first):
		return errors.New("the first line is not well-formed")
	case len(words) > 1000 || len(out) > 8000:
		return fmt.Errorf("%d bytes before the performance data, %d in all", len(words), len(out))
	case strings.Contains(rest, "|"):
		return errors.New("performance data behind the first line")
	case strings.ContainsAny(out, "<>"):
		return errors.New("HTML")
	case !utf8.ValidString(out):
		return errors.New("no UTF-8")
	}
	for _, r := range out {
		if r != '\n' && !strconv.IsPrint(r) {
			return fmt.Errorf("it holds %U", r)
		}
	}
	return nil
}

// firstLine is state, words, and performance data.
func firstLine() *regexp.Regexp {
	const field = `[a-z0-9_]+=-?[0-9.]+[sB%]?(;[-0-9.:@~]*){0,4}`
	return regexp.MustCompile(`^SMTP (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+(\|` + field + `( ` + field + `)*)?$`)
}

// Leaked is the form in which a password stands in a text: as it is, or as it goes over
// the wire; "": it does not.
func Leaked(text, password string) string {
	if strings.Contains(text, password) {
		return "as it is"
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + password))
		// the last characters depend on what follows the password
		if strings.Contains(text, encoded[(shift*8+5)/6:len(encoded)-4]) {
			return fmt.Sprintf("in base64, shifted by %d", shift)
		}
	}
	return ""
}
