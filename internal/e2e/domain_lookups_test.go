//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// query is one of the questions to the DNS that ours tells of in JSON.
type query struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Status string `json:"status"`
	Secure bool   `json:"secure"`
}

// asked are domains whose lookups come to whatever lookups can come to: signed,
// denied, unsigned, bogus, aliases between these.
var asked = []string{
	"good.lab.test", "d21.lab.test", "d23.lab.test", "d29.ins.lab.test", "d30.lab.test", "d31.bog.lab.test", "d32.lab.test",
	"d33.lab.test", "d34.lab.test", "d35.lab.test", "e14.lab.test", "e15.lab.test", "e16.lab.test", "e18.lab.test", "f11.lab.test",
	"near.lab.test", "bare.near.lab.test", "past.lab.test", "nonesuch.lab.test",
}

// lookups holds what ours makes of answers against what dig is told by the same
// resolver, and against delv, which trusts no resolver and verifies for itself.
func (b *bed) lookups(t *testing.T) {
	ds := strings.Fields(b.anchor) // . DS 1 13 2 HEX
	write(t, b.dir, "anchors.conf", fmt.Sprintf("trust-anchors { . static-ds %s %s %s \"%s\"; };\n", ds[2], ds[3], ds[4], strings.Join(ds[5:6], "")))
	var all []query
	for _, domain := range asked {
		args := []string{"--mx", domain, "--dane", "--output-format", "json"}
		if domain == asked[0] {
			args = append(args, "--mta-sts", "--tlsrpt")
		}
		o := runPlugin(ours, nil, args...)
		for _, q := range parse(t, o).DNS {
			if !slices.Contains(all, q) {
				all = append(all, q)
			}
		}
	}
	var watch sync.WaitGroup
	places := make(chan struct{}, atOnce)
	seen := map[string]int{}
	for _, q := range all {
		seen[q.outcome()]++
		places <- struct{}{}
		watch.Go(func() {
			if dug := b.dug(q); dug != q.outcome() {
				t.Errorf("%s %s: dig has %s, ours %s", q.Name, q.Type, dug, q.outcome())
			}
			if delved, text := b.delved(q); delved != q.outcome() {
				t.Errorf("%s %s: delv has %s, ours %s:\n%s", q.Name, q.Type, delved, q.outcome(), text)
			}
			<-places
		})
	}
	watch.Wait()
	t.Logf("%d lookups: %v", len(all), seen)
	for _, want := range []string{"ok, secure", "ok", "nodata, secure", "nodata", "nxdomain, secure", "bogus"} {
		if seen[want] == 0 {
			t.Errorf("no lookup came to %s: %v", want, seen)
		}
	}
}

// outcome is what came of a query.
func (q query) outcome() string { return inWords(q.Status, q.Secure) }

func inWords(status string, secure bool) string {
	if secure {
		status += ", secure"
	}
	return status
}

// dug is what dig has for a query.
func (b *bed) dug(q query) string {
	text := dig(validating, q.Name, q.Type)
	has := func(pattern string) bool { return regexp.MustCompile(pattern).MatchString(text) }
	secure := has(`flags:.* ad[ ;]`)
	status := "bogus"
	switch {
	case has("status: NXDOMAIN"):
		status = "nxdomain"
	case has(`(?m)^[^;\s]\S*\s+\d+\s+IN\s+` + q.Type + `\s`):
		status = "ok"
	case has("status: NOERROR"):
		status = "nodata"
	case strings.Contains(dig(validating, q.Name, q.Type, "+cd"), "status: SERVFAIL"):
		status = "servfail"
	}
	return inWords(status, secure)
}

// delved is what delv has for a query, and what it says.
func (b *bed) delved(q query) (outcome, text string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, _ := exec.CommandContext(ctx, "delv", "@"+validating, "-a", filepath.Join(b.dir, "anchors.conf"), "+root=.", q.Name, q.Type).CombinedOutput()
	text = string(out)
	has := func(words string) bool { return strings.Contains(text, words) }
	status := "ok"
	switch {
	case has("ncache nxdomain"):
		status = "nxdomain"
	case has("ncache nxrrset"):
		status = "nodata"
	case has("resolution failed"):
		status = "bogus"
	}
	return inWords(status, has("fully validated") && !has("unsigned answer")), text
}
