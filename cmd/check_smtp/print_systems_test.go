package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"check_smtp/internal/print"
)

// TestPrintedNames minds that what is printed for other systems calls things as the
// formats do that they read: room print does not know those.
func TestPrintedNames(t *testing.T) {
	texts := map[string]string{}
	for _, kind := range []string{"grafana", "telegraf", "zabbix"} {
		text, err := print.Text(kind, print.Input{})
		if err != nil {
			t.Fatal(err)
		}
		texts[kind] = text
	}
	field := regexp.MustCompile(`[ ,]([a-z_]+)=`)
	made := regexp.MustCompile(`^check_smtp_(up|target_up|metric|cert_expiry_timestamp_seconds)$`) // shown otherwise, or by nobody
	seen := 0
	for _, story := range stories(t) {
		line := strings.Join(story.Args, " ")
		switch {
		case strings.Contains(line, "centreon"), strings.Contains(line, "perfdata"), strings.Contains(line, "--transform"), strings.Contains(line, "--mode"):
		case strings.Contains(line, "influx") && strings.HasPrefix(story.Stdout, "check_smtp,"):
			numbers, _, _ := strings.Cut(story.Stdout, `,finding="`)
			for _, m := range field.FindAllStringSubmatch(numbers, -1) {
				if seen++; !regexp.MustCompile(`\b` + m[1] + `\b`).MatchString(texts["telegraf"]) {
					t.Errorf("telegraf does not tell of %s, which %s prints", m[1], title(story))
				}
			}
		case strings.Contains(line, "openmetrics"):
			for _, m := range regexp.MustCompile(`(?m)^# TYPE (\w+)`).FindAllStringSubmatch(story.Stdout, -1) {
				if seen++; !made.MatchString(m[1]) && !strings.Contains(texts["grafana"], m[1]+"{") {
					t.Errorf("grafana does not ask for %s, which %s prints", m[1], title(story))
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d names were seen", seen)
	}
}

// TestZabbixPaths: each path of the template leads to a member that the schema of the
// JSON has.
func TestZabbixPaths(t *testing.T) {
	template, err := print.Text("zabbix", print.Input{})
	if err != nil {
		t.Fatal(err)
	}
	type member struct {
		Properties map[string]member
		Items      *member
	}
	var schema member
	text, err := os.ReadFile(root + "testdata/output.schema.json")
	if err != nil || json.Unmarshal(text, &schema) != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`^\$\.metrics\[\?\(@\.(label)=="[a-z_]+"\)\]\.(value)\.first\(\)$`)
	for _, m := range regexp.MustCompile(`- '(\$.*)'`).FindAllStringSubmatch(template, -1) {
		if parts := number.FindStringSubmatch(m[1]); parts != nil {
			items := schema.Properties["metrics"].Items
			if items == nil {
				t.Fatal("the schema has no metrics")
			}
			for _, name := range parts[1:] {
				if _, known := items.Properties[name]; !known {
					t.Errorf("a metric has no %s", name)
				}
			}
		} else if _, known := schema.Properties[strings.TrimPrefix(m[1], "$.")]; !known {
			t.Errorf("%s leads nowhere", m[1])
		}
	}
}
