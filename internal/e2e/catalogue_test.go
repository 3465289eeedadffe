//go:build e2e

package e2e

import (
	"crypto/tls"
	"strings"
	"sync"
	"testing"
	"time"
)

// catalogue is every certificate that a server here may have, by name.
type catalogue map[string]*Identity

// certificates makes the catalogue, once.
var certificates = sync.OnceValue(func() catalogue {
	list := catalogue{}
	for _, w := range wishes {
		if err := list.issue(w); err != nil {
			panic(err) // crypto/x509 refuses what stands below
		}
	}
	return list
})

// wish is a Wish whose relatives go by name.
type wish struct {
	Wish
	issuer string // "": itself
	sent   string // "": nothing but the certificate
	ec     bool
}

var here = []string{"localhost", "mail.example.test", "127.0.0.1"}

var wishes = []wish{
	{Wish{Name: "ca", From: -400 * Day, To: 3650 * Day, CA: true}, "", "", false},
	{Wish{Name: "other ca", From: -400 * Day, To: 3650 * Day, CA: true}, "", "", true},
	{Wish{Name: "intermediate", From: -400 * Day, To: 1000 * Day, CA: true}, "ca", "", false},
	{Wish{Name: "weak intermediate", From: -400 * Day, To: 5*Day + time.Hour, CA: true}, "ca", "", false},
	{Wish{Name: "early intermediate", From: 2 * Day, To: 1000 * Day, CA: true}, "ca", "", false},
	{Wish{Name: "expired intermediate", From: -400 * Day, To: -36 * time.Hour, CA: true}, "ca", "", false},
	{Wish{Name: "good", Hosts: here}, "ca", "", false},
	{Wish{Name: "good ECDSA", Hosts: here}, "ca", "", true},
	{Wish{Name: "expired", Hosts: here, From: -100 * Day, To: -36 * time.Hour}, "ca", "", false},
	{Wish{Name: "not yet", Hosts: here, From: 2 * Day, To: 92 * Day}, "ca", "", false},
	{Wish{Name: "10 days", Hosts: here, From: -80 * Day, To: 10*Day + Day/2}, "ca", "", false},
	{Wish{Name: "5 days", Hosts: here, From: -85 * Day, To: 5*Day + Day/2}, "ca", "", false},
	{Wish{Name: "5 hours", Hosts: here, From: -90 * Day, To: 5 * time.Hour}, "ca", "", false},
	{Wish{Name: "other name", Hosts: []string{"other.example.org"}}, "ca", "", false},
	{Wish{Name: "self-signed", Hosts: here}, "", "", false},
	{Wish{Name: "other issuer", Hosts: here}, "other ca", "", false},
	{Wish{Name: "chain", Hosts: here}, "intermediate", "intermediate", false},
	{Wish{Name: "chain missing", Hosts: here}, "intermediate", "", false},
	{Wish{Name: "chain weak", Hosts: here, From: -Day, To: 335*Day + Day/2}, "weak intermediate", "weak intermediate", false},
	{Wish{Name: "chain early", Hosts: here}, "early intermediate", "early intermediate", false},
	{Wish{Name: "chain expired", Hosts: here}, "expired intermediate", "expired intermediate", false},
	{Wish{Name: "unreadable", Hosts: here, Strange: true}, "ca", "", false},
	{Wish{Name: "a|b=1;2\x1b[31m\n", Hosts: []string{"other.example.org"}}, "ca", "", false},
	{Wish{Name: `\c\x1b[31m\u202e\`, Hosts: []string{"other.example.org"}}, "ca", "", false},
	{Wish{Name: "mx1", Hosts: []string{"mx1.example.org", "127.0.77.30"}}, "ca", "", false},
	{Wish{Name: strings.Repeat("x", 5000), Hosts: []string{"other.example.org"}}, "ca", "", false},
	{Wish{Name: "client", Hosts: []string{"probe.example.test"}}, "ca", "", true},
}

func (list catalogue) issue(w wish) (err error) {
	if w.ec {
		if w.Key, err = ECDSA(); err != nil {
			return err
		}
	}
	w.Issuer = list[w.issuer]
	i, err := Issue(w.Wish)
	if err != nil {
		return err
	}
	if w.sent != "" {
		i.Sent = []*Identity{list[w.sent]}
	}
	list[w.Name] = i
	return nil
}

// write writes the whole catalogue as files that are called by their names.
func (list catalogue) write(t *testing.T, dir string) {
	t.Helper()
	for name, i := range list {
		if err := i.Write(dir, fileName(name)); err != nil {
			t.Fatal(err)
		}
	}
}

// fileName is a name without what a file's may not hold, or a shell would mind.
func fileName(name string) string {
	text := []byte(name[:min(len(name), 50)])
	for i, c := range text {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzACDES0123456789-", rune(c)) {
			text[i] = '-'
		}
	}
	return string(text)
}

// serverConfig is TLS for a scripted server with one of the certificates. The
// certificate is looked for when somebody connects, so that a table of
// scenarios can name it.
func serverConfig(name string) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS10,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			c := certificates()[name].TLS()
			return &c, nil
		},
	}
}
