package resolve

import (
	"encoding/binary"
	"errors"

	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/facts"
)

// Limits of what is looked at.
const (
	maxRecords = 100 // of one section
	maxReason  = 200 // of the text of an extended error
)

// reply is a packet in parts.
type reply struct {
	code      int
	truncated bool
	verified  bool // AD, in an answer with EDNS
	final     bool // a SOA record says that there is no more (RFC 2308 section 2.2)
	broken    bool // it makes no sense
	ede       *facts.EDE
	records   []record
	unread    int // records that make no sense
}

// parse takes apart a packet that question.answers accepted.
func parse(packet []byte, want Type) reply {
	var p parser
	h, err := p.Start(packet)
	p.want, p.header = want, h
	p.reply.code, p.reply.truncated = int(h.RCode), h.Truncated
	if h.Truncated {
		return p.reply
	}
	if err == nil {
		err = p.SkipAllQuestions()
	}
	if err == nil {
		err = each(p.AnswerHeader, p.SkipAnswer, p.answer)
	}
	if err == nil {
		err = each(p.AuthorityHeader, p.SkipAuthority, func(h dnsmessage.ResourceHeader, err error) {
			p.reply.final = p.reply.final || err == nil && Type(h.Type) == soa
		})
	}
	if err == nil {
		err = each(p.AdditionalHeader, p.SkipAdditional, p.additional)
	}
	p.reply.broken = err != nil
	return p.reply
}

// each visits the records of a section. Where the header makes no sense, as where
// there is a dot inside a label, visit gets an error in its place. What is read
// beyond the header has to be read from a copy of the parser.
func each(next func() (dnsmessage.ResourceHeader, error), skip func() error, visit func(dnsmessage.ResourceHeader, error)) error {
	for n := 0; ; n++ {
		h, err := next()
		if err == dnsmessage.ErrSectionDone {
			return nil
		}
		if n == maxRecords {
			return errors.New("too many records")
		}
		visit(h, err)
		if err := skip(); err != nil {
			return err
		}
	}
}

type parser struct {
	dnsmessage.Parser
	header dnsmessage.Header
	want   Type
	reply  reply
}

// answer keeps the records that were asked for, aliases and signatures.
func (p *parser) answer(h dnsmessage.ResourceHeader, err error) {
	t := Type(h.Type)
	if err == nil && (h.Class != dnsmessage.ClassINET || t != p.want && t != CNAME && t != rrsig) {
		return
	}
	if err == nil {
		var r record
		if r, err = read(p.Parser, h); err == nil {
			p.reply.records = append(p.reply.records, r)
		}
	}
	if err != nil && t != rrsig {
		p.reply.unread++
	}
}

// additional looks for EDNS (RFC 6891 section 6.1).
func (p *parser) additional(h dnsmessage.ResourceHeader, err error) {
	if err != nil || Type(h.Type) != opt {
		return
	}
	p.reply.code = int(h.ExtendedRCode(p.header.RCode))
	p.reply.verified = p.header.AuthenticData
	at := p.Parser
	if o, err := at.OPTResource(); err == nil {
		p.reply.ede = extended(o.Options)
	}
}

// extended is the extended error among the options (RFC 8914 section 2); of
// several that which is about signatures.
func extended(options []dnsmessage.Option) *facts.EDE {
	const code = 15
	var found *facts.EDE
	for _, o := range options {
		if o.Code != code || len(o.Data) < 2 {
			continue
		}
		e := &facts.EDE{Code: int(binary.BigEndian.Uint16(o.Data)), Text: facts.Cut(string(o.Data[2:]), maxReason)}
		if found == nil || !found.Signatures() && e.Signatures() {
			found = e
		}
	}
	return found
}
