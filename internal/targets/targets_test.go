package targets

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// exchangers is a zone with so many of them.
func exchangers(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, "example.org MX %d mx%02d.example.org\nmx%02d.example.org A 192.0.2.%d\n", i%3, i, i, i)
	}
	return b.String()
}

// even hangs every second server.
func even(a netip.Addr) bool { return a.As4()[3]%2 == 0 }

// TestInTime: however many servers hang, the run ends at its deadline, each session
// has its share, and who has none was not begun.
func TestInTime(t *testing.T) {
	for _, test := range []struct {
		name                  string
		hosts, parallel, most int
		each                  time.Duration
		hangs                 func(netip.Addr) bool
		took                  time.Duration
		well, begun           int
	}{
		{"half of 16 hang", 16, 4, 16, 0, even, 10 * time.Second, 8, 16},
		{"half of 16 hang, one at a time", 16, 1, 16, 0, even, 10 * time.Second, 8, 16},
		{"all of 16 hang, one at a time", 16, 1, 16, 0, func(netip.Addr) bool { return true }, 10 * time.Second, 0, 10},
		{"all of 100 hang", 100, 4, 100, 0, func(netip.Addr) bool { return true }, 10 * time.Second, 0, 40},
		{"a limit of each", 16, 4, 16, 500 * time.Millisecond, even, time.Second, 8, 16},
		{"none hangs", 100, 100, 100, 0, nil, time.Millisecond, 100, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := &world{play: knows(exchangers(test.hosts)), hangs: test.hangs}
			run, took := played(t, w, asked("example.org", func(p *plan.Plan) {
				p.Targets.Most, p.Targets.Parallel, p.Targets.Each = test.most, test.parallel, test.each
			}))
			well, begun := 0, 0
			for _, s := range run.Sessions {
				if s.Begun() {
					begun++
				}
				if n := len(s.Records); n > 0 && s.Records[n-1].Failure == nil {
					well++
				}
			}
			if took < test.took || took > test.took+100*time.Millisecond {
				t.Errorf("it took %v, not %v", took, test.took)
			}
			if well != test.well || begun != test.begun || len(run.Sessions) != min(test.hosts, test.most) {
				t.Errorf("%d sessions, %d begun, %d well; want %d begun, %d well", len(run.Sessions), begun, well, test.begun, test.well)
			}
			if w.most > test.parallel || w.twice {
				t.Errorf("%d sessions at a time, one address twice: %v", w.most, w.twice)
			}
		})
	}
}

// TestNeverTwice: no two sessions with one host, nor with one address under several
// names.
func TestNeverTwice(t *testing.T) {
	zone := "mx.example.org A 192.0.2.1\nmx.example.org A 192.0.2.2\nmx.example.org AAAA 2001:db8::1\nother.example.org A 192.0.2.1\n"
	w := &world{play: knows(zone), slow: time.Second}
	run, took := played(t, w, asked("", func(p *plan.Plan) {
		p.Targets.Domain, p.Targets.Addresses = "", plan.EachAddress
		p.Targets.DNS.Servers = []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}
		p.Targets.Hosts = []plan.Host{{Name: "mx.example.org", Port: 25}, {Name: "other.example.org", Port: 25}, {Name: "mx.example.org", Port: 587}}
	}))
	if len(run.Sessions) != 7 || w.twice || took != 6*time.Second { // other.example.org beside another address of mx
		t.Errorf("%d sessions in %v, one address twice: %v", len(run.Sessions), took, w.twice)
	}
}

// TestDiscoveryInTime: finding the servers takes a third of the time at most.
func TestDiscoveryInTime(t *testing.T) {
	zone := exchangers(8) + "mx03.example.org AAAA SILENT\nmx05.example.org A SILENT\nmx05.example.org AAAA SILENT\n"
	run, took := played(t, &world{play: knows(zone)}, asked("example.org"))
	if third := 10 * time.Second / 3; took > third+time.Second || run.Survey.Times.Discover > third+time.Millisecond {
		t.Errorf("it took %v, of that %v to find the servers", took, run.Survey.Times.Discover)
	}
	missing := 0
	for _, s := range run.Sessions {
		if s.Absent != nil && s.Absent.Kind == facts.AbsentUnknown {
			missing++
		}
	}
	if missing != 2 || len(run.Sessions) != 9 { // one has an address of the other kind besides
		t.Errorf("%d sessions, of which %d are not known", len(run.Sessions), missing)
	}
}

// TestOrder: whatever order a resolver answers in, a run is the same.
func TestOrder(t *testing.T) {
	zone := exchangers(6) + "mx01.example.org AAAA 2001:db8::1\nmx01.example.org A 192.0.2.101\nmx02.example.org A 192.0.2.1\n"
	told := func(shuffle func(n int, swap func(i, j int))) (all []string) {
		known := knows(zone)
		w := &world{play: func(q dnsmessage.Message, network string) []said {
			s := known(q, network)
			var m dnsmessage.Message
			m.Unpack(s[0].packet)
			shuffle(len(m.Answers), func(i, j int) { m.Answers[i], m.Answers[j] = m.Answers[j], m.Answers[i] })
			s[0].packet, _ = m.Pack()
			return s
		}}
		run, _ := played(t, w, asked("example.org"))
		for _, s := range run.Sessions {
			all = append(all, fmt.Sprint(s.Rank, s.Host, s.Addrs))
		}
		for _, l := range run.Survey.Found.Lints {
			all = append(all, fmt.Sprint(l))
		}
		return all
	}
	want := told(func(int, func(i, j int)) {})
	for range 10 {
		if got := told(rand.Shuffle); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q, before %q", got, want)
		}
	}
}

// liar is a server of the DNS that means no good. What it says of example.org must
// never look well, and no server may be dialled for it.
type liar struct {
	name string
	play func(q dnsmessage.Message, network string) []said
	want []facts.QueryStatus // what may be said of the question for MX
}

func liars() []liar {
	reply := func(q dnsmessage.Message, edit func(m *dnsmessage.Message)) []byte {
		q.Response, q.Additionals = true, nil
		edit(&q)
		packet, err := q.Pack()
		if err != nil {
			panic(err)
		}
		return packet
	}
	mx := func(owner, host string) dnsmessage.Resource {
		return dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(owner), Class: dnsmessage.ClassINET, TTL: 60},
			Body:   &dnsmessage.MXResource{Pref: 1, MX: dnsmessage.MustNewName(host)},
		}
	}
	alias := func(owner, to string) dnsmessage.Resource {
		return dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(owner), Class: dnsmessage.ClassINET, TTL: 60},
			Body:   &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(to)},
		}
	}
	once := func(edit func(m *dnsmessage.Message)) func(dnsmessage.Message, string) []said {
		return func(q dnsmessage.Message, _ string) []said { return []said{{0, reply(q, edit)}} }
	}
	one := func(s facts.QueryStatus) []facts.QueryStatus { return []facts.QueryStatus{s} }
	return []liar{
		{"silent", func(dnsmessage.Message, string) []said { return nil }, one(facts.NoAnswer)},
		{"slow", func(q dnsmessage.Message, _ string) []said {
			return []said{{time.Minute, reply(q, func(m *dnsmessage.Message) { m.Answers = append(m.Answers, mx("example.org.", "mx.example.org.")) })}}
		}, one(facts.NoAnswer)},
		{"another identifier", once(func(m *dnsmessage.Message) { m.ID++ }), one(facts.NoAnswer)},
		{"another question", once(func(m *dnsmessage.Message) {
			m.Questions[0].Name = dnsmessage.MustNewName("example.net.")
			m.Answers = append(m.Answers, mx("example.net.", "mx.example.net."))
		}), one(facts.NoAnswer)},
		{"no answer but a question", once(func(m *dnsmessage.Message) { m.Response = false }), one(facts.NoAnswer)},
		{"truncated for ever", once(func(m *dnsmessage.Message) { m.Truncated = true }), one(facts.Malformed)},
		{"noise", func(q dnsmessage.Message, _ string) []said {
			b := reply(q, func(*dnsmessage.Message) {})
			return []said{{0, append(b[:len(b):len(b)], 1, 2, 3)}, {0, b[:11]}, {0, nil}}
		}, []facts.QueryStatus{facts.NoData, facts.Malformed, facts.NoAnswer}},
		{"round in a circle", once(func(m *dnsmessage.Message) {
			m.Answers = append(m.Answers, alias("example.org.", "a.example.org."), alias("a.example.org.", "example.org."))
		}), one(facts.AliasLoop)},
		{"from alias to alias", func(q dnsmessage.Message, _ string) []said {
			return []said{{0, reply(q, func(m *dnsmessage.Message) {
				name := m.Questions[0].Name.String()
				if len(name) < 200 {
					m.Answers = append(m.Answers, alias(name, "a."+name))
				}
			})}}
		}, one(facts.Malformed)},
		{"failing", once(func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeServerFailure }), one(facts.ServFail)},
		{"refusing", once(func(m *dnsmessage.Message) { m.RCode = dnsmessage.RCodeRefused }), one(facts.Refused)},
		{"not found, with an answer", once(func(m *dnsmessage.Message) {
			m.RCode = dnsmessage.RCodeNameError
			m.Answers = append(m.Answers, mx("example.org.", "mx.example.org."))
		}), one(facts.NoName)},
		{"too much", once(func(m *dnsmessage.Message) {
			for range 3000 {
				m.Answers = append(m.Answers, mx("example.org.", "mx.example.org."))
			}
		}), one(facts.Malformed)},
	}
}

func TestLiars(t *testing.T) {
	for _, l := range liars() {
		t.Run(l.name, func(t *testing.T) {
			w := &world{play: l.play}
			run, took := played(t, w, asked("example.org"))
			found := run.Survey.Found
			if !slices.Contains(l.want, found.Failed.Status) && !(found.Implicit && slices.Contains(l.want, facts.NoData)) {
				t.Errorf("%q of the question: %+v", found.Failed.Status, found)
			}
			if found.Failed.Name == "" && (len(run.Sessions) != 1 || run.Sessions[0].Absent == nil) {
				t.Errorf("sessions: %+v", run.Sessions)
			}
			if took > 10*time.Second/3+100*time.Millisecond || len(w.dialed) > 0 || w.asked > 60 {
				t.Errorf("it took %v and %d questions, dialled %v", took, w.asked, w.dialed)
			}
			neverWell(t, run)
		})
	}
}

// TestLiarsOnAddresses: nor does what they say of an exchanger.
func TestLiarsOnAddresses(t *testing.T) {
	known := knows("example.org MX 10 mx.example.org\n")
	for _, l := range liars() {
		t.Run(l.name, func(t *testing.T) {
			w := &world{play: func(q dnsmessage.Message, network string) []said {
				if q.Questions[0].Type == dnsmessage.TypeMX {
					return known(q, network)
				}
				return l.play(q, network)
			}}
			run, took := played(t, w, asked("example.org"))
			if took > 10*time.Second/3+100*time.Millisecond || len(w.dialed) > 0 || w.asked > 60 {
				t.Errorf("it took %v and %d questions, dialled %v", took, w.asked, w.dialed)
			}
			neverWell(t, run)
		})
	}
}

// neverWell looks at what is made of a run in which nobody was talked to.
func neverWell(t *testing.T, run facts.Run) {
	t.Helper()
	r := verdict.Judge(run, plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAny}})
	conditions := []plan.Condition{plan.CondResolve, plan.CondMXNone, plan.CondMXHost}
	if r.State == plan.OK || len(r.Findings) == 0 || !slices.Contains(conditions, r.Findings[0].Condition) {
		t.Errorf("%v, %+v", r.State, r.Findings)
	}
}

// TestUnread: a record that nobody can read is told, and the others count.
func TestUnread(t *testing.T) {
	known := knows("example.org MX 10 mx.example.org\nmx.example.org A 192.0.2.1\n")
	w := &world{play: func(q dnsmessage.Message, network string) []said {
		s := known(q, network)
		var m dnsmessage.Message
		m.Unpack(s[0].packet)
		if q.Questions[0].Type == dnsmessage.TypeMX {
			h := m.Answers[0].Header
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: h, Body: &dnsmessage.UnknownResource{Type: dnsmessage.TypeMX, Data: []byte("\x00\x01\x03a.b\x00")}})
		}
		s[0].packet, _ = m.Pack()
		return s
	}}
	run, _ := played(t, w, asked("example.org"))
	want := []facts.TargetLint{{Kind: facts.LintUnread, Host: "example.org"}}
	if got := run.Survey.Found.Lints; !slices.Equal(got, want) || len(w.dialed) != 1 {
		t.Errorf("lints %v, dialled %v", got, w.dialed)
	}
}

// TestBeside: what stands in an answer and belongs to nobody who was asked for is
// not taken.
func TestBeside(t *testing.T) {
	known := knows("example.org MX 10 mx.example.org\nmx.example.org A 192.0.2.1\n")
	w := &world{play: func(q dnsmessage.Message, network string) []said {
		s := known(q, network)
		var m dnsmessage.Message
		m.Unpack(s[0].packet)
		h := dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName("elsewhere.example.org."), Class: dnsmessage.ClassINET, TTL: 60}
		m.Answers = append(m.Answers,
			dnsmessage.Resource{Header: h, Body: &dnsmessage.MXResource{Pref: 1, MX: dnsmessage.MustNewName("evil.example.")}},
			dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 66}}})
		s[0].packet, _ = m.Pack()
		return s
	}}
	run, _ := played(t, w, asked("example.org"))
	if len(run.Sessions) != 1 || run.Sessions[0].Host != "mx.example.org" || len(w.dialed) != 1 || w.dialed[0].Addr() != netip.MustParseAddr("192.0.2.1") {
		t.Errorf("dialled %v, %+v", w.dialed, run.Survey.Found)
	}
}

// TestNamed: where the user names a host and its resolver, name resolution counts as
// in a run without one.
func TestNamed(t *testing.T) {
	w := &world{play: func(q dnsmessage.Message, network string) []said {
		s := knows("mx.example.org A 192.0.2.1\nmx.example.org A 192.0.2.2")(q, network)
		s[0].after = time.Second
		return s
	}}
	run, _ := played(t, w, asked("", func(p *plan.Plan) {
		p.Targets.Hosts, p.Targets.Addresses = []plan.Host{{Name: "mx.example.org", Port: 25}, {Name: "192.0.2.3", Port: 25}}, plan.EachAddress
		p.Targets.DNS.Servers = []netip.AddrPort{netip.MustParseAddrPort("192.0.2.53:53")}
	}))
	for i, want := range []time.Duration{time.Second, time.Second, 0} {
		s := run.Sessions[i]
		if s.Total.Truncate(time.Second) != want || (s.Records[0].Step.Phase == plan.DNS) != (want > 0) || want > 0 && s.Records[0].Took != want {
			t.Errorf("%s %v: all took %v, its first phase, %s, %v; want %v for name resolution", s.Host, s.Addrs, s.Total, s.Records[0].Step.Phase, s.Records[0].Took, want)
		}
	}
}
