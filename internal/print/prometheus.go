package print

import (
	"strings"

	"check_smtp/internal/facts"
)

// prometheus is all that it takes from a server to an alert: each file under its
// path, and what to type.
func prometheus(in Input) string {
	const steps = `# check_smtp for Prometheus, by way of node_exporter's textfile collector.
#
# 1. One section per server, as in this ` + sections + `:
#
#        [mx1]
#        hostname = mx1.example.org
#        starttls =
#        verify =
#
#    A login: user and authpass-credential = smtp, and the password in
#    /etc/credstore/check_smtp.mx1, which only root may read (systemd 252 or later).
# 2. The files below, each alone with --print prometheus-user, -directory, -service,
#    -timer and -rules.
# 3. systemd-sysusers; systemd-tmpfiles --create; systemctl daemon-reload
#    systemctl enable --now check_smtp@mx1.timer
# 4. The rules in rule_files of prometheus.yml; promtool check rules FILE; reload it.
`
	text := steps
	for _, f := range []struct {
		path string
		text func(Input) string
	}{
		{"/etc/sysusers.d/check_smtp.conf", prometheusUser},
		{"/etc/tmpfiles.d/check_smtp.conf", prometheusDirectory},
		{"/etc/systemd/system/check_smtp@.service", prometheusService},
		{"/etc/systemd/system/check_smtp@.timer", prometheusTimer},
		{"/etc/prometheus/check_smtp.rules.yml", prometheusRules},
	} {
		text += "\n# ==> " + f.path + " <==\n" + f.text(in)
	}
	return text
}

func prometheusUser(Input) string {
	return "u check_smtp - \"Checks of mail servers\" -\n"
}

// prometheusDirectory lets the user make files there and replace its own, and no
// others: those of other collectors are safe from it.
func prometheusDirectory(Input) string {
	return "d " + textfiles + " 1775 root check_smtp -\n"
}

// prometheusService checks one server. Exit codes 1 to 3 are states, and no failure
// of the service. A credential that is not there is none (systemd.exec(5)).
func prometheusService(in Input) string {
	return `[Unit]
Description=Check of the mail server in section %i of ` + sections + `
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=check_smtp
LoadCredential=smtp:check_smtp.%i
ExecStart=` + systemdWord(in.Program) + ` --extra-opts=%i@` + sections + ` --output-format=openmetrics --output-file=` + textfiles + `/check_smtp_%i.prom
SuccessExitStatus=1 2 3
TimeoutStartSec=2min
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectSystem=strict
ReadWritePaths=` + textfiles + `
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
`
}

// systemdWord is a path as the first word of a command (systemd.service(5), "Command
// lines").
func systemdWord(path string) string {
	path = strings.ReplaceAll(inOneLine(path), "%", "%%")
	if !strings.ContainsAny(path, " \\\"'") {
		return path
	}
	return doubleQuoted(path)
}

func prometheusTimer(Input) string {
	return `[Unit]
Description=Check of the mail server in section %i of ` + sections + `, once a minute

[Timer]
OnCalendar=minutely
RandomizedDelaySec=20
AccuracySec=1

[Install]
WantedBy=timers.target
`
}

// prometheusRules are alerts in words of Prometheus. Those on times and on what ends
// come of the table of metrics.
func prometheusRules(in Input) string {
	const server = "{{ $labels.host }}"
	const why = "This says why: check_smtp --extra-opts=SECTION@" + sections + " -v"
	r := &rules{}
	r.b.WriteString("groups:\n- name: check_smtp\n  rules:\n")
	r.add("SMTPCritical", "check_smtp_state == 2", "2m", "critical", "SMTP of "+server+" is CRITICAL", why)
	r.add("SMTPWarning", "check_smtp_state == 1", "10m", "warning", "SMTP of "+server+" is WARNING", why)
	r.add("SMTPUnknown", "check_smtp_state == 3", "10m", "warning", "SMTP of "+server+" is UNKNOWN",
		"The check could not run; its output says why: journalctl -u 'check_smtp@*', or the mail of cron")
	r.add("SMTPTargetsDown", "check_smtp_targets - check_smtp_targets_ok > 0", "10m", "warning", "{{ $value }} targets of "+server+" are not OK",
		"Of several mail exchangers or addresses some do not work")
	r.add("SMTPStale", `time() - node_textfile_mtime_seconds{file=~".*/check_smtp[^/]*[.]prom"} > 300`, "5m", "warning", "{{ $labels.file }} is old",
		"The timer or cron job on {{ $labels.instance }} has stopped; all numbers in this file are old")
	r.add("SMTPAbsent", "absent(check_smtp_state)", "10m", "warning", "no mail server is checked",
		"There is no file of check_smtp that node_exporter reads")
	for _, g := range in.expiries() {
		r.ending(g, server)
	}
	for _, g := range in.times() {
		r.slow(g, server)
	}
	return r.b.String()
}

// rules are those of a group.
type rules struct{ b strings.Builder }

func (r *rules) add(name, expr, wait, severity, summary, description string) {
	r.b.WriteString("  - alert: " + name + "\n    expr: " + expr + "\n    for: " + wait + "\n    labels:\n      severity: " + severity + "\n" +
		"    annotations:\n      summary: " + single(summary) + "\n      description: " + single(description) + "\n")
}

// ending adds alerts on something that ends, in days.
func (r *rules) ending(g facts.Gauge, server string) {
	days := "(" + family(g) + " - time()) / 86400"
	summary := "{{ $value | printf \"%.1f\" }} days left at " + server
	if !renewedEarly(g.Name) {
		r.add(alert(g)+"EndsNow", days+" < 1", "5m", "critical", summary, g.Help)
		return
	}
	r.add(alert(g)+"EndsSoon", days+" < 14 > 3", "1h", "warning", summary, g.Help)
	r.add(alert(g)+"EndsNow", days+" <= 3", "5m", "critical", summary, g.Help)
}

// slow adds an alert on a time that stays long.
func (r *rules) slow(g facts.Gauge, server string) {
	summary := server + " is slow"
	if g.Phased {
		summary += " in phase {{ $labels.phase }}"
	}
	r.add(alert(g)+"Slow", "min_over_time("+family(g)+"[10m]) > 5", "1m", "warning", summary+": {{ $value | humanizeDuration }}", g.Help)
}

// alert is how the names of alerts on a family begin. No two rules may have one name.
func alert(g facts.Gauge) string {
	name := "SMTP"
	for word := range strings.FieldsSeq(called(g)) {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// renewedEarly says whether what ends is renewed weeks before, as certificates are.
// Signatures of the DNS last for days.
func renewedEarly(name string) bool { return strings.Contains(name, "cert") }

// doubleQuoted is a line in double quotes, as TOML and systemd have it.
func doubleQuoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// single is a text of YAML in single quotes.
func single(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
