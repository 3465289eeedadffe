//go:build e2e

package e2e

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// mx1Section is the section that the page shows, of the server of these tests.
func mx1Section(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(pollers)
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "\n```ini\n")
	block, _, closed := strings.Cut(block, "```\n")
	if !closed || !strings.Contains(block, "[mx1]\n") {
		t.Fatalf("the page shows %q", block)
	}
	return strings.ReplaceAll(block, "mx1.example.org", mx1)
}

// TestPrometheusUnit runs the command of the generated unit as a user without any
// right, in a directory as the generated line of tmpfiles.d makes it. The node
// exporter serves the file, Prometheus reads it with the generated rules, and they
// notice what becomes of the server and of the timer.
func TestPrometheusUnit(t *testing.T) {
	_, login := startMX1(t)
	u := prepareUnit(t, mx1Section(t)+"[dead]\nhostname = 127.0.0.1\nport = "+strconv.Itoa(freePorts(t, 1)[0])+"\n")
	u.credential(t, "smtp", "from systemd\n")
	if o := u.run(t, "mx1"); o.exit != 0 || o.stdout != "" {
		t.Fatalf("the unit's command: %v", o)
	}
	gotPassword(t, login, "from systemd")
	if o := u.run(t, "dead"); o.exit != 2 || !strings.Contains(u.textfile(t, "dead"), `check_smtp_state{name="dead",host="127.0.0.1",port=`) {
		t.Errorf("a server that is down: %v", o)
	}
	if o := u.run(t, "none"); o.exit != 3 || !strings.Contains(o.stderr, "section") {
		t.Errorf("a section that is missing: %v", o)
	}
	before := u.textfile(t, "mx1")
	if o := u.run(t, "mx1"); o.exit != 0 || u.textfile(t, "mx1") == before {
		t.Errorf("the file is not replaced: %v", o)
	}
	if left, err := filepath.Glob(u.dir + "/textfiles/*"); err != nil || len(left) != 3 {
		t.Errorf("the directory holds %q", left)
	}
	os.Chtimes(u.dir+"/textfiles/check_smtp_dead.prom", time.Time{}, time.Now().Add(-time.Hour))

	rules := filepath.Join(u.dir, "rules.yml")
	writeFile(t, rules, generated(t, "prometheus-rules"), 0o644)
	api := startPrometheus(t, fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs:\n- job_name: node\n  static_configs: [{targets: [%q]}]\n",
		rules, startNodeExporter(t, u.dir+"/textfiles")))
	for query, want := range map[string]int{
		`check_smtp_state{host="` + mx1 + `"} == 0`:                     1,
		`check_smtp_phase_seconds{host="` + mx1 + `"}`:                  strings.Count(before, "\ncheck_smtp_phase_seconds{"),
		`ALERTS{alertname="SMTPCritical",host="127.0.0.1"}`:             1,
		`ALERTS{alertname="SMTPStale",file=~".*/check_smtp_dead.prom"}`: 1,
		`node_textfile_scrape_error == 0`:                               1,
		`ALERTS{alertname="SMTPUnknown"}`:                               1,
		`count(ALERTS) == 3`:                                            1,
	} {
		if got := 0; !within(time.Minute, func() bool { got = series(api, query); return got == want }) {
			t.Errorf("%s: %d series, want %d; %s", query, got, want, fetch(api+"/api/v1/alerts", nil))
		}
	}
	if health := fetch(api+"/api/v1/rules", nil); strings.Contains(health, `"health":"err"`) || !strings.Contains(health, `"health":"ok"`) {
		t.Errorf("the rules: %s", health)
	}
}

// alertTests are tests of the generated rules in promtool's language: of each kind of
// alert one that goes off, and one that does not.
const alertTests = `rule_files: [rules.yml]
evaluation_interval: 1m
tests:
- interval: 1m
  input_series:
  - {series: 'check_smtp_state{host="down"}', values: '0x5 2x60'}
  - {series: 'check_smtp_state{host="up"}', values: '0x70'}
  - {series: 'check_smtp_cert_chain_expiry_timestamp_seconds{host="soon"}', values: '864000x150'}
  - {series: 'check_smtp_cert_chain_expiry_timestamp_seconds{host="late"}', values: '8640000x150'}
  - {series: 'check_smtp_phase_seconds{host="slow",phase="banner"}', values: '6x60'}
  - {series: 'check_smtp_phase_seconds{host="slow",phase="ehlo"}', values: '6 0 6 0 6 0 6 0 6 0 6 0 6 0 6 0 6 0 6 0 6 0 6 0 6 0 6'}
  - {series: 'check_smtp_targets{host="example.org"}', values: '3x60'}
  - {series: 'check_smtp_targets_ok{host="example.org"}', values: '2x60'}
  - {series: 'node_textfile_mtime_seconds{file="/t/check_smtp_mx1.prom",instance="poller"}', values: '0x60'}
  - {series: 'node_textfile_mtime_seconds{file="/t/other.prom",instance="poller"}', values: '0x60'}
  alert_rule_test:
  - eval_time: 7m
    alertname: SMTPCritical
  - eval_time: 8m
    alertname: SMTPCritical
    exp_alerts:
    - exp_labels: {severity: critical, host: down}
      exp_annotations: {summary: 'SMTP of down is CRITICAL', description: 'This says why: check_smtp --extra-opts=SECTION@/etc/check_smtp/check_smtp.ini -v'}
  - eval_time: 2h
    alertname: SMTPCertChainEndsSoon
    exp_alerts:
    - exp_labels: {severity: warning, host: soon}
      exp_annotations: {summary: '9.9 days left at soon', description: "When the first certificate of the chain expires, the server's own included."}
  - eval_time: 25m
    alertname: SMTPPhaseSlow
    exp_alerts:
    - exp_labels: {severity: warning, host: slow, phase: banner}
      exp_annotations: {summary: 'slow is slow in phase banner: 6s', description: 'How long each phase took.'}
  - eval_time: 15m
    alertname: SMTPTargetsDown
    exp_alerts:
    - exp_labels: {severity: warning, host: example.org}
      exp_annotations: {summary: '1 targets of example.org are not OK', description: 'Of several mail exchangers or addresses some do not work'}
  - eval_time: 12m
    alertname: SMTPStale
    exp_alerts:
    - exp_labels: {severity: warning, file: /t/check_smtp_mx1.prom, instance: poller}
      exp_annotations: {summary: '/t/check_smtp_mx1.prom is old', description: 'The timer or cron job on poller has stopped; all numbers in this file are old'}
  - eval_time: 20m
    alertname: SMTPAbsent
- interval: 1m
  input_series: []
  alert_rule_test:
  - eval_time: 10m
    alertname: SMTPAbsent
    exp_alerts:
    - exp_labels: {severity: warning}
      exp_annotations: {summary: 'no mail server is checked', description: 'There is no file of check_smtp that node_exporter reads'}
`

// TestPrometheusRules: promtool finds nothing to complain of, and each alert goes off
// when it should.
func TestPrometheusRules(t *testing.T) {
	dir := tempDir(t)
	promtool := filepath.Join(unpacked(t, "prometheus"), "usr/bin/promtool")
	writeFile(t, filepath.Join(dir, "rules.yml"), generated(t, "prometheus-rules"), 0o644)
	writeFile(t, filepath.Join(dir, "tests.yml"), alertTests, 0o644)
	for _, args := range [][]string{{"check", "rules", "rules.yml"}, {"test", "rules", "tests.yml"}} {
		cmd := exec.Command(promtool, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "SUCCESS") {
			t.Errorf("promtool %s: %v\n%s", args, err, out)
		}
	}
}

// TestUnits runs the commands of the page below another root, and looks at what they
// install: systemd understands each line, and the directory is as it should be.
func TestUnits(t *testing.T) {
	if err := Install(os.Stderr, "systemd"); err != nil {
		t.Fatal(err)
	}
	root := tempDir(t)
	for _, path := range []string{"5% bin", "etc/sysusers.d", "etc/tmpfiles.d", "etc/systemd/system", "var/lib/prometheus"} {
		if err := os.MkdirAll(filepath.Join(root, path), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	copyProgram(t, filepath.Join(root, "5% bin/check_smtp"))
	cmd := exec.Command("bash", "-ec", elsewhere+strings.ReplaceAll(shownScript(t, "Prometheus"), "/etc/", root+"/etc/"))
	cmd.Env = []string{"ROOT=" + root, "PATH=" + root + "/5% bin:" + os.Getenv("PATH"), "LC_ALL=C"}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "systemctl enable --now check_smtp@mx1.timer\n") || strings.Contains(string(out), "Unknown") {
		t.Errorf("the page's commands: %v %s", err, out)
	}
	units := filepath.Join(root, "etc/systemd/system/check_smtp@.")
	if out, err := exec.Command("systemd-analyze", "verify", units+"service", units+"timer").CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze: %v %s", err, out)
	}
	if users, err := os.ReadFile(filepath.Join(root, "etc/passwd")); err != nil || !strings.Contains(string(users), "\ncheck_smtp:") && !strings.HasPrefix(string(users), "check_smtp:") {
		t.Errorf("the users: %v %s", err, users)
	}
	if info, err := os.Stat(filepath.Join(root, installedFiles)); err != nil || info.Mode() != os.ModeDir|os.ModeSticky|0o775 {
		t.Errorf("the directory: %v %v", info, err)
	}
}

// elsewhere has systemd's programs work below another root.
const elsewhere = `systemd-sysusers() { command systemd-sysusers --root="$ROOT" "$@"; }
systemd-tmpfiles() { command systemd-tmpfiles --root="$ROOT" "$@"; }
systemctl() { echo systemctl "$@"; }
`

// shownScript is the first script under a heading of the page for pollers.
func shownScript(t *testing.T, heading string) string {
	t.Helper()
	text, err := os.ReadFile(pollers)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## "+heading+"\n")
	_, script, _ := strings.Cut(section, "\n```sh\n")
	script, _, closed := strings.Cut(script, "```\n")
	if !closed {
		t.Fatalf("no script under %s", heading)
	}
	return script
}

// printedToo are families and a phase that none of the runs here has: they take lookups in
// the DNS that take time, and a policy that is fetched.
const printedToo = `# TYPE check_smtp_discover_seconds gauge
check_smtp_discover_seconds{host="example.org"} 0.012
# TYPE check_smtp_tlsa_seconds gauge
check_smtp_tlsa_seconds{host="example.org"} 0.034
# TYPE check_smtp_sts_dns_seconds gauge
check_smtp_sts_dns_seconds{host="example.org"} 0.008
# TYPE check_smtp_sts_fetch_seconds gauge
check_smtp_sts_fetch_seconds{host="example.org"} 0.210
# TYPE check_smtp_sts_cert_expiry_timestamp_seconds gauge
check_smtp_sts_cert_expiry_timestamp_seconds{host="example.org"} 4102444800
# TYPE check_smtp_sts_cert_left_seconds gauge
check_smtp_sts_cert_left_seconds{host="example.org"} 86400
# EOF
`

// storyRuns are the expositions of the stories, which are what the program prints.
func storyRuns(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/*/*openmetrics*.txt")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d stories (%v)", len(paths), err)
	}
	runs := []string{printedToo}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, out, found := strings.Cut(string(text), "\n-- stdout --\n"); found && strings.HasPrefix(out, "# TYPE") {
			out, _, _ = strings.Cut(out, "# EOF\n")
			runs = append(runs, out+"# EOF\n")
		}
	}
	return runs
}

// TestGrafanaQueries: each query of the dashboard returns data from a Prometheus that
// has what stories print, at once and over an hour.
func TestGrafanaQueries(t *testing.T) {
	var h history
	now := time.Now()
	for i, run := range storyRuns(t) {
		h.add(strings.ReplaceAll(run, `{host="`, `{run="`+strconv.Itoa(i)+`",host="`), now.Add(-time.Minute))
	}
	data := filepath.Join(tempDir(t), "data")
	h.write(t, data)
	api := startPrometheusAt(t, data, "global: {}\n")
	n := 0
	for _, p := range readBoard(t).Panels {
		for _, target := range p.Targets {
			n++
			query := strings.ReplaceAll(target.Expr, "$host", ".*")
			over := url.Values{"query": {query}, "start": {fmt.Sprint(now.Unix() - 600)}, "end": {fmt.Sprint(now.Unix())}, "step": {"60"}}
			if series(api, query) == 0 || len(promAnswers(t, api, "query_range", over)) == 0 {
				t.Errorf("%s: nothing answers %s", p.Title, query)
			}
		}
	}
	if hosts := fetch(api+"/api/v1/label/host/values", nil); n < 40 || !strings.Contains(hosts, `"example.org"`) {
		t.Errorf("%d queries; of the variable host there is %s", n, hosts)
	}
}

// grafanaSDK reads dashboards as Grafana's own schema has them, and refuses a member
// that is missing or not known.
const grafanaSDK = "github.com/grafana/grafana-foundation-sdk/go@v0.0.22"

const grafanaReader = `package main

import (
	"fmt"
	"io"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	plugins.RegisterDefaultPlugins()
	text, _ := io.ReadAll(os.Stdin)
	var d dashboard.Dashboard
	for _, err := range []error{d.UnmarshalJSONStrict(text), d.Validate()} {
		if err != nil && err.Error() != "" { // an empty list of errors is none
			fmt.Println(err)
		}
	}
	fmt.Println(len(d.Panels), "panels")
}
`

// TestGrafanaSchema: the dashboard is what Grafana's schema says, and the reader tells
// when one is not.
func TestGrafanaSchema(t *testing.T) {
	dir := tempDir(t)
	writeFile(t, filepath.Join(dir, "go.mod"), "module reader\n\ngo 1.25\n", 0o644)
	writeFile(t, filepath.Join(dir, "main.go"), grafanaReader, 0o644)
	goTool(t, dir, "get", grafanaSDK)
	goTool(t, dir, "build", "-o", "reader", ".")
	text := generated(t, "grafana")
	for name, c := range map[string]struct{ text, want string }{
		"as it is": {text, `^\d+ panels\n$`},
		"broken":   {strings.Replace(text, `"legendFormat"`, `"legendFromat"`, 1), `legendFromat`},
	} {
		cmd := exec.Command(filepath.Join(dir, "reader"))
		cmd.Stdin = strings.NewReader(c.text)
		if out, err := cmd.CombinedOutput(); err != nil || !regexp.MustCompile(c.want).Match(out) {
			t.Errorf("%s: %v %s", name, err, out)
		}
	}
}

// goTool runs go in a directory with a module of its own.
func goTool(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod -buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
