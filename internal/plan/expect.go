package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Expect says which reply a step asks for. The conditions that are set must
// all hold; the zero value holds for every reply.
type Expect struct {
	Condition Condition     // what a mismatch is
	Codes     []CodePattern // nil: any code
	Text      string        // literal text; "": any
	Pattern   *Pattern      // nil: any text
	Asked     string        // as the user wrote it
}

// Met says whether a reply with this code and text is the expected one.
func (e *Expect) Met(code int, text string) bool {
	return (e.Codes == nil || anyMatches(e.Codes, code)) &&
		strings.Contains(text, e.Text) &&
		(e.Pattern == nil || e.Pattern.Match(text))
}

// spares says whether a code is only one of a class that will do, as 421 is of 4xx.
func (e *Expect) spares(code int) bool {
	return e != nil && e.Codes != nil && !slices.Contains(e.Codes, CodePattern(strconv.Itoa(code)))
}

// Wishes says whether only a refusal will do. Where consent would do as well, a
// refusal is tolerated, and not what the session is for.
func (e *Expect) Wishes() bool {
	refusal := func(p CodePattern) bool { return p[0] == '4' || p[0] == '5' }
	for _, p := range e.Codes {
		if !refusal(p) {
			return false
		}
	}
	return e.Codes != nil
}

// CodePattern is a reply code in which an x stands for any digit: "250", "2xx".
type CodePattern string

func (p CodePattern) matches(code int) bool {
	digits := fmt.Sprintf("%03d", code)
	for i := range 3 {
		if p[i] != 'x' && p[i] != digits[i] {
			return false
		}
	}
	return true
}

func anyMatches(patterns []CodePattern, code int) bool {
	for _, p := range patterns {
		if p.matches(code) {
			return true
		}
	}
	return false
}

// ParseExpectReply reads PHASE=CODES[/REGEX], the argument of --expect-reply.
func ParseExpectReply(text string) (Phase, *Expect, error) {
	name, want, ok := strings.Cut(text, "=")
	if !ok {
		return "", nil, fmt.Errorf("%q is not PHASE=CODES[/REGEX]", text)
	}
	phase, err := ParsePhase(name)
	if err != nil {
		return "", nil, err
	}
	codes, pattern, hasPattern := strings.Cut(want, "/")
	e := &Expect{Condition: CondExpect, Asked: want}
	for code := range strings.SplitSeq(codes, ",") {
		code = strings.ToLower(code)
		if len(code) != 3 || strings.Trim(code, "0123456789x") != "" {
			return "", nil, fmt.Errorf("%q is not a reply code such as 250 or 2xx", code)
		}
		e.Codes = append(e.Codes, CodePattern(code))
	}
	if hasPattern {
		if e.Pattern, err = CompileReply(pattern); err != nil {
			return "", nil, err
		}
	}
	return phase, e, nil
}

// ParsePhase reads the name of a phase in which the server answers.
func ParsePhase(name string) (Phase, error) {
	var names []string
	for _, p := range Phases {
		if !p.HasReply() {
			continue
		}
		if string(p) == name {
			return p, nil
		}
		names = append(names, string(p))
	}
	return "", fmt.Errorf("%q is not a phase with a reply, which are %s", name, strings.Join(names, ", "))
}
