//go:build e2e

package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The machines of a cluster, each an address of this one.
const (
	masterAt    = "127.0.77.33"
	satelliteAt = "127.0.77.31"
)

// node is a machine of a cluster: an Icinga that finds its files where Debian has
// them, as it alone sees its own directory there.
type node struct {
	icinga
	at string
}

// nodeDirs are where Icinga keeps what, by what they are called in a node's
// directory.
var nodeDirs = map[string]string{"etc": "/etc/icinga2", "lib": "/var/lib/icinga2", "cache": "/var/cache/icinga2", "log": "/var/log/icinga2", "spool": "/var/spool/icinga2", "run": "/run/icinga2"}

// newNode is a machine on which Icinga has been installed, and nothing else done.
func newNode(t *testing.T, at string) *node {
	t.Helper()
	n := &node{icinga: icinga{dir: tempDir(t)}, at: at}
	script := "set -e\nmkdir -p /run/icinga2\nmount --bind " + n.dir + "/hosts /etc/hosts\n"
	for name, path := range nodeDirs {
		if err := os.Mkdir(filepath.Join(n.dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		script += fmt.Sprintf("mount --bind %s/%s %s\n", n.dir, name, path)
	}
	run(t, "cp", "-a", "/etc/icinga2/.", n.dir+"/etc")
	run(t, "mkdir", "-p", n.dir+"/lib/certs", n.dir+"/spool/perfdata", n.dir+"/spool/tmp")
	writeFile(t, filepath.Join(n.dir, "hosts"), masterAt+" master.example.org\n"+satelliteAt+" satellite.example.org\n", 0o644)
	writeFile(t, filepath.Join(n.dir, "enter"), script+"exec \"$@\"\n", 0o644)
	chown(t, "nagios:nagios", "-R", n.dir)
	return n
}

// on is a command line for something to be run on the machine.
func (n *node) on(words ...string) []string {
	return append([]string{"unshare", "--mount", "--propagation", "private", "/bin/sh", n.dir + "/enter"}, words...)
}

// do runs a command line of the page there, and returns what it prints.
func (n *node) do(t *testing.T, line string) string {
	t.Helper()
	words := n.on(strings.Fields(line)...)
	return run(t, words[0], words[1:]...)
}

// boot starts Icinga.
func (n *node) boot(t *testing.T) {
	t.Helper()
	chown(t, "nagios:nagios", "-R", n.dir)
	words := n.on("icinga2", "daemon")
	startPoller(t, n.dir, words[0], words[1:]...)
	if !within(30*time.Second, func() bool {
		conn, err := net.DialTimeout("tcp", n.at+":5665", time.Second)
		if err != nil {
			return false
		}
		conn.Close()
		return true
	}) {
		t.Fatal("Icinga does not listen")
	}
}

// trust makes a client for the API of a node that has made its own CA.
func (n *node) trust(t *testing.T) {
	t.Helper()
	ca, err := os.ReadFile(filepath.Join(n.dir, "lib/certs/ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	n.client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{RootCAs: pool, ServerName: "master.example.org"},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, n.at+":5665")
		},
	}}
}

// sources are the nodes that ran the services' checks.
func (n *node) sources(t *testing.T) map[string]string {
	t.Helper()
	var services struct {
		Results []struct {
			Attrs struct {
				Name   string
				Result struct {
					Source string `json:"check_source"`
				} `json:"last_check_result"`
			}
		}
	}
	if err := n.call("GET", "objects/services?attrs=name&attrs=last_check_result", &services); err != nil {
		t.Fatal(err)
	}
	byName := map[string]string{}
	for _, s := range services.Results {
		byName[s.Attrs.Name] = s.Attrs.Result.Source
	}
	return byName
}

// connected says whether the satellite has come, and has got its configuration.
func (n *node) connected() bool {
	time.Sleep(100 * time.Millisecond) // it logs every question
	var endpoints struct {
		Results []struct {
			Attrs struct {
				Connected, Syncing bool
			}
		}
	}
	err := n.call("GET", "objects/endpoints/satellite.example.org?attrs=connected&attrs=syncing", &endpoints)
	return err == nil && len(endpoints.Results) == 1 && endpoints.Results[0].Attrs.Connected && !endpoints.Results[0].Attrs.Syncing
}

// TestCluster is the page's way from one machine to two, line by line: the
// satellite runs the checks, and the master has the results.
func TestCluster(t *testing.T) {
	if err := Install(os.Stderr, icingaPackages...); err != nil {
		t.Skip("Icinga cannot be had: ", err)
	}
	master, satellite := newNode(t, masterAt), newNode(t, satelliteAt)
	passwordFile, login := startMX1(t)
	program := filepath.Join(tempDir(t), "check_smtp")
	copyProgram(t, program)
	shown := shownLines(t, pollers, "### More than one machine", program)
	commands := strings.Split(strings.TrimSpace(shown["sh"][1]), "\n")
	objects := shown[""]
	if len(commands) != 3 || len(objects) != 2 {
		t.Fatalf("the page shows %q and %q", commands, objects)
	}

	master.do(t, "icinga2 node setup --master --cn master.example.org --zone master --disable-confd --listen "+masterAt+",5665")
	edit(t, filepath.Join(master.dir, "etc/zones.conf"), "", "\n"+objects[0])
	edit(t, filepath.Join(master.dir, "etc/icinga2.conf"), "", "\nobject ApiUser \"test\" { password = \"test\", permissions = [ \"*\" ] }\n")
	for name, text := range map[string]string{
		"global-templates/check_smtp_plus.conf": printedBy(t, program, "icinga2"),
		"master/mx1.conf":                       clusterHosts(t, objects[1], passwordFile),
	} {
		path := filepath.Join(master.dir, "etc/zones.d", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, text, 0o644)
	}
	master.boot(t)
	master.trust(t)

	ticket := strings.TrimSpace(master.do(t, commands[0]))
	certificate := filepath.Join(satellite.dir, "master.crt")
	for _, line := range commands[1:] {
		satellite.do(t, strings.NewReplacer("master.crt", certificate, "TICKET", ticket).Replace(line)+satellite.listens(line))
	}
	satellite.boot(t)
	if !within(60*time.Second, master.connected) {
		t.Fatal("the satellite has not come")
	}
	master.allFromSatellite(t, program)
	gotPassword(t, login, "from the file")
	gotPassword(t, login, "from $the environment")
}

// listens keeps the setup of a node to its own address.
func (n *node) listens(line string) string {
	if strings.Contains(line, " node setup ") {
		return " --listen " + n.at + ",5665"
	}
	return ""
}

// clusterHosts are the page's host with every job, one that goes wrong and one
// whose password Icinga hands over in the environment, and a domain.
func clusterHosts(t *testing.T, host, passwordFile string) string {
	t.Helper()
	_, endpoint, _ := strings.Cut(host, "\n  command_endpoint")
	host = strings.Replace(host, "\n}", "\n"+moreJobs+wrongJobs+"}", 1)
	domain := strings.Replace(jobDomain, "\n}", "\n  command_endpoint"+endpoint, 1)
	return strings.ReplaceAll(startServers(t).Replace(host+domain), "{pass}", passwordFile)
}

const wrongJobs = `}
apply Service "wrong" {
  import "smtp-plus"
  command_endpoint = host.command_endpoint
  vars.smtp_plus_expect = "other"
  assign where host.name == "mx1.example.org"
}
apply Service "environment" {
  import "smtp-plus-login"
  command_endpoint = host.command_endpoint
  vars.remove("smtp_plus_authpass_file")
  vars.smtp_plus_authpass = "from $$the environment"
  assign where host.name == "mx1.example.org"
`

// allFromSatellite has every service checked by the satellite, and reads at the
// master what came of it.
func (n *node) allFromSatellite(t *testing.T, program string) {
	t.Helper()
	var results map[string]result
	ready := func() bool { // it has loaded the command, started anew and come back
		results = n.results(t)
		for _, r := range results {
			if r.Command == nil {
				return false
			}
		}
		return true
	}
	if !within(patience, ready) {
		t.Errorf("not all checks were run: %v", results)
	}
	for name, source := range n.sources(t) {
		if source != "satellite.example.org" {
			t.Errorf("%s was checked by %q", name, source)
		}
	}
	if len(results) != len(everyJob)+2 {
		t.Errorf("%d services, %d jobs", len(results), len(everyJob))
	}
	for name, r := range results {
		switch words := r.commandLine(); name {
		case "wrong":
			if !strings.HasPrefix(r.Output, "SMTP WARNING - banner is 220 mail.test ESMTP, expected 'other' ") {
				t.Errorf("wrong: %q", r.Output)
			}
		case "environment":
			if r.Exit != 0 || strings.Contains(fmt.Sprint(words), "environment") {
				t.Errorf("environment: exit %v, %q of %q", r.Exit, r.Output, words)
			}
		default:
			gaveBack(t, name, r.Output, strings.Join(r.Perfdata, " "), program, words)
		}
	}
}

// commandLine are the words that the plugin got.
func (r result) commandLine() []string {
	var words []string
	command, _ := r.Command.([]any)
	for _, word := range command[min(1, len(command)):] {
		words = append(words, fmt.Sprint(word))
	}
	return words
}
