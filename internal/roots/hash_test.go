package roots

import (
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestHashMachine: the links that openssl rehash made here.
func TestHashMachine(t *testing.T) {
	links, _ := filepath.Glob("/etc/ssl/certs/????????.0")
	if len(links) == 0 {
		t.Skip("this machine has no hashed CA store (apt-get install ca-certificates openssl)")
	}
	for _, link := range links {
		data, err := os.ReadFile(link)
		if err != nil {
			continue
		}
		for _, c := range (&scanner{}).whole(data) {
			if want := strings.TrimSuffix(filepath.Base(link), ".0"); hash(c.RawSubject) != want {
				t.Errorf("%s: %s, want %s", c.Subject, hash(c.RawSubject), want)
			}
		}
	}
}

// TestHash asks openssl about the strings that are rare in roots. OpenSSL 3
// refuses some; those only must not fail us.
func TestHash(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl command here: ", err)
	}
	names := []party{
		newParty(t, "Plain"), newParty(t, "  Wide \t  Spaces  "), newParty(t, "ÄÖÜ ist nicht äöü 漢字"), newParty(t, ""),
		stringly(t, 12, "UTF8 String"), stringly(t, 19, "Printable String"), stringly(t, 22, "IA5@String"), stringly(t, 26, "Visible  String"),
		stringly(t, 20, "T61 \xc4\xd6\xdc String"), stringly(t, 30, "\x00B\x00M\x00P\x00 \x00 \x20\xac"), stringly(t, 18, "12 34  5"),
		stringly(t, 28, "\x00\x00\x00U\x00\x01\xf6\x00"), stringly(t, 19, strings.Repeat("Long ", 60)),
	}
	compared := 0
	for _, p := range names {
		c := issueRaw(t, p)
		cmd := exec.Command(openssl, "x509", "-noout", "-subject_hash")
		cmd.Stdin = strings.NewReader(inPEM(c))
		out, err := cmd.Output()
		if err != nil {
			t.Logf("openssl will not have %q", p.subject)
			_ = hash(p.subject)
			continue
		}
		compared++
		if want := strings.TrimSpace(string(out)); hash(p.subject) != want {
			t.Errorf("%q: %s, want %s", p.subject, hash(p.subject), want)
		}
	}
	if compared < 8 {
		t.Errorf("only %d names compared", compared)
	}
	for _, bad := range []string{"", "x", "\x30\x80", "\x30\x02\x31\x05", "\x30\x00\x00"} {
		if hash([]byte(bad)) != "" {
			t.Errorf("%q has a hash", bad)
		}
	}
}

// issueRaw makes a certificate whose subject crypto/x509 need not be able to
// parse.
func issueRaw(t *testing.T, p party) *x509.Certificate {
	t.Helper()
	placeholder := newParty(t, strings.Repeat("x", 40))
	c := issue(t, newParty(t, "issuer"), placeholder)
	der := []byte(strings.Replace(string(c.Raw), string(placeholder.subject), string(p.subject), 1))
	return &x509.Certificate{Raw: relength(der, len(p.subject)-len(placeholder.subject))}
}

// relength adds to the lengths of the two outermost sequences, which take two
// bytes each.
func relength(der []byte, more int) []byte {
	for _, at := range []int{2, 6} {
		n := int(der[at])<<8 + int(der[at+1]) + more
		der[at], der[at+1] = byte(n>>8), byte(n)
	}
	return der
}

// TestHashFIPSOnly: the name of a file is no cryptography.
func TestHashFIPSOnly(t *testing.T) {
	if os.Getenv("HASH_FIPS_ONLY") != "" {
		if name := hash(newParty(t, "Root").subject); len(name) != 8 {
			t.Errorf("it is %q", name)
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestHashFIPSOnly$")
	cmd.Env = append(os.Environ(), "GODEBUG=fips140=only", "HASH_FIPS_ONLY=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
