package smtptest

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// Zone is a resolver that knows everything it is asked for. It is written in lines
// of words:
//
//	example.org MX 10 mx1.example.org
//	mx1.example.org A 192.0.2.1
//	_25._tcp.mx1.example.org TLSA 3 1 1 0d32515a...
//	_mta-sts.example.org TXT "v=STSv1; " "id=1"
//	example.org SIGNED 336h       everything there and below, signatures end then
//	sub.example.org UNSIGNED      and below
//	mx2.example.org A SERVFAIL    or another fault; a type "*" is any
//
// Faults are SERVFAIL, REFUSED, FORMERR, NOTIMP, NXDOMAIN; BOGUS, which is SERVFAIL
// unless signatures need not be verified; SILENT; STUCK, which heeds no deadline; TRUNCATED, over TCP as well; GARBAGE,
// whose answer cannot be read; OTHER, an answer to another question; and FOREIGN, one
// to another query.
//
// A name of which there is nothing does not exist.
type Zone struct {
	records map[string][]dnsmessage.Resource
	faults  map[string]string        // by name and type
	signed  map[string]time.Duration // how long signatures hold; below 0: there are none
}

const typeTLSA, typeRRSIG dnsmessage.Type = 52, 46

var recordTypes = map[string]dnsmessage.Type{
	"A": dnsmessage.TypeA, "AAAA": dnsmessage.TypeAAAA, "CNAME": dnsmessage.TypeCNAME, "MX": dnsmessage.TypeMX,
	"NS": dnsmessage.TypeNS, "SRV": dnsmessage.TypeSRV, "TXT": dnsmessage.TypeTXT, "TLSA": typeTLSA, "*": dnsmessage.TypeALL,
}

// ReadZone reads the lines; empty ones do not count.
func ReadZone(text string) (*Zone, error) {
	z := &Zone{map[string][]dnsmessage.Resource{}, map[string]string{}, map[string]time.Duration{}}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if err := z.read(line); err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
	}
	return z, nil
}

func (z *Zone) read(line string) error {
	name, rest, _ := strings.Cut(line, " ")
	word, rest, _ := strings.Cut(rest, " ")
	name = strings.ToLower(strings.TrimSuffix(name, ".") + ".")
	switch word {
	case "SIGNED":
		hold, err := time.ParseDuration(rest)
		z.signed[name] = hold
		if rest == "" {
			z.signed[name], err = 14*24*time.Hour, nil
		}
		return err
	case "UNSIGNED":
		z.signed[name] = -1
		return nil
	}
	t, ok := recordTypes[word]
	if !ok {
		return fmt.Errorf("no type %q", word)
	}
	if isFault(rest) {
		z.faults[name+t.String()] = rest
		return nil
	}
	owner, err := dnsmessage.NewName(name)
	if err != nil {
		return err
	}
	body, err := recordBody(t, rest)
	z.records[name] = append(z.records[name], dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: owner, Type: t, Class: dnsmessage.ClassINET, TTL: 300}, Body: body,
	})
	return err
}

func isFault(word string) bool {
	switch word {
	case "SERVFAIL", "REFUSED", "FORMERR", "NOTIMP", "NXDOMAIN", "BOGUS", "SILENT", "STUCK", "TRUNCATED", "GARBAGE", "OTHER", "FOREIGN":
		return true
	}
	return false
}

// recordBody reads what follows the type.
func recordBody(t dnsmessage.Type, rest string) (dnsmessage.ResourceBody, error) {
	words := strings.Fields(rest)
	var n [3]uint64
	for i := range min(len(words), 3) {
		n[i], _ = strconv.ParseUint(words[i], 10, 16)
	}
	last := dnsmessage.Name{}
	if len(words) > 0 {
		last, _ = dnsmessage.NewName(strings.TrimSuffix(words[len(words)-1], ".") + ".")
	}
	switch {
	case t == dnsmessage.TypeA || t == dnsmessage.TypeAAAA:
		return addressBody(t, rest)
	case t == dnsmessage.TypeCNAME && len(words) == 1:
		return &dnsmessage.CNAMEResource{CNAME: last}, nil
	case t == dnsmessage.TypeNS && len(words) == 1:
		return &dnsmessage.NSResource{NS: last}, nil
	case t == dnsmessage.TypeMX && len(words) == 2:
		return &dnsmessage.MXResource{Pref: uint16(n[0]), MX: last}, nil
	case t == dnsmessage.TypeSRV && len(words) == 4:
		return &dnsmessage.SRVResource{Priority: uint16(n[0]), Weight: uint16(n[1]), Port: uint16(n[2]), Target: last}, nil
	case t == typeTLSA && len(words) == 4:
		data, err := hex.DecodeString(words[3])
		return &dnsmessage.UnknownResource{Type: t, Data: append([]byte{byte(n[0]), byte(n[1]), byte(n[2])}, data...)}, err
	case t == dnsmessage.TypeTXT:
		return textBody(rest)
	}
	return nil, fmt.Errorf("no record of this type")
}

func addressBody(t dnsmessage.Type, word string) (dnsmessage.ResourceBody, error) {
	a, err := netip.ParseAddr(word)
	switch {
	case err != nil:
		return nil, err
	case t == dnsmessage.TypeA && a.Is4():
		return &dnsmessage.AResource{A: a.As4()}, nil
	case t == dnsmessage.TypeAAAA && a.Is6():
		return &dnsmessage.AAAAResource{AAAA: a.As16()}, nil
	}
	return nil, fmt.Errorf("an address of the other family")
}

// textBody reads strings in quotes.
func textBody(rest string) (dnsmessage.ResourceBody, error) {
	r := &dnsmessage.TXTResource{}
	for rest != "" {
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return nil, err
		}
		s, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, err
		}
		r.TXT, rest = append(r.TXT, s), strings.TrimSpace(rest[len(quoted):])
	}
	return r, nil
}

// Reply answers a query; nil: not at all.
func (z *Zone) Reply(query []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(query); err != nil || len(m.Questions) != 1 {
		return nil
	}
	m.Response, m.RecursionAvailable, m.AuthenticData = true, true, true
	fault := z.resolve(&m)
	if fault == "SILENT" || fault == "STUCK" {
		return nil
	}
	m.AuthenticData = m.AuthenticData && m.RCode != dnsmessage.RCodeServerFailure && m.RCode != dnsmessage.RCodeRefused
	spoil(&m, fault)
	answer, err := m.Pack()
	if err != nil {
		return nil
	}
	if fault == "GARBAGE" {
		return append(answer, bytes.Repeat([]byte{0xc0, 0xff}, 200)...)
	}
	return answer
}

// spoil does to an answer what a fault is about.
func spoil(m *dnsmessage.Message, fault string) {
	switch fault {
	case "REFUSED":
		m.RCode = dnsmessage.RCodeRefused
	case "FORMERR":
		m.RCode = dnsmessage.RCodeFormatError
	case "NOTIMP":
		m.RCode = dnsmessage.RCodeNotImplemented
	case "NXDOMAIN":
		m.RCode = dnsmessage.RCodeNameError
	case "TRUNCATED":
		m.RCode, m.Truncated = dnsmessage.RCodeSuccess, true
	case "GARBAGE": // of answers that are announced none can be read
		m.RCode = dnsmessage.RCodeSuccess
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: m.Questions[0].Type, Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.UnknownResource{Type: m.Questions[0].Type, Data: []byte{5}},
		}}
	case "OTHER":
		m.RCode, m.Questions[0].Name = dnsmessage.RCodeSuccess, dnsmessage.MustNewName("other.test.")
	case "FOREIGN":
		m.RCode, m.ID = dnsmessage.RCodeSuccess, m.ID+1
	}
}

// resolve follows aliases as far as they lead, or to a fault.
func (z *Zone) resolve(m *dnsmessage.Message) (fault string) {
	name, t := strings.ToLower(m.Questions[0].Name.String()), m.Questions[0].Type
	for range 20 {
		if fault := z.fault(name, t); fault != "" && !(fault == "BOGUS" && m.CheckingDisabled) {
			m.Answers, m.RCode = nil, dnsmessage.RCodeServerFailure
			return fault
		}
		m.AuthenticData = m.AuthenticData && z.hold(name) >= 0
		next := z.add(m, name, t)
		if next == "" {
			return ""
		}
		name = next
	}
	return ""
}

func (z *Zone) fault(name string, t dnsmessage.Type) string {
	if fault := z.faults[name+t.String()]; fault != "" {
		return fault
	}
	return z.faults[name+dnsmessage.TypeALL.String()]
}

// add adds what there is of a name, and says where an alias leads.
func (z *Zone) add(m *dnsmessage.Message, name string, t dnsmessage.Type) (next string) {
	found := false
	for _, r := range z.records[name] {
		alias, ok := r.Body.(*dnsmessage.CNAMEResource)
		if r.Header.Type != t && !ok {
			continue
		}
		found = true
		m.Answers = append(m.Answers, r)
		if ok && t != dnsmessage.TypeCNAME {
			next = strings.ToLower(alias.CNAME.String())
		}
	}
	if found && z.hold(name) > 0 {
		m.Answers = append(m.Answers, z.signature(m.Answers[len(m.Answers)-1].Header, z.hold(name)))
	}
	if !found {
		z.deny(m, name)
	}
	return next
}

// deny says that there is no such name, unless there is something at or below it.
func (z *Zone) deny(m *dnsmessage.Message, name string) {
	m.RCode = dnsmessage.RCodeNameError
	for other := range z.records {
		if other == name || strings.HasSuffix(other, "."+name) {
			m.RCode = dnsmessage.RCodeSuccess
		}
	}
	root := dnsmessage.MustNewName(".")
	m.Authorities = []dnsmessage.Resource{{
		Header: dnsmessage.ResourceHeader{Name: root, Class: dnsmessage.ClassINET, TTL: 300}, Body: &dnsmessage.SOAResource{NS: root, MBox: root},
	}}
}

// hold is how long signatures over a name hold; below 0: there are none.
func (z *Zone) hold(name string) time.Duration {
	for ; name != ""; _, name, _ = strings.Cut(name, ".") {
		if hold, ok := z.signed[name]; ok {
			return hold
		}
	}
	if hold, ok := z.signed["."]; ok {
		return hold
	}
	return -1
}

// signature is an RRSIG record (RFC 4034 section 3.1) of which only the end is
// right.
func (z *Zone) signature(of dnsmessage.ResourceHeader, hold time.Duration) dnsmessage.Resource {
	data := make([]byte, 19)
	end := uint32(time.Now().Add(hold).Unix())
	data[8], data[9], data[10], data[11] = byte(end>>24), byte(end>>16), byte(end>>8), byte(end)
	return dnsmessage.Resource{
		Header: dnsmessage.ResourceHeader{Name: of.Name, Class: of.Class, TTL: of.TTL}, Body: &dnsmessage.UnknownResource{Type: typeRRSIG, Data: data},
	}
}

// stuck says whether whoever asks this waits for ever.
func (z *Zone) stuck(query []byte) bool {
	var m dnsmessage.Message
	return m.Unpack(query) == nil && z.fault(strings.ToLower(m.Questions[0].Name.String()), m.Questions[0].Type) == "STUCK"
}

// Exchange is how a client of the DNS reaches the resolver, at every address.
func (z *Zone) Exchange(ctx context.Context, deadline time.Time, _ string, _ netip.AddrPort, query []byte, accept func([]byte) bool) ([]byte, error) {
	if answer := z.Reply(query); answer != nil && accept(answer) {
		return answer, nil
	}
	if z.stuck(query) {
		time.Sleep(time.Hour)
	}
	ctx, cancel := context.WithDeadlineCause(ctx, deadline, os.ErrDeadlineExceeded)
	defer cancel()
	<-ctx.Done()
	return nil, context.Cause(ctx)
}
