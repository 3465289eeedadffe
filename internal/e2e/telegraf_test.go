//go:build e2e

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// telegrafModule is the Telegraf of the tests, of which only what the generated
// configuration uses is built.
const telegrafModule = "github.com/influxdata/telegraf@v1.36.4"

// buildTelegraf builds one with its own list of checksums.
func buildTelegraf(t *testing.T) string {
	t.Helper()
	dir := tempDir(t)
	path, version, _ := strings.Cut(telegrafModule, "@")
	writeFile(t, filepath.Join(dir, "go.mod"), "module build\n\ngo 1.25\n\nrequire "+path+" "+version+"\n", 0o644)
	cmd := exec.Command("go", "mod", "download", "-json", telegrafModule)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-mod=mod")
	out, err := cmd.Output()
	var module struct{ Dir string }
	if err != nil || json.Unmarshal(out, &module) != nil {
		t.Fatalf("go mod download: %v %s", err, out)
	}
	sums, err := os.ReadFile(filepath.Join(module.Dir, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "go.sum"), string(sums), 0o644)
	goTool(t, dir, "build", "-ldflags=-s -w", "-tags=custom,inputs.exec,outputs.exec,outputs.file,parsers.influx,serializers.influx", "-o", "telegraf", path+"/cmd/telegraf")
	return filepath.Join(dir, "telegraf")
}

// TestTelegraf: a real Telegraf runs the generated configuration once. It takes every
// field of the point, and hands on only what is CRITICAL.
func TestTelegraf(t *testing.T) {
	telegraf := buildTelegraf(t)
	for name, c := range map[string]struct {
		server script
		alerts bool
	}{
		"well":    {secure, false},
		"refused": {on("EHLO HELO", say("550 no")), true},
	} {
		dir := tempDir(t)
		ini := filepath.Join(dir, "check_smtp.ini")
		writeFile(t, ini, "[mx1]\nhostname = 127.0.0.1\nport = "+strconv.Itoa(playTCP(t, c.server).port())+"\n", 0o644)
		alert := filepath.Join(dir, "alert")
		points := filepath.Join(dir, "points")
		config := strings.NewReplacer(installedINI, ini, `["/usr/bin/logger", "--tag", "check_smtp"]`, `["/usr/bin/tee", "`+alert+`"]`).Replace(generated(t, "telegraf"))
		if !strings.Contains(config, alert) {
			t.Fatalf("no alert in\n%s", config)
		}
		writeFile(t, filepath.Join(dir, "telegraf.conf"), config+"\n[[outputs.file]]\n  files = [\""+points+"\"]\n  data_format = \"influx\"\n", 0o644)
		out, err := exec.Command("timeout", "60", telegraf, "--config", filepath.Join(dir, "telegraf.conf"), "--once").CombinedOutput()
		if err != nil || strings.Contains(string(out), " E! ") {
			t.Errorf("%s: %v %s", name, err, out)
		}
		got, _ := os.ReadFile(points)
		want := runPlugin(ours, nil, "--extra-opts=mx1@"+ini, "--output-format=influx").stdout
		if !strings.HasPrefix(string(got), "check_smtp,host=127.0.0.1,port=") || columnsOf(string(got)) != columnsOf(want) {
			t.Errorf("%s: Telegraf has %q of %q", name, got, want)
		}
		if text, err := os.ReadFile(alert); c.alerts != (err == nil && strings.Contains(string(text), "state=CRITICAL")) {
			t.Errorf("%s: alerted of %q (%v)", name, text, err)
		}
	}
}
