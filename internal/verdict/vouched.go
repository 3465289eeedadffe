package verdict

import (
	"maps"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// vouched are the limits for one session of a run. What is to be told of the
// command line is told once. Who sends by DANE looks neither at the dates of what its
// record holds, or of what is above that, nor at who has issued it.
func vouched(f *facts.Session, of *plan.Limits) *plan.Limits {
	l := *of
	l.Notes = nil
	if f.DANE == nil || f.DANE.Result != facts.DANEVerified {
		return &l
	}
	states := maps.Clone(l.States)
	if states == nil {
		states = map[plan.Condition]plan.State{}
	}
	states[plan.CondCertUntrusted], states[plan.CondCertName] = plan.OK, plan.OK
	if _, said := states[plan.CondCertExpired]; !said && !dateTold(of) {
		states[plan.CondCertExpired] = plan.Warning
	}
	l.States = states
	return &l
}

// replaced are findings without those that others say better: what DANE and MTA-STS
// ask for a server without TLS, and for one that is not proven, says why it
// matters.
func replaced(findings, better []Finding, f *facts.Session) []Finding {
	var none, unproven bool
	for _, b := range better {
		told := b.State != plan.OK
		none = none || told && (b.Condition == plan.CondDANETLS || b.Condition == plan.CondSTSTLS && f.TLS == nil)
		unproven = unproven || b.State == plan.Critical && b.Condition == plan.CondSTSTLS && f.TLS != nil ||
			told && b.Condition == plan.CondDANEMismatch && f.DANE.Worst().Expired != nil
	}
	return Without(findings, func(f *Finding) bool {
		switch f.Condition {
		case plan.CondTLSMissing, plan.CondTLSRefused, plan.CondTLSHandshake:
			return none
		case plan.CondCertExpired, plan.CondCertUntrusted, plan.CondCertName:
			return unproven
		}
		return false
	})
}
