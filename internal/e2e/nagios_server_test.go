//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// nagios is a running Nagios 4 with the configuration that Debian ships, but
// for the paths of what it writes, of our program and of mail(1).
type nagios struct {
	dir string
}

// hurried has Nagios check all services at once, and tell at once.
const hurried = `
check_for_updates=0
use_syslog=0
interval_length=1
service_inter_check_delay_method=n
max_service_check_spread=1
check_result_reaper_frequency=1
status_update_interval=1
process_performance_data=1
service_perfdata_command=process-service-perfdata
check_workers=2
`

// startNagios runs a Nagios with more objects.
func startNagios(t *testing.T, objects string) *nagios {
	t.Helper()
	n := prepareNagios(t)
	n.start(t, objects, "")
	return n
}

// prepareNagios makes the directory of one, with our program in it.
func prepareNagios(t *testing.T) *nagios {
	t.Helper()
	if err := Install(os.Stderr, "nagios4-core"); err != nil {
		t.Fatal(err)
	}
	n := &nagios{dir: tempDir(t)}
	for _, sub := range []string{"lib/spool/checkresults", "lib/rw", "log/archives", "run", "mails", "etc/nagios4/objects", "etc/nagios4/conf.d", "etc/nagios-plugins/config"} {
		if err := os.MkdirAll(filepath.Join(n.dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	copyProgram(t, filepath.Join(n.dir, "check_smtp"))
	moved := strings.NewReplacer("/var/lib/nagios4", n.dir+"/lib", "/var/log/nagios4", n.dir+"/log", "/var/run/nagios4", n.dir+"/run",
		"/etc/", n.dir+"/etc/", CPlugin, n.dir+"/check_smtp", "/usr/bin/mail", n.dir+"/mail")
	for _, name := range nagiosFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(n.dir, name), moved.Replace(string(text)), 0o644)
	}
	writeFile(t, filepath.Join(n.dir, "mail"), fmt.Sprintf(mailScript, n.dir+"/mails"), 0o755)
	return n
}

// nagiosFiles are the parts of Debian's configuration.
func nagiosFiles(t *testing.T) []string {
	t.Helper()
	files := []string{"/etc/nagios4/resource.cfg", "/etc/nagios4/nagios.cfg"}
	for _, pattern := range []string{"/etc/nagios-plugins/config/*.cfg", "/etc/nagios4/objects/*.cfg"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("no %s, %v", pattern, err)
		}
		files = append(files, names...)
	}
	return files
}

// start fails unless the objects load without a warning beside all that Debian
// configures. Of that localhost.cfg, which has checks of this machine, is left
// out later on.
func (n *nagios) start(t *testing.T, objects, settings string) {
	t.Helper()
	config := filepath.Join(n.dir, "etc/nagios4/nagios.cfg")
	edit(t, config, "", hurried+settings)
	writeFile(t, filepath.Join(n.dir, "etc/nagios4/conf.d/test.cfg"), objects, 0o644)
	chown(t, "nagios:nagios", "-R", n.dir)
	out, err := exec.Command("/usr/sbin/nagios4", "-v", config).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Total Warnings: 0\nTotal Errors:   0\n") {
		t.Fatalf("nagios4 -v: %v\n%s", err, out)
	}
	edit(t, config, "cfg_file="+n.dir+"/etc/nagios4/objects/localhost.cfg\n", "")
	startPoller(t, n.dir, "/usr/sbin/nagios4", config)
}

// mailScript stands in for mail(1): each mail becomes a file, which is there
// as a whole or not at all.
const mailScript = `#!/bin/sh
cd %s && { echo "arguments: $*"; cat; } >.$$ && mv .$$ $$
`

// results waits until so many services have been checked, and returns what
// Nagios holds of them, by their descriptions.
func (n *nagios) results(t *testing.T, count int) map[string]map[string]string {
	t.Helper()
	checked := map[string]map[string]string{}
	if !within(30*time.Second, func() bool {
		text, _ := os.ReadFile(filepath.Join(n.dir, "lib/status.dat"))
		for block := range strings.SplitSeq(string(text), "\n\t}\n") {
			if _, body, found := strings.Cut(block, "servicestatus {\n"); found {
				if s := fields(body); s["has_been_checked"] == "1" {
					checked[s["service_description"]] = s
				}
			}
		}
		return len(checked) == count
	}) {
		show(t, filepath.Join(n.dir, "log/nagios.log"))
		t.Fatalf("%d services were checked, not %d: %v", len(checked), count, checked)
	}
	return checked
}

// fields reads lines of the form name=value.
func fields(body string) map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(body) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		all[name] = value
	}
	return all
}

// mailsIn waits for so many files of mailScript's, and returns them.
func mailsIn(t *testing.T, dir string, count int) []string {
	t.Helper()
	var names []string
	if !within(30*time.Second, func() bool {
		names, _ = filepath.Glob(filepath.Join(dir, "[0-9]*"))
		return len(names) >= count
	}) {
		t.Fatalf("%d mails, not %d", len(names), count)
	}
	var all []string
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(text))
	}
	return all
}

// copyProgram puts our program where a user without privileges can run it.
func copyProgram(t *testing.T, to string) {
	t.Helper()
	text, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, to, string(text), 0o755)
}

// edit replaces a text in a file, which must be there; an empty one stands for
// the end of the file.
func edit(t *testing.T, path, old, new string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text) + new
	if old != "" {
		changed = strings.Replace(string(text), old, new, 1)
	}
	if changed == string(text) {
		t.Fatalf("%s has no %q", path, old)
	}
	writeFile(t, path, changed, 0o644)
}
