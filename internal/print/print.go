// Package print writes what an administrator installs and configures: commands and
// services of pollers, completions, a man page. All of it is made from the tables
// of options, metrics and conditions, so that nothing is written twice. It reads no
// file, and is not touched by a check.
package print

import (
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/option"
)

// Input is what texts are made from.
type Input struct {
	Tables   option.Tables
	Version  string
	Released string            // the day of it: 2026-11-26
	Examples string            // command lines, one a line
	Program  string            // the path of this program, which configurations name
	Metrics  []facts.MetricRow // nil: those of package facts
}

// kind is one text that can be printed.
type kind struct {
	name  string
	about string // in one line
	text  func(Input) string
}

// kinds are all of them, in the order in which they are listed. A function and no
// variable: nobody pays for it at the start.
func kinds() []kind {
	return []kind{
		{"list", "what can be printed", list},
		{"icinga2", "Icinga 2: command with every option, templates, rules", icinga},
		{"director", "Icinga Director: a basket of command, fields, templates", director},
		{"nagios", "Nagios and Naemon: commands, templates of services", nagios},
		{"centreon", "Centreon: commands and templates for centreon -i", centreonJobs},
		{"checkmk", "Checkmk: a local check, lines for MRPE", checkmk},
		{"prometheus", "Prometheus: all of the following files, and what to type", prometheus},
		{"prometheus-user", "/etc/sysusers.d/check_smtp.conf", prometheusUser},
		{"prometheus-directory", "/etc/tmpfiles.d/check_smtp.conf", prometheusDirectory},
		{"prometheus-service", "/etc/systemd/system/check_smtp@.service", prometheusService},
		{"prometheus-timer", "/etc/systemd/system/check_smtp@.timer", prometheusTimer},
		{"prometheus-rules", "alerts for Prometheus", prometheusRules},
		{"grafana", "Grafana: a dashboard of what Prometheus has", grafana},
		{"telegraf", "Telegraf: input, and what to alert on", telegraf},
		{"zabbix", "Zabbix 6.0 and later: a template", zabbix},
		{"zabbix-agent", "Zabbix: the parameter for the agent's configuration", zabbixAgent},
		{"man", "the manual page", man},
		{"completion-bash", "completion of options and values in bash", bash},
		{"completion-zsh", "the same in zsh", zsh},
		{"completion-fish", "the same in fish", fish},
		{"licences", "licences of the software that is part of this program", licences},
	}
}

// Text is the text of a name. The error is an *option.Error.
func Text(name string, in Input) (string, error) {
	for _, k := range kinds() {
		if k.name == name {
			return k.text(in), nil
		}
	}
	return "", option.Bad("--print", option.Quote(name)+" cannot be printed", option.DidYouMean(name, names()))
}

// names are what can be printed.
func names() []string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.name)
	}
	return all
}

// list are the names with what they are for.
func list(Input) string {
	var b strings.Builder
	for _, k := range kinds() {
		b.WriteString(k.name + strings.Repeat(" ", max(1, 22-len(k.name))) + k.about + "\n")
	}
	return b.String()
}
