package print

import (
	"strings"

	"check_smtp/internal/option"
)

// fish is a completion for fish: a command of its complete for each option.
func fish(in Input) string {
	var b strings.Builder
	b.WriteString("# Made by: check_smtp --print completion-fish\ncomplete -c check_smtp -f\n")
	in.each(func(r *option.Row, text string) {
		b.WriteString("complete -c check_smtp")
		if r.Letter != 0 {
			b.WriteString(" -s " + string(rune(r.Letter)))
		}
		for _, name := range r.Names() {
			b.WriteString(" -l " + name)
		}
		b.WriteString(in.fishValue(r) + " -d '" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'\n")
	})
	b.WriteString("complete -c check_smtp_plus -w check_smtp\n")
	return b.String()
}

// fishValue is what fish is told of a value: that there must be one, and what it is.
func (in Input) fishValue(r *option.Row) string {
	must := " -x"
	switch {
	case r.Switch():
		return ""
	case r.Alone():
		must = ""
	case mayBeFile(r):
		must = " -r -F"
	}
	if words := in.choices(r); len(words) > 0 {
		return must + " -a '" + strings.Join(words, " ") + "'"
	}
	return must
}
