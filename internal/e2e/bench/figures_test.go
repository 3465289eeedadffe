//go:build linux

package main

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"check_smtp/internal/e2e"
)

func TestQuantile(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(i + 1)
	}
	for _, test := range []struct {
		of      []float64
		q, want float64
	}{
		{[]float64{7}, 0.99, 7},
		{[]float64{1, 2, 3}, 0.5, 2},
		{hundred, 0.5, 51},
		{hundred, 0.99, 100},
		{hundred, 1, 100},
	} {
		if got := quantile(test.of, test.q); got != test.want {
			t.Errorf("%v of %d figures: %v, want %v", test.q, len(test.of), got, test.want)
		}
	}
}

func TestValues(t *testing.T) {
	runs := []e2e.Cost{{Command: 1, CPU: 3 * time.Millisecond}, {Command: 0, CPU: 9 * time.Millisecond}, {Command: 1, CPU: time.Millisecond}}
	if got := values(runs, 1, metrics[1].of); !slices.Equal(got, []float64{1, 3}) {
		t.Error(got)
	}
	if got, want := costRow([]e2e.Cost{{CPU: 2e6, Peak: 1000, Wall: 4e6}, {Command: 1, CPU: 5e6, Peak: 1500, Wall: 1e9}}), "5.00\t2.50\t1500\t1.50\t1000\t250.00"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRounds: the ratio is that of neighbours, whatever the machine does between them.
func TestRounds(t *testing.T) {
	debian, ours, ratios := columns([]round{{100, 150}, {10, 12}, {200, 260}})
	if !slices.Equal(debian, []float64{10, 100, 200}) || !slices.Equal(ours, []float64{12, 150, 260}) {
		t.Error(debian, ours)
	}
	if got := extent(ratios); got != "1.30 (1.20 1.50)" {
		t.Error(got)
	}
	for ratio, want := range map[float64]string{1.3: ">= 1.10 met", 1.1: ">= 1.10 met", 1: ">= 1.10 not met"} {
		if got := reach(ratio, 1.1); got != want {
			t.Errorf("%v: %s", ratio, got)
		}
	}
	for ratio, want := range map[float64]string{0.9: "<= 0.90 met", 0.95: "<= 0.90 not met"} {
		if got := judge(ratio, 0.9); got != want {
			t.Errorf("%v: %s", ratio, got)
		}
	}
}

func TestPerfdata(t *testing.T) {
	got := perfdata("SMTP OK - 0.1 sec. response time|time=0.100000s;1;2;0 banner_time=0.001500s;;;0 'body_bytes'=309B;;;0 cert_days=364.96;;\nmore | x=1\n")
	want := map[string]float64{"time": 0.1, "banner_time": 0.0015, "body_bytes": 309, "cert_days": 364.96}
	if !maps.Equal(got, want) {
		t.Error(got)
	}
}

func TestDifference(t *testing.T) {
	took, line := map[string]time.Duration{}, "OK|"
	for _, phase := range phases {
		took[phase] = 2 * time.Millisecond
		line += " " + phase + "_time=0.002500s"
	}
	took["tls"] = 4 * time.Millisecond
	all := map[string][]float64{}
	if err := difference(all, took, line); err != nil {
		t.Fatal(err)
	}
	for phase, want := range map[string]float64{"banner": 0.5, "tls": -1.5} {
		if len(all[phase]) != 1 || math.Abs(all[phase][0]-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", phase, all[phase], want)
		}
	}
	if sizes := absolute(all); len(sizes) != len(phases) || math.Abs(sizes[len(sizes)-1]-1.5) > 1e-9 || sizes[0] < 0 {
		t.Error(sizes)
	}
	delete(took, "quit")
	if difference(all, took, line) == nil || difference(all, nil, "OK|") == nil {
		t.Error("a phase that is not there is an error")
	}
}

// TestDelays: no two phases of a run have the same, and over the runs each has all.
func TestDelays(t *testing.T) {
	had := map[string]map[time.Duration]bool{}
	for run := range phases {
		seen := map[time.Duration]bool{}
		for phase, d := range delaysOf(run) {
			if seen[d] || d <= 0 {
				t.Errorf("run %d: %v of %s", run, d, phase)
			}
			seen[d] = true
			if had[phase] == nil {
				had[phase] = map[time.Duration]bool{}
			}
			had[phase][d] = true
		}
	}
	for _, phase := range phases {
		if len(had[phase]) != len(phases) {
			t.Errorf("%s has had %d delays", phase, len(had[phase]))
		}
	}
}

func TestChosen(t *testing.T) {
	for _, test := range []struct {
		only          string
		quick, beside bool
		want          int
	}{
		{"", false, false, len(parts)}, {"", true, false, len(parts) - 1}, {"tricks", true, false, 1},
		{"", false, true, 1}, {"throughput,timing", false, false, 2}, {"nonsense", false, false, -1},
	} {
		list, err := chosen(test.only, test.quick, test.beside)
		if err != nil != (test.want < 0) || err == nil && len(list) != test.want {
			t.Errorf("%+v: %d parts, %v", test, len(list), err)
		}
	}
}
