package plan

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Bounds of patterns. RE2 never runs away, but its time is that of the text
// multiplied by the pattern, and a pattern of a few bytes can repeat itself a
// thousandfold. Within these, a search is over in a fraction of a second.
const (
	MaxPattern = 2000  // bytes
	maxParts   = 1000  // signs and groups, repetitions written out
	maxMatched = 20000 // bytes of a reply that a pattern is held against
)

// PatternError says which bound a pattern exceeds.
type PatternError struct{ Problem string }

// Error is the problem.
func (e *PatternError) Error() string { return e.Problem }

// CompileReply compiles a pattern for a whole reply, in RE2 syntax; ^ and $
// match at each line.
func CompileReply(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > MaxPattern {
		return nil, &PatternError{fmt.Sprintf("the pattern is longer than %d bytes", MaxPattern)}
	}
	return compile("(?m)" + pattern)
}

// compile compiles a pattern that is not too large.
func compile(pattern string) (*regexp.Regexp, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	if parts(tree) > maxParts {
		return nil, &PatternError{fmt.Sprintf("the pattern has more than %d parts once its repetitions are written out", maxParts)}
	}
	return regexp.Compile(pattern)
}

// parts is about how many instructions a pattern takes.
func parts(re *syntax.Regexp) int {
	n := 1
	for _, sub := range re.Sub {
		n += parts(sub)
	}
	switch re.Op {
	case syntax.OpLiteral:
		n = len(re.Rune)
	case syntax.OpRepeat:
		n *= max(re.Min, re.Max, 1)
	}
	return n
}

// matched is as much of a reply as a pattern is held against: whole lines, and
// a mark, so that what asks for the end of the reply does not find it there.
func matched(text string) string {
	if len(text) <= maxMatched {
		return text
	}
	text = text[:maxMatched]
	return text[:strings.LastIndexByte(text, '\n')+1] + "[cut]"
}
