package render

import (
	"encoding/json"

	"check_smtp/internal/facts"
	"check_smtp/internal/verdict"
)

// policy is what a domain publishes of MTA-STS (RFC 8461).
type policy struct {
	Domain string       `json:"domain"`
	ID     string       `json:"id,omitempty"`
	Mode   string       `json:"mode,omitempty"`
	MaxAge *int64       `json:"max_age,omitempty"`
	MX     []string     `json:"mx"`
	More   int          `json:"mx_more,omitempty"`
	SHA256 string       `json:"sha256,omitempty"`
	Fetch  *fetch       `json:"fetch,omitempty"`
	Cert   *secured     `json:"cert,omitempty"`
	Hosts  []stsCovered `json:"hosts"`
}

type fetch struct {
	Address string      `json:"address,omitempty"`
	Status  int         `json:"status,omitempty"`
	Seconds json.Number `json:"seconds"`
	Type    string      `json:"content_type,omitempty"`
	Failure string      `json:"failure,omitempty"` // why no whole answer came
}

// stsCovered is an exchanger, and whether senders find there what the policy
// promises.
type stsCovered struct {
	Host      string `json:"host"`
	CoveredBy string `json:"covered_by,omitempty"`
	OK        *bool  `json:"ok,omitempty"` // nil: nobody knows
	Why       string `json:"why,omitempty"`
}

func policyOf(r *verdict.Report) *policy {
	s := r.Survey.STS
	if s == nil {
		return nil
	}
	p := &policy{Domain: cleanDocument(s.Domain), ID: cleanDocument(s.Record.ID), MX: []string{}, Hosts: []stsCovered{}}
	if s.Policy != nil {
		p.Mode, p.SHA256 = cleanDocument(string(s.Policy.Mode)), s.Policy.SHA256
		if s.Policy.Flaw == nil {
			p.MaxAge = &s.Policy.MaxAge
		}
		p.More = more(len(s.Policy.MX))
		for _, mx := range some(s.Policy.MX) {
			p.MX = append(p.MX, cleanDocument(mx.Text))
		}
	}
	if s.Fetch != nil {
		p.Fetch = fetched(s.Fetch)
		p.Cert = certified(s.Fetch.TLS, r.Survey.Start)
	}
	hosts := some(s.Hosts)
	if s.Policy != nil && (s.Policy.Mode == facts.STSNone || s.Policy.Flaw != nil) { // it promises nothing
		hosts = nil
	}
	for _, h := range hosts {
		p.Hosts = append(p.Hosts, covered(r, s, h))
	}
	return p
}

func fetched(f *facts.STSFetch) *fetch {
	d := &fetch{Address: addressed(f.Address), Status: f.Status, Seconds: micros(f.Took), Type: cleanDocument(f.Type)}
	if f.Err != nil {
		d.Failure = cleanDocument(f.Err.Error())
	}
	return d
}

// covered says whether an exchanger is what the policy promises, as far as a session
// has shown it.
func covered(r *verdict.Report, s *facts.STS, h facts.STSHost) stsCovered {
	c := stsCovered{Host: cleanDocument(h.Host), CoveredBy: cleanDocument(h.CoveredBy)}
	yes, no := true, false
	if h.CoveredBy == "" {
		c.OK, c.Why = &no, "no mx of the policy covers it"
		return c
	}
	for i := range r.Sessions {
		f := &r.Sessions[i]
		if f.Host != h.Host {
			continue
		}
		if why := verdict.Unkept(f, s); why != "" {
			c.OK, c.Why = &no, cleanDocument(why)
			return c
		}
		if f.TLS != nil {
			c.OK = &yes
		}
	}
	return c
}

// reports is where a domain wants reports on TLS (RFC 8460).
type reports struct {
	Domain   string   `json:"domain"`
	Records  []string `json:"records"`
	RUA      []string `json:"rua"`
	Unusable []string `json:"unusable"`
	Old      bool     `json:"old_name"` // there is one at the name of an old draft only
}

func reportsOf(r *facts.TLSRPT) *reports {
	if r == nil {
		return nil
	}
	d := &reports{cleanDocument(r.Domain), cleanAll(some(r.Texts)), cleanAll(some(r.RUA)), []string{}, r.Old}
	for _, b := range some(r.Bad) {
		d.Unusable = append(d.Unusable, cleanDocument(b.Text))
	}
	return d
}
