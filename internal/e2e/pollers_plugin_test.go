//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// pluginPollers run plugins.
var pluginPollers = []poller{
	{name: "Icinga 2, stock", get: packaged(icingaPackages...), ask: askIcingaStock},
	{name: "Icinga 2, printed", get: packaged(icingaPackages...), ask: askIcingaOurs},
	{name: "Nagios 4, stock", get: packaged("nagios4-core"), ask: askNagiosStock, reads: nagiosText},
	{name: "Nagios 4, printed", get: packaged("nagios4-core"), ask: askNagiosOurs, reads: nagiosText},
	{name: "NRPE", get: packaged("nagios-nrpe-server", "nagios-nrpe-plugin"), ask: askNRPE("")},
	{name: "NRPE, empty environment", get: packaged("nagios-nrpe-server", "nagios-nrpe-plugin"), ask: askNRPE("/usr/bin/env -i ")},
}

// packaged is for a poller that Debian has.
func packaged(names ...string) func() error {
	return func() error { return Install(os.Stderr, names...) }
}

// askIcingaStock sets the variables of Icinga's own command.
func askIcingaStock(t *testing.T, cases []pollerCase) map[string]holding {
	services := ""
	for _, c := range cases {
		services += icingaService(c, "smtp", fmt.Sprintf("vars += { smtp_port = %d, %s }", c.port, c.stock))
	}
	return icingaHolds(t, prepareIcinga(t), services)
}

// askIcingaOurs sets those of the printed one.
func askIcingaOurs(t *testing.T, cases []pollerCase) map[string]holding {
	i := prepareIcinga(t)
	services := printedBy(t, filepath.Join(i.dir, "plugins/check_smtp"), "icinga2")
	for _, c := range cases {
		vars := fmt.Sprintf("vars.smtp_plus_port = %d", c.port)
		for _, word := range c.words {
			option := map[string]string{"-vvv": "verbose = 3", "-t60": "timeout = 60", "--bind=" + noAddr: `bind = "` + noAddr + `"`}[word]
			vars += "\nvars.smtp_plus_" + option
		}
		services += icingaService(c, "smtp_plus", vars)
	}
	return icingaHolds(t, i, services)
}

// icingaService is patient but for the case that is about that. Icinga leaves a
// program a tenth of the time more for its last words.
func icingaService(c pollerCase, command, vars string) string {
	timeout := "1m"
	if c.column == stopped {
		timeout = "10s"
	}
	return fmt.Sprintf("object Service %q {\nhost_name = \"h\"\ncheck_command = %q\ncheck_timeout = %s\n%s\n}\n", c.column, command, timeout, vars)
}

func icingaHolds(t *testing.T, i *icinga, services string) map[string]holding {
	t.Helper()
	i.start(t, "object Host \"h\" { check_command = \"dummy\", address = \"127.0.0.1\" }\n"+services)
	held := map[string]holding{}
	for column, r := range i.results(t) {
		held[column] = holding{state: stateOf(int(r.Exit)), text: r.Output, perf: strings.Join(r.Perfdata, " "), words: r.commandLine()}
		if column == stopped && !strings.Contains(r.Output, "stopped by SIGTERM") {
			t.Errorf("stopped, and %q", r.Output)
		}
		if state := i.state(t, column); state != int(r.Exit) && column != stopped {
			t.Errorf("%s: state %d, exit code %v", column, state, r.Exit)
		} else if column == stopped {
			held[column] = holding{state: stateOf(state)}
		}
	}
	return held
}

// state is that of a service, which is not always the exit code.
func (i *icinga) state(t *testing.T, service string) int {
	t.Helper()
	var services struct {
		Results []struct {
			Attrs struct {
				Name   string
				Result struct{ State float64 } `json:"last_check_result"`
			}
		}
	}
	if err := i.call("GET", "objects/services?attrs=name&attrs=last_check_result", &services); err != nil {
		t.Fatal(err)
	}
	for _, s := range services.Results {
		if s.Attrs.Name == service {
			return int(s.Attrs.Result.State)
		}
	}
	return -1
}

// askNagiosStock has Debian's command, which takes one word: what asks nobody
// needs no port, and what waits for ten seconds waits long enough.
func askNagiosStock(t *testing.T, cases []pollerCase) map[string]holding {
	services := ""
	for _, c := range cases {
		word := "-p" + strconv.Itoa(c.port)
		if c.column == "long output" {
			word = "-vvvp" + strconv.Itoa(c.port)
		} else if c.exit == 3 {
			word = c.words[0]
		}
		services += nagiosService("h", c.column, "check_smtp!"+word)
	}
	return nagiosHolds(t, prepareNagios(t), services)
}

func askNagiosOurs(t *testing.T, cases []pollerCase) map[string]holding {
	n := prepareNagios(t)
	services := printedBy(t, filepath.Join(n.dir, "check_smtp"), "nagios")
	for _, c := range cases {
		services += nagiosService("h", c.column, "smtp_plus!"+strings.Join(append(c.words, "-p", strconv.Itoa(c.port)), " "))
	}
	return nagiosHolds(t, n, services)
}

func nagiosHolds(t *testing.T, n *nagios, services string) map[string]holding {
	t.Helper()
	n.start(t, nagiosHost("h", "127.0.0.1")+services, "service_check_timeout=5\n")
	held := map[string]holding{}
	for column, r := range n.results(t, len(pollerCases(t))) {
		exit, err := strconv.Atoi(r["current_state"])
		if err != nil {
			t.Error(err)
		}
		text := r["plugin_output"]
		if more := r["long_plugin_output"]; more != "" {
			text += "\n" + strings.ReplaceAll(more, `\n`, "\n")
		}
		held[column] = holding{state: stateOf(exit), text: text, perf: r["performance_data"]}
	}
	return held
}

// nagiosText is what Nagios makes of a text: a ; of the first line, which stands
// between the fields of its log, becomes a colon.
func nagiosText(text string) string {
	first, more, long := strings.Cut(text, "\n")
	first = strings.ReplaceAll(first, ";", ":")
	if long {
		return first + "\n" + strings.ReplaceAll(more, `\n`, "\n")
	}
	return first
}

// askNRPE runs everything as the user nagios, with the environment that NRPE itself
// makes, or by a program that takes that away.
func askNRPE(by string) func(*testing.T, []pollerCase) map[string]holding {
	return func(t *testing.T, cases []pollerCase) map[string]holding {
		return nrpeHolds(startNRPE(t, by, cases), cases)
	}
}

// startNRPE has a command for each case, and says at which port.
func startNRPE(t *testing.T, by string, cases []pollerCase) int {
	t.Helper()
	dir := tempDir(t)
	program := filepath.Join(dir, "check_smtp")
	copyProgram(t, program)
	port := freePorts(t, 1)[0]
	config := fmt.Sprintf("server_address=127.0.0.1\nserver_port=%d\nallowed_hosts=127.0.0.1\nnrpe_user=nagios\nnrpe_group=nagios\npid_file=%s/pid\nlog_file=%s/log\ncommand_timeout=5\ncommand[who]=/usr/bin/id -un; %s/usr/bin/env\n", port, dir, dir, by)
	for _, c := range cases {
		config += fmt.Sprintf("command[%s]=%s%s %s\n", c.column, by, program, strings.Join(c.line(), " "))
	}
	writeFile(t, filepath.Join(dir, "nrpe.cfg"), config, 0o644)
	chown(t, "nagios", dir)
	startPoller(t, dir, "/usr/sbin/nrpe", "-c", filepath.Join(dir, "nrpe.cfg"), "-f")
	if !within(patience, func() bool { return answers(port) }) {
		t.Fatal("NRPE does not listen")
	}
	who := runPlugin(checkNRPE, nil, "-H", "127.0.0.1", "-p", fmt.Sprint(port), "-c", "who").stdout
	if !strings.HasPrefix(who, "nagios\n") || by != "" && who != "nagios\n" {
		t.Errorf("it is run by %q", who)
	}
	return port
}

func nrpeHolds(port int, cases []pollerCase) map[string]holding {
	held := map[string]holding{}
	var all sync.WaitGroup
	var mutex sync.Mutex
	for _, c := range cases {
		all.Go(func() {
			o := runPlugin(checkNRPE, nil, "-H", "127.0.0.1", "-p", fmt.Sprint(port), "-t", "50", "-c", c.column)
			h := holding{state: stateOf(o.exit)}
			h.text, h.perf = divided(o.stdout)
			mutex.Lock()
			held[c.column] = h
			mutex.Unlock()
		})
	}
	all.Wait()
	return held
}
