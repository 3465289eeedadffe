package plan

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// Bounds of patterns. RE2 never runs away, but its time is that of the text
// multiplied by the pattern, and a pattern of a few bytes can repeat itself a
// thousandfold. Within these, a search is over in a fifth of a second.
const (
	MaxPattern = 2000             // bytes
	maxParts   = 1000             // signs and groups, repetitions written out
	maxWork    = 20 * 1000 * 1000 // parts times bytes: up to 200 parts see all of the longest reply
)

// Pattern is a regular expression for replies.
type Pattern struct {
	re   *regexp.Regexp
	most int // bytes of a reply that it is held against
}

// PatternError says which bound a pattern exceeds.
type PatternError struct{ Problem string }

// Error is the problem.
func (e *PatternError) Error() string { return e.Problem }

// CompileReply compiles a pattern for a whole reply, in RE2 syntax; ^ and $
// match at each line.
func CompileReply(pattern string) (*Pattern, error) {
	if len(pattern) > MaxPattern {
		return nil, &PatternError{fmt.Sprintf("the pattern is longer than %d bytes", MaxPattern)}
	}
	re, size, err := Compile("(?m)" + pattern)
	if err != nil {
		return nil, err
	}
	return &Pattern{re, maxWork / max(size, 1)}, nil
}

// Compile compiles a pattern that is not too large, and says how large it is: about
// how many instructions it takes.
func Compile(pattern string) (*regexp.Regexp, int, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, 0, err
	}
	size := parts(tree)
	if size > maxParts {
		return nil, 0, &PatternError{fmt.Sprintf("the pattern has more than %d parts once its repetitions are written out", maxParts)}
	}
	re, err := regexp.Compile(pattern)
	return re, size, err
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

// Match says whether the pattern is found in a reply. Of one that is too long
// for it, it sees whole lines and a mark, so that what asks for the end of the
// reply does not find it there.
func (p *Pattern) Match(text string) bool {
	if len(text) > p.most {
		text = text[:p.most]
		text = text[:strings.LastIndexByte(text, '\n')+1] + "[cut]"
	}
	return p.re.MatchString(text)
}
