//go:build e2e

package e2e

import (
	"context"

	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"

	"strings"
	"sync"
	"testing"
	"time"
)

// prepare publishes a case, and serves it.
func (c *daneCase) prepare(t *testing.T, b *bed, n int) {
	t.Helper()
	ip, low := c.ip(n), strings.ToLower(c.name)
	host := "mx." + low + ".lab.test"
	config := b.showing(t, low, host, c.leaf, Wish{})
	b.mailServer(t, ip, c.leaf, config)
	names := map[string]string{"leaf": low}
	records := c.records
	if records == "" {
		records = hosted
	}
	for r := range strings.SplitSeq(c.tlsa, ",") {
		if r = strings.TrimSpace(r); r != "" {
			records += "_25._tcp.mx TLSA {" + r + "}\n"
		}
	}
	b.record(t, "lab.test", low+".lab.test", ip, records, names)
	for zone, text := range c.in {
		b.record(t, zone, zone, ip, text, names)
	}
}

func (c *daneCase) ip(n int) string { return fmt.Sprintf("127.0.25.%d", n+1) }

// fill fills in a command line.
func (c *daneCase) fill(line string) string {
	low := strings.ToLower(c.name)
	domain := c.domain
	if domain == "" {
		domain = low + ".lab.test"
	}
	return strings.NewReplacer("{domain}", domain, "{host}", "mx."+low+".lab.test").Replace(line)
}

// judgement is what posttls-finger says of a domain.
type judgement struct {
	opinion opinion
	base    string // whose records it goes by; "": it does not say
	text    string
}

// baseDomain is where posttls-finger says whose records it goes by.
var baseDomain = regexp.MustCompile(`DNSSEC-signed TLSA record: _25\._tcp\.(\S+): \d \d \d `)

// judge asks Postfix for its opinion, with the configuration of one.
func judge(dir, domain string) judgement {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "posttls-finger", "-c", "-t", "5", "-T", "5", "-l", "dane", "-L", "summary,verbose", domain)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/bin", "LC_ALL=C", "MAIL_CONFIG=" + filepath.Join(dir, "etc")}
	out, _ := cmd.CombinedOutput()
	j := judgement{opinion: opinionOf(string(out)), text: string(out)}
	if m := baseDomain.FindStringSubmatch(j.text); m != nil {
		j.base = m[1]
	}
	return j
}

// opinionOf reads what posttls-finger says of the first exchanger.
func opinionOf(text string) opinion {
	has := func(pattern string) bool { return regexp.MustCompile(pattern).MatchString(text) }
	switch records := has(`DNSSEC-signed TLSA record`); {
	case has(`nullMX`):
		return noMail
	case has(`TLSA lookup error|Host or domain name not found|try again`):
		return deferred
	case has(`Verified TLS connection`):
		return verified
	case has(`Trusted TLS connection`):
		return hostOnly
	case has(`un(usable|supported) TLSA`):
		return unusable
	case records && !has(`TLS connection established`):
		return withoutIt
	case records:
		return noMatch
	case has(`TLS connection established`):
		return noDANE
	}
	return "?"
}

// dane holds our verdicts beside Postfix's.
func (b *bed) dane(t *testing.T) {
	all := b.judgeAll()
	for i, c := range daneCases {
		t.Run(c.name, func(t *testing.T) {
			before, _ := b.mx[c.ip(i)].contacts()
			d := check(t, c.fill("--mx {domain} --dane"), c.exit, c.found, c.says, "")
			if after, _ := b.mx[c.ip(i)].contacts(); c.silent && after > before {
				t.Error("ours has called the exchanger")
			}
			c.compare(t, d, all[i])
			for _, more := range c.also {
				check(t, c.fill(more.args), more.exit, more.found, more.says, "")
			}
		})
	}
}

// compare compares two opinions. They are the same, unless the case says why not.
func (c *daneCase) compare(t *testing.T, d document, j judgement) {
	t.Helper()
	t.Logf("%-4s %-46s %-22s %-22s %s", c.name, c.what, j.opinion, d.opinion(), d.Summary)
	want := c.postfix
	if c.ours != "" {
		want = c.ours
		t.Logf("%-4s not as Postfix: %s", c.name, c.why)
	}
	if d.opinion() != want {
		t.Errorf("ours: want %s, got %s", want, d.opinion())
	}
	if j.opinion != c.postfix {
		t.Errorf("posttls-finger: want %s, got %s:\n%s", c.postfix, j.opinion, j.text)
	}
	if base := d.keys().Base; j.base != "" && j.base != base {
		t.Errorf("posttls-finger goes by the records of %s, ours by those of %s", j.base, base)
	}
}

// judgeAll asks Postfix about every case, some at the same time.
func (b *bed) judgeAll() []judgement {
	all := make([]judgement, len(daneCases))
	var judges sync.WaitGroup
	places := make(chan struct{}, atOnce)
	for i, c := range daneCases {
		places <- struct{}{}
		judges.Go(func() {
			all[i] = judge(b.real.dir, c.fill("{domain}"))
			<-places
		})
	}
	judges.Wait()
	return all
}
