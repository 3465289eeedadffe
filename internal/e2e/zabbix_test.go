//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// zabbixReader has Zabbix's own front end read a template, as an import does before it
// writes anything: the format, each key, each expression and each path.
const zabbixReader = `<?php
[, $root, $file] = $argv;
chdir($root);
set_include_path($root);
require 'vendor/autoload.php';
require 'include/classes/core/CAutoloader.php';
$directories = [];
$all = new RecursiveDirectoryIterator("$root/include/classes", FilesystemIterator::SKIP_DOTS);
foreach (new RecursiveIteratorIterator($all, RecursiveIteratorIterator::SELF_FIRST) as $each) {
	if ($each->isDir()) $directories[] = $each->getPathname();
}
$loader = new CAutoloader;
$loader->addNamespace('', $directories);
$loader->register();
foreach (['gettextwrapper', 'defines', 'func', 'translateDefines', 'items', 'triggers'] as $name) {
	require_once "include/$name.inc.php";
}
$yaml = CImportReaderFactory::YAML;
$data = (new CYamlImportReader)->read(file_get_contents($file));
$data = (new CXmlValidator(new CImportValidatorFactory($yaml), $yaml))->setStrict(true)->validate($data, '');
$key = new CItemKey;
$expression = new CExpressionParser(['usermacros' => true]);
$items = 0;
$triggers = $data['zabbix_export']['triggers'];
foreach ($data['zabbix_export']['templates'][0]['items'] as $item) {
	$items++;
	if ($key->parse($item['key']) != CParser::PARSE_SUCCESS) echo 'key ', $item['key'], "\n";
	$triggers = array_merge($triggers, $item['triggers'] ?? []);
}
foreach ($triggers as $trigger) {
	if ($expression->parse($trigger['expression']) != CParser::PARSE_SUCCESS) echo 'expression ', $trigger['expression'], "\n";
}
echo "$items items, ", count($triggers), " triggers\n";
`

// TestZabbixTemplate: what Zabbix 6.0 reads before an import finds no fault in the
// template, and finds one where there is one.
func TestZabbixTemplate(t *testing.T) {
	if err := Install(os.Stderr, "php-cli", "php-mbstring", "php-xml"); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(unpacked(t, "zabbix-frontend-php"), "usr/share/zabbix")
	dir := tempDir(t)
	writeFile(t, filepath.Join(dir, "read.php"), zabbixReader, 0o644)
	text := generated(t, "zabbix")
	for name, c := range map[string]struct{ text, want string }{
		"as it is":         {text, `^\d\d items, \d\d triggers\n$`},
		"an unknown word":  {strings.Replace(text, "value_type: FLOAT", "value_type: FLOTA", 1), `value_type.*FLOTA|unexpected constant`},
		"a broken trigger": {strings.Replace(text, "expression: 'last(", "expression: 'last((", 1), `expression last\(\(`},
	} {
		file := filepath.Join(dir, "template.yaml")
		writeFile(t, file, c.text, 0o644)
		if out, _ := exec.Command("php", filepath.Join(dir, "read.php"), root, file).CombinedOutput(); !regexp.MustCompile(c.want).MatchString(strings.TrimLeft(string(out), "\n")) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// TestZabbixAgent: the agent has the item that all others of the template depend on,
// and each number of its answer is an item of the template.
func TestZabbixAgent(t *testing.T) {
	if err := Install(os.Stderr, "libmodbus5"); err != nil {
		t.Fatal(err)
	}
	dir := tempDir(t)
	ini := filepath.Join(dir, "check_smtp.ini")
	writeFile(t, ini, "[mx1]\nhostname = 127.0.0.1\nport = "+strconv.Itoa(playTCP(t, secure).port())+"\nstarttls =\n", 0o644)
	parameter := strings.NewReplacer(installedINI, ini).Replace(generated(t, "zabbix-agent"))
	writeFile(t, filepath.Join(dir, "parameter.conf"), parameter, 0o644)
	writeFile(t, filepath.Join(dir, "agent.conf"), fmt.Sprintf("Server=127.0.0.1\nTimeout=15\nPidFile=%s/pid\nLogFile=%s/log\nInclude=%s/parameter.conf\n", dir, dir, dir), 0o644)
	template := generated(t, "zabbix")
	key := regexp.MustCompile(`(?m)^ +key: '(check_smtp\[.*\])'\n +delay: 1m$`).FindStringSubmatch(template)
	if key == nil {
		t.Fatal("the template has no item for the agent")
	}
	agent := filepath.Join(unpacked(t, "zabbix-agent"), "usr/sbin/zabbix_agentd")
	out, err := exec.Command(agent, "-c", filepath.Join(dir, "agent.conf"), "-t", strings.ReplaceAll(key[1], "{$SMTP.SECTION}", "mx1")).CombinedOutput()
	_, value, found := strings.Cut(strings.TrimSpace(string(out)), "[t|")
	if err != nil || !found {
		t.Fatalf("the agent: %v %s", err, out)
	}
	var answer struct {
		Exit    *int    `json:"exit_code"`
		Summary *string `json:"summary"`
		Metrics []struct{ Label string }
	}
	if err := json.Unmarshal([]byte(strings.TrimSuffix(value, "]")), &answer); err != nil || answer.Exit == nil || *answer.Exit != 0 || answer.Summary == nil || len(answer.Metrics) < 9 {
		t.Fatalf("the item is %s (%v)", value, err)
	}
	for _, path := range []string{"'$.exit_code'", "'$.summary'"} {
		if !strings.Contains(template, path) {
			t.Errorf("no item takes %s", path)
		}
	}
	for _, m := range answer.Metrics {
		if !strings.Contains(template, `'$.metrics[?(@.label=="`+m.Label+`")].value.first()'`) {
			t.Errorf("no item takes %s", m.Label)
		}
	}
}
