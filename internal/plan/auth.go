package plan

import "fmt"

// Mechanism is the SASL mechanism of a login (RFC 4422, RFC 4954).
type Mechanism string

// The mechanisms. AutoMech takes the strongest that is offered, and never one
// that shows the password to the network without TLS.
const (
	AutoMech    Mechanism = "auto"
	Login       Mechanism = "LOGIN"
	Plain       Mechanism = "PLAIN"         // RFC 4616
	CRAMMD5     Mechanism = "CRAM-MD5"      // RFC 2195
	XOAuth2     Mechanism = "XOAUTH2"       // Google's and Microsoft's
	OAuthBearer Mechanism = "OAUTHBEARER"   // RFC 7628
	SCRAMSHA1   Mechanism = "SCRAM-SHA-1"   // RFC 5802
	SCRAMSHA256 Mechanism = "SCRAM-SHA-256" // RFC 7677
	External    Mechanism = "EXTERNAL"      // RFC 4422 appendix A
	Anonymous   Mechanism = "ANONYMOUS"     // RFC 4505
)

// Auth is a login.
type Auth struct {
	Mechanism Mechanism
	User      string
	Password  Secret // the token for XOAUTH2 and OAUTHBEARER
	AuthzID   string // the identity to act as; "": that of User
}

// Secret is a text that must not be seen. It prints as [secret] under every
// verb of fmt and in every encoding; Reveal is the only way in, for those who put
// the secret on the wire or make a key of it, who mind its form, and who look
// for it in our own output.
type Secret struct {
	text *string // fmt goes past the methods of a field that is not exported, but follows no pointer there
}

// NewSecret hides a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal is the text itself.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty says whether there is nothing to hide.
func (s Secret) Empty() bool { return s.text == nil }

const hidden = "[secret]"

// Format hides the text from fmt.
func (Secret) Format(f fmt.State, _ rune) { f.Write([]byte(hidden)) }

// String hides it from the rest.
func (Secret) String() string { return hidden }

// MarshalText hides it from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
