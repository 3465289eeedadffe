package args

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"check_smtp/internal/message"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

const (
	maxTimeout = time.Hour
	maxName    = 255 // bytes, RFC 5321 section 4.5.3.1.2
)

// session fills in how the session opens and how long it may take.
func (o *Set) session(p *plan.Plan) error {
	var err error
	if p.Probe.Name, err = ownName(o.Text("fqdn"), o.env); err != nil {
		return err
	}
	if p.Probe.Greeting, err = o.greet(); err != nil {
		return err
	}
	p.Probe.Timeout, err = o.deadline(p)
	return err
}

// ownName is the name to greet with: the typed one, or that of this machine.
func ownName(typed string, env Env) (string, error) {
	const hint = "give the name of this machine, such as -F monitor.example.org"
	name := typed
	if name == "" {
		var err error
		if name, err = env.Hostname(); err != nil || name == "" {
			return "", bad("fqdn", "this machine has no host name", hint)
		}
	}
	ascii, problem := message.ASCIIDomain(name) // nobody knows yet whether the server reads more
	switch err := cmp.Or(smtp.CheckArgument(name), problem); {
	case typed != "" && around(name) != "":
		return "", bad("fqdn", quoteHost(name)+around(name), hint)
	case err != nil:
		return "", bad("fqdn", quoteHost(name)+": "+err.Error(), hint)
	case strings.Contains(name, " "):
		return "", bad("fqdn", quoteHost(name)+" holds a blank", hint)
	case len(ascii) > maxName:
		return "", bad("fqdn", quote(name)+" is longer than 255 bytes", hint)
	}
	return ascii, nil
}

func (o *Set) greet() (plan.Greeting, error) {
	greeting := plan.Auto
	if o.Text("greeting") != "" {
		greeting = plan.Greeting(o.Text("greeting"))
	}
	switch {
	case !slices.Contains(plan.Greetings, greeting):
		return "", bad("greeting", quote(o.Text("greeting"))+" is not a greeting", didYouMean(o.Text("greeting"), texts(plan.Greetings)))
	case !o.On("lmtp"):
		return greeting, nil
	case greeting != plan.Auto:
		return "", bad("greeting", string(greeting)+" does not go with -L/--lmtp, which greets with LHLO", "leave out one of the two")
	}
	return plan.LHLO, nil
}

// seconds reads a number of them, above 0 and at most so many: digits and a point, as
// -t has it.
func seconds(text string, most time.Duration) (time.Duration, bool) {
	d, err := time.ParseDuration(text + "s")
	return d, err == nil && strings.Trim(text, ".0123456789") == "" && d > 0 && d <= most
}

// deadline reads S[:STATE]; the state is noted among the limits.
func (o *Set) deadline(p *plan.Plan) (time.Duration, error) {
	const hint = "give seconds above 0 and at most 3600, and perhaps a state: -t 10 or -t 2.5:unknown"
	text, word, hasState := strings.Cut(o.Text("timeout"), ":")
	if hasState {
		state, ok := plan.ParseState(word)
		if !ok {
			return 0, bad("timeout", quote(word)+" is not a state", knownStates)
		}
		setState(p, plan.CondTimeout, state)
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return plan.DefaultTimeout, nil
	}
	timeout, err := time.ParseDuration(text + "s")
	switch {
	case isBelowZero(text):
		return 0, bad("timeout", quote(text)+" is below zero", hint)
	case err != nil || strings.Trim(text, ".0123456789") != "":
		return 0, bad("timeout", quote(text)+" is not a number of seconds", hint)
	case timeout <= 0:
		return 0, bad("timeout", quote(text)+" leaves no time", hint)
	case timeout > maxTimeout:
		return 0, bad("timeout", quote(text)+" is more than an hour", hint)
	}
	return timeout, nil
}
