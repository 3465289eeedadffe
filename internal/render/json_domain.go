package render

import (
	"cmp"
	"encoding/json"
	"fmt"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
	"check_smtp/internal/verdict"
)

// survey is what a document holds of a run beyond its gravest session.
type survey struct {
	RunTime   json.Number `json:"run_time,omitempty"`  // seconds
	Discovery *discovery  `json:"discovery,omitempty"` // with --mx, --srv or several targets
	Targets   []member    `json:"targets,omitempty"`   // likewise
	DNS       []query     `json:"dns,omitempty"`
	MoreDNS   int         `json:"dns_more,omitempty"`
	DANE      *pinned     `json:"dane,omitempty"`
	STS       *policy     `json:"mta_sts,omitempty"`
	TLSRPT    *reports    `json:"tlsrpt,omitempty"`
}

type discovery struct {
	Kind     string    `json:"kind"`
	Domain   string    `json:"domain,omitempty"`   // of the domain or service
	Expanded string    `json:"expanded,omitempty"` // what that is an alias of
	Secure   bool      `json:"secure"`
	Implicit bool      `json:"implicit"`
	Null     bool      `json:"null_mx"`
	Records  []record  `json:"records"`
	More     int       `json:"records_more,omitempty"`
	Skipped  []skipped `json:"skipped"`
	Cut      int       `json:"targets_more,omitempty"` // that were left out
}

type record struct {
	Preference *int     `json:"preference,omitempty"` // or priority
	Weight     *int     `json:"weight,omitempty"`     // of a service
	Host       string   `json:"host"`
	Port       int      `json:"port,omitempty"` // where it is not the same for all
	AliasOf    string   `json:"alias_of,omitempty"`
	Addresses  []string `json:"addresses"`
	Secure     bool     `json:"secure"`
}

type skipped struct {
	Host    string `json:"host"`
	Address string `json:"address"`
	Why     string `json:"why"`
}

// member is one of several targets.
type member struct {
	Host       string `json:"host"`
	Address    string `json:"address,omitempty"` // that was reached, or the only one that counts
	Port       int    `json:"port"`
	Preference *int   `json:"preference,omitempty"`
	State      string `json:"state"`
	course
	TLS          *secured    `json:"tls,omitempty"`
	Capabilities keywords    `json:"capabilities,omitzero"`
	DANE         *pinned     `json:"dane,omitempty"`
	Dialogue     []utterance `json:"dialogue,omitempty"` // with -vvv
}

type query struct {
	Name    string      `json:"name"`
	Type    string      `json:"type"`
	Status  string      `json:"status"`
	Secure  bool        `json:"secure"`
	Seconds json.Number `json:"seconds"`
	EDE     *ede        `json:"ede,omitempty"`
}

// ede is an extended DNS error (RFC 8914).
type ede struct {
	Code int    `json:"code"`
	Text string `json:"text,omitempty"`
}

// surveyed is what there is to tell of a run with a survey; nothing without.
func surveyed(r *verdict.Report, o *plan.Output) survey {
	s := r.Survey
	if s == nil {
		return survey{}
	}
	d := survey{RunTime: micros(s.Took), DANE: pinnedTo(r.Session().DANE, r.Asked), STS: policyOf(r), TLSRPT: reportsOf(s.TLSRPT)}
	if r.Fleet != nil {
		d.Discovery = discoveryOf(s)
		for i := range r.Fleet.Targets {
			d.Targets = append(d.Targets, memberOf(r, &r.Fleet.Targets[i], o))
		}
	}
	d.MoreDNS = more(len(s.Queries))
	for _, q := range some(s.Queries) {
		d.DNS = append(d.DNS, queried(q))
	}
	return d
}

func discoveryOf(s *facts.Survey) *discovery {
	f := s.Found
	if f.Kind == "" { // it was not begun
		return nil
	}
	d := &discovery{
		Kind: string(f.Kind), Domain: cleanDocument(f.Name), Expanded: cleanDocument(f.Expanded),
		Secure: f.Secure, Implicit: f.Implicit, Null: f.Null, Records: []record{}, More: more(len(f.Hosts)), Skipped: []skipped{}, Cut: f.Cut,
	}
	for _, h := range some(f.Hosts) {
		d.Records = append(d.Records, recorded(h, f.Kind))
	}
	for _, x := range some(s.Skipped) {
		d.Skipped = append(d.Skipped, skipped{cleanDocument(x.Host), x.Addr.String(), cleanDocument(x.Why)})
	}
	return d
}

func recorded(h facts.Exchanger, kind facts.DiscoveryKind) record {
	r := record{Host: cleanDocument(h.Host), AliasOf: cleanDocument(h.Alias), Addresses: []string{}, Secure: h.Secure}
	r.Preference = ranked(h.Rank, kind)
	if kind != facts.ByMX {
		r.Port = h.Port
	}
	if kind == facts.BySRV {
		r.Weight = &h.Weight
	}
	for _, a := range some(h.Addrs) {
		r.Addresses = append(r.Addresses, a.String())
	}
	return r
}

// ranked is a preference or priority; nil: a host that the user has named has none.
func ranked(rank int, kind facts.DiscoveryKind) *int {
	if kind == facts.ByHost {
		return nil
	}
	return &rank
}

func memberOf(r *verdict.Report, t *verdict.Target, o *plan.Output) member {
	f := t.Session
	d := documentOf(t.Report(), o)
	m := member{
		Host: cleanDocument(f.Host), Address: addressed(f.Address), Port: f.Port,
		Preference: ranked(f.Rank, r.Survey.Found.Kind), State: d.State, course: d.course,
		TLS: d.TLS, Capabilities: d.Capabilities, Dialogue: d.Dialogue, DANE: pinnedTo(f.DANE, r.Asked),
	}
	if m.Address == "" && len(f.Addrs) == 1 {
		m.Address = f.Addrs[0].String()
	}
	return m
}

func queried(q facts.Query) query {
	d := query{cleanDocument(q.Name), q.Type, string(q.Status), q.Secure, micros(q.Took), nil}
	if q.EDE != nil {
		d.EDE = &ede{q.EDE.Code, cleanDocument(q.EDE.Text)}
	}
	return d
}

// pinned is what the DNS says of the keys of a target (RFC 7672).
type pinned struct {
	Mode       string   `json:"mode"`
	Base       string   `json:"base,omitempty"`
	Candidates []string `json:"candidates"`
	MXSecure   bool     `json:"mx_secure"`
	HostSecure bool     `json:"host_secure"`
	Names      []string `json:"names"`
	Records    []tlsa   `json:"records"`
	More       int      `json:"records_more,omitempty"`
	Result     string   `json:"result,omitempty"` // "": no handshake was looked at
	Expires    string   `json:"rrsig_expires,omitempty"`
}

type tlsa struct {
	Usage      uint8  `json:"usage"`
	Selector   uint8  `json:"selector"`
	Matching   uint8  `json:"matching"`
	Data       string `json:"data"` // in hex, cut like all texts
	Usable     *bool  `json:"usable,omitempty"`
	Why        string `json:"why,omitempty"` // it is not usable, or the anchor proves nothing
	Considered *bool  `json:"considered,omitempty"`
	Matches    *bool  `json:"matches,omitempty"`
	AtDepth    *int   `json:"at_depth,omitempty"`
}

func pinnedTo(d *facts.DANE, asked *plan.Fold) *pinned {
	if d == nil || asked == nil {
		return nil
	}
	p := &pinned{
		Mode: string(cmp.Or(asked.DANE, plan.AskAuto)), Base: cleanDocument(d.Base), Candidates: cleanAll(d.Candidates),
		MXSecure: d.HopSecure, HostSecure: d.HostSecure, Names: cleanAll(d.Names), Records: []tlsa{}, More: more(len(d.Records)), Result: string(d.Result),
	}
	if !d.Expires.IsZero() {
		p.Expires = facts.Date(d.Expires)
	}
	for i, r := range some(d.Records) {
		t := tlsa{Usage: r.Usage, Selector: r.Selector, Matching: r.Matching, Data: hexed(r.Data)}
		if key := d.Worst(); key != nil && i < len(key.Records) {
			t.met(key.Records[i])
		}
		p.Records = append(p.Records, t)
	}
	return p
}

// hexed is data in hex. Of what is longer than any text only the beginning is made.
func hexed(data []byte) string {
	return cleanDocument(fmt.Sprintf("%x", data[:min(len(data), maxText/2+1)]))
}

// met is what became of a record in a handshake.
func (t *tlsa) met(m facts.TLSAMatch) {
	usable := m.Fault == facts.TLSAUsable
	t.Usable, t.Considered, t.Matches = &usable, &m.Considered, &m.Matches
	if t.Why = string(m.Fault); usable {
		t.Why = string(m.Anchor)
	}
	if m.Depth >= 0 && m.Matches {
		t.AtDepth = &m.Depth
	}
}
