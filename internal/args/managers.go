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

	"check_smtp/internal/plan"
	"check_smtp/internal/secret"
	"check_smtp/internal/secret/vault"
	"check_smtp/internal/smtp"
)

// managerOptions say where a password manager keeps the login. The names are
// those of Centreon's plugins, but for --manager-*.
type managerOptions struct {
	manager                              last
	managerCA, managerCert, managerKey   last
	environMap                           list
	secretFile                           last
	secretSearch, secretMap              list
	keepassFile                          last
	keepassPass, vaultToken, teampassKey veiled
	keepassSearch, keepassMap            list
	vaultAddress, vaultPort, vaultScheme last
	vaultMethod, vaultMount              last
	vaultSettings                        veils
	vaultPaths, vaultMap                 list
	teampassAddress, teampassRequest     last
	teampassTimeout                      last
	teampassSearch, teampassMap          list
	keepassEndpoint, teampassEndpoint    list // Perl files and names in them
	consulted                            bool
}

func (o *options) bindManagers(t table) {
	t.value(&o.manager, "", "pass-manager")
	t.value(&o.managerCA, "", "manager-ca-file")
	t.value(&o.managerCert, "", "manager-client-cert")
	t.value(&o.managerKey, "", "manager-client-key")

	t.value(&o.environMap, "", "environment-map-option")

	t.value(&o.secretFile, "", "secret-file")
	t.value(&o.secretSearch, "", "secret-search-value")
	t.value(&o.secretMap, "", "secret-map-option")

	t.value(&o.keepassFile, "", "keepass-file")
	t.value(&o.keepassPass, "", "keepass-password")
	t.value(&o.keepassSearch, "", "keepass-search-value")
	t.value(&o.keepassMap, "", "keepass-map-option")

	t.value(&o.vaultAddress, "", "vault-address")
	t.value(&o.vaultPort, "", "vault-port")
	t.value(&o.vaultScheme, "", "vault-protocol")
	t.value(&o.vaultToken, "", "vault-token")
	t.value(&o.vaultMethod, "", "auth-method")
	t.value(&o.vaultMount, "", "auth-path")
	t.value(&o.vaultSettings, "", "auth-settings")
	t.value(&o.vaultPaths, "", "secret-path")
	t.value(&o.vaultMap, "", "map-option")

	t.value(&o.teampassAddress, "", "teampass-api-address")
	t.value(&o.teampassRequest, "", "teampass-api-request")
	t.value(&o.teampassKey, "", "teampass-api-key")
	t.value(&o.teampassTimeout, "", "teampass-timeout")
	t.value(&o.teampassSearch, "", "teampass-search-value")
	t.value(&o.teampassMap, "", "teampass-map-option")

	t.value(&o.keepassEndpoint, "", "keepass-endpoint", "keepass-endpoint-file")
	t.value(&o.teampassEndpoint, "", "teampass-endpoint", "teampass-endpoint-file")
}

// helpManagers is the part of the help on these options.
const helpManagers = `
Password managers
      --pass-manager=NAME
                         environment, file, keepass, hashicorpvault or
                         teampass: fill in options from there. OPTION in the
                         maps below is username, password, authzid, authtype,
                         hostname, port, smtp-from or fqdn; every map and
                         search is repeatable. What is missing, empty or out of
                         reach is UNKNOWN. A SECRET may be given as @file:NAME,
                         @env:NAME or @credential:NAME
      --environment-map-option=OPTION=NAME
                         the value of OPTION is in this environment variable
      --secret-file=FILE it is in a file with JSON
      --secret-search-value=KEY=JSONPATH
                         call the value at this path KEY; %{hostname} in it is
                         the host. 'pw=$..entries.[?($_->{title} eq "x")].pw'
      --secret-map-option=OPTION=%{KEY}
                         the value of OPTION is that of KEY
      --keepass-file=FILE, --keepass-password=SECRET
                         it is in a database of KeePass 2 or KeePassXC
      --keepass-search-value=KEY=JSONPATH, --keepass-map-option=OPTION=%{KEY}
                         'pw=$..entries.[?($_->{title} eq "x")].password'
      --vault-address=HOST, --vault-port=N, --vault-protocol=WORD
                         it is in Vault; HOST may be a URL, WORD is http or
                         https. Default: $VAULT_ADDR; 8200; http
      --auth-method=WORD token, userpass, ldap, okta, radius, approle, cert,
                         github, azure, jwt or kubernetes. Default: token
      --vault-token=SECRET
                         Default: $VAULT_TOKEN
      --auth-path=PATH   where the method is mounted. Default: at its name
      --auth-settings=KEY=SECRET
                         what the method asks for: username=u password=p
                         role_id=r secret_id=s name=n token=t jwt=j role=r;
                         repeatable
      --secret-path=PATH read this secret: kv/smtp, or of version 2
                         kv/data/smtp?version=3; repeatable
      --map-option=OPTION=%{value_PATH#KEY}
                         the value of OPTION is that of KEY in this secret. If
                         it has one key only, %{value_PATH} is its value and
                         %{key_PATH} the key itself
      --teampass-api-address=URL, --teampass-api-request=PATH,
      --teampass-api-key=SECRET, --teampass-timeout=SECONDS
                         it is in the answer of TeamPass, which may take
                         SECONDS, 5 by default
      --teampass-search-value=KEY=JSONPATH, --teampass-map-option=OPTION=%{KEY}
                         'pw=$.[?($_->{label} eq "x")].pw'
      --keepass-endpoint, --keepass-endpoint-file, --teampass-endpoint,
      --teampass-endpoint-file
                         Perl files: an error
      --manager-ca-file=FILE
                         who proves Vault or TeamPass, in PEM. Default: the
                         system's; for Vault $VAULT_CACERT
      --manager-client-cert=FILE, --manager-client-key=FILE
                         our own certificate for them, in PEM. Default: for
                         Vault $VAULT_CLIENT_CERT, $VAULT_CLIENT_KEY
`

// manager is one of the password managers.
type manager struct {
	name   string
	option string // the one that maps
	maps   list
	waits  bool // asking it takes a while, unlike reading what is at hand
	ask    func(c *consultation) (lookup, error)
}

// lookup gives the value of %{NAME}. The error never holds a value.
type lookup func(name string) (string, error)

func (o *options) managers() []manager {
	return []manager{
		{"environment", "--environment-map-option", o.environMap, false, (*consultation).environment},
		{"file", "--secret-map-option", o.secretMap, false, (*consultation).file},
		{"keepass", "--keepass-map-option", o.keepassMap, true, (*consultation).keepass},
		{"hashicorpvault", "--map-option", o.vaultMap, true, (*consultation).vault},
		{"teampass", "--teampass-map-option", o.teampassMap, true, (*consultation).teampass},
	}
}

// hasManagerSecret says whether a manager's own secret stands on the command
// line.
func (o *options) hasManagerSecret() bool {
	return o.vaultToken.given || o.keepassPass.given || o.teampassKey.given || o.vaultSettings.given()
}

// consult asks the password manager, if there is one that was not asked yet, and
// fills in the options that it is to give. What that takes is noted in the plan.
//
// A command line that cannot be carried out is a *UsageError. Anything that
// goes wrong with the manager is another error, of one line.
func (o *options) consult(p *plan.Plan, env Env) error {
	if o.bound < lastTurn || o.consulted {
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
	i := slices.IndexFunc(all, func(m manager) bool { return m.name == o.manager.text })
	if i < 0 && o.manager.text != "" {
		var names []string
		for _, m := range all {
			names = append(names, m.name)
		}
		return nil, bad(option, known(o.manager.text, append(names, "vault", "openbao", "centreonvault"))+" is not a password manager", didYouMean(o.manager.text, names))
	}
	switch err := o.strayed(); {
	case err != nil || i < 0:
		return nil, err
	case o.keepassEndpoint.given() || o.teampassEndpoint.given():
		return nil, bad(option, "endpoint files are Perl, which is not run", "give what is in the file with the options of --pass-manager="+all[i].name+", the secret as @file:NAME")
	case !all[i].maps.given():
		return nil, bad(option, "there is nothing to fill in", "add "+all[i].option+" OPTION=VALUE")
	}
	return &all[i], nil
}

// strayed refuses an option of a manager that is not asked: it would never be
// carried out, and the login that it was meant for be left out.
func (o *options) strayed() error {
	for _, of := range o.managersOf() {
		for _, option := range of.options {
			if option.given && !slices.Contains(of.managers, o.manager.text) {
				return bad(option.name, "it belongs to --pass-manager="+strings.Join(of.managers, " or "), "add that, or leave it out")
			}
		}
	}
	return nil
}

// ownership says which managers some options are for.
type ownership struct {
	managers []string
	options  []mention
}

// managersOf says of every option which managers it is for. Templates pass their
// defaults whether there is a manager or not, so that a default is not given.
func (o *options) managersOf() []ownership {
	ofVault, ofTeam := []string{"hashicorpvault"}, []string{"teampass"}
	unlike := func(v last, usual string) bool { return v.text != "" && !strings.EqualFold(v.text, usual) }
	return []ownership{
		{[]string{"environment"}, []mention{{"--environment-map-option", o.environMap.given()}}},
		{[]string{"file"}, []mention{
			{"--secret-map-option", o.secretMap.given()}, {"--secret-search-value", o.secretSearch.given()}, {"--secret-file", o.secretFile.text != ""},
		}},
		{[]string{"keepass"}, []mention{
			{"--keepass-map-option", o.keepassMap.given()}, {"--keepass-search-value", o.keepassSearch.given()}, {"--keepass-file", o.keepassFile.text != ""},
			{"--keepass-password", !o.keepassPass.text.Empty()}, {"--keepass-endpoint", o.keepassEndpoint.given()},
		}},
		{ofVault, []mention{
			{"--map-option", o.vaultMap.given()}, {"--secret-path", o.vaultPaths.given()}, {"--vault-address", o.vaultAddress.text != ""},
			{"--vault-port", unlike(o.vaultPort, usualVaultPort)}, {"--vault-protocol", unlike(o.vaultScheme, usualScheme)},
			{"--vault-token", !o.vaultToken.text.Empty()}, {"--auth-method", unlike(o.vaultMethod, vault.Token)},
			{"--auth-path", o.vaultMount.text != ""}, {"--auth-settings", o.vaultSettings.given()},
		}},
		{ofTeam, []mention{
			{"--teampass-map-option", o.teampassMap.given()}, {"--teampass-search-value", o.teampassSearch.given()},
			{"--teampass-api-address", o.teampassAddress.text != ""}, {"--teampass-api-request", o.teampassRequest.text != ""},
			{"--teampass-api-key", !o.teampassKey.text.Empty()}, {"--teampass-timeout", unlike(o.teampassTimeout, usualTimeout)},
			{"--teampass-endpoint", o.teampassEndpoint.given()},
		}},
		{slices.Concat(ofVault, ofTeam), []mention{
			{"--manager-ca-file", o.managerCA.text != ""}, {"--manager-client-cert", o.managerCert.text != ""}, {"--manager-client-key", o.managerKey.text != ""},
		}},
	}
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
		if c.o.fillable(w.key) == nil && !isPassword(w.key) {
			return bad(c.option, known(w.key, append(fillables, FlagNames()...))+" cannot be filled in", didYouMean(dashed(w.key), fillables))
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
func pairs(option string, texts list, form string) ([]mapping, error) {
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

// fillable is where the value of an option goes that is no secret; nil: nowhere.
func (o *options) fillable(name string) *last {
	switch dashed(name) {
	case "username", "authuser":
		return &o.user
	case "authzid":
		return &o.authzid
	case "authtype":
		return &o.authType
	case "hostname":
		return &o.host
	case "port":
		return &o.port
	case "smtp-from", "from":
		return &o.from
	case "fqdn", "helo", "ehlo":
		return &o.fqdn
	}
	return nil
}

// fill fills in one option. A value that the option cannot have is found out
// here, since later messages would show it, and it may be a secret that was
// mapped to the wrong option.
func (o *options) fill(name, text string) error {
	v := o.fillable(name)
	if text == "" {
		return errors.New("the value is empty")
	}
	if isPassword(name) {
		return o.pass.Set(text)
	}
	before := *v
	v.Set(text)
	if !o.fits(v) {
		*v = before
		return errors.New("the value, which is not shown, is none for this option")
	}
	return nil
}

// fits says whether an option that was filled in can have this value.
func (o *options) fits(v *last) bool {
	err := smtp.CheckArgument(v.text)
	switch {
	case err != nil:
	case v == &o.host:
		_, err = checkHost(v.text)
	case v == &o.port:
		var n uint64
		if n, err = strconv.ParseUint(v.text, 10, 16); n == 0 {
			return false
		}
	case v == &o.authType:
		_, err = o.mechanism()
	case v == &o.from:
		_, err = smtp.ReversePath(v.text)
	case v == &o.fqdn:
		_, err = o.ownName(Env{})
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
	if c.o.secretFile.text == "" {
		return nil, bad(option, "there is no file to search", "add --secret-file FILE")
	}
	return c.search("--secret-search-value", c.o.secretSearch, func() (any, error) {
		doc, note, err := secret.JSON(c.system(), c.o.secretFile.text)
		if note != "" {
			c.notes = append(c.notes, note)
		}
		return doc, err
	})
}

const maxDatabase = 16 << 20 // bytes, of KeePass

// keepass searches a database of KeePass.
func (c *consultation) keepass() (lookup, error) {
	name := c.o.keepassFile.text
	if name == "" || c.o.keepassPass.text.Empty() {
		return nil, bad("--keepass-file", "a database needs a file and a password", "give --keepass-file FILE and --keepass-password @file:NAME")
	}
	password, err := c.secret("--keepass-password", c.o.keepassPass.text)
	if err != nil {
		return nil, err
	}
	return c.search("--keepass-search-value", c.o.keepassSearch, func() (any, error) {
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
func (c *consultation) search(option string, texts list, open func() (any, error)) (lookup, error) {
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
func (c *consultation) queries(option string, texts list) (map[string]secret.Query, error) {
	searches, err := pairs(option, texts, "KEY=JSONPATH")
	if err != nil {
		return nil, err
	}
	queries := map[string]secret.Query{}
	for _, s := range searches {
		path, err := secret.Expand(s.value, func(name string) (string, error) {
			v := c.o.fillable(name)
			if v == nil {
				return "", errors.New(quote(name) + " is no option that can stand here")
			}
			return v.text, nil
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
