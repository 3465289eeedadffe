//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostileWords is a refusal that would mean something to every reader.
const hostileWords = "550-]]> #1 \"quoted\" it's a|b;c, k=v <tag> & \\n \\\r\n550 \x1b[31m \xff \u202e\r\n"

// formatCases are runs of which other programs are to read the output.
var formatCases = []struct {
	name   string
	server script
	args   string
}{
	{"all is well", standard, "-w 5 -c 1:10 -w ehlo_time=@7:8"},
	{"slow", greets(pause(20*time.Millisecond), say("220 mail.test")), "-w 0.001"},
	{"hostile", on("MAIL", raw(hostileWords)), "-f a@b.c"},
	{"TLS", secure, "-S -w cert_days=30: -c cert_days=7:"},
	{"timeout", on("EHLO", mute), "-t 0.2"},
	{"usage error", standard, "--nonsense"},
}

// shaped is what our program prints in a format, in each of the cases.
func shaped(t *testing.T, format string) map[string]string {
	t.Helper()
	outputs := map[string]string{}
	for _, c := range formatCases {
		words, err := splitWords("-H 127.0.0.1 -p " + strconv.Itoa(playTCP(t, c.server).port()) + " --output-format=" + format + " " + c.args)
		if err != nil {
			t.Fatal(err)
		}
		outputs[c.name] = runPlugin(ours, nil, words...).stdout
	}
	return outputs
}

// TestMonitoringPlugin: Perl's Monitoring::Plugin, which many tools of the
// Nagios world are made of, reads every field of the perfdata.
func TestMonitoringPlugin(t *testing.T) {
	if err := Install(os.Stderr, "libmonitoring-plugin-perl"); err != nil {
		t.Fatal(err)
	}
	const program = `use Monitoring::Plugin::Performance; my ($in) = @ARGV;
print join("", map { sprintf "%s=%.6f%s\n", $_->label, $_->value, $_->uom } Monitoring::Plugin::Performance->parse_perfstring($in));`
	for name, out := range shaped(t, "nagios") {
		first, _, _ := strings.Cut(out, "\n")
		_, perfdata, found := strings.Cut(first, "|")
		if found == (name == "usage error") {
			t.Errorf("%s: perfdata %q", name, perfdata)
		}
		want := ""
		for field := range strings.FieldsSeq(perfdata) {
			label, value, _ := strings.Cut(field, "=")
			value, _, _ = strings.Cut(value, ";")
			number := strings.TrimRight(value, "sB")
			v, err := strconv.ParseFloat(number, 64)
			if err != nil {
				t.Fatal(err)
			}
			want += fmt.Sprintf("%s=%.6f%s\n", label, v, value[len(number):])
		}
		got, err := exec.Command("perl", "-e", program, perfdata).CombinedOutput()
		if err != nil || string(got) != want {
			t.Errorf("%s: perl reads\n%sof\n%s(%v)", name, got, out, err)
		}
	}
}

// TestPromtool: promtool finds nothing to complain of, style included.
func TestPromtool(t *testing.T) {
	promtool := filepath.Join(unpacked(t, "prometheus"), "usr/bin/promtool")
	for name, out := range shaped(t, "openmetrics") {
		cmd := exec.Command(promtool, "check", "metrics")
		cmd.Stdin = strings.NewReader(out)
		if complaints, err := cmd.CombinedOutput(); err != nil || len(complaints) > 0 {
			t.Errorf("%s: %v %s of\n%s", name, err, complaints, out)
		}
	}
}

// TestPrometheus: a Prometheus that is told it gets OpenMetrics reads it.
func TestPrometheus(t *testing.T) {
	outputs := shaped(t, "openmetrics")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
		io.WriteString(w, outputs[strings.ReplaceAll(r.URL.Query().Get("case"), "+", " ")])
	}))
	defer server.Close()
	config := "global:\n  scrape_interval: 1s\nscrape_configs:\n"
	for name := range outputs {
		config += fmt.Sprintf("- job_name: %q\n  honor_labels: true\n  params: {case: [%q]}\n  static_configs: [{targets: [%q]}]\n", name, name, server.Listener.Addr())
	}
	api := startPrometheus(t, config)
	for _, name := range []string{"all is well", "slow", "hostile", "TLS", "timeout", "usage error"} {
		query := fmt.Sprintf("{job=%q,__name__=~\"check_smtp_.*\"}", name)
		want := strings.Count(outputs[name], "\ncheck_smtp_")
		got := 0
		if !within(time.Minute, func() bool { got = series(api, query); return got == want && want > 1 }) {
			t.Fatalf("%s: %d series, want %d of\n%s%s", name, got, want, outputs[name], fetch(api+"/api/v1/targets", nil))
		}
	}
}

// startPrometheus returns the address of one that scrapes as told.
func startPrometheus(t *testing.T, config string) string {
	t.Helper()
	return startPrometheusAt(t, filepath.Join(tempDir(t), "data"), config)
}

// startPrometheusAt starts one on a directory that may hold data.
func startPrometheusAt(t *testing.T, data, config string) string {
	t.Helper()
	dir := tempDir(t)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	address := "127.0.0.1:" + strconv.Itoa(freePorts(t, 1)[0])
	startPoller(t, dir, filepath.Join(unpacked(t, "prometheus"), "usr/bin/prometheus"),
		"--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+data, "--web.listen-address="+address)
	api := "http://" + address
	if !within(time.Minute, func() bool { return fetch(api+"/-/ready", nil) != "" }) {
		t.Fatal("Prometheus is not ready")
	}
	return api
}

// series is how many series answer a query.
func series(api, query string) int {
	var answer struct {
		Data struct{ Result []json.RawMessage }
	}
	json.Unmarshal([]byte(fetch(api+"/api/v1/query?"+url.Values{"query": {query}}.Encode(), nil)), &answer)
	return len(answer.Data.Result)
}

// startInfluxDB returns the address of one that holds nothing.
func startInfluxDB(t *testing.T) string {
	t.Helper()
	dir := tempDir(t)
	ports := freePorts(t, 2)
	config := fmt.Sprintf("reporting-disabled = true\nbind-address = \"127.0.0.1:%d\"\n[meta]\n  dir = %q\n[data]\n  dir = %q\n  wal-dir = %q\n[http]\n  bind-address = \"127.0.0.1:%d\"\n",
		ports[1], dir+"/meta", dir+"/data", dir+"/wal", ports[0])
	if err := os.WriteFile(filepath.Join(dir, "influxdb.conf"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	startPoller(t, dir, filepath.Join(unpacked(t, "influxdb"), "usr/bin/influxd"), "run", "-config", filepath.Join(dir, "influxdb.conf"))
	if !within(time.Minute, func() bool { return answers(ports[0]) }) {
		t.Fatal("InfluxDB does not listen")
	}
	return fmt.Sprintf("http://127.0.0.1:%d", ports[0])
}

// TestInfluxDB: InfluxDB takes every point, and every field of it.
func TestInfluxDB(t *testing.T) {
	api := startInfluxDB(t)
	for name, out := range shaped(t, "influx") {
		database := strconv.Quote(name)
		fetch(api+"/query", strings.NewReader(url.Values{"q": {"CREATE DATABASE " + database}}.Encode()))
		answer, err := http.Post(api+"/write?"+url.Values{"db": {name}}.Encode(), "text/plain", strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		got := fetch(api+"/query?"+url.Values{"db": {name}, "q": {"SELECT * FROM check_smtp"}}.Encode(), nil)
		if columns, want := stored(got), columnsOf(out); answer.StatusCode != http.StatusNoContent || columns != want {
			t.Errorf("%s: status %d, %d columns, want %d of\n%s%s", name, answer.StatusCode, columns, want, out, got)
		}
	}
}

// stored is how many columns of the one point InfluxDB knows, its time left
// out.
func stored(answer string) int {
	var rows struct {
		Results []struct {
			Series []struct {
				Columns []string
				Values  [][]any
			}
		}
	}
	json.Unmarshal([]byte(answer), &rows)
	if len(rows.Results) != 1 || len(rows.Results[0].Series) != 1 || len(rows.Results[0].Series[0].Values) != 1 {
		return -1
	}
	return len(rows.Results[0].Series[0].Columns) - 1
}

// columnsOf is how many tags and fields a point has, of which only the finding
// may hold an equals sign.
func columnsOf(point string) int {
	numbers, _, finding := strings.Cut(point, `,finding="`)
	n := strings.Count(numbers, "=")
	if finding {
		n++
	}
	return n
}

// startPoller starts a program that runs until the test is over: timeout(1)
// ends it also when nobody is left to ask for that. Only the program itself is
// asked to end, which then ends its children; Icinga's would mind.
func startPoller(t *testing.T, dir, program string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, "poller.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command("timeout", append([]string{"--foreground", "--kill-after=5", "300", program}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	t.Cleanup(func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }) // whoever is left
	d := daemon{dir: dir, pid: cmd.Process.Pid, logs: []string{log.Name()}}
	d.stopAfter(t)
}

// fetch gets a page, or posts a form; "" when that fails.
func fetch(address string, form io.Reader) string {
	var answer *http.Response
	var err error
	if form == nil {
		answer, err = http.Get(address)
	} else {
		answer, err = http.Post(address, "application/x-www-form-urlencoded", form)
	}
	if err != nil {
		return ""
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		return ""
	}
	return body.String()
}

// TestTerminal: on a terminal the drawing has its width and colours, and in a
// pipe it has no escape sequences. script(1) of Debian makes the terminal.
func TestTerminal(t *testing.T) {
	port := strconv.Itoa(playTCP(t, standard).port())
	command := ours + " -H 127.0.0.1 -p " + port + " --output-format=waterfall"
	out, err := exec.Command("script", "--quiet", "--return", "--command", "stty columns 70; "+command, "/dev/null").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("\x1b[32mSMTP OK")) {
		t.Errorf("on a terminal: %v %q", err, out)
	}
	if piped := runPlugin(ours, nil, strings.Fields(command)[1:]...); piped.exit != 0 || strings.Contains(piped.stdout, "\x1b") {
		t.Errorf("in a pipe: %v", piped)
	}
	verbose := ours + " -H 127.0.0.1 -p " + port + " -f a@b.c -vv"
	out, err = exec.Command("script", "--quiet", "--return", "--command", "stty columns 45; "+verbose, "/dev/null").CombinedOutput()
	_, rest, _ := strings.Cut(string(out), "\n")
	for line := range strings.Lines(rest) {
		if len(strings.TrimSpace(line)) > 45 || strings.Contains(line, "\x1b") {
			t.Errorf("-vv on a terminal of 45 columns: %q", line)
		}
	}
	if err != nil || strings.Count(rest, "\n") < 6 {
		t.Errorf("-vv on a terminal: %v %q", err, out)
	}
}
