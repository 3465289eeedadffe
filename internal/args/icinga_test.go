package args

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// icingaSMTP is what the command "smtp" of Icinga 2's template library makes of
// its variables (2.13, include/command-plugins.conf), in the order in which it
// passes them on. A switch is passed if its variable is true.
var icingaSMTP = []struct {
	variable, option string
	isSwitch         bool
}{
	{"smtp_ipv4", "-4", true},
	{"smtp_ipv6", "-6", true},
	{"smtp_authtype", "-A", false},
	{"smtp_command", "-C", false},
	{"smtp_certificate_age", "-D", false},
	{"smtp_helo_fqdn", "-F", false},
	{"smtp_address", "-H", false},
	{"smtp_authpass", "-P", false},
	{"smtp_response", "-R", false},
	{"smtp_starttls", "-S", true},
	{"smtp_authuser", "-U", false},
	{"smtp_critical", "-c", false},
	{"smtp_expect", "-e", false},
	{"smtp_mail_from", "-f", false},
	{"smtp_port", "-p", false},
	{"smtp_ignore_quit", "-q", false},
	{"smtp_timeout", "-t", false},
	{"smtp_warning", "-w", false},
}

// byIcinga is the command line for these variables.
func byIcinga(vars map[string]any) []string {
	var argv []string
	for _, row := range icingaSMTP {
		value, set := vars[row.variable]
		switch {
		case !set:
		case row.isSwitch:
			if n, err := strconv.Atoi(icingaText(value)); value == true || value == "true" || err == nil && n != 0 {
				argv = append(argv, row.option)
			}
		default:
			list, isList := value.([]any)
			if !isList {
				list = []any{value}
			}
			for _, v := range list {
				argv = append(argv, row.option, icingaText(v))
			}
		}
	}
	return argv
}

// icingaText is a value as Icinga writes it into a command line.
func icingaText(value any) string {
	if n, isNumber := value.(float64); isNumber && n != float64(int(n)) {
		return fmt.Sprintf("%f", n)
	}
	return fmt.Sprint(value)
}

// TestIcinga: every kind of value that a variable of Icinga's own command can
// have means what the variable means, or is refused by name. A want that begins
// with "!" is the problem.
func TestIcinga(t *testing.T) {
	const (
		target = "192.0.2.1:25 ip "
		plain  = target + "10s auto ws connect banner ehlo quit"
		start  = target + "10s auto ws starttls/starttls sni= name=192.0.2.1 "
		inTLS  = "connect banner ehlo starttls tls ehlo_tls quit"
		port   = " is not a port (1 to 65535)"
		days   = " is not a number of days, hours (36h) or percent (30%)"
	)
	greets := func(name string) string { return target + "10s auto " + name + " connect banner ehlo quit" }
	mail := func(from string) string {
		return target + "10s auto ws connect banner ehlo mailfrom<" + from + "> quit"
	}
	banner := func(text string) string {
		return target + "10s auto ws connect banner{banner " + text + "} ehlo quit"
	}
	login := func(user, pass string) string {
		return fmt.Sprintf("%s10s auto ws auth(auto %q %q \"\") connect banner ehlo sasl_auth quit", target, user, pass)
	}
	named := func(name, network string) string {
		return name + ":25 " + network + " 10s auto ws dns connect banner ehlo quit"
	}
	type values = []struct {
		value any
		want  string
	}
	list := func(v ...any) any { return v }
	user := map[string]any{"smtp_authuser": "joe"}
	pass := map[string]any{"smtp_authpass": "geheim"}
	tried := map[string][]string{}
	for _, test := range []struct {
		variable string
		with     map[string]any
		values   values
	}{
		{"smtp_address", nil, values{
			{true, named("true", "ip")}, {false, named("false", "ip")}, {"", "!-H/--hostname: the host is empty"},
			{"mx1", named("mx1", "ip")}, {7.0, `!-H/--hostname: "7" is a number and no host`}, {list("mx1", "mx2"), named("mx2", "ip")},
		}},
		{"smtp_port", nil, values{
			{true, `!-p/--port: "true"` + port}, {false, `!-p/--port: "false"` + port}, {"", `!-p/--port: ""` + port},
			{"smtp", `!-p/--port: "smtp"` + port}, {587.0, strings.Replace(plain, ":25", ":587", 1)}, {list(25.0, 587.0), strings.Replace(plain, ":25", ":587", 1)},
		}},
		{"smtp_mail_from", nil, values{
			{true, mail("true")}, {false, mail("false")}, {"", mail("")}, {"a@b", mail("a@b")}, {7.0, mail("7")}, {list("a@b", "c@d"), mail("c@d")},
		}},
		{"smtp_expect", nil, values{
			{true, banner("true")}, {false, banner("false")}, {"", plain}, {"mx1", banner("mx1")}, {220.0, banner("220")}, {list("x", 554.0), banner("554")},
		}},
		{"smtp_command", nil, values{
			{true, strings.Replace(plain, " quit", " command<true> quit", 1)}, {false, strings.Replace(plain, " quit", " command<false> quit", 1)},
			{"", plain}, {"VRFY x", strings.Replace(plain, " quit", " command<VRFY x> quit", 1)}, {7.0, strings.Replace(plain, " quit", " command<7> quit", 1)},
			{list("NOOP", "", "RSET"), strings.Replace(plain, " quit", " command<NOOP> command<RSET> quit", 1)},
		}},
		{"smtp_response", map[string]any{"smtp_command": list("NOOP", "", "RSET")}, values{
			{true, strings.Replace(plain, " quit", " command<NOOP>{response true} command<RSET> quit", 1)},
			{false, strings.Replace(plain, " quit", " command<NOOP>{response false} command<RSET> quit", 1)},
			{"", strings.Replace(plain, " quit", " command<NOOP> command<RSET> quit", 1)},
			{"^250", strings.Replace(plain, " quit", " command<NOOP>{response ^250} command<RSET> quit", 1)},
			{250.0, strings.Replace(plain, " quit", " command<NOOP>{response 250} command<RSET> quit", 1)},
			{list("", "", "^250"), strings.Replace(plain, " quit", " command<NOOP> command<RSET>{response ^250} quit", 1)},
			{list("", "^250"), `!-R/--response: "^250" belongs to an empty -C`},
		}},
		{"smtp_response", map[string]any{"smtp_command": ""}, values{
			{true, `!-R/--response: "true" belongs to an empty -C`}, {"", plain}, {list("", ""), plain},
		}},
		{"smtp_helo_fqdn", nil, values{
			{true, greets("true")}, {false, greets("false")}, {"", plain}, {"mon.example", greets("mon.example")}, {7.0, greets("7")}, {list("a", "b"), greets("b")},
		}},
		{"smtp_certificate_age", nil, values{
			{true, `!-D/--certificate: "true"` + days}, {false, `!-D/--certificate: "false"` + days}, {"", plain},
			{"30,7", start + "D:30 days,7 days " + inTLS}, {30.0, start + "D:30 days,0 days " + inTLS}, {0.5, `!-D/--certificate: "0.500000"` + days},
			{list(30.0, 20.0), start + "D:20 days,0 days " + inTLS},
		}},
		{"smtp_starttls", nil, values{
			{true, start + inTLS}, {false, plain}, {"", plain}, {"true", start + inTLS}, {"false", plain}, {"yes", plain}, {1.0, start + inTLS}, {0.0, plain},
		}},
		{"smtp_authtype", map[string]any{"smtp_authuser": "joe", "smtp_authpass": "geheim"}, values{
			{true, "!-A/--authtype: "}, {false, "!-A/--authtype: "}, {"", login("joe", "geheim")},
			{"LOGIN", strings.Replace(login("joe", "geheim"), "(auto", "(LOGIN", 1)}, {7.0, "!-A/--authtype: "},
			{list("LOGIN", "PLAIN"), strings.Replace(login("joe", "geheim"), "(auto", "(PLAIN", 1)},
		}},
		{"smtp_authuser", pass, values{
			{true, login("true", "geheim")}, {false, login("false", "geheim")}, {"", "!-U/--authuser: no authuser specified"},
			{"joe", login("joe", "geheim")}, {7.0, login("7", "geheim")}, {list("a", "b"), login("b", "geheim")},
		}},
		{"smtp_authpass", user, values{
			{true, login("joe", "true")}, {false, login("joe", "false")}, {"", "!-P/--authpass: no authpass specified"},
			{"geheim", login("joe", "geheim")}, {7.0, login("joe", "7")}, {list("a", "b"), login("joe", "b")},
		}},
		{"smtp_authuser", map[string]any{"smtp_authtype": "", "smtp_authpass": ""}, values{{"", plain}}},
		{"smtp_ignore_quit", map[string]any{"smtp_warning": 5.0}, values{
			{true, plain + " w:time=5 quit=OK"}, {false, plain + " w:time=5"}, {"", plain + " w:time=5"},
			{"true", plain + " w:time=5 quit=OK"}, {"false", plain + " w:time=5"}, {"yes", plain + " w:time=5 quit=OK"}, {"no", plain + " w:time=5"},
			{"on", plain + " w:time=5 quit=OK"}, {"off", plain + " w:time=5"}, {1.0, plain + " w:time=5 quit=OK"}, {0.0, plain + " w:time=5"},
			{"TRUE", plain + " w:time=5 quit=OK"}, {"False", plain + " w:time=5"},
			{list(true, false), plain + " w:time=5"}, {list(false, true), plain + " w:time=5 quit=OK"},
			{"maybe", `!unexpected word "maybe" on the command line`}, {2.0, `!unexpected word "2" on the command line`},
		}},
		{"smtp_warning", nil, values{
			{true, `!-w/--warning: "true" is not a number`}, {false, `!-w/--warning: "false" is not a number`}, {"", plain},
			{"1:5", plain + " w:time=1:5"}, {5.0, plain + " w:time=5"}, {0.5, plain + " w:time=0.5"}, {list(5.0, "banner_time=1"), plain + " w:time=5 w:banner_time=1"},
		}},
		{"smtp_critical", nil, values{
			{true, `!-c/--critical: "true" is not a number`}, {false, `!-c/--critical: "false" is not a number`}, {"", plain},
			{"1:5", plain + " c:time=1:5"}, {5.0, plain + " c:time=5"}, {0.5, plain + " c:time=0.5"}, {list(5.0, "banner_time=1"), plain + " c:time=5 c:banner_time=1"},
		}},
		{"smtp_timeout", nil, values{
			{true, `!-t/--timeout: "true" is not a number of seconds`}, {false, `!-t/--timeout: "false" is not a number of seconds`}, {"", plain},
			{"2:ok", strings.Replace(plain, "10s", "2s", 1) + " timeout=OK"}, {30.0, strings.Replace(plain, "10s", "30s", 1)}, {0.5, strings.Replace(plain, "10s", "500ms", 1)},
			{list(1.0, 2.0), strings.Replace(plain, "10s", "2s", 1)}, {0.0, `!-t/--timeout: "0" leaves no time`},
		}},
		{"smtp_ipv4", nil, values{
			{true, strings.Replace(plain, " ip ", " ip4 ", 1)}, {false, plain}, {"", plain}, {"no", plain}, {1.0, strings.Replace(plain, " ip ", " ip4 ", 1)},
		}},
		{"smtp_ipv6", map[string]any{"smtp_address": "mx1"}, values{
			{true, named("mx1", "ip6")}, {false, named("mx1", "ip")}, {"", named("mx1", "ip")}, {"no", named("mx1", "ip")}, {1.0, named("mx1", "ip6")},
		}},
	} {
		for _, v := range test.values {
			vars := map[string]any{"smtp_address": "192.0.2.1"}
			for name, value := range test.with {
				vars[name] = value
			}
			vars[test.variable] = v.value
			argv := byIcinga(vars)
			p, err := Parse(argv, surroundings(nil))
			got := show(p)
			if err != nil {
				got = "!" + err.Error()
			}
			if got != v.want && !(strings.HasSuffix(v.want, ": ") && strings.HasPrefix(got, v.want)) {
				t.Errorf("%s = %#v: %q\n got %s\nwant %s", test.variable, v.value, argv, got, v.want)
			}
			tried[test.variable] = append(tried[test.variable], kindOf(v.value))
		}
	}
	for _, row := range icingaSMTP {
		kinds := []string{"true", "false", `""`, "text", "number", "list"}
		if row.isSwitch {
			kinds = kinds[:5]
		}
		for _, kind := range kinds {
			if !slices.Contains(tried[row.variable], kind) {
				t.Errorf("%s was not tried with a value of the kind %s", row.variable, kind)
			}
		}
	}
}

// kindOf names the kind of a value.
func kindOf(value any) string {
	switch v := value.(type) {
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return "number"
	case string:
		if v == "" {
			return `""`
		}
		return "text"
	}
	return "list"
}
