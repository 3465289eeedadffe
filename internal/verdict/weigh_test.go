package verdict

import (
	"slices"
	"testing"

	"check_smtp/internal/plan"
)

// TestWeigh: an aside counts only while nothing as grave is wrong.
func TestWeigh(t *testing.T) {
	aside := func(s plan.State) Finding { return Finding{Condition: plan.CondUnreached, State: s} }
	quit := func(s plan.State) Finding { return Finding{Condition: plan.CondQuit, State: s} }
	other := func(s plan.State) Finding { return Finding{State: s} }
	tests := []struct {
		name             string
		findings, asides []Finding
		want             []Finding
	}{
		{"nothing", nil, nil, nil},
		{"alone", nil, []Finding{aside(plan.Unknown)}, []Finding{aside(plan.Unknown)}},
		{"two of a kind", nil, []Finding{aside(plan.Unknown), quit(plan.Unknown)}, []Finding{aside(plan.Unknown), quit(plan.Unknown)}},
		{"beside a graver one", []Finding{other(plan.Warning)}, []Finding{aside(plan.Unknown)}, []Finding{other(plan.Warning)}},
		{"beside one of the same state", []Finding{other(plan.Unknown)}, []Finding{aside(plan.Unknown)}, []Finding{other(plan.Unknown)}},
		{"graver than the other", []Finding{other(plan.Warning)}, []Finding{quit(plan.Critical)}, []Finding{quit(plan.Critical), other(plan.Warning)}},
		{"weighed again", []Finding{aside(plan.Unknown), other(plan.Warning)}, []Finding{aside(plan.Unknown)}, []Finding{other(plan.Warning)}},
	}
	for _, tt := range tests {
		if got := Weigh(tt.findings, tt.asides); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
