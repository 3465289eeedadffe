//go:build e2e

package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// icinga is a running Icinga 2 that keeps everything in a directory of its own.
type icinga struct {
	dir    string
	port   int
	client *http.Client
}

// icingaPackages brings the daemon, and the stock commands.
var icingaPackages = []string{"icinga2-bin", "icinga2-common"}

// icingaConf is a node without features but the checker, the API that the
// tests ask, and what tells of a service. {plugins} is where our program is.
const icingaConf = `const NodeName = "mail.test"
const ZoneName = NodeName
const PluginDir = "{plugins}"
include <itl>
include <plugins>
object Endpoint NodeName { }
object Zone ZoneName { endpoints = [ NodeName ] }
object CheckerComponent "checker" { }
object NotificationComponent "notification" { }
object ApiListener "api" { bind_host = "127.0.0.1", bind_port = {port} }
object ApiUser "test" { password = "test", permissions = [ "*" ] }
include "/etc/icinga2/conf.d/templates.conf"
include "/etc/icinga2/conf.d/commands.conf"
include "/etc/icinga2/conf.d/timeperiods.conf"
`

// startIcinga runs an Icinga with more configuration.
func startIcinga(t *testing.T, config string) *icinga {
	t.Helper()
	i := prepareIcinga(t)
	i.start(t, config)
	return i
}

// prepareIcinga makes the directory of one, with our program in it.
func prepareIcinga(t *testing.T) *icinga {
	t.Helper()
	if err := Install(os.Stderr, icingaPackages...); err != nil {
		t.Fatal(err)
	}
	i := &icinga{dir: tempDir(t), port: freePorts(t, 1)[0]}
	for _, sub := range []string{"etc", "data/certs", "cache", "log", "run", "spool", "plugins", "mails"} {
		if err := os.MkdirAll(filepath.Join(i.dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	copyProgram(t, filepath.Join(i.dir, "plugins/check_smtp"))
	chown(t, "nagios:nagios", "-R", i.dir)
	return i
}

func (i *icinga) start(t *testing.T, config string) {
	t.Helper()
	i.identify(t)
	head := strings.NewReplacer("{plugins}", i.dir+"/plugins", "{port}", strconv.Itoa(i.port)).Replace(icingaConf)
	writeFile(t, filepath.Join(i.dir, "etc/icinga2.conf"), head+config, 0o644)
	chown(t, "nagios:nagios", "-R", i.dir)
	startPoller(t, i.dir, "/usr/sbin/icinga2", i.daemon("icinga2.conf")...)
	if !within(30*time.Second, func() bool { return answers(i.port) }) {
		t.Fatal("Icinga does not listen")
	}
}

// daemon is a command line that runs an Icinga in its directory.
func (i *icinga) daemon(config string, more ...string) []string {
	args := append([]string{"daemon", "-c", filepath.Join(i.dir, "etc", config)}, more...)
	for _, name := range []string{"DataDir=data", "CacheDir=cache", "LogDir=log", "InitRunDir=run", "SpoolDir=spool", "PidPath=run/pid"} {
		name, path, _ := strings.Cut(name, "=")
		args = append(args, "-DConfiguration."+name+"="+filepath.Join(i.dir, path))
	}
	return append(args, "-DConfiguration.RunAsUser=nagios", "-DConfiguration.RunAsGroup=nagios")
}

// identify makes the certificate that the API has, and a client that knows it.
func (i *icinga) identify(t *testing.T) {
	t.Helper()
	key, err := ECDSA()
	if err != nil {
		t.Fatal(err)
	}
	ca, err := Issue(Wish{Name: "CA", CA: true})
	if err != nil {
		t.Fatal(err)
	}
	node, err := Issue(Wish{Name: "mail.test", Hosts: []string{"mail.test", "127.0.0.1"}, Key: key, Issuer: ca})
	if err != nil {
		t.Fatal(err)
	}
	certs := filepath.Join(i.dir, "data/certs")
	writeFile(t, filepath.Join(certs, "ca.crt"), string(ca.PEM()), 0o644)
	if err := node.Write(certs, "mail.test"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(certs, "mail.test.pem"), filepath.Join(certs, "mail.test.crt")); err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	i.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}, Timeout: 10 * time.Second}
}

// result is what a check of a service came to.
type result struct {
	Output   string
	Exit     float64  `json:"exit_status"`
	Perfdata []string `json:"performance_data"`
	Command  any      // the words that were run
}

// words are the arguments that the plugin got, grouped by option. Icinga
// promises no order of the options, but keeps the values of one in theirs.
func (r result) words() []string {
	var groups []string
	command, _ := r.Command.([]any)
	for _, word := range command[min(1, len(command)):] {
		if text := fmt.Sprint(word); strings.HasPrefix(text, "-") {
			groups = append(groups, text)
		} else if len(groups) > 0 {
			groups[len(groups)-1] += " " + text
		}
	}
	slices.SortStableFunc(groups, func(a, b string) int {
		a, _, _ = strings.Cut(a, " ")
		b, _, _ = strings.Cut(b, " ")
		return strings.Compare(a, b)
	})
	return groups
}

// results has all services checked, and returns the results by their names.
func (i *icinga) results(t *testing.T) map[string]result {
	t.Helper()
	if err := i.call("POST", "actions/reschedule-check?type=Service&filter=true&force=true", nil); err != nil {
		t.Fatal(err)
	}
	var byName map[string]result
	var failed error
	if !within(60*time.Second, func() bool { byName, failed = i.checked(); return failed == nil }) {
		t.Fatalf("not all services have a result: %v", failed)
	}
	return byName
}

func (i *icinga) checked() (map[string]result, error) {
	time.Sleep(100 * time.Millisecond) // it logs every question
	var services struct {
		Results []struct {
			Attrs struct {
				Name   string
				Result *result `json:"last_check_result"`
			}
		}
	}
	if err := i.call("GET", "objects/services?attrs=name&attrs=last_check_result", &services); err != nil {
		return nil, err
	}
	byName := map[string]result{}
	for _, s := range services.Results {
		if s.Attrs.Result == nil {
			return nil, fmt.Errorf("none of %s", s.Attrs.Name)
		}
		byName[s.Attrs.Name] = *s.Attrs.Result
	}
	return byName, nil
}

// call asks Icinga's API.
func (i *icinga) call(method, path string, answer any) error {
	request, err := http.NewRequest(method, fmt.Sprintf("https://127.0.0.1:%d/v1/%s", i.port, path), nil)
	if err != nil {
		return err
	}
	request.SetBasicAuth("test", "test")
	request.Header.Set("Accept", "application/json")
	response, err := i.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, response.Status)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// loads says whether Icinga can read a configuration, and what it says of it.
func (i *icinga) loads(config string) (string, error) {
	out, err := exec.Command("/usr/sbin/icinga2", i.daemon(config, "-C")...).CombinedOutput()
	return string(out), err
}
