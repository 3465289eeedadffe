package args

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"check_smtp/internal/plan"
)

// pair is a certificate and its key in PEM.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "monitor"}, NotAfter: time.Unix(1<<32, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}))
}

// pemFiles are files for --ca-file and its like.
func pemFiles(t *testing.T) map[string]string {
	cert, key := pair(t)
	other, _ := pair(t)
	return map[string]string{
		"/cert":      cert,
		"/key":       key,
		"/both":      key + cert,
		"/other":     other,
		"/empty":     "",
		"/broken":    "-----BEGIN CERTIFICATE-----\nMARKERhunter2\n-----END CERTIFICATE-----\n",
		"/notder":    "-----BEGIN CERTIFICATE-----\nTUFSS0VSaHVudGVyMg==\n-----END CERTIFICATE-----\n",
		"/encrypted": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nTUFSS0VSaHVudGVyMg==\n-----END ENCRYPTED PRIVATE KEY-----\n",
		"/oldcrypt":  "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nTUFSS0VS\n-----END EC PRIVATE KEY-----\n",
		"/badkey":    "-----BEGIN PRIVATE KEY-----\nTUFSS0VSaHVudGVyMg==\n-----END PRIVATE KEY-----\n",
	}
}

const (
	inClear  = "10s auto ws connect banner ehlo quit"
	startTLS = "connect banner ehlo starttls tls ehlo_tls quit"
	implicit = "connect tls banner ehlo quit"
	pinA     = "sha256//AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
	pinB     = "sha256////////////////////////////////////////////8="
)

func TestTLS(t *testing.T) {
	files := pemFiles(t)
	const s25, s465 = "127.0.0.1:25 ip 10s auto ws starttls/starttls sni= name=127.0.0.1", "127.0.0.1:465 ip 10s auto ws implicit/implicit sni= name=127.0.0.1"
	for _, test := range []struct{ line, want string }{
		// Modes and ports.
		{"-S", s25 + " " + startTLS},
		{"--starttls", s25 + " " + startTLS},
		{"--start", s25 + " " + startTLS},
		{"-s", s465 + " " + implicit},
		{"--ssl", s465 + " " + implicit},
		{"--tls", s465 + " " + implicit},
		{"--tl", s465 + " " + implicit},
		{"--ss", s465 + " " + implicit},
		{"-s -p 25", "127.0.0.1:25 ip 10s auto ws implicit/implicit sni= name=127.0.0.1 " + implicit},
		{"-p 25 -s", "127.0.0.1:25 ip 10s auto ws implicit/implicit sni= name=127.0.0.1 " + implicit},
		{"-S -p 465", "127.0.0.1:465 ip 10s auto ws starttls/starttls sni= name=127.0.0.1 " + startTLS},
		{"-SS --starttls", s25 + " " + startTLS},
		{"-s --ssl=false", "127.0.0.1:25 ip " + inClear},
		{"--tls-mode none", "127.0.0.1:25 ip " + inClear},
		{"--tls-mode starttls", s25 + " " + startTLS},
		{"--tls-mode implicit", s465 + " " + implicit},
		{"--tls-mode implicit -s", s465 + " " + implicit},
		{"--tls-mode starttls -S", s25 + " " + startTLS},
		{"--tls-mode starttls-if-available", "127.0.0.1:25 ip 10s auto ws starttls-if-available/starttls-if-available sni= name=127.0.0.1 " + startTLS},
		{"--tls-mode implicit-if-available", "127.0.0.1:465 ip 10s auto ws implicit-if-available/implicit-if-available sni= name=127.0.0.1 " + implicit},
		{"-L -S", strings.Replace(s25, "auto", "lhlo", 1) + " " + startTLS},

		// -D.
		{"-D 30,7", s25 + " D:30 days,7 days " + startTLS},
		{"-D30", s25 + " D:30 days,0 days " + startTLS},
		{"--cert 30,", s25 + " D:30 days,0 days " + startTLS},
		{"-D ' 30 , 7 '", s25 + " D:30 days,7 days " + startTLS},
		{"-D 0", s25 + " D:0 days,0 days " + startTLS},
		{"-D 7,7", s25 + " D:7 days,7 days " + startTLS + " note(-D 7,7 can never be a WARNING: it is CRITICAL first)"},
		{"-D 30%", s25 + " D:30%,0% " + startTLS},
		{"-D 30%,36h", s25 + " D:30%,36h " + startTLS},
		{"-D 2,36h", s25 + " D:2 days,36h " + startTLS},
		{"-D 1,36h", s25 + " D:1 days,36h " + startTLS},
		{"-D 1.5h,.5h", s25 + " D:1.5h,0.5h " + startTLS},
		{"-D 100%,12.5%", s25 + " D:100%,12.5% " + startTLS},
		{"-D 30 -D 20,1", s25 + " D:20 days,1 days " + startTLS},
		{"-D 30 -p 465", s465 + " D:30 days,0 days " + implicit},
		{"-D 30 -s", s465 + " D:30 days,0 days " + implicit},
		{"-D 30 -S -p 465", "127.0.0.1:465 ip 10s auto ws starttls/starttls sni= name=127.0.0.1 D:30 days,0 days " + startTLS},
		{"-D ''", "127.0.0.1:25 ip " + inClear},
		{"-S -D ''", s25 + " " + startTLS},
		{"--tls-mode none -D ''", "127.0.0.1:25 ip " + inClear},
		{"-D 5 --ignore-cert", s25 + " D:5 days,0 days ignore-expiry " + startTLS + " note(-D 5 can never alert: --ignore-certificate-expiration)"},
		{"-S --ignore-certificate-expiration", s25 + " ignore-expiry " + startTLS},
		{"-D 5 --verify", s25 + " verify D:5 days,0 days " + startTLS + " cert-untrusted=CRITICAL cert-name=CRITICAL"},

		// Verification and names.
		{"-S --verify", s25 + " verify " + startTLS + " cert-untrusted=CRITICAL cert-name=CRITICAL"},
		{"-S --verify=Warning", s25 + " verify " + startTLS + " cert-untrusted=WARNING cert-name=WARNING"},
		{"-S --verify=0", s25 + " " + startTLS},
		{"-S --verify --verify=No --lmtp --lmtp=Off", s25 + " " + startTLS},
		{"-S --verify=off --verify=On", s25 + " verify " + startTLS + " cert-untrusted=CRITICAL cert-name=CRITICAL"},
		{"--verify=false --dane=no --sni=off --starttls=OFF", "127.0.0.1:25 ip " + inClear},
		{"-S --state cert-name=1 --verify", s25 + " verify " + startTLS + " cert-untrusted=CRITICAL cert-name=WARNING"},
		{"-S mx1", "mx1:25 ip 10s auto ws starttls/starttls sni=mx1 name=mx1 dns " + startTLS},
		{"-S mx1.", "mx1.:25 ip 10s auto ws starttls/starttls sni=mx1 name=mx1 dns " + startTLS},
		{"-S mx1 --sni", "mx1:25 ip 10s auto ws starttls/starttls sni=mx1 name=mx1 sendip dns " + startTLS},
		{"-S --sni", "127.0.0.1:25 ip 10s auto ws starttls/starttls sni=127.0.0.1 name=127.0.0.1 sendip " + startTLS},
		{"-S --sn -H '[::1]'", "::1:25 ip 10s auto ws starttls/starttls sni=::1 name=::1 sendip " + startTLS},
		{"-S -H fe80::1%eth0", "fe80::1%eth0:25 ip 10s auto ws starttls/starttls sni= name=fe80::1 " + startTLS},
		{"-S --tls-server-name mx2.", "127.0.0.1:25 ip 10s auto ws starttls/starttls sni=mx2 name=mx2 " + startTLS},
		{"-S --tls-server-name a_b.example mx1", "mx1:25 ip 10s auto ws starttls/starttls sni=a_b.example name=a_b.example dns " + startTLS},
		{"-S --tls-server-name ü. mx1", "mx1:25 ip 10s auto ws starttls/starttls sni=xn--tda name=xn--tda dns " + startTLS},
		{"-S -F Ä.x Ü.example.", "xn--tda.example.:25 ip 10s auto xn--4ca.x starttls/starttls sni=xn--tda.example name=xn--tda.example dns " + startTLS},
		{"-S --tls-server-name 192.0.2.1 mx1", "mx1:25 ip 10s auto ws starttls/starttls sni= name=192.0.2.1 dns " + startTLS},
		{"-S --tls-server-name '[::2]' --sni mx1", "mx1:25 ip 10s auto ws starttls/starttls sni=::2 name=::2 sendip dns " + startTLS},
		{"-S -H /run/x", "/run/x:25 unix 10s auto ws starttls/starttls sni= name= " + startTLS},
		{"-S -H /run/x --tls-server-name mx1 --sni", "/run/x:25 unix 10s auto ws starttls/starttls sni=mx1 name=mx1 sendip " + startTLS},

		// Versions, suites, pins.
		{"-S --tls-min 1.0 --tls-max 1.2", s25 + " TLS 1.0-TLS 1.2 " + startTLS},
		{"-S --tls-min 1.3", s25 + " TLS 1.3-TLS 1.3 " + startTLS},
		{"-S --tls-min 1.1 --tls-max 1.1", s25 + " TLS 1.1-TLS 1.1 " + startTLS},
		{"-S --ciphers ECDHE-RSA-AES128-GCM-SHA256", s25 + " TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 " + startTLS},
		{"-S --ciphers 'aes128-sha:tls_rsa_with_rc4_128_sha, DES-CBC3-SHA'", s25 + " TLS_RSA_WITH_AES_128_CBC_SHA TLS_RSA_WITH_RC4_128_SHA TLS_RSA_WITH_3DES_EDE_CBC_SHA " + startTLS},
		{"-S --pin " + pinA, s25 + " pin=0102.. " + startTLS},
		{"-S --pin " + pinA + " --pin " + pinB, s25 + " pin=0102.. pin=ffff.. " + startTLS},
		{"-S --pin '" + pinA + "; " + pinB + "'", s25 + " pin=0102.. pin=ffff.. " + startTLS},

		// Steps and metrics.
		{"-S -w cert_days=7: -c tls_time=1", s25 + " " + startTLS + " c:tls_time=1 w:cert_days=7:"},
		{"-s -w cert_days=7:", s465 + " " + implicit + " w:cert_days=7:"},
		{"-S --verify --quit-after ehlo_tls", s25 + " verify " + startTLS + " cert-untrusted=CRITICAL cert-name=CRITICAL"},
		{"-s --verify --quit-after banner", s465 + " verify connect tls banner quit cert-untrusted=CRITICAL cert-name=CRITICAL"},
		{"-S --expect-reply starttls=454", s25 + " connect banner ehlo starttls{expect 454} tls ehlo_tls quit"},
	} {
		p, err := Parse(shell(test.line), surroundings(files))
		if err != nil {
			t.Errorf("%s: %v", test.line, err)
		} else if got := strings.Replace(show(p), "w:cert_days=7: c:tls_time=1", "c:tls_time=1 w:cert_days=7:", 1); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.line, got, test.want)
		}
	}
}

func TestTLSErrors(t *testing.T) {
	const noTLS = ": this run has no TLS"
	long := strings.Repeat("a", 64)
	for _, test := range []struct{ line, problem, hint string }{
		{"-s -S", "-s/--ssl and -S/--starttls exclude each other", "-S for port 25"},
		{"--tls --starttls", "-s/--ssl and -S/--starttls exclude each other", ""},
		{"-s -S --tls-mode implicit", "-s/--ssl and -S/--starttls exclude each other", ""},
		{"--tls-mode tls", `--tls-mode: "tls" is not a mode`, "starttls"},
		{"--tls-mode imlicit", `--tls-mode: "imlicit" is not a mode`, "did you mean implicit?"},
		{"--tls-mode none -S", "--tls-mode: none contradicts the switch that asks for starttls", "leave out"},
		{"--tls-mode implicit -S", "--tls-mode: implicit contradicts the switch that asks for starttls", ""},
		{"--tls-mode starttls -s", "--tls-mode: starttls contradicts the switch that asks for implicit", ""},
		{"--tls-mode implicit-if-available -s", "--tls-mode: implicit-if-available contradicts the switch that asks for implicit", ""},
		{"--tls-mode none -D 30", "-D/--certificate: there is no certificate with --tls-mode none", ""},
		{"--tls-m none", `option "--tls-m" is ambiguous`, "--tls-max or --tls-min or --tls-mode"},
		{"--tls=maybe", `-s/--ssl: "maybe" is neither on nor off`, ""},

		{"--ignore-certificate-expiration", "--ignore-certificate-expiration" + noTLS, "add -S"},
		{"--verify", "--verify" + noTLS, "add -S"},
		{"--verify --tls-mode none", "--verify" + noTLS, "add -S"},
		{"--sni", "--sni" + noTLS, "add -S"},
		{"--tls-server-name x", "--tls-server-name" + noTLS, "add -S"},
		{"--ca-file /cert", "--ca-file" + noTLS, "add -S"},
		{"--client-cert /cert", "--client-cert" + noTLS, "add -S"},
		{"--client-key /key", "--client-key" + noTLS, "add -S"},
		{"--ciphers x", "--ciphers" + noTLS, "add -S"},
		{"--tls-min 1.2", "--tls-min" + noTLS, "add -S"},
		{"--tls-max 1.2", "--tls-max" + noTLS, "add -S"},
		{"--pin " + pinA, "--pin" + noTLS, "add -S"},

		{"-D ,7", `-D/--certificate: "" is not a number of days, hours (36h) or percent (30%)`, "-D 30,7"},
		{"-D ,", `-D/--certificate: "" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D -1", `-D/--certificate: "-1" is below zero`, ""},
		{"-D 1.5", `-D/--certificate: "1.5" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D 30d", `-D/--certificate: "30d" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D 1e1h", `-D/--certificate: "1e1h" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D h", `-D/--certificate: "h" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D .%", `-D/--certificate: ".%" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D 30,7,1", `-D/--certificate: "7,1" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D infh", `-D/--certificate: "infh" is not a number of days, hours (36h) or percent (30%)`, ""},
		{"-D 100.1%", `-D/--certificate: "100.1%" is more than the whole lifetime`, ""},
		{"-D 30,101%", `-D/--certificate: "101%" is more than the whole lifetime`, ""},
		{"-D 7,30", `-D/--certificate: "7,30" is critical before it is a warning`, "larger one first"},
		{"-D 7%,7.5%", `-D/--certificate: "7%,7.5%" is critical before it is a warning`, ""},
		{"-S --quit-after ehlo", "-S/--starttls: it would judge nothing: this run ends before TLS", ""},
		{"-S -U u -P p --quit-after ehlo_tls", "--quit-after: this run ends before its login", ""},
		{"-S -D 30 --quit-after ehlo", "-D/--certificate: it would judge nothing: this run ends before TLS", ""},
		{"-S --verify --quit-after ehlo", "--verify: it would judge nothing: this run ends before TLS", ""},
		{"-S --pin " + pinA + " --quit-after banner", "--pin: it would judge nothing: this run ends before TLS", ""},
		{"-S --quit-after starttls", "--quit-after: a session cannot end between STARTTLS and the handshake", "ehlo_tls"},
		{"-w cert_days=7:", `-w/--warning: "cert_days=7:" could never alert: this run has no cert_days`, "add -S for STARTTLS"},
		{"-s -w starttls_time=7", `-w/--warning: "starttls_time=7" could never alert: this run has no starttls_time`, "add -S"},
		{"-s --quit-after ehlo_tls", "--quit-after: this run has no phase ehlo_tls", "banner, ehlo, quit"},
		{"--expect-reply starttls=220", `--expect-reply: "starttls=220" would judge nothing: this run has no phase starttls`, ""},

		{"-S --verify=2", `--verify: "2" is not a state`, "they are ok, warning, critical, unknown"},
		{"-S -H /run/x --sni", "--sni: a socket has no name to send", "--tls-server-name"},
		{"-S --tls-server-name 'a b'", `--tls-server-name: "a b" is neither a host name nor an address`, "mx1."},
		{"-S --tls-server-name *.example", `--tls-server-name: "*.example" is neither a host name nor an address`, ""},
		{"-S --tls-server-name a..b", `--tls-server-name: "a..b" is neither a host name nor an address`, ""},
		{"-S --tls-server-name -a", `--tls-server-name: "-a" is neither a host name nor an address`, ""},
		{"-S --tls-server-name .", `--tls-server-name: "." is neither a host name nor an address`, ""},
		{"-S --tls-server-name ::1%eth0", `--tls-server-name: "::1%eth0" is neither a host name nor an address`, ""},
		{"-S --tls-server-name '[1.2.3.4]'", `--tls-server-name: "[1.2.3.4]" is neither a host name nor an address`, ""},
		{"-S --tls-server-name " + long, `--tls-server-name: "` + long + `" is neither a host name nor an address`, ""},
		{"-S --tls-server-name ü⁉", `--tls-server-name: "ü⁉" is neither a host name nor an address`, ""},

		{"-S --tls-min 1.4", `--tls-min: "1.4" is not a version of TLS`, "1.0, 1.1"},
		{"-S --tls-max TLSv1.2", `--tls-max: "TLSv1.2" is not a version of TLS`, ""},
		{"-S --tls-max 1.1", `--tls-max: "1.1" is below the lowest version`, "--tls-min"},
		{"-S --tls-min 1.3 --tls-max 1.2", `--tls-max: "1.2" is below --tls-min 1.3`, ""},
		{"-S --ciphers HIGH", `--ciphers: "HIGH" is not a known cipher suite`, "keywords like HIGH"},
		{"-S --ciphers AES128-SHA:!aNULL", `--ciphers: "!aNULL" is not a known cipher suite`, "TLS 1.2 and below"},
		{"-S --ciphers ECDHE-RSA-AES128-GCM-SHA257", `--ciphers: "ECDHE-RSA-AES128-GCM-SHA257" is not a known cipher suite`, "did you mean ECDHE-RSA-AES128-GCM-SHA256?"},
		{"-S --ciphers TLS_AES_128_GCM_SHA256", `--ciphers: "TLS_AES_128_GCM_SHA256" belongs to TLS 1.3, whose suites cannot be chosen`, "TLS 1.2 and below"},
		{"-S --ciphers :,", "--ciphers: the list is empty", ""},
		{"-S --ciphers AES128-SHA --tls-min 1.3", "--ciphers: suites can be chosen for TLS 1.2 and below only", "--tls-min"},
		{"-S --pin " + pinA[:40], `--pin: "` + pinA[:40] + `" is not sha256//BASE64`, "44 characters"},
		{"-S --pin " + pinA[8:], `--pin: "` + pinA[8:] + `" is not sha256//BASE64`, ""},
		{"-S --pin sha256//AQID", `--pin: "sha256//AQID" is not sha256//BASE64`, ""},
		{"-S --pin ;", `--pin: "" is not sha256//BASE64`, ""},

		{"-S --ca-file /none", `--ca-file: "/none": file does not exist`, ""},
		{"-S --ca-file /secret", `--ca-file: "/secret": permission denied, the user that runs this check must be able to read it`, "may read"},
		{"-S --ca-file /fifo", `--ca-file: "/fifo": is not a regular file`, ""},
		{"-S --ca-file /empty", `--ca-file: "/empty" contains no certificate`, "PEM"},
		{"-S --ca-file /key", `--ca-file: "/key" contains no certificate`, ""},
		{"-S --ca-file /broken", `--ca-file: "/broken" contains no certificate`, ""},
		{"-S --ca-file /notder", `--ca-file: "/notder" contains no certificate`, ""},
		{"-S --client-key /key", "--client-key: there is no certificate for this key", "--client-cert"},
		{"-S --client-cert /none --client-key /key", `--client-cert: "/none": file does not exist`, ""},
		{"-S --client-cert /cert --client-key /none", `--client-key: "/none": file does not exist`, ""},
		{"-S --client-cert /key", `--client-cert: "/key" contains no certificate`, ""},
		{"-S --client-cert /cert", `--client-key: "/cert" contains no usable private key`, ""},
		{"-S --client-cert /cert --client-key /badkey", `--client-key: "/badkey" contains no usable private key`, ""},
		{"-S --client-cert /other --client-key /key", `--client-key: "/key" contains the key of another certificate`, "belongs"},
		{"-S --client-cert /cert --client-key /encrypted", `--client-key: "/encrypted" contains an encrypted key`, "passphrase"},
		{"-S --client-cert /cert --client-key /oldcrypt", `--client-key: "/oldcrypt" contains an encrypted key`, "passphrase"},
	} {
		env := surroundings(pemFiles(t))
		read := env.ReadFile
		env.ReadFile = func(name string) ([]byte, error) {
			switch name {
			case "/secret":
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
			case "/fifo":
				return nil, errors.New("/fifo is not a regular file")
			}
			return read(name)
		}
		refuses(t, test.line, env, test.problem, test.hint)
	}
}

// refuses minds that a command line is a usage error with this problem, and
// this in the hint.
func refuses(t *testing.T, line string, env Env, problem, hint string) {
	t.Helper()
	p, err := Parse(shell(line), env)
	usage, ok := errors.AsType[*UsageError](err)
	switch {
	case !ok:
		t.Errorf("%.60s: no usage error but %v, %s", line, err, show(p))
	case usage.Problem != problem:
		t.Errorf("%.60s\n got %s\nwant %s", line, usage.Problem, problem)
	case usage.Hint == "" || !strings.Contains(usage.Hint, hint):
		t.Errorf("%.60s\n hint %q\nwant %q in it", line, usage.Hint, hint)
	}
}

func TestCertificateFiles(t *testing.T) {
	files := pemFiles(t)
	env := surroundings(files)
	env.Getenv = func(name string) string {
		return map[string]string{"SSL_CERT_FILE": "/f", "SSL_CERT_DIR": "/d:/e"}[name]
	}
	for _, line := range []string{"-S --client-cert /both", "-S --client-cert /cert --client-key /key", "-s --client-cert /cert --client-key /both"} {
		p, err := Parse(shell(line), env)
		if err != nil || p.Probe.TLS.Client == nil || p.Probe.TLS.Client.Leaf.Subject.CommonName != "monitor" {
			t.Errorf("%s: %v", line, err)
		}
		if p.Probe.TLS.CAs != nil || p.Probe.TLS.File != "/f" || p.Probe.TLS.Dirs != "/d:/e" {
			t.Errorf("%s: trusts %q %q %q", line, p.Probe.TLS.CAs, p.Probe.TLS.File, p.Probe.TLS.Dirs)
		}
	}
	for _, name := range []string{"/cert", "/both"} {
		p, err := Parse([]string{"-S", "--ca-file", name}, env)
		if err != nil || string(p.Probe.TLS.CAs) != files[name] {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every suite that can be chosen has the name that openssl-ciphers(1) gives it.
func TestCipherNames(t *testing.T) {
	names := map[uint16]string{
		tls.TLS_RSA_WITH_RC4_128_SHA:                      "RC4-SHA",
		tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA:                 "DES-CBC3-SHA",
		tls.TLS_RSA_WITH_AES_128_CBC_SHA:                  "AES128-SHA",
		tls.TLS_RSA_WITH_AES_256_CBC_SHA:                  "AES256-SHA",
		tls.TLS_RSA_WITH_AES_128_CBC_SHA256:               "AES128-SHA256",
		tls.TLS_RSA_WITH_AES_128_GCM_SHA256:               "AES128-GCM-SHA256",
		tls.TLS_RSA_WITH_AES_256_GCM_SHA384:               "AES256-GCM-SHA384",
		tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA:              "ECDHE-ECDSA-RC4-SHA",
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA:          "ECDHE-ECDSA-AES128-SHA",
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA:          "ECDHE-ECDSA-AES256-SHA",
		tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA:                "ECDHE-RSA-RC4-SHA",
		tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA:           "ECDHE-RSA-DES-CBC3-SHA",
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA:            "ECDHE-RSA-AES128-SHA",
		tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA:            "ECDHE-RSA-AES256-SHA",
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256:       "ECDHE-ECDSA-AES128-SHA256",
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256:         "ECDHE-RSA-AES128-SHA256",
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:         "ECDHE-RSA-AES128-GCM-SHA256",
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:       "ECDHE-ECDSA-AES128-GCM-SHA256",
		tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:         "ECDHE-RSA-AES256-GCM-SHA384",
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       "ECDHE-ECDSA-AES256-GCM-SHA384",
		tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256:   "ECDHE-RSA-CHACHA20-POLY1305",
		tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
	}
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		name, known := names[s.ID]
		if known != oldEnough(s) {
			t.Errorf("%s: on the list %v, can be chosen %v", s.Name, known, oldEnough(s))
		}
		if !known {
			continue
		}
		for _, spelled := range []string{name, s.Name, strings.ToLower(name), strings.ToLower(s.Name)} {
			p, err := Parse([]string{"-S", "--ciphers", spelled}, surroundings(nil))
			if err != nil || !slices.Equal(p.Probe.TLS.Suites, []uint16{s.ID}) {
				t.Errorf("%s: %v %v", spelled, p.Probe.TLS.Suites, err)
			}
		}
	}
}

// What is short for an option of upstream's stays so beside our longer ones.
func TestUpstreamPrefixes(t *testing.T) {
	for short, full := range map[string]string{
		"prox": "proxy", "pr": "proxy", "authp": "authpass", "authu": "authuser", "authtype": "authtype", "cert": "certificate",
		"exp": "expect", "star": "starttls", "tl": "tls", "tls": "tls", "ss": "ssl", "sn": "sni", "proxy": "proxy",
	} {
		if f, err := Tables.Find(short); err != nil || !slices.Contains(f.Names(), full) {
			t.Errorf("%s: %v %v", short, f, err)
		}
	}
	for _, short := range []string{"auth", "proxy-source", "proxy-", "authpass-", "tls-"} {
		if f, err := Tables.Find(short); err == nil {
			t.Errorf("%s is taken for %s", short, f.Name)
		}
	}
}

func TestPlainPlanIsComplete(t *testing.T) {
	p, err := Parse([]string{"-H", "mx1"}, surroundings(nil))
	if err != nil || p.Probe.TLS.Mode != plan.NoTLS || p.Limits.TLS != plan.NoTLS || p.Probe.Auth != nil || p.Probe.Proxy != (plan.Proxy{}) {
		t.Errorf("%v %+v", err, p)
	}
}

// TestStoreFile: a file of trusted certificates that cannot be meant is told
// before anybody waits for it.
func TestStoreFile(t *testing.T) {
	env := surroundings(nil)
	files := fstest.MapFS{
		"fifo": {Mode: fs.ModeNamedPipe}, "dev": {Mode: fs.ModeDevice}, "dir": {Mode: fs.ModeDir}, "good": {},
		"large": {Data: make([]byte, 4<<20+1)},
	}
	env.Stat = func(name string) (fs.FileInfo, error) { return files.Stat(strings.TrimPrefix(name, "/")) }
	for name, want := range map[string]string{
		"": "", "/none": "", "/dir": "", "/good": "",
		"/fifo":  `the trusted certificates: "/fifo" is not a regular file`,
		"/dev":   `the trusted certificates: "/dev" is not a regular file`,
		"/large": `the trusted certificates: "/large" is larger than 4 MiB`,
	} {
		env.Getenv = func(variable string) string {
			return map[string]string{"SSL_CERT_FILE": name}[variable]
		}
		for line, want := range map[string]string{"-H mx -S": want, "-H mx": "", "--mode=login --hostname=mx --smtp-options=layer=tls --smtp-options=ssl_verify_path=" + name: want} {
			_, err := Parse(shell(line), env)
			if got := fmt.Sprint(err); err == nil && want != "" || err != nil && got != want {
				t.Errorf("%s with %q: %v, want %s", line, name, err, want)
			}
		}
	}
}
