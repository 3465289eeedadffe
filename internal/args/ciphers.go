package args

import (
	"crypto/tls"
	"slices"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

func (o *Set) suites(p *plan.Plan) error {
	t := &p.Probe.TLS
	if o.Text("ciphers") == "" {
		return nil
	}
	if t.Min > tls.VersionTLS12 {
		return bad("ciphers", "suites can be chosen for TLS 1.2 and below only", "leave it out, or lower --tls-min")
	}
	known := slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites())
	separator := func(r rune) bool { return strings.ContainsRune(":, \t", r) }
	for name := range strings.FieldsFuncSeq(o.Text("ciphers"), separator) {
		// The names of TLS 1.3 are those of other suites once "TLS_" is gone.
		i := slices.IndexFunc(known, func(s *tls.CipherSuite) bool {
			return strings.EqualFold(name, s.Name) || oldEnough(s) && strings.EqualFold(name, openSSLName(s))
		})
		switch {
		case i < 0:
			return bad("ciphers", quoteList(name)+" is not a known cipher suite", chooseSuites(name, known))
		case !oldEnough(known[i]):
			return bad("ciphers", quote(name)+" belongs to TLS 1.3, whose suites cannot be chosen", "name suites of TLS 1.2 and below only")
		}
		t.Suites = append(t.Suites, known[i].ID)
	}
	if t.Suites == nil {
		return bad("ciphers", "the list is empty", chooseSuites("", nil))
	}
	return nil
}

// oldEnough says whether a suite can be chosen: those of TLS 1.3 cannot.
func oldEnough(s *tls.CipherSuite) bool {
	return slices.Contains(s.SupportedVersions, tls.VersionTLS12)
}

// toOpenSSL turns the name of a suite into OpenSSL's, see openssl-ciphers(1).
var toOpenSSL = []string{
	"TLS_RSA_WITH_", "",
	"TLS_", "",
	"_WITH_", "-",
	"AES_128_CBC", "AES128",
	"AES_256_CBC", "AES256",
	"AES_128", "AES128",
	"AES_256", "AES256",
	"3DES_EDE_CBC", "DES-CBC3",
	"RC4_128", "RC4",
	"POLY1305_SHA256", "POLY1305",
	"_", "-",
}

func openSSLName(s *tls.CipherSuite) string {
	return strings.NewReplacer(toOpenSSL...).Replace(s.Name)
}

// chooseSuites is the hint for a name that no suite has: a slip, or a keyword
// of OpenSSL's.
func chooseSuites(name string, known []*tls.CipherSuite) string {
	const hint = "name suites of TLS 1.2 and below, such as ECDHE-RSA-AES128-GCM-SHA256; keywords like HIGH or !aNULL are not understood"
	for _, s := range known {
		if oldEnough(s) && len(name) < 50 && option.Distance(strings.ToUpper(name), openSSLName(s)) < 3 {
			return "did you mean " + openSSLName(s) + "? " + hint
		}
	}
	return hint
}
