package mtasts

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"check_smtp/internal/facts"
)

// The lifetimes beyond which a policy is odd, in seconds: the most that RFC 8461
// section 3.2 allows, and a day, after which it is gone before it was of use.
const (
	year = 31557600
	day  = 86400
)

// Policy reads the text of a policy (RFC 8461 section 3.2): lines of "key: value"
// in any order, each ended with LF or CRLF, the last one perhaps not. Unknown keys
// are passed over; of those that are known and not mx the first counts.
func Policy(text []byte) facts.STSPolicy {
	sum := sha256.Sum256(text)
	p := reader{policy: facts.STSPolicy{SHA256: hex.EncodeToString(sum[:])}, seen: map[string]bool{}}
	p.policy.Flaw = p.read(string(text))
	if p.policy.Flaw == nil {
		p.age()
	}
	return p.policy
}

type reader struct {
	policy facts.STSPolicy
	seen   map[string]bool // keys
}

func (p *reader) read(text string) *facts.STSFlaw {
	switch {
	case text == "":
		return &facts.STSFlaw{Kind: facts.STSEmpty}
	case len(text) > maxPolicy: // from a file; what is fetched is cut off before
		return &facts.STSFlaw{Kind: facts.STSLarge}
	case strings.HasPrefix(text, "\ufeff"):
		return &facts.STSFlaw{Kind: facts.STSMark, Line: 1}
	}
	n := 0
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		n++
		if kind, bad, ok := p.line(n, strings.TrimSuffix(line, "\r")); !ok {
			return &facts.STSFlaw{Kind: kind, Line: n, Text: cut(bad)}
		}
	}
	return p.missing()
}

// line takes one line in. Where it does not, it says why.
func (p *reader) line(n int, line string) (kind facts.STSFlawKind, bad string, ok bool) {
	key, value, found := strings.Cut(line, ":")
	value = strings.Trim(value, blanks)
	switch {
	case strings.Trim(line, blanks) == "":
		return facts.STSBlankLine, "", false
	case !found || !isName(key) || !isText(value):
		return facts.STSBadLine, line, false
	case key == "mx":
		return p.mx(n, value)
	case p.seen[key]:
		return 0, "", true
	}
	p.seen[key] = true
	switch key {
	case "version":
		return facts.STSBadVersion, value, value == "STSv1"
	case "mode":
		p.policy.Mode = facts.STSMode(value)
		known := value == string(facts.STSEnforce) || value == string(facts.STSTesting) || value == string(facts.STSNone)
		return facts.STSBadMode, value, known
	case "max_age":
		if len(value) > 10 || !all(value, isDigit) {
			return facts.STSBadAge, value, false
		}
		p.policy.MaxAge, _ = strconv.ParseInt(value, 10, 64) // ten digits always fit
	}
	return 0, "", true
}

func (p *reader) mx(n int, value string) (facts.STSFlawKind, string, bool) {
	if !isDomain(strings.TrimPrefix(value, "*.")) {
		return facts.STSBadMX, value, false
	}
	p.seen["mx"] = true
	p.policy.MX = append(p.policy.MX, facts.STSPattern{Text: value, Line: n})
	if value != strings.ToLower(value) {
		p.lint(facts.STSUpper, n, value)
	}
	return 0, "", true
}

func (p *reader) lint(kind facts.STSFlawKind, line int, text string) {
	p.policy.Lints = append(p.policy.Lints, facts.STSFlaw{Kind: kind, Line: line, Text: cut(text)})
}

// missing is the first required field that is not there.
func (p *reader) missing() *facts.STSFlaw {
	switch {
	case !p.seen["version"]:
		return &facts.STSFlaw{Kind: facts.STSNoVersion}
	case !p.seen["mode"]:
		return &facts.STSFlaw{Kind: facts.STSNoMode}
	case !p.seen["max_age"]:
		return &facts.STSFlaw{Kind: facts.STSNoAge}
	case !p.seen["mx"] && p.policy.Mode != facts.STSNone:
		return &facts.STSFlaw{Kind: facts.STSNoMX}
	}
	return nil
}

// age minds the lifetime. A policy of mode none, which ends another one, is to have
// a short one (RFC 8461 section 8.3).
func (p *reader) age() {
	switch age := p.policy.MaxAge; {
	case age > year:
		p.lint(facts.STSLongAge, 0, strconv.FormatInt(age, 10))
	case age < day && p.policy.Mode != facts.STSNone:
		p.lint(facts.STSShortAge, 0, strconv.FormatInt(age, 10))
	}
}

// isText says whether a text is the value of a field of a policy: any characters
// but controls.
func isText(s string) bool {
	return s != "" && utf8.ValidString(s) && all(s, func(c byte) bool { return c >= ' ' && c != 0x7f })
}

// isDomain says whether a text is a domain of RFC 5321 section 4.1.2, which has
// no final dot, with the lengths of RFC 1035 section 2.3.4.
func isDomain(s string) bool {
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		n := len(label)
		if n == 0 || n > 63 || !isAlnum(label[0]) || !isAlnum(label[n-1]) || !all(label, func(c byte) bool { return isAlnum(c) || c == '-' }) {
			return false
		}
	}
	return true
}
