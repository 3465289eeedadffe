package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"check_smtp/internal/plan"
	"check_smtp/internal/smtptest"
)

// TestManyFormats: the results of a list are what the reader of each format knows,
// whatever the rows are called.
func TestManyFormats(t *testing.T) {
	var list strings.Builder
	for i, name := range []string{`a`, `b\"c`, `a|b;c d`, `a,b`, `\u001b[2J\u202e`, `\\`, `line 8`, `例え`} {
		fmt.Fprintf(&list, "{\"args\": [\"-H\", \"192.0.2.%d\", \"-t\", \"5\"], \"name\": \"%s\"}\n", i%3+1, name)
	}
	list.WriteString("192.0.2.1\n192.0.2.1 -p 0\n'open\n")
	each := func(validate func(string) error) func(string) error {
		return func(out string) error {
			n := 0
			for line := range strings.Lines(out) {
				n++
				if err := validate(line); err != nil {
					return fmt.Errorf("%w: %s", err, line)
				}
			}
			if n != 11 {
				return fmt.Errorf("%d lines", n)
			}
			return nil
		}
	}
	for format, validate := range map[plan.Format]func(string) error{
		plan.JSON: each(validators[plan.JSON]), plan.OpenMetrics: families, plan.Checkmk: localChecks, plan.Influx: each(points), plan.Nagios: clean,
	} {
		story := &smtptest.Story{Files: map[string]string{"list": list.String()}, Connect: map[string]string{"192.0.2.1": "refused", "192.0.2.2": "silent", "192.0.2.3": "unreachable"}}
		var code int
		var out string
		synctest.Test(t, func(t *testing.T) {
			code, out = (&world{t: t, story: story}).run("--targets", "list", "--output-format", string(format))
		})
		if err := validate(out); err != nil || code != 2 {
			t.Errorf("%s: exit %d, %v\n%s", format, code, err, out)
		}
	}
}

// TestManyFamilies: a family of metrics stands there once, with the samples of all
// results, and no two are of the same name.
func TestManyFamilies(t *testing.T) {
	i := slices.IndexFunc(stories(t), func(s *smtptest.Story) bool { return title(s) == "many/openmetrics" })
	out := stories(t)[i].Stdout
	for family, samples := range map[string]int{"up": 5, "state": 5, "time_seconds": 4} {
		if types := strings.Count(out, "# TYPE check_smtp_"+family+" "); types != 1 {
			t.Errorf("%d families %s", types, family)
		}
		if n := strings.Count(out, "\ncheck_smtp_"+family+"{name="); n != samples {
			t.Errorf("%d samples of %s", n, family)
		}
	}
	if err := families(out); err != nil {
		t.Error(err)
	}
}
