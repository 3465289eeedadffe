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
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Bounds of a search, so that no path takes long on any document.
const (
	maxVisits = 1_000_000 // values looked at, in conditions too
	maxFound  = 100_000   // values that a step found before it takes its last look
	maxLevels = 500       // below which nothing is looked for; Decode allows less, a tree of kdbx twice its elements
)

var errVisits = errors.New("the path visits too much")

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
// encoding/json decodes into an any, with UseNumber. It fails when the search is
// a long one or doc a deep one, and finds all or nothing.
func (p Path) Find(doc any) ([]any, error) {
	s := &search{left: maxVisits}
	found := s.follow(p.steps, doc)
	if s.left < 0 {
		return nil, errVisits
	}
	return found, nil
}

// search is one search; left is how many values it may still visit. Below zero
// it has failed, and what it found counts for nothing.
type search struct{ left int }

func (s *search) spend(visits int) bool {
	s.left -= visits
	return s.left >= 0
}

// follow goes all steps from v.
func (s *search) follow(steps []step, v any) []any {
	found := []any{v}
	for _, to := range steps {
		var next []any
		for _, v := range found {
			next = s.walk(next, to, v, 0)
		}
		found = next
	}
	return found
}

// walk adds what the step finds in v, so many levels below its start.
func (s *search) walk(found []any, to step, v any, level int) []any {
	if len(found) > maxFound || level > maxLevels {
		s.left = 0 // for the visit that follows
	}
	if !s.spend(1) {
		return found
	}
	found = s.take(found, to, v)
	if to.deep {
		for _, child := range s.children(v) {
			found = s.walk(found, to, child, level+1)
		}
	}
	return found
}

// take adds the children of v that the step is for.
func (s *search) take(found []any, to step, v any) []any {
	switch {
	case to.all:
		return append(found, s.children(v)...)
	case to.cond != nil:
		for _, child := range s.children(v) {
			if to.cond(s, child) {
				found = append(found, child)
			}
		}
	default:
		if child, ok := to.child(v); ok {
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

// children are the values right below v; none when the search has failed.
func (s *search) children(v any) []any {
	switch v := v.(type) {
	case []any:
		if s.spend(len(v)) {
			return v
		}
	case map[string]any:
		if s.spend(len(v)) {
			return members(v)
		}
	}
	return nil
}

func members(object map[string]any) []any {
	list := make([]any, 0, len(object))
	for _, name := range slices.Sorted(maps.Keys(object)) {
		list = append(list, object[name])
	}
	return list
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
	name := p.span(func(r rune) bool {
		return r >= 0x80 || r == '_' || r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
	})
	if name == "" {
		return "", errors.New("a name is missing")
	}
	return name, nil
}

// span reads as far as there are such characters.
func (p *parser) span(is func(rune) bool) string {
	all := p.rest
	p.rest = strings.TrimLeftFunc(all, is)
	return all[:len(all)-len(p.rest)]
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
	n, err := strconv.Atoi(p.span(func(r rune) bool { return r == '-' || r >= '0' && r <= '9' }))
	if err != nil {
		return 0, errors.New("there is no number, name in quotes, * or ?(condition) between [ and ]")
	}
	return n, nil
}
