//go:build e2e

package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mx1 is where the pages' mail server stands in these tests.
const mx1 = "127.0.77.30"

// startMX1 serves what the pages' examples ask for; login is its server at
// port 587. The plugins of a poller that is started later trust it, and find
// the password in a file.
func startMX1(t *testing.T) (passwordFile string, login *scripted) {
	t.Helper()
	dir := tempDir(t)
	playAt(t, mx1+":25", offers("mx1").on("DATA", say("354 go ahead"), message, say("250 ok")))
	login = playAt(t, mx1+":587", withLogin(offers("mx1")))
	writeFile(t, filepath.Join(dir, "ca.pem"), string(certificates()["ca"].PEM()), 0o644)
	t.Setenv("SSL_CERT_FILE", filepath.Join(dir, "ca.pem"))
	passwordFile = filepath.Join(dir, "smtp.pass")
	writeFile(t, passwordFile, "from the file\n", 0o600)
	chown(t, "nagios", dir, passwordFile)
	return passwordFile, login
}

// gotPassword minds that a server with AUTH LOGIN was told this password.
func gotPassword(t *testing.T, server *scripted, password string) {
	t.Helper()
	if _, heard := server.contacts(); !slices.Contains(heard, base64.StdEncoding.EncodeToString([]byte(password))) {
		t.Errorf("the server was not told %q but %q", password, heard)
	}
}

// pollers is the page with the blocks for pollers; those of README.md are part
// of them.
const pollers = "../../cmd/check_smtp/doc/pollers.md"

// shownBlock is the first block under a heading of a page that is not for a shell,
// with the paths of these tests.
func shownBlock(t *testing.T, page, heading, program, passwordFile string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n"+heading+"\n")
	block := ""
	for n, part := range strings.Split("\n"+section, "\n```") {
		if code, plain := strings.CutPrefix(part, "\n"); plain && n%2 == 1 {
			block = code
			break
		}
	}
	if block == "" {
		t.Fatalf("no block under %s", heading)
	}
	return strings.NewReplacer("/usr/local/lib/nagios/plugins/check_smtp", program, "/etc/check_smtp/smtp.pass", passwordFile, "192.0.2.25", mx1).Replace(block) + "\n"
}

// TestShownNagios loads the page's block beside all that Debian configures and
// what is printed, and runs it. The same command is given what the page says about
// quotes, and time limits of both kinds.
func TestShownNagios(t *testing.T) {
	n := prepareNagios(t)
	passwordFile, login := startMX1(t)
	block := shownBlock(t, pollers, "## Nagios", filepath.Join(n.dir, "check_smtp"), passwordFile)
	centreon := shownBlock(t, pollers, "## Centreon", filepath.Join(n.dir, "check_smtp"), "")
	taker := playTCP(t, takes(say("250 ok"))).port()
	silent := playTCP(t, greets(mute)).port()
	odd := playTCP(t, standard.on("A!B;C$D", say("250 a!b"))).port()
	objects := printedBy(t, filepath.Join(n.dir, "check_smtp"), "nagios") + strings.ReplaceAll(block, "use        linux-server", "use generic-host\n contact_groups admins\n max_check_attempts 1") +
		nagiosHost("here", "127.0.0.1") +
		nagiosService("here", "quotes", fmt.Sprintf(`smtp_plus!-p %d -C 'a\!b\;c$$d' -R '^250 a\!b$$' -e "mail.test ESMTP"`, odd)) +
		nagiosService("here", "in time", fmt.Sprintf("smtp_plus!-p %d -t 1", silent)) +
		nagiosService("here", "too late", fmt.Sprintf("smtp_plus!-p %d", silent)) +
		"define command {\n command_name centreon\n command_line " + centreon + "}\n" +
		strings.Replace(nagiosService("here", "centreon", "centreon"), "}", fmt.Sprintf(macros, taker), 1)
	n.start(t, objects, "service_check_timeout=3\n")
	results := n.results(t, 7)
	for name, want := range map[string][2]string{
		"SMTP":        {"0", "SMTP OK - "},
		"SMTP login":  {"0", "SMTP OK - "},
		"SMTP banner": {"0", "SMTP OK - "},
		"quotes":      {"0", "SMTP OK - "},
		"in time":     {"2", "SMTP CRITICAL - Socket timeout after 1 seconds during banner"},
		"too late":    {"2", "(Service check timed out after "},
		"centreon":    {"0", "OK: Message sent - Response time "},
	} {
		r := results[name]
		if r["current_state"] != want[0] || !strings.HasPrefix(r["plugin_output"], want[1]) {
			t.Errorf("%s: state %s, %q", name, r["current_state"], r["plugin_output"])
		}
	}
	if perfdata := results["too late"]["performance_data"]; perfdata != "" {
		t.Errorf("too late, but %q", perfdata)
	}
	gotPassword(t, login, "from the file")
}

// macros are those of the page's line for Centreon, some of them empty.
const macros = ` _PORT %d
 _USERNAME
 _PASSWORD
 _SMTPFROM a@b.c
 _SMTPTO d@e.f
 _TIMEOUT
 _WARNING
 _CRITICAL 5
 _EXTRAOPTIONS --smtp-send-options subject=Probe
}`

// everyShape sets a variable of every shape, and everyWord is what Icinga is to
// make of them.
const everyShape = `object Service "every" {
	host_name = "mx1.example.org"
	check_command = "smtp_plus"
	vars.smtp_plus_port = 587
	vars.smtp_plus_fqdn = "probe.test"
	vars.smtp_plus_expect = "mail.test ESMTP"
	vars.smtp_plus_from = "a@b.c"
	vars.smtp_plus_command = [ "NOOP", "RSET 'a' \"b\" $$c;!" ]
	vars.smtp_plus_response = [ "^250 ok$$", "" ]
	vars.smtp_plus_to = [ "d@e.f", "g@h.i" ]
	vars.smtp_plus_quit_after = "rcptto"
	vars.smtp_plus_warning = [ "8", "banner_time=5" ]
	vars.smtp_plus_critical = 9
	vars.smtp_plus_state = [ "timeout=unknown", "quit=ok" ]
	vars.smtp_plus_timeout = 8
	vars.smtp_plus_certificate = "30,7"
	vars.smtp_plus_tls_server_name = "$host.name$"
	vars.smtp_plus_authtype = "login"
	vars.smtp_plus_authuser = "monitor"
	vars.smtp_plus_authpass = "p$$ss w\\rd"
	vars.smtp_plus_starttls = true
	vars.smtp_plus_ssl = false
	vars.smtp_plus_verify = "warning"
	vars.smtp_plus_mta_sts = false
	vars.smtp_plus_extra_opts = [ "$$one@{ini}", "true@{ini}" ]
	vars.smtp_plus_ignore_quit_failure = true
	vars.smtp_plus_use_ipv4 = true
	vars.smtp_plus_verbose = 2
}
object Service "inside" {
	host_name = "mx1.example.org"
	check_command = "smtp_plus"
	vars.smtp_plus_port = {secure}
	vars.smtp_plus_ssl = true
	vars.smtp_plus_authuser = "monitor"
	vars.smtp_plus_authpass = "secret"
	vars.smtp_plus_use_ipv6 = true
	vars.smtp_plus_verbose = true
	vars.smtp_plus_explode_perfdata_max = true
}
object Service "two" {
	host_name = "mx1.example.org"
	check_command = "smtp_plus"
	vars.smtp_plus_address = ""
	vars.smtp_plus_target = [ "$address$", "$address$:{secure4}" ]
	vars.smtp_plus_quit_after = "banner"
}
object Service "manager" {
	host_name = "mx1.example.org"
	check_command = "smtp_plus"
	vars.smtp_plus_pass_manager = "keepass"
	vars.smtp_plus_keepass_file = "/nowhere"
	vars.smtp_plus_keepass_password = "geheim"
	vars.smtp_plus_keepass_map_option = [ "password=%{pw}" ]
	vars.smtp_plus_keepass_search_value = [ "pw=$$..x" ]
}
object Service "in time" {
	host_name = "mx1.example.org"
	check_command = "smtp_plus"
	check_timeout = 3s
	vars.smtp_plus_port = {silent}
	vars.smtp_plus_timeout = 1
}
object Service "too late" {
	host_name = "mx1.example.org"
	check_command = "smtp_plus"
	check_timeout = 2s
	vars.smtp_plus_port = {silent}
}
object Service "renamed" {
	host_name = "mx1.example.org"
	check_command = "smtp-new"
	vars.smtp_address = "{mx1}"
	vars.smtp_port = 587
}
`

var everyWord = []string{
	"--authpass-env SMTP_PLUS_AUTHPASS", "--authtype login", "--authuser monitor", "--certificate 30,7", "--command NOOP", `--command RSET 'a' "b" $c;!`,
	"--critical 9", "--expect mail.test ESMTP", "--extra-opts=$one@{ini}", "--extra-opts=true@{ini}", "--fqdn probe.test", "--from a@b.c", "--hostname " + mx1, "--ignore-quit-failure", "--port 587",
	"--quit-after rcptto", "--response ^250 ok$", "--response ", "--starttls", "--state timeout=unknown", "--state quit=ok", "--timeout 8", "--tls-server-name mx1.example.org",
	"--to d@e.f", "--to g@h.i", "--use-ipv4", "--verbose", "--verbose", "--verify=warning", "--warning 8", "--warning banner_time=5",
}

// TestShownIcinga does what the page says: prints and copies. It loads what came of
// it alone and beside all that Debian ships, and runs it: the page's block, and
// variables of every shape.
func TestShownIcinga(t *testing.T) {
	i := prepareIcinga(t)
	passwordFile, login := startMX1(t)
	program := filepath.Join(i.dir, "plugins/check_smtp")
	loadsAnywhere(t, i, tenMinutes(t, i))
	ini := filepath.Join(i.dir, "mp.ini")
	writeFile(t, ini, "[$one]\nquit-after=quit\n[true]\nstate=cert-weak=ok\n", 0o644)
	inside := playAt(t, "[::1]:0", withLogin(implicit("good")))
	silent, other := playAt(t, mx1+":0", greets(mute)), playAt(t, mx1+":0", standard)
	where := strings.NewReplacer("{secure}", strconv.Itoa(inside.port()), "{secure4}", strconv.Itoa(other.port()), "{silent}", strconv.Itoa(silent.port()), "{ini}", ini, "{mx1}", mx1)
	config := printedBy(t, program, "icinga2") + shownBlock(t, pollers, "## Icinga 2", program, passwordFile) +
		shownBlock(t, swap, "<!-- icinga -->", program, "") + where.Replace(everyShape)
	config = strings.Replace(config, `address = "`+mx1+`"`, `address = "`+mx1+"\"\n  address6 = \"::1\"\n  vars.smtp_plus_resolver = \""+startResolver(t)+`"`, 1)
	loadsAnywhere(t, i, config)
	i.start(t, config)
	results := i.results(t)
	for name, want := range map[string]struct {
		exit int
		says string
	}{
		"smtp-up":                   {0, "SMTP OK - "},
		"smtp-starttls":             {0, "SMTP OK - "},
		"smtp-login":                {0, "SMTP OK - "},
		"smtp-banner":               {0, "SMTP OK - "},
		"mail-example.org":          {0, "SMTP OK - 1 of 1 targets OK"},
		"mail-policies-example.org": {0, "SMTP OK - 1 of 1 targets OK"},
		"every":                     {0, "SMTP OK - "},
		"inside":                    {0, "SMTP OK - "},
		"two":                       {0, "SMTP OK - 2 of 2 targets OK"},
		"manager":                   {3, "SMTP UNKNOWN - password manager keepass: "},
		"in time":                   {2, "SMTP CRITICAL - Socket timeout after 1 seconds during banner"},
		"too late":                  {128, "<Timeout exceeded.>"},
		"renamed":                   {0, "SMTP OK - "},
	} {
		r := results[name]
		if int(r.Exit) != want.exit || !strings.HasPrefix(r.Output, want.says) {
			t.Errorf("%s: exit %v, %q of %q", name, r.Exit, r.Output, r.Command)
		}
		if text := fmt.Sprint(r.Command); strings.Contains(text, "secret") || strings.Contains(text, "geheim") || strings.Contains(text, "p$ss") {
			t.Errorf("%s: a secret is on the command line: %s", name, text)
		}
	}
	words := results["every"].words()
	for n := range words {
		words[n] = strings.ReplaceAll(words[n], ini, "{ini}")
	}
	if without := slices.DeleteFunc(words, func(w string) bool { return strings.HasPrefix(w, "--resolver ") }); !slices.Equal(without, everyWord) {
		t.Errorf("Icinga runs\n%q, want\n%q", without, everyWord)
	}
	gotPassword(t, login, "from the file")
	gotPassword(t, login, `p$ss w\rd`)
	gotPassword(t, inside, "secret")
}

// tenMinutes runs the commands that the page begins with, and gives what they have
// written.
func tenMinutes(t *testing.T, i *icinga) string {
	t.Helper()
	text, err := os.ReadFile(pollers)
	if err != nil {
		t.Fatal(err)
	}
	_, script, _ := strings.Cut(string(text), "\n```sh\n")
	script, _, found := strings.Cut(script, "\n```\n")
	if !found || !strings.Contains(script, "systemctl reload icinga2") {
		t.Fatalf("the page begins with %q", script)
	}
	confd := filepath.Join(i.dir, "etc/conf.d")
	if err := os.Mkdir(confd, 0o755); err != nil {
		t.Fatal(err)
	}
	script = strings.NewReplacer("/usr/local/lib/nagios/plugins", i.dir+"/plugins", "/etc/icinga2/conf.d", confd, "systemctl reload icinga2", ":").Replace(script)
	if out, err := exec.Command("sh", "-ec", script).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var config string
	for _, name := range []string{"check_smtp_plus.conf", "mx1.conf"} {
		text, err := os.ReadFile(filepath.Join(confd, name))
		if err != nil {
			t.Fatal(err)
		}
		config += string(text)
	}
	return config
}
