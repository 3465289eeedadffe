package facts

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/plan"
)

// documentation is all that users read.
func documentation(t *testing.T) string {
	names, _ := filepath.Glob("../../cmd/check_smtp/doc/*.md")
	text := ""
	for _, name := range append(names, "../../README.md") {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text += string(page)
	}
	return text
}

// TestMetrics walks the table: each row is whole, and documented as it says.
func TestMetrics(t *testing.T) {
	label, name := regexp.MustCompile(`^[a-z0-9_]{1,19}$`), regexp.MustCompile(`^[a-z_]+$`)
	doc := documentation(t)
	seen := map[string]bool{}
	for _, m := range Metrics {
		if seen[string(m.Label)] || seen[m.Channel] || !label.MatchString(string(m.Label)) || m.Channel == "" || len(m.Gauges) == 0 {
			t.Errorf("%s, channel %q", m.Label, m.Channel)
		}
		seen[string(m.Label)], seen[m.Channel] = true, true
		if row := "| `" + string(m.Label) + "` | " + m.Text + " | " + strings.TrimLeft(m.When+" |", " "); !strings.Contains(doc, row) {
			t.Errorf("the documentation lacks %s", row)
		}
		for _, g := range m.Gauges {
			if !name.MatchString(g.Name) || !strings.HasSuffix(g.Name, g.Unit) || g.Help == "" {
				t.Errorf("%s: %+v", m.Label, g)
			}
		}
		if row := MetricOf(m.Label); row == nil || row.Text != m.Text {
			t.Errorf("%s is not found", m.Label)
		}
	}
	for _, p := range plan.Phases {
		if row := MetricOf(p.TimeOf()); row == nil || row.Phase != p {
			t.Errorf("the phase %s has no time", p)
		}
	}
}

// TestMetricsOfSession: a whole session has every number of a session, one that broke off what
// it came to.
func TestMetricsOfSession(t *testing.T) {
	now := time.Unix(1700000000, 0)
	f := Session{Start: now, TLS: &TLS{Chain: []*x509.Certificate{{NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}}}}
	for _, p := range plan.Phases {
		f.Records = append(f.Records, Record{Step: plan.Step{Phase: p}, Took: time.Second})
	}
	early := Session{Records: f.Records[1:3]}
	var has []plan.Label
	for _, m := range Metrics {
		if _, there := m.In(&f); there == (m.OfDANE || m.Surveyed() || m.Judged) {
			t.Errorf("%s: %t", m.Label, there)
		}
		if _, there := m.In(&early); there {
			has = append(has, m.Label)
		}
	}
	if len(has) != 3 || has[0] != plan.Time || has[1] != plan.DNS.TimeOf() || has[2] != plan.Connect.TimeOf() {
		t.Errorf("a session that did not connect has %v", has)
	}
}

// TestRoundedDown: what is nearly over is not told as if it was still whole.
func TestRoundedDown(t *testing.T) {
	start := time.Unix(1<<30, 0)
	end := start.Add(7*24*time.Hour - time.Second)
	f := Session{Start: start, DANE: &DANE{Expires: end}}
	if v, there := MetricOf("dane_rrsig_days").In(&f); v != 6.99 || !there {
		t.Errorf("signatures: %v", v)
	}
	web := Web{TLS: &TLS{Chain: []*x509.Certificate{{NotAfter: end}}}}
	run := Run{Survey: &Survey{Start: start, STS: &STS{Fetch: &STSFetch{Web: web}}}}
	if v, there := MetricOf("sts_cert_days").OfRun(&run); v != 6.99 || !there {
		t.Errorf("certificate: %v", v)
	}
}
