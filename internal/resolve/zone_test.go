package resolve

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/smtptest"
)

// lab is a signed zone with an unsigned and a broken child. What comes of it below
// is what real servers, Knot DNS and Unbound, make of the same zone.
const lab = `
lab.test SIGNED 24h
lab.test MX 10 mx1.lab.test
mx1.lab.test A 127.0.0.31
_25._tcp.mx1.lab.test TLSA 3 1 1 aabb
_mta-sts.lab.test TXT "v=STSv1; " "id=1"
_submissions._tcp.lab.test SRV 0 1 465 mx1.lab.test
ns.lab.test AAAA 2001:db8::1
ins.lab.test UNSIGNED
mx3.ins.lab.test A 127.0.0.33
mx3.bog.lab.test A 127.0.0.34
mx3.bog.lab.test * BOGUS
alias33.lab.test CNAME mx3.ins.lab.test
alias1.lab.test CNAME mx1.lab.test
loop1.lab.test CNAME loop2.lab.test
loop2.lab.test CNAME loop1.lab.test
down.lab.test * SERVFAIL
mute.lab.test TLSA SILENT
mute.lab.test A 127.0.0.35
closed.lab.test A REFUSED
`

func TestZone(t *testing.T) {
	for _, test := range []struct {
		name string
		typ  Type
		want string
	}{
		{"lab.test", MX, "ok secure [{10 mx1.lab.test}] 24h0m0s"},
		{"mx1.lab.test", A, "ok secure [127.0.0.31] 24h0m0s"},
		{"mx1.lab.test", AAAA, "nodata secure"},
		{"_25._tcp.mx1.lab.test", TLSA, "ok secure [3 1 1 aabb] 24h0m0s"},
		{"_tcp.mx1.lab.test", TLSA, "nodata secure"},
		{"_25._tcp.ns.lab.test", TLSA, "nxdomain secure"},
		{"_mta-sts.lab.test", TXT, "ok secure [v=STSv1; id=1] 24h0m0s"},
		{"_submissions._tcp.lab.test", SRV, "ok secure [{0 1 465 mx1.lab.test}] 24h0m0s"},
		{"mx3.ins.lab.test", A, "ok [127.0.0.33]"},
		{"mx3.bog.lab.test", A, "bogus"},
		{"alias33.lab.test", A, "ok [127.0.0.33] 24h0m0s"},
		{"alias33.lab.test", CNAME, "ok secure 24h0m0s"},
		{"alias1.lab.test", A, "ok secure [127.0.0.31] 24h0m0s"},
		{"loop1.lab.test", A, "loop secure 24h0m0s"},
		{"down.lab.test", MX, "servfail"},
		{"mute.lab.test", TLSA, "timeout"},
		{"mute.lab.test", A, "ok secure [127.0.0.35] 24h0m0s"},
		{"closed.lab.test", A, "refused"},
		{"example.org", A, "nxdomain"},
	} {
		synctest.Test(t, func(t *testing.T) {
			zone, err := smtptest.ReadZone(lab)
			if err != nil {
				t.Fatal(err)
			}
			got := New(zone, Config{}).Lookup(t.Context(), time.Now().Add(time.Minute), test.name, test.typ)
			if s := inWords(got); s != test.want {
				t.Errorf("%s %s: %s, want %s", test.typ, test.name, s, test.want)
			}
		})
	}
}

func inWords(a Answer) string {
	words := []string{string(a.Status)}
	if a.Secure {
		words = append(words, "secure")
	}
	switch {
	case a.MX != nil:
		words = append(words, fmt.Sprint(a.MX))
	case a.SRV != nil:
		words = append(words, fmt.Sprint(a.SRV))
	case a.Addrs != nil:
		words = append(words, fmt.Sprint(a.Addrs))
	case a.TXT != nil:
		words = append(words, fmt.Sprint(a.TXT))
	case a.TLSA != nil:
		words = append(words, fmt.Sprint(a.TLSA))
	}
	if !a.Expires.IsZero() {
		words = append(words, time.Until(a.Expires).String())
	}
	return strings.Join(words, " ")
}

// TestAddresses: both families, each with an outcome of its own.
func TestAddresses(t *testing.T) {
	zone, err := smtptest.ReadZone("x.test A SERVFAIL\nx.test AAAA 2001:db8::1\n")
	if err != nil {
		t.Fatal(err)
	}
	v4, v6 := New(zone, Config{}).Addresses(t.Context(), time.Now().Add(time.Minute), "x.test")
	if v4.Status != facts.ServFail || v6.Status != facts.Answered || len(v6.Addrs) != 1 {
		t.Errorf("%+v\n%+v", v4, v6)
	}
}
