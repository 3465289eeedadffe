package args

import (
	"strings"

	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
	"check_smtp/internal/secret"
	"check_smtp/internal/smtp"
)

// maxSecret is what fits a line of AUTH in base64 (RFC 4954 section 4).
const maxSecret = 9000 // bytes

// login fills in the login, if one is asked for. It never skips one that is
// half asked for: that would be a false OK.
func (o *options) login(p *plan.Plan, env Env) error {
	source, err := o.secretSource()
	if err != nil {
		return err
	}
	if o.Text("authtype") == "" && o.Text("authuser") == "" && o.Text("authzid") == "" && !source.given() {
		return nil
	}
	a := plan.Auth{User: o.Text("authuser"), AuthzID: o.Text("authzid")}
	if a.Mechanism, err = mechanism(o.Text("authtype")); err != nil {
		return err
	}
	if err := checkIdentity(a); err != nil {
		return err
	}
	if source.given() {
		note, err := source.read(&a, env)
		if err != nil {
			return err
		}
		if note != "" {
			p.Limits.Notes = append(p.Limits.Notes, note)
		}
	}
	if m, _ := sasl.Of(a.Mechanism); m.Password && a.Password.Empty() {
		return bad("-P/--authpass", "no authpass specified", "add --authpass-file FILE, --authpass-env NAME or --authpass-credential NAME")
	}
	p.Probe.Auth = &a
	return nil
}

// mechanism is the one that -A names.
func mechanism(typed string) (plan.Mechanism, error) {
	if typed == "" {
		return plan.AutoMech, nil
	}
	all := append(sasl.Names(), plan.AutoMech)
	for _, m := range all {
		if strings.EqualFold(typed, string(m)) {
			return m, nil
		}
	}
	others := []string{"NTLM", "GSSAPI", "DIGEST-MD5", "KERBEROS_V4", "SCRAM-SHA-512"} // that people ask for
	return "", bad("-A/--authtype", known(typed, append(texts(all), others...))+" is not a mechanism", didYouMean(typed, texts(all)))
}

// checkIdentity minds who logs in, and as whom.
func checkIdentity(a plan.Auth) error {
	const user, authzid = "-U/--authuser", "--authzid"
	m, _ := sasl.Of(a.Mechanism)
	if m.User && a.User == "" {
		return bad(user, "no authuser specified", "add -U USER, or leave out the login")
	}
	if err := smtp.CheckArgument(a.User); err != nil {
		return bad(user, err.Error(), "give the name alone, it is not shown as a password may stand behind it")
	}
	if err := smtp.CheckArgument(a.AuthzID); err != nil {
		return bad(authzid, err.Error(), "give the identity alone, it is not shown as a password may stand behind it")
	}
	if a.AuthzID != "" && !m.AuthzID {
		return bad(authzid, string(a.Mechanism)+" cannot carry an authorization identity", "leave it out, or choose a mechanism that can, such as PLAIN")
	}
	return nil
}

// secretSource is where the password is to come from.
type secretSource struct {
	option string
	text   plan.Secret // from the command line itself
	name   string      // of the file, variable or credential
	from   secret.Source
}

func (s secretSource) given() bool { return s.name != "" || !s.text.Empty() }

// secretSource finds the only source that was given.
func (o *options) secretSource() (secretSource, error) {
	var found secretSource
	for _, s := range []secretSource{
		{option: "-P/--authpass", text: o.Secret("authpass")},
		{option: "--authpass-file", name: o.Text("authpass-file"), from: secret.File},
		{option: "--authpass-env", name: o.Text("authpass-env"), from: secret.Variable},
		{option: "--authpass-credential", name: o.Text("authpass-credential"), from: secret.Credential},
	} {
		switch {
		case !s.given():
		case !found.given():
			found = s
		default:
			return found, bad(s.option, found.option+" gives the password, too", "leave out one of the two")
		}
	}
	return found, nil
}

// read reads the password. No message shows any of it.
func (s secretSource) read(a *plan.Auth, env Env) (note string, err error) {
	password := s.text
	m, _ := sasl.Of(a.Mechanism)
	if s.from != nil {
		password, note, err = s.from(env.secrets(), s.name)
	}
	switch text := password.Reveal(); {
	case err != nil:
		return "", bad(s.option, err.Error(), "a login needs its password, this one is not tried without")
	case strings.ContainsAny(text, "\x00\r\n"):
		return "", bad(s.option, "the password holds a line end or a NUL", "give it in one line")
	case strings.HasPrefix(text, "\ufeff"): // which nobody can type or see
		return "", bad(s.option, "the password begins with a byte order mark", "save the file without one, as UTF-8 and no more")
	case len(text) > maxSecret:
		return "", bad(s.option, "the password is longer than 9000 bytes", "give the password or token alone")
	case m.Token && smtp.CheckArgument(text) != nil:
		return "", bad(s.option, "the token holds a control character", "give the token alone")
	}
	a.Password = password
	return note, nil
}
