package print

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// What the template is called, and the key of the item that all others depend on.
const (
	zabbixName   = "SMTP by check_smtp"
	zabbixMaster = "check_smtp[{$SMTP.SECTION}]"
)

// zabbixAgent is what the agent runs. A section of the ini file says whom to check, so
// that no option, and no password, goes through Zabbix, and a key needs no character
// that agents refuse.
func zabbixAgent(in Input) string {
	return `# check_smtp for the Zabbix agent: /etc/zabbix/zabbix_agentd.d/check_smtp.conf, or
# zabbix_agent2.d. One section of ` + sections + ` a server, whose name
# the macro {$SMTP.SECTION} of the host has. The agent gives up after 3 seconds unless
# its own configuration says more: Timeout=15
UserParameter=check_smtp[*],` + noMacros(shellWord(inOneLine(in.Program))) + ` --extra-opts="$1@` + sections + `" --output-format=json
`
}

// zabbix is a template in YAML: Zabbix 6.0's, which later ones import, too. Each
// number of the JSON is an item that depends on the one that the agent is asked for.
func zabbix(in Input) string {
	var b strings.Builder
	b.WriteString(`zabbix_export:
  version: '6.0'
  groups:
    - uuid: a571c0d144b14fd4a87a9d9b2aa9fcd6
      name: Templates/Applications
  templates:
    - uuid: ` + zabbixUUID("template") + `
      template: ` + single(zabbixName) + `
      name: ` + single(zabbixName) + `
      description: 'A mail server, phase by phase. --print zabbix-agent has the line for the agent.'
      groups:
        - name: Templates/Applications
      items:
`)
	for _, i := range in.items() {
		b.WriteString(indented(i.yaml(), "        "))
	}
	b.WriteString(`      macros:
        - macro: '{$SMTP.SECTION}'
          value: check_smtp
          description: 'Section of ` + sections + ` on the agent'
        - macro: '{$SMTP.TIME.MAX}'
          value: '5'
          description: 'Seconds; with a context for one number: {$SMTP.TIME.MAX:"banner_time"}'
        - macro: '{$SMTP.DAYS.MIN}'
          value: '14'
          description: 'Days that a certificate must have left'
`)
	for _, m := range in.metrics() {
		if inDays(m.Label) && !renewedEarly(string(m.Label)) {
			b.WriteString("        - macro: " + single(`{$SMTP.DAYS.MIN:"`+string(m.Label)+`"}`) + "\n          value: '1'\n")
		}
	}
	b.WriteString(`      valuemaps:
        - uuid: ` + zabbixUUID("valuemap") + `
          name: 'SMTP state'
          mappings:
`)
	for _, s := range plan.States {
		b.WriteString("            - value: '" + strconv.Itoa(int(s)) + "'\n              newvalue: " + s.String() + "\n")
	}
	b.WriteString(zabbixTriggers() + in.zabbixGraph())
	return b.String()
}

// item is one of Zabbix.
type item struct {
	name, key, about string
	path             string // where in the JSON it is; "": it is the JSON
	kind, unit       string // FLOAT, TEXT...
	valuemap         bool
	triggers         []trigger
}

// trigger is an alert. Its expression has the item at a #.
type trigger struct{ expr, name, priority string }

func (in Input) items() []item {
	list := []item{
		{name: "SMTP: all", key: zabbixMaster, about: "What check_smtp says, as JSON", kind: "TEXT", triggers: []trigger{
			{"nodata(#,10m)=1", "SMTP: no data for 10 minutes", "WARNING"}}},
		{name: "SMTP: state", key: "check_smtp.state", about: states(), path: "$.exit_code", kind: "UNSIGNED", valuemap: true, triggers: []trigger{
			{"last(#)=2", "SMTP is CRITICAL", "HIGH"}, {"last(#)=1", "SMTP is WARNING", "WARNING"}, {"min(#,10m)=3", "SMTP is UNKNOWN", "WARNING"}}},
		{name: "SMTP: summary", key: "check_smtp.summary", about: "The line for people", path: "$.summary", kind: "TEXT"},
	}
	rows := in.metrics()
	for i := range rows {
		list = append(list, itemOf(&rows[i]))
	}
	return list
}

// inDays says whether a metric is how many days something has left.
func inDays(l plan.Label) bool { return strings.HasSuffix(string(l), "_days") }

// numberKey is the key of a metric's item.
func numberKey(l plan.Label) string { return "check_smtp.number[" + string(l) + "]" }

func itemOf(m *facts.MetricRow) item {
	i := item{
		name: "SMTP: " + string(m.Label), key: numberKey(m.Label), about: m.Text, kind: "FLOAT", unit: m.Unit,
		path: `$.metrics[?(@.label=="` + string(m.Label) + `")].value.first()`,
	}
	label := string(m.Label)
	switch {
	case timed(m):
		i.triggers = []trigger{{`min(#,10m)>{$SMTP.TIME.MAX:"` + label + `"}`, "SMTP: " + label + " is long", "WARNING"}}
	case inDays(m.Label):
		i.unit = "!d"
		i.triggers = []trigger{{`last(#)<{$SMTP.DAYS.MIN:"` + label + `"}`, "SMTP: " + label + " is low", "WARNING"}}
	}
	return i
}

// yaml is the item as an element of a list. What a run does not have, as the number of
// a phase that it does not come to, is no value and no fault.
func (i item) yaml() string {
	text := "- uuid: " + zabbixUUID(i.key) + "\n  name: " + single(i.name) + "\n"
	if i.path == "" {
		text += "  key: " + single(i.key) + "\n  delay: 1m\n  history: 1d\n"
	} else {
		text += "  type: DEPENDENT\n  key: " + single(i.key) + "\n  delay: '0'\n"
	}
	if i.kind == "TEXT" {
		text += "  trends: '0'\n"
	}
	text += "  value_type: " + i.kind + "\n"
	if i.unit != "" {
		text += "  units: " + single(i.unit) + "\n"
	}
	text += "  description: " + single(i.about) + "\n"
	if i.valuemap {
		text += "  valuemap:\n    name: 'SMTP state'\n"
	}
	if i.path != "" {
		text += "  preprocessing:\n    - type: JSONPATH\n      parameters:\n        - " + single(i.path) + "\n      error_handler: DISCARD_VALUE\n" +
			"  master_item:\n    key: " + single(zabbixMaster) + "\n"
	}
	text += "  tags:\n    - tag: component\n      value: smtp\n"
	if i.triggers != nil {
		text += "  triggers:\n"
	}
	for _, t := range i.triggers {
		text += indented(t.yaml(strings.ReplaceAll(t.expr, "#", at(i.key))), "    ")
	}
	return text
}

// at is an item in an expression.
func at(key string) string { return "/" + zabbixName + "/" + key }

func (t trigger) yaml(expr string) string {
	return "- uuid: " + zabbixUUID("trigger "+t.name) + "\n  expression: " + single(expr) + "\n  name: " + single(t.name) + "\n  priority: " + t.priority + "\n"
}

// zabbixTriggers are those on more than one item.
func zabbixTriggers() string {
	t := trigger{"", "SMTP: not all targets are OK", "WARNING"}
	return "  triggers:\n" + indented(t.yaml("last("+at(numberKey(plan.TargetsOK))+")<last("+at(numberKey("targets"))+")"), "    ")
}

// zabbixGraph stacks the phases.
func (in Input) zabbixGraph() string {
	text := "  graphs:\n    - uuid: " + zabbixUUID("graph phases") + "\n      name: 'SMTP: phases'\n      type: STACKED\n      graph_items:\n"
	for i, phase := range in.phases() {
		text += "        - sortorder: '" + strconv.Itoa(i) + "'\n          color: " + colour(i) + "\n          item:\n            host: " + single(zabbixName) + "\n            key: " + single(numberKey(phase.TimeOf())) + "\n"
	}
	return text
}

// colour is one of many that can be told apart.
func colour(i int) string {
	all := strings.Fields("1F77B4 FF7F0E 2CA02C D62728 9467BD 8C564B E377C2 7F7F7F BCBD22 17BECF AEC7E8 FFBB78 98DF8A FF9896 C5B0D5 C49C94 F7B6D2")
	return all[i%len(all)]
}

// zabbixUUID is the same for the same thing for ever, so that an import of a later template
// finds what it has to change. Zabbix wants version 4 (RFC 9562 section 5.4).
func zabbixUUID(of string) string {
	sum := sha256.Sum256([]byte("check_smtp zabbix " + of))
	sum[6] = sum[6]&0x0f | 0x40
	sum[8] = sum[8]&0x3f | 0x80
	return hex.EncodeToString(sum[:16])
}
