//go:build unix

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"check_smtp/internal/args"
)

// The scripts that the pages show are run by a real shell here, in directories
// of the test.

// shell runs a script with the programs of dir before those of the system.
func shell(t *testing.T, dir, stdin, script string, argv ...string) (code int, out string) {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("this machine has no sh")
	}
	cmd := exec.Command(sh, append([]string{"-c", script, "sh"}, argv...)...)
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "MAKEFLAGS=")
	cmd.Stdin = strings.NewReader(stdin)
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), both.String()
}

// program writes a script of a few words that takes the place of a program.
func program(t *testing.T, path, script string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

// TestScriptsParse: a shell understands every block that is one for it.
func TestScriptsParse(t *testing.T) {
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if b.language != "sh" {
				continue
			}
			file := filepath.Join(t.TempDir(), "script")
			program(t, file, b.text)
			if code, out := shell(t, "", "", `sh -n "$1"`, file); code != 0 {
				t.Errorf("%s: %s\n%s", d.path, b.text, out)
			}
		}
	}
}

// TestCompareScript: the script that runs the old and the new program shows
// what differs, and nothing else.
func TestCompareScript(t *testing.T) {
	dir := t.TempDir()
	old, list := filepath.Join(dir, "old"), filepath.Join(dir, "list")
	program(t, old, `case $* in *--version*) exit 3 ;; esac; echo "SMTP OK - old, $#|time=0s"`)
	t.Setenv("OLD", old)
	t.Setenv("NEW", binary(t))
	script := read(t, "cmd/check_smtp/doc/from-check_smtp.md").marked(t, "compare")
	write := func(lines string) {
		if err := os.WriteFile(list, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# the same\n\n--version\n")
	if code, out := shell(t, "", "", script, list); code != 0 || out != "" {
		t.Errorf("no difference: exit %d\n%s", code, out)
	}
	write("--version\n# another\n\n-H '' -e \"220 mx1\" -w ''\n")
	want := `-H '' -e "220 mx1" -w ''
  old 0: SMTP OK - old, 6|time=0s
  new 3: SMTP UNKNOWN - -H/--hostname: the host is empty
give a name, an address or the absolute path of a socket
`
	if code, out := shell(t, "", "", script, list); code != 1 || out != want {
		t.Errorf("a difference: exit %d\n%s", code, out)
	}
	if lines := strings.Count(script, "\n"); lines > 16 {
		t.Errorf("the script has %d lines; a dozen and a few should do", lines)
	}
}

// TestDiversion: dpkg puts the old program aside and back again, for a program that
// was copied and for that of the package.
func TestDiversion(t *testing.T) {
	divert, err := exec.LookPath("dpkg-divert")
	if err != nil {
		t.Skip("this machine has no dpkg")
	}
	for _, path := range []string{"cmd/check_smtp/doc/from-check_smtp.md", "cmd/check_smtp/doc/building.md"} {
		page := read(t, path)
		t.Run(path, func(t *testing.T) { diverted(t, divert, page.marked(t, "divert"), page.marked(t, "undivert")) })
	}
}

func diverted(t *testing.T, divert, there, back string) {
	dir := t.TempDir()
	plugins, tools := filepath.Join(dir, "plugins"), filepath.Join(dir, "tools")
	for _, d := range []string{plugins, tools, filepath.Join(dir, "dpkg")} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program(t, filepath.Join(tools, "dpkg-divert"), fmt.Sprintf("exec %s --admindir %s/dpkg \"$@\"\n", divert, dir))
	program(t, filepath.Join(plugins, "check_smtp"), "echo old")
	program(t, filepath.Join(plugins, "check_smtp_plus"), "echo new")
	program(t, filepath.Join(dir, "check_smtp"), "echo new")
	for _, step := range []struct{ script, says string }{{there, "new\n"}, {back, "old\n"}} {
		script := "set -e; cd " + dir + "\n" + strings.ReplaceAll(step.script, "/usr/lib/nagios/plugins", plugins)
		if code, out := shell(t, tools, "", script); code != 0 {
			t.Fatalf("%s: exit %d\n%s", step.script, code, out)
		}
		if _, out := shell(t, plugins, "", "check_smtp"); out != step.says {
			t.Errorf("behind %s the program says %q", step.script, out)
		}
	}
}

// TestPasswordFile: the commands that make a password file make one that is its
// owner's, and the check finds it.
func TestPasswordFile(t *testing.T) {
	for _, path := range []string{"README.md", "cmd/check_smtp/doc/passwords.md"} {
		dir := t.TempDir()
		program(t, filepath.Join(dir, "check_smtp"), `echo "$*"`)
		var script string
		for _, b := range read(t, path).blocks {
			if strings.Contains(b.text, "install -d") {
				script = strings.NewReplacer("/etc/check_smtp", dir+"/etc", "-o nagios", "", "=...", "=x").Replace(b.text)
			}
		}
		code, out := shell(t, dir, "secret\n", script)
		file := dir + "/etc/smtp.pass"
		text, err := os.ReadFile(file)
		if code != 0 || string(text) != "secret\n" || !strings.Contains(out, "--authpass-file "+file) {
			t.Errorf("%s: exit %d, %q (%v)\n%s", path, code, text, err, out)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v (%v)", path, info.Mode(), err)
		}
	}
}

// TestCronLine prints nothing while all is well.
func TestCronLine(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{"README.md", "cmd/check_smtp/doc/pollers.md"} {
		_, job, found := strings.Cut(textUnder(read(t, path), "cron"), "* * * *  ")
		if !found {
			t.Fatalf("%s has no line for cron", path)
		}
		job = strings.ReplaceAll(job, "/usr/local/lib/nagios/plugins", dir)
		for code, want := range map[int]string{0: "", 2: "SMTP\n"} {
			program(t, filepath.Join(dir, "check_smtp"), fmt.Sprintf("echo SMTP; exit %d", code))
			if _, out := shell(t, "", "", job); out != want {
				t.Errorf("%s: exit %d prints %q", path, code, out)
			}
		}
	}
}

// TestInstallCommands: make puts the program where the page says.
func TestInstallCommands(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("this machine has no make")
	}
	for command, where := range map[string]string{
		"make install":                                  "/usr/local/lib/nagios/plugins/check_smtp",
		"make install PLUGINDIR=/opt/plugins":           "/opt/plugins/check_smtp",
		"make install PREFIX=/usr DESTDIR=/tmp/package": "/tmp/package/usr/lib/nagios/plugins/check_smtp",
	} {
		if page := read(t, "cmd/check_smtp/doc/building.md"); !strings.Contains(textUnder(page, "Install"), command+"\n") {
			t.Errorf("building.md does not show %q", command)
		}
		code, out := shell(t, "", "", strings.Replace(command, "make ", "make -n -C ../.. ", 1))
		if code != 0 || !strings.Contains(out, " "+where+"\n") {
			t.Errorf("%s: exit %d\n%s", command, code, out)
		}
	}
}

// TestNeeds: the program does with what the page on building says it needs.
func TestNeeds(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the figures are those of Linux")
	}
	script := textUnder(read(t, "cmd/check_smtp/doc/building.md"), "What it needs")
	few := strings.Replace(script, "check_smtp -H mx1.example.org", binary(t)+" -H 127.0.0.1 -p 1", 1)
	if code, out := shell(t, "", "", few); code != 2 || !strings.HasPrefix(out, "SMTP CRITICAL - connect to address") {
		t.Errorf("%s: exit %d\n%.300s", script, code, out)
	}
}

// TestInstall: make installs what the page says and nothing else, without a
// compiler, and takes it away again.
func TestInstall(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("this machine has no make")
	}
	dir := t.TempDir()
	with := " -C ../.. GO=false VERSION=1 PREFIX=/opt/x NAME=check_it DESTDIR=" + dir + " BINARY=" + binary(t)
	if code, out := shell(t, "", "", "umask 077; make install"+with); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	installed := files(t, dir)
	for name, begin := range map[string]string{
		"lib/nagios/plugins/check_it":                   "\x7fELF",
		"share/man/man1/check_it.1":                     ".TH CHECK_SMTP 1 ",
		"share/bash-completion/completions/check_it":    "# Completion for bash",
		"share/zsh/site-functions/_check_it":            "#compdef ",
		"share/fish/vendor_completions.d/check_it.fish": "# Made by",
		"share/doc/check_it/LICENCES":                   "check_smtp ",
	} {
		text, err := os.ReadFile(filepath.Join(dir, "opt/x", name))
		if err != nil || !strings.HasPrefix(string(text), begin) && runtime.GOOS == "linux" {
			t.Errorf("%s: %.20q, %v", name, text, err)
		}
		delete(installed, "opt/x/"+name)
	}
	for name, mode := range installed {
		if !strings.HasPrefix(name, "opt/x/share/doc/check_it/examples/") || mode != 0o644 {
			t.Errorf("there is %s, %v", name, mode)
		}
	}
	if code, out := shell(t, "", "", "make uninstall"+with); code != 0 || len(files(t, dir)) > 0 {
		t.Errorf("exit %d, left: %v\n%s", code, files(t, dir), out)
	}
	if code, out := shell(t, "", "", "make install"+with+"x"); code == 0 || !strings.Contains(out, "first run: make build") {
		t.Errorf("without a binary: exit %d\n%s", code, out)
	}
}

// files are all below a directory, with their modes.
func files(t *testing.T, dir string) map[string]os.FileMode {
	t.Helper()
	all := map[string]os.FileMode{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		below, _ := filepath.Rel(dir, path)
		all[below] = info.Mode().Perm()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestVersionInOnePlace: the changelog begins with the version and the day that the
// program has, which the Makefile reads from there.
func TestVersionInOnePlace(t *testing.T) {
	_, top, _ := strings.Cut(read(t, "cmd/check_smtp/doc/changelog.md").prose, "\n## ")
	if want := args.Version + " (" + args.Released + ")\n"; !strings.HasPrefix(top, want) {
		t.Errorf("the changelog begins with %.30q, not %q", top, want)
	}
	code, out := shell(t, "", "", `make -s -C ../.. -f Makefile -f - told`+" <<'X'\ntold: ; @echo '$(VERSION) $(RELEASED)'\nX")
	if code != 0 || strings.TrimSpace(out) != args.Version+" "+args.Released {
		t.Errorf("make has %q", out)
	}
}
