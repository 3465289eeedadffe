package session

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-sasl"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// newClient is our side of a mechanism. Its errors are a *Problem, go-sasl's
// for a challenge too many, or os.ErrDeadlineExceeded.
func (t *talk) newClient(m plan.Mechanism, a *plan.Auth, password string) sasl.Client {
	switch m {
	case plan.Plain:
		return sasl.NewPlainClient(a.AuthzID, a.User, password)
	case plan.Login:
		return &login{[]string{a.User, password}}
	case plan.CRAMMD5:
		return &cramMD5{user: a.User, password: password}
	case plan.XOAuth2:
		return &oauth{facts: t.facts.Auth, name: string(m), first: "user=" + a.User + "\x01auth=Bearer " + password + "\x01\x01"}
	case plan.OAuthBearer:
		identity := saslName(cmp.Or(a.AuthzID, a.User))
		_, first, _ := sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: identity, Token: password}).Start()
		return &oauth{facts: t.facts.Auth, name: string(m), first: string(first), dismiss: "\x01"}
	case plan.SCRAMSHA1, plan.SCRAMSHA256:
		s := &scram{facts: t.facts.Auth, name: string(m), hash: sha256.New, deadline: t.deadline,
			user: a.User, password: password, authzID: a.AuthzID, nonce: rand.Text()}
		if m == plan.SCRAMSHA1 {
			s.hash = sha1.New
		}
		return s
	case plan.External:
		return sasl.NewExternalClient(cmp.Or(a.AuthzID, a.User))
	case plan.Anonymous:
		return sasl.NewAnonymousClient(a.User) // the trace of RFC 4505 section 2
	}
	panic("session: no such mechanism: " + string(m))
}

// late gives the initial response of a mechanism to the first challenge, which
// should be empty then (RFC 4954 section 4) and is not listened to.
type late struct {
	sasl.Client
	first []byte
}

func (l *late) Next(challenge []byte) ([]byte, error) {
	if l.first == nil {
		return l.Client.Next(challenge)
	}
	first := l.first
	l.first = nil
	return first, nil
}

func (l *late) wordy() bool {
	w, ok := l.Client.(wordy)
	return l.first != nil || ok && w.wordy()
}

func (l *late) doubt() error {
	if d, ok := l.Client.(doubter); ok && l.first == nil {
		return d.doubt()
	}
	return tooEarly(l.first != nil)
}

// tooEarly minds a server that says yes before it was told the password.
func tooEarly(early bool) error {
	if early {
		return badChallenge("accepted before the password was sent")
	}
	return nil
}

// login is the mechanism LOGIN (draft-murchison-sasl-login): two prompts, user
// and password. Servers word them as they like, so nobody reads them.
type login struct{ answers []string }

func (l *login) Start() (string, []byte, error) { return "LOGIN", nil, nil }

func (l *login) Next([]byte) ([]byte, error) {
	if len(l.answers) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}

func (l *login) wordy() bool { return true }

func (l *login) doubt() error { return tooEarly(len(l.answers) > 0) }

// cramMD5 is the mechanism CRAM-MD5 (RFC 2195).
type cramMD5 struct {
	user, password string
	done           bool
}

func (c *cramMD5) Start() (string, []byte, error) { return "CRAM-MD5", nil, nil }

func (c *cramMD5) Next(challenge []byte) ([]byte, error) {
	switch {
	case c.done:
		return nil, sasl.ErrUnexpectedServerChallenge
	case len(challenge) == 0:
		return nil, badChallenge("an empty challenge")
	}
	c.done = true
	return []byte(c.user + " " + hex.EncodeToString(sum(md5.New, []byte(c.password), string(challenge)))), nil
}

func (c *cramMD5) doubt() error { return tooEarly(!c.done) }

// oauth is XOAUTH2 or OAUTHBEARER (RFC 7628): the token at once. A challenge
// tells why it is refused, and must be dismissed to get the refusal itself.
type oauth struct {
	facts   *facts.Auth
	name    string
	first   string
	dismiss string // RFC 7628 section 3.2.3: one byte 0x01; XOAUTH2: an empty line
	told    bool
}

func (o *oauth) Start() (string, []byte, error) { return o.name, []byte(o.first), nil }

func (o *oauth) Next(challenge []byte) ([]byte, error) {
	if o.told {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	o.told = true
	o.facts.Detail = complaint(challenge)
	return []byte(o.dismiss), nil
}

func (o *oauth) wordy() bool { return true }

// complaint reads what a server has against a token: JSON (RFC 7628 section
// 3.2.2), of which Microsoft and Google have variants, else plain words.
func complaint(challenge []byte) string {
	var document map[string]any
	if json.Unmarshal(challenge, &document) != nil {
		return string(challenge)
	}
	var said []string
	for _, key := range []string{"status", "error", "error_description", "schemes", "scope"} {
		if value, ok := document[key]; ok {
			said = append(said, fmt.Sprint(key, " ", value))
		}
	}
	if said == nil {
		return string(challenge)
	}
	return strings.Join(said, ", ")
}

// What a server may ask of a SCRAM client. Less protects no password (RFC 7677
// section 4); more keeps the processor busy longer than any check may take.
const (
	minRounds = 4096
	maxRounds = 600000
)

// scram is SCRAM-SHA-1 (RFC 5802) or SCRAM-SHA-256 (RFC 7677), without channel
// binding. In it the server, too, proves that it knows the password.
type scram struct {
	facts                   *facts.Auth
	name                    string
	hash                    func() hash.Hash
	user, password, authzID string
	nonce                   string
	deadline                time.Time
	signature               []byte // that the server has to show; nil: not computed yet
	told                    bool   // the server's last word is there
	proven                  bool   // and is the signature
}

// unprepared is why SCRAM does not work for a user or password.
const unprepared = "cannot carry this user name or password, which need SASLprep"

// Start makes the client-first-message.
func (s *scram) Start() (string, []byte, error) {
	if !prepared(s.user + s.authzID + s.password) {
		return "", nil, &facts.Problem{Kind: facts.Withheld, Text: unprepared}
	}
	return s.name, []byte(s.header() + s.bare()), nil
}

// header is the gs2-header: "n", the client does not know channel binding.
func (s *scram) header() string {
	if s.authzID == "" {
		return "n,,"
	}
	return "n,a=" + saslName(s.authzID) + ","
}

func (s *scram) bare() string { return "n=" + saslName(s.user) + ",r=" + s.nonce }

func (s *scram) Next(challenge []byte) ([]byte, error) {
	switch {
	case s.signature == nil:
		return s.prove(string(challenge))
	case !s.told:
		s.told = true
		return nil, s.check(string(challenge))
	}
	return nil, sasl.ErrUnexpectedServerChallenge
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
			return "", nil, 0, badChallenge("a challenge that is not SCRAM's: no %s", key)
		}
	}
	nonce = fields[0][2:]
	if len(nonce) <= len(s.nonce) || !strings.HasPrefix(nonce, s.nonce) || !graphic(nonce) {
		return "", nil, 0, badChallenge("a nonce that does not extend ours")
	}
	salt, err = base64.StdEncoding.Strict().DecodeString(fields[1][2:])
	if err != nil || len(salt) == 0 || !graphic(fields[1]) {
		return "", nil, 0, badChallenge("a salt that is not base64")
	}
	count := fields[2][2:]
	n, err := strconv.ParseUint(count, 10, 64)
	if err != nil || count[0] == '0' {
		return "", nil, 0, badChallenge("an iteration count that is no number: \"%s\"", count[:min(20, len(count))])
	}
	if n < minRounds || n > maxRounds {
		return "", nil, 0, badChallenge("an iteration count of %d, not %d to %d", n, minRounds, maxRounds)
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
	mac := hmac.New(s.hash, []byte(s.password))
	mac.Write(salt)
	mac.Write([]byte{0, 0, 0, 1})
	u := mac.Sum(nil)
	result := bytes.Clone(u)
	for i := 1; i < rounds; i++ {
		if i%minRounds == 0 && !time.Now().Before(s.deadline) {
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
		s.facts.Detail = reason
		return nil
	}
	text, ok := strings.CutPrefix(word, "v=")
	signature, err := base64.StdEncoding.Strict().DecodeString(text)
	if !ok || err != nil {
		return badChallenge("a last challenge that is not SCRAM's")
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

// prepared says whether SASLprep (RFC 4013) would leave a text as it is, which
// it does with everything on the keyboards of Europe. The tables for the rest
// cost more at each start of the program than a whole login.
func prepared(text string) bool {
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~', r == '€':
		case r > 0xa0 && r < 0x17f: // Latin
			if strings.ContainsRune("¨ª\u00ad¯²³´µ¸¹º¼½¾ĲĳĿŀŉ", r) {
				return false
			}
		case r >= 0x388 && r <= 0x3ce, r >= 0x400 && r <= 0x45f: // Greek, Cyrillic
		default:
			return false
		}
	}
	return true
}
