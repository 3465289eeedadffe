package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/centreon"
	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
	"check_smtp/internal/smtptest"
	"check_smtp/internal/targets"
	"check_smtp/internal/verdict"
)

// nasty are names that no host should have.
var nasty = []string{
	"mx.example.org", "mx.example.org", "a b=c,d\\", "x\"y'z|;<b>#", "\x1b[31m\x00\r\nz", "\u202etxt.exe", "\xff\xfe", "例え.テスト",
	strings.Repeat("long-", 50) + "a", strings.Repeat("long-", 50) + "b", "$(reboot)`{}[]", "2001:db8::1", "192.0.2.1", "_25._tcp", "dns", `\`, "x;y", "x,y",
}

// crowd is a run with a hundred targets whose names and servers mean harm, of a domain
// that publishes as much as it can.
func crowd(t *testing.T, most int, rule plan.Addresses) facts.Run {
	pki := smtptest.NewPKI(time.Now())
	made, ok := pki.Certificate("good")
	if !ok {
		t.Fatal("no certificate")
	}
	leaf, err := x509.ParseCertificate(made.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(1<<30, 0)
	s := &facts.Survey{Start: start, Took: 3 * time.Second}
	s.Found = facts.Discovery{Kind: facts.ByMX, Name: nasty[3] + nasty[4], Expanded: nasty[5], Rule: rule}
	run := facts.Run{Survey: s}
	for i := range most {
		f := facts.Session{Host: nasty[i%len(nasty)], Port: 25, Rank: i, Timeout: time.Second}
		f.Addrs = []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})}
		if i%2 > 0 {
			f.Addrs[0] = netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 15: byte(i)})
		}
		if i%5 < 4 {
			spoken(&f, start.Add(time.Duration(i)*time.Second))
		}
		if i%5 == 0 {
			f.TLS = &facts.TLS{Version: tls.VersionTLS13, Suite: tls.TLS_AES_128_GCM_SHA256, Chain: []*x509.Certificate{leaf}, Sent: 1, Path: []*x509.Certificate{leaf}}
		}
		if i%5 == 4 && i%2 > 0 {
			f.Absent = &facts.Absence{Kind: facts.AbsentUnknown, Query: asked(i)}
		}
		f.DANE = pins(i)
		run.Sessions = append(run.Sessions, f)
		s.Found.Hosts = append(s.Found.Hosts, facts.Exchanger{Rank: i, Host: f.Host, Port: 25, Alias: nasty[4], Addrs: manyAddrs()})
		s.Found.Lints = append(s.Found.Lints, facts.TargetLint{Kind: facts.LintAlias, Host: f.Host, Of: nasty[4]})
	}
	published(s)
	s.STS.Fetch.TLS = &facts.TLS{Version: tls.VersionTLS12, Suite: tls.TLS_AES_128_GCM_SHA256, Chain: []*x509.Certificate{leaf}, Sent: 9}
	return run
}

// spoken is a session with a server that has nothing good to say.
func spoken(f *facts.Session, start time.Time) {
	f.Start, f.Total, f.Address = start, 1500*time.Millisecond, f.Addrs[0]
	f.Caps = smtp.Capabilities{nasty[4]: nasty, "SIZE": {"1"}}
	f.Records = []facts.Record{{Step: plan.Step{Phase: plan.Connect}, Took: time.Second}}
	for _, phase := range []plan.Phase{plan.Banner, plan.Ehlo} {
		words := strings.Repeat(nasty[4]+nasty[5]+nasty[6]+nasty[3], 100)
		f.Records = append(f.Records, facts.Record{Step: plan.Step{Phase: phase}, Took: 250 * time.Millisecond, Reply: smtp.Reply{Code: 554, Lines: []string{"554 " + words}}})
	}
	for range 20 {
		f.Dialogue = append(f.Dialogue, facts.Line{Text: strings.Repeat(nasty[4], 100)})
	}
}

func asked(i int) facts.Query {
	return facts.Query{Name: nasty[i%len(nasty)], Type: "TXT", Status: facts.ServFail, EDE: &facts.EDE{Code: 22, Text: strings.Repeat(nasty[4], 100)}, Took: time.Second}
}

func pins(i int) *facts.DANE {
	d := &facts.DANE{Base: nasty[i%len(nasty)], Host: nasty[4], Candidates: nasty, Names: nasty, Result: facts.DANEMismatch}
	key := facts.DANEKey{Result: facts.DANEMismatch, Names: nasty}
	r := plan.TLSA{Usage: 3, Selector: 1, Matching: 1, Data: bytes.Repeat([]byte{7}, plan.MaxTLSA)}
	for range 200 {
		d.Records = append(d.Records, r)
		key.Records = append(key.Records, facts.TLSAMatch{TLSA: r, Considered: true, Depth: -1})
	}
	d.Keys = []facts.DANEKey{key}
	return d
}

func manyAddrs() []netip.Addr {
	list := make([]netip.Addr, 150)
	for i := range list {
		list[i] = netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})
	}
	return list
}

// published fills in policies, records and questions.
func published(s *facts.Survey) {
	p := &facts.STSPolicy{Mode: facts.STSEnforce, MaxAge: 1 << 40, SHA256: strings.Repeat("0", 64)}
	s.STS = &facts.STS{Domain: nasty[3], Policy: p, Record: facts.STSRecord{Texts: []string{nasty[4]}, ID: "1"}}
	s.STS.Fetch = &facts.STSFetch{Web: facts.Web{Host: nasty[4], Status: 200, Type: nasty[4] + nasty[5], Took: time.Second}}
	for i := range 13000 {
		text := nasty[i%len(nasty)]
		p.MX = append(p.MX, facts.STSPattern{Text: text, Line: i})
		s.STS.Unused = append(s.STS.Unused, facts.STSFlaw{Kind: facts.STSUnused, Line: i, Text: text})
	}
	for i, h := range s.Found.Hosts {
		s.STS.Hosts = append(s.STS.Hosts, facts.STSHost{Host: h.Host, CoveredBy: []string{"", h.Host}[i%2]})
	}
	s.TLSRPT = &facts.TLSRPT{Domain: nasty[3], Flaw: &facts.TLSRPTFlaw{Kind: facts.TLSRPTSeveral}}
	s.Policy, s.Reports = facts.Query{Status: facts.Answered}, facts.Query{Status: facts.Answered}
	for i := range 1000 {
		s.TLSRPT.Texts = append(s.TLSRPT.Texts, nasty[i%len(nasty)])
		s.TLSRPT.RUA = append(s.TLSRPT.RUA, nasty[i%len(nasty)])
		s.TLSRPT.Bad = append(s.TLSRPT.Bad, facts.RUAFlaw{Text: nasty[i%len(nasty)]})
		s.Queries = append(s.Queries, asked(i))
		s.Skipped = append(s.Skipped, facts.Skipped{Host: nasty[i%len(nasty)], Addr: netip.IPv6Loopback(), Why: nasty[4]})
	}
}

// TestCrowd: a hundred targets whose names mean harm are told in every format, and
// each stays within its bounds.
func TestCrowd(t *testing.T) {
	bounds := map[plan.Format]int{
		plan.Nagios: 8000, centreon.Line: 8000, plan.PRTG: 10_000, plan.OpenMetrics: 200_000, plan.Checkmk: 150_000, plan.Influx: 100_000,
		plan.JSON: 10_000_000, plan.XML: 12_000_000, plan.Waterfall: 3_000_000, centreon.JSON: 500_000, centreon.XML: 1_000_000,
		plan.IcingaAPI: 20_000, plan.NagiosCommand: 4096,
	}
	marks := map[plan.Format]string{ // one for each target
		plan.JSON: `"port":25,"preference":`, plan.OpenMetrics: "\ncheck_smtp_target_state{", plan.Influx: ",target=",
	}
	for most, rule := range map[int]plan.Addresses{0: plan.FirstAddress, 3: plan.FamilyAddress, 40: plan.FirstAddress, 100: plan.EachAddress} {
		limits := plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAll, DANE: plan.Require, STS: plan.Enforce, TLSRPT: plan.Require}}
		report := verdict.Judge(crowd(t, most, rule), limits)
		for _, format := range formats() {
			o := output{Output: plan.Output{Format: format, Verbose: 3, Width: 100, Receiver: someone}}
			out := string(publish(report, o, unminded).text)
			if err := validators[format](out); err != nil {
				t.Errorf("%d targets, %s: %v\n%.3000s", most, format, err, out)
			}
			if len(out) > bounds[format] {
				t.Errorf("%d targets, %s: %d bytes", most, format, len(out))
			}
			if mark := marks[format]; mark != "" && strings.Count(out, mark) != most {
				t.Errorf("%d targets, %s: %d are told", most, format, strings.Count(out, mark))
			}
		}
	}
}

// TestRoomForTargets: the times of as many targets as have a number each stand in the
// perfdata, whatever else is measured and whatever they are called.
func TestRoomForTargets(t *testing.T) {
	run := crowd(t, 20, plan.FamilyAddress)
	report := verdict.Judge(run, plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAll}})
	out := string(publish(report, output{Output: plan.Output{Format: plan.Nagios}}, unminded).text)
	first, _, _ := strings.Cut(out, "\n")
	begun := 0
	seen := map[string]bool{}
	for _, field := range strings.Fields(first[strings.LastIndex(first, "|")+1:]) {
		label, _, _ := strings.Cut(field, "=")
		if seen[label] {
			t.Errorf("two numbers %s", label)
		}
		if seen[label] = true; strings.HasPrefix(label, "time_") {
			begun++
		}
	}
	if begun != 16 || strings.Contains(first, "left out") {
		t.Errorf("%d times:\n%s", begun, out)
	}
}

// TestStableNames: what a target is called does not depend on which others there are
// today.
func TestStableNames(t *testing.T) {
	names := func(run facts.Run) map[string]string {
		found := map[string]string{}
		for _, target := range verdict.Judge(run, plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAll}}).Fleet.Targets {
			found[fmt.Sprint(target.Session.Host, target.Session.Addrs)] = target.Name + " " + string(target.Label)
		}
		return found
	}
	for rule, want := range map[plan.Addresses]string{
		plan.FirstAddress: "mx.example.org time_mx_example_org", plan.FamilyAddress: "mx.example.org IPv4 time_mx_example_org_4",
		plan.EachAddress: "mx.example.org 192.0.2.0 time_mx_example_org_192_0_2_0",
	} {
		run := crowd(t, 2, rule)
		all := names(run)
		run.Sessions = run.Sessions[:1]
		for target, name := range names(run) {
			if all[target] != name || name != want {
				t.Errorf("%s: %q becomes %q, want %q", target, all[target], name, want)
			}
		}
	}
}

// TestLateTargets: where the time ends while the answer is being printed, the shorter
// one still tells of every target.
func TestLateTargets(t *testing.T) {
	limits := plan.Limits{Fold: &plan.Fold{Rule: plan.FoldAll}}
	report := verdict.Judge(crowd(t, 3, plan.EachAddress), limits)
	for _, format := range formats() {
		words := lastWords{plan: &plan.Plan{Limits: limits}, report: &report, timeout: time.Second, doing: writingFile}
		words.output.Format, words.output.Width, words.output.Receiver = format, 100, someone
		out := string(words.say(new(targets.Progress)).text)
		if err := validators[format](out); err != nil {
			t.Errorf("%s: %v\n%.2000s", format, err, out)
		}
	}
}
