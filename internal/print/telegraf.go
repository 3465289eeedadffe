package print

import (
	"strings"

	"check_smtp/internal/plan"
)

// telegraf is an input, the output that alerts, and what there is to alert on. The
// names are those of render's format influx, where time is called total_time.
func telegraf(in Input) string {
	text := `# check_smtp for Telegraf: /etc/telegraf/telegraf.d/check_smtp.conf
#
# One section of ` + sections + ` a server; its options are those of the
# command line without dashes. A command a server:
[[inputs.exec]]
  commands = [` + doubleQuoted(shellWord(inOneLine(in.Program))+" --extra-opts=mx1@"+sections+" --output-format=influx") + `]
  interval = "60s"
  timeout = "15s"
  data_format = "influx"
  ignore_error = true # an exit code that is not 0 is a state

# An alert without a database: each point that is CRITICAL goes to a command, which
# reads it on standard input.
[[outputs.exec]]
  command = ["/usr/bin/logger", "--tag", "check_smtp"]
  data_format = "influx"
  namepass = ["check_smtp"]
  [outputs.exec.tagpass]
    state = ["CRITICAL"]

# An alert of InfluxDB 2: a task in Flux.
#
#   option task = {name: "check_smtp", every: 1m}
#   from(bucket: "mail")
#     |> range(start: -5m)
#     |> filter(fn: (r) => r._measurement == "check_smtp" and r._field == "exit_code")
#     |> group(columns: ["host", "port"])
#     |> last()
#     |> filter(fn: (r) => r._value == 2)
#
# Tags: host, port, state; of several targets also target and address. Fields:
#
#   exit_code         ` + states() + `
#   finding           the gravest finding, if there is one
`
	for _, m := range in.metrics() {
		name := string(m.Label)
		if m.Label == plan.Time {
			name = "total_time"
		}
		text += "#   " + name + strings.Repeat(" ", max(1, 18-len(name))) + m.Text + "\n"
	}
	return text
}

// states are the words of the numbers.
func states() string {
	var words []string
	for _, s := range plan.States {
		words = append(words, string(rune('0'+int(s)))+" "+s.String())
	}
	return strings.Join(words, ", ")
}
