package args

import (
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// wrongPlaces are ways to get a password onto a command line, most of them wrong.
var wrongPlaces = []string{
	"-P MARK", "-PMARK", "-P x MARK", "-P MARK MARK", "-P 'MARK MARK'", "-P 'MARK\n'", "-P", "-P '' MARK", "--authpass MARK", "--authpass=MARK", "--authpassMARK", "--authpass:MARK",
	"--password MARK", "--password=MARK", "--passwordMARK", "--password:MARK", "--passw MARK", "--pass MARK", "--pass=MARK", "--passMARK", "--passwd MARK", "--passwd=MARK", "--pw MARK", "--pwd=MARK",
	"-pass MARK", "-pass=MARK", "-passMARK", "-password MARK", "-password=MARK", "-passwordMARK", "-passwd MARK", "-authpass MARK", "-authpassMARK", "-Password MARK", "-Pass=MARK", "-Passwd:MARK",
	"-p MARK", "-pMARK", "-p=MARK", "--port MARK", "--port=MARK", "-p MARK -p 25x", "-p 25 MARK", "-vpMARK", "'-p MARK'", "'-P MARK'", "'-P MARK -v'", "'-U u -P MARK'", "'--password MARK'", "'--password=MARK -v'",
	"MARK", "'' MARK", "-v MARK", "-q MARK", "-S MARK", "--verify MARK", "--show-password MARK", "--extra-opts=@/none MARK", "-- MARK", "-- -P MARK", "-D 30 MARK", "-w 5 MARK", "-t 5 MARK", "--state MARK", "-f a@b --to c@d MARK",
	"-U u:MARK@mx", "-U 'u MARK\n'", "-U 'u\nMARK'", "--authzid 'z\nMARK'", "-U '' MARK", "-u u MARK", "-u u:MARK", "-uMARK",
	"-A MARK", "-A=MARK", "--authtype=MARK", "-A LOGIN MARK", "-A LOGIN:MARK", "-A PLAINMARK", "-A LOGIN -p MARK",
	"--authpass-env MARK", "--authpass-env=MARK", "--authpass-env=$MARK", "--authpass-env '' MARK", "--authpass-command MARK", "--authpass-command=MARK", "--authpass-commandMARK", "--authpass-command 'MARK", "--authpass-command ./MARK", "--authpass-command MARK x", "--authpass-command '' MARK", "--authpass-credential MARK", "--authpass-credential=../MARK", "--authpass-file MARK", "--authpass-file=MARK", "--authpass-fileMARK", "--authpass-fle=MARK",
	"-H smtp://u:MARK@host", "smtp://u:MARK@host", "-H smtps://u:MARK@host:465/", "-H smtp://MARK@host", "-H u:MARK@host", "-H MARK@host", "-H u:MARK", "-H 'u MARK@host'", "-H //u:MARK@host", "-H smtp://host?password=MARK", "-H smtp://host/MARK", "-H smtp://host#MARK", "-H unix:u:MARK@x",
	"--hostname=smtp://u:p@MARK@host", "-H host -H u:MARK@host", "-H u:MARK@host:25",
	"-S --tls-server-name u:MARK@host", "-S --tls-server-name smtp://u:MARK@host", "--bind u:MARK@host", "-r --proxy-source-address u:MARK@host", "-r --proxy-dest-address=smtp://u:MARK@host", "-F 'u:MARK@host x'",
	"–P MARK", "–PMARK", "—password MARK", "—password=MARK", "–password=MARK", "—passwordMARK", "-–password=MARK", "--password–MARK", "−p MARK",
	"-C 'AUTH PLAIN MARK\n'", "-C 'auth plain MARK\n'", "-C ' AUTH PLAIN MARK\n'", "-C AUTH PLAIN MARK", "-C 'AUTH PLAIN' MARK", "-C 'AUTH PLAIN MARK' -R x --quit-after banner", "-C 'AUTH\tPLAIN MARK'", "-C 'AUTH PLAIN MARK' x",
	"--smtp-options=auth=MARK", "--smtp-options auth=MARK", "--smtp-options=MARK", "--smtp-options=MARK==", "--smtp-options=password=MARK", "--smtp-options=layer=MARK", "--smtp-options=port=MARK", "--smtp-options=auth=u:MARK", "--smtp-options", "--smtp-options=timeout=MARK",
	"--smtp-options=ssl_verify_mode=MARK", "--smtp-options=ssl_version=MARK", "--smtp-options=smtp=smtp://u:MARK@host", "--smtp-send-options=MARK", "--smtp-send-options=MARK=", "--smtp-send-options=MARK=x", "--smtp-send-options=password=MARK",
	"--environment=MARK", "--environment=X:MARK", "--convert-args=MARK", "--convert-args=(MARK,x", "--convert-args=(,MARK",
	"--vault-token MARK", "--vault-token=MARK x", "--vault-tokenMARK", "--vault-token=@file:MARK", "--vault-token=@env:MARK", "--vault-token=@credential:MARK", "--keepass-password=MARK x", "--keepass-password=@file:MARK",
	"--pass-manager=MARK", "--pass-manager=environment --environment-map-option=password=MARK", "--pass-manager=environment --environment-map-option=MARK", "--pass-manager=environment --environment-map-option=MARK=X", "--pass-manager=environment --environment-map-option=passwordMARK=X",
	"--pass-manager=keepass --keepass-file /none --keepass-map-option=password=%{pw} --keepass-password=@file:MARK", "--pass-manager=keepass --keepass-file /none --keepass-map-option=password=MARK --keepass-password=@env:MARK",
	"--pass-manager=keepass --keepass-file /none --keepass-map-option=password=%{MARK --keepass-password=MARK",
	"--pass-manager=hashicorpvault --vault-address=https://u:MARK@host --vault-token=x --secret-path=a --map-option=password=%{value_a}", "--pass-manager=hashicorpvault --vault-address=MARK:x --vault-token=@env:MARK --secret-path=a --map-option=password=%{value_a}",
	"--pass-manager=hashicorpvault --vault-address=127.0.0.1 --vault-token=@file:MARK --secret-path=a --map-option=password=x", "--pass-manager=hashicorpvault --auth-settings=MARK --map-option=password=x", "--pass-manager=hashicorpvault --vault-address=h --auth-settings=password=@credential:MARK --map-option=password=x",
	"--pass-manager=teampass --teampass-api-address=https://u:MARK@h --teampass-api-request=/x --teampass-api-key=y --teampass-map-option=password=x", "--pass-manager=teampass --teampass-api-address=h --teampass-api-request=?apikey=MARK --teampass-api-key=MARK --teampass-map-option=password=x",
	"--pass-manager=file --secret-file=MARK --secret-map-option=password=x",
	"--auth=MARK", "--auth MARK", "--auth-settings=password=MARK x", "--auth-settings MARK", "--PMARK", "--P=MARK", "--P MARK", "--MARK", "--MARK=x",
}

// TestSecretsGoAstray: whatever is wrong with a command line on which a password
// stands, no message shows it, and no resolver is asked for it.
func TestSecretsGoAstray(t *testing.T) {
	before := []string{"", "-H mx1 ", "-U u ", "-H mx1 -U u ", "-H mx1 -A LOGIN -U u ", "-H mx1 -U u -P y ", "--mode=login --hostname=mx1 --username=u "}
	after := []string{"", " -U u", " -w x", " x", " --extra-opts=@/pass.ini"}
	markers := []string{"hunter2MARKERhunter2", "geheim-MARKER.hunter2/x", "31415926535897", "C0RRECTHORSE"}
	tried := 0
	for _, b := range before {
		for _, place := range wrongPlaces {
			if !isWrong(b, place) {
				continue
			}
			for i, a := range after {
				tried++
				keepsSecret(t, b+place+a, markers[i%len(markers)])
			}
			for _, marker := range markers[1:] {
				keepsSecret(t, b+place, marker)
			}
		}
	}
	if tried < 5_000 {
		t.Errorf("%d command lines only", tried)
	}
}

// isWrong says whether a place is no right one for what is not secret: nobody can
// tell a password from the name of an option, or from a host where there is none.
func isWrong(before, place string) bool {
	noHost := !strings.Contains(before, "mx1")
	switch place {
	case "--MARK", "--MARK=x":
		return false
	case "MARK", "'' MARK", "-v MARK", "-q MARK", "-S MARK", "--verify MARK", "--show-password MARK", "--extra-opts=@/none MARK", "-- MARK", "-P x MARK", "-D 30 MARK", "-w 5 MARK", "-t 5 MARK", "-f a@b --to c@d MARK", "-p 25 MARK":
		return !noHost && strings.Contains(before, " -U") || strings.Contains(before, "--username")
	case "--state MARK", "-p MARK", "-pMARK", "-p=MARK", "--port MARK", "--port=MARK", "-vpMARK", "'-p MARK'", "-p MARK -p 25x", "--smtp-options=port=MARK":
		return strings.Contains(before, "-U") && !strings.Contains(before, "-P")
	case "-A LOGIN -p MARK":
		return !strings.Contains(before, "-P")
	case "-U '' MARK", "--authpass-env '' MARK":
		return false
	}
	return true
}

func keepsSecret(t *testing.T, line, marker string) {
	t.Helper()
	env := surroundings(map[string]string{"/pass.ini": "[check_smtp]\nusername = u\nquit-after = nowhere\n"})
	argv := shell(line)
	for i := range argv {
		argv[i] = strings.ReplaceAll(argv[i], "MARK", marker)
	}
	p, err := Parse(argv, env)
	var shown []string
	if usage, ok := errors.AsType[*UsageError](err); ok {
		shown = append(shown, usage.Problem, usage.Hint)
	} else if err != nil {
		shown = append(shown, err.Error())
	} else {
		shown = p.Limits.Notes
	}
	gist := Gist(legible(argv))
	shown = append(shown, gist.Probe.Host, p.Probe.Host, p.Probe.TLS.Name)
	leaks := func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(marker)) }
	if i := slices.IndexFunc(shown, leaks); i >= 0 {
		t.Errorf("%q with %s shows it: %s", line, marker, shown[i])
	}
}

// TestWhoMayRead: a file that cannot be read says who must be able to.
func TestWhoMayRead(t *testing.T) {
	env := surroundings(map[string]string{"/etc/passwd": "root:x:0:0::/:/bin/sh\nbroken\nnagios:x:112:116::/var/lib/nagios:/bin/sh\n"})
	read := env.ReadFile
	env.ReadFile = func(name string) ([]byte, error) {
		if strings.HasPrefix(name, "/closed") {
			return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.EACCES}
		}
		return read(name)
	}
	const denied = `"/closed": permission denied, the user that runs this check`
	for _, line := range []string{
		"-U u --authpass-file /closed", "-S --ca-file /closed", "-f a@b --to c@d --body-file /closed", "-f a@b --to c@d --attach /closed", "-f a@b --to c@d --payload-file /closed", "--extra-opts=@/closed", "--pass-manager=file --secret-file=/closed --secret-map-option=password=x",
		"--pass-manager=keepass --keepass-file=/closed --keepass-password=x --keepass-map-option=password=x", "--pass-manager=keepass --keepass-file=/none --keepass-password=@file:/closed --keepass-map-option=password=x",
	} {
		for id, want := range map[int]string{112: denied + ", nagios (112), must be able to read it", 7: denied + " (7) must be able to read it", -1: denied + " must be able to read it"} {
			env.User = func() int { return id }
			if id < 0 {
				env.User = nil
			}
			env.Open = func(name string) (io.ReadCloser, int64, error) {
				_, err := env.ReadFile(name)
				return nil, 0, err
			}
			if _, err := Parse(shell("-H mx1 "+line), env); err == nil || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%s: %v, want %s", line, err, want)
			}
		}
	}
}
