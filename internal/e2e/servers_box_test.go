//go:build e2e

package e2e

import (
	"fmt"
	"path/filepath"
	"testing"
)

// lmtp are the cells of a server that speaks LMTP, but for what it cannot do.
func lmtp(names ...string) map[string]ability {
	cells := map[string]ability{}
	for _, c := range columns {
		c.args += " --lmtp"
		cells[c.name] = c
	}
	for _, name := range names {
		cells[name] = cannot
	}
	return cells
}

// afterLogin is what a submission server wants to hear first.
const afterLogin = " -S" + trusting + " " + as

var mailboxServers = []realServer{
	{
		name:  "Dovecot submission",
		needs: []string{"dovecot-core", "dovecot-submissiond"},
		start: startSubmission,
		cells: map[string]ability{
			"delivery":          {args: "-p {plain}" + afterLogin + enveloped + "good@box.test", want: sight{0, "", "body"}},
			"unknown recipient": {args: "-p {plain}" + afterLogin + enveloped + "unknown@box.test", want: sight{2, "refused", "rcptto"}},
		},
	},
	{
		name:  "Dovecot LMTP",
		needs: []string{"dovecot-core", "dovecot-lmtpd"},
		start: startWholeLMTP,
		cells: lmtp("login", "wrong password"),
	},
	{
		name:  "Cyrus LMTP",
		needs: []string{"cyrus-imapd", "sasl2-bin", "libsasl2-modules"},
		start: startCyrus,
		cells: cyrusCells(),
	},
}

// startSubmission runs a Dovecot that hands its messages on to a Postfix.
func startSubmission(t *testing.T) *rig {
	back := startWholePostfix(t)
	b := newStand(t, "plain", "tls", "proxy")
	b.doors["login"] = b.doors["plain"]
	b.mail = back.mail
	b.logs = []string{filepath.Join(b.dir, "dovecot.log")}
	b.write(t, "users", user+":{PLAIN}"+password+":::::\n")
	config := b.write(t, "dovecot.conf", wholeDovecotConf+submissionConf, "{back}", fmt.Sprint(back.doors["plain"]))
	return b.serve(t, "plain", "/usr/sbin/dovecot", "-F", "-c", config)
}

func startWholeLMTP(t *testing.T) *rig {
	b := newStand(t, "plain", "tls", "proxy")
	b.logs = []string{filepath.Join(b.dir, "dovecot.log")}
	b.write(t, "users", "good@box.test:{PLAIN}x:::::\n")
	config := b.write(t, "dovecot.conf", wholeDovecotConf+lmtpConf)
	return b.serve(t, "plain", "/usr/sbin/dovecot", "-F", "-c", config)
}

const wholeDovecotConf = `base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
listen = 127.0.0.1
hostname = mail.example.test
postmaster_address = postmaster@box.test
ssl = yes
ssl_cert = <{dir}/good.pem
ssl_key = <{dir}/good.key
auth_failure_delay = 0 secs
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
mail_location = maildir:{dir}/mail/%n
haproxy_trusted_networks = 127.0.0.0/8
passdb {
  driver = passwd-file
  args = {dir}/users
}
userdb {
  driver = passwd-file
  args = {dir}/users
  default_fields = uid=nobody gid=nogroup home={dir}/mail/%n
}
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`

const submissionConf = `protocols = submission
submission_relay_host = 127.0.0.1
submission_relay_port = {back}
submission_relay_trusted = yes
service submission-login {
  inet_listener submission {
    port = {plain}
  }
  inet_listener submissions {
    port = {tls}
    ssl = yes
  }
  inet_listener behind {
    port = {proxy}
    haproxy = yes
  }
}
`

const lmtpConf = `protocols = lmtp
service lmtp {
  inet_listener lmtp {
    port = {plain}
  }
  inet_listener lmtps {
    port = {tls}
    ssl = yes
  }
  inet_listener behind {
    port = {proxy}
    haproxy = yes
  }
}
`

// cyrusCells has TLS and the login at the port that wants a login.
func cyrusCells() map[string]ability {
	cells := lmtp("TLS", "PROXY 1", "PROXY 2")
	cells["STARTTLS"] = ability{args: "-p {login} --lmtp -S" + trusting, want: sight{0, "", "tls"}}
	return cells
}

func startCyrus(t *testing.T) *rig {
	b := newStand(t, "login", "plain")
	b.saslUser(t, "sasldb2")
	imapd := b.write(t, "imapd.conf", cyrusImapdConf)
	cyrus := b.write(t, "cyrus.conf", cyrusConf)
	chown(t, "cyrus:mail", "-R", b.dir)
	return b.serve(t, "plain", b.shell(t, `cd {dir}
mkdir conf part proc
chown -R cyrus:mail .
setpriv --reuid=cyrus --regid=mail --clear-groups /usr/lib/cyrus/bin/makedirs -f -C `+imapd+` || true
exec /usr/lib/cyrus/bin/master -D -C `+imapd+` -M `+cyrus+` -p {dir}/pid
`)...)
}

const cyrusImapdConf = `configdirectory: {dir}/conf
proc_path: {dir}/proc
partition-default: {dir}/mail
defaultpartition: default
servername: mail.example.test
defaultdomain: box.test
virtdomains: off
admins: cyrus {user}
lmtp_admins: {user}
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {dir}/sasldb2
sasl_mech_list: PLAIN LOGIN CRAM-MD5
tls_server_cert: {dir}/good.pem
tls_server_key: {dir}/good.key
lmtpsocket: {dir}/lmtp.sock
autocreate_quota: 0
autocreate_post: 1
autocreate_users: good
duplicatesuppression: 0
`

const cyrusConf = `START {
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C {dir}/imapd.conf -r"
}
SERVICES {
  lmtp cmd="/usr/lib/cyrus/bin/lmtpd -C {dir}/imapd.conf" listen="127.0.0.1:{login}" prefork=0 maxchild=20
  open cmd="/usr/lib/cyrus/bin/lmtpd -C {dir}/imapd.conf -a" listen="127.0.0.1:{plain}" prefork=0 maxchild=20
}
EVENTS {
}
`
