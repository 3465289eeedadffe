package render

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// asXML prints the JSON document in elements, so that the two cannot drift
// apart: a member is an element of its name, what a list holds are elements
// "item", null is an empty element. What the server named itself, keywords of
// EHLO, is an attribute: not every keyword is a name in XML.
//
// encoding/xml would fill 18 kB of tables at every start, of a plain check too.
func asXML(r verdict.Report, o plan.Output) []byte {
	return Elements("check_smtp", documented(&r, &o), false)
}

// Elements prints what encoding/json makes of a document in elements. What a list
// holds are elements "item", or those of its name in the singular.
func Elements(name string, document any, singular bool) []byte {
	text, err := json.Marshal(document)
	if err != nil {
		return nil
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	x := elements{in: in, singular: singular}
	x.out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	x.element(name, "")
	return x.out.Bytes()
}

// elements turns tokens of JSON into elements.
type elements struct {
	in       *json.Decoder
	out      bytes.Buffer
	depth    int
	singular bool // then an empty list has two lines, too
}

// element writes the next value.
func (x *elements) element(tag, attribute string) {
	indent := strings.Repeat("  ", x.depth)
	x.out.WriteString(indent + "<" + tag + attribute + ">")
	switch token := x.next().(type) {
	case json.Delim:
		if x.in.More() || x.singular {
			x.out.WriteByte('\n')
			x.depth++
			x.members(token, tag)
			x.depth--
			x.out.WriteString(indent)
		}
		x.next() // the end of it
	case string:
		x.out.WriteString(escapeXML(token))
	case json.Number:
		x.out.WriteString(token.String())
	case bool:
		x.out.WriteString(strconv.FormatBool(token))
	}
	x.out.WriteString("</" + tag + ">\n")
}

// members writes what an object or a list holds.
func (x *elements) members(begin json.Delim, tag string) {
	for x.in.More() {
		switch {
		case begin == '[' && x.singular:
			x.element(strings.TrimSuffix(tag, "s"), "")
		case begin == '[':
			x.element("item", "")
		case tag == "capabilities":
			x.element("item", ` name="`+escapeXML(x.next().(string))+`"`)
		default:
			x.element(x.next().(string), "")
		}
	}
}

// next reads a token. What json.Marshal wrote has no mistakes.
func (x *elements) next() json.Token {
	token, _ := x.in.Token()
	return token
}

// escapeXML escapes clean text: it holds no character that XML forbids.
func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;").Replace(s)
}
