package args

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"check_smtp/internal/plan"
)

const marker = "hunter2MARKERhunter2"

// withSecrets is an Env in which the marker is everywhere.
func withSecrets() Env {
	env := surroundings(map[string]string{
		"/pass":     marker + "\n",
		"/crlf":     marker + "\r\n",
		"/bare":     marker,
		"/two":      marker + "\n\n",
		"/lines":    marker + "\n" + marker + "\n",
		"/open":     marker + "\n",
		"/empty":    "",
		"/newline":  "\r\n",
		"/nul":      marker + "\x00",
		"/tab":      marker + "\t",
		"/long":     strings.Repeat(marker, 500),
		"/creds/cr": marker,
	})
	env.Getenv = func(name string) string {
		return map[string]string{"PASS": marker, "CREDENTIALS_DIRECTORY": "/creds", "LINES2": marker + "\r\n"}[name]
	}
	env.Mode = func(name string) (fs.FileMode, error) {
		if name == "/open" {
			return 0o644, nil
		}
		return 0o640, nil
	}
	return env
}

func TestAuth(t *testing.T) {
	const steps, start = "connect banner ehlo sasl_auth quit", "127.0.0.1:25 ip 10s auto ws auth"
	with := func(mech string) string { return fmt.Sprintf("%s(%s \"u\" %q \"\") %s", start, mech, marker, steps) }
	for _, test := range []struct{ line, want string }{
		{"-A LOGIN -U u -P " + marker, with("LOGIN")},
		{"-A plain -U u -P" + marker, with("PLAIN")},
		{"--authtype cram-md5 --authuser u --authpass " + marker, with("CRAM-MD5")},
		{"--username u --password=" + marker, with("auto")},
		{"--authu u --authp " + marker, with("auto")},
		{"-A AUTO -U u -P " + marker, with("auto")},
		{"-A '' -U u -P " + marker, with("auto")},
		{"-A scram-sha-256 -U u --authpass-file /pass", with("SCRAM-SHA-256")},
		{"-U u --authpass-file /crlf", with("auto")},
		{"-U u --authpass-file /bare", with("auto")},
		{"-U u --authpass-file /open", with("auto") + ` note(the password file "/open" is world-readable)`},
		{"-U u --authpass-env PASS", with("auto")},
		{"-U u --authpass-credential cr", with("auto")},
		{"-U u --authpass-env PASS -P '' --authpass-file ''", with("auto")},
		{"-U u -P other -P " + marker, with("auto")},
		{"-U u --password other -P " + marker, with("auto")},
		{"-U u -P=x", start + `(auto "u" "=x" "") ` + steps},
		{"-U u -P -v", start + `(auto "u" "-v" "") ` + steps},
		{"-U u -P ' '", start + `(auto "u" " " "") ` + steps},
		{"-U u --authpass-file /tab", start + `(auto "u" "` + marker + `\t" "") ` + steps},
		{"-A PLAIN -U u -P x --authzid z", start + `(PLAIN "u" "x" "z") ` + steps},
		{"-U u -P x --authzid z", start + `(auto "u" "x" "z") ` + steps},
		{"-A external", start + `(EXTERNAL "" "" "") ` + steps},
		{"-A external --authzid z", start + `(EXTERNAL "" "" "z") ` + steps},
		{"-A external -U u -P ''", start + `(EXTERNAL "u" "" "") ` + steps},
		{"-A anonymous", start + `(ANONYMOUS "" "" "") ` + steps},
		{"-A anonymous -U trace", start + `(ANONYMOUS "trace" "" "") ` + steps},
		{"-A anonymous -P x", start + `(ANONYMOUS "" "x" "") ` + steps},
		{"-A xoauth2 -U u -P x", start + `(XOAUTH2 "u" "x" "") ` + steps},
		{"-A '' -U '' -P '' --authpass-file '' --authpass-env '' --authpass-credential '' --authzid ''", "127.0.0.1:25 ip " + inClear},
		{"-U u -P x --expect-reply sasl_auth=535 -w sasl_auth_time=1", start + `(auto "u" "x" "") connect banner ehlo sasl_auth{expect 535} quit w:sasl_auth_time=1`},
		{"-S -U u -P x --quit-after sasl_auth", `127.0.0.1:25 ip 10s auto ws starttls/starttls sni= name=127.0.0.1 auth(auto "u" "x" "") connect banner ehlo starttls tls ehlo_tls sasl_auth quit`},
	} {
		p, err := Parse(shell(test.line), withSecrets())
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := show(p); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
		hides(t, test.line, fmt.Sprint(p, p.Probe.Auth, p.Limits), fmt.Sprintf("%+v %#v %+v %#v", p, p, p.Probe.Auth, p.Probe.Auth), encoded(p.Probe.Auth))
	}
}

// An ini file and the command line may both give -P; the command line has the
// last word.
func TestAuthINI(t *testing.T) {
	env := surroundings(map[string]string{"/o.ini": "[check_smtp]\nusername = u\nP = " + marker + "\nauthtype = plain\n"})
	for line, want := range map[string]string{"--extra-opts @/o.ini": marker, "-P x --extra-opts @/o.ini": "x"} {
		p, err := Parse(shell(line), env)
		if a := p.Probe.Auth; err != nil || a.Mechanism != plan.Plain || a.User != "u" || a.Password.Reveal() != want {
			t.Errorf("%s: %v", line, err)
		}
	}
	refuses(t, "--authpass-env X --extra-opts @/o.ini", env, "--authpass-env: -P/--authpass gives the password, too", "leave out")
}

func TestAuthErrors(t *testing.T) {
	const noUser, noPass = "-U/--authuser: no authuser specified", "-P/--authpass: no authpass specified"
	for _, test := range []struct{ line, problem, hint string }{
		{"-A", "-A/--authtype: the value is missing", ""},
		{"-A NTLM -U u -P MARK", `-A/--authtype: "NTLM" is not a mechanism`, "they are SCRAM-SHA-256"},
		{"-A crammd5 -U u -P MARK", `-A/--authtype: "crammd5" is not a mechanism`, "did you mean CRAM-MD5?"},
		{"-A LOGIN", noUser, "add -U"},
		{"-A LOGIN -P MARK", noUser, "add -U"},
		{"-A LOGIN -U '' -P MARK", noUser, "add -U"},
		{"-A auto", noUser, ""},
		{"-P MARK", noUser, "add -U"},
		{"--authpass-file /pass", noUser, "add -U"},
		{"--authpass-env PASS", noUser, ""},
		{"--authpass-credential cr", noUser, ""},
		{"--authzid z", noUser, ""},
		{"-U u", noPass, "--authpass-file"},
		{"-U u -P ''", noPass, ""},
		{"-U u -P MARK -P ''", noPass, ""},
		{"-A LOGIN -U u", noPass, ""},
		{"-A XOAUTH2 -U u", noPass, ""},

		{"-U u -P MARK --authpass-file /pass", "--authpass-file: -P/--authpass gives the password, too", "one of the two"},
		{"-U u --authpass-file /pass --authpass-env PASS", "--authpass-env: --authpass-file gives the password, too", ""},
		{"-U u --authpass-credential cr --authpass-env PASS", "--authpass-credential: --authpass-env gives the password, too", ""},

		{"-U u --authpass-file /none", `--authpass-file: "/none": file does not exist`, ""},
		{"-U u --authpass-file /empty", `--authpass-file: "/empty" is empty`, ""},
		{"-U u --authpass-file /newline", `--authpass-file: "/newline" is empty`, ""},
		{"-U u --authpass-file /two", "--authpass-file: the password contains a line end or a NUL", ""},
		{"-U u --authpass-file /lines", "--authpass-file: the password contains a line end or a NUL", ""},
		{"-U u --authpass-file /nul", "--authpass-file: the password contains a line end or a NUL", ""},
		{"-U u --authpass-file /long", "--authpass-file: the password is longer than 9000 bytes", ""},
		{"-U u --authpass-env NONE", "--authpass-env: the environment variable NONE is not set or empty", ""},
		{"-U u --authpass-env LINES2", "--authpass-env: the password contains a line end or a NUL", ""},
		{"-U u --authpass-env MARK!", "--authpass-env: that is not the name of an environment variable", ""},
		{"-U u --authpass-credential none", `--authpass-credential: "/creds" contains no credential of the given name`, ""},
		{"-U u --authpass-credential ../MARK", "--authpass-credential: that is not the name of a credential, which contains no slash", ""},
		{"-U u --authpass-credential ..", "--authpass-credential: that is not the name of a credential, which contains no slash", ""},
		{"-U u -P 'MARK\r\n'", "-P/--authpass: the password contains a line end or a NUL", "in one line"},
		{"-A XOAUTH2 -U u --authpass-file /tab", "-P/--authpass: the token contains a control character", ""},
		{"-A OAUTHBEARER -U u -P 'MARK\x01'", "-P/--authpass: the token contains a control character", ""},

		{"-U 'a\nb' -P MARK", `-U/--authuser: it contains the control character 0x0a`, ""},
		{"-U 'a\x00' -P MARK", `-U/--authuser: it contains the control character 0x00`, ""},
		{"-A EXTERNAL -U 'a\x7f'", `-U/--authuser: it contains the control character 0x7f`, ""},
		{"-U u -P MARK --authzid 'a\r'", `--authzid: it contains the control character 0x0d`, ""},
		{"-A LOGIN -U u -P MARK --authzid z", "--authzid: LOGIN cannot carry an authorization identity", "PLAIN"},
		{"-A cram-md5 -U u -P MARK --authzid z", "--authzid: CRAM-MD5 cannot carry an authorization identity", ""},
		{"-A XOAUTH2 -U u -P MARK --authzid z", "--authzid: XOAUTH2 cannot carry an authorization identity", ""},
		{"-A ANONYMOUS --authzid z", "--authzid: ANONYMOUS cannot carry an authorization identity", ""},
		{"--expect-reply sasl_auth=235", `--expect-reply: "sasl_auth=235" would judge nothing: this run has no phase sasl_auth`, ""},

		// Slips that put the password where it does not belong, and faults
		// elsewhere on a line that holds one.
		{"-H mx1 -U u -P 'a b' MARK", "unexpected word on the command line, not shown as it may be part of the password", "quote"},
		{"--mode login --username u --password --MARK", "--password: the word after it, which is not shown, begins with dashes", "--password=VALUE"},
		{"--mode login -H mx1 --convert-args (,MARK", "--convert-args: the part before the comma is not a regular expression", ""},
		{"--mode login -H mx1 --environment=X:MARK", "--environment: one of its values is not NAME=VALUE", ""},
		{"--mode login -H mx1 --smtp-options=MARK", "--smtp-options: one of its values is not KEY=VALUE", "the keys are"},
		{"-H mx1 --vault-token a MARK", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"-H mx1 --auth-settings password=a MARK", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"-H mx1 --teampass-api-keyMARK x", "unknown option \"--teampass-api-key...\"", ""},
		{"-H mx1 /password=MARK", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"-H mx1 -- --VAULT-TOKEN=MARK", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"-S -- —password=MARK", "-H/--hostname: the first word is not taken for the host, and not shown as it may be part of the password", "-H HOST"},
		{"/authpass=MARK -S", "-H/--hostname: the first word is not taken for the host, and not shown as it may be part of the password", "-H HOST"},
		{"-H mx1 -U u -P a MARK", "unexpected word on the command line, not shown as it may be part of the password", ""},
		{"--PMARK", `unknown option "--..."`, ""},
		{"--password:MARK", `unknown option "--password..."`, ""},
		{"--authpassmark", `unknown option "--authpass..."`, ""},
		{"--authpass-fle=MARK", `unknown option "--authpass..."`, "or --authpass-file?"},
		{"--auth=MARK", `option "--auth" is ambiguous`, "--authpass"},
		{"-U u -P MARK -x", `unknown option "-x"`, ""},
		{"-U u -P MARK -p none", `-p/--port: "none" is not a port (1 to 65535)`, ""},
		{"-U u -P MARK -s -S", "-s/--ssl and -S/--starttls exclude each other", ""},
		{"-U u -P MARK -w abc", `-w/--warning: "abc" is not a number`, ""},
		{"-U u -P MARK --lmtp=x", `-L/--lmtp: "x" is neither on nor off`, ""},
		{"-U u -P MARK --quit-after nowhere", `--quit-after: "nowhere" is not a phase to stop after, these are banner, ehlo, ehlo_tls, sasl_auth, mailfrom, command, rcptto, body, quit`, ""},
		{"-U u -P MARK --extra-opts @/pass", `--extra-opts: "/pass": line 1 stands before the first section`, ""},
		{"-U u -P MARK -S --ca-file /pass", `--ca-file: "/pass" contains no certificate`, ""},
		{"-U u -P MARK -S --client-cert /pass", `--client-cert: "/pass" contains no certificate`, ""},
	} {
		line := strings.ReplaceAll(test.line, "MARK", marker)
		refuses(t, line, withSecrets(), test.problem, test.hint)
		_, err := Parse(shell(line), withSecrets())
		if usage, ok := errors.AsType[*UsageError](err); ok {
			hides(t, line, usage.Problem, usage.Hint)
		}
	}
}

// Whatever is wrong with an ini file, its lines are not shown.
func TestINIHidesSecrets(t *testing.T) {
	for _, text := range []string{
		"authpass = MARK", "[check_smtp\nauthpass = MARK", "[check_smtp] authpass = MARK", "[check_smtp]\nauthpass MARK",
		"[check_smtp]\nauthpass =\nMARK", "[check_smtp]\n= MARK", "[check_smtp]\nauthpas = MARK", "[check_smtp]\nauthpass: MARK = 1",
		"[check_smtp]\nMARK=", "[check_smtp]\nx = MARK", "[check_smtp]\nP = MARK", "[check_smtp]\nextra-opts = MARK",
		"[check_smtp]\nauthpass = MARK\nport = none", "[check_smtp]\nauthpass = MARK\nauthuser = u\nlmtp = maybe",
	} {
		env := surroundings(map[string]string{"/o.ini": strings.ReplaceAll(text, "MARK", marker)})
		_, err := Parse([]string{"--extra-opts=@/o.ini"}, env)
		usage, ok := errors.AsType[*UsageError](err)
		if !ok {
			t.Errorf("%q: %v", text, err)
			continue
		}
		hides(t, text, usage.Problem, usage.Hint)
	}
}

func encoded(v any) string {
	b, err := json.Marshal(v)
	return fmt.Sprint(string(b), err)
}

// hides minds that no text shows the marker, in any case or in base64.
func hides(t *testing.T, what string, texts ...string) {
	t.Helper()
	all := strings.ToLower(strings.Join(texts, "\n"))
	for _, form := range []string{marker, "hunter2", base64.StdEncoding.EncodeToString([]byte(marker))[:20], base64.StdEncoding.EncodeToString([]byte("\x00u\x00" + marker))[8:24]} {
		if strings.Contains(all, strings.ToLower(form)) {
			t.Errorf("%s shows %q: %s", what, form, all)
		}
	}
}

// TestByteOrderMark: an editor's mark at the beginning of a file is no part of a
// password.
func TestByteOrderMark(t *testing.T) {
	env := surroundings(map[string]string{"/bom": "\ufeffgeheim\n"})
	const problem = ": the password begins with a byte order mark"
	refuses(t, "-U u --authpass-file /bom", env, "--authpass-file"+problem, "without")
	refuses(t, "-U u -P \ufeffgeheim", env, "-P/--authpass"+problem, "without")
}
