package proof

import (
	"crypto/tls"
	"strings"

	"check_smtp/internal/facts"
)

// Here are the sentences of the packages that do TLS and read certificates put
// into words. Most are told apart by their text only: where that changes, the last
// words of InWords stand in. All that they quote is hostile and is left out.

// Unread says what of a certificate of the server this program, but not every
// other, cannot go on with; "": that is not what failed.
func Unread(err error) string {
	text := err.Error()
	if why, ok := strings.CutPrefix(text, "tls: failed to parse certificate from server: "); ok {
		return unreadPart(why)
	}
	if strings.HasPrefix(text, "tls: server sent certificate containing RSA key larger than ") {
		return "its RSA key has more than 8192 bits"
	}
	if strings.HasPrefix(text, "tls: server's certificate contains an unsupported type of public key") {
		return "its key has an unknown type"
	}
	return ""
}

// unreadPart names the part of a certificate that a sentence is about.
func unreadPart(why string) string {
	has := func(words ...string) bool {
		for _, word := range words {
			if strings.Contains(why, word) {
				return true
			}
		}
		return false
	}
	switch {
	case strings.HasPrefix(why, "x509: cannot parse URI"), has("SAN uniformResourceIdentifier"):
		return "a URI among its alternative names is malformed"
	case has("NameConstraints", "name constraints", "constraint value", "IP constraint", "Name constraint", "URI constraint"):
		return "its name constraints are malformed"
	case has("SAN ", "subject alternative name", "cannot parse IP address"):
		return "its alternative names are malformed"
	case has("unsupported elliptic curve"):
		return "its key is on an unknown curve"
	case has("unknown public key algorithm"):
		return "its key has an unknown type"
	case has("key usage"):
	case has("RSA", "ECDSA", "ecdsa", "Ed25519", "X25519", "DSA", "spki", "ublic key", "ublicKey", "crypto/", " point "):
		return "its key is malformed"
	case has("UTCTime", "GeneralizedTime", "time format", "validity"):
		return "its dates are malformed"
	case has("duplicate extension"):
		return "it has an extension twice"
	case has("tbs certificate", "trailing data", "asn1:"):
		return "it is malformed"
	}
	return polished(why, "it is malformed")
}

// VersionName is the name of a version of TLS. Nobody needs to read the number
// of one that does not exist.
func VersionName(version uint16) string {
	const ssl3 = 0x0300
	if version < ssl3 || version > tls.VersionTLS13 {
		return "an unknown version of TLS"
	}
	return tls.VersionName(version)
}

// InWords is an error of a connection without what only programmers understand.
func InWords(err error) string {
	f := facts.Failure{Err: err}
	text := f.Reason()
	switch bare := strings.TrimPrefix(text, "tls: "); {
	case strings.HasPrefix(bare, "invalid signature by the server certificate"):
		return "the server's signature does not fit the key of its certificate"
	case strings.HasPrefix(bare, "received unexpected handshake message of type "):
		return "a message of the handshake out of turn"
	case strings.HasPrefix(bare, "handshake message of length "):
		return "a message of the handshake that is too long"
	case strings.HasPrefix(bare, "server selected unsupported protocol version "):
		return "the server wants an unknown version of TLS"
	case strings.HasPrefix(bare, "received record with version "):
		return "a record of another version of TLS"
	case strings.HasPrefix(bare, "oversized record received"):
		return "a record that is too long"
	}
	return polished(text, "a malformed message")
}

// polished is a sentence without the names of packages; in place of one that still
// holds something that only programmers know it is instead.
func polished(text, instead string) string {
	text = strings.NewReplacer("invalid RDNSequence: invalid attribute value: ", "in a name: ", "RDNSequence", "name",
		"non-advancing", "useless", "ignored records", "useless records", "alert(", "unknown alert (").Replace(text)
	var parts []string
	for part := range strings.SplitSeq(text, ": ") {
		if part != "local error" && !packageName(part) {
			parts = append(parts, part)
		}
	}
	text = strings.Join(parts, ": ")
	for _, jargon := range []string{"*", "0x", "EOF", "Msg", "crypto/", "net/", "<nil>", "tls.", "x509."} {
		if strings.Contains(text, jargon) {
			return instead
		}
	}
	if text == "" {
		return instead
	}
	return text
}

// packageName says whether a part of a sentence is what packages begin theirs
// with, such as "crypto/rsa".
func packageName(part string) bool {
	return part != "" && !strings.ContainsFunc(part, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '/'
	})
}
