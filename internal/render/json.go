package render

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// document is a whole report. What did not happen is left out, lists that hold
// nothing are empty. Its texts are clean. testdata/output.schema.json describes
// it.
type document struct {
	State    string  `json:"state"`
	ExitCode int     `json:"exit_code"`
	Summary  string  `json:"summary"`
	Start    string  `json:"start,omitempty"` // RFC 3339
	Target   *server `json:"target,omitempty"`
	course
	Banner       string      `json:"banner,omitempty"`
	Helo         string      `json:"helo,omitempty"`
	Capabilities keywords    `json:"capabilities,omitzero"`
	TLS          *secured    `json:"tls,omitempty"`
	Login        *login      `json:"login,omitempty"`
	Recipients   []recipient `json:"recipients"`
	LastCommand  string      `json:"last_cmd,omitempty"` // Circonus's names
	LastCode     int         `json:"last_code,omitempty"`
	LastMessage  string      `json:"last_message,omitempty"`
	ResponseTime json.Number `json:"responseTime,omitempty"` // HertzBeat's
	Response     string      `json:"response,omitempty"`
	SMTPBanner   string      `json:"smtpBanner,omitempty"`
	HeloInfo     string      `json:"heloInfo,omitempty"`
	Dialogue     []utterance `json:"dialogue,omitempty"` // with -vvv
	survey
}

// course is what a run and each of its targets have: what is wrong, and what was done.
type course struct {
	Findings     []finding `json:"findings"`
	MoreFindings int       `json:"findings_more,omitempty"`
	Notes        []string  `json:"notes"`
	MoreNotes    int       `json:"notes_more,omitempty"`
	Phases       []phase   `json:"phases"`
	Metrics      []metric  `json:"metrics"`
}

// keywords are those of a greeting, each with its parameters.
type keywords map[string][]string

type server struct {
	Host    string `json:"host"`
	Port    int    `json:"port,omitempty"`    // 0: a UNIX socket
	Address string `json:"address,omitempty"` // the one that was reached
	Tries   []try  `json:"tries,omitempty"`   // of several addresses
}

type try struct {
	Address string      `json:"address"`
	Seconds json.Number `json:"seconds"`
	Failure string      `json:"failure,omitempty"` // "": it answered
}

type finding struct {
	Target    string `json:"target,omitempty"` // of several the one that it is about
	State     string `json:"state"`
	Condition string `json:"condition,omitempty"` // "": a threshold
	Phase     string `json:"phase,omitempty"`     // "": the whole run
	Text      string `json:"text"`
}

type phase struct {
	Phase   string      `json:"phase"`
	Arg     string      `json:"arg,omitempty"`
	Seconds json.Number `json:"seconds"`
	Code    int         `json:"code,omitempty"`
	Reply   string      `json:"reply,omitempty"`   // the code included
	Refused string      `json:"refused,omitempty"` // what EHLO was answered before HELO was tried
	Failure string      `json:"failure,omitempty"` // what broke the conversation or kept us from going on
	Skipped string      `json:"skipped,omitempty"` // why an optional step was not taken
}

type metric struct {
	Label    string      `json:"label"`
	Value    json.Number `json:"value"`
	Unit     string      `json:"unit"`
	Warning  string      `json:"warning,omitempty"`
	Critical string      `json:"critical,omitempty"`
	Min      json.Number `json:"min,omitempty"`
	Max      json.Number `json:"max,omitempty"`
}

// secured is what there is to know of TLS; cert_ are Circonus's names.
type secured struct {
	Version string        `json:"version"`
	Cipher  string        `json:"cipher"`
	Proven  bool          `json:"proven"`
	Pin     string        `json:"pin"`
	Subject string        `json:"cert_subject"`
	Issuer  string        `json:"cert_issuer"`
	Start   int64         `json:"cert_start"`  // Unix time
	End     int64         `json:"cert_end"`    // Unix time
	EndIn   int64         `json:"cert_end_in"` // seconds
	Error   *string       `json:"cert_error"`  // nil: none
	Names   []string      `json:"cert_subject_alternative_names"`
	Chain   []certificate `json:"chain"`
	More    int           `json:"chain_more,omitempty"` // certificates sent after those
}

type certificate struct {
	Subject string `json:"subject"`
	Issuer  string `json:"issuer"`
	Start   int64  `json:"start"`
	End     int64  `json:"end"`
}

type login struct {
	Mechanism string `json:"mechanism"`
	Success   bool   `json:"success"`
	InClear   bool   `json:"in_clear"`
	Detail    string `json:"detail,omitempty"`
}

type recipient struct {
	Address string `json:"address"`
	Code    int    `json:"code,omitempty"`
	Reply   string `json:"reply,omitempty"`
}

type utterance struct {
	At   json.Number `json:"at"` // seconds since the start
	Who  string      `json:"who"`
	Text string      `json:"text"`
}

// asJSON prints one object on one line.
func asJSON(r verdict.Report, o plan.Output) []byte {
	return Encode(documented(&r, &o))
}

// Encode prints a document on one line.
func Encode(document any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.Encode(document) // what a document holds, JSON can
	return out.Bytes()
}

// documented is the whole document. With several targets what a session tells is
// that of the gravest.
func documented(r *verdict.Report, o *plan.Output) *document {
	d := documentOf(r, o)
	d.survey = surveyed(r, o)
	return d
}

// documentOf is what one session tells.
func documentOf(r *verdict.Report, o *plan.Output) *document {
	f := r.Session()
	d := &document{
		State:    r.State.String(),
		ExitCode: int(r.State),
		Summary:  clip("SMTP "+Summary(*r), maxFirst),
		course: course{
			Findings: findings(some(r.Findings)), MoreFindings: more(len(r.Findings)),
			Notes: cleanAll(some(r.Notes)), MoreNotes: more(len(r.Notes)),
			Metrics: metrics(r.Metrics, o.Perfdata),
		},
		TLS:   certified(f.TLS, f.Start),
		Login: loggedIn(f),
	}
	switch {
	case r.Survey != nil:
		d.Start = facts.Date(r.Survey.Start)
	case f.Begun():
		d.Start = facts.Date(f.Start)
	}
	if d.Start != "" && f.Host != "" {
		d.Target = contacted(f)
	}
	d.tell(f)
	d.announced(f)
	if o.Verbose >= 3 {
		d.Dialogue = spoken(f.Dialogue)
	}
	return d
}

func contacted(f *facts.Session) *server {
	s := &server{Host: cleanDocument(f.Host), Port: f.Port, Address: addressed(f.Address)}
	for _, t := range f.Tries {
		s.Tries = append(s.Tries, try{t.Addr.String(), micros(t.Took), cleanDocument(t.Reason())})
	}
	return s
}

// addressed is an address; "": there is none.
func addressed(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func cleanAll(texts []string) []string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = cleanDocument(text)
	}
	return list
}

func findings(all []verdict.Finding) []finding {
	list := make([]finding, len(all))
	for i, f := range all {
		list[i] = finding{cleanDocument(f.Target), f.State.String(), string(f.Condition), string(f.Phase), cleanDocument(f.Text)}
	}
	return list
}

func metrics(all []verdict.Metric, only []plan.Label) []metric {
	list := []metric{}
	for _, m := range Kept(all, only) {
		list = append(list, metric{
			cleanDocument(string(m.Label)), json.Number(m.Format()), cleanDocument(m.Unit),
			Threshold(m.Warning), Threshold(m.Critical), json.Number(Number(m.Min)), json.Number(Number(m.Max)),
		})
	}
	return list
}

// tell writes down what was said in each step.
func (d *document) tell(f *facts.Session) {
	d.Phases, d.Recipients = make([]phase, len(f.Records)), []recipient{}
	var before time.Duration
	for i := range f.Records {
		r := &f.Records[i]
		d.Phases[i] = played(r)
		if r.Step.Phase != plan.Credential {
			before += r.Took
		}
		switch reply := replied(r); r.Step.Phase {
		case plan.Banner:
			d.greeted(reply, before)
		case plan.Ehlo:
			d.Helo, d.HeloInfo = reply, reply
			if r.Reply.Code == 250 {
				d.Response = "OK"
			}
		case plan.RcptTo:
			d.Recipients = append(d.Recipients, recipient{cleanDocument(r.Step.Arg), r.Reply.Code, reply})
		}
		if r.Step.Phase != plan.Quit && r.Step.Phase != plan.Reset {
			d.LastCommand, d.LastCode = string(r.Step.Phase), r.Reply.Code
			d.LastMessage = strings.TrimPrefix(cleanDocument(outcome(r)), strconv.Itoa(r.Reply.Code)+" ")
		}
	}
}

// greeted is what HertzBeat has of the banner: the time until it was read, in
// milliseconds.
func (d *document) greeted(banner string, after time.Duration) {
	d.Banner, d.SMTPBanner = banner, banner
	if banner != "" {
		d.ResponseTime = json.Number(strconv.FormatFloat(after.Seconds()*1000, 'f', 3, 64))
	}
}

func played(r *facts.Record) phase {
	p := phase{
		Phase:   string(r.Step.Phase),
		Arg:     cleanDocument(r.Step.Arg),
		Seconds: micros(r.Took),
		Code:    r.Reply.Code,
		Reply:   replied(r),
		Refused: cleanDocument(r.Refused.String()),
		Skipped: cleanDocument(r.Skipped),
	}
	if r.Failure != nil || r.Problem != nil {
		p.Failure = cleanDocument(outcome(r))
	}
	return p
}

// replied is the reply to a step, its code included; "": there was none.
func replied(r *facts.Record) string {
	if r.Reply.Code == 0 {
		return ""
	}
	return cleanDocument(r.Reply.String())
}

func micros(d time.Duration) json.Number {
	return json.Number(strconv.FormatFloat(d.Seconds(), 'f', 6, 64))
}

func (d *document) announced(f *facts.Session) {
	if f.Caps == nil {
		return
	}
	d.Capabilities = keywords{}
	for _, keyword := range f.Caps.Keywords() {
		name := cleanDocument(keyword) // two keywords may be one when cleaned
		d.Capabilities[name] = append(cleanAll(f.Caps[keyword]), d.Capabilities[name]...)
	}
}

func loggedIn(f *facts.Session) *login {
	if f.Auth == nil {
		return nil
	}
	l := &login{Mechanism: string(f.Auth.Mechanism), InClear: f.Auth.InClear, Detail: cleanDocument(f.Auth.Detail)}
	for _, r := range f.Records {
		if r.Step.Phase == plan.SASLAuth {
			l.Success = r.Reply.Code == 235 && r.Failure == nil && r.Problem == nil
		}
	}
	return l
}

// certified is what a handshake showed at some time; nil: there was none.
func certified(t *facts.TLS, at time.Time) *secured {
	if t == nil {
		return nil
	}
	leaf := t.Chain[0]
	s := &secured{
		Version: tls.VersionName(t.Version),
		Cipher:  tls.CipherSuiteName(t.Suite),
		Proven:  doubt(t) == "",
		Pin:     pin(leaf),
		Subject: cleanDocument(leaf.Subject.String()),
		Issuer:  cleanDocument(leaf.Issuer.String()),
		Start:   leaf.NotBefore.Unix(),
		End:     leaf.NotAfter.Unix(),
		EndIn:   leaf.NotAfter.Unix() - at.Unix(),
		Names:   cleanAll(facts.Names(leaf)),
		More:    t.Sent - len(t.Chain),
	}
	if why := cleanDocument(doubt(t)); why != "" {
		s.Error = &why
	}
	for _, c := range t.Chain {
		s.Chain = append(s.Chain, certificate{cleanDocument(c.Subject.String()), cleanDocument(c.Issuer.String()), c.NotBefore.Unix(), c.NotAfter.Unix()})
	}
	return s
}

// doubt says why a certificate does not prove the server; "": it does.
func doubt(t *facts.TLS) string {
	why := t.Unproven()
	switch {
	case t.Path == nil:
		return "not checked"
	case why != "" || t.Outdated == nil:
		return why
	case t.Outdated == t.Chain[0]:
		return "it has expired or is not yet valid"
	}
	return "the certificate '" + facts.Title(t.Outdated) + "' in its chain has expired or is not yet valid"
}

// pin is what --pin takes for a certificate (RFC 7469 section 2.4).
func pin(c *x509.Certificate) string {
	key := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return "sha256//" + base64.StdEncoding.EncodeToString(key[:])
}

func spoken(lines []facts.Line) []utterance {
	var list []utterance
	for _, l := range lines {
		who := "server"
		if l.Client {
			who = "client"
		}
		list = append(list, utterance{micros(l.At), who, cleanDocument(l.Text)})
	}
	return list
}
