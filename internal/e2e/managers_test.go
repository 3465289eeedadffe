//go:build e2e

package e2e

import (
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_smtp/internal/credential/vaulttest"
)

// Debian has neither Vault nor OpenBao: vaulttest says what they would.

// askManager runs our program against a server with AUTH LOGIN. The password
// that the server got is the last word that it heard before QUIT.
func askManager(t *testing.T, env []string, line ...string) (outcome, []string) {
	t.Helper()
	s := playTCP(t, withLogin(standard))
	o := runPlugin(ours, env, append([]string{"-H", "127.0.0.1", "-p", strconv.Itoa(s.port()), "-F", "probe.test", "-A", "LOGIN", "-vvv"}, line...)...)
	_, heard := s.contacts()
	for _, mark := range []string{vaulttest.Mark, marker, base64.StdEncoding.EncodeToString([]byte(marker))} {
		if strings.Contains(o.stdout+o.stderr, mark) {
			t.Errorf("a secret is in the output: %v", o)
		}
	}
	if o.stderr != "" {
		t.Errorf("there is something on standard error: %v", o)
	}
	return o, heard
}

// loggedIn minds that the server got this password.
func loggedIn(t *testing.T, o outcome, heard []string, password string) {
	t.Helper()
	if o.exit != 0 || !slices.Contains(heard, base64.StdEncoding.EncodeToString([]byte(password))) {
		t.Errorf("%v, the server heard %q", o, heard)
	}
}

// failed minds that there is one line, and that nobody was dialled.
func failed(t *testing.T, o outcome, heard []string, words string) {
	t.Helper()
	if o.exit != 3 || !strings.HasPrefix(o.stdout, "SMTP UNKNOWN - ") || !strings.Contains(o.stdout, words) || strings.Count(o.stdout, "\n") != 1 {
		t.Errorf("%v, want %q", o, words)
	}
	if heard != nil {
		t.Errorf("the server heard %q", heard)
	}
}

const fromVault = "--map-option=username=%{value_kv/data/smtp#username} --map-option=password=%{value_kv/data/smtp#password} --secret-path=kv/data/smtp"

func vaultLine(s *vaulttest.Server, more string) []string {
	return strings.Fields("--pass-manager=hashicorpvault --vault-address=" + s.URL + " " + fromVault + " " + more)
}

func TestManagerVault(t *testing.T) {
	s := vaulttest.New(t)
	env := []string{"VAULT_TOKEN=" + vaulttest.Token}
	o, heard := askManager(t, env, vaultLine(s, "")...)
	loggedIn(t, o, heard, vaulttest.Password)
	o, heard = askManager(t, nil, vaultLine(s, "--auth-method=approle --auth-settings=role_id="+vaulttest.RoleID+" --auth-settings=secret_id="+vaulttest.SecretID)...)
	loggedIn(t, o, heard, vaulttest.Password)
	o, heard = askManager(t, []string{"VAULT_TOKEN=wrong"}, vaultLine(s, "")...)
	failed(t, o, heard, "permission denied (403)")
	o, heard = askManager(t, env, vaultLine(s, "--secret-path=kv/data/nothing")...)
	failed(t, o, heard, `"kv/data/nothing": no such secret (404)`)
	s.Sealed = true
	o, heard = askManager(t, env, vaultLine(s, "")...)
	failed(t, o, heard, "Vault is sealed")
	s.Listener.Close()
	o, heard = askManager(t, env, vaultLine(s, "")...)
	failed(t, o, heard, "connection refused")
}

func TestManagerVaultTLS(t *testing.T) {
	s := vaulttest.NewTLS(t)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"VAULT_TOKEN=" + vaulttest.Token}
	o, heard := askManager(t, append(env, "VAULT_CACERT="+ca), vaultLine(s, "")...)
	loggedIn(t, o, heard, vaulttest.Password)
	o, heard = askManager(t, env, vaultLine(s, "")...)
	failed(t, o, heard, "the certificate does not prove the server")
}

// TestManagerTime: what a manager takes counts, and the program ends when its
// time is over. How soon after it is the matter of TestHostileServers.
func TestManagerTime(t *testing.T) {
	env := []string{"VAULT_TOKEN=" + vaulttest.Token}
	s := vaulttest.New(t)
	s.Slow = time.Minute
	o, heard := askManager(t, env, vaultLine(s, "-t 0.5")...)
	failed(t, o, heard, "no answer in time")
	ended(t, o, 500*time.Millisecond)

	s.Slow = 300 * time.Millisecond
	silent := playTCP(t, greets(mute))
	line := append([]string{"-H", "127.0.0.1", "-p", strconv.Itoa(silent.port()), "-t", "0.5"}, vaultLine(s, "")...)
	o = runPlugin(ours, env, line...)
	if o.exit != 2 || !strings.Contains(o.stdout, "Socket timeout") {
		t.Error(o)
	}
	ended(t, o, 500*time.Millisecond)
}

func ended(t *testing.T, o outcome, after time.Duration) {
	t.Helper()
	if o.took < after || o.took > 10*after {
		t.Errorf("it did not end after %v: %v", after, o)
	}
}

// TestManagerSignal: somebody who has waited long enough gets a line all the
// same.
func TestManagerSignal(t *testing.T) {
	s := vaulttest.New(t)
	s.Slow = time.Minute
	cmd := exec.Command(ours, append([]string{"-H", "127.0.0.1", "-t", "30"}, vaultLine(s, "")...)...)
	cmd.Env = []string{"VAULT_TOKEN=" + vaulttest.Token}
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waits := within(patience, func() bool { requests, _ := s.Asked(); return len(requests) > 0 })
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); !waits || code != 3 || !strings.HasSuffix(out.String(), "stopped by SIGTERM\n") {
		t.Errorf("exit %d, %q", code, &out)
	}
}

// TestManagerKeePass opens databases that KeePassXC writes on the spot.
func TestManagerKeePass(t *testing.T) {
	if err := Install(os.Stderr, "keepassxc"); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	database := filepath.Join(dir, "monitor.kdbx")
	keepassxc(t, "open sesame\nopen sesame\n", "db-create", "-q", "-p", "-t", "100", database)
	keepassxc(t, "open sesame\n"+marker+"\n", "add", "-q", "-u", "monitor", "-p", database, "/smtp")
	master := filepath.Join(dir, "master")
	if err := os.WriteFile(master, []byte("open sesame\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	line := []string{
		"--pass-manager=keepass", "--keepass-file=" + database,
		`--keepass-search-value=u=$..entries.[?($_->{title} eq "smtp")].username`, `--keepass-search-value=pw=$..entries.[?($_->{title} eq "smtp")].password`,
		"--keepass-map-option=username=%{u}", "--keepass-map-option=password=%{pw}",
	}
	o, heard := askManager(t, nil, append(line, "--keepass-password=@file:"+master)...)
	loggedIn(t, o, heard, marker)
	o, heard = askManager(t, nil, append(line, "--keepass-password="+marker)...)
	failed(t, o, heard, "the password does not open the database")

	// a key derivation of seconds ends with the timeout
	keepassxc(t, "open sesame\nopen sesame\n", "db-create", "-q", "-p", "-t", "4000", filepath.Join(dir, "slow.kdbx"))
	line[1] = "--keepass-file=" + filepath.Join(dir, "slow.kdbx")
	o, heard = askManager(t, nil, append(line, "--keepass-password=@file:"+master, "-t", "0.5")...)
	failed(t, o, heard, "its key derivation takes longer than the timeout")
	ended(t, o, 500*time.Millisecond)
}

func keepassxc(t *testing.T, input string, args ...string) {
	t.Helper()
	cmd := exec.Command("keepassxc-cli", args...)
	cmd.Stdin = strings.NewReader(input)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("keepassxc-cli %s: %v\n%s", args[0], err, out)
	}
}

func TestManagerTeamPass(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("apikey") != marker {
			w.WriteHeader(http.StatusForbidden)
		}
		io.WriteString(w, `[{"label": "smtp", "login": "monitor", "pw": "`+marker+`"}]`)
	}))
	defer server.Close()
	line := []string{
		"--pass-manager=teampass", "--teampass-api-address=" + server.URL + "/teampass", "--teampass-api-request=/api/index.php/folder/3",
		`--teampass-search-value=u=$.[?($_->{label} =~ /^smtp$/)].login`, `--teampass-search-value=pw=$.[?($_->{label} =~ /^smtp$/)].pw`,
		"--teampass-map-option=username=%{u}", "--teampass-map-option=password=%{pw}",
	}
	o, heard := askManager(t, []string{"KEY=" + marker}, append(line, "--teampass-api-key=@env:KEY")...)
	loggedIn(t, o, heard, marker)
	o, heard = askManager(t, nil, append(line, "--teampass-api-key=x")...)
	failed(t, o, heard, "permission denied (403)")
}

func TestManagerLocal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(file, []byte(`{"smtp": {"user": "monitor", "password": "`+marker+`"}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	line := []string{"--pass-manager=file", "--secret-file=" + file, "--secret-search-value=u=$.smtp.user", "--secret-search-value=pw=$.smtp.password", "--secret-map-option=username=%{u}", "--secret-map-option=password=%{pw}"}
	o, heard := askManager(t, nil, line...)
	loggedIn(t, o, heard, marker)
	if !strings.Contains(o.stdout, "is world-readable") {
		t.Errorf("no remark on the file's mode: %v", o)
	}
	line = []string{"-U", "monitor", "--pass-manager=environment", "--environment-map-option=password=SMTP_PASS"}
	o, heard = askManager(t, []string{"SMTP_PASS=" + marker}, line...)
	loggedIn(t, o, heard, marker)
	o, heard = askManager(t, nil, line...)
	failed(t, o, heard, "the environment variable SMTP_PASS is not set or empty")
}
