package jsonpath

import (
	"errors"
	"regexp"
	"strings"
)

// condition says whether a value is one that is looked for.
type condition func(s *search, v any) bool

// operand is one side of a comparison; false: there is nothing there.
type operand func(s *search, v any) (any, bool)

// maxDepth of parentheses keeps a hostile condition off the stack's end.
const maxDepth = 50

// either reads conditions joined by ||, which binds less than &&.
func (p *parser) either() (condition, error) {
	return p.joined(p.both, []string{"||", "or "}, func(a, b condition) condition {
		return func(s *search, v any) bool { return a(s, v) || b(s, v) }
	})
}

func (p *parser) both() (condition, error) {
	return p.joined(p.term, []string{"&&", "and "}, func(a, b condition) condition {
		return func(s *search, v any) bool { return a(s, v) && b(s, v) }
	})
}

// joined reads one part or several with one of the operators in between.
func (p *parser) joined(part func() (condition, error), operators []string, join func(a, b condition) condition) (condition, error) {
	all, err := part()
	for err == nil {
		p.space()
		if !p.cut(operators[0]) && !p.cut(operators[1]) {
			return all, nil
		}
		first := all
		var next condition
		if next, err = part(); err == nil {
			all = join(first, next)
		}
	}
	return nil, err
}

// term reads a condition in parentheses, the opposite of one, or a comparison.
func (p *parser) term() (condition, error) {
	p.space()
	if p.depth++; p.depth > maxDepth {
		return nil, errors.New("there are too many parentheses")
	}
	defer func() { p.depth-- }()
	switch {
	case p.cut("("):
		inner, err := p.either()
		p.space()
		if err == nil && !p.cut(")") {
			err = errors.New("a ) is missing")
		}
		return inner, err
	case p.cut("!"):
		inner, err := p.term()
		return func(s *search, v any) bool { return !inner(s, v) }, err
	}
	return p.comparison()
}

// comparison reads OPERAND, OPERAND == OPERAND or OPERAND =~ /RE/.
func (p *parser) comparison() (condition, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	p.space()
	for _, operator := range []string{"==", "eq ", "!=", "ne ", "=~", "!~"} {
		if !p.cut(operator) {
			continue
		}
		p.space()
		no := operator[0] == '!' || operator[0] == 'n'
		if operator[1] == '~' {
			return p.matching(left, no)
		}
		right, err := p.operand()
		return func(s *search, v any) bool { return s.same(left, right, v) != no }, err
	}
	return func(s *search, v any) bool { _, there := left(s, v); return there }, nil
}

// same compares two operands as texts, so that 587 is "587", as Perl's eq does.
func (s *search) same(left, right operand, v any) bool {
	a, _ := left(s, v)
	b, _ := right(s, v)
	s.spend(1)
	x, okX := Text(a)
	y, okY := Text(b)
	return okX && okY && x == y
}

// matching reads a regular expression between slashes and the letters after it,
// of which i, m and s mean the same in Perl and in RE2.
func (p *parser) matching(left operand, no bool) (condition, error) {
	if !strings.HasPrefix(p.rest, "/") {
		return nil, errors.New("/regular expression/ is missing after =~")
	}
	text, err := p.delimited('/', true)
	if err != nil {
		return nil, err
	}
	if letters := p.span(func(r rune) bool { return r == 'i' || r == 'm' || r == 's' }); letters != "" {
		text = "(?" + letters + ")" + text
	}
	re, err := regexp.Compile(text)
	if err != nil { // whose words repeat the expression
		return nil, errors.New("the regular expression is not one of RE2")
	}
	return func(s *search, v any) bool {
		a, _ := left(s, v)
		text, ok := Text(a)
		ok = ok && s.spend(1+len(text)/16) // a long text takes long
		return ok && re.MatchString(text) != no
	}, nil
}

// operand reads a path from the value at hand, or a constant.
func (p *parser) operand() (operand, error) {
	p.space()
	if p.cut("@") || p.cut("$_") {
		return p.relative()
	}
	text, err := p.constant()
	return func(*search, any) (any, bool) { return text, true }, err
}

// constant reads a text, or a number or a word to be compared as one.
func (p *parser) constant() (string, error) {
	if p.quoted() {
		return p.text()
	}
	end := strings.IndexAny(p.rest, " \t)]=!&|")
	if end <= 0 || strings.Trim(p.rest[:end], "+-.0123456789truefals") != "" {
		return "", errors.New("a condition compares neither @.name, $_->{name}, 'text' nor a number")
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word, nil
}

// relative reads the steps after @ or $_: .name ['name'] [0] ->{name} ->[0].
func (p *parser) relative() (operand, error) {
	var steps []step
	for {
		arrow := p.cut("->")
		var s step
		var err error
		switch {
		case p.cut("{"):
			s.name, err = p.key()
		case p.cut("["):
			err = p.bracket(&s)
		case !arrow && strings.HasPrefix(p.rest, "."):
			p.cut(".")
			s.name, err = p.name()
		case arrow:
			err = errors.New("{ or [ is missing after ->")
		default:
			return func(s *search, v any) (any, bool) { return s.first(steps, v) }, nil
		}
		if err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
}

// key reads the rest of {name} or {'name'}.
func (p *parser) key() (name string, err error) {
	if p.quoted() {
		name, err = p.text()
	} else {
		name, err = p.name()
	}
	if err == nil && !p.cut("}") {
		err = errors.New("a } is missing")
	}
	return name, err
}

// first is the first value that the steps lead to.
func (s *search) first(steps []step, v any) (any, bool) {
	found := s.follow(steps, v)
	if len(found) == 0 {
		return nil, false
	}
	return found[0], true
}
