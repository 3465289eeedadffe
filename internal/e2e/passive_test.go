//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Passive results, as the pages tell how to hand them over.

// passiveCases are what a server says, and what is to be read of it by a poller.
func passiveCases(t *testing.T) map[string]struct {
	port  string
	state int
	says  string
} {
	long := strings.Repeat("554-"+strings.Repeat(`a;b|time=9s\n `, 60)+"\r\n", 8) // more than 6,000 bytes
	return map[string]struct {
		port  string
		state int
		says  string
	}{
		"well":    {strconv.Itoa(playTCP(t, standard).port()), 0, "SMTP OK - "},
		"refuses": {strconv.Itoa(playTCP(t, greets(say("554-no;such|time=9s\r\n"+long+`554 \n`))).port()), 1, "SMTP WARNING - banner refused: 554 no,such/time=9s"},
		"nobody":  {"1", 2, "SMTP CRITICAL - connect to address 127.0.0.1 and port 1: Connection refused"},
		"wrong":   {"0", 3, "SMTP UNKNOWN - -p/--port: "},
	}
}

// handedOver runs our program with a passive format.
func handedOver(t *testing.T, format, service, port string, want int) []byte {
	t.Helper()
	cmd := exec.Command(ours, "-H", "127.0.0.1", "-p", port, "-v", "--output-format", format, "--service", service)
	out, _ := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != want {
		t.Errorf("%s: exit %d, want %d: %s", service, code, want, out)
	}
	return out
}

// TestIcingaPassive: Icinga's API takes the body as it is, and knows state, text and
// each number of it.
func TestIcingaPassive(t *testing.T) {
	config := `object Host "h \"1\"" { check_command = "dummy" }
`
	cases := passiveCases(t)
	for name := range cases {
		config += fmt.Sprintf("object Service %q { host_name = \"h \\\"1\\\"\", check_command = \"dummy\", enable_active_checks = false }\n", name)
	}
	i := startIcinga(t, config)
	for name, c := range cases {
		body := handedOver(t, "icinga-api", `h "1"!`+name, c.port, c.state)
		request, err := http.NewRequest("POST", fmt.Sprintf("https://127.0.0.1:%d/v1/actions/process-check-result", i.port), bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.SetBasicAuth("test", "test")
		request.Header.Set("Accept", "application/json")
		response, err := i.client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"code":200`)) {
			t.Errorf("%s: %s %s", name, response.Status, answer)
		}
	}
	var services struct {
		Results []struct {
			Attrs struct {
				Name   string
				Result struct {
					State    float64
					Output   string
					Source   string `json:"check_source"`
					Perfdata []any  `json:"performance_data"`
				} `json:"last_check_result"`
			}
		}
	}
	if err := i.call("GET", "objects/services?attrs=name&attrs=last_check_result", &services); err != nil {
		t.Fatal(err)
	}
	host, _ := os.Hostname()
	if len(services.Results) != len(cases) {
		t.Errorf("%d services", len(services.Results))
	}
	for _, s := range services.Results {
		c, r := cases[s.Attrs.Name], s.Attrs.Result
		numbers := fmt.Sprint(r.Perfdata)
		if int(r.State) != c.state || !strings.HasPrefix(r.Output, c.says) || (c.state < 3) != strings.HasPrefix(numbers, "[time=") || strings.Contains(numbers, "=9s") || c.state < 3 && r.Source != host {
			t.Errorf("%s: %+v", s.Attrs.Name, r)
		}
		if c.state == 1 && !strings.Contains(r.Output, "\nbanner ") {
			t.Errorf("%s has no lines behind the first: %q", s.Attrs.Name, r.Output)
		}
	}
}

// TestNagiosPassive: Nagios reads the lines from its command file, long and hostile
// ones, too.
func TestNagiosPassive(t *testing.T) {
	cases := passiveCases(t)
	objects := nagiosHost("h", "127.0.0.1")
	for name := range cases {
		objects += strings.Replace(nagiosService("h", name, "check_smtp"), "max_check_attempts", "active_checks_enabled 0\n max_check_attempts", 1)
	}
	n := startNagios(t, objects)
	pipe := filepath.Join(n.dir, "lib/rw/nagios.cmd")
	if !within(30*time.Second, func() bool {
		info, err := os.Stat(pipe)
		return err == nil && info.Mode()&os.ModeNamedPipe != 0
	}) {
		t.Fatal("Nagios makes no command file")
	}
	for name, c := range cases {
		line := strings.TrimSuffix(string(handedOver(t, "nagios-command", "h!"+name, c.port, c.state)), "\n")
		if out, err := exec.Command("timeout", "5", "sh", "-c", `printf "%s\n" "$1" > "$2"`, "sh", line, pipe).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v %s", name, err, out)
		}
	}
	for name, r := range n.results(t, len(cases)) {
		c := cases[name]
		if r["current_state"] != strconv.Itoa(c.state) || !strings.HasPrefix(r["plugin_output"], c.says) || (c.state < 3) != strings.HasPrefix(r["performance_data"], "time=") || strings.Contains(r["performance_data"], "=9s") {
			t.Errorf("%s: state %s, %q, %q", name, r["current_state"], r["plugin_output"], r["performance_data"])
		}
		if c.state == 1 && !strings.Contains(r["long_plugin_output"], "banner ") {
			t.Errorf("%s has no lines behind the first: %q", name, r["long_plugin_output"])
		}
	}
}

// TestManyPromtool: promtool and jq's like read what a list comes to.
func TestManyPromtool(t *testing.T) {
	port := strconv.Itoa(playTCP(t, standard).port())
	list := "127.0.0.1 -p " + port + "\n" + `{"args": ["127.0.0.1", "-p", "` + port + `"], "name": "a \"b\" \\ c"}` + "\n127.0.0.1 -p 1\n127.0.0.1 -p 0\n'\n"
	run := func(format string) []byte {
		cmd := exec.Command(ours, "--targets", "-", "--output-format", format)
		cmd.Stdin = strings.NewReader(list)
		out, _ := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); code != 2 {
			t.Errorf("%s: exit %d: %s", format, code, out)
		}
		return out
	}
	out := run("openmetrics")
	cmd := exec.Command(filepath.Join(unpacked(t, "prometheus"), "usr/bin/promtool"), "check", "metrics")
	cmd.Stdin = bytes.NewReader(out)
	if complaints, err := cmd.CombinedOutput(); err != nil || len(complaints) > 0 {
		t.Errorf("%v %s of\n%s", err, complaints, out)
	}
	lines := 0
	for in := json.NewDecoder(bytes.NewReader(run("json"))); in.More(); lines++ {
		var result struct{ Name, State string }
		if err := in.Decode(&result); err != nil || result.Name == "" {
			t.Fatal(err, result)
		}
	}
	if lines != 5 {
		t.Errorf("%d results", lines)
	}
}
