package option

import (
	"slices"
	"strconv"
	"strings"
)

// turns says whether words such as on and off may stand behind an option: a switch,
// or one that may stand alone and takes some words only.
func (r *Row) turns() bool { return r.Switch() || r.Unsaid != "" && r.Choices != "" }

// turned is the value of an option, where that turns it on or off "=true", or "" for
// the usual value, and "=false". value is empty or begins with "=".
func (r *Row) turned(value string) (string, error) {
	text := strings.TrimPrefix(value, "=")
	said := YesOrNo(text)
	_, noNumber := strconv.Atoi(text)
	switch {
	case value == "" || !r.turns() || slices.Contains(strings.Fields(r.Choices), text):
		return value, nil
	case said == "false" && (text != "" || r.Owner == Foreign || r.Next == YesOrNoNext):
		return "=false", nil
	case r.Many && noNumber == nil, said == "" && !r.Switch():
		return value, nil
	case said == "true" || r.Owner == Foreign:
		return "", nil
	case r.Many:
		return "", Bad(r.Spelling(), Quote(text)+" is not a number", "repeat it: "+r.short()+string(rune(r.Letter))+", or give --"+r.Name+"=2")
	}
	return "", Bad(r.Spelling(), Quote(text)+" is neither on nor off", "give true, yes, on or 1, or false, no, off or 0")
}

// YesOrNo reads what a switch of a monitoring system says: "true" or "false"; "":
// neither. An empty value is that of a variable that is off.
func YesOrNo(word string) string {
	switch strings.ToLower(word) {
	case "true", "yes", "on", "1":
		return "true"
	case "false", "no", "off", "0", "":
		return "false"
	}
	return ""
}
