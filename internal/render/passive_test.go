package render

import (
	"strings"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// TestCommandFits: a line for a named pipe is written whole or not at all only up to
// 4,096 bytes, however much a server says and however many numbers there are.
func TestCommandFits(t *testing.T) {
	for _, words := range []string{"", strings.Repeat(`;|\`+"\n", 1500)} {
		for _, numbers := range []int{0, 10, 1000} {
			r := verdict.Report{State: plan.Warning, Run: facts.Of(facts.Session{Host: "mx", Port: 25})}
			for range 20 {
				r.Findings = append(r.Findings, verdict.Finding{State: plan.Warning, Text: "said " + words})
			}
			for range numbers {
				r.Metrics = append(r.Metrics, verdict.Metric{Label: "rcptto_time", Value: 1, Unit: "s"})
			}
			name := strings.Repeat("x", 255)
			o := plan.Output{Format: plan.NagiosCommand, Verbose: 3, Receiver: plan.Receiver{Service: &plan.Service{Host: name, Name: name}}}
			out := rendered(t, r, o)
			if len(out) > maxCommand || strings.Count(out, "\n") != 1 || strings.Count(out, ";") != 4 {
				t.Errorf("%d bytes: %s", len(out), out)
			}
			if left := strings.Contains(out, " numbers left out"); left != (numbers == 1000) {
				t.Errorf("%d numbers: %s", numbers, out)
			}
		}
	}
}
