package roots

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// plainly is what AppendCertsFromPEM of crypto/x509 would find.
func plainly(data []byte, want [][]byte) (found []*x509.Certificate) {
	for {
		var b *pem.Block
		if b, data = pem.Decode(data); b == nil {
			return found
		}
		if b.Type != "CERTIFICATE" || len(b.Headers) != 0 {
			continue
		}
		if c, err := x509.ParseCertificate(b.Bytes); err == nil && contains(want, c.RawSubject) {
			found = append(found, c)
		}
	}
}

func scanned(t *testing.T, r io.Reader, window int, want [][]byte) []*x509.Certificate {
	t.Helper()
	found, err := (&scanner{want: want, window: make([]byte, window)}).file(r)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func FuzzScan(f *testing.F) {
	one, two, three := fixed(f, "A"), fixed(f, "B"), fixed(f, strings.Repeat("Long ", 160))
	text := inPEM(one, two)
	f.Add([]byte(text), uint16(700))
	f.Add([]byte(inPEM(two, three, one)), uint16(5000))
	f.Add([]byte("# x\n"+text+"# y\n"+inPEM(two)), uint16(16<<10))
	f.Add([]byte(strings.ReplaceAll(text, "\n", "\r\n")), uint16(900))
	f.Add([]byte(text[:300]+"!"+text[301:]), uint16(1000))
	f.Add([]byte(strings.Replace(text, "-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\n-----END ", 1)), uint16(1000))
	f.Add([]byte("-----BEGIN X-----\nA:b\n-----END X-----: foo\n"+text), uint16(1))
	f.Add([]byte(strings.Replace(text, "-----\n", "-----\nProc-Type: 4\n\n", 1)), uint16(64))
	f.Add([]byte(strings.ReplaceAll(text, "M", "M ")), uint16(2000))
	f.Add([]byte(strings.ReplaceAll(text, "\n", "\n\n")), uint16(2000))
	f.Add([]byte(strings.Replace(text, "A", "=", 1)), uint16(2000))
	f.Fuzz(func(t *testing.T, data []byte, window uint16) {
		// The names of two of the seeds, and every other one of the input.
		want := [][]byte{one.RawSubject, three.RawSubject}
		for i, c := range (&scanner{}).whole(data) {
			if i%2 == 0 {
				want = append(want, c.RawSubject)
			}
		}
		expected := plainly(data, want)
		for i, found := range [][]*x509.Certificate{
			(&scanner{want: want}).whole(data),
			scanned(t, bytes.NewReader(data), int(window)+1, want),
			scanned(t, iotest.HalfReader(bytes.NewReader(data)), 1000, want),
		} {
			if !slices.EqualFunc(found, expected, (*x509.Certificate).Equal) {
				t.Errorf("way %d: %d certificates, want %d", i, len(found), len(expected))
			}
		}
	})
}

// FuzzSubject: where the walker finds a subject in a certificate, it is the
// subject.
func FuzzSubject(f *testing.F) {
	f.Add(fixed(f, "A").Raw)
	f.Add(fixed(f, strings.Repeat("Long ", 160)).Raw)
	f.Add([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0x30, 0x83, 0xff, 0xff, 0xff, 0x30, 0x80, 0xa0})
	f.Fuzz(func(t *testing.T, der []byte) {
		block := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		body, _ := block0(t, block)
		p := prefix{text: body}
		from, to, ok := p.subject()
		c, err := x509.ParseCertificate(der)
		if err != nil || !ok || !p.have(to) {
			return
		}
		if !bytes.Equal(p.der[from:to], c.RawSubject) {
			t.Errorf("subject %x, want %x", p.der[from:to], c.RawSubject)
		}
	})
}

func block0(t *testing.T, text string) (body []byte, after int) {
	t.Helper()
	body, after = block([]byte(text), true)
	if body != nil && after != len(text) {
		t.Errorf("a block of %d bytes, want %d", after, len(text))
	}
	return body, after
}

// TestRegular: what is common must take the short way.
func TestRegular(t *testing.T) {
	a := newParty(t, "A")
	for _, before := range []string{"", "\n", "# Comment: A\n"} {
		text := []byte(before + inPEM(issue(t, a, a)))
		body, after := block(text, true)
		if body == nil || after != len(text) {
			t.Errorf("%q: not a regular block", before)
		}
		s := scanner{want: [][]byte{[]byte("something else")}}
		if s.maybe(body) {
			t.Errorf("%q: not ruled out by its subject", before)
		}
	}
}

func TestReadError(t *testing.T) {
	a := newParty(t, "A")
	broken := errors.New("input/output error")
	text := inPEM(issue(t, a, a))
	for _, window := range []int{100, 16 << 10} {
		s := scanner{window: make([]byte, window)}
		found, err := s.file(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
		if found != nil || err != broken {
			t.Errorf("%d certificates and error %v, want none and %v", len(found), err, broken)
		}
	}
}
