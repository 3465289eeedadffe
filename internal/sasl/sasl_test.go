package sasl

import (
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"os"
	"strings"
	"testing"
	"time"

	gosasl "github.com/emersion/go-sasl"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// TestMechanisms walks the table.
func TestMechanisms(t *testing.T) {
	for _, m := range Mechanisms {
		name, _, err := New(Login{Mechanism: m.Name, User: "joe", Secret: "p", Facts: &facts.Auth{}}).Start()
		if row, known := Of(m.Name); name != string(m.Name) || err != nil || !known || row.Name != m.Name {
			t.Errorf("%s: %s, %v", m.Name, name, err)
		}
		if m.Token && !m.Password || m.Password && !m.User {
			t.Errorf("%s: %+v", m.Name, m)
		}
	}
	if auto, known := Of(plan.AutoMech); known || !auto.User || !auto.Password || !auto.AuthzID || auto.Token {
		t.Errorf("auto: %+v", auto)
	}
}

// TestSCRAMExamples plays RFC 5802 section 5 and RFC 7677 section 3.
func TestSCRAMExamples(t *testing.T) {
	tests := []struct {
		hash                                 func() hash.Hash
		nonce, first, challenge, final, last string
	}{
		{sha1.New, "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
			"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
			"v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
		{sha256.New, "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
			"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
			"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
			"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
	}
	for _, tt := range tests {
		s := &scram{Login: Login{User: "user", Secret: "pencil", Deadline: time.Now().Add(time.Minute)}, hash: tt.hash, nonce: tt.nonce}
		if _, first, err := s.Start(); string(first) != tt.first || err != nil {
			t.Errorf("first: %s, %v", first, err)
		}
		if final, err := s.Next([]byte(tt.challenge)); string(final) != tt.final || err != nil {
			t.Errorf("final: %s, %v", final, err)
		}
		if answer, err := s.Next([]byte(tt.last)); len(answer) != 0 || err != nil || !s.proven {
			t.Errorf("the server's last word: %q, %v, proven %t", answer, err, s.proven)
		}
		if _, err := s.Next(nil); err != gosasl.ErrUnexpectedServerChallenge {
			t.Errorf("and another: %v", err)
		}
	}
}

func TestSCRAMRefusesChallenges(t *testing.T) {
	const nonce, salt, rounds = "r=abcXYZ", "s=QSXCR+Q6sek8bf92", "i=4096"
	tests := []struct{ challenge, want string }{
		{"", "no r="},
		{salt + "," + nonce + "," + rounds, "no r="},
		{"m=x," + nonce + "," + salt + "," + rounds, "no r="},
		{"e=unknown-user", "no r="},
		{nonce, "no s="},
		{nonce + "," + salt, "no i="},
		{"r=abc," + salt + "," + rounds, "nonce"},
		{"r=ab," + salt + "," + rounds, "nonce"},
		{"r=xyzabc," + salt + "," + rounds, "nonce"},
		{"r=abcä," + salt + "," + rounds, "nonce"},
		{nonce + ",s=," + rounds, "salt"},
		{nonce + ",s=!," + rounds, "salt"},
		{nonce + ",s=QSX\r\nC," + rounds, "salt"},
		{nonce + "," + salt + ",i=", "no number"},
		{nonce + "," + salt + ",i=0", "no number"},
		{nonce + "," + salt + ",i=04096", "no number"},
		{nonce + "," + salt + ",i=+4096", "no number"},
		{nonce + "," + salt + ",i=-4096", "no number"},
		{nonce + "," + salt + ",i=4e3", "no number"},
		{nonce + "," + salt + ",i=99999999999999999999", "no number"},
		{nonce + "," + salt + ",i=1", "iteration count of 1, not 4096 to 600000"},
		{nonce + "," + salt + ",i=4095", "iteration count of 4095"},
		{nonce + "," + salt + ",i=600001", "iteration count of 600001"},
		{nonce + "," + salt + ",i=4294967295", "iteration count of 4294967295"},
	}
	for _, tt := range tests {
		s := &scram{Login: Login{User: "joe", Secret: "p", Deadline: time.Now().Add(time.Minute)}, hash: sha256.New, nonce: "abc"}
		answer, err := s.Next([]byte(tt.challenge))
		var p *facts.Problem
		if !errors.As(err, &p) || p.Kind != facts.BadChallenge || !strings.Contains(p.Text, tt.want) || answer != nil {
			t.Errorf("%q: %q, %v, want %q", tt.challenge, answer, err, tt.want)
		}
	}
	s := &scram{Login: Login{User: "joe", Secret: "p", Deadline: time.Now().Add(time.Minute)}, hash: sha256.New, nonce: "abc"}
	if _, err := s.Next([]byte(nonce + "," + salt + "," + rounds + ",x=new")); err != nil {
		t.Errorf("an optional extension: %v", err)
	}
}

// counted is a hash that counts what it was asked for.
type counted struct {
	hash.Hash
	sums *int
}

func (c *counted) Sum(b []byte) []byte { *c.sums++; return c.Hash.Sum(b) }

func TestSCRAMGivesUpInTime(t *testing.T) {
	sums := 0
	counting := func() hash.Hash { return &counted{sha256.New(), &sums} }
	s := &scram{Login: Login{Secret: "p", Deadline: time.Now().Add(-time.Second)}, hash: counting, nonce: "abc"}
	_, err := s.Next([]byte("r=abcd,s=QSXCR+Q6sek8bf92,i=600000"))
	if err != os.ErrDeadlineExceeded || sums == 0 || sums > 3*minRounds {
		t.Errorf("%v after %d hashes", err, sums)
	}
}

func TestComplaint(t *testing.T) {
	tests := []struct{ challenge, want string }{
		{`{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}`, "status 401, schemes bearer mac, scope https://mail.google.com/"},
		{`{"status":400,"error":"x","schemes":["Bearer"]}`, "status 400, error x, schemes [Bearer]"},
		{`{"status":"invalid_token","openid-configuration":"https://x"}`, "status invalid_token"},
		{`{"reason":"x"}`, `{"reason":"x"}`},
		{`no`, "no"},
		{`["no"]`, `["no"]`},
		{``, ""},
	}
	for _, tt := range tests {
		if got := complaint([]byte(tt.challenge)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.challenge, got, tt.want)
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct{ password, text, want string }{
		{"hunter2", "bad hunter2, hunter2hunter2", "bad [secret], [secret][secret]"},
		{"ok", "ok: it looked ok, joker", "[secret]: it looked [secret], joker"},
		{"ok", encoded("ok"), "[secret]"},
		{"a", "a banana", "[secret] banana"},
		{"secret", "the secret is out", "the [secret] is out"},
		{"", "nothing to hide", "nothing to hide"},
		{strings.Repeat("0123456789", 4), "cut off: 012345678901234567890", "cut off: [secret]"},
	}
	for _, tt := range tests {
		if got := NewMask(tt.password).Hide(tt.text); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// FuzzMask: a password of any length worth the name does not come through,
// as it is or in base64.
func FuzzMask(f *testing.F) {
	f.Add("hunter2", "535 bad ", ".")
	f.Add("pass", "AUTH PLAIN ", "")
	f.Add("pässwört", "\x00joe\x00", "x")
	f.Fuzz(func(t *testing.T, password, before, after string) {
		if len(password) < 4 || strings.ContainsAny(password, "[]") || strings.Contains(Hidden, password) {
			return
		}
		m := NewMask(password)
		if text := m.Hide(before + password + after); strings.Contains(text, password) {
			t.Fatalf("%q shows %q", text, password)
		}
		text := encoded(before + password + after)
		if got := m.Hide(text); !strings.Contains(got, Hidden) {
			t.Fatalf("%q shows %q in base64", got, password)
		}
	})
}

func TestPrepared(t *testing.T) {
	for _, text := range []string{"", "pencil", "a b~", "pässwörd§", "Ελληνικά", "пароль", "10€"} {
		if !prepared(text) {
			t.Errorf("%q is not", text)
		}
	}
	for _, text := range []string{"I\u00adX", "ª", "Ⅸ", "\x07", "\u0627\u0031", "a\u0308", "\u00a0", "名", "\xff", "µ"} { // RFC 4013 section 3 among them
		if prepared(text) {
			t.Errorf("%q is", text)
		}
	}
}

func BenchmarkStretch(b *testing.B) {
	s := &scram{Login: Login{Secret: "pencil", Deadline: time.Now().Add(time.Hour)}, hash: sha256.New}
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			s.stretch([]byte("some salt"), 4096)
		}
	})
	b.Run("crypto/pbkdf2", func(b *testing.B) {
		for b.Loop() {
			pbkdf2.Key(sha256.New, "pencil", []byte("some salt"), 4096, 32)
		}
	})
}
