package plan

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestParseRange(t *testing.T) {
	tests := []struct {
		in, out       string
		calm, alarmed []float64
	}{
		{"10", "10", []float64{0, 5, 10}, []float64{-1, 10.000001}},
		{"10:", "10:", []float64{10, 1e9}, []float64{9.9}},
		{"~:10", "~:10", []float64{-1e9, 10}, []float64{11}},
		{"10:20", "10:20", []float64{10, 20}, []float64{9, 21}},
		{"@10:20", "@10:20", []float64{9, 21}, []float64{10, 15, 20}},
		{"@5", "@5", []float64{-1, 6}, []float64{0, 5}},
		{"0:10", "10", []float64{3}, []float64{11}},
		{":10", "10", []float64{3}, []float64{11}},
		{"-5:-1", "-5:-1", []float64{-3}, []float64{0}},
		{"~:", "~:", []float64{-1e300, 1e300}, nil},
		{":", "0:", []float64{0}, []float64{-1}},
		{".5", "0.5", []float64{0.4}, []float64{0.6}},
		{"-0:1", "1", []float64{0}, []float64{2}},
	}
	for _, tt := range tests {
		r, err := ParseRange(tt.in)
		if err != nil {
			t.Errorf("%q: %v", tt.in, err)
			continue
		}
		if r.String() != tt.out {
			t.Errorf("%q prints as %q, want %q", tt.in, r, tt.out)
		}
		for _, v := range tt.calm {
			if r.Violated(v) {
				t.Errorf("%q alerts at %v", tt.in, v)
			}
		}
		for _, v := range tt.alarmed {
			if !r.Violated(v) {
				t.Errorf("%q is calm at %v", tt.in, v)
			}
		}
	}
}

func TestParseRangeRefuses(t *testing.T) {
	for _, in := range []string{"", "@", "abc", "1:2:3", "20:10", "~", "1:~", "inf", "nan", "0x10", "1e3", " 1", "1 ", "5s", "1.2.3", "0,5", "5,10", "1:2,5", "1,2,3", "--1", "+-1", "@@1"} {
		if r, err := ParseRange(in); err == nil {
			t.Errorf("%q is accepted as %v", in, r)
		}
	}
}

func FuzzRange(f *testing.F) {
	for _, in := range []string{"10", "@~:5", "1:2", "0.5", ":", "-1:-0", "99999999999999999999"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		r, err := ParseRange(in)
		if err != nil {
			return
		}
		again, err := ParseRange(r.String())
		if err != nil || again != r || math.IsNaN(r.Start) || r.Start > r.End {
			t.Fatalf("%q reads as %+v, prints as %q, reads back as %+v (%v)", in, r, r, again, err)
		}
		if strings.ContainsAny(r.String(), " ;,'\"=|eE") {
			t.Fatalf("%q prints as %q", in, r)
		}
	})
}

func TestEveryConditionHasADefault(t *testing.T) {
	word := regexp.MustCompile(`^[a-z-]+$`)
	for _, c := range Conditions() {
		told := slices.Contains([]Condition{CondCertUntrusted, CondCertName, CondCertWeak,
			CondDANEMissing, CondDANEInsecure, CondDANERollover, CondSTSMissing, CondTLSRPTMissing}, c)
		if (c.Default() == OK) != told || !word.MatchString(string(c)) || c.Text() == "" {
			t.Errorf("condition %q, default %v", c, c.Default())
		}
		changed := Limits{States: map[Condition]State{c: OK}}
		if changed.State(c) != OK || changed.StateBefore(c) != OK {
			t.Errorf("%s cannot be changed", c)
		}
	}
}

func TestSteps(t *testing.T) {
	from := "a@b"
	mismatch := &Expect{Condition: CondResponse}
	tests := []struct {
		name string
		wish Wish
		want string
	}{
		{"plain", Wish{}, "connect banner ehlo quit"},
		{"name", Wish{Resolve: true}, "dns connect banner ehlo quit"},
		{"from and commands", Wish{From: &from, Commands: []string{"NOOP", "RSET"}, Responses: []*Expect{nil, mismatch}},
			"connect banner ehlo mailfrom(a@b) command(NOOP) command(RSET)? quit"},
		{"quit after", Wish{From: &from, Commands: []string{"NOOP"}, QuitAfter: MailFrom}, "connect banner ehlo mailfrom(a@b) quit"},
		{"quit after the last command", Wish{Commands: []string{"NOOP", "RSET"}, QuitAfter: Command}, "connect banner ehlo command(NOOP) command(RSET) quit"},
		{"starttls and a login", Wish{TLS: StartTLS, Auth: true, From: &from}, "connect banner ehlo starttls tls ehlo_tls sasl_auth mailfrom(a@b) quit"},
		{"implicit TLS behind a proxy", Wish{TLS: ImplicitTLSIfCan, Proxy: true}, "connect proxy tls banner ehlo quit"},
		{"no TLS", Wish{TLS: NoTLS}, "connect banner ehlo quit"},
		{"message", Wish{From: &from, Commands: []string{"NOOP"}, To: []string{"x", "y"}}, "connect banner ehlo mailfrom(a@b) command(NOOP) rcptto(x) rcptto(y) data body quit"},
		{"message by LMTP", Wish{From: &from, To: []string{"x", "y"}, PerRecipient: true}, "connect banner ehlo mailfrom(a@b) rcptto(x) rcptto(y) data body(x) body(y) quit"},
		{"recipients only", Wish{From: &from, To: []string{"x", "y"}, QuitAfter: RcptTo}, "connect banner ehlo mailfrom(a@b) rcptto(x) rcptto(y) rset quit"},
		{"quit before the recipients", Wish{From: &from, To: []string{"x"}, QuitAfter: MailFrom}, "connect banner ehlo mailfrom(a@b) quit"},
		{"quit after the message", Wish{From: &from, To: []string{"x", "y"}, PerRecipient: true, QuitAfter: Body}, "connect banner ehlo mailfrom(a@b) rcptto(x) rcptto(y) data body(x) body(y) quit"},
		{"expect", Wish{Expect: map[Phase]*Expect{Banner: mismatch}}, "connect banner? ehlo quit"},
	}
	for _, tt := range tests {
		if got := spell(Steps(tt.wish)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func spell(steps []Step) string {
	var words []string
	for _, s := range steps {
		word := string(s.Phase)
		if s.Arg != "" {
			word += "(" + s.Arg + ")"
		}
		if s.Expect != nil {
			word += "?"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestParseExpectReply(t *testing.T) {
	phase, e, err := ParseExpectReply("mailfrom=250,55x/^5.*relay")
	if err != nil || phase != MailFrom {
		t.Fatal(phase, err)
	}
	for reply, want := range map[string]bool{"250 ok relay": false, "553 no relay": true, "553 no": false, "451 relay": false} {
		code := int(reply[0]-'0')*100 + int(reply[1]-'0')*10 + int(reply[2]-'0')
		if e.Met(code, reply) != want {
			t.Errorf("%q: %v", reply, !want)
		}
	}
	for _, in := range []string{"", "banner", "banner=", "banner=25", "banner=2500", "banner=abc", "dns=250", "nowhere=250", "banner=250/(", "banner=250,"} {
		if _, _, err := ParseExpectReply(in); err == nil {
			t.Errorf("%q is accepted", in)
		}
	}
}
