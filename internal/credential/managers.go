package credential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"check_smtp/internal/credential/jsonpath"
	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// manager is one of the password managers, which fill in more than the password.
type manager struct {
	name   string
	option string // the one that maps, without its dashes
	waits  bool   // asking it takes a while, unlike reading what is at hand
	ask    func(c *consultation) (lookup, error)
}

// lookup gives the value of %{NAME}. The error never holds a value.
type lookup func(name string) (string, error)

// managers lists them. It is no variable, so that a plain check does not pay for it.
func managers() []manager {
	return []manager{
		{"environment", "environment-map-option", false, (*consultation).environment},
		{"file", "secret-map-option", false, (*consultation).file},
		{"keepass", "keepass-map-option", true, (*consultation).keepass},
		{"hashicorpvault", "map-option", true, (*consultation).vault},
		{"teampass", "teampass-map-option", true, (*consultation).teampass},
	}
}

// chosen is the manager of --pass-manager; nil: none.
func chosen(set Options) (*manager, error) {
	const what = "--pass-manager"
	name := set.Text("pass-manager")
	if name == "" {
		return nil, nil
	}
	all := managers()
	i := slices.IndexFunc(all, func(m manager) bool { return m.name == name })
	switch {
	case i < 0:
		var names []string
		for _, m := range all {
			names = append(names, m.name)
		}
		return nil, bad(what, option.Known(name, append(names, "vault", "openbao", "centreonvault"))+" is not a password manager", option.DidYouMean(name, names))
	case given(set.All("keepass-endpoint")) || given(set.All("teampass-endpoint")):
		return nil, bad(what, "endpoint files are Perl, which is not run", "give what is in the file with the options of --pass-manager="+name+", the secret as @file:NAME")
	case !given(set.All(all[i].option)):
		return nil, bad(what, "there is nothing to fill in", "add --"+all[i].option+" OPTION=VALUE")
	}
	return &all[i], nil
}

// given says whether there is a value that is not empty.
func given(values []string) bool {
	return slices.ContainsFunc(values, func(text string) bool { return text != "" })
}

// gives says whether a manager is to fill in the password.
func (m *manager) gives(set Options) bool {
	return slices.ContainsFunc(set.All(m.option), func(text string) bool {
		key, _, _ := strings.Cut(text, "=")
		return fillable(key) == password
	})
}

// consultation is one manager being asked.
type consultation struct {
	*manager
	*filling
	ctx   context.Context
	where string // it is asked; "": on this machine
}

// consult asks a manager and fills in every option of its map.
func (f *filling) consult(m *manager) error {
	c := &consultation{manager: m, filling: f, ctx: f.ctx}
	if !m.waits {
		return c.fillIn()
	}
	err := f.waiting("asking the password manager", func(ctx context.Context) error {
		c.ctx = ctx
		return c.fillIn()
	})
	if err == nil && !f.env.Deadline.IsZero() && !time.Now().Before(f.env.Deadline) {
		return c.failed(errors.New("it took all of the time (-t)"))
	}
	return err
}

// failed is what a manager did not do.
func (c *consultation) failed(err error) error {
	return fmt.Errorf("password manager %s%s: %w", c.name, c.where, err)
}

func (c *consultation) fillIn() error {
	what := "--" + c.option
	wishes, err := pairs(what, c.set.All(c.option), "OPTION=VALUE")
	if err != nil {
		return err
	}
	for _, w := range wishes {
		if fillable(w.key) == "" {
			names := append(fillables(), "authpass", "authuser", "from", "helo", "vault-token", "keepass-password", "teampass-api-key")
			return bad(what, option.Known(w.key, names)+" cannot be filled in", option.DidYouMean(dashed(w.key), fillables()))
		}
	}
	value, err := c.ask(c)
	if err != nil {
		return err
	}
	for _, w := range wishes {
		text, err := c.expand(w.value, value)
		if err == nil {
			err = c.fill(fillable(w.key), text)
		}
		if _, refused := errors.AsType[*option.Error](err); err != nil && !refused {
			err = c.failed(fmt.Errorf("%s: %w", dashed(w.key), err))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *consultation) expand(text string, value lookup) (string, error) {
	if c.name == "environment" {
		return value(text)
	}
	return expand(text, value)
}

// mapping is KEY=VALUE.
type mapping struct{ key, value string }

// pairs reads the values of an option that is repeated. No message shows the
// part after the first equals sign.
func pairs(option string, texts []string, form string) ([]mapping, error) {
	var all []mapping
	for _, text := range texts {
		key, value, ok := strings.Cut(text, "=")
		switch {
		case text == "":
			continue
		case !ok || key == "" || value == "":
			return nil, bad(option, "one of its values is not "+form, "give "+form)
		}
		all = append(all, mapping{key, value})
	}
	return all, nil
}

// fillables are the options that a manager can fill in, by their usual names.
func fillables() []string {
	return []string{"username", "password", "authzid", "authtype", "hostname", "port", "smtp-from", "fqdn"}
}

// fillable is the name of the option that a manager fills in under this one; "":
// none.
func fillable(name string) string {
	switch name = dashed(name); name {
	case "username", "authuser":
		return "authuser"
	case "password", "authpass":
		return password
	case "authzid", "authtype", "hostname", "port":
		return name
	case "smtp-from", "from":
		return "from"
	case "fqdn", "helo", "ehlo":
		return "fqdn"
	}
	return ""
}

// dashed is an option's name as we spell it; Centreon's plugins take an
// underscore as well.
func dashed(name string) string { return strings.ReplaceAll(name, "_", "-") }

// fill fills in one option. A value that the option cannot have is found out
// here, since later messages would show it, and it may be a secret that was
// mapped to the wrong option.
func (c *consultation) fill(option, text string) error {
	switch {
	case text == "":
		return errors.New("the value is empty")
	case option != password && c.env.Fits != nil && !c.env.Fits(option, text):
		return errors.New("the value, which is not shown, is not valid for this option")
	}
	c.put(option, text)
	return nil
}

// secret gives the text of an option that holds a secret, or is where it is.
func (c *consultation) secret(option string, value plan.Secret) (plan.Secret, error) {
	text, note, err := deref(c.env, value)
	if err != nil {
		return plan.Secret{}, c.failed(fmt.Errorf("%s: %w", option, err))
	}
	c.remark(note)
	return text, nil
}

// environment looks variables up; its maps name them without %{}.
func (c *consultation) environment() (lookup, error) {
	return func(name string) (string, error) {
		text, _, err := variable(c.env, name)
		return text.Reveal(), err
	}, nil
}

// file searches a file with JSON.
func (c *consultation) file() (lookup, error) {
	name := c.set.Text("secret-file")
	if name == "" {
		return nil, bad("--secret-file", "there is no file to search", "add --secret-file FILE")
	}
	return c.search("secret-search-value", func() (any, error) {
		doc, note, err := document(c.env, name)
		c.remark(note)
		return doc, err
	})
}

// keepass searches a database of KeePass.
func (c *consultation) keepass() (lookup, error) {
	name, own := c.set.Text("keepass-file"), c.set.Secret("keepass-password")
	if name == "" || own.Empty() {
		return nil, bad("--keepass-file", "a database needs a file and a password", "give --keepass-file FILE and --keepass-password @file:NAME")
	}
	own, err := c.secret("--keepass-password", own)
	if err != nil {
		return nil, err
	}
	return c.search("keepass-search-value", func() (any, error) {
		return openKeePass(c.ctx, c.env, name, own)
	})
}

// search makes a lookup of what the paths of an option lead to in a document.
func (c *consultation) search(option string, open func() (any, error)) (lookup, error) {
	queries, err := c.queries("--"+option, c.set.All(option))
	if err != nil {
		return nil, err
	}
	doc, err := open()
	if err != nil {
		return nil, c.failed(err)
	}
	return func(name string) (string, error) {
		q, ok := queries[name]
		if !ok {
			return "", bad("--"+c.option, "nothing is called "+quote(name), "add --"+option+" "+name+"=JSONPATH")
		}
		text, err := search(doc, q)
		if err != nil {
			return "", fmt.Errorf("%s: %w", quote(name), err)
		}
		return text, nil
	}, nil
}

// queries compiles KEY=JSONPATH. %{hostname} and its kin are replaced by what
// the command line says, which no message repeats.
func (c *consultation) queries(option string, texts []string) (map[string]jsonpath.Path, error) {
	searches, err := pairs(option, texts, "KEY=JSONPATH")
	if err != nil {
		return nil, err
	}
	queries := map[string]jsonpath.Path{}
	for _, s := range searches {
		path, err := expand(s.value, func(name string) (string, error) {
			as := fillable(name)
			if as == "" || as == password {
				return "", errors.New(quote(name) + " is not an option that can be filled in")
			}
			return c.set.Text(as), nil
		})
		if err == nil {
			queries[s.key], err = jsonpath.Parse(path)
		}
		if err != nil {
			return nil, bad(option, quote(s.value)+": "+err.Error(), "give a path like $.smtp.password or $..entries[?(@.title == 'mx1')].password")
		}
	}
	return queries, nil
}
