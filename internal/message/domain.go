package message

import (
	"errors"
	"strings"

	"golang.org/x/net/idna"
)

// domainLetters are those of names in DNS, and the underscore, which some hosts
// are called with all the same.
const domainLetters = "-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// ASCIIDomain is a domain name as DNS has it, and every server that need not know
// SMTPUTF8: with A-labels in place of U-labels (RFC 5890 section 2.3.2.1). What
// people type is mapped first, capital letters for one (UTS #46). A name in ASCII
// stays as it is, whatever it holds.
func ASCIIDomain(name string) (string, error) {
	if isASCII(name) {
		return name, nil
	}
	rules := idna.New(idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(), idna.StrictDomainName(false))
	ascii, err := rules.ToASCII(name)
	if err != nil || strings.Trim(ascii, domainLetters) != "" { // a wide ">" is mapped, too
		return "", errors.New("that is not a domain name")
	}
	return ascii, nil
}

// ASCIIMailbox is a mailbox with its domain in ASCII, if the local part is. Where
// that is not, SMTPUTF8 is needed anyway (RFC 6531 section 3.3).
func ASCIIMailbox(mailbox string) (string, error) {
	at := strings.LastIndexByte(mailbox, '@')
	if at < 0 || !isASCII(mailbox[:at]) {
		return mailbox, nil
	}
	domain, err := ASCIIDomain(mailbox[at+1:])
	return mailbox[:at+1] + domain, err
}
