//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"
)

// startSendmail shows Sendmail its directory as /srv, as it takes no key from
// below a directory that anybody may write to. It waits for a minute unless the
// machine has a whole name.
func startSendmail(t *testing.T) *rig {
	root := filepath.Join(unpacked(t, "sendmail-bin", "sendmail-base", "sendmail-cf"), "usr")
	b := newStand(t, "plain", "tls")
	b.doors["login"] = b.doors["plain"]
	b.saslUser(t, "sasldb2")
	b.write(t, "sendmail.mc", sendmailMC, "{root}", root)
	b.write(t, "sasl/Sendmail.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: /srv/sasldb2\nmech_list: PLAIN LOGIN CRAM-MD5\n")
	b.write(t, "hosts", "127.0.0.1 mail.example.test mail localhost\n")
	b.write(t, "deliver", "#!/bin/sh\nexec cat >/srv/mail/$1.$$\n")
	return b.serve(t, "plain", b.shell(t, `cd {dir}
mkdir -m 700 queue
chmod 755 deliver
chmod 600 good.key
chmod 640 sasldb2
hostname mail.example.test
mount --bind hosts /etc/hosts
m4 -D_CF_DIR_={root}/share/sendmail/cf/ sendmail.mc >sendmail.cf
mount --bind {dir} /srv
exec {root}/libexec/sendmail/sendmail -bD -C/srv/sendmail.cf
`, "{root}", root)...)
}

const sendmailMC = "include(`{root}/share/sendmail/cf/m4/cf.m4')dnl\n" +
	"OSTYPE(`linux')dnl\n" +
	"define(`confDOMAIN_NAME', `mail.example.test')dnl\n" +
	"define(`confPID_FILE', `/srv/pid')dnl\n" +
	"define(`QUEUE_DIR', `/srv/queue')dnl\n" +
	"define(`STATUS_FILE', `/srv/statistics')dnl\n" +
	"undefine(`ALIAS_FILE')dnl\n" +
	"define(`HELP_FILE', `/srv/helpfile')dnl\n" +
	"define(`LOCAL_MAILER_PATH', `/srv/deliver')dnl\n" +
	"define(`LOCAL_MAILER_ARGS', `deliver $u')dnl\n" +
	"define(`confDONT_BLAME_SENDMAIL', `GroupReadableKeyFile,GroupReadableSASLDBFile')dnl\n" +
	"define(`confTO_IDENT', `0')dnl\n" +
	"define(`confQUEUE_LA', `1000')dnl\n" + // on a busy machine it would only queue
	"define(`confREFUSE_LA', `1000')dnl\n" +
	"define(`confCACERT', `/srv/ca.pem')dnl\n" +
	"define(`confCACERT_PATH', `/srv')dnl\n" +
	"define(`confSERVER_CERT', `/srv/good.pem')dnl\n" +
	"define(`confSERVER_KEY', `/srv/good.key')dnl\n" +
	"define(`confTLS_SRV_OPTIONS', `V')dnl\n" +
	"define(`confAUTH_MECHANISMS', `PLAIN LOGIN CRAM-MD5')dnl\n" +
	"define(`confAUTH_REALM', `mail.example.test')dnl\n" +
	"TRUST_AUTH_MECH(`PLAIN LOGIN CRAM-MD5')dnl\n" +
	"FEATURE(`no_default_msa')dnl\n" +
	"FEATURE(`accept_unresolvable_domains')dnl\n" +
	"FEATURE(`nocanonify')dnl\n" +
	"DAEMON_OPTIONS(`Name=MTA, Family=inet, Addr=127.0.0.1, Port={plain}')dnl\n" +
	"DAEMON_OPTIONS(`Name=TLS, Family=inet, Addr=127.0.0.1, Port={tls}, M=s')dnl\n" +
	"MAILER(`local')dnl\n" +
	"MAILER(`smtp')dnl\n" +
	"LOCAL_CONFIG\n" +
	"Cwbox.test\n" +
	"ESASL_CONF_PATH=/srv/sasl\n"

// startCourier lays Courier's files over those of the machine, where it alone
// sees them. Its queue is the directory of the messages.
func startCourier(t *testing.T) *rig {
	root := unpacked(t, "courier-mta", "courier-base", "courier-authlib", "courier-authlib-userdb", "courier-authdaemon")
	b := newStand(t, "plain", "tls")
	b.doors["login"] = b.doors["plain"]
	b.logs = []string{filepath.Join(b.dir, "sessions"), filepath.Join(b.dir, "sessions.tls")}
	return b.serve(t, "plain", b.shell(t, courierScript, "{root}", root)...)
}

const courierScript = `cd {dir}
hostname mail.example.test
mkdir over
mount -t tmpfs none over
for x in usr etc var; do
  mkdir over/$x over/$x.work
  cp -a {root}/$x/. over/$x
  mount -t overlay none -o lowerdir=/$x,upperdir={dir}/over/$x,workdir={dir}/over/$x.work /$x
done
mkdir -p over/run/courier/authdaemon
mount --bind over/run /run
ln -sf makedat.courier /usr/bin/makedat
mkdir -p /var/lib/courier
mount --bind mail /var/lib/courier
mkdir -p /var/lib/courier/msgs /var/lib/courier/msgq /var/lib/courier/tmp /var/lib/courier/track
cat good.key good.pem >/etc/courier/esmtpd.pem
echo box.test >/etc/courier/defaultdomain
printf 'localhost\nbox.test\n' >/etc/courier/locals
echo mail.example.test >/etc/courier/me
echo mail.example.test >/etc/courier/esmtphelo
echo box.test >/etc/courier/esmtpacceptmailfor
: >/etc/courier/aliases/system
makealiases || true
makeacceptmailfor || true
sed -i 's/^authmodulelist=.*/authmodulelist="authuserdb"/; s/^daemons=.*/daemons=1/' /etc/courier/authdaemonrc
pw=$(openssl passwd -1 '{password}')
for u in {user} good; do
  printf '%s\tuid=65534|gid=65534|home=/tmp|shell=/bin/false|systempw=%s\n' "$u" "$pw"
done >/etc/courier/userdb
chmod 600 /etc/courier/userdb
makeuserdb
chown -R courier:courier /var/lib/courier /run/courier /etc/courier
/usr/sbin/authdaemond start </dev/null >authdaemon.log 2>&1 || true
set +u -a
. /etc/courier/esmtpd
TLS_CERTFILE=/etc/courier/esmtpd.pem ESMTPAUTH=LOGIN ESMTPAUTH_TLS="PLAIN LOGIN" BOFHCHECKDNS=0 TARPIT=0
prefix=/usr exec_prefix=/usr sysconfdir=/etc/courier sbindir=/usr/sbin
touch sessions sessions.tls
chown courier sessions sessions.tls
cd /usr
listen="-noidentlookup -nodnslookup -user=courier -group=courier -address=127.0.0.1 -maxprocs=20 -maxperc=20 -maxperip=20"
/usr/sbin/couriertcpd -stderr={dir}/sessions.tls $listen {tls} /usr/bin/couriertls -server -tcpd /usr/sbin/courieresmtpd &
exec /usr/sbin/couriertcpd -stderr={dir}/sessions $listen {plain} /usr/sbin/courieresmtpd
`
