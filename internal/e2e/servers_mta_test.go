//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mtas are the mail servers proper.
var mtas = []realServer{
	{name: "Postfix", start: startWholePostfix},
	{
		name:  "Exim",
		needs: []string{"libidn12", "libgnutls-dane0", "libmariadb3", "libspf2-2", "libpq5", "libperl5.36", "libsasl2-2"},
		get:   unpackOnly([]string{"Debian-exim"}, "exim4-daemon-heavy"),
		start: startWholeExim,
	},
	{
		name:  "OpenSMTPD",
		get:   unpackOnly([]string{"opensmtpd", "opensmtpq"}, "opensmtpd"),
		start: startWholeOpenSMTPD,
		cells: map[string]ability{
			// Debian 12's breaks off every handshake, its log says: SSL routines::EVP lib.
			"STARTTLS":       {args: "-p {plain} -S" + trusting, want: sight{2, "tls-handshake", "tls"}},
			"TLS":            {args: "-p {tls} -s" + trusting, want: sight{2, "tls-handshake", "tls"}},
			"login":          cannot, // which it offers inside TLS only
			"wrong password": cannot,
			"PROXY 1":        cannot,
		},
	},
	{
		name:  "Sendmail",
		needs: []string{"liblockfile1", "m4", "sasl2-bin", "libsasl2-modules"},
		get:   unpackOnly([]string{"smmta", "smmsp"}, "sendmail-bin", "sendmail-base", "sendmail-cf"),
		start: startSendmail,
		cells: map[string]ability{
			"PROXY 1": cannot, "PROXY 2": cannot,
			"delivery": {args: "-p {plain}" + enveloped + "nobody@box.test", want: sight{0, "", "body"}}, // a user of the machine
		},
	},
	{
		name:  "Courier",
		needs: []string{"libcourier-unicode4", "libidn12", "libnet-cidr-perl", "libltdl7"},
		get:   unpackOnly([]string{"courier"}, "courier-mta", "courier-base", "courier-authlib", "courier-authlib-userdb", "courier-authdaemon"),
		start: startCourier,
		cells: map[string]ability{
			"PROXY 1": cannot, "PROXY 2": cannot,
		},
	},
}

// The ways into the whole Postfix.
var wholeDoors = []service{
	{"plain", "-", "smtpd"},
	{"tls", "-", "smtpd -o smtpd_tls_wrappermode=yes"},
	{"login", "-", "smtpd"},
	{"proxy", "-", "smtpd -o smtpd_upstream_proxy_protocol=haproxy -o smtpd_upstream_proxy_timeout=5s"},
	{"clear", "-", "smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no"},
}

func startWholePostfix(t *testing.T) *rig {
	boxes := strings.ReplaceAll(postfixBoxesCF, "smtpd_relay_restrictions = permit_mynetworks", "smtpd_relay_restrictions = permit_sasl_authenticated")
	p := startPostfixWith(t, strings.ReplaceAll(authCF, "{socket}", startDovecot(t))+boxes, wholeDoors...)
	return &rig{doors: p.ports, mail: prepareMaildirs(t, p.dir, "nobody")}
}

func startWholeExim(t *testing.T) *rig {
	b := newStand(t, "plain", "tls", "proxy")
	b.doors["login"] = b.doors["plain"]
	b.logs = []string{filepath.Join(b.dir, "mainlog"), filepath.Join(b.dir, "paniclog")}
	config := b.write(t, "exim.conf", wholeEximConf+eximConf[strings.Index(eximConf, "acl_smtp_rcpt"):], "{boxes}", strings.Join(boxes, " : "))
	edit(t, config, "", eximAuth)
	chown(t, "mail", "-R", b.dir)
	chown(t, "root", config) // it insists
	return b.serve(t, "plain", filepath.Join(unpacked(t, "exim4-daemon-heavy"), "usr/sbin/exim4"), "-C", config, "-bdf")
}

const wholeEximConf = `exim_user = mail
exim_group = mail
never_users =
deliver_drop_privilege
primary_hostname = mail.example.test
spool_directory = {dir}
log_file_path = {dir}/%slog
pid_file_path = {dir}/exim.pid
daemon_smtp_ports = {plain} : {tls} : {proxy}
tls_on_connect_ports = {tls}
hosts_proxy = ${if eq{$received_port}{{proxy}}{*}{}}
local_interfaces = 127.0.0.1
domainlist local_domains = box.test
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_advertise_hosts = *
tls_certificate = {dir}/good.pem
tls_privatekey = {dir}/good.key
`

const eximAuth = `
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{` + user + `}}{eq{$auth3}{` + password + `}}}}
  server_advertise_condition = ${if def:tls_in_cipher}
`

func startWholeOpenSMTPD(t *testing.T) *rig {
	b := newStand(t, "plain", "tls", "proxy")
	for _, sub := range []string{"run", "spool", "lib/opensmtpd/empty", "mail", "tmp", "log"} {
		if err := os.MkdirAll(filepath.Join(b.dir, "var", sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(b.dir, "var/spool/smtpd"), 0o711); err != nil { // it insists
		t.Fatal(err)
	}
	chown(t, "nobody", b.mail)
	config := b.write(t, "smtpd.conf", wholeSmtpdConf)
	if err := os.Chmod(config, 0o600); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(unpacked(t, "opensmtpd"), "usr")
	return b.serve(t, "plain", b.shell(t, `mount --bind {dir}/var /var
mount --bind {dir}/var/run /run
mount --bind {root}/libexec /usr/libexec
exec {root}/sbin/smtpd -d -f {dir}/smtpd.conf
`, "{root}", root)...)
}

const wholeSmtpdConf = `pki mail cert "{dir}/good.pem"
pki mail key "{dir}/good.key"
listen on 127.0.0.1 port {plain} tls pki mail hostname mail.example.test
listen on 127.0.0.1 port {tls} smtps pki mail hostname mail.example.test
listen on 127.0.0.1 port {proxy} proxy-v2 hostname mail.example.test
table boxes { "good@box.test" = "nobody" }
action "deliver" maildir "{dir}/mail/%{rcpt.user}" virtual <boxes>
match from any for domain "box.test" action "deliver"
`
