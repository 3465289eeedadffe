package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

func printed(t *testing.T, r verdict.Report, o plan.Output) string {
	t.Helper()
	var out bytes.Buffer
	if err := For(o.Format)(&out, r, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestCentreonLine: groups in Centreon's order, OK only where all is OK, every
// semicolon, a quotation mark doubled.
func TestCentreonLine(t *testing.T) {
	limit, err := plan.ParseRange("1")
	if err != nil {
		t.Fatal(err)
	}
	r := verdict.Report{
		State: plan.Critical,
		Findings: []verdict.Finding{
			{State: plan.OK, Text: "fine"}, {State: plan.Unknown, Text: "u"}, {State: plan.Warning, Text: "w|"},
			{State: plan.Critical, Text: "<c>"}, {State: plan.Critical, Text: "d"},
		},
		Metrics: []verdict.Metric{{Label: "it's", Value: 0.25, Unit: "s", Digits: 3, Warning: &limit, Max: new(float64)}},
	}
	for _, tt := range []struct {
		edits plan.Reshape
		want  string
	}{
		{plan.Reshape{}, "CRITICAL: [c] - d WARNING: w/ UNKNOWN: u | 'it''s'=0.250s;0:1;;;0\n"},
		{plan.Reshape{Ranges: plan.ShortRanges, NoLabel: true}, "[c] - d w/ u | 'it''s'=0.250s;1;;;0\n"},
	} {
		if got := printed(t, r, plan.Output{Format: plan.Centreon, Reshape: &tt.edits}); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	calm := verdict.Report{Findings: []verdict.Finding{{Text: "one"}, {Text: "two"}}}
	if got := printed(t, calm, plan.Output{Format: plan.Centreon}); got != "OK: one - two \n" {
		t.Errorf("%q", got)
	}
}

func TestCentreonLimits(t *testing.T) {
	r := verdict.Report{State: plan.Critical, Metrics: []verdict.Metric{{Label: plan.Time, Unit: "s", Digits: 3}}}
	for range 100 {
		r.Findings = append(r.Findings, verdict.Finding{State: plan.Critical, Text: strings.Repeat("<x|", 100)})
		r.Notes = append(r.Notes, strings.Repeat("note;", 50))
	}
	got := printed(t, r, plan.Output{Format: plan.Centreon, Verbose: 1})
	first, _, _ := strings.Cut(got, "\n")
	text, perfdata, _ := strings.Cut(first, "|")
	if len(text) > maxFirst || perfdata != " 'time'=0.000s;;;;" || len(got) > maxAll || strings.ContainsAny(got, "<>") {
		t.Errorf("%d bytes of text, %d in all, perfdata %q", len(text), len(got), perfdata)
	}
}

// TestCentreonDocuments: what the server says breaks neither.
func TestCentreonDocuments(t *testing.T) {
	r := verdict.Report{
		State:    plan.Warning,
		Findings: []verdict.Finding{{State: plan.Warning, Text: `</msg>"&\` + "\x1b\xff\n"}},
		Notes:    []string{"<note>"},
		Metrics:  []verdict.Metric{{Label: `a"<b`, Value: 1, Digits: -1}},
	}
	const said = `WARNING: </msg>"&/[1b][ff][0a]`
	o := plan.Output{Verbose: 1, Reshape: &plan.Reshape{Name: plan.LoginMode}}

	o.Format = plan.CentreonJSON
	var fromJSON struct {
		Plugin struct {
			Mode    string
			Outputs []struct{ Msg string }
			Fields  []struct{ Label string } `json:"perfdatas"`
		}
	}
	if err := json.Unmarshal([]byte(printed(t, r, o)), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if p := fromJSON.Plugin; p.Mode != "login" || p.Outputs[0].Msg != said || p.Outputs[1].Msg != "<note>" || p.Fields[0].Label != `a"<b` {
		t.Errorf("%+v", p)
	}

	o.Format = plan.CentreonXML
	var fromXML struct {
		Mode    string   `xml:"mode"`
		Outputs []string `xml:"outputs>output>msg"`
		Labels  []string `xml:"perfdatas>perfdata>label"`
	}
	if err := xml.Unmarshal([]byte(printed(t, r, o)), &fromXML); err != nil {
		t.Fatal(err)
	}
	if fromXML.Mode != "login" || fromXML.Outputs[0] != said || fromXML.Outputs[1] != "<note>" || fromXML.Labels[0] != `a"<b` {
		t.Errorf("%+v", fromXML)
	}
}
