package proof

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/roots"
	"check_smtp/internal/smtptest"
)

// issued are certificates of the catalogue, without what is sent along.
func issued(t *testing.T, pki *smtptest.PKI, names ...string) (list []*x509.Certificate) {
	t.Helper()
	for _, name := range names {
		c, ok := pki.Certificate(name)
		if !ok {
			t.Fatalf("the PKI has no %s", name)
		}
		list = append(list, c.Leaf)
	}
	return list
}

// TestProveInStore: what the store of this machine does to a path.
func TestProveInStore(t *testing.T) {
	pki := smtptest.NewPKI(time.Now())
	store := t.TempDir()
	text, _ := pki.File("intermediate.pem")
	if err := os.WriteFile(filepath.Join(store, "not-hashed.pem"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	if err := os.WriteFile(bundle, append(file(pki, "ca"), file(pki, "goneca")...), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	tests := []struct {
		name      string
		sent      []string
		terms     Terms
		untrusted string // how it begins; "": it is trusted
		outdated  string // whose dates are not good; "": nobody's
		path      int
	}{
		{"an expired cross-signature, and nobody is trusted", []string{"chain", "cross"}, Terms{Store: machine(empty+"/none", empty)}, "the issuer 'Other Root' of 'Test Intermediate' in its chain is neither", "Test Intermediate", 2},
		{"what no hash leads to is looked for before that is said", []string{"chain", "cross"}, Terms{Store: machine(empty+"/none", store)}, "", "", 1},
		{"what no hash leads to is not looked for otherwise", []string{"chain"}, Terms{Store: machine(empty+"/none", store)}, "its issuer 'Test Intermediate' is neither", "", 1},
		{"a root of the system that has expired", []string{"undergone"}, Terms{Store: machine(bundle, empty)}, "its root 'Gone Root' expired on ", "", 1},
		{"which does not matter where no date does", []string{"undergone"}, Terms{Store: machine(bundle, empty), AnyDate: true}, "", "", 1},
		{"a store that cannot be read", []string{"chain", "intermediate"}, Terms{Store: machine(empty, empty)}, "the trusted certificates of this machine cannot be read: \"" + empty + "\": is a directory", "", 2},
		{"never valid together", []string{"chainlate", "gone"}, Terms{Store: machine(bundle, empty), AnyDate: true}, "the certificates of its chain are at no time valid together", "Gone Intermediate", 2},
	}
	for _, tt := range tests {
		sent := issued(t, pki, tt.sent...)
		tt.terms.Now = time.Now()
		seen, why, outdated := &facts.TLS{Chain: sent}, "", ""
		Examine(seen, sent, tt.terms)
		if seen.Untrusted != nil {
			why = seen.Untrusted.Error()
		}
		if seen.Outdated != nil {
			outdated = facts.Title(seen.Outdated)
		}
		if !strings.HasPrefix(why, tt.untrusted) || (why == "") != (tt.untrusted == "") || outdated != tt.outdated || len(seen.Path) != tt.path || seen.Root != nil {
			t.Errorf("%s: untrusted %q, outdated %q, path of %d, root %v", tt.name, why, outdated, len(seen.Path), seen.Root != nil)
		}
	}
}

func machine(bundle, dirs string) roots.Store {
	s := roots.System(bundle, dirs)
	s.Hashed = true
	return s
}

func file(pki *smtptest.PKI, name string) []byte {
	text, _ := pki.File(name + ".pem")
	return text
}
