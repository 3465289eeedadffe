package render

import (
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// fleet is a run of two targets of which one is the other's namesake.
func fleet() verdict.Report {
	run := facts.Run{Survey: &facts.Survey{Found: facts.Discovery{Kind: facts.ByHost, Hosts: []facts.Exchanger{{Host: "mx"}, {Host: "mx"}}}}}
	for _, words := range []string{"one", "two"} {
		run.Sessions = append(run.Sessions, facts.Session{
			Host: "mx", Port: 25, Start: time.Unix(0, 0), Total: time.Second, Dialogue: []facts.Line{{Text: words}},
			Records: []facts.Record{{Step: plan.Step{Phase: plan.Connect}, Took: time.Second}},
		})
	}
	return verdict.Judge(run, plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAll}})
}

// TestTranscripts: what was said to each target stands in the file, and what came of
// all behind it.
func TestTranscripts(t *testing.T) {
	want := "# 1970-01-01T00:00:00Z mx:25\n+0.000 S: one\n# 1970-01-01T00:00:00Z mx:25\n+0.000 S: two\n# OK - 2 of 2 targets OK, slowest mx 1.000 sec. response time\n"
	if got := string(Transcript(fleet())); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestNamesakes: what a user has named twice does not pass for one.
func TestNamesakes(t *testing.T) {
	for format, want := range map[plan.Format]string{
		plan.OpenMetrics: `check_smtp_time_seconds{host="mx",target="mx 2",port="25"} 1.000000`, plan.Influx: `check_smtp,host=mx,target=mx\ 2,port=25,`,
		plan.Checkmk: `0 "SMTP mx 2" time=1`, plan.PRTG: `"Time of mx 2"`, plan.Nagios: ` time_mx=1.000000s;;;0 time_mx_2=1.000000s;;;0`,
	} {
		if out := rendered(t, fleet(), plan.Output{Format: format, Width: 80}); !strings.Contains(out, want) {
			t.Errorf("%s: want %s in\n%s", format, want, out)
		}
	}
}

// TestFewMetrics: --perfdata names metrics of targets, too, and each target keeps them.
func TestFewMetrics(t *testing.T) {
	for format, want := range map[plan.Format]int{plan.OpenMetrics: 3, plan.Influx: 3, plan.Checkmk: 3, plan.PRTG: 3, plan.Nagios: 1, plan.JSON: 3} {
		o := plan.Output{Format: format, Perfdata: []plan.Label{plan.Time}}
		out := rendered(t, fleet(), o)
		n := strings.Count(out, "time=1") + strings.Count(out, `"TimeResponse"`) + strings.Count(out, `"label":"time"`) + strings.Count(out, "time_seconds")
		if format == plan.OpenMetrics {
			n -= 2 // of what stands above the samples
		}
		if n != want || strings.Contains(out, "connect_time") || strings.Contains(out, "targets_ok") {
			t.Errorf("%s: %d\n%s", format, n, out)
		}
	}
}
