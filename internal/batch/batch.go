// Package batch reads a list of command lines, and says which of them may be carried
// out now: so many at a time, and no two with one host. It carries out none by
// itself, and keeps no schedule.
package batch

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"check_smtp/internal/option"
)

// Row is one command line of a list.
type Row struct {
	Line int      // from 1
	Name string   // what to call its result; "": the list does not say
	Args []string // without the program
	Err  error    // why it cannot be read; nil: it can
}

// Limits of a list.
const (
	MaxRows = 10_000
	maxList = 16 << 20 // bytes
	maxRow  = 64 << 10 // bytes
	maxName = 200      // bytes
)

// Read reads a list: a row a line, words as a shell has them or a JSON object with
// args and, if it likes, name. Empty lines and what stands behind "#" are passed
// over. A row that cannot be read is one, too; the error is about the list.
func Read(from io.Reader) ([]Row, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxList+1))
	switch {
	case err != nil:
		return nil, err
	case len(text) > maxList:
		return nil, errors.New("it is larger than 16 MiB")
	}
	var rows []Row
	number := 0
	for line := range strings.SplitSeq(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		number++
		r := readRow(strings.TrimSpace(line))
		if r.Args == nil && r.Err == nil {
			continue
		}
		if r.Line = number; len(rows) == MaxRows {
			return nil, fmt.Errorf("it has more than %d rows", MaxRows)
		}
		rows = append(rows, r)
	}
	if rows == nil {
		return nil, errors.New("it has no rows")
	}
	return rows, nil
}

// readRow reads a line without blanks around it. Of an error no part of the line is
// told: it may hold a password.
func readRow(line string) (r Row) {
	switch {
	case strings.HasPrefix(line, ";"): // as in ini files
		return r
	case len(line) > maxRow:
		r.Err = errors.New("the row is longer than 64 KiB")
		return r
	case strings.HasPrefix(line, "{"):
		r = object(line)
	case line == "[" || line == "]" || strings.HasPrefix(line, "[{") || strings.HasPrefix(line, `["`):
		r.Err = &option.Error{Problem: "this is a JSON list", Hint: "write one object a line, without brackets and commas around it"}
	default:
		r.Args, r.Err = words(line)
	}
	if len(r.Args) > 0 && path.Base(r.Args[0]) == "check_smtp" {
		r.Args = r.Args[1:]
	}
	if r.Args != nil && len(r.Args) == 0 {
		r.Err = &option.Error{Problem: "nothing stands behind check_smtp", Hint: "give a host or options"}
	}
	return r
}

// words takes a line apart. A word that begins with "#" ends it.
func words(line string) ([]string, error) {
	var list []string
	for line != "" && line[0] != '#' {
		word, rest, err := option.NextWord(line)
		if err != nil {
			return nil, &option.Error{Problem: err.Error(), Hint: "quote words as for a shell"}
		}
		list, line = append(list, word), strings.TrimLeft(rest, option.Blanks)
	}
	return list, nil
}

// object reads {"args": [...], "name": "..."}.
func object(line string) Row {
	var row struct {
		Args []string `json:"args"`
		Name string   `json:"name"`
	}
	in := json.NewDecoder(strings.NewReader(line))
	in.DisallowUnknownFields()
	problem := ""
	switch err := in.Decode(&row); {
	case err != nil:
		problem = wrongIn(err)
	case in.More():
		problem = "something stands behind the JSON object"
	case len(row.Args) == 0:
		problem = `"args" is missing or empty`
	case len(row.Name) > maxName:
		problem = `"name" is longer than 200 bytes`
	default:
		return Row{Name: row.Name, Args: row.Args}
	}
	return Row{Err: &option.Error{Problem: problem, Hint: `write {"args": ["-H", "mx1"], "name": "mx1"} in one line`}}
}

// wrongIn is what is wrong with an object.
func wrongIn(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		switch {
		case strings.HasPrefix(wrong.Field, "args"):
			return `"args" is not a list of texts`
		case wrong.Field == "name":
			return `"name" is not a text`
		}
	}
	if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
		return "this is no JSON from its byte " + strconv.FormatInt(wrong.Offset, 10) + " on"
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "the JSON object has no end"
	}
	return `the JSON object has a member other than "args" and "name"`
}
