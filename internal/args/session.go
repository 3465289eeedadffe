package args

import (
	"cmp"
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
	name, err := ownName(o.Text("fqdn"), o.env)
	if err != nil {
		return err
	}
	p.Probe.Name, p.Probe.Greeting = name, o.greet()
	p.Probe.Timeout, err = o.deadline(p)
	return cmp.Or(o.wrong, err)
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

func (o *Set) greet() plan.Greeting {
	greeting := cmp.Or(plan.Greeting(o.choice("greeting")), plan.Auto)
	switch {
	case !o.On("lmtp"):
		return greeting
	case greeting != plan.Auto:
		o.refuse("greeting", string(greeting)+" does not go with -L/--lmtp, which greets with LHLO", "leave out one of the two")
	}
	return plan.LHLO
}

// deadline reads S[:STATE]; the state is noted among the limits.
func (o *Set) deadline(p *plan.Plan) (time.Duration, error) {
	text, word, hasState := strings.Cut(o.Text("timeout"), ":")
	if hasState {
		state, err := stateOf("timeout", word)
		if err != nil {
			return 0, err
		}
		setState(p, plan.CondTimeout, state)
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return plan.DefaultTimeout, nil
	}
	timeout, problem := secondsIn(text, maxTimeout, " is more than an hour")
	if problem != "" {
		return 0, bad("timeout", quote(text)+problem, "give seconds above 0 and at most 3600, and perhaps a state: -t 10 or -t 2.5:unknown")
	}
	return timeout, nil
}
