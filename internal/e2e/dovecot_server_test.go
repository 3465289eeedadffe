//go:build e2e

package e2e

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The only users that there are. The second one's name and password are not
// ASCII.
const (
	user     = "test"
	password = "secret word"
)

// tokenKey signs the tokens of XOAUTH2 and OAUTHBEARER.
const tokenKey = "a key that only tests know"

// startDovecot starts a Dovecot that does nothing but authenticate, and returns
// the socket at which Postfix asks it.
func startDovecot(t *testing.T) string {
	t.Helper()
	dir := tempDir(t)
	for name, text := range map[string]string{
		"dovecot.conf":               strings.ReplaceAll(dovecotConf, "{dir}", dir),
		"oauth2.conf":                strings.ReplaceAll(oauth2Conf, "{dir}", dir),
		"users":                      fmt.Sprintf("%s:{PLAIN}%s:::::\njürgen:{PLAIN}pässword:::::\n", user, password),
		"keys/default/HS256/default": base64.StdEncoding.EncodeToString([]byte(tokenKey)),
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d := &daemon{dir: dir, logs: []string{filepath.Join(dir, "dovecot.log")}}
	socket := filepath.Join(dir, "auth-smtp")
	d.startDovecot(t, socket)
	return socket
}

// startDovecot starts the Dovecot of a directory, and waits for a socket of it.
func (d *daemon) startDovecot(t *testing.T, socket string) {
	t.Helper()
	log, err := os.OpenFile(d.logs[0], os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/usr/sbin/dovecot", "-c", filepath.Join(d.dir, "dovecot.conf"))
	cmd.Stdout, cmd.Stderr = log, log // which it keeps; it would keep a pipe, too
	if err := cmd.Run(); err != nil {
		show(t, d.logs[0])
		t.Fatal("dovecot: ", err)
	}
	// It is in the background before it has written down its pid.
	started := func() bool { d.pid, err = pidIn(filepath.Join(d.dir, "run/master.pid")); return err == nil }
	if !within(patience, started) {
		show(t, d.logs[0])
		t.Fatal(err)
	}
	d.stopAfter(t)
	ready := func() bool { _, err := os.Stat(socket); return err == nil }
	if !within(patience, ready) {
		t.Fatal("dovecot made no socket")
	}
}

// token is a JSON web token (RFC 7519) for a user.
func token(user string) string {
	now := time.Now().Unix()
	part := base64.RawURLEncoding.EncodeToString
	text := part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		part(fmt.Appendf(nil, `{"sub":%q,"iat":%d,"exp":%d}`, user, now-60, now+3600))
	sum := hmac.New(sha256.New, []byte(tokenKey))
	sum.Write([]byte(text))
	return text + "." + part(sum.Sum(nil))
}

// dovecotConf punishes nobody: Dovecot would answer each failed login later
// than the one before.
const dovecotConf = `base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
protocols =
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0 secs
auth_username_chars =
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
default_internal_user = dovecot
default_login_user = dovenull
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2.conf
}
passdb {
  driver = passwd-file
  args = scheme=plain username_format=%u {dir}/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/tmp
}
service auth {
  unix_listener {dir}/auth-smtp {
    mode = 0666
  }
}
`

const oauth2Conf = `introspection_mode = local
local_validation_key_dict = fs:posix:prefix={dir}/keys/
username_attribute = sub
`
