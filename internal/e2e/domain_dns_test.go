//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Where the DNS of the bed is. All but the first are resolvers.
const (
	nameServer = "127.0.53.1"   // knot, with every zone from the root on
	validating = "127.0.0.1"    // unbound, which verifies signatures
	stub       = "127.0.0.53"   // the same, where systemd's forwarder is
	distant    = "fd00:e2e::53" // the same, as if on another machine
	careless   = "127.0.0.2"    // an unbound that verifies nothing
)

// zone is a part of the DNS with its own signatures.
type zone struct {
	name   string // without a dot at its end; "": the root
	policy string // of knot: how it is signed; "": not at all, or by us
	ds     trust  // what its parent says of its key
	past   bool   // it was signed so long ago that its signatures have expired
	text   string // records, for its origin
}

type trust int

const (
	noDS trust = iota
	rightDS
	wrongDS
)

// zones are all but the records of lab.test's many domains.
var zones = []zone{
	{name: "", policy: "lab", text: "lab.test. NS ns.lab.test.\nns.lab.test. A " + nameServer + "\n"},
	{name: "lab.test", policy: "lab", ds: rightDS},
	{name: "ins.lab.test"},
	{name: "bog.lab.test", policy: "lab", ds: wrongDS},
	{name: "near.lab.test", policy: "near", ds: rightDS},
	{name: "past.lab.test", policy: "lab", ds: rightDS, past: true},
	{name: "_tcp.mx.d32.lab.test", ds: wrongDS},
}

// fqdn is the name of a zone with its dot.
func (z zone) fqdn() string { return z.name + "." }

// file is where the zone's records are.
func (z zone) file(dir string) string { return filepath.Join(dir, "zones", z.name+".zone") }

const zoneHead = `$ORIGIN %s
$TTL 30
@ SOA ns hostmaster 1 3600 600 86400 30
@ NS ns
ns A ` + nameServer + `
`

// startDNS serves the zones, and answers as a validating resolver that believes in
// the key of their root and in nothing else, of which it returns the DS record.
func startDNS(t *testing.T, dir string, zones []zone) (anchor string) {
	t.Helper()
	for _, sub := range []string{"run", "db", "zones", "signed"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, dir, "past.conf", knotConf(dir, zones, true))
	write(t, dir, "knot.conf", knotConf(dir, zones, false))
	zones, anchor = delegate(t, dir, zones)
	write(t, dir, "anchor", anchor)
	for _, z := range zones {
		write(t, dir, "zones/"+z.name+".zone", fmt.Sprintf(zoneHead, z.fqdn())+z.text)
		if z.past {
			signed := time.Now().Add(-30 * Day).Unix()
			run(t, "kzonesign", "-c", filepath.Join(dir, "past.conf"), "-o", filepath.Join(dir, "signed"), "-t", strconv.FormatInt(signed, 10), z.fqdn())
		}
	}
	write(t, dir, "hints", ". 3600 NS ns.\nns. 3600 A "+nameServer+"\n")
	write(t, dir, "unbound.conf", unboundConf(dir, "validator iterator", validating, stub, distant))
	write(t, dir, "careless.conf", unboundConf(dir, "iterator", careless))
	for _, server := range []struct{ program, conf, at string }{
		{"knotd", "knot.conf", nameServer}, {"unbound", "unbound.conf", validating}, {"unbound", "careless.conf", careless},
	} {
		args := []string{"-c", filepath.Join(dir, server.conf)}
		if server.program == "unbound" {
			args = append(args, "-d")
		}
		ready := func() bool { return strings.Contains(dig(server.at, "lab.test", "SOA"), "hostmaster") }
		foreground(t, filepath.Join(dir, server.conf+".log"), ready, server.program, args...)
	}
	return anchor
}

// dig is what dig says.
func dig(server string, words ...string) string {
	args := append([]string{"@" + server, "+dnssec", "+time=2", "+tries=1"}, words...)
	out, err := exec.Command("dig", args...).CombinedOutput()
	if err != nil {
		return err.Error() + string(out)
	}
	return string(out)
}

// delegate makes the keys of zones, and writes what a parent says of them. Nobody
// but the anchor says anything of the root's.
func delegate(t *testing.T, dir string, zones []zone) (_ []zone, anchor string) {
	t.Helper()
	zones = slices.Clone(zones)
	for i, z := range zones {
		ds := ""
		if z.policy != "" {
			conf := filepath.Join(dir, "knot.conf")
			if z.past {
				conf = filepath.Join(dir, "past.conf")
			}
			run(t, "keymgr", "-c", conf, z.fqdn(), "generate", "algorithm=ECDSAP256SHA256", "ksk=yes", "zsk=yes",
				"created=20200101000000", "publish=20200101000000", "ready=20200101000000", "active=20200101000000")
			ds = run(t, "keymgr", "-c", conf, z.fqdn(), "ds")
		}
		if z.ds == wrongDS {
			ds = z.fqdn() + " DS 12345 13 2 " + strings.Repeat("0", 64) + "\n"
		}
		if z.name == "" {
			anchor = ds
			continue
		}
		parent := slices.IndexFunc(zones, func(p zone) bool { return p.name == "lab.test" })
		if i == parent {
			parent = 0
		}
		if z.ds != noDS {
			zones[parent].text += ds
		}
		if z.name != "lab.test" {
			zones[parent].text += fmt.Sprintf("%[1]s NS ns.%[1]s\nns.%[1]s A %[2]s\n", z.fqdn(), nameServer)
		}
	}
	return zones, anchor
}

func knotConf(dir string, zones []zone, past bool) string {
	var text strings.Builder
	fmt.Fprintf(&text, knotHead, dir, nameServer)
	for _, z := range zones {
		file := z.file(dir)
		if z.past && !past {
			file = filepath.Join(dir, "signed", z.name+".zone")
		}
		fmt.Fprintf(&text, "  - domain: %q\n    file: %q\n", z.fqdn(), file)
		if z.policy != "" && z.past == past {
			fmt.Fprintf(&text, "    dnssec-signing: on\n    dnssec-policy: %s\n", z.policy)
		}
	}
	return text.String()
}

const knotHead = `server:
    rundir: "%[1]s/run"
    listen: %[2]s@53
log:
  - target: stderr
    any: warning
database:
    storage: "%[1]s/db"
policy:
  - id: lab
    algorithm: ECDSAP256SHA256
    single-type-signing: on
    rrsig-lifetime: 14d
    rrsig-refresh: 7d
  - id: near
    algorithm: ECDSAP256SHA256
    single-type-signing: on
    nsec3: on
    rrsig-lifetime: 2d
    rrsig-refresh: 1d
template:
  - id: default
    storage: "%[1]s/zones"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
`

func unboundConf(dir, modules string, interfaces ...string) string {
	text := fmt.Sprintf(unboundHead, dir, modules)
	for _, i := range interfaces {
		text += "  interface: " + i + "\n"
	}
	return text + "remote-control:\n  control-enable: no\n"
}

const unboundHead = `server:
  directory: "%[1]s"
  chroot: ""
  username: ""
  pidfile: ""
  do-daemonize: no
  use-syslog: no
  logfile: ""
  val-log-level: 1
  num-threads: 1
  module-config: "%[2]s"
  root-hints: "%[1]s/hints"
  trust-anchor-file: "%[1]s/anchor"
  trust-anchor-signaling: no
  do-not-query-localhost: no
  local-zone: "test." nodefault
  access-control: 127.0.0.0/8 allow
  access-control: fd00:e2e::/32 allow
`

// write writes a file of the bed.
func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// foreground starts a server that stays where it is, for the time of a test, and
// waits until it is ready.
func foreground(t *testing.T, log string, ready func() bool, program string, args ...string) {
	t.Helper()
	out, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	d := &daemon{pid: cmd.Process.Pid, logs: []string{log}}
	d.stopAfter(t)
	for end := time.Now().Add(patience); !ready(); time.Sleep(20 * time.Millisecond) {
		select {
		case err := <-ended:
			t.Fatalf("%s: %v", program, err)
		default:
		}
		if time.Now().After(end) {
			t.Fatalf("%s does not answer", program)
		}
	}
}
