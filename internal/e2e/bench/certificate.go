//go:build linux

package main

import (
	"bytes"
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

// identity makes a certificate as most servers have one, RSA below an
// intermediate, and has the programs trust its root by way of a store that is
// this machine's own and one more.
func identity(dir string) (*tls.Config, error) {
	root, err := issue(e2e.Wish{Name: "Bench Root", CA: true}, nil)
	if err != nil {
		return nil, err
	}
	middle, err := issue(e2e.Wish{Name: "Bench Intermediate", CA: true}, root)
	if err != nil {
		return nil, err
	}
	leaf, err := issue(e2e.Wish{Name: "mail.example.test", Hosts: []string{"mail.example.test", "127.0.0.1"}}, middle)
	if err != nil {
		return nil, err
	}
	leaf.Sent = []*e2e.Identity{middle}
	return &tls.Config{Certificates: []tls.Certificate{leaf.TLS()}}, trust(dir, root.PEM())
}

// issue makes a certificate with an RSA key of its own, for a year.
func issue(w e2e.Wish, issuer *e2e.Identity) (*e2e.Identity, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	w.Key, w.Issuer, w.From, w.To = key, issuer, -time.Hour, 365*e2e.Day
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
