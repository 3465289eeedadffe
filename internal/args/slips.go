package args

import (
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// otherQuotes are quotation marks to people, and letters to a shell.
const otherQuotes = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb"

// around says what was typed around a text that is to be one name or one address,
// or that it is several; "": it is one. An address may hold what this looks for in
// quotation marks of its own: "a,b"@x (RFC 5321 section 4.1.2).
func around(text string) string {
	switch what := marked(text); {
	case what != "" || strings.HasPrefix(text, `"`):
		return what
	case strings.Contains(text, ","):
		return " contains a comma"
	case strings.Contains(text, ";"):
		return " contains a semicolon"
	}
	return ""
}

// marked says which quotation marks a text has that are not meant for us; "":
// none. An apostrophe alone is a letter: o'brien@x.
func marked(text string) string {
	if len(text) < 2 {
		return ""
	}
	first, last, inner := text[0], text[len(text)-1], text[1:len(text)-1]
	switch {
	case strings.ContainsAny(text, otherQuotes):
		return " contains a typographic quotation mark"
	case first == last && (first == '\'' || first == '"' && !strings.Contains(inner, `"`)):
		return " is in quotation marks"
	}
	return ""
}

// What people type in place of a format, and of a mode of TLS.
const (
	formatSlips = `
openmetrics: prometheus prom openmetric textfile
influx: influxdb telegraf line-protocol
checkmk: check_mk check-mk cmk
nagios: icinga icinga2 naemon multi-line
json: jsn jsonl mp-test-json
`
	modeSlips = `
implicit: ssl smtps wrapper
none: off no plain
starttls-if-available: opportunistic optional auto may
`
)

// metricMeant is a metric that a word may mean; a word that means none is returned
// as it is.
func metricMeant(word string) string {
	word = strings.ToLower(word)
	base, ofPhase := strings.CutSuffix(word, "_time")
	for _, row := range facts.Metrics {
		if slices.Contains(strings.Fields(row.Also), base) {
			return string(row.Label)
		}
	}
	if phases := phasesMeant(base); len(phases) == 1 && (ofPhase || !slices.Contains(facts.Labels(), plan.Label(word))) {
		return string(plan.Phase(phases[0]).TimeOf())
	}
	return word
}
