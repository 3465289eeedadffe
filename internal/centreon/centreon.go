// Package centreon is all that there is of Centreon's: what the operator wants
// changed of a judged report, the expressions in it, the words of its plugin and its
// formats. It is pure, reads nothing but its arguments, and runs no code that comes
// with them.
package centreon

import (
	"slices"
	"sort"
	"strconv"

	"check_smtp/internal/plan"
	"check_smtp/internal/render"
	"check_smtp/internal/verdict"
)

// Back edits a report on its way back to whoever asked: its numbers, then its words
// and exit code. Without edits it gives the report back as it is. It is called when
// nothing more comes to the report.
func Back(r verdict.Report, e *Edits, o plan.Output) verdict.Report {
	if e == nil {
		return r
	}
	r.Findings, r.Notes, r.Metrics = slices.Clone(r.Findings), slices.Clone(r.Notes), slices.Clone(r.Metrics)
	if e.Precision != nil && ran(&r) && r.Fleet == nil { // of several targets each was judged by its own numbers
		rejudge(&r, *e.Precision)
	}
	if e.Mode != "" {
		obey(&r)
	}
	if Is(o.Format) {
		translate(&r, e.Mode)
	}
	m := editor{edits: e, free: Is(o.Format), metrics: r.Metrics}
	m.edit()
	r.Metrics = m.metrics
	r.Notes = append(r.Notes, m.notes...)
	if e.NoPerfdata && o.Format != plan.OpenMetrics { // as in Centreon: it would be left with nothing
		r.Metrics = nil
	}
	e.reword(&r, o)
	return r
}

// ran says whether there was a session to judge.
func ran(r *verdict.Report) bool { return r.Session().Begun() }

// rejudge compares the numbers with their thresholds anew, rounded to so many
// digits.
func rejudge(r *verdict.Report, digits int) {
	breaches := verdict.Exceeded(r.Session(), r.Metrics, func(m *verdict.Metric) float64 {
		v, _ := strconv.ParseFloat(strconv.FormatFloat(m.Value, 'f', digits, 64), 64)
		return v
	})
	r.Findings = verdict.Weigh(append(verdict.Without(r.Findings, isBreach), breaches...), r.Asides)
	settle(r, plan.Critical, plan.Warning, plan.Unknown)
}

// isBreach says whether a finding is of a metric that is out of its range.
func isBreach(f *verdict.Finding) bool { return f.Metric != "" }

// settle sorts the findings, the states that count most first, and takes the
// state of the report from them.
func settle(r *verdict.Report, order ...plan.State) {
	order = append(order, plan.OK)
	sort.SliceStable(r.Findings, func(i, j int) bool {
		return slices.Index(order, r.Findings[i].State) < slices.Index(order, r.Findings[j].State)
	})
	r.State = plan.OK
	if len(r.Findings) > 0 {
		r.State = r.Findings[0].State
	}
}

// obey judges as Centreon does: UNKNOWN counts more than WARNING, and a check
// that did not get past its login has no numbers.
func obey(r *verdict.Report) {
	if stranded(r) {
		r.Findings = verdict.Without(r.Findings, isBreach)
		r.Metrics = nil
	}
	settle(r, plan.Critical, plan.Unknown, plan.Warning)
}

// stranded says whether something went wrong on the way up to the login, so that
// the session ended there.
func stranded(r *verdict.Report) bool {
	if r.Fleet != nil { // others may well have got there
		return false
	}
	end := -1
	for i, rec := range r.Session().Records {
		if rec.Step.Phase != plan.Quit {
			end = i
		}
	}
	if end < 0 || !upToLogin(r.Session().Records[end].Step.Phase) {
		return false
	}
	ended := r.Session().Cut || r.Session().Records[end].Failure != nil
	return ended && len(verdict.Without(r.Findings, isBreach)) > 0
}

func upToLogin(p plan.Phase) bool {
	return slices.Index(plan.Phases, p) <= slices.Index(plan.Phases, plan.SASLAuth)
}

// inDelivery says whether a phase is one of the message's.
func inDelivery(p plan.Phase) bool {
	return p == plan.MailFrom || p == plan.RcptTo || p == plan.Data || p == plan.Body
}

// translate puts the findings into Centreon's words, and adds what it says when
// all is well: in its formats those are outputs like any other, of state OK. A
// call of the plugin gets the number that it knows with its digits.
func translate(r *verdict.Report, mode Mode) {
	if r.Fleet == nil {
		r.Findings = translated(r)
	} else if r.State == plan.OK { // it knows no more than one server
		for _, text := range append(render.Timing(r), r.Proven...) {
			r.Findings = append(r.Findings, verdict.Finding{Text: text})
		}
	}
	for i, m := range r.Metrics {
		if m.Label == plan.Time && mode != "" {
			r.Metrics[i].Digits, r.Metrics[i].Min = 3, nil
		}
	}
}

// translated are the findings on one server.
func translated(r *verdict.Report) []verdict.Finding {
	failed := stranded(r)
	slow := verdict.Finding{Text: "Response time " + strconv.FormatFloat(r.Session().Total.Seconds(), 'f', 3, 64) + " second(s)"}
	var said []verdict.Finding
	prefix := "Unable to connect to SMTP: "
	for _, f := range r.Findings {
		switch {
		case f.Metric == plan.Time:
			slow.State = f.State
			continue
		case failed && upToLogin(f.Phase) && f.Phase != "":
			f.Text, prefix = prefix+words(f), ""
		case inDelivery(f.Phase):
			f.Text = "Unable to send message: " + words(f)
		}
		said = append(said, f)
	}
	if delivered(r) {
		said = append(said, verdict.Finding{Text: "Message sent"})
	}
	if !failed && ran(r) {
		said = append(said, slow)
	}
	return said
}

// delivered says whether the message was sent and nothing of it went wrong.
func delivered(r *verdict.Report) bool {
	sent := false
	for _, rec := range r.Session().Records {
		sent = sent || rec.Step.Phase == plan.Body && rec.Reply.Class() == 2
	}
	return sent && !slices.ContainsFunc(r.Findings, func(f verdict.Finding) bool { return inDelivery(f.Phase) })
}

// words are Centreon's for what went wrong: those of the system, or those of the
// server alone; who was refused of several recipients stands behind them. The
// rest, which it does not know, keeps ours.
func words(f verdict.Finding) string {
	switch {
	case f.Condition == plan.CondTimeout:
		return "timeout"
	case f.Condition == plan.CondConnect:
		return verdict.Capital(f.Words)
	case f.Failure != nil && f.Failure.Unknown():
		return "Name or service not known" // as the C library says it
	case f.Condition == plan.CondResolve:
		return verdict.Capital(f.Words)
	case f.Code == 0 || !refusal(f.Condition):
		return f.Text
	case f.Phase == plan.RcptTo:
		return f.Words + " (" + f.Asked + ")"
	}
	return f.Words
}

// refusal says whether a condition is that the server would not.
func refusal(c plan.Condition) bool {
	switch c {
	case plan.CondBanner, plan.CondRefused, plan.CondTempFail, plan.CondTLSRefused, plan.CondAuth:
		return true
	}
	return false
}
