package session

import (
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

// TestDiscreet: what may be a secret in commands of the user's own is not shown,
// and the rest is.
func TestDiscreet(t *testing.T) {
	for _, tt := range []struct{ commands, shown string }{
		{"NOOP|VRFY root", "NOOP|VRFY root"},
		{"AUTH PLAIN AHUAcA==|NOOP", "AUTH PLAIN [secret]|NOOP"},
		{" auth login dQ==|cA==|RSET", "auth login [secret]|[secret]|RSET"},
		{"AUTH LOGIN|dQ==|hunter2 is it|NOOP|cA==", "AUTH LOGIN|[secret]|[secret]|NOOP|cA=="},
		{"AUTH LOGIN|*|XCLIENT NAME=x", "AUTH LOGIN|*|XCLIENT NAME=x"},
		{"AUTH CRAM-MD5|Xyz=|noop", "AUTH CRAM-MD5|[secret]|noop"},
		{"AUTH|cA==", "AUTH|cA=="},
	} {
		steps := []plan.Step{{Phase: plan.Banner, Arg: "x"}}
		for c := range strings.SplitSeq(tt.commands, "|") {
			steps = append(steps, plan.Step{Phase: plan.Command, Arg: c})
		}
		var shown []string
		for _, s := range discreet(steps)[1:] {
			shown = append(shown, s.Arg)
		}
		if got := strings.Join(shown, "|"); got != tt.shown {
			t.Errorf("%s: %s, want %s", tt.commands, got, tt.shown)
		}
	}
}
