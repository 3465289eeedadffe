package verdict

import (
	"slices"
	"strconv"
	"strings"

	"check_smtp/internal/facts"
)

// fallback tells of an EHLO that was refused where no finding does.
func fallback(f *facts.Session) []string {
	told := func(r facts.Record) bool {
		return r.Problem != nil || r.Refused.Code != 0 && r.Reply.Class() != 2 || announced(f) && r.Failure != nil
	}
	refusal := f.EhloRefused()
	if refusal == "" || slices.ContainsFunc(f.Records, told) {
		return nil
	}
	return []string{"ehlo refused: " + first(refusal) + ", helo accepted"}
}

// maxDead is how many dead addresses a line names.
const maxDead = 3

// dead tells which of several addresses did not answer, and which one did.
func dead(f *facts.Session) []string {
	var all []string
	more := f.Untold
	for _, t := range f.Tries {
		switch why := t.Reason(); {
		case why == "" && len(all) == 0:
			return nil
		case why == "":
			all = append(all, t.Addr.String()+" did")
		case len(all) < maxDead:
			all = append(all, t.Addr.String()+" did not answer ("+why+")")
		default:
			more++
		}
	}
	if more > 0 {
		at := min(maxDead, len(all))
		all = append(all[:at:at], append([]string{"nor did " + strconv.Itoa(more) + " more"}, all[at:]...)...)
	}
	if all == nil {
		return nil
	}
	return []string{strings.Join(all, ", ")}
}
