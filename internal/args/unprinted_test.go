package args

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestUnprinted: nothing that holds a secret shows it when it is printed, as a
// message, a trace or a test may do by mistake.
func TestUnprinted(t *testing.T) {
	const line = "-U u -P " + marker + "1 --pass-manager=hashicorpvault --vault-address=vault.test --vault-token=" + marker + "2 --secret-path=x" +
		" --auth-method=userpass --auth-settings=username=u --auth-settings=password=" + marker + "3 --map-option=password=%{value_x}" +
		" --keepass-password=" + marker + "4 --teampass-api-key=" + marker + "5"
	o, err := words(shell(line), surroundings(nil))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse([]string{"-U", "u", "-P", marker}, surroundings(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{"options": *o, "set": *o.Set, "login": *p.Probe.Auth} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%d"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, marker) || strings.Contains(text, fmt.Sprintf("%x", marker)) {
				t.Errorf("%s of the %s shows a secret: %s", verb, name, text)
			}
		}
	}
	if text, err := json.Marshal(p.Probe.Auth); err != nil || strings.Contains(string(text), marker) {
		t.Errorf("%s (%v)", text, err)
	}
}
