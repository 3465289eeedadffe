package render

import (
	"encoding/json"
	"encoding/xml"
	"math"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

var formats = []plan.Format{plan.Nagios, plan.JSON, plan.XML, plan.OpenMetrics, plan.PRTG, plan.Checkmk, plan.Influx, plan.Waterfall}

// strange is a report on a socket with a strange path, with metrics that an
// operator has made up.
func strange() verdict.Report {
	r := verdict.Report{State: plan.Warning, Metrics: []verdict.Metric{
		{Label: "time", Value: 2, Unit: "ms", Digits: -1},
		{Label: `a "b", c=d\`, Value: 1.5, Unit: "%", Digits: 2, Max: new(float64)},
		{Label: "none", Value: math.NaN()},
		{Label: "endless", Value: math.Inf(1)},
		{Label: "body_bytes", Value: 7, Unit: "B", Min: new(float64)},
	}}
	r.Run = facts.Of(facts.Session{Host: `/run/a "b",c=d|#\`, Start: time.Unix(0, 0), Total: time.Second})
	return r
}

func rendered(t *testing.T, r verdict.Report, o plan.Output) string {
	t.Helper()
	out := For(o.Format)(r, o)
	if out == nil {
		t.Fatal("nothing is printed")
	}
	return string(out)
}

// TestStrangeNames: what a host or a metric is called stays one name, whatever
// it means to the format.
func TestStrangeNames(t *testing.T) {
	tests := map[plan.Format][]string{
		plan.OpenMetrics: {
			`check_smtp_state{host="/run/a \"b\",c=d/#/"} 1`,
			`check_smtp_metric{host="/run/a \"b\",c=d/#/",label="time",unit="ms"} 2`,
			`check_smtp_metric{host="/run/a \"b\",c=d/#/",label="a \"b\", c=d/",unit="%"} 1.50`,
			`check_smtp_body_bytes{host="/run/a \"b\",c=d/#/"} 7`,
		},
		plan.Influx: {
			`check_smtp,host=/run/a\ "b"\,c\=d/#/,state=WARNING exit_code=1i,total_time=2,a\ "b"\,\ c\=d/=1.50,body_bytes=7i`,
		},
		plan.Checkmk: {
			`1 "SMTP /run/a _b__c_d/#/" time=2|a__b_,_c_d/=1.50;;;;0|body_bytes=7;;;0 WARNING - 1.000 sec. response time`,
		},
		plan.JSON: {
			`"target":{"host":"/run/a \"b\",c=d/#\\"}`,
			`{"label":"a \"b\", c=d\\","value":1.50,"unit":"%","max":0}`,
		},
		plan.XML: {
			`<host>/run/a &quot;b&quot;,c=d/#\</host>`,
		},
	}
	for format, want := range tests {
		out := rendered(t, strange(), plan.Output{Format: format})
		for _, piece := range want {
			if !strings.Contains(out, piece) {
				t.Errorf("%s:\n%swant in it\n%s", format, out, piece)
			}
		}
		if strings.Contains(out, "NaN") || strings.Contains(out, "Inf") || strings.Contains(out, "endless") {
			t.Errorf("%s shows what is no number:\n%s", format, out)
		}
	}
}

// TestPerfdata: --perfdata keeps just the metrics that are named, in every
// format that has metrics.
func TestPerfdata(t *testing.T) {
	for _, format := range formats {
		r := strange()
		r.Session().Records = []facts.Record{{Step: plan.Step{Phase: plan.Connect}}}
		out := rendered(t, r, plan.Output{Format: format, Perfdata: []plan.Label{"body_bytes"}})
		body := strings.Contains(out, "body_bytes") || strings.Contains(out, "Message size")
		if body == (format == plan.Waterfall) || strings.Contains(out, "time=") || strings.Contains(out, `label="time"`) || strings.Contains(out, ">time<") || strings.Contains(out, "Response Time") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

// TestChannels: PRTG takes fifty channels, and the state is one of them.
func TestChannels(t *testing.T) {
	r := strange()
	r.Session().Records = []facts.Record{{Step: plan.Step{Phase: plan.Connect}}}
	for range 100 {
		r.Metrics = append(r.Metrics, verdict.Metric{Label: "x", Value: 1})
	}
	r.Notes = []string{strings.Repeat("#ä", 200), strings.Repeat("b", 400), strings.Repeat("c", 400), strings.Repeat("d", 400), strings.Repeat("e", 400), strings.Repeat("f", 400)}
	var document map[string]sensor
	if err := json.Unmarshal([]byte(rendered(t, r, plan.Output{Format: plan.PRTG})), &document); err != nil {
		t.Fatal(err)
	}
	s := document["prtg"]
	if len(s.Result) != maxChannels || s.Result[maxChannels-1].Channel != "State" || len([]rune(s.Text)) != maxMessage {
		t.Errorf("%d channels, the last %q, a text of %d characters", len(s.Result), s.Result[len(s.Result)-1].Channel, len([]rune(s.Text)))
	}
}

// TestBounds: which ranges other programs can watch, and in their words.
func TestBounds(t *testing.T) {
	tests := []struct {
		text, lower, upper, levels string
	}{
		{"0.07", "", "70", "0.07"},
		{"~:5", "", "5000", "5"},
		{"10:", "10000", "", "10:inf"},
		{"1:2.5", "1000", "2500", "1:2.5"},
		{"@1:2", "", "", ""},
		{"~:", "", "", ""},
		{"0:", "", "", "0:inf"},
		{"-2:3", "", "3000", "3"},
	}
	m := verdict.Metric{Unit: "s", Min: new(float64)}
	for _, tt := range tests {
		r, err := plan.ParseRange(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		lower, upper := bounds(m, &r, 1000)
		if lower != tt.lower || upper != tt.upper || levels(m, &r) != tt.levels {
			t.Errorf("%s: %q %q %q, want %q %q %q", tt.text, lower, upper, levels(m, &r), tt.lower, tt.upper, tt.levels)
		}
	}
	r := plan.Range{Start: 0, End: 100}
	if lower, upper := bounds(verdict.Metric{}, &r, 1); lower != "0" || upper != "100" || levels(verdict.Metric{}, &r) != "0:100" {
		t.Error("a metric that may fall below zero is not watched there")
	}
}

// TestFold: no line is wider than it may be, wide characters included, and no
// word is lost.
func TestFold(t *testing.T) {
	texts := []string{
		"", "short", strings.Repeat("word ", 50) + "end", strings.Repeat("x", 200), strings.Repeat("東京 ", 60) + ".",
		"    " + strings.Repeat("é", 90), strings.Repeat("a", 39) + " b",
	}
	for _, text := range texts {
		got := ""
		for _, line := range fold(text, minWidth) {
			if fitting(line, minWidth) != line || strings.Contains(line, "東") && len([]rune(line)) > minWidth*2/3+4 {
				t.Errorf("%q is too wide", line)
			}
			got += line
		}
		if strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	if got := cut("東京東京", 7); got != "東京..." {
		t.Errorf("cut to 7 columns: %q", got)
	}
}

// TestColour: colours go around words and change none, and only those who want
// them get any.
func TestColour(t *testing.T) {
	r := strange()
	r.Findings = []verdict.Finding{{State: plan.Critical, Text: "first"}, {State: plan.Warning, Text: "second"}}
	r.State = plan.Critical
	r.Session().Records = []facts.Record{{Step: plan.Step{Phase: plan.Banner}, Took: time.Second, Failure: &facts.Failure{Kind: facts.TimedOut}}}
	without := rendered(t, r, plan.Output{Format: plan.Waterfall, Width: 80})
	with := rendered(t, r, plan.Output{Format: plan.Waterfall, Width: 80, Colour: true})
	for _, piece := range []string{"\x1b[31mtimed out\x1b[0m", "\x1b[33mWARNING: second\x1b[0m", "\x1b[31mSMTP CRITICAL - first"} {
		if !strings.Contains(with, piece) {
			t.Errorf("%q is not in\n%q", piece, with)
		}
	}
	for _, code := range []string{"\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[0m"} {
		with = strings.ReplaceAll(with, code, "")
	}
	if with != without {
		t.Errorf("with colours\n%s\nwithout\n%s", with, without)
	}
}

// TestNoRun: where nothing was run there is a document all the same, and it says
// why.
func TestNoRun(t *testing.T) {
	r := verdict.Report{State: plan.Unknown, Findings: []verdict.Finding{{State: plan.Unknown, Text: "what <is> \x1b wrong"}}, Notes: []string{"what to do"}}
	for _, format := range formats {
		text := rendered(t, r, plan.Output{Format: format})
		if format != plan.OpenMetrics && (!strings.Contains(text, "wrong") || strings.Contains(text, "\x1b")) {
			t.Errorf("%s: %q", format, text)
		}
		if format == plan.JSON && !json.Valid([]byte(text)) || format == plan.XML && xml.Unmarshal([]byte(text), new(struct{})) != nil {
			t.Errorf("%s: %q", format, text)
		}
	}
	if out := Plain(r); string(out) != "SMTP UNKNOWN - what <is> [1b] wrong\nwhat to do\n" {
		t.Errorf("%q", out)
	}
}

// TestExitCode: the state, or what the report says, but never for PRTG.
func TestExitCode(t *testing.T) {
	own := 4
	for _, tt := range []struct {
		format plan.Format
		exit   *int
		want   int
	}{{plan.JSON, nil, 2}, {plan.JSON, &own, 4}, {plan.PRTG, nil, 0}, {plan.PRTG, &own, 0}} {
		if got := ExitCode(tt.format, verdict.Report{State: plan.Critical, Exit: tt.exit}); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.format, got, tt.want)
		}
	}
}

// TestNamesake: a metric that an operator has given the name of another one does not
// pass for it where that one has no number.
func TestNamesake(t *testing.T) {
	r := strange()
	for _, label := range []plan.Label{plan.CertDays, "dane_rrsig_days", "sts_cert_days"} {
		r.Metrics = []verdict.Metric{{Label: label, Value: 3, Digits: 2}}
		if out := rendered(t, r, plan.Output{Format: plan.OpenMetrics}); !strings.Contains(out, `label="`+string(label)+`",unit=""} 3.00`) || strings.Contains(out, "expiry") {
			t.Error(out)
		}
	}
}
