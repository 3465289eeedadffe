package resolve

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"check_smtp/internal/plan"
)

// maxText is how long a TXT record may be, all its strings together.
const maxText = 4096

// record is one record of an answer.
type record struct {
	owner string
	body  any // target, Exchange, Service, netip.Addr, text, plan.TLSA, server or signature
}

type (
	target    string // of an alias
	server    string // of a zone
	text      string
	signature uint32 // when it ends (RFC 4034 section 3.1.5)
)

var errRecord = errors.New("a record that makes no sense")

// read reads the record that follows a header. A name with a control character in
// a label, or a dot, is none.
func read(at dnsmessage.Parser, h dnsmessage.ResourceHeader) (record, error) {
	r := record{owner: canonical(h.Name.String())}
	var err error
	switch Type(h.Type) {
	case CNAME, NS, MX, SRV:
		r.body, err = readName(at, h)
	case A, AAAA:
		r.body, err = readAddr(at, h)
	case TXT:
		r.body, err = readText(at)
	default:
		r.body, err = readBytes(at, h)
	}
	return r, err
}

// readName reads a record that ends with a name. The library minds the end of the
// packet and not that of the record, which is why the length is looked at.
func readName(at dnsmessage.Parser, h dnsmessage.ResourceHeader) (any, error) {
	var body any
	var name string
	var err error
	before := 0 // bytes in front of the name
	switch Type(h.Type) {
	case CNAME:
		var r dnsmessage.CNAMEResource
		r, err = at.CNAMEResource()
		name = canonical(r.CNAME.String())
		body = target(name)
	case NS:
		var r dnsmessage.NSResource
		r, err = at.NSResource()
		name = canonical(r.NS.String())
		body = server(name)
	case MX:
		var r dnsmessage.MXResource
		r, err = at.MXResource()
		name, before = canonical(r.MX.String()), 2
		body = Exchange{int(r.Pref), name}
	case SRV:
		var r dnsmessage.SRVResource
		r, err = at.SRVResource()
		name, before = canonical(r.Target.String()), 6
		body = Service{int(r.Priority), int(r.Weight), int(r.Port), name}
	}
	if err == nil && (int(h.Length) <= before || !printable(name)) {
		err = errRecord
	}
	return body, err
}

func printable(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f })
}

func readAddr(at dnsmessage.Parser, h dnsmessage.ResourceHeader) (any, error) {
	if Type(h.Type) == A && h.Length == 4 {
		r, err := at.AResource()
		return netip.AddrFrom4(r.A), err
	}
	if Type(h.Type) == AAAA && h.Length == 16 {
		r, err := at.AAAAResource()
		return netip.AddrFrom16(r.AAAA), err
	}
	return nil, errRecord
}

// readText joins the strings of a record (RFC 8461 section 3.1, RFC 7208 section
// 3.3).
func readText(at dnsmessage.Parser) (any, error) {
	r, err := at.TXTResource()
	whole := strings.Join(r.TXT, "")
	if err == nil && len(whole) > maxText {
		err = errRecord
	}
	return text(whole), err
}

// readBytes reads what the library does not know.
func readBytes(at dnsmessage.Parser, h dnsmessage.ResourceHeader) (any, error) {
	r, err := at.UnknownResource()
	switch d := r.Data; {
	case err != nil:
		return nil, err
	case Type(h.Type) == TLSA && len(d) >= 3:
		return plan.TLSA{Usage: d[0], Selector: d[1], Matching: d[2], Data: d[3:]}, nil
	case Type(h.Type) == rrsig && len(d) >= 18:
		return signature(binary.BigEndian.Uint32(d[8:])), nil
	}
	return nil, errRecord
}

// end is when a signature ends. The number of seconds has 32 bits, and is the one
// nearest to now (RFC 4034 section 3.1.5, RFC 1982).
func (s signature) end(now time.Time) time.Time {
	left := int32(uint32(s) - uint32(now.Unix()))
	return time.Unix(now.Unix()+int64(left), 0)
}
