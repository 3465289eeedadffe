//go:build e2e

package e2e

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// marker is a password that shows wherever it gets.
const marker = "qX7hVw93kTz5mRb2Jd8p"

// glimpse is how many bytes in a row of the password, or of it in base64, are
// too many.
const glimpse = 8

// repeats answers with the client's last line, and with what that means.
func repeats(before string) act {
	return func(p *peer) error {
		_, heard := p.server.contacts()
		last := heard[len(heard)-1]
		words := strings.Fields(last)
		plain, _ := base64.StdEncoding.DecodeString(words[len(words)-1])
		return say(before + last + " which is " + strings.NewReplacer("\x00", " ", "\x01", " ").Replace(string(plain)))(p)
	}
}

// questions is a server that does these things after it has got everything that
// AUTH LOGIN sends.
func questions(list ...act) script { return asks(askUser, askPassword, list) }

// secretCase is a login with a server that the password should not go beyond.
type secretCase struct {
	name   string
	server script
	args   string
}

var secretCases = []secretCase{
	{"LOGIN accepted", questions(accept...), "-A LOGIN"},
	{"LOGIN accepted inside TLS", withLogin(secure), "-S -A LOGIN"},
	{"LOGIN refused", questions(say("535 no")), "-A LOGIN"},
	{"LOGIN repeated", questions(repeats("535 ")), "-A LOGIN"},
	{"LOGIN repeated in welcome", questions(repeats("235 ")), "-A LOGIN"},
	{"LOGIN repeated in several lines", questions(repeats("535-"), repeats("535 ")), "-A LOGIN"},
	{"LOGIN repeated without code", questions(repeats("")), "-A LOGIN"},
	{"LOGIN repeated as a question", questions(repeats("334 ")), "-A LOGIN"},
	{"LOGIN asked again", asks(askUser, askPassword, askPassword, askPassword, accept), "-A LOGIN"},
	{"LOGIN, password in a question", asks(askUser, does(say("334 "+base64.StdEncoding.EncodeToString([]byte(marker))), hear), accept), "-A LOGIN"},
	{"LOGIN, the end", asks(does(hangUp)), "-A LOGIN"},
	{"LOGIN, the end after the user", asks(askUser, does(hangUp)), "-A LOGIN"},
	{"LOGIN, the end after the password", questions(hangUp), "-A LOGIN"},
	{"LOGIN, reset after the password", questions(reset), "-A LOGIN"},
	{"LOGIN, password said later", questions(accept...).on("MAIL", say("550 "+marker+" may not send")), "-A LOGIN -f a@b.c"},
	{"LOGIN, password said to a command", questions(accept...).on("NOOP", say("250 "+marker)), "-A LOGIN -C NOOP -R ^251"},
	{"LOGIN, password said in lines", questions(accept...).on("NOOP", say("250-"+marker, "250-"+base64.StdEncoding.EncodeToString([]byte(marker)), "250 end")), "-A LOGIN -C NOOP -R ^251"},
	{"LOGIN, password said goodbye", questions(accept...).on("QUIT", say("221 "+marker), hangUp), "-A LOGIN"},
	{"PLAIN accepted", asks(accept), "-A PLAIN"},
	{"PLAIN refused", asks(does(say("535 no"))), "-A PLAIN"},
	{"PLAIN repeated", asks(does(repeats("535 "))), "-A PLAIN"},
	{"PLAIN repeated without code", asks(does(repeats(""))), "-A PLAIN"},
	{"PLAIN repeated as a question", asks(does(repeats("334 "))), "-A PLAIN"},
	{"PLAIN, the end", asks(does(hangUp)), "-A PLAIN"},
	{"PLAIN, longer by the authorization identity", asks(does(repeats("535 "))), "-A PLAIN --authzid other"},
	{"XOAUTH2 repeated", asks(does(repeats("535 "))), "-A XOAUTH2"},
	{"XOAUTH2 repeated as a question", asks(does(repeats("334 "))), "-A XOAUTH2"},
	{"OAUTHBEARER repeated", asks(does(repeats("535 "))), "-A OAUTHBEARER"},
	{"CRAM-MD5 repeated", asks(does(say("334 PDEyMzRAbWFpbC50ZXN0Pg=="), hear, repeats("535 "))), "-A CRAM-MD5"},
	{"SCRAM-SHA-256 repeated", asks(does(repeats("535 "))), "-A SCRAM-SHA-256"},
	{"silence after the password", questions(mute), "-A LOGIN -t 0.3"},
	{"no such mechanism", standard, "-A NONSENSE"},
	{"no usable mechanism", withLogin(standard), "-A auto"},
	{"two passwords", standard, "-A LOGIN --authpass-env OTHER --authpass-file {dir}/password"},
}

// passwordWays are all ways to give the password.
var passwordWays = []string{"-P " + marker, "--authpass-file {dir}/password", "--authpass-env MARKER", "--authpass-credential password", "--extra-opts=@{dir}/t.ini"}

var secretFiles = extra{
	files: map[string]string{"password": marker + "\n", "t.ini": "[check_smtp]\nauthpass = " + marker + "\n"},
	env:   []string{"MARKER=" + marker, "OTHER=" + marker, "CREDENTIALS_DIRECTORY={dir}"},
}

// TestSecrets looks for the password in all that our program writes, however it
// came in and whatever the server does with it.
func TestSecrets(t *testing.T) {
	for _, c := range secretCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, way := range passwordWays {
				for _, output := range []string{"", "-v", "-vvv", "-vvv --output-file {dir}/output"} {
					c.check(t, way, output)
				}
			}
		})
	}
}

func (c secretCase) check(t *testing.T, way, output string) {
	dir := t.TempDir()
	line := strings.Join([]string{"{target} -U user", c.args, way, output}, " ")
	s := scenario{c.name, c.server, line, 0, secretFiles}
	p := s.playIn(dir, ours)
	if p.err != nil {
		t.Fatal(p.err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "output"))
	if err != nil && strings.Contains(output, "--output-file") && p.clients > 0 {
		t.Error(err)
	}
	said := p.stdout + p.stderr + string(text)
	if part := leak(said); part != "" {
		t.Errorf("%s: %q of the password got out:\n%s", line, part, said)
	}
	if !strings.Contains(c.name, "accepted") {
		return
	}
	if !slices.ContainsFunc(p.heard, hasMarker) {
		t.Errorf("%s: the server never got the password: %v", line, p)
	}
	if strings.Contains(output, "-vvv") && !strings.Contains(said, "[secret]") {
		t.Errorf("%s: the dialogue does not say where the password was: %s", line, said)
	}
}

// TestLeak tests the test: what must not get out would be found.
func TestLeak(t *testing.T) {
	for shift := range 5 {
		text := strings.Repeat("x", shift) + marker
		if leak(text) == "" || leak("C: "+base64.StdEncoding.EncodeToString([]byte(text+"\x01\x01"))+"\n") == "" {
			t.Errorf("%q would not be found", text)
		}
	}
	if part := leak("SMTP OK - the password is [secret], " + base64.StdEncoding.EncodeToString([]byte("\x00user\x00another password"))); part != "" {
		t.Errorf("%q is found where it is not", part)
	}
}

func hasMarker(line string) bool { return leak(line) != "" }

// leak finds a part of the password in a text, or a part of what any base64
// that holds it must have. Which that is depends on the bytes before it.
func leak(text string) string {
	for _, shape := range markerShapes() {
		for i := 0; i+glimpse <= len(shape); i++ {
			if part := shape[i : i+glimpse]; strings.Contains(text, part) {
				return part
			}
		}
	}
	return ""
}

func markerShapes() []string {
	shapes := []string{marker}
	for shift := range 3 {
		whole := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:shift] + marker))
		shapes = append(shapes, whole[(shift*8+5)/6:(shift+len(marker))*8/6])
	}
	return shapes
}
