package resolve

import (
	"crypto/rand"
	"encoding/binary"

	"golang.org/x/net/dns/dnsmessage"
)

// payload is the largest datagram that we take. It crosses every network in one
// piece (RFC 9715 section 3 names 1400 as the most).
const payload = 1232

// flavour is how a question is asked.
type flavour struct {
	edns      bool // with EDNS (RFC 6891), without which there is no word on signatures
	unchecked bool // whether or not the signatures verify (CD, RFC 4035 section 3.2.2)
}

// pack is a query. It fails for what is no name. Both DO and AD ask for the word
// on signatures: the first for the records, too (RFC 3225, RFC 6840 section 5.7).
func (q question) pack(f flavour) ([]byte, error) {
	full := q.name + "."
	if q.name == "." {
		full = "."
	}
	name, err := dnsmessage.NewName(full)
	if err != nil {
		return nil, err
	}
	var id [2]byte
	rand.Read(id[:])
	b := dnsmessage.NewBuilder(nil, dnsmessage.Header{
		ID: binary.BigEndian.Uint16(id[:]), RecursionDesired: true, AuthenticData: true, CheckingDisabled: f.unchecked,
	})
	b.StartQuestions()
	if err := b.Question(dnsmessage.Question{Name: name, Type: dnsmessage.Type(q.typ), Class: dnsmessage.ClassINET}); err != nil {
		return nil, err
	}
	if f.edns {
		var h dnsmessage.ResourceHeader
		h.SetEDNS0(payload, dnsmessage.RCodeSuccess, true)
		b.StartAdditionals()
		b.OPTResource(h, dnsmessage.OPTResource{})
	}
	return b.Finish()
}

// answers says whether a packet is the answer to a query of this question with
// this ID, and no forgery by somebody who saw neither (RFC 5452 section 9.1). A
// server that could not read the query may return no more than a header.
func (q question) answers(packet []byte, id uint16) bool {
	var p dnsmessage.Parser
	h, err := p.Start(packet)
	if err != nil || h.ID != id || !h.Response || h.OpCode != 0 {
		return false
	}
	echo, err := p.Question()
	if err == dnsmessage.ErrSectionDone {
		return illiterate(int(h.RCode))
	}
	if err != nil || canonical(echo.Name.String()) != q.name || Type(echo.Type) != q.typ || echo.Class != dnsmessage.ClassINET {
		return false
	}
	_, err = p.Question()
	return err == dnsmessage.ErrSectionDone
}

// The codes (RFC 6895 section 2.3, RFC 6891 section 9).
const (
	noError  = 0
	formErr  = 1
	servFail = 2
	nxDomain = 3
	notImp   = 4
	badVers  = 16
)

// illiterate says whether this is how a server answers that cannot read EDNS.
func illiterate(code int) bool { return code == formErr || code == notImp || code == badVers }
