package verdict

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// above adds a certificate to the path of a session.
func above(f facts.Session, name string, from, to time.Duration) facts.Session {
	c := &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotBefore: start.Add(from), NotAfter: start.Add(to)}
	tls := *f.TLS
	tls.Path = append(slices.Clip(path(&f)), c)
	f.TLS = &tls
	return f
}

// TestPathDates: each certificate between the server's own and a root has dates.
func TestPathDates(t *testing.T) {
	good := certified(-day, 90*day)
	limits := plan.Limits{Cert: plan.Certificate{Warning: &plan.Expiry{Amount: 30, Of: plan.CertDays}, Critical: &plan.Expiry{Amount: 7, Of: plan.CertDays}}}
	tests := []struct {
		name   string
		facts  facts.Session
		limits plan.Limits
		texts  []string
	}{
		{"all is well", above(good, "A", -day, 100*day), limits, nil},
		{"one ends soon", above(above(good, "A", -day, 100*day), "B", -day, 20*day), limits, []string{"certificate 'B' in the chain of 'mx.test' expires in 20 days"}},
		{"nobody asked", above(good, "A", -day, 5*day), plan.Limits{}, nil},
		{"one has ended", above(above(good, "A", -day, 100*day), "B", -2*day, -day), plan.Limits{}, []string{"certificate 'B' in the chain of 'mx.test' expired on"}},
		{"one has not begun", above(good, "A", day, 100*day), plan.Limits{}, []string{"certificate 'A' in the chain of 'mx.test' is not valid before"}},
		{"two of them", above(certified(-2*day, -day), "A", -2*day, -time.Hour), limits, []string{"certificate 'mx.test' expired on", "certificate 'A' in the chain of 'mx.test' expired on"}},
		{"one has ended, the server's own will", above(certified(-2*day, 5*day), "A", -2*day, -time.Hour), limits, []string{"certificate 'mx.test' expires in 5 days", "certificate 'A' in the chain of 'mx.test' expired on"}},
	}
	for _, tt := range tests {
		got := Judge(facts.Of(tt.facts), tt.limits).Findings
		ok := len(got) == len(tt.texts)
		for i := range min(len(got), len(tt.texts)) {
			ok = ok && strings.HasPrefix(got[i].Text, tt.texts[i])
		}
		if !ok {
			t.Errorf("%s: %v, want %q", tt.name, got, tt.texts)
		}
	}
}

// TestFarDates: no unit of time ends before the year 9999 does.
func TestFarDates(t *testing.T) {
	f := certified(-day, day)
	f.TLS.Chain[0].NotAfter = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for _, limit := range []plan.Expiry{{Amount: 1e6, Of: plan.CertDays}, {Amount: 24e6, Of: plan.CertHours}, {Amount: 99, Of: plan.CertPercent}} {
		for _, cert := range []plan.Certificate{{Warning: &limit}, {Critical: &limit}} {
			r := Judge(facts.Of(f), plan.Limits{Cert: cert})
			if r.State != plan.OK || len(r.Notes) != 1 || !strings.Contains(r.Notes[0], " days (9999-12-31T23:59:59Z)") || strings.Contains(r.Notes[0], "106751") {
				t.Errorf("limit %v: %v %q", limit, r.State, r.Notes)
			}
		}
	}
}

// TestRoots: the end of a root is told and not judged.
func TestRoots(t *testing.T) {
	days := func(of plan.Label, amount float64) plan.Limits {
		return plan.Limits{Cert: plan.Certificate{Warning: &plan.Expiry{Amount: amount, Of: of}}}
	}
	tests := []struct {
		left   time.Duration
		limits plan.Limits
		told   bool
	}{
		{40 * day, plan.Limits{}, false},
		{20 * day, plan.Limits{}, true},
		{40 * day, days(plan.CertDays, 60), true},
		{40 * day, days(plan.CertDays, 30), false},
		{40 * day, days(plan.CertHours, 50*24), true},
		{40 * day, days(plan.CertPercent, 50), false},
		{-day, plan.Limits{}, true},
	}
	for _, tt := range tests {
		f := certified(-day, 900*day)
		f.TLS.Root = &x509.Certificate{Subject: pkix.Name{CommonName: "R"}, NotBefore: start.Add(-900 * day), NotAfter: start.Add(tt.left)}
		r := Judge(facts.Of(f), tt.limits)
		told := slices.ContainsFunc(r.Notes, func(n string) bool { return strings.HasPrefix(n, "root certificate 'R' exp") })
		if told != tt.told || r.State != plan.OK {
			t.Errorf("%v left, %+v: %v %q", tt.left, tt.limits.Cert, r.State, r.Notes)
		}
	}
}

func TestWeak(t *testing.T) {
	key := func(bits uint) *rsa.PublicKey { return &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), bits-1)} }
	tests := []struct {
		name string
		path []x509.Certificate
		root *x509.Certificate
		want string
	}{
		{"long", []x509.Certificate{{PublicKey: key(2048), SignatureAlgorithm: x509.SHA256WithRSA}}, nil, ""},
		{"short", []x509.Certificate{{PublicKey: key(2047), SignatureAlgorithm: x509.SHA256WithRSA}}, nil, "certificate 'mx' is weak: RSA key of 2047 bits"},
		{"SHA-1", []x509.Certificate{{SignatureAlgorithm: x509.ECDSAWithSHA1}}, nil, "certificate 'mx' is weak: SHA-1 signature"},
		{"both", []x509.Certificate{{PublicKey: key(1024), SignatureAlgorithm: x509.MD5WithRSA}}, nil, "certificate 'mx' is weak: RSA key of 1024 bits, MD5 signature"},
		{"its own SHA-1 signature", []x509.Certificate{{RawIssuer: []byte("mx"), SignatureAlgorithm: x509.SHA1WithRSA}}, nil, ""},
		{"above", []x509.Certificate{{}, {SignatureAlgorithm: x509.SHA1WithRSA}}, nil, "certificate 'A' in the chain of 'mx' is weak: SHA-1 signature"},
		{"a root's", []x509.Certificate{{}}, &x509.Certificate{RawSubject: []byte("A"), RawIssuer: []byte("A"), PublicKey: key(1024), SignatureAlgorithm: x509.SHA1WithRSA},
			"certificate 'A' in the chain of 'mx' is weak: RSA key of 1024 bits"},
	}
	for _, tt := range tests {
		f := certified(-day, 90*day)
		f.TLS.Path = nil
		for i := range tt.path {
			c := &tt.path[i]
			c.Subject.CommonName, c.RawSubject = []string{"mx", "A"}[i], []byte([]string{"mx", "A"}[i])
			c.NotBefore, c.NotAfter = start.Add(-day), start.Add(90*day)
			f.TLS.Path = append(f.TLS.Path, c)
		}
		f.TLS.Chain = f.TLS.Path[:1]
		if f.TLS.Root = tt.root; tt.root != nil {
			tt.root.Subject.CommonName, tt.root.NotBefore, tt.root.NotAfter = "A", start.Add(-day), start.Add(90*day)
		}
		r := Judge(facts.Of(f), plan.Limits{States: map[plan.Condition]plan.State{plan.CondCertWeak: plan.Warning}})
		text := ""
		if len(r.Findings) > 0 {
			text = r.Findings[0].Text
		}
		told := Judge(facts.Of(f), plan.Limits{})
		if text != tt.want || told.State != plan.OK || slices.Contains(told.Notes, tt.want) != (tt.want != "") {
			t.Errorf("%s: %q, told %q, want %q", tt.name, text, told.Notes, tt.want)
		}
	}
}

// TestUnread: what only this program cannot read is a condition of its own, and
// what it ended by itself was not ended by the server.
func TestUnread(t *testing.T) {
	for _, f := range []facts.Session{told(plan.Banner, "220 x", plan.Ehlo, "250 x", plan.Shake, failure(facts.Unreadable, errors.New("why"))),
		told(plan.Shake, failure(facts.Unreadable, errors.New("why")))} {
		r := Judge(facts.Of(f), plan.Limits{})
		if r.State != plan.Unknown || r.Findings[0].Condition != plan.CondCertUnreadable || !strings.HasSuffix(r.Findings[0].Text, ": why") {
			t.Errorf("%v %v", r.State, r.Findings)
		}
		if r := Judge(facts.Of(f), plan.Limits{States: map[plan.Condition]plan.State{plan.CondCertUnreadable: plan.OK}}); r.State != plan.OK || len(r.Notes) != 1 || r.Proven != nil {
			t.Errorf("declared to be fine: %v %v %q", r.State, r.Findings, r.Notes)
		}
	}
	r := Judge(facts.Of(told(plan.Ehlo, "250 x", plan.MailFrom, failure(facts.Objected, errors.New("why")))), plan.Limits{})
	if r.State != plan.Critical || r.Findings[0].Text != "mailfrom <>: ended by this program: why" {
		t.Errorf("%v %v", r.State, r.Findings)
	}
}

// TestExpiryInPerfdata: the limits of -D stand with the number that they are of,
// unless -w or -c has limits of its own there or nothing is judged.
func TestExpiryInPerfdata(t *testing.T) {
	days, hours, percent := &plan.Expiry{Amount: 30, Of: plan.CertDays}, &plan.Expiry{Amount: 36, Of: plan.CertHours}, &plan.Expiry{Amount: 5, Of: plan.CertPercent}
	own := map[plan.Label]plan.Range{plan.CertDays: {Start: 7, End: math.Inf(1)}}
	for want, l := range map[string]plan.Limits{
		"cert_days=20;31:;": {Cert: plan.Certificate{Warning: days}},
		"cert_days=20;; cert_hours=480;;36: cert_percent=22.22;5:;": {Cert: plan.Certificate{Warning: percent, Critical: hours}},
		"cert_days=20;;":   {Cert: plan.Certificate{Warning: days, Critical: days, IgnoreExpiry: true}},
		"cert_days=20;; ":  {Cert: plan.Certificate{Warning: days, Critical: hours}, States: map[plan.Condition]plan.State{plan.CondCertExpiring: plan.OK}},
		"cert_days=20;7:;": {Cert: plan.Certificate{Warning: days, Critical: days}, Warning: own},
	} {
		f := certified(-70*day, 20*day)
		var got []string
		for _, m := range Judge(facts.Of(f), l).Metrics {
			if strings.HasPrefix(string(m.Label), "cert_") {
				got = append(got, fmt.Sprintf("%s=%v;%s;%s", m.Label, m.Value, ranged(m.Warning), ranged(m.Critical)))
			}
		}
		if text := strings.Join(got, " "); text != strings.TrimSpace(want) {
			t.Errorf("%s, want %s", text, want)
		}
	}
}

func ranged(r *plan.Range) string {
	if r == nil {
		return ""
	}
	return r.String()
}
