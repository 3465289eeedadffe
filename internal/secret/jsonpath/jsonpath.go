// Package jsonpath finds values in a decoded JSON document. It knows the part
// of JSONPath that finds a secret, in the spelling of RFC 9535 and in that of
// Perl's JSON::Path, in which the examples of Centreon's plugins are written:
//
//	$.a  $['a']  $[0]  $[-1]  $.*  $[*]  $..a  $..*  $[?(CONDITION)]
//
// A point may stand before a bracket. CONDITION compares @.a or $_->{a} with a
// text, a number or, after =~ and !~, a /regular expression/ (RE2); the
// operators are == != eq ne =~ !~, joined by && || and or, with ! and
// parentheses. A value alone asks whether it is there. No slices, no unions, no
// functions, no arithmetic, and no Perl.
package jsonpath

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// maxFound bounds what a path like $..*..* gathers on its way.
const maxFound = 100_000

// Path is a compiled path. The zero value finds the document itself.
type Path struct{ steps []step }

// step goes from a value to some of its children.
type step struct {
	deep  bool // to those of every value below, too (RFC 9535 section 2.5.2)
	all   bool
	name  string
	index int
	isNum bool
	cond  condition // nil: none
}

// Find returns the values that the path leads to, in the order of the document;
// the members of an object come in the order of their names. doc is what
// encoding/json decodes into an any, with UseNumber.
func (p Path) Find(doc any) []any {
	found := []any{doc}
	for _, s := range p.steps {
		var next []any
		for _, v := range found {
			next = s.walk(next, v)
		}
		found = next
	}
	return found
}

// walk adds what the step finds in v.
func (s step) walk(found []any, v any) []any {
	if len(found) > maxFound {
		return found
	}
	found = s.take(found, v)
	if s.deep {
		for _, child := range children(v) {
			found = s.walk(found, child)
		}
	}
	return found
}

// take adds the children of v that the step is for.
func (s step) take(found []any, v any) []any {
	switch {
	case s.all:
		return append(found, children(v)...)
	case s.cond != nil:
		for _, child := range children(v) {
			if s.cond(child) {
				found = append(found, child)
			}
		}
	default:
		if child, ok := s.child(v); ok {
			found = append(found, child)
		}
	}
	return found
}

// child is the one child that a name or an index stands for. A negative index
// counts from the end (RFC 9535 section 2.3.3).
func (s step) child(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		child, ok := v[s.name]
		return child, ok && !s.isNum
	case []any:
		i := s.index
		if i < 0 {
			i += len(v)
		}
		if s.isNum && i >= 0 && i < len(v) {
			return v[i], true
		}
	}
	return nil, false
}

func children(v any) []any {
	switch v := v.(type) {
	case []any:
		return v
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		list := make([]any, 0, len(v))
		for _, name := range names {
			list = append(list, v[name])
		}
		return list
	}
	return nil
}

// Text is a value as a text; false for what is none: an object, an array, null.
func Text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// parser reads a path from left to right.
type parser struct {
	rest  string
	depth int // of parentheses
}

// maxPath is what nobody writes by hand any more.
const maxPath = 4096 // bytes

// Parse compiles a path. The error does not repeat the path, into which the
// caller may have put other texts.
func Parse(text string) (Path, error) {
	p := parser{rest: strings.TrimSpace(text)}
	switch {
	case len(text) > maxPath:
		return Path{}, errors.New("it is longer than 4096 bytes")
	case !p.cut("$"):
		return Path{}, errors.New("it does not begin with $")
	}
	var path Path
	for p.rest != "" {
		s, err := p.step()
		if err != nil {
			return Path{}, err
		}
		path.steps = append(path.steps, s)
	}
	return path, nil
}

func (p *parser) cut(prefix string) bool {
	rest, ok := strings.CutPrefix(p.rest, prefix)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *parser) space() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *parser) step() (s step, err error) {
	s.deep = p.cut("..")
	dot := s.deep || p.cut(".")
	switch {
	case p.cut("["):
		err = p.bracket(&s)
	case !dot:
		err = errors.New("a step begins with neither . nor [")
	case p.cut("*"):
		s.all = true
	default:
		s.name, err = p.name()
	}
	return s, err
}

// name reads a name that needs no quotes.
func (p *parser) name() (string, error) {
	end := strings.IndexFunc(p.rest, func(r rune) bool {
		return r < 0x80 && r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	if end < 0 {
		end = len(p.rest)
	}
	name := p.rest[:end]
	p.rest = p.rest[end:]
	if name == "" {
		return "", errors.New("a name is missing")
	}
	return name, nil
}

// bracket reads what stands between [ and ].
func (p *parser) bracket(s *step) (err error) {
	p.space()
	switch {
	case p.cut("*"):
		s.all = true
	case p.cut("?"):
		s.cond, err = p.either()
	case p.quoted():
		s.name, err = p.text()
	default:
		s.isNum = true
		s.index, err = p.number()
	}
	if err != nil {
		return err
	}
	p.space()
	if !p.cut("]") {
		return errors.New("a ] is missing")
	}
	return nil
}

func (p *parser) quoted() bool {
	return p.rest != "" && (p.rest[0] == '\'' || p.rest[0] == '"')
}

// text reads a text in quotes of either kind; a backslash takes the next
// character as it is.
func (p *parser) text() (string, error) { return p.delimited(p.rest[0], false) }

// delimited reads up to the end of a text that begins with its delimiter. In a
// regular expression a backslash only goes when it stands before that.
func (p *parser) delimited(delimiter byte, regexp bool) (string, error) {
	var text []byte
	for i := 1; i < len(p.rest); i++ {
		c := p.rest[i]
		switch {
		case c == delimiter:
			p.rest = p.rest[i+1:]
			return string(text), nil
		case c == '\\' && i+1 < len(p.rest):
			i++
			if regexp && p.rest[i] != delimiter {
				text = append(text, c)
			}
			c = p.rest[i]
		}
		text = append(text, c)
	}
	return "", errors.New("a " + string(delimiter) + " is missing")
}

func (p *parser) number() (int, error) {
	end := strings.IndexFunc(p.rest, func(r rune) bool { return r != '-' && (r < '0' || r > '9') })
	if end < 0 {
		end = len(p.rest)
	}
	n, err := strconv.Atoi(p.rest[:end])
	if err != nil {
		return 0, errors.New("between [ and ] stands no number, name in quotes, * or ?(condition)")
	}
	p.rest = p.rest[end:]
	return n, nil
}
