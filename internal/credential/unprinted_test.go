package credential

import (
	"fmt"
	"strings"
	"testing"

	"check_smtp/internal/option"
)

// TestUnprinted: nothing that holds a secret shows it when it is printed, as a
// message, a trace or a test may do by mistake.
func TestUnprinted(t *testing.T) {
	const mark = "hunter2MARKERhunter2"
	rows := []option.Row{
		{Name: "authpass", Value: "X", Secret: true}, {Name: "vault-address", Value: "X"}, {Name: "vault-token", Value: "X", Secret: true}, {Name: "secret-path", Value: "X"},
		{Name: "auth-method", Value: "X"}, {Name: "auth-settings", Value: "X", Secret: true, Many: true}, {Name: "auth-path", Value: "X"},
		{Name: "vault-port", Value: "X"}, {Name: "vault-protocol", Value: "X"},
	}
	set, err := option.Read(option.Tables{{Rows: rows}}, []string{
		"--authpass=" + mark + "1", "--vault-address=vault.test", "--vault-token=" + mark + "2", "--secret-path=x",
		"--auth-method=userpass", "--auth-settings=username=u", "--auth-settings=password=" + mark + "3",
	}, option.Env{})
	if err != nil {
		t.Fatal(err)
	}
	f := &filling{set: set, env: system(nil, nil)}
	c := &consultation{filling: f, manager: &manager{name: "hashicorpvault"}}
	config, err := c.vaultConfig()
	if err != nil {
		t.Fatal(err)
	}
	if got := config.Token.Reveal() + config.Settings["password"].Reveal() + set.Secret(password).Reveal(); got != mark+"2"+mark+"3"+mark+"1" {
		t.Errorf("what is hidden is %q", got)
	}
	for name, v := range map[string]any{"filling": *f, "consultation": *c, "vault": config} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%d"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, mark) || strings.Contains(text, fmt.Sprintf("%x", mark)) {
				t.Errorf("%s of the %s shows a secret: %s", verb, name, text)
			}
		}
	}
}
