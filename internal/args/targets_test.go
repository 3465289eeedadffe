package args

import (
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

// TestNotADomain: who gives something else than a domain is told what to give.
func TestNotADomain(t *testing.T) {
	const give = "give a domain, such as --mx example.org"
	for _, test := range []struct{ line, problem, hint string }{
		{"--mx 192.0.2.1", `--mx: "192.0.2.1" is an address`, give},
		{"--mx '[2001:db8::1]'", `--mx: "[2001:db8::1]" is an address`, give},
		{"--mx user@example.org", `--mx: "user@example.org" is not a domain`, "give --mx example.org"},
		{"--mx smtp://u:hunter2@mx.example.org:25/x", `--mx: "...@mx.example.org:25/x" is not a domain`, "give --mx mx.example.org"},
		{"--mx https://example.org", `--mx: "https://example.org" is not a domain`, "give --mx example.org"},
		{"--mx example.org:25", `--mx: "example.org:25" is not a domain`, "give --mx example.org"},
		{"--mx example.org,example.net", `--mx: "example.org,example.net" is not a domain`, "give --mx example.org"},
		{"--mx ''", `--mx: the value is empty`, "give one"},
		{"--mx ' '", `--mx: the name is empty`, give},
		{"--mx .", `--mx: "." is not a domain`, give},
		{"--mx 25", `--mx: "25" is not a domain`, give},
		{"--mx a..b", `--mx: "a..b" is not a domain`, give},
		{"--mx /run/x", `--mx: "/run/x" is not a domain`, give},
		{"--mx " + strings.Repeat("a", 300), `--mx: "` + strings.Repeat("a", 100) + `"... is not a domain`, give},
		{"--mx " + strings.Repeat("a.", 127) + "a", `--mx: "` + strings.Repeat("a.", 50) + `"... is not a domain`, give},
		{"--mx", `--mx: the value is missing`, "--help"},
		{"--srv example.org", `--srv: "example.org" is not the name of a service`, "_submissions._tcp.example.org"},
		{"--srv _submission._udp.example.org", `--srv: "_submission._udp.example.org" is not the name of a service`, "whole name"},
		{"--srv _submission._tcp", `--srv: the name is empty`, "whole name"},
		{"--srv submission._tcp.example.org", `--srv: "submission._tcp.example.org" is not the name of a service`, "whole name"},
		{"--policy-domain 192.0.2.1 --mta-sts -H a", `--policy-domain: "192.0.2.1" is an address`, "--policy-domain example.org"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
}

// TestWhoseServers: what contradicts itself, or can never alert, is refused.
func TestWhoseServers(t *testing.T) {
	for _, test := range []struct{ line, problem, hint string }{
		{"--mx a -H b", "--mx: it names the servers, and so does -H/--hostname", "leave out"},
		{"--mx a b", `--mx: it names the servers, and so does "b"`, "leave out"},
		{"--mx a -U u -P x b.test", "--mx: it names the servers, and so does a word without an option", "leave out"},
		{"--mx a --dane require", "--dane: its value stands behind an equals sign", "give --dane=require"},
		{"--mx a --mta-sts enforce", "--mta-sts: its value stands behind an equals sign", "give --mta-sts=enforce"},
		{"--tlsrpt require --mx a", "--tlsrpt: its value stands behind an equals sign", "give --tlsrpt=require"},
		{"--dane require", "--dane: its value stands behind an equals sign", "give --dane=require"},
		{"--mx a --srv _submission._tcp.b", "--mx: it names the servers, and so does --srv", "leave out"},
		{"--mx a --mx b", `--mx: it is given twice, with "a" and "b"`, "a check of its own"},
		{"--srv _submission._tcp.a --srv=_submission._tcp.b", `--srv: it is given twice, with "_submission._tcp.a" and "_submission._tcp.b"`, "a check of its own"},
		{"--mx a --target b", "--mx: it names the servers, and so does --target", "leave out"},
		{"--srv _submission._tcp.b --target a", "--srv: it names the servers, and so does --target", "leave out"},
		{"--srv _submission._tcp.b -p 25", "-p/--port: the port is that of the record", "--target HOST:PORT"},
		{"--target /run/x", `--target: "/run/x" is not a host`, "give HOST"},
		{"--target a,", "--target: the host is empty", "give HOST"},
		{"--target a:0", `--target: "a:0" is not a host`, "give HOST"},
		{"--target a,b,a", `--target: "a" is named twice`, "another port"},
		{"-H a --target a:25", `--target: "a:25" is named twice`, "another port"},
		{"-6 --target a,192.0.2.2", `-6/--use-ipv6: "192.0.2.2" is an IPv4 address`, "leave out -6"},
		{"--bind ::1 --target a,192.0.2.2", `--bind: "::1" is not of the family of "192.0.2.2"`, "both"},
		{"-H /run/x --target a", `-H/--hostname: "/run/x" is a socket, which has neither addresses nor records`, "leave out"},
		{"-H a --policy any", "--policy: this run has one target", "--mx DOMAIN"},
		{"--target a,b --policy primary", "--policy: the servers that you name have no preference", "--mx DOMAIN"},
		{"--mx a --policy at-least:0", `--policy: "at-least:0" has no number from 1 to 100`, "at-least:2"},
		{"--mx a --policy most", `--policy: "most" is not a rule`, "at-least:N"},
		{"--hosts a,b", `unknown option "--hosts"`, "did you mean --target?"},
		{"--domain a", `unknown option "--domain"`, "did you mean --mx DOMAIN?"},
		{"--mx a --parallel 0", `--parallel: "0" is not a number from 1 to 100`, "--parallel 4"},
		{"--mx a --max-targets 101", `--max-targets: "101" is not a number from 1 to 100`, "--max-targets 16"},
		{"--mx a --target-timeout 5s", `--target-timeout: "5s" is not a number of seconds`, "5"},
		{"--mx a --target-timeout 1e3", `--target-timeout: "1e3" is not a number of seconds`, "3600"},
		{"--mx a --target-timeout 0x1p3", `--target-timeout: "0x1p3" is not a number of seconds`, "5"},
		{"--mx a --target-timeout 0.0000000001", `--target-timeout: "0.0000000001" leaves no time`, "above 0"},
		{"--mx a --addresses both", `--addresses: "both" is not a rule`, "first, family, each"},
		{"--mx a --resolver dns.example.org", `--resolver: "dns.example.org" is not an IP address`, "IP:PORT"},
		{"--mx a --resolver 127.0.0.1,127.0.0.2", `--resolver: "127.0.0.1,127.0.0.2" is not an IP address`, "--resolver of its own"},
		{"--mx a --resolver ::1 --resolver ::2 --resolver ::3 --resolver ::4", "--resolver: there are more than 3 resolvers", "leave out all but 3"},
		{"--mx a --resolver 127.0.0.1:0", `--resolver: the port of "127.0.0.1:0" is not from 1 to 65535`, "IP:PORT"},
		{"--mx a --resolver [::1]:99999", `--resolver: the port of "[::1]:99999" is not from 1 to 65535`, "IP:PORT"},
		{"--mx a --resolver 127.0.0.1:dns", `--resolver: the port of "127.0.0.1:dns" is not from 1 to 65535`, "IP:PORT"},
		{"--mx a --mta-sts --policy-address 192.0.2.1:", `--policy-address: the port of "192.0.2.1:" is not from 1 to 65535`, "IP:PORT"},
		{"-H a --policy-domain example.org", "--policy-domain: this run asks for nothing that it publishes", "add --mta-sts or --tlsrpt"},
		{"-H a --dane --policy-domain example.org", "--policy-domain: this run asks for nothing that it publishes", ""},
		{"--mx a --dns 127.0.0.1", `--dnssec-trust: "127.0.0.1" is an address`, "give --resolver 127.0.0.1"},
		{"-H a --dnssec-trust always", "--dnssec-trust: this run asks no DNS server by itself", "--resolver IP"},
		{"-H a --expect-null-mx", "--expect-null-mx: this run is about no domain", "--mx DOMAIN"},
		{"-H a -w targets_ok=2:", `-w/--warning: "targets_ok=2:" could never alert: this run has no targets_ok`, "--target HOST"},
		{"-H a --dane -w targets=2:", `-w/--warning: "targets=2:" could never alert: this run has no targets`, "--target HOST"},
		{"-H a --dane -w mx_hosts=2:", `-w/--warning: "mx_hosts=2:" could never alert: this run has no mx_hosts`, "add --mx DOMAIN"},
		{"-H a -c run_time=2", `-c/--critical: "run_time=2" could never alert: this run has no run_time`, "--mx DOMAIN, --dane"},
		{"--mx a -c dane_usable=1:", `-c/--critical: "dane_usable=1:" could never alert: this run has no dane_usable`, "add --dane"},
		{"--mx a -c sts_max_age=1:", `-c/--critical: "sts_max_age=1:" could never alert: this run has no sts_max_age`, "add --mta-sts"},
		{"--mx a -w dns_time=2", `-w/--warning: "dns_time=2" could never alert: this run has no dns_time`, "discover_time"},
		{"--mx a -w time_a=2", `-w/--warning: "time_a" has no limit of its own`, "give -w RANGE"},
		{"-H a --perfdata time_a", `--perfdata: "time_a" is not a metric`, ""},
		{"--mx a --perfdata time_A", `--perfdata: "time_A" is not a metric`, ""},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
}

// TestTargetsPlan: what a command line says of the servers.
func TestTargetsPlan(t *testing.T) {
	parsed := func(line string) plan.Plan {
		t.Helper()
		p, err := Parse(shell(line), surroundings(nil))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return p
	}
	if p := parsed("-H mx1.example.org -S"); p.Targets != nil || p.Limits.Fold != nil {
		t.Errorf("a run with one session has targets: %+v", p.Targets)
	}
	for line, domain := range map[string]string{
		"--mx Example.ORG.": "example.org", "--mx=bücher.example": "xn--bcher-kva.example", "--mx _x.example.org": "_x.example.org",
		"--mx b --mx b": "b", "--mx ' a '": "a",
	} {
		if p := parsed(line); p.Targets.Domain != domain || p.Targets.Addresses != plan.FamilyAddress || p.Targets.Parallel != 4 || p.Targets.Most != 16 || p.Probe.Port != 25 {
			t.Errorf("%s: %+v", line, p.Targets)
		}
	}
	for line, mode := range map[string]plan.TLSMode{
		"--srv _submissions._tcp.a": plan.ImplicitTLS, "--srv _Submission._TCP.a": plan.StartTLS, "--srv _smtp._tcp.a": plan.NoTLS,
		"--srv _submissions._tcp.a --tls-mode none": plan.NoTLS,
	} {
		if p := parsed(line); p.Probe.TLS.Mode != mode || p.Targets.ServiceDomain() != "a" {
			t.Errorf("%s: %v of %q", line, p.Probe.TLS.Mode, p.Targets.ServiceDomain())
		}
	}
	p := parsed("-H a -s --target b:25 --target '[::1]:587,::2' --perfdata time_a,time")
	want := []plan.Host{{Name: "a", Port: 465}, {Name: "b", Port: 25}, {Name: "::1", Port: 587}, {Name: "::2", Port: 465}}
	if len(p.Targets.Hosts) != len(want) || len(p.Output.Perfdata) != 2 {
		t.Fatalf("%+v", p.Targets.Hosts)
	}
	for i, h := range p.Targets.Hosts {
		if h != want[i] {
			t.Errorf("host %d is %+v, want %+v", i, h, want[i])
		}
	}
}
