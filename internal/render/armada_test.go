package render

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// armada is a run with so many targets, every one of which is wrong where wrong
// says so, and whose names are hostile.
func armada(n int, rule plan.FoldRule, wrong func(int) bool) verdict.Report {
	start := time.Unix(1767225600, 0)
	run := facts.Run{Survey: &facts.Survey{Start: start, Found: facts.Discovery{Kind: facts.ByMX, Name: "example.org\n|x=1", Rule: plan.FamilyAddress}}}
	for i := range n {
		host := fmt.Sprintf("mx%d|\x1b[31m'\n%s\xff.example.org", i, strings.Repeat("x", 200))
		s := facts.Session{Host: host, Port: 25, Rank: i, Timeout: time.Second, Addrs: []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}}
		if !wrong(i) {
			s.Start, s.Total = start, time.Second
		}
		run.Survey.Found.Hosts = append(run.Survey.Found.Hosts, facts.Exchanger{Host: host})
		run.Survey.Found.Lints = append(run.Survey.Found.Lints, facts.TargetLint{Kind: facts.LintAlias, Host: host, Of: host})
		run.Sessions = append(run.Sessions, s)
	}
	if rule != plan.FoldAll {
		run.Survey.Found.Lints = nil
	}
	return verdict.Judge(run, plan.Limits{Fold: &plan.Fold{Rule: rule, Least: 1}})
}

// TestFleetFits: many targets with hostile names leave an output that every poller
// reads, and of the lines of targets those that are wrong come through.
func TestFleetFits(t *testing.T) {
	for _, n := range []int{1, 16, 100} {
		for _, rule := range []plan.FoldRule{plan.FoldAll, plan.FoldAny, plan.FoldAtLeast} {
			for name, wrong := range map[string]func(int) bool{
				"all": func(int) bool { return true }, "none": func(int) bool { return false }, "some": func(i int) bool { return i%25 == 12 },
			} {
				out := rendered(t, armada(n, rule, wrong), plan.Output{Format: plan.Nagios})
				first, rest, _ := strings.Cut(out, "\n")
				text, _, _ := strings.Cut(first, "|")
				if len(out) > maxAll || len(text) > maxFirst {
					t.Errorf("%d targets, %s, %s wrong: %d bytes, %d of text", n, rule, name, len(out), len(text))
				}
				if strings.ContainsAny(out, "\x1b\x00\r") || !utf8.ValidString(out) || strings.Contains(rest, "|") || strings.Count(first, "|") != 1 {
					t.Errorf("%d targets, %s, %s wrong: not clean: %q", n, rule, name, out)
				}
				if n > 12 && name == "some" && strings.Count(rest, ": CRITICAL") != (n+12)/25 {
					t.Errorf("%d targets, %s: no line of one that is wrong:\n%s", n, rule, rest)
				}
			}
		}
	}
}
