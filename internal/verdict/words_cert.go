package verdict

import (
	"check_smtp/internal/facts"
	"crypto/rsa"
	"crypto/x509"
	"math"
	"strconv"
	"strings"
	"time"
)

// certificate is what is wrong with one, or several.
func certificate(f *facts.Session, w *Finding) string {
	switch w.what {
	case expired:
		return named(f, w.Cert) + " " + facts.Outdated(w.Cert, f.Start)
	case expiring:
		return named(f, w.Cert) + " expires " + soon(w.Cert, f.Start) + ", limit " + w.Limit
	case unproven:
		return untrusted(f)
	case otherName:
		return namesake(f)
	case otherKey:
		return "the key of " + called(w.Cert) + " matches no --pin"
	}
	var texts []string
	for _, c := range feebleOnes(f) {
		texts = append(texts, named(f, c)+" is weak: "+weakness(c))
	}
	return strings.Join(texts, ", ")
}

func called(c *x509.Certificate) string { return "certificate '" + facts.Title(c) + "'" }

// named says of a certificate of the path whose chain it is in.
func named(f *facts.Session, c *x509.Certificate) string {
	if leaf := f.TLS.Chain[0]; c != leaf {
		return called(c) + " in the chain of '" + facts.Title(leaf) + "'"
	}
	return called(c)
}

// days are the whole ones that a certificate has left.
func days(c *x509.Certificate, now time.Time) string {
	return strconv.Itoa(int(math.Floor(facts.Remaining(c, now)/day.Seconds()))) + " days"
}

// soon says when a certificate expires.
func soon(c *x509.Certificate, now time.Time) string {
	in := days(c, now)
	if facts.Remaining(c, now) < 2*day.Seconds() {
		in = strconv.Itoa(int(facts.Remaining(c, now)/3600)) + " hours"
	}
	return "in " + in + " (" + facts.Date(c.NotAfter) + ")"
}

func lifetime(c *x509.Certificate, now time.Time) string {
	if why := facts.Outdated(c, now); why != "" {
		return called(c) + " " + why
	}
	return called(c) + " expires " + soon(c, now)
}

func untrusted(f *facts.Session) string {
	return called(f.TLS.Chain[0]) + " is not trusted: " + f.TLS.Untrusted.Error()
}

func namesake(f *facts.Session) string {
	return called(f.TLS.Chain[0]) + " is " + f.TLS.Misnamed.Error()
}

// weakness says what no longer protects in a certificate.
func weakness(c *x509.Certificate) string {
	var all []string
	if shortKey(c) {
		all = append(all, "RSA key of "+strconv.Itoa(c.PublicKey.(*rsa.PublicKey).N.BitLen())+" bits")
	}
	if hash := outdone(c); hash != "" {
		all = append(all, hash+" signature")
	}
	return strings.Join(all, ", ")
}
