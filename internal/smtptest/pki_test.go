package smtptest

import (
	"slices"
	"testing"
	"time"
)

// TestCatalogue issues everything there is, and minds that just those cannot
// be read that were made so.
func TestCatalogue(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	p := NewPKI(time.Now())
	strange := []string{"negative", "criticalaia", "atsign"}
	for _, w := range append(wishes(), wish{name: "long"}) {
		c, ok := p.Certificate(w.name)
		if !ok || (c.Leaf == nil) != slices.Contains(strange, w.name) {
			t.Errorf("%s: found %v, readable %v", w.name, ok, c.Leaf != nil)
		}
		if _, ok := p.File(w.name + ".pem"); !ok {
			t.Errorf("there is no %s.pem", w.name)
		}
	}
	if long, _ := p.Certificate("long"); len(long.Certificate) != 14 {
		t.Errorf("the long chain has %d certificates", len(long.Certificate))
	}
	for _, name := range []string{"link0", "link14", "linkx", "nobody", "good.txt"} {
		if _, ok := p.File(name + ".pem"); ok {
			t.Errorf("there is a %s", name)
		}
	}
}
