//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// stockVariables are the variables of Icinga's stock command smtp, each with
// the values true, false, "", and a text, a number and a list of its own. ours
// and debian are the six exit codes of our program and of Debian's: what the
// variable means, and what the plugin that the command was written for makes
// of it. The server is without a fault and knows no TLS unless another port is
// among the variables beside.
var stockVariables = []struct {
	name, text, number, list string
	beside                   string
	ours, debian             string
}{
	{"smtp_address", `"127.0.0.1"`, "127", `[ "127.0.0.2", "127.0.0.1" ]`, "smtp_timeout = 5", "333030", "333020"},
	{"smtp_port", `"{plain}"`, "{plain}", "[ 1, {plain} ]", "", "333000", "333000"},
	{"smtp_mail_from", `"a@b.c"`, "5", `[ "a@b.c", "" ]`, "", "000000", "000000"},
	{"smtp_expect", `"mail.test"`, "220", `[ "mail", "none" ]`, "", "110001", "110001"},
	{"smtp_command", `"NOOP"`, "5", `[ "NOOP", "RSET" ]`, "", "000000", "000000"},
	{"smtp_response", `"^250"`, "250", `[ "250", "550" ]`, `smtp_command = [ "NOOP", "RSET" ]`, "110001", "110001"},
	{"smtp_helo_fqdn", `"probe.test"`, "5", `[ "a", "b" ]`, "", "000000", "000000"},
	{"smtp_certificate_age", `"30,7"`, "99", `[ "30", "20" ]`, "smtp_port = {secure}", "330010", "330010"},
	{"smtp_starttls", `"yes"`, "1", "[ true ]", "", "100010", "100010"},
	// Debian's knows LOGIN alone, and finds that out after it has connected.
	{"smtp_authtype", `"LOGIN"`, "5", `[ "PLAIN", "LOGIN" ]`, `smtp_port = {secure}, smtp_starttls = true, smtp_authuser = "u", smtp_authpass = "p"`, "330030", "222020"},
	// Nobody means to log in as nobody.
	{"smtp_authuser", `"u"`, "5", `[ "", "u" ]`, `smtp_port = {login}, smtp_authtype = "LOGIN", smtp_authpass = "p"`, "003000", "000000"},
	{"smtp_authpass", `"p"`, "5", `[ "", "p" ]`, `smtp_port = {login}, smtp_authtype = "LOGIN", smtp_authuser = "u"`, "003000", "000000"},
	{"smtp_ignore_quit", `"true"`, "1", "[ true ]", "", "000000", "000000"},
	{"smtp_warning", `"0.000001"`, "5", `[ "6", "5" ]`, "", "330100", "333100"},
	{"smtp_critical", `"0.000001"`, "5", `[ "6", "5" ]`, "", "330200", "333200"},
	{"smtp_timeout", `"5"`, "6", "[ 7, 8 ]", "", "330000", "330000"},
	{"smtp_ipv4", `"yes"`, "1", "[ true ]", `smtp_address = "::1"`, "322232", "322232"},
	{"smtp_ipv6", `"yes"`, "1", "[ true ]", `smtp_address = "127.0.0.1"`, "300030", "300030"},
}

// TestIcingaStock runs Icinga's own command smtp, as it is shipped: with our
// program in its PluginDir, and once more with Debian's.
func TestIcingaStock(t *testing.T) {
	ports := strings.NewReplacer(
		"{plain}", strconv.Itoa(playTCP(t, standard).port()),
		"{secure}", strconv.Itoa(playTCP(t, withLogin(secure)).port()),
		"{login}", strconv.Itoa(playTCP(t, withLogin(standard)).port()))
	config := `object CheckCommand "smtp-debian" {
	import "smtp"
	command = [ "` + CPlugin + `" ]
}
object Host "h" { check_command = "dummy", address = "127.0.0.1" }
`
	want := map[string]string{}
	for i, v := range stockVariables {
		for kind, value := range []string{"true", "false", `""`, v.text, v.number, v.list} {
			vars := fmt.Sprintf("{ smtp_port = {plain}, %s } + { %s = %s }", v.beside, v.name, value)
			for command, exits := range map[string]string{"smtp": v.ours, "smtp-debian": v.debian} {
				name := fmt.Sprintf("%d %s = %s, %s", i, v.name, value, command)
				want[ports.Replace(name)] = exits[kind : kind+1]
				config += ports.Replace(fmt.Sprintf("object Service %q { host_name = \"h\", check_command = %q, vars += %s }\n", name, command, vars))
			}
		}
	}
	results := startIcinga(t, config).results(t)
	everyStockVariable(t)
	if len(results) != len(want) {
		t.Fatalf("%d results of %d services", len(results), len(want))
	}
	for name, exit := range want {
		if r := results[name]; strconv.Itoa(int(r.Exit)) != exit {
			t.Errorf("%s: exit %v, want %s of %q\n%s", name, r.Exit, exit, r.Command, r.Output)
		}
	}
}

// everyStockVariable minds that the command has no other variables.
func everyStockVariable(t *testing.T) {
	text, err := os.ReadFile("/usr/share/icinga2/include/command-plugins.conf")
	if err != nil {
		t.Fatal(err)
	}
	_, command, _ := strings.Cut(string(text), `object CheckCommand "smtp" {`)
	command, _, _ = strings.Cut(command, "\n}\n")
	found := map[string]bool{}
	for _, name := range regexp.MustCompile(`\bsmtp_\w+`).FindAllString(command, -1) {
		found[name] = true
	}
	for _, v := range stockVariables {
		delete(found, v.name)
	}
	if len(found) > 0 || !strings.Contains(command, "smtp_ignore_quit") {
		t.Errorf("not tested: %v", found)
	}
}
