package args

import (
	"io"
	"slices"
	"strconv"

	"github.com/spf13/pflag"

	"check_smtp/internal/plan"
)

// options is what the user typed, before anything is made of it.
type options struct {
	host, port, bind last
	network          plan.Network // of -4 and -6, the last one counts
	positional       bool         // the host is the first word that is no option

	fqdn, greeting, expect, quitAfter, timeout last
	lmtp, ignoreQuit                           bool
	commands, responses, expectReply           list

	proxy                                                                 bool
	proxyVersion, proxyFamily, proxySource, proxyDest, proxyFrom, proxyTo last

	starttls, ssl, sni, ignoreExpiry       bool
	mode, certificate, verify, serverName  last
	caFile, clientCert, clientKey, ciphers last
	tlsMin, tlsMax                         last
	pins                                   list

	authType, user, authzid           last
	pass                              veiled
	passFile, passEnv, passCredential last

	from last

	warning, critical, states list

	messageOptions
	outputOptions
	centreonOptions
	managerOptions

	flags *pflag.FlagSet
	bound int // how often bindMore was called
}

// newOptions binds the options of a plain check to their fields: one row an
// option, the letter, then the names; the first name is the one that messages
// use. The others cost a run that has none of them more than all the rest of
// reading a command line, so that they wait for bindMore.
func newOptions() *options {
	o := &options{network: plan.AnyIP}
	t := table{pflag.NewFlagSet("check_smtp", pflag.ContinueOnError)}
	t.SetOutput(io.Discard)
	t.Usage = func() {}
	o.flags = t.FlagSet

	t.value(&o.host, "H", "hostname")
	t.value(&o.port, "p", "port")
	t.value(&o.fqdn, "F", "fqdn")
	t.value(&o.expect, "e", "expect")
	t.value(&o.commands, "C", "command")
	t.value(&o.responses, "R", "response")
	t.on(&o.ignoreQuit, "q", ignoreQuit)
	t.value(&o.timeout, "t", "timeout")
	t.value(&o.from, "f", "from")
	t.value(&o.warning, "w", "warning")
	t.value(&o.critical, "c", "critical")
	t.count(&o.verbose, "v", "verbose")
	return o
}

// lastTurn of bindMore binds the options of password managers and of Centreon.
const lastTurn = 3

// bindMore binds more of the options that newOptions left out, those first that
// a command line is likelier to have. It says whether there were any left.
func (o *options) bindMore() bool {
	t := table{o.flags}
	switch o.bound++; o.bound {
	case 1:
		o.bindSession(t)
		o.bindProxy(t)
		o.bindTLS(t)
		o.bindAuth(t)
		t.value(&o.states, "", "state")
		o.bindOutput(t)

		// words.add keeps these three to itself.
		t.bare(new(last), defaultSection, "", extraOpts)
		t.on(new(bool), "h", help)
		t.on(new(bool), "V", version)
	case 2:
		o.bindMessage(t)
	case lastTurn:
		o.bindManagers(t)
		o.bindCentreon(t)
	default:
		return false
	}
	return true
}

func (o *options) bindSession(t table) {
	t.bare(&family{&o.network, plan.IPv4}, "true", "4", "use-ipv4")
	t.bare(&family{&o.network, plan.IPv6}, "true", "6", "use-ipv6")
	t.value(&o.bind, "", "bind")

	t.alias("fqdn", "helo", "ehlo")
	t.value(&o.greeting, "", "greeting")
	t.on(&o.lmtp, "L", "lmtp")
	t.value(&o.expectReply, "", "expect-reply")
	t.value(&o.quitAfter, "", "quit-after")

	t.alias("from", "smtp-from")
}

func (o *options) bindProxy(t table) {
	t.on(&o.proxy, "r", "proxy")
	t.value(&o.proxyVersion, "", "proxy-protocol")
	t.value(&o.proxyFamily, "", "proxy-family")
	t.value(&o.proxySource, "", "proxy-source-address")
	t.value(&o.proxyDest, "", "proxy-dest-address")
	t.value(&o.proxyFrom, "", "proxy-source-port")
	t.value(&o.proxyTo, "", "proxy-dest-port")
}

func (o *options) bindTLS(t table) {
	t.on(&o.starttls, "S", "starttls")
	t.on(&o.ssl, "s", "ssl", "tls")
	t.value(&o.mode, "", "tls-mode")
	t.value(&o.certificate, "D", "certificate")
	t.on(&o.ignoreExpiry, "", "ignore-certificate-expiration")
	t.bare(&o.verify, "critical", "", "verify")
	t.on(&o.sni, "", "sni")
	t.value(&o.serverName, "", "tls-server-name")
	t.value(&o.caFile, "", "ca-file")
	t.value(&o.clientCert, "", "client-cert")
	t.value(&o.clientKey, "", "client-key")
	t.value(&o.ciphers, "", "ciphers")
	t.value(&o.tlsMin, "", "tls-min")
	t.value(&o.tlsMax, "", "tls-max")
	t.value(&o.pins, "", "pin")
}

func (o *options) bindAuth(t table) {
	t.value(&o.authType, "A", "authtype")
	t.value(&o.user, "U", "authuser", "username")
	t.value(&o.pass, "P", "authpass", "password")
	t.value(&o.passFile, "", "authpass-file")
	t.value(&o.passEnv, "", "authpass-env")
	t.value(&o.passCredential, "", "authpass-credential")
	t.value(&o.authzid, "", "authzid")
}

// The options that mean something while the words are still being read.
const (
	extraOpts  = "extra-opts"
	help       = "help"
	version    = "version"
	ignoreQuit = "ignore-quit-failure"
	rangeStyle = "range-perfdata"
)

// FlagNames lists the long names of all options, aliases included, in
// alphabetical order.
func FlagNames() []string { return names(allFlags()) }

// allFlags is every option, bound to nothing that anybody reads.
func allFlags() *pflag.FlagSet {
	o := newOptions()
	for o.bindMore() {
		continue
	}
	return o.flags
}

func names(flags *pflag.FlagSet) []string {
	var names []string
	flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// table adds rows to a flag set. pflag prints no help here, so that the usage
// text of a flag is free to hold what messages call it: "-p/--port".
type table struct{ *pflag.FlagSet }

// value is an option that takes a value.
func (t table) value(v pflag.Value, letter string, names ...string) {
	t.bare(v, "", letter, names...)
}

// bare is an option that may stand without a value and then means unsaid.
func (t table) bare(v pflag.Value, unsaid, letter string, names ...string) {
	usage := spelling(letter, names[0])
	for _, name := range names {
		t.VarPF(v, name, letter, usage).NoOptDefVal = unsaid
		letter = ""
	}
}

// alias adds names to an option that takes a value.
func (t table) alias(name string, names ...string) {
	f := t.Lookup(name)
	for _, name := range names {
		t.VarPF(f.Value, name, "", f.Usage)
	}
}

// on is a switch.
func (t table) on(p *bool, letter string, names ...string) {
	usage := spelling(letter, names[0])
	for _, name := range names {
		t.BoolVarP(p, name, letter, false, usage)
		letter = ""
	}
}

// count is an option of which the number of times counts.
func (t table) count(p *int, letter, name string) {
	t.CountVarP(p, name, letter, spelling(letter, name))
}

func spelling(letter, name string) string {
	if letter == "" {
		return "--" + name
	}
	return "-" + letter + "/--" + name
}

// last is the value of an option of which the last one counts.
type last struct {
	text  string
	given bool
}

func (v *last) Set(text string) error { v.text, v.given = text, true; return nil }
func (v *last) String() string        { return v.text }
func (v *last) Type() string          { return "text" }

// veiled is the value of an option that is a secret; the last one counts.
type veiled struct {
	text  plan.Secret
	given bool
}

func (v *veiled) Set(text string) error { v.text, v.given = plan.NewSecret(text), true; return nil }
func (v *veiled) String() string        { return "" }
func (v *veiled) Type() string          { return "text" }

// veils is the values of an option that may be repeated and hold secrets.
type veils []plan.Secret

func (v *veils) Set(text string) error { *v = append(*v, plan.NewSecret(text)); return nil }
func (v *veils) String() string        { return "" }
func (v *veils) Type() string          { return "list" }

// given says whether there is a value that is not empty.
func (v veils) given() bool {
	return slices.ContainsFunc(v, func(s plan.Secret) bool { return !s.Empty() })
}

// list is the values of an option that may be repeated.
type list []string

func (v *list) Set(text string) error { *v = append(*v, text); return nil }
func (v *list) String() string        { return "" }
func (v *list) Type() string          { return "list" }

// given says whether there is a value that is not empty.
func (v list) given() bool {
	return slices.ContainsFunc(v, func(text string) bool { return text != "" })
}

// family is a switch that chooses among the networks.
type family struct {
	network *plan.Network
	is      plan.Network
}

// Set chooses the family, or takes the choice back: --use-ipv4=false.
func (v *family) Set(text string) error {
	on, err := strconv.ParseBool(text)
	switch {
	case on:
		*v.network = v.is
	case err == nil && *v.network == v.is:
		*v.network = plan.AnyIP
	}
	return err
}

func (v *family) String() string { return "" }
func (v *family) Type() string   { return "bool" }
