package jsonpath

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// maxNested is how deep a document may be.
const maxNested = 200

// Decode reads exactly one JSON document of at most so many values for Find. A
// value takes some hundred bytes of memory, where two may do in the text. The
// error goes on after "it is" and repeats nothing of the text.
func Decode(text []byte, values int) (doc any, err error) {
	if err := measure(text, values); err != nil {
		return nil, err
	}
	if !json.Valid(text) { // the decoder would not mind what follows the document
		return nil, errors.New("not JSON")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&doc) != nil {
		return nil, errors.New("not JSON")
	}
	return doc, nil
}

// measure refuses a document by the signs in it that are no part of a text: each
// value but the first follows a comma or a bracket, and only those.
func measure(text []byte, values int) error {
	depth, count, quoted := 0, 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '[' || c == '{':
			depth, count = depth+1, count+1
		case c == ',':
			count++
		case c == ']' || c == '}':
			depth--
		}
		if depth > maxNested {
			return fmt.Errorf("nested deeper than %d levels", maxNested)
		}
		if count > values {
			return fmt.Errorf("of more than %d values", values)
		}
	}
	return nil
}
