package args

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/plan"
)

// published reads what is asked of what a domain publishes.
func (o *Set) published(t *plan.Targets) error {
	t.DANE, t.STS, t.TLSRPT = plan.Ask(o.choice("dane")), plan.Ask(o.choice("mta-sts")), plan.Ask(o.choice("tlsrpt"))
	for _, text := range o.Filled("tlsa") {
		r, err := plan.ParseTLSA(text)
		if err != nil {
			return bad("tlsa", quote(text)+" is "+err.Error(), "give the three numbers and the data: --tlsa '3 1 1 HEX'")
		}
		if t.TLSA = append(t.TLSA, r); t.DANE == plan.NotAsked {
			t.DANE = plan.AskAuto
		}
	}
	return o.wrong
}

// policyOf reads where a policy comes from.
func (o *Set) policyOf(t *plan.Targets) error {
	if o.Has("policy-domain") {
		t.Policy.Domain = o.domain("policy-domain", o.Text("policy-domain"), "give a domain, such as --policy-domain example.org")
	}
	if o.wrong != nil {
		return o.wrong
	}
	if t.STS == plan.NotAsked && t.TLSRPT == plan.NotAsked {
		return o.vain(needPolicy, needReport)
	}
	if t.STSDomain() == "" {
		asked := "mta-sts"
		if t.STS == plan.NotAsked {
			asked = "tlsrpt"
		}
		return bad(asked, "the domain is missing", "add --policy-domain DOMAIN, or give --mx DOMAIN instead of -H")
	}
	if t.STS == plan.NotAsked {
		return o.vain(needPolicy)
	}
	if t.Policy.Text = o.file("policy-file", ""); t.Policy.Text == nil && o.Text("policy-file") != "" {
		t.Policy.Text = []byte{}
	}
	if text := o.Text("policy-address"); text != "" {
		t.Policy.Address = o.endpoint("policy-address", text, 443)
	}
	t.Policy.CAs = o.certificates("web-ca-file")
	return o.wrong
}

// fold reads how targets become one state, and what a mode makes of conditions.
func (o *Set) fold(p *plan.Plan) error {
	t := p.Targets
	f := &plan.Fold{Rule: plan.FoldAll, Null: o.On("expect-null-mx"), DANE: t.DANE, STS: t.STS, TLSRPT: t.TLSRPT}
	p.Limits.Fold = f
	switch text := o.Text("policy"); {
	case text == "":
	case strings.HasPrefix(text, string(plan.FoldAtLeast)+":"):
		f.Rule = plan.FoldAtLeast
		n, err := strconv.Atoi(text[len(plan.FoldAtLeast)+1:])
		if err != nil || n < 1 || n > mostTargets {
			return bad("policy", quote(text)+" has no number from 1 to 100", "such as --policy at-least:2")
		}
		f.Least = n
	case slices.Contains([]plan.FoldRule{plan.FoldAll, plan.FoldAny, plan.FoldPrimary}, plan.FoldRule(text)):
		f.Rule = plan.FoldRule(text)
	default:
		return bad("policy", quote(text)+" is not a rule", didYouMean(text, []string{"all", "any", "primary", "at-least:N"}))
	}
	if f.Rule == plan.FoldPrimary && t.Hosts != nil {
		return bad("policy", "the servers that you name have no preference", "give --mx DOMAIN or --srv NAME instead, or another rule")
	}
	if t.DANE == plan.Require {
		setState(p, plan.CondDANEMissing, plan.Critical)
		setState(p, plan.CondDANEInsecure, plan.Warning)
	}
	if t.STS == plan.Testing || t.STS == plan.Enforce {
		setState(p, plan.CondSTSMissing, plan.Critical)
	}
	if t.TLSRPT == plan.Require {
		setState(p, plan.CondTLSRPTMissing, plan.Warning)
	}
	return nil
}

// domainTLS says whether an option of a whole domain asks for TLS.
func (o *Set) domainTLS() bool { return o.Has("dane") || o.Has("tlsa") || o.Has("mta-sts") }
