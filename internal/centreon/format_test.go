package centreon

import (
	"encoding/json"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"

	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/verdict"
)

func printed(t *testing.T, r verdict.Report, e *Edits, o plan.Output) string {
	t.Helper()
	print := For(o.Format, e)
	if print == nil {
		print = render.For(o.Format)
	}
	out := print(r, o)
	if out == nil {
		t.Fatal("nothing is printed")
	}
	return string(out)
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
		edits Edits
		want  string
	}{
		{Edits{}, "CRITICAL: [c] - d WARNING: w/ UNKNOWN: u | 'it''s'=0.250s;0:1;;;0\n"},
		{Edits{Ranges: ShortRanges, NoLabel: true}, "[c] - d w/ u | 'it''s'=0.250s;1;;;0\n"},
	} {
		if got := printed(t, r, &tt.edits, plan.Output{Format: Line}); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	calm := verdict.Report{Findings: []verdict.Finding{{Text: "one"}, {Text: "two"}}}
	if got := printed(t, calm, nil, plan.Output{Format: Line}); got != "OK: one - two \n" {
		t.Errorf("%q", got)
	}
}

func TestCentreonLimits(t *testing.T) {
	r := verdict.Report{State: plan.Critical, Metrics: []verdict.Metric{{Label: plan.Time, Unit: "s", Digits: 3}}}
	for range 100 {
		r.Findings = append(r.Findings, verdict.Finding{State: plan.Critical, Text: strings.Repeat("<x|", 100)})
		r.Notes = append(r.Notes, strings.Repeat("note;", 50))
	}
	got := printed(t, r, nil, plan.Output{Format: Line, Verbose: 1})
	first, _, _ := strings.Cut(got, "\n")
	text, perfdata, _ := strings.Cut(first, "|")
	if len(text) > maxLine || perfdata != " 'time'=0.000s;;;;" || len(got) > 8000 || strings.ContainsAny(got, "<>") {
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
	o, e := plan.Output{Verbose: 1}, &Edits{Name: Login}

	o.Format = JSON
	var fromJSON struct {
		Plugin struct {
			Mode    string
			Outputs []struct{ Msg string }
			Fields  []struct{ Label string } `json:"perfdatas"`
		}
	}
	if err := json.Unmarshal([]byte(printed(t, r, e, o)), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if p := fromJSON.Plugin; p.Mode != "login" || p.Outputs[0].Msg != said || p.Outputs[1].Msg != "<note>" || p.Fields[0].Label != `a"<b` {
		t.Errorf("%+v", p)
	}

	o.Format = XML
	var fromXML struct {
		Mode    string   `xml:"mode"`
		Outputs []string `xml:"outputs>output>msg"`
		Labels  []string `xml:"perfdatas>perfdata>label"`
	}
	if err := xml.Unmarshal([]byte(printed(t, r, e, o)), &fromXML); err != nil {
		t.Fatal(err)
	}
	if fromXML.Mode != "login" || fromXML.Outputs[0] != said || fromXML.Outputs[1] != "<note>" || fromXML.Labels[0] != `a"<b` {
		t.Errorf("%+v", fromXML)
	}
}

// TestManyMetrics: perfdata that alone is too long loses its end, not the verdict, and
// the reader is told how much.
func TestManyMetrics(t *testing.T) {
	r := verdict.Report{Findings: []verdict.Finding{{Text: strings.Repeat("long ", 300)}}}
	for i := range 300 {
		r.Metrics = append(r.Metrics, verdict.Metric{Label: plan.Label(strings.Repeat("x", 20) + string(rune('0'+i%10))), Value: 1, Unit: "s"})
	}
	got := printed(t, r, nil, plan.Output{Format: Line, Verbose: 3})
	text, perfdata, _ := strings.Cut(got, "|")
	fields := strings.Fields(strings.SplitN(perfdata, "\n", 2)[0])
	note := ", " + strconv.Itoa(len(r.Metrics)-len(fields)) + " numbers left out "
	if len(got) > 8000 || len(fields) < 200 || !strings.HasSuffix(text, note) || len(text) > maxLine {
		t.Errorf("%d bytes, %d of text, %d metrics, text %q", len(got), len(text), len(fields), text)
	}
}
