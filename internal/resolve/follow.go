package resolve

import (
	"net/netip"
	"time"

	"check_smtp/internal/facts"
	"check_smtp/internal/plan"
)

// maxAliases is how many aliases are followed.
const maxAliases = 10

// answered makes an answer of a reply that is one: what of it belongs to the
// question. A server may put other things beside it.
func (q question) answered(r reply, now time.Time) Answer {
	a := Answer{Owner: q.name, Unread: r.unread}
	a.Query = facts.Query{Name: q.name, Type: q.typ.String(), RCode: r.code, EDE: r.ede, Status: facts.Answered}
	for to := r.alias(a.Owner); to != ""; to = r.alias(a.Owner) {
		a.step(Alias{Name: a.Owner, To: to})
		if q.typ == CNAME || a.Status != facts.Answered {
			break
		}
	}
	if a.Status == facts.Answered && r.code == noError {
		a.collect(&r)
	}
	if a.Status == facts.Answered {
		a.conclude(q, &r)
	}
	a.Expires = r.expires(&a, now)
	return a
}

// alias is where an alias leads; "": there is none of this name.
func (r *reply) alias(name string) string {
	for _, record := range r.records {
		if to, ok := record.body.(target); ok && record.owner == name {
			return string(to)
		}
	}
	return ""
}

// step follows one alias, if it leads on.
func (a *Answer) step(next Alias) {
	if len(a.Aliases) == maxAliases {
		a.Status = facts.Malformed
		return
	}
	a.Aliases = append(a.Aliases, next)
	a.Owner = next.To
	for _, before := range a.Aliases {
		if before.Name == next.To {
			a.Status = facts.AliasLoop
		}
	}
}

// collect takes the records of the owner.
func (a *Answer) collect(r *reply) {
	for _, record := range r.records {
		if record.owner != a.Owner {
			continue
		}
		switch body := record.body.(type) {
		case Exchange:
			a.MX = append(a.MX, body)
		case Service:
			a.SRV = append(a.SRV, body)
		case netip.Addr:
			a.Addrs = append(a.Addrs, body)
		case text:
			a.TXT = append(a.TXT, string(body))
		case plan.TLSA:
			a.TLSA = append(a.TLSA, body)
		case server:
			a.NS = append(a.NS, string(body))
		}
	}
}

// conclude says what it means that there are such records, or none.
func (a *Answer) conclude(q question, r *reply) {
	switch found := a.records() > 0 || q.typ == CNAME && a.Aliases != nil; {
	case r.code == nxDomain:
		a.Status = facts.NoName
	case found:
	case a.Unread > 0:
		a.Status = facts.Malformed
	case a.Aliases != nil && !r.final:
		a.dangling = true
	default:
		a.Status = facts.NoData
	}
}

func (a *Answer) records() int {
	return len(a.MX) + len(a.SRV) + len(a.Addrs) + len(a.TXT) + len(a.TLSA) + len(a.NS)
}

// expires is when the first of the signatures over what was followed and found
// ends; zero: there are none.
func (r *reply) expires(a *Answer, now time.Time) time.Time {
	var first time.Time
	for _, record := range r.records {
		s, ok := record.body.(signature)
		if end := s.end(now); ok && a.passed(record.owner) && (first.IsZero() || end.Before(first)) {
			first = end
		}
	}
	return first
}

// passed says whether a name was asked for or led to.
func (a *Answer) passed(name string) bool {
	for _, alias := range a.Aliases {
		if alias.Name == name {
			return true
		}
	}
	return a.Owner == name
}

// then is an answer that ends with an alias, joined with that about its target.
func (a Answer) then(next Answer) Answer {
	sum := next
	sum.Name, sum.Took = a.Name, a.Took+next.Took
	sum.Secure, sum.Trusted = a.Secure && next.Secure, a.Trusted && next.Trusted
	sum.Unread += a.Unread
	sum.Owner, sum.Aliases = a.Owner, a.Aliases[:len(a.Aliases):len(a.Aliases)]
	for _, alias := range next.Aliases {
		if sum.step(alias); sum.Status == facts.AliasLoop || sum.Status == facts.Malformed {
			sum.dangling = false
			sum.MX, sum.SRV, sum.Addrs, sum.TXT, sum.TLSA, sum.NS = nil, nil, nil, nil, nil, nil
			break
		}
	}
	if sum.Expires.IsZero() || !a.Expires.IsZero() && a.Expires.Before(sum.Expires) {
		sum.Expires = a.Expires
	}
	return sum
}
