package smtp

import (
	"errors"
	"fmt"
	"strings"
)

// AppendCommand appends a verb, its argument unless that is empty, and one CR
// LF. The argument has passed CheckArgument.
func AppendCommand(b []byte, verb, arg string) []byte {
	b = append(b, verb...)
	if arg != "" {
		b = append(append(b, ' '), arg...)
	}
	return append(b, '\r', '\n')
}

// CheckArgument refuses what must not reach the wire as part of a command: NUL
// and the other control characters, with which one argument could become two
// commands (RFC 5321 section 4.1.1 allows none of them).
func CheckArgument(arg string) error {
	for i := range len(arg) {
		if arg[i] < ' ' || arg[i] == 0x7f {
			return fmt.Errorf("it contains the control character %#02x", arg[i])
		}
	}
	return nil
}

// ReversePath reads the address that a user gives as envelope sender: leading
// "<" are dropped and so is everything from the first ">", so that no ESMTP
// parameter can ride along. "" is the null reverse-path (RFC 5321 section
// 4.5.5).
func ReversePath(address string) (string, error) {
	address = strings.TrimLeft(address, "<")
	address, _, _ = strings.Cut(address, ">")
	if err := CheckArgument(address); err != nil {
		return "", err
	}
	if !strings.HasPrefix(address, `"`) && strings.ContainsAny(address, " <") {
		return "", errors.New(`it holds a blank or "<"`)
	}
	return address, nil
}
