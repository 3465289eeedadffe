package centreon

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/verdict"
)

func num(v float64) *float64 { return &v }

func limit(text string) *plan.Range {
	if text == "" {
		return nil
	}
	r, err := plan.ParseRange(text)
	if err != nil {
		panic(err)
	}
	return &r
}

// written writes a metric as Centreon does.
func written(m verdict.Metric) string {
	end := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	return fmt.Sprintf("%s=%s%s;%s;%s;%s;%s", m.Label, m.Format(), m.Unit, whole(m.Warning), whole(m.Critical), end(m.Min), end(m.Max))
}

func fields(metrics []verdict.Metric) string {
	var all []string
	for _, m := range metrics {
		all = append(all, written(m))
	}
	return strings.Join(all, " ")
}

// numbers are a time, a phase's, and a size.
func numbers() []verdict.Metric {
	return []verdict.Metric{
		{Label: "time", Value: 0.0021, Unit: "s", Digits: 3, Warning: limit("1"), Critical: limit("~:2")},
		{Label: "ehlo_time", Value: 4, Unit: "s", Digits: 3, Max: num(16), Warning: limit("4:8"), Critical: limit("@0:2")},
		{Label: "body_bytes", Value: 3 << 20, Unit: "B", Digits: 0, Min: num(0), Max: num(6 << 20), Warning: limit("1048576")},
	}
}

const (
	asTime = "time=0.002s;0:1;~:2;;"
	asEhlo = "ehlo_time=4.000s;4:8;@0:2;;16"
	asBody = "body_bytes=3145728B;0:1048576;;0;6291456"
)

func edits(t *testing.T, option string, entries ...string) Edits {
	t.Helper()
	var r Edits
	for _, entry := range entries {
		var err error
		var e Edit
		var x Explosion
		switch option {
		case "change":
			e, err = parseEdit(entry)
			r.Change = append(r.Change, e)
		case "extend":
			e, err = parseEdit(entry)
			r.Extend = append(r.Extend, e)
		case "group":
			e, err = parseGroup(entry)
			r.Group = append(r.Group, e)
		case "explode":
			x, err = parseExplosion(entry)
			r.Explode = append(r.Explode, x)
		}
		if err != nil {
			t.Fatalf("%s %q: %v", option, entry, err)
		}
	}
	return r
}

func TestEntries(t *testing.T) {
	for _, tt := range []struct{ option, entry, want string }{
		// Recorded.
		{"extend", "^time,time_ms,math(current * 1000),ms", asTime + " " + asEhlo + " " + asBody + " time_ms=2ms;0:1;~:2;;"},
		{"group", ",total,sum(^ti)", asTime + " " + asEhlo + " " + asBody + " total=0.002;;;;"},
		{"group", "^(ti)me,${1}_avg,average(^$1me),s,0,9", asTime + " " + asEhlo + " " + asBody + " ti_avg=0.00s;;;0;9"},

		{"change", "^time,total", "total=0.002s;0:1;~:2;; " + asEhlo + " " + asBody},
		{"change", "_time,,", asTime + " " + asEhlo + " " + asBody},
		{"change", "(.*)_time,time_of_$1", asTime + " time_of_ehlo=4.000s;4:8;@0:2;;16 " + asBody},
		{"change", "i,I", "tIme=0.002s;0:1;~:2;; ehlo_tIme=4.000s;4:8;@0:2;;16 " + asBody},
		{"change", "^time,,,ms,1,2,3,4", "time=0.002ms;0:3;0:4;1;2 " + asEhlo + " " + asBody},
		{"change", "^time,,,,,,@1:2,~:", "time=0.002s;@1:2;~:;; " + asEhlo + " " + asBody},
		{"change", "ehlo,,,,,,50%,75%", asTime + " ehlo_time=4.000s;0:8;0:12;;16 " + asBody},
		{"change", "^time,,,,,,50%", asTime + " " + asEhlo + " " + asBody}, // of no maximum

		{"change", "ehlo,,invert()", asTime + " ehlo_time=12s;8:12;@14:16;;16 " + asBody},
		{"change", "^time,,invert()", asTime + " " + asEhlo + " " + asBody},
		{"change", "^time,,invert(),,,10", "time=9.998s;9:10;8:;;10 " + asEhlo + " " + asBody},
		{"change", "ehlo,,percent()", asTime + " ehlo_time=25.00%;25:50;@0:12.5;;100 " + asBody},
		{"change", "^time,,percent()", asTime + " " + asEhlo + " " + asBody},
		{"change", "^time,,percent(),,0,10,50%", "time=0.02%;0:50;~:20;0;100 " + asEhlo + " " + asBody},
		{"change", "^time,,percent(),,,0", asTime + "0 " + asEhlo + " " + asBody},

		{"change", "body,,scale(MB)", asTime + " " + asEhlo + " body_bytes=3.00MB;0:1;;0;6"},
		{"change", "body,,scale(auto)", asTime + " " + asEhlo + " body_bytes=3.00MB;0:1;;0;6"},
		{"change", "body,,scale(Mb)", asTime + " " + asEhlo + " body_bytes=25.17Mb;0:8.388608;;0;50.331648"},
		{"change", "body,,scale(KB/s)", asTime + " " + asEhlo + " body_bytes=3072.00KB/s;0:1024;;0;6144"},
		{"change", "^time,,scale(MB)", asTime + " " + asEhlo + " " + asBody},

		{"change", "^time,,math(current * 1000|1)", "time=2s;0:1000;~:2000;; " + asEhlo + " " + asBody},
		{"change", "^time,,math(1 - current|1)", "time=0.998s;0:1;-1:;; " + asEhlo + " " + asBody},
		{"change", "ehlo,,math(current / 0)", asTime + " " + asEhlo + " " + asBody},
		{"change", "ehlo,,math(current * 10 ** 30)", asTime + " " + asEhlo + " " + asBody},
		{"change", "ehlo,,math(current / 3)", asTime + " ehlo_time=1.333333333s;4:8;@0:2;;16 " + asBody},
		{"change", "ehlo,,math(0 - 0)", asTime + " ehlo_time=0s;4:8;@0:2;;16 " + asBody},

		{"change", "ehlo,,sum(time)", asTime + " ehlo_time=4.002s;4:8;@0:2;;16 " + asBody},
		{"change", "ehlo,,min(time)", asTime + " ehlo_time=0.002s;4:8;@0:2;;16 " + asBody},
		{"change", "^time,,max(time)", "time=4s;0:1;~:2;; " + asEhlo + " " + asBody},
		{"change", "ehlo,,average(time)", asTime + " ehlo_time=2.00s;4:8;@0:2;;16 " + asBody},
		{"change", "ehlo,,sum(nothing)", asTime + " " + asEhlo + " " + asBody},

		{"group", ",all,sum(nothing)", asTime + " " + asEhlo + " " + asBody},
		{"group", ",all,max(time),s,0,9,5,@7", asTime + " " + asEhlo + " " + asBody + " all=4s;0:5;@0:7;0;9"},
		{"group", "(time),${1}_sum,sum($1)", asTime + " " + asEhlo + " " + asBody + " time_sum=4.002;;;; ehlo_time_sum=4.002;;;;"},
		{"group", ".*(time),$1s,min($1)", asTime + " " + asEhlo + " " + asBody + " times=0.002;;;;"}, // one, not two
		{"extend", "nothing,x,invert()", asTime + " " + asEhlo + " " + asBody},

		{"explode", "all", asTime + " " + asEhlo + " " + asBody + " ehlo_time_max=16s;;;; body_bytes_max=6291456B;;;;"},
		{"explode", "(.*)_time,most_$1", asTime + " " + asEhlo + " " + asBody + " most_ehlo=16s;;;;"},
	} {
		r := edits(t, tt.option, tt.entry)
		before := numbers()
		got := Back(verdict.Report{Metrics: before}, &r, plan.Output{Format: Line})
		if fields(got.Metrics) != tt.want {
			t.Errorf("%s %s:\n%s, want\n%s", tt.option, tt.entry, fields(got.Metrics), tt.want)
		}
		if !reflect.DeepEqual(before, numbers()) {
			t.Fatalf("%s %s changes the report that it was given", tt.option, tt.entry)
		}
	}
}

// TestOrder: change, extend, group, explode; each entry sees what those before
// it made.
func TestOrder(t *testing.T) {
	r := edits(t, "change", "^time,t1", "t1,t2", "t1,t3")
	r.Extend = edits(t, "extend", "t2,t4,,,,8", "t4,t5").Extend
	r.Group = edits(t, "group", ",t6,max(t5)").Group
	r.Explode = edits(t, "explode", "t5,t7").Explode
	r.Keep = regexp.MustCompile(`^t\d`)
	r.Units = regexp.MustCompile("%")
	r.Ranges = NoRanges
	got := Back(verdict.Report{Metrics: numbers()}, &r, plan.Output{})
	if want := "t2=0.002;;;; t4=0.002;;;;8 t5=0.002;;;;8 t6=0.002;;;; t7=8;;;;"; fields(got.Metrics) != want {
		t.Errorf("%s, want %s", fields(got.Metrics), want)
	}
}

// TestGroupsAreLiteral: what a group of the search holds is no pattern.
func TestGroupsAreLiteral(t *testing.T) {
	r := edits(t, "change", "^time,t.e", "ehlo_time,tie")
	r.Group = edits(t, "group", "^(t[.]e)$,all,sum(^$1$)").Group
	got := Back(verdict.Report{Metrics: numbers()[:2]}, &r, plan.Output{Format: Line})
	if want := "t.e=0.002s;0:1;~:2;; tie=4.000s;4:8;@0:2;;16 all=0.002;;;;"; fields(got.Metrics) != want {
		t.Errorf("%s, want %s", fields(got.Metrics), want)
	}
}

func TestNoNumberIsTold(t *testing.T) {
	r := edits(t, "change", "ehlo,,math(current / (current - 4))")
	got := Back(verdict.Report{Metrics: numbers()}, &r, plan.Output{})
	if len(got.Notes) != 1 || got.Notes[0] != "ehlo_time: math gives no number" {
		t.Errorf("%q", got.Notes)
	}
}

func TestBounded(t *testing.T) {
	entries := make([]string, 30)
	for i := range entries {
		entries[i] = ".*,x$&"
	}
	r := edits(t, "extend", entries...)
	got := Back(verdict.Report{Metrics: numbers()}, &r, plan.Output{Format: Line})
	if len(got.Metrics) != maxMetrics {
		t.Errorf("%d metrics", len(got.Metrics))
	}
	for i := range entries {
		entries[i] = ".*,$&$&"
	}
	r = edits(t, "change", entries...)
	got = Back(verdict.Report{Metrics: numbers()}, &r, plan.Output{Format: Line})
	if n := len(got.Metrics[0].Label); n != maxLabel {
		t.Errorf("a label of %d bytes", n)
	}
}

// TestLabels: outside of Centreon's formats, which quote, a label is one that no
// format has to quote, and none occurs twice.
func TestLabels(t *testing.T) {
	r := edits(t, "extend", "^time,a 'b'=ä", "^time,a__b___", "^time,a.$1b")
	for format, want := range map[plan.Format]string{
		plan.Nagios: "time a__b___ a_b",
		Line:        "time a 'b'=ä a__b___ a.b",
	} {
		got := Back(verdict.Report{Metrics: numbers()[:1]}, &r, plan.Output{Format: format})
		var labels []string
		for _, m := range got.Metrics {
			labels = append(labels, string(m.Label))
		}
		if strings.Join(labels, " ") != want {
			t.Errorf("%s: %s, want %s", format, strings.Join(labels, " "), want)
		}
	}
}

func TestFilterAdv(t *testing.T) {
	all := []string{"label", "value", "unit", "warning", "critical", "min", "max", "alert_triggered()"}
	for text, want := range map[string]string{
		"%(label) =~ /time/":                "time ehlo_time",
		"%(value) > 1":                      "ehlo_time body_bytes",
		"%(value) == 0.002":                 "time", // as printed
		"%(unit) eq 'B'":                    "body_bytes",
		"%(warning) eq '0:1'":               "time",
		"%(critical) eq ''":                 "body_bytes",
		"%(min) eq '0'":                     "body_bytes",
		"%(max) eq ''":                      "time",
		"%(max) >= 16":                      "ehlo_time body_bytes",
		"alert_triggered()":                 "body_bytes",
		"not alert_triggered()":             "time ehlo_time",
		"not (%(value) == 4 and %(max)>15)": "time body_bytes",
	} {
		e, err := parseExpr(text, all...)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got := Back(verdict.Report{Metrics: numbers()}, &Edits{KeepIf: e}, plan.Output{})
		var labels []string
		for _, m := range got.Metrics {
			labels = append(labels, string(m.Label))
		}
		if strings.Join(labels, " ") != want {
			t.Errorf("%q keeps %s, want %s", text, strings.Join(labels, " "), want)
		}
	}
}

func TestOnlyAndNone(t *testing.T) {
	for format, want := range map[plan.Format]string{plan.Nagios: "", plan.OpenMetrics: asTime} {
		r := Edits{Only: []plan.Label{"time"}, NoPerfdata: true}
		got := Back(verdict.Report{Metrics: numbers()}, &r, plan.Output{Format: format})
		if fields(got.Metrics) != want {
			t.Errorf("%s: %s", format, fields(got.Metrics))
		}
	}
}

// TestNothing: without a wish the report is the very same.
func TestNothing(t *testing.T) {
	r := verdict.Report{State: plan.Warning, Metrics: numbers()}
	if got := Back(r, nil, plan.Output{}); !reflect.DeepEqual(got, r) || &got.Metrics[0] != &r.Metrics[0] {
		t.Error("the report is another one")
	}
}

// begun is a run of no length.
func begun() facts.Run { return facts.Of(facts.Session{Start: time.Unix(1, 0)}) }

func TestPrecision(t *testing.T) {
	one := 1
	for _, tt := range []struct {
		value     float64
		warning   string
		precision int
		want      plan.State
		text      string
	}{
		{1.0004, "1", -1, plan.OK, ""}, // what Judge said stays
		{1.0004, "1", 4, plan.Warning, "time is 1.000s, limit 1"},
		{1.0004, "1", 3, plan.OK, ""},
		{1.6, "1.7", 0, plan.Warning, "time is 1.600s, limit 1.7"},
		{1.6, "1.7", 1, plan.OK, ""},
		{0.4, "0.3:", 0, plan.Warning, "time is 0.400s, limit 0.3:"},
	} {
		r := verdict.Report{Run: begun(), Metrics: []verdict.Metric{{Label: "time", Value: tt.value, Unit: "s", Digits: 6, Warning: limit(tt.warning)}}}
		var e Edits
		if tt.precision >= 0 {
			e.Precision = &tt.precision
		}
		got := Back(r, &e, plan.Output{})
		text := ""
		if len(got.Findings) > 0 {
			text = got.Findings[0].Text
		}
		if got.State != tt.want || text != tt.text {
			t.Errorf("%v against %s to %d digits: %s %q, want %s %q", tt.value, tt.warning, tt.precision, got.State, text, tt.want, tt.text)
		}
	}
	// The limits of -D are not only the number's.
	expiring := verdict.Metric{Label: plan.CertDays, Value: 20.5, Digits: 2, Warning: limit("31:"), Expiring: true}
	if got := Back(verdict.Report{Run: begun(), Metrics: []verdict.Metric{expiring}}, &Edits{Precision: &one}, plan.Output{}); got.State != plan.OK {
		t.Errorf("%+v", got)
	}
	// A finding that is no threshold stays.
	r := verdict.Report{Run: begun(), Findings: []verdict.Finding{{State: plan.Critical, Metric: plan.Time, Text: "time is up"}, {State: plan.Unknown, Condition: plan.CondTimeout, Phase: plan.Quit}}}
	if got := Back(r, &Edits{Precision: &one}, plan.Output{}); got.State != plan.Unknown || len(got.Findings) != 1 {
		t.Errorf("%+v", got)
	}
	// What counts only while nothing else is wrong counts when the breach is gone.
	r = verdict.Report{
		Run:      begun(),
		State:    plan.Warning,
		Findings: []verdict.Finding{{State: plan.Warning, Metric: plan.Time, Text: "time is up"}},
		Asides:   []verdict.Finding{{State: plan.Unknown, Condition: plan.CondUnreached}},
	}
	if got := Back(r, &Edits{Precision: &one}, plan.Output{}); got.State != plan.Unknown || len(got.Findings) != 1 || got.Findings[0].Condition != plan.CondUnreached {
		t.Errorf("%+v", got)
	}
}

// TestSeverity: in a mode of Centreon's UNKNOWN is graver than WARNING, and a
// failed login is not drowned by its time.
func TestSeverity(t *testing.T) {
	slow := verdict.Finding{State: plan.Critical, Metric: plan.Time, Text: "time is 9.000s, limit 1"}
	refused := verdict.Finding{State: plan.Unknown, Condition: plan.CondAuth, Phase: plan.SASLAuth, Code: 535, Words: "535 no", Text: "sasl_auth PLAIN refused: 535 no"}
	old := verdict.Finding{State: plan.Warning, Phase: plan.Shake, Text: "certificate 'x' expires soon"}
	sent := verdict.Finding{State: plan.Unknown, Condition: plan.CondTimeout, Phase: plan.Body, Text: "Socket timeout after 9 seconds during body"}
	login := facts.Record{Step: plan.Step{Phase: plan.SASLAuth}}
	body := facts.Record{Step: plan.Step{Phase: plan.Body}, Failure: &facts.Failure{Kind: facts.TimedOut, Err: fmt.Errorf("late")}}
	quit := facts.Record{Step: plan.Step{Phase: plan.Quit}}
	for _, tt := range []struct {
		name     string
		findings []verdict.Finding
		records  []facts.Record
		cut      bool
		state    plan.State
		want     string
	}{
		{"failed login", []verdict.Finding{slow, old, refused}, []facts.Record{login, quit}, true, plan.Unknown,
			"UNKNOWN Unable to connect to SMTP: 535 no/WARNING certificate 'x' expires soon"},
		{"slow login", []verdict.Finding{slow, old}, []facts.Record{login, quit}, false, plan.Critical,
			"WARNING certificate 'x' expires soon/CRITICAL Response time 9.000 second(s)"},
		{"late body", []verdict.Finding{slow, sent}, []facts.Record{login, body}, false, plan.Critical,
			"UNKNOWN Unable to send message: timeout/CRITICAL Response time 9.000 second(s)"},
	} {
		r := verdict.Report{Findings: tt.findings, Run: facts.Of(facts.Session{Start: time.Unix(1, 0), Records: tt.records, Cut: tt.cut, Total: 9 * time.Second})}
		got := Back(r, &Edits{Mode: Message}, plan.Output{Format: Line})
		var said []string
		for _, f := range got.Findings {
			said = append(said, f.State.String()+" "+f.Text)
		}
		// The certificate's text has the prefix only if it is what ended the session.
		text := strings.ReplaceAll(strings.Join(said, "/"), "/WARNING Unable to connect to SMTP: ", "/WARNING ")
		if got.State != tt.state || text != tt.want {
			t.Errorf("%s: %s %s, want %s %s", tt.name, got.State, text, tt.state, tt.want)
		}
	}
}

// told is what a report comes to: with a line for people the text, with a program the
// code alone.
func told(t *testing.T, r verdict.Report, e *Edits, f plan.Format) (string, int) {
	o := plan.Output{Format: f, Verbose: 1}
	if f == plan.Nagios {
		o.Verbose = 0
	}
	r = Back(r, e, o)
	code := render.ExitCode(f, r)
	if f != plan.Nagios && f != Line {
		if r.Lines != nil {
			t.Errorf("%s has lines", f)
		}
		return "", code
	}
	return printed(t, r, e, o), code
}

func TestEdit(t *testing.T) {
	when := func(text string) Outcome {
		o, err := parseOutcome(text)
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	sub := func(text string) Substitution {
		s, err := ParseSubstitution(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	well := verdict.Report{
		Findings: []verdict.Finding{{Text: "all well - so far"}},
		Notes:    []string{"more time"},
		Metrics:  []verdict.Metric{{Label: "time", Value: 1, Unit: "s", Digits: -1}},
	}
	const line = "OK: all well - so far | 'time'=1s;;;;\nmore time\n"
	for _, tt := range []struct {
		name   string
		format plan.Format
		edits  Edits
		want   string
		code   int
	}{
		{"short", Line, Edits{Short: []Substitution{sub("OK~FINE"), sub("FINE: (.*)~$1")}}, "all well - so far | 'time'=1s;;;;\nmore time\n", 0},
		{"first match", Line, Edits{Short: []Substitution{sub("l~L")}}, "OK: aLl well - so far | 'time'=1s;;;;\nmore time\n", 0},
		{"only the words", Line, Edits{Short: []Substitution{sub("time~TIME~g"), sub("$~!")}}, "OK: all well - so far! | 'time'=1s;;;;\nmore time\n", 0},
		{"not for programs", plan.JSON, Edits{Short: []Substitution{sub("OK~FINE")}, Long: []Substitution{sub("m~M")}}, "", 0},
		{"long", Line, Edits{Long: []Substitution{sub("time\\n~clock"), sub("m~M")}}, "OK: all well - so far | 'time'=1s;;;;\nMore clock", 0},
		{"exit", plan.JSON, Edits{Exit: map[plan.State]int{plan.OK: 4}}, "", 4},
		{"not PRTG's exit", plan.PRTG, Edits{Exit: map[plan.State]int{plan.OK: 2}}, "", 0},
		{"outcome", Line, Edits{When: []Outcome{when("%(short_output) =~ /far$/,WARNING: no,WARNING")}}, "WARNING: no | 'time'=1s;;;;\nmore time\n", 1},
		{"no outcome", Line, Edits{When: []Outcome{when("%(exit_code) > 0,WARNING: no,WARNING")}}, line, 0},
		{"outcome, then exit", Line, Edits{When: []Outcome{when("1,x,WARNING")}, Exit: map[plan.State]int{plan.Warning: 3}}, "x | 'time'=1s;;;;\nmore time\n", 3},
	} {
		if got, code := told(t, well, &tt.edits, tt.format); got != tt.want || code != tt.code {
			t.Errorf("%s: %q %d, want %q %d", tt.name, got, code, tt.want, tt.code)
		}
	}
	var grow Edits
	for range 100 {
		grow.Short = append(grow.Short, sub(".~$&$&$&~g"))
		grow.Long = append(grow.Long, sub("e~eee~g"))
	}
	if got, _ := told(t, well, &grow, plan.Nagios); len(got) > maxLine+maxRest+50 {
		t.Errorf("a text grows to %d bytes", len(got))
	}
	label := Edits{NoLabel: true, Short: []Substitution{sub("^all~so")}}
	if got, _ := told(t, well, &label, plan.Nagios); got != "so well - so far, more time|time=1s\n" {
		t.Errorf("%q", got)
	}
}

func TestTidy(t *testing.T) {
	for in, want := range map[float64]float64{0.1 + 0.2: 0.3, math.Copysign(0, -1): 0, -1e-12: 0, 1e17: 1e17, 1.0 / 3: 0.333333333} {
		if got := tidy(in); got != want || math.Signbit(got) && got == 0 {
			t.Errorf("%v becomes %v", in, got)
		}
	}
}

// Whatever the entries, what comes out can be printed as perfdata.
func FuzzMetrics(f *testing.F) {
	f.Add("time,x,math(current ** 99|1),ms", ",total,sum(ti)", "ehlo,,percent(),,,3")
	f.Add(".*,$&$&,invert()", "(.)(.*),$2,max($1)", "b,,scale(auto)")
	f.Fuzz(func(t *testing.T, extend, group, change string) {
		var r Edits
		if e, err := parseEdit(extend); err == nil {
			r.Extend = []Edit{e, e, e}
		}
		if e, err := parseGroup(group); err == nil {
			r.Group = []Edit{e}
		}
		if e, err := parseEdit(change); err == nil {
			r.Change = []Edit{e, e}
		}
		got := Back(verdict.Report{Metrics: numbers()}, &r, plan.Output{Format: plan.Nagios})
		label := regexp.MustCompile(`^[A-Za-z0-9_]+$`)
		value := regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
		for _, m := range got.Metrics {
			if !label.MatchString(string(m.Label)) || !value.MatchString(m.Format()) || len(m.Format()) > 40 {
				t.Fatalf("%q %q %q: %s", extend, group, change, written(m))
			}
			for _, limit := range []*plan.Range{m.Warning, m.Critical} {
				if limit == nil {
					continue
				}
				if again, err := plan.ParseRange(limit.String()); err != nil || again != *limit {
					t.Fatalf("%q %q %q: %s", extend, group, change, written(m))
				}
			}
		}
	})
}
