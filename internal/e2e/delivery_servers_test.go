//go:build e2e

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// boxes are the mailboxes of box.test at every server. "unknown" is none of
// them, and mail for elsewhere.test is not the servers' business.
var boxes = []string{"good", "second", "hidden"}

// largest is the size of message that a server announces, where it has a limit
// of its own.
const largest = 200000

// mailServer is a server with mailboxes that we can read: Maildirs, in which no
// line of a message is changed.
type mailServer struct {
	doors map[string]string // the ways in, each as options of ours
	boxes string            // directory of the Maildirs
	log   string            // what it writes about its sessions
}

// prepareMaildirs makes the directory of the mailboxes for a user.
func prepareMaildirs(t *testing.T, dir, user string) string {
	t.Helper()
	path := filepath.Join(dir, "mail")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	chown(t, user, path)
	return path
}

func chown(t *testing.T, user string, paths ...string) {
	t.Helper()
	if out, err := exec.Command("chown", append([]string{user}, paths...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// The ways into Postfix.
var (
	closedDoor = service{"closed", "-", "smtpd -o mynetworks="}
	openDoor   = service{"open", "-", "smtpd"}
	smallDoor  = service{"small", "-", "smtpd -o message_size_limit=" + strconv.Itoa(largest)}
	silentDoor = service{"silent about sizes", "-", "smtpd -o smtpd_discard_ehlo_keywords=size -o message_size_limit=" + strconv.Itoa(largest)}
	safeDoor   = service{"safe", "-", "smtpd -o smtpd_tls_security_level=encrypt -o smtpd_tls_chain_files={dir}/good.both"}
)

// postfixBoxesCF delivers to mailboxes, and finds fault with what the tests
// want it to. Unlike Postfix usually does, it adds no header, and drops none:
// it would hide that we send a Bcc.
const postfixBoxesCF = `virtual_mailbox_domains = box.test
virtual_mailbox_base = {dir}/mail
virtual_mailbox_maps = inline:{{good@box.test = good/}, {second@box.test = second/}, {hidden@box.test = hidden/}, {later@box.test = later/}}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
local_header_rewrite_clients =
message_drop_headers =
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{{later@box.test=450 4.2.0 Greylisted, try again in 300 seconds}}
smtpd_data_restrictions = check_sender_access inline:{{nodata@example.org=REJECT not from you}}
header_checks = regexp:{{/^Subject: virus/ REJECT this message contains a virus}}
`

func startPostfixBoxes(t *testing.T) *mailServer {
	p := startPostfixWith(t, postfixBoxesCF, closedDoor, openDoor, smallDoor, silentDoor, safeDoor)
	s := &mailServer{doors: map[string]string{}, boxes: prepareMaildirs(t, p.dir, "nobody"), log: p.log}
	for name, port := range p.ports {
		s.doors[name] = at(port)
	}
	s.doors[""] = s.doors[closedDoor.name]
	s.doors[safeDoor.name] += " -S --verify --ca-file " + filepath.Join(p.dir, "ca.pem")
	return s
}

// at is a port as options of ours.
func at(port int) string { return fmt.Sprintf("-H 127.0.0.1 -p %d", port) }

// startHere starts a server that stays in the foreground, and waits until it
// serves SMTP.
func (d *daemon) startHere(t *testing.T, port int, command ...string) {
	t.Helper()
	d.logs = append(d.logs, filepath.Join(d.dir, "output"))
	out, err := os.Create(filepath.Join(d.dir, "output"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	d.pid = cmd.Process.Pid
	d.stopAfter(t)
	if !within(patience, func() bool { return servesSMTP(port) }) {
		t.Fatalf("%s does not serve", command[0])
	}
}

// servesSMTP has a word with a server, and leaves politely, so that its log has
// nothing to complain of.
func servesSMTP(port int) bool {
	conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	in := bufio.NewReader(conn)
	if banner, err := in.ReadString('\n'); err != nil || !strings.HasPrefix(banner, "220") {
		return false
	}
	io.WriteString(conn, "QUIT\r\n")
	_, err = in.ReadString('\n')
	return err == nil
}

// unpacked is unpack for a test, which fails without the packages.
func unpacked(t *testing.T, packages ...string) string {
	t.Helper()
	dir, err := unpack(os.Stderr, packages...)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func addUsers(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := addUser(os.Stderr, name); err != nil {
			t.Fatal(err)
		}
	}
}

func writeFile(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func startExim(t *testing.T) *mailServer {
	exim := filepath.Join(unpacked(t, "exim4-daemon-light"), "usr/sbin/exim4")
	addUsers(t, "Debian-exim") // compiled in
	d := &daemon{dir: tempDir(t)}
	s := &mailServer{boxes: prepareMaildirs(t, d.dir, "mail"), log: filepath.Join(d.dir, "mainlog")}
	d.logs = []string{s.log}
	chown(t, "mail", d.dir) // it writes there, having dropped its privileges
	ports := freePorts(t, 2)
	s.doors = map[string]string{"": at(ports[0]), "small": at(ports[1])}
	config := strings.NewReplacer("{dir}", d.dir, "{port}", strconv.Itoa(ports[0]), "{small}", strconv.Itoa(ports[1]),
		"{largest}", strconv.Itoa(largest), "{boxes}", strings.Join(boxes, " : ")).Replace(eximConf)
	writeFile(t, filepath.Join(d.dir, "exim.conf"), config, 0o644)
	d.startHere(t, ports[0], exim, "-C", filepath.Join(d.dir, "exim.conf"), "-bdf")
	return s
}

// eximConf delivers in the process that took the message in: the program, not
// being setuid, could not become root again.
const eximConf = `exim_user = mail
exim_group = mail
never_users =
deliver_drop_privilege
primary_hostname = mail.example.test
spool_directory = {dir}
log_file_path = {dir}/%slog
log_selector = +8bitmime
pid_file_path = {dir}/exim.pid
daemon_smtp_ports = {port} : {small}
local_interfaces = 127.0.0.1
domainlist local_domains = box.test
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_advertise_hosts =
message_size_limit = ${if eq{$received_port}{{small}}{{largest}}{50M}}
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
begin acl
acl_rcpt:
  deny !domains = +local_domains
       message = relay not permitted
  defer local_parts = later
       message = greylisted, try again in 5 minutes
  require verify = recipient
  accept
acl_data:
  deny condition = ${if match{$h_subject:}{virus}}
       message = this message contains a virus
  defer condition = ${if match{$h_subject:}{busy}}
       message = the scanner is busy
  accept
begin routers
boxes:
  driver = accept
  domains = +local_domains
  local_parts = {boxes}
  transport = maildir
begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = {dir}/mail/$local_part_data
  user = mail
  return_path_add
  envelope_to_add
begin retry
`

// startOpenSMTPD gives OpenSMTPD a mount namespace of its own, as its paths are
// compiled in.
func startOpenSMTPD(t *testing.T) *mailServer {
	root := filepath.Join(unpacked(t, "opensmtpd"), "usr")
	addUsers(t, "opensmtpd", "opensmtpq")
	d := &daemon{dir: tempDir(t)}
	for _, sub := range []string{"run", "spool", "lib/opensmtpd/empty", "mail", "tmp", "log"} {
		if err := os.MkdirAll(filepath.Join(d.dir, "var", sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(d.dir, "var/spool/smtpd"), 0o711); err != nil { // it insists
		t.Fatal(err)
	}
	s := &mailServer{boxes: prepareMaildirs(t, d.dir, "nobody"), log: filepath.Join(d.dir, "output")}
	port := freePorts(t, 1)[0]
	s.doors = map[string]string{"": at(port)}
	config := strings.NewReplacer("{dir}", d.dir, "{port}", strconv.Itoa(port), "{largest}", strconv.Itoa(largest)).Replace(smtpdConf)
	writeFile(t, filepath.Join(d.dir, "smtpd.conf"), config, 0o600)
	mounts := strings.NewReplacer("{dir}", d.dir, "{root}", root).Replace(
		"mount --bind {dir}/var /var && mount --bind {dir}/var/run /run && mount --bind {root}/libexec /usr/libexec && exec {root}/sbin/smtpd -d -f {dir}/smtpd.conf")
	d.startHere(t, port, "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", mounts)
	return s
}

const smtpdConf = `listen on 127.0.0.1 port {port} hostname mail.example.test
smtp max-message-size "{largest}"
table boxes { "good@box.test" = "nobody", "second@box.test" = "nobody", "hidden@box.test" = "nobody" }
action "deliver" maildir "{dir}/mail/%{rcpt.user}" virtual <boxes>
match from any for domain "box.test" action "deliver"
`

// startDovecotBoxes starts a Dovecot that speaks LMTP, over TCP and over a UNIX
// socket.
func startDovecotBoxes(t *testing.T) *mailServer {
	dir := tempDir(t)
	d := &daemon{dir: dir, logs: []string{filepath.Join(dir, "dovecot.log")}}
	s := &mailServer{boxes: prepareMaildirs(t, dir, "nobody"), log: d.logs[0]}
	port := freePorts(t, 1)[0]
	socket := filepath.Join(dir, "lmtp")
	s.doors = map[string]string{"": at(port) + " --lmtp", "socket": "-H " + socket + " --lmtp", "no LMTP": at(port)}
	config := strings.NewReplacer("{dir}", dir, "{port}", strconv.Itoa(port)).Replace(dovecotBoxesConf)
	writeFile(t, filepath.Join(dir, "dovecot.conf"), config, 0o644)
	users := "full@box.test:{PLAIN}x::::::userdb_quota_rule=*:storage=1B\n" +
		"filling@box.test:{PLAIN}x::::::userdb_quota_rule=*:storage=1B userdb_quota_full_tempfail=yes\n"
	for _, box := range boxes {
		users += box + "@box.test:{PLAIN}x:::::\n"
	}
	writeFile(t, filepath.Join(dir, "users"), users, 0o644)
	d.startDovecot(t, socket)
	return s
}

const dovecotBoxesConf = `base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols = lmtp
ssl = no
hostname = mail.example.test
postmaster_address = postmaster@box.test
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
mail_location = maildir:{dir}/mail/%n
mail_plugins = quota
lmtp_save_to_detail_mailbox = no
plugin {
  quota = maildir:mailbox
}
passdb {
  driver = passwd-file
  args = {dir}/users
}
userdb {
  driver = passwd-file
  args = {dir}/users
  default_fields = uid=nobody gid=nogroup home={dir}/mail/%n
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = {port}
  }
  unix_listener {dir}/lmtp {
    mode = 0666
  }
}
`
