//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// basket is what Icinga Director reads of a printed basket to write the
// configuration of Icinga.
type basket struct {
	Command map[string]struct {
		Arguments map[string]struct {
			Value       any
			SetIf       string `json:"set_if"`
			SetIfFormat string `json:"set_if_format"`
			SkipKey     bool   `json:"skip_key"`
			RepeatKey   bool   `json:"repeat_key"`
			Description string
		}
		Command string
		Vars    map[string]any
	}
	ServiceTemplate map[string]struct {
		CheckCommand string `json:"check_command"`
		Imports      []string
		Vars         map[string]any
	}
}

// deployed is the configuration that Director makes of a basket.
func (b basket) deployed() string {
	var config strings.Builder
	for name, c := range b.Command {
		fmt.Fprintf(&config, "object CheckCommand %q {\n import \"plugin-check-command\"\n command = [ %q ]\n arguments += {\n", name, c.Command)
		for key, a := range c.Arguments {
			fmt.Fprintf(&config, " %q = {\n description = %q\n", key, a.Description)
			switch value := a.Value.(type) {
			case string:
				fmt.Fprintf(&config, " value = %q\n", value)
			case map[string]any:
				fmt.Fprintf(&config, " value = {{ %s }}\n", value["body"])
			}
			if a.SetIf != "" {
				text := strconv.Quote(a.SetIf)
				if a.SetIfFormat == "expression" {
					text = "{{ " + a.SetIf + " }}"
				}
				fmt.Fprintf(&config, " set_if = %s\n", text)
			}
			if a.SkipKey {
				config.WriteString(" skip_key = true\n")
			}
			fmt.Fprintf(&config, " repeat_key = %t\n }\n", a.RepeatKey)
		}
		config.WriteString(" }\n" + dictionary(c.Vars) + "}\n")
	}
	for _, name := range slices.Sorted(maps.Keys(b.ServiceTemplate)) { // parents come first
		s := b.ServiceTemplate[name]
		fmt.Fprintf(&config, "template Service %q {\n", name)
		for _, parent := range s.Imports {
			fmt.Fprintf(&config, " import %q\n", parent)
		}
		if s.CheckCommand != "" {
			fmt.Fprintf(&config, " check_command = %q\n", s.CheckCommand)
		}
		config.WriteString(dictionary(s.Vars) + "}\n")
	}
	return config.String()
}

// dictionary are custom variables.
func dictionary(vars map[string]any) string {
	var text string
	for name, value := range vars {
		literal, _ := json.Marshal(value)
		text += fmt.Sprintf(" vars.%s = %s\n", name, literal)
	}
	return text
}

// TestPrintedDirector: what Director makes of the basket is configuration that
// Icinga loads and runs.
func TestPrintedDirector(t *testing.T) {
	i := prepareIcinga(t)
	passwordFile, login := startMX1(t)
	where := startServers(t)
	var b basket
	if err := json.Unmarshal([]byte(printedBy(t, filepath.Join(i.dir, "plugins/check_smtp"), "director")), &b); err != nil {
		t.Fatal(err)
	}
	config := b.deployed() + "object Host \"mx1.example.org\" {\n check_command = \"dummy\"\n address = \"" + mx1 + "\"\n}\n"
	more := map[string]string{"login": `vars.smtp_plus_authpass_file = "` + passwordFile + `"`, "relay": "vars.smtp_plus_port = {relay}",
		"domain": `vars.smtp_plus_resolver = [ "{resolver}" ]`, "policies": `vars.smtp_plus_resolver = [ "{resolver}" ]`, "up": "vars.smtp_plus_verbose = 2"}
	for _, job := range everyJob {
		config += fmt.Sprintf("object Service %q {\n import \"smtp-plus-%s\"\n host_name = \"mx1.example.org\"\n %s\n}\n", job, job, where.Replace(more[job]))
	}
	i.start(t, config)
	for job, r := range i.results(t) {
		if r.Exit != 0 || !strings.HasPrefix(r.Output, "SMTP OK - ") {
			t.Errorf("%s: exit %v, %q of %q", job, r.Exit, r.Output, r.Command)
		}
	}
	gotPassword(t, login, "from the file")
}

// TestPrintedCentreon runs the printed commands under Nagios, whose macros are
// those of Centreon's engine, with the macros that the printed templates have.
func TestPrintedCentreon(t *testing.T) {
	n := prepareNagios(t)
	passwordFile, login := startMX1(t)
	where := startServers(t)
	more := map[string]string{"relay": "-p {relay}", "domain": "--resolver {resolver}", "policies": "--resolver {resolver}", "options": "-f a@b.c"}
	objects, services := nagiosHost("mx1.example.org", mx1), map[string]string{}
	for line := range strings.Lines(printedBy(t, filepath.Join(n.dir, "check_smtp"), "centreon")) {
		part := strings.Split(strings.TrimRight(line, "\n"), ";")
		switch {
		case part[0] == "CMD" && part[1] == "ADD" && part[3] == "check" && len(part) == 5:
			objects += "define command {\n command_name " + part[2] + "\n command_line " + part[4] + "\n}\n"
		case part[0] == "STPL" && part[1] == "ADD" && len(part) == 5 && part[3] != "":
			services[part[2]] = ""
		case part[1] == "setparam" && part[3] == "check_command" && len(part) == 5:
			services[part[2]] += " check_command " + part[4] + "\n"
		case part[1] == "setmacro" && len(part) == 7 && part[5] == "0" && part[6] != "":
			value := strings.ReplaceAll(part[4], "/etc/check_smtp/smtp.pass", passwordFile)
			if part[3] == "SMTPOPTIONS" {
				value = more[strings.TrimPrefix(part[2], "SMTP-plus-")]
			}
			services[part[2]] += " _" + part[3] + " " + value + "\n"
		default:
			t.Errorf("unknown: %q", part)
		}
	}
	for name, fields := range services {
		objects += "define service {\n use generic-service\n host_name mx1.example.org\n max_check_attempts 1\n service_description " + name + "\n" + fields + "}\n"
	}
	n.start(t, where.Replace(objects), "")
	for name, r := range n.results(t, len(everyJob)+1) {
		if r["current_state"] != "0" || !strings.HasPrefix(r["plugin_output"], "SMTP OK - ") {
			t.Errorf("%s: state %s, %q", name, r["current_state"], r["plugin_output"])
		}
	}
	gotPassword(t, login, "from the file")
}

// TestPrintedCheckmk runs the printed script, all of it, and the lines for MRPE as
// the agent does.
func TestPrintedCheckmk(t *testing.T) {
	passwordFile, _ := startMX1(t)
	where := startServers(t)
	dir := tempDir(t)
	copyProgram(t, filepath.Join(dir, "check_smtp"))
	text := strings.NewReplacer("mx1.example.org", mx1, "/etc/check_smtp/smtp.pass", passwordFile).Replace(printedBy(t, filepath.Join(dir, "check_smtp"), "checkmk"))
	local, mrpe, _ := strings.Cut(text, "\n# As MRPE")
	script := filepath.Join(dir, "local")
	writeFile(t, script, strings.ReplaceAll(local, "\n# "+dir, "\n"+dir), 0o755)
	out, err := exec.Command(script).CombinedOutput()
	want := regexp.MustCompile(`^0 "SMTP 127\.0\.77\.30" time=\S+ OK - .*
0 "SMTP 127\.0\.77\.30:465" time=\S+ OK - .*
0 "SMTP 127\.0\.77\.30:587" time=\S+ OK - .*
$`)
	if err != nil || !want.Match(out) {
		t.Errorf("the script: %v\n%s", err, out)
	}
	var jobs []string
	for line := range strings.Lines(mrpe) {
		name, command, isCheck := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#   ")), " "+dir)
		if name = strings.TrimPrefix(name, "# smtp_"); !isCheck {
			continue
		}
		jobs = append(jobs, name)
		command = dir + command + where.Replace(map[string]string{"relay": " -p {relay}", "domain": " --resolver {resolver}", "policies": " --resolver {resolver}"}[name])
		cmd := exec.Command("sh", "-c", command)
		cmd.Env = os.Environ()
		if out, err := cmd.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), "SMTP OK - ") {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
	}
	if !slices.Equal(jobs, everyJob) {
		t.Errorf("MRPE has %q", jobs)
	}
}
