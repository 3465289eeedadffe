//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// service is one way in which Postfix serves SMTP: a line of master.cf, at a
// port of its own.
type service struct {
	name    string
	process string // a limit, or "-"
	command string // with options, see master(5)
}

// postfix is a running Postfix.
type postfix struct {
	daemon
	ports map[string]int // by name of service
	log   string
}

// startPostfix starts a Postfix that serves nothing but these services.
func startPostfix(t *testing.T, services ...service) *postfix {
	t.Helper()
	return startPostfixWith(t, "", services...)
}

// startPostfixWith adds lines to main.cf. There and in a service {dir} stands
// for Postfix's directory, where the certificates lie, too.
func startPostfixWith(t *testing.T, main string, services ...service) *postfix {
	t.Helper()
	dir := tempDir(t)
	if main != "" {
		certificates().write(t, dir)
	}
	p := &postfix{ports: map[string]int{}, log: filepath.Join(dir, "mail.log")}
	p.dir, p.logs = dir, []string{p.log}
	for i, port := range freePorts(t, len(services)) {
		p.ports[services[i].name] = port
	}
	var lines strings.Builder
	for _, s := range services {
		fmt.Fprintf(&lines, "127.0.0.1:%d inet n - n - %s %s\n", p.ports[s.name], s.process, s.command)
	}
	p.start(t, mainCF+main, lines.String())
	return p
}

// start starts Postfix with the text of main.cf and lines for master.cf.
func (p *postfix) start(t *testing.T, main, services string) {
	t.Helper()
	if err := p.configure(main, services); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	// It goes to the background once it listens.
	cmd := exec.CommandContext(ctx, "/usr/sbin/postfix", "-c", filepath.Join(p.dir, "etc"), "start")
	cmd.WaitDelay = time.Second // should a server keep our pipe
	out, err := cmd.CombinedOutput()
	if err != nil {
		show(t, p.log)
		t.Fatalf("postfix start: %v\n%s", err, out)
	}
	if p.pid, err = pidIn(filepath.Join(p.dir, "queue/pid/master.pid")); err != nil {
		t.Fatal(err)
	}
	p.stopAfter(t)
}

func (p *postfix) configure(main, services string) error {
	for _, sub := range []string{"etc", "queue", "data"} {
		if err := os.Mkdir(filepath.Join(p.dir, sub), 0o755); err != nil {
			return err
		}
	}
	if out, err := exec.Command("chown", "postfix", filepath.Join(p.dir, "data")).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	if err := p.write("main.cf", strings.ReplaceAll(main, "{dir}", p.dir)); err != nil {
		return err
	}
	return p.write("master.cf", strings.ReplaceAll(services+masterCF, "{dir}", p.dir))
}

// write writes a configuration file. It is dated back, as Postfix reads a file
// of the last second again and again until it is older.
func (p *postfix) write(name, text string) error {
	path := filepath.Join(p.dir, "etc", name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	past := time.Now().Add(-10 * time.Second)
	return os.Chtimes(path, past, past)
}

// mainCF keeps everything in {dir}, accepts mail for a made-up domain, throws
// it away, and asks no DNS server anything.
const mainCF = `compatibility_level = 3.6
config_directory = {dir}/etc
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
shlib_directory = /usr/lib/postfix
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {dir}/mail.log
maillog_file_prefixes = {dir}
multi_instance_enable = yes
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = mail.example.test
mydomain = example.test
mydestination = $myhostname, example.test
mynetworks = 127.0.0.0/8
local_recipient_maps =
local_transport = discard:
default_transport = discard:
relay_transport = discard:
alias_maps =
alias_database =
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
postscreen_greet_wait = 2s
postscreen_greet_banner = mail.example.test ESMTP please wait
postscreen_greet_action = enforce
postscreen_access_list =
postscreen_cache_map =
`

// masterCF holds what the services need behind them.
const masterCF = `smtpd     pass - - n - - smtpd
pickup    unix n - n 60 1 pickup
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - - proxymap
error     unix - - n - - error
retry     unix - - n - - error
tlsmgr    unix - - n 1000? 1 tlsmgr
discard   unix - - n - - discard
virtual   unix - n n - - virtual
dnsblog   unix - - n - 0 dnsblog
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
`
