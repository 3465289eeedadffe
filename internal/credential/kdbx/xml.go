package kdbx

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
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

// stopping reads until its context ends.
type stopping struct {
	context.Context
	io.Reader
}

func (s stopping) Read(b []byte) (int, error) {
	if s.Err() != nil {
		return 0, context.Cause(s.Context)
	}
	return s.Reader.Read(b)
}

// gunzip unpacks a gzip file of one member (RFC 1952) to at most limit bytes.
func gunzip(ctx context.Context, data []byte, limit int) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, errDamaged
	}
	r.Multistream(false)
	text, err := io.ReadAll(stopping{ctx, io.LimitReader(r, int64(limit)+1)})
	if err != nil || len(text) > limit {
		return nil, errDamaged
	}
	return text, nil
}

// reader makes elements of the tokens of a document. It takes no document type, and
// so no entity that could grow.
type reader struct {
	stack  []*element // the first one holds the document's only element
	texts  [][]byte   // of the elements in stack
	count  int        // of elements and attributes
	reveal func(string) (string, error)
}

// parse reads a document. reveal is called for the text of each element with
// Protected="True" in the order in which they end. It stops when ctx ends.
func parse(ctx context.Context, data []byte, reveal func(string) (string, error)) (*element, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	// The decoder makes a whole tag before it gives it away.
	if bytes.Count(data, []byte(`"`))+bytes.Count(data, []byte("'")) > 2*maxElements {
		return nil, errElements
	}
	r := &reader{stack: []*element{{}}, texts: [][]byte{nil}, reveal: reveal}
	d := xml.NewDecoder(stopping{ctx, bytes.NewReader(data)})
	for {
		token, err := d.Token()
		if err == io.EOF && len(r.stack[0].children) == 1 {
			return r.stack[0].children[0], nil
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			return nil, errDamaged
		}
		if err := r.take(token); err != nil {
			return nil, err
		}
	}
}

func (r *reader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.CharData:
		last := len(r.texts) - 1
		r.texts[last] = append(r.texts[last], t...)
	case xml.StartElement:
		return r.begin(t)
	case xml.EndElement:
		return r.end()
	case xml.Directive:
		return errDamaged
	}
	return nil
}

// begin opens an element, and counts it and its attributes.
func (r *reader) begin(start xml.StartElement) error {
	if r.count += 1 + len(start.Attr); r.count > maxElements {
		return errElements
	}
	if len(r.stack) > maxDepth {
		return errDamaged
	}
	e := &element{name: start.Name.Local}
	if len(start.Attr) > 0 {
		e.attrs = map[string]string{}
	}
	for _, a := range start.Attr {
		if a.Name.Space == "" { // KeePass has no others
			e.attrs[a.Name.Local] = a.Value
		}
	}
	top := r.stack[len(r.stack)-1]
	top.children = append(top.children, e)
	r.stack, r.texts = append(r.stack, e), append(r.texts, nil)
	return nil
}

// end closes an element; that it is the right one the decoder has seen to.
func (r *reader) end() (err error) {
	last := len(r.stack) - 1
	e, text := r.stack[last], r.texts[last]
	r.stack, r.texts = r.stack[:last], r.texts[:last]
	switch {
	case strings.EqualFold(e.attrs["Protected"], "True"):
		e.text, err = r.reveal(strings.TrimSpace(string(text)))
	case len(e.children) == 0: // else it is the line breaks between them
		e.text = string(text)
	}
	return err
}
