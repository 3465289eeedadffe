// Package vault reads secrets from HashiCorp Vault or OpenBao: key-value
// engines of version 1 and 2, after a login with one of the methods below or
// with a token. It renews nothing, caches nothing, wraps and unwraps nothing,
// and never repeats what the server says.
package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"check_smtp/internal/credential/jsonpath"
	"check_smtp/internal/plan"
	"check_smtp/internal/web"
)

// Config says where the secrets are and how to get in.
type Config struct {
	Client    *web.Client
	Namespace string      // of Vault Enterprise; "": none
	Method    string      // one of Methods
	Token     plan.Secret // with Method "token"; else not sent, but that of the login
	Mount     string      // where the method is mounted; "": at its own name
	Settings  map[string]plan.Secret
	Paths     []string // of the secrets, as after /v1/
}

// Read reads the secrets. Each value goes by the name "value_PATH#KEY"; a
// secret with a single key also by "value_PATH", and the key itself by
// "key_PATH". The error holds nothing that the server said or was sent.
func Read(ctx context.Context, c Config) (map[string]string, error) {
	defer c.Client.Close()
	if c.Method != Token {
		c.Token = plan.Secret{}
		if err := c.login(ctx); err != nil {
			return nil, err
		}
		defer c.revoke(ctx)
	}
	values := map[string]string{}
	for _, path := range c.Paths {
		data, err := c.secret(ctx, path)
		if err == nil {
			err = add(values, path, data)
		}
		if err != nil {
			return nil, fmt.Errorf("%q: %w", path, err)
		}
	}
	return values, nil
}

// add gives the values of a secret their names.
func add(values map[string]string, path string, data map[string]any) error {
	for key, v := range data {
		text, ok := jsonpath.Text(v)
		if !ok {
			continue // an object has no place in an option
		}
		values["value_"+path+"#"+key] = text
		if len(data) == 1 {
			values["value_"+path], values["key_"+path] = text, key
		}
	}
	if len(data) == 0 {
		return errors.New("the secret is empty")
	}
	return nil
}

// ask sends a request and decodes the answer, which the caller has to judge by
// its status.
func (c *Config) ask(ctx context.Context, method, path string, body any) (int, map[string]any, error) {
	// Vault's agent and proxy may insist on the first one, against requests
	// that a browser was made to send.
	r := web.Request{Method: method, Target: web.Escape("/v1/" + strings.TrimPrefix(path, "/")), Header: []string{"X-Vault-Request: true"}}
	if !c.Token.Empty() {
		r.Header = append(r.Header, "X-Vault-Token: "+c.Token.Reveal())
	}
	if c.Namespace != "" {
		r.Header = append(r.Header, "X-Vault-Namespace: "+c.Namespace)
	}
	if body != nil {
		var err error
		if r.Body, err = json.Marshal(body); err != nil {
			return 0, nil, errors.New("the settings cannot be sent")
		}
	}
	response, err := c.Client.Do(ctx, r)
	if err != nil {
		return 0, nil, err
	}
	doc, _ := jsonpath.Decode(response.Body, maxValues)
	answer, ok := doc.(map[string]any)
	if !ok && response.Status == 200 {
		return 0, nil, errors.New("the answer is not what Vault would say")
	}
	return response.Status, answer, nil
}

// maxValues of an answer; the largest one of use is a secret with its metadata.
const maxValues = 20_000

// secret reads one secret
// (developer.hashicorp.com/vault/api-docs/secret/kv, versions 1 and 2).
func (c *Config) secret(ctx context.Context, path string) (map[string]any, error) {
	status, answer, err := c.ask(ctx, "GET", path, nil)
	if err != nil {
		return nil, err
	}
	data, _ := answer["data"].(map[string]any)
	metadata, _ := data["metadata"].(map[string]any)
	inner, versioned := data["data"].(map[string]any)
	switch {
	case metadata["destroyed"] == true:
		return nil, errors.New("this version of the secret is destroyed")
	case metadata["deletion_time"] != nil && metadata["deletion_time"] != "" && !versioned:
		return nil, errors.New("this version of the secret is deleted")
	case status == 404:
		return nil, errors.New(missing(answer))
	case status != 200:
		return nil, errors.New(words(status))
	case versioned && metadata != nil: // version 2
		return inner, nil
	}
	return data, nil // version 1
}

// missing says why there is nothing. Vault warns of a path that is right for
// the command line only.
func missing(answer map[string]any) string {
	warnings, _ := answer["warnings"].([]any)
	for _, w := range warnings {
		if text, _ := w.(string); strings.Contains(text, "versioned") {
			return "no such secret (404), a path of version 2 holds /data/ after the engine's own"
		}
	}
	return "no such secret (404)"
}

// words is what a status means (developer.hashicorp.com/vault/api-docs, "HTTP
// status codes").
func words(status int) string {
	text := map[int]string{
		400: "Vault does not understand the request",
		403: "permission denied",
		404: "there is no such path",
		405: "there is no such path",
		412: "Vault is not up to date yet",
		429: "too many requests",
		472: "a standby of disaster recovery",
		473: "a standby for performance",
		502: "Vault cannot reach a third party",
		503: "Vault is sealed or down for maintenance",
	}[status]
	switch {
	case text != "":
	case status >= 300 && status < 400:
		text = "Vault redirects, which is not followed: give the address of the active node"
	case status >= 500:
		text = "Vault has an internal error"
	default:
		text = "an unexpected answer"
	}
	return fmt.Sprintf("%s (%d)", text, status)
}

// farewell is how long the end of a session may take.
const farewell = 500 * time.Millisecond

// revoke gives the token of a login back: with one check a minute Vault would
// else keep tens of thousands. That it fails is no fault of the secret's, and a
// batch token cannot be revoked at all.
func (c *Config) revoke(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	c.ask(ctx, "POST", "auth/token/revoke-self", struct{}{})
}
