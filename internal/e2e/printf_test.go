//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	runes "unicode/utf8"
)

// Nagios's and Icinga's own notification commands send the output of a plugin
// through printf "%b", which takes what follows a backslash for an escape. \c
// ends the output there, and glues the next record to it.

// escapes mean something to printf, and the rest to a terminal or a reader.
const escapes = `\c \x1b[31m \033[1m \u202e \n \t \0101 \\c %s %b` + "\x1b[31m \a\x7f\u0085 \u202e\u2066 \xff | ; end \\"

// printfCases are runs with such a text from the server, from its certificate,
// or from the command line itself.
var printfCases = []struct {
	name   string
	server script
	args   string
}{
	{"banner", greets(say("554 " + escapes)), ""},
	{"banner unlike -e", greets(say("220 " + escapes)), "-e other"},
	{"no SMTP", greets(say(escapes)), ""},
	{"EHLO", on("EHLO", say("250-"+escapes, "250 "+escapes)), "-f a@b.c"},
	{"EHLO refused", on("EHLO HELO", say("550-"+escapes, "550 "+escapes)), ""},
	{"MAIL", on("MAIL", say("550-"+escapes, "550 "+escapes)), "-f a@b.c"},
	{"RCPT", on("RCPT", say("450 "+escapes)), "-f a@b.c --to d@e.f"},
	{"message", takes(say("554 " + escapes)), "-f a@b.c --to d@e.f"},
	{"command", on("NOOP", say("250 "+escapes)), "-C NOOP -R other"},
	{"login", asks(does(say("535 " + escapes))), "-A LOGIN -U u -P p"},
	{"QUIT", on("QUIT", say("421 "+escapes)), ""},
	{"certificate", offers(`\c\x1b[31m\u202e\`), "-S --verify -D 30"},
	{"our command", on("*", say("250 ok")), `-C 'X\c\x1b' -R '\\c'`},
	{"our sender", on("MAIL", say("550 no")), `-f '\c\x1b@b.c'`},
	{"our recipients", standard, `-f a@b.c --to '"\c"@b.c,\u202e;x'`},
	{"our banner", standard, `-e '\c\x1b'`},
	{"our name", standard, `--tls-server-name '\c' -S`},
	{"our host", standard, `-H '\c\x1b'`},
	{"our socket", standard, `-H '/\c\x1b'`},
	{"our port", standard, `-p '\c'`},
	{"our range", standard, `-w '\c'`},
	{"our file", standard, `-f a@b.c --to d@e.f --body-file '/\c/\x1b'`},
	{"our word", standard, `'\c'`},
	{"our option", standard, `'--\c=\x1b'`},
	{"our section", standard, `'--extra-opts=\c@/\x1b'`},
	{"our edit", standard, `'--change-short-output=OK~\\c~'`},
}

// TestPrintf: printf "%b" prints what it is given, in every format but those
// that have escapes of their own and never go that way.
func TestPrintf(t *testing.T) {
	formats := []string{"nagios", "nagios -vvv", "centreon", "waterfall -v", "checkmk", "openmetrics"}
	for _, c := range printfCases {
		port := strconv.Itoa(playTCP(t, c.server).port())
		for _, format := range formats {
			words, err := splitWords("-H 127.0.0.1 -p " + port + " --output-format=" + format + " " + c.args)
			if err != nil {
				t.Fatal(err)
			}
			out := runPlugin(ours, nil, words...).stdout
			if bad := unprintable(out); bad != "" || out == "" {
				t.Errorf("%s as %s: %q in %q", c.name, format, bad, out)
			}
			for _, shell := range []string{"/usr/bin/printf", "sh", "bash"} {
				if got := printf(t, shell, out); got != out {
					t.Errorf("%s as %s: %s makes\n%q of\n%q", c.name, format, shell, got, out)
				}
			}
		}
	}
}

// printf is what the printf of coreutils, or that of a shell, makes of a text.
func printf(t *testing.T, by, text string) string {
	t.Helper()
	command := []string{by, "-c", `printf "%b" "$1"`, by, text}
	if strings.HasPrefix(by, "/") {
		command = []string{by, "%b", text}
	}
	out, err := exec.Command(command[0], command[1:]...).Output()
	if err != nil {
		t.Fatal(command, err)
	}
	return string(out)
}

// unprintable is what of a text printf or a terminal would take for more than
// it is.
func unprintable(text string) string {
	var bad []rune
	for i, r := range text {
		_, size := runes.DecodeRuneInString(text[i:])
		if r == '\\' || r == runes.RuneError && size == 1 || r != '\n' && !unicode.IsPrint(r) {
			bad = append(bad, r)
		}
	}
	return string(bad)
}

// number is what differs from run to run.
var number = regexp.MustCompile(`[0-9]+(\.[0-9]+)?`)

// alerts are the cases in which the server's text is in an alert.
func alerts(t *testing.T) (ports, lines map[string]string, args map[string]string) {
	t.Helper()
	ports, lines, args = map[string]string{}, map[string]string{}, map[string]string{}
	for _, c := range printfCases {
		port := strconv.Itoa(playTCP(t, c.server).port())
		o := runPlugin(ours, nil, strings.Fields("-H 127.0.0.1 -p "+port+" "+c.args)...)
		if line, _, _ := strings.Cut(o.stdout, "\n"); o.exit != 0 && !strings.HasPrefix(c.name, "our ") {
			line, _, _ = strings.Cut(line, "|")
			ports[c.name], args[c.name], lines[c.name] = port, c.args, line
		}
	}
	if len(lines) < 9 {
		t.Errorf("only %d servers alert: %q", len(lines), lines)
	}
	return ports, lines, args
}

// TestNagiosNotifications has Debian's own commands for a mail and for
// performance data tell of such servers.
func TestNagiosNotifications(t *testing.T) {
	n := prepareNagios(t)
	ports, lines, args := alerts(t)
	objects := nagiosHost("here", "127.0.0.1") + "define command {\n command_name plus\n command_line " + n.dir + "/check_smtp -H '$HOSTADDRESS$' $ARG1$\n}\n"
	for name := range ports {
		objects += nagiosService("here", name, "plus!-p "+ports[name]+" "+args[name])
	}
	n.start(t, objects, "")
	results := n.results(t, len(ports))
	mails := mailsIn(t, filepath.Join(n.dir, "mails"), len(ports))
	records := map[string][]string{}
	for record := range strings.Lines(waitFor(t, filepath.Join(n.dir, "lib/service-perfdata.out"), len(ports))) {
		if words := strings.Split(strings.TrimSuffix(record, "\n"), "\t"); len(words) == 10 {
			records[words[2]] = words
		} else {
			t.Errorf("a broken record: %q", record)
		}
	}
	// What Nagios takes from every macro that holds output.
	clean := strings.NewReplacer("`", "", "~", "", "$", "", "&", "", "|", "", "'", "", `"`, "", "<", "", ">", "")
	for name, line := range lines {
		got := results[name]["plugin_output"]
		if number.ReplaceAllString(got, "N") != number.ReplaceAllString(line, "N") {
			t.Errorf("%s: Nagios holds\n%q of\n%q", name, got, line)
		}
		text := clean.Replace(got)
		mail := find(mails, "\nService: "+name+"\n")
		if !strings.HasSuffix(mail, "\nAdditional Info:\n\n"+text+"\n") {
			t.Errorf("%s: mailed %q", name, mail)
		}
		if words := records[name]; words == nil || words[8] != text || words[9] != clean.Replace(results[name]["performance_data"]) {
			t.Errorf("%s: recorded %q", name, words)
		}
	}
}

// find returns the text that holds another.
func find(texts []string, part string) string {
	for _, text := range texts {
		if strings.Contains(text, part) {
			return text
		}
	}
	return ""
}

// waitFor returns a file that has so many lines.
func waitFor(t *testing.T, path string, lines int) string {
	t.Helper()
	var text []byte
	if !within(stopTime, func() bool {
		text, _ = os.ReadFile(path)
		return strings.Count(string(text), "\n") >= lines
	}) {
		t.Errorf("%s has not %d lines but\n%q", path, lines, text)
	}
	return string(text)
}

// TestIcingaNotifications has Icinga's own script mail of such servers.
func TestIcingaNotifications(t *testing.T) {
	i := prepareIcinga(t)
	writeFile(t, filepath.Join(i.dir, "plugins/mail"), fmt.Sprintf(mailScript, i.dir+"/mails"), 0o755)
	t.Setenv("PATH", i.dir+"/plugins:"+os.Getenv("PATH"))
	ports, lines, args := alerts(t)
	config := `object Host "here" { check_command = "dummy", address = "127.0.0.1" }
object User "admin" { email = "nagios@localhost" }
apply Notification "mail" to Service {
	import "mail-service-notification"
	users = [ "admin" ]
	assign where true
}
`
	for name := range ports {
		command := strings.ReplaceAll(strconv.Quote("exec "+i.dir+"/plugins/check_smtp -p "+ports[name]+" "+args[name]), "$", "$$")
		config += fmt.Sprintf("object CheckCommand %q { command = [ \"sh\", \"-c\", %s ] }\nobject Service %q { host_name = \"here\", check_command = %q, max_check_attempts = 1 }\n",
			name, command, name, name)
	}
	i.start(t, config)
	results := i.results(t)
	mails := mailsIn(t, filepath.Join(i.dir, "mails"), len(ports))
	for name, line := range lines {
		got := results[name].Output
		if first, _, _ := strings.Cut(got, "\n"); number.ReplaceAllString(first, "N") != number.ReplaceAllString(line, "N") {
			t.Errorf("%s: Icinga holds\n%q of\n%q", name, got, line)
		}
		if mail := find(mails, "\nService: "+name+"\n"); !strings.Contains(mail, "\nInfo:    "+got+"\n\nWhen:    ") {
			t.Errorf("%s: mailed\n%q, want\n%q", name, mail, got)
		}
	}
}
