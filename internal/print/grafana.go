package print

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// raw is a value of JSON as it is written.
type raw = json.RawMessage

// dashboard is a dashboard of Grafana, as its JSON model has it: schema version 39,
// which Grafana 10.4 and later read as it is.
type dashboard struct {
	UID           string   `json:"uid"`
	Title         string   `json:"title"`
	Description   string   `json:"description"`
	Tags          []string `json:"tags"`
	SchemaVersion int      `json:"schemaVersion"`
	Editable      bool     `json:"editable"`
	Refresh       string   `json:"refresh"`
	Time          raw      `json:"time"`
	Annotations   raw      `json:"annotations"`
	Templating    raw      `json:"templating"`
	Panels        []panel  `json:"panels"`
}

type panel struct {
	ID          int      `json:"id"`
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	GridPos     place    `json:"gridPos"`
	Repeat      string   `json:"repeat,omitempty"` // the variable for each of whose values there is a panel
	MaxPerRow   int      `json:"maxPerRow,omitempty"`
	Datasource  raw      `json:"datasource"`
	Interval    string   `json:"interval"`
	Targets     []target `json:"targets"`
	FieldConfig raw      `json:"fieldConfig"`
	Options     raw      `json:"options,omitempty"`
}

// place is where a panel stands, in units of which a row has 24.
type place struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// target is one query.
type target struct {
	RefID      string `json:"refId"`
	Datasource raw    `json:"datasource"`
	Expr       string `json:"expr"`
	Legend     string `json:"legendFormat"`
	Instant    bool   `json:"instant,omitempty"`
}

// chosen are the servers that the reader has chosen.
const chosen = `{host=~"$host"}`

// whose is what a series is called by: a target has a name of its own where a run
// has several.
const whose = "{{host}} {{target}} {{address}}"

// grafana is the dashboard. What it shows of each family of numbers follows from the
// table of metrics.
func grafana(in Input) string {
	d := dashboard{
		UID: "check-smtp", Title: "Mail servers (check_smtp)", Tags: []string{"smtp", "check_smtp"}, SchemaVersion: 39, Editable: true,
		Description: "What check_smtp measures at mail servers, read by Prometheus", Refresh: "1m",
		Time: raw(`{"from": "now-6h", "to": "now"}`), Annotations: raw(`{"list": []}`), Templating: raw(variables),
	}
	d.Panels = laid(slices.Concat(statePanels(in), []panel{phasePanel(in)}, numberPanels(in)))
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err.Error() + "\n" // cannot be: it holds words and numbers only
	}
	return string(text) + "\n"
}

const source = `{"type": "prometheus", "uid": "${datasource}"}`

// variables are what the reader chooses at the top.
const variables = `{"list": [
	{"label": "Prometheus", "name": "datasource", "query": "prometheus", "type": "datasource"},
	{"current": {"text": ["All"], "value": ["$__all"]}, "datasource": ` + source + `, "definition": "` + hosts + `", "includeAll": true,
		"label": "Server", "multi": true, "name": "host", "query": "` + hosts + `", "refresh": 2, "sort": 1, "type": "query"}
]}`

// hosts asks for the servers.
const hosts = "label_values(check_smtp_state, host)"

// laid gives panels their numbers and places, one beside the other and row by row.
func laid(panels []panel) []panel {
	x, y, high := 0, 0, 0
	for i := range panels {
		p := &panels[i]
		if x+p.GridPos.W > 24 {
			x, y, high = 0, y+high, 0
		}
		p.GridPos.X, p.GridPos.Y = x, y
		x, high = x+p.GridPos.W, max(high, p.GridPos.H)
		p.ID, p.Datasource, p.Interval = i+1, raw(source), "1m"
		for j := range p.Targets {
			p.Targets[j].RefID, p.Targets[j].Datasource = refID(j), raw(source)
		}
	}
	return panels
}

// refID is the letter of a query, and two behind Z.
func refID(n int) string {
	if n < 26 {
		return string(rune('A' + n))
	}
	return refID(n/26-1) + refID(n%26)
}

// statePanels are what is looked at first: states, what ends when, and how many
// targets work.
func statePanels(in Input) []panel {
	coloured := `"color": {"mode": "thresholds"}, `
	states := raw(`{"defaults": {` + coloured + mappings() + steps("green", "1", "orange", "2", "red", "3", "purple") + `}}`)
	days := raw(`{"defaults": {` + coloured + `"decimals": 0, ` + steps("red", "3", "orange", "14", "green") + `, "unit": "d"}}`)
	reduced := raw(`{"colorMode": "background", "graphMode": "none", "justifyMode": "auto", "orientation": "auto", "percentChangeColorMode": "standard",
		"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": false}, "showPercentChange": false, "textMode": "value_and_name", "wideLayout": true}`)
	timeline := raw(`{` + legend + `, "mergeValues": true, "rowHeight": 0.9, "showValue": "never", ` + tooltip + `}`)
	return []panel{
		{Type: "stat", Title: "State", GridPos: place{H: 5, W: 8}, FieldConfig: states, Options: reduced,
			Targets: []target{{Expr: "check_smtp_state" + chosen, Legend: "{{host}}", Instant: true}}},
		{Type: "stat", Title: "Days left", Description: "Of certificates and signatures, the first of each chain", GridPos: place{H: 5, W: 8}, FieldConfig: days, Options: reduced,
			Targets: daysLeft(in)},
		{Type: "stat", Title: "Targets", Description: "Mail exchangers or addresses of a domain or name", GridPos: place{H: 5, W: 8}, Options: reduced,
			FieldConfig: raw(`{"defaults": {"color": {"fixedColor": "blue", "mode": "fixed"}}}`),
			Targets: []target{{Expr: "check_smtp_targets_ok" + chosen, Legend: "{{host}} well", Instant: true},
				{Expr: "check_smtp_targets" + chosen, Legend: "{{host}} of", Instant: true}}},
		{Type: "state-timeline", Title: "States", GridPos: place{H: 7, W: 24}, FieldConfig: states, Options: timeline,
			Targets: []target{{Expr: "check_smtp_state" + chosen, Legend: "{{host}}"}}},
		{Type: "state-timeline", Title: "States of targets", Description: "Where a run has several", GridPos: place{H: 7, W: 24}, FieldConfig: states, Options: timeline,
			Targets: []target{{Expr: "check_smtp_target_state" + chosen, Legend: whose}}},
	}
}

// mappings are the words of the states.
func mappings() string {
	var words []string
	for i, colour := range []string{"green", "orange", "red", "purple"} {
		words = append(words, fmt.Sprintf(`"%d": {"color": %q, "index": %d, "text": %q}`, plan.States[i], colour, i, plan.States[i].String()))
	}
	return `"mappings": [{"options": {` + strings.Join(words, ", ") + `}, "type": "value"}], `
}

// steps are thresholds: a colour, and from each number on another.
func steps(colour string, rest ...string) string {
	text := `"thresholds": {"mode": "absolute", "steps": [{"color": "` + colour + `", "value": null}`
	for i := 0; i+1 < len(rest); i += 2 {
		text += `, {"color": "` + rest[i+1] + `", "value": ` + rest[i] + `}`
	}
	return text + `]}`
}

// daysLeft asks how long it is until something ends.
func daysLeft(in Input) []target {
	var list []target
	for _, g := range in.expiries() {
		list = append(list, target{Expr: "(" + family(g) + chosen + " - time()) / 86400", Legend: whose + " " + called(g)})
	}
	return list
}

// phasePanel stacks the phases in the order of a session, a panel a server.
func phasePanel(in Input) panel {
	p := panel{Type: "timeseries", Title: "Phases of $host", Repeat: "host", MaxPerRow: 2, GridPos: place{H: 10, W: 24},
		Description: "Where the time goes. Of several targets it is the mean.", FieldConfig: drawn("s", "normal"), Options: raw(lines)}
	for _, phase := range in.phases() {
		p.Targets = append(p.Targets, target{Expr: `avg(check_smtp_phase_seconds{host=~"$host",phase="` + string(phase) + `"})`, Legend: string(phase)})
	}
	return p
}

// numberPanels are all other families, a panel a unit.
func numberPanels(in Input) []panel {
	kinds := []struct {
		title, unit string
		holds       func(*facts.MetricRow, facts.Gauge) bool
	}{
		{"Whole times", "s", func(m *facts.MetricRow, g facts.Gauge) bool { return timed(m) && !g.Phased }},
		{"Sizes", "bytes", func(_ *facts.MetricRow, g facts.Gauge) bool { return g.Unit == "bytes" }},
		{"Shares", "percentunit", func(_ *facts.MetricRow, g facts.Gauge) bool { return g.Unit == "ratio" }},
		{"Lifetimes", "s", func(m *facts.MetricRow, g facts.Gauge) bool { return g.Unit == "seconds" && !timed(m) && !ends(g) }},
		{"Counts", "short", func(_ *facts.MetricRow, g facts.Gauge) bool { return g.Unit == "" }},
	}
	list := []panel{{Type: "timeseries", Title: "Days left", GridPos: place{H: 8, W: 12}, FieldConfig: drawn("d", "none"), Options: raw(lines), Targets: daysLeft(in)}}
	for _, k := range kinds {
		p := panel{Type: "timeseries", Title: k.title, GridPos: place{H: 8, W: 12}, FieldConfig: drawn(k.unit, "none"), Options: raw(lines)}
		for _, g := range in.families(k.holds) {
			p.Targets = append(p.Targets, target{Expr: family(g) + chosen, Legend: whose + " " + called(g)})
		}
		list = append(list, p)
	}
	return list
}

// called is a family in words.
func called(g facts.Gauge) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(g.Name, "_"+g.Unit), "_expiry_timestamp"), "_", " ")
}

// drawn is how lines look.
func drawn(unit, stacking string) raw {
	fill := "0"
	if stacking != "none" {
		fill = "60"
	}
	return raw(`{"defaults": {"custom": {"drawStyle": "line", "fillOpacity": ` + fill + `, "lineWidth": 1, "showPoints": "never", "spanNulls": 300000,
		"stacking": {"group": "A", "mode": "` + stacking + `"}}, "unit": "` + unit + `"}}`)
}

// What lines and states have beside them.
const (
	legend  = `"legend": {"calcs": [], "displayMode": "list", "placement": "bottom", "showLegend": true}`
	tooltip = `"tooltip": {"mode": "multi", "sort": "none"}`
	lines   = `{` + legend + `, ` + tooltip + `}`
)
