package resolve

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

func lookup(t *testing.T, name string, typ Type, play func(asked) []said) Answer {
	t.Helper()
	c, _ := client(t, "127.0.0.1", play)
	return c.Lookup(t.Context(), time.Now().Add(time.Minute), name, typ)
}

// TestRecords: each type in its form, hostile ones left out one by one.
func TestRecords(t *testing.T) {
	txt := func(s ...string) dnsmessage.ResourceBody { return &dnsmessage.TXTResource{TXT: s} }
	srv := &dnsmessage.SRVResource{Priority: 1, Weight: 2, Port: 465, Target: dnsmessage.MustNewName("Mail.X.test.")}
	kib := strings.Repeat("x", 128)
	for name, test := range map[string]struct {
		typ    Type
		bodies []dnsmessage.ResourceBody
		want   Answer
	}{
		"MX":              {MX, []dnsmessage.ResourceBody{mx(20, "B.test."), mx(10, "a.test.")}, Answer{MX: []Exchange{{20, "b.test"}, {10, "a.test"}}}},
		"null MX":         {MX, []dnsmessage.ResourceBody{mx(0, ".")}, Answer{MX: []Exchange{{0, "."}}}},
		"SRV":             {SRV, []dnsmessage.ResourceBody{srv}, Answer{SRV: []Service{{1, 2, 465, "mail.x.test"}}}},
		"A":               {A, []dnsmessage.ResourceBody{a4("192.0.2.1")}, Answer{Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}},
		"A of five bytes": {A, []dnsmessage.ResourceBody{unknown(A, 1, 2, 3, 4, 5), a4("192.0.2.1")}, Answer{Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.1")}, Unread: 1}},
		"AAAA":            {AAAA, []dnsmessage.ResourceBody{&dnsmessage.AAAAResource{AAAA: netip.MustParseAddr("2001:db8::1").As16()}}, Answer{Addrs: []netip.Addr{netip.MustParseAddr("2001:db8::1")}}},
		"AAAA of four":    {AAAA, []dnsmessage.ResourceBody{unknown(AAAA, 1, 2, 3, 4)}, Answer{Unread: 1, Query: facts.Query{Status: facts.Malformed}}},
		"TXT of three":    {TXT, []dnsmessage.ResourceBody{txt("v=STSv1;", " id=", "1")}, Answer{TXT: []string{"v=STSv1; id=1"}}},
		"two TXT":         {TXT, []dnsmessage.ResourceBody{txt("one"), txt("")}, Answer{TXT: []string{"one", ""}}},
		"TXT of 4096":     {TXT, []dnsmessage.ResourceBody{txt(strings.Split(strings.Repeat(kib+" ", 31)+kib, " ")...)}, Answer{TXT: []string{strings.Repeat(kib, 32)}}},
		"TXT of 4097":     {TXT, []dnsmessage.ResourceBody{txt(append(strings.Split(strings.Repeat(kib+" ", 31)+kib, " "), "x")...), txt("a")}, Answer{TXT: []string{"a"}, Unread: 1}},
		"TLSA":            {TLSA, []dnsmessage.ResourceBody{unknown(TLSA, 3, 1, 1, 0xab, 0xcd), unknown(TLSA, 255, 0, 0)}, Answer{TLSA: []plan.TLSA{{Usage: 3, Selector: 1, Matching: 1, Data: []byte{0xab, 0xcd}}, {Usage: 255, Data: []byte{}}}}},
		"TLSA of two":     {TLSA, []dnsmessage.ResourceBody{unknown(TLSA, 3, 1)}, Answer{Unread: 1, Query: facts.Query{Status: facts.Malformed}}},
		"a dot inside":    {MX, []dnsmessage.ResourceBody{unknown(MX, 0, 1, 3, 'a', '.', 'b', 0), mx(2, "b.test.")}, Answer{MX: []Exchange{{2, "b.test"}}, Unread: 1}},
		"a control byte":  {MX, []dnsmessage.ResourceBody{unknown(MX, 0, 1, 3, 'a', '\n', 'b', 0), mx(2, "b.test.")}, Answer{MX: []Exchange{{2, "b.test"}}, Unread: 1}},
		"nothing usable":  {MX, []dnsmessage.ResourceBody{unknown(MX, 0, 1, 3, 'a', 0x7f, 'b', 0)}, Answer{Unread: 1, Query: facts.Query{Status: facts.Malformed}}},
		"bytes above":     {MX, []dnsmessage.ResourceBody{unknown(MX, 0, 1, 2, 0xff, 'B', 0)}, Answer{MX: []Exchange{{1, "\xffb"}}}},
		"MX without name": {MX, []dnsmessage.ResourceBody{unknown(MX, 0, 1), mx(2, "b.test.")}, Answer{MX: []Exchange{{2, "b.test"}}, Unread: 1}},
		"a loop":          {MX, []dnsmessage.ResourceBody{unknown(MX, 0, 1, 0xc0, 43)}, Answer{Unread: 1, Query: facts.Query{Status: facts.Malformed}}},
		"another type":    {MX, []dnsmessage.ResourceBody{a4("192.0.2.1"), mx(2, "b.test.")}, Answer{MX: []Exchange{{2, "b.test"}}}},
		"an alias itself": {CNAME, []dnsmessage.ResourceBody{cname("a.test.")}, Answer{Aliases: []Alias{{"x.test", "a.test"}}, Owner: "a.test"}},
	} {
		got := lookup(t, "x.test", test.typ, func(a asked) []said {
			edits := []edit{ad}
			for _, b := range test.bodies {
				edits = append(edits, with("x.test.", 60, b))
			}
			if a.network == "udp" && len(a.reply(edits...)) > 65000 {
				t.Fatal("too long for a datagram")
			}
			return now(a.reply(edits...))
		})
		if test.want.Status == "" {
			test.want.Status = facts.Answered
		}
		if got.Status != test.want.Status || !got.Secure && got.Status == facts.Answered {
			t.Errorf("%s: %s, secure %v", name, got.Status, got.Secure)
		}
		if test.want.Owner == "" {
			test.want.Owner = "x.test"
		}
		if d := cmp.Diff(test.want, got, cmpopts.IgnoreFields(Answer{}, "Query"), cmpopts.IgnoreUnexported(Answer{}), cmpopts.EquateComparable(netip.Addr{})); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestCompressionLoop: names that never end (RFC 1035 section 4.1.4), as the owner
// of a record and inside one.
func TestCompressionLoop(t *testing.T) {
	for _, inside := range []bool{false, true} {
		got := lookup(t, "x.test", A, func(a asked) []said {
			b := a.reply(with("x.test.", 60, cname("x.test.")), func(m *dnsmessage.Message) { m.Additionals = nil })
			at := byte(len(a.packet) - 11) // where the record is: the query ends with an OPT record
			to, name := at, byte(12)
			if inside {
				to = at + 12
			} else {
				name = at
			}
			return now(append(b[:at:at], 0xc0, name, 0, byte(CNAME), 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, to))
		})
		if got.Status != facts.Malformed || got.Unread != 1 {
			t.Errorf("%+v", got)
		}
	}
}

// TestAliases: an answer that ends with an alias is asked on for, and is as good
// as its worst part.
func TestAliases(t *testing.T) {
	until := uint32(time.Now().Add(24 * time.Hour).Unix())
	zone := map[string][]edit{
		"x.test.":     {ad, with("x.test.", 600, cname("a.test.")), with("a.test.", 50, cname("b.test.")), with("x.test.", 1, signed(until)), with("z.test.", 1, signed(until-1000))},
		"b.test.":     {ad, with("b.test.", 300, a4("192.0.2.1")), with("b.test.", 1, signed(until-100)), with("b.test.", 1, signed(until+50))},
		"plain.test.": {with("plain.test.", 10, cname("b.test."))},
		"half.test.":  {ad, with("half.test.", 10, cname("bare.test."))},
		"bare.test.":  {with("bare.test.", 70, a4("192.0.2.2"))},
		"none.test.":  {ad, final, with("none.test.", 10, cname("b.test."))},
		"gone.test.":  {ad, code(dnsmessage.RCodeNameError), with("gone.test.", 10, cname("c.test."))},
		"lame.test.":  {with("lame.test.", 10, cname("fails.test."))},
		"fails.test.": {code(dnsmessage.RCodeRefused)},
		"one.test.":   {with("one.test.", 10, cname("two.test."))},
		"two.test.":   {with("two.test.", 10, cname("one.test."))},
		"empty.test.": {with("empty.test.", 10, cname("void.test."))},
		"void.test.":  {},
		"zero.test.":  {with("zero.test.", 0, a4("192.0.2.3"))},
		"minus.test.": {with("minus.test.", 1<<31, a4("192.0.2.3"))},
	}
	for i := range 15 {
		name := string(rune('a'+i)) + "long.test."
		zone[name] = []edit{with(name, 10, cname(string(rune('b'+i))+"long.test."))}
	}
	c, s := client(t, "127.0.0.1", func(a asked) []said { return now(a.reply(zone[a.name]...)) })
	for _, test := range []struct {
		name    string
		status  facts.QueryStatus
		secure  bool
		owner   string
		aliases string
		expires uint32
	}{
		{"x.test", facts.Answered, true, "b.test", "x.test>a.test a.test>b.test", until - 100},
		{"b.test", facts.Answered, true, "b.test", "", until - 100},
		{"plain.test", facts.Answered, false, "b.test", "plain.test>b.test", until - 100},
		{"half.test", facts.Answered, false, "bare.test", "half.test>bare.test", 0},
		{"none.test", facts.NoData, true, "b.test", "none.test>b.test", 0},
		{"gone.test", facts.NoName, true, "c.test", "gone.test>c.test", 0},
		{"lame.test", facts.Refused, false, "fails.test", "lame.test>fails.test", 0},
		{"one.test", facts.AliasLoop, false, "one.test", "one.test>two.test two.test>one.test", 0},
		{"empty.test", facts.NoData, false, "void.test", "empty.test>void.test", 0},
		{"along.test", facts.Malformed, false, "klong.test", "along.test>blong.test blong.test>clong.test clong.test>dlong.test dlong.test>elong.test elong.test>flong.test flong.test>glong.test glong.test>hlong.test hlong.test>ilong.test ilong.test>jlong.test jlong.test>klong.test", 0},
		{"zero.test", facts.Answered, false, "zero.test", "", 0},
		{"minus.test", facts.Answered, false, "minus.test", "", 0},
	} {
		got := c.Lookup(t.Context(), time.Now().Add(time.Minute), test.name, A)
		var aliases []string
		for _, a := range got.Aliases {
			aliases = append(aliases, a.Name+">"+a.To)
		}
		var expires time.Time
		if test.expires != 0 {
			expires = time.Unix(int64(test.expires), 0)
		}
		if got.Name != test.name || got.Status != test.status || got.Secure != test.secure || got.Owner != test.owner || strings.Join(aliases, " ") != test.aliases || !got.Expires.Equal(expires) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
	if n := strings.Count(s.how(), "@"); n != len(c.Queries()) || n != len(zone)-5+1 {
		t.Errorf("%d queries, %d noted: %v", n, len(c.Queries()), s.seen)
	}
}

// TestRetrace: where the resolver only fails, it is the aliases that tell of a
// circle.
func TestRetrace(t *testing.T) {
	to := map[string]string{"x.test.": "y.test.", "y.test.": "z.test.", "z.test.": "y.test.", "me.test.": "me.test.", "good.test.": "dead.test."}
	for i := range 15 {
		to[string(rune('a'+i))+"long.test."] = string(rune('b'+i)) + "long.test."
	}
	c, s := client(t, "192.0.2.53", func(a asked) []said {
		if a.typ == CNAME && to[a.name] != "" {
			return now(a.reply(with(a.name, 60, cname(to[a.name]))))
		}
		if a.typ == CNAME && a.name == "none.test." {
			return now(a.reply())
		}
		return now(a.reply(code(dnsmessage.RCodeServerFailure)))
	})
	for _, test := range []struct {
		name    string
		want    facts.QueryStatus
		aliases int
		queries int
	}{
		{"x.test", facts.AliasLoop, 3, 4},
		{"me.test", facts.AliasLoop, 1, 2},
		{"none.test", facts.ServFail, 0, 2},
		{"good.test", facts.ServFail, 0, 3},
		{"along.test", facts.Malformed, 10, 12},
	} {
		before := len(s.seen)
		got := c.Lookup(t.Context(), time.Now().Add(time.Minute), test.name, A)
		if n := len(s.seen) - before; got.Status != test.want || len(got.Aliases) != test.aliases || n != test.queries || got.Type != "A" || got.Name != test.name {
			t.Errorf("%d queries, %+v", n, got)
		}
	}
}

// TestSignatureEnd: 32 bits of seconds count round and round.
func TestSignatureEnd(t *testing.T) {
	for _, test := range []struct {
		now  string
		s    signature
		want string
	}{
		{"2026-01-01T00:00:00Z", 1767225600 + 86400, "2026-01-02T00:00:00Z"},
		{"2026-01-01T00:00:00Z", 1767225600 - 86400, "2025-12-31T00:00:00Z"},
		{"2106-02-07T00:00:00Z", 86400, "2106-02-08T06:28:16Z"},
		{"2106-02-08T00:00:00Z", 4294967295, "2106-02-07T06:28:15Z"},
	} {
		at, err := time.Parse(time.RFC3339, test.now)
		if got := test.s.end(at).UTC().Format(time.RFC3339); err != nil || got != test.want {
			t.Errorf("%d at %s: %s, want %s", test.s, test.now, got, test.want)
		}
	}
}

// TestLargeAnswer: the largest answer that there can be costs next to nothing.
func TestLargeAnswer(t *testing.T) {
	const n = 3000
	play := func(a asked) []said {
		if a.network == "udp" {
			return now(a.reply(func(m *dnsmessage.Message) { m.Truncated = true }))
		}
		b := a.reply(func(m *dnsmessage.Message) { m.Additionals = nil })
		binary.BigEndian.PutUint16(b[6:], n)
		for range n {
			b = append(b, 0xc0, 12, 0, byte(A), 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1)
		}
		return now(b)
	}
	c, _ := client(t, "127.0.0.1", play)
	a := asked{packet: must(question{"x.test", A}.pack(flavour{edns: true})), network: "tcp"}
	packet := play(a)[0].packet
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := parse(packet, A)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; !r.broken || used > 1<<20 {
		t.Errorf("%d bytes, broken: %v", used, r.broken)
	}
	if got := c.Lookup(t.Context(), time.Now().Add(time.Minute), "x.test", A); got.Status != facts.Malformed || got.Addrs != nil {
		t.Errorf("%s, %d addresses", got.Status, len(got.Addrs))
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// TestExtended: one of several errors, its text cut between letters.
func TestExtended(t *testing.T) {
	option := func(code byte, text string) dnsmessage.Option {
		return dnsmessage.Option{Code: 15, Data: append([]byte{0, code}, text...)}
	}
	for _, test := range []struct {
		options []dnsmessage.Option
		want    *facts.EDE
	}{
		{nil, nil},
		{[]dnsmessage.Option{{Code: 10, Data: []byte("cookie")}, {Code: 15, Data: []byte{0}}}, nil},
		{[]dnsmessage.Option{option(22, "a"), option(9, "b"), option(6, "c")}, &facts.EDE{Code: 9, Text: "b"}},
		{[]dnsmessage.Option{option(22, strings.Repeat("ä", 150))}, &facts.EDE{Code: 22, Text: strings.Repeat("ä", 100)}},
		{[]dnsmessage.Option{option(22, "x"+strings.Repeat("ä", 150))}, &facts.EDE{Code: 22, Text: "x" + strings.Repeat("ä", 99)}},
		{[]dnsmessage.Option{option(22, strings.Repeat("\x80", 300))}, &facts.EDE{Code: 22}},
	} {
		if d := cmp.Diff(test.want, extended(test.options)); d != "" {
			t.Error(d)
		}
	}
}
