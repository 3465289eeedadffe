// Package sasl holds our side of the mechanisms of a login, each a row that says
// what it needs and what it shows, and the mask over secrets. It neither talks to
// a server nor knows how a challenge comes: that is the session's.
package sasl

import (
	"cmp"
	"crypto/fips140"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	gosasl "github.com/emersion/go-sasl"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// Mechanism is all that is known of one mechanism (RFC 4422).
type Mechanism struct {
	Name     plan.Mechanism
	User     bool // no login without a user name
	Password bool // nor without a secret
	Token    bool // which is a token: it stands between control characters on the wire and must hold none (RFC 7628 section 3.1)
	AuthzID  bool // it can carry the identity to act as
	Readable bool // it shows the secret to whoever can read along
	Prepared bool // it wants user and password in the form of SASLprep (RFC 4013)
	OldHash  bool // it needs one that Go refuses where only what FIPS 140-3 approves of is allowed

	client func(Login) Client
}

// Mechanisms is the table, the strongest first.
var Mechanisms = [...]Mechanism{
	{Name: plan.SCRAMSHA256, User: true, Password: true, AuthzID: true, Prepared: true,
		client: func(l Login) Client { return &scram{Login: l, hash: sha256.New, nonce: rand.Text()} }},
	{Name: plan.SCRAMSHA1, User: true, Password: true, AuthzID: true, Prepared: true, OldHash: true,
		client: func(l Login) Client { return &scram{Login: l, hash: sha1.New, nonce: rand.Text()} }},
	{Name: plan.CRAMMD5, User: true, Password: true, OldHash: true,
		client: func(l Login) Client { return &cramMD5{Login: l} }},
	{Name: plan.OAuthBearer, User: true, Password: true, Token: true, AuthzID: true, Readable: true, client: bearer},
	{Name: plan.XOAuth2, User: true, Password: true, Token: true, Readable: true, client: func(l Login) Client {
		return &oauth{Login: l, first: "user=" + l.User + "\x01auth=Bearer " + l.Secret + "\x01\x01"}
	}},
	{Name: plan.Plain, User: true, Password: true, AuthzID: true, Readable: true,
		client: func(l Login) Client { return gosasl.NewPlainClient(l.AuthzID, l.User, l.Secret) }},
	{Name: plan.Login, User: true, Password: true, Readable: true,
		client: func(l Login) Client { return &login{[]string{l.User, l.Secret}} }},
	{Name: plan.External, AuthzID: true,
		client: func(l Login) Client { return gosasl.NewExternalClient(cmp.Or(l.AuthzID, l.User)) }},
	{Name: plan.Anonymous, // its user is the trace of RFC 4505 section 2
		client: func(l Login) Client { return gosasl.NewAnonymousClient(l.User) }},
}

// Names lists every mechanism, the strongest first.
func Names() []plan.Mechanism {
	names := make([]plan.Mechanism, len(Mechanisms))
	for i, m := range Mechanisms {
		names[i] = m.Name
	}
	return names
}

// Of is the row of a mechanism, and whether there is one. Of plan.AutoMech it says
// what holds of those that it chooses from.
func Of(name plan.Mechanism) (row Mechanism, known bool) {
	for _, m := range Mechanisms {
		if m.Name == name {
			return m, true
		}
	}
	return Mechanism{Name: name, User: true, Password: true, AuthzID: true}, false
}

// Forbidden says whether Go may not do what a mechanism needs (GODEBUG=fips140=only).
func (m Mechanism) Forbidden() bool { return m.OldHash && fips140.Enforced() }

// Unfit says why a mechanism is not for a user with a password; "" if it is. clear
// says whether others can read along.
func Unfit(name plan.Mechanism, a *plan.Auth, password string, clear bool) string {
	m, known := Of(name)
	switch {
	case !known:
		return "not supported"
	case m.Token:
		return "for a token"
	case !m.Password:
		return "not for a password"
	case m.Readable && clear:
		return "would show the password, there is no TLS"
	case a.AuthzID != "" && !m.AuthzID:
		return "cannot carry an authorization identity"
	case m.Forbidden():
		return "needs a hash that is not allowed in FIPS-only mode"
	case m.Prepared && !prepared(a.User+a.AuthzID+password):
		return unprepared
	}
	return ""
}

// Login is what a client needs to know.
type Login struct {
	Mechanism             plan.Mechanism
	User, Secret, AuthzID string
	Deadline              time.Time   // after which no more is reckoned
	Facts                 *facts.Auth // gets what the server says of a refusal
}

// Client is our side of a mechanism. Its errors are a *facts.Problem or
// os.ErrDeadlineExceeded, but see Next.
type Client = gosasl.Client

// New is a client for a login with one of Mechanisms.
func New(l Login) Client {
	m, _ := Of(l.Mechanism)
	return m.client(l)
}

// Late is a client that gives its initial response to the first challenge.
func Late(c Client, first []byte) Client { return &late{c, first} }

// Next is the answer to a challenge.
func Next(c Client, challenge []byte) ([]byte, error) {
	answer, err := c.Next(challenge)
	if errors.Is(err, gosasl.ErrUnexpectedServerChallenge) {
		return nil, BadChallenge("a challenge where none was due")
	}
	return answer, err
}

// Wordy says whether a server may speak to a client in plain words. Nothing in a
// challenge means anything where RFC 4954 section 4 wants an empty one, nor in
// a prompt, and servers do write "334 OK. Continue authentication" there.
func Wordy(c Client) bool {
	w, ok := c.(interface{ wordy() bool })
	return ok && w.wordy()
}

// Doubt is why to be accepted now does not mean to be logged in; nil: it does.
func Doubt(c Client) error {
	if d, ok := c.(interface{ doubt() error }); ok {
		return d.doubt()
	}
	return nil
}

// BadChallenge is the error of a challenge that makes no sense.
func BadChallenge(format string, args ...any) error {
	return &facts.Problem{Kind: facts.BadChallenge, Text: fmt.Sprintf(format, args...)}
}

func bearer(l Login) Client {
	identity := saslName(cmp.Or(l.AuthzID, l.User))
	_, first, _ := gosasl.NewOAuthBearerClient(&gosasl.OAuthBearerOptions{Username: identity, Token: l.Secret}).Start()
	return &oauth{Login: l, first: string(first), dismiss: "\x01"}
}

// unprepared is why some mechanisms do not work for a user or password.
const unprepared = "cannot carry this user name or password, which need SASLprep"

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
