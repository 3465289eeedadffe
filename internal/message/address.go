package message

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"unicode"
)

// maxMailbox is what a path of 256 bytes has room for between "<" and ">" (RFC
// 5321 section 4.5.3.1.3).
const maxMailbox = 254

// Address is somebody who writes or gets a mail.
type Address struct {
	Name    string // for people; "": none
	Mailbox string // for the envelope: local@domain, or the local part alone; see ASCIIMailbox
}

// ParseList reads addresses with commas between them: a@b, <a@b>, Name <a@b>, or
// a local part alone such as postmaster, which every server has to know (RFC
// 5321 section 4.5.1). net/mail would read more, such as groups and comments, has
// no place for the last, and brings the log package along. What passes
// cannot leave the angle brackets of RCPT TO:<...>. A domain beyond ASCII becomes
// one in ASCII where that helps. The error quotes the address.
func ParseList(text string) ([]Address, error) {
	var all []Address
	for {
		end := outside(text, ',')
		piece := text[:min(end, len(text))]
		a, err := parse(strings.Trim(piece, " "))
		if err != nil {
			return nil, fmt.Errorf("%.100q: %w", piece, err)
		}
		all = append(all, a)
		if end == len(text) {
			return all, nil
		}
		text = text[end+1:]
	}
}

// outside is where a character stands first outside of quotation marks, or the
// length of the text.
func outside(text string, c byte) int {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == c && !quoted:
			return i
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted:
			i++
		}
	}
	return len(text)
}

func parse(text string) (Address, error) {
	if err := CheckText(text); err != nil {
		return Address{}, err
	}
	start := outside(text, '<')
	if start == len(text) {
		mailbox, err := readMailbox(text)
		return Address{Mailbox: mailbox}, err
	}
	inner, ok := strings.CutSuffix(text[start+1:], ">")
	if !ok {
		return Address{}, errors.New(`it does not end with ">"`)
	}
	name, err := unquote(strings.TrimRight(text[:start], " "))
	if err != nil {
		return Address{}, err
	}
	mailbox, err := readMailbox(inner)
	return Address{name, mailbox}, err
}

func readMailbox(text string) (string, error) {
	if err := checkMailbox(text); err != nil {
		return "", err
	}
	mailbox, err := ASCIIMailbox(text)
	if err != nil {
		return "", err
	}
	return mailbox, checkMailbox(mailbox) // it may have become too long
}

// unquote reads a display name, which may be a quoted string (RFC 5322 section
// 3.2.4).
func unquote(name string) (string, error) {
	if !strings.ContainsAny(name, `"\>`) {
		return name, nil
	}
	end := closing(name)
	if end != len(name) {
		return "", errors.New("the name in it is not quoted properly")
	}
	var b strings.Builder
	for i := 1; i < end-1; i++ {
		if name[i] == '\\' {
			i++
		}
		b.WriteByte(name[i])
	}
	return b.String(), nil
}

// closing is the length of the quoted string that a text begins with, or 0.
func closing(text string) int {
	if !strings.HasPrefix(text, `"`) {
		return 0
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// checkMailbox refuses what is no mailbox (RFC 5321 section 4.1.2, RFC 6531
// section 3.3 for what is beyond ASCII). It is stricter in one point: "<" and ">"
// are refused even when quoted, as not every server minds quotation marks, and
// what follows a ">" would be a parameter.
func checkMailbox(mailbox string) error {
	switch {
	case mailbox == "":
		return errors.New("the address is missing")
	case len(mailbox) > maxMailbox:
		return fmt.Errorf("it is longer than %d bytes", maxMailbox)
	case strings.ContainsAny(mailbox, "<>"):
		return errors.New(`it contains "<" or ">" in the wrong place`)
	}
	local, domain, hasDomain := parts(mailbox)
	if local == "" || local[0] != '"' && !isDotted(local, localSpecials) || hasDomain && !isDomain(domain) {
		return errors.New("it is not an address")
	}
	return nil
}

// parts are those on the two sides of the "@". A local part without a domain is
// all of the mailbox; one that is quoted badly is none.
func parts(mailbox string) (local, domain string, hasDomain bool) {
	if !strings.HasPrefix(mailbox, `"`) {
		return strings.Cut(mailbox, "@")
	}
	end := closing(mailbox)
	domain, hasDomain = strings.CutPrefix(mailbox[end:], "@")
	if end <= len(`""`) || mailbox[end:] != "" && !hasDomain {
		return "", "", false
	}
	return mailbox[:end], domain, hasDomain
}

// What must not stand in a local part without quotation marks, and in a domain.
const (
	localSpecials  = `"(),:;<>@[\]`
	domainSpecials = localSpecials + "!#$%&'*+/=?^`{|}~"
)

// isDotted says whether a text is words without specials and with single dots
// between them.
func isDotted(text, specials string) bool {
	for word := range strings.SplitSeq(text, ".") {
		if word == "" || strings.ContainsAny(word, specials) || strings.ContainsFunc(word, unicode.IsSpace) {
			return false
		}
	}
	return true
}

// isDomain reads a name or an address literal (RFC 5321 section 4.1.3).
func isDomain(text string) bool {
	inner, ok := strings.CutPrefix(text, "[")
	if !ok {
		return isDotted(text, domainSpecials)
	}
	inner, ok = strings.CutSuffix(inner, "]")
	v6, is6 := strings.CutPrefix(inner, "IPv6:")
	a, err := netip.ParseAddr(v6)
	return ok && err == nil && a.Is6() == is6 && a.Zone() == ""
}

// list is the value of a field of addresses; one without a domain is taken to be
// at host, as a header must have one (RFC 5322 section 3.4.1).
func list(host string, addresses ...Address) []string {
	var words []string
	for i, a := range addresses {
		box := a.Mailbox
		if _, _, hasDomain := parts(box); !hasDomain {
			box += "@" + host
		}
		if a.Name != "" {
			words, box = append(words, phrase(a.Name)...), "<"+box+">"
		}
		if i < len(addresses)-1 {
			box += ","
		}
		words = append(words, box)
	}
	return words
}

// phrase is the words of a display name, quoted or encoded where necessary.
func phrase(name string) []string {
	switch {
	case !isPlain(name):
		return encode(name)
	case strings.ContainsAny(name, localSpecials+"."):
		name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
	}
	return split(name)
}

// Domain makes of the name that we greet with something that can stand behind
// the "@" of a Message-ID and of an address (RFC 5322 section 3.6.4). The name
// may be anything: an address literal is kept, of a mail address the domain is
// taken, and what no host name holds becomes a dash.
func Domain(name string) string {
	if strings.HasPrefix(name, "[") && isDomain(name) {
		return name
	}
	name = name[strings.LastIndexByte(name, '@')+1:]
	name = strings.Map(func(r rune) rune {
		if r == '.' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, name)
	labels := strings.FieldsFunc(name, func(r rune) bool { return r == '.' })
	if name = strings.Join(labels, "."); name == "" {
		return "localhost"
	}
	return name
}
