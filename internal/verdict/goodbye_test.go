package verdict

import (
	"io"
	"os"
	"strings"
	"testing"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// expecting is what --expect-reply asks for.
func expecting(t *testing.T, text string) *plan.Expect {
	t.Helper()
	_, e, err := plan.ParseExpectReply(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// cutShort is a session that a step ended, with what was still to come.
func cutShort(f facts.Session, e *plan.Expect, missed ...plan.Step) facts.Session {
	f.Cut, f.Missed = true, missed
	f.Records[len(f.Records)-1].Step.Expect = e
	return f
}

// TestGoodbye: what QUIT is answered, in a session in which nothing was refused.
func TestGoodbye(t *testing.T) {
	ended := func(left bool, replies ...any) facts.Session {
		f := told(replies...)
		f.Left = left
		return f
	}
	refused := cutShort(told(plan.Ehlo, "250 x", plan.MailFrom, "550 no"), expecting(t, "mailfrom=550"))
	refused.Records = append(refused.Records, told(plan.Quit, "250 ok").Records...)
	tests := []struct {
		name  string
		facts facts.Session
		state plan.State
	}{
		{"221", ended(false, plan.MailFrom, "250 x", plan.Quit, "221 bye"), plan.OK},
		{"other words", ended(true, plan.MailFrom, "250 x", plan.Quit, "250 bye"), plan.OK},
		{"other words after a refusal", refused, plan.Critical},
		{"354", ended(false, plan.MailFrom, "250 x", plan.Quit, "354 go"), plan.Critical},
		{"421, and on", ended(false, plan.MailFrom, "250 x", plan.Quit, "421 bye"), plan.OK},
		{"421, and gone", ended(true, plan.MailFrom, "250 x", plan.Quit, "421 bye"), plan.Warning},
		{"421, gone, and only the banner was asked for", ended(true, plan.Banner, "220 x", plan.Quit, "421 bye"), plan.OK},
		{"500, and on", ended(false, plan.MailFrom, "250 x", plan.Quit, "500 what"), plan.OK},
		{"500, and gone", ended(true, plan.MailFrom, "250 x", plan.Quit, "500 what"), plan.Critical},
		{"504, and gone", ended(true, plan.MailFrom, "250 x", plan.Quit, "504 what"), plan.Critical},
		{"505", ended(false, plan.MailFrom, "250 x", plan.Quit, "505 what"), plan.Critical},
		{"451", ended(false, plan.MailFrom, "250 x", plan.Quit, "451 later"), plan.Critical},
		{"500, gone, and only the banner was asked for", ended(true, plan.Banner, "220 x", plan.Quit, "500 what"), plan.OK},
		{"500, gone, and the header was said", ended(true, plan.ProxyHdr, "", plan.Banner, "220 x", plan.Quit, "500 what"), plan.Critical},
	}
	for _, tt := range tests {
		if r := Judge(facts.Of(tt.facts), plan.Limits{}); r.State != tt.state {
			t.Errorf("%s: %v %v, want %v", tt.name, r.State, r.Findings, tt.state)
		}
	}
}

// TestProxyHint: the PROXY header is named where it can be the cause, and only
// there.
func TestProxyHint(t *testing.T) {
	with := func(e *plan.Expect, replies ...any) facts.Session {
		f := told(append([]any{plan.ProxyHdr, ""}, replies...)...)
		f.Records[len(f.Records)-1].Step.Expect = e
		return f
	}
	pattern, err := plan.CompileReply("^252")
	if err != nil {
		t.Fatal(err)
	}
	response := &plan.Expect{Condition: plan.CondResponse, Pattern: pattern}
	tests := []struct {
		name  string
		facts facts.Session
		want  bool
	}{
		{"banner refused", with(nil, plan.Banner, "554 no"), true},
		{"other banner", with(&plan.Expect{Condition: plan.CondBanner, Text: "x", Asked: "x"}, plan.Banner, "220 y"), false},
		{"no banner", with(nil, plan.Banner, failure(facts.Closed, io.EOF)), true},
		{"banner late", with(nil, plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded)), false},
		{"EHLO refused", with(nil, plan.Banner, "220 x", plan.Ehlo, "500 no"), true},
		{"EHLO put off, against all expectations", with(expecting(t, "ehlo=250"), plan.Banner, "220 x", plan.Ehlo, "421 no"), true},
		{"MAIL refused", with(nil, plan.Ehlo, "250 x", plan.MailFrom, "550 no"), false},
		{"MAIL lost", with(nil, plan.Ehlo, "250 x", plan.MailFrom, failure(facts.Closed, io.EOF)), false},
		{"DATA out of turn", with(nil, plan.Ehlo, "250 x", plan.Data, "250 ok"), true},
		{"open relay", with(expecting(t, "rcptto=550"), plan.Ehlo, "250 x", plan.RcptTo, "250 ok"), false},
		{"-R does not match", with(response, plan.Ehlo, "250 x", plan.Command, "250 ok"), false},
		{"QUIT out of step", with(nil, plan.Ehlo, "250 x", plan.Quit, "550 no"), true},
	}
	for _, tt := range tests {
		r := Judge(facts.Of(tt.facts), plan.Limits{})
		if len(r.Findings) != 1 || strings.Contains(r.Findings[0].Text, "PROXY") != tt.want {
			t.Errorf("%s: %v", tt.name, r.Findings)
		}
	}
}
