package verdict

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/smtp"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// told is a session in which the server gave these replies, one a phase; "": none.
func told(replies ...any) facts.Session {
	f := facts.Session{Host: "mx.test", Port: 25, Start: start, Timeout: 10 * time.Second, Verb: "EHLO", Total: time.Second}
	for i := 0; i < len(replies); i += 2 {
		r := facts.Record{Step: plan.Step{Phase: replies[i].(plan.Phase)}}
		switch what := replies[i+1].(type) {
		case string:
			if what == "" {
				break
			}
			r.Reply = smtp.Reply{Code: int(what[0]-'0')*100 + int(what[1]-'0')*10 + int(what[2]-'0'), Lines: []string{what}}
		case facts.Failure:
			r.Failure = &what
		case facts.Problem:
			r.Problem = &what
		}
		f.Records = append(f.Records, r)
	}
	return f
}

func failure(k facts.Kind, err error) facts.Failure { return facts.Failure{Kind: k, Err: err} }

func TestJudge(t *testing.T) {
	changed := func(c plan.Condition, s plan.State) plan.Limits {
		return plan.Limits{States: map[plan.Condition]plan.State{c: s}}
	}
	unsent := facts.Failure{Kind: facts.Closed, Sending: true, Err: syscall.EPIPE}
	cut := told(plan.Banner, "554 no", plan.Quit, unsent)
	cut.Cut = true
	tests := []struct {
		name   string
		facts  facts.Session
		limits plan.Limits
		state  plan.State
		text   string // of the gravest finding; "": none
	}{
		{"all is well", told(plan.Banner, "220 x", plan.Ehlo, "250 x", plan.Quit, "221 x"), plan.Limits{}, plan.OK, ""},
		{"QUIT refused", told(plan.Banner, "220 x", plan.Ehlo, "250 x", plan.Quit, "500 x"), plan.Limits{}, plan.OK, ""},
		{"no name", told(plan.DNS, failure(facts.NoHost, errors.New("no such host"))), plan.Limits{}, plan.Unknown, "Invalid hostname/address - mx.test (no such host)"},
		{"no connection", told(plan.Connect, failure(facts.NoConnect, os.NewSyscallError("connect", syscall.ECONNREFUSED))), plan.Limits{}, plan.Critical, "connect to address mx.test and port 25: Connection refused"},
		{"late", told(plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded)), plan.Limits{}, plan.Critical, "Socket timeout after 10 seconds during banner"},
		{"late, not by the server's fault alone", facts.Session{Timeout: 10 * time.Second, Deadline: time.Time{}.Add(3 * time.Second), Records: told(plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded)).Records},
			plan.Limits{}, plan.Critical, "Socket timeout after 10 seconds, 7.000 of them before the session, during banner"},
		{"late, as patterns took long", facts.Session{Timeout: 10 * time.Second, Ours: 4 * time.Second, Records: told(plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded)).Records},
			plan.Limits{}, plan.Critical, "Socket timeout after 10 seconds, 4.000 of them this program's own, during banner"},
		{"late for both", facts.Session{Timeout: 10 * time.Second, Deadline: time.Time{}.Add(7 * time.Second), Ours: 4 * time.Second, Records: told(plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded)).Records},
			plan.Limits{}, plan.Critical, "Socket timeout after 10 seconds, 3.000 of them before the session and 4.000 this program's own, during banner"},
		{"late at QUIT, as patterns took long", facts.Session{Timeout: 10 * time.Second, Ours: 4 * time.Second, Total: 6 * time.Second, Records: []facts.Record{{Step: plan.Step{Phase: plan.Quit}, Took: plan.Parting, Failure: &facts.Failure{Kind: facts.TimedOut, Err: os.ErrDeadlineExceeded}}}},
			plan.Limits{}, plan.Critical, "Socket timeout after 10 seconds, 4.000 of them this program's own, during quit"},
		{"late, and that is fine", told(plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded)), changed(plan.CondTimeout, plan.OK), plan.OK, ""},
		{"closed before the greeting", told(plan.Banner, failure(facts.Closed, syscall.ECONNRESET)), plan.Limits{}, plan.Warning, "banner: connection closed by the server (connection reset by peer)"},
		{"closed after it", told(plan.Ehlo, "250 x", plan.Command, failure(facts.Closed, syscall.ECONNRESET)), plan.Limits{}, plan.Critical, "command ''"},
		{"no SMTP before the greeting", told(plan.Banner, failure(facts.NotSMTP, &smtp.SyntaxError{Reason: "not a reply", Line: "hi"})), plan.Limits{}, plan.Warning, "not a reply: \"hi\""},
		{"no SMTP after it", told(plan.Ehlo, "250 x", plan.MailFrom, failure(facts.NotSMTP, &smtp.SyntaxError{})), plan.Limits{}, plan.Critical, "during mailfrom <>"},
		{"stopped", told(plan.Banner, failure(facts.Interrupted, errors.New("stopped by SIGTERM"))), plan.Limits{}, plan.Unknown, "stopped by SIGTERM during banner"},
		{"banner", told(plan.Banner, "554 no"), plan.Limits{}, plan.Warning, "banner refused: 554 no (Invalid SMTP response received from host)"},
		{"banner, and that is grave", told(plan.Banner, "554 no"), changed(plan.CondBanner, plan.Critical), plan.Critical, "554 no"},
		{"greeting refused", told(plan.Ehlo, "550 no"), plan.Limits{}, plan.Critical, "ehlo refused: 550 no"},
		{"greeting put off", told(plan.Ehlo, "451 no"), plan.Limits{}, plan.Warning, "ehlo deferred: 451 no"},
		{"greeting inside TLS refused", told(plan.EhloTLS, "550 no"), plan.Limits{}, plan.Critical, "ehlo inside TLS refused: 550 no"},
		{"MAIL refused", told(plan.MailFrom, "550 no"), plan.Limits{}, plan.Critical, "mailfrom <> refused: 550 no"},
		{"MAIL answered 354", told(plan.MailFrom, "354 go"), plan.Limits{}, plan.Critical, "answered out of turn: 354 go"},
		{"recipient refused", told(plan.RcptTo, "550 no"), plan.Limits{}, plan.Critical, "rcptto refused: 550 no"},
		{"recipient forwarded", told(plan.RcptTo, "251 ok"), plan.Limits{}, plan.OK, ""},
		{"recipient put off", told(plan.RcptTo, "450 no"), plan.Limits{}, plan.Warning, "rcptto deferred: 450 no"},
		{"DATA answered 250", told(plan.Data, "250 ok"), plan.Limits{}, plan.Critical, "data answered out of turn: 250 ok"},
		{"message taken", told(plan.Data, "354 go", plan.Body, "250 ok"), plan.Limits{}, plan.OK, ""},
		{"message refused", told(plan.Data, "354 go", plan.Body, "552 no"), plan.Limits{}, plan.Critical, "body refused: 552 no"},
		{"lost after the dot", told(plan.Ehlo, "250 x", plan.Body, failure(facts.Closed, syscall.ECONNRESET)), plan.Limits{}, plan.Critical, ", delivery unknown"},
		{"lost after the dot, and that is fine", told(plan.Ehlo, "250 x", plan.Body, failure(facts.Closed, syscall.ECONNRESET)), changed(plan.CondClosed, plan.OK), plan.OK, ""},
		{"unreadable", told(plan.Ehlo, "250 x", plan.Body, facts.Failure{Kind: facts.BrokenOff, Sending: true, Err: errors.New("EIO")}), plan.Limits{}, plan.Unknown, "body: the message cannot be read, and was not sent to its end: EIO"},
		{"message too large", told(plan.MailFrom, facts.Problem{Kind: facts.Unfit, Lacks: "SIZE", Size: 10, Limit: 9}), plan.Limits{}, plan.Critical, "mailfrom <> not sent: the message has 10 bytes, the server takes 9 (SIZE)"},
		{"STARTTLS not there", told(plan.STARTTLS, facts.Problem{Kind: facts.NotOffered, Lacks: "STARTTLS"}), plan.Limits{}, plan.Warning, "TLS not supported by server: STARTTLS not offered"},
		{"STARTTLS refused", told(plan.STARTTLS, "454 no"), plan.Limits{}, plan.Unknown, "starttls refused: 454 no"},
		{"handshake", told(plan.Shake, failure(facts.Handshake, errors.New("why"))), plan.Limits{}, plan.Critical, "Cannot make SSL connection: why"},
		{"injected", told(plan.STARTTLS, failure(facts.Injected, errors.New("plain text"))), plan.Limits{}, plan.Critical, "the server said plain text where TLS had to begin"},
		{"login refused", told(plan.SASLAuth, "535 no"), plan.Limits{}, plan.Critical, "sasl_auth refused: 535 no"},
		{"login failed for now", told(plan.SASLAuth, "454 no"), plan.Limits{}, plan.Critical, "sasl_auth failed for now: 454 no"},
		{"login answered 250", told(plan.SASLAuth, "250 ok"), plan.Limits{}, plan.Critical, "sasl_auth answered out of turn: 250 ok"},
		{"no mechanism", told(plan.SASLAuth, facts.Problem{Kind: facts.NotOffered, Text: "none"}), changed(plan.CondAuthMissing, plan.Warning), plan.Warning, "sasl_auth: none"},
		{"impostor", told(plan.SASLAuth, facts.Problem{Kind: facts.Impostor, Text: "who"}), plan.Limits{}, plan.Critical, "sasl_auth: who"},
		{"QUIT answered out of step", told(plan.Body, "250 ok", plan.Quit, "554 rejected"), plan.Limits{}, plan.Critical, "quit answered 554 rejected"},
		{"QUIT not known", told(plan.Body, "250 ok", plan.Quit, "502 what"), plan.Limits{}, plan.OK, ""},
		{"leaving at QUIT", told(plan.Body, "250 ok", plan.Quit, "421 bye"), plan.Limits{}, plan.OK, ""},
		{"QUIT not sent", told(plan.Ehlo, "250 x", plan.Quit, unsent), plan.Limits{}, plan.Unknown, "Connection closed by server before sending QUIT command"},
		{"QUIT not sent, -q", told(plan.Ehlo, "250 x", plan.Quit, unsent), changed(plan.CondQuit, plan.OK), plan.OK, ""},
		{"QUIT not sent after a refusal", cut, plan.Limits{}, plan.Warning, "554 no"},
		{"the gravest first", told(plan.Banner, "554 no", plan.MailFrom, "550 no"), plan.Limits{}, plan.Critical, "mailfrom"},
	}
	for _, tt := range tests {
		r := Judge(facts.Of(tt.facts), tt.limits)
		text := ""
		if len(r.Findings) > 0 {
			text = r.Findings[0].Text
		}
		if r.State != tt.state || !strings.Contains(text, tt.text) || (text == "") != (tt.text == "") {
			t.Errorf("%s: %v %q, want %v %q", tt.name, r.State, text, tt.state, tt.text)
		}
	}
}

func certified(from, to time.Duration) facts.Session {
	f := told(plan.Banner, "220 x")
	f.Records = append(f.Records, facts.Record{Step: plan.Step{Phase: plan.Shake}})
	leaf := &x509.Certificate{Subject: pkix.Name{CommonName: "mx.test"}, NotBefore: start.Add(from), NotAfter: start.Add(to)}
	f.TLS = &facts.TLS{Chain: []*x509.Certificate{leaf}}
	return f
}

func TestDates(t *testing.T) {
	days := func(n float64) *plan.Expiry { return &plan.Expiry{Amount: n, Of: plan.CertDays} }
	tests := []struct {
		name              string
		left              time.Duration
		warning, critical *plan.Expiry
		want              plan.State
	}{
		{"no limit", time.Hour, nil, nil, plan.OK},
		{"enough", 31 * day, days(30), days(7), plan.OK},
		{"a whole day counts", 31*day - 1, days(30), days(7), plan.Warning},
		{"exactly", 30 * day, days(30), days(7), plan.Warning},
		{"critical", 8*day - 1, days(30), days(7), plan.Critical},
		{"less than a day", day - 1, days(0), days(0), plan.Critical},
		{"a day", day, days(0), days(0), plan.OK},
		{"hours", 36 * time.Hour, &plan.Expiry{Amount: 36, Of: plan.CertHours}, nil, plan.Warning},
		{"more hours", 36*time.Hour + 1, &plan.Expiry{Amount: 36, Of: plan.CertHours}, nil, plan.OK},
		{"percent", 30 * day, &plan.Expiry{Amount: 30, Of: plan.CertPercent}, nil, plan.Warning},
		{"more percent", 31 * day, &plan.Expiry{Amount: 30, Of: plan.CertPercent}, nil, plan.OK},
		{"expired", -time.Second, nil, nil, plan.Critical},
	}
	for _, tt := range tests {
		f := certified(tt.left-100*day, tt.left)
		r := Judge(facts.Of(f), plan.Limits{Cert: plan.Certificate{Warning: tt.warning, Critical: tt.critical}})
		if r.State != tt.want {
			t.Errorf("%s: %v %v, want %v", tt.name, r.State, r.Findings, tt.want)
		}
		ignored := Judge(facts.Of(f), plan.Limits{Cert: plan.Certificate{Warning: tt.warning, Critical: tt.critical, IgnoreExpiry: true}})
		if ignored.State != plan.OK || len(ignored.Notes) == 0 {
			t.Errorf("%s, ignored: %v %v", tt.name, ignored.State, ignored.Notes)
		}
	}
	if r := Judge(facts.Of(certified(day, 90*day)), plan.Limits{}); r.State != plan.Critical {
		t.Errorf("not yet valid: %v", r.State)
	}
}

func TestTrust(t *testing.T) {
	f := certified(-day, 90*day)
	f.TLS.Untrusted, f.TLS.Misnamed, f.TLS.Unpinned = errors.New("it is self-signed"), errors.New("not valid for x"), true
	r := Judge(facts.Of(f), plan.Limits{})
	if len(r.Findings) != 1 || r.Findings[0].Condition != plan.CondCertPin || len(r.Notes) != 2 {
		t.Errorf("without --verify: %v, %v", r.Findings, r.Notes)
	}
	r = Judge(facts.Of(f), plan.Limits{States: map[plan.Condition]plan.State{plan.CondCertUntrusted: plan.Critical, plan.CondCertName: plan.Warning}})
	if len(r.Findings) != 3 || len(r.Notes) != 0 {
		t.Errorf("with --verify: %v, %v", r.Findings, r.Notes)
	}
}

func TestThresholds(t *testing.T) {
	within := func(text string) plan.Range {
		r, err := plan.ParseRange(text)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	f := told(plan.Banner, "220 x")
	f.Records[0].Took = 400 * time.Millisecond
	l := plan.Limits{
		Warning:  map[plan.Label]plan.Range{plan.Time: within("0.5"), plan.Banner.TimeOf(): within("0.1")},
		Critical: map[plan.Label]plan.Range{plan.Time: within("1"), plan.Banner.TimeOf(): within("0.2")},
	}
	r := Judge(facts.Of(f), l)
	want := []string{"banner_time is 0.400s, limit 0.2", "time is 1.000s, limit 0.5, most of it banner 0.400s"}
	if len(r.Findings) != 2 || r.Findings[0].Text != want[0] || r.Findings[1].Text != want[1] || r.State != plan.Critical {
		t.Errorf("%v %v", r.State, r.Findings)
	}
}

// TestFields: whoever goes on with a finding has its parts, and need not read its
// text.
func TestFields(t *testing.T) {
	f := told(plan.Ehlo, "250 x", plan.MailFrom, "550 5.7.1 no")
	f.Records[1].Step.Arg = "a@b"
	w := Judge(facts.Of(f), plan.Limits{}).Findings[0]
	if w.Condition != plan.CondRefused || w.Phase != plan.MailFrom || w.Asked != "a@b" || w.Code != 550 || w.Enhanced != "5.7.1" || w.Words != "550 5.7.1 no" || w.Failure != nil || w.Hint != "" {
		t.Errorf("%+v", w)
	}
	f = told(plan.Banner, failure(facts.TimedOut, os.ErrDeadlineExceeded))
	w = Judge(facts.Of(f), plan.Limits{}).Findings[0]
	if w.Condition != plan.CondTimeout || w.Failure == nil || w.Hint != slowOrWaitHint || !strings.HasSuffix(w.Text, " ("+slowOrWaitHint+")") {
		t.Errorf("%+v", w)
	}
}
