package sasl

import (
	"bytes"
	"crypto/hmac"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"os"
	"strconv"
	"strings"
	"time"

	gosasl "github.com/emersion/go-sasl"

	"check_smtp/internal/facts"
)

// What a server may ask of a SCRAM client. Less protects no password (RFC 7677
// section 4); more keeps the processor busy longer than any check may take.
const (
	minRounds = 4096
	maxRounds = 600000
)

// scram is SCRAM-SHA-1 (RFC 5802) or SCRAM-SHA-256 (RFC 7677), without channel
// binding. In it the server, too, proves that it knows the password.
type scram struct {
	Login
	hash      func() hash.Hash
	nonce     string
	signature []byte // that the server has to show; nil: not computed yet
	told      bool   // the server's last word is there
	proven    bool   // and is the signature
}

// Start makes the client-first-message.
func (s *scram) Start() (string, []byte, error) {
	if !prepared(s.User + s.AuthzID + s.Secret) {
		return "", nil, &facts.Problem{Kind: facts.Withheld, Text: unprepared}
	}
	return string(s.Mechanism), []byte(s.header() + s.bare()), nil
}

// header is the gs2-header: "n", the client does not know channel binding.
func (s *scram) header() string {
	if s.AuthzID == "" {
		return "n,,"
	}
	return "n,a=" + saslName(s.AuthzID) + ","
}

func (s *scram) bare() string { return "n=" + saslName(s.User) + ",r=" + s.nonce }

func (s *scram) Next(challenge []byte) ([]byte, error) {
	switch {
	case s.signature == nil:
		return s.prove(string(challenge))
	case !s.told:
		s.told = true
		return nil, s.check(string(challenge))
	}
	return nil, gosasl.ErrUnexpectedServerChallenge
}

// prove answers the server-first-message (RFC 5802 section 3).
func (s *scram) prove(challenge string) ([]byte, error) {
	nonce, salt, rounds, err := s.parse(challenge)
	if err != nil {
		return nil, err
	}
	salted, err := s.stretch(salt, rounds)
	if err != nil {
		return nil, err
	}
	final := "c=" + base64.StdEncoding.EncodeToString([]byte(s.header())) + ",r=" + nonce
	everything := s.bare() + "," + challenge + "," + final
	key := sum(s.hash, salted, "Client Key")
	stored := s.hash()
	stored.Write(key)
	proof := sum(s.hash, stored.Sum(nil), everything)
	subtle.XORBytes(proof, proof, key)
	s.signature = sum(s.hash, sum(s.hash, salted, "Server Key"), everything)
	return []byte(final + ",p=" + base64.StdEncoding.EncodeToString(proof)), nil
}

// parse reads "r=nonce,s=salt,i=rounds" (RFC 5802 section 7). Extensions that
// follow are optional by nature; a mandatory one, "m=", would come first.
func (s *scram) parse(challenge string) (nonce string, salt []byte, rounds int, err error) {
	fields := strings.Split(challenge, ",")
	for i, key := range []string{"r=", "s=", "i="} {
		if i >= len(fields) || !strings.HasPrefix(fields[i], key) {
			return "", nil, 0, BadChallenge("a challenge that is not SCRAM's: no %s", key)
		}
	}
	nonce = fields[0][2:]
	if len(nonce) <= len(s.nonce) || !strings.HasPrefix(nonce, s.nonce) || !graphic(nonce) {
		return "", nil, 0, BadChallenge("a nonce that does not extend ours")
	}
	salt, err = base64.StdEncoding.Strict().DecodeString(fields[1][2:])
	if err != nil || len(salt) == 0 || !graphic(fields[1]) {
		return "", nil, 0, BadChallenge("a salt that is not base64")
	}
	count := fields[2][2:]
	n, err := strconv.ParseUint(count, 10, 64)
	if err != nil || count[0] == '0' {
		return "", nil, 0, BadChallenge("an iteration count that is no number: \"%s\"", count[:min(20, len(count))])
	}
	if n < minRounds || n > maxRounds {
		return "", nil, 0, BadChallenge("an iteration count of %d, not %d to %d", n, minRounds, maxRounds)
	}
	return nonce, salt, int(n), nil
}

// graphic says whether a text is printable ASCII.
func graphic(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// stretch is Hi of RFC 5802 section 2.2. Unlike crypto/pbkdf2 it gives up when
// the run is out of time.
func (s *scram) stretch(salt []byte, rounds int) ([]byte, error) {
	mac := hmac.New(s.hash, []byte(s.Secret))
	mac.Write(salt)
	mac.Write([]byte{0, 0, 0, 1})
	u := mac.Sum(nil)
	result := bytes.Clone(u)
	for i := 1; i < rounds; i++ {
		if i%minRounds == 0 && !time.Now().Before(s.Deadline) {
			return nil, os.ErrDeadlineExceeded
		}
		mac.Reset()
		mac.Write(u)
		u = mac.Sum(u[:0])
		subtle.XORBytes(result, result, u)
	}
	return result, nil
}

// check reads the server-final-message. "e=" tells why we are refused, and the
// refusal itself follows.
func (s *scram) check(challenge string) error {
	word, _, _ := strings.Cut(challenge, ",")
	if reason, refused := strings.CutPrefix(word, "e="); refused {
		s.Facts.Detail = reason
		return nil
	}
	text, ok := strings.CutPrefix(word, "v=")
	signature, err := base64.StdEncoding.Strict().DecodeString(text)
	if !ok || err != nil {
		return BadChallenge("a last challenge that is not SCRAM's")
	}
	if !hmac.Equal(signature, s.signature) {
		return &facts.Problem{Kind: facts.Impostor, Text: "the server could not prove that it knows the password"}
	}
	s.proven = true
	return nil
}

func (s *scram) doubt() error {
	if s.proven {
		return nil
	}
	return &facts.Problem{Kind: facts.Impostor, Text: "accepted, but the server did not prove that it knows the password"}
}

func sum(h func() hash.Hash, key []byte, text string) []byte {
	mac := hmac.New(h, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// saslName writes a name where commas part things (RFC 5802 section 5.1).
func saslName(name string) string {
	return strings.NewReplacer("=", "=3D", ",", "=2C").Replace(name)
}
