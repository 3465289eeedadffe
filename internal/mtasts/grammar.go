package mtasts

import "strings"

const blanks = " \t" // WSP of RFC 5234

// values are those of the fields of one name in a record, "name=value", behind its
// version and the semicolon (RFC 8461 section 3.1, RFC 8460 section 3): fields with
// semicolons between them, around which blanks may stand, and perhaps one at the end.
// bad is the first part that is no field, or one with a value that none can have, and
// ends the search; ok: there is none.
func values(text, name string) (found []string, bad string, ok bool) {
	parts := strings.Split(text, ";")
	for i, part := range parts {
		last := i == len(parts)-1
		if last && strings.Trim(part, blanks) == "" {
			break // behind the semicolon that may stand at the end
		}
		trimmed := strings.TrimLeft(part, blanks)
		if !last {
			trimmed = strings.TrimRight(trimmed, blanks)
		}
		switch key, value, isField := strings.Cut(trimmed, "="); {
		case !isField || !isName(key) || key != name && !isValue(value):
			return found, cut(trimmed), false
		case key == name:
			found = append(found, value)
		}
	}
	return found, "", true
}

// isName says whether a text is the name of a field, of a record or of a policy.
func isName(s string) bool {
	if s == "" || len(s) > 32 || !isAlnum(s[0]) {
		return false
	}
	return all(s, func(c byte) bool { return isAlnum(c) || c == '_' || c == '-' || c == '.' })
}

// isValue says whether a text is the value of a field of a record that we do not
// know.
func isValue(s string) bool {
	return s != "" && all(s, func(c byte) bool { return c > ' ' && c < 0x7f && c != '=' && c != ';' })
}

func isAlnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func all(s string, is func(c byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

// begins picks the records that begin with a version and a semicolon. Where there
// is none, near is the first that looks as if it was meant.
func begins(texts []string, version string) (picked []string, near string) {
	for _, text := range texts {
		switch {
		case strings.HasPrefix(text, version+";"):
			picked = append(picked, text)
		case near == "" && resembles(text, version):
			near = cut(text)
		}
	}
	if picked != nil {
		near = ""
	}
	return picked, near
}

// resembles says whether a text begins with a version but for capitals, blanks
// and quotation marks.
func resembles(text, version string) bool {
	bare := func(r rune) rune {
		if strings.ContainsRune(" \t\"'", r) {
			return -1
		}
		return r
	}
	text = strings.Map(bare, text[:min(len(text), maxText)])
	return len(text) >= len(version) && strings.EqualFold(text[:len(version)], version)
}

// spaced says whether just blanks part a version from its semicolon.
func spaced(text, version string) bool {
	rest, ok := strings.CutPrefix(text, version)
	return ok && strings.HasPrefix(strings.TrimLeft(rest, blanks), ";")
}
