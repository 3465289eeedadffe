package resolve

import (
	"testing"
	"time"

	"check_smtp/internal/facts"
)

// FuzzAnswer: whatever a server sends, what is made of it keeps to the limits.
func FuzzAnswer(f *testing.F) {
	f.Fuzz(func(t *testing.T, packet []byte, typ uint16) {
		q := question{"example.org", Type(typ)}
		if len(packet) > 1 {
			q.answers(packet, uint16(packet[0])<<8|uint16(packet[1]))
		}
		r := parse(packet, q.typ)
		if len(r.records) > maxRecords || r.ede != nil && len(r.ede.Text) > maxReason {
			t.Errorf("%d records, %+v", len(r.records), r.ede)
		}
		if r.broken {
			return
		}
		a := q.answered(r, time.Unix(1767225600, 0))
		checkAnswer(t, q, a)
		if q.typ == CNAME {
			return
		}
		checkAnswer(t, q, Answer{Owner: q.name, Aliases: []Alias{{Name: "example.net", To: q.name}}, dangling: true}.then(a))
	})
}

func checkAnswer(t *testing.T, q question, a Answer) {
	if len(a.Aliases) > maxAliases {
		t.Errorf("%d aliases", len(a.Aliases))
	}
	alias := q.typ == CNAME && a.Aliases != nil && a.Status != facts.AliasLoop // an alias of itself leads nowhere
	if found := a.records() > 0 || alias; found != (a.Status == facts.Answered) && !a.dangling {
		t.Errorf("%+v", a)
	}
	for _, name := range names(a) {
		if name == "" || len(name) > 254 || !printable(name) {
			t.Errorf("the name %q", name)
		}
	}
	for _, text := range a.TXT {
		if len(text) > maxText {
			t.Errorf("%d bytes of text", len(text))
		}
	}
}

// names are all names that an answer holds.
func names(a Answer) []string {
	all := append([]string{a.Owner}, a.NS...)
	for _, m := range a.MX {
		all = append(all, m.Host)
	}
	for _, s := range a.SRV {
		all = append(all, s.Target)
	}
	for _, alias := range a.Aliases {
		all = append(all, alias.Name, alias.To)
	}
	return all
}

// FuzzConf: whatever a resolv.conf holds, there are at most three servers.
func FuzzConf(f *testing.F) {
	f.Fuzz(func(t *testing.T, conf []byte) {
		c := Parse(conf)
		if len(c.Servers) > maxServers {
			t.Error(c)
		}
		for _, s := range c.Servers {
			if !s.IsValid() || s.Addr().Is4In6() {
				t.Error(s)
			}
		}
	})
}
