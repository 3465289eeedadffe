package args

import (
	"check_smtp/internal/option"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestExtraOpts(t *testing.T) {
	const usual = "10s auto ws connect banner ehlo quit"
	files := map[string]string{
		"/etc/monitoring-plugins.ini": "[check_smtp]\nport=1\n",
		"/etc/nagios/plugins.ini":     "[check_smtp]\nport=2\n",
		"/o.ini": `[check_smtp]
port = 26
[short]
H=127.0.0.2
v =
q = true
[long]
host = 127.0.0.3
verbose = 2
lmtp = false
[replies]
command = NOOP
response = ^250
[empty]
from =
expect =
warning =
[switches]
starttls = Yes
verify = 1
lmtp = no
verbose = on
dane = off
q = 0
[help]
help =
`,
	}
	for _, test := range []struct{ line, want string }{
		{"--extra-opts", "127.0.0.1:1 ip " + usual},
		{"--extra-opts=", "127.0.0.1:1 ip " + usual},
		{"--extra-opts=@/o.ini", "127.0.0.1:26 ip " + usual},
		{"--extra-opts @/o.ini 127.0.0.5", "127.0.0.5:26 ip " + usual},
		{"--extra @/o.ini", "127.0.0.1:26 ip " + usual},
		{"--extra-opts -p 27", "127.0.0.1:27 ip " + usual},
		{"-p 27 --extra-opts=@/o.ini", "127.0.0.1:27 ip " + usual},
		{"--extra-opts=short@/o.ini", "127.0.0.2:25 ip " + usual + " quit=OK v1"},
		{"--extra-opts=short@/o.ini -H 127.0.0.9 -v", "127.0.0.9:25 ip " + usual + " quit=OK v2"},
		{"--extra-opts=long@/o.ini", "127.0.0.3:25 ip " + usual + " v2"},
		{"--extra-opts=long@/o.ini --extra-opts=@/o.ini", "127.0.0.3:26 ip " + usual + " v2"},
		{"-C RSET -R ^251 --extra-opts=replies@/o.ini", "127.0.0.1:25 ip 10s auto ws connect banner ehlo command<NOOP>{response ^250} command<RSET>{response ^251} quit"},
		{"--extra-opts=empty@/o.ini", "127.0.0.1:25 ip 10s auto ws connect banner ehlo mailfrom<> quit"},
		{"--extra-opts=switches@/o.ini", "127.0.0.1:25 ip 10s auto ws starttls/starttls sni= name=127.0.0.1 verify connect banner ehlo starttls tls ehlo_tls quit cert-untrusted=CRITICAL cert-name=CRITICAL v1"},
		{"--extra-opts=switches@/o.ini --verify=off --starttls=0 --verbose=0", "127.0.0.1:25 ip " + usual},
		{"--extra-opts=@-", "127.0.0.1:28 ip " + usual},
		{"-e --extra-opts", "127.0.0.1:25 ip 10s auto ws connect banner{banner --extra-opts} ehlo quit"},
	} {
		env := surroundings(files)
		env.Stdin = strings.NewReader("[check_smtp]\np = 28")
		p, err := Parse(shell(test.line), env)
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := show(p); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
	}
	_, err := Parse([]string{"--extra-opts=help@/o.ini"}, surroundings(files))
	if _, ok := errors.AsType[*option.Text](err); !ok {
		t.Errorf("help = gives %v", err)
	}
}

func TestExtraOptsErrors(t *testing.T) {
	files := map[string]string{
		"/o.ini": `[good]
port = 26
[nested]
extra-opts = good
[unknown]
port = 1
hostnme = mx1
[letter]
x = 1
[dash]
- = extra-opts
[dashes]
--port = 1
[word]
host-name-of-it = a
[value]
port = x
[switch]
lmtp = perhaps
[host]
hostname =
`,
		"/bad.ini": "port = 26\n",
		"/big.ini": "[check_smtp]\n" + strings.Repeat("#", (1<<20)),
	}
	for _, test := range []struct{ line, want string }{
		{"--extra-opts", "--extra-opts: Cannot find config file in any standard location"},
		{"--extra-opts=good@", "--extra-opts: Cannot find config file in any standard location"},
		{"--extra-opts=@/none", `--extra-opts: "/none": file does not exist`},
		{"--extra-opts=@/o.ini", `--extra-opts: "/o.ini": section "check_smtp" is missing or empty`},
		{"--extra-opts=@/bad.ini", `--extra-opts: "/bad.ini": line 1 stands before the first section`},
		{"--extra-opts=@/big.ini", `--extra-opts: "/big.ini" is larger than 1 MiB`},
		{"--extra-opts=@-", `--extra-opts: "standard input" is larger than 1 MiB`},
		{"--extra-opts=nested@/o.ini", `"/o.ini": line 4: --extra-opts: an ini file cannot name another one`},
		{"--extra-opts=unknown@/o.ini", `"/o.ini": line 7: unknown option "--hostnme"`},
		{"--extra-opts=letter@/o.ini", `"/o.ini": line 9: unknown option "-x"`},
		{"--extra-opts=dash@/o.ini", `"/o.ini": line 11: --extra-opts: "-" begins with a dash`},
		{"--extra-opts=dashes@/o.ini", `"/o.ini": line 13: --extra-opts: "--port" begins with a dash`},
		{"--extra-opts=word@/o.ini", `"/o.ini": line 15: unknown option "--host-name-of-it"`},
		{"--extra-opts=value@/o.ini", `-p/--port: "x" is not a port (1 to 65535)`},
		{"--extra-opts=switch@/o.ini", `"/o.ini": line 19: -L/--lmtp: "perhaps" is neither on nor off`},
		{"--extra-opts=host@/o.ini", "-H/--hostname: the host is empty"},
	} {
		env := surroundings(files)
		env.Stdin = endless{}
		_, err := Parse(shell(test.line), env)
		usage, ok := errors.AsType[*UsageError](err)
		if !ok || usage.Problem != test.want || usage.Hint == "" {
			t.Errorf("%s\n got %v\nwant %s", test.line, err, test.want)
		}
	}
}

// endless is a standard input that never ends.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '#'
	}
	return len(b), nil
}

// The files are tried in the order of monitoring-plugins; one that is there
// but cannot be read ends the search.
func TestDefaultINI(t *testing.T) {
	env := surroundings(nil)
	vars := map[string]string{"NAGIOS_CONFIG_PATH": ":/a::/b:"}
	env.Getenv = func(name string) string { return vars[name] }
	var tried []string
	env.ReadFile = func(name string) ([]byte, error) {
		tried = append(tried, name)
		if name == "/etc/nagios-plugins/plugins.ini" {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
		}
		return nil, fmt.Errorf("wrapped: %w", fs.ErrNotExist)
	}
	_, err := Parse([]string{"--extra-opts"}, env)
	if want := `--extra-opts: "/etc/nagios-plugins/plugins.ini": permission denied, the user that runs this check must be able to read it`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	first := []string{
		"/a/monitoring-plugins.ini", "/a/plugins.ini", "/a/nagios-plugins.ini",
		"/b/monitoring-plugins.ini", "/b/plugins.ini", "/b/nagios-plugins.ini",
		"/usr/local/etc/monitoring-plugins/monitoring-plugins.ini",
	}
	if len(tried) < len(first) || !slices.Equal(tried[:len(first)], first) {
		t.Errorf("tried %v", tried)
	}

	vars["MP_CONFIG_FILE"], tried = "/mine", nil
	if _, err := Parse([]string{"--extra-opts"}, env); err == nil || !slices.Equal(tried, []string{"/mine"}) {
		t.Errorf("%v, tried %v", err, tried)
	}
}
