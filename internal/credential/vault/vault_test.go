package vault

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/credential/vaulttest"
	"check_smtp/internal/plan"
	"check_smtp/internal/roots"
	"check_smtp/internal/web"
)

// config is one that can read the secrets at these paths.
func config(t *testing.T, s *vaulttest.Server, paths ...string) Config {
	t.Helper()
	c, _, err := web.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	if s.TLS != nil && s.Certificate() != nil {
		c.Root = roots.Store{PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})}
	}
	return Config{Client: c, Method: Token, Token: plan.NewSecret(vaulttest.Token), Paths: paths}
}

// hide makes secrets of all settings.
func hide(settings map[string]string) map[string]plan.Secret {
	hidden := map[string]plan.Secret{}
	for key, value := range settings {
		hidden[key] = plan.NewSecret(value)
	}
	return hidden
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestRead(t *testing.T) {
	s := vaulttest.New(t)
	values, err := Read(within(t, time.Minute), config(t, s, "kv1/smtp", "kv1/single", "kv1/odd", "kv/data/smtp", "kv/data/smtp?version=1", "kv/data/future"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"value_kv1/smtp#username":               "monitor",
		"value_kv1/smtp#password":               vaulttest.Password,
		"value_kv1/single#monitor":              vaulttest.Password,
		"value_kv1/single":                      vaulttest.Password,
		"key_kv1/single":                        "monitor",
		"value_kv1/odd#number":                  "587",
		"value_kv1/odd#none":                    "",
		"value_kv/data/smtp#username":           "monitor",
		"value_kv/data/smtp#password":           vaulttest.Password,
		"value_kv/data/smtp?version=1#username": "monitor",
		"value_kv/data/smtp?version=1#password": "old-" + vaulttest.Password,
		"value_kv/data/future#username":         "monitor",
		"value_kv/data/future#password":         vaulttest.Password,
	}
	if !maps.Equal(values, want) {
		t.Errorf("got %v", values)
	}
}

func TestLogin(t *testing.T) {
	for _, test := range []struct {
		method, mount string
		settings      map[string]string
		asked         string
	}{
		{"userpass", "", map[string]string{"username": "monitor", "password": vaulttest.UserPass}, "/v1/auth/userpass/login/monitor"},
		{"userpass", "/team/userpass/", map[string]string{"username": "monitor", "password": vaulttest.UserPass}, "/v1/auth/team/userpass/login/monitor"},
		{"ldap", "", map[string]string{"username": "monitor", "password": vaulttest.UserPass}, "/v1/auth/ldap/login/monitor"},
		{"okta", "", map[string]string{"username": "monitor", "password": vaulttest.UserPass, "totp": "1"}, "/v1/auth/okta/login/monitor"},
		{"radius", "", map[string]string{"username": "monitor", "password": vaulttest.UserPass}, "/v1/auth/radius/login/monitor"},
		{"approle", "", map[string]string{"role_id": vaulttest.RoleID, "secret_id": vaulttest.SecretID}, "/v1/auth/approle/login"},
		{"github", "", map[string]string{"token": vaulttest.SecretID}, "/v1/auth/github/login"},
		{"azure", "", map[string]string{"role": "r", "jwt": vaulttest.SecretID}, "/v1/auth/azure/login"},
		{"jwt", "", map[string]string{"role": "r", "jwt": vaulttest.SecretID}, "/v1/auth/jwt/login"},
		{"kubernetes", "", map[string]string{"role": "r", "jwt": vaulttest.SecretID}, "/v1/auth/kubernetes/login"},
	} {
		s := vaulttest.New(t)
		c := config(t, s, "kv/data/smtp")
		c.Method, c.Mount, c.Settings = test.method, test.mount, hide(test.settings) // and a token, which must not go along
		values, err := Read(within(t, time.Minute), c)
		if err != nil || values["value_kv/data/smtp#password"] != vaulttest.Password {
			t.Errorf("%s: %v, %v", test.method, values, err)
		}
		requests, tokens := s.Asked()
		want := []string{"POST " + test.asked, "GET /v1/kv/data/smtp", "POST /v1/auth/token/revoke-self"}
		if !slices.Equal(requests, want) || tokens != 0 {
			t.Errorf("%s: %d tokens are left after %q", test.method, tokens, requests)
		}
	}
}

func TestCertificate(t *testing.T) {
	s := vaulttest.NewTLS(t)
	s.CertCN = "" // httptest's certificate has none
	c := config(t, s, "kv1/smtp")
	c.Method, c.Settings = "cert", hide(map[string]string{"name": "web"})
	if _, err := Read(within(t, time.Minute), c); err == nil || err.Error() != "the login (cert) is refused (400)" {
		t.Error(err)
	}
	c = config(t, s, "kv1/smtp")
	c.Method, c.Settings, c.Client.Cert = "cert", hide(map[string]string{"name": "web"}), &tls.Certificate{
		Certificate: s.TLS.Certificates[0].Certificate, PrivateKey: s.TLS.Certificates[0].PrivateKey,
	}
	if values, err := Read(within(t, time.Minute), c); err != nil || values["value_kv1/smtp#password"] != vaulttest.Password {
		t.Error(values, err)
	}
}

// TestTargets: what a user may type cannot become another request.
func TestTargets(t *testing.T) {
	s := vaulttest.New(t)
	c := config(t, s, "/kv1/smtp")
	c.Method, c.Settings = "userpass", hide(map[string]string{"username": "../x?y", "password": "z"})
	Read(within(t, time.Minute), c)
	c = config(t, s, "/kv1/smtp", "kv1/a b#\r\nX: y")
	Read(within(t, time.Minute), c)
	want := []string{"POST /v1/auth/userpass/login/..%2Fx%3Fy", "GET /v1/kv1/smtp", "GET /v1/kv1/a%20b%23%0D%0AX:%20y"}
	if asked, _ := s.Asked(); !slices.Equal(asked, want) {
		t.Errorf("%q", asked)
	}
}

func TestNamespace(t *testing.T) {
	s := vaulttest.New(t)
	s.Namespace = "team/a"
	c := config(t, s, "kv1/smtp")
	if _, err := Read(within(t, time.Minute), c); err == nil {
		t.Error("no namespace is needed")
	}
	c.Namespace = "team/a"
	if _, err := Read(within(t, time.Minute), c); err != nil {
		t.Error(err)
	}
}

// TestFailures: every failure is told in words of ours, without anything that
// the server said or was sent.
func TestFailures(t *testing.T) {
	paths := func(paths ...string) func(*vaulttest.Server, *Config) {
		return func(_ *vaulttest.Server, c *Config) { c.Paths = paths }
	}
	login := func(method, mount string, settings map[string]string) func(*vaulttest.Server, *Config) {
		return func(_ *vaulttest.Server, c *Config) { c.Method, c.Mount, c.Settings = method, mount, hide(settings) }
	}
	wrong := map[string]string{"username": "monitor", "password": "wrong-" + vaulttest.Mark}
	for _, test := range []struct {
		name   string
		change func(*vaulttest.Server, *Config)
		want   string
	}{
		{"missing", paths("kv1/nothing"), `"kv1/nothing": no such secret (404)`},
		{"missing of version 2", paths("kv/data/nothing"), `"kv/data/nothing": no such secret (404)`},
		{"path without data", paths("kv/smtp"), `"kv/smtp": no such secret (404), a path of version 2 holds /data/ after the engine's own`},
		{"no engine", paths("none/smtp"), `"none/smtp": no such secret (404)`},
		{"deleted", paths("kv1/smtp", "kv/data/deleted"), `"kv/data/deleted": this version of the secret is deleted`},
		{"destroyed", paths("kv/data/destroyed"), `"kv/data/destroyed": this version of the secret is destroyed`},
		{"empty", paths("kv1/empty"), `"kv1/empty": the secret is empty`},
		{"forbidden", paths("private/smtp"), `"private/smtp": permission denied (403)`},
		{"bad token", func(_ *vaulttest.Server, c *Config) { c.Token = plan.NewSecret("wrong-" + vaulttest.Mark) }, `"kv1/smtp": permission denied (403)`},
		{"token with a line end", func(_ *vaulttest.Server, c *Config) { c.Token = plan.NewSecret(vaulttest.Token + "\n") }, `"kv1/smtp": what is to be sent contains a line end or a NUL`},
		{"sealed", func(s *vaulttest.Server, _ *Config) { s.Sealed = true }, `"kv1/smtp": Vault is sealed or down for maintenance (503)`},
		{"standby", func(s *vaulttest.Server, _ *Config) { s.Redirect = "http://192.0.2.1:8200" }, `"kv1/smtp": Vault redirects, which is not followed: give the address of the active node (307)`},
		{"garbage", func(s *vaulttest.Server, _ *Config) { s.Raw = "<html>" + vaulttest.Mark }, `"kv1/smtp": the answer is not what Vault would say`},
		{"many values", func(s *vaulttest.Server, _ *Config) { s.Raw = `{"data":[` + strings.Repeat(`{"":0},`, 100_000) + "0]}" }, `"kv1/smtp": the answer is not what Vault would say`},
		{"deep", func(s *vaulttest.Server, _ *Config) {
			s.Raw = `{"data":{"x":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}}"
		}, `"kv1/smtp": the answer is not what Vault would say`},
		{"an array", func(s *vaulttest.Server, _ *Config) { s.Raw = "[]" }, `"kv1/smtp": the answer is not what Vault would say`},
		{"nothing in it", func(s *vaulttest.Server, _ *Config) { s.Raw = "{}" }, `"kv1/smtp": the secret is empty`},
		{"huge", func(s *vaulttest.Server, _ *Config) { s.Huge = true }, `"kv1/smtp": the answer is larger than 1048576 bytes`},
		{"slow", func(s *vaulttest.Server, _ *Config) { s.Slow = time.Minute }, `"kv1/smtp": no answer in time`},
		{"gone", func(s *vaulttest.Server, _ *Config) { s.Listener.Close() }, `"kv1/smtp": connection refused`},
		{"wrong password", login("userpass", "", wrong), "the login (userpass) is refused (400)"},
		{"wrong role", login("approle", "", map[string]string{"role_id": vaulttest.RoleID}), "the login (approle) is refused (400)"},
		{"no such mount", login("ldap", "nowhere", wrong), "the login (ldap) is refused (403)"},
		{"second factor", login("userpass", "mfa", wrong), "the login (userpass) wants a second factor"},
		{"strange user", login("userpass", "", map[string]string{"username": "../x?y", "password": "z"}), "the login (userpass) is refused (400)"},
		{"no token", func(s *vaulttest.Server, c *Config) { c.Method, s.Raw = "userpass", `{"auth":null}` }, "the answer to the login contains no token"},
		{"login of a sealed one", func(s *vaulttest.Server, c *Config) { c.Method, s.Sealed = "userpass", true }, "the login (userpass) fails: Vault is sealed or down for maintenance (503)"},
		{"slow login", func(s *vaulttest.Server, c *Config) { c.Method, s.Slow = "userpass", time.Minute }, "no answer in time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := vaulttest.New(t)
			c := config(t, s, "kv1/smtp")
			test.change(s, &c)
			patience := time.Minute
			if s.Slow > 0 {
				patience = 300 * time.Millisecond
			}
			values, err := Read(within(t, patience), c)
			if err == nil || err.Error() != test.want || values != nil {
				t.Errorf("%v, %v, want %s", values, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), vaulttest.Mark) {
				t.Error("a secret is in the error")
			}
		})
	}
}

// TestSlowFarewell: the end of a session does not hold up what was read.
func TestSlowFarewell(t *testing.T) {
	s := vaulttest.New(t)
	c := config(t, s, "kv1/smtp")
	c.Method, c.Settings = "userpass", hide(map[string]string{"username": "monitor", "password": vaulttest.UserPass})
	s.Linger = time.Minute
	start := time.Now()
	_, err := Read(within(t, 2*s.Linger), c)
	if took := time.Since(start); err != nil || took > s.Linger/2 {
		t.Errorf("%v after %v", err, took)
	}
}

func TestStopped(t *testing.T) {
	s := vaulttest.New(t)
	s.Slow = time.Minute
	ctx, stop := context.WithCancelCause(within(t, time.Minute))
	time.AfterFunc(50*time.Millisecond, func() { stop(errors.New("stopped by SIGTERM")) })
	if _, err := Read(ctx, config(t, s, "kv1/smtp")); err == nil || !strings.HasSuffix(err.Error(), "stopped by SIGTERM") {
		t.Error(err)
	}
}

func TestMissing(t *testing.T) {
	for _, name := range Methods() {
		if need := Missing(name, nil); (need == "") != (name == Token || name == "cert") {
			t.Errorf("%s misses %q", name, need)
		}
	}
	if need := Missing("userpass", hide(map[string]string{"username": "x"})); need != "password" {
		t.Error(need)
	}
}
