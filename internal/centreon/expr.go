package centreon

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Bounds of an expression, so that none can take long or exhaust the stack.
const (
	maxExpr  = 1000 // bytes
	maxDepth = 50   // parentheses and operators inside each other
)

// Expr is a condition or a calculation over named values, such as
// "%(label) =~ /^time/ and %(value) > 0.5" or "current * 1000". It looks like
// Perl and means the same, but there is nothing in it that runs code.
//
// A value is a float64 or a string. As in Perl a text counts as the number that it
// begins with, else as 0, and "", "0" and 0 are false. A name is %(name), %{name} or
// the bare name, a text stands in quotes.
type Expr struct{ eval node }

// node is one part of an expression.
type node func(lookup) any

// lookup is the value of a name.
type lookup func(name string) any

// number is the value as a number. It may be infinite or none (NaN).
func (e *Expr) number(names lookup) float64 { return number(e.eval(names)) }

// isTrue says whether the value counts as true.
func (e *Expr) isTrue(names lookup) bool { return isTrue(e.eval(names)) }

func number(v any) float64 {
	if n, ok := v.(float64); ok {
		return n
	}
	n, _ := leading(strings.TrimLeft(v.(string), " \t\n\v\f\r"))
	return n
}

func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return strconv.FormatFloat(v.(float64), 'g', 15, 64)
}

func isTrue(v any) bool {
	if n, ok := v.(float64); ok {
		return n != 0
	}
	return v != "" && v != "0"
}

func truth(yes bool) any {
	if yes {
		return 1.0
	}
	return ""
}

// leading is the decimal number that a text begins with, infinite if it is too
// large, and what follows it; 0 and the text: it begins with none.
func leading(text string) (v float64, rest string) {
	for end := len(text) - len(strings.TrimLeft(text, "+-.0123456789eE")); end > 0; end-- {
		v, err := strconv.ParseFloat(text[:end], 64)
		if err == nil || errors.Is(err, strconv.ErrRange) {
			return v, text[end:]
		}
	}
	return 0, text
}

// operator is how an infix operator is written, and what it does.
type operator struct {
	text  string
	apply func(a, b any) any
}

// operators are those between two operands, the loosest first; what Perl would read as
// a chain of comparisons is refused. One stands before those that it begins with.
var operators = [...][]operator{
	{{"or", either}},
	{{"and", both}},
	tight: {{"||", either}},
	{{"&&", both}},
	comparing: {
		{"==", func(a, b any) any { return truth(number(a) == number(b)) }},
		{"!=", func(a, b any) any { return truth(number(a) != number(b)) }},
		{"<=", func(a, b any) any { return truth(number(a) <= number(b)) }},
		{">=", func(a, b any) any { return truth(number(a) >= number(b)) }},
		{"<", func(a, b any) any { return truth(number(a) < number(b)) }},
		{">", func(a, b any) any { return truth(number(a) > number(b)) }},
		{"eq", func(a, b any) any { return truth(text(a) == text(b)) }},
		{"ne", func(a, b any) any { return truth(text(a) != text(b)) }},
		{"lt", func(a, b any) any { return truth(text(a) < text(b)) }},
		{"le", func(a, b any) any { return truth(text(a) <= text(b)) }},
		{"gt", func(a, b any) any { return truth(text(a) > text(b)) }},
		{"ge", func(a, b any) any { return truth(text(a) >= text(b)) }},
	},
	{
		{"+", func(a, b any) any { return number(a) + number(b) }},
		{"-", func(a, b any) any { return number(a) - number(b) }},
	},
	{
		{"*", func(a, b any) any { return number(a) * number(b) }},
		{"/", func(a, b any) any { return number(a) / number(b) }},
		{"%", func(a, b any) any { return modulo(number(a), number(b)) }},
	},
}

// Ranks of operators.
const (
	tight     = 2 // of what follows not
	comparing = 4
)

// either is the first value if that is true, else the second one.
func either(a, b any) any {
	if isTrue(a) {
		return a
	}
	return b
}

// both is the first value if that is false, else the second one.
func both(a, b any) any {
	if isTrue(a) {
		return b
	}
	return a
}

// modulo is Perl's: of integers, with the sign of b; none (NaN) if b is 0.
func modulo(a, b float64) float64 {
	b = math.Trunc(b)
	rest := math.Mod(math.Trunc(a), b)
	if rest != 0 && math.Signbit(rest) != math.Signbit(b) {
		rest += b
	}
	return rest + 0 // not -0, which is another text
}

// parseExpr reads an expression. The names are those that it may use; one that
// ends with "()" is written so.
func parseExpr(text string, names ...string) (*Expr, error) {
	if len(text) > maxExpr {
		return nil, fmt.Errorf("it is longer than %d bytes", maxExpr)
	}
	p := exprParser{rest: text, names: names}
	eval, err := p.infix(0)
	if p.skip(); err == nil && p.rest != "" {
		err = p.unexpected()
	}
	return &Expr{eval}, err
}

type exprParser struct {
	rest  string
	depth int
	names []string
}

// infix reads operands with operators of one rank between them.
func (p *exprParser) infix(rank int) (node, error) {
	if rank == len(operators) {
		return p.match()
	}
	a, err := p.infix(rank + 1)
	for err == nil {
		i := slices.IndexFunc(operators[rank], func(op operator) bool { return p.take(op.text) })
		if i < 0 {
			return a, nil
		}
		// The tree leans to the left, so a long chain is a deep one, too.
		if rank != comparing && p.deep() {
			return nil, errDeep
		}
		var b node
		left, apply := a, operators[rank][i].apply
		b, err = p.infix(rank + 1)
		a = func(l lookup) any { return apply(left(l), b(l)) }
		if rank == comparing {
			break
		}
	}
	return a, err
}

// match reads at most one pattern behind a value.
func (p *exprParser) match() (node, error) {
	a, err := p.sign()
	if err != nil {
		return nil, err
	}
	for _, op := range []string{"=~", "!~"} {
		if p.take(op) {
			re, err := p.pattern()
			return func(l lookup) any { return truth(re.MatchString(text(a(l))) == (op == "=~")) }, err
		}
	}
	return a, nil
}

func (p *exprParser) sign() (node, error) {
	switch {
	case p.take("!"):
		return opposite(p.nested(p.sign))
	case p.take("+"):
		return p.nested(p.sign)
	case p.take("-"):
		a, err := p.nested(p.sign)
		return func(l lookup) any { return 0 - number(a(l)) }, err
	}
	return p.power()
}

func opposite(a node, err error) (node, error) {
	return func(l lookup) any { return truth(!isTrue(a(l))) }, err
}

func (p *exprParser) power() (node, error) {
	a, err := p.operand()
	if err != nil || !p.take("**") {
		return a, err
	}
	b, err := p.nested(p.sign) // from the right: 2 ** 3 ** 2 is 512
	return func(l lookup) any { return math.Pow(number(a(l)), number(b(l))) }, err
}

var errDeep = errors.New("it is too deep or has too many operators")

// deep counts one part more inside of another, and says whether it lies too deep.
func (p *exprParser) deep() bool {
	p.depth++
	return p.depth > maxDepth
}

// nested reads a part that lies deeper.
func (p *exprParser) nested(read func() (node, error)) (node, error) {
	if p.deep() {
		return nil, errDeep
	}
	return read()
}

func (p *exprParser) operand() (node, error) {
	p.skip()
	switch {
	case p.take("("):
		return p.parentheses()
	case p.take("not"):
		return p.not()
	case strings.HasPrefix(p.rest, "%("):
		return p.quotedName(")")
	case strings.HasPrefix(p.rest, "%{"):
		return p.quotedName("}")
	case strings.HasPrefix(p.rest, "'") || strings.HasPrefix(p.rest, `"`):
		text, err := p.until(p.rest[0])
		return func(lookup) any { return text }, err
	}
	if word := p.word(); word != "" {
		if rest, call := strings.CutPrefix(p.rest, "()"); call {
			p.rest, word = rest, word+"()"
		}
		return p.value(word)
	}
	v, rest := leading(p.rest)
	if rest == p.rest || math.IsInf(v, 0) {
		return nil, p.unexpected()
	}
	p.rest = rest
	return func(lookup) any { return v }, nil
}

// not reads what follows this word.
func (p *exprParser) not() (node, error) {
	if p.take("(") {
		return opposite(p.parentheses()) // like a function (perlfunc, "not")
	}
	a, err := p.nested(func() (node, error) { return p.infix(tight) })
	next := *p // it must be nothing that binds tighter: a second comparison
	if err == nil && !next.take("and") && !next.take("or") && !next.take(")") && next.rest != "" {
		err = p.unexpected()
	}
	return opposite(a, err)
}

// parentheses reads what follows the opening one.
func (p *exprParser) parentheses() (node, error) {
	a, err := p.nested(func() (node, error) { return p.infix(0) })
	if err == nil && !p.take(")") {
		err = p.unexpected()
	}
	return a, err
}

// quotedName reads %(name) or %{name}.
func (p *exprParser) quotedName(closing string) (node, error) {
	name, rest, ok := strings.Cut(p.rest[2:], closing)
	if !ok {
		return nil, p.unexpected()
	}
	p.rest = rest
	return p.value(strings.TrimSpace(name))
}

func (p *exprParser) value(name string) (node, error) {
	if !slices.Contains(p.names, name) {
		return nil, fmt.Errorf("%q is not a name that can be used here, which are %s", short(name), strings.Join(p.names, ", "))
	}
	return func(l lookup) any { return l(name) }, nil
}

// pattern reads /pattern/flags or m/pattern/flags.
func (p *exprParser) pattern() (*regexp.Regexp, error) {
	p.skip()
	p.rest = strings.TrimPrefix(p.rest, "m")
	if !strings.HasPrefix(p.rest, "/") {
		return nil, p.unexpected()
	}
	text, err := p.until('/')
	if err != nil {
		return nil, err
	}
	return compileFlags(text, p.word())
}

// until reads what stands between two quotation marks. A backslash before the
// mark belongs to the mark.
func (p *exprParser) until(mark byte) (string, error) {
	var b []byte
	for i := 1; i < len(p.rest); i++ {
		c := p.rest[i]
		if c == mark {
			p.rest = p.rest[i+1:]
			return string(b), nil
		}
		if c == '\\' && i+1 < len(p.rest) {
			if i++; p.rest[i] != mark {
				b = append(b, c)
			}
		}
		b = append(b, p.rest[i])
	}
	return "", p.unexpected()
}

// take reads an operator if it comes next. A word must end where it ends.
func (p *exprParser) take(op string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, op)
	if !ok || isWord(rune(op[0])) && rest != "" && (isWord(rune(rest[0])) || isDigit(rune(rest[0]))) {
		return false
	}
	p.rest = rest
	return true
}

func (p *exprParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t") }

// word reads the letters that come next.
func (p *exprParser) word() string {
	rest := strings.TrimLeftFunc(p.rest, isWord)
	word := p.rest[:len(p.rest)-len(rest)]
	p.rest = rest
	return word
}

func isWord(r rune) bool  { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func (p *exprParser) unexpected() error {
	if p.skip(); p.rest == "" {
		return errors.New("it ends too early")
	}
	return fmt.Errorf("it is wrong at %q", short(p.rest))
}

// short is the beginning of a text, for messages.
func short(text string) string {
	const most = 30
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
