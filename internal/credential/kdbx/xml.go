package kdbx

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

// element is an element of the document in a database.
type element struct {
	name     string
	attrs    map[string]string // nil: none
	text     string
	children []*element
}

// child is the first child of a name; an empty element if there is none.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return &element{}
}

// Bounds of a document. KeePass has none, but no use for more either: an entry
// is about thirty elements, and as many for each earlier version of it.
const (
	maxDepth    = 200
	maxElements = 200_000 // and attributes
)

var errElements = errors.New("the database has more than 200000 elements")

// reader reads the part of XML 1.0 that databases are written in: elements,
// attributes, text, the predefined and numeric references, comments, CDATA. It
// knows no document type, and so no entity that could grow. encoding/xml would
// cost every check 20 µs when the program starts.
type reader struct {
	data   []byte
	stack  []*element // the first one holds the document's only element
	texts  [][]byte   // of the elements in stack
	count  int        // of elements and attributes
	blanks *strings.Replacer
	reveal func(string) (string, error)
}

// parse reads a document. reveal is called for the text of each element with
// Protected="True" in the order in which they end. It stops when ctx ends.
func parse(ctx context.Context, data []byte, reveal func(string) (string, error)) (*element, error) {
	r := &reader{
		data: bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), stack: []*element{{}}, texts: [][]byte{nil},
		blanks: strings.NewReplacer("\t", " ", "\r", " ", "\n", " "), reveal: reveal,
	}
	for i := 0; len(r.data) > 0; i++ {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err := r.next(); err != nil {
			return nil, err
		}
	}
	if len(r.stack) != 1 || len(r.stack[0].children) != 1 {
		return nil, errDamaged
	}
	return r.stack[0].children[0], nil
}

func (r *reader) top() *element { return r.stack[len(r.stack)-1] }

// add goes on with the text of the element at hand.
func (r *reader) add(text string) {
	last := len(r.texts) - 1
	r.texts[last] = append(r.texts[last], text...)
}

// next reads text up to the next tag, or a tag.
func (r *reader) next() error {
	switch {
	case r.data[0] != '<':
		end := bytes.IndexByte(r.data, '<')
		if end < 0 {
			end = len(r.data)
		}
		text, err := unescape(string(r.data[:end]))
		r.add(text)
		r.data = r.data[end:]
		return err
	case r.skip("<?", "?>"), r.skip("<!--", "-->"):
		return nil
	case bytes.HasPrefix(r.data, []byte("<![CDATA[")):
		text, rest, ok := bytes.Cut(r.data[9:], []byte("]]>"))
		r.add(string(text))
		r.data = rest
		return damagedUnless(ok)
	}
	tag, rest, ok := bytes.Cut(r.data[1:], []byte(">")) // KeePass escapes it in attributes
	r.data = rest
	switch {
	case !ok || len(tag) == 0 || tag[0] == '!':
		return errDamaged
	case tag[0] == '/':
		return r.end(strings.TrimRight(string(tag[1:]), " \t\r\n"))
	}
	return r.begin(string(tag))
}

func damagedUnless(ok bool) error {
	if ok {
		return nil
	}
	return errDamaged
}

// skip passes over what stands between two marks.
func (r *reader) skip(from, to string) bool {
	if !bytes.HasPrefix(r.data, []byte(from)) {
		return false
	}
	_, rest, ok := bytes.Cut(r.data[len(from):], []byte(to))
	if ok {
		r.data = rest
	}
	return ok
}

// begin opens an element, and closes it if it is an empty one.
func (r *reader) begin(tag string) error {
	tag, empty := strings.CutSuffix(tag, "/")
	name, attrs, _ := strings.Cut(r.blanks.Replace(tag), " ")
	e := &element{name: name}
	if err := r.attributes(e, attrs); err != nil {
		return err
	}
	if len(r.stack) > maxDepth {
		return errDamaged
	}
	r.top().children = append(r.top().children, e)
	r.stack, r.texts = append(r.stack, e), append(r.texts, nil)
	if empty {
		return r.end(name)
	}
	return nil
}

// attributes reads those of an element, and counts it and them.
func (r *reader) attributes(e *element, attrs string) error {
	for attrs = strings.Trim(attrs, " "); attrs != ""; attrs = strings.Trim(attrs, " ") {
		key, rest, _ := strings.Cut(attrs, "=")
		rest = strings.TrimLeft(rest, " ")
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			return errDamaged
		}
		value, after, ok := strings.Cut(rest[1:], rest[:1])
		text, err := unescape(value)
		if !ok || err != nil {
			return errDamaged
		}
		if e.attrs == nil {
			e.attrs = map[string]string{}
		}
		e.attrs[strings.TrimRight(key, " ")], attrs = text, after
		if r.count++; r.count > maxElements {
			return errElements
		}
	}
	if r.count++; r.count > maxElements {
		return errElements
	}
	return nil
}

// end closes an element.
func (r *reader) end(name string) (err error) {
	e := r.top()
	if len(r.stack) == 1 || e.name != name {
		return errDamaged
	}
	last := len(r.stack) - 1
	text := r.texts[last]
	r.stack, r.texts = r.stack[:last], r.texts[:last]
	switch {
	case strings.EqualFold(e.attrs["Protected"], "True"):
		e.text, err = r.reveal(strings.TrimSpace(string(text)))
	case len(e.children) == 0: // else it is the line breaks between them
		e.text = string(text)
	}
	return err
}

// unescape replaces the references in a text (XML 1.0 sections 4.1 and 4.6).
func unescape(text string) (string, error) {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "&")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, rest, ok := strings.Cut(after, ";")
		r, known := reference(name)
		if !ok || !known {
			return "", errDamaged
		}
		b.WriteRune(r)
		text = rest
	}
}

func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	return rune(n), ok && err == nil && utf8.ValidRune(rune(n))
}
