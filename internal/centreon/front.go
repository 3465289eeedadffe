package centreon

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// modeVersion is what --mode-version is compared with.
const modeVersion = "1.0"

// Texts that answer without a check.
var (
	modeList  = &option.Text{Body: "Modes available:\n   login\n   message\n"}
	discoXML  = &option.Text{Body: "<data/>\n"}
	discoJSON = &option.Text{Body: "{\"data\":[]}\n"}
)

// Call is a command line as the plugin has them, or any other one.
type Call struct {
	*option.Set
	mode    Mode        // "": it is not one of the plugin's
	noLogin bool        // auth=none
	format  plan.Format // of ours that only we know; "": none was asked for
}

// Front carries a call of the plugin over to the options of a check, as far as that
// does not depend on what a password manager fills in. The error is an *option.Error
// or an *option.Text.
func Front(set *option.Set) (*Call, error) {
	o := &Call{Set: set}
	return o, o.carry()
}

func (o *Call) carry() error {
	if f := plan.Format(o.Text("output-format")); Is(f) {
		o.format = f
		o.Drop("output-format")
	}
	if err := o.asked(); err != nil {
		return err
	}
	var err error
	if o.mode, err = ModeOf(o.Set); err != nil {
		return err
	}
	session := ownLogin{timeout: 30}
	if err := o.carryOver(&session); err != nil {
		return err
	}
	if o.mode == "" && o.Text("plugin") != "" {
		return &option.Error{Problem: "Need to specify '--mode' or '--dyn-mode' option.", Hint: "give --mode=login or --mode=message"}
	}
	if err := o.untilThen(session); err != nil {
		return err
	}
	if o.noLogin = session.none; o.noLogin {
		o.forgetLogin()
	}
	return nil
}

// forgetLogin leaves out a login that is not wanted.
func (o *Call) forgetLogin() {
	for _, name := range []string{"authuser", "authpass", "authpass-file", "authpass-env", "authpass-credential", "authpass-command", "authtype"} {
		o.Drop(name)
	}
}

// carryOver makes options of ours of those that hold several in one.
func (o *Call) carryOver(s *ownLogin) error {
	for _, text := range o.Filled("environment") {
		if name, _, ok := strings.Cut(text, "="); !ok || name == "" {
			return option.Bad("--environment", "one of its values is not NAME=VALUE", "give NAME=VALUE")
		}
	}
	for _, entry := range o.All("smtp-options") {
		if err := o.smtpOption(entry, s); err != nil {
			return err
		}
	}
	for _, entry := range o.All("smtp-send-options") {
		if err := o.sendOption(entry); err != nil {
			return err
		}
	}
	if o.On("debug") {
		o.Put("verbose", "3")
	}
	return nil
}

// asked answers what needs no check, and refuses what this program does not do.
func (o *Call) asked() error {
	_, known := ExitOf(o.Text("opt-exit"))
	switch name := o.Text("plugin"); {
	case o.Text("opt-exit") != "" && !known:
		return &option.Error{Problem: "Unknown value '" + unquoted(o.Text("opt-exit")) + "' for --opt-exit.", Hint: KnownExits}
	case o.Text("runas") != "":
		return option.Bad("--runas", "this program does not change its user", "call it with sudo -u")
	case name != "" && name != "apps::protocols::smtp::plugin":
		return option.Bad("--plugin", option.Quote(name)+" is not the plugin for SMTP", "give apps::protocols::smtp::plugin")
	case bool(o.On("list-mode")):
		return modeList
	case bool(o.On("disco-format") || o.On("disco-show")) && bool(o.On("output-json")):
		return discoJSON
	case bool(o.On("disco-format") || o.On("disco-show")):
		return discoXML
	case !newEnough(o.Text("mode-version")):
		return &option.Error{
			Problem: "Not good version for plugin mode. Excepted at least: " + unquoted(o.Text("mode-version")) + ". Get: " + modeVersion,
			Hint:    "leave out --mode-version",
		}
	}
	return nil
}

// newEnough compares versions part by part; x stands for any number.
func newEnough(least string) bool {
	if least == "" {
		return true
	}
	have := strings.Split(modeVersion, ".")
	for i, part := range strings.Split(least, ".") {
		ours := 0
		if i < len(have) {
			ours, _ = strconv.Atoi(have[i])
		}
		n, err := strconv.Atoi(part)
		switch {
		case part == "x" || err == nil && n == ours:
		case err != nil:
			return false
		default:
			return n < ours
		}
	}
	return true
}

// unquoted is a text of the user's where the plugin has quotes of its own.
func unquoted(text string) string { return strings.Trim(option.Quote(text), `"`) }

// Preset fills in what a mode of the plugin presupposes, with what a password manager
// has filled in, and gives the states that its conditions have; nil: it has none of
// its own.
func (o *Call) Preset() (map[plan.Condition]plan.State, error) {
	if o.noLogin { // a manager may have filled one in
		o.forgetLogin()
	}
	if o.mode == "" {
		return nil, nil
	}
	if !o.Has("hostname") || o.Text("hostname") == "" {
		for _, name := range []string{"mx", "srv", "target"} {
			if o.Has(name) {
				return nil, option.Bad("--mode", "it is about the one server of --hostname, and --"+name+" names several", "give --output-format centreon instead of --mode")
			}
		}
		return nil, &option.Error{Problem: "Please set the hostname option", Hint: "give --hostname=HOST"}
	}
	if o.Text("port") == "" {
		o.Drop("port")
	}
	if err := o.envelope(); err != nil {
		return nil, err
	}
	ownTLS := o.On("starttls") || o.On("ssl") || o.Text("tls-mode") != "" || o.Text("certificate") != ""
	if !ownTLS && o.logsIn() {
		o.Put("tls-mode", string(plan.StartTLS))
	}
	return presetStates(o.mode), o.decimals()
}

// decimals reads a decimal comma in a threshold as one.
func (o *Call) decimals() error {
	for _, name := range []string{"warning", "critical"} {
		limits := o.All(name)
		o.Drop(name)
		for _, text := range limits {
			text = strings.ReplaceAll(text, ",", ".")
			if err := checkThreshold(name, text); err != nil {
				return err
			}
			o.Put(name, text)
		}
	}
	return nil
}

// logsIn says whether there will be a login.
func (o *Call) logsIn() bool { return o.Text("authuser") != "" || o.Text("authtype") != "" }

// envelope minds that the mode message has its addresses, and the mode login
// none that would send something.
func (o *Call) envelope() error {
	to := o.Filled("to")
	o.Drop("to")
	for _, text := range to {
		o.Put("to", text)
	}
	switch {
	case o.mode == Login && len(to) > 0:
		return option.Bad("--smtp-to", "the mode login sends no message", "leave it out, or give --mode=message")
	case o.mode == Login:
		if o.Text("from") == "" {
			o.Drop("from")
		}
	case !o.Has("from"):
		return &option.Error{Problem: "Please set smtp-from option", Hint: "give --smtp-from=ADDRESS, an empty one is the null sender"}
	case len(to) == 0:
		return &option.Error{Problem: "Please set smtp-to option", Hint: "give --smtp-to=ADDRESS"}
	}
	return nil
}

// presetStates are the states of the plugin, but for those that would hide a
// failure: what it calls OK is CRITICAL or WARNING as everywhere. One condition
// has one state: where the mode message would need two, it is the graver one.
func presetStates(mode Mode) map[plan.Condition]plan.State {
	up := []plan.Condition{plan.CondResolve, plan.CondConnect, plan.CondTimeout, plan.CondBanner, plan.CondTLSMissing, plan.CondTLSRefused, plan.CondTLSHandshake, plan.CondAuth, plan.CondAuthMissing}
	state := plan.Unknown
	if mode == Login {
		up, state = append(up, plan.CondTempFail), plan.Critical
	}
	states := map[plan.Condition]plan.State{
		plan.CondClosed: plan.Critical, plan.CondProtocol: plan.Critical,
		plan.CondQuit: plan.OK, // the mail is delivered by then
	}
	for _, c := range up {
		states[c] = state
	}
	return states
}

// checkThreshold says of a bad threshold what the plugin says.
func checkThreshold(name, text string) error {
	if text == "" || strings.Contains(text, "=") {
		return nil
	}
	if _, err := plan.ParseRange(strings.TrimSpace(text)); err != nil {
		return &option.Error{
			Problem: "Wrong " + name + " threshold '" + unquoted(text) + "'.",
			Hint:    err.Error() + ": give [@][start:]end, such as 5, 10:, ~:5 or @1:2",
		}
	}
	return nil
}

// untilThen fills in the timeout of a mode, if none is given, and minds
// --global-timeout.
func (o *Call) untilThen(s ownLogin) error {
	if o.Text("timeout") == "" && o.mode != "" {
		o.Put("timeout", strconv.FormatFloat(min(s.timeout, 30), 'f', -1, 64))
	}
	text := strings.TrimSpace(o.Text("global-timeout"))
	if text == "" {
		return nil
	}
	most, err := strconv.ParseFloat(text, 64)
	if err != nil || !(most > 0) {
		return option.Bad("--global-timeout", option.Quote(text)+" is not a number of seconds", "give seconds above 0")
	}
	seconds, state, hasState := strings.Cut(o.Text("timeout"), ":")
	have, err := strconv.ParseFloat(strings.TrimSpace(seconds), 64)
	if strings.TrimSpace(seconds) == "" {
		have, err = plan.DefaultTimeout.Seconds(), nil
	}
	if err == nil && have <= most {
		return nil
	}
	if hasState {
		text += ":" + state
	}
	o.Put("timeout", text)
	return nil
}

// Getenv reads the environment with what --environment puts into it.
func (o *Call) Getenv(getenv func(string) string) func(string) string {
	if !o.Has("environment") {
		return getenv
	}
	return func(name string) string {
		for _, text := range slices.Backward(o.All("environment")) {
			if own, value, ok := strings.Cut(text, "="); ok && own == name {
				return value
			}
		}
		return getenv(name)
	}
}
