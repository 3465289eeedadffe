package sasl

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	gosasl "github.com/emersion/go-sasl"
)

// late gives the initial response of a mechanism to the first challenge, which
// should be empty then (RFC 4954 section 4) and is not listened to.
type late struct {
	Client
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

func (l *late) wordy() bool { return l.first != nil || Wordy(l.Client) }

func (l *late) doubt() error {
	if l.first != nil {
		return tooEarly(true)
	}
	return Doubt(l.Client)
}

// tooEarly minds a server that says yes before it was told the password.
func tooEarly(early bool) error {
	if early {
		return BadChallenge("accepted before the password was sent")
	}
	return nil
}

// login is the mechanism LOGIN (draft-murchison-sasl-login): two prompts, user
// and password. Servers word them as they like, so nobody reads them.
type login struct{ answers []string }

func (l *login) Start() (string, []byte, error) { return "LOGIN", nil, nil }

func (l *login) Next([]byte) ([]byte, error) {
	if len(l.answers) == 0 {
		return nil, gosasl.ErrUnexpectedServerChallenge
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}

func (l *login) wordy() bool { return true }

func (l *login) doubt() error { return tooEarly(len(l.answers) > 0) }

// cramMD5 is the mechanism CRAM-MD5 (RFC 2195).
type cramMD5 struct {
	Login
	done bool
}

func (c *cramMD5) Start() (string, []byte, error) { return "CRAM-MD5", nil, nil }

func (c *cramMD5) Next(challenge []byte) ([]byte, error) {
	switch {
	case c.done:
		return nil, gosasl.ErrUnexpectedServerChallenge
	case len(challenge) == 0:
		return nil, BadChallenge("an empty challenge")
	}
	c.done = true
	return []byte(c.User + " " + hex.EncodeToString(sum(md5.New, []byte(c.Secret), string(challenge)))), nil
}

func (c *cramMD5) doubt() error { return tooEarly(!c.done) }

// oauth is XOAUTH2 or OAUTHBEARER (RFC 7628): the token at once. A challenge
// tells why it is refused, and must be dismissed to get the refusal itself.
type oauth struct {
	Login
	first   string
	dismiss string // RFC 7628 section 3.2.3: one byte 0x01; XOAUTH2: an empty line
	told    bool
}

func (o *oauth) Start() (string, []byte, error) { return string(o.Mechanism), []byte(o.first), nil }

func (o *oauth) Next(challenge []byte) ([]byte, error) {
	if o.told {
		return nil, gosasl.ErrUnexpectedServerChallenge
	}
	o.told = true
	o.Facts.Detail = complaint(challenge)
	return []byte(o.dismiss), nil
}

func (o *oauth) wordy() bool { return true }

// doubt minds a server that takes a token after all: a challenge means that the
// token is refused, and nothing else (RFC 7628 section 3.2.3).
func (o *oauth) doubt() error {
	switch {
	case !o.told:
		return nil
	case o.Facts.Detail == "":
		return BadChallenge("accepted after a challenge that refuses the token")
	}
	return BadChallenge("accepted after a challenge that refuses the token (%s)", o.Facts.Detail)
}

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
