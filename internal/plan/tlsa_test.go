package plan

import (
	"strings"
	"testing"
)

func TestParseTLSA(t *testing.T) {
	digest := strings.Repeat("0d32515a", 8)
	want := "3 1 1 " + digest
	for _, text := range []string{
		want,
		"3 1 1 " + strings.ToUpper(digest),
		"  3\t1 1   " + digest[:40] + " " + digest[40:] + "\n",
		"3 1 1 ( " + digest[:32] + "\n\t" + digest[32:] + " )",
		"3 1 1 " + strings.TrimSuffix(strings.ReplaceAll(digest, "0d32515a", "0D:32:51:5A:"), ":"),
		"_25._tcp.mx.example.org. IN TLSA " + want,
		"_25._tcp.mx.example.org. 3600 IN TLSA " + want + " ; until May",
		"_25._tcp.mx.example.org.\t300\tIN\tTLSA\t3 1 1 " + strings.ToUpper(digest[:56]) + " " + digest[56:],
		"_25._tcp IN tlsa " + want,
		"TLSA " + want,
		"_25._tcp.mx.example.org. IN TYPE52 \\# 35 030101 " + digest,
		"\\# 35 03 01 01" + digest,
		`"` + want + `"`,
		"_25._tcp.mx.example.org has TLSA record " + want, // host(1)
	} {
		got, err := ParseTLSA(text)
		if err != nil || got.String() != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	if got, err := ParseTLSA("255 255 255 00"); err != nil || got.String() != "255 255 255 00" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestParseTLSARefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "three numbers and hex digits"},
		{"3 1 1", "three numbers and hex digits"},
		{"TLSA", "three numbers and hex digits"},
		{"3 1 1 ()", "three numbers and hex digits"},
		{"3 1 256 00", "three numbers and hex digits"},
		{"3 1 -1 00", "three numbers and hex digits"},
		{"311 00 11 22", "three numbers and hex digits"},
		{"mx.example.org. IN A 192.0.2.1", "three numbers and hex digits"},
		{"3 1 1 0d3", "a hex digit too few or too many"},
		{"3 1 1 sha256", "not hexadecimal"},
		{"3 1 1 …", "not hexadecimal"},
		{"3 1 1 0x0d", "not hexadecimal"},
		{`\# 4 03010100ff`, "its length"},
		{`\# 3 030101`, "its length"},
		{`\# x 03010100`, "its length"},
		{`\# 35`, "three numbers and hex digits"},
		{"3 1 1 " + strings.Repeat("00", MaxTLSA+1), "too long"},
		{"3 1 1 " + strings.Repeat("00 ", 2*MaxTLSA), "too long"},
	} {
		got, err := ParseTLSA(tt.text)
		if err == nil || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 200 {
			t.Errorf("%.40q: %s, %v", tt.text, got.Short(), err)
		}
	}
}

func TestTLSAText(t *testing.T) {
	r := TLSA{3, 1, 1, []byte{0x0d, 0x32, 0x51, 0x5a, 0xff}}
	if r.Numbers() != "3 1 1" || r.Short() != "3 1 1 0d32515a…" || r.String() != "3 1 1 0d32515aff" {
		t.Error(r.Numbers(), r.Short(), r)
	}
	if r.Data = r.Data[:4]; r.Short() != "3 1 1 0d32515a" {
		t.Error(r.Short())
	}
	for _, other := range []TLSA{{2, 1, 1, r.Data}, {3, 0, 1, r.Data}, {3, 1, 2, r.Data}, {3, 1, 1, r.Data[:3]}} {
		if r.Equal(other) || !r.Equal(r) {
			t.Errorf("%s and %s", r, other)
		}
	}
}

// FuzzTLSA: what is read has the form that it is written in.
func FuzzTLSA(f *testing.F) {
	for _, text := range []string{"3 1 1 0d32515a", "_25._tcp.mx.example.org. 3600 IN TLSA 2 0 1 ( 0d 32:51\n5A ) ; x", `TYPE52 \# 5 03 01 01 0d32`, "255 0 0 ff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseTLSA(text)
		if err != nil {
			if r.Data != nil {
				t.Errorf("%q: %v, and %s", text, err, r)
			}
			return
		}
		if len(r.Data) == 0 || len(r.Data) > MaxTLSA {
			t.Errorf("%q: %d bytes", text, len(r.Data))
		}
		if again, err := ParseTLSA("x. IN TLSA " + r.String()); err != nil || !again.Equal(r) {
			t.Errorf("%q: %s, then %s, %v", text, r, again, err)
		}
	})
}
