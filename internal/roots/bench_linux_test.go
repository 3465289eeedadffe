package roots

import (
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The servers that the benchmarks prove, and their stores.
func benchmarks(b *testing.B) map[string]func() {
	b.Helper()
	machine := System("", "")
	bundle, err := os.ReadFile(machine.Files[0])
	if err != nil {
		b.Skip("this machine has no CA store (apt-get install ca-certificates): ", err)
	}
	root, sub, server := newParty(b, "Bench Root"), newParty(b, "Bench Sub"), newParty(b, "server")
	rootCert, subCert, leafCert := issue(b, root, root), issue(b, root, sub), issue(b, sub, server, leaf)
	file := filepath.Join(b.TempDir(), "bundle.crt")
	if err := os.WriteFile(file, append(bundle, inPEM(rootCert)...), 0o644); err != nil {
		b.Fatal(err)
	}
	known := (&scanner{}).whole(bundle)[0]
	verify := func(s Store, sent ...*x509.Certificate) func() {
		return func() { _, _ = s.Verify(sent, x509.VerifyOptions{CurrentTime: now}) }
	}
	return map[string]func(){
		"nothing":       func() {},
		"trusted":       verify(System(file, ""), leafCert, subCert),
		"bundle-only":   verify(Store{Files: machine.Files}, leafCert, subCert),
		"ca-file":       verify(Store{PEM: append(bundle, inPEM(rootCert)...)}, leafCert, subCert),
		"unknown":       verify(machine, leafCert, subCert),
		"self-signed":   verify(machine, issue(b, server, server, leaf)),
		"hashed":        verify(Store{Files: machine.Files, Dirs: machine.Dirs, Hashed: true}, leafCert, subCert),
		"same-name":     verify(machine, impostor(b, known)),
		"signatures":    verify(Store{PEM: []byte(inPEM(rootCert))}, leafCert, subCert),
		"system-pool":   func() { _, _ = x509.SystemCertPool() },
		"system-parsed": func() { _, _ = reference(machine) },
	}
}

// BenchmarkVerify repeats a proof in a warm process. The system-pool of
// crypto/x509 is kept after its first use; system-parsed is the same work
// without.
func BenchmarkVerify(b *testing.B) {
	for name, run := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
		})
	}
}

// BenchmarkProcess measures a proof as the first thing that a process does,
// which is how the plugin pays for it: cold caches, page faults, and all. Only
// the proof is timed, in the process itself.
func BenchmarkProcess(b *testing.B) {
	if name := os.Getenv("ROOTS_BENCH"); name != "" {
		run := benchmarks(b)[name]
		start := time.Now()
		run()
		if err := os.WriteFile(os.Getenv("ROOTS_RESULT"), []byte(time.Since(start).String()), 0o644); err != nil {
			b.Fatal(err)
		}
		return
	}
	result := filepath.Join(b.TempDir(), "result")
	for name := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			var total time.Duration
			for b.Loop() {
				child := exec.Command(os.Args[0], "-test.run=^$", "-test.bench=^BenchmarkProcess$", "-test.benchtime=1x")
				child.Env = append(os.Environ(), "ROOTS_BENCH="+name, "ROOTS_RESULT="+result)
				if out, err := child.CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				text, err := os.ReadFile(result)
				if err != nil {
					b.Fatal(err)
				}
				d, err := time.ParseDuration(string(text))
				if err != nil {
					b.Fatal(err)
				}
				total += d
			}
			b.ReportMetric(float64(total.Microseconds())/float64(b.N), "µs/proof")
		})
	}
}
