//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// formatPollers read a format of ours, or the documentation says how they would.
var formatPollers = []poller{
	{name: "Prometheus' node exporter", get: unpackOnly(nil, "prometheus-node-exporter"), ask: askNodeExporter},
	{name: "InfluxDB", get: unpackOnly(nil, "influxdb"), ask: askInfluxDB},
	{name: "Telegraf", get: getTelegraf, ask: askTelegraf},
	{name: "Zabbix agent", get: getZabbix, ask: askZabbix},
	{name: "Checkmk, by its documentation", ask: askCheckmk},
	{name: "PRTG, by its documentation", ask: askPRTG, calls: []string{"Up", "Warning", "Down", "Down"}},
}

// printedIn is what our program prints in a format, by column. Nobody stops it
// there.
func printedIn(format string, cases []pollerCase) map[string]string {
	all := map[string]string{}
	for _, c := range cases {
		if c.column != stopped {
			all[c.column] = runPlugin(ours, nil, append(c.line(), "--output-format="+format)...).stdout
		}
	}
	return all
}

// iniOf has a section for each case, by its number.
func iniOf(t *testing.T, dir string, cases []pollerCase) string {
	t.Helper()
	path, text := filepath.Join(dir, "check_smtp.ini"), ""
	for i, c := range cases {
		text += fmt.Sprintf("[case%d]\nhostname = 127.0.0.1\nport = %d\n%s\n", i, c.port, c.ini)
	}
	writeFile(t, path, text, 0o644)
	return path
}

// holdsState is a holding that is a number and nothing else.
func holdsState(exit string) holding {
	n, err := strconv.Atoi(exit)
	if err != nil {
		return holding{state: "no value", bare: true}
	}
	return holding{state: stateOf(n), bare: true}
}

// askNodeExporter reads again what the node exporter found in textfiles.
func askNodeExporter(t *testing.T, cases []pollerCase) map[string]holding {
	dir := tempDir(t)
	for column, text := range printedIn("openmetrics", cases) {
		writeFile(t, filepath.Join(dir, fileName(column)+".prom"), text, 0o644)
	}
	page := fetch("http://"+startNodeExporter(t, dir)+"/metrics", nil)
	if !strings.Contains(page, "\nnode_textfile_scrape_error 0\n") {
		t.Errorf("the node exporter finds fault:\n%s", page)
	}
	held := map[string]holding{}
	for _, c := range cases {
		if m := regexp.MustCompile(fmt.Sprintf(`(?m)^check_smtp_state{[^}]*port="%d"[^}]*} (\d)$`, c.port)).FindStringSubmatch(page); m != nil {
			held[c.column] = holdsState(m[1])
		}
	}
	return held
}

// askInfluxDB asks for the field that it was given of each case.
func askInfluxDB(t *testing.T, cases []pollerCase) map[string]holding {
	api := startInfluxDB(t)
	fetch(api+"/query", strings.NewReader("q=CREATE+DATABASE+states"))
	held := map[string]holding{}
	for column, point := range printedIn("influx", cases) {
		answer, err := http.Post(api+"/write?db=states", "text/plain", strings.NewReader(point))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		_, tag, _ := strings.Cut(point, "port=")
		tag, _, _ = strings.Cut(tag, ",")
		got := fetch(api+"/query?"+url.Values{"db": {"states"}, "q": {"SELECT exit_code FROM check_smtp WHERE port='" + tag + "'"}}.Encode(), nil)
		_, value, _ := strings.Cut(got, `Z",`)
		held[column] = holdsState(value[:min(1, len(value))])
	}
	return held
}

// askTelegraf runs the printed configuration once for each case, and reads the
// point that it hands on.
func askTelegraf(t *testing.T, cases []pollerCase) map[string]holding {
	telegraf, dir := buildTelegraf(t), tempDir(t)
	printed := strings.NewReplacer(installedINI, iniOf(t, dir, cases), `["/usr/bin/logger", "--tag", "check_smtp"]`, `["/bin/true"]`, `"15s"`, `"5s"`).Replace(generated(t, "telegraf"))
	held := map[string]holding{}
	for i, c := range cases {
		points, config := filepath.Join(dir, fmt.Sprint(i)), filepath.Join(dir, "telegraf.conf")
		writeFile(t, config, strings.ReplaceAll(printed, "=mx1@", fmt.Sprintf("=case%d@", i))+"\n[[outputs.file]]\n  files = [\""+points+"\"]\n  data_format = \"influx\"\n", 0o644)
		out, _ := exec.Command("timeout", "60", telegraf, "--config", config, "--once").CombinedOutput() // it fails without a point
		point, _ := os.ReadFile(points)
		if c.column == stopped && !strings.Contains(string(point), "stopped by SIGTERM") {
			t.Errorf("stopped, and Telegraf has %q: %s", point, out)
		}
		_, value, _ := strings.Cut(string(point), "exit_code=")
		held[c.column] = holdsState(value[:min(1, len(value))])
	}
	return held
}

func getTelegraf() error { return exec.Command("go", "mod", "download", telegrafModule).Run() }

func getZabbix() error {
	if err := Install(os.Stderr, "libmodbus5"); err != nil {
		return err
	}
	_, err := unpack(os.Stderr, "zabbix-agent")
	return err
}

// askZabbix asks the agent for the printed item of each case.
func askZabbix(t *testing.T, cases []pollerCase) map[string]holding {
	agent, dir := filepath.Join(unpacked(t, "zabbix-agent"), "usr/sbin/zabbix_agentd"), tempDir(t)
	writeFile(t, filepath.Join(dir, "parameter.conf"), strings.ReplaceAll(generated(t, "zabbix-agent"), installedINI, iniOf(t, dir, cases)), 0o644)
	config := filepath.Join(dir, "agent.conf")
	writeFile(t, config, fmt.Sprintf("Server=127.0.0.1\nTimeout=5\nPidFile=%s/pid\nLogFile=%s/log\nInclude=%s/parameter.conf\n", dir, dir, dir), 0o644)
	held := map[string]holding{}
	for i, c := range cases {
		out, _ := exec.Command(agent, "-c", config, "-t", fmt.Sprintf("check_smtp[case%d]", i)).CombinedOutput()
		_, value, _ := strings.Cut(strings.TrimSpace(string(out)), "[t|")
		var answer struct {
			Exit *int `json:"exit_code"`
		}
		if err := json.Unmarshal([]byte(strings.TrimSuffix(value, "]")), &answer); err != nil || answer.Exit == nil {
			held[c.column] = holding{state: "no value"}
			continue
		}
		held[c.column] = holdsState(fmt.Sprint(*answer.Exit))
	}
	return held
}

// checkmkLine is a line of a local check: a state, a name in quotes, values or a
// dash, and a text, separated by a blank each.
var checkmkLine = regexp.MustCompile(`^([0-3]) "[^"]+" (-|\w+=[^ |]+(?:\|\w+=[^ |]+)*) (.+)\n$`)

func askCheckmk(t *testing.T, cases []pollerCase) map[string]holding {
	held := map[string]holding{}
	for column, line := range printedIn("checkmk", cases) {
		m := checkmkLine.FindStringSubmatch(line)
		if m == nil {
			t.Errorf("%s: no line of a local check: %q", column, line)
			continue
		}
		held[column] = holdsState(m[1])
	}
	return held
}

// askPRTG reads what a sensor of the kind EXE/Script Advanced may say: either an
// error with a text, or channels, which have limits.
func askPRTG(t *testing.T, cases []pollerCase) map[string]holding {
	held := map[string]holding{}
	for column, text := range printedIn("prtg", cases) {
		var said struct {
			PRTG struct {
				Text   string
				Error  string
				Result []prtgChannel
			}
		}
		if err := json.Unmarshal([]byte(text), &said); err != nil || said.PRTG.Text == "" || len(said.PRTG.Text) > 2000 {
			t.Errorf("%s: %v in %q", column, err, text)
		}
		worst := 0
		for _, channel := range said.PRTG.Result {
			worst = max(worst, channel.state())
		}
		if said.PRTG.Error == "1" {
			worst = 2
		}
		held[column] = holding{state: []string{"Up", "Warning", "Down"}[worst], bare: true}
	}
	return held
}

// prtgChannel is a value with its limits.
type prtgChannel struct {
	Channel, Value, LimitMode, LimitMaxWarning, LimitMaxError string
}

// state is 1 for a value beyond the limit of warnings, and 2 beyond that of errors.
func (c prtgChannel) state() int {
	value, err := strconv.ParseFloat(c.Value, 64)
	above := func(limit string) bool {
		n, none := strconv.ParseFloat(limit, 64)
		return c.LimitMode == "1" && none == nil && (err != nil || value > n)
	}
	switch {
	case above(c.LimitMaxError):
		return 2
	case above(c.LimitMaxWarning):
		return 1
	}
	return 0
}
