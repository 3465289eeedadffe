//go:build e2e

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// nagiosHost is a host without a check of its own, as Debian's templates want
// one.
func nagiosHost(name, address string) string {
	return fmt.Sprintf("define host {\n use generic-host\n host_name %s\n address %s\n max_check_attempts 1\n contact_groups admins\n}\n", name, address)
}

// nagiosService has the description of the host and the command.
func nagiosService(host, description, command string) string {
	return fmt.Sprintf("define service {\n use generic-service\n host_name %s\n service_description %s\n check_command %s\n max_check_attempts 1\n}\n", host, description, command)
}

// TestNagiosDebian runs the commands of Debian's mail.cfg. Only the path of
// the plugin is another. Without an argument they hand it an empty word, and
// they know no port but 25.
func TestNagiosDebian(t *testing.T) {
	const well, refuses = "127.0.77.25", "127.0.77.26"
	playAt(t, well+":25", standard)
	playAt(t, refuses+":25", greets(say("554 no")))
	other := strconv.Itoa(playTCP(t, standard).port())
	cases := []struct {
		host, command string
		exit          int
		says          string
	}{
		{"well", "check_smtp", 0, "SMTP OK - "},
		{"well", "check_smtp_4", 0, "SMTP OK - "},
		{"well", "check_smtp!-vf<a@b.c>", 0, "SMTP OK - "},
		{"well", "check_smtp!-e221", 1, "SMTP WARNING - "},
		{"here", "check_smtp!-p" + other, 0, "SMTP OK - "},
		{"refuses", "check_smtp", 1, "SMTP WARNING - "},
		{"refuses", "check_smtp_4", 1, "SMTP WARNING - "},
		{"nobody", "check_smtp", 2, "SMTP CRITICAL - connect to address 127.0.77.27 and port 25: Connection refused"},
	}
	objects := nagiosHost("well", well) + nagiosHost("refuses", refuses) + nagiosHost("nobody", "127.0.77.27") + nagiosHost("here", "127.0.0.1")
	for i, c := range cases {
		objects += nagiosService(c.host, strconv.Itoa(i), c.command)
	}
	results := startNagios(t, objects).results(t, len(cases))
	for i, c := range cases {
		r := results[strconv.Itoa(i)]
		if r["current_state"] != strconv.Itoa(c.exit) || !strings.HasPrefix(r["plugin_output"], c.says) || !strings.HasPrefix(r["performance_data"], "time=") {
			t.Errorf("%s on %s: state %s, %q, %q", c.command, c.host, r["current_state"], r["plugin_output"], r["performance_data"])
		}
	}
}
