package args

import (
	"slices"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/smtp"
)

// Strayed refuses an option of a manager that is not asked: it would never be
// carried out, and the login that it was meant for be left out.
func (o *Set) Strayed() error {
	chosen := o.Text("pass-manager")
	all := strings.Fields(o.Tables.ByName("pass-manager").Choices)
	if chosen != "" && !slices.Contains(all, chosen) {
		return nil // which is refused as such
	}
	r := o.First(func(r *option.Row) bool {
		owner, other, _ := strings.Cut(string(r.Needs), " or ")
		isAsked := chosen != "" && (chosen == owner || chosen == other)
		isUsual := r.Usual != "" && strings.EqualFold(o.Text(r.Name), r.Usual)
		return !isAsked && !isUsual && slices.Contains(all, owner)
	})
	if r == nil {
		return nil
	}
	return bad(r.Name, "it belongs to --pass-manager="+string(r.Needs), "add that, or leave it out")
}

// Fits says whether an option that is to be filled in can have this value: later
// messages would show it, and it may be a secret that was mapped to the wrong option.
func Fits(name, value string) bool {
	err := smtp.CheckArgument(value)
	switch {
	case err != nil:
	case name == "hostname":
		_, err = checkHost(value)
	case name == "port":
		return portIn(value) > 0
	case name == "authtype":
		_, err = mechanism(value)
	case name == "from":
		_, err = smtp.ReversePath(value)
	case name == "fqdn":
		_, err = ownName(value, Env{})
	}
	return err == nil
}

// asksForPassword says whether something is asked for the password that can keep one
// waiting.
func (o *Set) asksForPassword() bool {
	return o.Given("authpass-command") || slices.Contains([]string{"keepass", "hashicorpvault", "teampass"}, o.Text("pass-manager"))
}
