//go:build e2e

package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// printedBy is what a program prints for a poller.
func printedBy(t *testing.T, program, what string) string {
	t.Helper()
	o := runPlugin(program, nil, "--print", what)
	if o.exit != 0 || o.stderr != "" || !strings.Contains(o.stdout, program) {
		t.Fatalf("--print %s: %v", what, o)
	}
	return o.stdout
}

// servers are what the jobs of printed configurations ask for, beside startMX1: a
// server that takes TLS from the start, one that is no open relay, and a DNS server
// that knows example.org. Where they are stands in the macros of the test's objects.
func startServers(t *testing.T) *strings.Replacer {
	t.Helper()
	playAt(t, mx1+":465", implicit("mx1"))
	relay := playAt(t, mx1+":0", on("RCPT", say("554 5.7.1 relay access denied")))
	return strings.NewReplacer("{relay}", strconv.Itoa(relay.port()), "{resolver}", startResolver(t), "{mx1}", mx1)
}

// startResolver answers with the one mail exchanger that example.org has, at mx1.
func startResolver(t *testing.T) (address string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		for packet := make([]byte, 4096); ; {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			if answer, err := resolved(packet[:n]); err == nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

// resolved is the answer to a question. What example.org has not does not exist. It
// verifies signatures, of which the root has some and example.org none.
func resolved(packet []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil || len(m.Questions) != 1 {
		return nil, fmt.Errorf("no question: %w", err)
	}
	q := m.Questions[0]
	m.Response, m.RecursionAvailable, m.AuthenticData, m.RCode = true, true, false, dnsmessage.RCodeNameError
	head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 60}
	switch q.Name.String() {
	case ".":
		m.RCode, m.AuthenticData = dnsmessage.RCodeSuccess, true
		if q.Type == dnsmessage.TypeNS {
			m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.NSResource{NS: dnsmessage.MustNewName("a.root-servers.net.")}}}
		}
	case "example.org.":
		m.RCode = dnsmessage.RCodeSuccess
		if q.Type == dnsmessage.TypeMX {
			m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName("mx1.example.org.")}}}
		}
	case "mx1.example.org.":
		m.RCode = dnsmessage.RCodeSuccess
		if q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: [4]byte(net.ParseIP(mx1).To4())}}}
		}
	}
	return m.Pack()
}

// limited is a value of the performance data.
var limited = regexp.MustCompile(`('[^']+'|[^ =']+)=([0-9.]+)([a-zA-Z%]*)((?:;[^ ;]*)*)`)

// gaveBack minds that a poller holds what the same command line prints: the text,
// and each value of the performance data by its label, unit and limits.
func gaveBack(t *testing.T, name, text, perfdata, program string, words []string) {
	t.Helper()
	o := runPlugin(program, []string{"SSL_CERT_FILE=" + os.Getenv("SSL_CERT_FILE")}, words...)
	line, values, _ := strings.Cut(strings.TrimSpace(o.stdout), "|")
	values, more, _ := strings.Cut(values, "\n")
	if strings.Contains(text, "\n") { // Nagios keeps the first line by itself
		line += "\n" + more
	}
	if got, want := number.ReplaceAllString(text, "0"), number.ReplaceAllString(line, "0"); o.exit != 0 || got != want {
		t.Errorf("%s: the text is %q, not %q", name, got, want)
	}
	got, want := shapes(perfdata), shapes(values)
	if len(want) < 4 || !slices.Equal(got, want) {
		t.Errorf("%s: the performance data is\n%q, not\n%q", name, got, want)
	}
}

// shapes are the values of performance data without their figures.
func shapes(perfdata string) []string {
	var all []string
	for _, m := range limited.FindAllStringSubmatch(perfdata, -1) {
		all = append(all, strings.Trim(m[1], "'")+"=0"+m[3]+strings.TrimRight(m[4], ";"))
	}
	return all
}

// everyJob are the services that run each printed template.
var everyJob = []string{"up", "starttls", "smtps", "login", "mailbox", "relay", "message", "domain", "policies"}

// jobHosts have a service for each template of Icinga. The domain has no server of
// its own.
const jobHosts = `object Host "mx1.example.org" {
  import "smtp-plus-host"
  address = "{mx1}"
` + moreJobs + `}
` + jobDomain

// moreJobs are the jobs that a host has not by itself.
const moreJobs = `  vars.smtp_plus["smtps"] = {}
  vars.smtp_plus["login"] = { smtp_plus_authpass_file = "{pass}" }
  vars.smtp_plus["mailbox"] = {}
  vars.smtp_plus["relay"] = { smtp_plus_port = {relay} }
  vars.smtp_plus["message"] = {}
`

const jobDomain = `object Host "example.org" {
  check_command = "dummy"
  vars.smtp_plus_domains = [ "example.org" ]
  vars.smtp_plus_resolver = "{resolver}"
}
`

// TestPrintedIcinga loads what --print icinga2 prints, alone and beside all that
// Debian ships, and runs a check of every template.
func TestPrintedIcinga(t *testing.T) {
	i := prepareIcinga(t)
	passwordFile, login := startMX1(t)
	program := filepath.Join(i.dir, "plugins/check_smtp")
	config := printedBy(t, program, "icinga2")
	config += strings.ReplaceAll(startServers(t).Replace(jobHosts), "{pass}", passwordFile)
	loadsAnywhere(t, i, config)
	i.start(t, config)
	results := i.results(t)
	if len(results) != len(everyJob) || strings.Count(config, "\ntemplate Service \"smtp-plus-") != len(everyJob) {
		t.Errorf("%d services, %d jobs", len(results), len(everyJob))
	}
	for _, job := range everyJob {
		name := map[string]string{"domain": "mail-example.org", "policies": "mail-policies-example.org"}[job]
		if name == "" {
			name = "smtp-" + job
		}
		r := results[name]
		if r.Exit != 0 || !strings.HasPrefix(r.Output, "SMTP OK - ") {
			t.Errorf("%s: exit %v, %q", name, r.Exit, r.Output)
		}
		gaveBack(t, name, r.Output, strings.Join(r.Perfdata, " "), program, r.commandLine())
	}
	gotPassword(t, login, "from the file")
}

// unmatched is the warning about a rule that no host has a use for.
var unmatched = regexp.MustCompile(`(?m)^.*Apply rule 'mail-.* does not match anywhere!$`)

// loadsAnywhere loads a configuration beside the templates that every Icinga has,
// and beside all that Debian configures.
func loadsAnywhere(t *testing.T, i *icinga, config string) {
	t.Helper()
	for _, beside := range []string{"const PluginDir = \"/\"\ninclude <itl>\ninclude <plugins>", `include "/etc/icinga2/icinga2.conf"`} {
		writeFile(t, filepath.Join(i.dir, "etc/load.conf"), beside+"\n"+config, 0o644)
		out, err := i.loads("load.conf")
		if warned := unmatched.ReplaceAllString(out, ""); err != nil || regexp.MustCompile(`warning.*load\.conf`).MatchString(warned) {
			t.Errorf("%s: %v\n%s", beside, err, out)
		}
	}
}

// TestPrintedNagios loads what --print nagios prints beside all that Debian
// configures, and runs a check of every template.
func TestPrintedNagios(t *testing.T) {
	n := prepareNagios(t)
	passwordFile, login := startMX1(t)
	program := filepath.Join(n.dir, "check_smtp")
	config := printedBy(t, program, "nagios")
	where := startServers(t)
	objects := nagiosHost("mx1.example.org", mx1) + nagiosHost("example.org", mx1)
	words := map[string]string{
		"up": "-H {mx1} -w 1 -c 5", "starttls": "-H {mx1} -S --verify -D 30,7 --tls-server-name mx1.example.org",
		"smtps":   "-H {mx1} -s --verify -D 30,7 --tls-server-name mx1.example.org",
		"login":   "-H {mx1} -p 587 -S --verify -D 30,7 --tls-server-name mx1.example.org -A auto -U monitor --authpass-file " + passwordFile,
		"mailbox": "-H {mx1} -f monitor@example.org --to postmaster@example.org --quit-after rcptto",
		"relay":   "-H {mx1} -p {relay} -f monitor@example.org --to x@elsewhere.example --quit-after rcptto --expect-reply 'rcptto=5xx/ [Rr]elay'",
		"message": "-H {mx1} -f monitor@example.org --to sink@example.org",
		"domain":  "--mx example.org -S -D 30,7 -t 30 --resolver {resolver}", "policies": "--mx example.org --dane --mta-sts --tlsrpt -t 30 --resolver {resolver}",
	}
	for _, job := range everyJob {
		host, here := "mx1.example.org", ""
		if more := map[string]string{"relay": " -p {relay}", "domain": " --resolver {resolver}", "policies": " --resolver {resolver}"}[job]; more != "" {
			config += strings.Replace(commandOf(t, config, job), "\n}", more+"\n}", 1)
			host, here = "example.org", " check_command smtp_plus_"+job+"_here"+argumentsOf(config, job)+"\n"
		}
		objects += "define service {\n use smtp-plus-" + job + "\n host_name " + host + "\n service_description " + job + "\n" + here + "}\n"
	}
	config = strings.ReplaceAll(config, "/etc/check_smtp/smtp.pass", passwordFile)
	n.start(t, where.Replace(config+objects), "")
	results := n.results(t, len(everyJob))
	for job, r := range results {
		if r["current_state"] != "0" || !strings.HasPrefix(r["plugin_output"], "SMTP OK - ") {
			t.Errorf("%s: state %s, %q", job, r["current_state"], r["plugin_output"])
		}
		argv, err := splitWords(where.Replace(words[job]))
		if err != nil {
			t.Fatal(err)
		}
		gaveBack(t, job, r["plugin_output"], r["performance_data"], program, argv)
	}
	gotPassword(t, login, "from the file")
}

// commandOf is the printed command of a job, under another name.
func commandOf(t *testing.T, config, job string) string {
	t.Helper()
	name := "command_name  smtp_plus_" + job
	for block := range strings.SplitSeq(config, "\n\n") {
		if strings.Contains(block, name+"\n") {
			return "\n" + strings.Replace(block, name, name+"_here", 1) + "\n"
		}
	}
	t.Fatalf("no command for %s", job)
	return ""
}

// argumentsOf are those that the printed template of a job has.
func argumentsOf(config, job string) string {
	_, arguments, _ := strings.Cut(config, " smtp_plus_"+job+"!")
	arguments, _, _ = strings.Cut(arguments, "\n")
	return "!" + arguments
}
