package args

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"check_smtp/internal/credential/vaulttest"
	"check_smtp/internal/plan"
)

const secretJSON = `{"entries": [
  {"title": "mx1.example.org", "login": "monitor", "password": "` + marker + `", "port": 587, "from": "a@b.example"},
  {"title": "mx2.example.org", "login": "", "password": null, "list": []}]}`

// withManagers is an Env with a secret in every local manager.
func withManagers(t testing.TB) Env {
	t.Helper()
	database, err := os.ReadFile("../credential/kdbx/testdata/aes-argon2d.kdbx")
	if err != nil {
		t.Fatal(err)
	}
	env := surroundings(map[string]string{
		"/s.json": secretJSON, "/broken.json": `{"a": "` + marker + `"`, "/db.kdbx": string(database), "/master": "open sesame\n", "/wrong": marker,
		"/token": vaulttest.Token + "\n", "/key": marker,
	})
	env.Getenv = func(name string) string {
		return map[string]string{"SMTP_USER": "monitor", "SMTP_PASS": marker, "LINES": marker + "\n", "MASTER": "open sesame"}[name]
	}
	return env
}

// filled shows what a manager can fill in.
func filled(p plan.Plan) string {
	text := fmt.Sprintf("%s:%d %s", p.Probe.Host, p.Probe.Port, p.Probe.Name)
	if a := p.Probe.Auth; a != nil {
		text += fmt.Sprintf(" %s %q %q %q", a.Mechanism, a.User, a.Password.Reveal(), a.AuthzID)
	}
	for _, s := range p.Probe.Steps {
		if s.Phase == plan.MailFrom {
			text += " <" + s.Arg + ">"
		}
	}
	return text
}

func TestManagers(t *testing.T) {
	const login = `127.0.0.1:25 ws auto "monitor" "` + marker + `" ""`
	const keepass = "--pass-manager=keepass --keepass-file=/db.kdbx --keepass-map-option=username=monitor --keepass-map-option=password=%{pw} --keepass-password="
	const search = " '--keepass-search-value=pw=$..entries.[?($_->{title} =~ /MX2/i)].password'"
	for line, want := range map[string]string{
		"--pass-manager=environment --environment-map-option=username=SMTP_USER --environment-map-option=password=SMTP_PASS":      login,
		"--pass-manager environment --environment-map-option authuser=SMTP_USER --environment-map-option=authpass=SMTP_PASS -P x": login,
		"-U monitor --pass-manager=environment --environment-map-option=password=SMTP_PASS":                                       login,
		"-U monitor -A plain --pass-manager=environment --environment-map-option=password=SMTP_PASS --environment-map-option=":    strings.Replace(login, "auto", "PLAIN", 1),

		"--pass-manager=file --secret-file=/s.json --secret-search-value=u=$.entries[0].login --secret-search-value=pw=$..password --secret-map-option=username=%{u} --secret-map-option=password=%{pw}":                                                                                              login,
		"--pass-manager=file --secret-file=/s.json '--secret-search-value=pw=$..entries.[?($_->{title} =~ /%{hostname}/i)].password' --secret-map-option=password=%{pw} -H mx1.example.org -U %{u}":                                                                                                   `mx1.example.org:25 ws auto "%{u}" "` + marker + `" ""`,
		"--pass-manager=file --secret-file=/s.json --secret-search-value=e=$.entries[0].title --secret-search-value=f=$..from --secret-search-value=p=$..port --secret-map-option=hostname=%{e} --secret-map-option=smtp_from=%{f} --secret-map-option=port=%{p} --secret-map-option=helo=probe.%{e}": "mx1.example.org:587 probe.mx1.example.org <a@b.example>",
		"--pass-manager=file --secret-file=/s.json --secret-search-value=pw=$..password -U u --secret-map-option=password=%{pw} --secret-map-option=authzid=z --secret-map-option=authtype=plain":                                                                                                     `127.0.0.1:25 ws PLAIN "u" "` + marker + `" "z"`,

		keepass + "@file:/master" + search: `127.0.0.1:25 ws auto "monitor" "other-KDBXMARK" ""`,
		keepass + "@env:MASTER" + search:   `127.0.0.1:25 ws auto "monitor" "other-KDBXMARK" ""`,
		keepass + "'open sesame'" + search: `127.0.0.1:25 ws auto "monitor" "other-KDBXMARK" ""`,

		// what a template passes when it uses no manager
		"--pass-manager= --secret-file= --secret-map-option= --vault-port=8200 --vault-protocol=http --auth-method=token --map-option= --teampass-timeout=5": "127.0.0.1:25 ws",
	} {
		p, err := Parse(shell(line), withManagers(t))
		if err != nil {
			t.Errorf("%s: %v", line, err)
		} else if got := filled(p); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

// TestManagerTLS: a host and port that a manager fills in count for TLS, too.
func TestManagerTLS(t *testing.T) {
	p, err := Parse(shell("-D 30 --pass-manager=environment --environment-map-option=username=SMTP_USER --environment-map-option=password=SMTP_PASS"), withManagers(t))
	if err != nil || p.Probe.TLS.Mode != plan.StartTLS || p.Limits.Cert.Warning == nil {
		t.Errorf("%+v, %v", p.Probe.TLS, err)
	}
	env := withManagers(t)
	env.Getenv = func(name string) string { return map[string]string{"HOST": "mx9.example.org", "PORT": "465"}[name] }
	p, err = Parse(shell("-D 30 --pass-manager=environment --environment-map-option=hostname=HOST --environment-map-option=port=PORT"), env)
	if err != nil || p.Probe.TLS.Mode != plan.ImplicitTLS || p.Probe.TLS.SNI != "mx9.example.org" {
		t.Errorf("%+v, %v", p.Probe.TLS, err)
	}
}

// TestManagerUsage: what can be known without asking is a usage error.
func TestManagerUsage(t *testing.T) {
	const file = "--pass-manager=file --secret-file=/s.json "
	const vault = "--pass-manager=hashicorpvault --map-option=password=%{value_kv/x} "
	const team = "--pass-manager=teampass --teampass-map-option=password=%{pw} "
	for line, want := range map[string][2]string{
		"--pass-manager=vault":                                                                         {`--pass-manager: "vault" is not a password manager`, "hashicorpvault"},
		"--pass-manager=centreonvault":                                                                 {`"centreonvault" is not a password manager`, ""},
		"--pass-manager=file":                                                                          {"--pass-manager: there is nothing to fill in", "--secret-map-option"},
		"--secret-map-option=password=%{x}":                                                            {"--secret-map-option: it belongs to --pass-manager=file", "add that"},
		"--map-option=password=%{x} --pass-manager=file":                                               {"--map-option: it belongs to --pass-manager=hashicorpvault", "add that"},
		"--pass-manager=file --secret-map-option=password=%{x}":                                        {"--secret-file: there is no file to search", "--secret-file FILE"},
		file + "--secret-map-option=password":                                                          {"--secret-map-option: one of its values is not OPTION=VALUE", "OPTION=VALUE"},
		file + "--secret-map-option==MARK":                                                             {"--secret-map-option: one of its values is not OPTION=VALUE", ""},
		file + "--secret-map-option=passwort=%{x}":                                                     {`"passwort" cannot be filled in`, "did you mean password?"},
		file + "--secret-map-option=vault_token=x":                                                     {`"vault_token" cannot be filled in`, "they are username"},
		file + "--secret-map-option=password=%{x}":                                                     {`nothing is called "x"`, "--secret-search-value x=JSONPATH"},
		file + "--secret-map-option=password=%{x":                                                      {"password: a } is missing", ""},
		file + "--secret-map-option=password=%{x} --secret-search-value=x":                             {"--secret-search-value: one of its values is not KEY=JSONPATH", ""},
		file + "--secret-map-option=password=%{x} --secret-search-value=x=entries":                     {`--secret-search-value: "entries": it does not begin with $`, "$.smtp.password"},
		file + "--secret-map-option=password=%{x} '--secret-search-value=x=$[?(%{password})]' -P MARK": {`"password" is not an option that can be filled in`, ""},
		"--pass-manager=keepass --keepass-map-option=password=%{x} --keepass-file=/db.kdbx":            {"--keepass-file: a database needs a file and a password", "@file:NAME"},
		"--pass-manager=keepass --keepass-map-option=password=%{x} --keepass-endpoint-file=x":          {"--pass-manager: endpoint files are Perl", "@file:NAME"},
		vault:                       {"--vault-address: there is no address", "VAULT_ADDR"},
		vault + "--vault-address=h": {"--vault-token: there is no token", "VAULT_TOKEN"},
		vault + "--vault-address=h --vault-token=MARK":                                                                    {"--secret-path: there is no secret to read", "kv/data/smtp"},
		vault + "--vault-address=h --vault-token=MARK --auth-method=tokens":                                               {`--auth-method: "tokens" is not a method`, "did you mean token"},
		vault + "--vault-address=h --secret-path=x --auth-method=userpass":                                                {"--auth-settings: the method userpass needs username", "username=VALUE"},
		vault + "--vault-address=h --secret-path=x --auth-method=userpass --auth-settings=MARK":                           {"--auth-settings: one of its values is not KEY=VALUE", ""},
		vault + "--vault-address=https://h --secret-path=x --auth-method=cert":                                            {"--manager-client-cert: the method cert needs our certificate", "--manager-client-key"},
		vault + "--vault-address=https://h --secret-path=x --manager-ca-file=/nowhere":                                    {`--manager-ca-file: "/nowhere": file does not exist`, "PEM"},
		vault + "--vault-address=https://h --secret-path=x --manager-ca-file=/s.json":                                     {`--manager-ca-file: "/s.json" contains no certificate`, "PEM"},
		vault + "--vault-address=https://h --secret-path=x --manager-client-cert=/key":                                    {`--manager-client-cert: "/key" and its key do not belong together`, "PEM"},
		vault + "--vault-address=http://h/path":                                                                           {"goes on behind the host", "https://vault.example.org:8200"},
		vault + "--vault-address=h --vault-protocol=ftp":                                                                  {`--vault-protocol: "ftp" is neither http nor https`, "https"},
		vault + "--vault-address=https://h --vault-protocol=ftp":                                                          {`--vault-protocol: "ftp" is neither http nor https`, ""},
		vault + "--vault-address=h --vault-port=foo":                                                                      {`--vault-port: "foo" is not a port (1 to 65535)`, "8200"},
		vault + "--vault-address=http://h --vault-port=0":                                                                 {`--vault-port: "0" is not a port (1 to 65535)`, "8200"},
		vault + "--vault-address='a b'":                                                                                   {"is not a URL", ""},
		team:                                                                                                              {"--teampass-api-address: TeamPass needs an address, a request and a key", "@file:NAME"},
		team + "--teampass-api-address=h --teampass-api-request=/x --teampass-api-key=MARK":                               {"--teampass-api-address: that is not a URL", "https://teampass"},
		team + "--teampass-api-address=http://u:MARK@h --teampass-api-request=/x --teampass-api-key=x":                    {"a user or password in the URL is not sent", "https://teampass"},
		vault + "--vault-address=http://u:MARK@h":                                                                         {"a user or password in the URL is not sent", "https://vault"},
		team + "--teampass-api-address=http://h --teampass-api-request=/x --teampass-api-key=MARK --teampass-timeout=x":   {`--teampass-timeout: "x" is not a number`, ""},
		team + "--teampass-api-address=http://h --teampass-api-request=/x --teampass-api-key=MARK --teampass-timeout=NaN": {`--teampass-timeout: "NaN" is not a number`, ""},
		"--pass-manager=environment --environment-map-option=password=SMTP_PASS -t x":                                     {`-t/--timeout: "x" is not a number`, ""},
	} {
		line = strings.ReplaceAll(line, "MARK", marker)
		_, err := Parse(shell(line), withManagers(t))
		usage, ok := errors.AsType[*UsageError](err)
		switch {
		case err == nil:
			t.Errorf("%s is accepted", line)
		case !ok && want[1] == "":
			hides(t, line, err.Error())
		case !ok || !strings.Contains(usage.Problem, want[0]) || !strings.Contains(usage.Hint, want[1]):
			t.Errorf("%s: %#v", line, err)
		default:
			hides(t, line, usage.Problem, usage.Hint)
		}
		if err != nil && !strings.Contains(err.Error(), want[0]) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestStrayed: an option of a manager that is not asked is refused, and its value
// not shown. Variables are there for other programs, too.
func TestStrayed(t *testing.T) {
	env := withManagers(t)
	env.Getenv = func(name string) string {
		return map[string]string{"VAULT_ADDR": "http://h", "VAULT_TOKEN": "t", "VAULT_CACERT": "/none"}[name]
	}
	if p, err := Parse([]string{"-H", "mx1"}, env); err != nil || p.Probe.Auth != nil {
		t.Error(err)
	}
	for _, r := range managersRows[1:] {
		other := "file"
		if r.Needs == needFile {
			other = "environment"
		}
		for _, name := range r.Names() {
			for _, manager := range []string{"", " --pass-manager=", " --pass-manager=" + other} {
				refuses(t, "--"+name+"="+marker+manager, env, "--"+r.Name+": it belongs to --pass-manager="+string(r.Needs), "add that, or leave it out")
			}
		}
	}
}

// TestManagerFailures: what a manager does not give is one line, and not a
// usage error; no login is skipped for it.
func TestManagerFailures(t *testing.T) {
	const environment, file = "--pass-manager=environment --environment-map-option=", "--pass-manager=file --secret-file=/s.json --secret-search-value=x="
	const keepass = "--pass-manager=keepass --keepass-map-option=password=%{x} --keepass-search-value=x=$..nothing --keepass-file="
	const unfit = "the value, which is not shown, is not valid for this option"
	for line, want := range map[string]string{
		environment + "password=UNSET":                                            "password manager environment: password: the environment variable UNSET is not set or empty",
		environment + "username=UNSET":                                            "password manager environment: username: the environment variable UNSET is not set or empty",
		environment + "password=" + marker + "!":                                  "password manager environment: password: that is not the name of an environment variable",
		environment + "username=LINES":                                            "password manager environment: username: " + unfit,
		environment + "port=SMTP_PASS":                                            "password manager environment: port: " + unfit,
		environment + "authtype=SMTP_PASS":                                        "password manager environment: authtype: " + unfit,
		environment + "hostname=LINES":                                            "password manager environment: hostname: " + unfit,
		environment + "smtp-from=LINES":                                           "password manager environment: smtp-from: " + unfit,
		environment + "fqdn=LINES":                                                "password manager environment: fqdn: " + unfit,
		file + "$..nothing --secret-map-option=password=%{x}":                     `password manager file: password: "x": nothing is found`,
		file + "$..list --secret-map-option=password=%{x}":                        `password manager file: password: "x": what is found is not a text`,
		file + "$.entries[1].password --secret-map-option=password=%{x}":          `password manager file: password: "x": what is found is not a text`,
		file + "$.entries[1].login --secret-map-option=username=%{x}":             `password manager file: username: "x": what is found is empty`,
		file + "$.x --secret-map-option=password=%{x} --secret-file=/nowhere":     `password manager file: "/nowhere": file does not exist`,
		file + "$.x --secret-map-option=password=%{x} --secret-file=/broken.json": `password manager file: "/broken.json" is not JSON`,
		keepass + "/db.kdbx --keepass-password=" + marker:                         `password manager keepass: "/db.kdbx": the password does not open the database`,
		keepass + "/s.json --keepass-password=" + marker:                          `password manager keepass: "/s.json": not a database of KeePass`,
		keepass + "/nowhere --keepass-password=" + marker:                         `password manager keepass: "/nowhere": file does not exist`,
		keepass + "/db.kdbx --keepass-password=@file:/nowhere":                    `password manager keepass: --keepass-password: "/nowhere": file does not exist`,
		keepass + "/db.kdbx --keepass-password=@env:UNSET":                        "password manager keepass: --keepass-password: the environment variable UNSET is not set or empty",
		keepass + "/db.kdbx --keepass-password=@file:/master":                     `password manager keepass: password: "x": nothing is found`,
	} {
		fails(t, line, withManagers(t), want)
	}
	fails(t, "-U u "+environment+"password=LINES", withManagers(t), "-P/--authpass: the password contains a line end or a NUL")
	fails(t, "--authpass-env SMTP_PASS -U u "+environment+"password=SMTP_PASS", withManagers(t), "--authpass-env: --pass-manager=environment gives the password, too")
}

func fails(t *testing.T, line string, env Env, want string) {
	t.Helper()
	_, err := Parse(shell(line), env)
	if err == nil || err.Error() != want {
		t.Errorf("%s:\n got %v\nwant %s", line, err, want)
	} else {
		hides(t, line, err.Error())
	}
	if err != nil && (strings.Contains(err.Error(), vaulttest.Mark) || strings.ContainsAny(err.Error(), "\r\n")) {
		t.Errorf("%s: %q", line, err)
	}
	if _, usage := errors.AsType[*UsageError](err); usage == strings.HasPrefix(want, "password manager") {
		t.Errorf("%s: %T", line, err)
	}
}

func TestVault(t *testing.T) {
	const login = `127.0.0.1:25 ws auto "monitor" "` + vaulttest.Password + `" ""`
	s := vaulttest.New(t)
	host, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	at := " --vault-address=" + host + " --vault-port=" + port
	for _, test := range []struct{ line, want string }{
		{at + " --vault-token=" + vaulttest.Token + " --secret-path=kv/data/smtp --map-option=username=%{value_kv/data/smtp#username} --map-option=password=%{value_kv/data/smtp#password}", login},
		{at + " --vault-token=@file:/token --secret-path=kv1/single --map-option=username=%{key_kv1/single} --map-option=password=%{value_kv1/single}", login},
		{" --vault-address=" + s.URL + " --vault-token=@file:/token --secret-path=kv1/single --secret-path=kv/data/smtp?version=1 --map-option=username=%{key_kv1/single} --map-option=password=%{value_kv/data/smtp?version=1#password}", strings.Replace(login, "p4ss", "old-p4ss", 1)},
		{at + " --vault-protocol=http --auth-method=USERPASS --auth-settings=username=monitor --auth-settings=password=" + vaulttest.UserPass + " --secret-path=kv1/single --map-option=username=monitor --map-option=password=%{value_kv1/single}", login},
	} {
		p, err := Parse(shell("--pass-manager=hashicorpvault"+test.line), withManagers(t))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := filled(p); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
		if p.Limits.Notes != nil {
			t.Errorf("notes %q", p.Limits.Notes)
		}
	}
	env := withManagers(t)
	getenv := env.Getenv
	env.Getenv = func(name string) string {
		if v := map[string]string{"VAULT_ADDR": s.URL, "VAULT_TOKEN": vaulttest.Token, "VAULT_NAMESPACE": ""}[name]; v != "" {
			return v
		}
		return getenv(name)
	}
	p, err := Parse(shell("--pass-manager=hashicorpvault --secret-path=kv1/single --map-option=username=%{key_kv1/single} --map-option=password=%{value_kv1/single}"), env)
	if err != nil || filled(p) != login {
		t.Error(err)
	}
}

func TestVaultFailures(t *testing.T) {
	s := vaulttest.New(t)
	address := s.Listener.Addr().String()
	const more = " --vault-token=@file:/token --map-option=password=%{value_kv1/smtp#password} -U u --secret-path="
	ask := "--pass-manager=hashicorpvault --vault-address=" + s.URL
	prefix := "password manager hashicorpvault at " + address + ": "
	env := withManagers(t)
	fails(t, ask+more+"private/smtp", env, prefix+`"private/smtp": permission denied (403)`)
	fails(t, ask+more+"kv1/nothing", env, prefix+`"kv1/nothing": no such secret (404)`)
	fails(t, ask+more+"kv1/smtp --map-option=username=%{value_kv1/smtp}", env, prefix+`username: "kv1/smtp" holds more than one key or no text, pick one with %{value_PATH#KEY}`)
	fails(t, ask+more+"kv1/smtp --map-option=username=%{value_kv1/smtp#user}", env, prefix+`username: "kv1/smtp" holds no "user" that is a text`)
	fails(t, ask+more+"kv1/odd --secret-path=kv1/smtp --map-option=username=%{value_kv1/odd#none}", env, prefix+"username: the value is empty")
	fails(t, ask+more+"kv1/odd --secret-path=kv1/smtp --map-option=username=%{value_kv1/odd#list}", env, prefix+`username: "kv1/odd" holds no "list" that is a text`)
	fails(t, ask+more+"kv1/smtp --map-option=port=%{value_kv1/smtp#password}", env, prefix+"port: the value, which is not shown, is not valid for this option")
	fails(t, ask+" --auth-method=approle --auth-settings=role_id="+vaulttest.RoleID+" --auth-settings=secret_id="+marker+more+"kv1/smtp", env, prefix+"the login (approle) is refused (400)")
	fails(t, ask+" --auth-method=approle --auth-settings=role_id=@file:/nowhere"+more+"kv1/smtp", env, prefix+`--auth-settings role_id: "/nowhere": file does not exist`)
	fails(t, ask+more+"kv1/smtp --map-option=username=%{kv1/smtp}", env, `--map-option: "%{kv1/smtp}" stands for nothing`)
	s.Slow = time.Minute
	start := time.Now()
	fails(t, ask+more+"kv1/smtp -t 0.2", env, prefix+`"kv1/smtp": no answer in time`)
	if took := time.Since(start); took < 200*time.Millisecond || took > s.Slow/2 {
		t.Errorf("it took %v", took)
	}
}

func TestVaultTLS(t *testing.T) {
	s := vaulttest.NewTLS(t)
	env := withManagers(t)
	files := env.ReadFile
	env.ReadFile = func(name string) ([]byte, error) {
		switch name {
		case "/ca.pem":
			return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), nil
		case "/own.pem":
			return clientPair(t, s), nil
		}
		return files(name)
	}
	const secret = " --vault-token=@file:/token --secret-path=kv1/single --map-option=username=%{key_kv1/single} --map-option=password=%{value_kv1/single}"
	ask := "--pass-manager=hashicorpvault --vault-address=" + s.URL
	for _, line := range []string{
		ask + secret + " --manager-ca-file=/ca.pem",
		strings.Replace(ask, "https://", "", 1) + secret + " --manager-ca-file=/ca.pem --vault-protocol=https",
		strings.Replace(ask, "https://", "", 1) + secret + " --manager-ca-file=/ca.pem --vault-protocol=HTTPS",
		ask + secret + " --manager-ca-file=/ca.pem --auth-method=cert --auth-settings=name=web --manager-client-cert=/own.pem",
	} {
		line = strings.Replace(line, s.Listener.Addr().String()+" ", "127.0.0.1 --vault-port="+strings.TrimPrefix(s.Listener.Addr().String(), "127.0.0.1:")+" ", 1)
		if p, err := Parse(shell(line), env); err != nil || p.Probe.Auth.Password.Reveal() != vaulttest.Password {
			t.Errorf("%s: %v", line, err)
		}
	}
	getenv := env.Getenv
	env.Getenv = func(name string) string {
		if name == "SSL_CERT_FILE" || name == "SSL_CERT_DIR" {
			return "/nonexistent"
		}
		return getenv(name)
	}
	_, err := Parse(shell(ask+secret), env)
	if err == nil || !strings.Contains(err.Error(), "the certificate does not prove the server: ") {
		t.Error(err)
	}
}

// clientPair is the server's own certificate and key in PEM, which serves as a
// client's.
func clientPair(t *testing.T, s *vaulttest.Server) []byte {
	t.Helper()
	pair := s.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]})
	return append(text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
}

func TestTeamPass(t *testing.T) {
	slow := time.Duration(0)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(slow):
		case <-r.Context().Done():
			return
		}
		if r.URL.Path != "/teampass/api/index.php/folder/3" || r.URL.Query().Get("apikey") != marker {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, `[{"label": "mx1", "login": "monitor", "pw": "`+marker+`"}, {"label": "mx2", "pw": ""}]`)
	}))
	defer server.Close()
	const more = " --teampass-map-option=username=%{u} --teampass-map-option=password=%{pw} '--teampass-search-value=u=$.[?($_->{label} =~ /MX1/i)].login'"
	ask := "--pass-manager=teampass --teampass-api-address=" + server.URL + "/teampass --teampass-api-request=/api/index.php/folder/3 --teampass-api-key="
	env := withManagers(t)
	p, err := Parse(shell(ask+"@file:/key"+more+" '--teampass-search-value=pw=$.[?($_->{label} eq \"mx1\")].pw'"), env)
	if err != nil || filled(p) != `127.0.0.1:25 ws auto "monitor" "`+marker+`" ""` {
		t.Error(filled(p), err)
	}
	prefix := "password manager teampass at " + server.Listener.Addr().String() + ": "
	fails(t, ask+marker+more+" '--teampass-search-value=pw=$.[?($_->{label} eq \"mx2\")].pw'", env, prefix+`password: "pw": what is found is empty`)
	fails(t, ask+marker+more+" '--teampass-search-value=pw=$.[?($_->{label} eq \"mx3\")].pw'", env, prefix+`password: "pw": nothing is found`)
	fails(t, ask+marker+"x"+more+" --teampass-search-value=pw=$..pw", env, prefix+"permission denied (403)")
	slow = time.Minute
	for _, limit := range []string{"--teampass-timeout=0.1", "-t 0.1"} { // else it would be 5 s and more
		start := time.Now()
		fails(t, ask+marker+more+" --teampass-search-value=pw=$..pw "+limit, env, prefix+"no answer in time")
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("%s: it took %v", limit, took)
		}
	}
	server.CloseClientConnections()
}

// TestManagerChoices: every manager that the option takes can be asked.
func TestManagerChoices(t *testing.T) {
	for name := range strings.FieldsSeq(Tables.ByName("pass-manager").Choices) {
		_, err := Parse([]string{"--pass-manager=" + name}, surroundings(nil))
		if err == nil || err.Error() != "--pass-manager: there is nothing to fill in" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name := range strings.FieldsSeq("username password authzid authtype hostname port smtp-from fqdn") {
		if help := Tables.ByName("pass-manager").Help; !strings.Contains(help, name) {
			t.Errorf("%s is not in the help", name)
		}
	}
}
