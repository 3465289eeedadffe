//go:build e2e

package e2e

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestDomain checks domains of a small internet of its own.
func TestDomain(t *testing.T) {
	if !inside(t, bedPackages...) {
		return
	}
	b := newBed(t)
	for i := range daneCases {
		daneCases[i].prepare(t, b, i)
	}
	b.exchange(t)
	for _, c := range domainCases {
		b.publish(t, c)
	}
	b.startPolicies(t)
	b.start(t)
	t.Run("dane", b.dane)
	t.Run("domain", b.domains)
	t.Run("resolver", b.resolvers)
	t.Run("lookups", b.lookups)
	t.Run("log", func(t *testing.T) { b.real.checkLog(t, 2, nothing) })
}

// domains checks each domain with all that there is to ask.
func (b *bed) domains(t *testing.T) {
	for _, c := range domainCases {
		t.Run(c.name, func(t *testing.T) {
			line, only := strings.CutPrefix(c.args, "only ")
			if !only {
				line = everything + " " + c.args
			}
			line = strings.NewReplacer("{domain}", c.name+".lab.test", "{dir}", b.dir).Replace(line)
			d := check(t, line, c.exit, c.found, c.says, c.long)
			t.Logf("%-14s %-40s %s", c.name, c.what, d.Summary)
		})
	}
}

// document is what ours says in JSON.
type document struct {
	ExitCode int    `json:"exit_code"`
	Summary  string `json:"summary"`
	Findings []struct {
		State     string `json:"state"`
		Condition string `json:"condition"`
		Text      string `json:"text"`
	} `json:"findings"`
	Notes   []string `json:"notes"`
	Targets []struct {
		DANE keys `json:"dane"`
	} `json:"targets"`
	DNS   []query `json:"dns"`
	plain string  // what it says without JSON
}

// opinion is what ours thinks of the keys of the first exchanger.
func (d document) opinion() opinion {
	for condition, o := range map[string]opinion{"dns-bogus": deferred, "mx-null": noMail, "cert-unreadable": noOpinion} {
		for _, f := range d.Findings {
			if f.Condition == condition {
				return o
			}
		}
	}
	switch keys := d.keys(); keys.Result {
	case "verified":
		if !keys.MXSecure {
			return hostOnly
		}
		return verified
	case "mismatch":
		return noMatch
	case "unusable":
		return unusable
	case "no-tls":
		return withoutIt
	case "bogus":
		return deferred
	case "missing":
		return noDANE
	}
	return "?"
}

// keys is what ours found of the TLSA records of the first exchanger.
func (d document) keys() (k keys) {
	if len(d.Targets) > 0 {
		return d.Targets[0].DANE
	}
	return k
}

// keys is what there is to know of the TLSA records of an exchanger.
type keys struct {
	Base     string `json:"base"`
	MXSecure bool   `json:"mx_secure"`
	Result   string `json:"result"`
}

// are says whether these are the conditions of a list. What has a question mark
// there may be missing.
func are(conditions []string, list string) bool {
	for want := range strings.SplitSeq(list, ",") {
		want, may := strings.CutSuffix(want, "?")
		i := slices.Index(conditions, want)
		if i < 0 && !may && want != "" {
			return false
		}
		if i >= 0 {
			conditions = slices.Delete(conditions, i, i+1)
		}
	}
	return len(conditions) == 0
}

func parse(t *testing.T, o outcome) (d document) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.stdout), &d); err != nil {
		t.Fatalf("%v: %v", err, o)
	}
	return d
}

// check runs ours, and asks for an exit code, the conditions that are not OK, and
// texts of the first line and of all of its output.
func check(t *testing.T, line string, exit int, found, says, long string) document {
	t.Helper()
	args, err := splitWords(line)
	if err != nil {
		t.Fatal(err)
	}
	plain := runPlugin(ours, nil, args...)
	checkShape(t, played{outcome: plain, clients: 1})
	o := runPlugin(ours, nil, append(args, "--output-format", "json")...)
	if o.exit != plain.exit {
		t.Errorf("%s\nexit %d in JSON, and plain %v", line, o.exit, plain)
	}
	if !regexp.MustCompile(long).MatchString(plain.stdout) {
		t.Errorf("%s\nwant %s, got %s", line, long, plain.stdout)
	}
	d := parse(t, o)
	d.plain = plain.stdout
	var all []string
	for _, f := range d.Findings {
		if f.State != "OK" && !slices.Contains(all, f.Condition) {
			all = append(all, f.Condition)
		}
	}
	slices.Sort(all)
	if got := strings.Join(all, ","); o.exit != exit || !are(all, found) || !regexp.MustCompile(says).MatchString(d.Summary) {
		t.Errorf("%s\nwant exit %d, %q and %q,\ngot  exit %d, %q: %s", line, exit, found, says, o.exit, got, o.stdout)
	}
	return d
}
