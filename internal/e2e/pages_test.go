//go:build e2e

package e2e

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// shownBlock is the first block of code under a heading of a page, with the
// paths of these tests.
func shownBlock(t *testing.T, page, heading, program, passwordFile string) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n"+heading+"\n")
	_, block, _ := strings.Cut("\n"+section, "\n```\n")
	block, _, closed := strings.Cut(block, "\n```\n")
	if !closed || !strings.Contains(block, "/usr/local/lib/nagios/plugins/check_smtp") {
		t.Fatalf("no block under %s: %q", heading, block)
	}
	return strings.NewReplacer("/usr/local/lib/nagios/plugins/check_smtp", program, "/etc/check_smtp/smtp.pass", passwordFile).Replace(block) + "\n"
}

// TestShownNagios loads the page's block beside all that Debian configures,
// and runs it. The same command is given what the page says about quotes,
// and time limits of both kinds.
func TestShownNagios(t *testing.T) {
	n := prepareNagios(t)
	passwordFile, login := startMX1(t)
	block := shownBlock(t, pollers, "## Nagios", filepath.Join(n.dir, "check_smtp"), passwordFile)
	centreon := shownBlock(t, pollers, "## Centreon", filepath.Join(n.dir, "check_smtp"), "")
	taker := playTCP(t, takes(say("250 ok"))).port()
	silent := playTCP(t, greets(mute)).port()
	odd := playTCP(t, standard.on("A!B;C$D", say("250 a!b"))).port()
	objects := strings.ReplaceAll(block, "mx1.example.org", mx1) +
		nagiosHost("here", "127.0.0.1") +
		nagiosService("here", "quotes", fmt.Sprintf(`check_smtp_plus!-p %d -C 'a\!b\;c$$d' -R '^250 a\!b$$' -e "mail.test ESMTP"`, odd)) +
		nagiosService("here", "in time", fmt.Sprintf("check_smtp_plus!-p %d -t 1", silent)) +
		nagiosService("here", "too late", fmt.Sprintf("check_smtp_plus!-p %d", silent)) +
		"define command {\n command_name centreon\n command_line " + centreon + "}\n" +
		strings.Replace(nagiosService("here", "centreon", "centreon"), "}", fmt.Sprintf(macros, taker), 1)
	n.start(t, objects, "service_check_timeout=3\n")
	results := n.results(t, 6)
	for name, want := range map[string][2]string{
		"SMTP":       {"0", "SMTP OK - "},
		"SMTP login": {"0", "SMTP OK - "},
		"quotes":     {"0", "SMTP OK - "},
		"in time":    {"2", "SMTP CRITICAL - Socket timeout after 1 seconds during banner"},
		"too late":   {"2", "(Service check timed out after "},
		"centreon":   {"0", "OK: Message sent - Response time "},
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

// mailHost is a host that the page's services apply to.
const mailHost = `object Host "mx1.example.org" {
	check_command = "dummy"
	address = "` + mx1 + `"
	address6 = "::1"
	vars.mail_server = true
}
`

// everyVariable sets all that the page's command of Icinga knows, and
// everyWord is what Icinga is to make of it.
const everyVariable = `object Service "every" {
	host_name = "mx1.example.org"
	check_command = "smtp-phases"
	vars.smtp_phases_port = 587
	vars.smtp_phases_fqdn = "probe.test"
	vars.smtp_phases_expect = "mail.test ESMTP"
	vars.smtp_phases_from = "a@b.c"
	vars.smtp_phases_command = [ "NOOP", "RSET 'a' \"b\" $$c;!" ]
	vars.smtp_phases_response = [ "^250 ok$$", "" ]
	vars.smtp_phases_to = [ "d@e.f", "g@h.i" ]
	vars.smtp_phases_quit_after = "rcptto"
	vars.smtp_phases_warning = [ "8", "banner_time=5" ]
	vars.smtp_phases_critical = 9
	vars.smtp_phases_state = [ "timeout=unknown", "quit=ok" ]
	vars.smtp_phases_timeout = 8
	vars.smtp_phases_certificate = "30,7"
	vars.smtp_phases_tls_name = "$host.name$"
	vars.smtp_phases_authtype = "login"
	vars.smtp_phases_user = "monitor"
	vars.smtp_phases_password = "p$$ss w\\rd"
	vars.smtp_phases_starttls = true
	vars.smtp_phases_verify = true
	vars.smtp_phases_ignore_quit = true
	vars.smtp_phases_ipv4 = true
	vars.smtp_phases_verbose = true
}
object Service "shown" {
	host_name = "mx1.example.org"
	check_command = "smtp-phases"
	vars.smtp_phases_port = {secure}
	vars.smtp_phases_ssl = true
	vars.smtp_phases_user = "monitor"
	vars.smtp_phases_password_shown = "secret"
	vars.smtp_phases_ipv6 = true
}
object Service "in time" {
	host_name = "mx1.example.org"
	check_command = "smtp-phases"
	check_timeout = 3s
	vars.smtp_phases_port = {silent}
	vars.smtp_phases_timeout = 1
}
object Service "too late" {
	host_name = "mx1.example.org"
	check_command = "smtp-phases"
	check_timeout = 2s
	vars.smtp_phases_port = {silent}
}
`

// useRenamed is a service with the command that the page on swapping shows.
const useRenamed = `object Service "renamed" {
	host_name = "mx1.example.org"
	check_command = "smtp-new"
	vars.smtp_port = 587
}
`

var everyWord = []string{
	"--authpass-env SMTP_PHASES_PASSWORD", "--quit-after rcptto", "--state timeout=unknown", "--state quit=ok",
	"--tls-server-name mx1.example.org", "--to d@e.f", "--to g@h.i", "--verify", "-4", "-A login",
	"-C NOOP", `-C RSET 'a' "b" $c;!`, "-D 30,7", "-F probe.test", "-H " + mx1, "-R ^250 ok$", "-R ",
	"-S", "-U monitor", "-c 9", "-e mail.test ESMTP", "-f a@b.c", "-p 587", "-q", "-t 8", "-v",
	"-w 8", "-w banner_time=5",
}

// TestShownIcinga loads the page's block alone and beside all that Debian
// ships, and runs it: as it is, and with every variable that its command knows.
func TestShownIcinga(t *testing.T) {
	i := prepareIcinga(t)
	passwordFile, login := startMX1(t)
	block := shownBlock(t, pollers, "## Icinga 2", filepath.Join(i.dir, "plugins/check_smtp"), passwordFile)
	renamed := shownBlock(t, swap, "<!-- icinga -->", filepath.Join(i.dir, "plugins/check_smtp"), "")
	for _, beside := range []string{"const PluginDir = \"/\"\ninclude <itl>\ninclude <plugins>", `include "/etc/icinga2/icinga2.conf"`} {
		writeFile(t, filepath.Join(i.dir, "etc/load.conf"), beside+"\n"+mailHost+block+renamed+useRenamed, 0o644)
		if out, err := i.loads("load.conf"); err != nil || regexp.MustCompile(`warning.*load\.conf`).MatchString(out) {
			t.Errorf("%s: %v\n%s", beside, err, out)
		}
	}
	for _, variable := range regexp.MustCompile(`\bsmtp_phases_\w+`).FindAllString(block, -1) {
		if !strings.Contains(block+everyVariable, "vars."+variable+" = ") {
			t.Errorf("%s has no test", variable)
		}
	}
	inside := playAt(t, "[::1]:0", withLogin(implicit("good")))
	silent := playAt(t, mx1+":0", greets(mute))
	i.start(t, mailHost+block+strings.NewReplacer("{secure}", strconv.Itoa(inside.port()), "{silent}", strconv.Itoa(silent.port())).Replace(everyVariable))
	results := i.results(t)
	for name, want := range map[string]struct {
		exit int
		says string
	}{
		"smtp":       {0, "SMTP OK - "},
		"smtp-login": {0, "SMTP OK - "},
		"every":      {0, "SMTP OK - "},
		"shown":      {0, "SMTP OK - "},
		"in time":    {2, "SMTP CRITICAL - Socket timeout after 1 seconds during banner"},
		"too late":   {128, "<Timeout exceeded.>"},
	} {
		r := results[name]
		if int(r.Exit) != want.exit || !strings.HasPrefix(r.Output, want.says) {
			t.Errorf("%s: exit %v, %q", name, r.Exit, r.Output)
		}
	}
	if words := results["every"].words(); !slices.Equal(words, everyWord) {
		t.Errorf("Icinga runs\n%q, want\n%q", words, everyWord)
	}
	gotPassword(t, login, "from the file")
	gotPassword(t, login, `p$ss w\rd`)
	gotPassword(t, inside, "secret")
}
