package vault

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"check_smtp/internal/plan"
)

// Token is the method that is none: the token is there already.
const Token = "token"

// method is a way to log in (developer.hashicorp.com/vault/api-docs/auth).
type method struct {
	name  string
	needs []string // settings that the login is impossible without
	user  bool     // the setting username is the end of the path
}

// methods lists the logins: those of Centreon's plugins, and three more that
// send what they are given.
var methods = []method{
	{"userpass", []string{"username", "password"}, true},
	{"ldap", []string{"username", "password"}, true},
	{"okta", []string{"username", "password"}, true},
	{"radius", []string{"username", "password"}, true},
	{"approle", []string{"role_id"}, false},
	{"cert", nil, false},
	{"github", []string{"token"}, false},
	{"azure", []string{"role", "jwt"}, false},
	{"jwt", []string{"jwt"}, false},
	{"kubernetes", []string{"role", "jwt"}, false},
}

// Methods lists the names of all methods.
func Methods() []string {
	names := []string{Token}
	for _, m := range methods {
		names = append(names, m.name)
	}
	return names
}

// Missing is the first setting that a method needs and does not have; "": none.
func Missing(name string, settings map[string]plan.Secret) string {
	for _, m := range methods {
		for _, need := range m.needs {
			if m.name == name && settings[need].Empty() {
				return need
			}
		}
	}
	return ""
}

// login gets a token.
func (c *Config) login(ctx context.Context) error {
	i := slices.IndexFunc(methods, func(m method) bool { return m.name == c.Method })
	if i < 0 {
		return fmt.Errorf("no such method: %q", c.Method)
	}
	path, body := "auth/"+strings.Trim(cmp.Or(c.Mount, c.Method), "/")+"/login", map[string]string{}
	for key, value := range c.Settings {
		body[key] = value.Reveal()
	}
	if methods[i].user {
		path += "/" + url.PathEscape(body["username"])
		delete(body, "username")
	}
	status, answer, err := c.ask(ctx, "POST", path, body)
	if err != nil {
		return err
	}
	return c.accept(status, answer)
}

// accept takes the token out of the answer to a login.
func (c *Config) accept(status int, answer map[string]any) error {
	if status == 400 || status == 401 || status == 403 {
		return fmt.Errorf("the login (%s) is refused (%d)", c.Method, status)
	}
	if status != 200 {
		return fmt.Errorf("the login (%s) fails: %s", c.Method, words(status))
	}
	auth, _ := answer["auth"].(map[string]any)
	token, _ := auth["client_token"].(string)
	c.Token = plan.NewSecret(token)
	switch {
	case token == "" && auth["mfa_requirement"] != nil:
		return fmt.Errorf("the login (%s) wants a second factor", c.Method)
	case token == "":
		return errors.New("the answer to the login contains no token")
	}
	return nil
}
