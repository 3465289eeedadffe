package args

import (
	"io"
	"strconv"

	"github.com/spf13/pflag"

	"check_smtp/internal/plan"
)

// options is what the user typed, before anything is made of it.
type options struct {
	host, port, bind last
	network          plan.Network // of -4 and -6, the last one counts

	fqdn, greeting, expect, quitAfter, timeout last
	lmtp, ignoreQuit                           bool
	commands, responses, expectReply           list

	from last

	warning, critical, states list

	verbose                int
	format, file, perfdata last

	flags *pflag.FlagSet
}

// newOptions binds every option to its field: one row an option, the letter,
// then the names; the first name is the one that messages use.
func newOptions() *options {
	o := &options{network: plan.AnyIP}
	t := table{pflag.NewFlagSet("check_smtp", pflag.ContinueOnError)}
	t.SetOutput(io.Discard)
	t.Usage = func() {}
	o.flags = t.FlagSet

	t.value(&o.host, "H", "hostname")
	t.value(&o.port, "p", "port")
	t.bare(&family{&o.network, plan.IPv4}, "true", "4", "use-ipv4")
	t.bare(&family{&o.network, plan.IPv6}, "true", "6", "use-ipv6")
	t.value(&o.bind, "", "bind")

	t.value(&o.fqdn, "F", "fqdn", "helo", "ehlo")
	t.value(&o.greeting, "", "greeting")
	t.on(&o.lmtp, "L", "lmtp")
	t.value(&o.expect, "e", "expect")
	t.value(&o.commands, "C", "command")
	t.value(&o.responses, "R", "response")
	t.value(&o.expectReply, "", "expect-reply")
	t.value(&o.quitAfter, "", "quit-after")
	t.on(&o.ignoreQuit, "q", ignoreQuit)
	t.value(&o.timeout, "t", "timeout")

	t.value(&o.from, "f", "from", "smtp-from")

	t.value(&o.warning, "w", "warning")
	t.value(&o.critical, "c", "critical")
	t.value(&o.states, "", "state")

	t.count(&o.verbose, "v", "verbose")
	t.value(&o.format, "", "output-format")
	t.value(&o.file, "", "output-file")
	t.value(&o.perfdata, "", "perfdata")

	// words.add keeps these three to itself.
	t.bare(new(last), defaultSection, "", extraOpts)
	t.on(new(bool), "h", help)
	t.on(new(bool), "V", version)
	return o
}

// The options that mean something while the words are still being read.
const (
	extraOpts  = "extra-opts"
	help       = "help"
	version    = "version"
	ignoreQuit = "ignore-quit-failure"
)

// FlagNames lists the long names of all options, aliases included, in
// alphabetical order.
func FlagNames() []string { return names(newOptions().flags) }

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

// list is the values of an option that may be repeated.
type list []string

func (v *list) Set(text string) error { *v = append(*v, text); return nil }
func (v *list) String() string        { return "" }
func (v *list) Type() string          { return "list" }

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
