package dane

import (
	"slices"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// zone is what a resolver answers, by "KIND name": words of which the first may
// be a status, and ad (signed), untrusted, > NAME (an alias), + (a record). A
// question that is not in it must not be asked, but for the second family of
// addresses and whether the resolver verifies signatures.
type zone map[string]string

// scripted answers from a zone, and writes down what was asked.
func (z zone) scripted(t *testing.T, asked *[]string) Lookup {
	return func(name string, kind Kind) Answer {
		question := string(kind) + " " + name
		*asked = append(*asked, question)
		text, known := z[question]
		switch {
		case known:
		case kind == AAAA:
			text = "nodata ad"
		case kind == NS && name == ".":
			text = "ad +"
		default:
			t.Errorf("asked for %s", question)
		}
		return answer(text)
	}
}

func answer(text string) Answer {
	a := Answer{Query: facts.Query{Status: facts.Answered, Trusted: true}}
	words := strings.Fields(text)
	for i, w := range words {
		switch w {
		case "ad":
			a.Secure = true
		case "untrusted":
			a.Trusted = false
		case ">":
			a.Aliases = append(a.Aliases, words[i+1])
		case "+":
			a.Records = append(a.Records, plan.TLSA{Usage: 3, Selector: 1, Matching: 1, Data: make([]byte, 32)})
		default:
			if i == 0 {
				a.Status = facts.QueryStatus(w)
			}
		}
	}
	return a
}

// TestFind plays the vectors that are about questions. The targets come from an
// MX answer that is signed, unless said.
func TestFind(t *testing.T) {
	mx := Target{Host: "mx.lab.test", Port: 25, Domain: "lab.test", Signed: true}
	alias := Target{Host: "alias.lab.test", Port: 25, Domain: "lab.test", Signed: true}
	for _, tt := range []struct {
		name   string
		target Target
		zone   zone
		want   string // result, base, names; or what failed
		tlsa   string // the TLSA questions
	}{
		{"D1", mx, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "ad +"},
			"sought mx.lab.test: mx.lab.test lab.test", "mx.lab.test"},
		{"D17 a secure denial", mx, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "nxdomain ad"},
			"missing", "mx.lab.test"},
		{"D21 an alias, records at its target", alias, zone{"A alias.lab.test": "ad > mx.lab.test +", "TLSA _25._tcp.mx.lab.test": "ad +"},
			"sought mx.lab.test: mx.lab.test lab.test", "mx.lab.test"},
		{"D22 an alias, records at it alone", alias, zone{"A alias.lab.test": "ad > mx.lab.test +", "TLSA _25._tcp.mx.lab.test": "nxdomain ad", "TLSA _25._tcp.alias.lab.test": "ad +"},
			"sought alias.lab.test: alias.lab.test lab.test", "mx.lab.test alias.lab.test"},
		{"D23 the records' name is an alias", mx, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "ad > dane-ee.lab.test +"},
			"sought mx.lab.test: mx.lab.test lab.test", "mx.lab.test"},
		{"D23 which leads out of what is signed", mx, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "> dane-ee.ins.lab.test +"},
			"missing", "mx.lab.test"},
		{"D29 the MX answer is not signed", Target{Host: "mx.lab.test", Port: 25, Domain: "ins.lab.test"}, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "ad +"},
			"sought mx.lab.test: mx.lab.test (hop)", "mx.lab.test"},
		{"D30 the host is not signed", Target{Host: "mx.ins.lab.test", Port: 25, Domain: "lab.test", Signed: true}, zone{"A mx.ins.lab.test": "+"},
			"missing", ""},
		{"D32 the records are bogus", mx, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "bogus"},
			"bogus TLSA _25._tcp.mx.lab.test bogus", "mx.lab.test"},
		{"D33 a signed alias of a host that is not", alias, zone{"A alias.lab.test": "> mx.ins.lab.test +", "CNAME alias.lab.test": "ad > mx.ins.lab.test", "TLSA _25._tcp.alias.lab.test": "ad +"},
			"sought alias.lab.test: alias.lab.test lab.test", "alias.lab.test"},
		{"D33 an alias that is not signed either", alias, zone{"A alias.lab.test": "> mx.ins.lab.test +", "CNAME alias.lab.test": "> mx.ins.lab.test"},
			"missing", ""},
		{"D33 no answer on the alias", alias, zone{"A alias.lab.test": "> mx.ins.lab.test +", "CNAME alias.lab.test": "servfail"},
			"bogus CNAME alias.lab.test servfail", ""},
		{"D34 the domain is an alias", Target{Host: "mx.lab.test", Port: 25, Domain: "v34.lab.test", Expanded: "v01.lab.test.", Signed: true}, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "ad +"},
			"sought mx.lab.test: mx.lab.test v34.lab.test v01.lab.test", "mx.lab.test"},
		{"D35 no MX", Target{Host: "v35.lab.test", Port: 25, Domain: "v35.lab.test", Signed: true}, zone{"A v35.lab.test": "ad +", "TLSA _25._tcp.v35.lab.test": "ad +"},
			"sought v35.lab.test: v35.lab.test", "v35.lab.test"},
		{"D38 no answer on the records", mx, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "timeout"},
			"bogus TLSA _25._tcp.mx.lab.test timeout", "mx.lab.test"},
		{"D39 a host that is not signed is not asked for records", Target{Host: "Mx.Ins.Lab.Test.", Port: 25}, zone{"A mx.ins.lab.test": "+"},
			"missing", ""},
		{"D40 a resolver that is not trusted", mx, zone{"A mx.lab.test": "untrusted +"},
			"untrusted A mx.lab.test", ""},
		{"a resolver that does not verify signatures", mx, zone{"A mx.lab.test": "+", "NS .": "+"},
			"untrusted A mx.lab.test", ""},
		{"a server that knows its own zones only", mx, zone{"A mx.lab.test": "+", "NS .": "refused"},
			"untrusted A mx.lab.test", ""},
		{"a server to which there is no root", mx, zone{"A mx.lab.test": "+", "NS .": "nodata"},
			"untrusted A mx.lab.test", ""},
		{"which proves it", mx, zone{"A mx.lab.test": "+", "NS .": "nodata ad"},
			"missing", ""},
		{"a resolver without a root", mx, zone{"A mx.lab.test": "+", "NS .": "servfail"},
			"missing", ""},
		{"the first base domain's records are not signed", alias, zone{"A alias.lab.test": "ad > mx.lab.test +", "TLSA _25._tcp.mx.lab.test": "+", "TLSA _25._tcp.alias.lab.test": "ad +"},
			"sought alias.lab.test: alias.lab.test lab.test", "mx.lab.test alias.lab.test"},
		{"a bogus first one is not passed over", alias, zone{"A alias.lab.test": "ad > mx.lab.test +", "TLSA _25._tcp.mx.lab.test": "servfail"},
			"bogus TLSA _25._tcp.mx.lab.test servfail", "mx.lab.test"},
		{"bogus addresses", mx, zone{"A mx.lab.test": "servfail", "AAAA mx.lab.test": "bogus"},
			"bogus AAAA mx.lab.test bogus", ""},
		{"one family without an answer", mx, zone{"A mx.lab.test": "ad +", "AAAA mx.lab.test": "servfail", "TLSA _25._tcp.mx.lab.test": "ad +"},
			"sought mx.lab.test: mx.lab.test lab.test", "mx.lab.test"},
		{"one family, and nothing of the other", mx, zone{"A mx.lab.test": "nodata ad", "AAAA mx.lab.test": "timeout"},
			"bogus AAAA mx.lab.test timeout", ""},
		{"no address at all", mx, zone{"A mx.lab.test": "nodata ad"}, "missing", ""},
		{"another port", Target{Host: "mx.lab.test", Port: 465}, zone{"A mx.lab.test": "ad +", "TLSA _465._tcp.mx.lab.test": "ad +"},
			"sought mx.lab.test: mx.lab.test", "465"},
		{"absence cannot be proven", Target{Host: "mx.lab.test", Port: 25, Strict: true}, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "ad +", "A _25._tcp.mx.lab.test": "bogus"},
			"sought mx.lab.test: mx.lab.test (denial)", "mx.lab.test"},
		{"absence can", Target{Host: "mx.lab.test", Port: 25, Strict: true}, zone{"A mx.lab.test": "ad +", "TLSA _25._tcp.mx.lab.test": "ad +", "A _25._tcp.mx.lab.test": "nodata ad"},
			"sought mx.lab.test: mx.lab.test", "mx.lab.test"},
	} {
		var asked []string
		got := Find(tt.target, tt.zone.scripted(t, &asked))
		if text := sketch(got); text != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, text, tt.want)
		}
		if bases := strings.Join(pinned(asked), " "); bases != tt.tlsa && tt.tlsa != "465" {
			t.Errorf("%s: asked for the records of %q, want %q", tt.name, bases, tt.tlsa)
		}
	}
}

// pinned are the base domains of which records were asked for.
func pinned(asked []string) (bases []string) {
	for _, q := range asked {
		if base, ok := strings.CutPrefix(q, "TLSA _25._tcp."); ok {
			bases = append(bases, base)
		}
	}
	return bases
}

// sketch is what was found in one line.
func sketch(d facts.DANE) string {
	switch d.Result {
	case facts.DANEBogus:
		return "bogus " + d.Failed.Type + " " + d.Failed.Name + " " + string(d.Failed.Status)
	case facts.DANEUntrusted:
		return "untrusted " + d.Doubted.Type + " " + d.Doubted.Name
	case facts.DANEMissing:
		return "missing"
	}
	text := "sought " + d.Base + ": " + strings.Join(d.Names, " ")
	if !d.HopSecure {
		text += " (hop)"
	}
	if d.Undenied {
		text += " (denial)"
	}
	return text
}

// TestFound: what was found is passed on whole.
func TestFound(t *testing.T) {
	end := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	want := []plan.TLSA{parsed(t, "3 1 1 "+noBytes), parsed(t, "2 0 1 "+noBytes)}
	got := Find(Target{Host: "mx.lab.test", Port: 25}, func(_ string, kind Kind) Answer {
		return Answer{Query: facts.Query{Status: facts.Answered, Secure: true}, Records: want, Expires: end}
	})
	if !slices.EqualFunc(got.Records, want, plan.TLSA.Equal) || !got.Expires.Equal(end) || !got.HostSecure || !got.HopSecure || got.Port != 25 {
		t.Errorf("%+v", got)
	}
}

// TestGiven (D42): records of the command line need no resolver, and the names of
// a domain count without one that could vouch for them.
func TestGiven(t *testing.T) {
	l := newLab(t)
	leaf := l.leaf(called("lab.test"))
	for _, tt := range []struct {
		record plan.TLSA
		want   facts.DANEResult
	}{
		{record(3, 1, 1, leaf), facts.DANEVerified},
		{wrong(record(3, 1, 1, leaf)), facts.DANEMismatch},
		{record(2, 1, 1, l.sub), facts.DANEVerified},
	} {
		d := Given(Target{Host: "mx.lab.test", Port: 25, Domain: "lab.test"}, []plan.TLSA{tt.record})
		if Meet(&d, sent(leaf, l.sub), now()); d.Result != tt.want || !d.Given {
			t.Errorf("%s: %s", tt.record.Short(), d.Result)
		}
	}
}
