//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const checkNRPE = "/usr/lib/nagios/plugins/check_nrpe"

// TestShownNRPE runs the page's line through the real NRPE, against a
// server that is well and one that says nothing: with -t 8 the poller learns
// why, without it not. check_nrpe waits as long as it does by default.
func TestShownNRPE(t *testing.T) {
	if err := Install(os.Stderr, "nagios-nrpe-server", "nagios-nrpe-plugin"); err != nil {
		t.Fatal(err)
	}
	dir := tempDir(t)
	program := filepath.Join(dir, "check_smtp")
	copyProgram(t, program)
	startMX1(t)
	silent := playTCP(t, greets(mute)).port()
	well := strings.ReplaceAll(shownBlock(t, pollers, "## NRPE", program, ""), "mx1.example.org", mx1)
	slow := strings.Replace(regexp.MustCompile(`-H \S+ -S`).ReplaceAllString(well, fmt.Sprintf("-p %d", silent)), "[smtp]", "[in time]", 1)
	late := strings.Replace(strings.Replace(slow, "[in time]", "[too late]", 1), " -t 8", "", 1)
	port := freePorts(t, 1)[0]
	writeFile(t, filepath.Join(dir, "nrpe.cfg"), fmt.Sprintf("server_address=127.0.0.1\nserver_port=%d\nallowed_hosts=127.0.0.1\nnrpe_user=nagios\nnrpe_group=nagios\npid_file=%s/pid\nlog_file=%s/log\n%s%s%s",
		port, dir, dir, well, slow, late), 0o644)
	chown(t, "nagios", dir)
	startPoller(t, dir, "/usr/sbin/nrpe", "-c", filepath.Join(dir, "nrpe.cfg"), "-f")
	if !within(10*time.Second, func() bool { return answers(port) }) {
		t.Fatal("NRPE does not listen")
	}
	var all sync.WaitGroup
	for command, want := range map[string]struct {
		exit int
		says string
	}{
		"smtp":     {0, `^SMTP OK - .*\|time=.*\btls_time=`},
		"in time":  {2, `^SMTP CRITICAL - Socket timeout after 8 seconds during banner.*\|time=.*\bbanner_time=`},
		"too late": {2, `^CHECK_NRPE STATE CRITICAL: Socket timeout after 10 seconds\.\n$`},
	} {
		all.Go(func() {
			o := runPlugin(checkNRPE, nil, "-H", "127.0.0.1", "-p", fmt.Sprint(port), "-c", command)
			if o.exit != want.exit || !regexp.MustCompile(want.says).MatchString(o.stdout) {
				t.Errorf("%s: %v", command, o)
			}
		})
	}
	all.Wait()
}
