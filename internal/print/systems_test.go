package print

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"check_smtp/internal/facts"
)

// more are the rows of the table and some that no program has yet.
func more() []facts.MetricRow {
	return append(slices.Clone(facts.Metrics[:]),
		facts.MetricRow{Label: "knock_time", Phase: "knock", Unit: "s", Text: "phase `knock`", Gauges: facts.MetricOf("dns_time").Gauges},
		facts.MetricRow{Label: "wait_time", Unit: "s", Text: "waiting", Gauges: []facts.Gauge{{Name: "wait_seconds", Unit: "seconds", Help: "How long it waits."}}},
		facts.MetricRow{Label: "key_days", Text: "days of a key", Gauges: []facts.Gauge{{Name: "key_expiry_timestamp_seconds", Unit: "seconds", Help: "When the key ends."}}},
		facts.MetricRow{Label: "queued", Text: "messages in the queue", Gauges: []facts.Gauge{{Name: "queued", Help: "How many wait."}}})
}

// TestNewMetric: a row in the table of metrics is all that it takes.
func TestNewMetric(t *testing.T) {
	for name, words := range map[string][]string{
		"prometheus-rules": {"check_smtp_wait_seconds", "check_smtp_key_expiry_timestamp_seconds"},
		"prometheus":       {"check_smtp_wait_seconds", "check_smtp_key_expiry_timestamp_seconds"},
		"grafana":          {`phase=\"knock\"`, "check_smtp_wait_seconds{", "check_smtp_key_expiry_timestamp_seconds{", "check_smtp_queued{"},
		"telegraf":         {"knock_time", "wait_time", "key_days", "queued"},
		"zabbix":           {"number[knock_time]", "number[wait_time]", "number[key_days]", "number[queued]", `{$SMTP.TIME.MAX:"wait_time"}`, `{$SMTP.DAYS.MIN:"key_days"}`},
	} {
		before, _ := Text(name, Input{})
		after, err := Text(name, Input{Metrics: more()})
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if strings.Contains(before, word) || !strings.Contains(after, word) {
				t.Errorf("%s does not get %s by itself", name, word)
			}
		}
	}
}

// TestGrafanaFamilies: the dashboard asks for every family there is, but for moments
// of which another includes it, and up, which is a state.
func TestGrafanaFamilies(t *testing.T) {
	text := grafana(Input{})
	in := Input{}
	for _, g := range in.families(func(*facts.MetricRow, facts.Gauge) bool { return true }) {
		covered := ends(g) && !slices.ContainsFunc(in.expiries(), func(e facts.Gauge) bool { return e.Name == g.Name })
		if !covered && !strings.Contains(text, family(g)+"{") {
			t.Errorf("nothing shows %s", family(g))
		}
	}
}

// TestGrafanaPlaces: no panel covers another, and each query has a letter of its own.
func TestGrafanaPlaces(t *testing.T) {
	var d dashboard
	if err := json.Unmarshal([]byte(grafana(Input{})), &d); err != nil || len(d.Panels) < 8 {
		t.Fatalf("%d panels (%v)", len(d.Panels), err)
	}
	taken := map[[2]int]int{}
	for _, p := range d.Panels {
		letters := map[string]bool{}
		for _, target := range p.Targets {
			if letters[target.RefID] {
				t.Errorf("%s has two queries %s", p.Title, target.RefID)
			}
			letters[target.RefID] = true
		}
		if len(letters) == 0 {
			t.Errorf("%s asks for nothing", p.Title)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != 0 || x >= 24 {
					t.Fatalf("%s stands on panel %d", p.Title, other)
				}
				taken[[2]int{x, y}] = p.ID
			}
		}
	}
}

// TestZabbixUUIDs: each is one of version 4, there once, and the same for ever.
func TestZabbixUUIDs(t *testing.T) {
	text := zabbix(Input{Metrics: more()})
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`uuid: (\S+)`).FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile(`^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$`).MatchString(m[1]) || seen[m[1]] {
			t.Errorf("the UUID %s", m[1])
		}
		seen[m[1]] = true
	}
	if len(seen) < 2*len(facts.Metrics) {
		t.Errorf("%d UUIDs", len(seen))
	}
	for _, known := range []string{"template", "check_smtp.number[banner_time]", "trigger SMTP is CRITICAL"} {
		want := map[string]string{
			"template":                       "d3e683a56f414ce9bba0fabfd76ba952",
			"check_smtp.number[banner_time]": "c582d155ff7a49d6a73ba89a1c905d30",
			"trigger SMTP is CRITICAL":       "874c8f21b2ce4aa5a70a677c3420d43a",
		}[known]
		if got := zabbixUUID(known); got != want || !seen[got] {
			t.Errorf("%s has become %s, and Zabbix would take it for another", known, got)
		}
	}
}

// TestSystemsProgram: each of them runs this program, wherever it is.
func TestSystemsProgram(t *testing.T) {
	for _, c := range []struct{ kind, path, want string }{
		{"prometheus-service", "/p/check_smtp", "ExecStart=/p/check_smtp --extra-opts=%i@"},
		{"prometheus-service", "/my plugins/5% \"x\"\n/check_smtp", `ExecStart="/my plugins/5%% \"x\" /check_smtp" --extra-opts=%i@`},
		{"prometheus", "/p/check_smtp", "ExecStart=/p/check_smtp --extra-opts=%i@"},
		{"telegraf", "/p/check_smtp", `commands = ["/p/check_smtp --extra-opts=mx1@`},
		{"telegraf", `/my "plugins"/check_smtp`, `commands = ["'/my \"plugins\"/check_smtp' --extra-opts=mx1@`},
		{"zabbix-agent", "/p/check_smtp", "UserParameter=check_smtp[*],/p/check_smtp --extra-opts="},
		{"zabbix-agent", "/my $1/check_smtp", "UserParameter=check_smtp[*],'/my $$1/check_smtp' --extra-opts="},
	} {
		if text, err := Text(c.kind, Input{Program: c.path}); err != nil || !strings.Contains(text, c.want) {
			t.Errorf("%s of %s does not hold %s (%v)", c.kind, c.path, c.want, err)
		}
	}
}
