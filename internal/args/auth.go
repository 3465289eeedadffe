package args

import (
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
	"check_smtp/internal/sasl"
	"check_smtp/internal/smtp"
)

// login fills in the login, if one is asked for. It never skips one that is
// half asked for: that would be a false OK.
func (o *Set) login(p *plan.Plan) error {
	a := plan.Auth{User: o.Text("authuser"), AuthzID: o.Text("authzid"), Password: o.Secret("authpass")}
	if o.Text("authtype") == "" && a.User == "" && a.AuthzID == "" && a.Password.Empty() {
		return nil
	}
	var err error
	if a.Mechanism, err = mechanism(o.Text("authtype")); err != nil {
		return err
	}
	m, _ := sasl.Of(a.Mechanism)
	badUser, badAuthzID := smtp.CheckArgument(a.User), smtp.CheckArgument(a.AuthzID)
	switch {
	case m.User && a.User == "":
		return bad("authuser", "no authuser specified", "add -U USER, or leave out the login")
	case badUser != nil:
		return bad("authuser", badUser.Error(), "give the name alone, it is not shown as a password may stand behind it")
	case badAuthzID != nil:
		return bad("authzid", badAuthzID.Error(), "give the identity alone, it is not shown as a password may stand behind it")
	case a.AuthzID != "" && !m.AuthzID:
		return bad("authzid", string(a.Mechanism)+" cannot carry an authorization identity", "leave it out, or choose a mechanism that can, such as PLAIN")
	case m.Forbidden():
		return bad("authtype", string(m.Name)+" needs a hash that is not allowed in FIPS-only mode", "give another one, or take fips140=only out of GODEBUG")
	case m.Password && a.Password.Empty():
		return bad("authpass", "no authpass specified", "add --authpass-file FILE, --authpass-env NAME, --authpass-credential NAME or --authpass-command 'CMD ARG...'")
	case m.Token && smtp.CheckArgument(a.Password.Reveal()) != nil:
		return bad("authpass", "the token contains a control character", "give the token alone")
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
	return "", bad("authtype", option.Known(typed, append(texts(all), others...))+" is not a mechanism", didYouMean(typed, texts(all)))
}
