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
// Loosest first: or, and, not, ||, &&, the comparisons == != < <= > >= of
// numbers and eq ne lt le gt ge of texts, + -, * / %, =~ !~ with /pattern/, !
// and the sign, **. What Perl would read as a chain of comparisons is refused. A
// name is %(name), %{name} or the bare name, a text stands in quotes.
type Expr struct{ eval func(Lookup) Value }

// Lookup is the value of a name.
type Lookup func(name string) Value

// Value is a number or a text. As in Perl a text counts as the number that it
// begins with, else as 0, and "", "0" and 0 are false.
type Value struct {
	text   string
	number float64
	isText bool
}

// NumberValue is a number.
func NumberValue(v float64) Value { return Value{number: v} }

// TextValue is a text.
func TextValue(text string) Value { return Value{text: text, isText: true} }

// Number is the value as a number. It may be infinite or none (NaN).
func (e *Expr) Number(names Lookup) float64 { return e.eval(names).asNumber() }

// True says whether the value counts as true.
func (e *Expr) True(names Lookup) bool { return e.eval(names).isTrue() }

func (v Value) asNumber() float64 {
	if !v.isText {
		return v.number
	}
	return leadingNumber(v.text)
}

func (v Value) asText() string {
	if v.isText {
		return v.text
	}
	return strconv.FormatFloat(v.number, 'g', 15, 64)
}

func (v Value) isTrue() bool {
	if v.isText {
		return v.text != "" && v.text != "0"
	}
	return v.number != 0
}

func truth(yes bool) Value {
	if yes {
		return NumberValue(1)
	}
	return TextValue("")
}

// leadingNumber is the decimal number that a text begins with, or 0.
func leadingNumber(text string) float64 {
	text = strings.TrimLeft(text, " \t\n\v\f\r")
	digits := strings.TrimLeft(text, "+-")
	signs := len(text) - len(digits)
	if signs > 1 {
		return 0
	}
	v, _ := strconv.ParseFloat(text[:signs+numberLen(digits)], 64) // infinite if it is too large, 0 if there is none
	return v
}

// numberLen is how much of a text is a number without a sign; 0: it begins with
// none.
func numberLen(text string) int {
	n := digitsLen(text)
	digits := n
	if strings.HasPrefix(text[n:], ".") {
		more := digitsLen(text[n+1:])
		digits, n = digits+more, n+1+more
	}
	if digits == 0 {
		return 0
	}
	if n < len(text) && (text[n] == 'e' || text[n] == 'E') {
		power := strings.TrimLeft(text[n+1:], "+-")
		signs := len(text) - n - 1 - len(power)
		if more := digitsLen(power); more > 0 && signs <= 1 {
			n += 1 + signs + more
		}
	}
	return n
}

func digitsLen(text string) int { return len(text) - len(strings.TrimLeft(text, "0123456789")) }

// ParseExpr reads an expression. The names are those that it may use; one that
// ends with "()" is written so.
func ParseExpr(text string, names ...string) (*Expr, error) {
	if len(text) > maxExpr {
		return nil, fmt.Errorf("it is longer than %d bytes", maxExpr)
	}
	p := exprParser{rest: text, names: names}
	eval, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest != "" {
		return nil, p.unexpected()
	}
	return &Expr{eval}, nil
}

type exprParser struct {
	rest  string
	depth int
	names []string
}

// node is one part of an expression, ready to be evaluated.
type node = func(Lookup) Value

// operator is how an infix operator is written, and what it does.
type operator struct {
	text  string
	apply func(a, b node) node
}

func (p *exprParser) alternatives() (node, error) {
	return p.infix(p.conjunction, operator{"or", either})
}

func (p *exprParser) conjunction() (node, error) {
	return p.infix(p.tightAlternatives, operator{"and", both})
}

// tightAlternatives is also what follows not.
func (p *exprParser) tightAlternatives() (node, error) {
	return p.infix(p.tightConjunction, operator{"||", either})
}

func (p *exprParser) tightConjunction() (node, error) {
	return p.infix(p.comparison, operator{"&&", both})
}

// either is the first value if that is true, else the second one.
func either(a, b node) node {
	return func(l Lookup) Value {
		if v := a(l); v.isTrue() {
			return v
		}
		return b(l)
	}
}

// both is the first value if that is false, else the second one.
func both(a, b node) node {
	return func(l Lookup) Value {
		if v := a(l); !v.isTrue() {
			return v
		}
		return b(l)
	}
}

func opposite(a node, err error) (node, error) {
	return func(l Lookup) Value { return truth(!a(l).isTrue()) }, err
}

// comparison reads at most one comparison: they do not chain.
func (p *exprParser) comparison() (node, error) {
	a, err := p.sum()
	if err != nil {
		return nil, err
	}
	for _, op := range comparisons() {
		if !p.take(op.text) {
			continue
		}
		b, err := p.sum()
		return func(l Lookup) Value { return truth(op.holds(a(l), b(l))) }, err
	}
	return a, nil
}

// comparisons lists an operator before those that it begins with.
func comparisons() []struct {
	text  string
	holds func(a, b Value) bool
} {
	number := func(ok func(a, b float64) bool) func(a, b Value) bool {
		return func(a, b Value) bool { return ok(a.asNumber(), b.asNumber()) }
	}
	text := func(ok func(order int) bool) func(a, b Value) bool {
		return func(a, b Value) bool { return ok(strings.Compare(a.asText(), b.asText())) }
	}
	return []struct {
		text  string
		holds func(a, b Value) bool
	}{
		{"==", number(func(a, b float64) bool { return a == b })},
		{"!=", number(func(a, b float64) bool { return a != b })},
		{"<=", number(func(a, b float64) bool { return a <= b })},
		{">=", number(func(a, b float64) bool { return a >= b })},
		{"<", number(func(a, b float64) bool { return a < b })},
		{">", number(func(a, b float64) bool { return a > b })},
		{"eq", text(func(order int) bool { return order == 0 })},
		{"ne", text(func(order int) bool { return order != 0 })},
		{"lt", text(func(order int) bool { return order < 0 })},
		{"le", text(func(order int) bool { return order <= 0 })},
		{"gt", text(func(order int) bool { return order > 0 })},
		{"ge", text(func(order int) bool { return order >= 0 })},
	}
}

func (p *exprParser) sum() (node, error) {
	return p.infix(p.product,
		calculation("+", func(a, b float64) float64 { return a + b }),
		calculation("-", func(a, b float64) float64 { return a - b }))
}

func (p *exprParser) product() (node, error) {
	return p.infix(p.match,
		calculation("*", func(a, b float64) float64 { return a * b }),
		calculation("/", func(a, b float64) float64 { return a / b }),
		calculation("%", modulo))
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

// match reads at most one pattern behind a value.
func (p *exprParser) match() (node, error) {
	a, err := p.sign()
	if err != nil {
		return nil, err
	}
	for _, op := range []string{"=~", "!~"} {
		if p.take(op) {
			re, err := p.pattern()
			return func(l Lookup) Value { return truth(re.MatchString(a(l).asText()) == (op == "=~")) }, err
		}
	}
	return a, nil
}

func calculation(text string, f func(a, b float64) float64) operator {
	return operator{text, func(a, b node) node {
		return func(l Lookup) Value { return NumberValue(f(a(l).asNumber(), b(l).asNumber())) }
	}}
}

func (p *exprParser) sign() (node, error) {
	switch {
	case p.take("!"):
		return opposite(p.nested(p.sign))
	case p.take("+"):
		return p.nested(p.sign)
	case p.take("-"):
		a, err := p.nested(p.sign)
		return func(l Lookup) Value { return NumberValue(0 - a(l).asNumber()) }, err
	}
	return p.power()
}

func (p *exprParser) power() (node, error) {
	a, err := p.operand()
	if err != nil || !p.take("**") {
		return a, err
	}
	b, err := p.nested(p.sign) // from the right: 2 ** 3 ** 2 is 512
	return func(l Lookup) Value { return NumberValue(math.Pow(a(l).asNumber(), b(l).asNumber())) }, err
}

// infix reads operands with operators of one rank between them.
func (p *exprParser) infix(operand func() (node, error), ops ...operator) (node, error) {
	a, err := operand()
	for err == nil {
		i := slices.IndexFunc(ops, func(op operator) bool { return p.take(op.text) })
		if i < 0 {
			return a, nil
		}
		// The tree leans to the left, so a long chain is a deep one, too.
		if p.depth++; p.depth > maxDepth {
			return nil, errDeep
		}
		var b node
		b, err = operand()
		a = ops[i].apply(a, b)
	}
	return nil, err
}

var errDeep = errors.New("it is too deep or has too many operators")

// nested reads a part that lies deeper.
func (p *exprParser) nested(read func() (node, error)) (node, error) {
	if p.depth++; p.depth > maxDepth {
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
		if p.take("(") {
			return opposite(p.parentheses()) // like a function (perlfunc, "not")
		}
		a, err := p.nested(p.tightAlternatives)
		if err == nil && !p.loose() {
			err = p.unexpected() // a second comparison
		}
		return opposite(a, err)
	case strings.HasPrefix(p.rest, "%(") || strings.HasPrefix(p.rest, "%{"):
		return p.quotedName()
	case strings.HasPrefix(p.rest, "'") || strings.HasPrefix(p.rest, `"`):
		text, err := p.until(p.rest[0])
		return func(Lookup) Value { return TextValue(text) }, err
	}
	if word := p.span(isWord); word != "" {
		return p.name(word)
	}
	return p.number()
}

// loose says whether nothing follows that binds tighter than not.
func (p *exprParser) loose() bool {
	next := *p
	return next.take("and") || next.take("or") || next.take(")") || next.rest == ""
}

// parentheses reads what follows the opening one.
func (p *exprParser) parentheses() (node, error) {
	a, err := p.nested(p.alternatives)
	if err == nil && !p.take(")") {
		err = p.unexpected()
	}
	return a, err
}

func (p *exprParser) number() (node, error) {
	digits := p.rest[:numberLen(p.rest)]
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return nil, p.unexpected()
	}
	p.rest = p.rest[len(digits):]
	return func(Lookup) Value { return NumberValue(v) }, nil
}

// quotedName reads %(name) or %{name}.
func (p *exprParser) quotedName() (node, error) {
	closing := byte(')')
	if p.rest[1] == '{' {
		closing = '}'
	}
	end := strings.IndexByte(p.rest, closing)
	if end < 0 {
		return nil, p.unexpected()
	}
	name := strings.TrimSpace(p.rest[2:end])
	p.rest = p.rest[end+1:]
	return p.value(name)
}

// name reads a bare name, or one with "()" behind it.
func (p *exprParser) name(word string) (node, error) {
	p.rest = p.rest[len(word):]
	if strings.HasPrefix(p.rest, "()") {
		p.rest, word = p.rest[2:], word+"()"
	}
	return p.value(word)
}

func (p *exprParser) value(name string) (node, error) {
	if !slices.Contains(p.names, name) {
		return nil, fmt.Errorf("%q is not a name that can be used here, which are %s", short(name), strings.Join(p.names, ", "))
	}
	return func(l Lookup) Value { return l(name) }, nil
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
	flags := p.span(isWord)
	p.rest = p.rest[len(flags):]
	return CompilePerl(text, flags)
}

// until reads what stands between two quotation marks. A backslash before the
// mark belongs to the mark.
func (p *exprParser) until(mark byte) (string, error) {
	var b []byte
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; {
		case c == mark:
			p.rest = p.rest[i+1:]
			return string(b), nil
		case c == '\\' && i+1 < len(p.rest) && p.rest[i+1] == mark:
			i++
			b = append(b, mark)
		case c == '\\' && i+1 < len(p.rest):
			i++
			b = append(b, c, p.rest[i])
		default:
			b = append(b, c)
		}
	}
	return "", p.unexpected()
}

// take reads an operator if it comes next. A word must end where it ends.
func (p *exprParser) take(op string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, op)
	first := rune(op[0])
	switch {
	case !ok:
		return false
	case isWord(first) && rest != "" && (isWord(rune(rest[0])) || isDigit(rune(rest[0]))):
		return false
	}
	p.rest = rest
	return true
}

func (p *exprParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t") }

// span is the beginning of what is left that holds only such characters.
func (p *exprParser) span(in func(rune) bool) string {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return !in(r) })
	if end < 0 {
		return p.rest
	}
	return p.rest[:end]
}

func isWord(r rune) bool  { return r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func (p *exprParser) unexpected() error {
	if p.skip(); p.rest == "" {
		return errors.New("it ends too early")
	}
	return fmt.Errorf("it makes no sense at %q", short(p.rest))
}

// short is the beginning of a text, for messages.
func short(text string) string {
	const most = 30
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
