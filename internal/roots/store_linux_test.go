package roots

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// reference loads the whole store as loadSystemRoots of crypto/x509 does; that
// it is the same is what TestReference proves.
func reference(s Store) (*x509.CertPool, error) {
	pool, found := x509.NewCertPool(), false
	var first error
	fail := func(err error) {
		if first == nil && !os.IsNotExist(err) {
			first = err
		}
	}
	for _, file := range s.Files {
		data, err := os.ReadFile(file)
		if err == nil {
			found = pool.AppendCertsFromPEM(data)
			break
		}
		fail(err)
	}
	for _, dir := range s.Dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			fail(err)
			continue
		}
		for _, e := range entries {
			if target, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil && !strings.Contains(target, "/") {
				continue
			}
			if data, err := os.ReadFile(dir + "/" + e.Name()); err == nil && pool.AppendCertsFromPEM(data) {
				found = true
			}
		}
	}
	if found || first == nil {
		return pool, nil
	}
	return nil, first
}

func referenceVerify(s Store, sent []*x509.Certificate, opts x509.VerifyOptions) ([][]*x509.Certificate, error) {
	roots, err := reference(s)
	if err != nil {
		return nil, x509.SystemRootsError{Err: err} // as Verify has it where Roots is nil
	}
	opts.Roots, opts.Intermediates = roots, x509.NewCertPool()
	for _, c := range sent[1:] {
		opts.Intermediates.AddCert(c)
	}
	return sent[0].Verify(opts)
}

// same compares our verdict with the reference's to the letter. The chains must
// be those that it finds in the whole store, or in the bundle alone.
func same(t *testing.T, s Store, sent []*x509.Certificate, opts x509.VerifyOptions) (trusted bool) {
	t.Helper()
	if opts.CurrentTime.IsZero() {
		opts.CurrentTime = now
	}
	got, err := s.Verify(sent, opts)
	want, wantErr := referenceVerify(s, sent, opts)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) || reflect.TypeOf(err) != reflect.TypeOf(wantErr) {
		t.Errorf("verdict %T %v\n   want %T %v", err, err, wantErr, wantErr)
	}
	bundle, _ := referenceVerify(Store{Files: s.Files}, sent, opts)
	if !sameChains(got, want) && !sameChains(got, bundle) {
		t.Errorf("chains %v, want %v or %v", lengths(got), lengths(want), lengths(bundle))
	}
	return err == nil
}

func sameChains(a, b [][]*x509.Certificate) bool {
	return slices.EqualFunc(a, b, func(a, b []*x509.Certificate) bool {
		return slices.EqualFunc(a, b, (*x509.Certificate).Equal)
	})
}

func lengths(chains [][]*x509.Certificate) (n []int) {
	for _, c := range chains {
		n = append(n, len(c))
	}
	return n
}

// disk lays out files below a new directory: a text that begins with "->" is a
// link's target, a name that ends in a slash a directory.
func disk(t testing.TB, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(path, 0o755)
		} else if target, ok := strings.CutPrefix(text, "->"); ok {
			err = errors.Join(err, os.Symlink(target, path))
		} else {
			err = errors.Join(err, os.WriteFile(path, []byte(text), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func at(root string) Store {
	return System(filepath.Join(root, "bundle.crt"), filepath.Join(root, "certs"))
}

func TestChains(t *testing.T) {
	root, other, sub, sub2, server := newParty(t, "Root"), newParty(t, "Other"), newParty(t, "Sub"), newParty(t, "Sub 2"), newParty(t, "server")
	twin := party{root.subject, newKey(t)}
	umlaut := newParty(t, "Wurzel für Prüfung 漢字")
	printable, utf8 := stringly(t, 19, "Same Name"), stringly(t, 12, "Same Name")
	utf8.key = printable.key

	rootCert, otherCert, twinCert := issue(t, root, root), issue(t, other, other), issue(t, twin, twin)
	subCert, sub2Cert, leafCert := issue(t, root, sub), issue(t, sub, sub2), issue(t, sub, server, leaf)
	deep, direct, self := issue(t, sub2, server, leaf), issue(t, root, server, leaf), issue(t, server, server, leaf)
	crossSub, crossRoot := issue(t, other, sub), issue(t, other, root)
	umlautCert, printableCert := issue(t, umlaut, umlaut), issue(t, printable, printable)
	junk := certs{issue(t, other, sub2), issue(t, twin, other), issue(t, sub2, other), crossRoot, issue(t, root, root, expired)}

	cases := []struct {
		name    string
		bundle  certs
		dir     certs
		sent    certs
		trusted bool
	}{
		{"one root", certs{otherCert, rootCert}, nil, certs{leafCert, subCert}, true},
		{"unknown issuer", certs{otherCert}, nil, certs{leafCert, subCert}, false},
		{"no intermediate", certs{rootCert}, nil, certs{leafCert}, false},
		{"root sent too", certs{rootCert}, nil, certs{leafCert, subCert, rootCert}, true},
		{"root sent too, not trusted", certs{otherCert}, nil, certs{leafCert, subCert, rootCert}, false},
		{"two intermediates, mixed up", certs{rootCert}, nil, certs{deep, subCert, sub2Cert}, true},
		{"reversed", certs{rootCert}, nil, certs{rootCert, subCert, leafCert}, true}, // the root is proven
		{"reversed without the root", certs{rootCert}, nil, certs{subCert, leafCert}, true},
		{"self-signed", certs{rootCert}, nil, certs{self}, false},
		{"self-signed, trusted", certs{rootCert, self}, nil, certs{self}, true},
		{"leaf trusted by itself", certs{leafCert}, nil, certs{leafCert}, true},
		{"intermediate trusted", certs{subCert}, nil, certs{leafCert}, true},
		{"intermediate trusted and sent", certs{subCert}, nil, certs{leafCert, subCert}, true},
		{"no way through two trusted ones", certs{rootCert, sub2Cert}, nil, certs{deep}, true},
		{"an intermediate in the store is not followed", certs{rootCert, sub2Cert}, nil, certs{leafCert}, false},
		{"cross-signed intermediate", certs{otherCert}, nil, certs{leafCert, subCert, crossSub}, true},
		{"cross-signed root", certs{otherCert}, nil, certs{leafCert, subCert, crossRoot}, true},
		{"cross-signed root, both trusted", certs{otherCert, rootCert}, nil, certs{leafCert, subCert, crossRoot}, true},
		{"cross-signed, neither trusted", certs{twinCert}, nil, certs{leafCert, subCert, crossRoot, crossSub}, false},
		{"ten certificates", certs{rootCert}, nil, append(certs{deep, otherCert, twinCert, sub2Cert, subCert}, junk...), true},
		{"sent twice", certs{rootCert}, nil, certs{leafCert, subCert, subCert, leafCert}, true},
		{"stored twice", certs{rootCert, rootCert}, certs{rootCert}, certs{leafCert, subCert}, true},
		{"two roots of a name, the wrong one first", certs{twinCert, rootCert}, nil, certs{leafCert, subCert}, true},
		{"two roots of a name, only the wrong one", certs{twinCert}, nil, certs{leafCert, subCert}, false},
		{"two roots of a name, the right one in the directory", certs{twinCert}, certs{rootCert}, certs{leafCert, subCert}, true},
		{"expired root", certs{issue(t, root, root, expired)}, nil, certs{direct}, false},
		{"expired root, renewed in the directory", certs{issue(t, root, root, expired)}, certs{rootCert}, certs{direct}, true},
		{"expired intermediate", certs{rootCert}, nil, certs{leafCert, issue(t, root, sub, expired)}, false},
		{"expired leaf", certs{rootCert}, nil, certs{issue(t, root, server, leaf, expired)}, false},
		{"root for clients only", certs{issue(t, root, root, clientOnly)}, nil, certs{direct}, false},
		{"root for clients only, and one for servers", certs{issue(t, root, root, clientOnly)}, certs{rootCert}, certs{direct}, true},
		{"leaf for clients only", certs{rootCert}, nil, certs{issue(t, root, server, leaf, clientOnly)}, false},
		{"leaf for clients only, trusted", certs{issue(t, root, server, leaf, clientOnly)}, nil, certs{issue(t, root, server, leaf, clientOnly)}, false},
		{"names allowed", certs{issue(t, root, root, namesUnder("example.com"))}, nil, certs{leafCert, subCert}, true},
		{"names not allowed", certs{issue(t, root, root, namesUnder("example.org"))}, nil, certs{leafCert, subCert}, false},
		{"names not allowed by the bundle's", certs{issue(t, root, root, namesUnder("example.org"))}, certs{rootCert}, certs{leafCert, subCert}, true},
		{"non-ASCII", certs{umlautCert}, nil, certs{issue(t, umlaut, server, leaf)}, true},
		{"PrintableString", certs{printableCert}, nil, certs{issue(t, printable, server, leaf)}, true},
		{"UTF8String for PrintableString", certs{printableCert}, nil, certs{issue(t, utf8, server, leaf)}, false},
		{"wrong key identifier", certs{issue(t, root, root, keyID([]byte{1, 2, 3})), otherCert}, nil, certs{leafCert, subCert}, true},
		{"only in the directory", certs{otherCert}, certs{twinCert, rootCert}, certs{leafCert, subCert}, true},
		{"leaf only in the directory", certs{otherCert}, certs{self}, certs{self}, true},
		{"serial of one byte", certs{issue(t, root, root, version1)}, nil, certs{direct}, true},
		{"empty store", nil, nil, certs{leafCert, subCert}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"bundle.crt": inPEM(c.bundle...), "certs/": ""}
			for i, d := range c.dir {
				files[fmt.Sprintf("certs/%d.pem", i)] = inPEM(d)
			}
			if trusted := same(t, at(disk(t, files)), c.sent, x509.VerifyOptions{}); trusted != c.trusted {
				t.Errorf("trusted %t, want %t", trusted, c.trusted)
			}
			files = map[string]string{"bundle.crt": files["bundle.crt"] + inPEM(c.dir...)}
			store := at(disk(t, files))
			same(t, store, c.sent, x509.VerifyOptions{})
			same(t, store, c.sent, x509.VerifyOptions{DNSName: "other.example.com"})
			same(t, store, c.sent, x509.VerifyOptions{KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
			if _, err := (Store{PEM: []byte(files["bundle.crt"])}).Verify(c.sent, x509.VerifyOptions{CurrentTime: now}); (err == nil) != c.trusted {
				t.Errorf("as a CA file: %v, want trusted %t", err, c.trusted)
			}
		})
	}
}

// TestText is about what a store may be made of. Each is tried as the bundle
// and as a file in the directory.
func TestText(t *testing.T) {
	root, server := newParty(t, "Root"), newParty(t, "server")
	rootCert, direct := issue(t, root, root), issue(t, root, server, leaf)
	long := newParty(t, strings.Repeat("Long ", 500))
	longCert := issue(t, long, long)
	ours, another := inPEM(rootCert), inPEM(issue(t, server, server))
	many := strings.Repeat(another, 100)
	var fill strings.Builder // 200 kB of different certificates
	for i := range 250 {
		p := newParty(t, fmt.Sprint("Filler ", i))
		fill.WriteString(inPEM(issue(t, p, p)))
	}
	texts := map[string]string{
		"alone":                      ours,
		"first":                      ours + many,
		"last":                       many + ours,
		"far back":                   fill.String() + ours,
		"no final newline":           many + strings.TrimSpace(ours),
		"comments":                   "# bundle\n" + another + "\n\n# Root\n=====\n" + ours + "# end",
		"comments throughout":        strings.ReplaceAll(fill.String()+ours, "-----BEGIN", "# a: comment\n-----BEGIN"),
		"CRLF":                       strings.ReplaceAll(another+ours+another, "\n", "\r\n"),
		"CRLF after LF":              fill.String() + strings.ReplaceAll(ours, "\n", "\r\n") + fill.String(),
		"CR only":                    strings.ReplaceAll(ours, "\n", "\r"),
		"blanks at line ends":        strings.ReplaceAll(another+ours, "\n", " \t\n"),
		"blanks at line starts":      another + strings.ReplaceAll(ours, "\n", "\n "),
		"headers":                    another + strings.Replace(ours, "-----\n", "-----\nProc-Type: 4\n\n", 1),
		"headers, then without":      strings.Replace(ours, "-----\n", "-----\nProc-Type: 4\n\n", 1) + ours,
		"truncated before":           another[:200] + "\n" + ours,
		"truncated before, mid-line": another[:200] + ours,
		"truncated":                  another + ours[:len(ours)-100],
		"truncated END":              ours[:len(ours)-3],
		"truncated END, goes on":     ours[:len(ours)-3] + "\n" + ours,
		"broken base64 before":       strings.Replace(another, "M", "!", 5) + ours,
		"broken base64 at its end":   another[:len(another)-30] + "!" + another[len(another)-29:] + ours,
		"broken base64":              another + ours[:300] + "!" + ours[301:] + another,
		"broken DER":                 another + strings.Replace(ours, "MII", "MIJ", 1) + ours,
		"an END line follows":        another[:300] + "!" + another[301:] + "-----END " + ours,
		"END lines before":           "-----END CERTIFICATE-----\n-----END X\n" + ours,
		"END with a colon":           "-----BEGIN X-----\nA:b\n-----END X-----: foo\n" + ours,
		"TRUSTED CERTIFICATE":        strings.ReplaceAll(ours, "CERTIFICATE", "TRUSTED CERTIFICATE"),
		"TRUSTED CERTIFICATE first":  strings.ReplaceAll(ours, "CERTIFICATE", "TRUSTED CERTIFICATE") + ours,
		"a CRL first":                "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n" + ours,
		"a key first":                "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat(strings.Repeat("A", 64)+"\n", 600) + "-----END PRIVATE KEY-----\n" + ours,
		"one long line":              another + unwrapped(ours) + another,
		"wrapped at 76":              another + rewrapped(ours, 76),
		"wrapped at 4":               rewrapped(ours, 4),
		"empty block":                "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" + ours,
		"empty line in a block":      "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n" + ours,
		"a long certificate":         inPEM(longCert) + ours + inPEM(longCert),
		"BEGIN padded to a line":     "-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----" + strings.Repeat(" ", 37) + strings.TrimPrefix(ours, "-----BEGIN CERTIFICATE-----"),
		"NUL":                        "\x00\x00\n" + ours,
		"byte order mark":            "\ufeff" + ours,
		"byte order mark, more":      "\ufeff" + another + ours,
		"not PEM":                    strings.Repeat("hello\n", 10000),
		"DER":                        string(rootCert.Raw),
		"empty":                      "",
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			for _, sent := range []certs{{direct}, {issue(t, long, server, leaf)}} {
				same(t, at(disk(t, map[string]string{"bundle.crt": text})), sent, x509.VerifyOptions{})
				same(t, at(disk(t, map[string]string{"certs/x.pem": text})), sent, x509.VerifyOptions{})
			}
		})
	}
}

func rewrapped(block string, width int) string {
	head, rest, _ := strings.Cut(block, "\n")
	body, tail, _ := strings.Cut(rest, "-----END")
	var lines []string
	for part := range slices.Chunk([]byte(strings.ReplaceAll(body, "\n", "")), width) {
		lines = append(lines, string(part))
	}
	return head + "\n" + strings.Join(lines, "\n") + "\n-----END" + tail
}

func unwrapped(block string) string { return rewrapped(block, 1<<20) }

// TestPlaces is about where a store may be.
func TestPlaces(t *testing.T) {
	root, server := newParty(t, "Root"), newParty(t, "server")
	direct, other := issue(t, root, server, leaf), newParty(t, "Other")
	ours, another := inPEM(issue(t, root, root)), inPEM(issue(t, other, other))
	cases := []struct {
		name    string
		files   map[string]string
		trusted bool
	}{
		{"nothing", nil, false},
		{"a directory for a file", map[string]string{"bundle.crt/x.pem": ours}, false},
		{"a directory for a file, and one", map[string]string{"bundle.crt/": "", "certs/x.pem": another}, false},
		{"a directory for a file, and ours", map[string]string{"bundle.crt/": "", "certs/x.pem": ours}, true},
		{"a file for a directory", map[string]string{"certs": ours}, false},
		{"a file for a directory, and a file", map[string]string{"bundle.crt": another, "certs": ours}, false},
		{"a dangling bundle", map[string]string{"bundle.crt": "->nowhere", "certs/x.pem": ours}, true},
		{"a looping bundle", map[string]string{"bundle.crt": "->bundle.crt"}, false},
		{"rehashed", map[string]string{"certs/x.pem": ours, "certs/0123abcd.0": "->x.pem", "certs/y.pem": another}, true},
		{"a hash that is a file", map[string]string{"certs/0123abcd.0": ours}, true},
		{"a hash of something else", map[string]string{"certs/x.pem": ours, "certs/01234567.0": "->x.pem", "certs/x.r0": ours}, true},
		{"a hash that leads out", map[string]string{"certs/0123abcd.0": "->../x.pem", "x.pem": ours}, true},
		{"a link that leads out", map[string]string{"certs/x.pem": "->../x.pem", "x.pem": ours}, true},
		{"a link that leads back in", map[string]string{"certs/x.pem": "->../certs/y.pem", "certs/y.pem": ours}, true},
		{"links one after another", map[string]string{"certs/a": "->b", "certs/b": "->c", "certs/c": "->../x.pem", "x.pem": ours}, true},
		{"dangling links", map[string]string{"certs/a": "->b", "certs/c": "->/nowhere/x", "certs/d": "->d"}, false},
		{"links to directories", map[string]string{"certs/a": "->.", "certs/b": "->..", "certs/c/x.pem": ours}, false},
		{"a name of any kind", map[string]string{"certs/.hidden~": ours}, true},
		{"the bundle in the directory", map[string]string{"certs/x.pem": another, "bundle.crt": "->certs/all.crt", "certs/all.crt": another + ours}, true},
		{"a long target", map[string]string{"certs/x": "->../" + strings.Repeat("./", 200) + "x.pem", "x.pem": ours}, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := disk(t, c.files)
			if trusted := same(t, at(dir), certs{direct}, x509.VerifyOptions{}); trusted != c.trusted {
				t.Errorf("trusted %t, want %t", trusted, c.trusted)
			}
			same(t, Store{Files: []string{dir + "/none", dir + "/bundle.crt", dir + "/certs/x.pem"}}, certs{direct}, x509.VerifyOptions{})
			same(t, System(dir+"/none", dir+"::"+dir+"/certs"), certs{direct}, x509.VerifyOptions{})
		})
	}
}

// TestNamedPipe: x509 would wait for somebody to write.
func TestNamedPipe(t *testing.T) {
	dir := disk(t, map[string]string{"certs/": ""})
	if err := syscall.Mkfifo(dir+"/certs/pipe", 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	p := newParty(t, "self")
	var unknown x509.UnknownAuthorityError
	if _, err := at(dir).Verify(certs{issue(t, p, p, leaf)}, x509.VerifyOptions{CurrentTime: now}); !errors.As(err, &unknown) {
		t.Errorf("error %v, want an unknown authority", err)
	}
}

// TestNamedPipeForABundle: the same where it is the only file.
func TestNamedPipeForABundle(t *testing.T) {
	dir := disk(t, map[string]string{"certs/": ""})
	if err := syscall.Mkfifo(dir+"/bundle.crt", 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	p := newParty(t, "self")
	_, err := at(dir).Verify(certs{issue(t, p, p, leaf)}, x509.VerifyOptions{CurrentTime: now})
	if !errors.As(err, new(x509.SystemRootsError)) || !errors.Is(err, errNotRegular) {
		t.Errorf("error %v, want one about the bundle", err)
	}
}

// TestClosedBundle: who wants to know more is told that the bundle was not read, also
// where there are other certificates. (A pipe is read by nobody, not even by root.)
func TestClosedBundle(t *testing.T) {
	other, p := newParty(t, "Other Root"), newParty(t, "self")
	dir := disk(t, map[string]string{"certs/other.pem": inPEM(issue(t, other, other))})
	store, server, opts := at(dir), certs{issue(t, p, p, leaf)}, x509.VerifyOptions{CurrentTime: now}
	var unknown x509.UnknownAuthorityError
	if _, known, err := store.Prove(server, opts); !errors.As(err, &unknown) || len(known) > 0 {
		t.Errorf("without a bundle: %v", err)
	}
	if err := syscall.Mkfifo(dir+"/bundle.crt", 0o600); err != nil {
		t.Skip("no named pipes here: ", err)
	}
	if _, err := store.Verify(server, opts); !errors.As(err, &unknown) {
		t.Errorf("error %v, want an unknown authority, as x509 has it", err)
	}
	_, _, err := store.Prove(server, opts)
	var path *fs.PathError
	if !errors.As(err, new(x509.SystemRootsError)) || !errors.As(err, &path) || path.Path != dir+"/bundle.crt" {
		t.Errorf("error %v, want one about the bundle", err)
	}
}

// TestLargeFile: a file that is too large is not read to its end, and none of
// it counts.
func TestLargeFile(t *testing.T) {
	root, server := newParty(t, "Root"), newParty(t, "server")
	direct, ours := issue(t, root, server, leaf), inPEM(issue(t, root, root))
	for name, filler := range map[string]string{"regular": ours, "irregular": strings.ReplaceAll(ours, "\n", "\r\n")} {
		n := MaxFile / len(filler)
		dir := disk(t, map[string]string{"bundle.crt": strings.Repeat(filler, n), "large.crt": strings.Repeat(filler, n+1)})
		if _, err := (Store{Files: []string{dir + "/bundle.crt"}}).Verify(certs{direct}, x509.VerifyOptions{CurrentTime: now}); err != nil {
			t.Errorf("%s, of 4 MiB: %v", name, err)
		}
		if _, err := (Store{Files: []string{dir + "/large.crt"}}).Verify(certs{direct}, x509.VerifyOptions{CurrentTime: now}); !errors.Is(err, errTooLarge) {
			t.Errorf("%s, larger: %v", name, err)
		}
	}
}

func TestNothingSent(t *testing.T) {
	if _, err := System("", "").Verify(nil, x509.VerifyOptions{}); err == nil {
		t.Error("no error for an empty chain")
	}
}

// TestUnreadable: only where nothing is found at all is it the store's fault.
func TestUnreadable(t *testing.T) {
	p := newParty(t, "self")
	self, dir := issue(t, p, p, leaf), disk(t, map[string]string{"bundle.crt/": "", "certs/": ""})
	_, err := at(dir).Verify(certs{self}, x509.VerifyOptions{CurrentTime: now})
	var path *fs.PathError
	if !errors.As(err, new(x509.SystemRootsError)) || !errors.As(err, &path) || path.Path != dir+"/bundle.crt" {
		t.Errorf("error %v, want one about the bundle", err)
	}
}

// TestRandom tries stores and chains that nobody would think of: a few names
// with several keys each, signed by each other at random.
func TestRandom(t *testing.T) {
	rounds := 100
	if testing.Short() {
		rounds = 10
	}
	for seed := range rounds {
		r := rand.New(rand.NewPCG(1, uint64(seed)))
		all := tangle(t, r)
		some := func(n int) (out certs) {
			for range r.IntN(n + 1) {
				out = append(out, all[r.IntN(len(all))])
			}
			return out
		}
		files := map[string]string{"bundle.crt": inPEM(some(4)...), "certs/": ""}
		for i, c := range some(3) {
			name := fmt.Sprintf("%d.pem", r.IntN(1000))
			files["certs/"+name] = inPEM(c)
			files[fmt.Sprintf("certs/0123456%d.0", i)] = "->" + name
		}
		store := at(disk(t, files))
		for range 20 {
			sent := append(certs{all[r.IntN(len(all))]}, some(9)...)
			if same(t, store, sent, x509.VerifyOptions{}); t.Failed() {
				t.Fatalf("seed %d", seed)
			}
		}
	}
}

func tangle(t *testing.T, r *rand.Rand) (all certs) {
	var parties []party
	for i := range 5 {
		p := newParty(t, fmt.Sprint("Party ", i))
		parties = append(parties, p)
		if i%2 == 0 {
			parties = append(parties, party{p.subject, newKey(t)})
		}
	}
	changes := []change{leaf, expired, clientOnly, namesUnder("example.com"), namesUnder("example.org"), keyID([]byte{1}), version1}
	for range 16 {
		issuer, subject := parties[r.IntN(len(parties))], parties[r.IntN(len(parties))]
		var some []change
		for r.IntN(3) == 0 {
			some = append(some, changes[r.IntN(len(changes))])
		}
		all = append(all, issue(t, issuer, subject, some...))
	}
	return all
}

// TestMachine compares the whole of this machine's store, root by root, each
// as a server that sends just it.
func TestMachine(t *testing.T) {
	s := System("", "")
	data, err := os.ReadFile(s.Files[0])
	if err != nil {
		t.Skip("this machine has no CA store (apt-get install ca-certificates): ", err)
	}
	all := (&scanner{}).whole(data)
	pool, err := reference(s)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range all {
		for _, sent := range []certs{{c}, {impostor(t, c)}, {c, all[(i+1)%len(all)]}} {
			opts := x509.VerifyOptions{CurrentTime: now}
			_, gotErr := s.Verify(sent, opts)
			opts.Roots, opts.Intermediates = pool, x509.NewCertPool()
			for _, c := range sent[1:] {
				opts.Intermediates.AddCert(c)
			}
			if _, err := sent[0].Verify(opts); fmt.Sprint(err) != fmt.Sprint(gotErr) {
				t.Errorf("%s: %v, want %v", c.Subject, gotErr, err)
			}
		}
	}
	t.Logf("%d roots", len(all))
}

// impostor is a server's certificate with root as its issuer, by name only.
func impostor(tb testing.TB, root *x509.Certificate) *x509.Certificate {
	return issue(tb, party{root.RawSubject, newKey(tb)}, newParty(tb, "server"), leaf)
}

// TestReference runs this test again in processes with another environment:
// there x509.SystemCertPool must be what reference makes of the same places.
func TestReference(t *testing.T) {
	if os.Getenv("ROOTS_CHILD") != "" {
		want, wantErr := x509.SystemCertPool()
		got, err := reference(System(os.Getenv("SSL_CERT_FILE"), os.Getenv("SSL_CERT_DIR")))
		if fmt.Sprint(err) != fmt.Sprint(wantErr) || !got.Equal(want) {
			t.Errorf("the reference: %v; x509.SystemCertPool: %v; equal %t", err, wantErr, got.Equal(want))
		}
		return
	}
	a, b := newParty(t, "a"), newParty(t, "b")
	inA, inB := inPEM(issue(t, a, a)), inPEM(issue(t, b, b))
	dir := disk(t, map[string]string{
		"bundle.crt": inA, "d/": "", "certs/x.pem": inB, "certs/0123abcd.0": "->x.pem", "certs/l": "->../bundle.crt",
	})
	for _, env := range [][2]string{
		{"", ""},
		{dir + "/bundle.crt", dir + "/d"},
		{dir + "/bundle.crt", dir + "/d:" + dir + "/certs"},
		{dir + "/none", dir + "/certs"},
		{dir + "/d", dir + "/certs"},
		{dir + "/d", dir + "/none"},
		{dir + "/none", dir + "/none"},
		{dir + "/none", dir + "/bundle.crt"},
		{"", dir + "/certs"},
		{dir + "/bundle.crt", ""},
	} {
		child := exec.Command(os.Args[0], "-test.run=^TestReference$")
		child.Env = append(os.Environ(), "ROOTS_CHILD=1", "SSL_CERT_FILE="+env[0], "SSL_CERT_DIR="+env[1])
		if out, err := child.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("PASS")) {
			t.Errorf("%q: %v\n%s", env, err, out)
		}
	}
}

// TestBoth: what a link leads to proves the server, whatever the bundle holds, and the
// bundle what no link leads to.
func TestBoth(t *testing.T) {
	root, other, server := newParty(t, "Root"), newParty(t, "Other"), newParty(t, "server")
	for name, files := range map[string]map[string]string{
		"link":         {"bundle.crt": inPEM(issue(t, other, other)), "certs/a.pem": inPEM(issue(t, root, root)), "certs/" + hash(root.subject) + ".0": "->a.pem"},
		"bundle":       {"bundle.crt": inPEM(issue(t, root, root)), "certs/a.pem": inPEM(issue(t, other, other))},
		"stale link":   {"bundle.crt": inPEM(issue(t, root, root)), "certs/" + hash(root.subject) + ".0": "->gone.pem"},
		"another root": {"bundle.crt": inPEM(issue(t, root, root)), "certs/a.pem": inPEM(issue(t, party{root.subject, newKey(t)}, party{root.subject, newKey(t)})), "certs/" + hash(root.subject) + ".0": "->a.pem"},
	} {
		store := at(disk(t, files))
		store.Hashed, store.Both = true, true
		if _, err := store.Verify(certs{issue(t, root, server, leaf)}, x509.VerifyOptions{CurrentTime: now}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := store.Verify(certs{issue(t, newParty(t, "Root"), server, leaf)}, x509.VerifyOptions{CurrentTime: now}); err == nil {
			t.Errorf("%s: a root of the same name will do", name)
		}
	}
}

// TestHashed: a directory with OpenSSL's links has the verdict that reading
// all of it has; what has no link is not found.
func TestHashed(t *testing.T) {
	root, server := newParty(t, "Root"), newParty(t, "server")
	twin := party{root.subject, newKey(t)}
	direct, name := issue(t, root, server, leaf), hash(root.subject)
	files := map[string]string{
		"certs/a.pem": inPEM(issue(t, twin, twin)), "certs/b.pem": inPEM(issue(t, root, root)),
		"certs/" + name + ".0": "->a.pem", "certs/" + name + ".1": "->b.pem",
	}
	store := at(disk(t, files))
	store.Hashed = true
	if !same(t, store, certs{direct}, x509.VerifyOptions{}) {
		t.Error("not trusted by its second link")
	}
	same(t, store, certs{issue(t, server, server, leaf)}, x509.VerifyOptions{})
	delete(files, "certs/"+name+".1")
	store = at(disk(t, files))
	store.Hashed = true
	var unknown x509.UnknownAuthorityError
	if _, err := store.Verify(certs{direct}, x509.VerifyOptions{CurrentTime: now}); !errors.As(err, &unknown) {
		t.Errorf("error %v without a link, want an unknown authority", err)
	}
}
