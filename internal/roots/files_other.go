//go:build !linux || android

package roots

import "crypto/x509"

// System is the store of this machine as crypto/x509 finds it, which reads
// SSL_CERT_FILE and SSL_CERT_DIR by itself.
func System(file, dirs string) Store { return Store{} }

// verify leaves it to crypto/x509, which asks the platform where it has a
// verifier. Files and Dirs are not read.
func (s Store) verify(sent []*x509.Certificate, opts x509.VerifyOptions) ([][]*x509.Certificate, error) {
	opts.Roots = nil
	return sent[0].Verify(opts)
}
