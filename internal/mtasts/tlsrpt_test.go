package mtasts

import (
	"reflect"
	"strings"
	"testing"

	"check_smtp/internal/facts"
)

func TestReports(t *testing.T) {
	const mail, post = "mailto:t@lab.test", "https://r.lab.test/v1"
	bad := func(kind facts.RUAFlawKind, text string) []facts.RUAFlaw {
		return []facts.RUAFlaw{{Kind: kind, Text: text}}
	}
	rf := func(kind facts.TLSRPTFlawKind, text string) *facts.TLSRPTFlaw {
		return &facts.TLSRPTFlaw{Kind: kind, Text: text}
	}
	for _, tt := range []struct {
		name  string
		texts []string
		rua   []string
		bad   []facts.RUAFlaw
		flaw  *facts.TLSRPTFlaw
	}{
		{"R1", []string{"v=TLSRPTv1; rua=" + mail}, []string{mail}, nil, nil},
		{"R1 two", []string{"v=TLSRPTv1;rua=" + mail + "," + post}, []string{mail, post}, nil, nil},
		{"R1 blanks around the comma", []string{"v=TLSRPTv1; rua=" + mail + " , " + post}, []string{mail, post}, nil, nil},
		{"R1 semicolon at the end", []string{"v=TLSRPTv1; rua=" + mail + ";"}, []string{mail}, nil, nil},
		{"R1 a field before", []string{"v=TLSRPTv1; foo=bar; rua=" + mail}, []string{mail}, nil, nil},
		{"two rua", []string{"v=TLSRPTv1; rua=" + mail + "; rua=" + post}, []string{mail, post}, nil, nil},
		{"R2", nil, nil, nil, nil},
		{"R3 no semicolon", []string{"v=TLSRPTv1"}, nil, nil, nil},
		{"R3 no field", []string{"v=TLSRPTv1;"}, nil, nil, rf(facts.TLSRPTNoRUA, "")},
		{"R3 empty", []string{"v=TLSRPTv1; rua="}, nil, bad(facts.RUAEmpty, ""), rf(facts.TLSRPTBadRUA, "")},
		{"R3 no scheme", []string{"v=TLSRPTv1; rua=t@lab.test"}, nil, bad(facts.RUANoURI, "t@lab.test"), rf(facts.TLSRPTBadRUA, "t@lab.test")},
		{"R4", []string{"v=TLSRPTv1; rua=http://x.test/"}, nil, bad(facts.RUAScheme, "http://x.test/"), rf(facts.TLSRPTBadRUA, "http://x.test/")},
		{"R5", []string{"v=TLSRPTv1; rua=" + mail, "v=TLSRPTv1; rua=" + mail}, nil, nil, rf(facts.TLSRPTSeveral, "")},
		{"R5 another record", []string{"v=spf1 -all", "v=TLSRPTv1; rua=" + mail}, []string{mail}, nil, nil},
		{"R6", []string{"v=TLSRPTv1; rua=mailto:a@lab.test!10m"}, nil, bad(facts.RUAReserved, "mailto:a@lab.test!10m"), rf(facts.TLSRPTBadRUA, "mailto:a@lab.test!10m")},
		{"R7", []string{"v=TLSRPTv1; rua=t@lab.test," + mail}, []string{mail}, bad(facts.RUANoURI, "t@lab.test"), nil},
		{"escaped", []string{"v=TLSRPTv1; rua=mailto:a%21b@lab.test"}, []string{"mailto:a%21b@lab.test"}, nil, nil},
		{"a subject", []string{"v=TLSRPTv1; rua=mailto:a@lab.test?subject=x"}, []string{"mailto:a@lab.test?subject=x"}, nil, nil},
		{"capitals", []string{"v=TLSRPTv1; rua=MAILTO:a@lab.test"}, []string{"MAILTO:a@lab.test"}, nil, nil},
		{"nobody", []string{"v=TLSRPTv1; rua=mailto:"}, nil, bad(facts.RUANoAddress, "mailto:"), rf(facts.TLSRPTBadRUA, "mailto:")},
		{"no domain", []string{"v=TLSRPTv1; rua=mailto:t@"}, nil, bad(facts.RUANoAddress, "mailto:t@"), rf(facts.TLSRPTBadRUA, "mailto:t@")},
		{"slashes", []string{"v=TLSRPTv1; rua=mailto://t@lab.test"}, nil, bad(facts.RUANoAddress, "mailto://t@lab.test"), rf(facts.TLSRPTBadRUA, "mailto://t@lab.test")},
		{"no host", []string{"v=TLSRPTv1; rua=https:///v1"}, nil, bad(facts.RUANoHost, "https:///v1"), rf(facts.TLSRPTBadRUA, "https:///v1")},
		{"a blank inside", []string{"v=TLSRPTv1; rua=mailto:a b@lab.test"}, nil, bad(facts.RUANoURI, "mailto:a b@lab.test"), rf(facts.TLSRPTBadRUA, "mailto:a b@lab.test")},
		{"a comma at the end", []string{"v=TLSRPTv1; rua=" + mail + ","}, []string{mail}, bad(facts.RUAEmpty, ""), nil},
		{"no equals sign", []string{"v=TLSRPTv1; rua=" + mail + "; foo"}, []string{mail}, nil, rf(facts.TLSRPTBadField, "foo")},
		{"a value that is none", []string{"v=TLSRPTv1; foo=; rua=" + mail}, nil, nil, rf(facts.TLSRPTBadField, "foo=")},
		{"long", []string{"v=TLSRPTv1; rua=" + strings.Repeat("x", 999)}, nil, bad(facts.RUANoURI, strings.Repeat("x", 200)), rf(facts.TLSRPTBadRUA, strings.Repeat("x", 200))},
	} {
		r := Reports(tt.texts)
		missing := tt.rua == nil && tt.bad == nil && tt.flaw == nil
		if !reflect.DeepEqual(r.RUA, tt.rua) || !reflect.DeepEqual(r.Bad, tt.bad) || !reflect.DeepEqual(r.Flaw, tt.flaw) || r.Missing() != missing {
			t.Errorf("%s: %+v, flaw %+v", tt.name, r, r.Flaw)
		}
	}
	if r := Reports([]string{"v=tlsrptv1; rua=" + mail}); r.Near == "" || !r.Missing() {
		t.Errorf("%+v", r)
	}
}

func FuzzReports(f *testing.F) {
	for _, seed := range []string{"v=TLSRPTv1; rua=mailto:t@lab.test,https://r.lab.test/v1;", "v=TLSRPTv1;", "v=TLSRPTv1; rua=mailto:a@lab.test!10m", "v=TLSRPTv1; foo=bar; rua=,", "v=TLSRPTv1; rua=mailto:%zz@a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := Reports([]string{text})
		if r.Missing() && (r.RUA != nil || r.Bad != nil || r.Flaw != nil) || !r.Missing() && r.Flaw == nil && r.RUA == nil {
			t.Errorf("%+v", r)
		}
		for _, uri := range r.RUA {
			if strings.ContainsAny(uri, " ,;!") || !strings.Contains(text, uri) {
				t.Errorf("%q", uri)
			}
		}
		for _, flaw := range r.Bad {
			if len(flaw.Text) > maxText {
				t.Errorf("%q", flaw.Text)
			}
		}
	})
}
