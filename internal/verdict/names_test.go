package verdict

import (
	"net/netip"
	"strings"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// fleetOf are targets of "HOST ADDRESS".
func fleetOf(hosts ...string) *Fleet {
	e := &Fleet{}
	for _, text := range hosts {
		host, address, _ := strings.Cut(text, " ")
		f := &facts.Session{Host: host}
		if a, err := netip.ParseAddr(address); err == nil {
			f.Addrs = []netip.Addr{a}
		}
		e.Targets = append(e.Targets, Target{Session: f})
	}
	return e
}

// TestLabels: every target has a name of its own that says who it is, and that does
// not hang on who else there is.
func TestLabels(t *testing.T) {
	long := strings.Repeat("a", 60) + ".example.org"
	for _, test := range []struct {
		rule  plan.Addresses
		hosts []string
		want  string
	}{
		{plan.FamilyAddress, []string{"mx1.example.org 192.0.2.1"}, "time_mx1_example_org_4"},
		{plan.FamilyAddress, []string{"mx1.example.org 192.0.2.1", "mx1.example.org 2001:db8::1"}, "time_mx1_example_org_4 time_mx1_example_org_6"},
		{plan.FirstAddress, []string{"MX1.example.org 192.0.2.1", "mx1.example.org 192.0.2.2"}, "time_mx1_example_org time_mx1_example_org_2"},
		{plan.FirstAddress, []string{"mx1.example.org"}, "time_mx1_example_org"},
		{plan.EachAddress, []string{"mx1 192.0.2.1", "mx1 2001:db8::1"}, "time_mx1_192_0_2_1 time_mx1_2001_db8__1"},
		{plan.FamilyAddress, []string{"a|b=1\x00;'ü 192.0.2.1"}, "time_a_b_1_____4"},
		{plan.FamilyAddress, []string{long + " 192.0.2.1", long + "x 192.0.2.1"}, "time_" + strings.Repeat("a", 38) + "_4 time_" + strings.Repeat("a", 36) + "_4_2"},
		{plan.FirstAddress, []string{"a.b", "a_b", "a-b"}, "time_a_b time_a_b_2 time_a_b_3"},
	} {
		e := fleetOf(test.hosts...)
		e.label(test.rule)
		var got []string
		for _, target := range e.Targets {
			if got = append(got, string(target.Label)); !target.Label.TargetOwn() {
				t.Errorf("%q is no label that anybody could ask for", target.Label)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: %q, want %q", test.hosts, got, test.want)
		}
	}
}
