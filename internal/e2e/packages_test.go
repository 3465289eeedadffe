//go:build e2e

package e2e

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// What "make packages" and "make dist" make is looked at with the tools of those who
// install it: apt, lintian, rpm, man, and the shells.

// packagers are what these tests need of Debian.
var packagers = []string{"lintian", "mandoc", "man-db", "bash-completion", "zsh", "fish", "rpm", "make"}

// made is a directory with packages, made for this test.
func made(t *testing.T, targets ...string) string {
	t.Helper()
	if err := Install(os.Stderr, packagers...); err != nil {
		t.Fatal(err)
	}
	dir := tempDir(t)
	ran(t, "make", append([]string{"-C", "../..", "DIST=" + dir, "BINARY=" + filepath.Join(dir, "check_smtp")}, targets...)...)
	return dir
}

// ran runs a program that has to succeed, and returns what it says.
func ran(t *testing.T, name string, words ...string) string {
	t.Helper()
	cmd := exec.Command(name, words...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8", "MANWIDTH=80", "MAKEFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(words, " "), err, out)
	}
	return string(out)
}

// the is the one file of a name.
func the(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %q, %v", pattern, found, err)
	}
	return found[0]
}

// TestPackages makes all of them once.
func TestPackages(t *testing.T) {
	dir := made(t, "packages")
	t.Run("deb", func(t *testing.T) { packageDeb(t, dir) })
	t.Run("rpm", func(t *testing.T) { packageRPM(t, dir) })
}

// packageDeb: the .deb goes beside Debian's plugins, brings what it should, and
// leaves nothing when it is removed.
func packageDeb(t *testing.T, dir string) {
	deb := the(t, dir+"/*_"+runtime.GOARCH+".deb")
	if said := ran(t, "lintian", "--no-cfg", "--allow-root", "--fail-on", "none", deb); strings.Contains("\n"+said, "\nE: ") {
		t.Error(said)
	}
	there := map[string]bool{}
	for path := range strings.FieldsSeq(ran(t, "sh", "-c", `dpkg-deb --fsys-tarfile "$1" | tar t`, "sh", deb)) {
		_, err := os.Lstat("/" + path)
		there["/"+path] = err == nil
	}
	ran(t, "apt-get", "install", "--yes", "--no-install-recommends", "--option=DPkg::Lock::Timeout=60", deb)
	purge := func() { ran(t, "apt-get", "purge", "--yes", "--option=DPkg::Lock::Timeout=60", "check-smtp-plus") }
	t.Cleanup(func() {
		if notInstalled([]string{"check-smtp-plus"}) == nil {
			purge()
		}
	})
	t.Run("installed", installed)
	t.Run("page", manualPage)
	t.Run("completion", completions)
	purge()
	for path, was := range there {
		if _, err := os.Lstat(path); was != (err == nil) {
			t.Errorf("%s: before %v, afterwards %v", path, was, err)
		}
	}
}

// installed looks at the program, and at what else of the plugins there is.
func installed(t *testing.T) {
	if said := ran(t, "dpkg", "--verify", "monitoring-plugins-basic", "check-smtp-plus"); said != "" {
		t.Error(said)
	}
	for _, program := range []string{"/usr/lib/nagios/plugins/check_smtp_plus", "/usr/bin/check_smtp_plus"} {
		if o := runPlugin(program, nil, "--version"); o.exit != 3 || !strings.HasPrefix(o.stdout, "check_smtp v") || !strings.HasSuffix(o.stdout, " linux/"+runtime.GOARCH+"\n") {
			t.Error(o)
		}
	}
	if o := runPlugin(CPlugin, nil, "--version"); !strings.Contains(o.stdout, "monitoring-plugins") {
		t.Error(o)
	}
	for line := range strings.Lines(runPlugin("/usr/bin/check_smtp_plus", nil, "--print", "list").stdout) {
		what, _, _ := strings.Cut(line, " ")
		if what == "list" || what == "man" || what == "licences" || strings.HasPrefix(what, "completion-") {
			continue
		}
		text, err := os.ReadFile("/usr/share/doc/check-smtp-plus/examples/" + what)
		if says := runPlugin("/usr/bin/check_smtp_plus", nil, "--print", what); err != nil || says.stdout != string(text) {
			t.Errorf("%s: %v, or the program that is installed prints another one", what, err)
		}
	}
}

// manualPage has both formatters look for what is wrong with the page.
func manualPage(t *testing.T) {
	page := strings.TrimSpace(ran(t, "man", "--where", "check_smtp_plus"))
	source := filepath.Join(tempDir(t), "page.1")
	writeFile(t, source, ran(t, "gzip", "-dc", page), 0o644)
	if said := ran(t, "mandoc", "-T", "lint", source); said != "" {
		t.Error(said)
	}
	cmd := exec.Command("man", "--warnings", "--local-file", source)
	cmd.Env = append(os.Environ(), "MANWIDTH=80", "LC_ALL=C.UTF-8")
	var warnings bytes.Buffer
	cmd.Stderr = &warnings
	text, err := cmd.Output()
	if err != nil || warnings.Len() > 0 {
		t.Errorf("%v\n%s", err, &warnings)
	}
	for _, words := range []string{"-H, --hostname=HOST", "cert_days", "tls-handshake (CRITICAL)", "SSL_CERT_FILE", "-R '^25[02]'"} {
		if !strings.Contains(string(text), words) {
			t.Errorf("the page does not say %q", words)
		}
	}
}

// typed are lines that somebody types before the tabulator, and what becomes of them.
var typed = map[string]string{
	"--tls-mi":              "--tls-min",
	"--tls-mode startt":     "--tls-mode starttls",
	"--tls-mode=no":         "--tls-mode=none",
	"-A SCRAM-SHA-2":        "-A SCRAM-SHA-256",
	"--verify=crit":         "--verify=critical",
	"--verify --ca-":        "--verify --ca-file",
	"--ca-file DIR/the":     "--ca-file DIR/the ca.pem",
	"--ca-file=DIR/the":     "--ca-file=DIR/the ca.pem",
	"-H DIR/the":            "-H DIR/the ca.pem",
	"--print completion-ba": "--print completion-bash",
	"--help=mana":           "--help=managers",
	"--passw":               "--password",
	"-p 2":                  "-p 2",
}

// completions has real shells complete. In bash a function in the program's place
// shows the words that it gets.
func completions(t *testing.T) {
	dir := tempDir(t)
	writeFile(t, filepath.Join(dir, "the ca.pem"), "", 0o644)
	for before, want := range typed {
		in := "source /usr/share/bash-completion/bash_completion\ncheck_smtp_plus() { printf 'GOT %s\\n' \"$*\"; }\n" +
			"check_smtp_plus " + strings.ReplaceAll(before, "DIR", dir) + "\t\n"
		cmd := exec.Command("bash", "--norc", "--noprofile", "-i")
		cmd.Stdin = strings.NewReader(in)
		out, err := cmd.Output()
		if want = "GOT " + strings.ReplaceAll(want, "DIR", dir) + "\n"; err != nil || !strings.HasSuffix(string(out), want) {
			t.Errorf("%s: %v, %q, want %q", before, err, out, want)
		}
	}
	t.Run("nothing evaluated", func(t *testing.T) {
		mark := filepath.Join(dir, "mark")
		cmd := exec.Command("bash", "--norc", "--noprofile", "-i")
		cmd.Stdin = strings.NewReader("source /usr/share/bash-completion/bash_completion\ncheck_smtp_plus --tls-mode '$(touch " + mark + ")\t\x15\n" +
			"check_smtp_plus --ca-file '`touch " + mark + "`\t\x15\ncheck_smtp_plus '$(touch " + mark + ")\t\x15\n")
		cmd.Run()
		if _, err := os.Stat(mark); err == nil {
			t.Error("what was typed was evaluated")
		}
	})
	ran(t, "zsh", "-n", "/usr/share/zsh/vendor-completions/_check_smtp_plus")
	fish := "/usr/share/fish/vendor_completions.d/check_smtp_plus.fish"
	for before, want := range map[string]string{"--tls-mi": "--tls-min\t", "--tls-mode startt": "starttls\t", "--verify=crit": "--verify=critical\t", "--ca-file " + dir + "/": "the ca.pem"} {
		said := ran(t, "fish", "--no-config", "--command", "source "+fish+"; complete --do-complete 'check_smtp_plus "+before+"'")
		if !strings.Contains(said, want) {
			t.Errorf("fish: %s: %q", before, said)
		}
	}
}

// elsewhereInRPM are the places that differ between the two kinds of packages.
var elsewhereInRPM = strings.NewReplacer("usr/lib64/", "usr/lib/", "zsh/site-functions", "zsh/vendor-completions",
	"usr/share/licenses/check-smtp-plus/LICENCES", "usr/share/doc/check-smtp-plus/copyright")

// packageRPM: the .rpm of each processor holds what the .deb does, and removes it.
func packageRPM(t *testing.T, dir string) {
	for _, arch := range []struct{ deb, rpm string }{{"amd64", "x86_64"}, {"arm64", "aarch64"}} {
		deb, rpm := the(t, dir+"/*_"+arch.deb+".deb"), the(t, dir+"/*."+arch.rpm+".rpm")
		ran(t, "rpm", "--checksig", "--nosignature", rpm)
		if said := ran(t, "rpm", "-qp", "--qf", "%{NAME} %{ARCH} %{OS} %{BUILDHOST} %{LICENSE}", rpm); said != "check-smtp-plus "+arch.rpm+" linux localhost MIT AND BSD-3-Clause AND Apache-2.0" {
			t.Error(said)
		}
		here, there := filepath.Join(dir, "deb-"+arch.deb), filepath.Join(dir, "rpm-"+arch.rpm)
		ran(t, "dpkg-deb", "--extract", deb, here)
		into := []string{"--root", there, "--dbpath", "/db", "--nodeps", "--ignorearch"}
		ran(t, "rpm", append(into, "--install", rpm)...)
		same(t, contents(t, here), contents(t, there))
		if want, got := listed(t, there), strings.Fields(ran(t, "rpm", "-qlp", rpm)); !slices.Equal(got, want) {
			t.Errorf("%s lists %q and brings %q", rpm, got, want)
		}
		ran(t, "rpm", "--root", there, "--dbpath", "/db", "--nodeps", "--erase", "check-smtp-plus")
		if left := listed(t, there); len(left) > 0 {
			t.Errorf("%s leaves %q", rpm, left)
		}
	}
}

// same compares a .deb with a .rpm. Debian wants a changelog of its own, and licences
// that it has itself to be named only.
func same(t *testing.T, deb, rpm map[string]string) {
	t.Helper()
	const copyright = "usr/share/doc/check-smtp-plus/copyright"
	for _, only := range []string{"usr/share/doc/check-smtp-plus/changelog.Debian.gz", "usr/share/lintian/overrides/check-smtp-plus", copyright} {
		if deb[only] == "" {
			t.Errorf("the .deb has no %s", only)
		}
		delete(deb, only)
	}
	if licences := rpm[copyright]; !strings.Contains(licences, "Apache License") {
		t.Errorf("the .rpm has no licences: %.100q", licences)
	}
	delete(rpm, copyright)
	for name := range deb {
		if deb[name] != rpm[name] {
			t.Errorf("%s differs", name)
		}
	}
	if len(rpm) != len(deb) {
		t.Errorf("%d files, and %d in the .deb", len(rpm), len(deb))
	}
}

// contents are the files and links below a directory, by their names in a .deb.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(filepath.Join(dir, "usr"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		name = elsewhereInRPM.Replace(name)
		if d.Type()&fs.ModeSymlink != 0 {
			to, err := os.Readlink(path)
			all[name] = "-> " + strings.Replace(to, "lib64", "lib", 1)
			return err
		}
		text, err := os.ReadFile(path)
		if all[name] = string(text); strings.Contains(name, "/examples/") {
			all[name] = strings.ReplaceAll(all[name], "/usr/lib64/", "/usr/lib/") // where the program is
		}
		return err
	})
	if err != nil || len(all) < 6 {
		t.Fatalf("%s: %d files, %v", dir, len(all), err)
	}
	return all
}

// listed is what a package ought to list, of what it has brought: all files, and the
// directories that are its own. rpm's own are not meant.
func listed(t *testing.T, dir string) []string {
	t.Helper()
	own := regexp.MustCompile(`nagios|check-smtp-plus`)
	var all []string
	err := filepath.WalkDir(filepath.Join(dir, "usr"), func(path string, d fs.DirEntry, err error) error {
		if name := strings.TrimPrefix(path, dir); err == nil && (!d.IsDir() || own.MatchString(name)) {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// TestArchive: what is in an archive runs where it is unpacked.
func TestArchive(t *testing.T) {
	dir := made(t, "dist", "PLATFORMS=linux-"+runtime.GOARCH)
	ran(t, "sh", "-ec", `cd "$1"; sha256sum --check SHA256SUMS; tar xzf *.tar.gz`, "sh", dir)
	root := the(t, dir+"/check_smtp-*-linux-"+runtime.GOARCH)
	if o := runPlugin(filepath.Join(root, "check_smtp"), nil, "-V"); o.exit != 3 || !strings.HasPrefix(o.stdout, "check_smtp v") {
		t.Error(o)
	}
	for _, name := range []string{"README.md", "LICENSE", "LICENCES", "cmd/check_smtp/doc/options.md", "man/man1/check_smtp.1", "completions/zsh/_check_smtp"} {
		if info, err := os.Stat(filepath.Join(root, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
