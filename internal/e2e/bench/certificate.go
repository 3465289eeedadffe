//go:build linux

package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"check_smtp/internal/e2e"
)

// bundle is where Debian keeps the roots of the world.
const bundle = "/etc/ssl/certs/ca-certificates.crt"

// identities makes certificates as servers have them, with a key of RSA and with one
// of P-256, below an intermediate of RSA, and has the programs trust their root by way
// of a store that is this machine's own and one more. Signing with the first takes the
// server thirty times as long.
func identities(dir string) (ofRSA, ofEC *tls.Config, err error) {
	root, err := issue(e2e.Wish{Name: "Bench Root", CA: true}, nil, rsaKey)
	if err != nil {
		return nil, nil, err
	}
	middle, err := issue(e2e.Wish{Name: "Bench Intermediate", CA: true}, root, rsaKey)
	if err != nil {
		return nil, nil, err
	}
	if ofRSA, err = leaf(middle, rsaKey); err != nil {
		return nil, nil, err
	}
	if ofEC, err = leaf(middle, ecKey); err != nil {
		return nil, nil, err
	}
	return ofRSA, ofEC, trust(dir, root.PEM())
}

func leaf(issuer *e2e.Identity, key func() (crypto.Signer, error)) (*tls.Config, error) {
	id, err := issue(e2e.Wish{Name: "mail.example.test", Hosts: []string{"mail.example.test", "127.0.0.1"}}, issuer, key)
	if err != nil {
		return nil, err
	}
	id.Sent = []*e2e.Identity{issuer}
	return &tls.Config{Certificates: []tls.Certificate{id.TLS()}}, nil
}

func rsaKey() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }
func ecKey() (crypto.Signer, error)  { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// issue makes a certificate with a key of its own, for a year.
func issue(w e2e.Wish, issuer *e2e.Identity, key func() (crypto.Signer, error)) (*e2e.Identity, error) {
	own, err := key()
	if err != nil {
		return nil, err
	}
	w.Key, w.Issuer, w.From, w.To = own, issuer, -time.Hour, 365*e2e.Day
	return e2e.Issue(w)
}

// trust adds a root to a copy of this machine's store and has every program
// started from here use it.
func trust(dir string, root []byte) error {
	text, err := os.ReadFile(bundle)
	if err != nil {
		return err
	}
	fmt.Printf("trusted roots: %d of this machine and one of ours\n", bytes.Count(text, []byte("BEGIN CERTIFICATE")))
	path := filepath.Join(dir, "ca-certificates.crt")
	if err := os.WriteFile(path, append(text, root...), 0o644); err != nil {
		return err
	}
	return os.Setenv("SSL_CERT_FILE", path)
}
