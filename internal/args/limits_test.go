package args

import (
	"strings"
	"testing"
)

// TestSeparators: what separates elsewhere is told what does here, and a
// semicolon, which no output shows, by its name.
func TestSeparators(t *testing.T) {
	const comma, semicolon = " contains a comma, which is neither a decimal point nor a separator of two limits", " (with a semicolon)"
	for _, test := range []struct{ line, problem, hint string }{
		{"-w 5,10", `-w/--warning: "5,10"` + comma, "give -w 5 -c 10 for two limits, or -w 5.10"},
		{"-w 5,5", `-w/--warning: "5,5"` + comma, "give -w 5 -c 5"},
		{"-c 0,5", `-c/--critical: "0,5"` + comma, "or -c 0.5"},
		{"-w banner_time=1,5", `-w/--warning: "1,5"` + comma, "give -w banner_time=1 -c banner_time=5 for two limits, or -w banner_time=1.5"},
		{"-w 1,5:2,5", `-w/--warning: range "1,5:2,5": "1,5"` + comma, "[start:]end"},
		{"-w 5,x", `-w/--warning: "5,x"` + comma, "[start:]end"},
		{"-w '5;10'", `-w/--warning: "5;10"` + semicolon + " is not a range", "give -w 5 -c 10"},
		{"-w 5,", `-w/--warning: "5,"` + comma, ""},
		{"-D '30;7'", `-D/--certificate: "30;7"` + semicolon + " is not a number of days, hours (36h) or percent (30%)", "-D 30,7"},
		{"--perfdata 'time;dns_time'", `--perfdata: "time;dns_time"` + semicolon + " is not a metric", ""},
		{"-t 2,5", `-t/--timeout: "2,5" is not a number of seconds`, "-t 2.5"},
		{"-f x@y --to 'a;b'", `--to: "a" and "b" are separated by a semicolon: use commas`, "give --to a,b"},
		{"-f x@y --to 'a@b.c; d@e.f'", `--to: "a@b.c" and "d@e.f" are separated by a semicolon: use commas`, "give --to a@b.c,d@e.f"},
		{"-f x@y --to a --cc 'A <a@b>;c'", `--cc: "A <a@b>" and "c" are separated by a semicolon: use commas`, "give commas"},
		{"-f x@y --to a --bcc 'a;b;c'", `--bcc: "a" and "b" are separated by a semicolon: use commas`, "give --bcc a,b,c"},
		{"-f x@y --to 'a;'", `--to: "a" and "" are separated by a semicolon: use commas`, ""},
		{"-f x@y --to 'a@b@c'", `--to: "a@b@c": it is not an address`, "commas"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
	for _, line := range []string{`-f x@y --to '"a;b"@c'`, "--mode=login --hostname=mx --warning=1,5:2,5"} {
		if _, err := Parse(shell(line), surroundings(nil)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestIdleLimits: a limit that can never alert is told.
func TestIdleLimits(t *testing.T) {
	const ten, first = " can never alert: -t ends the run after 10 s", " can never alert: "
	for _, test := range []struct{ line, notes string }{
		{"-w 5 -c 9", ""},
		{"-w 1000", "-w 1000" + ten},
		{"-c 1000", "-c 1000" + ten},
		{"-c 1000 -t 2.5", "-c 1000 can never alert: -t ends the run after 2.5 s"},
		{"-w 10", "-w 10" + ten},
		{"-c 10", ""}, // just there the time is over, which is as critical
		{"-c 10 -t 10:unknown", "-c 10" + ten},
		{"-w 9.9", ""},
		{"-w 9.9 -t 9", "-w 9.9 can never alert: -t ends the run after 9 s"},
		{"-w banner_time=20", "-w banner_time=20" + ten},
		{"-w @20:30", "-w @20:30" + ten},
		{"-w @9:30", ""},
		{"-w 0:", "-w 0:" + first + "no number is outside of it"},
		{"-w ~:", "-w ~:" + first + "no number is outside of it"},
		{"-S -w cert_days=~:", "-w cert_days=~:" + first + "no number is outside of it"},
		{"-S -w cert_days=30: -c cert_days=7:", ""},
		{"-S -w cert_days=7: -c cert_days=30:", "-w cert_days=7:" + first + "-c cert_days=30: does so first"},
		{"-w 5 -c 1", "-w 5" + first + "-c 1 does so first"},
		{"-w 5 -c 5", "-w 5" + first + "-c 5 does so first"},
		{"-w 5:8 -c 5", ""},
		{"-w 5 -c 6:", ""},
		{"-w 3:5 -c 4:4.5", "-w 3:5" + first + "-c 4:4.5 does so first"},
		{"-w @1:2 -c @0:3", "-w @1:2" + first + "-c @3 does so first"},
		{"-w 1000 -c 5", "-w 1000" + ten},
		{"-w 1000 -c 2000", "-w 1000" + ten + "|-c 2000" + ten},
		{"-w dns_time=1", "-w dns_time=1" + first + "127.0.0.1 is no name to be resolved"},
		{"-w dns_time=1 -c dns_time=2 -H [::1]", "-w dns_time=1" + first + "::1 is no name to be resolved|-c dns_time=2" + first + "::1 is no name to be resolved"},
		{"-w dns_time=1 -H /run/x", "-w dns_time=1" + first + "/run/x is no name to be resolved"},
		{"-w dns_time=1 -H mx1", ""},
		{"-w dns_time=1 -H mx1 -4", ""},
		{"-f a --to b -w body_bytes=5", ""},
		{"-D 30,7", ""},
		{"-D 30", ""},
		{"-D 0", ""},
		{"-D 7,7", "-D 7,7 can never be a WARNING: it is CRITICAL first"},
		{"-D 30%,36h", ""},
		{"-D 30,7 --ignore-certificate-expiration", "-D 30,7 can never alert: --ignore-certificate-expiration"},
	} {
		p, err := Parse(shell(test.line), surroundings(nil))
		if got := strings.Join(p.Limits.Notes, "|"); err != nil || got != test.notes {
			t.Errorf("%s: %v\n got %s\nwant %s", test.line, err, got, test.notes)
		}
	}
}
