package centreon

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"check_smtp/internal/plan"
)

const maxPattern = 1000 // bytes

// CompilePerl compiles a pattern that was written for Perl, with flags such as
// "i". RE2 reads the same syntax but for look-around and back-references.
func CompilePerl(pattern, flags string) (*regexp.Regexp, error) {
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
		group, rest := groupOf(perl)
		switch {
		case group != "":
			b.WriteString("${" + group + "}")
		case perl[0] == '\\' && len(perl) > 1 && isWord(rune(perl[1])):
			return "", fmt.Errorf("%q is not known in a replacement: $1 and \\1 are groups", perl[:2])
		case perl[0] == '\\' && len(perl) > 1:
			b.WriteString(strings.ReplaceAll(perl[1:2], "$", "$$"))
			rest = perl[2:]
		default:
			b.WriteString(strings.ReplaceAll(perl[:1], "$", "$$"))
			rest = perl[1:]
		}
		perl = rest
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

// ParseSubstitution reads PATTERN~REPLACEMENT~FLAGS. What is missing is empty;
// the flags are g, i, m and s.
func ParseSubstitution(text string) (Substitution, error) {
	pattern, rest, _ := strings.Cut(text, "~")
	replacement, flags, _ := strings.Cut(rest, "~")
	s := Substitution{All: strings.Contains(flags, "g")}
	var err error
	if s.Pattern, err = CompilePerl(pattern, strings.ReplaceAll(flags, "g", "")); err != nil {
		return s, err
	}
	s.Text, err = template(replacement)
	return s, err
}

// ParseEdit reads SEARCH,NEWLABEL,METHOD,UNIT,MIN,MAX,WARNING,CRITICAL, an entry
// of --change-perfdata and --extend-perfdata. What is missing or empty leaves
// things as they are.
func ParseEdit(text string) (Edit, error) {
	e, part, err := parseEdit(text)
	if err == nil && part[0] == "" {
		return e, errors.New("it begins with the pattern of a label, and there is none")
	}
	return e, err
}

// ParseGroup reads an entry of --extend-perfdata-group: the same with a method
// that counts. Without a SEARCH it makes one metric, else one for each label.
func ParseGroup(text string) (Edit, error) {
	e, part, err := parseEdit(text)
	switch {
	case err != nil:
		return e, err
	case !e.Method.Kind.Counts():
		return e, fmt.Errorf("%q is none of min(REGEX), max(REGEX), average(REGEX) and sum(REGEX)", short(part[2]))
	case part[0] == "":
		e.Search = nil
	}
	if e.Label == "" {
		return e, errors.New("the new label, its second part, is missing")
	}
	return e, nil
}

func parseEdit(text string) (Edit, []string, error) {
	part := strings.Split(text, ",")
	if len(part) > 8 {
		return Edit{}, nil, errors.New("it has more than 8 parts; a part cannot hold a comma")
	}
	part = append(part, make([]string, 8-len(part))...)
	var e Edit
	readers := []func(string) error{
		func(s string) (err error) { e.Search, err = CompilePerl(s, ""); return err },
		func(s string) (err error) { e.Label, err = template(s); return err },
		func(s string) (err error) { e.Method, err = parseMethod(s, part[0] != ""); return err },
		func(s string) error { e.Unit = s; return checkUnit(s) },
		func(s string) (err error) { e.Min, err = parseNumber(s); return err },
		func(s string) (err error) { e.Max, err = parseNumber(s); return err },
		func(s string) (err error) { e.Limits[0], err = parseLimit(s); return err },
		func(s string) (err error) { e.Limits[1], err = parseLimit(s); return err },
	}
	for i, read := range readers {
		if err := read(strings.TrimSpace(part[i])); err != nil {
			return Edit{}, nil, err
		}
	}
	return e, part, nil
}

// checkUnit refuses a unit that could be read as part of the number before it or
// of the field behind it.
func checkUnit(unit string) error {
	strange := func(r rune) bool { return !isWord(r) && !isDigit(r) && !strings.ContainsRune("%/-", r) }
	if len(unit) > 20 || strings.ContainsFunc(unit, strange) || unit != "" && (isDigit(rune(unit[0])) || unit[0] == '-') {
		return fmt.Errorf("%q is not a unit such as s, ms, B or %%", short(unit))
	}
	return nil
}

func parseNumber(text string) (*float64, error) {
	if text == "" {
		return nil, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.Trim(text, "+-.0123456789") != "" || math.Abs(v) >= 1e15 {
		return nil, fmt.Errorf("%q is not a number", short(text))
	}
	return &v, nil
}

// parseLimit reads a range, or N% of the maximum.
func parseLimit(text string) (*Limit, error) {
	if text == "" {
		return nil, nil
	}
	if share, ok := strings.CutSuffix(text, "%"); ok {
		v, err := parseNumber(share)
		if err != nil || v == nil || *v <= 0 {
			return nil, fmt.Errorf("%q is not a share of the maximum such as 80%%", short(text))
		}
		return &Limit{Percent: *v}, nil
	}
	r, err := plan.ParseRange(text)
	return &Limit{Range: r}, err
}

// parseMethod reads NAME(ARGUMENT). A pattern in it is a template when there is
// a search to take groups from.
func parseMethod(text string, groups bool) (Method, error) {
	if text == "" {
		return Method{}, nil
	}
	name, arg, ok := strings.Cut(text, "(")
	arg, closed := strings.CutSuffix(arg, ")")
	m := Method{Kind: MethodKind(strings.TrimSpace(name))}
	var err error
	switch {
	case m.Kind == "eval":
		return m, errors.New("eval runs code, which this program does not do: calculate with math(current * 1000)")
	case !ok || !closed:
		return m, fmt.Errorf("%q is not METHOD(ARGUMENT)", short(text))
	case m.Kind == MethodInvert || m.Kind == MethodPercent:
	case m.Kind == MethodScale:
		m.Unit = arg
		if _, known := ParseUnit(arg); arg != "auto" && !known {
			err = fmt.Errorf("%q: give auto or a unit such as KB, Mb or Gbps", short(arg))
		}
	case m.Kind == MethodMath:
		arg, m.Thresholds = strings.CutSuffix(arg, "|1")
		if m.Expr, err = ParseExpr(arg, "current"); err != nil {
			err = fmt.Errorf("%q: %w", short(arg), err)
		}
	case m.Kind.Counts():
		m.Over, err = overPattern(arg, groups)
	default:
		err = fmt.Errorf("%q is not a method, which are invert, percent, scale, math, min, max, average and sum", short(string(m.Kind)))
	}
	return m, err
}

// overPattern reads the pattern of the labels that count. Groups of the search
// are filled in later, each by some text taken literally.
func overPattern(text string, groups bool) (string, error) {
	if !groups {
		_, err := CompilePerl(text, "")
		return text, err
	}
	var b, sample strings.Builder
	for text != "" {
		group, rest := groupOf(text)
		if group == "" || text[0] == '\\' { // in a pattern \1 is a back-reference, which RE2 refuses
			b.WriteString(strings.ReplaceAll(text[:1], "$", "$$"))
			sample.WriteByte(text[0])
			text = text[1:]
			continue
		}
		b.WriteString("${" + group + "}")
		sample.WriteByte('x')
		text = rest
	}
	_, err := CompilePerl(sample.String(), "")
	return b.String(), err
}

// ParseExplosion reads REGEX,NEWLABEL; "all" is every metric that has a maximum.
func ParseExplosion(text string) (Explosion, error) {
	if text == "all" {
		return Explosion{}, nil
	}
	pattern, label, ok := strings.Cut(text, ",")
	if !ok || pattern == "" || label == "" || strings.Contains(label, ",") {
		return Explosion{}, errors.New("it is not REGEX,NEWLABEL")
	}
	var e Explosion
	var err error
	if e.Search, err = CompilePerl(pattern, ""); err != nil {
		return e, err
	}
	e.Label, err = template(label)
	return e, err
}

// ParseOutcome reads CONDITION,NEW TEXT,NEW EXIT. The condition ends at the first
// comma that is not part of a quotation or a pattern, the text at the last one.
func ParseOutcome(text string) (Outcome, error) {
	end := endOfCondition(text)
	condition, rest := text[:end], strings.TrimPrefix(text[end:], ",")
	o := Outcome{Exit: -1, Text: rest}
	if i := strings.LastIndexByte(rest, ','); i >= 0 {
		word := strings.TrimSpace(rest[i+1:])
		exit, ok := ParseExit(word)
		if !ok && word != "" {
			return o, fmt.Errorf("%q is not a state", short(word))
		}
		if ok {
			o.Exit = exit
		}
		o.Text = rest[:i]
	}
	if _, err := template(strings.ReplaceAll(o.Text, `\`, "/")); err != nil {
		return o, err
	}
	var err error
	o.If, err = ParseExpr(condition, "short_output", "exit_code")
	return o, err
}

func endOfCondition(text string) int {
	var open byte
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case open != 0 && c == '\\':
			i++
		case c == open:
			open = 0
		case open != 0:
		case c == ',':
			return i
		case c == '\'' || c == '"' || c == '/' && strings.HasSuffix(strings.TrimRight(text[:i], " m"), "~"):
			open = c
		}
	}
	return len(text)
}

// ParseExit reads the name of a state, or Centreon's pending, which is 4.
func ParseExit(word string) (int, bool) {
	for _, s := range plan.States {
		if strings.EqualFold(word, s.String()) {
			return int(s), true
		}
	}
	return 4, strings.EqualFold(word, "pending")
}

// DataUnit is a unit of bytes or bits, such as KB or Mbps.
type DataUnit struct {
	Power  int  // of 1024 or 1000
	Bits   bool // the base is 1000, else 1024
	Suffix string
}

const prefixes = " KMGTPE"

// ParseUnit reads a unit of bytes (B) or bits (b).
func ParseUnit(text string) (DataUnit, bool) {
	var u DataUnit
	if text == "" {
		return u, false
	}
	if i := strings.IndexByte(prefixes[1:], text[0]); i >= 0 {
		u.Power, text = i+1, strings.TrimPrefix(text[1:], "i")
	}
	if text == "" || text[0] != 'B' && text[0] != 'b' {
		return u, false
	}
	u.Bits, u.Suffix = text[0] == 'b', text[1:]
	return u, u.Suffix == "" || u.Suffix == "ps" || u.Suffix == "/s"
}

// Size is how many bits one of the unit is.
func (u DataUnit) Size() float64 {
	if u.Bits {
		return math.Pow(1000, float64(u.Power))
	}
	return 8 * math.Pow(1024, float64(u.Power))
}

// String is the unit as it is printed.
func (u DataUnit) String() string {
	letter := "B"
	if u.Bits {
		letter = "b"
	}
	return strings.TrimSpace(prefixes[u.Power:u.Power+1]) + letter + u.Suffix
}

// Fitting is the unit of the same kind in which a number of bits is best read.
func (u DataUnit) Fitting(bits float64) DataUnit {
	for u.Power = 0; u.Power < len(prefixes)-1; u.Power++ {
		next := u
		next.Power++
		if math.Abs(bits) < next.Size() {
			break
		}
	}
	return u
}
