package verdict

import (
	"errors"
	"syscall"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

func phases(all ...plan.Phase) []plan.Step {
	var steps []plan.Step
	for _, p := range all {
		steps = append(steps, plan.Step{Phase: p})
	}
	return steps
}

func TestUnreached(t *testing.T) {
	either, only := expecting(t, "ehlo=2xx,5xx"), expecting(t, "ehlo=5xx")
	refused := func(e *plan.Expect, missed ...plan.Step) facts.Session {
		return cutShort(told(plan.Banner, "220 x", plan.Ehlo, "550 no"), e, missed...)
	}
	problem := facts.Problem{Kind: facts.NotOffered, Text: "none"}
	fine := func(all ...plan.Condition) plan.Limits {
		l := plan.Limits{States: map[plan.Condition]plan.State{}}
		for _, c := range all {
			l.States[c] = plan.OK
		}
		return l
	}
	limits := plan.Limits{Warning: map[plan.Label]plan.Range{"body_bytes": {End: 5}}}
	response := plan.Step{Phase: plan.Command, Arg: "NOOP", Expect: &plan.Expect{Condition: plan.CondResponse}}
	broken := told(plan.Ehlo, "250 x", plan.MailFrom, failure(facts.Closed, syscall.ECONNRESET))
	broken.Missed = phases(plan.RcptTo, plan.Data, plan.Body)
	late := told(plan.Ehlo, "250 x", plan.MailFrom, failure(facts.TimedOut, errors.New("late")))
	late.Missed = broken.Missed
	clear := told(plan.Banner, "220 x", plan.Ehlo, "250 x", plan.STARTTLS, "454 no", plan.Quit, "221 x")
	clear.Records[2].Skipped = "STARTTLS refused"
	clear.Missed = []plan.Step{{Phase: plan.EhloTLS, Expect: expecting(t, "ehlo_tls=250")}}
	tests := []struct {
		name   string
		facts  facts.Session
		limits plan.Limits
		text   string // "": all is well
	}{
		{"tolerated, nothing was missed", refused(either), plan.Limits{}, ""},
		{"tolerated, the sender", refused(either, phases(plan.MailFrom)...), plan.Limits{}, "mailfrom <> not reached: ehlo answered 550 no"},
		{"tolerated, a command", refused(either, phases(plan.MailFrom, plan.Command)...), plan.Limits{}, "command '' not reached: ehlo answered 550 no"},
		{"tolerated, TLS", refused(either, phases(plan.STARTTLS, plan.Shake, plan.EhloTLS)...), plan.Limits{TLS: plan.StartTLS}, "tls not reached: ehlo answered 550 no"},
		{"tolerated, TLS if available", refused(either, phases(plan.STARTTLS, plan.Shake, plan.EhloTLS)...), plan.Limits{TLS: plan.StartTLSIfOffer}, ""},
		{"wished, the sender and a command", refused(only, phases(plan.MailFrom, plan.Command)...), plan.Limits{}, ""},
		{"wished, TLS", refused(only, phases(plan.STARTTLS, plan.Shake)...), plan.Limits{TLS: plan.StartTLS}, ""},
		{"wished, the certificate", refused(only, phases(plan.STARTTLS, plan.Shake)...), plan.Limits{Cert: plan.Certificate{Asked: true}}, "tls not reached: ehlo answered 550 no"},
		{"wished, the state of a certificate", refused(only, phases(plan.Shake)...), plan.Limits{States: map[plan.Condition]plan.State{plan.CondCertWeak: plan.Warning}}, "tls not reached: ehlo answered 550 no"},
		{"wished, a login", refused(only, phases(plan.SASLAuth)...), plan.Limits{}, "sasl_auth not reached: ehlo answered 550 no"},
		{"wished, -R", refused(only, response), plan.Limits{}, "command 'NOOP' not reached: ehlo answered 550 no"},
		{"wished, a message", refused(only, phases(plan.RcptTo, plan.Data, plan.Body)...), plan.Limits{}, "body not reached: ehlo answered 550 no"},
		{"wished, a limit", refused(only, phases(plan.Body)...), limits, "body not reached: ehlo answered 550 no"},
		{"not offered, and that is fine", cutShort(told(plan.Ehlo, "250 x", plan.SASLAuth, problem), nil, phases(plan.MailFrom)...), fine(plan.CondAuthMissing), "mailfrom <> not reached: none"},
		{"broken, and that is fine", broken, fine(plan.CondClosed), "body not reached: mailfrom <>: connection closed by the server (connection reset by peer)"},
		{"too late, and that is fine", late, fine(plan.CondTimeout), ""},
		{"that is fine, too", refused(either, phases(plan.MailFrom)...), fine(plan.CondUnreached), ""},
		{"behind an optional step", clear, plan.Limits{}, "ehlo inside TLS not reached: STARTTLS refused"},
	}
	for _, tt := range tests {
		r := Judge(facts.Of(tt.facts), tt.limits)
		switch {
		case tt.text == "" && r.State == plan.OK && len(r.Findings) == 0:
		case len(r.Findings) != 1 || r.State != plan.Unknown || r.Findings[0].Condition != plan.CondUnreached || r.Findings[0].Text != tt.text:
			t.Errorf("%s: %v %v, want %q", tt.name, r.State, r.Findings, tt.text)
		}
	}
}
