package args

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/centreon"
	"check_smtp/internal/plan"
)

// modeVersion is what --mode-version is compared with.
const modeVersion = "1.0"

// Texts that answer without a check.
var (
	modeList  = &Text{Body: "Modes available:\n   login\n   message\n"}
	discoXML  = &Text{Body: "<data/>\n"}
	discoJSON = &Text{Body: "{\"data\":[]}\n"}
)

// called carries a call of the Centreon plugin over to our options, as far as that
// does not depend on what a password manager fills in.
func (o *options) called() error {
	if err := o.asked(); err != nil {
		return err
	}
	mode, err := centreon.ModeOf(o.Set)
	if err != nil {
		return err
	}
	session := ownLogin{timeout: 30}
	if err := o.carryOver(mode, &session); err != nil {
		return err
	}
	if mode == "" && o.Text("plugin") != "" {
		return &UsageError{Problem: "Need to specify '--mode' or '--dyn-mode' option.", Hint: "give --mode=login or --mode=message"}
	}
	if err := o.untilThen(mode, session); err != nil {
		return err
	}
	if o.noLogin = session.none; o.noLogin {
		o.forgetLogin()
	}
	return o.strayed()
}

// forgetLogin leaves out a login that is not wanted.
func (o *options) forgetLogin() {
	for _, name := range []string{"authuser", "authpass", "authpass-file", "authpass-env", "authpass-credential", "authpass-command", "authtype"} {
		o.Drop(name)
	}
}

// carryOver makes options of ours of those that hold several in one.
func (o *options) carryOver(mode centreon.Mode, s *ownLogin) error {
	for _, text := range o.Filled("environment") {
		if name, _, ok := strings.Cut(text, "="); !ok || name == "" {
			return bad("--environment", "one of its values is not NAME=VALUE", "give NAME=VALUE")
		}
	}
	for _, entry := range o.All("smtp-options") {
		if err := o.smtpOption(entry, s); err != nil {
			return err
		}
	}
	for _, entry := range o.All("smtp-send-options") {
		if err := o.sendOption(entry, mode); err != nil {
			return err
		}
	}
	if o.On("debug") {
		o.Put("verbose", "3")
	}
	return nil
}

// asked answers what needs no check, and refuses what this program does not do.
func (o *options) asked() error {
	_, known := centreon.ExitOf(o.Text("opt-exit"))
	switch name := o.Text("plugin"); {
	case o.Text("opt-exit") != "" && !known:
		return &UsageError{Problem: "Unknown value '" + unquoted(o.Text("opt-exit")) + "' for --opt-exit.", Hint: centreon.KnownExits}
	case o.Text("runas") != "":
		return bad("--runas", "this program does not change its user", "call it with sudo -u")
	case name != "" && name != "apps::protocols::smtp::plugin":
		return bad("--plugin", quote(name)+" is not the plugin for SMTP", "give apps::protocols::smtp::plugin")
	case bool(o.On("list-mode")):
		return modeList
	case bool(o.On("disco-format") || o.On("disco-show")) && bool(o.On("output-json")):
		return discoJSON
	case bool(o.On("disco-format") || o.On("disco-show")):
		return discoXML
	case !newEnough(o.Text("mode-version")):
		return &UsageError{
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
func unquoted(text string) string { return strings.Trim(quote(text), `"`) }

// ownLogin is what --smtp-options say of a session and have no option for.
type ownLogin struct {
	none    bool    // auth=none
	timeout float64 // seconds, of connecting
}

// keyValue reads KEY=VALUE. An empty entry is none.
func keyValue(option, entry, keys string) (key, value string, err error) {
	key, value, ok := strings.Cut(entry, "=")
	if !ok && entry != "" {
		return "", "", bad(option, "one of its values is not KEY=VALUE", "the keys are "+keys)
	}
	return strings.TrimSpace(key), value, nil
}

const smtpKeys = "layer, auth, port, smtp, from, timeout, debug, ssl_verify_mode, ssl_version, ssl_verify_path, ssl_ca_file"

// smtpOption carries an entry of --smtp-options over to our options.
func (o *options) smtpOption(entry string, s *ownLogin) error {
	const option = "--smtp-options"
	key, value, err := keyValue(option, entry, smtpKeys)
	if err != nil || value == "" {
		return err
	}
	switch key {
	case "layer":
		modes := map[string]plan.TLSMode{"tls": plan.StartTLS, "ssl": plan.ImplicitTLS, "none": plan.NoTLS}
		mode, ok := modes[strings.ToLower(value)]
		if !ok {
			return bad(option, known(value, []string{"tls", "ssl", "none", "starttls"})+" is not a layer", "give layer=tls for STARTTLS, layer=ssl for TLS from the start, or layer=none")
		}
		o.Put("tls-mode", string(mode))
	case "auth":
		return o.authOption(value, s)
	case "port", "ssl_ca_file", "smtp":
		o.Put(map[string]string{"port": "port", "ssl_ca_file": "ca-file", "smtp": "hostname"}[key], value)
	case "timeout":
		if s.timeout, err = strconv.ParseFloat(value, 64); err != nil || !(s.timeout > 0) {
			return bad(option, "timeout is not a number of seconds", "give seconds above 0, such as timeout=30")
		}
	case "ssl_verify_mode", "ssl_version", "ssl_verify_path":
		return o.tlsOption(key, value)
	case "debug":
		if value != "0" {
			o.Put("verbose", "3")
		}
	case "from": // of the login, which has no use for it
	default:
		return bad(option, known(key, strings.Split(smtpKeys, ", "))+" is not known", "the keys are "+smtpKeys)
	}
	return nil
}

// authOption reads the mechanism.
func (o *options) authOption(value string, s *ownLogin) error {
	switch strings.ToUpper(value) {
	case "NONE":
		s.none = true
	case "DIGEST-MD5":
		return bad("--smtp-options", "DIGEST-MD5 is obsolete (RFC 6331) and not known here", "give auth=AUTO, which takes the strongest that is offered")
	default:
		o.Put("authtype", value)
	}
	return nil
}

// tlsOption carries over what IO::Socket::SSL is told.
func (o *options) tlsOption(key, value string) error {
	const option = "--smtp-options"
	switch key {
	case "ssl_verify_path": // a directory as OpenSSL has it; a file will do, too
		o.Put("environment", "SSL_CERT_DIR="+value)
		o.Put("environment", "SSL_CERT_FILE="+value)
	case "ssl_verify_mode":
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return bad(option, "ssl_verify_mode is not a number", "give ssl_verify_mode=1 to verify the server, or 0")
		}
		if n > 0 && !o.Has("verify") {
			o.Put("verify", "critical")
		}
	case "ssl_version":
		versions := map[string]string{"TLSV1": "1.0", "TLSV11": "1.1", "TLSV12": "1.2", "TLSV13": "1.3"}
		name, _, _ := strings.Cut(strings.ToUpper(value), ":") // what follows are exceptions
		version, ok := versions[strings.ReplaceAll(name, "_", "")]
		switch {
		case ok:
			o.Put("tls-min", version)
			o.Put("tls-max", version)
		case name != "SSLV23": // all of them
			return bad(option, "ssl_version is not known", "give TLSv1, TLSv1_1, TLSv1_2 or TLSv1_3")
		}
	}
	return nil
}

const sendKeys = "subject, body, cc, bcc, replyto, charset, contenttype, attachments, disposition, sns_topic, from, to, verbose"

// sendOption carries an entry of --smtp-send-options over to our options.
func (o *options) sendOption(entry string, mode centreon.Mode) error {
	const option = "--smtp-send-options"
	key, value, err := keyValue(option, entry, sendKeys)
	if err != nil || value == "" {
		return err
	}
	if mode == centreon.Login {
		return bad(option, "the mode login sends no message", "leave it out, or give --mode=message")
	}
	switch key {
	case "subject", "body", "cc", "bcc", "charset":
		o.Put(key, value)
	case "replyto":
		o.Put("reply-to", value)
	case "contenttype":
		o.Put("content-type", value)
	case "sns_topic":
		o.Put("header", "X-SES-CONFIGURATION-SET: "+value)
	case "attachments":
		for name := range strings.SplitSeq(value, ",") {
			o.Put("attach", strings.TrimSpace(name))
		}
	case "from":
		o.Put("from", value)
	case "to":
		o.Drop("to")
		o.Put("to", value)
	case "disposition", "verbose": // how a reader shows a file, how much the library prints
	default:
		return bad(option, known(key, strings.Split(sendKeys, ", "))+" is not known", "the keys are "+sendKeys)
	}
	return nil
}

// preset fills in what a mode of the plugin presupposes.
func (o *options) preset(p *plan.Plan) error {
	if o.noLogin { // a manager may have filled one in
		o.forgetLogin()
	}
	mode, _ := centreon.ModeOf(o.Set)
	if mode == "" {
		return nil
	}
	if !o.Has("hostname") || o.Text("hostname") == "" {
		return &UsageError{Problem: "Please set the hostname option", Hint: "give --hostname=HOST"}
	}
	if o.Text("port") == "" {
		o.Drop("port")
	}
	if err := o.envelope(mode); err != nil {
		return err
	}
	ownTLS := o.On("starttls") || o.On("ssl") || o.Text("tls-mode") != "" || o.Text("certificate") != ""
	if !ownTLS && o.logsIn() {
		o.Put("tls-mode", string(plan.StartTLS))
	}
	presetStates(p, mode)
	for _, name := range []string{"warning", "critical"} {
		limits := o.All(name)
		o.Drop(name)
		for _, text := range limits { // a decimal comma is one there
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
func (o *options) logsIn() bool { return o.Text("authuser") != "" || o.Text("authtype") != "" }

// envelope minds that the mode message has its addresses, and the mode login
// none that would send something.
func (o *options) envelope(mode centreon.Mode) error {
	to := o.Filled("to")
	o.Drop("to")
	for _, text := range to {
		o.Put("to", text)
	}
	switch {
	case mode == centreon.Login && len(to) > 0:
		return bad("--smtp-to", "the mode login sends no message", "leave it out, or give --mode=message")
	case mode == centreon.Login:
		if o.Text("from") == "" {
			o.Drop("from")
		}
	case !o.Has("from"):
		return &UsageError{Problem: "Please set smtp-from option", Hint: "give --smtp-from=ADDRESS, an empty one is the null sender"}
	case len(to) == 0:
		return &UsageError{Problem: "Please set smtp-to option", Hint: "give --smtp-to=ADDRESS"}
	}
	return nil
}

// presetStates are the states of the plugin, but for those that would hide a
// failure: what it calls OK is CRITICAL or WARNING as everywhere. One condition
// has one state: where the mode message would need two, it is the graver one.
func presetStates(p *plan.Plan, mode centreon.Mode) {
	up := []plan.Condition{plan.CondResolve, plan.CondConnect, plan.CondTimeout, plan.CondBanner, plan.CondTLSMissing, plan.CondTLSRefused, plan.CondTLSHandshake, plan.CondAuth, plan.CondAuthMissing}
	state := plan.Unknown
	if mode == centreon.Login {
		up, state = append(up, plan.CondTempFail), plan.Critical
	}
	for _, c := range up {
		setState(p, c, state)
	}
	setState(p, plan.CondClosed, plan.Critical)
	setState(p, plan.CondProtocol, plan.Critical)
	setState(p, plan.CondQuit, plan.OK) // the mail is delivered by then
}

// checkThreshold says of a bad threshold what the plugin says.
func checkThreshold(name, text string) error {
	if text == "" || strings.Contains(text, "=") {
		return nil
	}
	if _, err := plan.ParseRange(strings.TrimSpace(text)); err != nil {
		return &UsageError{
			Problem: "Wrong " + name + " threshold '" + unquoted(text) + "'.",
			Hint:    err.Error() + ": give [@][start:]end, such as 5, 10:, ~:5 or @1:2",
		}
	}
	return nil
}

// untilThen fills in the timeout of a mode, if none is given, and minds
// --global-timeout.
func (o *options) untilThen(mode centreon.Mode, s ownLogin) error {
	if o.Text("timeout") == "" && mode != "" {
		o.Put("timeout", strconv.FormatFloat(min(s.timeout, 30), 'f', -1, 64))
	}
	text := strings.TrimSpace(o.Text("global-timeout"))
	if text == "" {
		return nil
	}
	most, err := strconv.ParseFloat(text, 64)
	if err != nil || !(most > 0) {
		return bad("--global-timeout", quote(text)+" is not a number of seconds", "give seconds above 0")
	}
	seconds, state, hasState := strings.Cut(o.Text("timeout"), ":")
	have, err := strconv.ParseFloat(strings.TrimSpace(seconds), 64)
	if strings.TrimSpace(seconds) == "" {
		have, err = defaultTimeout.Seconds(), nil
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

// overlay is the environment with what --environment puts into it, by the time
// it is asked for.
func (o *options) overlay(env Env) Env {
	if !o.Has("environment") && !o.Has("smtp-options") {
		return env
	}
	getenv := env.Getenv
	env.Getenv = func(name string) string {
		for _, text := range slices.Backward(o.All("environment")) {
			if own, value, ok := strings.Cut(text, "="); ok && own == name {
				return value
			}
		}
		return getenv(name)
	}
	return env
}
