package args

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/secret"
	"check_smtp/internal/smtp"
)

// manager is one of the password managers.
type manager struct {
	name   string
	option string // the one that maps
	maps   []string
	waits  bool // asking it takes a while, unlike reading what is at hand
	ask    func(c *consultation) (lookup, error)
}

// lookup gives the value of %{NAME}. The error never holds a value.
type lookup func(name string) (string, error)

func (o *options) managers() []manager {
	return []manager{
		{"environment", "--environment-map-option", o.All("environment-map-option"), false, (*consultation).environment},
		{"file", "--secret-map-option", o.All("secret-map-option"), false, (*consultation).file},
		{"keepass", "--keepass-map-option", o.All("keepass-map-option"), true, (*consultation).keepass},
		{"hashicorpvault", "--map-option", o.All("map-option"), true, (*consultation).vault},
		{"teampass", "--teampass-map-option", o.All("teampass-map-option"), true, (*consultation).teampass},
	}
}

// hasManagerSecret says whether a manager's own secret stands on the command
// line.
func (o *options) hasManagerSecret() bool {
	return o.Has("vault-token") || o.Has("keepass-password") || o.Has("teampass-api-key") || o.Given("auth-settings")
}

// consult asks the password manager, if there is one that was not asked yet, and
// fills in the options that it is to give. What that takes is noted in the plan.
//
// A command line that cannot be carried out is a *UsageError. Anything that
// goes wrong with the manager is another error, of one line.
func (o *options) consult(p *plan.Plan, env Env) error {
	if o.consulted {
		return nil
	}
	m, err := o.chosenManager()
	if err != nil || m == nil {
		return err
	}
	timeout, err := o.deadline(new(plan.Plan))
	if err != nil {
		return err
	}
	start := time.Now()
	c := &consultation{ctx: context.Background(), o: o, env: env, manager: *m}
	if m.waits {
		var cancel context.CancelFunc
		c.ctx, cancel = env.patience(start.Add(timeout))
		defer cancel()
	}
	if err := c.fillIn(); err != nil {
		return err
	}
	if p.Probe.Spent = time.Since(start); p.Probe.Spent >= timeout {
		return c.failed(errors.New("it took all of the time"))
	}
	p.Limits.Notes = append(p.Limits.Notes, c.notes...)
	o.consulted = true
	return nil
}

// patience is how long to wait for a manager.
func (e Env) patience(deadline time.Time) (context.Context, context.CancelFunc) {
	if e.Patience != nil {
		return e.Patience(deadline)
	}
	return context.WithDeadline(context.Background(), deadline)
}

// chosenManager is the one of --pass-manager; nil: none.
func (o *options) chosenManager() (*manager, error) {
	const option = "--pass-manager"
	all := o.managers()
	i := slices.IndexFunc(all, func(m manager) bool { return m.name == o.Text("pass-manager") })
	if i < 0 && o.Text("pass-manager") != "" {
		var names []string
		for _, m := range all {
			names = append(names, m.name)
		}
		return nil, bad(option, known(o.Text("pass-manager"), append(names, "vault", "openbao", "centreonvault"))+" is not a password manager", didYouMean(o.Text("pass-manager"), names))
	}
	switch err := o.strayed(); {
	case err != nil || i < 0:
		return nil, err
	case o.Given("keepass-endpoint") || o.Given("teampass-endpoint"):
		return nil, bad(option, "endpoint files are Perl, which is not run", "give what is in the file with the options of --pass-manager="+all[i].name+", the secret as @file:NAME")
	case !o.Given(strings.TrimPrefix(all[i].option, "--")):
		return nil, bad(option, "there is nothing to fill in", "add "+all[i].option+" OPTION=VALUE")
	}
	return &all[i], nil
}

// strayed refuses an option of a manager that is not asked: it would never be
// carried out, and the login that it was meant for be left out.
func (o *options) strayed() error {
	chosen := o.Text("pass-manager")
	r := o.Vain(func(need option.Need) bool {
		return !slices.Contains(managerNeeds, need) || slices.Contains(strings.Split(string(need), " or "), chosen)
	})
	if r == nil {
		return nil
	}
	return bad("--"+r.Name, "it belongs to --pass-manager="+string(r.Needs), "add that, or leave it out")
}

// consultation is one manager being asked.
type consultation struct {
	manager
	ctx   context.Context
	o     *options
	env   Env
	where string // it is asked; "": on this machine
	notes []string
}

// failed is what a manager did not do.
func (c *consultation) failed(err error) error {
	return fmt.Errorf("password manager %s%s: %w", c.name, c.where, err)
}

func (c *consultation) system() secret.System {
	return c.env.secrets()
}

// fillIn asks the manager and fills in every option of the map.
func (c *consultation) fillIn() error {
	wishes, err := pairs(c.option, c.maps, "OPTION=VALUE")
	if err != nil {
		return err
	}
	for _, w := range wishes {
		if fillable(w.key) == "" && !isPassword(w.key) {
			return bad(c.option, known(w.key, append(fillables, c.o.Tables.Names()...))+" cannot be filled in", didYouMean(dashed(w.key), fillables))
		}
	}
	value, err := c.ask(c)
	if err != nil {
		return err
	}
	for _, w := range wishes {
		text, err := c.expand(w.value, value)
		if err == nil {
			err = c.o.fill(w.key, text)
		}
		if err != nil {
			return c.mapped(w.key, err)
		}
	}
	return nil
}

func (c *consultation) expand(text string, value lookup) (string, error) {
	if c.name == "environment" {
		return value(text)
	}
	return secret.Expand(text, value)
}

// mapped says at which option a map went wrong.
func (c *consultation) mapped(key string, err error) error {
	if usage, ok := errors.AsType[*UsageError](err); ok {
		return usage
	}
	return c.failed(fmt.Errorf("%s: %w", dashed(key), err))
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

// fillables are the options that a manager can fill in.
var fillables = []string{"username", "password", "authzid", "authtype", "hostname", "port", "smtp-from", "fqdn"}

// dashed is an option's name as we spell it; Centreon's plugins take an
// underscore as well.
func dashed(name string) string { return strings.ReplaceAll(name, "_", "-") }

// isPassword says whether an option is the one that takes the secret.
func isPassword(name string) bool { return dashed(name) == "password" || dashed(name) == "authpass" }

// fillable is the option by which a map names one; "": it is none that can be filled in.
func fillable(name string) string {
	switch dashed(name) {
	case "username", "authuser":
		return "authuser"
	case "authzid", "authtype", "hostname", "port":
		return dashed(name)
	case "smtp-from", "from":
		return "from"
	case "fqdn", "helo", "ehlo":
		return "fqdn"
	}
	return ""
}

// fill fills in one option. A value that the option cannot have is found out
// here, since later messages would show it, and it may be a secret that was
// mapped to the wrong option.
func (o *options) fill(name, text string) error {
	own := fillable(name)
	switch {
	case text == "":
		return errors.New("the value is empty")
	case isPassword(name):
		own = "authpass"
	case !o.fits(own, text):
		return errors.New("the value, which is not shown, is none for this option")
	}
	o.Put(own, text)
	return nil
}

// fits says whether an option that is filled in can have this value.
func (o *options) fits(name, text string) bool {
	err := smtp.CheckArgument(text)
	switch {
	case err != nil:
	case name == "hostname":
		_, err = checkHost(text)
	case name == "port":
		var n uint64
		if n, err = strconv.ParseUint(text, 10, 16); n == 0 {
			return false
		}
	case name == "authtype":
		_, err = mechanism(text)
	case name == "from":
		_, err = smtp.ReversePath(text)
	case name == "fqdn":
		_, err = ownName(text, Env{})
	}
	return err == nil
}

// secret gives the text of an option that holds a secret, or is where it is.
func (c *consultation) secret(option string, value plan.Secret) (plan.Secret, error) {
	text, note, err := secret.Deref(c.system(), value)
	if err != nil {
		return plan.Secret{}, c.failed(fmt.Errorf("%s: %w", option, err))
	}
	if note != "" {
		c.notes = append(c.notes, note)
	}
	return text, nil
}

// environment looks variables up; its maps name them without %{}.
func (c *consultation) environment() (lookup, error) {
	return func(name string) (string, error) {
		text, _, err := secret.Variable(c.system(), name)
		return text.Reveal(), err
	}, nil
}

// file searches a file with JSON.
func (c *consultation) file() (lookup, error) {
	const option = "--secret-file"
	if c.o.Text("secret-file") == "" {
		return nil, bad(option, "there is no file to search", "add --secret-file FILE")
	}
	return c.search("--secret-search-value", c.o.All("secret-search-value"), func() (any, error) {
		doc, note, err := secret.JSON(c.system(), c.o.Text("secret-file"))
		if note != "" {
			c.notes = append(c.notes, note)
		}
		return doc, err
	})
}

const maxDatabase = 16 << 20 // bytes, of KeePass

// keepass searches a database of KeePass.
func (c *consultation) keepass() (lookup, error) {
	name := c.o.Text("keepass-file")
	if name == "" || c.o.Secret("keepass-password").Empty() {
		return nil, bad("--keepass-file", "a database needs a file and a password", "give --keepass-file FILE and --keepass-password @file:NAME")
	}
	password, err := c.secret("--keepass-password", c.o.Secret("keepass-password"))
	if err != nil {
		return nil, err
	}
	return c.search("--keepass-search-value", c.o.All("keepass-search-value"), func() (any, error) {
		s := c.system()
		s.ReadFile = c.readDatabase
		return secret.KeePass(c.ctx, s, name, password)
	})
}

func (c *consultation) readDatabase(name string) ([]byte, error) {
	if c.env.Open == nil {
		return c.env.ReadFile(name)
	}
	r, size, err := c.env.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > maxDatabase {
		return nil, errors.New("it is larger than 16 MiB")
	}
	return io.ReadAll(io.LimitReader(r, maxDatabase))
}

// search makes a lookup of what paths lead to in a document.
func (c *consultation) search(option string, texts []string, open func() (any, error)) (lookup, error) {
	queries, err := c.queries(option, texts)
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
			return "", bad(c.option, "nothing is called "+quote(name), "add "+option+" "+name+"=JSONPATH")
		}
		text, err := secret.Search(doc, q)
		if err != nil {
			return "", fmt.Errorf("%s: %w", quote(name), err)
		}
		return text, nil
	}, nil
}

// queries compiles KEY=JSONPATH. %{hostname} and its kin are replaced by what
// the command line says, which no message repeats.
func (c *consultation) queries(option string, texts []string) (map[string]secret.Query, error) {
	searches, err := pairs(option, texts, "KEY=JSONPATH")
	if err != nil {
		return nil, err
	}
	queries := map[string]secret.Query{}
	for _, s := range searches {
		path, err := secret.Expand(s.value, func(name string) (string, error) {
			own := fillable(name)
			if own == "" {
				return "", errors.New(quote(name) + " is no option that can stand here")
			}
			return c.o.Text(own), nil
		})
		if err == nil {
			queries[s.key], err = secret.ParseQuery(path)
		}
		if err != nil {
			return nil, bad(option, quote(s.value)+": "+err.Error(), "give a path like $.smtp.password or $..entries[?(@.title == 'mx1')].password")
		}
	}
	return queries, nil
}
