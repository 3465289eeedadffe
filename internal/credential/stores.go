package credential

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"check_smtp/internal/credential/jsonpath"
	"check_smtp/internal/credential/kdbx"
	"check_smtp/internal/plan"
	"check_smtp/internal/web"
)

// deref gives the text that an option's value stands for, so that it need not
// stand in the process list: @file:NAME, @env:NAME and @credential:NAME are
// where it is, anything else is the text itself.
func deref(s Env, value plan.Secret) (text plan.Secret, note string, err error) {
	for _, place := range [...]struct {
		prefix string
		read   source
	}{{"@file:", file}, {"@env:", variable}, {"@credential:", systemd}} {
		if name, ok := strings.CutPrefix(value.Reveal(), place.prefix); ok {
			return place.read(s, name)
		}
	}
	return value, "", nil
}

// How many values a JSON document may have, who made it being somebody on this
// machine or a server.
const (
	maxInFile   = 100_000
	maxInAnswer = 20_000
)

// document reads a file with a JSON document.
func document(s Env, name string) (doc any, note string, err error) {
	text, note, err := file(s, name)
	if err != nil {
		return nil, "", err
	}
	if doc, err = jsonpath.Decode([]byte(text.Reveal()), maxInFile); err != nil {
		return nil, "", fmt.Errorf("%q is %w", name, err)
	}
	return doc, note, nil
}

const maxDatabase = 16 << 20 // bytes, of KeePass

// database reads a file with a database of KeePass.
func database(s Env, name string) ([]byte, error) {
	if s.Open == nil {
		return s.ReadFile(name)
	}
	r, _, err := s.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxDatabase+1))
	if len(data) > maxDatabase {
		return nil, errors.New("it is larger than 16 MiB")
	}
	return data, err
}

// openKeePass opens a database of KeePass 2, see kdbx.Open and kdbx.Tree.
func openKeePass(ctx context.Context, s Env, name string, password plan.Secret) (any, error) {
	data, err := database(s, name)
	if err != nil {
		return nil, errors.New(s.called(name, err) + ": " + s.reason(name, err))
	}
	doc, err := kdbx.Open(ctx, data, password.Reveal())
	switch {
	case err == nil:
		return doc, nil
	case err == context.DeadlineExceeded:
		err = errors.New("its key derivation takes longer than the timeout")
	case errors.Is(err, context.DeadlineExceeded):
		err = errors.New("reading it takes longer than the timeout")
	}
	return nil, fmt.Errorf("%q: %w", name, err)
}

// askTeamPass asks the API of TeamPass (version 2). target is the path and query;
// the key goes into the query as well.
func askTeamPass(ctx context.Context, c *web.Client, target string, key plan.Secret) (any, error) {
	defer c.Close()
	separator := "?"
	if strings.Contains(target, "?") {
		separator = "&"
	}
	r, err := c.Do(ctx, web.Request{Method: "GET", Target: web.Escape(target) + separator + "apikey=" + url.QueryEscape(key.Reveal())})
	switch {
	case err != nil:
		return nil, err
	case r.Status == 401 || r.Status == 403:
		return nil, fmt.Errorf("permission denied (%d)", r.Status)
	case r.Status >= 300 && r.Status < 400:
		return nil, fmt.Errorf("the server redirects, which is not followed (%d)", r.Status)
	case r.Status < 200 || r.Status > 299:
		return nil, fmt.Errorf("an unexpected answer (%d)", r.Status)
	}
	doc, err := jsonpath.Decode(r.Body, maxInAnswer)
	if err != nil {
		return nil, fmt.Errorf("the answer is %w", err)
	}
	return doc, nil
}

// search is the first text that a path leads to in a document.
func search(doc any, path jsonpath.Path) (string, error) {
	found, err := path.Find(doc)
	switch {
	case err != nil:
		return "", err
	case len(found) == 0:
		return "", errors.New("nothing is found")
	}
	text, ok := jsonpath.Text(found[0])
	switch {
	case !ok:
		return "", errors.New("what is found is not a text")
	case text == "":
		return "", errors.New("what is found is empty")
	}
	return text, nil
}

// expand replaces each %{NAME} in a text. What an expression stands for is not
// expanded again.
func expand(text string, value func(name string) (string, error)) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "%{")
		name, after, closed := strings.Cut(rest, "}")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		if !closed {
			return "", errors.New("a } is missing")
		}
		v, err := value(name)
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		text = after
	}
}
