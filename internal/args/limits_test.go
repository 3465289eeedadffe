package args

import (
	"strings"
	"testing"

	"check_smtp/internal/plan"
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

// TestScarce: of what is worse the less there is, a bare number is no limit.
func TestScarce(t *testing.T) {
	for _, test := range []struct{ line, problem, hint string }{
		{"-S -w cert_days=30", `-w/--warning: "cert_days=30" would alert above 30, not below`, "give -w cert_days=30: with a colon"},
		{"-S -c 'cert_hours= 7.5'", `-c/--critical: "cert_hours= 7.5" would alert above 7.5, not below`, "give -c cert_hours=7.5: "},
		{"--mx a.b --dane -c dane_rrsig_days=2", `-c/--critical: "dane_rrsig_days=2" would alert above 2, not below`, "give -c dane_rrsig_days=2: "},
		{"--mx a.b --mta-sts -w sts_cert_days=9", `-w/--warning: "sts_cert_days=9" would alert above 9, not below`, ""},
		{"--mx a.b -c targets_ok=1", `-c/--critical: "targets_ok=1" would alert above 1, not below`, ""},
		{"-w cert_days=30", `-w/--warning: "cert_days=30" could never alert: this run has no cert_days`, ""},
		{"-S -w cert_days=30,7", `-w/--warning: "30,7" contains a comma, which is neither a decimal point nor a separator of two limits`, "give -w cert_days=30: -c cert_days=7: for two limits"},
		{"-H mx1 -S -w cert_days 30", `-w/--warning: "cert_days" and "30" stand in two words`, "give -w cert_days=30:"},
	} {
		refuses(t, test.line, surroundings(nil), test.problem, test.hint)
	}
	for _, line := range []string{"-S -w cert_days=30: -c cert_days=@0:7", "-S -w cert_days=0:30 -c cert_days=~:90", "--mx a.b -w mx_hosts=3 -w targets=9"} {
		if _, err := Parse(shell(line), surroundings(nil)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestLimitedTwice: a metric that is named twice is limited once; the plugins' own
// form is theirs, and an ini file only proposes.
func TestLimitedTwice(t *testing.T) {
	files := map[string]string{"/o.ini": "[check_smtp]\nw = time=9\nw = banner_time=3\n"}
	refuses(t, "-w time=1 -c time=5 -w time=2", surroundings(files), `-w/--warning: it is given twice, with "time=1" and "time=2"`, "leave one of the two out")
	refuses(t, "-c ehlo_time=1 --critical=ehlo_time=2:", surroundings(files), `-c/--critical: it is given twice, with "ehlo_time=1" and "ehlo_time=2:"`, "")
	for line, want := range map[string]string{
		"-w 1 -w 2": "2", "-w time=1 -w 2": "2", "-w time=2 -w time=2 -c time=5": "2", "-w banner_time=1 -w ehlo_time=1 -w time=4": "4",
		"--extra-opts=@/o.ini -w time=3": "3", "--extra-opts=@/o.ini": "9",
	} {
		p, err := Parse(shell(line), surroundings(files))
		if got := p.Limits.Warning[plan.Time].String(); err != nil || got != want {
			t.Errorf("%s: %s, %v", line, got, err)
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
