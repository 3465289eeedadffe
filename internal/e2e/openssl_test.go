//go:build e2e

package e2e

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// opensslCase is a server that package tls cannot be. OpenSSL's says each line
// of a script as soon as it has shaken hands, half a second apart.
type opensslCase struct {
	name   string
	key    string // what openssl genpkey is told
	server string // what openssl s_server is told
	script []string
	args   string
	exit   int
	output string
}

const (
	rsaKey   = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"
	noCommon = `^SMTP CRITICAL - Cannot make SSL connection: remote error: handshake failure \(it accepts nothing that was offered`
)

var (
	banner = []string{"220 mail.test ESMTP"}
	polite = append(banner, "221 bye")
)

var opensslCases = []opensslCase{
	{"as most are", rsaKey, "", polite, "--quit-after banner", 0, `^SMTP OK - `},
	{"RSA-PSS", "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "", banner, "", 2, noCommon},
	{"Ed448", "-algorithm ED448", "", banner, "", 2, noCommon},
	{"Brainpool", "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", "-tls1_2", banner, "", 2, noCommon},
	{"X448 only", rsaKey, "-groups X448", banner, "", 2, noCommon},
	{"RSA key exchange only", rsaKey, "-tls1_2 -cipher AES128-SHA", banner, "", 2, noCommon},
	{"RSA key exchange only, by name", rsaKey, "-tls1_2 -cipher AES128-SHA", polite, "--ciphers AES128-SHA --quit-after banner", 0, `^SMTP OK - `},
	{"RSA of 1,024 bits", "-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "-cipher ALL:@SECLEVEL=0", polite, "--quit-after banner", 0, `^SMTP OK - .*is weak: RSA key of 1024 bits`},
	{"RSA of 512 bits", "-algorithm RSA -pkeyopt rsa_keygen_bits:512", "-tls1_2 -cipher ALL:@SECLEVEL=0", polite, "--quit-after banner", 0, `^SMTP OK - .*is so short that it can be broken.*RSA key of 512 bits`},
	{"wants a certificate of ours, TLS 1.2", rsaKey, "-tls1_2 -Verify 1", banner, "", 2, `^SMTP CRITICAL - .*--client-cert\)`},
	{"wants a certificate of ours, TLS 1.3", rsaKey, "-Verify 1", banner, "", 2, `^SMTP CRITICAL - .*--client-cert\)`},
	{"negotiates anew", rsaKey, "-tls1_2", append(banner, "r"), "", 2, `^SMTP CRITICAL - ehlo: ended by this program: the server wants to negotiate TLS anew`},
	{"has too many tickets", rsaKey, "-num_tickets 30", banner, "", 2, `^SMTP CRITICAL - banner: ended by this program: .*too many useless records`},
}

func TestOpenSSL(t *testing.T) {
	dir := tempDir(t)
	for i, tt := range opensslCases {
		t.Run(tt.name, func(t *testing.T) {
			port := tt.serve(t, filepath.Join(dir, fmt.Sprint(i)))
			args := append([]string{"-H", "127.0.0.1", "-p", fmt.Sprint(port), "-s", "-t", "10"}, strings.Fields(tt.args)...)
			got := runPlugin(ours, nil, args...)
			if got.exit != tt.exit || !regexp.MustCompile(tt.output).MatchString(got.stdout) {
				t.Errorf("want exit %d and %s, got %v", tt.exit, tt.output, got)
			}
		})
	}
}

// serve starts the server, which ends with the test.
func (c opensslCase) serve(t *testing.T, path string) (port int) {
	t.Helper()
	key, cert := path+".key", path+".pem"
	for _, line := range []string{
		"genpkey " + c.key + " -out " + key,
		"req -x509 -new -key " + key + " -subj /CN=mail.test -days 90 -out " + cert,
	} {
		if out, err := exec.Command("openssl", strings.Fields(line)...).CombinedOutput(); err != nil {
			t.Fatalf("openssl %s: %v\n%s", line, err, out)
		}
	}
	port = freePorts(t, 1)[0]
	log, err := os.Create(path + ".log")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	line := fmt.Sprintf("s_server -accept 127.0.0.1:%d -naccept 1 -key %s -cert %s %s", port, key, cert, c.server)
	cmd := exec.Command("openssl", strings.Fields(line)...)
	cmd.Stdout, cmd.Stderr = log, log
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan bool)
	go func() { cmd.Wait(); close(done) }()
	t.Cleanup(func() { cmd.Process.Kill(); <-done })
	awaitLine(t, path+".log", "ACCEPT")
	go c.say(in, path+".log")
	return port
}

// say plays the script.
func (c opensslCase) say(in io.WriteCloser, log string) {
	within(10*time.Second, func() bool { text, _ := os.ReadFile(log); return strings.Contains(string(text), "CIPHER is ") })
	for _, line := range c.script {
		time.Sleep(500 * time.Millisecond)
		io.WriteString(in, line+"\n")
	}
}

func awaitLine(t *testing.T, path, words string) {
	t.Helper()
	if !within(10*time.Second, func() bool { text, _ := os.ReadFile(path); return strings.Contains(string(text), words) }) {
		show(t, path)
		t.Fatalf("the server does not say %s", words)
	}
}
