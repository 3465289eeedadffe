// Package roots proves a server's chain against a store of trusted
// certificates, and reads of the store only what the chain asks for: parsing
// the 140 roots of a Debian machine, as x509.SystemCertPool does, costs more
// than a whole check.
//
// The verdict is that of x509.Certificate.Verify with the whole store. Verify
// takes a root only where a certificate of the sent chain names it as its
// issuer, and ends there: roots never lead to further roots. It also looks
// whether the store holds the leaf itself. So the certificates whose raw
// subject is the leaf's, or the issuer of one that was sent, are all that it
// can ever see of a store, and a pool of just these, in the store's order, is
// as good as the store.
//
// Where Verify finds no way, Trace says how far there is one, and why it goes no
// further.
//
// The package reads no environment, keeps nothing between two calls, compares
// no host name unless asked to, and fetches no missing intermediate.
package roots

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"slices"
)

// MaxFile is how large a file of a store may be, in bytes; Debian's bundle has
// 220 kB. A larger one counts as one that cannot be read.
const MaxFile = 4 << 20

// Store says where trusted certificates are found: in PEM or, as System has it,
// on this machine.
type Store struct {
	PEM    []byte   // the text of a CA file, which then is the whole store; nil: Files and Dirs
	Files  []string // bundles; the first that can be read is used
	Dirs   []string // directories; every file in them is used
	Hashed bool     // of Dirs only the files are read that OpenSSL would: see below
	Both   bool     // what is in Files is in Dirs, too, if nobody has changed that
}

// Verify proves the first of the sent certificates, in the order in which the
// server sent them; the others serve as intermediates, in any order. Roots and
// Intermediates of opts are not read.
//
// A server that the bundle does not prove has every file of Dirs read, which on
// a Debian machine costs as much as all the rest of a check, and mostly proves
// nothing new. That is right where the verdict counts. Where it is only told,
// Hashed reads just the files whose names are hashes of the wanted subjects,
// as OpenSSL does; it misses what somebody put there without openssl-rehash(1). With
// Both they are read before the bundle, which is large, and mostly spare it.
//
// The error is what x509.Certificate.Verify says: x509.SystemRootsError where
// the store could not be read and nothing was found elsewhere in it. In one
// thing Verify is stricter: no RSA key of fewer than 1,024 bits proves anything,
// whatever the setting rsa1024min of package crypto/rsa allows a handshake.
//
// The chains are those that x509 finds; where a bundle alone proves the server,
// those that it finds with just the bundle, or with just what Hashed found.
func (s Store) Verify(sent []*x509.Certificate, opts x509.VerifyOptions) ([][]*x509.Certificate, error) {
	chains, _, err := s.find(task{sent: sent, opts: opts})
	return chains, err
}

// Prove is Verify for those who want to know more: known are the certificates
// of the store that Verify could have used, as far as it was read. Where there
// is none, x509 is not asked, as it could but fail after checking every
// signature of what was sent. Where a bundle is there and no bundle could be read,
// and nothing else proves the server, the error is x509.SystemRootsError. What is
// for servers Lacking says, not KeyUsages of opts.
func (s Store) Prove(sent []*x509.Certificate, opts x509.VerifyOptions) (chains [][]*x509.Certificate, known []*x509.Certificate, err error) {
	opts.KeyUsages = anyUsage
	return s.find(task{sent: sent, opts: opts, idle: true})
}

func (s Store) find(t task) (chains [][]*x509.Certificate, known []*x509.Certificate, err error) {
	if len(t.sent) == 0 {
		return nil, nil, errors.New("no certificate to prove")
	}
	t.opts.Intermediates = pool(t.sent[1:])
	if s.PEM == nil {
		return s.search(t)
	}
	text := scanner{want: wanted(t.sent)}
	known = text.whole(s.PEM)
	chains, err = t.try(known)
	return chains, known, err
}

// task is what is to be proven.
type task struct {
	sent []*x509.Certificate
	opts x509.VerifyOptions // with Intermediates
	idle bool               // of Prove: not to ask where nothing is known
}

// try is one attempt with some certificates of the store.
func (t task) try(known []*x509.Certificate) ([][]*x509.Certificate, error) {
	if t.idle && len(known) == 0 {
		return nil, x509.UnknownAuthorityError{Cert: t.sent[0]}
	}
	t.opts.Roots = pool(known)
	return t.verify()
}

func (t task) verify() ([][]*x509.Certificate, error) {
	chains, err := long(t.sent[0].Verify(t.opts))
	if t.idle {
		return accepted(chains, err)
	}
	return chains, err
}

var errShort = errors.New("x509: an RSA key in its chain has fewer than 1024 bits")

// long drops the chains with an RSA key that anybody can break.
func long(chains [][]*x509.Certificate, err error) ([][]*x509.Certificate, error) {
	chains = slices.DeleteFunc(chains, func(chain []*x509.Certificate) bool { return slices.ContainsFunc(chain, short) })
	if err == nil && len(chains) == 0 {
		err = errShort
	}
	return chains, err
}

func short(c *x509.Certificate) bool {
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() < 1024
}

func pool(certs []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c)
	}
	return p
}

// wanted is the raw subjects of the certificates that Verify could ask a store
// for. They are compared as bytes, as Verify does, although RFC 5280 section
// 7.1 would have "Ex" and "ex" the same name.
func wanted(sent []*x509.Certificate) [][]byte {
	names := [][]byte{sent[0].RawSubject}
	for _, c := range sent {
		if !contains(names, c.RawIssuer) {
			names = append(names, c.RawIssuer)
		}
	}
	return names
}

func contains(names [][]byte, name []byte) bool {
	return slices.ContainsFunc(names, func(n []byte) bool { return bytes.Equal(n, name) })
}
