//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What --print says is at these places is elsewhere in the tests.
const (
	installedINI   = "/etc/check_smtp/check_smtp.ini"
	installedFiles = "/var/lib/prometheus/node-exporter"
)

// generated is what our program prints of a kind.
func generated(t *testing.T, kind string) string {
	t.Helper()
	o := runPlugin(ours, nil, "--print", kind)
	if o.exit != 0 || o.stderr != "" {
		t.Fatalf("--print %s: %v", kind, o)
	}
	return o.stdout
}

// unit is the generated service, whose command is run as systemd would run it.
type unit struct {
	dir   string
	moved *strings.Replacer // where things are in this test
	text  string
}

// nobody runs the unit's command: it is not to need more.
const nobody = 65534

// prepareUnit makes what the generated files and the administrator would.
func prepareUnit(t *testing.T, ini string) *unit {
	t.Helper()
	u := &unit{dir: tempDir(t), text: generated(t, "prometheus-service")}
	u.moved = strings.NewReplacer(ours, u.dir+"/check_smtp", installedINI, u.dir+"/check_smtp.ini", installedFiles, u.dir+"/textfiles")
	copyProgram(t, filepath.Join(u.dir, "check_smtp"))
	writeFile(t, filepath.Join(u.dir, "check_smtp.ini"), ini, 0o644)
	line := strings.Fields(u.moved.Replace(generated(t, "prometheus-directory")))
	mode, err := strconv.ParseUint(line[2], 8, 32)
	if err != nil || line[0] != "d" {
		t.Fatalf("the line of tmpfiles.d is %q", line)
	}
	for path, mode := range map[string]uint32{line[1]: uint32(mode), u.dir + "/credentials": 0o700} {
		if err := os.Mkdir(path, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path, map[bool]int{true: 0, false: nobody}[path == line[1]], nobody); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// credential is what systemd makes of LoadCredential=.
func (u *unit) credential(t *testing.T, name, text string) {
	t.Helper()
	if !strings.Contains(u.text, "\nLoadCredential="+name+":") {
		t.Fatalf("the unit loads no credential %s", name)
	}
	path := filepath.Join(u.dir, "credentials", name)
	writeFile(t, path, text, 0o400)
	chown(t, strconv.Itoa(nobody), path)
}

// run runs the ExecStart of one instance.
func (u *unit) run(t *testing.T, instance string) outcome {
	t.Helper()
	m := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(u.text)
	if m == nil {
		t.Fatalf("no ExecStart in\n%s", u.text)
	}
	words := strings.Fields(u.moved.Replace(strings.ReplaceAll(m[1], "%i", instance)))
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = []string{"CREDENTIALS_DIRECTORY=" + u.dir + "/credentials", "SSL_CERT_FILE=" + os.Getenv("SSL_CERT_FILE")}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	var out, problems strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{exit: cmd.ProcessState.ExitCode(), stdout: out.String(), stderr: problems.String()}
}

// textfile is what the run of an instance has written.
func (u *unit) textfile(t *testing.T, instance string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(u.dir, "textfiles", "check_smtp_"+instance+".prom"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// startNodeExporter serves the textfiles of a directory, and returns where.
func startNodeExporter(t *testing.T, textfiles string) string {
	t.Helper()
	port := freePorts(t, 1)[0]
	address := "127.0.0.1:" + strconv.Itoa(port)
	startPoller(t, tempDir(t), filepath.Join(unpacked(t, "prometheus-node-exporter"), "usr/bin/prometheus-node-exporter"),
		"--collector.disable-defaults", "--collector.textfile", "--collector.textfile.directory="+textfiles, "--web.listen-address="+address)
	if !within(time.Minute, func() bool { return answers(port) }) {
		t.Fatal("the node exporter does not listen")
	}
	return address
}

// sample is a series that Prometheus answers with.
type sample struct {
	Metric map[string]string
	Value  [2]any
	Values [][2]any
}

// promAnswers is what Prometheus answers to a query, at once or over a range.
func promAnswers(t *testing.T, api, path string, with url.Values) []sample {
	t.Helper()
	var answer struct {
		Data struct{ Result []sample }
	}
	text := fetch(api+"/api/v1/"+path+"?"+with.Encode(), nil)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		t.Errorf("Prometheus answers %q to %v", text, with)
	}
	return answer.Data.Result
}

// board is the part of the generated dashboard that the tests read.
type board struct {
	Title  string
	Panels []boardPanel
}

type boardPanel struct {
	Type, Title, Repeat string
	GridPos             struct{ H, W, X, Y int }
	Targets             []struct{ Expr, LegendFormat string }
	FieldConfig         struct {
		Defaults struct {
			Unit     string
			Mappings []struct {
				Options map[string]struct{ Text, Color string }
			}
			Thresholds struct {
				Steps []struct {
					Value *float64
					Color string
				}
			}
			Custom struct{ Stacking struct{ Mode string } }
		}
	}
}

func readBoard(t *testing.T) board {
	t.Helper()
	var b board
	if err := json.Unmarshal([]byte(generated(t, "grafana")), &b); err != nil {
		t.Fatal(err)
	}
	return b
}

// history is the expositions of many runs as one with times, which promtool makes
// blocks of.
type history struct {
	families []string // in the order in which they came
	heads    map[string]string
	samples  map[string]string
}

// add adds the exposition of a run at a time.
func (h *history) add(exposition string, at time.Time) {
	if h.heads == nil {
		h.heads, h.samples = map[string]string{}, map[string]string{}
	}
	name, known := "", false
	for line := range strings.Lines(exposition) {
		switch {
		case strings.HasPrefix(line, "# TYPE "):
			name = strings.Fields(line)[2]
			if _, known = h.heads[name]; !known {
				h.families = append(h.families, name)
			}
			fallthrough
		case strings.HasPrefix(line, "# ") && line != "# EOF\n":
			if !known {
				h.heads[name] += line
			}
		case !strings.HasPrefix(line, "#"):
			h.samples[name] += strings.TrimSuffix(line, "\n") + fmt.Sprintf(" %d\n", at.Unix())
		}
	}
}

// write puts it into a data directory of Prometheus.
func (h *history) write(t *testing.T, data string) {
	t.Helper()
	text := ""
	for _, name := range h.families {
		text += h.heads[name] + h.samples[name]
	}
	file := filepath.Join(tempDir(t), "history")
	writeFile(t, file, text+"# EOF\n", 0o644)
	promtool := filepath.Join(unpacked(t, "prometheus"), "usr/bin/promtool")
	if out, err := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", file, data).CombinedOutput(); err != nil {
		t.Fatalf("promtool: %v %s", err, out)
	}
}
