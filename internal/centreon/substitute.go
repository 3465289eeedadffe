package centreon

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"check_smtp/internal/plan"
)

const maxPattern = 1000 // bytes

// compilePerl compiles a pattern that was written for Perl. RE2 reads the same syntax
// but for look-around and back-references.
func compilePerl(pattern string) (*regexp.Regexp, error) { return compileFlags(pattern, "") }

// compileFlags is the same with flags such as "i".
func compileFlags(pattern, flags string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, fmt.Errorf("the pattern is longer than %d bytes", maxPattern)
	}
	if strings.Trim(flags, "ims") != "" {
		return nil, fmt.Errorf("%q is not among the flags i, m and s", short(flags))
	}
	if flags != "" {
		pattern = "(?" + flags + ")" + pattern
	}
	re, _, err := plan.Compile(pattern)
	return re, err
}

// template turns the second half of a Perl s/// into Go's syntax: $1, ${1} and
// \1 are groups, $& is the match, and a backslash takes a sign literally. It
// holds no control character, such as a line end, and no "|", which would end
// the text that it becomes part of.
func template(perl string) (string, error) {
	if len(perl) > maxPattern {
		return "", fmt.Errorf("the replacement is longer than %d bytes", maxPattern)
	}
	if !utf8.ValidString(perl) {
		return "", fmt.Errorf("%q is not UTF-8", short(perl))
	}
	for _, r := range perl {
		if unicode.IsControl(r) || r == '|' {
			return "", fmt.Errorf("%q cannot stand in a line before the performance data", string(r))
		}
	}
	var b strings.Builder
	for perl != "" {
		if group, rest := groupOf(perl); group != "" {
			b.WriteString("${" + group + "}")
			perl = rest
			continue
		}
		if perl[0] == '\\' && len(perl) > 1 {
			if isWord(rune(perl[1])) {
				return "", fmt.Errorf("%q is not known in a replacement: $1 and \\1 are groups", perl[:2])
			}
			perl = perl[1:]
		}
		b.WriteString(strings.ReplaceAll(perl[:1], "$", "$$"))
		perl = perl[1:]
	}
	return b.String(), nil
}

// groupOf is the number of the group that a text begins with, and what follows
// it.
func groupOf(text string) (group, rest string) {
	switch {
	case strings.HasPrefix(text, "$&"):
		return "0", text[2:]
	case strings.HasPrefix(text, "${"):
		group, rest, _ = strings.Cut(text[2:], "}")
	case text[0] == '$' || text[0] == '\\':
		rest = strings.TrimLeft(text[1:], "0123456789")
		group = text[1 : len(text)-len(rest)]
	}
	if group == "" || len(group) > 2 || strings.Trim(group, "0123456789") != "" {
		return "", text
	}
	return group, rest
}

// Substitution changes a text as Perl's s/// does.
type Substitution struct {
	pattern *regexp.Regexp
	text    string // in Go's syntax of templates
	all     bool   // every match, not just the first
}

// ParseSubstitution reads PATTERN~REPLACEMENT~FLAGS. What is missing is empty;
// the flags are g, i, m and s.
func ParseSubstitution(text string) (Substitution, error) {
	pattern, rest, _ := strings.Cut(text, "~")
	replacement, flags, _ := strings.Cut(rest, "~")
	s := Substitution{all: strings.Contains(flags, "g")}
	if strings.Trim(flags, "gims") != "" {
		return s, fmt.Errorf("%q is not among the flags g, i, m and s", short(flags))
	}
	var err error
	if s.pattern, err = compileFlags(pattern, strings.ReplaceAll(flags, "g", "")); err != nil {
		return s, err
	}
	s.text, err = template(replacement)
	return s, err
}

// In is a text after the substitution.
func (s Substitution) In(text string) string {
	if s.all {
		return s.pattern.ReplaceAllString(text, s.text)
	}
	text, _ = replace(s.pattern, s.text, text)
	return text
}

// replace puts a template in the place of the first match, and says whether there is
// one.
func replace(re *regexp.Regexp, template, text string) (string, bool) {
	at := re.FindStringSubmatchIndex(text)
	if at == nil {
		return text, false
	}
	return text[:at[0]] + string(re.ExpandString(nil, template, text, at)) + text[at[1]:], true
}
