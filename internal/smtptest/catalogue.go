package smtptest

import (
	"crypto/x509"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// wish is a certificate that somebody may want.
type wish struct {
	name     string
	host     string
	from, to time.Duration // from now
	issuer   string        // "": itself
	ca       bool
	sent     []string // the certificates sent along
	traits   []trait  // what else is special
}

// wishes are the catalogue. A server may use any of them by its name; NAME.pem
// (with what is sent along) and NAME.key can be read as files.
func wishes() []wish { return slices.Concat(authorities(), parties(), chains(), oddities()) }

func authorities() []wish {
	return []wish{
		{"ca", "Test Root", -365 * day, 3650 * day, "", true, nil, nil},
		{"otherca", "Other Root", -365 * day, 3650 * day, "", true, nil, nil},
		{"oldca", "Old Root", -3650 * day, 12 * day, "", true, nil, nil},
		{"goneca", "Gone Root", -3650 * day, -day, "", true, nil, nil},
		{"twinca", "Test Root", -365 * day, 3650 * day, "", true, nil, nil},
		{"rsaca", "RSA Root", -365 * day, 3650 * day, "", true, nil, []trait{rsaKey(1024)}},
		{"samename", "mx.test", -365 * day, 3650 * day, "", true, nil, nil},
		{"intermediate", "Test Intermediate", -365 * day, 1000 * day, "ca", true, nil, nil},
		{"weak", "Weak Intermediate", -365 * day, 5 * day, "ca", true, nil, nil},
		{"gone", "Gone Intermediate", -365 * day, -day, "ca", true, nil, nil},
		{"early", "Early Intermediate", day, 365 * day, "ca", true, nil, nil},
		{"foreign", "Foreign Intermediate", -365 * day, 5 * day, "otherca", true, nil, nil},
		{"cross", "Test Intermediate", -365 * day, -day, "otherca", true, nil, []trait{keyOf("intermediate")}},
		{"twin", "Test Intermediate", -365 * day, 1000 * day, "ca", true, nil, nil},
		{"utf8", "Test Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{keyOf("intermediate"), subjectAs(utf8String, "Test Intermediate")}},
		{"constrained", "Constrained Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{manyConstraints}},
		{"plain", "Plain Intermediate", -365 * day, 1000 * day, "ca", false, nil, nil},
		{"unsigning", "Unsigning Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{usage(x509.KeyUsageDigitalSignature)}},
		{"flat", "Flat Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{leastPath}},
		{"below", "Intermediate Below", -365 * day, 1000 * day, "flat", true, nil, nil},
		{"narrow", "Narrow Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{onlyUnder("example.org")}},
		{"odd", "Odd Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{oddExtension}},
		{"sha1ca", "SHA-1 Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{sha1Signed}},
		{"anyca", "Any Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{purpose(x509.ExtKeyUsageAny)}},
		{"sha224ca", "SHA-224 Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{sha224Signed}},
		{"ed448", "Ed448 Intermediate", -365 * day, 1000 * day, "ca", true, nil, []trait{ed448}},
	}
}

// parties are servers, and clients, of which nothing is special but dates and names.
func parties() []wish {
	return []wish{
		{"good", "mx.test", -10 * day, 90 * day, "ca", false, nil, nil},
		{"address", "192.0.2.7", -10 * day, 90 * day, "ca", false, nil, nil},
		{"policy", "mta-sts.example.org", -10 * day, 90 * day, "ca", false, nil, nil},
		{"wrongname", "other.test", -10 * day, 90 * day, "ca", false, nil, nil},
		{"expired", "mx.test", -100 * day, -10 * day, "ca", false, nil, nil},
		{"notyet", "mx.test", 2 * day, 92 * day, "ca", false, nil, nil},
		{"days20", "mx.test", -80*day - 12*time.Hour, 20*day + 12*time.Hour, "ca", false, nil, nil},
		{"days10", "mx.test", -90 * day, 10 * day, "ca", false, nil, nil},
		{"hours5", "mx.test", -100 * day, 5 * time.Hour, "ca", false, nil, nil},
		{"selfsigned", "mx.test", -10 * day, 90 * day, "", false, nil, nil},
		{"other", "mx.test", -10 * day, 90 * day, "otherca", false, nil, nil},
		{"underold", "mx.test", -10 * day, 90 * day, "oldca", false, nil, nil},
		{"undergone", "mx.test", -10 * day, 90 * day, "goneca", false, nil, nil},
		{"lasting", "mx.test", -100 * day, 265 * day, "ca", false, nil, nil},
		{"client", "probe.test", -10 * day, 90 * day, "ca", false, nil, nil},
		{"clientold", "probe.test", -100 * day, 3 * day, "ca", false, nil, nil},
	}
}

// chains are servers that send more than their own certificate, or should.
func chains() []wish {
	return []wish{
		{"ownname", "mx.test", -10 * day, 90 * day, "samename", false, []string{"samename"}, nil},
		{"otherwithroot", "mx.test", -10 * day, 90 * day, "otherca", false, []string{"otherca"}, nil},
		{"goodwithroot", "mx.test", -10 * day, 90 * day, "ca", false, []string{"ca"}, nil},
		{"chain", "mx.test", -10 * day, 90 * day, "intermediate", false, []string{"intermediate"}, nil},
		{"chainmissing", "mx.test", -10 * day, 90 * day, "intermediate", false, nil, nil},
		{"chainweak", "mx.test", -10 * day, 90 * day, "weak", false, []string{"weak"}, nil},
		{"chaingone", "mx.test", -10 * day, 90 * day, "gone", false, []string{"gone"}, nil},
		{"chainlate", "mx.test", -12 * time.Hour, 90 * day, "gone", false, []string{"gone"}, nil},
		{"chainallgone", "mx.test", -100 * day, -10 * day, "gone", false, []string{"gone"}, nil},
		{"chainearly", "mx.test", -10 * day, 90 * day, "early", false, []string{"early"}, nil},
		{"chainforeign", "mx.test", -10 * day, 90 * day, "foreign", false, []string{"foreign"}, nil},
		{"chaincross", "mx.test", -10 * day, 90 * day, "intermediate", false, []string{"cross", "intermediate"}, nil},
		{"chaintwin", "mx.test", -10 * day, 90 * day, "intermediate", false, []string{"twin"}, nil},
		{"chainutf8", "mx.test", -10 * day, 90 * day, "intermediate", false, []string{"utf8"}, nil},
		{"chainplain", "mx.test", -10 * day, 90 * day, "plain", false, []string{"plain"}, nil},
		{"chainunsigning", "mx.test", -10 * day, 90 * day, "unsigning", false, []string{"unsigning"}, nil},
		{"chaindeep", "mx.test", -10 * day, 90 * day, "below", false, []string{"flat", "below"}, nil},
		{"chainnarrow", "mx.test", -10 * day, 90 * day, "narrow", false, []string{"narrow"}, nil},
		{"chainodd", "mx.test", -10 * day, 90 * day, "odd", false, []string{"odd"}, nil},
		{"chainsha1", "mx.test", -10 * day, 90 * day, "sha1ca", false, []string{"sha1ca"}, nil},
		{"chainsha224", "mx.test", -10 * day, 90 * day, "sha224ca", false, []string{"sha224ca", "ca"}, nil},
		{"chained448", "mx.test", -10 * day, 90 * day, "ed448", false, []string{"ed448"}, []trait{ed448Signed}},
		{"chainany", "mx.test", -10 * day, 90 * day, "anyca", false, []string{"anyca"}, nil},
		{"chainwithroot", "mx.test", -10 * day, 90 * day, "intermediate", false, []string{"intermediate", "ca"}, nil},
		{"chainexpired", "mx.test", -100 * day, -10 * day, "intermediate", false, []string{"intermediate", "ca"}, nil},
		{"chainconstrained", "mx.test", -10 * day, 90 * day, "constrained", false, []string{"constrained"}, []trait{alsoNamed(2000)}},
		{"sent250", "mx.test", -10 * day, 90 * day, "ca", false, slices.Repeat([]string{"otherca"}, 250), nil},
		{"sent99", "mx.test", -10 * day, 90 * day, "intermediate", false, append(slices.Repeat([]string{"otherca"}, 98), "intermediate"), nil},
	}
}

// oddities are those with a certificate of which something is special.
func oddities() []wish {
	return []wish{
		{"addressname", "192.0.2.7", -10 * day, 90 * day, "ca", false, nil, []trait{addressAsName}},
		{"mailonly", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{mailOnly}},
		{"nameless", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{nameless}},
		{"endless", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{endless}},
		{"underself", "mx.test", -10 * day, 90 * day, "samename", false, nil, []trait{keyIDs}},
		{"otherkey", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{ofOtherKey}},
		{"oddleaf", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{oddExtension}},
		{"clientonly", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{purpose(x509.ExtKeyUsageClientAuth)}},
		{"anyuse", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{purpose(x509.ExtKeyUsageAny)}},
		{"signer", "mx.test", -10 * day, 90 * day, "ca", false, []string{"ca"}, []trait{usage(x509.KeyUsageCertSign | x509.KeyUsageCRLSign)}},
		{"sha1", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{sha1Signed}},
		{"md5", "mx.test", -10 * day, 90 * day, "rsaca", false, nil, []trait{md5Signed}},
		{"rsa1024", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{rsaKey(1024)}},
		{"rsa512", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{rsaKey(512)}},
		{"negative", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{negativeSerial}},
		{"criticalaia", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{criticalAIA}},
		{"atsign", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{subjectAs(printableString, "postmaster@mx.test")}},
		{"rsa", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{rsaKey(2048)}},
		{"names1000", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{alsoNamed(1000)}},
		{"names8000", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{alsoNamed(8000)}},
		{"rsa8192", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{feignedKey(8192)}},
		{"rsa16384", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{feignedKey(16384)}},
		{"longname", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{subjectAs(utf8String, strings.Repeat("long-name-", 6000))}},
		{"hostilename", "mx.test", -10 * day, 90 * day, "ca", false, nil, []trait{subjectAs(utf8String, "mx|a=1;2;3 <script>\x1b[31m\n\u202e$(id)")}},
	}
}

// wished finds a name in the catalogue. NAME@HOST is one for another host. "long" is the end of a chain of 14
// certificates, all sent along, in no good order; "link1" to "link13" are the
// others. "loops" is sent with sixty certificates, each of which may be the issuer of each.
func wished(name string) (wish, bool) {
	if base, host, other := strings.Cut(name, "@"); other {
		w, ok := wished(base)
		w.name, w.host = name, host
		return w, ok
	}
	for _, w := range wishes() {
		if w.name == name {
			return w, true
		}
	}
	const links = 13
	link := func(n int) string { return "link" + strconv.Itoa(n) }
	if name == "long" {
		w := wish{name: name, host: "mx.test", from: -10 * day, to: 90 * day, issuer: link(links)}
		for n := range links {
			w.sent = append(w.sent, link(n+1))
		}
		return w, true
	}
	if name == "loops" {
		return loops(), true
	}
	if strings.HasPrefix(name, "loop") {
		return wish{name, "Test Intermediate", -365 * day, 1000 * day, "intermediate", true, nil, []trait{keyOf("intermediate")}}, true
	}
	number, ok := strings.CutPrefix(name, "link")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 1 || n > links {
		return wish{}, false
	}
	w := wish{name: name, host: "Link " + number, from: -365 * day, to: 1000 * day, issuer: link(n - 1), ca: true}
	if n == 1 {
		w.issuer = "ca"
	}
	return w, true
}

func loops() wish {
	w := wish{name: "loops", host: "mx.test", from: -10 * day, to: 90 * day, issuer: "intermediate"}
	for n := range 60 {
		w.sent = append(w.sent, "loop"+strconv.Itoa(n+1))
	}
	return w
}
